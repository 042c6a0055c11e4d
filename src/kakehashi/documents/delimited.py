"""CSV and TSV: cells with words are segments; quotes, line ends and all other cells stay.

Only text cells are translated (`cell_text`). A field stays quoted if it was quoted, and is
quoted anew only if its new text needs it.

A translation never becomes a formula: a new text that begins with ``= + - @`` (or their
full-width forms), where the source did not begin with that very character, gets an apostrophe
in front, which spreadsheets read as "this is text". A cell whose source begins with ``=`` is a
formula and is not translated.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark
from kakehashi.documents.cell_text import is_text
from kakehashi.documents.delimited_parse import Field, find_delimiter, records
from kakehashi.documents.encoded import EncodedText, read_text
from kakehashi.documents.source import Draft, Slot, SourceDocument

_WHITE: Final = " \t\n\u3000\u00a0"
_FORMULA: Final = "=+-@＝＋－＠"
_QUOTED: Final = "quoted"
_BARE: Final = "bare"


class DelimitedDocument(SourceDocument):
    """A text with records and fields.

    Attributes:
        delimiter: what stands between fields.
    """

    format = "csv"
    usual = ","

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            EncodingError: not text in an encoding that is read.
        """
        source = read_text(data)
        self.delimiter, start = find_delimiter(source.text, self.usual)
        warnings: list[str] = []
        super().__init__(source, list(_drafts(source, self.delimiter, start, warnings)))
        self._warnings = tuple(warnings)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Slips in the file that a person should look at."""
        return self._warnings

    def _write(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> str:
        text = slot.indent + _harmless(text, slot.segment.text) + slot.tail
        needs = any(char in text for char in (self.delimiter, '"', "\n"))
        needs = needs or text[:1] == " " or text[-1:] == " "
        if slot.style == _QUOTED or needs:
            return '"' + text.replace('"', '""') + '"'
        return text

    def _newline(self, start: int, end: int) -> str:
        """Line breaks inside of a cell are those it had; Excel writes a bare line feed."""
        old = self._source.raw_slice(start, end)
        if "\n" not in old and "\r" not in old:
            return "\n"
        return "\r\n" if "\r\n" in old else ("\n" if "\n" in old else "\r")

    def _encode(self, text: str) -> bytes:
        """As `EncodedText.encode`; a byte order mark tells Excel that it is UTF-8 now."""
        source = self._source
        was_utf8 = source.encoding == "utf-8" and not source.raw.isascii()
        if source.encoding_for(text) == "utf-8" and not was_utf8 and not text.isascii():
            return source.encode(text, bom=codecs.BOM_UTF8)
        return source.encode(text)


class TabDocument(DelimitedDocument):
    """Tab separated values."""

    format = "tsv"
    usual = "\t"


def _harmless(text: str, source: str) -> str:
    """`text`, with an apostrophe if a spreadsheet would take it for a formula."""
    first = text.lstrip(_WHITE)[:1]
    if first and first in _FORMULA and source[:1] != first:
        return "'" + text
    return text


def _drafts(
    source: EncodedText, delimiter: str, start: int, warnings: list[str]
) -> Iterator[Draft]:
    header: tuple[str, ...] = ()
    for record in records(source.text, delimiter, start):
        if record.open_quote is not None:
            warnings.append(messages.OPEN_QUOTE.format(row=record.number))
        if record.number == 1:
            header = _header(record.fields)
        for number, field in enumerate(record.fields, 1):
            draft = _draft(field)
            if draft is None:
                continue
            name = header[number - 1] if number <= len(header) and record.number > 1 else ""
            place = messages.CSV_NAMED_PLACE if name else messages.CSV_PLACE
            draft.place = place.format(row=record.number, column=number, name=name)
            yield draft


def _header(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """The names of the columns, if the first record looks like names."""
    names = tuple(" ".join(field.value.split()) for field in fields)
    filled = [name for name in names if name]
    worded = [name for name in filled if any(map(str.isalpha, name)) and len(name) <= 40]
    if len(names) < 2 or len(worded) < len(filled) or len(filled) * 2 < len(names):
        return ()
    return names


def _draft(field: Field) -> Draft | None:
    text = field.value.strip(_WHITE)
    if text.startswith(("=", "＝")) or not is_text(text):
        return None
    at = field.value.index(text)
    return Draft(
        field.start,
        field.end,
        text,
        "cell",
        style=_QUOTED if field.quoted else _BARE,
        indent=field.value[:at],
        tail=field.value[at + len(text) :],
    )
