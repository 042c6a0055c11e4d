"""Plain text: paragraphs are segments; blank lines, rules and indentation stay."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from kakehashi.documents.base import Mark
from kakehashi.documents.encoded import read_text
from kakehashi.documents.source import Draft, Slot, SourceDocument

_SPACE: Final = " \t\u3000\u00a0\f\v"
# A line that is this much further in or out than the one before it is set apart on purpose
# (a date on the right, a centred title), not the first line of a paragraph.
_SET_APART: Final = 5


class TextDocument(SourceDocument):
    """A plain text file.

    Lines between blank lines are one segment with its line breaks kept inside, because only a
    reader of the language can tell a hard wrap from a list. Lines set far to the right or
    centred are segments of their own.
    """

    format = "txt"

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            EncodingError: not text in an encoding that is read.
        """
        source = read_text(data)
        super().__init__(source, _drafts(source.text))

    def _write(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> str:
        return text


def _drafts(text: str) -> list[Draft]:
    found: list[Draft] = []
    start = end = indent = 0
    for match in re.finditer(r"[^\n]*\n?", text):
        line = match[0]
        body = line.strip(_SPACE + "\n")
        if not any(map(str.isalnum, body)):  # a blank line or a rule such as "-----"
            _add(found, text, start, end)
            start = end = match.end()
            continue
        new = _columns(line[: len(line) - len(line.lstrip(_SPACE))])
        if start < end and abs(new - indent) >= _SET_APART:
            _add(found, text, start, end)
            start = match.start()
        elif start >= end:
            start = match.start()
        end, indent = match.end(), new
    _add(found, text, start, end)
    return found


def _add(found: list[Draft], text: str, start: int, end: int) -> None:
    body = text[start:end]
    start += len(body) - len(body.lstrip(_SPACE + "\n"))
    end -= len(body) - len(body.rstrip(_SPACE + "\n"))
    if start < end and any(map(str.isalpha, text[start:end])):
        found.append(Draft(start, end, text[start:end], "prose"))


def _columns(indent: str) -> int:
    """Width of white space in half-width columns."""
    wide = sum(unicodedata.east_asian_width(char) in "FW" for char in indent)
    return len(indent.expandtabs(8)) + wide
