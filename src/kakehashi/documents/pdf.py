"""PDF: text in reading order with its paragraphs rebuilt; written as docx, or as a two-column PDF.

A PDF is a picture of a document, not a document: its words have places, but no paragraphs, no
order and no tables. What is rebuilt here is a good guess, and what is guessed is said in
`warnings`. The PDF itself cannot be written back: a translation of another length has no place in
it. So `render()` gives a Word document, and `save()` gives that or, by the ending of the name, a
PDF with the source on the left and the translation on the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kakehashi.documents import pdf_messages as messages
from kakehashi.documents.base import Mark, Segment, check_marks
from kakehashi.documents.pdf_docx import docx_of
from kakehashi.documents.pdf_flow import Cell, Flow, Paragraph, Table, flow
from kakehashi.documents.pdf_pages import pdf_of
from kakehashi.documents.pdf_read import Contents, Page, read
from kakehashi.documents.pdf_text import Look, Styled, marked
from kakehashi.documents.pdf_written import Span, Written, spans
from kakehashi.documents.saving import write_atomic
from kakehashi.errors import FormatError, InputError, OutputError

# A page counts as a picture of a page from this share on, 0–1.
_PICTURE: Final = 0.5
# Of the characters; below, the rest is worth reading.
_BROKEN: Final = 0.3


@dataclass(frozen=True, slots=True)
class _Slot:
    """A segment and what it came from."""

    segment: Segment
    source: Paragraph | Cell
    whole: Styled
    looks: dict[int, Look]


class PdfDocument:
    """A PDF file."""

    format = "pdf"
    # What `save` can write, by the ending of the name; the first is what is written by default.
    endings = (".docx", ".pdf")

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            FormatError: damaged, cut off, encrypted, scanned, or its text layer is broken.
            TooLargeError: too many pages, characters or objects.
            InputError: there is no text in it.
        """
        contents = read(data, name)
        _check(contents, name)
        self._flow = flow(contents.pages)
        self._name = Path(name).name
        self._language = ""
        self._slots = list(_slots(self._flow))
        self._by_source = {id(slot.source): slot for slot in self._slots}
        self._new: dict[int, tuple[str, tuple[Mark, ...]]] = {}
        self._warnings = tuple(_warnings(contents, self._flow))
        self._font_warnings: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All translatable segments, in reading order."""
        return tuple(slot.segment for slot in self._slots)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was guessed or left out, for the person who uses the result."""
        return self._warnings + self._font_warnings

    def replace(self, segment_id: int, text: str, marks: tuple[Mark, ...] = ()) -> None:
        """Put `text` where the segment was; see `Document.replace`.

        Raises:
            ValueError: no such segment, an unknown mark, or a mark outside of the text.
        """
        if not 0 <= segment_id < len(self._slots):
            raise ValueError(f"the document has no segment {segment_id}")
        slot = self._slots[segment_id]
        check_marks(segment_id, text, marks, slot.looks)
        if text == slot.segment.text and not marks:
            marks = slot.segment.marks
        self._new[segment_id] = (text.replace("\r\n", "\n").replace("\r", "\n"), marks)

    def set_language(self, code: str) -> None:
        """Say which language the text is in now; it decides about fonts and line breaking."""
        self._language = code

    def render(self) -> bytes:
        """The text with all replacements as a Word document (docx)."""
        return docx_of(self._flow, self._written, self._language)

    def render_pdf(self) -> bytes:
        """Source and text with all replacements side by side, as a PDF.

        Raises:
            OutputError: it cannot be laid out.
        """
        data, self._font_warnings = pdf_of(self._flow, self._written, self._name)
        return data

    def save(self, path: Path) -> None:
        """Write a docx or, if the name ends in ``.pdf``, the two-column PDF; whole or not at all.

        Raises:
            OutputError: the file could not be written, or its name has another ending.
        """
        ending = path.suffix.lower()
        regular = not path.exists() or path.is_file()
        if ending == ".pdf":
            data = self.render_pdf()
        elif ending == ".docx" or not regular:
            data = self.render()
        else:
            raise OutputError(
                messages.WRONG_ENDING, where=str(path), hint=messages.WRONG_ENDING_HINT
            )
        write_atomic(path, data)

    def _written(self, source: Paragraph | Cell) -> Written:
        """What is to be written where `source` stood."""
        slot = self._by_source.get(id(source))
        if slot is None:
            whole = source.body
            marks, looks = marked(whole)
            return Written(whole.text, tuple(spans(whole.text, marks, looks)), whole.bold, -1)
        text, marks = self._new.get(slot.segment.id, (slot.segment.text, slot.segment.marks))
        found: tuple[Span, ...] = tuple(spans(text, marks, slot.looks))
        return Written(text, found, slot.whole.bold, slot.segment.id)


