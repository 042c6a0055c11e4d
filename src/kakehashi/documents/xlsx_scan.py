"""Go through a workbook once: which texts are for a translator, and what hangs on them.

Rows are looked at one by one and forgotten; what stays is the text. A shared string that several
cells show is one text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from lxml import etree

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark
from kakehashi.documents.cell_text import is_text
from kakehashi.documents.ooxml import Package
from kakehashi.documents.runs import Runs
from kakehashi.documents.xlsx_book import Book, Sheet
from kakehashi.documents.xlsx_cells import Cell, CellReader, own_text
from kakehashi.documents.xlsx_formula import folded, literals, used_functions
from kakehashi.documents.xlsx_parts import Found, chart, comments, drawing, sheet_extras, threads
from kakehashi.documents.xlsx_xml import MAIN, Area, areas, font_looks, rich_text, unescaped
from kakehashi.documents.xlsx_xml import inside as lies_in

Element = etree._Element
Spot = tuple[str, int, int]
Kind = Literal["shared", "inline", "extra"]

FINDERS: Final = {
    "comments": comments,
    "threads": threads,
    "drawing": drawing,
    "chart": chart,
    "sheet": sheet_extras,
}
_ROW: Final = f"{MAIN}row"
# A list of choices that is written into the rule itself: "済,未".
_CHOICES: Final = re.compile(r'\s*"((?:[^"]|"")*)"\s*')
# Functions that look for a text inside of another: FIND, FINDB, LEFT …
_LOOKS_INTO_TEXT: Final = re.compile(
    r"(?:FIND|SEARCH|LEFT|RIGHT|MID)B?|SUBSTITUTE|TEXT(?:BEFORE|AFTER|SPLIT)"
)
# Functions that compare texts of cells with each other.
_COMPARES: Final = re.compile(r"(?:LOOKUP|MATCH|IFS?|EXACT|SWITCH|FILTER|SUMPRODUCT)\s*\(", re.I)
_SHOWN: Final = 3


@dataclass(slots=True)
class Places:
    """The first few of the places where something was found, and how many there are."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, place: str) -> None:
        """Count one more."""
        self.count += 1
        if self.count <= _SHOWN:
            self.first.append(place)

    def __str__(self) -> str:
        more = f" … ({self.count})" if self.count > _SHOWN else ""
        return "; ".join(self.first) + more


@dataclass(frozen=True, slots=True)
class Slot:
    """A text that can be replaced.

    Attributes:
        part, kind, number: where it is; the number of a shared string, or of a text in its part.
        text, marks, place, use: as in `Segment` (`use` is its kind).
        lead, tail: what stands around it in the same cell.
        plain: how its runs without a format look (`rich_text`).
    """

    part: str
    kind: Kind
    number: int
    text: str
    marks: tuple[Mark, ...]
    place: str
    use: str
    lead: str = ""
    tail: str = ""
    plain: str = ""

    @property
    def whole(self) -> str:
        """All of the cell's text."""
        return self.lead + self.text + self.tail


@dataclass(frozen=True, slots=True)
class Choices:
    """A list of choices that is written into a data validation.

    Attributes:
        part: the sheet's part.
        place: for people.
        areas: the cells it is about.
        items: what can be chosen.
    """

    part: str
    place: str
    areas: tuple[Area, ...]
    items: tuple[str, ...]


@dataclass(slots=True)
class _Use:
    """The cells that show a shared string: the first one, how many, how many must keep it."""

    place: str
    cell: str
    count: int = 0
    kept: int = 0


@dataclass(slots=True)
class Scan:
    """What was found in a workbook.

    Attributes:
        slots: texts for a translator, in reading order.
        strings: the whole text of every shared string.
        headers: cells of header rows → number of their shared string or inline string.
        fixed: shared and inline strings that follow a choice or a sheet's name, and are not
            translated by themselves.
        choices: lists of choices in rules.
        formulas: parts of sheets with formulas.
        literals: texts in formulas → the first cells whose formulas hold them.
        partly: those of them that are looked for inside of texts.
        built: cells whose formulas result in words that are not those of a cell.
        cells: how many cells each sheet has.
        compares: formulas look for texts of cells among others (VLOOKUP, MATCH, SUMIF …).
        repeated: texts that more than one cell shows, `folded`.
        indirect: cells with references that are made of texts.
    """

    slots: list[Slot] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    headers: dict[Spot, tuple[Kind, int]] = field(default_factory=dict)
    fixed: list[Slot] = field(default_factory=list)
    choices: list[Choices] = field(default_factory=list)
    formulas: set[str] = field(default_factory=set)
    literals: dict[str, Places] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)
    built: Places = field(default_factory=Places)
    indirect: Places = field(default_factory=Places)
    cells: Counter[str] = field(default_factory=Counter)
    compares: bool = False
    repeated: set[str] = field(default_factory=set)


