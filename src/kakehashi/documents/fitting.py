"""How much room a text takes, so that a longer translation is fitted and not cut.

Widths are counted in em (the font size). East Asian wide characters are set on a square of
1 em (JIS X 4051); Latin text in ordinary proportional fonts is about 0.5 em a character with
spaces: over English prose the averages are 0.45 (Times), 0.50 (Calibri, Arial), 0.56 (Verdana).
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

# A single spaced line in font sizes: the usual ascent and descent of fonts.
LINE: Final = 1.2
# What must not be wider than it seems: one word varies more than prose does, and a font may be
# missing (in DejaVu Sans, which replaces many, letters are 0.6 em).
CAUTION: Final = 1.2
_WORDS: Final = re.compile(
    r"[ \t]+|[^ \t\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60-]+-*|-+|.", re.DOTALL
)


def em_width(text: str) -> float:
    """Width of a text on one line, in em."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def longest_word(text: str) -> float:
    """Width of the longest word that is not broken, in em; 0 if every character may be parted."""
    words = (em_width(word) for word in _WORDS.findall(text) if len(word) > 1 and word.strip())
    return max(words, default=0.0) * CAUTION


def line_count(text: str, width: float) -> int:
    r"""Lines that a text takes in a column of `width` em; each "\n" begins a new one."""
    if width <= 0:
        return max(1, len(text))
    count = 0
    for line in text.split("\n"):
        count += 1
        used = 0.0
        for word in _WORDS.findall(line):
            wide = em_width(word)
            if used + wide <= width or not word.strip():
                used += wide
            else:
                # A word that is wider than the column is broken over several lines.
                over = math.ceil(wide / width) - 1
                count += int(used > 0) + over
                used = wide - over * width
    return count
