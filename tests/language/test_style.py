from __future__ import annotations

import pytest

from kakehashi.language.results import Style
from kakehashi.language.style import Held, convert, register
from kakehashi.language.translate import Translator
from tests.language.helpers import engine, manifest

# polite, plain: the one becomes the other in either direction.
PAIRS = [
    ("図書館は月曜日が休みです。", "図書館は月曜日が休みである。"), ("開館しました。", "開館した。"),
    ("問題はありません。", "問題はない。"), ("静かではありません。", "静かではない。"),
    ("明日は晴れるでしょう。", "明日は晴れるだろう。"), ("塔は高いです。", "塔は高い。"),
    ("塔は高かったです。", "塔は高かった。"), ("彼は学生でした。", "彼は学生であった。"),
    ("返事をしませんでした。", "返事をしなかった。"), ("ここで食べられます。", "ここで食べられる。"),
    ("担当者が来ます。", "担当者が来る。"), ("工事が行われています。", "工事が行われている。"),
    ("必要だと思います。", "必要だと思う。"), ("申込書を書きました。", "申込書を書いた。"),
    ("手紙を読みました。", "手紙を読んだ。"), ("川で泳ぎました。", "川で泳いだ。"),
    ("会議に行きました。", "会議に行った。"), ("書類を出しました。", "書類を出した。"),
    ("友人を待ちました。", "友人を待った。"), ("ここには入れません。", "ここには入れない。"),
    ("参加したいです。", "参加したい。"), ("理由は雨が降ったからです。", "理由は雨が降ったからである。"),
    ("会場は市役所ではありませんでした。", "会場は市役所ではなかった。"), ("荷物を運びました。", "荷物を運んだ。"),
    ("店で買いました。", "店で買った。"), ("誰も知りませんでした。", "誰も知らなかった。"),
    ("予定が変わることがあります。", "予定が変わることがある。"), ("担当者は来ませんでした。", "担当者は来なかった。"),
    ("公園で遊びました。", "公園で遊んだ。"), ("人口は増えていません。", "人口は増えていない。"),
]  # fmt: skip
NEUTRAL = ["お待ちください。", "「明日は休みだ」", "新しい予算案", "予算の可決。", "第3条", "速やかに提出せよ。", ""]  # fmt: skip
UNSAFE = ["会議は終わりましたか。", "行きましょう。", "よろしくお願いいたします。", "会議室にございます。", "もう終わりですよ。"]  # fmt: skip


@pytest.mark.parametrize(("polite", "plain"), PAIRS)
def test_the_last_predicate_changes_its_style_and_back(polite: str, plain: str) -> None:
    assert (register(polite), register(plain)) == ("polite", "plain")
    assert convert(polite, "plain") == plain
    assert convert(plain, "polite") == polite


@pytest.mark.parametrize("text", NEUTRAL)
def test_headings_requests_and_quotations_are_neutral(text: str) -> None:
    assert register(text) is None
    assert Held("polite").hold(text) == (text, (), ())


@pytest.mark.parametrize("text", UNSAFE)
def test_what_is_not_safe_is_left_and_flagged(text: str) -> None:
    target, flags, changes = Held("plain").hold(text)
    assert target == text
    assert [one.code for one in flags] == ["style-mixed"]
    assert changes == ()


def test_a_colloquial_copula_becomes_polite() -> None:
    assert convert("今日は雨だ。", "polite") == "今日は雨です。"
    assert convert("静かだった。", "polite") == "静かでした。"


SAID = {
    "The mayor opened the hall.": "市長が会館を開いた。",
    "It has a stage.": "舞台があります。",
    "Please take off your shoes.": "靴を脱いでください。",
    "You may eat here.": "ここで食べてもよい。",
}


@pytest.mark.parametrize(
    ("sources", "style", "wanted"),
    [
        (["The mayor opened the hall.", "It has a stage."], None, ["市長が会館を開いた。", "舞台がある。"]),
        (["The mayor opened the hall.", "It has a stage."], "polite", ["市長が会館を開きました。", "舞台があります。"]),
        (["Please take off your shoes.", "You may eat here."], None, ["靴を脱いでください。", "ここで食べてもよいです。"]),
    ],
)  # fmt: skip
def test_a_document_keeps_one_style(
    sources: list[str], style: Style | None, wanted: list[str]
) -> None:
    result = Translator(engine(dict(SAID)), manifest()).translate(
        "\n\n".join(sources), "ja", style=style
    )
    assert result.split("\n\n") == wanted
    changed = [one for part in result.segments for line in part.sentences for one in line.changes]
    assert {one.kind for one in changed} == {"register"}
    assert result.flags == ()
