"""A translation memory as CSV, for spreadsheets.

Columns: source, target, direction (en-ja or ja-en), origin, who, changed; the first two must be
there, and a direction in the file or for all of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, cast

from kakehashi.errors import EncodingError, FileMissingError, FormatError
from kakehashi.language.glossary import DIRECTIONS, Direction
from kakehashi.language.memory import Unit
from kakehashi.language.results import MatchOrigin
from kakehashi.text import decode

COLUMNS: Final = ("source", "target", "direction", "origin", "who", "changed")


def read_csv(path: Path, direction: Direction | None = None) -> Iterator[Unit]:
    """The entries of a CSV file with a first row of column names, in any encoding that is read.

    Raises:
        FileMissingError, EncodingError: the file cannot be read.
        FormatError: a column, a direction or a text is missing; `where` has the row.
    """
    if not path.is_file():
        raise FileMissingError("there is no such file", where=str(path), hint="check the path")
    try:
        text = decode(path.read_bytes()).text
    except EncodingError as error:
        raise EncodingError(error.what, where=str(path), hint=error.hint) from None
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        head = [name.strip().lower() for name in next(rows, [])]
        if "source" not in head or "target" not in head:
            raise FormatError(
                "the columns 'source' and 'target' are missing",
                where=f"{path}, row 1",
                hint="the first row names the columns: " + ", ".join(COLUMNS),
            )
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                yield _unit(dict(zip(head, row, strict=False)), f"{path}, row {number}", direction)
    except csv.Error as error:
        raise FormatError(
            f"not a CSV file: {error}",
            where=f"{path}, line {rows.line_num}",
            hint="save it again as CSV (UTF-8)",
        ) from None


def _unit(row: dict[str, str], where: str, direction: Direction | None) -> Unit:
    told = row.get("direction", "").strip() or direction or ""
    if told not in DIRECTIONS:
        raise FormatError(
            f"the direction is '{told}', not one of " + ", ".join(DIRECTIONS),
            where=where,
            hint="add a column 'direction', or give the direction for the whole file",
        )
    source, target = row.get("source", ""), row.get("target", "")
    if not source.strip() or not target.strip():
        raise FormatError("a text is missing", where=where, hint="fill it in, or delete the row")
    origin = row.get("origin", "").strip() or "import"
    if origin not in ("person", "import", "model"):
        raise FormatError(
            f"the origin is '{origin}', not one of person, import, model", where=where
        )
    return Unit(
        told, source, target, cast(MatchOrigin, origin), row.get("who", "").strip(),
        row.get("changed", "").strip(),
    )  # fmt: skip


def write_csv(units: Iterable[Unit]) -> Iterator[bytes]:
    """The lines of a CSV file (UTF-8 with a mark, which spreadsheet programs need)."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    writer.writerow(COLUMNS)
    for one in units:
        if line.tell() > 1 << 16:
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()
        writer.writerow((one.source, one.target, one.direction, one.origin, one.who, one.changed))
    yield line.getvalue().encode()
