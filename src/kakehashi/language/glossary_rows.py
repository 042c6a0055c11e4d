"""The rows of a glossary file, whatever its format, each with its place for messages."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lxml import etree

from kakehashi.errors import EncodingError, FileMissingError, FormatError, TooLargeError
from kakehashi.language.tmx import language_of, read_tmx
from kakehashi.settings import MEGABYTE
from kakehashi.text import decode

MOST_BYTES: Final = 50 * MEGABYTE
"""Largest glossary file, and what an xlsx may be unpacked: about 500,000 terms."""
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the file and row they stand in."""

    cells: tuple[str, ...]
    place: str


def read_rows(path: Path) -> Iterator[Row]:
    """All rows of a file; a TMX or TBX file has a first row that names its columns.

    Raises:
        FileMissingError, EncodingError, FormatError, TooLargeError: it cannot be read.
    """
    if not path.is_file():
        what = "this is a folder" if path.is_dir() else "there is no such file"
        raise FileMissingError(what, where=str(path), hint="give a glossary file")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise FormatError(
            f"'{path.suffix}' is no format of a glossary",
            where=str(path),
            hint="give a file that ends in " + ", ".join(sorted(_READERS)),
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooLargeError(
            f"{size / MEGABYTE:,.0f} MB; a glossary has at most {MOST_BYTES / MEGABYTE:,.0f} MB",
            where=str(path),
            hint="sentences belong into a translation memory: kakehashi memory import",
        )
    return reader(path)


def _table(path: Path) -> Iterator[Row]:
    try:
        text = decode(path.read_bytes()).text.removeprefix("\ufeff")
    except EncodingError as error:
        raise EncodingError(error.what, where=str(path), hint=error.hint) from None
    first = text.partition("\n")[0]
    sign = "\t" if "\t" in first else max(",;", key=first.count)
    plain = sign == "\t" and '"' not in text
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=sign,
        quoting=csv.QUOTE_NONE if plain else csv.QUOTE_MINIMAL, strict=True,
    )  # fmt: skip
    try:
        for number, row in enumerate(reader, start=1):
            yield Row(tuple(cell.strip() for cell in row), f"{path}, row {number}")
    except csv.Error as error:
        raise FormatError(
            f"the table cannot be read: {error}",
            where=f"{path}, line {reader.line_num}",
            hint="look for a quotation mark that is not closed there",
        ) from None


def _xlsx(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook  # here: reading it takes a while

    broken = FormatError(
        "this is no xlsx file, or it is damaged",
        where=str(path),
        hint="save it again as xlsx (Excel workbook), or as CSV",
    )
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise broken from None
    if size > MOST_BYTES:
        raise TooLargeError(
            f"unpacked it has {size / MEGABYTE:,.0f} MB; at most {MOST_BYTES / MEGABYTE:,.0f} MB "
            "are read",
            where=str(path),
        )
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, etree.XMLSyntaxError, OSError,
            SyntaxError, EOFError, zlib.error):  # fmt: skip
        raise broken from None
    try:
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = tuple("" if cell is None else str(cell).strip() for cell in row)
            yield Row(cells, f"{path}, sheet {sheet.title}, row {number}")
    except (KeyError, ValueError, TypeError, IndexError, zipfile.BadZipFile, SyntaxError,
            EOFError, OSError, zlib.error):  # fmt: skip
        raise broken from None
    finally:
        book.close()


def _tmx(path: Path) -> Iterator[Row]:
    yield Row(("en", "ja", "note"), str(path))
    seen: set[tuple[str, str]] = set()
    for number, unit in enumerate(read_tmx(path), start=1):
        pair = (unit.source, unit.target)
        en, ja = pair if unit.direction == "en-ja" else pair[::-1]
        if (en, ja) in seen:
            continue  # a unit for both directions comes once for each
        seen.add((en, ja))
        yield Row((en, ja, ""), f"{path}, unit {number}")


def _tbx(path: Path) -> Iterator[Row]:
    """TBX-Basic, the older (termEntry, langSet) and the newer names (conceptEntry, langSec)."""
    yield Row(("en", "ja", "part of speech", "note"), str(path))
    with path.open("rb") as file:
        parser = etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        )
        root = True
        try:
            for event, element in parser:
                if not isinstance(element.tag, str):
                    continue
                name = etree.QName(element).localname
                if root:
                    root = False
                    _check_tbx(element, name, path)
                elif event == "end" and name in ("termEntry", "conceptEntry"):
                    yield Row(_concept(element), f"{path}, line {element.sourceline}")
                    element.clear()
        except etree.XMLSyntaxError as error:
            raise FormatError(
                f"the file is damaged: {error.msg}",
                where=f"{path}, line {error.lineno or 0}",
                hint="export it again from the program that made it",
            ) from None


def _check_tbx(element: Any, name: str, path: Path) -> None:
    declared = element.getroottree().docinfo.internalDTD
    if name not in ("martif", "tbx") or (
        declared is not None and any(True for _ in declared.iterentities())
    ):
        raise FormatError(
            f"this is no TBX file: it begins with <{name}>, or it declares entities",
            where=str(path),
            hint="give a terminology export in TBX-Basic",
        )


def _concept(element: Any) -> tuple[str, str, str, str]:
    terms: dict[str, list[str]] = {"en": [], "ja": []}
    kind = note = ""
    for part in element.iter():
        if not isinstance(part.tag, str):
            continue
        name = etree.QName(part).localname
        if name in ("langSet", "langSec"):
            language = language_of(part.get(_LANG, ""))
            found = ["".join(one.itertext()).strip() for one in part.iter("{*}term")]
            if language is not None:
                terms[language] += [one for one in found if one]
        elif name == "termNote" and part.get("type") == "partOfSpeech":
            kind = kind or (part.text or "").strip()
        elif name == "note":
            note = note or (part.text or "").strip()
    return "|".join(terms["en"]), "|".join(terms["ja"]), kind, note


_READERS: Final[dict[str, Callable[[Path], Iterator[Row]]]] = {
    ".csv": _table,
    ".tsv": _table,
    ".txt": _table,
    ".xlsx": _xlsx,
    ".tmx": _tmx,
    ".tbx": _tbx,
}