def _check(contents: Contents, name: str) -> None:
    """Refuse what cannot be translated.

    Raises:
        FormatError: scanned, or a broken text layer.
        InputError: no text at all.
    """
    pages = contents.pages
    glyphs = sum(page.glyphs for page in pages)
    broken = sum(page.broken for page in pages)
    pictures = [p for p in pages if _is_picture(p)]
    if pictures and len(pictures) >= 0.8 * len([p for p in pages if p.glyphs or p.pictures]):
        what = messages.SCANNED.format(pages=len(pages), empty=len(pictures))
        raise FormatError(what, where=name, hint=messages.SCANNED_HINT)
    if not glyphs or not any(page.pieces for page in pages):
        raise InputError(messages.NO_TEXT, where=name, hint=messages.NO_TEXT_HINT)
    if broken > _BROKEN * glyphs:
        what = messages.BROKEN_TEXT.format(share=round(100 * broken / glyphs))
        raise FormatError(what, where=name, hint=messages.BROKEN_TEXT_HINT)


def _is_picture(page: Page) -> bool:
    """A scanned page: a picture, and no more text than a stamp or a page number."""
    return page.picture >= _PICTURE and page.glyphs < 20


def _slots(whole: Flow) -> Iterator[_Slot]:
    number = 0
    tables = 0
    count = 0
    page = 0
    for block in [*whole.header, *whole.blocks, *whole.footer]:
        if block.page != page:
            page, count, tables = block.page, 0, 0
        found: list[tuple[Paragraph | Cell, str, str]]
        if isinstance(block, Paragraph):
            count += 1
            kind = {"list": "prose"}.get(block.kind, block.kind)
            where = block.kind if block.kind in ("header", "footer") else f"paragraph {count}"
            found = [(block, f"page {block.page}, {where}", kind)]
        else:
            tables += 1
            place = f"page {block.page}, table {tables}"
            found = [
                (cell, f"{place}, row {cell.row + 1}, column {cell.column + 1}", "cell")
                for cell in block.cells
            ]
        for source, place, kind in found:
            text = source.body.text
            if any(map(str.isalpha, text)):
                marks, looks = marked(source.body)
                yield _Slot(Segment(number, text, place, kind, marks), source, source.body, looks)
                number += 1


def _warnings(contents: Contents, whole: Flow) -> Iterator[str]:
    pages = contents.pages
    unread = [p for p in pages if not p.pieces and (p.pictures or p.paths > 200)]
    if unread:
        yield messages.SOME_PICTURES.format(pages=_list(unread))
    broken = [p for p in pages if p.broken]
    if broken:
        count = sum(p.broken for p in broken)
        yield messages.SOME_BROKEN.format(count=count, pages=_list(broken))
    if any(p.pictures for p in pages if p.pieces):
        yield messages.PICTURES_LEFT_OUT
    vertical = [p for p in pages if p.vertical]
    if vertical:
        yield messages.VERTICAL.format(pages=_list(vertical))
    mixed = [p for p in pages if p.mixed]
    if mixed:
        yield messages.MIXED_DIRECTIONS.format(pages=_list(mixed))
    turned = [p for p in pages if p.turned]
    if turned:
        yield messages.TURNED_TEXT.format(pages=_list(turned))
    guessed = sorted({b.page for b in whole.blocks if isinstance(b, Table) and b.guessed})
    if guessed:
        yield messages.GUESSED_TABLES.format(pages=", ".join(map(str, guessed)))
    if whole.ruby:
        yield messages.RUBY.format(count=whole.ruby)
    if contents.form:
        yield messages.FORM


def _list(pages: list[Page]) -> str:
    numbers = [str(page.number) for page in pages[:20]]
    return ", ".join(numbers) + (" …" if len(pages) > 20 else "")
