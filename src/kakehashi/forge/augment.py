"""Make of clean pairs what people give to a translator: several sentences, and typing as it is.

Knows pairs of strings only. Everything takes its own random generator, so that a run can be
repeated.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence

from kakehashi.forge.clean import style_of

# Sentences of a joined example, and the characters (English + Japanese) that still fit into the
# longest row of a batch.
MOST_JOINED = 5
MOST_CHARACTERS = 420

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code).isalnum()}
# Full-width katakana to half-width, from what Unicode says about the way back.
_HALF = {
    ord(unicodedata.normalize("NFKC", chr(code))): chr(code)
    for code in range(0xFF66, 0xFF9E)
    if len(unicodedata.normalize("NFKC", chr(code))) == 1
}

Pair = tuple[str, str]


def _may_follow(first: str, second: str) -> bool:
    """Whether two Japanese sentences end in the same style, or one of them does not tell."""
    styles = {style_of(first), style_of(second)} - {None}
    whole = all(one.rstrip().endswith(("。", "！", "？", "」")) for one in (first, second))
    return whole and len(styles) < 2


def join(pairs: Sequence[Pair], share: float, rng: random.Random) -> Iterator[Pair]:
    """Put runs of two to five neighbouring pairs together, so that `share` of the result is long.

    Neighbours are joined only if the Japanese keeps its style and both are whole sentences; in
    a manual they are the next sentence of the same text, which is where a model learns what a
    pronoun stands for.

    Args:
        pairs: (English, Japanese) in the order of their source.
        share: of the examples that come out, how many should be joined ones, 0 to 1.
    """
    at = 0
    while at < len(pairs):
        english, japanese = pairs[at]
        at += 1
        # Not every wish comes true (headings, other styles), so more are made than are wanted.
        wanted = rng.randint(2, MOST_JOINED) if rng.random() < min(1.0, 1.5 * share) else 1
        last = japanese
        while wanted > 1 and at < len(pairs):
            following = pairs[at]
            size = len(english) // 2 + len(japanese) + len(following[0]) // 2 + len(following[1])
            if size > MOST_CHARACTERS or not _may_follow(last, following[1]):
                break
            english, japanese = f"{english} {following[0]}", japanese + following[1]
            last = following[1]
            at, wanted = at + 1, wanted - 1
        yield english, japanese


def noise(text: str, japanese: bool, rng: random.Random) -> str:
    """One thing that people and old systems do to a text when it is typed.

    Full-width letters and digits, half-width katakana, a line break in the middle, no final
    stop, a lost or doubled character, other capitals. Only sources get noise, never targets.
    """
    kind = rng.randrange(6)
    if kind == 0 and japanese:
        return text.translate(_WIDE)
    if kind == 1 and japanese:
        return text.translate(_HALF)
    if kind == 2 and len(text) > 24:
        return _broken(text, japanese, rng)
    if kind == 3:
        return text.rstrip("。.")
    if kind == 4 and not japanese:
        return text.lower() if rng.random() < 0.8 else text.upper()
    if len(text) < 12:
        return text
    letters = [i for i, char in enumerate(text) if char.isalpha()]
    if not letters:
        return text
    where = rng.choice(letters)
    return text[:where] + (text[where] * 2 if kind == 5 else "") + text[where + 1 :]


def _broken(text: str, japanese: bool, rng: random.Random) -> str:
    """`text` with one line break where a mail program would have put it."""
    if japanese:
        at = rng.randrange(8, len(text) - 8)
        return f"{text[:at]}\n{text[at:]}"
    spaces = [i for i, char in enumerate(text) if char == " "]
    if not spaces:
        return text
    at = rng.choice(spaces)
    return f"{text[:at]}\n{text[at + 1 :]}"
