"""The common part of documents that are text: slots in a source, everything else untouched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kakehashi.documents.base import Mark, Segment, check_marks
from kakehashi.documents.encoded import EncodedText
from kakehashi.documents.inline import Spec
from kakehashi.documents.saving import write_atomic


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a segment stands.

    Attributes:
        start, end: offsets into `EncodedText.text`.
        segment: what the caller sees.
        specs: how each mark is written, by key.
        outer: the slot together with markup around the whole of it that would be left empty
            and wrong if the new text is blank.
        style: how the format must write it ("cell", "attribute" …).
        indent: what a further line of the segment begins with.
        tail: markup to be added behind a new text (the label of ``[text]``, once text changes).
    """

    start: int
    end: int
    segment: Segment
    specs: Mapping[int, Spec] = field(default_factory=dict)
    outer: tuple[int, int] | None = None
    style: str = ""
    indent: str = ""
    tail: str = ""


@dataclass(slots=True)
class Draft:
    """A slot before it has its number."""

    start: int
    end: int
    text: str
    kind: str
    marks: tuple[Mark, ...] = ()
    specs: Mapping[int, Spec] = field(default_factory=dict)
    outer: tuple[int, int] | None = None
    style: str = ""
    indent: str = ""
    tail: str = ""
    place: str = ""


class SourceDocument:
    """A document that is a text with slots; formats derive from it and add `_write`.

    Replacing a segment by its own text and marks leaves its bytes as they were.
    """

    format = ""

    def __init__(self, source: EncodedText, drafts: list[Draft]) -> None:
        self._source = source
        drafts = sorted(drafts, key=lambda one: (one.start, -one.end))
        lines = LineNumbers(source.text)
        self._slots = [
            Slot(
                one.start,
                one.end,
                Segment(
                    number,
                    one.text,
                    one.place or f"line {lines.at(one.start)}",
                    one.kind,
                    one.marks,
                ),
                one.specs,
                one.outer,
                one.style,
                one.indent,
                one.tail,
            )
            for number, one in enumerate(drafts)
        ]
        self._new: dict[int, tuple[str, tuple[Mark, ...]]] = {}
        self._edits: dict[tuple[int, int], str] = {}

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All translatable segments, in reading order, as they were when opened."""
        return tuple(slot.segment for slot in self._slots)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Nothing is to be said about a text."""
        return ()

    @property
    def encoding(self) -> str:
        """The encoding of the source, as Python names it."""
        return self._source.encoding

    def replace(self, segment_id: int, text: str, marks: tuple[Mark, ...] = ()) -> None:
        """Put `text` where the segment was; see `Document.replace`.

        Raises:
            ValueError: no such segment, an unknown mark, or a mark outside of the text.
        """
        if not 0 <= segment_id < len(self._slots):
            raise ValueError(f"the document has no segment {segment_id}")
        slot = self._slots[segment_id]
        check_marks(segment_id, text, marks, slot.specs)
        same = text == slot.segment.text and (not marks or marks == slot.segment.marks)
        if same:
            self._new.pop(segment_id, None)
        else:
            self._new[segment_id] = (text.replace("\r\n", "\n").replace("\r", "\n"), marks)

    def set_language(self, code: str) -> None:
        """Nothing to be said about the language in this format."""

    def render(self) -> bytes:
        """The whole document with all replacements, in its own format and encoding."""
        return self._encode(self._compose())

    def save(self, path: Path) -> None:
        """Write `render()` to `path`, whole or not at all.

        Raises:
            OutputError: the file could not be written.
        """
        write_atomic(path, self.render())

    def _encode(self, text: str) -> bytes:
        return self._source.encode(text)

    def _compose(self) -> str:
        """The new text with the source's own line ends outside of what was replaced."""
        self._prepare()
        pieces: list[str] = []
        at = 0
        for start, end, text in self._outermost(0, len(self._source.text)):
            pieces.append(self._source.raw_slice(at, start))
            pieces.append(text.replace("\n", self._newline(start, end)))
            at = end
        pieces.append(self._source.raw_slice(at, len(self._source.text)))
        return "".join(pieces)

    def _newline(self, start: int, end: int) -> str:
        """The line break of a text that is put in the place of `start`–`end`."""
        return self._source.newline

    def _prepare(self) -> None:
        """Sort what has to be put in; nested slots are looked up when their outer one is."""
        changes: list[tuple[int, int, Slot | str]] = [
            (start, end, text) for (start, end), text in self._edits.items()
        ]
        for number, (text, _) in self._new.items():
            slot = self._slots[number]
            start, end = slot.start, slot.end
            if slot.outer is not None and not text.strip():
                start, end = slot.outer
            changes.append((start, end, slot))
        self._changes = sorted(changes, key=lambda one: (one[0], -one[1]))
        self._starts = [start for start, _, _ in self._changes]

    def _outermost(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Changes inside of `start`–`end` that are not inside of another one."""
        found = []
        at = start
        for number in range(bisect_left(self._starts, start), len(self._changes)):
            start_, end_, what = self._changes[number]
            if start_ > end:
                break
            if start_ < at or end_ > end:
                continue
            found.append((start_, end_, what if isinstance(what, str) else self._written(what)))
            at = end_
        return found

    def _copy(self, start: int, end: int) -> str:
        r"""A part of the source with what was replaced inside of it; line ends are "\n"."""
        pieces = []
        at = start
        for start_, end_, text in self._outermost(start, end):
            pieces += [self._source.text[at:start_], text]
            at = end_
        return "".join([*pieces, self._source.text[at:end]])

    def _written(self, slot: Slot) -> str:
        text, marks = self._new[slot.segment.id]
        if slot.outer is not None and not text.strip():
            return ""
        return self._write(slot, text, marks)

    def _write(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> str:
        """`text` as the format spells it, without what stands around the slot."""
        raise NotImplementedError


class LineNumbers:
    """Line numbers, counted from 1, of offsets into a text."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        at = text.find("\n")
        while at != -1:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> int:
        """The number of the line in which `offset` stands."""
        return bisect_left(self.starts, offset + 1)
