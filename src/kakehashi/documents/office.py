"""What Word and PowerPoint documents have in common: paragraphs in parts → segments → parts.

A format says which parts there are and gives each a `Handler`. Trees are not kept: `render`
parses and walks the parts that change again, which is quick and keeps large documents small in
memory; a paragraph is known by its number within its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from lxml import etree

from kakehashi.documents import notes
from kakehashi.documents.base import Mark, Segment, check_marks
from kakehashi.documents.ooxml import Package, xml_bytes
from kakehashi.documents.richtext import Bit, Builder, Stretch, prepare, stretches, write
from kakehashi.documents.saving import write_atomic


@dataclass(frozen=True, slots=True)
class Found:
    """One paragraph of a part.

    Attributes:
        element: the paragraph.
        place: "paragraph 12", "table 2, row 3, column 1", "slide 4, title" …
        kind: as in `Segment`.
        twin: how many paragraphs earlier the same text stands for newer programs, 0 if it does
            not (the fallback of a text box).
    """

    element: etree._Element
    place: str
    kind: str = "prose"
    twin: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A paragraph that was written anew, with all of its old and its new text."""

    found: Found
    before: str
    after: str


class FinishingBuilder(Builder, Protocol):
    """A builder that puts what it built into its paragraph at the end."""

    def finish(self) -> None:
        """Put what was built into the paragraph."""
        ...


class Handler(Protocol):
    """Reads and writes the paragraphs of one kind of part.

    Attributes:
        echo: a part (this one or one before it) in which a paragraph of the same text and marks
            is the same segment; "" where equal texts may need different translations.
    """

    @property
    def echo(self) -> str: ...

    def walk(self, root: etree._Element) -> Iterator[Found]:
        """The paragraphs in reading order; the same ones each time."""
        ...

    def read(self, paragraph: etree._Element) -> Sequence[Bit]:
        """The bits of a paragraph."""
        ...

    def builder(self, paragraph: etree._Element, to: str) -> FinishingBuilder:
        """A builder for the paragraph; `to` is the new language, "" if it was not said."""
        ...

    def settle(self, root: etree._Element, changed: Sequence[Changed], to: str) -> None:
        """Make room for new text and say its language, where the part holds such things."""
        ...


@dataclass(frozen=True, slots=True)
class _Site:
    part: str
    paragraph: int
    stretch: int


_Content = tuple[tuple[str, tuple[Mark, ...]], ...]

# Language codes as Office writes them (BCP 47 with a region).
REGIONS: Final[Mapping[str, str]] = {"ja": "ja-JP", "en": "en-US"}


class OfficeDocument:
    """A document of paragraphs in a package; formats derive from it.

    Replacing a segment by its own text and marks leaves the bytes as they were.
    """

    format = ""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._handlers: dict[str, Handler] = {}
        self._segments: list[Segment] = []
        self._sites: list[list[_Site]] = []
        self._specs: list[Mapping[int, object]] = []
        self._known: dict[str, dict[_Content, int]] = {}
        self._new: dict[int, tuple[str, tuple[Mark, ...]]] = {}
        self._language = ""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All translatable segments, in reading order, as they were when opened."""
        return tuple(self._segments)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Macros, signatures, tracked changes and the like; and that there is no text."""
        empty = () if self._segments else (notes.EMPTY,)
        return (*self._package.warnings, *empty)

    def replace(self, segment_id: int, text: str, marks: tuple[Mark, ...] = ()) -> None:
        """Put `text` where the segment was; see `Document.replace`.

        Raises:
            ValueError: no such segment, an unknown mark, or a mark outside of the text.
        """
        if not 0 <= segment_id < len(self._segments):
            raise ValueError(f"the document has no segment {segment_id}")
        check_marks(segment_id, text, marks, self._specs[segment_id])
        old = self._segments[segment_id]
        if text == old.text and (not marks or marks == old.marks):
            self._new.pop(segment_id, None)
        else:
            # One character for another, so that marks stay where they are.
            self._new[segment_id] = (
                text.replace("\r\n", " \n").replace("\r", "\n"),
                marks,
            )

    def set_language(self, code: str) -> None:
        """New text is said to be in this language, and so is the document."""
        self._language = code

    def render(self) -> bytes:
        """The whole document with all replacements."""
        changes: dict[str, bytes | None] = {}
        by_part: dict[str, dict[int, dict[int, tuple[str, tuple[Mark, ...]]]]] = {}
        for number, new in self._new.items():
            for site in self._sites[number]:
                paragraphs = by_part.setdefault(site.part, {})
                paragraphs.setdefault(site.paragraph, {})[site.stretch] = new
        for part, paragraphs in by_part.items():
            changes[part] = self._rewritten(part, paragraphs)
        if self._language:
            changes |= self._say_language(changes)
        return self._package.render(changes)

    def save(self, path: Path) -> None:
        """Write `render()` to `path`, whole or not at all.

        Raises:
            OutputError: the file could not be written.
        """
        write_atomic(path, self.render())

    def _read(self, parts: Iterable[tuple[str, Handler]]) -> None:
        """Make segments of the paragraphs of all parts."""
        for part, handler in parts:
            if part in self._handlers:
                continue  # a part that several slides share
            self._handlers[part] = handler
            self._read_part(part, handler)

    def _read_part(self, part: str, handler: Handler) -> None:
        echoed = self._known.setdefault(handler.echo or part, {})
        read: list[tuple[_Content, int]] = []
        for number, found in enumerate(handler.walk(self._package.parse(part))):
            made = stretches(prepare(handler.read(found.element)))
            content = tuple((one.text, one.marks) for one in made)
            first = len(self._segments)
            if found.twin and read[number - found.twin][0] == content:
                first = read[number - found.twin][1]
            elif handler.echo:
                first = echoed.setdefault(content, first)
            for index, stretch in enumerate(made):
                if first + index == len(self._segments):
                    self._add(found, stretch)
                self._sites[first + index].append(_Site(part, number, index))
            read.append((content, first))

    def _add(self, found: Found, stretch: Stretch) -> None:
        number = len(self._segments)
        self._segments.append(Segment(number, stretch.text, found.place, found.kind, stretch.marks))
        self._sites.append([])
        self._specs.append(dict.fromkeys(stretch.specs))

    def _rewritten(
        self, part: str, paragraphs: Mapping[int, Mapping[int, tuple[str, tuple[Mark, ...]]]]
    ) -> bytes:
        handler = self._handlers[part]
        root = self._package.parse(part)
        changed: list[Changed] = []
        # All of them before the first is written, so that writing one does not move the others.
        for number, found in enumerate(list(handler.walk(root))):
            new = paragraphs.get(number)
            if new is None:
                continue
            bits = prepare(handler.read(found.element))
            parts = stretches(bits)
            builder = handler.builder(found.element, self._language)
            write(bits, parts, new, builder)
            before = _shown(bits)
            builder.finish()
            changed.append(Changed(found, before, _shown(handler.read(found.element))))
        handler.settle(root, changed, self._language)
        return xml_bytes(root)

    def _say_language(self, changes: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
        """Further parts in which the language is said; `changes` are those made so far."""
        return {}


def _shown(bits: Sequence[Bit]) -> str:
    return "".join("\n" if bit.kind == "break" else bit.text for bit in bits)
