"""Make room for texts that have grown, so that nothing is cut off and as little as can be moves.

A cell whose text fitted and does not fit any more gets Excel's own "shrink to fit"; where that
would be too small to read, its lines are wrapped and the row grows. A column whose width was set
keeps it: it is the layout of the page. One that nobody has set is widened. What was cut off before
is left so. Widths are estimated, as Excel itself measures only on a screen.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from kakehashi.documents.xlsx_xml import MAIN, Area, areas, column_number, font_looks

Element = etree._Element

# Widths in digits of the workbook's usual font, measured on Calibri and Yu Gothic (±10 %).
_WIDE: Final = 1.95
_LARGE: Final = 1.25
_NARROW: Final = 0.55
_USUAL: Final = 1.0
_BOLD: Final = 1.06
_DEFAULT_WIDTH: Final = 8.43
# A column that nobody has set is widened up to this.
_WIDEST: Final = 28.0
# Text is not shrunk below this share of its size; in merged cells, where rows cannot grow by
# themselves, below this one.
_SMALLEST: Final = 0.75
_SMALLEST_MERGED: Final = 0.5
# Excel's largest row, in points; and points per line for each point of the font.
_LARGEST_ROW: Final = 409.0
_LINE: Final = 1.3
# Estimates may be too low by so much. Shrinking what would have fitted changes nothing.
_SLACK: Final = 1.15
# What is not parted at the end of a line: a word, or one character of Japanese.
_WORD: Final = re.compile(r"[\u3000-\uffef]|[^\s\u3000-\uffef]+\s*|\s+")


def text_width(text: str) -> float:
    """The width of the longest line, in digits of the usual font."""
    return max((sum(map(_char_width, line)) for line in text.split("\n")), default=0.0)


def _char_width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "FWA" and ord(char) > 0x2000:
        return _WIDE
    if char in "mwMW@%&" or char.isupper():
        return _LARGE
    return _NARROW if char in " ijlftr.,;:'|!()[]-" else _USUAL


@dataclass(slots=True)
class Styles:
    """The cell formats of a workbook; formats with another alignment are added.

    Attributes:
        root: the part with the styles.
        changed: whether a format was added.
        looks: `font_looks` of all formats, the added ones included.
    """

    root: Element
    changed: bool = False
    looks: list[str] = field(default_factory=list)
    _made: dict[tuple[int, str], int] = field(default_factory=dict)
    _scales: dict[int, float] = field(default_factory=dict)
    _formats: list[Element] = field(default_factory=list)
    _fonts: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._formats = self.root.findall(f"{MAIN}cellXfs/{MAIN}xf")
        self._fonts = self.root.findall(f"{MAIN}fonts/{MAIN}font")
        self.looks = font_looks(self.root)

    def alignment(self, style: int) -> dict[str, str]:
        """The alignment of a format."""
        found = self._formats[style].find(f"{MAIN}alignment") if self._has(style) else None
        return {} if found is None else {str(k): str(v) for k, v in found.attrib.items()}

    def size(self, style: int) -> float:
        """The size of a format's font in points."""
        return _number(self._font(style), "sz", 11.0)

    def scale(self, style: int) -> float:
        """How much wider than the usual font that of a format is."""
        if style not in self._scales:
            self._scales[style] = self._scale(style)
        return self._scales[style]

    def _scale(self, style: int) -> float:
        font = self._font(style)
        usual = _number(self._fonts[0] if self._fonts else None, "sz", 11.0)
        bold = font is not None and font.find(f"{MAIN}b") is not None
        return _number(font, "sz", 11.0) / usual * (_BOLD if bold else 1.0)

    def with_alignment(self, style: int, name: str) -> int:
        """The number of a format like this one, with ``shrinkToFit`` or ``wrapText``."""
        if not self._has(style):
            return style
        if (style, name) not in self._made:
            new = deepcopy(self._formats[style])
            alignment = new.find(f"{MAIN}alignment")
            if alignment is None:
                alignment = etree.Element(f"{MAIN}alignment")
                new.insert(0, alignment)
            alignment.set(name, "1")
            new.set("applyAlignment", "1")
            holder = self._formats[style].getparent()
            assert holder is not None
            holder.append(new)
            self._formats.append(new)
            self.looks.append(self.looks[style])
            holder.set("count", str(len(self._formats)))
            self._made[style, name] = len(self._formats) - 1
            self.changed = True
        return self._made[style, name]

    def _has(self, style: int) -> bool:
        return 0 <= style < len(self._formats)

    def _font(self, style: int) -> Element | None:
        number = self._formats[style].get("fontId", "0") if self._has(style) else "0"
        known = number.isdigit() and int(number) < len(self._fonts)
        return self._fonts[int(number)] if known else None


