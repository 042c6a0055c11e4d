"""Put a corrected review into its document, and the corrections into the memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Protocol

from kakehashi.documents.base import Document, Mark, Segment
from kakehashi.errors import InputError
from kakehashi.language.results import Language
from kakehashi.language.review import messages
from kakehashi.language.review.rows import OTHER, Review, ReviewRow
from kakehashi.language.review.workbook import LONGEST, cell_text
from kakehashi.text import split

_LETTERS: Final = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+")
_SHOWN: Final = 10
_EXCERPT: Final = 40
# Characters: differences of longer texts are not looked for word by word.
_COMPARED: Final = 4_000


class Corrected(Protocol):
    """What learns from corrections: a translation memory."""

    def correct(self, source: str, target: str, to: Language) -> object:
        """Keep a person's translation in the place of a model's."""
        ...


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a review.

    Attributes:
        segments: of the document.
        corrected: rows in which a person had written something else than the translation.
    """

    segments: int
    corrected: int


def apply_review(review: Review, document: Document) -> Applied:
    """Put translations and corrections into `document`; write nothing.

    The document must be the one that was translated: every row is compared with it first, and
    nothing is changed unless all of them match.

    Raises:
        InputError: rows and document differ; the message says which rows.
    """
    segments = {one.id: one for one in document.segments}
    wrong = list(_mismatches(review, segments))
    if wrong:
        shown = wrong[:_SHOWN]
        if len(wrong) > _SHOWN:
            shown.append(messages.MORE.format(count=len(wrong) - _SHOWN))
        raise InputError(
            messages.MISMATCH.format(count=len(wrong)),
            where=review.document,
            hint=messages.MISMATCH_HINT.format(rows="\n    ".join(shown)),
        )
    document.set_language(review.to)
    corrected = [one for one in review.rows if _is_corrected(one)]
    for row in review.rows:
        segment = segments[row.id]
        text, marks = row.target, row.marks
        if _is_corrected(row):
            text = row.correction
            marks = moved_marks(row.target, text, row.marks)
        if text != segment.text:
            document.replace(row.id, text, marks)
    return Applied(len(segments), len(corrected))


def remember(review: Review, memory: Corrected) -> int:
    """Give the corrections to the memory; returns how many entries that made."""
    count = 0
    for row in review.rows:
        if _is_corrected(row):
            for source, target in pairs(row.source, row.correction, review.to):
                memory.correct(source, target, review.to)
                count += 1
    return count


def pairs(source: str, target: str, to: Language) -> list[tuple[str, str]]:
    """What a memory learns from a corrected segment: its sentences, if there are as many of both.

    Translations are looked up by the sentence; where the person has joined or cut sentences, the
    segment is one entry.
    """
    sources = [one.strip() for one in split(source, OTHER[to])]
    targets = [one.strip() for one in split(target, to)]
    if len(sources) != len(targets) or not all((*sources, *targets)):
        return [(source.strip(), target.strip())]
    return list(zip(sources, targets, strict=True))


def _is_corrected(row: ReviewRow) -> bool:
    return bool(row.correction.strip()) and row.correction != row.target


def _mismatches(review: Review, segments: dict[int, Segment]) -> Iterator[str]:
    seen: set[int] = set()
    for row in review.rows:
        segment = segments.get(row.id)
        seen.add(row.id)
        if segment is None:
            yield messages.NO_SEGMENT.format(number=row.number, id=row.id)
        elif cell_text(segment.text) != cell_text(row.source):
            text = " ".join(segment.text.split())[:_EXCERPT]
            yield messages.OTHER_TEXT.format(number=row.number, text=text)
        elif len(row.target) >= LONGEST and not _is_corrected(row):
            yield messages.TOO_LONG.format(number=row.number)
    for segment in segments.values():
        if segment.id not in seen:
            yield messages.MISSING.format(id=segment.id, place=segment.place)


def moved_marks(old: str, new: str, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Where the marks of `old` stand in `new`, its corrected wording.

    A mark whose words were replaced covers what replaced them. A protected mark (code, a URL)
    needs its very text; if that is gone, the mark is left out and the document keeps it.
    """
    if not marks:
        return ()
    if len(old) > _COMPARED or len(new) > _COMPARED:
        # Only what both begin and end with.
        head = _common(old, new)
        tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
        codes = [(0, head, 0, head), (head, len(old) - tail, head, len(new) - tail),
                 (len(old) - tail, len(old), len(new) - tail, len(new))]  # fmt: skip
    else:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        codes = [(i, j, k, m) for _, i, j, k, m in matcher.get_opcodes()]
    found = []
    for mark in marks:
        if mark.start == mark.end:
            at = _at(codes, mark.start, new, end=False)
            found.append(Mark(at, at, mark.key, mark.protected))
            continue
        start = _at(codes, mark.start, new, end=False)
        end = max(start, _at(codes, mark.end, new, end=True))
        if mark.protected:
            text = old[mark.start : mark.end]
            start = _nearest(new, text, start)
            if start < 0:
                continue
            end = start + len(text)
        else:
            start, end = _whole_words(old, new, mark, start, end)
        found.append(Mark(start, end, mark.key, mark.protected))
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


def _whole_words(old: str, new: str, mark: Mark, start: int, end: int) -> tuple[int, int]:
    """Take in the letters that a changed Latin word has more than the old one."""
    if not _LETTERS.match(old[mark.start - 1 : mark.start] or " "):
        while 0 < start < end and _LETTERS.fullmatch(new[start - 1 : start + 1]):
            start -= 1
    if not _LETTERS.match(old[mark.end : mark.end + 1] or " "):
        while 0 < end < len(new) and end > start and _LETTERS.fullmatch(new[end - 1 : end + 1]):
            end += 1
    return start, end


def _at(codes: list[tuple[int, int, int, int]], position: int, new: str, *, end: bool) -> int:
    """The place in the new text for one in the old text."""
    for low, high, new_low, new_high in codes:
        inside = low < position <= high if end else low <= position < high
        if inside:
            if high - low == new_high - new_low:
                return new_low + position - low
            if position in (low, high):
                return new_low if position == low else new_high
            return new_high if end else new_low
    return len(new) if position else 0


def _nearest(text: str, part: str, near: int) -> int:
    """Where `part` stands in `text`, as near to `near` as may be; -1: nowhere."""
    best, at = -1, text.find(part)
    while at != -1:
        if best < 0 or abs(at - near) < abs(best - near):
            best = at
        at = text.find(part, at + 1)
    return best


def _common(one: str, other: str) -> int:
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at
