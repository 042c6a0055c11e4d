"""The structure of a workbook: its sheets, the parts that belong to them, its tables and names.

Reads, never writes; knows nothing about cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.ooxml import Package
from kakehashi.documents.xlsx_formula import folded
from kakehashi.documents.xlsx_xml import MAIN, RELATION, Area, areas, unescaped

Element = etree._Element

# Parts with text that belong to a sheet, by the type of the relationship.
_WITH_TEXT: Final = {
    "comments": "comments",
    "threadedComment": "threads",
    "drawing": "drawing",
    "chart": "chart",
    "chartEx": "chart",
    "chartUserShapes": "drawing",
    "diagramData": "drawing",
    "diagramDrawing": "drawing",
}
_AREA_NAME: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table ("format as table") and the cells of its header.

    Attributes:
        part: where it is defined.
        name: as formulas call it.
        area: all of its cells.
        columns: the names of its columns.
        header: it has a row of header cells.
        outside: its columns are those of a query or a schema, which are not in the workbook.
    """

    part: str
    name: str
    area: Area
    columns: tuple[str, ...]
    header: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class Pivot:
    """The cached source of pivot tables.

    Attributes:
        part: where the cache is defined.
        table: name of the table that is the source, "" if it is an area.
        sheet, area: the area that is the source; `sheet` is a name.
        fields: names of the fields, in the order of the source's columns.
        computed: it has fields with a formula, which names other fields.
    """

    part: str
    table: str
    sheet: str
    area: Area | None
    fields: tuple[str, ...]
    computed: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        name: as people see it.
        part: its XML.
        cells: it has cells (a chart sheet has none).
        label: how places begin.
        tables: in it.
        texts: parts with text that belong to it, with what they are ("comments" …).
    """

    name: str
    part: str
    cells: bool
    label: str
    tables: tuple[Table, ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as it was opened.

    Attributes:
        strings: the part with shared strings, "" if there is none.
        names: defined names, with what they stand for.
        sliced: names of fields to which slicers and timelines refer, `folded`.
    """

    sheets: tuple[Sheet, ...]
    strings: str
    pivots: tuple[Pivot, ...]
    names: dict[str, str] = field(default_factory=dict)
    sliced: frozenset[str] = frozenset()


def read_book(package: Package) -> Book:
    """The structure of a workbook.

    Raises:
        FormatError: damaged.
    """
    root = package.parse(package.main)
    relations = {one.id: one for one in package.relationships(package.main)}
    sheets: list[Sheet] = []
    seen: set[str] = set()
    for element in root.iter(f"{MAIN}sheet"):
        name = element.get("name", "")
        relation = relations.get(element.get(f"{RELATION}id", ""))
        if relation is None or relation.external or not package.has(relation.target):
            raise package.damaged(f"the sheet '{name}' is missing")
        if relation.type not in ("worksheet", "chartsheet") or relation.target in seen:
            continue  # sheets of macros and dialogues of Excel 4 and 5
        seen.add(relation.target)
        hidden = element.get("state", "visible") != "visible"
        label = (messages.HIDDEN_SHEET if hidden else messages.SHEET).format(name=name)
        cells = relation.type == "worksheet"
        sheets.append(
            Sheet(
                name,
                relation.target,
                cells,
                label,
                tuple(_tables(package, relation.target)),
                tuple(_text_parts(package, relation.target, seen)),
            )
        )
    names = {n.get("name", ""): n.text or "" for n in root.iter(f"{MAIN}definedName")}
    strings = next(iter(package.related(package.main, "sharedStrings")), "")
    pivots = tuple(_pivots(package, names))
    return Book(tuple(sheets), strings, pivots, names, _sliced(package))


def _text_parts(package: Package, part: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Parts with text below a sheet; those of a drawing come right after it."""
    for one in package.relationships(part):
        kind = _WITH_TEXT.get(one.type)
        if kind and not one.external and package.has(one.target) and one.target not in seen:
            seen.add(one.target)
            yield one.target, kind
            yield from _text_parts(package, one.target, seen)


def _tables(package: Package, part: str) -> Iterator[Table]:
    for target in package.related(part, "table"):
        root = package.parse(target)
        found = areas(root.get("ref", ""))
        if len(found) != 1:
            raise package.damaged(f"its part '{target}' does not say where the table is")
        columns = tuple(unescaped(c.get("name", "")) for c in root.iter(f"{MAIN}tableColumn"))
        outside = root.get("tableType", "worksheet") != "worksheet" or any(
            column.get("queryTableFieldId") or column.find(f"{MAIN}xmlColumnPr") is not None
            for column in root.iter(f"{MAIN}tableColumn")
        )
        yield Table(
            target,
            root.get("displayName", root.get("name", "")),
            found[0],
            columns,
            root.get("headerRowCount", "1") not in ("0", "false"),
            outside,
        )


def _pivots(package: Package, names: dict[str, str]) -> Iterator[Pivot]:
    for part in package.related(package.main, "pivotCacheDefinition"):
        root = package.parse(part)
        source = root.find(f"{MAIN}cacheSource/{MAIN}worksheetSource")
        if source is None or source.get(f"{RELATION}id"):
            continue
        fields = list(root.iter(f"{MAIN}cacheField"))
        table, sheet, area = source.get("name", ""), source.get("sheet", ""), None
        if table in names:
            found = _AREA_NAME.fullmatch(names[table])
            if found is not None:
                sheet = (found[1] or found[2]).replace("''", "'")
                area, table = areas(found[3])[0], ""
        elif not table:
            area = next(iter(areas(source.get("ref", ""))), None)
        yield Pivot(
            part,
            table,
            sheet,
            area,
            tuple(unescaped(f.get("name", "")) for f in fields if f.get("databaseField") != "0"),
            any(one.get("formula") for one in fields),
        )


def _sliced(package: Package) -> frozenset[str]:
    found = set()
    for part in package.names:
        if "slicercache" in part.lower() or "timelinecache" in part.lower():
            if part.endswith(".rels"):
                continue
            found.add(folded(unescaped(package.parse(part).get("sourceName", ""))))
    return frozenset(found)
