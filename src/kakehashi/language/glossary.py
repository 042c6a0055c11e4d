"""The office's own terms: what must be said how, per direction.

A glossary holds terms in pairs of languages. `Glossary.find` says which terms stand in a sentence,
`Hit.used` whether a translation has them as told. Reading files is in `glossary_files`, making
the model say them in `telling`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from kakehashi.language.english_forms import forms
from kakehashi.language.results import Language, SegmentTranslation, TermUse
from kakehashi.language.terms import Analysed, Kind, Pattern, Span, analyse, longest, pattern

Direction = Literal["en-ja", "ja-en"]
_JAPANESE: Final = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9d々〆]")
DIRECTIONS: Final[tuple[Direction, ...]] = ("en-ja", "ja-en")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a glossary.

    Attributes:
        en, ja: the term and what else may be said for it; the first one is preferred. In the
            direction en-ja each of `en` is looked for and any of `ja` is right, and the other way
            round.
        kind: part of speech; "other" if nobody said.
        directions: for which the entry holds.
        forbidden: words of the target language that must not be used for it.
        note: for people.
        place: file and row, for messages.
    """

    en: tuple[str, ...]
    ja: tuple[str, ...]
    kind: Kind = "other"
    directions: tuple[Direction, ...] = DIRECTIONS
    forbidden: tuple[str, ...] = ()
    note: str = ""
    place: str = ""

    def texts(self, language: Language) -> tuple[str, ...]:
        """The terms of a language."""
        return self.en if language == "en" else self.ja


@dataclass(frozen=True, slots=True)
class Rule:
    """A term in one direction, ready to be looked for."""

    entry: Entry
    source: Pattern
    targets: tuple[Pattern, ...]
    forbidden: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that stands in a sentence."""

    span: Span
    pattern: Pattern
    rule: Rule

    @property
    def target(self) -> Pattern:
        """The preferred translation."""
        return self.rule.targets[0]


@dataclass(slots=True)
class _Index:
    """The rules of a direction by what their terms begin with."""

    rules: list[Rule] = field(default_factory=list)
    by_start: dict[str, list[tuple[Pattern, Rule]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, rule: Rule) -> None:
        self.rules.append(rule)
        for key in _keys(rule.source):
            self.by_start[key].append((rule.source, rule))

    def candidates(self, text: Analysed) -> Iterable[tuple[Pattern, Rule]]:
        if text.language == "ja":
            keys = set(text.plain)
        else:
            keys = {word.text.lower() for word in text.words} | {word.base for word in text.words}
        seen: set[int] = set()
        for key in keys & self.by_start.keys():
            for one, rule in self.by_start[key]:
                if id(one) not in seen:
                    seen.add(id(one))
                    yield one, rule


def _keys(one: Pattern) -> set[str]:
    if one.language == "ja":
        return {(one.stem or one.inflected)[0]} if one.stem else _beginnings(one)
    first = one.words[0]
    low = first.text.lower()
    return {*forms(low), first.base, low + "s"}


def _beginnings(one: Pattern) -> set[str]:
    """A verb of one word begins with the same character in all forms, but for 来る and the like."""
    return {one.inflected[0]} | ({"き", "こ"} if one.inflected == "くる" else set())


class Glossary:
    """Terms of both directions.

    Args:
        entries: in order; entries for one term are taken together, the first one is preferred.

    Raises:
        DependencyError: SudachiPy is not installed (when a term is first looked for).
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)
        self._indices: dict[Direction, _Index] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def _index(self, direction: Direction) -> _Index:
        source: Language = "en" if direction == "en-ja" else "ja"
        target: Language = "ja" if direction == "en-ja" else "en"
        gathered: dict[str, tuple[Entry, str, list[str], list[str]]] = {}
        for entry in self.entries:
            if direction not in entry.directions:
                continue
            for text in entry.texts(source):
                _, _, targets, unwanted = gathered.setdefault(term_key(text), (entry, text, [], []))
                targets += entry.texts(target)
                unwanted += [one for one in entry.forbidden if language_of_term(one) == target]
        index = _Index()
        for entry, text, targets, unwanted in gathered.values():
            term = pattern(text, source, entry.kind)
            if term.words:
                index.add(
                    Rule(
                        entry,
                        term,
                        tuple(pattern(one, target, entry.kind) for one in dict.fromkeys(targets)),
                        tuple(pattern(one, target, entry.kind) for one in dict.fromkeys(unwanted)),
                    )
                )
        return index

    def find(self, text: str, to: Language) -> list[Hit]:
        """The terms in a sentence that is to be translated to `to`, the longest where they overlap.

        Looking 1,000 terms up in a sentence takes well under a millisecond beside its analysis.
        """
        direction: Direction = "en-ja" if to == "ja" else "ja-en"
        index = self._indices.get(direction)
        if index is None:
            index = self._indices[direction] = self._index(direction)
        if not index.rules:
            return []
        analysed = analyse(text, "en" if to == "ja" else "ja")
        found = [
            (span, one, rule)
            for one, rule in index.candidates(analysed)
            for span in one.spans(analysed)
        ]
        rules = {(span, id(one)): rule for span, one, rule in found}
        kept = longest([(span, one) for span, one, _ in found])
        return [Hit(span, one, rules[span, id(one)]) for span, one in kept]


