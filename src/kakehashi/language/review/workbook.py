"""A review as an Excel workbook: one row a segment, the column for corrections open.

What stands in the cells comes from documents, so nothing of it is ever a formula: every cell is
written as text, and marked so that a program does not take it for one when it is edited.
"""

from __future__ import annotations

import io
import json
import re
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kakehashi.documents.base import Mark
from kakehashi.language.review import messages
from kakehashi.language.review.facts import facts_of
from kakehashi.language.review.rows import Review, ReviewRow

# Most characters of a cell (Excel).
LONGEST: Final = 32_767
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORMULA: Final = re.compile(r"[=+\-@\t\r']")
COLUMNS: Final = (
    (messages.NUMBER, 7),
    (messages.PLACE, 16),
    (messages.SOURCE, 44),
    (messages.TARGET, 44),
    (messages.CORRECTION, 44),
    (messages.BACK, 36),
    (messages.FLAGS, 36),
    (messages.MATCHES, 30),
    (messages.MARKS, 8),
)
CORRECTION: Final = 5
_FONT: Final = "Calibri"
_HEADER: Final = PatternFill("solid", fgColor="1F3A5F")
_OPEN: Final = PatternFill("solid", fgColor="FFF9DB")
_SEVERITIES: Final = {
    "high": PatternFill("solid", fgColor="F8D7DA"),
    "medium": PatternFill("solid", fgColor="FFE8C2"),
    "low": PatternFill("solid", fgColor="EAF2FB"),
}
_LINE: Final = Side(style="thin", color="C8CDD3")
_BORDER: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def cell_text(text: str) -> str:
    """`text` as a cell can hold it: no control characters, and not too long."""
    clean = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) > LONGEST:
        clean = clean[: LONGEST - 1] + messages.CUT
    return clean


def render_workbook(review: Review) -> bytes:
    """The review as xlsx."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = messages.SHEET
    for column, (title, width) in enumerate(COLUMNS, start=1):
        cell = _put(sheet, 1, column, title)
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.row_dimensions[1].height = 34
    for number, row in enumerate(review.rows, start=2):
        _row(sheet, number, row)
    sheet.column_dimensions["I"].hidden = True
    sheet.freeze_panes = "D2"
    last = max(2, len(review.rows) + 1)
    sheet.auto_filter.ref = f"A1:H{last}"
    _protect(sheet)
    sheet.print_title_rows = "1:1"
    _fit_to_paper(sheet)
    _about(book, review)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(sheet: Worksheet, number: int, row: ReviewRow) -> None:
    flags = "\n".join(messages.flag_words(one) for one in row.flags)
    values = (
        str(row.id),
        row.place,
        row.source,
        row.target,
        row.correction,
        row.back,
        flags,
        "\n".join(row.matches),
        marks_text(row.marks),
    )
    for column, value in enumerate(values, start=1):
        cell = _put(sheet, number, column, value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = _BORDER
        if column == CORRECTION:
            cell.fill = _OPEN
            cell.protection = Protection(locked=False)
    worst = next(
        (s for s in ("high", "medium", "low") for one in row.flags if one.severity == s), ""
    )
    if worst:
        sheet.cell(number, 7).fill = _SEVERITIES[worst]
    sheet.row_dimensions[number].height = _height(values)


def _put(sheet: Worksheet, row: int, column: int, value: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    text = cell_text(value)
    if text:
        cell.value = text
        cell.data_type = "s"
    if column == CORRECTION or _FORMULA.match(text):
        # As with a leading apostrophe: what is typed here stays text.
        cell.number_format = "@"
        cell.quotePrefix = bool(text)
    return cell


def _height(values: tuple[str, ...]) -> float:
    """Points for the row: LibreOffice and Excel do not fit protected rows themselves."""
    lines = 1
    for (_, width), value in zip(COLUMNS[:-1], values[:-1], strict=True):
        needed = 0
        for line in value.split("\n"):
            columns = sum(2 if char >= "\u2e80" else 1 for char in line)
            needed += max(1, -(-columns // max(1, width - 1)))
        lines = max(lines, needed)
    return min(400.0, 15.0 * lines + 3)


def _protect(sheet: Worksheet) -> None:
    """Without a password: it keeps from slips, not from people."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = False
    protection.formatRows = False
    protection.formatCells = False
    protection.autoFilter = False
    protection.sort = False


def marks_text(marks: tuple[Mark, ...]) -> str:
    """Marks as JSON: start, end, key, protected."""
    if not marks:
        return ""
    return json.dumps([[m.start, m.end, m.key, int(m.protected)] for m in marks])


def _fit_to_paper(sheet: Worksheet) -> None:
    """A4 across, as wide as the paper."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.4, bottom=0.4)


def _about(book: Workbook, review: Review) -> None:
    sheet = book.create_sheet(messages.ABOUT)
    sheet.column_dimensions["A"].width = 36
    sheet.column_dimensions["B"].width = 90
    facts = facts_of(review)
    for number, (key, value) in enumerate(facts.items(), start=1):
        _put(sheet, number, 1, messages.FACTS[key]).font = Font(name=_FONT, bold=True)
        _put(sheet, number, 2, value).alignment = Alignment(wrap_text=True, vertical="top")
    for number, line in enumerate(messages.HOW, start=len(facts) + 2):
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=2)
        _put(sheet, number, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = 32
    sheet.protection.sheet = True
    _fit_to_paper(sheet)
