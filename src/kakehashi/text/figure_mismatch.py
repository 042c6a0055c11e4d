"""Whether a translation carries what stands around the numbers: units, dates, times of day.

`number_mismatch` compares values; it cannot see 5月4日 for April 5, 29億ドル for 2.9 billion yen or
"2.9 billion" for 29億円. Here whole figures are compared. Each rule speaks only where a good
translation has no other way of saying it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from kakehashi.text.figures import Day, Figure, figures
from kakehashi.text.units import says

FigureProblem = Literal["date", "weekday", "time", "unit", "unit-lost", "unit-added", "fiscal"]

_CARRIED_GROUPS: Final = frozenset({"money", "length", "area", "mass", "volume", "degree"})
_PERCENT: Final = re.compile(
    r"[%％割分半]|パーセント|ポイント|per ?cent|pct|half|halv|quarter|third"
    r"|\b(?:in|out of) (?:\d|every|two|three|four|five|ten|twenty|a hundred|one hundred)",
    re.I,
)
_FISCAL: Final = re.compile(r"年度|fiscal|\bFY|financial|budget|school year|academic", re.I)
# What makes a bare number an hour: 時, "at three", "from 3 to 5".
_HOUR: Final = re.compile(
    r"時|[0-9０-９][:：][0-9０-９]{2}|\b(?:at|by|about|around|until|till|from|to|before|after|past|between|and"
    r"|or)\s(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight)|o['’]clock",
    re.I,
)
_DIGIT: Final = re.compile(r"[0-9０-９]")


@dataclass(frozen=True, slots=True)
class FigureMismatch:
    """A figure that the other side has otherwise.

    Attributes:
        problem: what is wrong with it.
        side: which text `figure` stands in.
        figure: it.
    """

    problem: FigureProblem
    side: Literal["source", "target"]
    figure: Figure


def figure_mismatch(source: str, target: str) -> list[FigureMismatch]:
    """Compare units, dates and times of a source and its translation.

    Returns:
        What is wrong, in the order of the source; empty: nothing is known to be wrong.

    >>> [one.problem for one in figure_mismatch("29億円を4月5日に", "$2.9 billion on May 4")]
    ['unit', 'date']
    """
    given, made = figures(source), figures(target)
    if not given and not made:
        return []
    found: list[FigureMismatch] = []
    found.extend(_units(given, made, target, "source"))
    found.extend(_units(made, given, source, "target"))
    found.extend(_dates(given, made, target))
    found.extend(_times(given, made, target))
    found.extend(_taken(given, made, source))
    return list(dict.fromkeys(found))


def same_day(one: Day, other: Day) -> bool:
    """Whether two dates can be the same: what both say agrees."""
    if one.year and other.year and one.year != other.year:
        return False
    if one.weekday and other.weekday and one.weekday != other.weekday:
        return False
    if (one.month, one.day) == (other.month, other.day):
        return True
    return (one.order_unsure or other.order_unsure) and (one.month, one.day) == (
        other.day,
        other.month,
    )


def same_value(one: Figure, other: Figure) -> bool:
    """Whether the numbers of two sums, measures or counts say the same."""
    return not _values(one).isdisjoint(_values(other))


def _values(figure: Figure) -> set[Fraction]:
    return {value for number in figure.numbers for value in number.accepted}


def _sure(figure: Figure) -> bool:
    return all(number.strength != "weak" for number in figure.numbers)


def _units(
    given: Sequence[Figure],
    made: Sequence[Figure],
    target: str,
    side: Literal["source", "target"],
) -> Iterable[FigureMismatch]:
    """Sums, measures and percentages whose number is there but not the unit."""
    for one in given:
        if one.kind == "percent":
            there = [other for other in made if same_value(one, other)]
            if there and _sure(one) and not _PERCENT.search(target):
                problem: FigureProblem = "unit-lost" if side == "source" else "unit-added"
                yield FigureMismatch(problem, side, one)
        if one.unit is None or not _sure(one):
            continue
        there = [other for other in made if same_value(one, other)]
        if not there or any(other.unit == one.unit for other in there):
            continue
        others = [other.unit for other in there if other.unit is not None]
        if others and all(unit.group == one.unit.group for unit in others):
            # Only what both write beside the number: reported once, from the source's side.
            if side == "source" and len(others) == len(there) and not _both_said(one, given, made):
                yield FigureMismatch("unit", side, one)
        elif one.unit.group in _CARRIED_GROUPS and not says(target, one.unit):
            yield FigureMismatch("unit-lost" if side == "source" else "unit-added", side, one)


def _both_said(one: Figure, given: Sequence[Figure], made: Sequence[Figure]) -> bool:
    """Whether the other side's unit stands beside the same number here, too (5円 and 5ドル)."""
    units = {other.unit for other in made if same_value(one, other)}
    return any(
        other.unit in units and other is not one and same_value(one, other) for other in given
    )


