"""Find entries that are like a sentence among 100,000 in milliseconds.

Two bounds come before the comparison itself: the lengths, and the characters without their order
(a bag of 32 bins): two strings are at least as far apart as their bags. Only the entries with the
nearest bags are compared. Held in memory: about 200 bytes an entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_BINS: Final = 32
# At most so many entries, those with the nearest bags, are compared: where thousands are over the
# threshold (sentences of one pattern) some lower matches are not seen.
_COMPARED: Final = 600
_CHUNK: Final = 20_000


class Index:
    """Keys of one direction, fixed.

    Args:
        ids: of the entries, in any order; of equals the first one comes first.
        keys: their keys.
    """

    def __init__(self, ids: Sequence[int], keys: Sequence[str]) -> None:
        import numpy as np  # here: not every translation has a memory

        self._ids = ids
        self._keys = keys
        self._lengths = np.fromiter(map(len, keys), np.int32, len(keys))
        parts = [_bags(keys[at : at + _CHUNK]) for at in range(0, len(keys), _CHUNK)]
        self._bags = np.concatenate(parts) if parts else np.zeros((0, _BINS), np.uint8)

    def like(self, key: str, threshold: float, limit: int) -> list[tuple[int, str, float]]:
        """(id, key, score) of the entries with at least this score, the best first."""
        import numpy as np
        from rapidfuzz import fuzz, process

        both = self._lengths + len(key)
        # ratio = 1 - distance / (both lengths together)
        most = (1 - threshold / 100) * both
        near = np.flatnonzero(np.abs(self._lengths - len(key)) <= most)
        if not len(near):
            return []
        bag = _bags([key])[0]
        bags = self._bags if len(near) == len(self._keys) else self._bags[near]
        apart = (np.maximum(bags, bag) - np.minimum(bags, bag)).sum(axis=1, dtype=np.int32)
        fits = apart <= most[near]
        near, apart = near[fits], apart[fits]
        if len(near) > _COMPARED:
            nearest = np.argpartition(apart / both[near], _COMPARED)[:_COMPARED]
            near = np.sort(near[nearest])
        found = process.extract(
            key, [self._keys[int(place)] for place in near], scorer=fuzz.ratio,
            score_cutoff=threshold, limit=limit,
        )  # fmt: skip
        return [(self._ids[int(near[at])], theirs, float(score)) for theirs, score, at in found]


def _bags(keys: Sequence[str]) -> npt.NDArray[np.uint8]:
    """How often characters of each bin occur, keys × bins; counts above 255 are cut."""
    import numpy as np

    codes = np.frombuffer("".join(keys).encode("utf-32-le"), np.uint32)
    rows = np.repeat(np.arange(len(keys)), [len(key) for key in keys])
    counts = np.bincount(rows * _BINS + codes % _BINS, minlength=len(keys) * _BINS)
    return np.minimum(counts, 255).astype(np.uint8).reshape(len(keys), _BINS)
