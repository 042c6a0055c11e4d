from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.text import latin_names

CASES = [
    ("NASA's report on Windows 11 names foo_bar and London.", ["NASA", "Windows 11", "foo_bar"]),
    ("ＮＨＫはMicrosoft ExcelとSNSの使い方を紹介した。", ["NHK", "Microsoft Excel"]),
    (
        "Visit https://example.com/a_b?x=1. Mail info@example.co.jp.",
        ["https://example.com/a_b?x=1", "info@example.co.jp"],
    ),
    ("Edit config.yaml with --verbose in /etc/hosts.", ["config.yaml", "--verbose", "/etc/hosts"]),
    ("AI-powered PCs at AT&T use Wi-Fi.", ["AI", "PC", "AT&T", "Wi-Fi"]),
    ("GitHub and PayPal met the F.B.I. about GPT-4.", ["GitHub", "PayPal", "FBI", "GPT-4"]),
    ("Python 3.11, Node.js and C++", ["Python 3.11", "Node.js", "C++"]),
    ("iPhone 15とISO 9001認証", ["iPhone 15", "ISO 9001"]),
    # ordinary words, people, places, and acronyms that Japanese translates
    ("The Queen met Mr. Smith in London on Monday, April 15.", []),
    ("BREAKING NEWS: DOG BITES MAN IN TOWN", []),
    ("The U.S. and the UN watched TV in World War II.", []),
    ("McDonald and DiCaprio read Chapter 3 on Radio 4.", []),
    ("A 20-year-old ran 100m at 5 p.m. in the 1990s.", []),
    ("A社のTシャツはMサイズ、No.3の部屋で10kg", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "names"), CASES)
def test_names(text: str, names: list[str]) -> None:
    assert latin_names(text) == names


def test_each_name_once() -> None:
    assert latin_names("NASA and NASA and IBM") == ["NASA", "IBM"]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("Aab1.-_/@:&+#' 日本、Ｘ１"), max_size=24))
def test_any_text_is_read(text: str) -> None:
    names = latin_names(text)
    assert all(name.strip() == name and name for name in names)
    assert len(set(names)) == len(names)
