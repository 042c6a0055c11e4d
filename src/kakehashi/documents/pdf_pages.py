"""Source and translation side by side → PDF, with ReportLab."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import SimpleDocTemplate, TableStyle
from reportlab.platypus import Table as Rows
from reportlab.platypus.doctemplate import LayoutError

from kakehashi.documents import pdf_messages as messages
from kakehashi.documents.pdf_flow import Cell, Flow, Paragraph, Table
from kakehashi.documents.pdf_fonts import Font, japanese_font
from kakehashi.documents.pdf_text import marked
from kakehashi.documents.pdf_written import Span, Written, spans
from kakehashi.errors import OutputError
from kakehashi.text.chars import is_japanese

Writer = Callable[[Paragraph | Cell], Written]

_MARGIN: Final = 42.5  # points: 15 mm
_SIZE: Final = 9.5
_ROWS: Final = 60
_HEADING: Final = {1: 14.0, 2: 12.0, 3: 11.0}
_RULE: Final = colors.Color(0.75, 0.75, 0.75)
_SHADE: Final = colors.Color(0.94, 0.95, 0.97)
_GREY: Final = colors.Color(0.4, 0.4, 0.4)


def pdf_of(whole: Flow, writer: Writer, name: str) -> tuple[bytes, tuple[str, ...]]:
    """The two-column PDF, and warnings about its font.

    Args:
        whole: the rebuilt document.
        writer: gives the translation for a paragraph or a cell.
        name: of the source file, shown at the foot of the page.

    Raises:
        OutputError: it cannot be laid out.
    """
    page = _Page(japanese_font(), name)
    rows: list[list[Any]] = []
    shaded: list[int] = []
    shown = 0
    for place in _places(whole):
        pairs = [(_before(source), writer(source)) for source in place.sources]
        if not any(written.text.strip() for _, written in pairs):
            continue
        if place.page and place.page != shown:
            shown = place.page
            rows.append([page.number(shown), page.number(shown)])
            shaded.append(len(rows) - 1)
        rows.append(
            [
                page.text([one for one, _ in pairs], place.look, place.marker),
                page.text([other for _, other in pairs], place.look, place.marker),
            ]
        )
    buffer = io.BytesIO()
    width = (A4[0] - 2 * _MARGIN) / 2
    # ReportLab measures all rows of a table for every page of it: 2,500 rows took 30 s.
    tables: list[Any] = [
        _table(rows[at : at + _ROWS], [n - at for n in shaded if at <= n < at + _ROWS], width)
        for at in range(0, len(rows), _ROWS)
    ]
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN + 14,
        bottomMargin=_MARGIN + 8,
        title=name,
        creator=messages.MADE_FROM,
        invariant=1,
    )
    try:
        document.build(tables, onFirstPage=page.around, onLaterPages=page.around)
    except LayoutError as error:
        raise OutputError(
            messages.CANNOT_WRITE, where=name, hint=messages.CANNOT_WRITE_HINT
        ) from error
    return buffer.getvalue(), tuple(page.warnings())


def _table(rows: list[list[Any]], shaded: list[int], width: float) -> Rows:
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEAFTER", (0, 0), (0, -1), 0.5, _RULE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    style += [("BACKGROUND", (0, row), (-1, row), _SHADE) for row in shaded]
    table = Rows(rows, colWidths=[width, width], splitInRow=1, spaceBefore=0, spaceAfter=0)
    table.setStyle(TableStyle(style))
    return table


@dataclass(frozen=True, slots=True)
class _Place:
    """What is one row of the PDF: a paragraph, or a row of a table.

    `look` is "h1" … "h6", "note", "cell" or "body"; `page` is 0 where none is to be shown.
    """

    sources: tuple[Paragraph | Cell, ...]
    look: str
    marker: str = ""
    page: int = 0


def _places(whole: Flow) -> Iterator[_Place]:
    for block in [*whole.header, *whole.blocks, *whole.footer]:
        if isinstance(block, Table):
            for number in range(block.rows):
                cells = tuple(cell for cell in block.cells if cell.row == number)
                if cells:
                    yield _Place(cells, "cell", page=block.page)
        elif block.kind == "heading":
            yield _Place((block,), f"h{block.level}", block.marker, block.page)
        elif block.kind == "footnote":
            yield _Place((block,), "note", block.marker, block.page)
        elif block.kind in ("header", "footer"):
            yield _Place((block,), "note")
        else:
            yield _Place((block,), "body", block.marker, block.page)


def _before(source: Paragraph | Cell) -> Written:
    body = source.body
    marks, looks = marked(body)
    return Written(body.text, tuple(spans(body.text, marks, looks)), body.bold, -1)


class _Page:
    """Styles, fonts and what is drawn on every page."""

    def __init__(self, font: Font, name: str) -> None:
        self._font = font
        self._name = name
        self._missing: dict[str, None] = {}
        self._styles: dict[tuple[str, bool], ParagraphStyle] = {}

    def number(self, page: int) -> Text:
        style = ParagraphStyle("page", fontName=self._font.name, fontSize=7, textColor=_GREY)
        return Text(escape(messages.PAGE.format(page=page)), style)

    def text(self, parts: Sequence[Written], look: str, marker: str) -> Text:
        whole = "".join(part.text for part in parts)
        head = f"{self._held(marker)} " if marker else ""
        body = " ｜ ".join(self._part(part, look) for part in parts)
        return Text(head + body, self._style(look, _is_mostly_japanese(whole)))

    def _part(self, written: Written, look: str) -> str:
        body = "".join(self._span(span) for span in written.spans)
        return _bold(body) if written.bold and not look.startswith("h") else body

    def _style(self, look: str, japanese: bool) -> ParagraphStyle:
        if (look, japanese) not in self._styles:
            level = int(look[1]) if look.startswith("h") else 0
            size = _HEADING.get(level, _SIZE) if level else _SIZE
            size = 8.0 if look == "note" else size
            self._styles[look, japanese] = ParagraphStyle(
                look,
                fontName=self._font.name,
                fontSize=size,
                leading=1.5 * size,
                alignment=TA_LEFT,
                wordWrap="CJK" if japanese else None,
                spaceBefore=2,
                textColor=colors.Color(0.05, 0.15, 0.4) if level else colors.black,
                splitLongWords=1,
            )
        return self._styles[look, japanese]

    def _span(self, span: Span) -> str:
        text = self._held(span.text).replace("\n", "<br/>")
        if span.bold:
            text = _bold(text)
        if span.raised:
            text = f"<super>{text}</super>"
        if span.target:
            text = f"<a href={quoteattr(self._printable(span.target))} color='#1a4f9c'>{text}</a>"
        return text

    def _printable(self, text: str) -> str:
        return "".join(c for c in text if c.isprintable())

    def _held(self, text: str) -> str:
        """`text` with what the font lacks as 〓, so that a gap is seen."""
        kept = []
        for char in text:
            if char == "\n" or self._font.holds(char):
                kept.append(char)
            elif char.isspace():
                kept.append(" ")
            else:
                self._missing.setdefault(char)
                kept.append("〓")
        return escape("".join(kept))

    def around(self, canvas: Any, document: Any) -> None:
        """Draw the heads of the columns, the name of the file and the number of the page."""
        canvas.saveState()
        canvas.setFont(self._font.name, 8)
        canvas.setFillColor(_GREY)
        top = A4[1] - _MARGIN
        canvas.drawString(_MARGIN, top, messages.SOURCE)
        canvas.drawString(A4[0] / 2 + 6, top, messages.TRANSLATION)
        canvas.setStrokeColor(_GREY)
        canvas.line(_MARGIN, top - 6, A4[0] - _MARGIN, top - 6)
        canvas.setFont(self._font.name, 7)
        name = "".join(c if self._font.holds(c) else "〓" for c in self._name)
        canvas.drawString(_MARGIN, _MARGIN - 12, name)
        canvas.drawRightString(A4[0] - _MARGIN, _MARGIN - 12, str(document.page))
        canvas.restoreState()

    def warnings(self) -> Iterator[str]:
        if not self._font.embedded:
            yield messages.NO_FONT
        if self._missing:
            yield messages.MISSING_GLYPHS.format(characters=" ".join(list(self._missing)[:40]))


def _bold(text: str) -> str:
    # The fonts at hand have one weight; underlining shows where the source is bold.
    return f"<u>{text}</u>"


def _is_mostly_japanese(text: str) -> bool:
    # Lines of Japanese may break between any two letters, those of English must not.
    return sum(map(is_japanese, text)) * 3 > len(text)
