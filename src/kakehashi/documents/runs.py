"""Text in runs (rich text of cells, comments, shapes) ⇄ one text with marks.

The format in which most of the text stands is the ground; every stretch in another format is a
mark. The way back cuts a new text into runs again. Knows nothing about XML: a run's format is
whatever the caller gives, compared by its `look`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Generic, TypeVar

from kakehashi.documents.base import Mark
from kakehashi.documents.inline import MAIL, URL

WHITE: Final = " \t\r\n\u3000\u00a0"
_VERBATIM: Final = re.compile(f"{URL}|{MAIL}")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Piece(Generic[F]):
    """A run.

    Attributes:
        text: what it says.
        format: what the caller needs to write it.
        look: equal for runs that look the same.
        protected: its text is copied, never translated (a field).
    """

    text: str
    format: F
    look: str
    protected: bool = False


class Runs(Generic[F]):
    """The runs of one text, and the part of it that is a segment.

    Args:
        pieces: in order; addresses of the web in them are protected here.
        skip: so many characters at the beginning are not for a translator.

    Attributes:
        text: of the segment, without white space around it.
        marks: its stretches that look unlike the rest; keys number the pieces.
    """

    def __init__(self, pieces: Sequence[Piece[F]], skip: int = 0) -> None:
        self._pieces = tuple(_verbatim(pieces))
        self.whole = "".join(piece.text for piece in self._pieces)
        body = self.whole[skip:].strip(WHITE)
        self._start = self.whole.index(body, skip) if body else len(self.whole)
        self._end = self._start + len(body)
        self.text = body
        self._ground = self._most()
        self.marks = tuple(self._marks())

    @property
    def lead(self) -> str:
        """What stands before the segment."""
        return self.whole[: self._start]

    @property
    def tail(self) -> str:
        """What stands behind the segment."""
        return self.whole[self._end :]

    def _spans(self) -> list[tuple[int, int, int]]:
        """Number, start and end in the segment of every piece that touches it."""
        found = []
        at = -self._start
        for number, piece in enumerate(self._pieces):
            start, at = at, at + len(piece.text)
            if max(start, 0) < min(at, len(self.text)):
                found.append((number, max(start, 0), min(at, len(self.text))))
        return found

    def _most(self) -> int:
        """The number of the first piece that looks like most of the segment."""
        sizes: Counter[str] = Counter()
        first: dict[str, int] = {}
        for number, start, end in self._spans():
            piece = self._pieces[number]
            if not piece.protected:
                sizes[piece.look] += len(self.text[start:end].strip(WHITE))
                first.setdefault(piece.look, number)
        if not sizes:
            return 0
        return first[sizes.most_common(1)[0][0]]

    def _marks(self) -> list[Mark]:
        marks: list[Mark] = []
        ground = self._pieces[self._ground].look if self._pieces else ""
        for number, start, end in self._spans():
            piece = self._pieces[number]
            if piece.protected:
                marks.append(Mark(start, end, number, True))
            elif piece.look != ground and self.text[start:end].strip(WHITE):
                last = marks[-1] if marks else None
                if last and last.end == start and self._same(last.key, number):
                    marks[-1] = Mark(last.start, end, last.key)
                else:
                    marks.append(Mark(start, end, number))
        return marks

    def _same(self, one: int, other: int) -> bool:
        first, second = self._pieces[one], self._pieces[other]
        return first.look == second.look and not first.protected and not second.protected

    def put(self, text: str, marks: Sequence[Mark]) -> list[tuple[str, F, int]]:
        """The runs of the new whole: text, format, and the number of the piece it came from.

        What stands around the segment keeps its own runs. A protected mark that is missing is
        put at the end.
        """
        owner = [self._ground] * len(text)
        for mark in marks:
            for at in range(max(mark.start, 0), min(mark.end, len(text))):
                owner[at] = mark.key
        given = {mark.key for mark in marks}
        pieces = self._outside(0, self._start)
        at = 0
        for number, group in groupby(owner):
            size = len(list(group))
            pieces.append((text[at : at + size], number))
            at += size
        for mark in self.marks:
            if mark.protected and mark.key not in given:
                pieces.append((self._pieces[mark.key].text, mark.key))
        pieces += self._outside(self._end, len(self.whole))
        joined: list[tuple[str, int]] = []
        for words, number in pieces:
            if joined and self._same(joined[-1][1], number):
                joined[-1] = (joined[-1][0] + words, joined[-1][1])
            else:
                joined.append((words, number))
        return [(words, self._pieces[number].format, number) for words, number in joined]

    def _outside(self, start: int, end: int) -> list[tuple[str, int]]:
        found = []
        at = 0
        for number, piece in enumerate(self._pieces):
            low, high = max(at, start), min(at + len(piece.text), end)
            if low < high:
                found.append((self.whole[low:high], number))
            at += len(piece.text)
        return found


def _verbatim(pieces: Sequence[Piece[F]]) -> Iterator[Piece[F]]:
    for piece in pieces:
        at = 0
        if not piece.protected:
            for match in _VERBATIM.finditer(piece.text):
                if match.start() > at:
                    yield Piece(piece.text[at : match.start()], piece.format, piece.look)
                yield Piece(match[0], piece.format, piece.look, True)
                at = match.end()
        if at < len(piece.text):
            yield Piece(piece.text[at:], piece.format, piece.look, piece.protected)
