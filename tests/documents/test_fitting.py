from __future__ import annotations

import pytest

from kakehashi.documents.fitting import em_width, line_count, longest_word


@pytest.mark.parametrize(
    ("text", "width"),
    [("市役所", 3), ("City", 2), ("ｶﾅ", 1), ("令和６年", 4), ("6 月", 2), ("", 0)],
)
def test_widths_are_counted_in_em(text: str, width: float) -> None:
    assert em_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, 1),
        ("防災訓練のお知らせ", 9, 1),
        ("防災訓練のお知らせ", 8, 2),
        ("one two three", 4, 2),  # words are not parted
        ("one two three", 2.5, 3),
        ("extraordinary", 2, 4),  # but for those that are wider than the column
        ("一\n二\n三", 9, 3),
        ("市民 services の向上", 6.5, 2),
        ("x", 0, 1),
    ],
)
def test_lines_are_filled_word_by_word(text: str, width: float, lines: int) -> None:
    assert line_count(text, width) == lines


def test_only_words_count_that_are_not_parted() -> None:
    assert longest_word("防災訓練を実施する") == 0
    assert longest_word("a reorganisation of the office") > em_width("reorganisation")
