"""What a program is told about its limits, in the headers that OpenAI's clients understand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from kakehashi.server.metering.models import Measure, Window
from kakehashi.server.metering.reserving import LimitReached, LimitState

_TOLD: Final = {Measure.REQUESTS: "requests", Measure.TOKENS: "tokens"}


def rate_limit_headers(states: Iterable[LimitState]) -> dict[str, str]:
    """``x-ratelimit-*``: of the limits per minute, the one with least left; {} without any."""
    found: dict[str, str] = {}
    minute = [state for state in states if state.window == Window.MINUTE]
    for measure, word in _TOLD.items():
        mine = [state for state in minute if state.measure == measure]
        if mine:
            least = min(mine, key=lambda state: state.remaining)
            found[f"x-ratelimit-limit-{word}"] = str(least.amount)
            found[f"x-ratelimit-remaining-{word}"] = str(least.remaining)
            found[f"x-ratelimit-reset-{word}"] = duration(least.resets_in)
    return found


def refusal_headers(error: LimitReached) -> dict[str, str]:
    """The same for a request that was refused, and whether and when to try again."""
    found = rate_limit_headers(error.states)
    if error.retry_after is None:
        found["x-should-retry"] = "false"
    else:
        found["retry-after"] = str(error.retry_after)
        found["x-should-retry"] = "true"
    return found


def duration(seconds: float) -> str:
    """As OpenAI writes it: ``20ms``, ``7.66s``, ``1m30s``."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    text = f"{rest:.2f}".rstrip("0").rstrip(".") + "s"
    return f"{int(minutes)}m{text}" if minutes else text
