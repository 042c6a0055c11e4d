"""Japanese eras and the calendar: which year is which, and which days there never were.

Dates are proleptic Gregorian, as documents write them; that Japan counted by the moon until the
end of Meiji 5 (1872) is not followed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Era:
    """An era: its first day belongs to it, and no longer to the era before.

    Attributes:
        name, roman, letter: 令和, Reiwa, R.
        first: its first day (that of the edict or law that names it).
        last: its last day; None: it goes on.
    """

    name: str
    roman: str
    letter: str
    first: date
    last: date | None = None

    @property
    def before(self) -> int:
        """The year before its first: 令和 n is the year `before` + n."""
        return self.first.year - 1

    @property
    def years(self) -> int | None:
        """The number of its last year; None: it goes on."""
        return None if self.last is None else self.last.year - self.before


ERAS: Final = (
    Era("明治", "Meiji", "M", date(1868, 1, 25), date(1912, 7, 29)),
    Era("大正", "Taisho", "T", date(1912, 7, 30), date(1926, 12, 24)),
    Era("昭和", "Showa", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "Heisei", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "Reiwa", "R", date(2019, 5, 1)),
)
WEEKDAYS: Final = "月火水木金土日"
# February has 29 days in a year that is not known.
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def era_named(name: str) -> Era | None:
    """The era called `name`: 令和, Reiwa, Shōwa or R, in any case."""
    plain = name.strip().lower().replace("ō", "o")
    return next(
        (one for one in ERAS if plain in (one.name, one.roman.lower(), one.letter.lower())), None
    )


def era_of(day: date) -> tuple[Era, int] | None:
    """The era of a day and the year in it; None before Meiji.

    >>> [(era.name, year) for era, year in map(era_of, (date(1989, 1, 7), date(1989, 1, 8)))]
    [('昭和', 64), ('平成', 1)]
    """
    for era in reversed(ERAS):
        if day >= era.first:
            return era, day.year - era.before
    return None


def is_day(year: int | None, month: int, day: int | None) -> bool:
    """Whether the calendar has that month and day (in some year, if the year is not known)."""
    if not 1 <= month <= 12:
        return False
    if day is None:
        return True
    if year is None or not 1 <= year <= 9999:
        return 1 <= day <= _DAYS[month - 1]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def in_era(era: Era, year: int, month: int | None = None, day: int | None = None) -> bool:
    """Whether a year, month or day of an era belongs to it at least in part.

    令和元年4月 does not, 平成31年4月 does, and 平成32年, written before 2019, does not.
    """
    if year < 1 or (era.years is not None and year > era.years):
        return False
    first = (era.first.year, era.first.month, era.first.day)
    if (year + era.before, month or 12, day or 31) < first:
        return False
    last = era.last
    if last is None:
        return True
    return (year + era.before, month or 1, day or 1) <= (last.year, last.month, last.day)


def weekday(year: int, month: int, day: int) -> str:
    """月 to 日. Raises ValueError for a day that the calendar has not."""
    return WEEKDAYS[date(year, month, day).weekday()]
