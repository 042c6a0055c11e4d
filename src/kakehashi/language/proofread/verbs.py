"""Forms of verbs: ら抜き, い抜き, さ入れ, れ足す, and forms that break off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kakehashi.language.proofread.rule import rule
from kakehashi.language.proofread.view import Hit, Sentence, Token, View, tokens_of

_ICHIDAN: Final = ("上一段", "下一段", "カ行変格")


@lru_cache(maxsize=4096)
def _one_step(base: str) -> bool:
    """Whether `base` (見る) is a verb of one step only; 切る and 着る look the same in kana."""
    found = list(tokens_of(f"私が{base}。"))
    return len(found) == 4 and found[2].base == base and found[2].row.startswith(_ICHIDAN)


@rule(
    "ra-nuki",
    "warning",
    safe=True,
    bad=[
        ("私はりんごを食べれる。", "食べれ", "食べられ"),
        ("この映画は無料で見れます。", "見れ", "見られ"),
        ("朝早く起きれなかった。", "起きれ", "起きられ"),
        ("明日の会議に来れる人は連絡してください。", "来れる", "来られる"),
        ("最後まで考えれない。", "考えれ", "考えられ"),
        ("窓から海が眺めれます。", "眺めれ", "眺められ"),
    ],
    good=[
        "この窓口で切符が切れる。",
        "家に帰れる時間です。",
        "これを見れば分かります。",
        "早く起きれば間に合います。",
        "パンが作れる。",
        "彼は走れるし、滑れる。",
        "雨に降られる。",
        "花が枯れる前に水をやれ。",
        "「まだ食べれる」と彼は言った。",
    ],
)
def ra_nuki(view: View) -> Iterator[Hit]:
    """A potential form without its ら (見れる for 見られる)."""
    for sentence in view.sentences:
        for one, two in pairwise((*sentence.tokens, None)):
            assert one is not None
            if sentence.quoted(one.start) or one.kind != "動詞":
                continue
            if _if_form(one) and two is not None and two.kind == "助動詞":
                yield _with_ra(sentence, one.start, one.end - 1, one.end)
            if one.form.startswith("仮定形") or one.form == "命令形":
                continue
            base = one.base
            if base.endswith("れる") and one.row == "下一段-ラ行" and one.normal != base:
                plain = base[:-2] + "る"
                if (
                    len(plain) > 1
                    and plain != "いる"
                    and _same(plain, one.normal)
                    and _one_step(plain)
                ):
                    cut = one.start + len(base) - 2
                    yield _with_ra(sentence, one.start, cut, one.end)
            elif (
                two is not None
                and two.kind == "助動詞"
                and two.base == "れる"
                and one.row.startswith(("上一段", "下一段"))
                and one.form.startswith(("未然形", "連用形"))
                and not two.form.startswith("仮定形")
            ):
                yield _with_ra(sentence, one.start, one.end, two.start + 1)


def _if_form(token: Token) -> bool:
    """集めれ, which the dictionary knows as in 集めれば only."""
    return token.form.startswith("仮定形") and token.row.startswith(("上一段", "下一段"))


def _with_ra(sentence: Sentence, start: int, cut: int, end: int) -> Hit:
    text = sentence.text
    return sentence.hit(start, end, text[start:cut] + "ら" + text[cut:end])


def _same(plain: str, normal: str) -> bool:
    """Whether くれる (呉れる) is no form of くる, but 見れる is one of 見る."""
    return plain == normal or any(one.normal == normal for one in tokens_of(f"私が{plain}。"))


@rule(
    "i-nuki",
    "info",
    safe=True,
    bad=[
        ("現在、調査を進めてます。", "て", "てい"),
        ("担当課で確認してます。", "て", "てい"),
    ],
    good=[
        "現在、調査を進めています。",
        "「今してるよ」と答えた。",
        "袋を捨ててください。",
        "手伝ってくれる人を探しています。",
        "電車が出てからも待っていた。",
        "成り立てますか。",
    ],
)
def i_nuki(view: View) -> Iterator[Hit]:
    """A ている without its い, before a polite ending and outside of quotations."""
    for sentence in view.sentences:
        if not sentence.prose:
            continue
        for one, two in pairwise(sentence.tokens):
            if (
                one.kind == "助動詞"
                and one.base in ("てる", "でる")
                and two.base == "ます"
                and not sentence.quoted(one.start)
            ):
                yield sentence.hit(one.start, one.end, one.surface + "い")


@rule(
    "sa-ire",
    "error",
    safe=True,
    bad=[
        ("本日は休まさせていただきます。", "休まさせ", "休ませ"),
        ("代表して読まさせてください。", "読まさせ", "読ませ"),
        ("先に行かさせていただきます。", "行かさせ", "行かせ"),
        ("お話を伺わさせてください。", "伺わさせ", "伺わせ"),
    ],
    good=[
        "先に食べさせていただきます。",
        "担当者に説明させます。",
        "子どもに本を読ませる。",
        "気持ちを奮い立たせた。",
        "話を聞かせてください。",
        "検討させていただきます。",
        "人をはらはらさせる話だ。",
        "後日お送りさせていただきます。",
    ],
)
def sa_ire(view: View) -> Iterator[Hit]:
    """A causative of a five-step verb with a さ too many (読まさせる)."""
    for sentence in view.sentences:
        for one, two in pairwise(sentence.tokens):
            if (
                one.kind == "動詞"
                and one.row.startswith("五段")
                and one.form.startswith("未然形")
                and two.kind == "助動詞"
                and two.base == "させる"
                and two.surface.startswith("さ")
            ):
                yield sentence.hit(one.start, two.end, one.surface + two.surface[1:])
        for match in _SA_IRE.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1] + "せ")


# The dictionary takes these for forms of 休ます and the like.
_SA_IRE: Final = re.compile(
    "((?:休ま|読ま|飲ま|書か|聞か|帰ら|作ら|使わ|言わ|学ば|選ば|歌わ|送ら|撮ら|取ら|待た|働か|歩か|置か|終わら|手伝わ))させ"
)


@rule(
    "re-tasu",
    "warning",
    safe=True,
    bad=[
        ("一人で行けれると思います。", "行けれる", "行ける"),
        ("この用紙にも書けれます。", "書けれ", "書け"),
        ("誰でも読めれる大きさです。", "読めれる", "読める"),
    ],
    good=["駅まで歩いて行ける。", "書ければよい。", "試験を受けられる。", "問題が解ければ進む。"],
)
def re_tasu(view: View) -> Iterator[Hit]:
    """A potential form with a れ too many (行けれる)."""
    for sentence in view.sentences:
        for match in _RE_TASU.finditer(sentence.text):
            yield sentence.hit(*match.span(), match[1] + match[2])


_RE_TASU: Final = re.compile(
    r"((?:行|書|読|飲|聞|歩|泳|話|使|買|作|取|切|待|持|住)[けめせえれて])れ(る|(?=ます|ない|ません|た))"
)

_AFTER_POLITE: Final = ("た", "て", "たら", "たり", "ょう", "ても", "し", "たって")
_T_AFTER: Final = re.compile("[たてちとっ]")
_D_AFTER: Final = re.compile("[だでじど]")


@rule(
    "broken-form",
    "error",
    bad=[
        ("内容を確認しまし。", "まし", "ました"),
        ("昨日、資料を読んます。", "読ん", None),
        ("窓口に行っき、書類を出した。", "行っ", None),
        ("書類を提出しましまた。", "ましまた", "ました"),
        ("来週から始まりまいす。", "まいす", "ます"),
        ("担当者が説明しですので、お聞きください。", "しです", None),
        ("担当者に聞いところ、来月だそうだ。", "聞い", None),
        ("お送りしま。", "ま", "ます"),
        ("資料を添付しまたので、ご覧ください。", "しまた", "しました"),
    ],
    good=[
        "内容を確認しました。",
        "確認しましょう。",
        "昨日、読んでいたところです。",
        "ご覧くださいまし。",
        "「行っちゃった」と彼は笑った。",
        "いらっしゃいませ。",
        "彼は飛んできた。",
        "言っとくが、待ったなしだ。",
        "勝った者が持って行っても、困った人はいない。",
        "もう済んだことです。",
        "増ましであるが、しでかしたことは戻らない。",
    ],
)
def broken_form(view: View) -> Iterator[Hit]:
    """A form of a verb that what follows it cannot follow: a character is missing or too many."""
    for sentence in view.sentences:
        for match in _MASU_TYPO.finditer(sentence.text):
            new = _MASU.get(match[0])
            yield sentence.hit(*match.span(), new)
        for at, (one, two) in enumerate(pairwise(sentence.tokens)):
            if (
                one.end != two.start
                or sentence.quoted(one.start)
                or _MASU_TYPO.search(sentence.text[max(0, one.start - 3) : two.end + 3])
            ):
                continue
            if two.surface == "。" and (cut := _MA.search(sentence.text[: two.start])):
                yield sentence.hit(*cut.span(), "ます")
            elif one.base == "ます" and one.surface == "まし" and one.kind == "助動詞":
                if two.kind == "補助記号" and two.surface == "。" and not _asks(sentence, at):
                    yield sentence.hit(one.start, one.end, "ました")
            elif one.kind == "動詞" and _breaks(one, two):
                yield sentence.hit(one.start, one.end)


_MASU: Final = {
    "ましまた": "ました",
    "しまたし": "しました",
    "ますす": "ます",
    "でですす": "です",
    "ですす": "です",
    "まいせん": "ません",
    "しまた": "しました",
    "まいす": "ます",
}
_MASU_TYPO: Final = re.compile(
    r"ましまた|しまた(?=[。のが])|まいせん(?=[。、で])|(?<=[いきしちにみりえけせてねめれ])まいす(?=[。、])|ままし[たて]|しまたし|ますす(?=[。、がのとか])|ですす(?=[。、がのとか])"
    r"|(?<=[一-鿿])しです(?=[。、がの])(?<!話しです)(?<!無しです)(?<!越しです)(?<!引しです)"
    r"|(?<=[きしちにみりえけせてねめれ])ませせん|まんせ|(?<=[きしちにみりえけせてねめれ])ません(?=た)"
)


_MA: Final = re.compile(r"(?<=[きしちりみえけせれべめ])ま$")


def _asks(sentence: Sentence, at: int) -> bool:
    """くださいまし, なさいまし: an old imperative."""
    before = sentence.tokens[at - 1] if at else None
    return before is None or before.surface.endswith(("さい", "しゃい")) or before.form == "命令形"


def _breaks(one: Token, two: Token) -> bool:
    """Whether the sound change at the end of a verb is not that before た or て."""
    if two.kind == "名詞":
        return one.form in ("連用形-促音便", "連用形-撥音便", "連用形-イ音便")
    if two.kind == "補助記号" or two.unknown or not re.match("[ぁ-ん]", two.surface):
        return False
    if one.form == "連用形-促音便" and one.surface.endswith("っ"):
        return not _T_AFTER.match(two.surface)
    if one.form == "連用形-撥音便" and one.surface.endswith("ん"):
        # つるん, すん and the like are sounds or dialect.
        kanji = re.search("[一-鿿]", one.surface) is not None
        return kanji and not _D_AFTER.match(two.surface) and one.row.startswith("五段")
    return False
