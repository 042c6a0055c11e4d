"""Units that stand beside a number, in both languages, under one name each.

A unit belongs here if a translation has to carry it and nothing else says the same: money,
time, measures. Counters (人, 冊, 件) do not: English says people, books or nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit.

    Attributes:
        name: "JPY", "km", "minute" …
        group: what it measures ("money", "length", "time" …): a number that changes its unit
            within the group changed its meaning.
        ja, en: how it is written after a number (en in the plural).
        sign: how English writes it before a number, if it does.
    """

    name: str
    group: str
    ja: str
    en: str
    sign: str = ""


_TABLE: Final = (
    # name, group, after a number in Japanese, after a number in English, written ja, en, sign
    ("USD", "money", r"(?:米|US|ＵＳ)?(?:ドル|弗)",
     r"(?:US |U\.S\. )?(?:dollars?|USD)", "ドル", "dollars", "$"),
    ("JPY", "money", r"円(?!形|卓|周|滑|陣|グラフ|高|安|相場)",
     r"(?:Japanese )?(?:yen|JPY)", "円", "yen", ""),
    ("EUR", "money", r"ユーロ",
     r"(?:euros?|EUR)", "ユーロ", "euros", "€"),
    ("GBP", "money", r"(?:英)?ポンド",
     r"(?:British )?(?:pounds?(?: sterling)?|GBP)", "ポンド", "pounds", "£"),
    ("CNY", "money", r"(?:人民)?元(?![年々来本祖気旦])",
     r"(?:Chinese )?(?:yuan|renminbi|RMB|CNY)", "元", "yuan", ""),
    ("KRW", "money", r"(?:韓国)?ウォン",
     r"(?:South Korean won|Korean won|KRW)", "ウォン", "won", "₩"),
    ("cent", "money", r"セント",
     r"cents?", "セント", "cents", ""),
    ("second", "time", r"秒間?",
     r"-?(?:seconds?|secs?)", "秒", "seconds", ""),
    ("minute", "time", r"分(?!の|布|野|類|割|析|科|譲|室|会|館|冊|散|裂)間?",
     r"-?(?:minutes?|mins?)", "分", "minutes", ""),
    ("hour", "time", r"時間",
     r"-?(?:hours?|hrs?)", "時間", "hours", ""),
    ("day", "time", r"日(?:間|以内|前|後|分|連続|ぶり)",
     r"-?days?", "日間", "days", ""),
    ("week", "time", r"週間?",
     r"-?weeks?", "週間", "weeks", ""),
    ("month", "time", r"[ヶケかカヵ箇]月間?",
     r"-?months?", "か月", "months", ""),
    ("year", "time", r"年(?:間|以内|前|後|分|連続|ぶり)",
     r"-?years?(?![ -]old)", "年間", "years", ""),
    ("age", "age", r"[歳才]",
     r"(?:-year-olds?|[ -]years?[ -]old|-years?-olds?)", "歳", "years old", ""),
    ("km", "length", r"(?:キロメートル|km|㎞)",
     r"(?:km|kilomet(?:er|re)s?)", "キロメートル", "kilometers", ""),
    ("cm", "length", r"(?:センチ(?:メートル)?|cm|㎝)",
     r"(?:cm|centimet(?:er|re)s?)", "センチメートル", "centimeters", ""),
    ("mm", "length", r"(?:ミリ(?:メートル)?(?!グラム|リットル|秒|オン)|mm|㎜)",
     r"(?:mm|millimet(?:er|re)s?)", "ミリメートル", "millimeters", ""),
    ("m", "length", r"(?:メートル|㍍|m(?![a-z²³2]))",
     r"(?:m(?![a-z²³2])|met(?:er|re)s?)", "メートル", "meters", ""),
    ("m2", "area", r"(?:平方メートル|平米|㎡|m2|m²)",
     r"(?:m2|m²|㎡|square met(?:er|re)s?)", "平方メートル", "square meters", ""),
    ("ha", "area", r"(?:ヘクタール|ha)",
     r"(?:ha|hectares?)", "ヘクタール", "hectares", ""),
    ("tsubo", "area", r"坪",
     r"tsubo", "坪", "tsubo", ""),
    ("kg", "mass", r"(?:キログラム|kg|㎏)",
     r"(?:kg|kilograms?|kilos?)", "キログラム", "kilograms", ""),
    ("g", "mass", r"(?:グラム|g(?![a-z]))",
     r"(?:g(?![a-z])|grams?)", "グラム", "grams", ""),
    ("t", "mass", r"トン",
     r"(?:t(?![a-z])|tons?|tonnes?)", "トン", "tons", ""),
    ("L", "volume", r"(?:リットル|L(?![a-z])|ℓ)",
     r"(?:L(?![a-z])|lit(?:er|re)s?)", "リットル", "liters", ""),
    ("°C", "degree", r"(?:℃|°C)",
     r"(?:°C|℃|degrees? (?:Celsius|C))", "度", "degrees Celsius", ""),
)  # fmt: skip

UNITS: Final = {row[0]: Unit(row[0], row[1], *row[4:]) for row in _TABLE}
SIGNS: Final = {"$": "USD", "¥": "JPY", "€": "EUR", "£": "GBP", "₩": "KRW", "￥": "JPY"}
_AFTER_JA: Final = re.compile(
    r"\s?(?:" + "|".join(f"(?P<u{at}>{row[2]})" for at, row in enumerate(_TABLE)) + ")(?![A-Za-z])"
)
_AFTER_EN: Final = re.compile(
    r"(?:[ \u00a0]|-(?=[a-z])|)(?:"
    + "|".join(f"(?P<u{at}>{row[3]})" for at, row in enumerate(_TABLE))
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
# C$, HK$ and the like are other dollars: left to the model.
_BEFORE: Final = re.compile(r"(?<![A-Za-z])(?:US\s?)?[$¥€£₩￥]\s?$")
_ANYWHERE: Final = {
    row[0]: re.compile(
        rf"{row[2]}|(?<![A-Za-z])-?{row[3]}(?![A-Za-z])"
        + "".join(f"|{re.escape(sign)}" for sign, name in SIGNS.items() if name == row[0]),
        re.IGNORECASE,
    )
    for row in _TABLE
}


_KILO: Final = re.compile("キロ(?!トン|ワット|バイト|ヘルツ|カロリー|リットル)|㌔")


def unit_after(text: str, end: int) -> tuple[Unit, int] | None:
    """The unit written right after a number that ends at `end`, and where it ends itself."""
    for pattern in (_AFTER_JA, _AFTER_EN):
        if (match := pattern.match(text, end)) is not None and match.lastgroup:
            return UNITS[_TABLE[int(match.lastgroup[1:])][0]], match.end()
    return None


def unit_before(text: str, start: int) -> tuple[Unit, int] | None:
    """The sign of money right before a number that starts at `start`, and where it begins."""
    match = _BEFORE.search(text, max(0, start - 6), start)
    if match is None:
        return None
    return UNITS[SIGNS[match[0].strip()[-1]]], match.start()


def says(text: str, unit: Unit) -> bool:
    """Whether the unit occurs anywhere in the text."""
    if unit.name in ("km", "kg") and _KILO.search(text):
        return True  # either of them, by the sense
    return bool(_ANYWHERE[unit.name].search(text))