def scan(package: Package, book: Book, headers: set[Spot], kept: set[Spot]) -> Scan:
    """Read a whole workbook.

    Args:
        headers: cells whose text names a column (of a table, of a pivot's source).
        kept: those of them that must keep their text.

    Raises:
        FormatError, TooLargeError: as `Package.parse`.
    """
    return _Scanner(package, book, headers, kept).run()


class _Scanner:
    def __init__(self, package: Package, book: Book, headers: set[Spot], kept: set[Spot]) -> None:
        self._package, self._book = package, book
        self._headers, self._kept = headers, kept
        self._found = Scan()
        self._texts: list[Slot] = []
        self._uses: dict[int, _Use] = {}
        self._order: list[Slot | int] = []
        self._chosen: set[str] = set()
        self._inline = 0
        self._reader = CellReader()
        self._hidden: list[tuple[int, int]] | None = None
        self._choices: list[Choices] = []
        self._results: list[tuple[str, str]] = []
        self._rich: dict[int, Element] = {}
        styles = next(iter(package.related(package.main, "styles")), "")
        self._looks = font_looks(package.parse(styles)) if styles else []

    def run(self) -> Scan:
        if self._book.strings:
            self._package.parse_streamed(self._book.strings, f"{MAIN}si", self._string)
        for sheet in self._book.sheets:
            self._sheet(sheet)
        self._decide()
        return self._found

    def _string(self, element: Element) -> None:
        runs = rich_text(element)
        number = len(self._texts)
        self._texts.append(_slot(self._book.strings, "shared", number, runs, ""))
        self._found.strings.append(runs.whole)
        if element.find(f"{MAIN}r") is not None:  # until a cell tells how it looks
            self._rich[number] = deepcopy(element)

    def _sheet(self, sheet: Sheet) -> None:
        self._reader, self._inline, self._hidden = CellReader(), 0, None
        self._choices = []
        if sheet.cells and b"dataValidation" in self._package.read(sheet.part):
            rules = self._package.parse_streamed(sheet.part, _ROW, lambda row: None)
            self._choices = list(_choices(rules, sheet))
            self._found.choices += self._choices

        def visit(row: Element) -> None:
            if self._hidden is None:
                self._hidden = list(_hidden_columns(row.getroottree().getroot()))
            self._found.cells[sheet.part] += len(row)
            for cell in self._reader.cells(row):
                self._cell(sheet, cell)

        root = self._package.parse_streamed(sheet.part, _ROW, visit)
        self._extras(sheet, sheet.part, sheet_extras(root))
        for part, kind in sheet.texts:
            self._extras(sheet, part, FINDERS[kind](self._package.parse(part)))

    def _extras(self, sheet: Sheet, part: str, found: Iterator[Found]) -> None:
        for number, one in enumerate(found):
            place = messages.PLACE.format(sheet=sheet.label, place=one.place)
            self._order.append(Slot(part, "extra", number, one.text, one.marks, place, one.kind))

    def _cell(self, sheet: Sheet, cell: Cell) -> None:
        if cell.formula is not None:
            self._formula(sheet, cell)
            return
        spot = (sheet.part, cell.column, cell.row)
        if cell.inline is not None:
            number, self._inline = self._inline, self._inline + 1
            runs = own_text(cell.inline, self._look(cell))
            if spot in self._headers:
                self._found.headers[spot] = ("inline", number)
            self._choose(cell, runs.whole)
            if spot not in self._kept and is_text(runs.text):
                place = messages.PLACE.format(sheet=sheet.label, place=self._called(cell))
                self._order.append(_slot(sheet.part, "inline", number, runs, place))
            return
        if cell.shared >= len(self._texts):
            where = messages.PLACE.format(sheet=sheet.label, place=cell.reference)
            raise self._package.damaged(f"the text of a cell is missing ({where})")
        if spot in self._headers:
            self._found.headers[spot] = ("shared", cell.shared)
        text = self._texts[cell.shared]
        self._choose(cell, text.whole)
        use = self._uses.get(cell.shared)
        if use is None:
            if not is_text(text.text):
                return
            if cell.shared in self._rich:
                plain = self._look(cell)
                runs = rich_text(self._rich.pop(cell.shared), plain=plain)
                self._texts[cell.shared] = replace(text, marks=runs.marks, plain=plain)
            use = self._uses[cell.shared] = _Use(sheet.label, self._called(cell))
            self._order.append(cell.shared)
        use.count += 1
        use.kept += spot in self._kept

    def _look(self, cell: Cell) -> str:
        return self._looks[cell.style] if cell.style < len(self._looks) else ""

    def _called(self, cell: Cell) -> str:
        hidden = cell.hidden or any(low <= cell.column <= up for low, up in self._hidden or ())
        return messages.HIDDEN_CELL.format(cell=cell.reference) if hidden else cell.reference

    def _choose(self, cell: Cell, text: str) -> None:
        """Remember a text that was chosen from a list."""
        for rule in self._choices:
            if text.strip() in rule.items and any(
                lies_in(area, cell.column, cell.row) for area in rule.areas
            ):
                self._chosen.add(folded(text.strip()))

    def _formula(self, sheet: Sheet, cell: Cell) -> None:
        found = self._found
        found.formulas.add(sheet.part)
        place = messages.PLACE.format(sheet=sheet.label, place=cell.reference)
        if any(map(str.isalpha, cell.cached)):
            self._results.append((place, cell.cached))
        formula = (cell.formula.text or "") if cell.formula is not None else ""
        found.compares = found.compares or _COMPARES.search(formula) is not None
        if '"' not in formula and "INDIRECT" not in formula.upper():
            return
        functions = used_functions(formula)
        if "INDIRECT" in functions:
            found.indirect.add(place)
        inside = any(map(_LOOKS_INTO_TEXT.fullmatch, functions))
        for text in literals(formula):
            if any(map(str.isalpha, text)):
                found.literals.setdefault(text, Places()).add(place)
                if inside or "*" in text or "?" in text:
                    found.partly.add(text)

    def _decide(self) -> None:
        """Sort out which texts follow something else instead of being translated."""
        named: set[str] = set()
        if self._found.indirect.count:
            named = {folded(sheet.name) for sheet in self._book.sheets}
            named |= {folded(name) for name in self._book.names}
            named |= {folded(table.name) for sheet in self._book.sheets for table in sheet.tables}
        fixed = self._chosen | named
        shown: Counter[str] = Counter()
        for one in self._order:
            slot = one if isinstance(one, Slot) else self._texts[one]
            if slot.kind != "extra":
                shown[folded(slot.whole)] += self._uses[one].count if isinstance(one, int) else 1
            if slot.kind != "extra" and folded(slot.whole.strip()) in fixed:
                self._found.fixed.append(slot)
                continue
            if isinstance(one, int):
                use = self._uses[one]
                if use.kept == use.count:
                    continue
                cell = use.cell
                if use.count > 1:
                    cell = messages.MORE_CELLS.format(cell=cell, count=use.count - 1)
                place = messages.PLACE.format(sheet=use.place, place=cell)
                slot = replace(slot, place=place)
            self._found.slots.append(slot)
        self._found.repeated = {text for text, count in shown.items() if count > 1}
        texts = {folded(slot.whole) for slot in self._found.slots}
        for place, result in self._results:
            if folded(result) not in texts:
                self._found.built.add(place)
        self._found.choices = [
            rule for rule in self._found.choices if any(is_text(item) for item in rule.items)
        ]


