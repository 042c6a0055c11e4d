"""Everything that refers to a sheet, a column or a cell's text follows when that has changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from lxml import etree

from kakehashi.documents.xlsx_book import Table
from kakehashi.documents.xlsx_cells import CellReader
from kakehashi.documents.xlsx_formula import Changes, folded, follow_reference, follow_text, rewrite
from kakehashi.documents.xlsx_scan import choice_items
from kakehashi.documents.xlsx_xml import MAIN, escaped, inside, set_text, unescaped

Element = etree._Element

# Elements and attributes that hold a formula, in any of the vocabularies of a workbook's parts.
_FORMULAS: Final = frozenset(
    (
        "f",
        "formula",
        "formula1",
        "formula2",
        "definedName",
        "calculatedColumnFormula",
        "totalsRowFormula",
    )
)
_ATTRIBUTES: Final = frozenset(
    ("textlink", "fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx", "linkedCell", "listFillRange")
)
# Copies of cells' texts, which charts show until they are calculated anew.
_CACHES: Final = frozenset(("strCache", "lvl"))
_LONGEST_CHOICES: Final = 255
_HYPERLINK: Final = "/hyperlink"


def follow(root: Element, changes: Changes, table: str = "") -> bool:
    """Rewrite formulas, references and copies of texts in a part; whether anything changed.

    Cells are left out (`follow_cells`).
    """
    changed = False
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _FORMULAS and element.text and not _in_cell(element):
            changed |= _set(element, rewrite(element.text, changes, table))
        for key, value in element.attrib.items():
            new = _attribute(element, name, str(key), str(value), changes)
            if new is not None and new != value:
                element.set(key, new)
                changed = True
        if name in ("v", "pt") and element.text and _is_cache(element):
            changed |= _set(element, changes.texts.get(folded(element.text), element.text))
    return changed


def _set(element: Element, text: str) -> bool:
    if text == element.text:
        return False
    element.text = text
    return True


def _in_cell(element: Element) -> bool:
    holder = element.getparent()
    return holder is not None and holder.tag == f"{MAIN}c"


def _is_cache(element: Element) -> bool:
    holders = [etree.QName(one).localname for one in element.iterancestors()][:2]
    return any(name in _CACHES for name in holders)


def _attribute(element: Element, name: str, key: str, value: str, changes: Changes) -> str | None:
    if key in _ATTRIBUTES or (name == "cfvo" and key == "val"):
        return rewrite(value, changes)
    if name == "hyperlink" and key == "location" and changes.sheets:
        return follow_reference(unescaped(value), changes.sheets)
    if key == "sheet" and name in ("worksheetSource", "dataRef", "rangeSet"):
        return changes.sheets.get(folded(value))
    texts = changes.texts
    if (name, key) in (("filter", "val"), ("customFilter", "val"), ("cfRule", "text")):
        return follow_text(unescaped(value), texts)
    if (name, key) in (("hyperlink", "display"), ("tableColumn", "totalsRowLabel")):
        new = texts.get(folded(unescaped(value)))
        return None if new is None else escaped(new)
    return None


def follow_cells(root: Element, changes: Changes, tables: tuple[Table, ...]) -> bool:
    """Rewrite the formulas of a sheet's cells, and the texts that they resulted in.

    A result that is the text of a translated cell is translated with it. Any other result that
    has words in it is taken out: it may be made of translated cells, and a program that shows it
    must calculate it first.
    """
    changed = False
    reader = CellReader()
    for row in root.iter(f"{MAIN}row"):
        for cell in reader.cells(row):
            if cell.formula is None:
                continue
            if cell.formula.text:
                table = _table_at(tables, cell.column, cell.row)
                changed |= _set(cell.formula, rewrite(cell.formula.text, changes, table))
            value = cell.element.find(f"{MAIN}v")
            if not changes.texts or value is None or not any(map(str.isalpha, cell.cached)):
                continue
            new = changes.texts.get(folded(unescaped(cell.cached)))
            if new is None:
                cell.element.remove(value)
                del cell.element.attrib["t"]
            else:
                set_text(value, new)
            changed = True
    return changed


def _table_at(tables: tuple[Table, ...], column: int, row: int) -> str:
    return next((one.name for one in tables if inside(one.area, column, row)), "")


def follow_choices(root: Element, items: Mapping[str, str]) -> bool:
    """Write the new choices into the rules of a sheet."""
    changed = False
    for rule in root.iter(f"{MAIN}dataValidation"):
        old = choice_items(rule)
        new = new_choices(old, items)
        leaf = rule.find(f"{MAIN}formula1")
        if leaf is not None and new != old:
            leaf.text = '"' + escaped(",".join(new)).replace('"', '""') + '"'
            changed = True
    return changed


def new_choices(old: tuple[str, ...], items: Mapping[str, str]) -> tuple[str, ...]:
    """The new items of a list; the old ones if Excel would not take the list.

    A rule holds 255 characters, and a comma would part an item in two.
    """
    new = tuple(items.get(folded(item), item) for item in old)
    too_long = len(",".join(new)) > _LONGEST_CHOICES
    double = len({folded(item) for item in new}) < len({folded(item) for item in old})
    return old if too_long or double else new


def follow_links(root: Element, changes: Changes) -> bool:
    """Hyperlinks of shapes to places in the workbook, which are relationships (``#予算!A1``)."""
    changed = False
    for relation in root:
        target = relation.get("Target", "")
        if target.startswith("#") and relation.get("Type", "").endswith(_HYPERLINK):
            new = follow_reference(unquote(target), changes.sheets)
            if new is not None:
                relation.set("Target", quote(new, safe="#!'$:"))
                changed = True
    return changed


def follow_titles(root: Element, sheets: Mapping[str, str]) -> bool:
    """The list of sheets and named areas in the file's properties (docProps/app.xml)."""
    changed = False
    for leaf in root.iter("{*}lpstr"):
        old = leaf.text or ""
        new = sheets.get(folded(old)) or follow_reference_name(old, sheets)
        if new is not None:
            changed |= _set(leaf, new)
    return changed


def follow_reference_name(text: str, sheets: Mapping[str, str]) -> str | None:
    """``予算!Print_Area`` with the sheet's new name, None if it is something else."""
    found = re.fullmatch(r"('(?:[^']|'')+'|[^'!]+)(![^!]+)", text)
    if found is None:
        return None
    new = follow_reference(found[1] + "!", sheets)
    return None if new is None else new[:-1] + found[2]
