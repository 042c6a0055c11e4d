from __future__ import annotations

from kakehashi.bench.datasets import ParallelSet
from kakehashi.bench.proofreading import (
    SLIPS,
    measure_good,
    measure_planted,
    planted,
    proofreading_tables,
)


def test_the_planted_slips_are_many_and_each_once() -> None:
    texts = [one.text for name in SLIPS for one in planted(name)]
    assert len(texts) == len(set(texts)) >= 290


def test_slips_are_found_and_counted_by_type() -> None:
    found = measure_planted("known", examples=3)
    assert set(found["caught"]) <= set(found["planted"])
    assert sum(found["caught"].values()) >= 0.9 * sum(found["planted"].values())
    assert sum(found["other"].values()) <= 5
    assert all(one["wrong"] in one["text"] for one in found["missed"])


def test_good_text_is_counted_by_rule() -> None:
    data = ParallelSet(
        "own", "ja-en", ("無料で見れます。", "図書館は休みです。"), ("It is free.", "Closed.")
    )
    (result,) = measure_good([data], (), examples=1)
    assert (result["sentences"], result["findings"]) == (2, {"ra-nuki": 1})
    table = proofreading_tables([result], measure_planted("later"), measure_planted("later"))
    assert "| ra-nuki | warning | 500.0 |" in table
