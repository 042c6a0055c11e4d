from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text.eras import ERAS, era_named, era_of, in_era, is_day, weekday

BOUNDARIES = [
    (date(1912, 7, 29), "明治", 45),
    (date(1912, 7, 30), "大正", 1),
    (date(1926, 12, 24), "大正", 15),
    (date(1926, 12, 25), "昭和", 1),
    (date(1989, 1, 7), "昭和", 64),
    (date(1989, 1, 8), "平成", 1),
    (date(2019, 4, 30), "平成", 31),
    (date(2019, 5, 1), "令和", 1),
]


@pytest.mark.parametrize(("day", "name", "year"), BOUNDARIES)
def test_an_era_begins_on_its_first_day(day: date, name: str, year: int) -> None:
    found = era_of(day)
    assert found is not None
    assert (found[0].name, found[1]) == (name, year)


def test_each_era_begins_on_the_day_after_the_last_of_the_one_before() -> None:
    for before, after in itertools.pairwise(ERAS):
        assert before.last is not None
        assert before.last + timedelta(days=1) == after.first


def test_before_meiji_there_is_no_era() -> None:
    assert era_of(date(1868, 1, 24)) is None


@given(st.dates(min_value=date(1868, 1, 25), max_value=date(2100, 12, 31)))
def test_a_day_is_in_its_era_and_comes_back(day: date) -> None:
    found = era_of(day)
    assert found is not None
    era, year = found
    assert era.before + year == day.year
    assert in_era(era, year, day.month, day.day)
    assert era_named(era.roman) == era_named(era.letter) == era


@pytest.mark.parametrize(
    ("year", "month", "day", "exists"),
    [
        (2024, 2, 29, True), (2023, 2, 29, False), (None, 2, 29, True), (None, 2, 30, False),
        (2024, 4, 31, False), (2024, 13, 1, False), (2024, 0, 1, False), (2024, 12, None, True),
    ],
)  # fmt: skip
def test_days_of_the_calendar(year: int | None, month: int, day: int | None, exists: bool) -> None:
    assert is_day(year, month, day) is exists


def test_what_is_not_in_an_era() -> None:
    heisei, reiwa = ERAS[3], ERAS[4]
    assert not in_era(heisei, 32)
    assert not in_era(heisei, 31, 5, 1)
    assert in_era(heisei, 31)
    assert not in_era(reiwa, 1, 4)
    assert not in_era(reiwa, 0)


def test_weekdays() -> None:
    assert weekday(2024, 4, 15) == "月"
    with pytest.raises(ValueError, match="day"):
        weekday(2023, 2, 29)
