"""The same word written in two ways in one document (表記ゆれ)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from kakehashi.language.proofread.rule import rule, word_list
from kakehashi.language.proofread.view import Hit, Sentence, Token, View
from kakehashi.text import normalise

_KANJI: Final = re.compile("[一-鿿々]")
_KATAKANA: Final = re.compile("[ァ-ヺー]+")
_HIRAGANA: Final = re.compile("[ぁ-んー]+")
_CONTENT: Final = frozenset({"名詞", "動詞", "形容詞"})
# Words that are written in kana or in kanji without a difference in sense. Others
# (とき/時, こと/事, いう/言う, いく/行く) are kana in one use and kanji in another.
_KANA_OR_KANJI: Final = frozenset(
    word_list(
        """
        及び 又は 並びに 若しくは 但し 例えば 全て 様々 既に 更に 予め 改めて 極めて 直ちに
        速やか 必ず 常に 概ね 殆ど 沢山 是非 何故 尚更 漸く 恐らく 敢えて 一旦 凡そ 暫く 即ち
        従って 或いは 因みに 尤も 宜しく 有り難う お早う 皆様 皆 子供 大人 御覧 挨拶 捗る 纏める
        揃える 繋がる 繋ぐ 頑張る 綺麗 奇麗 丁度 色々 益々
        """
    )
)
# Not one word: the dictionary gives them one normal form, readers do not.
_APART: Final = frozenset(
    word_list(
        """
        為る 有る 居る 成る 行く 来る 言う 出来る 見る 下さる 頂く 物 事 時 所 方 様 等 為 通り
        内 上 中 後 前 者 達 共 他 外 元 分 人 私 我 日 月 年 円 付く 付ける 取る 掛かる 掛ける
        分かる 上がる 上げる 合う 会う 聞く 思う 良い 無い 早い 初め 始め 始まる 始める 作る
        創る 暖かい 温かい 生かす 活かす 越える 超える 回る 周り 変わる 代わる 答える 応える 足
        足す 交じる 混じる 入る 入れる 手 目 気 子 心 家 声 体 頭 父 母 兄 姉 弟 妹 夫 妻 町 街
        国 村 島 川 池 本 店 一 二 三
        """
    )
)


@rule(
    "notation",
    "warning",
    safe=True,
    bad=[
        (
            "サーバーを止めます。サーバーの記録を見ます。サーバを動かします。",
            "サーバ",
            "サーバー",
        ),
        (
            "お問い合わせは窓口へ。お問い合わせの時間は五時まで。お問合せの前に確認します。",
            "問合せ",
            "問い合わせ",
        ),
        ("会議を行う。式を行う。説明会を行なった。", "行なっ", "行っ"),
        ("市及び県が定める。国及び市が支える。県および国が守る。", "および", "及び"),
        ("引っ越しの日を決める。引っ越しを頼む。引越しの費用を払う。", "引越し", "引っ越し"),
        (
            "コンピューターを使う。コンピューターが壊れた。コンピュータを買う。",
            "コンピュータ",
            "コンピューター",
        ),
    ],
    good=[
        "そのときは時を待つ。",
        "大きいことと、事の大小は別だ。",
        "窓口に行くと、暗くなっていく。",
        "ご覧ください。書類を下さい。",
        "サーバーを止めます。サーバーの記録を見ます。",
        "家を建て替え、費用を立て替える。",
        "気温が上がる。資料を上げる。",
        "早い電車に乗り、速い船に乗り換える。",
    ],
)
def notation(view: View) -> Iterator[Hit]:
    """One word in two spellings: long vowels, okurigana, kana or kanji."""
    found: dict[tuple[str, str], list[tuple[Sentence, Token, str]]] = defaultdict(list)
    for sentence in view.sentences:
        for token in sentence.tokens:
            written = _written(token)
            if written is None or sentence.quoted(token.start):
                continue
            key = _key(token)
            if key is not None:
                found[key].append((sentence, token, written))
    for places in found.values():
        counts = Counter(written for _, _, written in places)
        if len(counts) < 2:
            continue
        first = {written: at for at, (_, _, written) in reversed(list(enumerate(places)))}
        best = max(counts, key=lambda one: (counts[one], -first[one]))
        told = "、".join(f"{one} {counts[one]}" for one in sorted(counts, key=lambda x: -counts[x]))
        for sentence, token, written in places:
            if written != best and _comparable(written, best):
                new = _respelt(token.surface, written, best)
                if new is not None and new != token.surface:
                    yield sentence.hit(token.start, token.end, new, detail=told)


def _written(token: Token) -> str | None:
    """How the word is spelt, without its inflection; None for words that are not compared."""
    if token.unknown or token.pos[1] in ("固有名詞", "数詞", "助数詞可能", "非自立可能"):
        return None
    if token.normal in _APART or len(token.base) < 2 or token.base.endswith(("じる", "ずる")):
        return None
    return token.surface if _as_noun(token) else token.base


def _as_noun(token: Token) -> bool:
    """問い合わせ is a form of 問い合わせる and the noun 問合せ: one word to a reader."""
    return (
        token.kind == "動詞"
        and token.form == "連用形-一般"
        and len(token.surface) > 2
        and _KANJI.search(token.surface) is not None
    )


def _key(token: Token) -> tuple[str, str] | None:
    kana = _HIRAGANA.fullmatch(token.base) is not None
    if (token.kind not in _CONTENT or kana) and token.normal not in _KANA_OR_KANJI:
        return None
    if _as_noun(token):
        # Of the verb only what is spelt like the noun's normal form is that noun.
        return token.surface, "noun"
    return token.normal, "noun" if token.kind == "名詞" else token.kind + token.row


def _comparable(one: str, other: str) -> bool:
    """Whether two spellings differ in long vowels, in okurigana or in kana for kanji only."""
    if _KATAKANA.fullmatch(one) and _KATAKANA.fullmatch(other):
        return one.replace("ー", "") == other.replace("ー", "") or len(one) > 4
    one_kanji, other_kanji = "".join(_KANJI.findall(one)), "".join(_KANJI.findall(other))
    if one_kanji and other_kanji:
        return one_kanji == other_kanji
    kana = _HIRAGANA.fullmatch(one) or _HIRAGANA.fullmatch(other)
    return kana is not None and not re.search("[0-9０-９]", one + other)


def _respelt(surface: str, written: str, best: str) -> str | None:
    """`surface`, a form of `written`, as a form of `best`."""
    if surface == written:
        return best
    common = 0
    while common < min(len(written), len(best)) - 1 and written[-common - 1] == best[-common - 1]:
        common += 1
    stem, new = written[: len(written) - common], best[: len(best) - common]
    if not surface.startswith(stem):
        return None
    return new + surface[len(stem) :]


_RUN: Final = re.compile("[0-9]+|[０-９]+")
_LETTERS: Final = re.compile("[A-Za-z]{2,}|[Ａ-Ｚａ-ｚ]{2,}")


@rule(
    "digit-width",
    "warning",
    safe=True,
    bad=[
        ("定員は20名です。費用は500円です。締切は１０月です。", "１０", "10"),
        ("定員は２０名です。費用は５００円です。締切は10月です。", "10", "１０"),
    ],
    good=[
        "定員は20名です。費用は500円です。",
        "締切は５月20日です。定員は３名、費用は500円です。",
        "型番はＡ１です。",
    ],
)
def digit_width(view: View) -> Iterator[Hit]:
    """Full-width and half-width digits in one document."""
    runs = [(one, match) for one in view.sentences for match in _RUN.finditer(one.text)
            if _alone(one.text, match)]  # fmt: skip
    wide = [(one, match) for one, match in runs if not match[0].isascii()]
    narrow = [(one, match) for one, match in runs if match[0].isascii()]
    if not wide or not narrow:
        return
    # One digit full-width, more of them half-width: a rule of its own that many offices keep.
    if all(len(m[0]) == 1 for _, m in wide) and all(len(m[0]) > 1 for _, m in narrow):
        return
    to_narrow = len(narrow) >= len(wide)
    told = f"全角{len(wide)}、半角{len(narrow)}"
    for sentence, match in wide if to_narrow else narrow:
        new = normalise(match[0], wide_alnum=True).text if to_narrow else _wide(match[0])
        yield sentence.hit(*match.span(), new, detail=told)


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether digits are a number of the text, not a part of a code (A4, 3-2-1, 2.5GB)."""
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    return not re.search(r"[A-Za-zＡ-Ｚａ-ｚ_/:.,．，\-－+*%#()]", around)


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


