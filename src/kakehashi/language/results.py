"""What the skills give back. Plain frozen values; nothing here runs anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from kakehashi.documents.base import Mark
from kakehashi.engine.base import Usage
from kakehashi.language.flags import Flag

Language = Literal["ja", "en"]
Style = Literal["polite", "plain"]
Origin = Literal["model", "copied", "repeated", "memory", "glossary"]
MatchOrigin = Literal["person", "import", "model"]


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of the glossary that stands in a sentence.

    Attributes:
        source: the term as the glossary has it.
        target: its preferred translation.
        applied: the translation has it, or another one that the glossary allows.
    """

    source: str
    target: str
    applied: bool


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """Something like a sentence that was translated before.

    Attributes:
        source, target: as the memory has them; in an exact match `target` is what was used (its
            numbers may have been exchanged).
        score: 0 to 100; 100 is an exact match.
        origin: a person wrote it, it was imported, or a model made it.
        numbers: numbers that differ, as (in the memory, in the text).
    """

    source: str
    target: str
    score: float
    origin: MatchOrigin
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Something in a translation that a rule wrote, not the model.

    Attributes:
        kind: "placed" (a figure of the source, written by rule: `before` is the source's),
            "style" (widths and commas), "repaired" (a wrong figure) or "register" (敬体, 常体).
        before, after: the text that was changed and what it became.
    """

    kind: Literal["placed", "style", "repaired", "register"]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SentenceTranslation:
    """One sentence.

    Attributes:
        source, target: without the white space and bullets around them.
        text: `target` with what stands around it in the result; a segment's target is the
            concatenation of its sentences' `text`.
        origin: from the model; copied (already in the target language, digits, URLs, code);
            repeated (the same sentence was translated earlier in this run); from the translation
            memory (an exact match); or nothing but a term of the glossary.
        flags: what the checks found in the result that was kept.
        usage: as counted by the engine, all tries together; zero unless `origin` is "model".
        retried: a second try was made.
        changes: what a rule wrote into `target`, in the order of its doing.
        terms: what became of the glossary's terms, in the order of the source.
        matches: from the translation memory, the best first; if `origin` is "memory" the first
            one is what was taken, else they are there to be compared.
    """

    source: str
    target: str
    text: str
    origin: Origin
    flags: tuple[Flag, ...] = ()
    usage: Usage = field(default_factory=Usage)
    retried: bool = False
    changes: tuple[Change, ...] = ()
    terms: tuple[TermUse, ...] = ()
    matches: tuple[MemoryMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentTranslation:
    """One segment of a document: see `kakehashi.documents.base.Segment` for the fields kept."""

    id: int
    source: str
    target: str
    place: str
    kind: str = "prose"
    marks: tuple[Mark, ...] = ()
    sentences: tuple[SentenceTranslation, ...] = ()
    flags: tuple[Flag, ...] = ()
    usage: Usage = field(default_factory=Usage)

    @property
    def seconds(self) -> float:
        """Wall-clock seconds the engine reports (requests running side by side overlap)."""
        return self.usage.prefill_seconds + self.usage.decode_seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `seconds` is wall-clock time since its start."""

    segments_done: int
    segments_total: int
    sentences_done: int
    sentences_total: int
    flags: int
    usage: Usage
    seconds: float


ProgressCallback = Callable[[Progress], None]


class Translation(str):
    """A translated text: a `str` that also knows how it came about.

    Attributes:
        segments: one entry per paragraph, in reading order.
        usage: tokens and seconds of the whole, as counted by the engine.
    """

    segments: tuple[SegmentTranslation, ...]
    usage: Usage

    def __new__(
        cls, text: str, segments: tuple[SegmentTranslation, ...] = (), usage: Usage | None = None
    ) -> Translation:
        self = super().__new__(cls, text)
        self.segments = segments
        self.usage = usage or Usage()
        return self

    @property
    def text(self) -> str:
        """The translation as a plain `str`."""
        return str(self)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags, in reading order."""
        return tuple(one for segment in self.segments for one in segment.flags)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of a summary.

    Attributes:
        text: the line.
        sources: indices into `Summary.sentences` of the source sentences it came from.
        extracted: the source sentence as it stands in the source.
        rewritten: the model worded it; otherwise it is the extracted sentence or its translation.
        flags: reasons to check it.
    """

    text: str
    sources: tuple[int, ...]
    extracted: str
    rewritten: bool = False
    flags: tuple[Flag, ...] = ()


class Summary(str):
    """A summary: its lines joined by newlines, as a `str`.

    Attributes:
        lines: the lines, in the order of the source.
        sentences: all sentences of the source that `SummaryLine.sources` points into.
        language: the language of the summary.
        usage: tokens and seconds of the whole, as counted by the engine.
    """

    lines: tuple[SummaryLine, ...]
    sentences: tuple[str, ...]
    language: Language
    usage: Usage

    def __new__(
        cls,
        lines: tuple[SummaryLine, ...],
        sentences: tuple[str, ...],
        language: Language,
        usage: Usage | None = None,
    ) -> Summary:
        self = super().__new__(cls, "\n".join(line.text for line in lines))
        self.lines = lines
        self.sentences = sentences
        self.language = language
        self.usage = usage or Usage()
        return self

    @property
    def text(self) -> str:
        """The summary as a plain `str`."""
        return str(self)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags, line by line."""
        return tuple(one for line in self.lines for one in line.flags)
