"""What must be the same in an office file after its text was replaced.

Read with the libraries of the formats and plain XML, never with code of ours.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.formula import ArrayFormula

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
# Brackets of the pseudo-translation, and white space, which may be put or taken beside them.
_PSEUDO: Final = re.compile(r"[〔〕\s\u3000]")
# Says what language a run is in, which a translation changes; and what spelling checkers leave.
_PASSING: Final = {f"{W}lang", f"{W}noProof", f"{W}rFonts"}


@dataclass(frozen=True, slots=True)
class Runs:
    """How many runs of text were compared, and how many kept their formatting."""

    checked: int
    kept: int
    lost: tuple[str, ...] = ()


def _parts(path: Path) -> Iterator[tuple[str, Any]]:
    with zipfile.ZipFile(path) as package:
        for name in sorted(package.namelist()):
            if name.endswith((".xml", ".rels")):
                yield name, etree.fromstring(package.read(name))


def references(path: Path) -> Counter[str]:
    """Everything in the package that points to something: counted, so that none may get lost."""
    found: Counter[str] = Counter()
    for name, root in _parts(path):
        if name.endswith(".rels"):
            for one in root:
                found[f"{name}: {one.get('Type')} → {one.get('Target')}"] += 1
            continue
        for element in root.iter(etree.Element):
            tag = element.tag
            for key, value in element.attrib.items():
                if key.startswith(R):
                    found[f"{name}: {tag} {key}={value}"] += 1
            if tag in _POINTERS:
                what = element.get(f"{W}id") or element.get(f"{W}name") or element.get(f"{W}instr")
                found[f"{name}: {tag} {what or (element.text or '').strip()}"] += 1
    return found


_POINTERS: Final = frozenset(
    {
        *(W + n for n in ("footnoteReference", "endnoteReference", "commentReference")),
        *(W + n for n in ("commentRangeStart", "commentRangeEnd", "bookmarkStart", "bookmarkEnd")),
        *(W + n for n in ("fldSimple", "instrText", "drawing", "pict", "sdt", "sectPr", "tbl")),
        *(A + n for n in ("tbl", "fld", "blip")),
        C + "f",
    }
)


def runs(before: Path, after: Path) -> Runs:
    """Compare the formatting of every run of a docx or pptx, by its letters."""
    old, new = dict(_paragraphs(before)), dict(_paragraphs(after))
    checked = kept = 0
    lost: list[str] = []
    for place, source in old.items():
        letters = [pair for text, look in source for pair in _letters(text, look)]
        written = [pair for text, look in new.get(place, []) for pair in _letters(text, look)]
        same = "".join(c for c, _ in letters) == "".join(c for c, _ in written)
        at = 0
        for text, look in source:
            count = len(_letters(text, look))
            if not count:
                continue
            checked += 1
            if same and all(there == look for _, there in written[at : at + count]):
                kept += 1
            else:
                lost.append(f"{place}: {text[:40]!r}")
            at += count
    return Runs(checked, kept, tuple(lost))


def _letters(text: str, look: str) -> list[tuple[str, str]]:
    return [(char, look) for char in _PSEUDO.sub("", text)]


def _paragraphs(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Runs of every paragraph that holds text: (text, formatting)."""
    for name, root in _parts(path):
        if not re.search(r"word/|ppt/(slides|notesSlides|charts)/", name):
            continue
        number = 0
        for paragraph in root.iter(W + "p", A + "p"):
            kind = A if paragraph.tag.startswith(A) else W
            found = []
            for run in paragraph.iter(kind + "r", A + "fld"):
                owner = next((x for x in run.iterancestors(W + "p", A + "p")), None)
                if owner is not paragraph or _is_deleted(run):
                    continue
                text = "".join(t.text or "" for t in run.iter(kind + "t") if _own(t, run))
                if text:
                    found.append((text, _look(run, kind)))
            number += 1
            if found:
                yield f"{name} ¶{number}", found


def _own(text: Any, run: Any) -> bool:
    return next(iter(text.iterancestors(W + "r", A + "r", A + "fld"))) is run


