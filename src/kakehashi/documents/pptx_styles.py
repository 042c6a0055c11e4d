"""Where a shape of a slide stands and how large its text is, inherited as PowerPoint does.

A placeholder takes what it does not say itself from the placeholder of the layout, that from the
one of the master, and then from the master's text styles. ECMA-376 part 1, §19.3.1.36 (ph) and
§19.3.1.51 (txStyles).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lxml import etree

from kakehashi.documents.ooxml import Package

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
EMU_PER_POINT: Final = 12700
_SIZE: Final = 18.0
# A layout's "body" also serves a slide's "obj", and "title" serves "ctrTitle".
_SAME: Final = {"ctrTitle": "title", "obj": "body", "": "body", "subTitle": "body"}


@dataclass(frozen=True, slots=True)
class Box:
    """A shape's place and size, in points."""

    x: float
    y: float
    width: float
    height: float


class Styles:
    """What a slide's shapes inherit.

    Args:
        package: the presentation.
        part: the slide.
        root: its tree, as it is being changed.
    """

    def __init__(self, package: Package, part: str, root: etree._Element) -> None:
        self._package = package
        self._part = part
        self.root = root

    @cached_property
    def slide(self) -> Box:
        """The slide itself; 10 by 7.5 inches if the presentation does not say."""
        size = self._package.parse(self._package.main).find(_P + "sldSz")
        width, height = (_points(None if size is None else size.get(name)) for name in ("cx", "cy"))
        return Box(0, 0, width or 720, height or 540)

    def box(self, shape: etree._Element) -> Box | None:
        """Where a shape stands; None if nobody says."""
        for each in self._chain(shape):
            transform = each.find(f"{_P}spPr/{_A}xfrm")
            if transform is None:
                transform = each.find(_P + "xfrm")
            box = None if transform is None else _box(transform)
            if box is not None:
                return _scaled(box, shape)
        return None

    def geometry(self, shape: etree._Element) -> str:
        """The name of a shape's preset outline (``rect``, ``chevron``)."""
        for each in self._chain(shape):
            found = each.find(f"{_P}spPr/{_A}prstGeom")
            if found is not None:
                return found.get("prst", "rect")
        return "rect"

    def body_property(self, shape: etree._Element, name: str, usual: str) -> str:
        """An attribute of the text's body (insets, ``wrap``, ``vert``)."""
        for each in self._chain(shape):
            body = each.find(f"{_P}txBody/{_A}bodyPr")
            if body is not None and (value := body.get(name)) is not None:
                return value
        return usual

    def size(self, shape: etree._Element, paragraph: etree._Element) -> float:
        """The font size of a paragraph's text, in points: of its first run that says one."""
        for properties in paragraph.iter(_A + "rPr"):
            if (size := _size(properties)) is not None:
                return size
        holder = paragraph.find(_A + "pPr")
        level = "0" if holder is None else holder.get("lvl", "0")
        name = f"{_A}lvl{int(level) + 1 if level.isascii() and level.isdigit() else 1}pPr"
        for each in self._chain(shape):
            found = each.find(f"{_P}txBody/{_A}lstStyle/{name}/{_A}defRPr")
            if found is not None and (size := _size(found)) is not None:
                return size
        for style in self._text_styles(shape):
            found = style.find(f"{name}/{_A}defRPr")
            if found is not None and (size := _size(found)) is not None:
                return size
        return _SIZE

    def _chain(self, shape: etree._Element) -> Iterator[etree._Element]:
        yield shape
        placeholder = _placeholder(shape)
        if placeholder is None:
            return
        for root in (self._layout, self._master):
            found = None if root is None else _matching(root, placeholder)
            if found is not None:
                yield found

    def _text_styles(self, shape: etree._Element) -> Iterator[etree._Element]:
        placeholder = _placeholder(shape)
        name = "otherStyle"
        if placeholder is not None:
            said = _kind(placeholder)
            name = {"title": "titleStyle", "body": "bodyStyle"}.get(said, "otherStyle")
        if self._master is not None and placeholder is not None:
            yield from self._master.iterfind(f"{_P}txStyles/{_P}{name}")
        yield from self._package.parse(self._package.main).iterfind(_P + "defaultTextStyle")

    @cached_property
    def _layout(self) -> etree._Element | None:
        return self._first(self._part, "slideLayout")

    @cached_property
    def _master(self) -> etree._Element | None:
        for layout in self._package.related(self._part, "slideLayout"):
            return self._first(layout, "slideMaster")
        return None

    def _first(self, part: str, type: str) -> etree._Element | None:
        for found in self._package.related(part, type):
            return self._package.parse(found)
        return None


def _placeholder(shape: etree._Element) -> etree._Element | None:
    return next(shape.iterfind(f"./*/{_P}nvPr/{_P}ph"), None)


def _kind(placeholder: etree._Element) -> str:
    said = placeholder.get("type", "")
    return _SAME.get(said, said)


def _matching(root: etree._Element, placeholder: etree._Element) -> etree._Element | None:
    index, kind = placeholder.get("idx"), _kind(placeholder)
    same_kind = None
    for shape in root.iter(_P + "sp"):
        other = _placeholder(shape)
        if other is None:
            continue
        if index is not None and other.get("idx") == index:
            return shape
        if same_kind is None and _kind(other) == kind:
            same_kind = shape
    return same_kind


def _box(transform: etree._Element) -> Box | None:
    at, size = transform.find(_A + "off"), transform.find(_A + "ext")
    if size is None:
        return None
    values = [
        _points(at.get("x") if at is not None else None),
        _points(at.get("y") if at is not None else None),
        _points(size.get("cx")),
        _points(size.get("cy")),
    ]
    x, y, width, height = (value or 0.0 for value in values)
    return Box(x, y, width, height) if width > 0 and height > 0 else None


def _scaled(box: Box, shape: etree._Element) -> Box:
    """The size on the slide of a shape in groups, which may be drawn larger or smaller."""
    x, y, width, height = box.x, box.y, box.width, box.height
    for group in shape.iterancestors(_P + "grpSp"):
        transform = group.find(f"{_P}grpSpPr/{_A}xfrm")
        outer = None if transform is None else _box(transform)
        inner = None if transform is None else transform.find(_A + "chExt")
        if outer is None or inner is None:
            continue
        across, down = _points(inner.get("cx")), _points(inner.get("cy"))
        if across and down and across > 0 and down > 0:
            width, height = width * outer.width / across, height * outer.height / down
            x, y = outer.x, outer.y
    return Box(x, y, width, height)


def _points(value: str | None) -> float | None:
    """EMU as points; None for what is no number of at most ten digits."""
    digits = (value or "").removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        return None
    return int(value or "0") / EMU_PER_POINT


def _size(properties: etree._Element) -> float | None:
    value = properties.get("sz", "")
    if value.isascii() and value.isdigit() and len(value) <= 6 and int(value) > 0:
        return int(value) / 100
    return None
