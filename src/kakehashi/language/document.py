"""Translate an opened document in place."""

from __future__ import annotations

from collections.abc import Iterator

from kakehashi.documents.base import Document
from kakehashi.language.glossary import Glossary
from kakehashi.language.memory import TranslationMemory
from kakehashi.language.results import (
    Language,
    ProgressCallback,
    SegmentTranslation,
    Style,
)
from kakehashi.language.translate import Translator


def translate_document(
    translator: Translator,
    document: Document,
    to: Language,
    *,
    source: Language | None = None,
    style: Style | None = None,
    glossary: Glossary | None = None,
    memory: TranslationMemory | None = None,
    progress: ProgressCallback | None = None,
) -> Iterator[SegmentTranslation]:
    """Translate the segments of `document` and put each in its place as soon as it is done.

    Leaving the iteration early leaves a document whose first segments are translated.
    Raises as `Translator.stream`.
    """
    document.set_language(to)
    stream = translator.stream(
        document.segments, to, source=source, style=style, glossary=glossary, memory=memory,
        progress=progress,
    )  # fmt: skip
    for one in stream:
        if one.target != one.source:
            document.replace(one.id, one.target, one.marks)
        yield one
