"""The review of a translation: a table to correct, and the way back into document and memory.

Belongs here: the rows, the workbook and the page that a person corrects, reading corrections back,
checking and applying them. Does not: running a translation, the command line, the memory itself
(any object with `correct` will do).
"""

from __future__ import annotations

from kakehashi.language.review.apply import Applied, Corrected, apply_review, remember
from kakehashi.language.review.page import render_page
from kakehashi.language.review.reading import read_review
from kakehashi.language.review.rows import Match, Review, ReviewRow, back_translate, make_review
from kakehashi.language.review.workbook import render_workbook

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
