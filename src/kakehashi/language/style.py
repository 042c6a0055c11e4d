"""敬体 and 常体: which of them a Japanese sentence ends in, and how to say it in the other.

Only the last predicate is looked at and changed, by SudachiPy's morphemes, and only where the
grammar leaves no choice. Neutral are: nouns (体言止め), requests and orders (ください, せよ),
sentences that end in a quotation, and what is not a sentence at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kakehashi.language.flags import Flag, flag
from kakehashi.language.morphology import morphemes
from kakehashi.language.results import Change, Style

if TYPE_CHECKING:
    from sudachipy import Morpheme

_END: Final = re.compile(r"[。．.！!？?…\s]*$")
_ADDRESS: Final = re.compile(
    r"\b(?:please|you|your|thank|thanks|welcome|we|our|let['’]s|dear|sincerely)\b", re.I
)
# Their plain forms are other words, or never used.
_HUMBLE: Final = frozenset(
    {
        "ござる", "いらっしゃる", "くださる", "なさる", "いたす", "致す", "申す", "参る",
        "まいる", "おる", "存ずる", "存じる", "申し上げる", "差し上げる", "頂く", "いただく",
        "下さる", "御座る", "おっしゃる",
    }
)  # fmt: skip
_ROW: Final = {
    "カ": "かきくけ", "ガ": "がぎぐげ", "サ": "さしすせ", "タ": "たちつて", "ナ": "なにぬね",
    "バ": "ばびぶべ", "マ": "まみむめ", "ラ": "らりるれ", "ワ": "わいうえ",
}  # fmt: skip
_PAST: Final = {
    "く": "いた", "ぐ": "いだ", "す": "した", "つ": "った", "る": "った", "う": "った",
    "ぬ": "んだ", "ぶ": "んだ", "む": "んだ",
}  # fmt: skip


def register(sentence: str) -> Style | None:
    """Polite, plain, or None: the sentence is neutral.

    >>> [register(one) for one in ("休みです。", "辞任した。", "お待ちください。", "予算の可決")]
    ['polite', 'plain', None, None]
    """
    words = _predicate(sentence)
    if not words:
        return None
    tail = words[:]
    while tail and tail[-1].part_of_speech()[1] == "終助詞":
        tail.pop()
    for word in reversed(tail):
        if _type(word) in ("助動詞-デス", "助動詞-マス"):
            return "polite"
        if _type(word) not in ("助動詞-タ", "助動詞-ヌ"):
            break
    if not tail:
        return None
    kind, form = tail[-1].part_of_speech()[0], tail[-1].part_of_speech()[5]
    if kind in ("動詞", "形容詞", "助動詞") and (
        form.startswith("終止形") or (form == "意志推量形" and _type(tail[-1]) == "助動詞-ダ")
    ):
        return "plain"
    return None


def convert(sentence: str, to: Style) -> str | None:
    """The sentence in the other style; None: it is not clear how to say it.

    >>> convert("予算を可決した。", "polite"), convert("図書館は休みです。", "plain")
    ('予算を可決しました。', '図書館は休みである。')
    """
    words = _predicate(sentence)
    if not words:
        return None
    end = _END.search(sentence)
    tail = end[0] if end else ""
    body = sentence[: len(sentence) - len(tail)]
    made = _polite(words) if to == "polite" else _plain(words)
    if made is None:
        return None
    count, text = made
    cut = sum(len(word.surface()) for word in words[-count:])
    return body[: len(body) - cut] + text + tail


def _predicate(sentence: str) -> list[Morpheme]:
    """The morphemes of a sentence without its final signs; none if it ends in a quotation."""
    body = _END.sub("", sentence)
    if not body or body[-1] in "」』）)】》\"'”’:：;；":
        return []
    return list(morphemes(body))


def _type(word: Morpheme) -> str:
    return str(word.part_of_speech()[4])


def _stem(word: Morpheme, row: int) -> str | None:
    """The form of a verb before ない (row 0) or ます (row 1)."""
    base, kind = str(word.dictionary_form()), _type(word)
    if base in _HUMBLE or kind.startswith("文語"):
        return None
    if kind.startswith("五段-"):
        letters = _ROW.get(kind[3])
        return base[:-1] + letters[row] if letters else None
    if "一段" in kind or kind in ("助動詞-レル", "助動詞-セル", "助動詞-ラレル", "助動詞-サセル"):
        return base[:-1]
    if kind == "サ行変格":
        return {"する": "し", "為る": "し"}.get(base) or (
            base[:-2] + "じ" if base.endswith("ずる") else None
        )
    if kind == "カ行変格":
        return base[:-2] + ("来" if base.endswith("来る") else "こ" if row == 0 else "き")
    return None


def _past(word: Morpheme) -> str | None:
    base, kind = str(word.dictionary_form()), _type(word)
    if kind.startswith("五段-"):
        if base in _HUMBLE:
            return None
        if base.endswith(("行く", "いく")) and kind == "五段-カ行":
            return base[:-1] + "った"
        return base[:-1] + _PAST[base[-1]] if base[-1] in _PAST else None
    stem = _stem(word, 1)
    return None if stem is None else stem + "た"


def _negative(word: Morpheme) -> str | None:
    if word.dictionary_form() == "ある" and _type(word) == "五段-ラ行":
        return "な"
    stem = _stem(word, 0)
    return None if stem is None else stem + "な"


def _plain(words: list[Morpheme]) -> tuple[int, str] | None:
    """How many morphemes at the end become what, in the plain style."""
    types = [_type(word) for word in words[-5:]]
    texts = [word.surface() for word in words[-5:]]
    if types[-1] == "助動詞-マス" and texts[-1] == "ます" and len(words) > 1:
        stem = _stem(words[-2], 1)
        return None if stem is None else (2, words[-2].dictionary_form())
    if texts[-2:] == ["まし", "た"] and len(words) > 2:
        past = _past(words[-3])
        return None if past is None else (3, past)
    if texts[-2:] == ["ませ", "ん"] and len(words) > 2:
        negative = _negative(words[-3])
        return None if negative is None else (3, negative + "い")
    if texts[-4:] == ["ませ", "ん", "でし", "た"] and len(words) > 4:
        negative = _negative(words[-5])
        return None if negative is None else (5, negative + "かった")
    if texts[-1] == "でしょう" and types[-1] == "助動詞-デス":
        return 1, "だろう"
    if len(words) < 2:
        return None
    if texts[-1] == "です" and types[-1] == "助動詞-デス":
        return _without_desu(words[-2], 1, "である")
    if texts[-2:] == ["でし", "た"] and len(words) > 2:
        return _without_desu(words[-3], 2, "であった")
    return None


def _without_desu(before: Morpheme, count: int, text: str) -> tuple[int, str] | None:
    kind = before.part_of_speech()[0]
    if kind in ("名詞", "形状詞", "代名詞", "接尾辞") or before.surface() in (
        "の",
        "から",
        "まで",
        "だけ",
        "ほど",
    ):
        return count, text
    if count == 1 and (
        kind == "形容詞" or _type(before) in ("助動詞-タ", "助動詞-ナイ", "助動詞-タイ")
    ):
        return 1, ""
    return None


def _polite(words: list[Morpheme]) -> tuple[int, str] | None:
    """How many morphemes at the end become what, in the polite style."""
    last = words[-1]
    kind, form = last.part_of_speech()[0], last.part_of_speech()[5]
    before = words[-2] if len(words) > 1 else None
    copula = before is not None and before.surface() == "で" and _type(before) == "助動詞-ダ"
    if last.surface() == "だろう":
        return 1, "でしょう"
    if not form.startswith("終止形"):
        return None
    if kind == "動詞" or _type(last) in (
        "助動詞-レル",
        "助動詞-セル",
        "助動詞-ラレル",
        "助動詞-サセル",
    ):
        if copula and last.dictionary_form() == "ある":
            return 2, "です"
        stem = _stem(last, 1)
        return None if stem is None else (1, stem + "ます")
    if _type(last) == "助動詞-ダ":
        return 1, "です"
    if _type(last) == "助動詞-タ" and before is not None:
        return _polite_past(words, before)
    if _type(last) == "助動詞-ナイ" and before is not None:
        stem = _stem(before, 1)
        return None if stem is None else (2, stem + "ません")
    if kind == "形容詞" and last.dictionary_form() == "ない":
        if before is not None and before.surface() in ("は", "が", "も"):
            return 1, "ありません"
        return 1, "ないです"
    if kind == "形容詞" or _type(last) == "助動詞-タイ":
        return 1, last.surface() + "です"
    return None


def _polite_past(words: list[Morpheme], before: Morpheme) -> tuple[int, str] | None:
    kind = before.part_of_speech()[0]
    third = words[-3] if len(words) > 2 else None
    if _type(before) == "助動詞-ダ":
        return 2, "でした"
    if _type(before) == "助動詞-ナイ" and third is not None:
        stem = _stem(third, 1)
        return None if stem is None else (3, stem + "ませんでした")
    if kind == "形容詞":
        if (
            before.dictionary_form() == "ない"
            and third is not None
            and third.surface() in ("は", "が", "も")
        ):
            return 2, "ありませんでした"
        return 2, before.surface() + words[-1].surface() + "です"
    if (
        third is not None
        and third.surface() == "で"
        and _type(third) == "助動詞-ダ"
        and before.dictionary_form() == "ある"
    ):
        return 3, "でした"
    stem = _stem(before, 1)
    return None if stem is None else (2, stem + "ました")


class Held:
    """The style of one document: asked for, shown by the source, or that of its first sentence.

    An English source that speaks to its reader (please, you, we) wants 敬体; one that reports
    does not say, so that the first sentence that is not neutral decides.
    """

    def __init__(self, asked: Style | None, sources: Iterable[str] = ()) -> None:
        self.style = asked
        if asked is None:
            texts = [text for text in sources if text.strip()]
            speaking = sum(bool(_ADDRESS.search(text)) for text in texts)
            if len(texts) > 1 and speaking * 3 >= len(texts):
                self.style = "polite"

    def hold(self, target: str) -> tuple[str, tuple[Flag, ...], tuple[Change, ...]]:
        """A sentence in the style of the document, or a flag that it is not."""
        found = register(target)
        if found is None:
            return target, (), ()
        if self.style is None:
            self.style = found
        if found == self.style:
            return target, (), ()
        made = convert(target, self.style)
        if made is None or register(made) != self.style:
            return target, (flag("style-mixed", target[-12:]),), ()
        return made, (), (Change("register", target, made),)
