from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text import numbers
from kakehashi.text.eras import WEEKDAYS
from kakehashi.text.figure_mismatch import figure_mismatch
from kakehashi.text.figures import Clock, Day, calendar_doubts, figures
from kakehashi.text.rendering import (
    amount_with_unit,
    decimal,
    english_clock,
    english_day,
    english_number,
    japanese_clock,
    japanese_day,
    japanese_number,
    render,
)
from kakehashi.text.units import UNITS

amounts = st.integers(1, 10**15).map(Fraction) | st.builds(
    Fraction, st.integers(1, 10**7), st.sampled_from([10, 100, 1000])
)
days = st.dates(min_value=date(1870, 1, 1), max_value=date(2099, 12, 31))
MONEY = sorted(name for name, unit in UNITS.items() if unit.group == "money")


@given(amounts, st.booleans())
def test_a_number_that_was_written_is_read_again(value: Fraction, scaled: bool) -> None:
    japanese, english = japanese_number(value, scaled=scaled), english_number(value)
    assert japanese
    assert english
    for text in (japanese + "人", english + " people"):
        assert [one.value for one in numbers(text)] == [value], text


@given(st.integers(1, 10**15).map(Fraction), st.sampled_from(MONEY))
def test_a_sum_that_was_written_is_read_again(value: Fraction, name: str) -> None:
    unit = UNITS[name]
    for to in ("ja", "en"):
        text = amount_with_unit(value, unit, "ja" if to == "ja" else "en")
        assert text
        (figure,) = figures(text)
        assert (figure.kind, figure.value, figure.unit) == ("money", value, unit), text
        assert figure.text == text


@given(days, st.booleans(), st.booleans())
def test_a_date_that_was_written_is_read_again(when: date, era: bool, named: bool) -> None:
    name = WEEKDAYS[when.weekday()] if named else ""
    day = Day(when.year, when.month, when.day, name)
    japanese, english = japanese_day(day, era=era), english_day(day)
    assert japanese
    assert english
    for text in (japanese, english):
        (figure,) = figures(f"on {text}" if text.isascii() else f"{text}に")
        assert figure.text == text
        assert figure.day is not None
        read = (figure.day.year, figure.day.month, figure.day.day, figure.day.weekday)
        assert read == (when.year, when.month, when.day, name)
        assert figure.day.doubt == ""
    assert not figure_mismatch(f"{japanese}に", f"on {english}")


@given(st.integers(0, 12), st.integers(0, 59), st.sampled_from(["am", "pm"]))
def test_a_time_that_was_written_is_read_again(hour: int, minute: int, half: str) -> None:
    clock = Clock(hour, minute, half)
    for text in (japanese_clock(clock), english_clock(clock)):
        assert text
        if text in ("正午", "noon"):
            continue
        (figure,) = figures(text)
        assert figure.clock is not None
        assert figure.clock.times == clock.times, text


@given(
    st.text(alphabet="0123456789０９二十万億年月日時半円$¥%,.:/() 令和AprilMonday分の", max_size=24)
)
def test_places_are_true_and_in_order(text: str) -> None:
    end = 0
    for one in figures(text):
        assert end <= one.start < one.end <= len(text)
        assert one.text == text[one.start : one.end]
        render(one, "ja")
        render(one, "en")
        end = one.end


def test_decimals_without_an_end_are_not_written() -> None:
    assert decimal(Fraction(1, 3)) is None
    assert decimal(Fraction(1, 8)) == "0.125"
    assert japanese_number(Fraction(10, 3)) is None


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("令和6年2月30日に締め切る。", ["令和6年2月30日"]),
        ("令和6年2月29日に締め切る。", []),
        ("昭和64年1月8日の記録", ["昭和64年1月8日"]),
        ("平成31年4月30日と令和元年5月1日", []),
        ("平成32年度の計画", ["平成32年度"]),
        ("2024年4月15日(火)", ["2024年4月15日(火)"]),
        ("2024年4月15日(月)", []),
        ("It is due on February 30.", ["February 30"]),
        ("13月1日", ["13月1日"]),
    ],
)
def test_dates_that_cannot_be(text: str, doubtful: list[str]) -> None:
    assert [one.text for one in calendar_doubts(text)] == doubtful


@pytest.mark.parametrize(
    "text",
    [
        "第3条第2項",
        "〒100-0001",
        "03-1234-5678",
        "KX-200B",
        "A4判",
        "version 1.2.3",
        "五十嵐さん",
        "四国",
        "May I?",
    ],
)
def test_codes_articles_and_names_are_no_sums_and_no_dates(text: str) -> None:
    kinds = {one.kind for one in figures(text)}
    assert not kinds & {"money", "measure", "date", "time", "percent"}


DIFFERENT = [
    ("4月5日", "on May 4", "date"),
    ("29億円", "$2.9 billion", "unit"),
    ("29億円", "2.9 billion", "unit-lost"),
    ("29億人", "2.9 billion yen", "unit-added"),
    ("午後3時", "3 a.m.", "time"),
    ("18時", "18", "time"),
    ("4月15日(月)", "Tuesday, April 15", "weekday"),
    ("3時間かかる", "It takes 3 minutes", "unit"),
    ("12%", "12", "unit-lost"),
    ("2024年度", "2024", "fiscal"),
    ("two goals in the 84th minute and a minute later", "84分と2分後に2得点", "unit"),
]


@pytest.mark.parametrize(("source", "target", "problem"), DIFFERENT)
def test_what_stands_around_a_number_is_compared(source: str, target: str, problem: str) -> None:
    assert problem in {one.problem for one in figure_mismatch(source, target)}


SAME = [
    ("4/15(月)", "Monday, April 15"),
    ("5/4/2024", "2024年4月5日"),
    ("正午に", "at 12 p.m."),
    ("3時に", "at three"),
    ("5キロ歩く", "walk 5 kilometers"),
    ("3割の人", "three in ten people"),
    ("1ドル＝150円", "$1 is 150 yen"),
    ("20歳", "20-year-old"),
    ("2024年度予算", "the 2024 budget"),
    ("from April 10 to 15", "4月10日から15日まで"),
]


@pytest.mark.parametrize(("source", "target"), SAME)
def test_other_ways_of_saying_it_are_not_flagged(source: str, target: str) -> None:
    assert figure_mismatch(source, target) == []
    assert figure_mismatch(target, source) == []
