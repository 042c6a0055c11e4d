"""A document as the rules see it: sentences with their words, and the way back to the segment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from kakehashi.documents.base import Segment
from kakehashi.language.morphology import morphemes
from kakehashi.text import split
from kakehashi.text.chars import HALF_KANA, HIRAGANA, JAPANESE, KATAKANA, url_spans

_KANA: Final = re.compile(f"[{HIRAGANA}{KATAKANA}{HALF_KANA}]")
_BREAK: Final = re.compile(r"[ \t\u3000]*\n[ \t\u3000]*")
_JA: Final = re.compile(f"[{JAPANESE}、。，．「」（）]")
_MOST: Final = 12_000
# Text of these kinds has no sentences: it belongs to no style, and what it leaves out is no slip.
_LABELS: Final = frozenset(
    {"heading", "cell", "alt", "title", "axis title", "sheet name", "choice", "label"}
)
_BULLET: Final = re.compile(
    r"[ \t\u3000]*(?:[・●○■□◆◇▪▶►※☆★✓✔*+•‣◦→-]|[(（]?[\d０-９]{1,3}[.．)）]|[①-⑳⑴-⒇])[ \t\u3000]*"
)
# So many paragraphs of a speech may stand between its marks.
_SPEECH: Final = 20
_QUOTES: Final = {"「": "」", "『": "』", "“": "”", "‘": "’", "〝": "〟"}
_CLOSERS: Final = frozenset(_QUOTES.values())


@dataclass(frozen=True, slots=True)
class Token:
    """A word; `start` and `end` are offsets into `Sentence.text`."""

    surface: str
    start: int
    end: int
    pos: tuple[str, ...]
    normal: str
    base: str
    reading: str
    unknown: bool

    @property
    def kind(self) -> str:
        """The part of speech (動詞, 助詞 …)."""
        return self.pos[0]

    @property
    def form(self) -> str:
        """The conjugated form (連用形-一般 …); "*" for words that do not conjugate."""
        return self.pos[5]

    @property
    def row(self) -> str:
        """The conjugation (五段-カ行 …); "*" for words that do not conjugate."""
        return self.pos[4]


def tokens_of(text: str) -> Iterator[Token]:
    """The words of `text`, of any length."""
    for offset in range(0, len(text), _MOST):
        for one in morphemes(text[offset : offset + _MOST]):
            yield Token(
                one.surface(),
                one.begin() + offset,
                one.end() + offset,
                one.part_of_speech(),
                one.normalized_form(),
                one.dictionary_form(),
                one.reading_form(),
                one.is_oov(),
            )


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found, before it is told in words.

    Attributes:
        segment: position of the segment in the view.
        start, end: offsets into the segment's text.
        suggestion: the replacement; None if there is none.
        safe: overrules what the rule says about its suggestions.
        detail: goes into the reason.
    """

    segment: int
    start: int
    end: int
    suggestion: str | None = None
    safe: bool | None = None
    detail: str = ""


