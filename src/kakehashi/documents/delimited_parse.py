"""Cut a text into records and fields, whatever program wrote it; find out its delimiter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = (",", "\t", ";", "|")
# Characters and records that are looked at to find the delimiter.
_SAMPLE: Final = 200_000
_SAMPLE_RECORDS: Final = 500
# With another delimiter than the usual one, so many records must have the same number of
# fields, and clearly more of them than with the usual one.
_REGULAR: Final = 0.75
_MARGIN: Final = 0.1
# Possessive, so that `"a""b` without an end is no match and costs one pass.
_QUOTED: Final = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?(?:\n|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        start, end: its stretch of the text, quotes included, blanks around quotes not.
        value: what it says.
        quoted: whether it stands in quotes.
    """

    start: int
    end: int
    value: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One row as a spreadsheet would show it.

    Attributes:
        number: counted from 1, blank lines included.
        fields: as many as this record has (not all need to have the same number).
        open_quote: offset of a quote that is not closed, and is read as a character.
    """

    number: int
    fields: tuple[Field, ...]
    open_quote: int | None = None


def records(text: str, delimiter: str, start: int = 0) -> Iterator[Record]:
    r"""The records of `text` (line ends are "\n"), read as leniently as spreadsheets do.

    A quote opens a quoted field only at the field's beginning (blanks before it are skipped).
    What follows a closing quote up to the delimiter belongs to the field, and the field counts
    as unquoted then. A quote that is not closed properly (never, or lines further down and in the
    middle of a field) is an ordinary character: otherwise one slip would swallow what follows.
    """
    bare = re.compile(rf"[^{re.escape(delimiter)}\n]*")
    blanks = re.compile(" *")
    at, number = start, 0
    while at < len(text):
        fields: list[Field] = []
        number += 1
        broken: int | None = None
        while True:
            field, at, lonely = _field(text, at, bare, blanks)
            broken = lonely if broken is None else broken
            fields.append(field)
            if at < len(text) and text[at] == delimiter:
                at += 1
                continue
            break
        at += 1  # the line end
        yield Record(number, tuple(fields), broken)


def _field(
    text: str, at: int, bare: re.Pattern[str], blanks: re.Pattern[str]
) -> tuple[Field, int, int | None]:
    first = _end(blanks, text, at)
    lonely = None
    if first < len(text) and text[first] == '"':
        quoted = _QUOTED.match(text, first)
        if quoted is None:
            lonely = first
        else:
            after = _end(blanks, text, quoted.end())
            rest = _end(bare, text, after)
            if rest == after:
                value = quoted[1].replace('""', '"')
                return Field(first, quoted.end(), value, True), after, None
            if "\n" not in quoted[0]:
                return Field(at, rest, text[at:rest], False), rest, None
            lonely = first
    end = _end(bare, text, at)
    return Field(at, end, text[at:end], False), end, lonely


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def find_delimiter(text: str, usual: str) -> tuple[str, int]:
    """The delimiter, and where the first record begins.

    The line ``sep=;`` that Excel understands is believed. Otherwise the delimiter is the one
    under which most records have the same number of fields (at least two); `usual` is kept
    unless another one is clearly better, so that a file of one column stays one.
    """
    declared = _SEP_LINE.match(text)
    if declared is not None and not declared[1].isalnum():
        return declared[1], declared.end()
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    scores = {one: _regularity(sample, one) for one in {usual, *DELIMITERS}}
    best = max(DELIMITERS, key=lambda one: (scores[one], one == usual))
    clear = scores[best] >= max(_REGULAR, scores[usual] + _MARGIN)
    return (best if clear else usual), 0


def _regularity(sample: str, delimiter: str) -> float:
    """0 (never splits anything) to 1 (every record has the same number of fields)."""
    counts: Counter[int] = Counter()
    for record in records(sample, delimiter):
        if record.number > _SAMPLE_RECORDS:
            break
        if len(record.fields) > 1 or record.fields[0].value.strip():
            counts[len(record.fields)] += 1
    split = {size: count for size, count in counts.items() if size > 1}
    return max(split.values(), default=0) / (counts.total() or 1)
