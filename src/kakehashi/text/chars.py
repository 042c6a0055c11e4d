"""Which script a character belongs to, and how wide it is. Tables only; no decisions."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

HIRAGANA: Final = "\u3041-\u309f"
KATAKANA: Final = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HALF_KANA: Final = "\uff66-\uff9f"
KANJI: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

# For use inside a character class: letters written in Japanese (kana and kanji).
JAPANESE: Final = HIRAGANA + KATAKANA + HALF_KANA + KANJI
# Full-width forms and Japanese punctuation: they show that the line is typeset in Japanese.
JAPANESE_PUNCTUATION: Final = "\u3001-\u3003\u3008-\u3020\u30fb\uff01-\uff65"

LINE_END: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
OPENERS: Final = "「『（(【〔［[《〈｢｛{“‘«"
CLOSERS: Final = "」』）)】〕］]》〉｣｝}”’»"

URL: Final = re.compile(
    r"(?:https?|ftp|file)://[!#-&(-;=?-Z_a-z~\[\]]+"
    r"|\bwww\.[A-Za-z0-9][!#-&(-;=?-Z_a-z~]+"
    r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)
_URL_TAIL: Final = ".,;:!?)]"

_JAPANESE_CHAR: Final = re.compile(f"[{JAPANESE}{JAPANESE_PUNCTUATION}]")


def is_japanese(char: str) -> bool:
    """Whether `char` is kana, kanji, a full-width form or Japanese punctuation."""
    return bool(_JAPANESE_CHAR.match(char))


def columns(text: str) -> int:
    """Width of `text` in terminal columns (East Asian wide, full-width characters count 2)."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def url_spans(text: str) -> list[tuple[int, int]]:
    """Spans of URLs and mail addresses, without the sentence's punctuation after them."""
    spans = []
    for match in URL.finditer(text):
        start, end = match.span()
        while end > start and text[end - 1] in _URL_TAIL:
            if text[end - 1] in ")]" and text[start:end].count("(") >= text[start:end].count(")"):
                break
            end -= 1
        spans.append((start, end))
    return spans
