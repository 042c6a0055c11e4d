"""Japanese and English text: sentences, language, numbers, names, widths, encodings.

Belongs here: what can be said about a string from its characters alone (no dictionary).
Does not: morphology and skills (`language`), file formats (`documents`), models (`engine`).
"""

from __future__ import annotations

from kakehashi.text.detection import Detection, detect
from kakehashi.text.encodings import Decoded, decode
from kakehashi.text.mismatch import NumberMismatch, number_mismatch
from kakehashi.text.names import latin_names
from kakehashi.text.normal import Normalised, normalise
from kakehashi.text.quantities import Number, numbers
from kakehashi.text.sentences import split, unwrap

__all__ = [
    "Decoded",
    "Detection",
    "Normalised",
    "Number",
    "NumberMismatch",
    "decode",
    "detect",
    "latin_names",
    "normalise",
    "number_mismatch",
    "numbers",
    "split",
    "unwrap",
]
