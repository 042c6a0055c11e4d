from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.text import number_mismatch, numbers
from kakehashi.text.numbers_ja import parse

VALUES = [
    ("１，２３４．５円", ["1234.5"]),
    ("1,234.5", ["1234.5"]),
    ("29億ドル", ["2900000000"]),
    ("2.9 billion dollars", ["2900000000"]),
    ("$2.9bn", ["2900000000"]),
    ("1億2,345万6789人", ["123456789"]),
    ("1 億 4 千万ドル", ["140000000"]),
    ("１２万５千円", ["125000"]),
    ("3 billion 116 million yen", ["3116000000"]),
    ("二十三人", ["23"]),
    ("二〇二四年", ["2024"]),
    ("千五百", ["1500"]),
    ("twenty-three people", ["23"]),
    ("two hundred and five thousand", ["205000"]),
    ("a hundred million yen", ["100000000"]),
    ("half a million", ["500000"]),
    ("3割5分", ["35"]),
    ("3パーセント", ["3"]),
    ("３・５％", ["3.5"]),
    ("3分の1", ["1/3"]),
    ("two-thirds", ["2/3"]),
    ("令和元年", ["1"]),
    ("午後3時30分", ["15", "30"]),
    ("3:30 p.m.", ["15", "30"]),
    ("15:00", ["15"]),
    ("2024/4/15", ["2024", "4", "15"]),
    ("April 15, 2024", ["4", "15", "2024"]),
    ("the 21st", ["21"]),
    ("twenty-first century", ["21", "100"]),
    ("seven, eight and nine", ["7", "8", "9"]),
    ("千葉県と三重県と四国と九州", []),
    ("五十嵐さんは八百屋です", []),
    ("https://example.jp/2024/15 と a1@b2.jp", []),
    ("万が一", []),
]


@pytest.mark.parametrize(("text", "values"), VALUES)
def test_values(text: str, values: list[str]) -> None:
    assert [number.value for number in numbers(text)] == [Fraction(value) for value in values]


def test_alternatives() -> None:
    (era,) = numbers("令和6年")
    assert era.kind == "era"
    assert era.accepted == {6, 2024}
    (rate,) = numbers("3割")
    assert rate.kind == "percent"
    assert rate.value == 30


AGREE = [
    ("２０２４年４月１５日", "April 15, 2024"),
    ("令和6年4月15日", "15 April 2024"),
    ("昭和六十四年", "1989"),
    ("Reiwa 6", "令和6年"),
    ("R6.4.1に施行", "takes effect on 1 April 2024"),
    ("午後3時に集合", "Meet at 3 p.m."),
    ("午後3時に集合", "Meet at 15:00"),
    ("15時30分開始", "It starts at 3:30 pm"),
    ("3時半", "3:30"),
    ("3割の人", "30% of the people"),
    ("3割の人", "three in ten people"),
    ("3分の1が賛成", "one third agreed"),
    ("3分の2が賛成", "two-thirds agreed"),
    ("4月から", "from April"),
    ("29億ドル", "$2.9 billion"),
    ("1万5千人", "15,000 people"),
    ("百万円", "one million yen"),
    ("100〜200万円", "1 to 2 million yen"),
    ("2 to 3 million people", "200万～300万人"),
    ("売上は2倍になった", "Sales doubled"),
    ("半分の人", "half of the people"),
    ("3人の子ども", "three children"),
    ("ふたつの案", "two plans"),
    ("第二次世界大戦", "World War II"),
    ("20世紀", "the twentieth century"),
    ("90年代の音楽", "music of the 1990s"),
    ("2年半", "two and a half years"),
    ("2 decades ago", "20年前"),
    ("two decades ago", "20年前"),
    ("one day a week", "週に1日"),
    ("both countries", "2か国"),
    ("teenagers", "10代の若者"),
    ("10.15 seconds", "１０秒１５"),
    ("増加率は２９・１％", "the increase was 29.1%"),
    ("2、3個", "two or three"),
    ("Version 1.2.3", "バージョン1.2.3"),
    ("in April 2015", "27年4月に"),
    ("COVID-19の流行", "the coronavirus pandemic"),
    ("A second opinion", "別の意見"),
    ("three people came", "彼らが来た"),
    ("十分に注意して、二度と一人で行かないで", "Take care and never go alone again"),
    ("正午に", "at noon"),
    ("deadline: noon", "締め切りは12時"),
    ("fiscal 2024", "24年度"),
]


