"""Every number of a Japanese or English text, with values that compare across the two."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from kakehashi.text import numbers_en, numbers_ja
from kakehashi.text.chars import url_spans
from kakehashi.text.number import Number, Reading

# Longer runs of digits are keys and hashes: compared by both ends, not by value.
_KEY: Final = re.compile(r"\d{31,}")

__all__ = ["Number", "numbers"]


def numbers(text: str) -> list[Number]:
    """Find the numbers of a text, in order of their place; they do not overlap.

    Read are digits of both widths, kanji numerals, English number words, percentages and
    割, fractions, eras, dates, hours, scales (億, billion), ordinals, month names, and the
    words that imply a number (twice, 半分), each with a value, alternatives that say the
    same, and a strength. Digits inside URLs and mail addresses are not numbers.

    >>> [(n.text, int(n.value)) for n in numbers("２９億３，０００万円を二十三人で")]
    [('２９億３，０００万', 2930000000), ('二十三', 23)]
    """
    return list(_numbers(text))


# A sentence is compared, rendered and mended within moments; nothing is kept for long.
@lru_cache(maxsize=32)
def _numbers(text: str) -> tuple[Number, ...]:
    reading = Reading(text)
    for start, end in url_spans(text):
        reading.claim(start, end)
    for match in _KEY.finditer(reading.text):
        reading.add(match.span(), int(match[0][:20] + match[0][-10:]), "code")
    # Longer, more telling forms first; each reader leaves alone what another has claimed.
    numbers_ja.read_special(reading)
    numbers_en.read_special(reading)
    numbers_en.read_amounts(reading)
    numbers_en.identifiers(reading)
    numbers_ja.read_runs(reading)
    numbers_en.read_words(reading)
    numbers_ja.read_weak(reading)
    return tuple(sorted(reading.found, key=lambda number: number.start))
