"""Excel workbooks (xlsx, xlsm): words are translated, everything that calculates stays intact.

The XML is edited in place. Segments are texts of cells (a text that many cells share is one
segment), comments, shapes, charts, headers, input hints. Not translated: numbers, dates, codes,
formulas and what they result in, names of ranges and tables.

What refers to a text follows it:

- The name of a table's column and its header cell stay the same; structured references in all
  formulas, pivot tables and filters follow (`xlsx_headers`, `xlsx_pivot`).
- A text in a formula that equals the text of a translated cell (``=IF(A1="済",…)``, also in
  COUNTIF criteria, conditional formats and filters) is translated with it, and a warning names
  the formula. One that is only looked for inside of texts (FIND, wildcards) is left, with a
  warning.
- Results of formulas that programs keep are renewed: Excel calculates the whole workbook when it
  opens it.

On request only: names of sheets (`translate_sheet_names`), and choices that are written into a
data validation (`translate_lists`). Both add segments.

Known limits: labels of form controls, words in formulas that are not the text of any cell, and
macros stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark, Segment, check_marks
from kakehashi.documents.cell_text import is_text
from kakehashi.documents.ooxml import open_package
from kakehashi.documents.saving import write_atomic
from kakehashi.documents.xlsx_book import Book, read_book
from kakehashi.documents.xlsx_formula import folded
from kakehashi.documents.xlsx_headers import HeaderRow, header_rows
from kakehashi.documents.xlsx_names import sheet_names
from kakehashi.documents.xlsx_plan import Job
from kakehashi.documents.xlsx_scan import Scan, Slot, Spot, scan
from kakehashi.documents.xlsx_write import Writer

_ITEMS_SHOWN: Final = 5


class XlsxDocument:
    """An opened workbook."""

    format = "xlsx"

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            FormatError: no workbook, encrypted, in an old format, or damaged.
            TooLargeError: it unpacks to more than the limits.
        """
        self._package = open_package(data, name, "xlsx")
        self._book: Book = read_book(self._package)
        self._rows = header_rows(self._book)
        headers, kept = _header_spots(self._rows)
        self._scan: Scan = scan(self._package, self._book, headers, kept)
        self._slots = list(self._scan.slots)
        self._names: list[str] = []
        self._items: list[str] = []
        self._new: dict[int, tuple[str, tuple[Mark, ...]]] = {}
        self._found = tuple(self._warnings())
        self._late: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All translatable segments, in reading order; names and choices on request at the end."""
        texts = [(slot.text, slot.place, slot.use, slot.marks) for slot in self._slots]
        texts += [(n, messages.SHEET_NAME.format(name=n), "sheet name", ()) for n in self._names]
        texts += [(item, self._place_of(item), "choice", ()) for item in self._items]
        return tuple(Segment(number, *one) for number, one in enumerate(texts))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know: of the workbook, and of what was rendered last."""
        return self._found + self._late

    def translate_sheet_names(self, on: bool = True) -> None:
        """Whether names of sheets are segments (kind "sheet name", at the end).

        A new name is made to fit Excel's rules (31 characters …); all references to the sheet
        follow. To be called before the segments are taken; replacements are forgotten.
        """
        self._names = [s.name for s in self._book.sheets if on and is_text(s.name)]
        self._new.clear()

    def translate_lists(self, on: bool = True) -> None:
        """Whether choices written into data validations are segments (kind "choice", at the end).

        The cells in which they were chosen follow. To be called before the segments are taken;
        replacements are forgotten.
        """
        items = (item for rule in self._scan.choices for item in rule.items if is_text(item))
        self._items = list(dict.fromkeys(items)) if on else []
        self._new.clear()
        self._found = tuple(self._warnings())

    def replace(self, segment_id: int, text: str, marks: tuple[Mark, ...] = ()) -> None:
        """Put `text` where the segment was; see `Document.replace`.

        Raises:
            ValueError: no such segment, an unknown mark, or a mark outside of the text.
        """
        segments = len(self._slots) + len(self._names) + len(self._items)
        if not 0 <= segment_id < segments:
            raise ValueError(f"the document has no segment {segment_id}")
        own = self._slots[segment_id].marks if segment_id < len(self._slots) else ()
        known = {mark.key for mark in own}
        check_marks(segment_id, text, marks, known)
        if text == self._text_of(segment_id) and (not marks or marks == own):
            self._new.pop(segment_id, None)
            return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        given = {mark.key for mark in marks}
        for mark in own:
            if mark.protected and mark.key not in given:
                covered = self._slots[segment_id].text[mark.start : mark.end]
                marks = (*marks, replace(mark, start=len(text), end=len(text) + len(covered)))
                text += covered
        self._new[segment_id] = (text, marks)

    def set_language(self, code: str) -> None:
        """Nothing: a workbook does not say in which language it is."""

    def render(self) -> bytes:
        """The whole workbook with all replacements."""
        job = self._job()
        writer = Writer(self._package, self._book, self._scan, self._rows, job)
        data = writer.render()
        self._late = tuple(dict.fromkeys(writer.warnings))
        return data

    def save(self, path: Path) -> None:
        """Write `render()` to `path`, whole or not at all.

        Raises:
            OutputError: the file could not be written.
        """
        write_atomic(path, self.render())

    def _text_of(self, segment_id: int) -> str:
        if segment_id < len(self._slots):
            return self._slots[segment_id].text
        return (self._names + self._items)[segment_id - len(self._slots)]

    def _job(self) -> Job:
        texts: list[tuple[Slot, str, tuple[Mark, ...]]] = []
        names: dict[str, str] = {}
        items: dict[str, str] = {}
        for number, (text, marks) in sorted(self._new.items()):
            if number < len(self._slots):
                texts.append((self._slots[number], text, marks))
            elif number < len(self._slots) + len(self._names):
                names[self._text_of(number)] = text
            elif text.strip():
                # A comma would part a choice in two.
                items[folded(self._text_of(number))] = " / ".join(
                    part.strip() for part in text.replace("\n", " ").split(",") if part.strip()
                )
        old = [sheet.name for sheet in self._book.sheets]
        wanted = {at: names[name] for at, name in enumerate(old) if name in names}
        new = sheet_names(old, wanted)
        renamed = dict(zip(map(folded, old), new, strict=True)) if new != old else {}
        return Job(texts, renamed, items)

    def _place_of(self, item: str) -> str:
        return next((rule.place for rule in self._scan.choices if item in rule.items), "")

    def _warnings(self) -> Iterator[str]:
        found = self._scan
        yield from self._package.warnings
        for row in self._rows:
            names = [name for name, keep in zip(row.names, row.kept, strict=True) if keep]
            if any(map(is_text, names)):
                yield messages.COLUMNS_KEPT.format(place=row.place, names=", ".join(names))
        if not self._items:
            for rule in found.choices:
                items = ", ".join(rule.items[:_ITEMS_SHOWN])
                yield messages.CHOICES.format(place=rule.place, items=items)
        if found.indirect.count:
            yield messages.INDIRECT.format(places=found.indirect)
        if found.built.count:
            yield messages.BUILT.format(places=found.built)
        if any("/ctrlProps/" in part for part in self._package.names):
            yield messages.CONTROLS


def _header_spots(rows: list[HeaderRow]) -> tuple[set[Spot], set[Spot]]:
    """Header cells, and those of them that must keep their text."""
    headers: set[Spot] = set()
    kept: set[Spot] = set()
    for row in rows:
        for spot, keep in zip(row.spots(), row.kept, strict=True):
            headers.add(spot)
            if keep:
                kept.add(spot)
    return headers, kept
