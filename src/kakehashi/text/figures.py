"""Whole quantities of a text: 2024年4月15日(月), $2.9 billion, 午後3時半, 12 percent.

`numbers` finds the numbers; here they are put together with what stands around them (units,
months, weekdays), so that they can be compared and rendered (`rendering`) as wholes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from kakehashi.text import eras
from kakehashi.text.number import FOLD, Number
from kakehashi.text.quantities import numbers
from kakehashi.text.units import Unit, unit_after, unit_before

FigureKind = Literal["number", "money", "measure", "percent", "fraction", "date", "time", "code"]


@dataclass(frozen=True, slots=True)
class Day:
    """A date or a part of one.

    Attributes:
        year: as the calendar counts it (令和6年: 2024); None: not said.
        month, day: None: not said.
        weekday: 月 to 日, or "".
        era: the name of the era it was written in, or "".
        era_year: the year of the era; 0 without one.
        fiscal: a fiscal year (年度: from April of that year to March of the next).
        order_unsure: 4/5/2024, which is April 5 or 4 May.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: str = ""
    era: str = ""
    era_year: int = 0
    fiscal: bool = False
    order_unsure: bool = False

    @property
    def exists(self) -> bool:
        """Whether the calendar has that day (in some year, if none is said)."""
        return self.month is None or eras.is_day(self.year, self.month, self.day)

    @property
    def doubt(self) -> str:
        """What cannot be true about it: "no-day", "era" (not in that era), "weekday", or ""."""
        if not self.exists:
            return "no-day"
        era = eras.era_named(self.era) if self.era else None
        if era and not eras.in_era(era, self.era_year, self.month, self.day):
            # 平成31年度 and 昭和64年度 are said of the year that began in the era.
            return "era"
        if self.weekday and self.year and self.month and self.day and not self.order_unsure:
            right = eras.weekday(self.year, self.month, self.day)
            return "" if right == self.weekday else "weekday"
        return ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day: `hour` as written (0 to 29), `half` "am", "pm" or ""; `minute`, or None.

    `colon`: written as 15:30.
    """

    hour: int
    minute: int | None = None
    half: str = ""
    colon: bool = False

    @property
    def times(self) -> frozenset[tuple[int, int]]:
        """What it may mean on the 24-hour clock: one time, or two if the half is not said."""
        minute = self.minute or 0
        if self.half:
            return frozenset({(self.hour % 12 + (12 if self.half == "pm" else 0), minute)})
        if self.hour in (0, 12, 24):
            return frozenset({(0, minute), (12, minute)})
        if self.hour > 12:
            return frozenset({(self.hour % 24, minute)})
        return frozenset({(self.hour, minute), (self.hour + 12, minute)})


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity, date or time as a whole; ``text == source[start:end]``.

    Attributes:
        kind: see `FigureKind`; "code" is what nobody converts (versions, telephone numbers).
        value: of a number, sum, measure, percentage (percent) or fraction.
        unit: of a sum or measure.
        day, clock: of a date, of a time.
        scaled: written with 万, 億, million … or in words.
        numbers: what it was put together from.
    """

    text: str
    start: int
    end: int
    kind: FigureKind
    value: Fraction = Fraction(0)
    unit: Unit | None = None
    day: Day | None = None
    clock: Clock | None = None
    scaled: bool = False
    numbers: tuple[Number, ...] = field(default=(), compare=False)


