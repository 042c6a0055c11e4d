"""Summaries: extract first, reword only where nothing can go wrong.

The sentences that carry the text are chosen (`extract`); the model may reword each one, and its
wording is used only if every number and name in it stands in the source and its words are the
source's. Otherwise the sentence itself stands in the summary. A summary in the other language is
made of the translations of the chosen sentences, with the same checks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kakehashi.documents.base import Segment
from kakehashi.engine.base import Completion, Engine, Request, Usage, complete
from kakehashi.engine.manifest import Manifest
from kakehashi.errors import InputError, LanguageError
from kakehashi.language.checks import loops
from kakehashi.language.extract import Sentence, rank
from kakehashi.language.flags import Flag, flag
from kakehashi.language.morphology import content_words, unknown_names
from kakehashi.language.pieces import pieces_of
from kakehashi.language.results import (
    Language,
    ProgressCallback,
    SegmentTranslation,
    Style,
    Summary,
    SummaryLine,
)
from kakehashi.language.translate import LANGUAGES, Translator, paragraphs
from kakehashi.text import detect, number_mismatch

_SPARE: Final = 2
_SHARED_WORDS: Final = 0.75
# A rewording that drops most of a sentence says something else: 「図書館は閉鎖します」 was what a
# model made of the sentence with the library's opening hours.
_KEPT_WORDS: Final = 0.5
_NEGATION: Final = {
    "ja": re.compile(r"ない|なか|ません|ず[、にとが]|ぬ[。、]|なく|無|未|非|不"),
    "en": re.compile(r"\b(?:not|no|never|none|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE),
}
_BRACKETS: Final = re.compile(r"\s?[（(][^（()）]*[)）]")
_TITLES: Final = frozenset({"heading", "title"})
_SKIPPED: Final = frozenset({"alt", "title", "heading", "code"})


class Summariser:
    """Summarises with one engine and its model's manifest (see `Translator` for the arguments)."""

    def __init__(
        self, engine: Engine, manifest: Manifest, *, join: int = 1, limit: int = 600
    ) -> None:
        self._engine = engine
        self._manifest = manifest
        self._translator = Translator(engine, manifest, join=join, limit=limit)

    def summarise(
        self,
        source: str | Sequence[Segment],
        *,
        lines: int | None = None,
        chars: int | None = None,
        to: Language | None = None,
        style: Style | None = None,
        progress: ProgressCallback | None = None,
    ) -> Summary:
        """Summarise a text or the segments of a document.

        Args:
            source: the text, or segments in reading order.
            lines: most lines; 3 if neither `lines` nor `chars` is given.
            chars: most characters of the whole summary, line breaks counted.
            to: language of the summary; None: that of the source.
            style: of a translated summary, see `Translator.stream`.
            progress: called for each translated sentence, if the summary is a translation.

        Raises:
            InputError: the source holds no sentence, or a limit is not positive.
            LanguageError: the source is neither Japanese nor English, or see `Translator.stream`.
            EngineError: the engine failed.
        """
        for name, value in (("lines", lines), ("chars", chars)):
            if value is not None and value < 1:
                raise InputError(f"{name} must be at least 1, not {value}")
        if to is not None and to not in LANGUAGES:
            raise LanguageError(
                f"'{to}' is not a language that is summarised into",
                hint="choose one of: " + ", ".join(LANGUAGES),
            )
        if isinstance(source, str):
            source, _ = paragraphs(source)
        language, sentences, titles = gather(source)
        target: Language = to or language
        count = lines or (3 if chars is None else max(1, min(12, chars // 15)))
        order = rank(sentences, count * _SPARE, titles)
        if target == language:
            found, usage = self._reworded(sentences, order[:count], language)
        else:
            found, usage = self._translated(sentences, order, count, target, style, progress)
        kept = fit(found, chars, target) if chars is not None else found[:count]
        kept.sort(key=lambda line: line.sources)
        return Summary(tuple(kept), tuple(one.text for one in sentences), target, usage)

    def _reworded(
        self, sentences: Sequence[Sentence], order: Sequence[int], language: Language
    ) -> tuple[list[SummaryLine], Usage]:
        found = [SummaryLine(sentences[at].text, (at,), sentences[at].text) for at in order]
        return self._reword(found, [one.text for one in sentences], language)

    def _translated(
        self,
        sentences: Sequence[Sentence],
        order: Sequence[int],
        count: int,
        to: Language,
        style: Style | None,
        progress: ProgressCallback | None,
    ) -> tuple[list[SummaryLine], Usage]:
        """Lines in order of importance; sentences whose translation is doubtful come last."""
        segments = [
            Segment(number, sentences[at].text, f"sentence {at + 1}")
            for number, at in enumerate(order)
        ]
        done = list(self._translator.stream(segments, to, style=style, progress=progress))
        usage = sum((one.usage for one in done), Usage())
        clean = [one for one in done if not _doubtful(one)]
        doubtful = [one for one in done if _doubtful(one)]
        lines = [_translated_line(one, order[one.id]) for one in (*clean, *doubtful)][:count]
        good = [line for line in lines if not line.flags]
        reworded, more = self._reword(good, [line.text for line in good], to)
        by_source = {line.sources: line for line in reworded}
        return [by_source.get(line.sources, line) for line in lines], usage + more

    def _reword(
        self, lines: list[SummaryLine], source: Sequence[str], language: Language
    ) -> tuple[list[SummaryLine], Usage]:
        """Let the model reword each line, if it can, and keep what passes `faithful`."""
        name = f"summarise:{language}"
        if name not in self._manifest.tasks or not lines:
            return lines, Usage()
        task = self._manifest.task(name)
        requests = []
        for line in lines:
            tokens = self._engine.count_tokens(line.text)
            limit = max(8, min(task.max_tokens(tokens), self._engine.context_tokens - tokens - 40))
            requests.append(Request(task.render(line.text), limit, task.stop))
        completions: list[Completion] = complete(self._engine, requests)
        whole = "\n".join(source)
        result = []
        for line, completion in zip(lines, completions, strict=True):
            text = " ".join(completion.text.split())
            good = completion.stop_reason == "stop" and faithful(text, line.text, whole, language)
            result.append(replace(line, text=text, rewritten=True) if good else line)
        return result, sum((one.usage for one in completions), Usage())


def gather(segments: Sequence[Segment]) -> tuple[Language, list[Sentence], list[str]]:
    """The language of a document, its sentences in that language, and its headings.

    Raises:
        InputError: there is no sentence.
        LanguageError: neither Japanese nor English.
    """
    weights = {"ja": 0.0, "en": 0.0, "other": 0.0}
    for segment in segments:
        found = detect(segment.text).language
        if found in weights:
            # One Japanese character says about as much as two and a half English ones.
            weights[found] += len(segment.text) * (2.5 if found == "ja" else 1.0)
    if not any(weights.values()):
        raise InputError("there is no sentence in it that could be summarised")
    best = max(weights, key=lambda name: weights[name])
    if best == "other":
        raise LanguageError(
            "the text is neither Japanese nor English", hint="these two are summarised"
        )
    language: Language = "ja" if best == "ja" else "en"
    away: Language = "en" if language == "ja" else "ja"
    sentences: list[Sentence] = []
    titles: list[str] = []
    opening = 0
    for segment in segments:
        if segment.kind in _TITLES:
            titles.append(segment.text)
            opening = 0
        if segment.kind in _SKIPPED:
            continue
        for piece in pieces_of(segment.text, away):
            if piece.copy or piece.label or detect(piece.body).language != language:
                continue
            sentences.append(Sentence(piece.body, language, opening))
            opening += 1
    if not sentences:  # nothing but headings: better those than nothing
        sentences = [Sentence(text, language, 0) for text in titles]
    if not sentences:
        raise InputError("there is no sentence in it that could be summarised")
    return language, sentences, titles


def faithful(text: str, extracted: str, source: str, language: Language) -> bool:
    """Whether a rewording may stand for the sentence it was made from.

    Every number stands in the sentence, every name in the source; it is shorter, in the same
    language, does not loop, says no where the sentence does, three quarters of its content
    words are the sentence's, and half of the sentence's are kept.
    """
    if not text or len(text) >= len(extracted) or detect(text).language != language:
        return False
    if any(True for _ in loops(extracted, text)):
        return False
    if any(one.problem == "extra" for one in number_mismatch(extracted, text)):
        return False
    negation = _NEGATION[language]
    if bool(negation.search(text)) != bool(negation.search(extracted)):
        return False
    if unknown_names(text, source, language):
        return False
    words = content_words(text, language)
    known = set(content_words(extracted, language))
    shared = sum(1 for word in words if word in known)
    kept = len(known.intersection(words))
    return bool(words) and shared >= _SHARED_WORDS * len(words) and kept >= _KEPT_WORDS * len(known)


def fit(lines: Sequence[SummaryLine], chars: int, language: Language) -> list[SummaryLine]:
    """The most important lines that fit into `chars` characters, line breaks counted."""
    kept: list[SummaryLine] = []
    used = 0
    for line in lines:
        room = chars - used - (1 if kept else 0)
        if len(line.text) <= room:
            kept.append(line)
            used = chars - room + len(line.text)
        elif not kept and line is lines[-1]:
            break
    if not kept and lines:
        text = shorten(lines[0].text, chars, language)
        kept = [replace(lines[0], text=text, flags=(*lines[0].flags, flag("shortened")))]
    return kept


def shorten(text: str, chars: int, language: Language) -> str:
    """`text` in at most `chars` characters: brackets left out, then cut at a comma or a word."""
    if len(text) <= chars:
        return text
    text = _BRACKETS.sub("", text)
    if len(text) <= chars:
        return text
    if chars < 2:
        return "…"[:chars]
    head = text[: chars - 1]
    at = max(head.rfind(sign) for sign in ("、", "，", ", ", "; "))
    if at < chars // 2:
        at = head.rfind(" ") if language == "en" else len(head)
        while 0 < at < len(text) and text[at].isalnum() and _same_word(text[at - 1], text[at]):
            at -= 1
    if at <= 0:
        at = len(head)
    return head[:at].rstrip("、，,; ") + "…"


def _same_word(a: str, b: str) -> bool:
    """Whether a cut between two characters would break a number or a word of one script."""
    return (
        (a.isdigit() and b.isdigit())
        or (a in ".,．，" and b.isdigit())
        or (
            unicodedata.name(a, "").split(" ")[0]
            == unicodedata.name(b, "").split(" ")[0]
            == "KATAKANA"
        )
    )


def _doubtful(one: SegmentTranslation) -> bool:
    return any(found.severity != "low" for found in one.flags)


def _translated_line(one: SegmentTranslation, index: int) -> SummaryLine:
    """A line of a translated summary; the source sentence if a number or name was invented."""
    flags: tuple[Flag, ...] = tuple(found for found in one.flags if found.severity != "low")
    invented = {"number-extra", "name-extra", "number-missing"}
    if any(found.severity == "high" or found.code in invented for found in flags):
        return SummaryLine(
            one.source, (index,), one.source, False, (flag("not-translated"), *flags)
        )
    text = " ".join(one.target.split("\n"))
    return SummaryLine(text, (index,), one.source, False, flags)
