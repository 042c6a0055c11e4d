from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.documents.base import Mark
from kakehashi.language.align import Aligned, align, wanted
from kakehashi.language.results import Language
from tests.language.helpers import marked


def covers(aligned: Aligned) -> list[str]:
    return [aligned.target[mark.start : mark.end] for mark in aligned.marks]


@pytest.mark.parametrize(
    ("source", "target", "to", "alone", "expected"),
    [
        ("Run `make test` first.", "最初に make test を実行します。", "ja", {}, ["make test"]),
        (
            "The *library* is closed.",
            "図書館は休みです。",
            "ja",
            {"library": "図書館"},
            ["図書館"],
        ),
        (
            "明日は*休館日*です。",
            "Tomorrow the library is Closed.",
            "en",
            {"休館日": "closed."},
            ["Closed"],
        ),
        ("It costs *500 yen* now.", "今は500円です。", "ja", {"500 yen": "５００円"}, ["500円"]),
        ("*All of it.*", "そのすべて。", "ja", {}, ["そのすべて。"]),
        ("*All of it*.", "そのすべて。", "ja", {}, ["そのすべて"]),
        ("Ask *Ms Tanaka* now.", "今すぐTanakaさんに。", "ja", {"Ms Tanaka": "Tanaka"}, ["Tanaka"]),
    ],
)
def test_where_marks_go(
    source: str, target: str, to: Language, alone: dict[str, str], expected: list[str]
) -> None:
    segment = marked(source)
    aligned = align(segment.text, target, segment.marks, to, alone)
    assert (covers(aligned), aligned.flags) == (expected, ())


def test_the_same_code_twice_keeps_its_order() -> None:
    segment = marked("`a.b` comes before `c.d` and `a.b` again.")
    aligned = align(segment.text, "a.bはc.dより先で、またa.bです。", segment.marks, "ja")
    assert covers(aligned) == ["a.b", "c.d", "a.b"]
    assert aligned.marks[0].start < aligned.marks[2].start


def test_lost_code_is_put_before_the_full_stop_and_flagged() -> None:
    segment = marked("Run `make test` first.")
    aligned = align(segment.text, "最初に実行します。", segment.marks, "ja")
    assert aligned.target == "最初に実行しますmake test。"
    assert covers(aligned) == ["make test"]
    assert [one.code for one in aligned.flags] == ["protected-lost"]


def test_a_guess_falls_on_whole_words_and_says_so() -> None:
    segment = marked("The committee *strongly disagreed* with the plan.")
    aligned = align(segment.text, "委員会は計画に強く反対した。", segment.marks, "ja")
    (text,) = covers(aligned)
    assert text
    assert text in aligned.target
    assert [(one.code, one.severity) for one in aligned.flags] == [("mark-guessed", "low")]


def test_a_point_at_the_start_stays_there() -> None:
    segment = marked("|Hello there.")
    assert align(segment.text, "こんにちは。", segment.marks, "ja").marks[0].start == 0


def test_only_what_helps_is_asked_for() -> None:
    segment = marked("*Whole* words and `code` and *500*.")
    assert wanted(segment.text, segment.marks) == ["Whole"]


_WORDS = st.lists(st.sampled_from(["red", "blue", "x.y", "make", "it", "go,", "now."]), max_size=9)
_ZIEL = st.text(alphabet="赤い青xmake.y 。、カナit", max_size=40)


@given(words=_WORDS, target=_ZIEL, data=st.data())
def test_marks_stay_in_the_text_apart_and_nested(
    words: list[str], target: str, data: st.DataObject
) -> None:
    source = " ".join(words)
    marks = []
    start = 0
    for key in range(3):
        start = data.draw(st.integers(start, len(source)))
        end = data.draw(st.integers(start, len(source)))
        marks.append(Mark(start, end, key, data.draw(st.booleans())))
        start = end
    aligned = align(source, target, marks, "ja")
    assert [mark.key for mark in aligned.marks] == [0, 1, 2]
    for mark in aligned.marks:
        assert 0 <= mark.start <= mark.end <= len(aligned.target)
    solid = sorted((one.start, one.end) for one in aligned.marks if one.start < one.end)
    assert all(a[1] <= b[0] for a, b in pairwise(solid))
    for before, after in zip(marks, aligned.marks, strict=True):
        text = source[before.start : before.end].strip()
        if before.protected and text:
            assert aligned.target[after.start : after.end] == text


@given(
    source=st.just("one two three four five six"),
    target=_ZIEL,
    bounds=st.lists(st.integers(0, 27), min_size=4, max_size=4, unique=True).map(sorted),
)
def test_inside_stays_inside(source: str, target: str, bounds: list[int]) -> None:
    outer, inner = Mark(bounds[0], bounds[3], 0), Mark(bounds[1], bounds[2], 1)
    after = align(source, target, [outer, inner], "ja").marks
    assert after[0].start <= after[1].start <= after[1].end <= after[0].end
