"""Choose the sentences that carry a text.

TextRank (Mihalcea and Tarau 2004: PageRank over the similarity of sentences) on tf-idf vectors of
content words, mixed with position and the words of headings, and chosen with maximal marginal
relevance (Carbonell and Goldstein 1998) so that no two chosen sentences say the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kakehashi.language.morphology import content_words
from kakehashi.language.results import Language

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_DAMPING: Final = 0.85
_ROUNDS: Final = 40
# Weights of centrality, position and heading words. Chosen on documentation pages with their
# authors' descriptions (2026-11): with 0.45/0.35/0.20 one sentence lost up to 4 points of ROUGE-L
# to the first sentence of the text, with these between 3 points better and 2 worse.
_CENTRAL: Final = 0.30
_POSITION: Final = 0.50
_TITLE: Final = 0.20
_MMR: Final = 0.7
# Above this many sentences a text is taken in parts (the similarity matrix grows squared).
_PART: Final = 300

# A sentence that leans on the one before it, asks, or only reports speech does not stand alone.
_LEANS: Final = {
    "ja": re.compile(
        r"(?:しかし|また|そして|さらに|そのため|このため|だが|ただ|一方|これ|それ|この|その|彼|彼女|同)"
    ),
    "en": re.compile(
        r"(?:But|And|However|Also|Still|Then|So|Yet|Meanwhile|This|That|These|Those|It|They|He|She"
        r"|His|Her|Its|Their)\b"
    ),
}
# Sentences that say what the text is about.
_ABOUT: Final = {
    "ja": re.compile(
        r"(?:この|本)(?:記事|ページ|文書|資料|報告書?|章|節|トピック|ガイド|論文|調査)"
    ),
    "en": re.compile(
        r"(?:This|The present) (?:article|page|document|topic|guide|report|paper|study|tutorial"
        r"|section|chapter)\b"
    ),
}
_SPEECH: Final = re.compile(r"^[「『“\"‘']")
_QUESTION: Final = re.compile(r"[?？]\s*[\"”’」』]?$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the source; `opening` counts from 0 after each heading."""

    text: str
    language: Language
    opening: int = 0


def rank(sentences: Sequence[Sentence], count: int, titles: Sequence[str] = ()) -> list[int]:
    """Indices of the `count` sentences to choose, the most important first.

    Args:
        sentences: all sentences, in reading order.
        count: how many; fewer come back when the text has fewer.
        titles: headings; their words make a sentence more important.
    """
    words = [content_words(sentence.text, sentence.language) for sentence in sentences]
    language: Language = sentences[0].language if sentences else "ja"
    title = {word for text in titles for word in content_words(text, language)}
    pool = list(range(len(sentences)))
    while len(pool) > _PART:
        # The best of each part go on; a part gives a third, and never less than what is wanted.
        size = max(_PART // 3, 4 * count)
        parts = [pool[i : i + size] for i in range(0, len(pool), size)]
        fewer = sorted(
            index
            for part in parts
            for index in _choose(sentences, words, title, part, max(count, len(part) // 3))
        )
        if len(fewer) == len(pool):
            break
        pool = fewer
    return _choose(sentences, words, title, pool, count)


def _choose(
    sentences: Sequence[Sentence],
    words: Sequence[Sequence[str]],
    title: set[str],
    pool: Sequence[int],
    count: int,
) -> list[int]:
    if not pool:
        return []
    similar = _similarity([words[index] for index in pool])
    score = _CENTRAL * _textrank(similar)
    for row, index in enumerate(pool):
        sentence = sentences[index]
        score[row] += _POSITION * _position(index, sentence.opening)
        if title and words[index]:
            score[row] += _TITLE * len(title & set(words[index])) / min(len(title), 8)
        score[row] *= _stands(sentence, len(words[index]), first=index == 0)
    chosen: list[int] = []
    left = list(range(len(pool)))
    while left and len(chosen) < count:
        best = max(
            left,
            key=lambda row: (
                _MMR * score[row]
                - (1 - _MMR) * max((float(similar[row, other]) for other in chosen), default=0.0)
            ),
        )
        chosen.append(best)
        left.remove(best)
    return [pool[row] for row in chosen]


def _similarity(words: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    """Cosine of tf-idf vectors, sentences × sentences; the diagonal is zero."""
    import numpy as np  # here, since a translation should not wait for it

    frequency = Counter(word for one in words for word in set(one))
    column = {word: number for number, word in enumerate(frequency)}
    table = np.zeros((len(words), max(1, len(column))))
    for row, one in enumerate(words):
        for word, times in Counter(one).items():
            weight = math.log((1 + len(words)) / (1 + frequency[word])) + 1
            table[row, column[word]] = (1 + math.log(times)) * weight
    norm = np.linalg.norm(table, axis=1, keepdims=True)
    table /= np.where(norm == 0, 1, norm)
    similar: npt.NDArray[np.float64] = table @ table.T
    np.fill_diagonal(similar, 0.0)
    return similar


def _textrank(similar: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Scores between 0 and 1."""
    import numpy as np

    count = len(similar)
    total = similar.sum(axis=1, keepdims=True)
    flow = np.where(total > 0, similar / np.where(total > 0, total, 1), 1 / count)
    score = np.full(count, 1 / count)
    for _ in range(_ROUNDS):
        score = (1 - _DAMPING) / count + _DAMPING * (flow.T @ score)
    highest = score.max()
    return np.asarray(score / highest if highest > 0 else score, dtype=np.float64)


def _position(index: int, opening: int) -> float:
    """1 for the first sentence of the text, less further on, some for the first of a section."""
    return max(1 / (1 + index / 2), 0.5 / (1 + opening))


def _stands(sentence: Sentence, words: int, *, first: bool) -> float:
    """Factor for how well a sentence stands alone."""
    factor = 1.0
    if words < 3:
        factor *= 0.3
    elif words < 6:
        factor *= 0.9
    if words > 45:
        factor *= 0.7
    if _ABOUT[sentence.language].match(sentence.text):
        factor *= 1.2
    elif not first and _LEANS[sentence.language].match(sentence.text):
        factor *= 0.6
    if _SPEECH.match(sentence.text):
        factor *= 0.6
    if _QUESTION.search(sentence.text):
        factor *= 0.4
    return factor
