from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.server.api.openai.cutting import Finish, cut

texts = st.text(alphabet="あいうab。", max_size=6)


def parts(
    pieces: list[str], stops: tuple[str, ...] = (), most: int | None = None
) -> tuple[list[str], str]:
    *said, end = cut(pieces, stops=stops, most_tokens=most, count=len)
    assert isinstance(end, Finish)
    assert all(isinstance(each, str) and each for each in said)
    return [str(each) for each in said], end.reason


@given(st.lists(texts, max_size=6))
def test_without_a_limit_everything_comes_as_it_is(pieces: list[str]) -> None:
    assert parts(pieces) == ([piece for piece in pieces if piece], "stop")


@given(st.lists(texts, max_size=6), st.lists(texts.filter(bool), min_size=1, max_size=3))
def test_a_stop_text_is_found_across_pieces(pieces: list[str], stops: list[str]) -> None:
    whole = "".join(pieces)
    ends = [at for stop in stops if (at := whole.find(stop)) >= 0]
    said, reason = parts(pieces, tuple(stops))
    assert "".join(said) == whole[: min(ends)] if ends else "".join(said) == whole
    assert reason == "stop"


@given(st.lists(texts, max_size=6), st.integers(1, 12))
def test_so_many_tokens_and_no_more(pieces: list[str], most: int) -> None:
    whole = "".join(pieces)
    said, reason = parts(pieces, most=most)
    assert "".join(said) == whole[:most]
    assert reason == ("length" if len(whole) > most else "stop")


def test_nothing_is_read_after_the_end() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "あ"

    assert list(cut(endless(), stops=(), most_tokens=2, count=len)) == [
        "あ",
        "あ",
        Finish("length"),
    ]
    assert read == 3
