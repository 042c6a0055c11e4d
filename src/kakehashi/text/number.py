"""What a number in a text is. The readers are `numbers_ja` and `numbers_en`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Kind = Literal[
    "number",
    "percent",
    "fraction",
    "ordinal",
    "era",
    "year",
    "month",
    "time",
    "clock",
    "code",
    "label",
]
# sure: written in digits, so a translation has to carry it.
# likely: words (three, 五人), month names: may become something else in a good translation.
# weak: one, first, half, both, 一つ: taken as a match, never missed.
Strength = Literal["sure", "likely", "weak"]

# Full-width forms to ASCII, one character to one, so that offsets stay.
FOLD: Final = {0xFF01 + at: 0x21 + at for at in range(94)} | {
    ord("、"): "、",
    ord("\u2212"): "-",
    ord("\u2010"): "-",
    ord("\u2011"): "-",
    ord("\u2013"): "-",
    ord("\u2014"): "-",
    ord("～"): "〜",
    ord("~"): "〜",
    ord("’"): "'",
    ord("‘"): "'",
    ord("\u00a0"): " ",
    ord("\u202f"): " ",
    ord("零"): "〇",
    ord("○"): "〇",
    ord("壱"): "一",
    ord("弐"): "二",
    ord("参"): "参",
    ord("拾"): "十",
    ord("廿"): "廿",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        text: as written, ``text == source[start:end]``.
        start, end: its place, in characters.
        value: what it says (29億 → 2900000000; 3割 → 30, a percentage; 令和6年 → 6).
        kind: "percent", "era", "month", "time" (hour on the 24-hour clock), "clock" (hour
            without a. m. or p. m.), "code" (versions, telephone numbers) …
        strength: how surely a translation has to carry it: "sure", "likely" or "weak".
        alternatives: other values that say the same (令和6年: 2024; 午後3時: 3).
        parts: numbers that together say the same (the 1 and 3 of 1/3).
    """

    text: str
    start: int
    end: int
    value: Fraction
    kind: Kind = "number"
    strength: Strength = "sure"
    alternatives: frozenset[Fraction] = frozenset()
    parts: tuple[Fraction, ...] = ()

    @property
    def accepted(self) -> frozenset[Fraction]:
        """The value and its alternatives."""
        return self.alternatives | {self.value}


class Reading:
    """A text being read: claims spans, so that each character belongs to one number."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text.translate(FOLD)
        self.found: list[Number] = []
        self._claimed = bytearray(len(text))

    def free(self, start: int, end: int) -> bool:
        """Whether nobody has claimed a character of the span."""
        return not any(self._claimed[start:end])

    def claim(self, start: int, end: int) -> None:
        """Keep the span from the readers that come later."""
        self._claimed[start:end] = b"\1" * (end - start)

    def add(
        self,
        span: tuple[int, int],
        value: Fraction | int,
        kind: Kind = "number",
        strength: Strength = "sure",
        alternatives: frozenset[Fraction] | set[int] | set[Fraction] = frozenset(),
        parts: tuple[Fraction, ...] = (),
    ) -> None:
        """Add a number and claim its span."""
        start, end = span
        self.claim(start, end)
        value = Fraction(value)
        others = frozenset(Fraction(one) for one in alternatives) - {value}
        self.found.append(
            Number(self.original[start:end], start, end, value, kind, strength, others, parts)
        )


def amount(digits: str) -> Fraction:
    """The value of ASCII digits with thousands commas and a decimal point."""
    return Fraction(digits.replace(",", ""))


def short_year(value: Fraction) -> set[int]:
    """The full years that a year of two digits may mean: 24 → 1924, 2024, or of an era."""
    if value.denominator != 1 or not 0 <= value < 100:
        return set()
    year = int(value)
    eras = {base + year for base, last in ((1925, 64), (1988, 31), (2018, 30)) if 0 < year <= last}
    return {1900 + year, 2000 + year} | eras
