"""Words by table: misspelt, misconverted, misused, said twice, with wrong okurigana."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kakehashi.language.proofread.rule import rule
from kakehashi.language.proofread.view import Hit, View
from kakehashi.language.proofread.wording_tables import (
    HOMOPHONES,
    IDIOMS,
    OKURIGANA,
    SPELLING,
    TAUTOLOGIES,
)


def pattern_of(table: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern for all keys, longest first; keys that are their own value are left out."""
    keys = sorted((one for one in table if table[one] != one), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, keys)))


_SPELLING: Final = pattern_of(SPELLING)
_HOMOPHONES: Final = pattern_of(HOMOPHONES)
_IDIOMS: Final = pattern_of(IDIOMS)
_TAUTOLOGIES: Final = pattern_of(TAUTOLOGIES)
_OKURIGANA: Final = pattern_of(OKURIGANA)


def by_table(view: View, pattern: re.Pattern[str], table: Mapping[str, str]) -> Iterator[Hit]:
    """A hit for every key of `table` that does not begin in the middle of a longer word."""
    for sentence in view.sentences:
        text = sentence.text
        for match in pattern.finditer(text):
            if _inside(text, match):
                continue
            yield sentence.hit(*match.span(), table[match[0]])


def _inside(text: str, match: re.Match[str]) -> bool:
    """Whether the match is a part of a longer word in katakana or kanji."""
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    katakana = "[ァ-ヺー]"
    return bool(
        (re.match(katakana, text[start]) and re.match(katakana, before))
        or (re.match(katakana, text[end - 1]) and re.match("[ァ-ヺ]", after))
        or (re.match("[一-鿿][ぁ-ん]", match[0]) and re.match("[一-鿿]", before))
    )


@rule(
    "spelling",
    "error",
    safe=True,
    bad=[
        ("避難のシュミレーションを行う。", "シュミレーション", "シミュレーション"),
        ("住民とのコミニュケーションが大切です。", "コミニュケーション", "コミュニケーション"),
        ("よろしくお願いいたしす。", "お願いいたしす", "お願いいたします"),
        ("お問い合わせありがとうござます。", "ありがとうござます", "ありがとうございます"),
        ("資料をご確認くだい。", "くだい。", "ください。"),
        ("やむおえず中止します。", "やむおえず", "やむをえず"),
        ("どうゆう手続きが必要ですか。", "どうゆう", "どういう"),
    ],
    good=[
        "避難のシミュレーションを行う。",
        "よろしくお願いいたします。",
        "ご確認ください。",
        "岩をくだいて進む。",
        "少しずつ増えています。",
        "彼女といういい人がいる。",
    ],
)
def spelling(view: View) -> Iterator[Hit]:
    """Words that are misspelt so often that they stand in a table."""
    yield from by_table(view, _SPELLING, SPELLING)


@rule(
    "homophone",
    "error",
    bad=[
        ("四月の人事移動をお知らせします。", "人事移動", "人事異動"),
        ("個人の価値感を尊重する。", "価値感", "価値観"),
        ("問題の解決を計ります。", "解決を計", "解決を図"),
        ("アンケートに解答してください。", "アンケートに解答", "アンケートに回答"),
        ("国民健康保健に加入しています。", "国民健康保健", "国民健康保険"),
        ("非難所は小学校です。", "非難所", "避難所"),
        ("条例の施工は来年四月です。", "条例の施工", "条例の施行"),
        ("議長を努めます。", "議長を努め", "議長を務め"),
    ],
    good=[
        "四月の人事異動をお知らせします。",
        "事務所を移動する。",
        "問題を解答する。",
        "時間を計って走る。",
        "工事の施工は来年です。",
        "保健所で健康保険の話を聞く。",
        "平行な線を引く。",
        "関係者以外は入れません。",
        "非難を浴びて避難する。",
        "一目で分かる。",
    ],
)
def homophone(view: View) -> Iterator[Hit]:
    """The wrong word of several that sound the same, where its neighbour tells."""
    yield from by_table(view, _HOMOPHONES, HOMOPHONES)


@rule(
    "idiom",
    "warning",
    bad=[
        ("汚名挽回の機会だ。", "汚名挽回", "名誉挽回"),
        ("問題が明るみになる。", "明るみになる", "明るみに出る"),
        ("取り付く暇もない対応だった。", "取り付く暇もな", "取り付く島もな"),
    ],
    good=["汚名返上の機会だ。", "問題が明るみに出る。", "的を射た意見だ。", "寸暇を惜しんで学ぶ。"],
)
def idiom(view: View) -> Iterator[Hit]:
    """A set phrase in a wording that it does not have."""
    yield from by_table(view, _IDIOMS, IDIOMS)


@rule(
    "tautology",
    "info",
    bad=[
        ("一番最初に説明します。", "一番最初", "最初"),
        ("強い違和感を感じた。", "違和感を感じ", "違和感を覚え"),
        ("料金は約500円ほどです。", "約500円ほど", "約500円"),
        ("およそ３０分程度かかります。", "およそ３０分程度", "およそ３０分"),
    ],
    good=["最初に説明します。", "約500円です。", "3割ほど減った。", "約束したほどではない。"],
)
def tautology(view: View) -> Iterator[Hit]:
    """The same thing said twice (一番最初, 約…ほど)."""
    yield from by_table(view, _TAUTOLOGIES, TAUTOLOGIES)
    for sentence in view.sentences:
        for match in _ABOUT.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1])
        for match in _EVERY.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1])


_ABOUT: Final = re.compile(
    r"((?:(?<![一-鿿])約|およそ)[\d０-９,，.．一二三四五六七八九十百千万億]{1,12}[^\W\d_、。]{1,3}?)(?:ほど|程度|くらい|ぐらい)(?![のな]く|遠い)"
)


_EVERY: Final = re.compile(r"(毎[日週月年](?:[月火水木金土日]曜日?)?)ごとに")


@rule(
    "okurigana",
    "error",
    safe=True,
    bad=[
        ("必らず持参してください。", "必らず", "必ず"),
        ("少くとも三日かかる。", "少くとも", "少なくとも"),
        ("係員の話しを聞く。", "話しを聞", "話を聞"),
        ("変更に伴ない、手続きが必要です。", "伴ない", "伴い"),
    ],
    good=[
        "必ず持参してください。",
        "話し合いを聞く。",
        "係員と話をする。",
        "危ういところだった。",
        "表れる、現れる。",
    ],
)
def okurigana(view: View) -> Iterator[Hit]:
    """Kana after a kanji that belong to its reading, or that are missing."""
    yield from by_table(view, _OKURIGANA, OKURIGANA)
