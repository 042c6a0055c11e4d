"""Cells of a sheet, in a whole tree or row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kakehashi.documents.runs import Piece, Runs
from kakehashi.documents.xlsx_xml import (
    MAIN,
    cell_reference,
    parsed_reference,
    rich_text,
    unescaped,
)

Element = etree._Element

_C = f"{MAIN}c"
_F = f"{MAIN}f"
_V = f"{MAIN}v"
_IS = f"{MAIN}is"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds a text or a formula.

    Attributes:
        column, row: counted from 1.
        element: its XML.
        shared: number of its shared string, -1 if it has none.
        inline: what holds its own text (``is``, or ``v`` of some programs).
        formula: the element with its formula, if it has one; such a cell has no own text.
        cached: the text that the formula resulted in, "" for numbers.
        hidden: in a hidden row.
    """

    column: int
    row: int
    element: Element
    shared: int = -1
    inline: Element | None = None
    formula: Element | None = None
    cached: str = ""
    hidden: bool = False

    @property
    def style(self) -> int:
        """The number of its format."""
        number = self.element.get("s", "0")
        return int(number) if number.isdigit() and len(number) < 9 else 0

    @property
    def reference(self) -> str:
        """``B12``."""
        return cell_reference(self.column, self.row)


class CellReader:
    """Reads rows in order; rows and cells need not say where they are (they follow each other)."""

    def __init__(self) -> None:
        self._row = 0

    def cells(self, row: Element) -> Iterator[Cell]:
        """The cells of a row that hold a text or a formula."""
        number = row.get("r", "")
        self._row = int(number) if number.isdigit() and len(number) < 8 else self._row + 1
        hidden = row.get("hidden") in ("1", "true")
        column = 0
        for element in row.iterchildren(_C):
            place = parsed_reference(element.get("r", ""))
            column = place[0] if place else column + 1
            kind = element.get("t", "n")
            formula = element.find(_F)
            if formula is not None:
                cached = (element.findtext(_V) or "") if kind == "str" else ""
                yield Cell(
                    column, self._row, element, formula=formula, cached=cached, hidden=hidden
                )
            elif kind == "s":
                value = (element.findtext(_V) or "").strip()
                if value.isdigit():
                    yield Cell(column, self._row, element, int(value), hidden=hidden)
            elif kind in ("inlineStr", "str"):
                inline = element.find(_IS if kind == "inlineStr" else _V)
                if inline is not None:
                    yield Cell(column, self._row, element, inline=inline, hidden=hidden)


def own_text(holder: Element, plain: str = "") -> Runs[Element | None]:
    """The text of an inline string; `plain` as in `rich_text`."""
    if holder.tag == _V:
        return Runs([Piece(unescaped(holder.text or ""), None, "")])
    return rich_text(holder, plain=plain)


def own_holder(cell: Element, holder: Element) -> Element:
    """Where a new inline string is to be written."""
    if holder.tag != _V:
        return holder
    cell.remove(holder)
    cell.set("t", "inlineStr")
    return etree.SubElement(cell, _IS)