def _number(element: Element | None, name: str, otherwise: float) -> float:
    found = element.find(f"{MAIN}{name}") if element is not None else None
    try:
        value = float(found.get("val", "")) if found is not None else otherwise
    except ValueError:
        return otherwise
    return value if 1 <= value <= 409 else otherwise


def fit(root: Element, styles: Styles, texts: Mapping[tuple[int, int], tuple[str, str]]) -> bool:
    """Make the changed texts of a sheet fit; whether anything was changed for it.

    Args:
        texts: column and row of a cell → its old and new text.
    """
    sheet = _Sheet(root)
    for work in (_widen_for, _fit_cell):
        sheet.row = 0
        for row in root.iter(f"{MAIN}row"):
            sheet.row = _int(row.get("r")) or sheet.row + 1
            cells = _placed(row)
            used = {column for column, cell in cells if len(cell)}
            for column, cell in cells:
                found = texts.get((column, sheet.row))
                if found is not None and found[0] != found[1]:
                    work(sheet, styles, row, cell, column, used, found)
        sheet.set_widths()
    return sheet.changed


class _Sheet:
    """Widths of columns and merged cells."""

    def __init__(self, root: Element) -> None:
        self.row = 0
        self.changed = False
        self.wanted: dict[int, float] = {}
        self._root = root
        self._default = _DEFAULT_WIDTH
        for element in root.iter(f"{MAIN}sheetFormatPr"):
            self._default = _float(element.get("defaultColWidth"), _DEFAULT_WIDTH)
        self._columns = [
            (_int(one.get("min")), _int(one.get("max")), self._width_of(one))
            for one in root.iter(f"{MAIN}col")
        ]
        self._merged: dict[tuple[int, int], Area] = {}
        for one in root.iter(f"{MAIN}mergeCell"):
            for area in areas(one.get("ref", "")):
                self._merged[area[0], area[1]] = area

    def _width_of(self, column: Element) -> float:
        hidden = column.get("hidden") in ("1", "true")
        return 0.0 if hidden else _float(column.get("width"), self._default)

    def width(self, column: int) -> float:
        return next((w for low, up, w in self._columns if low <= column <= up), self._default)

    def is_set(self, column: int) -> bool:
        """Whether somebody has chosen the width of a column."""
        return any(low <= column <= up for low, up, _ in self._columns)

    def set_widths(self) -> None:
        """Widen the columns that are `wanted` wider."""
        holder = self._root.find(f"{MAIN}cols")
        data = self._root.find(f"{MAIN}sheetData")
        if not self.wanted or data is None:
            return
        if holder is None:
            holder = etree.Element(f"{MAIN}cols")
            data.addprevious(holder)
        for column, width in sorted(self.wanted.items()):
            new = etree.Element(f"{MAIN}col", min=str(column), max=str(column))
            new.set("width", f"{width:.2f}")
            new.set("customWidth", "1")
            behind = next((one for one in holder if _int(one.get("min")) > column), None)
            if behind is None:
                holder.append(new)
            else:
                behind.addprevious(new)
            self._columns.append((column, column, width))
        self.wanted.clear()
        self.changed = True

    def area(self, column: int) -> Area | None:
        return self._merged.get((column, self.row))


