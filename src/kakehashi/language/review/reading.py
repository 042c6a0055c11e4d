"""Read a review that a person has corrected: the workbook, or what the page saved."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BaseModel, ValidationError

from kakehashi.documents.base import Mark
from kakehashi.errors import FileMissingError, FormatError, TooLargeError
from kakehashi.language.results import Language
from kakehashi.language.review import messages
from kakehashi.language.review.page import FORMAT
from kakehashi.language.review.rows import Review, ReviewRow
from kakehashi.language.review.workbook import COLUMNS

# Bytes that a review's parts may have when unpacked; 20,000 full rows have about 60 MB.
UNPACKED: Final = 300 * 2**20
_MEGABYTE: Final = 2**20


class _Row(BaseModel):
    id: int
    place: str
    kind: str = "prose"
    source: str
    target: str
    marks: list[tuple[int, int, int, int]] = []
    correction: str = ""


class _Page(BaseModel):
    format: str
    document: str
    sha256: str
    to: Language
    model: str = ""
    made: str = ""
    sheet_names: bool = False
    rows: list[_Row]


def read_review(path: Path) -> Review:
    """Read a review's .xlsx, or the .json that its page saved.

    Raises:
        FileMissingError: there is no such file.
        FormatError: it is no review, or it is damaged.
        TooLargeError: it would unpack to more than `UNPACKED`.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise FileMissingError(
            "there is no such file", where=str(path), hint="check the name and the folder"
        ) from None
    except OSError as error:
        raise FileMissingError(
            f"the file could not be read: {error.strerror or error}", where=str(path)
        ) from error
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data, str(path))
    if data.lstrip()[:1] == b"{":
        return _json(data, str(path))
    if b"<html" in data[:500].lower():
        raise FormatError(messages.HTML_REVIEW, where=str(path), hint=messages.HTML_REVIEW_HINT)
    raise _no_review(str(path))


def _no_review(where: str) -> FormatError:
    return FormatError(messages.NOT_A_REVIEW, where=where, hint=messages.NOT_A_REVIEW_HINT)


def _damaged(what: str, where: str) -> FormatError:
    return FormatError(messages.DAMAGED.format(what=what), where=where, hint=messages.DAMAGED_HINT)


def _json(data: bytes, where: str) -> Review:
    try:
        page = _Page.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _damaged(f"{place} {first['msg']}".strip(), where) from None
    if page.format != FORMAT:
        raise _no_review(where)
    rows = tuple(
        ReviewRow(
            one.id,
            one.place,
            one.kind,
            one.source,
            one.target,
            tuple(Mark(s, e, key, bool(protected)) for s, e, key, protected in one.marks),
            correction=one.correction,
            number=number,
        )
        for number, one in enumerate(page.rows, start=1)
    )
    _check_marks(rows, where)
    return Review(
        page.document, page.sha256, page.to, page.model, page.made, rows, page.sheet_names
    )


def _workbook(data: bytes, where: str) -> Review:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(part.file_size for part in package.infolist()) > UNPACKED:
                raise TooLargeError(
                    messages.TOO_LARGE.format(limit=UNPACKED // _MEGABYTE),
                    where=where,
                    hint=messages.NOT_A_REVIEW_HINT,
                )
        book = load_workbook(io.BytesIO(data))
    # What openpyxl and zipfile raise for packages that are damaged.
    except (zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, LookupError,
            ValueError, TypeError, AttributeError, ArithmeticError, EOFError, SyntaxError,
            RuntimeError, OSError) as error:  # fmt: skip
        raise _damaged(str(error) or type(error).__name__, where) from error
    sheets = book.worksheets
    table = next((one for one in sheets if _titles(one) == [t for t, _ in COLUMNS]), None)
    about = next((one for one in sheets if one.title == messages.ABOUT), None)
    if table is None or about is None:
        raise _no_review(where)
    facts = {_text(a): _text(b) for a, b in about.iter_rows(max_row=len(messages.FACTS), max_col=2)}
    known = {key: facts.get(label, "") for key, label in messages.FACTS.items()}
    to: Language | None = "ja" if known["to"] == "ja" else "en" if known["to"] == "en" else None
    if to is None:
        raise _damaged(messages.FACTS["to"], where)
    rows = tuple(_rows(table, where))
    _check_marks(rows, where)
    return Review(
        known["document"], known["sha256"], to, known["model"], known["made"], rows,
        bool(known["sheet_names"]),
    )  # fmt: skip


def _titles(sheet: Worksheet) -> list[str]:
    return [_text(cell) for cell in next(sheet.iter_rows(max_row=1, max_col=len(COLUMNS)))]


def _rows(sheet: Worksheet, where: str) -> list[ReviewRow]:
    found = []
    for cells in sheet.iter_rows(min_row=2, max_col=len(COLUMNS)):
        values = [_text(cell) for cell in cells]
        number = cells[0].row or 0
        if not any(values):
            continue
        if not values[0].isdecimal():
            raise _damaged(f"row {number}: {messages.NUMBER!r} {values[0]!r}", where)
        found.append(
            ReviewRow(
                int(values[0]),
                values[1],
                "",
                values[2],
                values[3],
                _marks(values[8], number, where),
                correction=values[4],
                number=number,
            )
        )
    return found


def _text(cell: Any) -> str:
    """A cell as text, whatever a program made of what was typed."""
    value = cell.value if isinstance(cell, Cell) else None
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _marks(text: str, number: int, where: str) -> tuple[Mark, ...]:
    if not text:
        return ()
    try:
        return tuple(
            Mark(int(start), int(end), int(key), bool(protected))
            for start, end, key, protected in json.loads(text)
        )
    except (ValueError, TypeError):
        raise _damaged(f"row {number}: {messages.MARKS}", where) from None


def _check_marks(rows: tuple[ReviewRow, ...], where: str) -> None:
    for row in rows:
        if any(not 0 <= m.start <= m.end <= len(row.target) for m in row.marks):
            raise _damaged(f"row {row.number}: {messages.MARKS}", where)
