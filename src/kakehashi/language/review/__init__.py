"""The review of a translation: a table to correct, and the way back into document and memory.

Belongs here: the rows, the workbook and the page that a person corrects, reading corrections back,
checking and applying them. Does not: running a translation, the command line, the memory itself
(any object with `correct` will do).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kakehashi.language.review.page import render_page
from kakehashi.language.review.rows import Match, Review, ReviewRow, back_translate, make_review

if TYPE_CHECKING:
    from kakehashi.language.review.apply import Applied, Corrected, apply_review, remember
    from kakehashi.language.review.reading import read_review
    from kakehashi.language.review.workbook import render_workbook

# What needs openpyxl, which takes a third of a second to load: only when it is asked for.
_LATER = {
    "Applied": "apply",
    "Corrected": "apply",
    "apply_review": "apply",
    "remember": "apply",
    "read_review": "reading",
    "render_workbook": "workbook",
}

__all__ = [
    "Applied",
    "Corrected",
    "Match",
    "Review",
    "ReviewRow",
    "apply_review",
    "back_translate",
    "make_review",
    "read_review",
    "remember",
    "render_page",
    "render_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
