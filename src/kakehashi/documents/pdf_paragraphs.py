"""Lines of one column → paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, Literal

from kakehashi.documents.pdf_layout import Column, Line
from kakehashi.documents.pdf_pieces import RAISED, Piece
from kakehashi.documents.pdf_read import Link
from kakehashi.documents.pdf_text import Styled, Words, joined, styled
from kakehashi.text.chars import is_japanese

# All in em.
_INDENT: Final = 0.6
_LOOSE: Final = 1.3
_JAPANESE_FREE: Final = 2.2
_LATIN_FREE: Final = 0.4
_WORD_SPACE: Final = 0.25

_MARKER: Final = re.compile(
    r"(?:[•●○◯◎■□◆◇▪▫‣・▶►✓✔➢❖※★☆]\s*"
    r"|[-–—](?:\s+|(?=[\u3041-\u9fff]))"
    r"|[①-⑳⑴-⒇]\s*"
    r"|[(（](?:\d{1,3}|[０-９]{1,3}|[ア-ンあ-ん]|[a-zA-Z]|[ivx]{1,4})[)）]\s*"
    r"|(?:\d{1,3}|[０-９]{1,3})(?:[)）]|[.．、](?![\d０-９]))\s*"
    r"|(?:[ア-ン]|[a-z])[.．)）]\s*"
    r"|(?:第[\d０-９一二三四五六七八九十百]{1,4}[条項章節号])[\s\u3000]+"
    r"|(?:\d{1,2}\.){1,3}\d{1,2}\s+)(?=\S)"
)
_NOTE_START: Final = re.compile(r"(?:[※注*＊†‡]|[(（]注|\d{1,2}(?!\d|[.,年月日時]))")


@dataclass(slots=True)
class Draft:
    """A paragraph of a column.

    Attributes:
        lines: how many it has.
        apart: there is more space before it than between its lines, or it begins its column.
        open_end: its last line is full; it may go on elsewhere.
        open_start: its first line is not indented; it may have begun elsewhere.
    """

    body: Styled
    marker: str
    size: float
    lines: int
    align: Literal["left", "center", "right"]
    apart: bool
    open_end: bool
    open_start: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """What holds for all lines of a column."""

    start: float  # the column's left border; `left` is that of its text
    left: float
    right: float
    edge: float  # where its fullest line ends
    pitch: dict[float, float]
    cell: bool
    notes: bool
    body: float


def paragraphs(
    block: Column,
    links: Sequence[Link],
    words: Words,
    body: float,
    *,
    cell: bool = False,
    notes: bool = False,
) -> list[Draft]:
    """Cut the lines of a column into paragraphs.

    Args:
        block: the lines, from the top.
        links: of the page.
        words: of the document.
        body: size of ordinary text, in points.
        cell: of a table: its text may be centred, its lines are few.
        notes: the lines are footnotes, each of which begins with its sign.
    """
    if not block.lines:
        return []
    frame = _frame(block, cell, notes, body)
    groups: list[list[Line]] = []
    for line in block.lines:
        if groups and not _breaks(groups[-1], line, frame):
            groups[-1].append(line)
        else:
            groups.append([line])
    drafts: list[Draft] = []
    before: Piece | None = None
    for group in groups:
        drafts.append(_draft(group, before, frame, links, words))
        before = group[-1].piece
    return drafts


def _frame(block: Column, cell: bool, notes: bool, body: float) -> _Frame:
    pieces = [line.piece for line in block.lines]
    steps: dict[float, list[float]] = {}
    for one, two in pairwise(pieces):
        step = one.y - two.y
        if abs(one.size - two.size) < 0.08 * one.size and 0.9 * one.size < step < 2.4 * one.size:
            steps.setdefault(round(one.size), []).append(step)
    pitch = {size: median(found) for size, found in steps.items()}
    left = min(piece.left for piece in pieces)
    edge = max(piece.right for piece in pieces)
    if cell:
        # The text of a cell keeps away from its rules; a short text says nothing about the width.
        padding = max(2.0, min(left - block.left, 0.8 * pieces[0].size))
        edge = max(edge, block.right - padding)
    elif len(pieces) < 4:
        edge = max(edge, block.right)
    return _Frame(block.left, left, block.right, edge, pitch, cell, notes, body)


def _breaks(group: list[Line], line: Line, frame: _Frame) -> bool:
    """Whether `line` begins a new paragraph after `group`."""
    last, new = group[-1].piece, line.piece
    em = last.size
    if abs(new.size - em) > 0.1 * max(em, new.size):
        return True
    if group[-1].row or line.row:
        return True
    step = last.y - new.y
    usual = frame.pitch.get(round(em), 1.6 * em)
    if step > _LOOSE * usual and step > 1.25 * em:
        return True
    if frame.notes:
        return bool(_NOTE_START.match(new.text)) and _is_sign(new)
    if _MARKER.match(new.text):
        return True
    if _bold(last) != _bold(new):
        return True
    if not frame.cell and _same_centre(last, new) and new.left > frame.start + em:
        wide = last.right - last.left > 0.6 * (max(frame.edge, frame.right) - frame.start)
        return len(group) >= 4 or not (em > 1.13 * frame.body or wide)
    if _too_short(last, new, frame):
        return True
    return not frame.cell and _indented(group, new)


def _is_sign(piece: Piece) -> bool:
    return (
        bool(piece.flags[0] & RAISED)
        or not piece.text[0].isdigit()
        or piece.text[1:2] in " \u3000)）"
    )


def _bold(piece: Piece) -> bool:
    return all(f & 1 for c, f in zip(piece.text, piece.flags, strict=True) if not c.isspace())


def _indented(group: list[Line], new: Piece) -> bool:
    first, last = group[0].piece, group[-1].piece
    em = last.size
    hanging = _MARKER.match(first.text)
    shift = new.left - last.left
    if len(group) == 1:
        if hanging:
            # The text after a bullet is set in line with the first word, or flush with it.
            return shift < -_INDENT * em or shift > 5 * em
        return shift > _INDENT * em
    return shift > _INDENT * em or shift < -_INDENT * em


def _too_short(last: Piece, new: Piece, frame: _Frame) -> bool:
    """Whether the first word of `new` would have had room at the end of `last`."""
    free = frame.edge - last.right
    em = last.size
    if is_japanese(new.text[0]) or not new.text[0].isalnum():
        return free > (_JAPANESE_FREE if is_japanese(last.text[-1]) else 4.5) * em
    at = next((i for i, c in enumerate(new.text) if c.isspace() or is_japanese(c)), -1)
    width = (new.xs[at] if at >= 0 else new.right) - new.left
    need = width + (0 if is_japanese(last.text[-1]) else _WORD_SPACE * em)
    return free > need + _LATIN_FREE * em + (0.03 * (frame.edge - frame.left))


def _centred(piece: Piece, frame: _Frame) -> bool:
    left, right = piece.left - frame.start, max(frame.edge, frame.right) - piece.right
    return left > 2 * piece.size and abs(left - right) < 1.5 * piece.size


def _same_centre(one: Piece, two: Piece) -> bool:
    """Whether two lines were set around one middle, and not just are of one length."""
    middle = abs(one.left + one.right - two.left - two.right) / 2
    return middle < 0.5 * two.size and abs(one.left - two.left) > one.size


def _draft(
    group: list[Line], before: Piece | None, frame: _Frame, links: Sequence[Link], words: Words
) -> Draft:
    first, last = group[0].piece, group[-1].piece
    body = styled(first, links)
    for line in group[1:]:
        body = joined(body, styled(line.piece, links), words)
    marker = ""
    found = _MARKER.match(body.text)
    if found and found.end() < len(body.text) and not frame.notes:
        marker = found[0].strip()
        body = body.cut(found.end())
    usual = frame.pitch.get(round(first.size), 1.6 * first.size)
    apart = before is None or before.y - first.y > 1.1 * usual
    align: Literal["left", "center", "right"] = "left"
    middles = all(_same_centre(a.piece, b.piece) for a, b in pairwise(group))
    if not frame.cell and middles and any(_centred(line.piece, frame) for line in group):
        align = "center"
    elif not frame.cell and all(_right(line.piece, frame) for line in group):
        align = "right"
    free = frame.edge - last.right
    slack = 1.6 if is_japanese(last.text[-1]) else 7
    return Draft(
        body,
        marker,
        first.size,
        len(group),
        align,
        apart,
        open_end=free < slack * last.size,
        open_start=first.left - frame.left < _INDENT * first.size,
    )


def _right(piece: Piece, frame: _Frame) -> bool:
    width = frame.edge - frame.left
    return piece.left - frame.left > 0.4 * width and frame.edge - piece.right < 1.2 * piece.size
