"""Translate segments, texts and lines between Japanese and English.

The road of a sentence: segment → pieces (`pieces`) → engine → checks (`checks`) → one retry with
other decoding → flags; marks are followed by `align`. Nothing here knows file formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from kakehashi.documents.base import Segment
from kakehashi.engine.base import Engine, Usage
from kakehashi.engine.manifest import Manifest, Task
from kakehashi.errors import InputError, LanguageError
from kakehashi.language.glossary import Glossary
from kakehashi.language.memory import TranslationMemory
from kakehashi.language.results import (
    Language,
    ProgressCallback,
    SegmentTranslation,
    Style,
    Translation,
)
from kakehashi.language.run import Plan, Run

LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
STYLES: Final[tuple[str, ...]] = get_args(Style)
_PARAGRAPHS: Final = re.compile(r"(\r?\n(?:[ \t\u3000]*\r?\n)+)")


class Translator:
    """Translates with one engine and its model's manifest.

    Args:
        engine: an opened engine; the caller closes it.
        manifest: of the model that the engine runs; it renders the prompts.
        join: most sentences of a paragraph in one request (a small model does best with one).
        limit: most characters of one request; Japanese counts double.
    """

    def __init__(
        self, engine: Engine, manifest: Manifest, *, join: int = 1, limit: int = 600
    ) -> None:
        self.engine = engine
        self.manifest = manifest
        self._join = join
        self._limit = limit

    def stream(
        self,
        segments: Sequence[Segment],
        to: Language,
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> Iterator[SegmentTranslation]:
        """Translate segments; each comes as soon as it and all before it are done.

        Args:
            segments: in reading order.
            to: target language.
            source: language of the segments; None: looked at sentence by sentence.
            style: polite (です・ます) or plain (だ・である) Japanese, if the model offers it.
            glossary: terms that must be used; where one is not, there is a flag.
            memory: an exact match is taken instead of asking the model; others are listed.
            progress: called after every segment.

        Raises:
            LanguageError: unknown language, or a direction or style the model does not offer.
            EngineError: the engine failed.
        """
        plan = self._plan(to, source, style, glossary, memory)
        for event in Run(plan, segments, progress).events():
            if isinstance(event, SegmentTranslation):
                yield event

    def stream_text(
        self,
        text: str,
        to: Language,
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> Iterator[str]:
        """Translate a text; sentences come in reading order and, joined, are the whole result."""
        plan = self._plan(to, source, style, glossary, memory)
        segments, between = paragraphs(text)
        yield between[0]
        for event in Run(plan, segments, progress).events():
            if isinstance(event, SegmentTranslation):
                yield between[event.id + 1]
            else:
                yield event[1].text

    def translate(
        self,
        text: str,
        to: Language,
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> Translation:
        """Translate a text of any number of paragraphs. Raises as `stream`."""
        segments, between = paragraphs(text)
        done = tuple(
            self.stream(
                segments,
                to,
                source=source,
                style=style,
                glossary=glossary,
                memory=memory,
                progress=progress,
            )
        )
        whole = between[0] + "".join(one.target + between[one.id + 1] for one in done)
        return Translation(whole, done, sum((one.usage for one in done), Usage()))

    def translate_batch(
        self,
        texts: Sequence[str],
        to: Language,
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> list[Translation]:
        """Translate many texts in one run, one result each, in order. Raises as `stream`."""
        segments = [
            Segment(number, text, f"text {number + 1}", "text") for number, text in enumerate(texts)
        ]
        return [
            Translation(one.target, (one,), one.usage)
            for one in self.stream(
                segments,
                to,
                source=source,
                style=style,
                glossary=glossary,
                memory=memory,
                progress=progress,
            )
        ]

    def _plan(
        self,
        to: str,
        source: str | None,
        style: str | None,
        glossary: Glossary | None,
        memory: TranslationMemory | None,
    ) -> Plan:
        task = self.task(to, source, style)
        language: Language = "ja" if to == "ja" else "en"
        given: Language | None = None if source is None else ("ja" if source == "ja" else "en")
        held: Style | None = None if style is None else ("polite" if style == "polite" else "plain")
        return Plan(
            self.engine, task, language, given, self._limit, self._join, held, glossary, memory
        )

    def task(self, to: str, source: str | None = None, style: str | None = None) -> Task:
        """The model's task for a direction. Raises LanguageError or InputError as `stream`."""
        for language in (to, source):
            if language is not None and language not in LANGUAGES:
                raise LanguageError(
                    f"'{language}' is not a language that is translated",
                    hint="choose one of: " + ", ".join(LANGUAGES),
                )
        if source == to:
            raise LanguageError(
                f"source and target are both '{to}'", hint="choose the other one with --to"
            )
        if style is not None and style not in STYLES:
            raise InputError(
                f"'{style}' is not a style", hint="choose one of: " + ", ".join(STYLES)
            )
        if style is not None and to != "ja":
            raise InputError(
                "a style (polite, plain) can only be chosen for Japanese",
                hint="leave --style out, or translate to Japanese",
            )
        name = f"translate:{'en' if to == 'ja' else 'ja'}-{to}"
        return self.manifest.task(f"{name}:{style}" if style else name)


def paragraphs(text: str) -> tuple[list[Segment], list[str]]:
    """Cut a text at blank lines.

    Returns:
        The paragraphs as segments, ids counted from 0, and what stands before, between and after
        them (one more than there are segments).
    """
    cut = _PARAGRAPHS.split(text)
    segments: list[Segment] = []
    between = [""]
    line = 1
    for index, piece in enumerate(cut):
        if index % 2 or not piece.strip():
            between[-1] += piece
        else:
            at = line + piece[: len(piece) - len(piece.lstrip())].count("\n")
            segments.append(Segment(len(segments), piece, f"line {at}"))
            between.append("")
        line += piece.count("\n")
    return segments, between


def line_segments(text: str) -> tuple[list[Segment], list[str]]:
    """Cut a text into lines: as `paragraphs`, with one segment for every line that is not blank."""
    segments: list[Segment] = []
    between = [""]
    for number, line in enumerate(text.split("\n"), start=1):
        if number > 1:
            between[-1] += "\n"
        if line.strip():
            bare = line.rstrip("\r")
            segments.append(Segment(len(segments), bare, f"line {number}", kind="line"))
            between.append(line[len(bare) :])
        else:
            between[-1] += line
    return segments, between