@pytest.mark.parametrize(("source", "target"), AGREE)
def test_good_translations_are_not_flagged(source: str, target: str) -> None:
    assert [str(one) for one in number_mismatch(source, target)] == []
    assert [str(one) for one in number_mismatch(target, source)] == []


DIFFER = [
    ("出席者は23人。", "There were 32 people.", ["23"], ["32"]),
    ("29億ドル", "$29 billion", ["29億"], ["29 billion"]),
    ("29億ドル", "29 dollars", ["29億"], ["29"]),
    ("30%減", "down 3%", ["30%"], ["3%"]),
    ("令和6年", "2023", ["令和6年"], ["2023"]),
    ("令和6年", "平成6年", ["令和6年"], ["平成6年"]),
    ("午後3時に", "at 3 a.m.", ["午後3"], ["3"]),
    ("4月15日", "March 15", ["4"], ["March"]),
    ("三人の子ども", "four children", ["三"], ["four"]),
    ("one third", "3分の2", [], ["3分の2"]),
    ("価格は１，２００円です。", "The price is set.", ["１，２００"], []),
    ("It is cheap.", "価格は500円です。", [], ["500"]),
    ("version 1.2.3", "バージョン1.2.4", ["1.2.3"], ["1.2.4"]),
    ("twenty-three people", "32人", ["twenty-three"], ["32"]),
    ("eight charges of murder", "1件の殺人罪", ["eight"], []),
    ("their second meeting", "4回目の会談", [], ["4"]),
    ("7個", "1 piece", ["7"], []),
]


@pytest.mark.parametrize(("source", "target", "missing", "extra"), DIFFER)
def test_changed_numbers_are_flagged(
    source: str, target: str, missing: list[str], extra: list[str]
) -> None:
    found = number_mismatch(source, target)
    assert [one.number.text for one in found if one.problem == "missing"] == missing
    assert [one.number.text for one in found if one.problem == "extra"] == extra


def _kanji(value: int) -> str:
    """An independent writer of kanji numerals, for the reader to be checked against."""
    digits, text = "〇一二三四五六七八九", ""
    for scale, name in ((10**8, "億"), (10**4, "万"), (1, "")):
        group, value = divmod(value, scale)
        if not group:
            continue
        for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, group = divmod(group, unit)
            if digit:
                text += mark if digit == 1 and mark else digits[digit] + mark
        text += name
    return text


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_kanji_numerals_are_read(value: int) -> None:
    text = _kanji(value)
    assert parse(text) == (Fraction(value), len(text))


FRAGMENTS = (
    "１２ 3 0 , . ・ 万 億 十 二 年 月 日 時 分の 割 % / : - 午後 p.m. million two and half a "
    "twenty hundred May 令和 第 半 〜 to s th A v"
)
texts = st.lists(st.sampled_from(FRAGMENTS.split()) | st.text(max_size=2), max_size=14)


@settings(max_examples=150, deadline=None)
@given(texts.map("".join))
def test_places_are_in_order_and_true(text: str) -> None:
    end = 0
    for number in numbers(text):
        assert end <= number.start < number.end <= len(text)
        assert number.text == text[number.start : number.end]
        end = number.end
    assert number_mismatch(text, text) == []


@pytest.mark.parametrize("unit", ["1", "1,", "111,", "1.", "十", "one ", "a.", "1/"])
def test_a_very_long_line_is_read(unit: str) -> None:
    """Keys and tables of 20,000 characters: nothing may overflow, and work stays linear."""
    found = numbers(unit * (20_000 // len(unit)))
    assert all(number.end - number.start <= 20_000 for number in found)
    assert bool(found) == (unit not in ("a.", "十"))