def _is_deleted(run: Any) -> bool:
    """Deleted text is dropped, and the reading of a word does not outlive the word."""
    return any(True for _ in run.iterancestors(W + "del", W + "rt"))


def _look(run: Any, kind: str) -> str:
    properties = run.find(kind + "rPr")
    if properties is None:
        properties = etree.Element("none")
    kept = [child for child in properties if child.tag not in _PASSING]
    passing = ("lang", "dirty", "err", "altLang")
    own = {key: value for key, value in properties.attrib.items() if key not in passing}
    whole = [etree.tostring(child, method="c14n").decode() for child in kept if _says(child)]
    parent = run.getparent()
    link = parent.get(R + "id", "") if parent.tag == W + "hyperlink" else ""
    return f"{sorted(own.items())} {sorted(whole)} {link}"


def _says(child: Any) -> bool:
    # Fonts of the target language may be written; an empty language mark says nothing.
    return child.tag not in (A + "latin", A + "ea", A + "cs")


def workbook(path: Path) -> dict[str, str]:
    """What a workbook computes with and looks like, but for its texts: place → what is there."""
    found: dict[str, str] = {}
    book = openpyxl.load_workbook(path, rich_text=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                place = f"{sheet.title}!{cell.coordinate}"
                value = cell.value
                if isinstance(value, ArrayFormula):
                    value = f"{{{value.ref}}} {value.text}"
                if cell.data_type == "f" or isinstance(value, (int, float)):
                    found[f"{place} value"] = str(value)
                elif value is not None and not isinstance(value, (str, CellRichText)):
                    found[f"{place} value"] = repr(value)
                if value is not None:
                    found[f"{place} format"] = cell.number_format
                if cell.hyperlink:
                    link = cell.hyperlink
                    found[f"{place} link"] = f"{link.target} {link.location}"
        found[f"{sheet.title} merged"] = str(sorted(map(str, sheet.merged_cells.ranges)))
        for rule in sheet.data_validations.dataValidation:
            found[f"{sheet.title} validation {rule.sqref}"] = f"{rule.type} {rule.formula1}"
        for area in sheet.conditional_formatting:
            formulas = [(r.type, tuple(r.formula)) for r in area.rules]
            found[f"{sheet.title} conditional {area.sqref}"] = str(formulas)
        found[f"{sheet.title} state"] = sheet.sheet_state
        found[f"{sheet.title} filter"] = str(sheet.auto_filter.ref)
        for table in sheet.tables.values():
            found[f"{sheet.title} table {table.name}"] = str(table.ref)
    for name, defined in book.defined_names.items():
        found[f"name {name}"] = str(defined.attr_text)
    return found


def errors(path: Path) -> dict[str, str]:
    """Cells whose computed value is an error: place → #REF!, #NAME? …"""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        f"{number}!{cell.coordinate}": str(cell.value)
        for number, sheet in enumerate(book.worksheets)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    }


def rich_cells(before: Path, after: Path) -> Runs:
    """Compare the runs inside of cells."""
    old, new = (openpyxl.load_workbook(path, rich_text=True) for path in (before, after))
    checked = kept = 0
    lost: list[str] = []
    for sheet in old.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, CellRichText):
                    continue
                there = new[sheet.title][cell.coordinate].value
                looks = [(_bare(part), _font(part)) for part in cell.value if _bare(part)]
                others = (
                    [(_bare(p), _font(p)) for p in there if _bare(p)]
                    if isinstance(there, CellRichText)
                    else []
                )
                for number, look in enumerate(looks):
                    checked += 1
                    if number < len(others) and others[number] == look:
                        kept += 1
                    else:
                        lost.append(f"{sheet.title}!{cell.coordinate}: {look[0]}")
    return Runs(checked, kept, tuple(lost))


def _bare(part: str | TextBlock) -> str:
    return _PSEUDO.sub("", str(part))


def _font(part: str | TextBlock) -> str:
    if not isinstance(part, TextBlock):
        return ""
    font = part.font
    own = font.color is None or font.color.type == "theme"
    if own and not (font.b or font.i or font.u):
        return ""  # the cell's own font, said once more or left unsaid
    return f"{font.b} {font.i} {font.u} {font.color.rgb if font.color else ''}"
