from __future__ import annotations

import pytest

from kakehashi.documents import Mark, from_bytes
from kakehashi.errors import FormatError

CUES = (
    "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Hello</i> there,\r\nyou.\r\n\r\n"
    "7\r\n00:00:03,5 --> 00:00:04,000  X1:1\r\n{\\an8}Bye\r\n\r\n\r\n"
)


def test_cues_tags_and_timing() -> None:
    document = from_bytes(CUES.encode(), "srt", "a.srt")
    assert [(s.text, s.place, s.kind) for s in document.segments] == [
        ("Hello there,\nyou.", "cue 1", "cue"),
        ("Bye", "cue 7", "cue"),
    ]
    document.replace(0, "やあ、\n君", (Mark(0, 2, 0),))
    document.replace(1, "また\n\n-->\n<i>{\\an1}\n")
    assert document.render().decode() == (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>やあ</i>、\r\n君\r\n\r\n"
        "7\r\n00:00:03,5 --> 00:00:04,000  X1:1\r\n{\\an8}また\r\n→\r\n＜i>｛\\an1}\r\n\r\n\r\n"
    )


def test_numbers_may_be_missing_and_a_cue_may_hold_a_number() -> None:
    source = "00:00:01,000 --> 00:00:02,000\nIn\n1984\n\n00:00:03,000 --> 00:00:04,000\nB\n"
    assert [s.text for s in from_bytes(source.encode(), "srt").segments] == ["In\n1984", "B"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("1\n00:00:01,000 -> 00:00:02,000\nA\n", 2),
        ("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:03 --> 00:00:04,000\nB\n", 6),
        ("\nhello\n", 2),
        ("hello\n\n1\n00:00:01,000 --> 00:00:02,000\nA\n", 1),
        ("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n", 5),
    ],
)
def test_damage_is_named_with_its_line(source: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        from_bytes(source.encode(), "srt", "film.srt")
    assert caught.value.where == f"film.srt, line {line}"
    assert caught.value.hint
