"""Write a workbook with new texts: only the parts that change are written, and all that refer
to a changed text, column or sheet follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark
from kakehashi.documents.ooxml import Package, xml_bytes
from kakehashi.documents.xlsx_book import Book, Pivot, Sheet
from kakehashi.documents.xlsx_cells import CellReader, own_holder, own_text
from kakehashi.documents.xlsx_fit import Styles, fit
from kakehashi.documents.xlsx_follow import (
    follow,
    follow_cells,
    follow_choices,
    follow_links,
    follow_titles,
    new_choices,
)
from kakehashi.documents.xlsx_formula import Changes, folded, follow_text
from kakehashi.documents.xlsx_headers import HeaderRow, area_key, renamed
from kakehashi.documents.xlsx_parts import Found, mirror_threads, sheet_extras
from kakehashi.documents.xlsx_pivot import follow_cache, follow_pivot, follow_records
from kakehashi.documents.xlsx_scan import FINDERS, Kind, Places, Scan, Slot, Spot
from kakehashi.documents.xlsx_xml import (
    CELL_LIMIT,
    MAIN,
    escaped,
    put_plain_text,
    put_rich_text,
    rich_text,
    set_text,
)

Element = etree._Element

# Of the elements in a sheet whose content follows something.
_HOOKS: Final = (
    b"ormatting",
    b"dataValidation",
    b"ilter",
    b"hyperlink",
    b"extLst",
    b"controls",
    b"dataConsolidate",
)
# Characters of a text that is short enough to be added to another.
_SHORT: Final = 24
# Cells of a sheet that is looked at for texts that do not fit: all of them are in memory then.
_MOST_FITTED: Final = 200_000
_PROPERTIES: Final = "docProps/app.xml"
# What stands behind calcPr in a workbook (ECMA-376 §18.2.27, CT_Workbook).
_BEHIND_CALCULATION: Final = frozenset(
    f"{MAIN}{name}"
    for name in (
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "webPublishObjects",
        "extLst",
    )
)


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


@dataclass(slots=True)
class _Plan:
    """The new text of every string, before anything is written."""

    shared: dict[int, tuple[str, tuple[Mark, ...]]] = field(default_factory=dict)
    whole: dict[tuple[str, Kind, int], tuple[str, str]] = field(default_factory=dict)
    own: dict[str, dict[int, tuple[str, tuple[Mark, ...]]]] = field(default_factory=dict)
    extra: dict[str, dict[int, tuple[str, tuple[Mark, ...]]]] = field(default_factory=dict)
    cells: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


class Writer:
    """Writes one workbook once.

    Attributes:
        warnings: what a person should know of the result.
    """

    def __init__(
        self, package: Package, book: Book, scan: Scan, rows: Sequence[HeaderRow], job: Job
    ) -> None:
        self._package, self._book, self._scan = package, book, scan
        self._rows, self._job = rows, job
        self._plan = _Plan()
        self._out: dict[str, bytes | None] = {}
        self._added: list[str] = []
        self._texts: dict[str, str] = {}
        self._changes = Changes()
        self._styles: Styles | None = None
        self.warnings: list[str] = []

    def render(self) -> bytes:
        """The workbook; its own bytes if nothing changes."""
        job = self._job
        if not (job.texts or job.sheets or job.items):
            return self._package.render({})
        self._items = self._possible_items()
        self._settle_texts()
        columns = self._settle_headers()
        self._changes = Changes(job.sheets, columns, self._texts)
        styles = next(iter(self._package.related(self._package.main, "styles")), "")
        self._styles = Styles(self._package.parse(styles)) if styles else None
        for sheet in self._book.sheets:
            self._sheet(sheet)
            for part, kind in sheet.texts:
                self._text_part(sheet, part, kind)
            self._tables(sheet)
        if self._styles is not None and self._styles.changed:
            self._out[styles] = xml_bytes(self._styles.root)
        self._strings()
        self._pivots(columns)
        self._workbook()
        if job.sheets:
            self._references_to_sheets()
        self._say_what_follows()
        return self._package.render(self._out)

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
        plan = self._plan
        apart = self._told_apart()
        for slot, text, marks in self._job.texts:
            if slot.kind == "extra":
                plan.extra.setdefault(slot.part, {})[slot.number] = (text, marks)
                continue
            self._settle(slot, text + apart.get(folded(slot.whole), ""), marks)
        follows = {**self._job.sheets, **self._items}
        for slot in self._scan.fixed:
            new = follows.get(folded(slot.text))
            if new is not None and new != slot.text:
                self._settle(slot, new, ())
        for item, new in self._items.items():
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
        plan = self._plan
        if slot.kind == "shared":
            plan.shared[slot.number] = (text, marks)
        else:
            plan.own.setdefault(slot.part, {})[slot.number] = (text, marks)
        old, new = slot.whole, slot.lead + text + slot.tail
        if len(new) > CELL_LIMIT:
            self.warnings.append(messages.CELL_CUT.format(place=slot.place, limit=CELL_LIMIT))
            new = new[:CELL_LIMIT]
        plan.whole[slot.part, slot.kind, slot.number] = (old, new)
        self._follow(old, new)

    def _follow(self, old: str, new: str) -> None:
        self._texts.setdefault(folded(old), new)

    def _settle_headers(self) -> dict[str, dict[str, str]]:
        """New names of columns by table; areas of pivot tables are keyed by their place."""
        columns: dict[str, dict[str, str]] = {}
        for row in self._rows:
            new, cells = renamed(row, self._texts_of)
            columns[row.key] = new
            for (part, column, line), text in cells.items():
                self._plan.cells.setdefault(part, {})[column, line] = text
        return columns

    def _texts_of(self, spot: Spot) -> tuple[str, str] | None:
        found = self._scan.headers.get(spot)
        if found is None:
            return None
        kind, number = found
        part = self._book.strings if kind == "shared" else spot[0]
        if (part, kind, number) in self._plan.whole:
            return self._plan.whole[part, kind, number]
        if kind == "shared":
            return self._scan.strings[number], self._scan.strings[number]
        return None

    def _sheet(self, sheet: Sheet) -> None:
        plan, part = self._plan, sheet.part
        cells = plan.cells.get(part, {})
        own = plan.own.get(part, {})
        extra = plan.extra.get(part, {})
        data = self._package.read(part)
        # Formulas, rules, filters and links follow; a sheet without any keeps its bytes unseen.
        hooked = part in self._scan.formulas or any(name in data for name in _HOOKS)
        fits = self._styles is not None and 0 < self._scan.cells[part] <= _MOST_FITTED
        if not (cells or own or extra or hooked or fits):
            return
        root = self._package.parse(part)
        changed = fits and self._fit(root, part)
        changed |= self._cells(root, own, cells)
        changed |= self._extras(sheet_extras(root), extra)
        changed |= follow(root, self._changes)
        if part in self._scan.formulas:
            changed |= follow_cells(root, self._changes, sheet.tables)
        if self._items:
            changed |= follow_choices(root, self._items)
        if changed:
            self._out[part] = xml_bytes(root)

    def _fit(self, root: Element, part: str) -> bool:
        """Make room for texts that have grown."""
        assert self._styles is not None
        plan, reader, number = self._plan, CellReader(), 0
        other = plan.cells.get(part, {})
        texts: dict[tuple[int, int], tuple[str, str]] = {}
        for row in root.iter(f"{MAIN}row"):
            for cell in reader.cells(row):
                found = None
                if cell.inline is not None:
                    found = plan.whole.get((part, "inline", number))
                    number += 1
                elif cell.shared >= 0:
                    found = plan.whole.get((self._book.strings, "shared", cell.shared))
                if found is not None:
                    spot = (cell.column, cell.row)
                    texts[spot] = (found[0], other.get(spot, found[1]))
        return bool(texts) and fit(root, self._styles, texts)

    def _cells(
        self,
        root: Element,
        own: Mapping[int, tuple[str, tuple[Mark, ...]]],
        cells: Mapping[tuple[int, int], str],
    ) -> bool:
        if not own and not cells:
            return False
        reader, number = CellReader(), 0
        for row in root.iter(f"{MAIN}row"):
            for cell in reader.cells(row):
                text = cells.get((cell.column, cell.row))
                if cell.inline is not None:
                    runs = own_text(cell.inline)
                    if text is not None:
                        put_plain_text(own_holder(cell.element, cell.inline), text)
                    elif number in own:
                        holder = own_holder(cell.element, cell.inline)
                        put_rich_text(holder, runs, *own[number])
                    number += 1
                elif text is not None and cell.shared >= 0:
                    value = cell.element.find(f"{MAIN}v")
                    assert value is not None
                    value.text = str(len(self._scan.strings) + len(self._added))
                    self._added.append(text)
        return True

    def _extras(
        self, found: Iterator[Found], new: Mapping[int, tuple[str, tuple[Mark, ...]]]
    ) -> bool:
        if not new:
            return False
        for number, one in enumerate(list(found)):
            if number in new and (warning := one.put(*new[number])):
                self.warnings.append(warning)
        return True

    def _text_part(self, sheet: Sheet, part: str, kind: str) -> None:
        root = self._package.parse(part)
        changed = self._extras(FINDERS[kind](root), self._plan.extra.get(part, {}))
        threads = {one for one, other in sheet.texts if other == "threads"}
        if kind == "comments" and threads:
            texts = {slot.text: text for slot, text, _ in self._job.texts if slot.part in threads}
            changed |= mirror_threads(root, texts)
        changed |= follow(root, self._changes)
        if changed:
            self._out[part] = xml_bytes(root)

    def _tables(self, sheet: Sheet) -> None:
        for table in sheet.tables:
            root = self._package.parse(table.part)
            columns = self._changes.columns.get(folded(table.name), {})
            changed = follow(root, self._changes, table.name)
            for element, name in zip(root.iter(f"{MAIN}tableColumn"), table.columns, strict=True):
                new = columns.get(folded(name))
                if new is not None:
                    # A line break in the name of a column is spelled in this way, and in no other.
                    element.set("name", escaped(new).replace("\n", "_x000a_"))
                    changed = True
            if changed:
                self._out[table.part] = xml_bytes(root)

    def _strings(self) -> None:
        if not self._plan.shared and not self._added:
            return
        root = self._package.parse(self._book.strings)
        for number, element in enumerate(root.iterchildren(f"{MAIN}si")):
            if number in self._plan.shared:
                put_rich_text(element, rich_text(element), *self._plan.shared[number])
        for text in self._added:
            leaf = etree.SubElement(etree.SubElement(root, f"{MAIN}si"), f"{MAIN}t")
            set_text(leaf, text)
        unique = root.get("uniqueCount", "")
        if self._added and unique.isdigit():
            root.set("uniqueCount", str(int(unique) + len(self._added)))
        self._out[self._book.strings] = xml_bytes(root)

    def _pivots(self, columns: Mapping[str, Mapping[str, str]]) -> None:
        package = self._package
        for pivot in self._book.pivots:
            root = package.parse(pivot.part)
            names = columns.get(self._source(pivot), {})
            changed = follow(root, self._changes)
            if follow_cache(root, names, self._texts) or changed:
                self._out[pivot.part] = xml_bytes(root)
            for part in package.related(pivot.part, "pivotCacheRecords"):
                records = package.parse(part)
                if follow_records(records, self._texts):
                    self._out[part] = xml_bytes(records)
        fields = frozenset(
            folded(new) for names in columns.values() for new in names.values()
        ) | frozenset(folded(name) for pivot in self._book.pivots for name in pivot.fields)
        for sheet in self._book.sheets:
            for part in package.related(sheet.part, "pivotTable"):
                root = package.parse(part)
                if follow_pivot(root, fields, self._texts):
                    self._out[part] = xml_bytes(root)

    def _source(self, pivot: Pivot) -> str:
        """The key of the header row from which a pivot's fields have their names."""
        for sheet in self._book.sheets:
            if pivot.area is None or folded(sheet.name) != folded(pivot.sheet):
                continue
            for table in sheet.tables:
                if table.area == pivot.area:
                    return folded(table.name)
            return area_key(sheet.part, pivot.area[0], pivot.area[1])
        return folded(pivot.table)

    def _workbook(self) -> None:
        root = self._package.parse(self._package.main)
        changed = follow(root, self._changes)
        for element in root.iter(f"{MAIN}sheet"):
            new = self._job.sheets.get(folded(element.get("name", "")))
            if new is not None:
                element.set("name", new)
                changed = True
        if self._scan.formulas:
            # Excel keeps results; those that depend on a text are old now.
            _calculation(root).set("fullCalcOnLoad", "1")
            changed = True
        if changed:
            self._out[self._package.main] = xml_bytes(root)

    def _references_to_sheets(self) -> None:
        package = self._package
        if package.has(_PROPERTIES):
            root = package.parse(_PROPERTIES)
            if follow_titles(root, self._job.sheets):
                self._out[_PROPERTIES] = xml_bytes(root)
        for part in package.names:
            if "/ctrlProps/" in part and part.endswith(".xml"):
                root = package.parse(part)
                if follow(root, self._changes):
                    self._out[part] = xml_bytes(root)
            elif "/drawings/_rels/" in part and part.endswith(".rels"):
                root = package.parse(part)
                if follow_links(root, self._changes):
                    self._out[part] = xml_bytes(root)
        if package.macros:
            self.warnings.append(messages.MACROS_AND_NAMES)

    def _say_what_follows(self) -> None:
        """Literals in formulas: those that followed a cell, and those that could not."""
        followed: list[str] = []
        places = Places()
        joined = "\0".join(self._texts)
        for text, found in self._scan.literals.items():
            new = follow_text(text, self._texts)
            if new is not None:
                followed.append(f"「{text}」→「{new}」")
                for place in found.first:
                    places.add(place)
            elif text in self._scan.partly and folded(text.strip("*?~<>=")) in joined:
                self.warnings.append(messages.LITERAL_INSIDE.format(text=text, places=found))
        if followed:
            self.warnings.append(
                messages.LITERALS_FOLLOWED.format(texts=", ".join(followed[:5]), places=places)
            )


def _calculation(root: Element) -> Element:
    """The ``calcPr`` of a workbook, made at its place if there is none."""
    found = root.find(f"{MAIN}calcPr")
    if found is None:
        found = etree.Element(f"{MAIN}calcPr")
        behind = next((one for one in root if one.tag in _BEHIND_CALCULATION), None)
        if behind is None:
            root.append(found)
        else:
            behind.addprevious(found)
    return found
