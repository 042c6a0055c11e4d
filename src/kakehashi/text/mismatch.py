"""Whether a translation carries the numbers of its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kakehashi.text.number import Number
from kakehashi.text.quantities import numbers


@dataclass(frozen=True, slots=True)
class NumberMismatch:
    """A number that only one side has.

    Attributes:
        problem: "missing" (in the source, not in the target) or "extra" (the other way).
        number: it, with its place in the side that has it.
    """

    problem: Literal["missing", "extra"]
    number: Number

    def __str__(self) -> str:
        side = "the source" if self.problem == "missing" else "the translation"
        return f"'{self.number.text}' is only in {side}"


def number_mismatch(source: str, target: str) -> list[NumberMismatch]:
    """Compare the numbers of a source and its translation, in either direction.

    Two numbers agree when one of their values does (29億 and 2.9 billion, 令和6年 and 2024,
    3割 and 30%, 午後3時 and 15:00). A number may be repeated or said once. Numbers in digits
    must be carried; number words and month names count only if the other side has an
    unmatched number too ("three people" may become 両者, but not 五人); words that merely
    imply a number (one, first, half, 一つ) are never missed. Signs are not compared.

    Returns:
        Missing numbers, then extra ones, in the order of their place; empty: all agree.

    >>> number_mismatch("4月15日の午後3時に29億ドル", "$2.9 billion at 3 p.m. on April 15")
    []
    >>> [str(one) for one in number_mismatch("出席者は２３人。", "There were 32 people.")]
    ["'２３' is only in the source", "'32' is only in the translation"]
    """
    given, made = numbers(source), numbers(target)
    missing, extra = _alone(given, made), _alone(made, given)
    missing, extra = _by_parts(missing, made, extra), _by_parts(extra, given, missing)
    report = [NumberMismatch("missing", one) for one in missing if _counts(one, extra)]
    return report + [NumberMismatch("extra", one) for one in extra if _counts(one, missing)]


def _agree(one: Number, other: Number) -> bool:
    if one.kind == other.kind and one.kind in ("time", "percent"):
        return one.value == other.value
    if one.kind == other.kind == "era":
        return one.alternatives == other.alternatives
    if min(one.value, other.value) > 1000 and _decade(one) and _decade(other):
        return one.value == other.value  # both also say 30: the 1930s and 1130年代
    return not one.accepted.isdisjoint(other.accepted)


def _decade(one: Number) -> bool:
    return one.alternatives == {one.value % 100}


def _alone(side: Sequence[Number], other: Sequence[Number]) -> list[Number]:
    return [one for one in side if not any(_agree(one, there) for there in other)]


def _by_parts(
    alone: list[Number], other: Sequence[Number], other_alone: list[Number]
) -> list[Number]:
    """Drop what the other side says in parts (1/3: "one in three"), or as one (4/15)."""
    values: set[Fraction] = set()
    for there in other:
        values |= there.accepted | set(there.parts)
    parts_there = {part for there in other_alone for part in there.parts}
    return [
        one
        for one in alone
        if not (one.parts and values.issuperset(one.parts)) and not (one.accepted & parts_there)
    ]


def _counts(one: Number, other_alone: list[Number]) -> bool:
    """Whether an unmatched number is worth a person's look, given the other side's."""
    if one.strength == "likely":
        return any(
            there.strength != "weak"
            # "eight charges" → 1件, "a second meeting" → 4回目
            or there.text[0].isdigit()
            or one.kind == there.kind == "ordinal"
            for there in other_alone
        )
    return one.strength == "sure"
