"""Read what a verb was given: a file, or ``-`` for the standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from kakehashi.api import check_size
from kakehashi.cli import messages
from kakehashi.documents import from_bytes, open_document
from kakehashi.documents.base import Document
from kakehashi.errors import EncodingError, FileMissingError, InputError, OutputError
from kakehashi.settings import Settings
from kakehashi.text import decode

# What can be shown on a terminal; other documents need a file to be written to.
TEXT_FORMATS: Final = frozenset({"txt", "md", "html", "srt", "csv", "tsv"})


def read_document(name: str, format: str | None, settings: Settings) -> Document:
    """Open a file, or the standard input (as plain text if no format is given).

    Raises:
        FileMissingError, EncodingError, FormatError, TooLargeError, InputError: see `documents`;
            InputError also if it is empty.
    """
    document = open_source(name, format, settings)
    if not document.segments and not (
        document.format in TEXT_FORMATS and decode(document.render()).text.strip()
    ):
        raise InputError(messages.NOTHING, where=_called(name), hint=messages.NOTHING_HINT)
    return document


def open_source(name: str, format: str | None, settings: Settings) -> Document:
    """Open a file or the standard input; a document without a text is no error.

    Raises as `read_document`; InputError if there is not a byte in it.
    """
    limit = settings.max_input_bytes
    if name != "-":
        path = Path(name)
        if path.is_file():
            check_size(path.stat().st_size, name, settings)
        with _named(name):
            return open_document(path, format=format, max_bytes=limit)
    data = read_bytes(name, settings)
    with _named(name):
        return from_bytes(data, format or "txt", _called(name), max_bytes=limit)


def read_text(name: str, settings: Settings) -> str:
    """The text of a file or of the standard input, line ends as they are.

    Raises as `read_document`; an empty text is no error.
    """
    data = read_bytes(name, settings)
    with _named(name):
        return decode(data).text


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Make sure that the message about an encoding says which file it is about."""
    try:
        yield
    except EncodingError as error:
        if _called(name) in error.where:
            raise
        where = f"{_called(name)}, {error.where}" if error.where else _called(name)
        raise EncodingError(error.what, where=where, hint=error.hint) from error


def _called(name: str) -> str:
    return messages.STANDARD_INPUT if name == "-" else name


def read_bytes(name: str, settings: Settings) -> bytes:
    """The bytes of a file or of the standard input. Raises as `read_document`."""
    if name == "-":
        stream = sys.stdin.buffer
        if stream.isatty():
            click.echo(messages.READING_TERMINAL, err=True)
        data = stream.read(settings.max_input_bytes + 1)
        check_size(len(data), _called(name), settings)
        return data
    path = Path(name)
    if path.is_dir():
        raise FileMissingError("this is a folder", where=name, hint="give a file")
    try:
        check_size(path.stat().st_size, name, settings)
        return path.read_bytes()
    except FileNotFoundError:
        raise FileMissingError("there is no such file", where=name, hint="check the name") from None
    except OSError as error:
        raise FileMissingError(
            f"the file cannot be read: {error.strerror}", where=name, hint="check its permissions"
        ) from error


def check_output(output: Path | None, name: str) -> None:
    """Say before the work, not after it, that a result cannot be written.

    Raises:
        InputError: it is the source itself.
        OutputError: no such folder, a folder, or not writable.
    """
    if output is None:
        return
    where = str(output)
    if name != "-" and output.exists() and Path(name).exists() and output.samefile(name):
        raise InputError(messages.SAME_FILE, where=where, hint=messages.SAME_FILE_HINT)
    if output.is_dir():
        raise OutputError(messages.IS_FOLDER, where=where, hint=messages.IS_FOLDER_HINT)
    folder = output.parent
    if not folder.is_dir():
        raise OutputError(messages.NO_FOLDER, where=str(folder), hint=messages.NO_FOLDER_HINT)
    special = output.exists() and not output.is_file()
    place = output if special else folder
    if not os.access(place, os.W_OK) or (output.is_file() and not os.access(output, os.W_OK)):
        raise OutputError(messages.NOT_WRITABLE, where=where, hint=messages.NOT_WRITABLE_HINT)
