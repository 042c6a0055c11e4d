"""Characters as a PDF's text layer has them → characters as people write them.

Programs that make PDFs map glyphs back to characters, and often to the wrong one of several that
look the same: a Kangxi radical for the kanji, a ligature for its letters, a vertical bracket.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Radicals without a decomposition in Unicode that fonts share with the kanji (Unicode's
# EquivalentUnifiedIdeograph, the ones that occur in Japanese).
_RADICALS: Final = str.maketrans(
    "⺝⺟⺠⺧⺩⺪⺫⺬⺮⺼⺽⻁⻄⻑⻗⻘⻝⻞⻟⻤⻨⻩⻫⻭⻯⻲",
    "月母民牛王疋目示竹月臼虎西長雨青食食食鬼麦黄斉歯竜亀",
)
_REPAIRED: Final = re.compile(
    "[\u2e80-\u2eff]"  # radicals, supplement
    "|[\u2f00-\u2fdf]"  # Kangxi radicals
    "|[\uf900-\ufaff]"  # compatibility ideographs
    "|[\ufb00-\ufb06]"  # Latin ligatures
    "|[\ufe10-\ufe19\ufe30-\ufe44\ufe47\ufe48]"  # vertical forms
    "|[ｦ-ﾝ][ﾞﾟ]?|[｡-･ﾞﾟ]"
    "|[\u00a0\u2000-\u200a\u202f]"  # spaces of other widths
)
_DROPPED: Final = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\ufeff]")
# Symbol and Wingdings: bullets in the private use area, as word processors write them.
_SYMBOLS: Final = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf075": "◆",
    "\uf076": "❖",
    "\uf0a8": "□",
    "\uf071": "□",
    "\uf0e0": "→",
    "\uf0df": "←",
    "\uf02d": "-",
}
_SOUND: Final = {"ﾞ": "゛", "ﾟ": "゜"}


def repaired(text: str) -> str:
    """`text` with look-alikes replaced; every replacement keeps the meaning.

    >>> repaired("⼀部の⽅は、ｶﾞｲﾄﾞを⻑く読む。e\ufb03cient")
    '一部の方は、ガイドを長く読む。efficient'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _REPAIRED.sub(_one, _DROPPED.sub("", text))
    # か + ゙ as two characters, from files made on a Mac.
    return unicodedata.normalize("NFC", text)


def _one(match: re.Match[str]) -> str:
    found = match[0]
    mapped = _SOUND.get(found) or found.translate(_RADICALS)
    if mapped != found:
        return mapped
    plain = unicodedata.normalize("NFKC", found)
    # Vertical forms belong to Japanese text, where brackets and commas are full-width.
    wide = "\ufe10" <= found[0] <= "\ufe48"
    return "".join(chr(ord(c) + 0xFEE0) if wide and "!" <= c <= "~" else c for c in plain)


def symbol(char: str) -> str:
    """The character that a private one of a symbol font is known to show; others as they are."""
    return _SYMBOLS.get(char, char)


def unreadable(char: str) -> bool:
    """Whether `char` stands for a glyph that nobody gave a meaning (a broken text layer)."""
    code = ord(char)
    return (
        code == 0xFFFD
        or 0xE000 <= code <= 0xF8FF
        or code >= 0xF0000
        or code < 0x20
        or 0x7F <= code < 0xA0
        or 0xD800 <= code <= 0xDFFF
    )