def _float(text: str | None, otherwise: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return otherwise
    return value if 0 <= value <= 10_000 else otherwise


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0


def _placed(row: Element) -> list[tuple[int, Element]]:
    found = []
    column = 0
    for cell in row.iterchildren(f"{MAIN}c"):
        letters = cell.get("r", "").rstrip("0123456789")
        known = letters.isascii() and letters.isalpha() and len(letters) <= 3
        column = column_number(letters) if known else column + 1
        found.append((column, cell))
    return found


def _widen_for(
    sheet: _Sheet,
    styles: Styles,
    row: Element,
    cell: Element,
    column: int,
    used: Iterable[int],
    texts: tuple[str, str],
) -> None:
    """Ask for a wider column, if nobody has set its width and the text does not fit any more."""
    style = _int(cell.get("s", "0"))
    alignment = styles.alignment(style)
    fixed = sheet.is_set(column) or sheet.area(column) is not None
    if fixed or any(key in alignment for key in ("textRotation", "shrinkToFit", "wrapText")):
        return
    own = sheet.width(column)
    old, new = (text_width(text) * styles.scale(style) for text in texts)
    free = own + _beside(sheet, column, used, alignment.get("horizontal", ""))
    if new * _SLACK > free and old <= free:
        width = min(_WIDEST, new * _SLACK + 0.7)
        sheet.wanted[column] = max(sheet.wanted.get(column, own), width)


def _fit_cell(
    sheet: _Sheet,
    styles: Styles,
    row: Element,
    cell: Element,
    column: int,
    used: Iterable[int],
    texts: tuple[str, str],
) -> None:
    style = _int(cell.get("s", "0"))
    alignment = styles.alignment(style)
    if alignment.get("textRotation", "0") != "0" or alignment.get("shrinkToFit") in ("1", "true"):
        return
    area = sheet.area(column)
    columns = range(area[0], area[2] + 1) if area else (column,)
    own = sum(sheet.width(one) for one in columns)
    if own < 1:
        return
    old, new = (text_width(text) * styles.scale(style) for text in texts)
    if alignment.get("wrapText") in ("1", "true"):
        _grow(sheet, row, styles, style, _lines(texts[1], own, styles.scale(style)), area)
        return
    free = own if area else own + _beside(sheet, column, used, alignment.get("horizontal", ""))
    if new * _SLACK <= free or old > free:
        return
    sheet.changed = True
    if own / (new * _SLACK) >= (_SMALLEST_MERGED if area else _SMALLEST):
        cell.set("s", str(styles.with_alignment(style, "shrinkToFit")))
    else:
        cell.set("s", str(styles.with_alignment(style, "wrapText")))
        _grow(sheet, row, styles, style, _lines(texts[1], own, styles.scale(style)), area)


def _beside(sheet: _Sheet, column: int, used: Iterable[int], horizontal: str) -> float:
    """The width of empty cells over which a text may run."""
    following = min((one for one in used if one > column), default=column + 30)
    before = max((one for one in used if one < column), default=0)
    right = sum(sheet.width(one) for one in range(column + 1, min(following, column + 30)))
    left = sum(sheet.width(one) for one in range(max(before + 1, column - 30), column))
    if horizontal in ("center", "centerContinuous"):
        return 2 * min(left, right)
    if horizontal == "right":
        return left
    return right if horizontal in ("", "general", "left") else 0.0


def _lines(text: str, width: float, scale: float) -> int:
    """How many lines a text takes when it is wrapped between words."""
    count = 0
    for line in text.split("\n"):
        room = 0.0
        count += 1
        for word in _WORD.findall(line):
            size = text_width(word.rstrip()) * scale
            if room and size > room:
                count += 1
                room = 0.0
            if size > width:  # it is parted in the middle
                count += math.ceil(size / width) - 1
            room = max((room or width) - text_width(word) * scale, 0.01)
    return count


def _grow(
    sheet: _Sheet, row: Element, styles: Styles, style: int, lines: int, area: Area | None
) -> None:
    """Let the row have room for so many lines; programs do not do it when they open a file."""
    if area is not None and area[3] > area[1]:
        lines = math.ceil(lines / (area[3] - area[1] + 1))
    wanted = min(_LARGEST_ROW, lines * styles.size(style) * _LINE + 2)
    if lines > 1 and _float(row.get("ht"), 15.0) < wanted:
        row.set("ht", f"{wanted:.2f}".rstrip("0").rstrip("."))
        row.set("customHeight", "1")
        sheet.changed = True