@rule(
    "letter-width",
    "warning",
    safe=True,
    bad=[("PDFで送ります。CSVも送ります。ＷＥＢに載せます。", "ＷＥＢ", "WEB")],
    good=["PDFで送ります。WEBに載せます。", "ＰＤＦで送ります。ＷＥＢに載せます。", "Ａ案とB案"],
)
def letter_width(view: View) -> Iterator[Hit]:
    """Full-width and half-width Latin words in one document."""
    runs = [(one, match) for one in view.sentences for match in _LETTERS.finditer(one.text)]
    wide = [(one, match) for one, match in runs if not match[0].isascii()]
    narrow = len(runs) - len(wide)
    if not wide or not narrow:
        return
    told = f"全角{len(wide)}、半角{narrow}"
    if narrow >= len(wide):
        for sentence, match in wide:
            new = normalise(match[0], wide_alnum=True).text
            yield sentence.hit(*match.span(), new, detail=told)


_JA: Final = "[ぁ-んァ-ヺー一-鿿」』）)]"
_COMMA: Final = re.compile(f"(?<={_JA})[、，]")
_STOP: Final = re.compile(f"(?<={_JA})[。．]")


@rule(
    "punctuation-mix",
    "warning",
    safe=True,
    bad=[
        ("資料を読み、感想を書き、提出します。また，確認します。", "，", "、"),
        ("終わりました。帰りました。寝ました．", "．", "。"),
    ],
    good=[
        "資料を読み，感想を書きます。",
        "資料を読み、感想を書きます。",
        "３．申請",
        "1，000円を払い、帰る。",
    ],
)
def punctuation_mix(view: View) -> Iterator[Hit]:
    """、 and ， (or 。 and ．) in one document."""
    for pattern in (_COMMA, _STOP):
        found = [(one, match) for one in view.sentences for match in pattern.finditer(one.text)]
        counts = Counter(match[0] for _, match in found)
        if len(counts) > 1:
            best = max(counts, key=lambda one: (counts[one], one in "、。"))
            told = "、".join(f"「{one}」{count}" for one, count in counts.most_common())
            for sentence, match in found:
                if match[0] != best:
                    yield sentence.hit(*match.span(), best, detail=told)
