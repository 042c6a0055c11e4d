"""A currency named in one text and another one in the other: yen that became dollars.

Amounts are checked with their numbers; this is about the words alone (「金額の単位は円です」),
which a small model likes to replace by the currency it has seen most.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Patterns are tried on NFKC text. A currency of several countries (dollars, pounds, francs) is
# one name here; which country's is not looked at.
_WORDS: Final = {
    "yen": (r"円(?!形|滑|満|周|卓|柱|錐|盤|熟|陣|安|高)", r"\byens?\b", "¥", r"\bJPY\b"),
    "dollar": (
        r"ドル(?!フィン|チェ|ビー|ムン|トムント)",
        r"\bdollars?\b",
        r"\$(?=\s?\d)",
        r"\bUSD\b",
    ),
    "euro": (r"ユーロ(?!ビジョン|スター|圏|トンネル)", r"\beuros?\b", "€", r"\bEUR\b"),
    "pound": ("ポンド", r"\bpounds?\b", "£", r"\bGBP\b"),
    "won": (r"(?<=\d)ウォン", "韓国ウォン", "₩", r"\bKRW\b"),
    "yuan": ("人民元", r"(?<=\d)元(?!年)", r"\byuan\b", r"\brenminbi\b", r"\bCNY\b"),
}
_PATTERNS: Final = {
    name: re.compile("|".join(words), re.IGNORECASE) for name, words in _WORDS.items()
}


def currencies(text: str) -> frozenset[str]:
    """The currencies that `text` names."""
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(plain))


def exchanged(source: str, target: str) -> str | None:
    """The currency that `target` names instead of one of `source`'s; None if all is well.

    A currency that was only dropped is no fault of this kind: Japanese leaves it out freely.
    """
    new = currencies(target) - currencies(source)
    lost = currencies(source) - currencies(target)
    return ", ".join(sorted(new)) if new and lost else None
