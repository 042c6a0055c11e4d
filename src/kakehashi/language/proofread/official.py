"""Official writing (公用文): the set that is applied when it is asked for.

After 「公用文作成の考え方」 (文化審議会, 2022) and 「公用文における漢字使用等について」 (2010):
auxiliary verbs and formal nouns in kana, conjunctions of laws in kanji, 「か所」, 「、」「。」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kakehashi.language.proofread.rule import rule
from kakehashi.language.proofread.view import Hit, View

_AUXILIARY: Final = (
    (re.compile(r"(?<=[てで])下さ(?=[いる])"), "くださ"),
    (re.compile(r"(?<=[てで])頂(?=[きくけいこ])"), "いただ"),
    (re.compile(r"(?<=[てで])頂(?=[かせ])"), "いただ"),
    (re.compile(r"(?<=[てで])居(?=[るたまり])"), "い"),
    (re.compile(r"(?<=[てで])行く(?=[こ。、])"), "いく"),
    (re.compile(r"(?<=[てで])来(?=[たる])"), "き"),
    (re.compile(r"(?<=[てで])見(?=[るたまて])"), "み"),
    (re.compile(r"(?<=[てで])欲し(?=[いくか])"), "ほし"),
    (re.compile(r"(?<=[てで])置(?=[くきい])"), "お"),
    (re.compile(r"(?<=[いきしちにみりえけせてねべめれ])致(?=[しす])"), "いた"),
    (re.compile(r"(?<=[一-鿿])(?<![一誘合招筆極風])致(?=し(?:ま|た|て)|す)"), "いた"),
    (
        re.compile(r"(?<=[ご御お][一-鿿]{2})下さ(?=い)|(?<=[きしちみりえけせねべめれ])下さ(?=い)"),
        "くださ",
    ),
)


@rule(
    "official-auxiliary",
    "warning",
    safe=True,
    official=True,
    bad=[
        ("窓口で申請して下さい。", "下さ", "くださ"),
        ("資料を送って頂く。", "頂", "いただ"),
        ("ご確認下さい。", "下さ", "くださ"),
        ("担当者が説明致します。", "致", "いた"),
        ("調べて見る。", "見", "み"),
    ],
    good=[
        "窓口で申請してください。",
        "水を下さい。",
        "賞状を頂く。",
        "意見が一致した。",
        "企業を誘致する。",
        "立って見下ろす。",
    ],
)
def official_auxiliary(view: View) -> Iterator[Hit]:
    """Auxiliary verbs in kanji."""
    for sentence in view.sentences:
        for pattern, new in _AUXILIARY:
            for match in pattern.finditer(sentence.text):
                yield sentence.hit(*match.span(), new)


_WORDS: Final = (
    (re.compile(r"恐れ(?=が(?:あ|な)|の(?:あ|な))|虞(?=が|の)"), "おそれ"),
    (re.compile(r"(?<![がにもは])および"), "及び"),
    (re.compile(r"(?<![ぁ-んそ])または(?=[^、])|(?<=[、])または"), "又は"),
    (re.compile(r"(?<![ぁ-ん])ならびに"), "並びに"),
    (re.compile(r"(?<![ぁ-ん])もしくは"), "若しくは"),
    (re.compile(r"乃至"), "ないし"),
    (re.compile(r"但し"), "ただし"),
    (re.compile(r"(?:(?<=[。、\s])|^)尚(?=、)"), "なお"),
    (re.compile(r"(?:(?<=[。、\s])|^)従って(?=、)"), "したがって"),
    (re.compile(r"(?:(?<=[。、\s])|^)又(?=、)"), "また"),
    (re.compile(r"出来(?=る|ない|ます|ませ|た(?!て)|ず|れば)"), "でき"),
    (re.compile(r"(?<=[\d０-９一二三四五六七八九十数何])[ヶケヵカ](?=[月所国年条])"), "か"),
    (re.compile(r"箇(?=所|月)"), "か"),
    (re.compile(r"沢山"), "たくさん"),
    (re.compile(r"殆ど"), "ほとんど"),
    (re.compile(r"或いは"), "あるいは"),
    (re.compile(r"即ち"), "すなわち"),
    (re.compile(r"因みに"), "ちなみに"),
    (re.compile(r"丁度"), "ちょうど"),
    (re.compile(r"(?<=[るたいのん])為(?=、|に(?!なる)|の)"), "ため"),
    (re.compile(r"(?<=[るたい])事(?=[がをはもにで])"), "こと"),
    (re.compile(r"(?<=[るたい])物と(?=[すみ])"), "ものと"),
    (re.compile(r"(?<=[のるた])様(?=に|な(?!子))(?<!多様)(?<!同様)(?<!一様)"), "よう"),
    (re.compile(r"(?<=[\d０-９日月年時分])迄"), "まで"),
    (re.compile(r"毎に"), "ごとに"),
    (re.compile(r"(?<=[一-鿿ぁ-ん])達(?=[がをはもにの])(?<![到調配速上発伝友栄熟先]達)"), "たち"),
    (re.compile(r"行な(?=[うっいわえお])"), "行"),
    (re.compile(r"あたって(?=は、)"), "当たって"),
)


@rule(
    "official-word",
    "warning",
    safe=True,
    official=True,
    bad=[
        ("事故が起きる恐れがある。", "恐れ", "おそれ"),
        ("市および県が定める。", "および", "及び"),
        ("但し、土曜日は除く。", "但し", "ただし"),
        ("３ヶ月以内に申請する。", "ヶ", "か"),
        ("参加することが出来る。", "出来", "でき"),
        ("説明会を行なう。", "行な", "行"),
        ("確認する事が必要です。", "事", "こと"),
        ("準備の為、休館します。", "為", "ため"),
    ],
    good=[
        "事故が起きるおそれがある。",
        "神を恐れる人々。",
        "市及び県が定める。",
        "影響は全国におよんだ。",
        "三か月以内に申請する。",
        "出来事を記録する。",
        "事が起きる前に備える。",
        "説明会を行う。",
        "多様な意見を聞く。",
    ],
)
def official_word(view: View) -> Iterator[Hit]:
    """Words that official writing spells in one way."""
    for sentence in view.sentences:
        for pattern, new in _WORDS:
            for match in pattern.finditer(sentence.text):
                yield sentence.hit(*match.span(), new)


_PUNCTUATION: Final = re.compile(r"(?<=[ぁ-んァ-ヺー一-鿿」）])[，．]")


@rule(
    "official-punctuation",
    "warning",
    safe=True,
    official=True,
    bad=[("申請し，許可を得る。", "，", "、"), ("許可を得る．", "．", "。")],
    good=["申請し、許可を得る。", "１，０００円", "３．申請"],
)
def official_punctuation(view: View) -> Iterator[Hit]:
    """「，」「．」 where official writing has 「、」「。」."""
    for sentence in view.sentences:
        for match in _PUNCTUATION.finditer(sentence.text):
            yield sentence.hit(*match.span(), "、" if match[0] == "，" else "。")
