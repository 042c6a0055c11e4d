"""Find terms in a sentence: on token boundaries and dictionary forms, the longest first.

Japanese: a term matches where SudachiPy (mode C) begins and ends a word, so that 市長 does not
match inside 市長選挙; its last word may be inflected. English: words are compared by their forms
(`english_forms`) and lemmas (simplemma); hyphens, spaces and line breaks between them are the
same; TERMS IN CAPITALS and names match as they are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from kakehashi.language.english_forms import forms
from kakehashi.language.morphology import morphemes
from kakehashi.language.results import Language

Kind = Literal["noun", "name", "verb", "other"]

_HYPHENS: Final = "‐‑‒–\\-"
_TOKEN: Final = re.compile(rf"[^\W_]+|[^\w\s{_HYPHENS}]|_")
# What stands in the place of する: 提出できる, ご提出ください, 提出を行う.
_SURU_WORDS: Final = "する 為る できる 出来る いたす 致す なさる くださる 下さる いただく 頂く 願う"
_SURU: Final = frozenset(_SURU_WORDS.split())
_DO: Final = _SURU | {"行う", "行なう", "おこなう", "実施"}


_PREPOSITIONS: Final = frozenset(("of", "for", "in", "on", "to", "at", "by", "from", "with"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an analysed sentence.

    Attributes:
        start, end: offsets into the sentence as it was given.
        text: folded to NFKC (the case is kept).
        base: dictionary form (Japanese) or lemma in lower case (English).
        kind: Japanese part of speech (名詞 …); empty in English.
        form: Japanese inflected form (連用形-一般 …); empty if there is none.
        gap: what stands between the word before and this one, folded; English only.
        known: the dictionary knows it (Japanese).
    """

    start: int
    end: int
    text: str
    base: str
    kind: str = ""
    form: str = ""
    gap: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Analysed:
    """A sentence with its words."""

    text: str
    language: Language
    words: tuple[Word, ...]
    plain: str
    """The text folded to NFKC, one character or more for each of `text`."""
    at: tuple[int, ...]
    """For each offset into `plain` (and its end) the offset into `text`."""
    bounds: frozenset[int]
    """Offsets into `plain` where a word begins or ends."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a pattern stands: offsets into the text; `last` is the inflected word, if any."""

    start: int
    end: int
    last: Word | None = None
    first: Word | None = None


def analyse(text: str, language: Language) -> Analysed:
    """Cut a sentence into words.

    Raises:
        DependencyError: SudachiPy is not installed (Japanese only).
    """
    plain, at = _folded(text)
    words = tuple(_japanese(plain, at) if language == "ja" else _english(plain, at))
    bounds: set[int] = {0, len(plain)}
    if language == "ja":
        spot = 0
        for word in words:
            bounds.update((spot, spot + len(word.text)))
            spot += len(word.text)
    return Analysed(text, language, words, plain, at, frozenset(bounds))


def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """NFKC, a half-width kana with its sound mark as one, and where each character came from."""
    plain: list[str] = []
    at: list[int] = []
    index = 0
    while index < len(text):
        width = 2 if text[index + 1 : index + 2] in ("ﾞ", "ﾟ") and index + 1 < len(text) else 1
        folded = unicodedata.normalize("NFKC", text[index : index + width]).replace("’", "'")
        plain.append(folded)
        at.extend([index] * len(folded))
        index += width
    at.append(len(text))
    return "".join(plain), tuple(at)


def _japanese(plain: str, at: tuple[int, ...]) -> Iterator[Word]:
    spot = 0
    for one in morphemes(plain):
        surface = one.surface()
        end = spot + len(surface)
        kind = one.part_of_speech()
        yield Word(
            at[spot], at[end], surface, one.dictionary_form(), kind[0],
            "" if kind[5] == "*" else kind[5], known=not one.is_oov(),
        )  # fmt: skip
        spot = end


def _english(plain: str, at: tuple[int, ...]) -> Iterator[Word]:
    last = 0
    for match in _TOKEN.finditer(plain):
        start, end = match.span()
        gap = re.sub(rf"[\s{_HYPHENS}]+", " ", plain[last:start])
        text = match.group()
        yield Word(at[start], at[end], text, lemma(text), gap=gap)
        last = end


