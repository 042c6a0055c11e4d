"""Numbers as Japanese writes them: 29億3,000万, 二十三人, 3割5分, 3分の1, 令和6年, 午後3時半."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from kakehashi.text.number import Number, Reading, Strength, amount, short_year

# Bounded, so that a line of a million digits takes no longer than any other.
DIGITS: Final = r"(?:\d{1,3}(?:,\d{3}){1,9}(?!\d)|\d{1,30})(?:\.\d{1,30})?"
_KANJI: Final = "〇一二三四五六七八九"
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
# 憶 for 億 is what kana-kanji conversion gets wrong, in print too.
_LARGE: Final = {"万": 10**4, "億": 10**8, "憶": 10**8, "兆": 10**12, "京": 10**16}
# The year before the first of each era.
ERAS: Final = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_LETTERS: Final = dict(zip("MTSHR", ERAS.values(), strict=True))

_TOKEN: Final = re.compile(f" ?(?:({DIGITS})|([{_KANJI}])|([十百千])|([万億憶兆京]))")
# With a space too ("1 億 4 千万"): some typeset a space on every digit's side.
_RUN: Final = re.compile(
    f"(?:{DIGITS}|[{_KANJI}十百千])(?:{DIGITS}|[{_KANJI}十百千万億憶兆京]"
    f"|(?<=\\d) (?=[十百千万億憶兆京])|(?<=[十百千万億憶兆京]) (?=\\d))*"
)
_LONGEST: Final = 60
_COUNTERS: Final = re.compile(
    r"人|名|年|[ヶケかカヵ箇]?月|日|時|分|秒|円|ドル|ユーロ|ポンド|元|ウォン|ルピー|フラン|個|回|歳|才|件|社|台"
    r"|本|冊|枚|倍|%|割|週|[ヶケかカヵ箇](?:国|所|条|村|年)|国|番|位|つ|階|度|世紀|章|条|項|節|点|票|トン|キロ"
    r"|メートル|グラム|リットル|センチ|ミリ|パーセント|ポイント|匹|頭|羽|軒|戸|世帯|校|杯|足|着|話|曲|巻|号|期"
    r"|段|列|行|組|班|部|種|代|連|次|世|者|党|県|州|島|字|文字|語|歩|泊|便|問|試合|勝|敗|色|両|食|席|室|床"
    r"|ヘクタール|平方|立方|カロリー|ワット|ボルト|ヘルツ|バイト|ビット|ページ|セント|ペンス|ダース"
)
# English may say these without a number: both, teenagers, a sophomore.
_OFTEN_OTHERWISE: Final = re.compile(
    r"2(?:人|つ|者|国|社|[ヶケかカヵ箇]国|本柱|名|次|大)|10代|[1-9]0代|[1-6]年生|\d回目|[23](?:塁|学期|軍)"
)
# What makes one kanji a number without a counter.
_BEFORE: Final = re.compile(
    r"(?:第|約|計|総|全|各|満|およそ|わずか|平均|合計|毎分|毎時|時速|マイナス|プラス)$"
)
_KANJI_CHAR: Final = re.compile("[々一-鿿]")
_LEXICAL: Final = re.compile(
    r"十分|二度と|一人一人|二酸化|三酸化|三角|四角|五輪|四国|九州|三重|千葉|百貨|八百屋|八百長|四季|三日月|"
    r"四方|八方|百科|百姓|千代|五十音|五十嵐|七夕|七福神|八幡|三菱|三井|六本木|九段|千円札|百人一首|四半期|"
    r"万一|千歳|九十九里|五月雨|五月蠅|二枚目|三枚目|十八番|三味線|二十歳|二次元|三次元|一部|一方|一般|一番|一時"
)
_LEXICAL_VALUES: Final = {
    "十分": {10},
    "四半期": {4},
    "三角": {3},
    "四角": {4},
    "二十歳": {20},
}

_ERA: Final = re.compile(
    rf"(?P<era>{'|'.join(ERAS)})(?P<year>元|\d{{1,2}}(?!\d)|[{_KANJI}十]{{1,3}})(?:年度?)?"
    r"|(?<![A-Za-z\d])(?P<letter>[MTSHR])(?P<short>\d{1,2})(?=年|[./]\d)"
)
_FRACTION: Final = re.compile(
    rf"({DIGITS}|[{_KANJI}十百千万]{{1,12}})分の({DIGITS}|[{_KANJI}十百千万]{{1,12}})"
)
_RATE: Final = re.compile(rf"({DIGITS}|[{_KANJI}])割(?:(\d|[{_KANJI}])分)?(?:(\d|[{_KANJI}])厘)?")
# Newspapers write the decimal point of upright digits as ・, and 10.15 seconds as 10秒15.
_DOTTED: Final = re.compile(
    r"(?<![\d.,・])(\d{1,9})(?:・|秒(?=\d\d(?!\d|分|秒)))(\d{1,4})(?![\d・,.])"
)
_TIME: Final = re.compile(
    rf"(?P<half>午前|午後|AM|PM|am|pm)?\s?(?P<hour>\d{{1,2}}|[{_KANJI}十]{{1,3}})時(?!間|代|点|期|的|給|速|差|刻|報)"
    rf"(?:(?P<minute>\d{{1,2}}|[{_KANJI}十]{{1,3}})分|(?P<thirty>半))?"
    r"|(?P<half2>午前|午後)\s?(?P<hour2>\d{1,2}):(?P<minute2>\d{2})"
)
_WEAK: Final = {
    "ひとつ": {1}, "ふたつ": {2}, "みっつ": {3}, "よっつ": {4}, "いつつ": {5}, "むっつ": {6},
    "ななつ": {7}, "やっつ": {8}, "ここのつ": {9}, "ひとり": {1}, "ふたり": {2}, "ゼロ": {0},
    "正午": {12}, "半年": {6}, "半分": {50, 2}, "半額": {50}, "半数": {50}, "半世紀": {50},
    "元日": {1}, "元旦": {1}, "最初": {1}, "初めて": {1}, "双方": {2}, "両者": {2}, "両方": {2},
    "両国": {2}, "両": {2}, "倍": {2}, "初": {1}, "ダース": {12}, "数十": {10}, "数百": {100},
    "数千": {1000}, "数万": {10**4}, "数十万": {10**5}, "数百万": {10**6}, "数千万": {10**7},
    "数億": {10**8}, "何十": {10}, "何百": {100}, "何千": {1000}, "何万": {10**4},
    "深夜零時": {0, 24}, "二酸化": {2},
}  # fmt: skip
_WEAK_WORD: Final = re.compile("|".join(sorted(_WEAK, key=len, reverse=True)))
_HALVES: Final = {"半分", "半額", "半数", "半年", "半世紀"}


def parse(run: str) -> tuple[Fraction, int]:
    """The value of a run of digits and kanji numerals, and how many characters it took.

    >>> parse("1億2,345万"), parse("二十三"), parse("二〇二四"), parse("5三")
    ((Fraction(123450000, 1), 8), (Fraction(23, 1), 3), (Fraction(2024, 1), 4), (Fraction(5, 1), 1))
    """
    total = section = Fraction(0)
    current: Fraction | None = None
    written = False  # `current` is in kanji digits, so that another one may follow
    last_large, position = 10**20, 0
    last_small = 10**4
    while match := _TOKEN.match(run, position):
        digits, kanji, small, large = match.groups()
        if digits:
            if current is not None or (total == section == 0 and match[0][0] == " "):
                break
            current, written = amount(digits), False
        elif kanji:
            if current is not None and not written:
                break
            current, written = (current or Fraction(0)) * 10 + _KANJI.index(kanji), True
        elif small:
            if _SMALL[small] >= last_small and current is None:
                break
            last_small = _SMALL[small]
            section += (1 if current is None else current) * last_small
            current = None
        else:
            if _LARGE[large] >= last_large or (current is None and not section):
                break
            last_large, last_small = _LARGE[large], 10**4
            total += (section + (current or 0)) * last_large
            section, current = Fraction(0), None
        position = match.end()
    return total + section + (current or 0), position


def read_special(reading: Reading) -> None:
    """Eras, times, fractions and rates: before the digits in them are read alone."""
    for match in _ERA.finditer(reading.text):
        if not reading.free(*match.span()):
            continue
        if match["era"]:
            year = Fraction(1) if match["year"] == "元" else parse(match["year"])[0]
            alternatives = {year + ERAS[match["era"]]}
        else:
            year = Fraction(match["short"])
            alternatives = {year + _ERA_LETTERS[match["letter"]]}
        reading.add(match.span(), year, "era", "sure", alternatives)
    for match in _DOTTED.finditer(reading.text):
        if reading.free(*match.span()):
            parts = (Fraction(match[1]), Fraction(match[2]))
            number = Number(
                match[0], *match.span(), Fraction(f"{match[1]}.{match[2]}"), parts=parts
            )
            add_with_suffix(reading, number)
    for match in _FRACTION.finditer(reading.text):
        below, above = parse(match[1])[0], parse(match[2])[0]
        if below and reading.free(*match.span()):
            value = above / below
            reading.add(match.span(), value, "fraction", "sure", {value * 100}, (below, above))
    for match in _RATE.finditer(reading.text):
        if reading.free(*match.span()):
            tenths = parse(match[1])[0]
            points = [parse(one)[0] if one else Fraction(0) for one in match.group(2, 3)]
            value = tenths * 10 + points[0] + points[1] / 10
            strength: Strength = (
                "sure" if match[1][0].isdigit() and match[1].isascii() else "likely"
            )
            reading.add(match.span(), value, "percent", strength, {value / 100, tenths})
    for match in _TIME.finditer(reading.text):
        if reading.free(*match.span()):
            _read_time(reading, match)


def _read_time(reading: Reading, match: re.Match[str]) -> None:
    group = "hour" if match["hour"] else "hour2"
    half = match["half"] or match["half2"] or ""
    hour = parse(match[group])[0]
    strength: Strength = "sure" if match[group].isascii() else "likely"
    if not half and hour == 1:
        strength = "weak"
    add_hour(reading, (match.start(), match.end(group)), hour, half, strength)
    minute = "minute" if match["minute"] else "minute2"
    if match[minute]:
        add_minute(reading, match.span(minute), parse(match[minute])[0])
    elif match["thirty"]:
        reading.add(match.span("thirty"), 30, "time", "weak")
    reading.claim(*match.span())


def add_hour(
    reading: Reading, span: tuple[int, int], hour: Fraction, half: str, strength: Strength = "sure"
) -> None:
    """An hour: on the 24-hour clock where that is known."""
    late = half.lower()[:1] == "p" or half == "午後"
    if hour > 24 or hour.denominator != 1:
        reading.add(span, hour, "clock", strength, {hour - 24})
    elif hour in (0, 12, 24):
        reading.add(span, hour, "clock", strength, {0, 12, 24})
    elif hour > 12:
        reading.add(span, hour, "time", strength, {hour - 12})
    elif half:
        reading.add(span, hour + 12 if late else hour, "time", strength, {hour})
    else:
        reading.add(span, hour, "clock", strength, {hour + 12})


def add_minute(reading: Reading, span: tuple[int, int], minute: Fraction) -> None:
    """Minutes after an hour; 00 says nothing."""
    if minute:
        reading.add(span, minute, "number", "sure")
    else:
        reading.claim(*span)


def read_runs(reading: Reading) -> None:
    """Digits and kanji numerals with 十百千万億兆."""
    text = reading.text
    for match in _LEXICAL.finditer(text):
        if reading.free(*match.span()) and not _numeral_at(text, match.start() - 1):
            if values := _LEXICAL_VALUES.get(match[0]):
                reading.add(match.span(), Fraction(min(values)), "number", "weak", values)
            reading.claim(*match.span())
    for match in _RUN.finditer(text):
        start, end = match.span()
        while start < end:
            if not reading.free(start, start + 1):
                start += 1
                continue
            value, size = parse(text[start : min(end, start + _LONGEST)])
            stop = start + max(size, 1)
            if size and reading.free(start, stop):
                _add_run(reading, start, stop, value)
            start = stop


def _numeral_at(text: str, at: int) -> bool:
    return at >= 0 and bool(re.match(f"[\\d{_KANJI}十百千]", text[at]))


def _add_run(reading: Reading, start: int, end: int, value: Fraction) -> None:
    text = reading.text
    run, after, before = text[start:end], text[end : end + 6], text[max(0, start - 4) : start]
    strength: Strength | None = "sure"
    if not any(char.isascii() for char in run):
        strength = _kanji_strength(run, before, after, value)
    elif value == 1 and not after.startswith(("%", "月")):
        strength = "weak"
    elif value == 0 or _OFTEN_OTHERWISE.match(run + after):
        strength = "likely"
    if before.endswith(("数", "何")) or after.startswith(("数", "余")):
        strength = "weak" if strength else None
    if strength is None:
        return
    number = Number(run, start, end, value, "number", strength)
    add_with_suffix(reading, number)


def _kanji_strength(run: str, before: str, after: str, value: Fraction) -> Strength | None:
    """How surely kanji numerals are a number; None: part of a word."""
    counter = _COUNTERS.match(after)
    if len(run) > 2 and re.search("[万億兆]", run):
        return "sure"
    if value == 1:
        return "weak" if counter or _BEFORE.search(before) else None
    if counter or _BEFORE.search(before):
        return "sure" if value > 10 and len(run) > 1 else "likely"
    if len(run) < 2 or _KANJI_CHAR.match(after) or _KANJI_CHAR.match(before[-1:]):
        return None
    return "likely"


_MULTIPLES: Final = re.compile(r"[\s-](decades?|centur(?:y|ies))\b", re.I)
_PERCENT: Final = re.compile(r"\s?(?:%|パーセント(?!ポイント)|percent\b|per cent\b|pct\b)", re.I)
_HALF_MORE: Final = re.compile(r"(?:年|時間|[ヶケかカヵ箇]月|週間|倍|日)半")
_RANGE: Final = re.compile(
    rf"\s?(?:ドル|円|人|%)?\s?(?:[〜\-、・]|から|to|or|and)\s?(?:{DIGITS})\s?"
    r"(?P<scale>[十百千]?[万億兆]|hundred|thousand|million|billion|trillion)"
)
SCALES: Final = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "bn": 10**9, "tn": 10**12, "m": 10**6, "b": 10**9, "k": 10**3,
}  # fmt: skip


def add_with_suffix(reading: Reading, number: Number) -> None:
    """Add a number read in digits, with the sense that the characters after it give."""
    text, value = reading.text, number.value
    after = text[number.end : number.end + 24]
    span = (number.start, number.end)
    alternatives: set[Fraction] = set(number.alternatives)
    if percent := _PERCENT.match(after):
        end = number.end + percent.end()
        strength: Strength = "likely" if value == 1 else number.strength
        reading.add((number.start, end), value, "percent", strength, {value / 100}, number.parts)
        return
    if scaled := _RANGE.match(after):
        word = scaled["scale"]
        factor = SCALES.get(word) or int(parse("1" + word)[0])
        alternatives.add(value * factor)
    if _HALF_MORE.match(after):
        alternatives.add(value + Fraction(1, 2))
    if after.startswith("月") and 1 <= value <= 12 and not after.startswith("月間"):
        reading.add(span, value, "month", "likely" if value == 1 else number.strength)
        return
    before = text[max(0, number.start - 2) : number.start]
    if number.end - number.start == 2 and (after.startswith("年") or before.endswith(("'", "FY"))):
        alternatives |= {Fraction(year) for year in short_year(value)}
    if after.startswith("年代") and value.denominator == 1 and value > 1000:
        alternatives.add(value % 100)
    if multiple := _MULTIPLES.match(after):
        alternatives.add(value * (100 if multiple[1].lower()[0] == "c" else 10))
    if after.startswith(("回目", "番目", "度目", "人目", "つ目")):
        reading.add(span, value, "ordinal", number.strength, alternatives, number.parts)
        return
    if after.startswith("ダース"):
        alternatives.add(value * 12)
    reading.add(span, value, number.kind, number.strength, alternatives, number.parts)


def read_weak(reading: Reading) -> None:
    """Words that say a number by the way: ふたつ, 半分, 正午, 数十."""
    for match in _WEAK_WORD.finditer(reading.text):
        if reading.free(*match.span()):
            values = {Fraction(one) for one in _WEAK[match[0]]}
            if match[0] in _HALVES:
                values.add(Fraction(1, 2))
            reading.add(match.span(), min(values), "number", "weak", values)
