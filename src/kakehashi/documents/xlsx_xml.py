"""The XML of SpreadsheetML that several modules need: names, cell references, rich text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Final

from lxml import etree

from kakehashi.documents.base import Mark
from kakehashi.documents.ooxml import xml_text
from kakehashi.documents.runs import Piece, Runs

Element = etree._Element

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
# Characters that a cell can hold (Excel's specifications and limits).
CELL_LIMIT: Final = 32_767

# The last column and row, for references to whole rows or columns.
_LAST_COLUMN: Final = 16_384
_LAST_ROW: Final = 1_048_576
Area = tuple[int, int, int, int]


def unescaped(text: str) -> str:
    """Text of a string in SpreadsheetML: ``_x000D_`` is a character (§22.9.2.19, ST_Xstring)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def escaped(text: str) -> str:
    """The way back; characters that XML cannot hold are left out."""
    return xml_text(_ESCAPED.sub(lambda match: "_x005F" + match[0], text)).replace("\r", "_x000D_")


def rich_text(holder: Element, skip: int = 0, plain: str = "") -> Runs[Element | None]:
    """The text of a shared string, an inline string or a comment; readings of kanji left out.

    Args:
        plain: how a run without a format of its own looks: as the cell's font (`font_looks`).
            Excel spells that font out in every run but the first.
    """
    return Runs(list(_pieces(holder, plain)), skip)


def font_looks(styles: Element) -> list[str]:
    """How text in a cell looks, by the number of the cell's format."""
    fonts = [_look(font, "") for font in styles.iterfind(f"{MAIN}fonts/{MAIN}font")]
    numbers = [xf.get("fontId", "0") for xf in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
    return [fonts[int(n)] if n.isdigit() and int(n) < len(fonts) else "" for n in numbers]


def _pieces(holder: Element, plain: str) -> Iterator[Piece[Element | None]]:
    for child in holder:
        if child.tag == f"{MAIN}t":
            yield Piece(unescaped(child.text or ""), None, plain)
        elif child.tag == f"{MAIN}r":
            text = "".join(t.text or "" for t in child.iterchildren(f"{MAIN}t"))
            properties = child.find(f"{MAIN}rPr")
            yield Piece(unescaped(text), properties, _look(properties, plain))


def _look(properties: Element | None, plain: str) -> str:
    """What tells formats apart: all but fonts' technical attributes and the size's spelling."""
    if properties is None:
        return plain
    parts = []
    for child in properties:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        if name in ("rFont", "name", "family", "charset", "scheme"):
            continue  # Excel changes the font between Latin and Japanese letters by itself
        parts.append(name + "".join(f" {k}={v}" for k, v in sorted(child.attrib.items())))
    return ";".join(sorted(parts))


def put_rich_text(
    holder: Element, runs: Runs[Element | None], text: str, marks: Sequence[Mark]
) -> str:
    """Write a new text into `holder`; says what the whole of it is now.

    Phonetic readings go: they are those of the old text.
    """
    written = _within_limit(runs.put(text, marks))
    if len(written) == 1 and written[0][1] is None:
        put_plain_text(holder, written[0][0])
        return written[0][0]
    _empty(holder)
    for at, (words, properties, _) in enumerate(written):
        run = etree.Element(f"{MAIN}r")
        if properties is not None:
            run.append(deepcopy(properties))
        set_text(etree.SubElement(run, f"{MAIN}t"), words)
        holder.insert(at, run)
    return "".join(words for words, _, _ in written)


def put_plain_text(holder: Element, text: str) -> None:
    """Write a text without formats of its own into `holder`."""
    _empty(holder)
    leaf = etree.Element(f"{MAIN}t")
    set_text(leaf, text)
    holder.insert(0, leaf)


def _empty(holder: Element) -> None:
    for child in list(holder):
        if child.tag in (f"{MAIN}t", f"{MAIN}r", f"{MAIN}rPh", f"{MAIN}phoneticPr"):
            holder.remove(child)


def _within_limit(
    written: list[tuple[str, Element | None, int]],
) -> list[tuple[str, Element | None, int]]:
    kept = []
    room = CELL_LIMIT
    for words, properties, number in written:
        if words[:room]:
            kept.append((words[:room], properties, number))
        room -= len(words[:room])
    return kept or [("", None, 0)]


def set_text(leaf: Element, text: str) -> None:
    """The text of a ``t`` element, with its white space kept."""
    leaf.text = escaped(text)
    if leaf.text != leaf.text.strip() or "\n" in leaf.text:
        leaf.set(_SPACE, "preserve")


def column_number(letters: str) -> int:
    """1 for A."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_reference(column: int, row: int) -> str:
    """``B12`` for column 2 and row 12."""
    return f"{column_letters(column)}{row}"


def parsed_reference(reference: str) -> tuple[int, int] | None:
    """Column and row of ``B12`` or ``$B$12``."""
    found = _REFERENCE.fullmatch(reference)
    return None if found is None else (column_number(found[1]), int(found[2]))


def areas(references: str) -> list[Area]:
    """First column, first row, last column, last row of each of ``A1:B9 D4 F:F 3:3``."""
    found = []
    for each in references.replace("$", "").split():
        first, _, last = each.partition(":")
        start, end = _corner(first, first=True), _corner(last or first, first=False)
        if start and end:
            found.append((*start, *end))
    return found


def _corner(reference: str, *, first: bool) -> tuple[int, int] | None:
    if reference.isdigit():
        return (1 if first else _LAST_COLUMN, int(reference[:7]))
    if reference.isascii() and reference.isalpha() and len(reference) <= 3:
        return (column_number(reference), 1 if first else _LAST_ROW)
    return parsed_reference(reference)


def inside(area: Area, column: int, row: int) -> bool:
    """Whether a cell lies in an area."""
    return area[0] <= column <= area[2] and area[1] <= row <= area[3]
