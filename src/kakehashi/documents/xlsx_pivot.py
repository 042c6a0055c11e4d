"""Pivot tables: their cached fields and items follow the cells that they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from kakehashi.documents.xlsx_formula import folded
from kakehashi.documents.xlsx_xml import MAIN, escaped, unescaped

Element = etree._Element

# Attributes of a pivot table that are texts in cells.
_CAPTIONS: Final = ("name", "caption", "subtotalCaption")
_TABLE_CAPTIONS: Final = (
    "dataCaption",
    "grandTotalCaption",
    "errorCaption",
    "missingCaption",
    "rowHeaderCaption",
    "colHeaderCaption",
)


def follow_cache(root: Element, columns: Mapping[str, str], texts: Mapping[str, str]) -> bool:
    """The definition of a cache: names of fields, shared items; it is refreshed when opened.

    Args:
        columns: old name (`folded`) → new name of the source's columns.
        texts: old text (`folded`) → new text of cells.
    """
    changed = False
    for one in root.iter(f"{MAIN}cacheField"):
        if one.get("databaseField") != "0":
            changed |= _put(one, "name", columns)
        items = list(one.iterfind(f"{MAIN}sharedItems/{MAIN}s"))
        names = [folded(unescaped(item.get("v", ""))) for item in items]
        # Two items of one name would be damage; a refresh will join them.
        if len({folded(texts.get(name, name)) for name in names}) == len(names):
            for item in items:
                changed |= _put(item, "v", texts)
    if changed:
        root.set("refreshOnLoad", "1")
    return changed


def follow_records(root: Element, texts: Mapping[str, str]) -> bool:
    """The records of a cache that hold a text instead of the number of an item."""
    found = [_put(item, "v", texts) for item in root.iter(f"{MAIN}s")]
    return any(found)


def follow_pivot(root: Element, fields: frozenset[str], texts: Mapping[str, str]) -> bool:
    """A pivot table's own captions, where they are the text of a translated cell.

    A caption must not be the name of a field (of `fields`, `folded`): a blank keeps them apart,
    as Excel does it.
    """
    changed = False
    for key in _TABLE_CAPTIONS:
        changed |= _put(root, key, texts)
    for one in root.iter(f"{MAIN}dataField", f"{MAIN}pivotField", f"{MAIN}item"):
        for key in _CAPTIONS:
            if _put(one, key, texts):
                changed = True
                if folded(one.get(key, "")) in fields:
                    one.set(key, one.get(key, "") + " ")
    return changed


def _put(element: Element, key: str, texts: Mapping[str, str]) -> bool:
    old = unescaped(element.get(key, ""))
    new = texts.get(folded(old))
    if new is None or new == old:
        return False
    element.set(key, escaped(new))
    return True
