"""Numbers that a small model must not touch: written by rule before it reads, mended after.

A model of 270 M parameters makes 2.9 バニードル of 2.9 billion yen, but copies 29億円 as it is. So
the figures of a sentence are put into the source the way the target language writes them
(`prepare`), and come out in the style of the house (`settle`). The result is compared with the
true source by the checks, like any other; what is still wrong and can only be one thing is
mended (`mend`). Measured on 2 × 110 sentences of tests/language/figure_sentences.py with the
shipped model (2026-11), right at the first try: 39 → 90 into Japanese, 38 → 83 into English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kakehashi.language.checks import NUMBER_CODES, numbers
from kakehashi.language.flags import Flag, flag, weight
from kakehashi.language.results import Change, Language
from kakehashi.text import rendering
from kakehashi.text.figure_mismatch import same_day, same_value
from kakehashi.text.figures import Figure, calendar_doubts, figures
from kakehashi.text.number import FOLD
from kakehashi.text.units import UNITS

_SHARED: Final = re.compile(r"\s?(?:[〜~～・、-]|から|to|or|and|–|—)\s?")
_WIDE: Final = re.compile(
    "[０-９Ａ-Ｚａ-ｚ]|(?<=[0-9０-９])[，．：％](?=[0-9０-９])|(?<=[0-9０-９])％"
)
_WIDE_DIGIT: Final = re.compile("[０-９]")
_KANJI_NUMERAL: Final = re.compile("[〇一二三四五六七八九十百千]")
# 150円台, 1万円札: the suffix belongs to the number and has its own word in English.
_BOUND: Final = re.compile("[台札玉区玄]|余り?|未")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure: as the source has it, as the model reads it, as it is written in the end."""

    source: str
    read: str
    written: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source with its figures written as the target language writes them."""

    text: str
    placed: tuple[Placed, ...] = ()


def prepare(source: str, to: Language, keep: Iterable[str] = ()) -> Prepared:
    """Write the figures of `source` by the rules of the target language.

    Args:
        source: a sentence.
        to: the language it is translated into.
        keep: texts that are left alone wherever they stand (code, URLs, placeholders).

    >>> prepare("Sales were $2.9 billion on April 15, 2024.", "ja").text
    'Sales were 29億ドル on 2024年4月15日.'
    >>> prepare("二億九千万円を午後3時半に", "en").text
    '290 million yenを3:30 p.m.に'
    """
    kept = [
        (match.start(), match.end())
        for text in set(keep)
        if text
        for match in re.finditer(re.escape(text), source)
    ]
    found = figures(source)
    parts: list[str] = []
    placed: list[Placed] = []
    end = 0
    for at, figure in enumerate(found):
        if any(figure.start < stop and start < figure.end for start, stop in kept):
            continue
        both = _shared_scale(source, found, at, to) or _written(source, figure, to)
        if both is None or both[0] == figure.text:
            continue
        parts += [source[end : figure.start], both[0]]
        placed.append(Placed(figure.text, *both))
        end = figure.end
    return Prepared("".join([*parts, source[end:]]), tuple(placed))


def _shared_scale(
    source: str, found: Sequence[Figure], at: int, to: Language
) -> tuple[str, str] | None:
    """The 2 of "2 to 3 million" and of 2〜3億円, which only says 2 million with its neighbour."""
    if at + 1 >= len(found):
        return None
    one, other = found[at], found[at + 1]
    if one.kind != "number" or not other.scaled or one.scaled:
        return None
    if not _SHARED.fullmatch(source[one.end : other.start]):
        return None
    larger = [value for number in one.numbers for value in number.alternatives]
    if not larger:
        return None
    return _digits(max(larger), True, to)


def _written(source: str, figure: Figure, to: Language) -> tuple[str, str] | None:
    """What the model reads and what is written in the end; None: left to the model."""
    if figure.kind not in ("date", "time") and any(
        number.strength == "weak" for number in figure.numbers
    ):
        return None
    if figure.day is not None:
        return _date(figure, to)
    if figure.kind == "number":
        return _digits(figure.value, figure.scaled, to) if _worth(figure, to) else None
    if figure.clock is not None and to == "ja" and not figure.clock.half:
        return None
    written = rendering.render(figure, to)
    if written is None or (figure.kind == "fraction" and "/" in figure.text):
        return None
    if figure.kind != "money" or figure.unit is None:
        return written, written
    if to == "en" and _BOUND.match(source, figure.end):
        return None
    digits = _digits(figure.value, figure.scaled, to)
    if digits is None:
        return None
    # The words, not the sign: the shipped model makes $2.35 million of €2.35 million.
    return digits[0] + ("" if to == "ja" else " ") + _unit_word(figure, to), written


def _unit_word(figure: Figure, to: Language) -> str:
    unit = figure.unit or UNITS["JPY"]
    return unit.ja if to == "ja" else unit.en


def _date(figure: Figure, to: Language) -> tuple[str, str] | None:
    day = figure.day
    if day is None:
        return None
    if to == "ja":
        if day.day is None and day.year is None:
            return None  # April may be a person; the check sees a month that is another
        text = rendering.japanese_day(day)
        return None if text is None else (text, text)
    if day.month is None and not day.fiscal:
        return (f"{day.year}年", str(day.year)) if day.year else None
    if day.day is None and day.year is None and _KANJI_NUMERAL.match(figure.text):
        return None
    text = rendering.english_day(day)
    return None if text is None else (text, text)


def _digits(value: Fraction, scaled: bool, to: Language) -> tuple[str, str] | None:
    """A number for the model, which copies 182000 but not 182,000 or "trillion", and for people."""
    if to == "ja":
        written = rendering.japanese_number(value, scaled=scaled)
        return None if written is None else (written.replace(",", ""), written)
    written = rendering.english_number(value)
    if written is None:
        return None
    if written.endswith(" trillion"):
        billions = rendering.decimal(value / 10**9)
        return (f"{billions} billion" if billions else written), written
    return written, written


def _worth(figure: Figure, to: Language) -> bool:
    """Numbers without a unit: those with a scale, and those that the model miscopies."""
    if to == "ja":
        return figure.value >= 1000 and (figure.scaled or "," in figure.text)
    if _WIDE_DIGIT.search(figure.text):
        return True
    if _KANJI_NUMERAL.match(figure.text):
        return len(figure.text) > 1  # 四日市, 八戸, 三島 are places
    return figure.scaled


def keeps_wide(texts: Iterable[str]) -> bool:
    """Whether a document writes its digits in full width throughout: then they stay so.

    In Japanese typesetting that is a convention of its own; one half-width digit shows that the
    document does not follow it.
    """
    whole = "".join(texts)
    return bool(_WIDE_DIGIT.search(whole)) and not re.search("[0-9]", whole)


def settle(
    source: str, target: str, prepared: Prepared, to: Language, *, wide: bool = False
) -> tuple[str, tuple[Change, ...]]:
    """A model's output in the style of the house: widths, commas, and the figures put back.

    Args:
        source: the sentence as it stands in the document.
        target: what the model made of `prepared`.
        wide: the document keeps full-width digits (see `keeps_wide`).
    """
    text = target if wide and to == "ja" else _WIDE.sub(_narrow, target)
    changes: list[Change] = []
    for one in prepared.placed:
        bounded = re.compile(rf"(?<![0-9.,]){re.escape(one.read)}(?![0-9]|[.,][0-9])")
        if bounded.search(text):
            text = one.written.join(bounded.split(text))
            changes.append(Change("placed", one.source, one.written))
    text = _commas(source, text)
    if to == "ja" and wide:
        return text, tuple(changes)
    if text != target and not changes:
        changes.append(Change("style", target, text))
    return text, tuple(changes)


def _narrow(match: re.Match[str]) -> str:
    return match[0].translate(FOLD)


def _commas(source: str, target: str) -> str:
    """1200円 → 1,200円, where the source has that amount and it is not a year or a code."""
    if not re.search(r"(?<![\d.])\d{4,}(?![\d-])", target):
        return target
    amounts = {
        one.value
        for one in figures(source)
        if one.kind in ("money", "measure") or (one.kind == "number" and not _like_year(one))
    }
    parts, end = [], 0
    for one in figures(target):
        if one.scaled or one.value not in amounts or one.kind in ("date", "time"):
            continue
        digits = re.search(r"(?<![\d.])\d{4,}", one.text)
        if digits is None or digits[0].startswith("0") or one.value.denominator != 1:
            continue
        at = one.start + digits.start()
        parts += [target[end:at], f"{int(digits[0]):,}"]
        end = at + len(digits[0])
    return "".join([*parts, target[end:]])


def _like_year(figure: Figure) -> bool:
    """Whether a bare number may be a year; in Japanese it would have 年 and be a date."""
    return bool(re.fullmatch(r"[12]\d{3}", figure.text.translate(FOLD)))


def alone(body: str, prepared: Prepared) -> str | None:
    """The translation of a text that is one figure and nothing else (a cell, a bold date)."""
    if len(prepared.placed) == 1 and prepared.placed[0].source == body.strip():
        return prepared.placed[0].written
    return None


def finish(
    source: str, target: str, flags: tuple[Flag, ...], to: Language
) -> tuple[str, tuple[Flag, ...], tuple[Change, ...]]:
    """The last word on a sentence's figures: mend what is clear, flag what is not.

    A mended text is kept only if fewer of its figures are wrong than before.
    """
    changes: tuple[Change, ...] = ()
    wrong = tuple(one for one in flags if one.code in NUMBER_CODES)
    if wrong:
        text, changes = mend(source, target, to)
        still = tuple(numbers(source, text)) if changes else wrong
        if weight(still) < weight(wrong):
            told = ", ".join(f"{one.before} → {one.after}" for one in changes)
            kept = tuple(one for one in flags if one.code not in NUMBER_CODES)
            target, flags = text, (*kept, *still, flag("number-repaired", told))
        else:
            changes = ()
    for figure in calendar_doubts(source):
        doubt = figure.day.doubt if figure.day else ""
        flags = (*flags, flag("date-impossible", figure.text, None if doubt == "no-day" else "low"))
    return target, flags, changes


# What shows that a figure was not read as a whole: it must not be replaced in part.
_BEFORE_FIGURE: Final = re.compile(r"[0-9万億兆$€£¥][,.]?$|(?:明治|大正|昭和|平成|令和)$")
_GOES_ON: Final = re.compile(
    r"[,.]?[0-9]|[万億兆円%％]|ドル|ユーロ|ポンド|\s?(?:[mbtr]+illion|yen|dollars|euros)\b"
)
_DATE_GOES_ON: Final = re.compile(r",?\s?\d")
_WEEKDAY_LEFT: Final = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s$")
_BROKEN_BEFORE: Final = re.compile(r"[$€£¥]?\d[\d,.]*[,.]$")
_BROKEN_AFTER: Final = re.compile(r"(?:[,.]\d+)+")
_CATEGORIES: Final = {"number": {"number", "money", "measure"}, "money": {"number", "money"}}
_GARBLED: Final = re.compile(
    r"\s?(?:[ァ-ヶー]{1,8}(?:ドル|円|ユーロ)|(?:ミリ|ビリ|トリ|バ)[ァ-ヶー]{1,5}(?:円|ドル|ユーロ)?"
    r"|[Tt]ri[a-z]{0,9}\b(?: yen| dollars| euros)?|[bB]ill[a-z]*\b(?: yen| dollars| euros)?"
    r"|\s?(?:yen|dollars|euros)\b)"
)
_AFTER_SUM: Final = re.compile(
    r"\s?[をがはにのとでもへやか、。，．）」)]|[.,;:)]|\s(?:in|to|on|for|by|from)\b"
)


def mend(source: str, target: str, to: Language) -> tuple[str, tuple[Change, ...]]:
    """Put the source's figures in the place of wrong ones, where it is clear which is which.

    A wrong figure of the target is paired with a lost one of the source when they are the only
    ones of their kind (date, time, sum, percentage, length …, plain number). Nothing is put
    where nothing stands.

    >>> mend("18,200 people paid $5.", "１８２０人が5ドルを払った。", "ja")[0]
    '18,200人が5ドルを払った。'
    """
    given = [one for one in figures(source) if _pairable(one)]
    made = [one for one in figures(target) if _pairable(one)]
    lost = [one for one in given if not any(_agree(one, other) for other in made)]
    wrong = [one for one in made if not any(_agree(other, one) for other in given)]
    spots: list[tuple[int, int, str]] = []
    for one in lost:
        rivals = [other for other in lost if other is not one and _kindred(other, one, to)]
        places = [other for other in wrong if _kindred(one, other, to)]
        if rivals or not places or len({other.text for other in places}) != 1:
            continue
        for place in places:
            start, end = _whole(target, place)
            if one.kind == "money" and place.unit is None:
                garbled = _GARBLED.match(target, end)
                end = garbled.end() if garbled else end
            text = _instead(one, place, to, alone=end > place.end or _alone(target, end))
            if one.day and (
                _DATE_GOES_ON.match(target, end) or _WEEKDAY_LEFT.search(target, 0, start)
            ):
                text = None  # January 1000, 2025: only a part of it was read as a date
            if text is not None:
                spots.append((start, end, text))
    spots.sort()
    parts, end, changes = [], 0, []
    for start, stop, text in spots:
        if start < end or _BEFORE_FIGURE.search(target, 0, start) or _GOES_ON.match(target, stop):
            return target, ()  # two figures for one place, or one that is only a part of it
        parts += [target[end:start], text]
        changes.append(Change("repaired", target[start:stop], text))
        end = stop
    return "".join([*parts, target[end:]]), tuple(changes)


def _whole(target: str, place: Figure) -> tuple[int, int]:
    """A figure with the broken digits beside it: the 1 of 1,20円."""
    before = _BROKEN_BEFORE.search(target, 0, place.start)
    after = _BROKEN_AFTER.match(target, place.end)
    return (before.start() if before else place.start), (after.end() if after else place.end)


def _pairable(figure: Figure) -> bool:
    return figure.kind != "code" and any(one.strength != "weak" for one in figure.numbers)


def _agree(one: Figure, other: Figure) -> bool:
    if one.day and other.day:
        return same_day(one.day, other.day)
    if one.clock and other.clock:
        return bool(one.clock.times & other.clock.times)
    if one.day or one.clock or other.day or other.clock:
        return len(one.numbers) == len(other.numbers) == 1 and same_value(one, other)
    if one.kind in ("money", "measure") and other.kind in ("money", "measure"):
        return one.unit == other.unit and same_value(one, other)
    if "percent" in (one.kind, other.kind) and one.kind != other.kind:
        return "fraction" in (one.kind, other.kind) and same_value(one, other)
    return same_value(one, other)


def _kindred(one: Figure, other: Figure, to: Language) -> bool:
    """Whether the second may be what became of the first."""
    if to == "en" and other.kind == "number" and _like_year(other) and not _like_year(one):
        return False
    if one.kind == other.kind == "measure":
        return (
            one.unit is not None and other.unit is not None and one.unit.group == other.unit.group
        )
    if one.day and other.day:
        return (one.day.month is None) == (other.day.month is None)
    return other.kind in _CATEGORIES.get(one.kind, {one.kind})


def _alone(target: str, end: int) -> bool:
    """Whether no unit follows: a particle, a sign or the end."""
    return not target[end:].strip() or bool(_AFTER_SUM.match(target, end))


def _instead(one: Figure, place: Figure, to: Language, *, alone: bool) -> str | None:
    """What is written in the place of a wrong figure; `alone`: no unit follows it."""
    if one.kind in ("date", "time", "percent", "fraction"):
        return rendering.render(one, to)
    if one.unit is not None and one.unit.group not in ("time", "age"):
        if place.unit is None and not alone:
            return None  # a counter or a unit in other words follows and would be said twice
        return rendering.render(one, to)
    number = _digits(one.value, one.scaled, to)
    if number is None or (place.unit is None) != (one.unit is None):
        return None
    tail = place.text[place.numbers[-1].end - place.start :]
    if one.unit is not None and one.unit != place.unit:
        tail = one.unit.ja if to == "ja" else f" {one.unit.en}"
    return number[1] + tail
