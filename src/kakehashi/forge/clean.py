"""Which pairs are fit for training, and how their text is written.

Cleaning looks at one pair at a time and says why it drops one; it knows nothing about files,
mixtures or tokens.
"""

from __future__ import annotations

import re
import unicodedata

_JAPANESE = re.compile(r"[぀-ヿㇰ-ㇿ㐀-鿿ｦ-ﾟ々]")
_LATIN = re.compile(r"[A-Za-z]")
_MARKUP = re.compile(
    r"</?[a-z][^>]*>|&(?:[a-z]+|#\d+);|\{\{|\}\}|\]\(|%[sdi(]|\$\{|\\[a-z]|:[a-z]+:`|``|\*\*|__"
    r"|\[!|^\s*[|#>]|~~"
)
_POLITE = re.compile(
    r"(?:です|ます|でした|ました|ません|ましょう|でしょう|ください|下さい)(?:か|ね|よ|が|けど)*[。．！？!?」』）)\s]*$"
)
# Whatever else a predicate ends in; a heading that ends in a noun has none of these kana.
_PLAIN = re.compile(
    r"(?:[ただうくぐすつぬぶむる]|(?<!は)い)(?:か|ね|よ|が|けど)*[。．！？!?」』）)\s]*$"
)

# Digits, Latin letters and the percent sign in full width, to ASCII; Japanese punctuation stays.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()} | {
    0xFF05: 0x25
}
_HALF_KANA = re.compile(r"[ｦ-ﾟ]+")
_KANJI_KANA = "[぀-ヿ㐀-鿿々、。「」（）]"
_SEAM = re.compile(rf"(?<={_KANJI_KANA}) +(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) +(?={_KANJI_KANA})")


def has_markup(text: str) -> bool:
    """Whether tags, placeholders or Markdown were left in a text."""
    return _MARKUP.search(text) is not None


def tidy_japanese(text: str) -> str:
    """Japanese as an office writes it today, so that the model learns one way and not four.

    Digits and Latin letters half-width, kana full-width, no space between Japanese and Latin.
    """
    text = _HALF_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return _SEAM.sub("", text.translate(_NARROW))


def reject(english: str, japanese: str) -> str | None:
    """Why a pair is not fit for training, or None if it is.

    The bounds on the length ratio hold 99 % of Tatoeba's pairs (characters, English over
    Japanese, plus a constant for very short ones).
    """
    if not 2 <= len(japanese) <= 300 or not 2 <= len(english) <= 700:
        return "length"
    if not _LATIN.search(english) or not _JAPANESE.search(japanese):
        return "language"
    if len(_JAPANESE.findall(english)) > 0.1 * len(english):
        return "language"
    if len(_JAPANESE.findall(japanese)) < 0.35 * len(japanese):
        return "mostly not Japanese"
    if has_markup(english) or has_markup(japanese):
        return "markup"
    if not 0.8 <= (len(english) + 12) / (len(japanese) + 4) <= 4.5:
        return "length ratio"
    digits = [
        sorted(re.findall(r"\d+", unicodedata.normalize("NFKC", side)))
        for side in (english, japanese)
    ]
    if digits[0] and digits[1] and digits[0] != digits[1]:
        return "numbers"
    return None


def style_of(japanese: str) -> str | None:
    """``polite`` (敬体), ``plain`` (常体) or None where the ending does not tell."""
    if _POLITE.search(japanese):
        return "polite"
    return "plain" if _PLAIN.search(japanese) else None
