"""Honorifics: two of a kind on one word, humble words for what others do, titles with 様.

What counts as wrong follows 「敬語の指針」 (文化審議会, 2007). What it accepts although it is
double (お召し上がりになる, お見えになる, お伺いする, お伺いいたす, お伺い申し上げる), chains of
honorifics (お読みになっていらっしゃる) and とんでもございません are examples of good text here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kakehashi.language.proofread.rule import rule, word_list
from kakehashi.language.proofread.view import Hit, View

_END: Final = r"(?P<end>る|た|て|ま|な)"
# Word with れ on top → the word alone, before る, た/て and ます/ない.
_TWICE: Final[dict[str, tuple[str, str, str]]] = {
    "おっしゃられ": ("おっしゃる", "おっしゃっ", "おっしゃい"),
    "仰られ": ("仰る", "仰っ", "仰い"),
    "いらっしゃられ": ("いらっしゃる", "いらっしゃっ", "いらっしゃい"),
    "なさられ": ("なさる", "なさっ", "なさい"),
    "召し上がられ": ("召し上がる", "召し上がっ", "召し上がり"),
    "召しあがられ": ("召しあがる", "召しあがっ", "召しあがり"),
    "くださられ": ("くださる", "くださっ", "ください"),
    "見えられ": ("見える", "見え", "見え"),
}
_LEXICAL: Final = re.compile(f"(?:お(?=見え))?({'|'.join(_TWICE)}){_END}")
_BECOME: Final = re.compile(
    rf"((?:お(?:(?![がはをのも様])[一-鿿ぁ-ん]){{1,5}}?[いきぎしちにびみりえけせてねべめれ]|[おご御][一-鿿]{{1,4}}|お越し|ご覧)に)なられ{_END}"
)
_ENDINGS: Final = {"る": "なる", "た": "なった", "て": "なって", "ま": "なりま", "な": "ならな"}


@rule(
    "double-honorific",
    "warning",
    safe=True,
    bad=[
        ("市長がおっしゃられたとおりです。", "おっしゃられた", "おっしゃった"),
        ("資料をご覧になられましたか。", "ご覧になられま", "ご覧になりま"),
        ("お客様がお帰りになられる。", "お帰りになられる", "お帰りになる"),
        ("先生は来週いらっしゃられます。", "いらっしゃられま", "いらっしゃいま"),
        ("お客様は何を召し上がられますか。", "召し上がられま", "召し上がりま"),
        ("会長がお越しになられて始まった。", "お越しになられて", "お越しになって"),
        ("ご利用になられない場合", "ご利用になられな", "ご利用にならな"),
    ],
    good=[
        "お伺いいたします。",
        "お客様がお見えになりました。",
        "どうぞお召し上がりください。",
        "お召し上がりになりますか。",
        "明日、お伺いします。",
        "お伺い申し上げます。",
        "お読みになっていらっしゃいます。",
        "とんでもございません。",
        "ご案内してさしあげます。",
        "先生が書かれた本です。",
        "病気になられた方。",
        "お金持ちになられた方がいる。",
    ],
)
def double_honorific(view: View) -> Iterator[Hit]:
    """Two respectful forms on one verb (おっしゃられる, ご覧になられる)."""
    for sentence in view.sentences:
        text = sentence.text
        for match in _LEXICAL.finditer(text):
            whole, before_ta, before_masu = _TWICE[match[1]]
            end = match["end"]
            if match[1] == "見えられ" and not re.search(r"[がは、]お?$", text[: match.start(1)]):
                continue
            if match[1] == "見えられ" and text[match.start(1) - 1 : match.start(1)] != "お":
                continue
            new = {
                "る": whole,
                "た": before_ta + "た",
                "て": before_ta + "て",
                "ま": before_masu + "ま",
            }.get(end)
            start = match.start(1)
            yield sentence.hit(start, match.end(), new)
        for match in _BECOME.finditer(text):
            if match[1] in ("お金持ちに", "お世話に"):
                continue
            yield sentence.hit(*match.span(), match[1] + _ENDINGS[match["end"]])


_ACT: Final = r"[おご御]([一-鿿]{2,4})"


@rule(
    "humble-for-others",
    "warning",
    bad=[
        ("申請書をご確認してください。", "ご確認してください", "ご確認ください"),
        ("このカードはご利用できません。", "ご利用できません", "ご利用になれません"),
        ("駐車場をご利用できます。", "ご利用できます", "ご利用になれます"),
        ("先生が申されたとおりです。", "申された", "おっしゃった"),
        ("部長がご説明される予定です。", "ご説明される", "説明される"),
        ("窓口でお待ちしてください。", "お待ちしてください", "お待ちください"),
    ],
    good=[
        "申請書をご確認ください。",
        "このカードはご利用になれません。",
        "ご利用いただけます。",
        "担当者がご説明します。",
        "私からご説明できます。",
        "ご逝去されました。",
        "部長が説明される予定です。",
        "お話をしてください。",
        "異議を申し立てされた。",
    ],
)
def humble_for_others(view: View) -> Iterator[Hit]:
    """Humble forms (ご…する, 申す) for what the other person does."""
    for sentence in view.sentences:
        text = sentence.text
        if sentence.bullet and not sentence.prose and len(text) < 4:
            continue
        for match in _HUMBLE_PLEASE.finditer(text):
            yield sentence.hit(*match.span(), match[1] + "ください")
        for match in _HUMBLE_CAN.finditer(text):
            yield sentence.hit(*match.span(), match[1] + "になれま" + match[2])
        for match in _SAID.finditer(text):
            yield sentence.hit(*match.span(), _SAID_ENDS[match[1]])
        for match in _DONE.finditer(text):
            if match[1] not in _FIXED:
                yield sentence.hit(*match.span(), match[1] + match[2])


_HUMBLE_PLEASE: Final = re.compile(
    r"((?:ご|御)[一-鿿]{2,4}|お(?:待ち|使い|読み|書き|持ち|聞き|選び|申し込み|問い合わせ|受け取り|確かめ|答え|知らせ))して(?:下さい|ください)"
)
# "I can do it for you" is ご説明できます: only acts that the reader does are listed.
_HUMBLE_CAN: Final = re.compile(
    r"(ご(?:利用|使用|覧|購入|予約|参加|入場|乗車|入館|来場|入金|登録|視聴|応募|注文))できま(す|せん)"
)
_SAID: Final = re.compile(r"(?<=[がは])申され(た|る|ます|ました)")
_SAID_ENDS: Final = {
    "た": "おっしゃった",
    "る": "おっしゃる",
    "ます": "おっしゃいます",
    "ました": "おっしゃいました",
}
_DONE: Final = re.compile(r"ご([一-鿿]{2})(され(?:る|た|て|ま))")
_FIXED: Final = frozenset(
    word_list(
        """
        逝去 結婚 出産 誕生 心配 臨席 活躍 懐妊 成婚 婚約 静養 永眠 退位 即位
        """
    )
)


@rule(
    "title-twice",
    "warning",
    bad=[
        ("山田社長様にお渡しください。", "社長様", "社長"),
        ("関係者各位様", "各位様", "各位"),
        ("株式会社架け橋御中様", "御中様", "御中"),
        ("保護者各位殿", "各位殿", "各位"),
        ("田中先生様", "先生様", "先生"),
    ],
    good=[
        "関係者各位",
        "山田太郎様",
        "社長の山田様",
        "課長様式第3号",
        "お客様各位",
        "部長様々な意見",
    ],
)
def title_twice(view: View) -> Iterator[Hit]:
    """A title or 各位 with a second mark of respect."""
    for sentence in view.sentences:
        for match in _TITLES.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1])


_TITLES: Final = re.compile(
    r"(各位|御中|社長|部長|課長|係長|会長|所長|局長|校長|先生|市長|町長|村長|知事)[様殿](?![式々子相])"
)


@rule(
    "humble-twice",
    "warning",
    safe=True,
    bad=[
        ("資料を拝見させていただきました。", "拝見させていただき", "拝見し"),
        ("お手紙を拝読させていただきます。", "拝読させていただき", "拝読し"),
        ("品物を頂戴いたします。後ほど拝借させていただきます。", "拝借させていただき", "拝借し"),
    ],
    good=[
        "資料を拝見しました。",
        "資料を拝見いたしました。",
        "検討させていただきます。",
        "頂戴いたします。",
    ],
)
def humble_twice(view: View) -> Iterator[Hit]:
    """拝見させていただく: humble twice."""
    for sentence in view.sentences:
        for match in _HUMBLE_TWICE.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1] + "し")


_HUMBLE_TWICE: Final = re.compile(r"(拝見|拝読|拝聴|拝借|拝受)させて(?:いただ|頂)き(?=ま)")
