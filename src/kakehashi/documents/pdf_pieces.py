"""Characters with places → pieces of one line without a wide gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kakehashi.documents.pdf_repair import repaired
from kakehashi.text.chars import is_japanese

BOLD, ITALIC, RAISED = 1, 2, 4
# In em of the larger character. Words of justified text stay below, tab stops and columns above.
SPLIT_GAP: Final = 0.9
_WORD_GAP: Final = 0.17
_JAPANESE_GAP: Final = 0.6
# Letters that were set apart to fill a width: お　知　ら　せ.
_SPREAD: Final = re.compile(r"(?:[^\s\x00-\x7f][ \u3000]+){2,}[^\s\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character; `x`, `y` is the start of its baseline, the rest its box (points)."""

    char: str
    left: float
    right: float
    y: float
    size: float
    flags: int
    x: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line.

    Attributes:
        text: repaired, without white space at its ends.
        xs: left edge of every character of `text`.
        flags: BOLD, ITALIC and RAISED of every character.
        left, right: of all of it, in points.
        y: baseline.
        size: of the most characters, in points.
    """

    text: str
    xs: tuple[float, ...]
    flags: bytes
    left: float
    right: float
    y: float
    size: float

    @property
    def top(self) -> float:
        """Upper edge of ordinary letters."""
        return self.y + 0.85 * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of ordinary letters."""
        return self.y - 0.2 * self.size

    def cut(self, start: int, end: int) -> Piece | None:
        """A part of it; None if nothing but white space is left."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return None
        right = self.right if end == len(self.text) else self.xs[end]
        return Piece(
            self.text[start:end],
            self.xs[start:end],
            self.flags[start:end],
            self.xs[start],
            right,
            self.y,
            self.size,
        )


def pieces(glyphs: Sequence[Glyph]) -> list[Piece]:
    """Join the characters of a page, which come in the order of the file, into pieces."""
    runs: list[list[Glyph]] = []
    for glyph in _once(glyphs):
        if runs and _follows(runs[-1], glyph):
            runs[-1].append(glyph)
        elif not glyph.char.isspace():
            runs.append([glyph])
    found = [piece for run in _joined(runs) if (piece := _piece(run)) is not None]
    return [_without_spread(piece) for piece in found]


def _once(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """Leave out characters that were drawn twice to look bold or to throw a shadow."""
    seen: dict[tuple[str, int, int], Glyph] = {}
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.char.isspace():
            yield glyph
            continue
        step = max(0.5, 0.2 * glyph.size)
        column, row = int(glyph.x // step), int(glyph.y // step)
        twin = next(
            (
                other
                for dx in (0, -1, 1)
                for dy in (0, -1, 1)
                if (other := seen.get((glyph.char, column + dx, row + dy))) is not None
                and abs(other.x - glyph.x) < step
                and abs(other.y - glyph.y) < step
            ),
            None,
        )
        # A ligature comes as its letters, all of them at one place.
        ligature = last is not None and last is twin and last.left == glyph.left
        if twin is not None and not ligature:
            continue
        seen[(glyph.char, column, row)] = last = glyph
        yield glyph


def _follows(run: list[Glyph], glyph: Glyph) -> bool:
    last = run[-1]
    if (glyph.x, glyph.y) == (last.x, last.y):
        return True  # a letter of the same ligature
    em = max(last.size, glyph.size)
    small = min(last.size, glyph.size)
    shift = abs(glyph.y - last.y)
    level = shift < 0.25 * small or (small < 0.85 * em and shift < 0.6 * em)
    gap = glyph.left - last.right
    return level and -0.6 * em < gap < SPLIT_GAP * em and glyph.left > last.left - 0.1 * em


def _joined(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Join runs that touch each other on one line, in whatever order the file had them."""
    order = sorted(range(len(runs)), key=lambda n: (-round(runs[n][0].y), runs[n][0].left))
    done: list[list[Glyph]] = []
    for number in order:
        run = runs[number]
        for other in reversed(done[-8:]):
            gap = run[0].left - other[-1].right
            em = max(run[0].size, other[-1].size)
            if -0.3 * em < gap < 0.3 * em and _follows(other, run[0]):
                other.extend(run)
                break
        else:
            done.append(run)
    return done


def _piece(run: list[Glyph]) -> Piece | None:
    while run and run[-1].char.isspace():
        run = run[:-1]
    letters = [glyph for glyph in run if not glyph.char.isspace()]
    if not letters:
        return None
    sizes: dict[float, int] = {}
    for glyph in letters:
        key = round(glyph.size, 1)
        sizes[key] = sizes.get(key, 0) + 1
    size = max(sizes, key=lambda key: (sizes[key], key))
    base = next(glyph.y for glyph in letters if round(glyph.size, 1) == size)
    text: list[str] = []
    xs: list[float] = []
    flags = bytearray()
    last: Glyph | None = None
    for glyph in run:
        if last is not None and (space := _between(last, glyph)):
            text.append(space)
            xs.append(last.right)
            flags.append(last.flags & glyph.flags)
        raised = glyph.size < 0.85 * size and glyph.y > base + 0.15 * size
        text.append(glyph.char)
        xs.append(glyph.left)
        flags.append(glyph.flags | (RAISED if raised else 0))
        last = glyph
    return _repaired("".join(text), xs, bytes(flags), letters[-1].right, base, size)


def _between(last: Glyph, glyph: Glyph) -> str:
    """White space that the gap between two characters stands for."""
    if last.char.isspace() or glyph.char.isspace():
        return ""
    em = max(last.size, glyph.size)
    gap = glyph.left - last.right
    if is_japanese(last.char) and is_japanese(glyph.char):
        return "\u3000" if gap > _JAPANESE_GAP * em else ""
    if is_japanese(last.char) or is_japanese(glyph.char):
        # Typesetters put a quarter of an em between Japanese and Latin letters.
        return " " if gap > 0.4 * em else ""
    return " " if gap > _WORD_GAP * em else ""


def _repaired(
    text: str, xs: list[float], flags: bytes, right: float, y: float, size: float
) -> Piece | None:
    whole = repaired(text)
    if len(whole) != len(text):
        # A character became two or two became one: repair them one by one, marks with their base.
        clusters = re.findall(r"[ｦ-ﾝ][ﾞﾟ]|.[\u0300-\u036f\u3099\u309a]+|.", text, re.DOTALL)
        parts, places, codes, at = [], [], bytearray(), 0
        for cluster in clusters:
            part = repaired(cluster)
            parts.append(part)
            places += [xs[at]] * len(part)
            codes += bytes([flags[at]]) * len(part)
            at += len(cluster)
        whole, xs, flags = "".join(parts), places, bytes(codes)
    if not whole:
        return None
    piece = Piece(whole, tuple(xs), flags, xs[0], right, y, size)
    return piece.cut(0, len(whole))


def _without_spread(piece: Piece) -> Piece:
    if not _SPREAD.fullmatch(piece.text):
        return piece
    kept = [at for at, char in enumerate(piece.text) if not char.isspace()]
    return Piece(
        "".join(piece.text[at] for at in kept),
        tuple(piece.xs[at] for at in kept),
        bytes(piece.flags[at] for at in kept),
        piece.left,
        piece.right,
        piece.y,
        piece.size,
    )
