"""End an answer where the caller said: at a stop text, or after so many tokens."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finish:
    """The last thing of an answer: why it ended."""

    reason: Literal["stop", "length"]


def cut(
    pieces: Iterable[str],
    *,
    stops: tuple[str, ...],
    most_tokens: int | None,
    count: Callable[[str], int],
) -> Generator[str | Finish]:
    """The pieces up to the end, then a `Finish`; joined they are at most `most_tokens` tokens.

    Args:
        stops: texts that end the answer and do not belong to it.
        count: tokens of a text.
    """
    held, told = "", ""
    for piece in pieces:
        held += piece
        at = min((found for stop in stops if (found := held.find(stop)) >= 0), default=-1)
        ready = held[:at] if at >= 0 else held[: len(held) - _may_begin(held, stops)]
        kept = _fit(told, ready, most_tokens, count)
        if kept:
            yield kept
        if len(kept) < len(ready):
            yield Finish("length")
            return
        if at >= 0:
            yield Finish("stop")
            return
        told += kept
        held = held[len(ready) :]
    kept = _fit(told, held, most_tokens, count)
    if kept:
        yield kept
    yield Finish("length" if len(kept) < len(held) else "stop")


def _may_begin(text: str, stops: tuple[str, ...]) -> int:
    """Characters at the end of `text` that may be the beginning of a stop text."""
    longest = max((len(stop) - 1 for stop in stops), default=0)
    for length in range(min(longest, len(text)), 0, -1):
        if any(stop.startswith(text[-length:]) for stop in stops):
            return length
    return 0


def _fit(told: str, more: str, most: int | None, count: Callable[[str], int]) -> str:
    """As much of `more` as keeps `told + more` within `most` tokens."""
    if most is None or count(told + more) <= most:
        return more
    low, high = 0, len(more)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(told + more[:middle]) <= most else (low, middle - 1)
    return more[:low]
