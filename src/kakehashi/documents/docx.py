"""Word documents (docx, docm and their templates).

A segment is a paragraph, or the part of one between tabs or line breaks: in the body, tables,
headers, footers, foot- and endnotes, text boxes and comments, and in charts and SmartArt
(`drawing`). Alternative texts of pictures, document properties and building blocks are left as
they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from lxml import etree

from kakehashi.documents import notes
from kakehashi.documents.docx_language import say_language, suit_layout
from kakehashi.documents.docx_names import W
from kakehashi.documents.docx_read import LookBook, Seen, read_paragraph
from kakehashi.documents.docx_walk import Walker
from kakehashi.documents.docx_write import ParagraphBuilder
from kakehashi.documents.drawing_parts import drawing_parts
from kakehashi.documents.office import Changed, Found, Handler, OfficeDocument
from kakehashi.documents.ooxml import Package, open_package
from kakehashi.documents.richtext import Bit

# Kinds of relationship, with what places in it begin with; "" where they say it themselves.
_PARTS: Final = (
    ("header", "header"),
    ("footer", "footer"),
    ("footnotes", ""),
    ("endnotes", ""),
    ("comments", ""),
)


class WordDocument(OfficeDocument):
    """See the module.

    Args:
        data: the content of the file.
        name: what messages call it.

    Raises:
        InputError, FormatError, TooLargeError: as `open_package`.
    """

    def __init__(self, data: bytes, name: str = "") -> None:
        super().__init__(open_package(data, name, "docx"))
        self.format = "docm" if self._package.macros else "docx"
        self._seen = Seen()
        self._read(self._parts())
        # `render` reads again, and must not count again.
        self._seen = replace(self._seen)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What `OfficeDocument` says, and tracked changes, ruby and references."""
        seen = self._seen
        said = (
            (seen.revisions, notes.revisions),
            (seen.readings, notes.readings),
            (seen.references, notes.references),
        )
        return (*super().warnings, *(wording(count) for count, wording in said if count))

    def _parts(self) -> Iterator[tuple[str, Handler]]:
        package = self._package
        walker = Walker()
        headings = _headings(package)
        yield package.main, _WordPart(walker, "", headings, self._seen)
        yield from drawing_parts(package, package.main, "")
        for type, name in _PARTS:
            for number, part in enumerate(package.related(package.main, type), start=1):
                prefix = f"{name} {number}" if name else ""
                yield part, _WordPart(walker, prefix, headings, self._seen)

    def _say_language(self, changes: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
        return say_language(self._package, self._language, changes)


class _WordPart:
    """The body, a header, the footnotes …"""

    echo = ""

    def __init__(self, walker: Walker, prefix: str, headings: frozenset[str], seen: Seen) -> None:
        self._walker = walker
        self._prefix = prefix
        self._headings = headings
        self._looks = LookBook()
        self._seen = seen

    def walk(self, root: etree._Element) -> Iterator[Found]:
        for found in self._walker.walk(root, self._prefix):
            style = found.element.find(f"{W}pPr/{W}pStyle")
            if style is not None and style.get(W + "val") in self._headings:
                found = replace(found, kind="heading")
            yield found

    def read(self, paragraph: etree._Element) -> Sequence[Bit]:
        return read_paragraph(paragraph, self._looks, self._seen)

    def builder(self, paragraph: etree._Element, to: str) -> ParagraphBuilder:
        return ParagraphBuilder(paragraph, to)

    def settle(self, root: etree._Element, changed: Sequence[Changed], to: str) -> None:
        suit_layout(changed, to)


def _headings(package: Package) -> frozenset[str]:
    """The ids of paragraph styles that are headings or titles."""
    found = set()
    for part in package.related(package.main, "styles"):
        for style in package.parse(part).iterfind(W + "style"):
            name = style.find(W + "name")
            label = "" if name is None else name.get(W + "val", "").lower()
            if label.startswith(("heading ", "title", "subtitle")) or (
                style.find(f"{W}pPr/{W}outlineLvl") is not None
            ):
                found.add(style.get(W + "styleId", ""))
    return frozenset(found)
