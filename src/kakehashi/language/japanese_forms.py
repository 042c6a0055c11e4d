"""Forms of a Japanese verb: 連用形, past, passive, as an English sentence asks for them."""

from __future__ import annotations

from typing import Final

from kakehashi.language.terms import Pattern, Word, analyse

_ENDINGS: Final = "うくぐすつぬぶむる"
_I_ROW: Final = dict(zip(_ENDINGS, "いきぎしちにびみり", strict=True))
_A_ROW: Final = dict(zip(_ENDINGS, "わかがさたなばまら", strict=True))
_PAST: Final = dict(
    zip(
        _ENDINGS,
        ("った", "いた", "いだ", "した", "った", "んだ", "んだ", "んだ", "った"),
        strict=True,
    )
)


def renyo(term: Pattern) -> str:
    """連用形: 提出する → 提出し, 引き継ぐ → 引き継ぎ, 見る → 見."""
    word = term.text
    if term.suru:
        return term.stem + "し"
    if irregular := _kuru(word, "き"):
        return irregular
    if _ichidan(term.words[-1]):
        return word[:-1]
    return word[:-1] + _I_ROW.get(word[-1], word[-1])


def past(term: Pattern) -> str:
    """提出した, 引き継いだ, 見た."""
    word = term.text
    if term.suru:
        return term.stem + "した"
    if irregular := _kuru(word, "きた"):
        return irregular
    if _ichidan(term.words[-1]):
        return word[:-1] + "た"
    if word.endswith("行く"):
        return word[:-1] + "った"
    return word[:-1] + _PAST.get(word[-1], "った")


def passive(term: Pattern, *, past: bool = False) -> str:
    """提出される, 引き継がれる, 見られる, or their past."""
    word = term.text
    if term.suru:
        begun = term.stem + "され"
    elif irregular := _kuru(word, "こられ"):
        begun = irregular
    elif _ichidan(term.words[-1]):
        begun = word[:-1] + "られ"
    else:
        begun = word[:-1] + _A_ROW.get(word[-1], word[-1]) + "れ"
    return begun + ("た" if past else "る")


def _kuru(word: str, form: str) -> str:
    if word.endswith("来る"):
        return word[:-1] + form[1:]
    return word[:-2] + form if word.endswith("くる") else ""


def _ichidan(last: Word) -> bool:
    """Whether a verb in る loses it: asked of the dictionary with ます after it."""
    if not last.text.endswith("る"):
        return False
    dropped = last.text[:-1]
    words = analyse(dropped + "ます", "ja").words
    return bool(words) and words[0].base == last.text and words[0].text == dropped
