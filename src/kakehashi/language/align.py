"""Follow bold, links, code and other marks from a sentence into its translation.

There are no word alignments from the engine, so a mark is found by what it covers: verbatim, by
the translation of the covered words alone, or else at the same relative place, moved to a word
boundary, with a flag that says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from kakehashi.documents.base import Mark
from kakehashi.language.flags import Flag, flag
from kakehashi.language.results import Language

_ENDS: Final = "。．.!?！？、,;；:：」』\"'）) "
_SCRIPTS: Final = re.compile(
    r"[\u3041-\u3096]+|[\u30a1-\u30fa\u30fc・]+|[\u3400-\u9fff々]+|[A-Za-z0-9\u00c0-\u024f'’\-.,]+"
)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Marks with offsets into the target, the target itself (it may have grown), and flags."""

    target: str
    marks: tuple[Mark, ...]
    flags: tuple[Flag, ...]


def covered(source: str, mark: Mark) -> str:
    """The words under a mark."""
    return source[mark.start : mark.end]


def wanted(source: str, marks: Sequence[Mark]) -> list[str]:
    """Marked texts whose own translation helps to find them in the target."""
    texts = []
    for mark in marks:
        text = covered(source, mark).strip()
        if mark.protected or not text or len(text) >= len(source.strip(_ENDS)):
            continue
        if any(char.isalpha() for char in text):
            texts.append(text)
    return list(dict.fromkeys(texts))


def align(
    source: str,
    target: str,
    marks: Sequence[Mark],
    to: Language,
    alone: Mapping[str, str] | None = None,
) -> Aligned:
    """Map `marks` of `source` into `target`.

    Args:
        source, target: one sentence and its translation.
        marks: offsets into `source`.
        to: the language of the target, for joining what must be put at its end.
        alone: translations of marked texts (see `wanted`).

    Returns:
        One mark for each given mark, same keys, in the same order; marks that were apart stay
        apart and marks inside others stay inside them.
    """
    alone = alone or {}
    found: list[tuple[Mark, int, int]] = []
    flags: list[Flag] = []
    taken: list[tuple[int, int]] = []
    for mark in sorted(marks, key=lambda one: (not one.protected, one.end - one.start)):
        text = covered(source, mark).strip()
        if mark.protected and text:
            span = _find(text, target, taken, _expected(mark, source, target))
            if span is None:
                flags.append(flag("protected-lost", text))
                target, span = _append(target, text, to)
            taken.append(span)
        elif not text:
            span = _point(mark, source, target)
            if 0 < span[0] < len(target):
                flags.append(flag("mark-guessed", _context(target, span[0])))
        else:
            found_span = _locate(text, mark, source, target, alone.get(text, ""))
            if found_span is None:
                found_span = _proportional(mark, source, target)
                flags.append(flag("mark-guessed", target[found_span[0] : found_span[1]]))
            span = found_span
        found.append((mark, *span))
    by_key = {mark.key: (start, end) for mark, start, end in found}
    ordered = [Mark(*by_key[mark.key], mark.key, mark.protected) for mark in marks]
    return Aligned(target, _untangle(marks, ordered), tuple(flags))


def _expected(mark: Mark, source: str, target: str) -> float:
    return mark.start / max(1, len(source)) * len(target)


def _find(
    text: str, target: str, taken: Sequence[tuple[int, int]], near: float
) -> tuple[int, int] | None:
    """The free occurrence of `text` nearest to the expected place."""
    spots = [match.start() for match in re.finditer(re.escape(text), target)]
    free = [
        at for at in spots if not any(at < stop and at + len(text) > start for start, stop in taken)
    ]
    if not free:
        return None
    at = min(free, key=lambda one: abs(one - near))
    return at, at + len(text)


def _append(target: str, text: str, to: Language) -> tuple[str, tuple[int, int]]:
    """Put a lost protected text before the final full stop."""
    body = target.rstrip("。.!?！？")
    ending = target[len(body) :]
    glue = "" if to == "ja" or not body else " "
    start = len(body) + len(glue)
    return body + glue + text + ending, (start, start + len(text))


def _point(mark: Mark, source: str, target: str) -> tuple[int, int]:
    """Where something without width (an image, a line break) goes."""
    if not source[: mark.start].strip():
        return 0, 0
    if not source[mark.start :].strip(_ENDS):
        return len(target), len(target)
    place = round(_expected(mark, source, target))
    spot = min(_boundaries(target), key=lambda one: abs(one - place))
    return spot, spot


