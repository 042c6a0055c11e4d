"""Pages → the paragraphs and tables of the document, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from kakehashi.documents.pdf_layout import Block, Column, column, ordered
from kakehashi.documents.pdf_paragraphs import Draft, paragraphs
from kakehashi.documents.pdf_read import Page
from kakehashi.documents.pdf_running import take_running
from kakehashi.documents.pdf_tables import Grid, GridCell
from kakehashi.documents.pdf_text import Styled, Words, joined, stacked

Kind = Literal["prose", "heading", "list", "footnote", "header", "footer"]
Align = Literal["left", "center", "right"]

_LARGER: Final = 1.13
_NOTE_SIZE: Final = 0.93
_MAX_HEADING: Final = 160
_MAX_BOLD_HEADING: Final = 70
_NOTE: Final = re.compile(
    r"(?:[※注]\s*\d{0,2}|[*＊†‡§]{1,3}|\d{1,2}|[(（]?注\d{0,2}[)）]?)[\s):：）.]*"
)
_STOP: Final = re.compile(r"[。．.!?！？:：」』）)]\s*$")


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the document.

    Attributes:
        kind: what it is.
        body: its text, without `marker`.
        marker: bullet, number or sign of a note that stands before it; not translated.
        level: of a heading, from 1.
        page: where it begins, from 1.
        new_page: it begins a page that the one before left half empty.
    """

    kind: Kind
    body: Styled
    page: int
    marker: str = ""
    level: int = 0
    align: Align = "left"
    size: float = 0.0
    open_end: bool = False
    open_start: bool = False
    new_page: bool = False


@dataclass(slots=True)
class Cell:
    """A cell of a table and what it spans."""

    row: int
    column: int
    rows: int
    columns: int
    body: Styled


@dataclass(slots=True)
class Table:
    """A table; `widths` are those of its columns in points."""

    cells: list[Cell]
    rows: int
    columns: int
    page: int
    guessed: bool
    widths: list[float] = field(default_factory=list)
    new_page: bool = False


@dataclass(slots=True)
class Flow:
    """A whole document.

    Attributes:
        blocks: in reading order, without page headers and footers.
        header, footer: paragraphs that every page has.
        numbered: pages carry numbers.
        body_size: of ordinary text, in points.
        ruby: how many furigana were left out.
        width, height: of the first page as it is read, in points.
    """

    blocks: list[Paragraph | Table]
    header: list[Paragraph]
    footer: list[Paragraph]
    numbered: bool
    body_size: float
    ruby: int
    width: float
    height: float


def flow(pages: Sequence[Page]) -> Flow:
    """Rebuild the document that the pages show."""
    body_size = _body_size(pages)
    running = take_running(pages, body_size)
    words = Words(piece.text for page in pages for piece in page.pieces)
    maker = _Maker(words, body_size)
    for page in pages:
        maker.add(page)
    _set_levels(maker.blocks, body_size)
    first = pages[0]
    # A vertical page was turned to be read; it is written upright.
    width, height = (first.height, first.width) if first.vertical else (first.width, first.height)
    return Flow(
        maker.blocks,
        [Paragraph("header", Styled(p.text, p.flags), 1, size=p.size) for p in running.header],
        [Paragraph("footer", Styled(p.text, p.flags), 1, size=p.size) for p in running.footer],
        running.numbered,
        body_size,
        maker.ruby,
        width,
        height,
    )


