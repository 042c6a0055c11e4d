"""Numbers as English writes them: 2.9 billion, twenty-three, two-thirds, 3 p.m., 21st, April."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from kakehashi.text.number import Number, Reading, Strength, amount
from kakehashi.text.numbers_ja import (
    DIGITS,
    ERAS,
    SCALES,
    add_hour,
    add_minute,
    add_with_suffix,
)

_UNIT_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TEN_WORDS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_WORDS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_UNITS: Final = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS: Final = {word: 20 + 10 * at for at, word in enumerate(_TEN_WORDS.split())}
_BIG: Final = {
    word: SCALES[word] for word in ("hundred", "thousand", "million", "billion", "trillion")
}
_ORDINALS: Final = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), start=1)} | {
    word[:-1] + "ieth": value for word, value in _TENS.items()
}
_BIG_ORDINALS: Final = {word + "th": value for word, value in _BIG.items()}
_DENOMINATORS: Final = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_WEAK: Final[dict[str, tuple[Fraction | int, ...]]] = {
    "once": (1,), "twice": (2,), "thrice": (3,), "double": (2,), "doubles": (2,), "doubled": (2,),
    "doubling": (2,), "triple": (3,), "tripled": (3,), "triples": (3,), "quadruple": (4,),
    "quadrupled": (4,), "half": (Fraction(1, 2), 50, 30, 6), "halves": (2,), "halved": (2, 50),
    "quarter": (Fraction(1, 4), 25, 15, 3, 4), "quarters": (4,), "quarterly": (4,),
    "dozen": (12,), "dozens": (12, 10), "couple": (2,), "pair": (2,), "both": (2,), "twins": (2,),
    "either": (2,), "decade": (10,), "decades": (10,), "century": (100,), "centuries": (100,),
    "single": (1,), "fortnight": (14, 2), "noon": (12,), "midnight": (0, 24, 12),
    "hundreds": (100,), "thousands": (1000, 10**4), "millions": (10**6,), "billions": (10**9,),
    "trillions": (10**12,), "tens": (10,), "bilateral": (2,), "trilateral": (3,), "trio": (3,),
    "duo": (2,), "quartet": (4,), "weekly": (1,), "daily": (1,), "monthly": (1,), "annual": (1,),
    "twenties": (20,), "thirties": (30,), "forties": (40,), "fifties": (50,), "sixties": (60,),
    "seventies": (70,), "eighties": (80,), "nineties": (90,), "secondly": (2,), "firstly": (1,),
}  # fmt: skip
_MONTHS: Final = {
    name: at
    for at, names in enumerate(
        ("January Jan", "February Feb", "March Mar", "April Apr", "May", "June Jun", "July Jul",
         "August Aug", "September Sept Sep", "October Oct", "November Nov", "December Dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_WORD: Final = _any([*_UNITS, *_TENS, *_BIG, *_ORDINALS, *_BIG_ORDINALS])
_WORDS: Final = re.compile(
    rf"\b(?:(?:a|an)\s+(?={_any(_BIG)}))?(?:{_WORD})\b(?:(?:\s+and\s+|\s+|-)(?:{_WORD})\b)*", re.I
)
_WORD_OR_A: Final = re.compile(rf"\b(?:{_WORD}|an?)\b", re.I)
_WEAK_WORD: Final = re.compile(rf"\b(?:{_any(_WEAK)})\b", re.I)
_BARE_DIGITS: Final = re.compile(rf"(?<![\d.,])(?:{DIGITS})")
_SCALED: Final = re.compile(
    rf"(?P<money>[$£€¥]\s?)?(?P<digits>{DIGITS})"
    r"(?:[\s-]?(?P<word>(?:hundred|thousand|million|billion|trillion|bn|mn|tn)\b"
    r"(?: (?:thousand|million|billion|trillion)\b)?)"
    r"|\s?(?P<letter>[mMbBkK])\b(?![²³.]))",
    re.I,
)
_FRACTION_WORDS: Final = re.compile(
    rf"\b(?P<above>an?|{_any(_UNITS)}|\d{{1,2}})[\s-](?P<below>{_any(_DENOMINATORS)})s?\b", re.I
)
_AND_HALF: Final = re.compile(
    rf"\b(?P<whole>{_any(_UNITS)}|\d{{1,3}}) and a (?P<part>half|quarter)\b", re.I
)
_HALF_OF: Final = re.compile(
    r"\bhalf an? (?P<scale>million|billion|trillion|hour|dozen|century)\b", re.I
)
_DOZENS: Final = re.compile(rf"\b(?P<count>{_any(_UNITS)}|\d+) dozen\b", re.I)
_SLASH: Final = re.compile(r"(?<![\d/])(\d{1,4})/(\d{1,4})(?![\d/])")
_MIXED: Final = re.compile(r"(?<![\d/.,])(\d{1,3}) (\d)/(\d{1,2})(?![\d/])|(\d{0,6})([½⅓⅔¼¾])")
_VULGAR: Final = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4)}
_DATE: Final = re.compile(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})([-/.])(\d{1,2})\6(\d{4})(?!\d)"
)
_CODE: Final = re.compile(
    r"(?<![\d.])\d{1,9}(?:\.\d{1,9}){2,7}(?![\d])|(?<![\d-])\d{2,5}-\d{1,4}-\d{3,4}(?![\d-])"
)
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?::(?P<second>\d{2}))?"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)"
    r"|(?<![\d:])(?P<hour2>\d{1,2}):(?P<minute2>\d{2})(?::(?P<second2>\d{2}))?(?![\d:])"
    r"|(?P<hour3>\d{1,2})\so['’]clock(?:\sin\sthe\s(?P<part>morning|afternoon|evening))?",
    re.I,
)
_ORDINAL: Final = re.compile(r"(?<!\d)(\d{1,9}(?:,\d{3}){0,4})(?:st|nd|rd|th)\b", re.I)
_DECADE: Final = re.compile(r"'?(\d{4}|\d0)'?s\b")
_YEARS: Final = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)[-/](\d\d)(?!\d)")
_MONTH: Final = re.compile(rf"\b(?:{_any(_MONTHS)})\b")
_DATE_BEFORE: Final = re.compile(
    r"(?:\d(?:st|nd|rd|th)?|in|of|last|next|this|early|late|mid-?|since|until|till|by|from|and|to|through|between|during|for)[\s-]+$",
    re.I,
)
_DATE_AFTER: Final = re.compile(r"\.?\s+\d|[-/]\d")
_ERA: Final = re.compile(
    r"\b(Meiji|Taish[oō]|Sh[oō]wa|Heisei|Reiwa)(?:\s+era)?,?\s+(?:year\s+)?(\d{1,2})\b", re.I
)
_ROMAN: Final = re.compile(r"\b(?=[IVX]{2,6}\b)(X{0,3})(IX|IV|V?I{0,3})\b")
_LABELS: Final = re.compile("[\u2460-\u2473\u2160-\u216b\u2170-\u217b]")
_UNIT_AFTER: Final = re.compile(
    r"\s?(?:[kcmnµμ]?m[²³23]?|[kmµμ]?g|[mk]?l|t|ha|[kKMGTP]i?[Bb]|[kKMG]?Hz|[kKMG]?W[hH]?|m?V|A|mAh|px|pt|x|h|hr|hrs"
    r"|min|mins|s|ms|sec|°?[CF]|mph|kmh|dpi|fps|p|yen|pm|am|ft|in|lb|lbs|oz|dB|K|D|G)(?![A-Za-z])"
)


def read_special(reading: Reading) -> None:
    """Dates, versions, times, eras: before the digits in them are read alone."""
    text = reading.text
    for match in _DATE.finditer(text):
        groups = (1, 3, 4) if match[1] else (5, 7, 8)
        _parts(reading, match, groups)
    for match in _CODE.finditer(text):
        if reading.free(*match.span()):
            parts = tuple(Fraction(one) for one in re.split(r"[.-]", match[0]))
            value = Fraction(re.sub(r"\D", "", match[0]))
            reading.add(match.span(), value, "code", "sure", frozenset(), parts)
    for match in _ERA.finditer(text):
        if reading.free(*match.span()):
            name = match[1].lower().replace("ō", "o")
            base = dict(
                zip(("meiji", "taisho", "showa", "heisei", "reiwa"), ERAS.values(), strict=True)
            )[name]
            year = int(match[2])
            reading.add(match.span(), year, "era", "sure", {year + base})
    for match in _CLOCK.finditer(text):
        if reading.free(*match.span()):
            _clock(reading, match)
    for match in _YEARS.finditer(text):
        if reading.free(*match.span()):
            century = int(match[1]) // 100 * 100
            reading.add(match.span(1), int(match[1]), "year")
            reading.add(match.span(2), int(match[2]), "year", "sure", {century + int(match[2])})


def _parts(reading: Reading, match: re.Match[str], groups: tuple[int, ...]) -> None:
    if reading.free(*match.span()):
        for group in groups:
            reading.add(match.span(group), int(match[group]))
        reading.claim(*match.span())


def _clock(reading: Reading, match: re.Match[str]) -> None:
    group = next(name for name in ("hour", "hour2", "hour3") if match[name])
    half = match["half"] or ""
    if match["part"]:
        half = "am" if match["part"].lower() == "morning" else "pm"
    end = match.end(group)
    add_hour(reading, (match.start(group), end), Fraction(match[group]), half)
    for name in ("minute", "second", "minute2", "second2"):
        if match[name]:
            add_minute(reading, match.span(name), Fraction(match[name]))
    reading.claim(*match.span())


def read_amounts(reading: Reading) -> None:
    """Digits with English around them: fractions, scales, ordinals, decades."""
    text = reading.text
    for match in _MIXED.finditer(text):
        if match[1]:
            whole, above, below = (int(match[at]) for at in (1, 2, 3))
        else:
            whole, (above, below) = int(match[4] or 0), _VULGAR[match[5]]
        if below and reading.free(*match.span()):
            part = Fraction(above, below)
            parts = tuple(Fraction(one) for one in ([whole] if whole else []) + [above, below])
            reading.add(
                match.span(),
                whole + part,
                "fraction",
                "sure",
                {Fraction(whole)} if whole else set(),
                parts,
            )
    for match in _SLASH.finditer(text):
        if int(match[2]) and reading.free(*match.span()):
            above, below = int(match[1]), int(match[2])
            reading.add(
                match.span(),
                Fraction(above, below),
                "fraction",
                "sure",
                {Fraction(100 * above, below)},
                (Fraction(above), Fraction(below)),
            )
    waiting: tuple[tuple[int, int], Fraction] | None = None
    for match in _SCALED.finditer(text):
        if not reading.free(match.start("digits"), match.end()):
            continue
        if not match["word"]:
            _letter_scaled(reading, match)
            continue
        span = (match.start("digits"), match.end())
        value = amount(match["digits"]) * _scale(match["word"])
        if waiting and text[waiting[0][1] : span[0]] == " " and value < waiting[1]:
            # "3 billion 116 million"
            waiting = ((waiting[0][0], span[1]), waiting[1] + value)
            continue
        if waiting:
            reading.add(*waiting)
        waiting = (span, value)
    if waiting:
        reading.add(*waiting)
    for match in _ORDINAL.finditer(text):
        if reading.free(*match.span()):
            value = amount(match[1])
            reading.add(match.span(), value, "ordinal", "weak" if value == 1 else "sure")
    for match in _DECADE.finditer(text):
        if reading.free(*match.span()):
            value = Fraction(match[1])
            others = {value % 100} if value > 1000 else {1900 + value, 2000 + value}
            reading.add(match.span(1), value, "year", "sure", others)
            reading.claim(*match.span())


def _scale(words: str) -> int:
    """What "million", or "thousand million", multiplies by."""
    factor = 1
    for word in words.lower().split():
        factor *= SCALES[word]
    return factor


def _letter_scaled(reading: Reading, match: re.Match[str]) -> None:
    """$5m and $3K are sums; 4K may be one; 5m is a length."""
    value, letter = amount(match["digits"]), match["letter"]
    span = (match.start("digits"), match.end())
    scaled = value * SCALES[letter.lower()]
    if match["money"]:
        reading.add(span, scaled, "number", "sure", {value})
    elif letter in "kKM" and text_ends_token(reading.text, span[1]):
        reading.add(span, value, "number", "sure", {scaled})


def text_ends_token(text: str, end: int) -> bool:
    """Whether no letter or digit follows."""
    return not text[end : end + 1].isalnum()


def read_words(reading: Reading) -> None:
    """Number words, month names, Roman numerals and the words that imply a number."""
    text = reading.text
    for match in _HALF_OF.finditer(text):
        if reading.free(*match.span()):
            word = match["scale"].lower()
            size = {"hour": 60, "dozen": 12, "century": 100}.get(word) or SCALES[word]
            strength: Strength = "weak" if size < 10**6 else "sure"
            reading.add(match.span(), Fraction(size, 2), "number", strength, {Fraction(1, 2)})
    for match in _AND_HALF.finditer(text):
        if reading.free(*match.span()):
            whole, more = (
                _small(match["whole"]),
                Fraction(1, 2 if match["part"].lower() == "half" else 4),
            )
            reading.add(match.span(), whole + more, "number", "likely", {whole, more})
    for match in _DOZENS.finditer(text):
        if reading.free(*match.span()):
            count = _small(match["count"])
            reading.add(match.span(), count * 12, "number", "likely", {count})
    for match in _FRACTION_WORDS.finditer(text):
        if reading.free(*match.span()):
            _fraction_words(reading, match)
    for match in _MONTH.finditer(text):
        if reading.free(*match.span()):
            _month(reading, match)
    for match in _WORDS.finditer(text):
        if reading.free(*match.span()):
            _number_words(reading, match)
    for match in _WEAK_WORD.finditer(text):
        if reading.free(*match.span()):
            values = {Fraction(one) for one in _WEAK[match[0].lower()]}
            reading.add(
                match.span(), Fraction(_WEAK[match[0].lower()][0]), "number", "weak", values
            )
    _labels(reading)


def _small(word: str) -> Fraction:
    return Fraction(word) if word.isdigit() else Fraction(_UNITS.get(word.lower(), 1))


def _fraction_words(reading: Reading, match: re.Match[str]) -> None:
    above, below = _small(match["above"]), _DENOMINATORS[match["below"].lower()]
    value = above / below
    # "a third" is a part or the next one; "three quarters" can only be a part.
    vague = match["above"].lower() in ("a", "an", "one")
    # "one-third", "two thirds of": nothing else is meant, and it has to be carried.
    certain = (
        match["above"].lower() not in ("a", "an")
        and below > 2
        and ("-" in match[0] or reading.text.startswith(" of ", match.end()))
    )
    others = {value * 100, Fraction(below)} | ({Fraction(30), Fraction(6)} if below == 2 else set())
    strength: Strength = "sure" if certain else "weak" if vague else "likely"
    reading.add(match.span(), value, "fraction", strength, others, (above, Fraction(below)))


def _month(reading: Reading, match: re.Match[str]) -> None:
    text = reading.text
    dated = _DATE_AFTER.match(text, match.end()) or _DATE_BEFORE.search(
        text[max(0, match.start() - 12) : match.start()]
    )
    # "May I", "March!", "Jan said", "Mark Mar"
    unsure = match[0] in ("May", "March", "Jan", "Mar", "Dec", "Jun") and not dated
    reading.add(match.span(), _MONTHS[match[0]], "month", "weak" if unsure else "likely")


def _number_words(reading: Reading, match: re.Match[str]) -> None:
    """Cut a run of number words where the grammar does: "two hundred and five", "one, two"."""
    total = section = Fraction(0)
    start = end = -1
    room = 10**18  # the next word has to be smaller than this
    ordinal = False
    count = 0

    def finish() -> None:
        nonlocal total, section, start, room, ordinal, count
        if start >= 0:
            value = total + section
            _add_words(reading, (start, end), value, ordinal, count)
        total, section, start, room, ordinal, count = Fraction(0), Fraction(0), -1, 10**18, False, 0

    for token in _WORD_OR_A.finditer(match[0]):
        word = token[0].lower()
        if word in ("a", "an"):
            finish()
            start = end = match.start() + token.start()
            continue
        big = _BIG.get(word) or _BIG_ORDINALS.get(word)
        plain = _UNITS.get(word, _TENS.get(word, _ORDINALS.get(word)))
        if plain is not None and (plain >= room or ordinal):
            finish()
        if big and (ordinal or (big > 100 and total and big >= last_scale(total))):
            finish()
        if start < 0:
            start = match.start() + token.start()
        count += 1
        end = match.start() + token.end()
        if big == 100:
            section = (section or Fraction(1)) * 100
            room = 100
        elif big:
            total += (section or Fraction(1)) * big
            section, room = Fraction(0), 10**18
        elif plain is not None:
            section += plain
            room = 10 if plain >= 20 else 1
        ordinal = word in _ORDINALS or word in _BIG_ORDINALS
    finish()


def last_scale(total: Fraction) -> int:
    """The smallest scale that a number composed of scales has used (2,005,000 → 1000)."""
    return next((scale for scale in (10**12, 10**9, 10**6, 10**3) if total % scale == 0), 1)


def _add_words(
    reading: Reading, span: tuple[int, int], value: Fraction, ordinal: bool, count: int
) -> None:
    text = reading.text[span[0] : span[1]].lower()
    strength: Strength = "sure" if value > 20 and count > 1 else "likely"
    if value <= 1 or text in ("second", "third"):
        strength = "weak"
    others = {Fraction(1, int(value))} if ordinal and 2 < value <= 10 else set()
    add_with_suffix(
        reading,
        Number(text, *span, value, "ordinal" if ordinal else "number", strength, frozenset(others)),
    )


def _labels(reading: Reading) -> None:
    for match in _ROMAN.finditer(reading.text):
        if match[0] and reading.free(*match.span()):
            values = {
                "": 0,
                "I": 1,
                "II": 2,
                "III": 3,
                "IV": 4,
                "V": 5,
                "VI": 6,
                "VII": 7,
                "VIII": 8,
                "IX": 9,
            }
            reading.add(match.span(), 10 * len(match[1]) + values[match[2]], "label", "weak")
    for match in _LABELS.finditer(reading.text):
        code = ord(match[0])
        base = 0x2460 if code < 0x2500 and code >= 0x2460 else 0x2170 if code >= 0x2170 else 0x2160
        reading.add(match.span(), code - base + 1, "label", "weak")


def identifiers(reading: Reading) -> None:
    """Digits that are part of a Latin word: COVID-19, H2O, A4, GPT-4, 3D, km2.

    The word may be translated as a whole (新型コロナウイルス), so the digit is only likely
    to be carried; that the word survives is the business of `latin_names`.
    """
    for match in _BARE_DIGITS.finditer(reading.text):
        start, end = match.span()
        if not reading.free(start, end):
            continue
        before, after = reading.text[max(0, start - 12) : start], reading.text[end : end + 8]
        if re.search(r"(?:^|[^A-Za-z])[kcm]?m$", before) and match[0] in "23":
            reading.add((start, end), int(match[0]), "code", "weak")
        elif (
            re.search(r"[A-Za-z]-?$", before)
            and not re.search(r"(?:No|FY|US|pp?|vol|fig)\.?-?$", before, re.I)
        ) or (re.match(r"[A-Za-z]", after) and not _UNIT_AFTER.match(after)):
            reading.add((start, end), amount(match[0]), "code", "likely")
