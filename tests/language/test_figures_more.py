"""The small decisions around figures: what is kept, put back, mended, and what is not."""

from __future__ import annotations

import pytest

from kakehashi.documents.base import Mark, Segment
from kakehashi.language.checks import check
from kakehashi.language.figures import alone, finish, keeps_wide, mend, prepare, settle
from kakehashi.language.results import Language
from kakehashi.language.translate import Translator
from tests.language.helpers import engine, manifest

READ: list[tuple[Language, str, str]] = [
    ("ja", "2 to 3 million yen", "200万 to 300万円"),
    ("en", "2〜3億円", "200 million〜300 million yen"),
    ("en", "数百万円", "数百万円"),
    ("en", "四日市市と八戸市", "四日市市と八戸市"),
    ("en", "1兆8,000億円", "1,800 billion yen"),
    ("en", "235万ユーロ", "2.35 million euros"),
    ("en", "150円台で1万円札を", "150円台で1万円札を"),
    ("ja", "April said so in May.", "April said so in May."),
    ("ja", "Article 3, paragraph 2 of 15", "Article 3, paragraph 2 of 15"),
    ("ja", "Call 03-1234-5678.", "Call 03-1234-5678."),
    ("en", "令和6年から", "2024年から"),
]


@pytest.mark.parametrize(("to", "source", "read"), READ)
def test_what_the_model_reads(to: Language, source: str, read: str) -> None:
    assert prepare(source, to).text == read


def test_what_is_protected_is_left_alone() -> None:
    assert prepare("Set 29億円 and `$2.9 billion`.", "ja", ["$2.9 billion"]).placed == ()


def test_a_cell_that_is_one_figure_needs_no_model() -> None:
    model = engine(lambda _: "x")
    result = Translator(model, manifest()).translate("令和6年4月15日\n\n29億円", "en")
    assert result == "April 15, 2024\n\n2.9 billion yen"
    assert model.requests == []
    assert alone("29億円です", prepare("29億円です", "en")) is None


def test_full_width_digits_become_half_width_unless_the_document_keeps_them() -> None:
    prepared = prepare("Room 12 is for 1,200 people.", "ja")
    text, changes = settle(
        "Room 12 is for 1,200 people.", "１２号室は１２００人用です。", prepared, "ja"
    )
    assert text == "12号室は1,200人用です。"
    assert [one.kind for one in changes] == ["placed"]
    assert keeps_wide(["Ｒｏｏｍ １２", "no digits"])
    assert not keeps_wide(["１２", "12"])
    assert (
        settle("Ｒｏｏｍ １２", "１２号室", prepare("Ｒｏｏｍ １２", "ja"), "ja", wide=True)[0]
        == "１２号室"
    )


def test_years_and_codes_get_no_commas() -> None:
    source = "In 2024 he paid 1200 yen for part 5678."
    text, _ = settle(source, "2024年に部品5678に1200円を払った。", prepare(source, "ja"), "ja")
    assert "2024年" in text
    assert "1,200円" in text


MENDED: list[tuple[Language, str, str, str]] = [
    ("ja", "Sales of 2.9 billion yen.", "売上は2.9バニードルです。", "売上は29億円です。"),
    ("en", "1兆8,000億円の寄付", "a grant of 1.8 tril.", "a grant of 1.8 trillion yen."),
    ("en", "６２万円を支出する。", "It spends $620,000.", "It spends 620,000 yen."),
    ("ja", "Due on June 1 at 1 p.m.", "1月1日の午後1時まで。", "6月1日の午後1時まで。"),
    ("ja", "It takes 3 hours.", "3分かかる。", "3時間かかる。"),
    ("ja", "18,200 people", "１８２０人", "18,200人"),
]  # fmt: skip


@pytest.mark.parametrize(("to", "source", "wrong", "right"), MENDED)
def test_a_wrong_figure_that_is_clear_is_mended(
    to: Language, source: str, wrong: str, right: str
) -> None:
    target, flags, changes = finish(source, wrong, check(source, wrong, to), to)
    assert target == right
    assert [one.code for one in flags if one.code.startswith("number")] == ["number-repaired"]
    assert changes[0].kind == "repaired"


AMBIGUOUS: list[tuple[Language, str, str]] = [
    ("ja", "20 people came and 40 left.", "30人が来て50人が帰った。"),
    ("ja", "It rose 12 percent.", "3億円増えた。"),
    ("en", "昨年は1万人が来た。", "In 2018 people came."),
    ("ja", "It cost $1.1 billion.", "1100万人かかった。"),
    ("ja", "It cost 1,234,567 yen.", "765,432,1円かかった。"),
]  # fmt: skip


@pytest.mark.parametrize(("to", "source", "wrong"), AMBIGUOUS)
def test_what_is_not_clear_is_left_and_flagged(to: Language, source: str, wrong: str) -> None:
    assert mend(source, wrong, to)[0] == wrong
    target, flags, changes = finish(source, wrong, check(source, wrong, to), to)
    assert (target, changes) == (wrong, ())
    assert any(one.code.startswith("number") for one in flags)


def test_an_impossible_date_is_carried_and_flagged() -> None:
    model = engine(lambda _: "The deadline is February 30, 2024.")
    result = Translator(model, manifest()).translate("期限は令和6年2月30日です。", "en")
    assert "February 30, 2024" in result
    assert {one.code for one in result.flags} == {"date-impossible"}


def test_a_bold_figure_stays_bold() -> None:
    text = "Sales were $2.9 billion."
    model = engine(lambda _: "売上は29億ドルでした。")
    segment = Segment(0, text, "line 1", marks=(Mark(11, 23, 0),))
    (result,) = Translator(model, manifest()).stream([segment], "ja")
    (mark,) = result.marks
    assert result.target[mark.start : mark.end] == "29億ドル"


@pytest.mark.parametrize(
    ("source", "target", "guessed"),
    [
        ("Taro Yamada joined us.", "山田太郎が加わった。", "山田, 太郎"),
        ("We met Mr. Smith.", "スミス氏に会った。", ""),
        ("The city of Hamasaki built it.", "浜崎市が建てた。", ""),
        ("He went to Tokyo by train.", "彼は電車で東京へ行った。", ""),
    ],
)
def test_names_in_kanji_are_guesses(source: str, target: str, guessed: str) -> None:
    found = [one.evidence for one in check(source, target, "ja") if one.code == "name-guess"]
    assert found == ([guessed] if guessed else [])