def _locate(text: str, mark: Mark, source: str, target: str, alone: str) -> tuple[int, int] | None:
    if not source[: mark.start].strip() and not source[mark.end :].strip(_ENDS):
        stop = len(target.rstrip(_ENDS)) if source[mark.end :].strip() else len(target)
        return 0, max(stop, 1)
    near = _expected(mark, source, target)
    folded = _fold(target)
    for candidate in (text, alone.strip().strip(_ENDS)):
        if len(candidate) < 1 + (not candidate.isalnum()):
            continue
        span = _find(_fold(candidate), folded, (), near)
        if span is not None:
            return span
    return _similar(alone.strip().strip(_ENDS), folded, near)


def _similar(alone: str, target: str, near: float) -> tuple[int, int] | None:
    """The longest part of `alone` in the target, if it is most of it, made whole words."""
    if len(alone) < 3:
        return None
    alone = _fold(alone)
    match = SequenceMatcher(None, alone, target, autojunk=False).find_longest_match()
    if match.size < max(2, 0.6 * len(alone)) or abs(match.b - near) > max(20, len(target) * 0.7):
        return None
    start, stop = match.b, match.b + match.size
    bounds = _boundaries(target)
    start = max((one for one in bounds if one <= start), default=start)
    stop = min((one for one in bounds if one >= stop), default=stop)
    return (start, stop) if stop - start <= 2 * len(alone) + 2 else None


def _proportional(mark: Mark, source: str, target: str) -> tuple[int, int]:
    scale = len(target) / max(1, len(source))
    bounds = _boundaries(target)
    start = min(bounds[:-1] or [0], key=lambda one: abs(one - mark.start * scale))
    after = [one for one in bounds if one > start] or [len(target)]
    stop = min(after, key=lambda one: abs(one - mark.end * scale))
    inner = target[start:stop]
    start += len(inner) - len(inner.lstrip())
    return start, max(start, start + len(inner.strip()))


def _boundaries(text: str) -> list[int]:
    """Offsets at which a word of the text begins or ends; always holds 0 and the length."""
    spots = {0, len(text)}
    for match in _SCRIPTS.finditer(text):
        spots.update(match.span())
    return sorted(spots)


def _fold(text: str) -> str:
    """Same length, full-width forms and capitals folded where that keeps the length."""
    folded = []
    for char in text:
        one = unicodedata.normalize("NFKC", char).lower()
        folded.append(one if len(one) == 1 else char)
    return "".join(folded)


def _context(target: str, at: int) -> str:
    return target[max(0, at - 5) : at + 5]


def _untangle(before: Sequence[Mark], after: Sequence[Mark]) -> tuple[Mark, ...]:
    """Keep what was inside inside, and what was apart apart; protected spans win."""
    spans = {mark.key: [mark.start, mark.end] for mark in after}
    widths = sorted(before, key=lambda one: one.end - one.start)
    nested = [
        (inner, outer)
        for position, inner in enumerate(widths)
        for outer in widths[position + 1 :]
        if _inside(inner, outer)
    ]
    for inner, outer in nested:
        a, b = spans[inner.key], spans[outer.key]
        if not outer.protected:
            b[0], b[1] = min(a[0], b[0]), max(a[1], b[1])
    firm = {
        one.key
        for one in before
        if one.protected or any(outer is one and inner.protected for inner, outer in nested)
    }
    apart = sorted(before, key=lambda one: (not one.protected, one.key not in firm, one.start))
    for position, first in enumerate(apart):
        for second in apart[position + 1 :]:
            if first.end <= second.start or second.end <= first.start:
                _part(spans[first.key], spans[second.key])
    for inner, outer in reversed(nested):
        a, b = spans[inner.key], spans[outer.key]
        a[0] = min(max(a[0], b[0]), b[1])
        a[1] = min(max(a[1], a[0]), b[1])
    return tuple(
        Mark(spans[mark.key][0], spans[mark.key][1], mark.key, mark.protected) for mark in after
    )


def _inside(inner: Mark, outer: Mark) -> bool:
    if inner.start == inner.end:
        return outer.start < inner.start < outer.end
    return outer.start <= inner.start and inner.end <= outer.end


def _part(keep: list[int], move: list[int]) -> None:
    """Trim `move` so that it does not overlap `keep` (which may leave it without width)."""
    if move[0] >= keep[1] or move[1] <= keep[0]:
        return
    left, right = keep[0] - move[0], move[1] - keep[1]
    if left <= 0 and right <= 0:
        move[0] = move[1] = keep[1]
    elif left >= right:
        move[1] = keep[0]
    else:
        move[0] = keep[1]
