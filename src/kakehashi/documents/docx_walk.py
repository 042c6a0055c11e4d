"""The paragraphs of a part of a Word document in reading order, and where a person finds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from kakehashi.documents.docx_names import MC, W
from kakehashi.documents.office import Found

_NOTES: Final = {
    W + "footnote": "footnote",
    W + "endnote": "endnote",
    W + "comment": "comment",
}


@dataclass(frozen=True, slots=True)
class _Context:
    prefix: str = ""
    kind: str = "prose"
    numbered: bool = True


class Walker:
    """Walks the parts of one document; tables, boxes and notes are counted through all of it."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def walk(self, root: etree._Element, prefix: str = "") -> Iterator[Found]:
        """All paragraphs below `root`.

        Args:
            prefix: what every place begins with ("header 1"); paragraphs are not counted then.
        """
        self._counts["paragraph"] = 0
        yield from self._blocks(root, _Context(prefix, numbered=not prefix))

    def _blocks(self, parent: etree._Element, context: _Context) -> Iterator[Found]:
        for child in parent:
            tag = child.tag
            if tag == W + "p":
                yield self._paragraph(child, context)
                yield from self._boxes_in(child, context)
            elif tag == W + "tbl":
                yield from self._table(child, context)
            elif tag in _NOTES:
                if child.get(W + "type", "normal") != "normal":
                    continue  # separators
                name = _NOTES[tag]
                yield from self._blocks(child, _Context(self._next(name), "note", numbered=False))
            elif tag == MC + "AlternateContent":
                yield from self._alternatives(child, context, boxes=False)
            elif isinstance(tag, str):
                yield from self._blocks(child, context)

    def _paragraph(self, element: etree._Element, context: _Context) -> Found:
        place = context.prefix
        if context.numbered and next(element.iter(W + "t"), None) is not None:
            self._counts["paragraph"] += 1
            place = f"paragraph {self._counts['paragraph']}"
        return Found(element, place or "paragraph", context.kind)

    def _table(self, table: etree._Element, context: _Context) -> Iterator[Found]:
        name = _joined(context.prefix, self._next("table"))
        for row, cells in enumerate(_rows(table), start=1):
            column = 1
            for cell in cells:
                place = f"{name}, row {row}, column {column}"
                yield from self._blocks(cell, _Context(place, "cell", numbered=False))
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                width = "1" if span is None else span.get(W + "val", "1")
                column += int(width) if width.isascii() and width.isdigit() else 1

    def _boxes_in(self, parent: etree._Element, context: _Context) -> Iterator[Found]:
        if next(parent.iter(W + "txbxContent"), None) is not None:
            yield from self._boxes(parent, context)

    def _boxes(self, parent: etree._Element, context: _Context) -> Iterator[Found]:
        for child in parent:
            if child.tag == W + "txbxContent":
                place = _joined("" if context.numbered else context.prefix, self._next("text box"))
                yield from self._blocks(child, _Context(place, numbered=False))
            elif child.tag == MC + "AlternateContent":
                yield from self._alternatives(child, context, boxes=True)
            elif isinstance(child.tag, str):
                yield from self._boxes(child, context)

    def _alternatives(
        self, element: etree._Element, context: _Context, *, boxes: bool
    ) -> Iterator[Found]:
        """What newer programs show, and the same again for older ones."""
        inner = self._boxes if boxes else self._blocks
        first: list[Found] = []
        for choice in element.iterchildren(MC + "Choice"):
            first += inner(choice, context)
        yield from first
        count = self._counts.copy()
        for fallback in element.iterchildren(MC + "Fallback"):
            again = list(inner(fallback, context))
            same = len(again) == len(first)
            for one in again:
                yield replace(one, twin=len(first)) if same else one
            if same:
                self._counts = count

    def _next(self, name: str) -> str:
        self._counts[name] += 1
        return f"{name} {self._counts[name]}"


def _rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    """Rows with their cells, also where content controls stand around them."""
    for row in _through(table, W + "tr"):
        yield list(_through(row, W + "tc"))


def _through(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "del"):
            yield from _through(child, wanted)


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}, {name}" if prefix else name
