from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.language.pieces import is_symbolic, pieces_of, target_lead, target_tail
from kakehashi.language.results import Language

_TEXT = st.text(
    alphabet=st.sampled_from("aB 3.。、\n\t\u3000・-1)【】「」！?漢かカｱ—,:/@😀"), max_size=120
)


@given(text=_TEXT, to=st.sampled_from(["ja", "en"]), limit=st.integers(16, 60))
def test_nothing_is_lost(text: str, to: Language, limit: int) -> None:
    pieces = pieces_of(text, to, limit=limit)
    assert "".join(one.lead + text[one.start : one.end] + one.tail for one in pieces) == text


@given(text=_TEXT, start=st.integers(0, 119), width=st.integers(1, 60))
def test_a_protected_span_is_never_cut(text: str, start: int, width: int) -> None:
    keep = (min(start, len(text)), min(start + width, len(text)))
    for one, two in zip(*[iter(pieces_of(text, "ja", keep=[keep]))] * 2, strict=False):
        between = (one.end, two.start)
        assert not (keep[0] < between[0] and between[1] < keep[1])


@pytest.mark.parametrize(
    ("text", "lead", "body"),
    [
        ("・可燃ごみは火曜日です。", "・", "可燃ごみは火曜日です。"),
        ("1. Bring your card.", "1. ", "Bring your card."),
        ("１．身分証をお持ちください。", "１．", "身分証をお持ちください。"),
        ("(2) Fill in the form.", "(2) ", "Fill in the form."),
        ("①用紙に記入する。", "①", "用紙に記入する。"),
        ("  - Wait here.", "  - ", "Wait here."),
        ("※雨天中止です。", "※", "雨天中止です。"),
        ("第3条　会員は会費を納める。", "第3条　", "会員は会費を納める。"),
        ("2024 was a good year.", "", "2024 was a good year."),
        ("1.5 meters is enough.", "", "1.5 meters is enough."),
        ("-5 degrees were measured.", "", "-5 degrees were measured."),
    ],
)
def test_bullets_and_numbers_stay_outside(text: str, lead: str, body: str) -> None:
    to: Language = "en" if any(char > "\u2fff" for char in body) else "ja"
    (piece,) = pieces_of(text, to)
    assert (piece.lead, piece.body) == (lead, body)


def test_a_label_is_a_piece_of_its_own() -> None:
    label, rest = pieces_of("【重要】明日は休みです。", "en")
    assert (label.body, label.label) == ("重要", True)
    assert target_lead(label, "en") + "Important" + target_tail(label, rest, "", "en", False) == (
        "[Important] "
    )


@pytest.mark.parametrize(
    "text",
    [
        "2024/04/15",
        "https://example.org/a?b=c",
        "help@example.org",
        "snake_case_name",
        "kakehashi.cli.main:main",
        "--output",
        "README.md",
        "NTT-X",
        "x" * 5000,
        "12,345.67 %",
        "———",
    ],
)
def test_symbols_are_copied(text: str) -> None:
    assert is_symbolic(text)


@pytest.mark.parametrize(
    "text", ["Hello", "Tanaka", "2024年", "See https://example.org now", "図書館"]
)
def test_words_are_not(text: str) -> None:
    assert not is_symbolic(text)


@pytest.mark.parametrize(
    ("text", "to", "copied"),
    [
        ("もう日本語です。", "ja", True),
        ("Already English.", "en", True),
        ("To be translated.", "ja", False),
        ("ｶﾅｶﾞｷﾃﾞｽ", "en", False),
        ("한국어 문장입니다.", "ja", True),
    ],
)
def test_only_the_other_language_is_translated(text: str, to: Language, copied: bool) -> None:
    assert [one.copy for one in pieces_of(text, to)] == [copied]


def test_a_foreign_sentence_is_named() -> None:
    (piece,) = pieces_of("한국어 문장입니다.", "ja")
    assert piece.foreign


def test_hard_line_breaks_inside_sentences_are_taken_out() -> None:
    text = (
        "本日は大雨のため、中央図書館と東分館は午後３時をもちまして閉館とさせていただき\n"
        "ます。返却のみの方は、正面玄関わきの返却ポストをご利用いただきますようお願いいた\n"
        "します。ご了承ください。"
    )
    bodies = [one.body for one in pieces_of(text, "en")]
    assert [body[-6:] for body in bodies] == ["ただきます。", "いたします。", "了承ください。"[-6:]]


def test_a_very_long_sentence_is_cut_at_commas() -> None:
    text = "、".join(f"{number}番目の長い項目についての説明" for number in range(400)) + "。"
    pieces = pieces_of(text, "en", limit=200)
    assert all(one.cut and len(one.body) <= 200 for one in pieces)
    assert all(one.body.endswith(("、", "。")) for one in pieces)


def test_a_million_characters_without_a_full_stop() -> None:
    text = "とても長い文が続いていて" * 84_000
    pieces = pieces_of(text, "en")
    assert sum(len(one.body) for one in pieces) == len(text)
    assert max(len(one.body) for one in pieces) <= 600