def _body_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for piece in page.pieces:
            sizes[round(piece.size * 2) / 2] += len(piece.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


class _Maker:
    """Takes pages one by one; a paragraph may begin on one and end on the next."""

    def __init__(self, words: Words, body_size: float) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.ruby = 0
        self._words = words
        self._body = body_size
        self._short = False

    def add(self, page: Page) -> None:
        arranged = ordered(page)
        self.ruby += arranged.ruby
        found = [one for block in arranged.blocks for one in self._block(block, page)]
        if not found:
            return
        for number, one in enumerate(found):
            if number == 0 and self._short and self.blocks:
                one.new_page = True
            if isinstance(one, Paragraph) and not one.new_page and self._continues(one):
                continue
            self.blocks.append(one)
        lowest = min(piece.y for piece in page.pieces)
        self._short = lowest > 0.35 * page.height

    def _block(self, block: Block, page: Page) -> Iterator[Paragraph | Table]:
        if isinstance(block, Grid):
            yield self._table(block, page)
            return
        body, notes = self._without_notes(block, page)
        for draft in paragraphs(body, page.links, self._words, self._body):
            yield self._paragraph(draft, page)
        for draft in paragraphs(notes, page.links, self._words, self._body, notes=True):
            yield self._note(draft, page)

    def _without_notes(self, block: Column, page: Page) -> tuple[Column, Column]:
        """The lines of a column, and those of the footnotes at its end."""
        start = len(block.lines)
        for at in range(len(block.lines) - 1, -1, -1):
            piece = block.lines[at].piece
            low = piece.y < 0.5 * page.height
            if piece.size > _NOTE_SIZE * self._body or not low:
                break
            begins = _NOTE.match(piece.text)
            if begins and begins.end() < len(piece.text):
                start = at
        lines = block.lines
        return (
            Column(block.left, block.right, lines[:start]),
            Column(block.left, block.right, lines[start:]),
        )

    def _paragraph(self, draft: Draft, page: Page) -> Paragraph:
        text = draft.body.text
        kind: Kind = "list" if draft.marker else "prose"
        larger = draft.size >= _LARGER * self._body
        short_bold = (
            draft.body.bold
            and draft.lines == 1
            and len(text) <= _MAX_BOLD_HEADING
            and not re.search(r"[。.、,]$", text)
            and draft.apart
        )
        if (larger and len(text) <= _MAX_HEADING and draft.lines <= 4) or short_bold:
            kind = "heading"
        return Paragraph(
            kind,
            draft.body,
            page.number,
            draft.marker,
            align=draft.align,
            size=draft.size,
            open_end=draft.open_end,
            open_start=draft.open_start,
        )

    def _note(self, draft: Draft, page: Page) -> Paragraph:
        body, marker = draft.body, draft.marker
        found = _NOTE.match(body.text)
        if not marker and found and 0 < found.end() < len(body.text):
            marker = found[0].strip()
            body = body.cut(found.end())
        return Paragraph("footnote", body, page.number, marker, size=draft.size)

    def _continues(self, new: Paragraph) -> bool:
        """Join `new` to the paragraph that the column or page before left open, if it is so."""
        at = len(self.blocks) - 1
        while at >= 0:
            last = self.blocks[at]
            if isinstance(last, Paragraph) and last.kind == "footnote":
                at -= 1
                continue
            break
        else:
            return False
        if not isinstance(last, Paragraph) or last.kind not in ("prose", "list"):
            return False
        same = abs(last.size - new.size) < 0.08 * max(last.size, new.size)
        if new.kind != "prose" or not same or last.body.bold != new.body.bold:
            return False
        if not (last.open_end and new.open_start) or _STOP.search(last.body.text):
            return False
        last.body = joined(last.body, new.body, self._words)
        last.open_end = new.open_end
        return True

    def _table(self, grid: Grid, page: Page) -> Table:
        cells = [Cell(c.row, c.column, c.rows, c.columns, self._cell(c, page)) for c in grid.cells]
        widths = [0.0] * grid.columns
        for cell in grid.cells:
            for number in range(cell.column, cell.column + cell.columns):
                widths[number] = max(widths[number], (cell.right - cell.left) / cell.columns)
        return Table(cells, grid.rows, grid.columns, page.number, grid.guessed, widths)

    def _cell(self, cell: GridCell, page: Page) -> Styled:
        if not cell.pieces:
            return Styled("", b"")
        lines = column(cell.pieces, cell.left, cell.right)
        drafts = paragraphs(lines, page.links, self._words, self._body, cell=True)
        return stacked([_with_marker(draft) for draft in drafts])


def _with_marker(draft: Draft) -> Styled:
    if not draft.marker:
        return draft.body
    space = "" if draft.marker[-1] in "・※" else " "
    head = draft.marker + space
    links = tuple((a + len(head), b + len(head), t) for a, b, t in draft.body.links)
    return Styled(head + draft.body.text, bytes(len(head)) + draft.body.flags, links)


def _set_levels(blocks: list[Paragraph | Table], body: float) -> None:
    """Levels of headings: the larger, the higher; bold ones of ordinary size come last."""
    headings = [b for b in blocks if isinstance(b, Paragraph) and b.kind == "heading"]
    sizes: list[float] = []
    for size in sorted(
        {round(h.size, 1) for h in headings if h.size >= _LARGER * body}, reverse=True
    ):
        if not sizes or sizes[-1] - size > 0.6:
            sizes.append(size)
    for heading in headings:
        level = next((n for n, s in enumerate(sizes, 1) if heading.size > s - 0.7), len(sizes) + 1)
        heading.level = min(level, 6)
