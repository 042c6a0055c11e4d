from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.text import normalise

OPTIONS = (
    "nfkc", "nfc", "half_kana", "wide_alnum", "wide_symbols", "spaces", "invisible", "newlines",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "options", "normal"),
    [
        ("ﾄｳｷｮｳﾄﾞｰﾑ｡", {"half_kana": True}, "トウキョウドーム。"),
        ("ｳﾞﾊﾟﾞ", {"half_kana": True}, "ヴパ゛"),
        ("Ａ１階５％（税込）", {"wide_alnum": True}, "A1階5％（税込）"),
        ("５％（税込）", {"wide_symbols": True}, "５%(税込)"),
        ("氏\u3000名\u00a0様", {"spaces": True}, "氏 名 様"),
        ("\ufeff見\u200b出\u200bし", {"invisible": True}, "見出し"),
        ("か\u3099く", {"nfc": True}, "がく"),
        ("①㈱㎏ｶﾞ", {"nfkc": True}, "1(株)kgガ"),
        ("a\r\nb\rc", {"newlines": True}, "a\nb\nc"),
    ],
)
def test_options(text: str, options: dict[str, bool], normal: str) -> None:
    assert normalise(text, **options).text == normal


def test_nothing_is_changed_unasked() -> None:
    text = "ｶﾞ①\u3000Ａ\u200b\r\n"
    done = normalise(text)
    assert done.text == text
    assert not done.changed


def test_places_lead_back() -> None:
    text = "㈱ﾀﾅｶは１２階"
    done = normalise(text, nfkc=True)
    assert done.text == "(株)タナカは12階"
    at = done.text.index("12")
    assert text[slice(*done.original_span(at, at + 2))] == "１２"
    # A part of what one character became is all of that character.
    assert done.original_span(1, 2) == (0, 1)


def test_a_span_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="no span"):
        normalise("あ").original_span(0, 2)


characters = st.sampled_from("ｶﾞﾊﾟ｡①㈱Ａ１％\r\n\u3000\u200b\u00adか\u3099e\u0301각각ﾡￂ㌔\ufeffa") | (
    st.characters(codec="utf-8")
)


@settings(max_examples=200, deadline=None)
@given(st.text(characters, max_size=12), st.sets(st.sampled_from(OPTIONS)))
def test_everything_leads_back(text: str, options: set[str]) -> None:
    done = normalise(text, **dict.fromkeys(options, True))
    assert done.restore() == text
    assert done.original_span(0, len(done.text)) == (0, len(text))
    if "nfkc" in options:
        assert unicodedata.is_normalized("NFKC", done.text)
    spans = [done.original_span(at, at + 1) for at in range(len(done.text))]
    if spans:
        # The characters' places cover the original from end to end, without a gap.
        assert spans[0][0] == 0
        assert spans[-1][1] == len(text)
        for before, after in pairwise(spans):
            assert after[0] == before[1] or after == before
