from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.documents.base import Segment
from kakehashi.engine.base import Request
from kakehashi.engine.scripted import request_text
from kakehashi.errors import InputError, LanguageError
from kakehashi.language.summarise import Summariser, faithful, shorten
from tests.language.helpers import engine, manifest, task_of

OPENED = "南原市は15日、川沿いに建設していた中央図書館（地上3階建て）を開館した。"
JA = f"""{OPENED}開館式には市民ら300人が集まった。

図書館は2階と3階に18万冊の本を置き、洪水のときにも開館を続けられる。
建設費は29億円で、国が11億円を負担した。

市議会では規模を小さくするよう求める声もあったが、計画は賛成17、反対9で可決された。
「静かで川が見える」と高校生の田辺さんは話した。
"""
EN = (
    "The city of Minamihara opened its new central library on Monday. "
    "The library holds 182,000 books on its two upper floors. "
    "The building cost 2.9 billion yen, and the government paid 1.1 billion yen. "
    "It was sunny."
)


def summariser(say: object = None, tasks: tuple[str, ...] = ()) -> Summariser:
    assert callable(say) or say is None
    model = engine(say or (lambda request: ""))
    return Summariser(model, manifest(tasks) if tasks else manifest(("translate:en-ja",)))


def test_without_a_rewriting_task_the_sentences_themselves_are_the_summary() -> None:
    summary = summariser().summarise(JA, lines=3)
    assert len(summary.lines) == 3
    assert summary == "\n".join(line.text for line in summary.lines)
    for line in summary.lines:
        assert line.text == summary.sentences[line.sources[0]] == line.extracted
    assert [line.sources for line in summary.lines] == sorted(one.sources for one in summary.lines)
    assert summary.language == "ja"


def test_a_faithful_rewording_is_used() -> None:
    short = {OPENED: "南原市は15日、中央図書館を開館した。"}

    def say(request: Request) -> str:
        assert task_of(request) == "summarise:ja"
        return short.get(request_text(request), "何か別の話。")

    summary = summariser(say, ("summarise:ja",)).summarise(JA, lines=2)
    assert summary.lines[0].text == "南原市は15日、中央図書館を開館した。"
    assert [line.rewritten for line in summary.lines] == [True, False]
    assert summary.usage.completion_tokens > 0


@pytest.mark.parametrize(
    "wording",
    [
        "南原市は16日、図書館を開館した。",
        "北山市は15日、図書館を開館した。",
        "南原市は15日、図書館を開館しなかった。",
        "南原市は15日、パン屋と病院と学校を売った。",
        "Minamihara opened a library.",
        "図書館は開館した。",
        "",
        "南原市は15日、川沿いに建設していた中央図書館（地上3階建て）を開館したのでみんな喜んだ。",
    ],
)
def test_an_unfaithful_rewording_is_not(wording: str) -> None:
    sentence = OPENED
    assert not faithful(wording, sentence, JA, "ja")
    summary = summariser(lambda _: wording, ("summarise:ja",)).summarise(sentence, lines=1)
    assert summary == sentence


def test_a_translation_with_a_wrong_number_gives_way_to_the_next_sentence() -> None:
    def say(request: Request) -> str:
        text = request_text(request)
        if "Monday" in text:
            return "南原市は月曜日、新しい中央図書館を開いた。"
        if "182000" in text:
            return "図書館は上の2つの階に18万2000冊の本がある。"
        return "建物は29万円で、政府は11億円を払った。" if "2.9" in text else "その日は晴れだった。"

    summary = summariser(say).summarise(EN, lines=2, to="ja")
    assert (
        summary
        == "南原市は月曜日、新しい中央図書館を開いた。\n図書館は上の2つの階に18万2000冊の本がある。"
    )
    assert summary.flags == ()


def test_when_no_translation_passes_the_source_sentence_stands_there() -> None:
    summary = summariser(lambda _: "99人が来た。").summarise(EN, lines=1, to="ja")
    (line,) = summary.lines
    assert line.text == line.extracted == summary.sentences[line.sources[0]]
    assert line.flags[0].code == "not-translated"


@pytest.mark.parametrize("chars", [1, 2, 10, 25, 60, 100, 400])
def test_never_more_characters_than_asked(chars: int) -> None:
    summary = summariser().summarise(JA, chars=chars)
    assert 0 < len(summary) <= chars


def test_as_many_lines_as_there_are() -> None:
    assert len(summariser().summarise("南原市は図書館を開いた。", lines=5).lines) == 1


@given(
    text=st.text(alphabet="図書館カード、。1234abc ,（）", max_size=60), chars=st.integers(1, 40)
)
def test_shortened_texts_fit(text: str, chars: int) -> None:
    assert len(shorten(text, chars, "ja")) <= chars
    assert len(shorten(text, chars, "en")) <= chars


def test_a_number_is_not_cut_in_two() -> None:
    assert shorten("図書館の蔵書は182000冊です", 10, "ja") == "図書館の蔵書は…"


def test_headings_are_titles_not_sentences() -> None:
    segments = [
        Segment(0, "新しい図書館", "line 1", kind="heading"),
        Segment(1, "市は新しい図書館を川沿いに開いた。", "line 3"),
    ]
    summary = summariser().summarise(segments, lines=3)
    assert summary.sentences == ("市は新しい図書館を川沿いに開いた。",)


@pytest.mark.parametrize(
    ("text", "error"),
    [("", InputError), ("123 456", InputError), ("한국어 문장입니다. 또 하나.", LanguageError)],
)
def test_what_cannot_be_summarised_is_said(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        summariser().summarise(text)


@pytest.mark.parametrize(("lines", "chars"), [(0, None), (None, 0), (-1, None)])
def test_limits_must_be_positive(lines: int | None, chars: int | None) -> None:
    with pytest.raises(InputError):
        summariser().summarise(JA, lines=lines, chars=chars)
