"""Look at a translation with suspicion: what can be seen to be wrong without knowing better.

Each check is a function of source and target that yields flags; `check` runs them all. The
bounds were measured on human translations (see the constants); a check that fires on more than
one good translation in a hundred is not worth a reader's time.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from kakehashi.engine.base import StopReason
from kakehashi.language.currencies import exchanged
from kakehashi.language.flags import Flag, flag
from kakehashi.language.morphology import morphemes
from kakehashi.language.results import Language
from kakehashi.text import detect, latin_names, number_mismatch
from kakehashi.text.figure_mismatch import figure_mismatch
from kakehashi.text.figures import figures

_JAPANESE: Final = re.compile(r"[\u3041-\u30fa\u30fc\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d々〆]")
_KANA: Final = re.compile(r"[\u3041-\u3096]")
_KANJI: Final = re.compile(r"[\u4e00-\u9fff]")
# A capitalised word that does not begin the sentence: "Mr. Yamada", "by Taro".
_CAPITALISED: Final = re.compile(r"(?<=[a-z.,] )[A-Z][a-z]+|^[A-Z][a-z]+ [A-Z][a-z]+")
_WORD: Final = r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’\-]*"
_LATIN_WORD: Final = re.compile(_WORD)
_LATIN_RUN: Final = re.compile(rf"{_WORD}(?:[ ,;:]+{_WORD})*")
_URL: Final = re.compile(r"https?://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

# ln(Japanese characters / English characters), white space left out, of human translations: the
# middle, and the room on either side, (a, b) for a + b / sqrt(n) with n the English length. Set on
# the even-numbered lines of NTREX, newstest2020, WMT22, Tatoeba and business dialogue (2026-11) so
# that on each of them fewer than 1 line in 100 is called too long or too short.
_CENTRE: Final = -0.75
_MORE: Final = (0.30, 4.0)
_LESS: Final = (0.60, 1.8)

# A string of up to 30 characters that stands five times on end (four when it is long) is a loop;
# laughter, dashes and onomatopoeia repeat one or two characters more often than that.
_LOOP: Final = re.compile(r"(.{3,40}?)\1{3,}", re.DOTALL)
_LOOP_SHORT: Final = re.compile(r"(?P<unit>[^\W\d_]{1,2})(?P=unit){7,}")
_GRAM: Final = 8
# What `figure_mismatch` finds → the flag it becomes.
_FIGURE_FLAGS: Final = {
    "date-changed": ("date", "weekday", "time"),
    "number-unit": ("unit", "unit-lost", "unit-added"),
    "year-doubtful": ("fiscal",),
}
NUMBER_CODES: Final = frozenset({"number-missing", "number-extra", *_FIGURE_FLAGS})
_REPEATED_SHARE: Final = 0.34


def check(
    source: str,
    target: str,
    to: Language,
    *,
    stop_reason: StopReason = "stop",
) -> tuple[Flag, ...]:
    """All flags of one translated sentence, the worst first found kept once per code.

    Args:
        source: the sentence as the model saw it.
        target: what it made of it.
        to: the language that was asked for.
        stop_reason: why the engine stopped; "length" is a flag of its own.
    """
    if not target.strip():
        return (flag("empty"),)
    found: list[Flag] = []
    looped = tuple(loops(source, target))
    found.extend(looped)
    if stop_reason == "length" and not looped:
        found.append(flag("cut-off", target[-20:]))
    language = tuple(wrong_language(source, target, to))
    found.extend(language)
    if not looped and not language:
        found.extend(length(source, target, to))
    if not any(one.code == "untranslated" for one in language):
        found.extend(numbers(source, target))
        found.extend(names(source, target, to))
        if (other := exchanged(source, target)) is not None:
            found.append(flag("currency-changed", other))
    return tuple(found)


def loops(source: str, target: str) -> Iterator[Flag]:
    """A string repeated on end, or most of the text made of the same strings."""
    if (match := _LOOP.search(target)) is not None:
        unit = match.group(1)
        if any(char.isalpha() for char in unit) and unit * 3 not in source:
            yield flag("loop", _shorten(match.group()))
            return
    if (match := _LOOP_SHORT.search(target)) is not None:
        unit = match.group("unit")
        if unit not in "ーwｗ" and not _LOOP_SHORT.search(source):
            yield flag("loop", _shorten(match.group()))
            return
    share, worst = _repeated_share(target)
    if share > _REPEATED_SHARE and share > 2 * _repeated_share(source)[0] + 0.1:
        yield flag("loop", worst)


def wrong_language(source: str, target: str, to: Language) -> Iterator[Flag]:
    """The source given back, another language, or a part of the source left over."""
    bare_source, bare_target = _bare(source), _bare(target)
    if not bare_target:
        if bare_source:
            yield flag("empty", target)
        return
    japanese = len(_JAPANESE.findall(target))
    if to == "ja":
        words = _LATIN_WORD.findall(_URL.sub(" ", target))
        lower = [word for word in words if word[0].islower() and len(word) > 1]
        if japanese == 0:
            if bare_source == bare_target and not lower and len(words) <= 2:
                return  # a name that is the same in both
            if bare_source == bare_target or _overlap(bare_source, bare_target) > 0.8:
                yield flag("untranslated", _shorten(target))
            elif any(char.isalpha() for char in bare_target):
                yield flag("wrong-language", _shorten(target))
            elif len(_LATIN_WORD.findall(source)) > 1:
                yield flag("untranslated", _shorten(target))
            return
        if detect(target).language == "other":
            yield flag("wrong-language", _shorten(target))
            return
        yield from _latin_leftover(source, target, japanese)
    else:
        latin = sum(len(word) for word in _LATIN_WORD.findall(target))
        if japanese:
            if bare_source == bare_target or japanese > latin:
                copied = bare_source == bare_target or _overlap(bare_source, bare_target) > 0.6
                yield flag("untranslated" if copied else "wrong-language", _shorten(target))
            else:
                run = max(re.findall(rf"(?:{_JAPANESE.pattern})+", target), key=len)
                yield flag("leftover", run)
        elif detect(target).language == "other":
            yield flag("wrong-language", _shorten(target))


def length(source: str, target: str, to: Language) -> Iterator[Flag]:
    """The length of the target against what human translations of that length have."""
    a, b = _size(source), _size(target)
    if a == 0 or b == 0:
        return
    japanese, english = (b, a) if to == "ja" else (a, b)
    off = math.log(japanese / english) - _CENTRE
    # One side of the pair may be the broken one: n is the larger guess of the English length.
    root = math.sqrt(max(english, japanese / math.exp(_CENTRE)))
    more, less = _MORE[0] + _MORE[1] / root, _LESS[0] + _LESS[1] / root
    if off > more:
        yield flag("too-long" if to == "ja" else "too-short", f"{a} → {b} characters")
    elif off < -less:
        yield flag("too-short" if to == "ja" else "too-long", f"{a} → {b} characters")


def numbers(source: str, target: str) -> Iterator[Flag]:
    """Numbers that were changed, lost or added, or that changed their unit, date or time."""
    problems = number_mismatch(source, target)
    for problem in ("missing", "extra"):
        seen = [one.number.text for one in problems if one.problem == problem]
        if seen:
            yield flag(f"number-{problem}", ", ".join(dict.fromkeys(seen)))
    others = figure_mismatch(source, target)
    for code, kinds in _FIGURE_FLAGS.items():
        seen = [one.figure.text.strip() for one in others if one.problem in kinds]
        if seen:
            yield flag(code, ", ".join(dict.fromkeys(seen)))


def names(source: str, target: str, to: Language) -> Iterator[Flag]:
    """Names in Latin letters: those of a Japanese source stay; none may be invented in Japanese.

    An English name usually becomes katakana, so from English only what is never transliterated
    (`kakehashi.text.latin_names`: URLs, mail addresses, product codes) must be found again.
    """
    plain_source, plain_target = _plain(source), _plain(target)
    lost = [name for name in latin_names(_undated(source)) if _plain(name) not in plain_target]
    if lost:
        # Many English abbreviations have a Japanese name (NYT, ASAP): worth a look, not a retry.
        short = to == "ja" and all(name.isalpha() and name.isupper() for name in lost)
        yield flag("name-missing", ", ".join(dict.fromkeys(lost)), "low" if short else None)
    if to == "ja":
        invented = [
            word
            for word in _LATIN_WORD.findall(_URL.sub(" ", unicodedata.normalize("NFKC", target)))
            if len(word) >= 3 and not _known(word, plain_source)
        ]
        if invented:
            yield flag("name-extra", ", ".join(dict.fromkeys(invented)))
        yield from _guessed_names(source, target)


def _guessed_names(source: str, target: str) -> Iterator[Flag]:
    """Names of people in kanji, which an English source cannot spell: Yamada is 山田 or 山多.

    A family name that everybody writes the same way is a guess, too; the flag is low.
    """
    if not _CAPITALISED.search(source) or not _KANJI.search(target):
        return
    words = list(morphemes(target))
    found = [
        one.surface()
        for one, after in zip(words, [*words[1:], None], strict=True)
        if one.part_of_speech()[1:3] == ("固有名詞", "人名")
        and len(one.surface()) > 1
        and _KANJI.search(one.surface())
        and one.surface() not in source
        # 浜崎市, 大谷駅: a place
        and not (after is not None and after.surface()[0] in "市町村県区郡駅川山島橋港湾")
    ]
    if found:
        yield flag("name-guess", ", ".join(dict.fromkeys(found)))


def _undated(source: str) -> str:
    """Without FY2024 and R6.4.15, which are dates."""
    for one in reversed(figures(source)):
        if one.day is not None:
            source = f"{source[: one.start]} {source[one.end :]}"
    return source


def _known(word: str, plain_source: str) -> bool:
    plain = _plain(word).replace("-", "")
    known = plain_source.replace("-", "").replace(" ", "")
    return plain in known or (len(plain) > 4 and plain[:-1] in known)


def _latin_leftover(source: str, target: str, japanese: int) -> Iterator[Flag]:
    plain_source = _plain(source)
    for run in _LATIN_RUN.findall(_URL.sub(" ", target)):
        words = run.split()
        lower = sum(1 for word in words if word[0].islower())
        if lower >= 3 and len(words) >= 4 and _plain(run) in plain_source:
            yield flag("leftover", _shorten(run))
            return
    latin = sum(len(word) for word in _LATIN_WORD.findall(_URL.sub(" ", target)))
    if latin > 3 * japanese and latin > 20 and not _KANA.search(target):
        yield flag("wrong-language", _shorten(target))


def _repeated_share(text: str) -> tuple[float, str]:
    """Share of the characters' 8-grams that are repetitions, and the most frequent one."""
    bare = re.sub(r"\s+", " ", text)
    total = len(bare) - _GRAM + 1
    if total < 3 * _GRAM:
        return 0.0, ""
    grams = Counter(bare[i : i + _GRAM] for i in range(total))
    return 1 - len(grams) / total, grams.most_common(1)[0][0]


def _overlap(a: str, b: str) -> float:
    """Share of the 3-grams of `b` that occur in `a`."""
    grams = {b[i : i + 3] for i in range(max(1, len(b) - 2))}
    return sum(1 for gram in grams if gram in a) / len(grams)


def _bare(text: str) -> str:
    return "".join(char for char in _plain(text) if char.isalnum())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded.replace("\u2019", "'").replace("\u2010", "-").replace("\u2011", "-")


def _size(text: str) -> int:
    """Characters that count for the length: no white space; a URL counts as one word."""
    return len("".join(_URL.sub("URL", text).split()))


def _shorten(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
