"""Slips of the fingers in stock phrases and loanwords: one character missing, doubled, swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from kakehashi.language.proofread.rule import rule, word_list
from kakehashi.language.proofread.view import Hit, View, tokens_of

# What offices write every day. A variant of one of these at one slip's distance is a slip.
_PHRASES: Final = word_list(
    """
        ありがとうございます ありがとうございました よろしくお願いいたします
        よろしくお願いします よろしくお願い申し上げます お願いいたします お願い申し上げます
        申し訳ございません 申し訳ありません お世話になっております おめでとうございます
        かしこまりました ご確認ください ご連絡ください ご参照ください ご了承ください
        ご利用ください ご相談ください お知らせください お知らせいたします お知らせします
        お送りいたします ご報告いたします ご案内いたします ご覧ください お待ちしております
        お申し込みください お問い合わせください いただきますよう いただけますでしょうか
        となっております いたしました いたしております しておりました させていただきます
        していただきます でございます でしょうか ではありません ありませんでした にもかかわらず
        かもしれません なければなりません することができます につきましては におきましては
        とのことでした ことになりました ようになりました いたしますので しましたところ
        お手数ですが お忙しいところ 恐れ入りますが どうぞよろしく ご協力をお願い ご理解とご協力
        """
)
# Variants that are right in some other sentence.
_RIGHT: Final = frozenset(
    word_list(
        """
        しておりました 申し訳ありません お願いします お知らせします いたしました となっておりま
        でしょう ではありませ お願いいたしました していただけます していただます
        いただきましよう お送りします ご報告します していただきました しておりまた いたしまして
        しましたとこ なければなりま お知らせいします することできます ようになりました
        ことになりました いしました すことができます いしております いしますので
        いしましたところ うことができます くことができます
        """
    )
)


@cache
def _slips() -> tuple[re.Pattern[str], dict[str, str]]:
    """All variants of the phrases at one slip's distance, and what was meant."""
    variants: dict[str, str] = {}
    for phrase in _PHRASES:
        for at in range(1, len(phrase) - 1):
            less = phrase[:at] + phrase[at + 1 :]
            more = phrase[: at + 1] + phrase[at:]
            swapped = phrase[:at] + phrase[at + 1] + phrase[at] + phrase[at + 2 :]
            for variant in (less, more, swapped):
                variants.setdefault(variant, phrase)
    for phrase in (*_PHRASES, *_RIGHT):
        variants.pop(phrase, None)
    # A variant that holds a whole other phrase, or that is a part of one, is that phrase.
    kept = {
        one: right
        for one, right in variants.items()
        if not any(one in phrase for phrase in _PHRASES)
    }
    keys = sorted(kept, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, keys))), kept


@rule(
    "phrase-typo",
    "error",
    safe=True,
    bad=[
        ("ご連絡ありがうございます。", "ありがうございます", "ありがとうございます"),
        ("お世話なっております。", "お世話なっております", "お世話になっております"),
        ("申し訳ごいません。", "申し訳ごいません", "申し訳ございません"),
        ("参加しなけれなりません。", "なけれなりません", "なければなりません"),
        ("雨かももしれません。", "かももしれません", "かもしれません"),
        ("担当者にご連絡くだいさ。", "ご連絡くだいさ", "ご連絡ください"),
    ],
    good=[
        "ご連絡ありがとうございます。",
        "お世話になっております。",
        "参加しなければなりません。",
        "お願いしたいことがあります。",
        "よろしくお願いします。",
        "案内をお知らせしました。",
        "知っておりますので、お待ちしておりません。",
    ],
)
def phrase_typo(view: View) -> Iterator[Hit]:
    """A stock phrase with one character missing, doubled or swapped."""
    pattern, variants = _slips()
    for sentence in view.sentences:
        for match in pattern.finditer(sentence.text):
            yield sentence.hit(*match.span(), variants[match[0]])


