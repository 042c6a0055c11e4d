"""Documents: read a file into segments, put translations in their place, write it back.

Belongs here: one file per format (`Document` of `base.py`), encodings, safe saving, limits.
Does not: languages, models, sentences or checks; a document never decides what a text means.
"""

from __future__ import annotations

from kakehashi.documents.base import Document, Mark, Segment
from kakehashi.documents.opening import FORMATS, MAX_BYTES, from_bytes, open_document
from kakehashi.documents.saving import write_atomic

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Document",
    "Mark",
    "Segment",
    "from_bytes",
    "open_document",
    "write_atomic",
]
