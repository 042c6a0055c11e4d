"""Characters: half-width kana, look-alikes, doubled marks, brackets, spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from kakehashi.language.proofread.rule import rule
from kakehashi.language.proofread.view import Hit, View
from kakehashi.text import normalise

_HALF_KANA: Final = re.compile("[｡-ﾟ]+")


@rule(
    "half-width-kana",
    "warning",
    safe=True,
    bad=[
        ("ﾃﾞｰﾀを送ります。", "ﾃﾞｰﾀ", "データ"),
        ("ｶﾞｲﾄﾞ｢手引｣", "ｶﾞｲﾄﾞ｢", "ガイド「"),
        ("終わりました｡", "｡", "。"),
    ],
    good=["データを送ります。", "ABC 123"],
)
def half_width_kana(view: View) -> Iterator[Hit]:
    """Half-width kana, which break in mail and are hard to read."""
    for sentence in view.sentences:
        for match in _HALF_KANA.finditer(sentence.text):
            new = normalise(match[0], half_kana=True).text
            yield sentence.hit(*match.span(), new)


_ODD: Final = re.compile(
    "[\u3251-\u325f\u32b1-\u32bf\u2460-\u249b\u2160-\u217f\u3220-\u324f\u3280-\u33ff]"
)


@rule(
    "machine-dependent",
    "info",
    bad=[
        ("㈱架け橋に依頼した。", "㈱", "(株)"),
        ("①申請書を出す。", "①", None),
        ("面積は50㎡です。", "㎡", "m2"),
        ("㍻三十年のことです。", "㍻", "平成"),
    ],
    good=["(株)架け橋に依頼した。", "面積は50平方メートルです。"],
)
def machine_dependent(view: View) -> Iterator[Hit]:
    """Characters that older systems and fonts lack (①, ㈱, ㍻)."""
    for sentence in view.sentences:
        for match in _ODD.finditer(sentence.text):
            # A number in a circle is not its number; a person chooses what to write.
            plain = unicodedata.normalize("NFKC", match[0])
            yield sentence.hit(*match.span(), None if plain.isdigit() else plain)


_COMBINING: Final = re.compile("[か-ほカ-ホうウ][\u3099\u309a]")


@rule(
    "combining-mark",
    "error",
    safe=True,
    bad=[("か\u3099っこうを休む。", "か\u3099", "が")],
    good=["がっこうを休む。"],
)
def combining_mark(view: View) -> Iterator[Hit]:
    """A sound mark that is a character of its own (from file names of macOS)."""
    for sentence in view.sentences:
        for match in _COMBINING.finditer(sentence.text):
            yield sentence.hit(*match.span(), unicodedata.normalize("NFC", match[0]))


# Katakana, kanji and hiragana that look alike, where the neighbours tell which one is meant.
_LOOKALIKES: Final = (
    (re.compile("(?<=[ァ-ヺー])一(?=[ァ-ヺ])"), "ー"),
    (
        re.compile(
            "(?<=[ァ-ヺー])[へ](?=[ァ-ヺー])|へ(?=[ァ-ヺー]{3})(?<![ぁ-んー]へ)(?<![一-鿿ァ-ヺー]へ)"
        ),
        "ヘ",
    ),
    (re.compile("(?<=[ァ-ヺー])力(?=[ァ-ヺー])"), "カ"),
    (re.compile("(?<=[ァ-ヺー])夕(?=[ァ-ヺー])"), "タ"),
    (re.compile("(?<=[ァ-ヺー])口(?=[ァ-ヺー])"), "ロ"),
    (re.compile("(?<=[ァ-ヺー])工(?=[ァ-ヺー])"), "エ"),
    (re.compile("(?<=[ァ-ヺー])卜(?=[ァ-ヺー]|[はがをにで、。])"), "ト"),
    (re.compile("(?<=[ぁ-ん一-鿿])ヘ(?=[ぁ-ん一-鿿])"), "へ"),
    (re.compile("(?<![ァ-ヺー])ニ(?=[人年月日回度つ][ぁ-ん一-鿿、。])"), "二"),
)


@rule(
    "lookalike",
    "error",
    safe=True,
    bad=[
        ("サ一バーを止める。", "一", "ー"),
        ("東京ヘ行く。", "ヘ", "へ"),
        ("デー夕ベースを保存する。", "夕", "タ"),
        ("セキュリティー力ードを使う。", "力", "カ"),
        ("受付でニ人が待つ。", "ニ", "二"),
    ],
    good=[
        "サーバー一台を止める。",
        "東京へ行く。",
        "ヘリコプターで運ぶ。",
        "マンパワー力を高める。",
        "ロシアの人口は減った。",
        "クニの力を借りる。",
        "夕方、トタン屋根を直す。",
        "イベント一覧を見る。",
        "センター一階へエレベーターで行く。",
    ],
)
def lookalike(view: View) -> Iterator[Hit]:
    """A character that only looks like the right one (カタカナ・漢字・長音)."""
    for sentence in view.sentences:
        for pattern, right in _LOOKALIKES:
            for match in pattern.finditer(sentence.text):
                yield sentence.hit(*match.span(), right)


_MARKS: Final = re.compile(r"(?<![、。])(?:、、|、。|。、|。。)(?![、。])")


@rule(
    "doubled-mark",
    "error",
    safe=True,
    bad=[
        ("資料を読み、、感想を書く。", "、、", "、"),
        ("受付は五時までです。。", "。。", "。"),
        ("明日は休みです、。", "、。", "。"),
    ],
    good=["そうか。。。", "、、、と言いよどんだ。", "終わった。次へ。"],
)
def doubled_mark(view: View) -> Iterator[Hit]:
    """Two commas or full stops where one is meant."""
    for place, segment in enumerate(view.segments):
        for match in _MARKS.finditer(segment.text):
            yield Hit(place, *match.span(), "。" if "。" in match[0] else "、")


_SPACE: Final = re.compile(
    r"(?<=[ぁ-ん])\u3000+(?=[ぁ-ん、。])|(?<=[一-鿿ァ-ヺー])\u3000+(?=[をはがにへでと、。])"
    r"|(?<=[をがはにで、])\u3000+(?=[ぁ-んァ-ヺ一-鿿])"
)


@rule(
    "stray-space",
    "warning",
    safe=True,
    bad=[
        ("本日　は晴天です。", "　", ""),
        ("窓口で　お渡しします。", "　", ""),
        ("資料を読み、　感想を書きます。", "　", ""),
    ],
    good=[
        "　本日は晴天です。",
        "本当ですか？　そうです。",
        "山田　太郎が説明します。",
        "日　時　四月一日",
        "場所　はなみずき会館",
        "終了しました。　次の議題です。",
    ],
)
def stray_space(view: View) -> Iterator[Hit]:
    """A full-width space inside a sentence."""
    for sentence in view.sentences:
        if not sentence.prose or not sentence.text.endswith(("。", "」", "）")):
            continue
        for match in _SPACE.finditer(sentence.text):
            yield sentence.hit(*match.span(), "")


_BRACKETS: Final = dict(zip("「『（【〔［《〈“(", "」』）】〕］》〉”)", strict=True))
_CLOSING: Final = {close: open for open, close in _BRACKETS.items()}
_WIDTHS: Final = {"(": "（", ")": "）", "（": "(", "）": ")"}
# 1) and a) begin an item; :) and (^^) are faces.
_LONE: Final = re.compile(
    r"(?:^|[\s、。・])[\d０-９a-zA-Zａ-ｚァ-ンーi一二三四五六七八九十]{1,4}[.．]?[)）]|[:;=][-']?[)(]|\([\^;T_・][^)）]{0,6}\)",
    re.M,
)


@rule(
    "bracket-width",
    "warning",
    safe=True,
    bad=[
        ("詳細は要綱（別紙)を参照する。", ")", "）"),
        ("詳細は要綱(別紙）を参照する。", "）", ")"),
    ],
    good=["詳細は要綱（別紙）を参照する。", "詳細は要綱(別紙)を参照する。", "1）申請（新規）"],
)
def bracket_width(view: View) -> Iterator[Hit]:
    """A bracket that opens full-width and closes half-width, or the other way round."""
    for place, segment in enumerate(view.segments):
        for start, end, _ in _unbalanced(segment.text)[1]:
            open_, close = segment.text[start], segment.text[end]
            yield Hit(place, end, end + 1, _WIDTHS[close], detail=open_)


@rule(
    "unbalanced-bracket",
    "error",
    bad=[
        ("市長は「明日発表すると述べた。", "「", None),
        ("受付（二階は五時までです。", "（", None),
        ("申請書』を出してください。", "』", None),
    ],
    good=[
        "市長は「明日発表する」と述べた。",
        "1）申請書を出す。",
        "ア）新規　イ）更新",
        "3.) 申請書を出す。",
        "楽しみです :)",
        "「長い話です。\n\nまだ続きます」",
        "「最初の段落です。\n\n「次の段落です」",
        "面積（㎡）と人口（人）",
    ],
)
def unbalanced_bracket(view: View) -> Iterator[Hit]:
    """A bracket or quotation mark without its partner."""
    opened: list[tuple[int, int, str]] = []
    lone: list[tuple[int, int, str]] = []
    for place, segment in enumerate(view.segments):
        left, _ = _unbalanced(segment.text)
        for at, char in left:
            if char in _CLOSING:
                # A speech may go on over paragraphs, each of them opening it again.
                match = [one for one in opened if one[2] == _CLOSING[char]]
                if match and char in "」』”" and place - match[-1][0] <= 20:
                    opened = [one for one in opened if one not in match]
                else:
                    lone.append((place, at, char))
            elif not _goes_on(view, place, char):
                opened.append((place, at, char))
    for place, at, _ in sorted(opened + lone):
        yield Hit(place, at, at + 1)


def _goes_on(view: View, place: int, char: str) -> bool:
    """Whether the next paragraph opens the same quotation again."""
    following = view.segments[place + 1 : place + 2]
    return char in "「『“" and any(one.text.lstrip().startswith(char) for one in following)


def _unbalanced(text: str) -> tuple[list[tuple[int, str]], list[tuple[int, int, str]]]:
    """Brackets of `text` without a partner, and pairs of different width."""
    skip = {at for match in _LONE.finditer(text) for at in range(match.start(), match.end())
            if text[at] in "()）"}  # fmt: skip
    stack: list[tuple[int, str]] = []
    left: list[tuple[int, str]] = []
    mixed: list[tuple[int, int, str]] = []
    for at, char in enumerate(text):
        if at in skip and not (char in ")）" and stack and stack[-1][1] in "(（"):
            continue
        if char in _BRACKETS:
            stack.append((at, char))
        elif char in _CLOSING:
            if stack and stack[-1][1] == _CLOSING[char]:
                stack.pop()
            elif stack and char in _WIDTHS and stack[-1][1] == _CLOSING[_WIDTHS[char]]:
                mixed.append((stack.pop()[0], at, char))
            elif any(one == _CLOSING[char] for _, one in stack):
                while stack[-1][1] != _CLOSING[char]:
                    left.append(stack.pop())
                stack.pop()
            else:
                left.append((at, char))
    return sorted(left + stack), mixed
