"""Scores of translations against references, and how often they fail outright.

chrF and BLEU are sacrebleu's (Post 2018; chrF2: Popović 2015), with its signatures kept beside
the figures. Confidence is the 95 % interval of a bootstrap over segments, and two systems are
compared by paired bootstrap (Koehn 2004), both with sacrebleu's fixed seed.

The failure rates are counted here and not by the product's own checks, because the product
retries on those: a rate measured with the same ruler would only say that the retry ended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from kakehashi.bench.datasets import ParallelSet
from kakehashi.bench.extras import mecab_tokenizer, sacrebleu
from kakehashi.text import Number, numbers

RESAMPLES = 1000
MIN_SEGMENTS_FOR_CONFIDENCE = 30
"""Below this a bootstrap over segments says nothing (sacrebleu itself warns)."""


@dataclass(frozen=True, slots=True)
class Confident:
    """A figure with its 95 % bootstrap interval (`low`, `high`; None without enough segments)."""

    value: float
    low: float | None = None
    high: float | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True)
class FailureRates:
    """Shares of segments, 0 to 1.

    Attributes:
        empty: nothing but spaces, although the reference says something.
        wrong_language: the letters are of the other language (see `is_wrong_language`).
        repetition: a loop that the reference does not have (see `has_loop`).
        number_copy: of the numbers that source and reference share, the share that is also in
            the output; None if there is no such number.
        numbers: how many such numbers there are.
    """

    empty: float
    wrong_language: float
    repetition: float
    number_copy: float | None
    numbers: int


@dataclass(frozen=True, slots=True)
class SetScores:
    """Everything measured on the outputs of one system for one set and direction."""

    segments: int
    chrf: Confident
    bleu: Confident
    failures: FailureRates

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


_LOOP = re.compile(r"(.{2,40}?)\1{3,}", re.DOTALL)
_LOOP_OF_ONE = re.compile(r"([^\W\d_])\1{7,}")
_MIN_LOOP = 12


def has_loop(text: str) -> bool:
    """Whether a piece of 2 to 40 characters comes four times or more in a row.

    The repeated part must hold letters or digits and be at least 12 characters long in all, or
    be one letter eight times; rows of dots or dashes and long vowels (ーーー) are no loops.
    """
    if any(
        len(found[0]) >= _MIN_LOOP and re.search(r"[^\W_]", found[1])
        for found in _LOOP.finditer(text)
    ):
        return True
    return any(found[1] != "ー" for found in _LOOP_OF_ONE.finditer(text))


def japanese_letters(text: str) -> int:
    """Kana and kanji in `text`, half-width kana included."""
    return sum(
        1
        for character in text
        if unicodedata.name(character, "").startswith(
            ("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "CJK UNIFIED", "CJK COMPATIBILITY IDEO")
        )
    )


def _japanese_share(text: str) -> float | None:
    letters = sum(character.isalpha() for character in text)
    return japanese_letters(text) / letters if letters else None


def is_wrong_language(hypothesis: str, reference: str, target: str) -> bool:
    """Whether the letters of `hypothesis` are not those of the language `target`.

    Wrong for Japanese: fewer than one letter in ten is kana or kanji, where the reference has
    at least three in ten. Wrong for English: more than three in ten, where the reference has
    at most one in ten. An output without letters is not counted (it may be empty, or digits).
    """
    ours, theirs = _japanese_share(hypothesis), _japanese_share(reference)
    if ours is None or theirs is None:
        return False
    if target == "ja":
        return ours < 0.1 and theirs >= 0.3
    return ours > 0.3 and theirs <= 0.1


def copied_numbers(source: str, hypothesis: str, reference: str) -> tuple[int, int]:
    """How many numbers should be in the output, and how many of them are.

    A number of the source counts if the reference says it too, in whatever form; two numbers
    say the same if they share a value of those that `kakehashi.text.numbers` reads in them.
    """
    theirs = [_values(number) for number in numbers(reference)]
    ours = [_values(number) for number in numbers(hypothesis)]
    expected = [
        values
        for values in map(_values, numbers(source))
        if any(values & other for other in theirs)
    ]
    return len(expected), sum(any(values & other for other in ours) for values in expected)


def _values(number: Number) -> frozenset[Fraction]:
    return number.alternatives | {number.value}


def failure_rates(hypotheses: Sequence[str], data: ParallelSet) -> FailureRates:
    """Count the failures of one system's outputs on a set (same length)."""
    count = max(1, len(hypotheses))
    empty = wrong = loops = expected = copied = 0
    for source, hypothesis, reference in zip(
        data.sources, hypotheses, data.references, strict=True
    ):
        empty += not hypothesis.strip() and bool(reference.strip())
        wrong += is_wrong_language(hypothesis, reference, data.target_language)
        loops += has_loop(hypothesis) and not has_loop(reference)
        should, did = copied_numbers(source, hypothesis, reference)
        expected += should
        copied += did
    return FailureRates(
        empty / count, wrong / count, loops / count, copied / expected if expected else None,
        expected,
    )  # fmt: skip


def metrics_for(language: str) -> dict[str, Any]:
    """The chrF2 and BLEU of sacrebleu (`ja-mecab` for Japanese, `13a` for English).

    Raises:
        DependencyError: sacrebleu, or MeCab for Japanese, is not installed.
    """
    library = sacrebleu("metrics")
    if language == "ja":
        mecab_tokenizer()
    return {
        "chrf": library.CHRF(),
        "bleu": library.BLEU(tokenize="ja-mecab" if language == "ja" else "13a"),
    }


def _confident(metric: Any, hypotheses: Sequence[str], references: Sequence[str]) -> Confident:
    enough = len(hypotheses) >= MIN_SEGMENTS_FOR_CONFIDENCE
    result = metric.corpus_score(
        list(hypotheses), [list(references)], n_bootstrap=RESAMPLES if enough else 1
    )
    signature = str(metric.get_signature())
    if not enough:
        return Confident(float(result.score), signature=signature)
    # sacrebleu has no public name for the interval that it prints.
    middle, half = float(result._mean), float(result._ci)
    return Confident(float(result.score), middle - half, middle + half, signature)


def score(hypotheses: Sequence[str], data: ParallelSet) -> SetScores:
    """Score one system's outputs on a set.

    Raises:
        DependencyError: sacrebleu, or MeCab for Japanese, is not installed.
    """
    metrics = metrics_for(data.target_language)
    return SetScores(
        len(hypotheses),
        _confident(metrics["chrf"], hypotheses, data.references),
        _confident(metrics["bleu"], hypotheses, data.references),
        failure_rates(hypotheses, data),
    )


def paired(
    baseline: Sequence[str], system: Sequence[str], data: ParallelSet
) -> dict[str, dict[str, float]]:
    """Difference system − baseline of chrF and BLEU, with the p-value of a paired bootstrap.

    Empty if the set has too few segments for a bootstrap.
    """
    if len(baseline) < MIN_SEGMENTS_FOR_CONFIDENCE:
        return {}
    metrics = metrics_for(data.target_language)
    test = sacrebleu("significance").PairedTest(
        [("baseline", list(baseline)), ("system", list(system))],
        metrics,
        [list(data.references)],
        test_type="bs",
        n_samples=RESAMPLES,
    )
    _, results = test()
    names = {"chrf": "chrF2", "bleu": "BLEU"}
    return {
        key: {
            "difference": float(results[name][1].score - results[name][0].score),
            "p_value": float(results[name][1].p_value),
        }
        for key, name in names.items()
    }