# What stands beside these is a person's name.
_NAME: Final = re.compile(
    "・\0|\0(?:・|さん|氏|選手|監督|様|大統領|首相|議員|教授|博士|容疑者|被告)"
)
_LOAN: Final = re.compile("(?<![ァ-ヺー])[ァ-ヺー]{5,20}(?![ァ-ヺー])")
# What a small kana cannot follow, or a large one that was meant small: no compound has it.
_SMALL_KANA: Final = re.compile(
    "[テデ][イエ](?![ア-ンー]{0,1}$)|[キギシジチニヒビピミリ][ヤユヨ]|^[ァィゥェォャュョッー]"
)
_SMALL: Final = dict(
    zip("ァィゥェォャュョッアイウエオヤユヨツ", "アイウエオヤユヨツァィゥェォャュョッ", strict=True)
)


@cache
def _known(word: str) -> bool:
    """Whether the dictionary has `word` as a common noun."""
    found = list(tokens_of(f"{word}の"))
    return (
        len(found) == 2
        and not found[0].unknown
        and found[0].kind == "名詞"
        and found[0].pos[1] == "普通名詞"
    )


def _meant(word: str) -> str | None:
    """The one common loanword that `word` is a slip of; None if there is none or more than one."""
    near: set[str] = set()
    for at in range(len(word)):
        if word[at] in _SMALL:
            near.add(word[:at] + _SMALL[word[at]] + word[at + 1 :])
        if at + 1 < len(word) and word[at] != word[at + 1] and at > 0:
            near.add(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
        if at and word[at] == word[at - 1]:
            near.add(word[:at] + word[at + 1 :])
    for at in range(1, len(word)):
        near.add(word[:at] + "ー" + word[at:])
        if at < len(word) and word[at] == "ー":
            near.add(word[:at] + word[at + 1 :])
    near = {one for one in near if "ーー" not in one and not _same_sound(one, word)}
    found = [one for one in near if _known(one)]
    return found[0] if len(found) == 1 else None


def _same_sound(one: str, other: str) -> bool:
    """ウエ and ウェ are two spellings, not a slip."""
    small = str.maketrans("ィェォァ", "イエオア")
    return bool(re.search("[ウヴ][イエオアィェォァ]", one)) and one.translate(small) == (
        other.translate(small)
    )


@rule(
    "loanword-typo",
    "warning",
    bad=[
        ("ボランテイアを募集します。", "ボランテイア", "ボランティア"),
        ("キヤンペーンを始めます。", "キヤンペーン", "キャンペーン"),
        ("アンケトーを配ります。", "アンケトー", "アンケート"),
        ("パンフレットトを配ります。", "パンフレットト", "パンフレット"),
    ],
    good=[
        "ボランティアを募集します。",
        "チャイコフスキーを聴く。",
        "ウクライナの首都はキーウです。",
        "スタンフォードで学ぶ。",
        "クリスティーナさんが来ます。",
    ],
)
def loanword_typo(view: View) -> Iterator[Hit]:
    """A katakana word that no dictionary has, one slip away from one that it has."""
    texts: dict[str, int] = {}
    for sentence in view.sentences:
        for match in _LOAN.finditer(sentence.text):
            texts[match[0]] = texts.get(match[0], 0) + 1
    for sentence in view.sentences:
        starts = {one.start: one for one in sentence.tokens}
        ends = {one.end for one in sentence.tokens}
        for match in _LOAN.finditer(sentence.text):
            token = starts.get(match.start())
            # Twice the same is no slip but a name; a word in the dictionary is none either.
            if texts[match[0]] > 1 or token is None or match.end() not in ends:
                continue
            inside = [t for t in sentence.tokens if match.start() <= t.start < match.end()]
            if not any(one.unknown for one in inside) and not _SMALL_KANA.search(match[0]):
                continue
            if _NAME.search(sentence.text[: match.start()] + "\0" + sentence.text[match.end() :]):
                continue
            meant = _meant(match[0])
            if meant is not None:
                yield sentence.hit(*match.span(), meant)
