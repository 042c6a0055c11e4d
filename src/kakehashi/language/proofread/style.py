"""Style: polite and plain mixed, endings that repeat, sentences that are hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, Literal

from kakehashi.language.proofread.conjugate import stems
from kakehashi.language.proofread.rule import rule, word_list
from kakehashi.language.proofread.view import Hit, Sentence, Token, View

_TAIL: Final = re.compile(r"[。．.！!？?…\s]+$")
_CLOSED: Final = re.compile(r"[」』）)】”]$")
_PARTICLES: Final = frozenset(
    word_list(
        """
        か よ ね な わ ぞ ぜ さ が けど けれど けれども し から ので
        """
    )
)
_POLITE: Final = frozenset({"です", "ます"})


def ending(sentence: Sentence) -> tuple[Literal["polite", "plain"], int] | None:
    """The style of a sentence and the index of the word that shows it; None if it shows none."""
    if not sentence.prose or _CLOSED.search(_TAIL.sub("", sentence.text)):
        return None
    tokens = sentence.tokens
    last = len(tokens) - 1
    while last >= 0 and tokens[last].kind in ("補助記号", "空白"):
        last -= 1
    stopped = 0 <= last < len(tokens) - 1
    while last > 0 and tokens[last].kind == "助詞" and tokens[last].surface in _PARTICLES:
        last -= 1
    if last < 0 or sentence.quoted(tokens[last].start):
        return None
    for at in range(last, max(-1, last - 4), -1):
        token = tokens[at]
        if token.kind == "助動詞" and token.base in _POLITE:
            return "polite", at
        if token.base in ("くださる", "下さる") and token.form == "命令形":
            return "polite", at
        if token.base in ("ござる", "ございます"):
            return "polite", at
        if token.kind not in ("助動詞", "形容詞", "動詞"):
            break
    token = tokens[last]
    # A full stop is wanted: items and captions end in a noun or a verb without being plain.
    if not stopped or not sentence.text.endswith("。"):
        return None
    if token.kind == "助動詞" and token.form.startswith(("終止形", "連体形")):
        return "plain", last
    if token.base == "だ" and token.form.startswith("意志推量形"):
        return "plain", last
    if token.kind in ("動詞", "形容詞") and token.form.startswith(("終止形", "連体形")):
        return "plain", last
    return None


@rule(
    "mixed-style",
    "warning",
    bad=[
        (
            "窓口は一階です。受付は五時までです。詳細は市のサイトで確認できる。",
            "できる",
            "できます",
        ),
        ("本稿の目的を述べる。対象は三つである。次に結果を示します。", "示します", "示す"),
        ("受付は九時からです。休みは月曜日だ。お越しください。", "だ", "です"),
        ("会議を開いた。意見が出た。結論は次回に出します。", "出します", "出す"),
        ("申請は来週からです。用紙は配りました。会場は変わらない。", "変わらない", "変わりません"),
    ],
    good=[
        "窓口は一階です。受付は五時までです。お待ちください。",
        "市長は述べた。「来年も行います。」と語った。計画は変わらない。",
        "受付は五時までです。\n\n・用紙に記入する。\n\nお待ちしています。",
        "手順は次のとおりです。本人確認書類（運転免許証など）。窓口で受け取ります。",
        "はい。分かりました。行きます。",
    ],
)
def mixed_style(view: View) -> Iterator[Hit]:
    """敬体 and 常体 in one document; quotations, headings and lists belong to neither."""
    shown = [(one, found) for one in view.sentences if (found := ending(one)) is not None]
    polite = sum(1 for _, (style, _) in shown if style == "polite")
    plain = len(shown) - polite
    if view.style is None and (not polite or not plain):
        return
    wanted = view.style or ("polite" if polite >= plain else "plain")
    for sentence, (style, at) in shown:
        if style == wanted:
            continue
        start, end, new = _other(sentence.tokens, at, wanted)
        yield sentence.hit(start, end, new, detail=wanted)


def _other(tokens: tuple[Token, ...], at: int, wanted: str) -> tuple[int, int, str | None]:
    """Where an ending stands and how it reads in the other style."""
    end = at
    while end + 1 < len(tokens) and tokens[end + 1].kind == "助動詞":
        end += 1
    if wanted == "polite":
        start = at
        while (
            start > 0
            and tokens[start].kind == "助動詞"
            and tokens[start - 1].end == tokens[start].start
        ):
            start -= 1
        if tokens[start].kind not in ("動詞", "形容詞", "助動詞") and start < at:
            start += 1
        if tokens[start].kind in ("助動詞",) and tokens[at].base in ("だ", "である"):
            start = at
        words = tokens[start : end + 1]
        return words[0].start, words[-1].end, _polite(words)
    start = at
    while start > 0 and tokens[start - 1].kind in ("動詞", "助動詞") and start > at - 1:
        start -= 1
    words = tokens[start : end + 1]
    return words[0].start, words[-1].end, _plain(words)


def _polite(words: tuple[Token, ...]) -> str | None:
    text = "".join(one.surface for one in words)
    fixed = {"だ": "です", "である": "です", "だった": "でした", "であった": "でした",
             "ではない": "ではありません", "でない": "ではありません", "じゃない": "ではありません",
             "だろう": "でしょう", "であろう": "でしょう", "ない": "ありません",
             "なかった": "ありませんでした"}  # fmt: skip
    if text in fixed:
        return fixed[text]
    head = words[0]
    if head.kind == "形容詞" and head.base != "ない":
        return text + "です"
    if head.kind != "動詞" or (known := stems(head.base, head.row)) is None:
        return None
    rest = text[len(head.surface) :]
    tail = {"": "ます", "た": "ました", "だ": "ました", "ない": "ません",
            "なかった": "ませんでした"}.get(rest)  # fmt: skip
    if rest == "う" or (rest == "よう" and not head.row.startswith("五段")):
        tail = "ましょう"
    return None if tail is None else known[1] + tail


def _plain(words: tuple[Token, ...]) -> str | None:
    text = "".join(one.surface for one in words)
    fixed = {"です": "である", "でした": "であった", "でしょう": "であろう"}
    if text in fixed:
        return fixed[text]
    head = words[0]
    if head.kind != "動詞" or (known := stems(head.base, head.row)) is None:
        return None
    rest = text[len(head.surface) :]
    tails = {"ます": head.base, "ました": known[2], "ません": known[0] + "ない",
             "ませんでした": known[0] + "なかった"}  # fmt: skip
    if head.base in ("ある", "有る"):
        tails |= {"ません": "ない", "ませんでした": "なかった"}
    return tails.get(rest)


@rule(
    "same-ending",
    "info",
    bad=[
        (
            "今年は増えると思います。来年も続くと思います。再来年は分からないと思います。",
            "と思います",
            None,
        ),
        (
            "受付は一階となっております。会場は二階となっております。休憩室は三階となっております。",
            "となっております",
            None,
        ),
    ],
    good=[
        "受付は一階です。会場は二階です。休憩室は三階です。",
        "今年は増えると思います。来年も続くでしょう。再来年は分からないと思います。",
        "雨が降りました。風が吹きました。木が倒れました。",
    ],
)
def same_ending(view: View) -> Iterator[Hit]:
    """Three sentences in a row that end in the same words (not only です, ます, した)."""
    run: list[tuple[Sentence, int, str]] = []
    for sentence in view.sentences:
        found = _last_words(sentence) if sentence.prose else None
        same = found is not None and run and run[-1][2] == found[1]
        adjacent = run and run[-1][0].segment in (sentence.segment, sentence.segment - 1)
        if found is None:
            run = []
        elif same and adjacent:
            run.append((sentence, *found))
            if len(run) >= 3:
                start, words = found
                yield sentence.hit(start, start + len(words), detail=str(len(run)))
        else:
            run = [(sentence, *found)]


def _last_words(sentence: Sentence) -> tuple[int, str] | None:
    tokens = [one for one in sentence.tokens if one.kind not in ("補助記号", "空白")]
    if len(tokens) < 4 or not sentence.text.endswith("。"):
        return None
    at = len(tokens) - 1
    while at > 0 and tokens[at].kind == "助動詞":
        at -= 1
    while at > 0 and (
        tokens[at].kind == "助詞"
        or tokens[at].normal
        in ("居る", "おる", "成る", "有る", "為る", "思う", "考える", "言う", "頂く")
    ):
        at -= 1
    if at + 1 >= len(tokens):
        return None
    words = "".join(one.surface for one in tokens[at + 1 :])
    return (tokens[at + 1].start, words) if len(words) >= 5 else None


@rule(
    "long-sentence",
    "info",
    bad=[
        (
            "この計画は、"
            + "市民と事業者と行政がそれぞれの役割を果たしながら、" * 5
            + "進めます。",
            "",
            None,
        )
    ],
    good=["この計画は、市民と事業者と行政がそれぞれの役割を果たしながら進めます。"],
)
def long_sentence(view: View) -> Iterator[Hit]:
    """A sentence over the limit (`Limits.sentence`, in characters)."""
    limit = view.limits.sentence
    for sentence in view.sentences:
        length = len(sentence.text) - sentence.bullet
        if sentence.tokens and length > limit:
            yield sentence.hit(0, len(sentence.text), detail=f"{length}")


@rule(
    "many-commas",
    "info",
    bad=[
        (
            "昨日、雨が降り、風も吹き、木が倒れ、道が塞がり、車が止まり、電車も遅れ、困りました。",
            "",
            None,
        )
    ],
    good=[
        "りんご、みかん、ぶどう、なし、かき、もも、すいかを買いました。",
        "昨日、雨が降り、風も吹きました。",
    ],
)
def many_commas(view: View) -> Iterator[Hit]:
    """More commas than `Limits.commas`; those between the items of a list do not count."""
    for sentence in view.sentences:
        tokens = sentence.tokens
        count = 0
        for at, token in enumerate(tokens):
            if token.surface not in ("、", "，"):
                continue
            listed = 0 < at < len(tokens) - 1 and tokens[at - 1].kind in ("名詞", "接尾辞")
            count += not (listed and tokens[at - 1].pos[2] != "副詞可能")
        if count > view.limits.commas:
            yield sentence.hit(0, len(sentence.text), detail=str(count))


@rule(
    "no-chain",
    "info",
    bad=[
        ("市の職員の研修の資料の表紙を作る。", "市の職員の研修の資料の", None),
        ("この本の表紙の色の見本の値段を聞く。", "本の表紙の色の見本の", None),
    ],
    good=[
        "市の職員の研修を行う。",
        "行くのは私の妹の友人です。",
        "三人のうちの一人の話を聞く。",
    ],
)
def no_chain(view: View) -> Iterator[Hit]:
    """の four times in a row with only nouns between (three are still read easily)."""
    for sentence in view.sentences:
        tokens = sentence.tokens
        at = 0
        while at < len(tokens):
            start, count = at, 0
            end = at
            while end + 1 < len(tokens) and tokens[end].kind in (
                "名詞",
                "代名詞",
                "接尾辞",
                "接頭辞",
            ):
                while end + 1 < len(tokens) and tokens[end].kind in (
                    "名詞",
                    "代名詞",
                    "接尾辞",
                    "接頭辞",
                ):
                    end += 1
                if tokens[end].surface != "の" or tokens[end].kind != "助詞":
                    break
                count += 1
                end += 1
            if count >= 4:
                last = max(i for i in range(start, end) if tokens[i].surface == "の")
                yield sentence.hit(tokens[start].start, tokens[last].end, detail=str(count))
            at = max(end, at + 1)


@rule(
    "ga-twice",
    "info",
    bad=[
        ("雨が降りましたが、傘がありませんでしたが、走って帰りました。", "が", None),
        ("検討したが、結論が出なかったが、次回に続ける。", "が", None),
    ],
    good=[
        "雨が降りましたが、走って帰りました。",
        "彼が来て、私が話した。",
        "「寒いが、行く」と言ったが、来なかった。",
    ],
)
def ga_twice(view: View) -> Iterator[Hit]:
    """The conjunction が ("but") twice in one sentence."""
    for sentence in view.sentences:
        found = [
            one
            for one, two in pairwise(sentence.tokens)
            if one.surface == "が"
            and one.pos[1] == "接続助詞"
            and two.surface in ("、", "，")
            and not sentence.quoted(one.start)
        ]
        for one in found[1:]:
            yield sentence.hit(one.start, one.end)


@rule(
    "double-negation",
    "info",
    bad=[
        ("参加できないわけではない。", "ないわけではな", None),
        ("間に合わないことはありません。", "ないことはありません", None),
        ("賛成しなくもない。", "なくもな", None),
        ("影響がないとは言えない。", "ないとは言えな", None),
    ],
    good=[
        "出席しなければならない。",
        "認めざるを得ない。",
        "行かないわけにはいかない。",
        "そんなはずはない。",
        "間に合わないかもしれない。",
    ],
)
def double_negation(view: View) -> Iterator[Hit]:
    """Two negations where a plain statement would do."""
    for sentence in view.sentences:
        for match in _NEGATION.finditer(sentence.text):
            if not sentence.quoted(match.start()):
                yield sentence.hit(*match.span())


_NOT: Final = r"(?:な(?=[いくか])|ありません)"
_NEGATION: Final = re.compile(
    rf"(?<![一-鿿少])ない(?:わけ|こと|もの)(?:で)?[はも]{_NOT}|なく[はも]{_NOT}(?!ら)|ないとは(?:言え|いえ|限ら)(?:な(?=[いか])|ません)"
)


@rule(
    "same-conjunction",
    "info",
    bad=[("雨が降った。しかし、人は来た。しかし、席は余った。", "しかし", None)],
    good=[
        "雨が降った。しかし、人は来た。それでも、席は余った。",
        "また、雨が降った。\n\n人は来た。\n\nまた、席は余った。",
    ],
)
def same_conjunction(view: View) -> Iterator[Hit]:
    """Two sentences in a row that begin with the same conjunction."""
    for before, sentence in pairwise(view.sentences):
        if not (before.prose and sentence.prose and before.tokens and sentence.tokens):
            continue
        one, two = before.tokens[0], sentence.tokens[0]
        if one.kind == two.kind == "接続詞" and one.normal == two.normal:
            yield sentence.hit(two.start, two.end)


@rule(
    "tari-once",
    "info",
    bad=[("休日は本を読んだり、映画を見ます。", "だり", None)],
    good=[
        "休日は本を読んだり、映画を見たりします。",
        "雨が降ったりやんだりする。",
        "人が代わったりして遅れた。",
        "本を読んだり、映画を見たり、料理をしたりする。",
        "値段が上がったり、中止になるなどの変更があったりする。",
    ],
)
def tari_once(view: View) -> Iterator[Hit]:
    """たり、 without the second たり that belongs to it."""
    for sentence in view.sentences:
        found = [
            one for one in sentence.tokens if one.kind == "助詞" and one.base in ("たり", "だり")
        ]
        if len(found) == 1 and sentence.text[found[0].end : found[0].end + 1] in ("、", "，"):
            yield sentence.hit(found[0].start, found[0].end)
