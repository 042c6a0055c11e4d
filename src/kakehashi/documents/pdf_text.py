"""Text with its styles, and how two lines of it become one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kakehashi.documents.base import Mark
from kakehashi.documents.pdf_pieces import BOLD, ITALIC, RAISED, Piece
from kakehashi.documents.pdf_read import Link
from kakehashi.text.chars import is_japanese, url_spans

_WORD: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_BROKEN_WORD: Final = re.compile(r"([A-Za-z]+)-$")
_OPEN_URL: Final = re.compile(r"(?:https?://|www\.)[^\s\u3000-\uffef]*[/\-_=&?.%]$")


@dataclass(frozen=True, slots=True)
class Styled:
    """Text, the style of every character, and the links in it as (start, end, target)."""

    text: str
    flags: bytes
    links: tuple[tuple[int, int, str], ...] = ()

    def cut(self, start: int) -> Styled:
        """What follows `start`."""
        links = tuple((max(0, a - start), b - start, t) for a, b, t in self.links if b > start)
        return Styled(self.text[start:], self.flags[start:], links)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(f & BOLD for c, f in zip(self.text, self.flags, strict=True) if not c.isspace())


@dataclass(frozen=True, slots=True)
class Look:
    """What a mark of a segment stands for: "bold", "italic", "raised", "link" or "copy"."""

    kind: str
    target: str = ""
    text: str = ""


def styled(piece: Piece, links: Iterable[Link]) -> Styled:
    """The text of a piece with the links that lie over it."""
    middle = piece.y + 0.3 * piece.size
    spans = []
    for link in links:
        if not link.bottom - 2 <= middle <= link.top + 2:
            continue
        ends = [*piece.xs[1:], piece.right]
        inside = [
            at
            for at, (left, right) in enumerate(zip(piece.xs, ends, strict=True))
            if link.left - 1 <= (left + right) / 2 <= link.right + 1
        ]
        if inside:
            spans.append((inside[0], inside[-1] + 1, link.target))
    return Styled(piece.text, piece.flags, tuple(sorted(spans)))


class Words:
    """The words of a document; they tell whether a hyphen at a line's end belongs to a word."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._count: Counter[str] = Counter()
        for line in lines:
            # The last word of a line may be a part of one.
            self._count.update(word.lower() for word in _WORD.findall(line)[:-1])

    def keeps_hyphen(self, one: str, two: str) -> bool:
        """Whether ``one-two`` is written with its hyphen."""
        plain = self._count[(one + two).lower()]
        compound = self._count[f"{one}-{two}".lower()]
        return compound > plain


def joined(one: Styled, two: Styled, words: Words) -> Styled:
    """Two lines of a paragraph as one text."""
    a, b = one.text.rstrip(), two.text.lstrip()
    if not a or not b:
        return two if not a else one
    between = " "
    broken = _BROKEN_WORD.search(a)
    following = _WORD.match(b)
    if broken and following and following[0][0].islower():
        if not words.keeps_hyphen(broken[1], following[0].split("-")[0]):
            a = a[:-1]
        between = ""
    elif a[-1] in "-/" and (broken or a[-2:-1].isalnum()) and b[0].isalnum():
        between = "" if broken or _OPEN_URL.search(a) else " "
    elif is_japanese(a[-1]) or is_japanese(b[0]) or _OPEN_URL.search(a):
        between = ""
    start = len(a) + len(between)
    skipped = len(two.text) - len(b)
    moved = tuple((x - skipped + start, y - skipped + start, t) for x, y, t in two.links)
    both = one.flags[len(a) - 1] & two.flags[skipped]
    flags = one.flags[: len(a)] + bytes([both]) * len(between) + two.flags[skipped:]
    return Styled(a + between + b, flags, _one_link(one.links, moved))


def _one_link(
    one: tuple[tuple[int, int, str], ...], two: tuple[tuple[int, int, str], ...]
) -> tuple[tuple[int, int, str], ...]:
    if one and two and one[-1][2] == two[0][2] and two[0][0] - one[-1][1] <= 1:
        return (*one[:-1], (one[-1][0], two[0][1], two[0][2]), *two[1:])
    return one + two


def stacked(parts: list[Styled]) -> Styled:
    """Parts below each other, with line breaks between them."""
    text, flags = "", b""
    links: list[tuple[int, int, str]] = []
    for part in parts:
        if text:
            text, flags = text + "\n", flags + b"\0"
        links += [(a + len(text), b + len(text), t) for a, b, t in part.links]
        text, flags = text + part.text, flags + part.flags
    return Styled(text, flags, tuple(links))


def marked(whole: Styled) -> tuple[tuple[Mark, ...], dict[int, Look]]:
    """Marks of a segment, and what each stands for.

    Bold or italic over all of the text is no mark: it is a matter of the whole paragraph.
    """
    found: list[tuple[int, int, bool, Look]] = []
    text = whole.text
    for start, end, target in whole.links:
        covered = text[start:end]
        copied = bool(url_spans(covered)) or covered.strip() == target
        found.append((start, end, copied, Look("link", target, covered)))
    for start, end in url_spans(text):
        if not any(a < end and start < b for a, b, _, _ in found):
            found.append((start, end, True, Look("copy", "", text[start:end])))
    for bit, kind in ((BOLD, "bold"), (ITALIC, "italic"), (RAISED, "raised")):
        runs = _runs(whole, bit)
        if kind != "raised" and len(runs) == 1 and runs[0] == (0, len(text)):
            continue
        for start, end in runs:
            # "m²" stays with its unit and moves with it; a number is a reference to a note.
            copied = kind == "raised"
            found.append((start, end, copied, Look(kind, "", text[start:end])))
    found.sort(key=lambda one: (one[0], -one[1]))
    marks = tuple(Mark(a, b, key, copied) for key, (a, b, copied, _) in enumerate(found))
    return marks, {key: look for key, (_, _, _, look) in enumerate(found)}


def _runs(whole: Styled, bit: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start = -1
    for at, flag in enumerate([*whole.flags, 0]):
        if flag & bit and start < 0:
            start = at
        elif not flag & bit and start >= 0:
            a, b = start, at
            while a < b and whole.text[a].isspace():
                a += 1
            while b > a and whole.text[b - 1].isspace():
                b -= 1
            if a < b:
                runs.append((a, b))
            start = -1
    return runs
