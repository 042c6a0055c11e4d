from __future__ import annotations

import pytest

from kakehashi.documents.base import Segment
from kakehashi.engine.base import Request
from kakehashi.engine.scripted import Reply, request_text
from kakehashi.errors import InputError, LanguageError
from kakehashi.language.results import Progress
from kakehashi.language.translate import Translator, line_segments, paragraphs
from tests.language.helpers import engine, manifest, marked, task_of

SCRIPT: dict[str, str | Reply] = {
    "The library is closed on Mondays.": "図書館は月曜日が休みです。",
    "It has 182,000 books.": "蔵書は18万2000冊です。",
    "Budget": "予算。",
    "Bring your card.": "カードをお持ちください。",
    "Wait here.": "ここでお待ちください。",
    "可燃ごみは火曜日です。": "Burnable waste is collected on Tuesday.",
    "資源ごみは木曜日です。": "Recyclables are collected on Thursday.",
    "明日は休みです。": "It is closed tomorrow.",
}


def translator(script: dict[str, str | Reply] | None = None) -> Translator:
    return Translator(engine(script or SCRIPT), manifest())


def test_paragraphs_lists_and_spaces_stay() -> None:
    text = (
        "\n  The library is closed on Mondays. It has 182,000 books.\n\n\n"
        "1. Bring your card.\n2. Wait here.\n"
    )
    result = translator().translate(text, "ja")
    assert result == (
        "\n  図書館は月曜日が休みです。蔵書は18万2000冊です。\n\n\n"
        "1. カードをお持ちください。\n2. ここでお待ちください。\n"
    )
    assert [one.place for one in result.segments] == ["line 2", "line 5"]
    assert result.flags == ()


def test_japanese_without_spaces_becomes_english_with_spaces() -> None:
    result = translator().translate("可燃ごみは火曜日です。資源ごみは木曜日です。", "en")
    assert (
        result == "Burnable waste is collected on Tuesday. Recyclables are collected on Thursday."
    )


def test_japanese_bullets_and_labels() -> None:
    text = "【重要】明日は休みです。\n・可燃ごみは火曜日です。\n１．資源ごみは木曜日です。"
    assert translator().translate(text, "en") == (
        "[Important] It is closed tomorrow.\n"
        "• Burnable waste is collected on Tuesday.\n"
        "1. Recyclables are collected on Thursday."
    )


def test_a_heading_gets_no_full_stop() -> None:
    assert translator().translate("Budget", "ja") == "予算"


def test_what_need_not_be_translated_never_reaches_the_model() -> None:
    model = engine({})
    text = "もう日本語です。\n\n2024/04/15\n\nhttps://example.org/a\n\nhelp@example.org"
    result = Translator(model, manifest()).translate(text, "ja")
    assert result == text
    assert model.requests == []
    assert {one.origin for part in result.segments for one in part.sentences} == {"copied"}


def test_the_same_sentence_is_paid_once() -> None:
    model = engine(SCRIPT)
    result = Translator(model, manifest()).translate("Wait here.\n\nWait here.", "ja")
    assert len(model.requests) == 1
    first, second = result.segments
    assert (first.target, second.target) == ("ここでお待ちください。",) * 2
    assert (second.sentences[0].origin, second.usage.completion_tokens) == ("repeated", 0)
    assert result.usage.completion_tokens == len("ここでお待ちください。")


def test_a_bad_result_is_tried_once_more_with_other_decoding() -> None:
    def say(request: Request) -> str:
        return "30人が来た。" if request.temperature == 0 else "20人が来た。"

    model = engine(say)
    result = Translator(model, manifest()).translate("20 people came.", "ja")
    assert (str(result), result.flags) == ("20人が来た。", ())
    assert [request.temperature > 0 for request in model.requests] == [False, True]
    assert result.segments[0].sentences[0].retried
    assert result.usage.completion_tokens == 2 * len("20人が来た。")


def test_what_stays_bad_is_flagged_and_the_better_try_kept() -> None:
    def say(request: Request) -> str:
        return "30人が来て50人が帰った。" if request.temperature == 0 else "Nobody came."

    text = "20 people came and 40 left."
    result = Translator(engine(say), manifest()).translate(text, "ja")
    assert str(result) == "30人が来て50人が帰った。"  # which is which, nobody knows
    assert {one.code for one in result.flags} == {"number-missing", "number-extra"}
    assert result.flags[0].evidence == "20, 40"


def test_a_loop_is_cut_by_the_limit_and_flagged() -> None:
    result = translator({"It is raining.": Reply("雨が降る", loop=True)}).translate(
        "It is raining.", "ja"
    )
    assert "loop" in {one.code for one in result.flags}


def test_results_come_in_reading_order_and_short_of_the_end() -> None:
    lines = [f"{'Now ' * (20 - number)}number {number} waits." for number in range(20)]

    def say(request: Request) -> str:
        *now, _, number, _ = request_text(request).split()
        return f"{'今度こそ、' * min(len(now), 3)}{number}番はここで待っています。"

    model = engine(say)
    segments, _ = line_segments("\n".join(lines))
    told: list[Progress] = []
    stream = Translator(model, manifest()).stream(segments, "ja", progress=told.append)
    first = next(stream)
    assert first.id == 0
    assert len(model.requests) < 20
    assert [one.id for one in stream] == list(range(1, 20))
    assert [one.segments_done for one in told] == list(range(1, 21))
    assert told[-1].sentences_done == told[-1].sentences_total == 20