_ENGLISH_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES: Final = dict(zip(_ENGLISH_DAYS, eras.WEEKDAYS, strict=True))
_EN_WEEKDAY: Final = (
    r"(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?"
    r"|Sat(?:urday)?|Sun(?:day)?)"
)
_WEEKDAY_BEFORE: Final = re.compile(rf"\b({_EN_WEEKDAY})\.?,?\s+(?:the\s+)?$")
_WEEKDAY_AFTER: Final = re.compile(
    rf"\s?[(（]([月火水木金土日])(?:曜日?)?[)）]|\s?([月火水木金土日])曜日?|\s?\(({_EN_WEEKDAY})\.?\)"
)
_YEAR_TEXT: Final = re.compile(r"\d{4}$|[〇一二三四五六七八九]{4}$")
_JA_DAY: Final = re.compile(r"日(?!間|目|以|連|分|当|ぶり|本|銀|産|経|米|中|韓)")
_FISCAL_BEFORE: Final = re.compile(r"\b(?:fiscal(?:\s+year)?|FY)\s?['’]?$", re.I)
_EN_YEAR: Final = re.compile(r",?\s+(?:in\s+)?$")
_CLOCK_AFTER: Final = re.compile(
    r"時(?!間|代)(?:[\d〇一二三四五六七八九十]{1,3}分|半)?"
    r"|:(?P<colon>\d\d)(?!\d|:\d)(?:\s?(?P<half1>[ap]\.?m\b\.?))?"
    r"|\s?(?P<half2>[ap]\.?m\b\.?)|\s(?P<oclock>o['’]clock)",
    re.I,
)
_RATIO: Final = re.compile(r"[万億兆千百十]|illion|thousand|hundred|\bbn\b|[A-Za-z]", re.I)


def figures(text: str) -> list[Figure]:
    """The figures of a text, in order of their place; they do not overlap.

    >>> [(one.text, one.kind) for one in figures("令和6年4月15日（月）に2.9億円")]
    [('令和6年4月15日（月）', 'date'), ('2.9億円', 'money')]
    >>> [(one.text, one.kind) for one in figures("on Monday, April 15, 2024 for $2.9 billion")]
    [('Monday, April 15, 2024', 'date'), ('$2.9 billion', 'money')]
    """
    return list(_figures(text))


@lru_cache(maxsize=32)
def _figures(text: str) -> tuple[Figure, ...]:
    folded = text.translate(FOLD)
    found = numbers(text)
    whole: list[Figure] = []
    at = 0
    while at < len(found):
        figure, used = _date(folded, found, at) or _time(folded, found, at) or (None, 1)
        if figure is None:
            figure = _amount(folded, found[at])
        start = max(figure.start, whole[-1].end if whole else 0)
        whole.append(
            Figure(
                text[start : figure.end],
                start,
                figure.end,
                figure.kind,
                figure.value,
                figure.unit,
                figure.day,
                figure.clock,
                figure.scaled,
                tuple(found[at : at + used]),
            )
        )
        at += used
        while at < len(found) and found[at].start < figure.end:
            at += 1
    return tuple(whole)


def weekday_of(name: str) -> str:
    """月 to 日 for 月, 月曜日, Mon or Monday; "" for anything else."""
    return name[0] if name[:1] in eras.WEEKDAYS else _WEEKDAY_NAMES.get(name[:3].lower(), "")


def _int(number: Number) -> int:
    return int(number.value) if number.value.denominator == 1 else -1


def _date(text: str, found: Sequence[Number], at: int) -> tuple[Figure, int] | None:
    return _ja_date(text, found, at) or _en_date(text, found, at) or _slash_date(text, found, at)


def _year_of(text: str, number: Number) -> tuple[Day, int] | None:
    """A year in Japanese that begins a date or stands alone: (with the year only, its end)."""
    if number.kind == "era":
        full = int(next(iter(number.alternatives)))
        era = next(one for one in eras.ERAS if one.before == full - _int(number))
        end = number.end
        if text[end : end + 1] in ("年", ".", "/") and not text[number.start : end].endswith(
            ("年", "度")
        ):
            end += text[end] == "年"
        if text.startswith("度", end):
            end += 1
        fiscal = text[number.start : end].endswith("年度")
        return Day(full, era=era.name, era_year=_int(number), fiscal=fiscal), end
    if _YEAR_TEXT.match(text[number.start : number.end]) and text.startswith("年", number.end):
        if text.startswith(("年間", "年代", "年前", "年後"), number.end):
            return None
        fiscal = text.startswith("年度", number.end)
        return Day(_int(number), fiscal=fiscal), number.end + (2 if fiscal else 1)
    return None


