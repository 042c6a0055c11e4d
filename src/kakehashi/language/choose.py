"""Choose among several translations of one sentence: the one that the others agree with.

Minimum Bayes risk decoding (Eikema & Aziz 2020): of some samples, the best bet is the one most
like all of them. Likeness is the F-score of character n-grams, as chrF counts them (Popović
2015), here with equal weight on precision and recall, because neither text is the reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

ORDERS = (1, 2, 3, 4, 5, 6)


def _grams(text: str) -> list[Counter[str]]:
    bare = "".join(text.split())
    return [
        Counter(bare[at : at + order] for at in range(len(bare) - order + 1)) for order in ORDERS
    ]


def _likeness(one: list[Counter[str]], other: list[Counter[str]]) -> float:
    scores = []
    for left, right in zip(one, other, strict=True):
        total = left.total() + right.total()
        if total:
            scores.append(2 * (left & right).total() / total)
    return sum(scores) / len(scores) if scores else 1.0


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1; white space does not count."""
    return _likeness(_grams(one), _grams(other))


def agreement(candidates: Sequence[str]) -> list[float]:
    """For each candidate, how alike it is to the others on average, 0 to 1.

    A candidate that occurs several times counts as often: it is what the model says most.
    """
    if len(candidates) < 2:
        return [1.0] * len(candidates)
    grams = [_grams(text) for text in candidates]
    totals = [0.0] * len(candidates)
    for i in range(len(grams)):
        for j in range(i):
            alike = _likeness(grams[i], grams[j])
            totals[i] += alike
            totals[j] += alike
    return [total / (len(candidates) - 1) for total in totals]