def _slot(part: str, kind: Kind, number: int, runs: Runs[Element | None], place: str) -> Slot:
    return Slot(part, kind, number, runs.text, runs.marks, place, "cell", runs.lead, runs.tail)


def _hidden_columns(root: Element) -> Iterator[tuple[int, int]]:
    for column in root.iter(f"{MAIN}col"):
        low, high = column.get("min", ""), column.get("max", "")
        if column.get("hidden") in ("1", "true") and low.isdigit() and high.isdigit():
            yield int(low), int(high)


def _choices(root: Element, sheet: Sheet) -> Iterator[Choices]:
    for rule in root.iter(f"{MAIN}dataValidation"):
        items = choice_items(rule)
        if items:
            cells = rule.get("sqref", "")
            place = messages.LIST_ITEM.format(sheet=sheet.label, cell=cells.split(" ")[0])
            yield Choices(sheet.part, place, tuple(areas(cells)), items)


def choice_items(rule: Element) -> tuple[str, ...]:
    """The choices that are written into a rule; none if they are those of cells."""
    if rule.get("type") != "list":
        return ()
    found = _CHOICES.fullmatch(rule.findtext(f"{MAIN}formula1") or "")
    if found is None:
        return ()
    return tuple(item.strip() for item in unescaped(found[1].replace('""', '"')).split(","))