def test_the_stream_of_a_text_is_the_text() -> None:
    text = "The library is closed on Mondays. It has 182,000 books.\n\n- Wait here.\n"
    parts = list(translator().stream_text(text, "ja"))
    assert "".join(parts) == translator().translate(text, "ja")
    assert len(parts) > 3


def test_one_result_for_each_text_of_a_batch() -> None:
    results = translator().translate_batch(["Wait here.", "", "Budget", "もう日本語。"], "ja")
    assert results == ["ここでお待ちください。", "", "予算", "もう日本語。"]


def test_lines_in_lines_out() -> None:
    text = "Wait here.\r\n\n  Bring your card.  \n\u3000\nBudget"
    segments, between = line_segments(text)
    assert len(between) == len(segments) + 1
    done = list(translator().stream(segments, "ja"))
    out = between[0] + "".join(one.target + between[one.id + 1] for one in done)
    assert out == "ここでお待ちください。\r\n\n  カードをお持ちください。  \n\u3000\n予算"


def test_paragraphs_can_be_put_together_again() -> None:
    text = "\n\na\nb\n \n\u3000\nc\n"
    segments, between = paragraphs(text)
    assert (
        between[0]
        + "".join(one.text + space for one, space in zip(segments, between[1:], strict=True))
        == text
    )
    assert [one.text for one in segments] == ["a\nb", "c\n"]


def test_marks_are_followed_and_protected_text_is_tried_again() -> None:
    def say(request: Request) -> str:
        text = request_text(request)
        if text == "library":
            return "図書館"
        return "図書館は開く。" if request.temperature == 0 else "図書館はopen()で開く。"

    segment = marked("The *library* opens with `open()` now.")
    (done,) = Translator(engine(say), manifest()).stream([segment], "ja")
    assert done.target == "図書館はopen()で開く。"
    assert [done.target[one.start : one.end] for one in done.marks] == ["図書館", "open()"]
    assert done.flags == ()


def test_a_mark_over_two_sentences_covers_both() -> None:
    segment = marked("*Wait here. Bring your card.* Budget")
    (done,) = translator().stream([segment], "ja")
    (mark,) = done.marks
    assert done.target[mark.start : mark.end] == "ここでお待ちください。カードをお持ちください。"


def test_code_with_a_full_stop_inside_is_not_cut() -> None:
    seen: list[str] = []

    def say(request: Request) -> str:
        seen.append(request_text(request))
        return "git commit -m 'Done. Next'と打つ。"

    segment = marked("Type `git commit -m 'Done. Next'` now.")
    (done,) = Translator(engine(say), manifest()).stream([segment], "ja")
    assert seen == ["Type git commit -m 'Done. Next' now."]
    assert done.flags == ()


def test_a_foreign_sentence_is_copied_and_named() -> None:
    (done,) = translator().stream([Segment(0, "한국어 문장입니다.", "line 1")], "ja")
    assert done.target == done.source
    assert [one.code for one in done.flags] == ["other-language"]


def test_a_line_without_a_full_stop_is_cut_and_done() -> None:
    text = "The road was closed, the bridge was open, " * 2_400
    model = engine(lambda request: "道は閉まり、橋は開いていた、")
    result = Translator(model, manifest()).translate(text, "ja")
    assert all(len(request_text(one)) <= 600 for one in model.requests)
    assert "sentence-cut" in {one.code for one in result.flags}
    assert len(result) > 1_000


def test_a_text_that_is_all_tokens_fits_into_the_context() -> None:
    text = "漢字鬱薔薇" * 300
    model = engine(lambda request: "Kanji.")
    Translator(model, manifest()).translate(text, "en")
    for request in model.requests:
        size = model.count_tokens(request_text(request))
        assert size + request.max_tokens < model.context_tokens


def test_several_sentences_in_one_request_if_asked() -> None:
    model = engine(lambda request: "図書館は月曜日が休みです。18万2000冊あります。")
    both = Translator(model, manifest(), join=2)
    text = "The library is closed on Mondays. It has 182,000 books."
    assert both.translate(text, "ja") == "図書館は月曜日が休みです。18万2000冊あります。"
    read = [text.replace("182,000", "182000")]
    assert [request_text(one) for one in model.requests] == read


def test_the_task_follows_direction_and_style() -> None:
    model = engine(lambda request: "お待ちください。")
    both = Translator(model, manifest())
    both.translate("Wait here.", "ja", style="polite")
    assert task_of(model.requests[0]) == "translate:en-ja:polite"


@pytest.mark.parametrize(
    ("to", "source", "style", "error"),
    [
        ("fr", None, None, LanguageError),
        ("ja", "de", None, LanguageError),
        ("ja", "ja", None, LanguageError),
        ("ja", None, "plain", LanguageError),
        ("ja", None, "rude", InputError),
        ("en", None, "polite", InputError),
    ],
)
def test_what_cannot_be_done_is_said(
    to: str, source: str | None, style: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        translator().task(to, source, style)


def test_leaving_early_stops_the_engine() -> None:
    model = engine(lambda request: "待つ。")
    segments = [Segment(n, f"Wait for number {n} here.", "") for n in range(100)]
    stream = Translator(model, manifest()).stream(segments, "ja")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert len(model.requests) < 100
