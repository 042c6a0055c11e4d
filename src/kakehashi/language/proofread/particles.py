"""Particles and words that were typed twice or that cannot stand together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from kakehashi.language.proofread.rule import rule, word_list
from kakehashi.language.proofread.view import Hit, Token, View

_DOUBLED: Final = frozenset(
    word_list(
        """
        を に が は の へ と で も
        """
    )
)
# Of two case particles in a row one is a slip. には, では, とは, のを and the like are not here.
_PAIRS: Final = frozenset(
    word_list(
        """
        をが がを をは はを をの がは はが をで でを をへ へを にへ へに がの
        """
    )
)
_WORD: Final = frozenset({"名詞", "動詞", "形容詞", "代名詞", "形状詞", "副詞"})
_KANJI_OR_KATAKANA: Final = re.compile(r"[一-鿿々ァ-ヶー]{2,}")
_PERIODIC: Final = re.compile(r"(.+?)\1+")
_STRETCH: Final = re.compile(r"([一-鿿々ァ-ヶーぁ-ん]{4,16})\1")
# At the end of a word; 会社社長 and the like have it in the middle, and 々 repeats on purpose.
_KANJI_TWICE: Final = re.compile(
    "(?<=[一-鿿])(?<![一二三四五六七八九十])(?![町村市区])([一-鿿])\\1(?=[をがはにでのへとしさす、。])"
)
_MIXED: Final = re.compile(r"[一-鿿].*[ぁ-ん]|[ぁ-ん].*[一-鿿]")


def _particle(token: Token) -> bool:
    return token.kind == "助詞" and token.pos[1] in ("格助詞", "係助詞", "準体助詞", "接続助詞")


@rule(
    "doubled-particle",
    "error",
    safe=True,
    bad=[
        ("本をを読みました。", "をを", "を"),
        ("会議にには全員が出席します。", "にに", "に"),
        ("結果がが出るまで待ちます。", "がが", "が"),
        ("窓口はは五階にあります。", "はは", "は"),
        ("市のの職員が説明します。", "のの", "の"),
        ("駅でで待ち合わせます。", "でで", "で"),
    ],
    good=[
        "母は元気ですが、父は入院しています。",
        "ははの日に花を贈る。",
        "桃はももと読みます。",
        "そのものの値段を調べる。",
        "人々の暮らしに、にぎわいが戻る。",
        "もっともものを知っている人だ。",
    ],
)
def doubled_particle(view: View) -> Iterator[Hit]:
    """The same particle twice in a row."""
    for sentence in view.sentences:
        for one, two in pairwise(sentence.tokens):
            if one.surface != two.surface or one.surface not in _DOUBLED:
                continue
            sure = one.surface == "を" or (
                _particle(one)
                and (_particle(two) or (one.surface == "で" and two.base in ("だ", "で")))
                and one.surface != "も"
            )
            name = one.surface != "を" and sentence.quoted(one.start)
            if sure and not name and one.end == two.start:
                yield sentence.hit(one.start, two.end, one.surface)


@rule(
    "particle-pair",
    "error",
    bad=[
        ("結果をが出ました。", "をが", None),
        ("資料がを確認してください。", "がを", None),
        ("担当者はが説明しました。", "はが", None),
    ],
    good=[
        "窓口には職員がいます。",
        "行くのがよいでしょう。",
        "彼とはここで別れました。",
        "これがはっきりしないと困る。",
        "我が国では、はがきで申し込みます。",
    ],
)
def particle_pair(view: View) -> Iterator[Hit]:
    """Two particles of which one is left over from an earlier wording."""
    for sentence in view.sentences:
        for one, two in pairwise(sentence.tokens):
            if (
                one.surface + two.surface in _PAIRS
                and _particle(one)
                and _particle(two)
                and one.pos[1] != "接続助詞"
                and two.pos[1] != "接続助詞"
                and one.start > 0
                and not sentence.quoted(one.end)
            ):
                yield sentence.hit(one.start, two.end)


@rule(
    "doubled-word",
    "warning",
    bad=[
        ("内容を確認確認してください。", "確認確認", "確認"),
        ("申請書書を窓口に出します。", "書書", "書"),
        ("用紙に氏名を記入入する。", "入入", "入"),
        ("お送りしましたました。", "ましたました", "ました"),
        ("参加することができることができます。", "ることができることができ", "ることができ"),
    ],
    good=[
        "一つ一つの項目を人々が見る。",
        "はらはらどきどきする話です。",
        "年々、少しずつ増えています。",
        "子どもたちはわいわいと遊ぶ。",
        "ひとりひとりに配ります。",
        "次々と順々に、代わる代わる話した。",
        "ちょっとちょっとと呼ばれた。",
        "会社社長と学校校長が話す。",
    ],
)
def doubled_word(view: View) -> Iterator[Hit]:
    """A word or a stretch of words that was typed or pasted twice."""
    for sentence in view.sentences:
        taken: list[tuple[int, int]] = []
        for match in _STRETCH.finditer(sentence.text):
            if _PERIODIC.fullmatch(match[1]):  # 何度も何度も何度も何度も is meant
                continue
            if (_MIXED.search(match[1]) or len(match[1]) > 5) and not sentence.quoted(
                match.start()
            ):
                taken.append(match.span())
                yield sentence.hit(*match.span(), match[1])
        for match in _KANJI_TWICE.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1])
        for run in _twice(sentence.tokens):
            start, end, word = run
            if not any(low < end and start < high for low, high in taken):
                yield sentence.hit(start, end, word)


def _twice(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int, str]]:
    """Spans of a word that stands twice, and the word."""
    for at, (one, two) in enumerate(pairwise(tokens)):
        if one.surface != two.surface:
            continue
        if one.kind in _WORD and _KANJI_OR_KATAKANA.fullmatch(one.surface):
            more = at + 2 < len(tokens) and tokens[at + 2].surface == one.surface
            if not more and one.pos[1] not in ("固有名詞", "数詞") and len(one.surface) > 1:
                yield one.start, two.end, one.surface
    for at in range(len(tokens) - 3):
        first, second = tokens[at : at + 2], tokens[at + 2 : at + 4]
        if [one.surface for one in first] == [one.surface for one in second] and all(
            one.kind == "助動詞" for one in (*first, *second)
        ):
            yield first[0].start, second[1].end, first[0].surface + first[1].surface


@rule(
    "object-twice",
    "warning",
    bad=[
        ("この本を内容を読んでください。", "を内容を", None),
        ("申請書を用紙を受け取る。", "を用紙を", None),
    ],
    good=[
        "本を読み、感想を書く。",
        "予算を3割を超えて削る。",
        "計画を、市長を含む全員に説明した。",
        "空を自由を求めて飛ぶ。",
        "10分を5回を目安にする。",
        "道を右を見て渡る。",
    ],
)
def object_twice(view: View) -> Iterator[Hit]:
    """Two objects with を and nothing but nouns between them."""
    for sentence in view.sentences:
        tokens = sentence.tokens
        for at, token in enumerate(tokens):
            if token.surface != "を" or not _particle(token):
                continue
            after = at + 1
            while after < len(tokens) and _plain_noun(tokens[after]):
                after += 1
            if after == at + 1 or after + 1 >= len(tokens) or tokens[after].surface != "を":
                continue
            verb = tokens[after + 1]
            # を in these is no object but a way, a limit or a fixed expression.
            if verb.normal in _NOT_OBJECTS or verb.kind not in ("動詞", "名詞"):
                continue
            yield sentence.hit(token.start, tokens[after].end)


_NOT_OBJECTS: Final = frozenset(
    word_list(
        """
        超える 越える 通る 通じる 巡る 含む 除く 基 求める 見る 持つ 込める 兼ねる 経る 問う
        置く 中心 為る 始める 挙げる 目指す 上回る 下回る 過ぎる 隔てる 挟む 踏まえる 通す 向く
        渡る 重ねる
        """
    )
)


def _plain_noun(token: Token) -> bool:
    return token.kind == "名詞" and token.pos[1] == "普通名詞" and token.pos[2] != "副詞可能"
