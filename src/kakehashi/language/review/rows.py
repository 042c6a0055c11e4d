"""The rows of a review: what stands in the document, what was made of it, and what to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from kakehashi.documents.base import Mark, Segment
from kakehashi.errors import LanguageError
from kakehashi.language.flags import Flag
from kakehashi.language.results import Language, ProgressCallback, SegmentTranslation
from kakehashi.language.translate import Translator

OTHER: Final[dict[Language, Language]] = {"ja": "en", "en": "ja"}


class Match(Protocol):
    """Something like a sentence that was translated before."""

    @property
    def source(self) -> str:
        """As the memory has it."""
        ...

    @property
    def target(self) -> str:
        """Its translation."""
        ...

    @property
    def score(self) -> float:
        """0 to 100; 100 is an exact match."""
        ...


Matches = Callable[[SegmentTranslation], Sequence[Match]]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One segment.

    Attributes:
        id, place, kind, source: of the segment.
        target, marks: its translation, and where the segment's marks stand in it.
        back: the translation translated back; empty if that was not made.
        flags: why a person should look at it.
        matches: what the memory has, in words.
        correction: what a person wrote; empty if the translation stays.
        number: the row where it stands, for messages.
    """

    id: int
    place: str
    kind: str
    source: str
    target: str
    marks: tuple[Mark, ...] = ()
    back: str = ""
    flags: tuple[Flag, ...] = ()
    matches: tuple[str, ...] = ()
    correction: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """A translation to be reviewed.

    Attributes:
        document: name of the source file.
        sha256: of the source file; empty if it is not known.
        to: the language it was translated into.
        model: name and version.
        made: when, as people write it.
        rows: one a segment, in reading order.
        sheet_names: the names of a workbook's sheets are among the segments.
    """

    document: str
    sha256: str
    to: Language
    model: str
    made: str
    rows: tuple[ReviewRow, ...]
    sheet_names: bool = False


def make_review(
    segments: Sequence[SegmentTranslation],
    *,
    document: str,
    sha256: str,
    to: Language,
    model: str,
    made: str,
    back: Mapping[int, str] | None = None,
    matches: Matches | None = None,
    sheet_names: bool = False,
) -> Review:
    """A review of translated segments.

    Args:
        segments: in reading order.
        document, sha256, to, model, made, sheet_names: see `Review`.
        back: back-translations by segment id, see `back_translate`.
        matches: what the memory has for a segment.
    """
    rows = tuple(
        ReviewRow(
            one.id,
            one.place,
            one.kind,
            one.source,
            one.target,
            one.marks,
            (back or {}).get(one.id, ""),
            one.flags,
            tuple(_told(found) for found in matches(one)) if matches is not None else (),
        )
        for one in segments
    )
    return Review(document, sha256, to, model, made, rows, sheet_names)


def _told(match: Match) -> str:
    return f"{match.score:.0f}%: {match.source} → {match.target}"


def back_translate(
    translator: Translator,
    segments: Sequence[SegmentTranslation],
    to: Language,
    progress: ProgressCallback | None = None,
) -> dict[int, str]:
    """Translate the translations back with the same model.

    Segments that were only copied are left out; a model without the other direction gives none.

    Returns:
        Back-translations by segment id.

    Raises:
        EngineError: the engine failed.
    """
    try:
        translator.task(OTHER[to])
    except LanguageError:
        return {}
    made = [one for one in segments if one.target != one.source and one.target.strip()]
    # Each by itself: no style is held over what only shows how the translation was understood.
    plain = [Segment(one.id, one.target, one.place, "text") for one in made]
    return {
        back.id: back.target
        for back in translator.stream(plain, OTHER[to], source=to, progress=progress)
    }
