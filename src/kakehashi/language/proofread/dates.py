"""Dates that do not exist, weekdays that do not fit, eras and years that disagree."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

from kakehashi.language.proofread.rule import rule
from kakehashi.language.proofread.view import Hit, View
from kakehashi.text.numbers_ja import ERAS, parse

_NUMBER: Final = r"[\d０-９]{1,2}|[一二三四五六七八九十]{1,3}"
_YEAR: Final = r"[\d０-９]{4}|[〇一二三四五六七八九]{4}"
_WEEKDAYS: Final = "月火水木金土日"
_DATE: Final = re.compile(
    rf"(?:(?P<era>{'|'.join(ERAS)})\s?(?P<nen>元|{_NUMBER})\s?年|(?P<year>{_YEAR})\s?[年/.／])?"
    rf"(?:[（(](?:(?P<era2>{'|'.join(ERAS)})(?P<nen2>元|{_NUMBER})|(?P<year2>{_YEAR}))年?[）)])?\s?"
    rf"(?P<month>{_NUMBER})\s?[月/.／]\s?(?P<day>{_NUMBER})(?:\s?日)?"
    rf"(?![\d０-９])(?:\s?[（(]\s?(?P<weekday>[{_WEEKDAYS}])(?:曜日?)?(?=[）)・、,])|\s?(?P<bare>[{_WEEKDAYS}])曜日?)?"
)
_FIRST: Final = {"明治": date(1868, 1, 25), "大正": date(1912, 7, 30), "昭和": date(1926, 12, 25),
                 "平成": date(1989, 1, 8), "令和": date(2019, 5, 1)}  # fmt: skip
_NAMES: Final = list(_FIRST)


def _value(text: str) -> int:
    if text == "元":
        return 1
    plain = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    return int(parse(plain)[0])


def _year(match: re.Match[str], suffix: str = "") -> int | None:
    if match["era" + suffix]:
        return ERAS[match["era" + suffix]] + _value(match["nen" + suffix])
    return _value(match["year" + suffix]) if match["year" + suffix] else None


@rule(
    "wrong-weekday",
    "error",
    bad=[
        ("説明会は2024年4月15日(火)に開きます。", "火", "月"),
        ("令和６年４月１５日（日）から受け付けます。", "日", "月"),
        ("2024年4月15日火曜日に開きます。", "火", "月"),
        ("期間は2024年4月15日(月)から4月19日(木)までです。", "木", "金"),
    ],
    good=[
        "説明会は2024年4月15日(月)に開きます。",
        "令和６年４月１５日（月）から受け付けます。",
        "期間は2024年4月15日(月)から4月19日(金)までです。",
        "4月15日(火)に開きます。",
        "2024年4月15日（土木課）",
        "2024年4月15日、日曜日の予定を決めました。",
        "2024年12月30日(月)から1月3日(金)まで休みます。",
    ],
)
def wrong_weekday(view: View) -> Iterator[Hit]:
    """A weekday that the date is not."""
    for sentence in view.sentences:
        last: date | None = None
        for match in _DATE.finditer(sentence.text):
            month, day = _value(match["month"]), _value(match["day"])
            year = _year(match)
            if year is None and last is not None:
                year = last.year + ((month, day) < (last.month, last.day))
            if year is None or not _exists(year, month, day):
                continue
            last = date(year, month, day)
            group = "weekday" if match["weekday"] else "bare"
            if match[group] and "月" in match[0]:
                right = _WEEKDAYS[last.weekday()]
                if match[group] != right:
                    yield sentence.hit(*match.span(group), right, detail=_told(last))


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= year <= 9998 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


@rule(
    "no-such-date",
    "error",
    bad=[
        ("令和6年2月30日までに提出してください。", "令和6年2月30日", None),
        ("2023年2月29日に生まれた。", "2023年2月29日", None),
        ("4月31日に締め切ります。", "4月31日", None),
        ("2024年13月1日", "2024年13月1日", None),
    ],
    good=[
        "令和6年2月29日までに提出してください。",
        "2024年2月29日に生まれた。",
        "4月30日に締め切ります。",
        "2月29日",
        "3.14は円周率です。",
        "1/2の確率です。",
        "12月30日間近です。",
    ],
)
def no_such_date(view: View) -> Iterator[Hit]:
    """A day that the calendar does not have."""
    for sentence in view.sentences:
        for match in _DATE.finditer(sentence.text):
            written = f"{match['month']}月" in match[0].replace(" ", "") and "日" in match[0]
            if not written:
                continue
            month, day = _value(match["month"]), _value(match["day"])
            if not _exists(_year(match) or 2024, month, day):
                end = match.start("weekday") - 1 if match["weekday"] else match.end()
                end = match.start("bare") if match["bare"] else end
                yield sentence.hit(match.start(), end)


_PAIR: Final = re.compile(
    rf"(?P<era>{'|'.join(ERAS)})\s?(?P<nen>元|{_NUMBER})\s?年?\s?[（(]\s?(?P<year>{_YEAR})\s?年?(?=度?[）)])"
    rf"|(?P<year2>{_YEAR})\s?年?\s?[（(]\s?(?P<era2>{'|'.join(ERAS)})\s?(?P<nen2>元|{_NUMBER})\s?年?(?=度?[）)])"
)


@rule(
    "era-year",
    "error",
    bad=[
        ("令和6年（2023年）の予算", "2023", "2024"),
        ("2019年（平成30年）に改正した。", "平成30", "平成31"),
        ("昭和70年に完成する予定だ。", "昭和70年", "平成7年"),
        ("平成35年度までに整備する。", "平成35年", "令和5年"),
    ],
    good=[
        "令和6年（2024年）の予算",
        "2019年（平成31年）に改正した。",
        "2019年（令和元年）に改正した。",
        "昭和64年1月7日",
        "平成元年（1989年）",
        "平成31年（2019年）4月",
    ],
)
def era_year(view: View) -> Iterator[Hit]:
    """An era's year that is not the Western year beside it, or that the era does not have."""
    for sentence in view.sentences:
        for match in _PAIR.finditer(sentence.text):
            suffix = "" if match["era"] else "2"
            other = "" if match["year"] else "2"
            year = ERAS[match["era" + suffix]] + _value(match["nen" + suffix])
            western = _value(match["year" + other])
            if year == western:
                continue
            if suffix:
                new = f"{match['era2']}{western - ERAS[match['era2']]}"
                if western - ERAS[match["era2"]] < 1:
                    continue
                yield sentence.hit(match.start("era2"), match.end("nen2"), new, detail=str(western))
            else:
                yield sentence.hit(*match.span("year"), str(year), detail=str(year))
        for match in _ERA_YEAR.finditer(sentence.text):
            era, number = match["era"], _value(match["nen"])
            following = _NAMES.index(era) + 1
            if following == len(_NAMES):
                continue
            last = _FIRST[_NAMES[following]].year - ERAS[era]
            if number > last:
                new = _in_era(ERAS[era] + number)
                yield sentence.hit(match.start(), match.end(), new, detail=f"{era}{last}年")


_ERA_YEAR: Final = re.compile(rf"(?P<era>{'|'.join(ERAS)})(?P<nen>{_NUMBER})年")


def _in_era(year: int) -> str:
    era = next(name for name in reversed(_NAMES) if ERAS[name] < year)
    number = year - ERAS[era]
    return f"{era}{'元' if number == 1 else number}年"
