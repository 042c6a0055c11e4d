"""Figures of repeated measurements: median with its spread, and ratios of paired rounds."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from kakehashi.errors import InputError


@dataclass(frozen=True, slots=True)
class Spread:
    """Median of some figures with minimum, quartiles (inclusive method) and maximum."""

    median: float
    minimum: float
    quartile_1: float
    quartile_3: float
    maximum: float
    count: int

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def spread_of(figures: Sequence[float]) -> Spread:
    """Spread of at least one figure.

    Raises:
        InputError: there is no figure.
    """
    if not figures:
        raise InputError("nothing was measured", hint="ask for at least one round")
    if len(figures) == 1:
        only = float(figures[0])
        return Spread(only, only, only, only, only, 1)
    first, middle, third = statistics.quantiles(figures, n=4, method="inclusive")
    return Spread(middle, min(figures), first, third, max(figures), len(figures))


def ratios_of(
    rounds: Sequence[Mapping[str, Mapping[str, float]]],
    key: str,
    *,
    of: str = "successor",
    to: str = "predecessor",
    inverse: bool = False,
) -> list[float]:
    """`of` ÷ `to` of the figure `key` in each round, in the order of the rounds.

    Each round is ``{"predecessor": {key: figure}, "successor": {key: figure}}``. The ratio is
    taken inside a round, before the median over rounds, because the two figures of one round
    were measured next to each other and share what else the machine was doing.

    Args:
        inverse: `to` ÷ `of` instead, for figures of which less is better (seconds).

    Raises:
        InputError: a round has no such figure, or a figure that is not above zero.
    """
    result: list[float] = []
    for number, figures in enumerate(rounds, start=1):
        try:
            top, bottom = figures[of][key], figures[to][key]
        except KeyError as missing:
            raise InputError(f"round {number} has no figure {missing}", where=key) from None
        if inverse:
            top, bottom = bottom, top
        if top < 0 or bottom <= 0:
            raise InputError(
                f"round {number} cannot be compared: {of} {figures[of][key]}, "
                f"{to} {figures[to][key]}",
                where=key,
                hint="a model that produced nothing in this round has no speed; look at its output",
            )
        result.append(top / bottom)
    return result