def _dates(
    given: Sequence[Figure], made: Sequence[Figure], target: str
) -> Iterable[FigureMismatch]:
    days = [(one, one.day) for one in given if one.day]
    theirs = [one.day for one in made if one.day]
    months = {day.month for day in theirs if day.month}
    for one, day in days:
        if day.fiscal and not _FISCAL.search(target):
            yield FigureMismatch("fiscal", "source", one)
        if day.month is None:
            continue
        if day.day is None:
            if months and day.month not in months:
                yield FigureMismatch("date", "source", one)
            continue
        if any(same_day(day, other) for other in theirs):
            continue
        close = [other for other in theirs if (other.month, other.day) == (day.month, day.day)]
        if close and all(other.weekday and other.weekday != day.weekday for other in close):
            yield FigureMismatch("weekday", "source", one)
        elif close or not _said_apart(day, made):
            yield FigureMismatch("date", "source", one)


def _said_apart(day: Day, made: Sequence[Figure]) -> bool:
    """Whether month and day are there, but not beside each other (4/15, "April 10 and 15")."""
    if day.month is None or day.day is None:
        return False
    parts = {Fraction(day.month), Fraction(day.day)}
    months: set[Fraction] = set()
    days: set[Fraction] = set()
    for one in made:
        for number in one.numbers:
            if len(number.parts) == 2 and set(number.parts) == parts:
                return True
            if number.kind == "month":
                months |= number.accepted
            elif one.day is None:
                days |= number.accepted
    return day.month in months and day.day in days


def _times(
    given: Sequence[Figure], made: Sequence[Figure], target: str
) -> Iterable[FigureMismatch]:
    theirs = [one.clock.times for one in made if one.clock]
    for one in given:
        if one.clock is None:
            continue
        noon = bool({(12, 0), (0, 0)} & one.clock.times) and any(
            other.clock is None and other.value in (0, 12) for other in made
        )
        if theirs and not any(one.clock.times & times for times in theirs):
            if not noon:
                yield FigureMismatch("time", "source", one)
        elif not theirs and not noon and one.clock.hour and not _HOUR.search(target):
            yield FigureMismatch("time", "source", one)


def _taken(
    given: Sequence[Figure], made: Sequence[Figure], source: str
) -> Iterable[FigureMismatch]:
    """A number of the target, with a unit, whose only partner in the source is another thing.

    "in the 84th minute and a minute later, two goals" → 「84分と2分後に2得点」.
    """
    for one in made:
        if one.unit is None or not _DIGIT.search(one.text) or not says(source, one.unit):
            continue
        if any(other.unit == one.unit and same_value(one, other) for other in given):
            continue
        partners = [other for other in given if same_value(one, other)]
        if len(partners) != 1 or partners[0].unit is not None or partners[0].kind != "number":
            continue
        if any(
            other is not one and other.unit is None and same_value(partners[0], other)
            for other in made
        ):
            yield FigureMismatch("unit", "target", one)
