"""Side-by-side measurements: speed and quality of models, checks on planted faults.

Belongs here: running engines and skills over texts, metrics, statistics, charts.
Does not: timed tests, evaluation texts (they come from the caller), anything the product needs.
"""

from __future__ import annotations

from kakehashi.bench.datasets import (
    ParallelSet,
    SummarySet,
    held_out,
    load_parallel,
    load_summaries,
)
from kakehashi.bench.metrics import SetScores, failure_rates, score
from kakehashi.bench.rouge import RougeScore, rouge
from kakehashi.bench.spread import Spread, ratios_of, spread_of

__all__ = [
    "ParallelSet",
    "RougeScore",
    "SetScores",
    "Spread",
    "SummarySet",
    "failure_rates",
    "held_out",
    "load_parallel",
    "load_summaries",
    "ratios_of",
    "rouge",
    "score",
    "spread_of",
]
