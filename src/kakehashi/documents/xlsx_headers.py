"""Header cells that name columns: of tables, and of the areas that pivot tables are made of.

The name of a table's column must be the text of its header cell, and no two may be the same;
formulas, pivot tables and filters refer to it. So the new text of a header cell is made unique,
and the names follow it. A header cell keeps its text where something refers to it that cannot be
followed (a query, a schema, a slicer, a calculated field).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kakehashi.documents.xlsx_book import Book, Pivot, Sheet, Table
from kakehashi.documents.xlsx_formula import folded
from kakehashi.documents.xlsx_scan import Spot
from kakehashi.documents.xlsx_xml import Area

_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A row of header cells.

    Attributes:
        table: the table's name, "" for an area.
        sheet: the sheet's part.
        place: for people.
        row, column: of the first cell.
        names: of the columns.
        kept: which of them must keep their names.
    """

    table: str
    sheet: str
    place: str
    row: int
    column: int
    names: tuple[str, ...]
    kept: tuple[bool, ...]

    @property
    def key(self) -> str:
        """What its columns are found by: the table, or where an area begins."""
        return folded(self.table) if self.table else area_key(self.sheet, self.column, self.row)

    def spots(self) -> Iterator[Spot]:
        """Its cells, in the order of the names."""
        for number in range(len(self.names)):
            yield self.sheet, self.column + number, self.row


def area_key(sheet: str, column: int, row: int) -> str:
    """`HeaderRow.key` of an area."""
    return f"{sheet}!{column},{row}"


def header_rows(book: Book) -> list[HeaderRow]:
    """The header rows of a workbook; a pivot's source that is a table's area is that table."""
    rows = []
    pivots = list(book.pivots)
    for sheet in book.sheets:
        for table in sheet.tables:
            sources = [one for one in pivots if _is_source(one, sheet, table)]
            pivots = [one for one in pivots if one not in sources]
            if table.header:
                computed = any(one.computed for one in sources)
                kept = [
                    table.outside or computed or folded(n) in book.sliced for n in table.columns
                ]
                rows.append(_row(table.name, sheet, table.area, table.columns, kept))
    for pivot in pivots:
        for sheet in book.sheets:
            if pivot.area is not None and folded(sheet.name) == folded(pivot.sheet):
                kept = [pivot.computed or folded(n) in book.sliced for n in pivot.fields]
                rows.append(_row("", sheet, pivot.area, pivot.fields, kept))
    return rows


def _is_source(pivot: Pivot, sheet: Sheet, table: Table) -> bool:
    if pivot.table:
        return folded(pivot.table) == folded(table.name)
    return folded(pivot.sheet) == folded(sheet.name) and pivot.area == table.area


def _row(
    table: str, sheet: Sheet, area: Area, names: tuple[str, ...], kept: list[bool]
) -> HeaderRow:
    width = area[2] - area[0] + 1
    place = f"{sheet.label}, {table}" if table else sheet.label
    return HeaderRow(table, sheet.part, place, area[1], area[0], names[:width], tuple(kept[:width]))


def renamed(
    row: HeaderRow, text_of: Callable[[Spot], tuple[str, str] | None]
) -> tuple[dict[str, str], dict[Spot, str]]:
    """New names of columns, and header cells whose text must be another than asked for.

    Args:
        text_of: old and new text of a cell, None if it holds no text of its own.

    Returns:
        Old name (`folded`) → new name; cell → text.
    """
    new: dict[str, str] = {}
    cells: dict[Spot, str] = {}
    asked = list(zip(row.spots(), row.names, row.kept, strict=True))
    taken = {folded(name) for _, name, keep in asked if keep}
    for spot, name, keep in asked:
        texts = text_of(spot)
        if keep:
            if texts is not None and texts[0] != texts[1]:
                cells[spot] = texts[0]
            continue
        if texts is None or folded(_flat(texts[0])) != folded(_flat(name)):
            taken.add(folded(name))
            continue
        free = _free(texts[1][:_LONGEST], taken)
        taken.add(folded(free))
        if free != texts[1]:
            cells[spot] = free
        if free != name and texts[0] != free:
            new[folded(name)] = free
    return new, cells


def _flat(text: str) -> str:
    return text.replace("\r\n", "\n")


def _free(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while folded(found) in taken or not found:
        number += 1
        ending = f" {number}"
        found = name[: _LONGEST - len(ending)] + ending
    return found