def _ja_date(text: str, found: Sequence[Number], at: int) -> tuple[Figure, int] | None:
    first = found[at]
    year = _year_of(text, first)
    used = 0
    day, end = year or (Day(), first.start)
    if year:
        used = 1
    dotted = text[end : end + 1] if year and day.era else ""
    if dotted in (".", "/") and at + 2 < len(found) and found[at + 1].start == end + 1:
        month, third = found[at + 1], found[at + 2]
        if text[month.end : third.start] == dotted:
            day = Day(day.year, _int(month), _int(third), "", day.era, day.era_year)
            return _dated(text, first.start, third.end, day, at, 3, found)
    if at + used < len(found) and not day.fiscal:
        month = found[at + used]
        glue = text[end : month.start]
        is_month = month.kind == "month"
        if not is_month and at + used + 1 < len(found):  # 13月1日 is read, too
            after = found[at + used + 1]
            is_month = text[month.end : after.start].strip() == "月" and bool(
                _JA_DAY.match(text, after.end)
            )
        if is_month and text.startswith("月", month.end) and not glue.strip():
            day = Day(day.year, _int(month), None, "", day.era, day.era_year)
            end, used = month.end + 1, used + 1
    if day.month is not None and at + used < len(found):
        third = found[at + used]
        if not text[end : third.start].strip() and _JA_DAY.match(text, third.end):
            day = Day(day.year, day.month, _int(third), "", day.era, day.era_year)
            end, used = third.end + 1, used + 1
    if not used:
        return None
    return _dated(text, first.start, end, day, at, used, found)


def _dated(
    text: str, start: int, end: int, day: Day, at: int, used: int, found: Sequence[Number]
) -> tuple[Figure, int]:
    """The date with the weekday beside it."""
    if day.day is not None:
        name = ""
        if (after := _WEEKDAY_AFTER.match(text, end)) is not None:
            name, end = next(one for one in after.groups() if one), after.end()
        elif (before := _WEEKDAY_BEFORE.search(text, 0, start)) is not None:
            name, start = before[1], before.start()
        if name:
            day = Day(day.year, day.month, day.day, weekday_of(name), day.era, day.era_year,
                      False, day.order_unsure)  # fmt: skip
    return Figure("", start, end, "date", day=day), used


def _en_date(text: str, found: Sequence[Number], at: int) -> tuple[Figure, int] | None:
    first = found[at]
    following = found[at + 1] if at + 1 < len(found) else None
    if first.kind == "month" and text[first.start].isalpha():
        month, used, end = _int(first), 1, first.end
        number: int | None = None
        if following and re.fullmatch(r"\.?\s+(?:the\s+)?", text[first.end : following.start]):
            if _is_day_number(text, following):
                number, used, end = _int(following), 2, following.end
            elif _is_year(text, following):
                return _dated(
                    text, first.start, following.end, Day(_int(following), month), at, 2, found
                )
        if number is None:
            return (
                None
                if first.strength == "weak"
                else _dated(text, first.start, end, Day(None, month), at, used, found)
            )
        return _with_year(text, first.start, end, month, number, at, used, found)
    if (
        following
        and following.kind == "month"
        and text[following.start].isalpha()
        and _is_day_number(text, first)
        and re.fullmatch(r"\s+(?:of\s+)?", text[first.end : following.start])
    ):
        return _with_year(
            text, first.start, following.end, _int(following), _int(first), at, 2, found
        )
    fiscal = _FISCAL_BEFORE.search(text, max(0, first.start - 14), first.start)
    if fiscal and (_is_year(text, first) or re.fullmatch(r"\d\d", text[first.start : first.end])):
        year = _int(first)
        day = Day(year if year > 99 else 2000 + year, fiscal=True)
        return Figure("", fiscal.start(), first.end, "date", day=day), 1
    return None


def _with_year(
    text: str,
    start: int,
    end: int,
    month: int,
    day: int,
    at: int,
    used: int,
    found: Sequence[Number],
) -> tuple[Figure, int]:
    year: int | None = None
    if at + used < len(found):
        last = found[at + used]
        if _EN_YEAR.fullmatch(text, end, last.start) and _is_year(text, last):
            year, end, used = _int(last), last.end, used + 1
    return _dated(text, start, end, Day(year, month, day), at, used, found)


def _is_day_number(text: str, number: Number) -> bool:
    written = text[number.start : number.end]
    plain = re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", written, re.I)
    after = text[number.end : number.end + 2]
    return bool(plain) and 1 <= number.value <= 31 and not re.match(r":\d|[.,]\d|%", after)


