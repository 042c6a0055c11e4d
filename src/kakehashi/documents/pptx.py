"""PowerPoint presentations (pptx, pptm, templates and shows).

A segment is a paragraph (or the part of one between tabs and line breaks) of a shape, a group, a
table, a note, a comment, a chart or SmartArt. Slides come in the order of the show. Masters and
layouts are not translated: their texts are prompts that a show never has. Text that has grown is
made smaller in its shape (`pptx_fit`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from kakehashi.documents.drawing_parts import TextPart, drawing_parts
from kakehashi.documents.drawing_text import A, TextBuilder, read_text
from kakehashi.documents.office import Changed, Found, Handler, OfficeDocument
from kakehashi.documents.ooxml import Package, open_package
from kakehashi.documents.pptx_fit import fit
from kakehashi.documents.pptx_styles import Styles
from kakehashi.documents.richtext import Bit

P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLES: Final = ("title", "ctrTitle")


class SlidesDocument(OfficeDocument):
    """See the module.

    Args:
        data: the content of the file.
        name: what messages call it.

    Raises:
        InputError, FormatError, TooLargeError: as `open_package`.
    """

    def __init__(self, data: bytes, name: str = "") -> None:
        super().__init__(open_package(data, name, "pptx"))
        self.format = "pptm" if self._package.macros else "pptx"
        self._read(self._parts())

    def _parts(self) -> Iterator[tuple[str, Handler]]:
        package = self._package
        for number, slide in enumerate(_slides(package), start=1):
            place = f"slide {number}"
            yield slide, SlidePart(package, slide, place)
            yield from drawing_parts(package, slide, place)
            for notes in package.related(slide, "notesSlide"):
                yield notes, SlidePart(package, notes, f"{place}, notes", notes=True)
            for comments in package.related(slide, "comments"):
                yield comments, CommentsPart(f"{place}, comment")


class SlidePart:
    """A slide, or its notes."""

    echo = ""

    def __init__(self, package: Package, part: str, place: str, *, notes: bool = False) -> None:
        self._package = package
        self._part = part
        self._place = place
        self._notes = notes

    def walk(self, root: etree._Element) -> Iterator[Found]:
        for tree in root.iterfind(f"{P}cSld/{P}spTree"):
            yield from self._shapes(tree, Counter())

    def read(self, paragraph: etree._Element) -> Sequence[Bit]:
        return read_text(paragraph)

    def builder(self, paragraph: etree._Element, to: str) -> TextBuilder:
        return TextBuilder(paragraph, to)

    def settle(self, root: etree._Element, changed: Sequence[Changed], to: str) -> None:
        if not self._notes:
            fit(changed, Styles(self._package, self._part, root))

    def _shapes(self, parent: etree._Element, counts: Counter[str]) -> Iterator[Found]:
        for child in parent:
            if child.tag == P + "grpSp":
                yield from self._shapes(child, counts)
            elif child.tag == P + "sp":
                yield from self._shape(child, counts)
            elif child.tag == P + "graphicFrame":
                for table in child.iter(A + "tbl"):
                    counts["table"] += 1
                    yield from self._table(table, f"{self._place}, table {counts['table']}")
            elif child.tag == _MC + "AlternateContent":
                yield from self._alternatives(child, counts)

    def _alternatives(self, element: etree._Element, counts: Counter[str]) -> Iterator[Found]:
        first: list[Found] = []
        for choice in element.iterchildren(_MC + "Choice"):
            first += self._shapes(choice, counts)
        yield from first
        for fallback in element.iterchildren(_MC + "Fallback"):
            again = list(self._shapes(fallback, counts.copy()))
            twin = len(first) if len(again) == len(first) else 0
            for one in again:
                yield Found(one.element, one.place, one.kind, twin)

    def _shape(self, shape: etree._Element, counts: Counter[str]) -> Iterator[Found]:
        body = shape.find(P + "txBody")
        if body is None:
            return
        placeholder = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
        said = "" if placeholder is None else placeholder.get("type", "body")
        place, kind = self._place, "prose"
        if said in _TITLES:
            place, kind = f"{place}, title", "title"
        elif said == "subTitle":
            place = f"{place}, subtitle"
        elif not self._notes and any((t.text or "").strip() for t in body.iter(A + "t")):
            counts["text"] += 1
            place = f"{place}, text {counts['text']}"
        for each in body.iterchildren(A + "p"):
            yield Found(each, place, kind)

    def _table(self, table: etree._Element, name: str) -> Iterator[Found]:
        for row, cells in enumerate(table.iterchildren(A + "tr"), start=1):
            for column, cell in enumerate(cells.iterchildren(A + "tc"), start=1):
                for each in cell.iterfind(f"{A}txBody/{A}p"):
                    yield Found(each, f"{name}, row {row}, column {column}", "cell")


class CommentsPart(TextPart):
    """Comments on a slide, in the old form (plain text) and the new one."""

    def walk(self, root: etree._Element) -> Iterator[Found]:
        for each in root.iter(A + "p", P + "text"):
            yield Found(each, self.place, "note")


def _slides(package: Package) -> Iterator[str]:
    """The slides' parts in the order of the show."""
    targets = {one.id: one for one in package.relationships(package.main)}
    root = package.parse(package.main)
    for each in root.iterfind(f"{P}sldIdLst/{P}sldId"):
        one = targets.get(each.get(_R_ID, ""))
        if one is None or one.external or not package.has(one.target):
            raise package.damaged("a slide is missing")
        yield one.target