class Sentence:
    """A sentence, its hard line breaks taken out.

    Attributes:
        segment: position of its segment in the view.
        text: as it is read.
        prose: it is running text, not a heading, a cell or an item of a list.
    """

    def __init__(
        self, segment: int, raw: str, start: int, *, prose: bool, mask: list[bool]
    ) -> None:
        self.segment = segment
        self.prose = prose
        self._mask = mask
        self._origin: list[int] = []
        parts: list[str] = []
        at = 0
        body = raw.rstrip()
        for match in _BREAK.finditer(body):
            parts.append(body[at : match.start()])
            self._origin.extend(range(start + at, start + match.start()))
            before, after = body[: match.start()][-1:], body[match.end() :][:1]
            if not (_JA.match(before) and _JA.match(after)):
                parts.append(" ")
                self._origin.append(start + match.start())
            at = match.end()
        parts.append(body[at:])
        self._origin.extend(range(start + at, start + len(body)))
        self._end = start + len(body)
        self.text = "".join(parts)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words; none if there is no kana in it (then it is hardly a sentence)."""
        return tuple(tokens_of(self.text)) if _KANA.search(self.text) else ()

    def quoted(self, at: int) -> bool:
        """Whether the character at `at` stands inside quotation marks."""
        return at < len(self._origin) and self._mask[self._origin[at]]

    @cached_property
    def bullet(self) -> int:
        """How many characters of a bullet or number it begins with."""
        match = _BULLET.match(self.text)
        return match.end() if match else 0

    def hit(
        self,
        start: int,
        end: int,
        suggestion: str | None = None,
        *,
        safe: bool | None = None,
        detail: str = "",
    ) -> Hit:
        """A hit over `text[start:end]`."""
        low = self._origin[start] if start < len(self._origin) else self._end
        high = self._origin[end - 1] + 1 if end > start else low
        if high - low != end - start:  # a line break inside: a person puts it right
            safe = False
        return Hit(self.segment, low, high, suggestion, safe, detail)


def _quotations(segments: Sequence[Segment]) -> list[list[bool]]:
    """For each character of each segment, whether it stands in quotation marks.

    A mark without its partner quotes to the end of its segment, or from its beginning; a speech
    of several paragraphs that is closed at last is quoted from its first mark on.
    """
    masks: list[list[bool]] = []
    open_from: int | None = None
    for place, segment in enumerate(segments):
        mask = [False] * len(segment.text)
        stack: list[tuple[str, int]] = []
        for at, char in enumerate(segment.text):
            if char in _QUOTES:
                stack.append((_QUOTES[char], at))
            elif char in _CLOSERS:
                start = -1
                if any(close == char for close, _ in stack):
                    while stack:
                        close, start = stack.pop()
                        if close == char:
                            break
                elif open_from is not None and place - open_from <= _SPEECH:
                    for number in range(open_from + 1, place):
                        masks[number] = [True] * len(masks[number])
                    open_from = None
                mark = max(start, 0)
                mask[mark : at + 1] = [True] * (at + 1 - mark)
        if stack:
            start = stack[0][1]
            mask[start:] = [True] * (len(mask) - start)
            open_from = place if open_from is None or place - open_from > _SPEECH else open_from
        masks.append(mask)
    return masks


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as too much; see `Options` of `run`."""

    sentence: int = 120
    commas: int = 6


@dataclass(slots=True)
class View:
    """The whole document.

    Attributes:
        segments: in reading order.
        style: "polite" or "plain" if the caller says which one it should be in.
        official: the rules of official writing were asked for.
    """

    segments: Sequence[Segment]
    style: str | None = None
    official: bool = False
    limits: Limits = field(default_factory=Limits)
    sentences: tuple[Sentence, ...] = field(init=False)
    _protected: dict[int, list[tuple[int, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.sentences = tuple(self._split())

    def _split(self) -> Iterator[Sentence]:
        for place, (segment, mask) in enumerate(
            zip(self.segments, _quotations(self.segments), strict=True)
        ):
            at = 0
            label = segment.kind in _LABELS
            for raw in split(segment.text, "ja"):
                lead = len(raw) - len(raw.lstrip())
                if raw.strip():
                    prose = not label and not _BULLET.match(raw[lead:])
                    yield Sentence(place, raw[lead:], at + lead, prose=prose, mask=mask)
                at += len(raw)

    def touches_protected(self, hit: Hit) -> bool:
        """Whether a hit lies on what is not language: code, placeholders, URLs."""
        spans = self._protected.get(hit.segment)
        if spans is None:
            segment = self.segments[hit.segment]
            spans = [(mark.start, mark.end) for mark in segment.marks if mark.protected]
            spans += url_spans(segment.text)
            self._protected[hit.segment] = spans
        return any(start < hit.end and hit.start < end for start, end in spans)
