"""What all ways of `kakehashi translate` share: what was asked for, and one document of it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kakehashi.api import Kakehashi
from kakehashi.cli import messages
from kakehashi.cli.review import render_review
from kakehashi.cli.terminal import Bar
from kakehashi.documents import write_atomic
from kakehashi.documents.base import Document
from kakehashi.engine.manifest import Manifest
from kakehashi.language.document import translate_document
from kakehashi.language.results import Language, ProgressCallback, SegmentTranslation, Style
from kakehashi.language.review import back_translate, make_review


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with every document of one call.

    Attributes:
        to, source, style: see `Translator.translate`.
        format: instead of what a name says.
        sheet_names: the names of sheets as well.
    """

    to: Language
    source: Language | None = None
    style: Style | None = None
    format: str | None = None
    sheet_names: bool = False

    def steps(
        self, kakehashi: Kakehashi, document: Document, progress: ProgressCallback | None = None
    ) -> Iterator[SegmentTranslation]:
        """Translate the document in place; one step a segment."""
        return translate_document(
            kakehashi.translator,
            document,
            self.to,
            source=self.source,
            style=self.style,
            progress=progress,
        )

    def fingerprint(self, manifest: Manifest) -> str:
        """Changes whenever the same document would be translated in another way."""
        told = {
            "to": self.to,
            "source": self.source,
            "style": self.style,
            "format": self.format,
            "sheet_names": self.sheet_names,
            "model": [manifest.name, manifest.version, manifest.sha256],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(slots=True)
class Work:
    """What is being done, so that it can be finished or kept in part."""

    total: int
    done: list[SegmentTranslation] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the beginning."""
        return time.monotonic() - self.started


def write_review(
    path: Path,
    wanted: Wanted,
    kakehashi: Kakehashi,
    segments: list[SegmentTranslation],
    *,
    name: str,
    sha256: str,
    back: bool,
    shown: Bar,
) -> None:
    """Translate back, if that is wanted, and write the review.

    Raises:
        EngineError: the engine failed.
        OutputError: the file could not be written.
    """
    backs: dict[int, str] = {}
    if back:
        shown.start(messages.BAR_BACK, len(segments))
        backs = back_translate(kakehashi.translator, segments, wanted.to, shown.update)
    manifest = kakehashi.manifest
    review = make_review(
        segments,
        document=name,
        sha256=sha256,
        to=wanted.to,
        model=f"{manifest.name} {manifest.version}",
        made=datetime.now().astimezone().isoformat(" ", "seconds"),
        back=backs,
        sheet_names=wanted.sheet_names,
    )
    write_atomic(path, render_review(review, path))
