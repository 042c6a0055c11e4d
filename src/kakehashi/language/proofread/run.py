"""Apply the rules to a document, and write safe suggestions back into it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from kakehashi.documents.base import Document, Mark, Segment
from kakehashi.errors import InputError
from kakehashi.language.proofread.catalogue import reason
from kakehashi.language.proofread.finding import Finding
from kakehashi.language.proofread.rule import RULES, Rule
from kakehashi.language.proofread.view import Hit, Limits, View
from kakehashi.language.results import Style
from kakehashi.language.translate import paragraphs

SENTENCE: Final = 120
# 「公用文作成の考え方」 asks for short sentences; its commentary names 50 to 60 characters.
OFFICIAL_SENTENCE: Final = 60
COMMAS: Final = 6
# A finding of so many characters is about the sentence, not about the code in it.
_WHOLE: Final = 40


@dataclass(frozen=True, slots=True)
class Options:
    """What is looked for.

    Attributes:
        only: ids of the rules to apply; empty: all.
        skip: ids of rules to leave out.
        style: what the document should be in; None: what most of it is in.
        official: apply the rules of official writing as well.
        max_sentence: characters from which a sentence is long; None: 120, official 60.
        max_commas: commas from which a sentence has many.
    """

    only: Collection[str] = ()
    skip: Collection[str] = ()
    style: Style | None = None
    official: bool = False
    max_sentence: int | None = None
    max_commas: int = COMMAS

    def rules(self) -> list[Rule]:
        """The rules to apply.

        Raises:
            InputError: an unknown rule or style.
        """
        for name in (*self.only, *self.skip):
            if name not in RULES:
                raise InputError(
                    f"there is no rule '{name}'", hint="the rules are: " + ", ".join(RULES)
                )
        if self.style is not None and self.style not in get_args(Style):
            raise InputError(f"'{self.style}' is not a style", hint="choose polite or plain")
        return [
            one
            for one in RULES.values()
            if one.id not in self.skip
            and (one.id in self.only if self.only else self.official or not one.official)
        ]


def proofread(segments: Sequence[Segment], options: Options | None = None) -> list[Finding]:
    """Findings in Japanese text, in reading order; text without kana or kanji has none.

    Code, URLs and placeholders (protected marks) are left alone. Of two findings whose
    suggestions lead to the same text the first one is kept.

    Raises:
        InputError: see `Options.rules`.
        DependencyError: SudachiPy is not installed.
    """
    options = options or Options()
    rules = options.rules()
    most = options.max_sentence or (OFFICIAL_SENTENCE if options.official else SENTENCE)
    view = View(segments, options.style, options.official, Limits(most, options.max_commas))
    found: list[tuple[int, Finding]] = []
    seen: set[tuple[int, int, int, str]] = set()
    for rule in rules:
        for hit in rule.find(view):
            if hit.end - hit.start < _WHOLE and view.touches_protected(hit):
                continue
            key = (hit.segment, *_change(segments[hit.segment].text, hit, rule))
            if key not in seen:
                seen.add(key)
                found.append((hit.segment, _finding(rule, hit, segments[hit.segment])))
    found.sort(key=lambda one: (one[0], one[1].start, one[1].end))
    return [finding for _, finding in found]


def proofread_text(text: str, options: Options | None = None) -> list[Finding]:
    """Findings in a plain text, its paragraphs as segments. Raises as `proofread`."""
    return proofread(paragraphs(text)[0], options)


def _change(text: str, hit: Hit, rule: Rule) -> tuple[int, int, str]:
    """What a suggestion really changes: the same for くだい → ください and だい → ださい."""
    start, end, new = hit.start, hit.end, hit.suggestion
    if new is None:
        return start, end, "\0" + rule.id
    at = 0
    while at < min(len(new), end - start) and text[start + at] == new[at]:
        at += 1
    start, new = start + at, new[at:]
    while new and end > start and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return start, end, new


def _finding(rule: Rule, hit: Hit, segment: Segment) -> Finding:
    text = segment.text[hit.start : hit.end]
    before = segment.text[: hit.start]
    japanese, english = reason(rule.id, text, hit.suggestion, hit.detail)
    return Finding(
        rule.id,
        rule.severity,
        segment.id,
        segment.place,
        before.count("\n") + 1,
        hit.start - (before.rfind("\n") + 1) + 1,
        hit.start,
        hit.end,
        text,
        japanese,
        english,
        hit.suggestion,
        hit.suggestion is not None and (rule.safe if hit.safe is None else hit.safe and rule.safe),
    )


def apply_fixes(document: Document, findings: Iterable[Finding]) -> list[Finding]:
    """Put the safe suggestions into the document; marks keep their words.

    Returns:
        The findings that were put in. Of two that overlap, the first one is.
    """
    segments = {one.id: one for one in document.segments}
    chosen: dict[int, list[Finding]] = {}
    for one in sorted(findings, key=lambda f: (f.segment, f.start, -f.end)):
        taken = chosen.setdefault(one.segment, [])
        if one.safe and one.suggestion is not None and (not taken or taken[-1].end <= one.start):
            taken.append(one)
    done: list[Finding] = []
    for number, taken in chosen.items():
        if taken:
            segment = segments[number]
            text, marks = _replaced(segment, taken)
            document.replace(number, text, marks)
            done += taken
    return done


def _replaced(segment: Segment, taken: Sequence[Finding]) -> tuple[str, tuple[Mark, ...]]:
    pieces: list[str] = []
    at = 0
    for one in taken:
        pieces += [segment.text[at : one.start], one.suggestion or ""]
        at = one.end
    text = "".join([*pieces, segment.text[at:]])

    def moved(position: int, *, end: bool) -> int:
        shift = 0
        for one in taken:
            size = len(one.suggestion or "")
            if position >= one.end and (position > one.start or one.start == one.end):
                shift += size - (one.end - one.start)
            elif position > one.start:
                # An edge inside of what was replaced takes in all of it or none of it.
                return one.start + shift + (size if end else 0)
        return position + shift

    marks = tuple(
        Mark(
            moved(mark.start, end=mark.start == mark.end),
            max(moved(mark.start, end=mark.start == mark.end), moved(mark.end, end=True)),
            mark.key,
            mark.protected,
        )
        for mark in segment.marks
    )
    return text, marks
