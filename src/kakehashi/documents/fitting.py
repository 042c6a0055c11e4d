"""How much room a text takes, so that a longer translation is fitted and not cut.

Widths are counted in em (the font size). East Asian wide characters are set on a square of
1 em (JIS X 4051); Latin text in ordinary proportional fonts is about 0.5 em a character with
spaces: over English prose the averages are 0.45 (Times), 0.50 (Calibri, Arial), 0.56 (Verdana).
"""

from __future__ import annotations

import unicodedata


def em_width(text: str) -> float:
    """Width of a text on one line, in em."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)
