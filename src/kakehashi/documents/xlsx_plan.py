"""What every text of a workbook becomes, settled before anything is written.

Knows nothing about XML. New texts come from the translator; here they are made to fit each other:
choices with their lists, names that formulas look up, headers with the columns of their tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark
from kakehashi.documents.xlsx_book import Book
from kakehashi.documents.xlsx_follow import new_choices
from kakehashi.documents.xlsx_formula import folded
from kakehashi.documents.xlsx_headers import HeaderRow, renamed
from kakehashi.documents.xlsx_scan import Kind, Scan, Slot, Spot
from kakehashi.documents.xlsx_xml import CELL_LIMIT

# Characters of a text that is short enough to be added to another.
_SHORT: Final = 24

Marked = tuple[str, tuple[Mark, ...]]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be written.

    Attributes:
        texts: new text and marks of slots.
        sheets: as in `Changes`.
        items: old choice (`folded`) → new choice.
    """

    texts: Sequence[tuple[Slot, str, tuple[Mark, ...]]]
    sheets: Mapping[str, str]
    items: Mapping[str, str]


class Plan:
    """The new text of every string.

    Attributes:
        shared: by number of the shared string.
        plain: `Slot.plain` of those shared strings.
        own: inline strings, by sheet's part and number.
        extra: other texts, by part and number.
        cells: cells whose text must be another than that of their string, by sheet's part.
        whole: old and new text of every string that changes, with white space around it.
        texts: old text (`folded`) → new text, for all that follows.
        items: old choice (`folded`) → new choice.
        columns: old name (`folded`) → new name, by `HeaderRow.key`.
        warnings: what a person should know.
    """

    def __init__(self, book: Book, scan: Scan, rows: Sequence[HeaderRow], job: Job) -> None:
        self._book, self._scan, self._rows, self._job = book, scan, rows, job
        self.shared: dict[int, Marked] = {}
        self.plain: dict[int, str] = {}
        self.own: dict[str, dict[int, Marked]] = {}
        self.extra: dict[str, dict[int, Marked]] = {}
        self.cells: dict[str, dict[tuple[int, int], str]] = {}
        self.whole: dict[tuple[str, Kind, int], tuple[str, str]] = {}
        self.texts: dict[str, str] = {}
        self.items: dict[str, str] = {}
        self.columns: dict[str, dict[str, str]] = {}
        self.warnings: list[str] = []

    def settle(self) -> None:
        """Fill in all of it."""
        self.items = self._possible_items()
        self._settle_texts()
        self._settle_headers()

    def _possible_items(self) -> dict[str, str]:
        """Choices whose lists can be written with the new texts."""
        items = dict(self._job.items)
        again = True
        while again:
            again = False
            for rule in self._scan.choices:
                hit = [item for item in rule.items if folded(item) in items]
                if hit and new_choices(rule.items, items) == rule.items:
                    changed = [item for item in hit if items[folded(item)] != item]
                    for item in hit:
                        del items[folded(item)]
                    if changed:
                        self.warnings.append(messages.CHOICES_KEPT.format(place=rule.place))
                        again = True
        return items

    def _settle_texts(self) -> None:
        apart = self._told_apart()
        for slot, text, marks in self._job.texts:
            if slot.kind == "extra":
                self.extra.setdefault(slot.part, {})[slot.number] = (text, marks)
                continue
            self._settle(slot, text + apart.get(folded(slot.whole), ""), marks)
        follows = {**self._job.sheets, **self.items}
        for slot in self._scan.fixed:
            new = follows.get(folded(slot.text))
            if new is not None and new != slot.text:
                self._settle(slot, new, ())
        for item, new in self.items.items():
            self._follow(item, new)

    def _told_apart(self) -> dict[str, str]:
        """What is added to translations that became the same although formulas tell them apart.

        Where formulas look up texts (VLOOKUP, MATCH, SUMIF …), two names that became one would
        silently give wrong numbers. If one of them is surely such a name (it stands in several
        cells or in a formula), those after the first get their old text in brackets.
        """
        if not self._scan.compares:
            return {}
        literals = {folded(text.lstrip("<>=")) for text in self._scan.literals}
        became: dict[str, dict[str, Slot]] = {}
        for slot, text, _ in self._job.texts:
            if slot.kind != "extra" and text.strip():
                new = folded(slot.lead + text + slot.tail)
                became.setdefault(new, {}).setdefault(folded(slot.whole), slot)
        added: dict[str, str] = {}
        for slots in became.values():
            if len(slots) < 2 or not any(
                old in literals or old in self._scan.repeated for old in slots
            ):
                continue
            for number, (old, slot) in enumerate(list(slots.items())[1:], 2):
                short = len(slot.text) <= _SHORT and "\n" not in slot.text
                added[old] = f" ({slot.text})" if short else f" ({number})"
            texts = ", ".join(f"「{slot.text[:_SHORT]}」" for slot in slots.values())
            place = next(iter(slots.values())).place
            self.warnings.append(messages.TOLD_APART.format(place=place, texts=texts))
        return added

    def _settle(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> None:
        if slot.kind == "shared":
            self.shared[slot.number] = (text, marks)
            self.plain[slot.number] = slot.plain
        else:
            self.own.setdefault(slot.part, {})[slot.number] = (text, marks)
        old, new = slot.whole, slot.lead + text + slot.tail
        if len(new) > CELL_LIMIT:
            self.warnings.append(messages.CELL_CUT.format(place=slot.place, limit=CELL_LIMIT))
            new = new[:CELL_LIMIT]
        self.whole[slot.part, slot.kind, slot.number] = (old, new)
        self._follow(old, new)

    def _follow(self, old: str, new: str) -> None:
        self.texts.setdefault(folded(old), new)

    def _settle_headers(self) -> None:
        for row in self._rows:
            new, cells = renamed(row, self._texts_of)
            self.columns[row.key] = new
            for (part, column, line), text in cells.items():
                self.cells.setdefault(part, {})[column, line] = text

    def _texts_of(self, spot: Spot) -> tuple[str, str] | None:
        found = self._scan.headers.get(spot)
        if found is None:
            return None
        kind, number = found
        part = self._book.strings if kind == "shared" else spot[0]
        if (part, kind, number) in self.whole:
            return self.whole[part, kind, number]
        if kind == "shared":
            return self._scan.strings[number], self._scan.strings[number]
        return None
