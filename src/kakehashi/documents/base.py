"""The protocol of a document: open → segments → replace → save.

A document knows its format and nothing about languages or models. What may be translated
comes out as segments (a paragraph, a heading, a cell, an alt text); everything else is kept
to the byte.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mark:
    """Inline markup over `text[start:end]` of a segment (bold, a link, inline code).

    Attributes:
        start, end: character offsets into the segment's plain text; start == end for
            something that stands between two characters (an image, a line break tag).
        key: names this mark within its segment; the document turns it back into markup.
        protected: the covered text is copied, not translated (code, URLs, placeholders).
    """

    start: int
    end: int
    key: int
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    r"""One translatable unit of a document.

    Attributes:
        id: stable within the document, counted from 0 in reading order.
        text: plain text; inline markup is in `marks`. Soft line breaks are kept as "\n".
        place: where a person finds it ("line 12", "table 1, row 3", "cue 41").
        kind: "prose", "heading", "cell", "alt", "title", "cue" …
        marks: inline markup, ordered by start.
    """

    id: int
    text: str
    place: str
    kind: str = "prose"
    marks: tuple[Mark, ...] = ()


def check_marks(segment_id: int, text: str, marks: Iterable[Mark], known: Container[int]) -> None:
    """What every `replace` asks of its marks.

    Args:
        known: the keys of the segment's own marks.

    Raises:
        ValueError: an unknown mark, or one outside of the text.
    """
    for mark in marks:
        if mark.key not in known:
            raise ValueError(f"segment {segment_id} has no mark {mark.key}")
        if not 0 <= mark.start <= mark.end <= len(text):
            raise ValueError(
                f"segment {segment_id}: mark {mark.key} covers {mark.start}–{mark.end} of a "
                f"text of {len(text)} characters"
            )


class Document(Protocol):
    """An opened document."""

    @property
    def format(self) -> str:
        """``txt``, ``md``, ``html``, ``srt`` …"""
        ...

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All translatable segments, in reading order, as they were when opened."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of this file: macros, tracked changes … Empty if nothing."""
        ...

    def replace(self, segment_id: int, text: str, marks: tuple[Mark, ...] = ()) -> None:
        """Put `text` where the segment was.

        `marks` says where the segment's own marks (same keys) stand in the new text. A mark
        that is not given is dropped if it only styles text and kept at the end otherwise.
        """
        ...

    def set_language(self, code: str) -> None:
        """Say which language the document is in now (``ja``), in formats that say it."""
        ...

    def render(self) -> bytes:
        """The whole document with all replacements, in its own format and encoding."""
        ...

    def save(self, path: Path) -> None:
        """Write `render()` to `path`, whole or not at all (temporary file, then rename).

        Raises:
            OutputError: the file could not be written.
        """
        ...
