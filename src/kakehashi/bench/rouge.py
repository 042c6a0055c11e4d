"""ROUGE on tokens that the caller supplies.

`rouge-score`, the usual package, drops every character that is not a-z or 0-9 and therefore
scores all Japanese as zero. This one knows nothing about languages: tokens in, figures out.

Source of the formulas: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries",
2004. F1 (beta = 1), one reference per summary, mean over summaries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from kakehashi.bench.extras import mecab_tokenizer

Tokenizer = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class RougeScore:
    """Mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L over `count` summaries, each 0 to 100."""

    rouge_1: float
    rouge_2: float
    rouge_l: float
    count: int


def _f1(overlap: int, hypothesis: int, reference: int) -> float:
    return 2 * overlap / (hypothesis + reference) if overlap else 0.0


def ngram_f1(hypothesis: Sequence[str], reference: Sequence[str], n: int) -> float:
    """ROUGE-N F1 (0 to 1): clipped n-gram matches; 0 if either side is shorter than n."""
    ours = Counter(tuple(hypothesis[i : i + n]) for i in range(len(hypothesis) - n + 1))
    theirs = Counter(tuple(reference[i : i + n]) for i in range(len(reference) - n + 1))
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def lcs_f1(hypothesis: Sequence[str], reference: Sequence[str]) -> float:
    """ROUGE-L F1 (0 to 1): longest common subsequence of the whole texts."""
    row = [0] * (len(reference) + 1)
    for token in hypothesis:
        diagonal = 0
        for column, other in enumerate(reference, start=1):
            above = row[column]
            row[column] = diagonal + 1 if token == other else max(above, row[column - 1])
            diagonal = above
    return _f1(row[-1], len(hypothesis), len(reference))


def english_tokens(text: str) -> list[str]:
    """Lower-case runs of letters and digits, as in `rouge-score` without its stemmer."""
    return re.findall(r"[a-z0-9]+", text.lower())


@cache
def tokenizer(language: str) -> Tokenizer:
    """Tokens for ROUGE: MeCab with IPADIC for Japanese (the tokens of BLEU `ja-mecab`).

    Raises:
        DependencyError: MeCab is not installed.
    """
    return mecab_tokenizer() if language == "ja" else english_tokens


def rouge(hypotheses: Sequence[str], references: Sequence[str], tokens: Tokenizer) -> RougeScore:
    """Score summaries (one reference each); both lists have the same length."""
    ones: list[float] = []
    twos: list[float] = []
    longest: list[float] = []
    for hypothesis, reference in zip(hypotheses, references, strict=True):
        ours, theirs = tokens(hypothesis), tokens(reference)
        ones.append(ngram_f1(ours, theirs, 1))
        twos.append(ngram_f1(ours, theirs, 2))
        longest.append(lcs_f1(ours, theirs))
    count = max(1, len(ones))
    return RougeScore(
        100 * sum(ones) / count, 100 * sum(twos) / count, 100 * sum(longest) / count, len(ones)
    )
