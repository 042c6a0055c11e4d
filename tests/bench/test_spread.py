from __future__ import annotations

import pytest

from kakehashi.bench.spread import ratios_of, spread_of
from kakehashi.errors import InputError

ROUNDS = [
    {
        "predecessor": {"decode": 80.0, "seconds": 9.0},
        "successor": {"decode": 240.0, "seconds": 3.0},
    },
    {
        "predecessor": {"decode": 40.0, "seconds": 9.0},
        "successor": {"decode": 200.0, "seconds": 1.0},
    },
    {
        "predecessor": {"decode": 80.0, "seconds": 4.0},
        "successor": {"decode": 160.0, "seconds": 2.0},
    },
]


def test_ratios_are_taken_inside_a_round() -> None:
    assert ratios_of(ROUNDS, "decode") == [3, 5, 2]
    assert ratios_of(ROUNDS, "seconds", inverse=True) == [3, 9, 2]
    # Not the ratio of the medians (200 / 80 = 2.5).
    assert spread_of(ratios_of(ROUNDS, "decode")).median == 3


def test_spread_has_quartiles() -> None:
    spread = spread_of([5, 1, 2, 4, 3])
    assert (spread.minimum, spread.quartile_1, spread.median) == (1, 2, 3)
    assert (spread.quartile_3, spread.maximum, spread.count) == (4, 5, 5)
    assert spread_of([7.5]).as_dict() == {
        "median": 7.5,
        "minimum": 7.5,
        "quartile_1": 7.5,
        "quartile_3": 7.5,
        "maximum": 7.5,
        "count": 1,
    }


def test_rounds_that_cannot_be_compared_are_named() -> None:
    with pytest.raises(InputError, match="round 1 has no figure 'prefill'"):
        ratios_of(ROUNDS, "prefill")
    silent = [*ROUNDS, {"predecessor": {"decode": 0.0}, "successor": {"decode": 1.0}}]
    with pytest.raises(InputError, match="round 4 cannot be compared"):
        ratios_of(silent, "decode")
    with pytest.raises(InputError, match="nothing was measured"):
        spread_of([])
