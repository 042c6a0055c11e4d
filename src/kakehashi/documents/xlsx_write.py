"""Write a workbook with new texts: only the parts that change are written, and all that refer
to a changed text, column or sheet follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
)
from kakehashi.documents.xlsx_formula import Changes, folded, follow_text
from kakehashi.documents.xlsx_headers import HeaderRow, area_key
from kakehashi.documents.xlsx_parts import Found, mirror_threads, sheet_extras
from kakehashi.documents.xlsx_pivot import follow_cache, follow_pivot, follow_records
from kakehashi.documents.xlsx_plan import Job, Plan
from kakehashi.documents.xlsx_scan import FINDERS, Places, Scan
from kakehashi.documents.xlsx_xml import (
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


class Writer:
    """Writes one workbook once.

    Attributes:
        warnings: what a person should know of the result.
    """

    def __init__(
        self, package: Package, book: Book, scan: Scan, rows: Sequence[HeaderRow], job: Job
    ) -> None:
        self._package, self._book, self._scan = package, book, scan
        self._job = job
        self._plan = Plan(book, scan, rows, job)
        self._out: dict[str, bytes | None] = {}
        self._added: list[str] = []
        self._changes = Changes()
        self._styles: Styles | None = None
        self.warnings: list[str] = []

    def render(self) -> bytes:
        """The workbook; its own bytes if nothing changes."""
        job = self._job
        if not (job.texts or job.sheets or job.items):
            return self._package.render({})
        self._plan.settle()
        columns = self._plan.columns
        self._changes = Changes(job.sheets, columns, self._plan.texts)
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
        self.warnings = self._plan.warnings + self.warnings
        return self._package.render(self._out)

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
        if self._plan.items:
            changed |= follow_choices(root, self._plan.items)
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
        looks = self._styles.looks if self._styles is not None else []
        for row in root.iter(f"{MAIN}row"):
            for cell in reader.cells(row):
                text = cells.get((cell.column, cell.row))
                if cell.inline is not None:
                    look = looks[cell.style] if cell.style < len(looks) else ""
                    runs = own_text(cell.inline, look)
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
                runs = rich_text(element, plain=self._plan.plain[number])
                put_rich_text(element, runs, *self._plan.shared[number])
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
            if follow_cache(root, names, self._plan.texts) or changed:
                self._out[pivot.part] = xml_bytes(root)
            for part in package.related(pivot.part, "pivotCacheRecords"):
                records = package.parse(part)
                if follow_records(records, self._plan.texts):
                    self._out[part] = xml_bytes(records)
        fields = frozenset(
            folded(new) for names in columns.values() for new in names.values()
        ) | frozenset(folded(name) for pivot in self._book.pivots for name in pivot.fields)
        for sheet in self._book.sheets:
            for part in package.related(sheet.part, "pivotTable"):
                root = package.parse(part)
                if follow_pivot(root, fields, self._plan.texts):
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
        joined = "\0".join(self._plan.texts)
        for text, found in self._scan.literals.items():
            new = follow_text(text, self._plan.texts)
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
