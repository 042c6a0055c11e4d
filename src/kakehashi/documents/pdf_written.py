"""A text to be written, cut into spans of one look each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kakehashi.documents.base import Mark
from kakehashi.documents.pdf_text import Look


@dataclass(frozen=True, slots=True)
class Span:
    """Text that looks the same throughout; `target` is the address of a link, or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    raised: bool = False
    target: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written in one place.

    Attributes:
        text: all of it.
        spans: the same, by looks.
        bold: all of it is bold.
        segment: the id of the segment, -1 if it was not to be translated.
    """

    text: str
    spans: tuple[Span, ...]
    bold: bool
    segment: int


def spans(text: str, marks: Sequence[Mark], looks: Mapping[int, Look]) -> Iterator[Span]:
    """Cut `text` at the borders of its marks; a lost link or copied text goes to the end."""
    borders = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    for start, end in pairwise(borders):
        over = [looks[m.key] for m in marks if m.start <= start and end <= m.end]
        kinds = {look.kind for look in over}
        target = next((look.target for look in over if look.kind == "link"), "")
        yield Span(text[start:end], "bold" in kinds, "italic" in kinds, "raised" in kinds, target)
    present = {mark.key for mark in marks if mark.start < mark.end}
    for key, look in sorted(looks.items()):
        if key in present or look.kind in ("bold", "italic") or look.text in text:
            continue
        yield Span(f" {look.text}", raised=look.kind == "raised", target=look.target)
