"""Open a document by its file name or a named format."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from kakehashi.documents.base import Document
from kakehashi.errors import EncodingError, FileMissingError, FormatError, InputError, TooLargeError

MAX_BYTES: Final = 50 * 1024 * 1024


def _reader(where: str) -> Callable[[bytes, str], Document]:
    """A reader by its module and class."""
    module, _, name = where.partition(":")

    def read(data: bytes, label: str) -> Document:
        document: Document = getattr(import_module(module), name)(data, label)
        return document

    return read


# One line per format: the reader gets the bytes and a name for its messages. Its module is loaded
# when the first such file is opened: all of them take half a second and 60 MB.
FORMATS: Final[dict[str, Callable[[bytes, str], Document]]] = {
    "txt": _reader("kakehashi.documents.txt:TextDocument"),
    "md": _reader("kakehashi.documents.markdown:MarkdownDocument"),
    "pdf": _reader("kakehashi.documents.pdf:PdfDocument"),
    "html": _reader("kakehashi.documents.html:HtmlDocument"),
    "srt": _reader("kakehashi.documents.srt:SubtitleDocument"),
    "docx": _reader("kakehashi.documents.docx:WordDocument"),
    "docm": _reader("kakehashi.documents.docx:WordDocument"),
    "pptx": _reader("kakehashi.documents.pptx:SlidesDocument"),
    "pptm": _reader("kakehashi.documents.pptx:SlidesDocument"),
    "csv": _reader("kakehashi.documents.delimited:DelimitedDocument"),
    "tsv": _reader("kakehashi.documents.delimited:TabDocument"),
    "xlsx": _reader("kakehashi.documents.xlsx:XlsxDocument"),
}
_ENDINGS: Final = {
    "": "txt",
    ".txt": "txt",
    ".text": "txt",
    ".log": "txt",
    ".pdf": "pdf",
    ".md": "md",
    ".markdown": "md",
    ".mdx": "md",
    ".mkd": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".srt": "srt",
    ".dotx": "docx",
    ".dotm": "docm",
    ".potx": "pptx",
    ".ppsx": "pptx",
    ".potm": "pptm",
    ".ppsm": "pptm",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".xltm": "xlsx",
}
# Not text: their readers look at the first bytes themselves, and know better what they mean.
_PACKED: Final = frozenset({"docx", "docm", "pptx", "pptm", "xlsx", "xlsm", "pdf"})
_BINARY: Final = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "an Office file or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Office file in the old format"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x7fELF", "a program"),
)


def open_document(path: Path, *, format: str | None = None, max_bytes: int = MAX_BYTES) -> Document:
    """Open the file at `path`.

    Args:
        path: a file; its ending tells the format, no ending means plain text.
        format: one of `FORMATS`, if the ending does not tell.
        max_bytes: the largest file that is read, in bytes.

    Raises:
        FileMissingError: there is no such file, it is a folder, or it may not be read.
        TooLargeError: it has more than `max_bytes` bytes.
        EncodingError: it is not text in an encoding that is read.
        FormatError: unknown format, or the content is damaged or of another format.
        InputError: it is empty.
    """
    where = str(path)
    chosen = format or _format_of(path)
    _known(chosen, where)
    try:
        if path.is_dir():
            raise FileMissingError(
                "this is a folder, not a file", where=where, hint="name a file in it"
            )
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
            size = len(data)
            if size > max_bytes:
                size = max(size, path.stat().st_size)
    except FileNotFoundError:
        raise FileMissingError(
            "there is no such file", where=where, hint="check the name and the folder"
        ) from None
    except PermissionError:
        raise FileMissingError(
            "the file may not be read", where=where, hint="ask for the permission to read it"
        ) from None
    except OSError as error:
        raise FileMissingError(
            f"the file could not be read: {error.strerror or error}", where=where
        ) from error
    if size > max_bytes:
        raise _too_large(size, max_bytes, where)
    return from_bytes(data, chosen, where, max_bytes=max_bytes)


def from_bytes(data: bytes, format: str, name: str = "", *, max_bytes: int = MAX_BYTES) -> Document:
    """A document from its bytes (standard input, an upload).

    Args:
        data: the content of the file.
        format: one of `FORMATS`.
        name: what messages call it.
        max_bytes: the largest `data` that is accepted, in bytes.

    Raises:
        TooLargeError, EncodingError, FormatError, InputError: as `open_document`.
    """
    _known(format, name)
    if len(data) > max_bytes:
        raise _too_large(len(data), max_bytes, name)
    if not data:
        raise InputError("the file is empty", where=name, hint="choose a file with text in it")
    for magic, what in _BINARY:
        if data.startswith(magic) and format not in _PACKED:
            raise FormatError(
                f"this is {what}, not {_a(format)}",
                where=name,
                hint="formats that are read: " + ", ".join(FORMATS),
            )
    try:
        return FORMATS[format](data, name)
    except EncodingError as error:
        where = ", ".join(part for part in (name, error.where) if part)
        raise EncodingError(error.what, where=where, hint=error.hint) from None


def _format_of(path: Path) -> str:
    ending = path.suffix.lower()
    return _ENDINGS.get(ending, ending.removeprefix("."))


def known_format(path: Path) -> str | None:
    """The format that the name of a file says, one of `FORMATS`; None: it is not read."""
    chosen = _format_of(path)
    return chosen if chosen in FORMATS else None


def _known(format: str, where: str) -> None:
    if format not in FORMATS:
        raise FormatError(
            f"'{format}' is not a format that is read",
            where=where,
            hint=f"name the format it has: {', '.join(FORMATS)}",
        )


def _too_large(size: int, limit: int, where: str) -> TooLargeError:
    return TooLargeError(
        f"{_size(size)} is more than the limit of {_size(limit)}",
        where=where,
        hint="cut the file into parts or raise the limit",
    )


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count:,} bytes"


def _a(format: str) -> str:
    names = {"txt": "plain text", "md": "Markdown", "html": "HTML", "srt": "subtitles"}
    return names.get(format, format)