def _is_year(text: str, number: Number) -> bool:
    return bool(re.fullmatch(r"[12]\d{3}", text[number.start : number.end])) and (
        not re.match(r"[.,]\d|%|\s?(?:yen|people|dollars)", text[number.end : number.end + 8])
    )


def _slash_date(text: str, found: Sequence[Number], at: int) -> tuple[Figure, int] | None:
    """2024/4/15, 15/4/2024, and 4/15 with a weekday."""
    first = found[at]
    if first.kind == "fraction" and len(first.parts) == 2 and "/" in first.text.translate(FOLD):
        month, number = map(int, first.parts)
        if _WEEKDAY_AFTER.match(text, first.end) and 1 <= month <= 12 and number <= 31:
            return _dated(text, first.start, first.end, Day(None, month, number), at, 1, found)
        return None
    if at + 2 >= len(found):
        return None
    second, third = found[at + 1], found[at + 2]
    glue = text[first.end : second.start], text[second.end : third.start]
    if glue[0] != glue[1] or glue[0] not in ("/", "-", "."):
        return None
    a, b, c = _int(first), _int(second), _int(third)
    if re.fullmatch(r"\d{4}", text[first.start : first.end]) and b <= 12 and c <= 31:
        return _dated(text, first.start, third.end, Day(a, b, c), at, 3, found)
    if re.fullmatch(r"\d{4}", text[third.start : third.end]):
        if a > 12:
            return _dated(text, first.start, third.end, Day(c, b, a), at, 3, found)
        return _dated(
            text, first.start, third.end, Day(c, a, b, order_unsure=b <= 12), at, 3, found
        )
    return None


def _time(text: str, found: Sequence[Number], at: int) -> tuple[Figure, int] | None:
    first = found[at]
    if first.kind not in ("time", "clock"):
        return None
    match = _CLOCK_AFTER.match(text, first.end)
    if match is None:
        return None
    written = text[first.start : first.end]
    half = (match["half1"] or match["half2"] or "")[:1].lower()
    half = {"a": "am", "p": "pm"}.get(half, "")
    if "午前" in written or re.match(r"am", written, re.I):
        half = "am"
    elif "午後" in written or re.match(r"pm", written, re.I):
        half = "pm"
    used, end = 1, match.end()
    minute: int | None = None
    if match["colon"]:
        minute = int(match["colon"])
    elif at + 1 < len(found) and found[at + 1].start < end:
        minute = _int(found[at + 1])
    while at + used < len(found) and found[at + used].start < end:
        used += 1
    hour = _int(first)
    if half == "pm" and hour > 12:
        hour -= 12
    if half == "am" and hour == 24:
        hour = 0
    return Figure(
        "", first.start, end, "time", clock=Clock(hour, minute, half, bool(match["colon"]))
    ), used


def _amount(text: str, number: Number) -> Figure:
    start, end = number.start, number.end
    scaled = bool(_RATIO.search(text[start:end])) and number.kind == "number"
    if number.kind in ("code", "label"):
        return Figure("", start, end, "code", number.value)
    if number.kind == "percent":
        return Figure("", start, end, "percent", number.value)
    if number.kind == "fraction":
        return Figure("", start, end, "fraction", number.value)
    unit: Unit | None = None
    if number.kind in ("number", "ordinal"):
        if (before := unit_before(text, start)) is not None:
            unit, start = before
        elif (after := unit_after(text, end)) is not None:
            unit, end = after
    kind: FigureKind = "number"
    if unit is not None:
        kind = "money" if unit.group == "money" else "measure"
    return Figure("", start, end, kind, number.value, unit, scaled=scaled)


def calendar_doubts(text: str) -> list[Figure]:
    """Dates of a text that cannot be: 令和6年2月30日, 昭和64年2月1日, a wrong weekday.

    >>> [one.text for one in calendar_doubts("令和6年2月30日から2024年2月29日まで")]
    ['令和6年2月30日']
    """
    return [one for one in figures(text) if one.day and one.day.doubt]


def day_of(figure: Figure) -> date | None:
    """The calendar day of a full date that exists."""
    day = figure.day
    if day and day.year and day.month and day.day and day.exists:
        return date(day.year, day.month, day.day)
    return None
