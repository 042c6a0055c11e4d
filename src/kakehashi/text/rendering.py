"""Write quantities, dates and times by the rules of the house.

Japanese: half-width digits with commas from 1,000 up; 万, 億, 兆 for round numbers (29億3,000万)
and wherever the source has a scale; years, months and days with 年月日. English: commas, million
and billion while they need no more than three decimals; April 15, 2024; 3:30 p.m. Years come
out as the Western calendar counts them, unless an English source itself names the era.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, Literal

from kakehashi.text import eras
from kakehashi.text.figures import Clock, Day, Figure
from kakehashi.text.units import Unit

Target = Literal["ja", "en"]

_GROUPS: Final = (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("", 1))
_WORDS: Final = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6))
_MONTHS: Final = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_WEEKDAYS: Final = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
]  # fmt: skip
_PARTS: Final = [
    "half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
]  # fmt: skip
_COUNTS: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
# Groups whose unit is written by rule; time and age depend on the sentence (3 days: 3日, 3日間).
_FIXED_GROUPS: Final = frozenset({"money", "length", "area", "mass", "volume", "degree"})


def decimal(value: Fraction) -> str | None:
    """`value` with commas and all its decimals; None if it has no end in decimals."""
    rest = value.denominator
    places = 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places += max(twos, fives)
    whole, part = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:,}" + (f".{part:0{places}}" if places else "")


def japanese_number(value: Fraction, *, scaled: bool = False) -> str | None:
    """A number in Japanese; None if it cannot be written exactly.

    Args:
        scaled: the source wrote it with a scale (2.9 billion): 万 and 億, round or not.

    >>> [japanese_number(Fraction(n)) for n in (1234, 18200, 2930000000, 182345)]
    ['1,234', '18,200', '29億3,000万', '182,345']
    """
    if value < 0 or value.denominator != 1 or value < 10**4 or value >= 10**16:
        return decimal(value)
    groups = [(int(value) // size % 10**4, name) for name, size in _GROUPS]
    written = [f"{count:,}{name}" for count, name in groups if count]
    round_number = value % 10**4 == 0 and len(written) <= 2
    return "".join(written) if scaled or round_number else f"{int(value):,}"


def english_number(value: Fraction) -> str | None:
    """A number in English; None if it cannot be written exactly.

    >>> [english_number(Fraction(n)) for n in (12300, 2930000000, 1234567, 300000)]
    ['12,300', '2.93 billion', '1,234,567', '300,000']
    """
    for word, size in _WORDS:
        places = 4 if word == "trillion" else 3
        if value >= size and (value * 10**places / size).denominator == 1:
            return f"{decimal(value / size)} {word}"
    return decimal(value)


def render(figure: Figure, to: Target) -> str | None:
    """A figure in the target language; None: how it is said depends on the sentence.

    Never rendered: codes, ordinals, bare counts below 10,000 in words, lengths of time, ages, and
    dates like 5/4/2024 which may be of April or May.
    """
    if figure.day is not None:
        return japanese_day(figure.day) if to == "ja" else english_day(figure.day)
    if figure.clock is not None:
        return japanese_clock(figure.clock) if to == "ja" else english_clock(figure.clock)
    if figure.kind == "percent":
        digits = decimal(figure.value)
        return None if digits is None else f"{digits}%"
    if figure.kind == "fraction":
        return _fraction(figure.value, to)
    if figure.kind in ("code", "date", "time"):
        return None
    if figure.unit is None:
        return _number(figure, to)
    if figure.unit.group not in _FIXED_GROUPS:
        return None
    return amount_with_unit(figure.value, figure.unit, to, scaled=figure.scaled)


def amount_with_unit(
    value: Fraction, unit: Unit, to: Target, *, scaled: bool = False
) -> str | None:
    """A sum or a measure.

    >>> from kakehashi.text.units import UNITS
    >>> amount_with_unit(Fraction(2900000000), UNITS["USD"], "ja", scaled=True)
    '29億ドル'
    >>> amount_with_unit(Fraction(2900000000), UNITS["JPY"], "en")
    '2.9 billion yen'
    """
    number = japanese_number(value, scaled=scaled) if to == "ja" else english_number(value)
    if number is None:
        return None
    if to == "ja":
        return number + unit.ja
    if unit.sign and value.denominator in (1, 10, 20, 50, 100, 2, 4, 5, 25):
        return unit.sign + number
    return f"{number} {_singular(unit.en) if value == 1 else unit.en}"


def _singular(words: str) -> str:
    first, *rest = words.split()
    if first == "square":
        return f"square {rest[0].removesuffix('s')}"
    return " ".join([first.removesuffix("s"), *rest])


def _number(figure: Figure, to: Target) -> str | None:
    if to == "en":
        return english_number(figure.value)
    return japanese_number(figure.value, scaled=figure.scaled)


def _fraction(value: Fraction, to: Target) -> str | None:
    above, below = value.numerator, value.denominator
    if below == 1 or above > below:
        return None
    if to == "ja":
        return f"{below}分の{above}"
    if 2 <= below <= 10 and above <= 9:
        part = _PARTS[below - 2]
        plural = "" if above == 1 else "s"
        return f"{_COUNTS[above - 1]}-{part}{plural}"
    return f"{above}/{below}"


def japanese_day(day: Day, *, era: bool = False) -> str | None:
    """A date in Japanese.

    Args:
        era: write the year as the era has it (a year without a day: as it stood on the last
            day of the year, 2019年 → 令和元年).
    """
    if day.order_unsure:
        return None
    text = ""
    if day.year is not None:
        text = f"{day.year}年"
        if era or day.era:
            text = _era_year(day) or text
        if day.fiscal:
            return text + "度"
    if day.month is not None:
        text += f"{day.month}月"
    if day.day is not None:
        text += f"{day.day}日"
    return text + (f"({day.weekday})" if day.weekday else "")


def _era_year(day: Day) -> str:
    if day.era and day.era_year:
        name, year = day.era, day.era_year
    else:
        if day.year is None or not day.exists:
            return ""
        # A fiscal year is called by the era of its last day: 平成31年4月1日 began 令和元年度.
        last = date(day.year, day.month or 12, day.day or (28 if day.month == 2 else 30))
        found = eras.era_of(last)
        if found is None:
            return ""
        name, year = found[0].name, found[1]
    return f"{name}{'元' if year == 1 else year}年"


def english_day(day: Day) -> str | None:
    """A date in English, by the Western calendar."""
    if day.order_unsure:
        return None
    if day.month is None:
        if day.year is None:
            return None
        return f"fiscal year {day.year}" if day.fiscal else str(day.year)
    if not 1 <= day.month <= 12:
        return None
    text = _MONTHS[day.month - 1]
    if day.day is not None:
        text += f" {day.day}"
    if day.year is not None:
        text += f", {day.year}" if day.day is not None else f" {day.year}"
    if day.weekday:
        text = f"{_WEEKDAYS[eras.WEEKDAYS.index(day.weekday)]}, {text}"
    return text


def japanese_clock(clock: Clock) -> str | None:
    """A time in Japanese: 午後3時30分, 正午; 15:30 stays as it is."""
    if clock.colon and not clock.half:
        return f"{clock.hour}:{clock.minute or 0:02}"
    if clock.hour > 12 and clock.half:
        return None
    if clock.half == "pm" and clock.hour == 12 and not clock.minute:
        return "正午"
    half = {"am": "午前", "pm": "午後", "": ""}[clock.half]
    hour = clock.hour % 12 if half else clock.hour
    return f"{half}{hour}時" + (f"{clock.minute}分" if clock.minute else "")


def english_clock(clock: Clock) -> str | None:
    """A time in English: 3:30 p.m., noon, 15:30."""
    if not clock.half:
        return f"{clock.hour}:{clock.minute or 0:02}" if 0 <= clock.hour <= 29 else None
    if clock.hour > 12:
        return None
    if clock.half == "pm" and clock.hour in (0, 12) and not clock.minute:
        return "noon"
    minute = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minute} {clock.half[0]}.m."