def term_key(text: str) -> str:
    """What makes two terms the same one: capitals and widths do not."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def language_of_term(text: str) -> Language:
    """Japanese if there is any Japanese character in it."""
    return "ja" if _JAPANESE.search(text) else "en"


def uses(hits: Sequence[Hit], target: str, to: Language) -> list[TermUse]:
    """For every hit whether the translation has it as told; each place in it counts once."""
    if not hits:
        return []
    text = analyse(target, to)
    free = longest(
        [
            (span, one)
            for one in {id(p): p for hit in hits for p in hit.rule.targets}.values()
            for span in one.spans(text, loose=True)
        ]
    )
    made = []
    for hit in hits:
        wanted = {one.text for one in hit.rule.targets}
        place = next((at for at, (_, one) in enumerate(free) if one.text in wanted), None)
        if place is not None:
            free.pop(place)
        made.append(TermUse(hit.pattern.text, hit.target.text, place is not None))
    return made


def repeated(hits: Sequence[Hit], target: str, to: Language) -> list[str]:
    """Terms that stand more often in the translation than in the source."""
    text = analyse(target, to)
    rules = {id(hit.rule): hit.rule for hit in hits}
    times = Counter(id(hit.rule) for hit in hits)
    return [
        rule.targets[0].text
        for key, rule in rules.items()
        if len(longest([(span, one) for one in rule.targets for span in one.spans(text)]))
        > times[key]
    ]


def forbidden(hits: Sequence[Hit], target: str, to: Language) -> list[tuple[str, str]]:
    """Words that must not be used for a term but stand in the translation: (term, word)."""
    rules = {id(hit.rule): hit for hit in hits if hit.rule.forbidden}
    if not rules:
        return []
    text = analyse(target, to)
    right = [
        span for hit in hits for one in hit.rule.targets for span in one.spans(text, loose=True)
    ]
    return [
        (hit.pattern.text, one.text)
        for hit in rules.values()
        for one in hit.rule.forbidden
        if any(
            not any(good.start <= span.start and span.end <= good.end for good in right)
            for span in one.spans(text)
        )
    ]


@dataclass(frozen=True, slots=True)
class TermReport:
    """What became of the terms of a whole text.

    Attributes:
        occurrences: how often a term of the glossary stood in the source.
        applied: how often the translation has it as told.
        missed: the others: place of the segment, term, what should have been said.
    """

    occurrences: int
    applied: int
    missed: tuple[tuple[str, str, str], ...]


def term_report(segments: Iterable[SegmentTranslation]) -> TermReport:
    """Count the terms of translated segments."""
    told = [
        (segment.place, use)
        for segment in segments
        for sentence in segment.sentences
        for use in sentence.terms
    ]
    missed = tuple((place, use.source, use.target) for place, use in told if not use.applied)
    return TermReport(len(told), len(told) - len(missed), missed)