@cache
def lemma(word: str) -> str:
    """The lemma of an English word, in lower case."""
    import simplemma  # here, since a translation without a glossary should not wait for it

    low = word.lower()
    return simplemma.lemmatize(low, "en").lower() if low.isalpha() else low


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term in one language, ready to be looked for.

    Attributes:
        language: of the term.
        text: the term as it was given.
        kind: part of speech, "other" if nobody said.
        words: of the term.
        stem: Japanese: what stands before the word that inflects, or all of it.
        inflected: Japanese: dictionary form of the word that inflects; empty if none does.
    """

    language: Language
    text: str
    kind: Kind
    words: tuple[Word, ...]
    stem: str
    inflected: str = ""

    @property
    def suru(self) -> bool:
        """A noun with する: the noun alone is a form of it."""
        return self.inflected == "する" and bool(self.stem)

    def spans(self, text: Analysed, *, loose: bool = False) -> Iterator[Span]:
        """Where it stands in a sentence of its language, from the left.

        `loose`: in a translation, the noun of a verb with する is taken for it (提出が遅れる), and
        three characters or more of a noun need not be whole words (育児休業 in 育児休業中).
        """
        if self.language == "en":
            for place in range(len(text.words) - len(self.words) + 1):
                if self._english_at(text, place):
                    found = text.words[place : place + len(self.words)]
                    yield Span(found[0].start, found[-1].end, found[-1], found[0])
            return
        starts = {word.start: place for place, word in enumerate(text.words)}
        spot = text.plain.find(self.stem)
        while spot >= 0:
            span = self._japanese_at(text, spot, starts, loose)
            if span is not None:
                yield span
            spot = text.plain.find(self.stem, spot + 1)

    def _english_at(self, text: Analysed, place: int) -> bool:
        if len(self.words) == 1 and place and _measures(text.words[place - 1], self.words[0]):
            return False
        shouting = not any(char.islower() for char in text.text)
        for offset, term in enumerate(self.words):
            word = text.words[place + offset]
            if offset and word.gap != term.gap and {word.gap, term.gap} != {"", " "}:
                return False
            if offset and not word.gap and term.gap and word.text.isalnum():
                return False
            # The head of "request for approval" is what has a plural.
            head = self.words[offset + 1 : offset + 2]
            last = not head or head[0].text.lower() in _PREPOSITIONS
            if not _same(term, word, self.kind, first=offset == 0, last=last, shouting=shouting):
                return False
        return True

    def _japanese_at(
        self, text: Analysed, spot: int, starts: dict[int, int], loose: bool
    ) -> Span | None:
        end = spot + len(self.stem)
        if not (loose and not self.inflected and end - spot >= _PLAIN) and not (
            _bound(text, spot, self.text) and (self.inflected or _bound(text, end, self.text))
        ):
            return None
        if not self.inflected:
            return Span(text.at[spot], text.at[end])
        if end not in text.bounds or text.at[end] not in starts:
            return Span(text.at[spot], text.at[end]) if loose and self.suru else None
        following = text.words[starts[text.at[end]] :]
        first = following[0]
        if first.base == self.inflected or (self.suru and first.base in _SURU):
            return Span(text.at[spot], first.end, first)
        if self.suru and first.text == "を":
            rest = [one for one in following[1:3] if one.text not in ("お", "ご")]
            if rest and rest[0].base in _DO:
                return Span(text.at[spot], text.at[end])
        return Span(text.at[spot], text.at[end]) if loose and self.suru else None


def pattern(text: str, language: Language, kind: Kind = "other") -> Pattern:
    """Make a pattern of a term."""
    analysed = analyse(text.strip(), language)
    words = analysed.words
    if language == "en":
        return Pattern("en", text.strip(), kind, words, "")
    last = words[-1] if words else None
    if last is not None and last.form and last.base == last.text:
        stem = analysed.plain[: len(analysed.plain) - len(last.text)]
        return Pattern(
            "ja", text.strip(), "verb" if kind == "other" else kind, words, stem, last.base
        )
    return Pattern("ja", text.strip(), kind, words, analysed.plain)


def _same(term: Word, word: Word, kind: Kind, *, first: bool, last: bool, shouting: bool) -> bool:
    """Whether a word of a sentence is (a form of) a word of a term."""
    if term.text.isupper() and len(term.text) > 1:
        return not shouting and word.text in (term.text, term.text + "s")
    if kind == "name" and term.text[:1].isupper():
        return word.text in (term.text, term.text.upper())
    low, seen = term.text.lower(), word.text.lower()
    if low == seen:
        return True
    verbal = kind in ("verb", "other") and (first if kind == "verb" else True)
    noun = kind != "verb" and last
    if not (verbal or noun) or not low.isalpha():
        return False
    if seen in forms(low, noun=noun, verbal=verbal):
        return True
    if term.base != low or word.base != low:
        return False
    return verbal or seen not in forms(low, noun=False) - {low}


_UNIT_WORDS: Final = "minutes minute seconds second hours hour yards yard feet foot"
_UNITS: Final = frozenset(_UNIT_WORDS.split())
_COUNT_WORDS: Final = """a one two three four five six seven eight nine ten
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety hundred thousand few several many"""
_COUNTS: Final = frozenset(_COUNT_WORDS.split())


def _measures(before: Word, term: Word) -> bool:
    """Whether a term is a unit after a number here: thirty minutes are no 議事録."""
    if term.text.lower() not in _UNITS:
        return False
    return before.text[-1].isdigit() or before.text.lower() in _COUNTS


def _bound(text: Analysed, spot: int, term: str) -> bool:
    """Whether a word begins or ends at an offset into the folded text.

    A long term counts, too, where kana meet kanji or katakana inside what the dictionary takes
    for one word: names are often cut in the wrong place.
    """
    if spot in text.bounds:
        return True
    if len(term) < _SURE or not 0 < spot < len(text.plain):
        return False
    return _script(text.plain[spot - 1]) != _script(text.plain[spot])


_SURE: Final = 4
_PLAIN: Final = 3


def _script(char: str) -> str:
    if "\u3041" <= char <= "\u309f":
        return "hiragana"
    if "\u30a0" <= char <= "\u30ff":
        return "katakana"
    return "latin" if char.isascii() else "kanji"


def longest(found: Sequence[tuple[Span, Pattern]]) -> list[tuple[Span, Pattern]]:
    """Of spans that overlap, keep the longest; in reading order."""
    kept: list[tuple[Span, Pattern]] = []
    for span, one in sorted(found, key=lambda each: (each[0].start - each[0].end, each[0].start)):
        if all(span.end <= other.start or other.end <= span.start for other, _ in kept):
            kept.append((span, one))
    return sorted(kept, key=lambda each: each[0].start)
