from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import kakehashi
from kakehashi import Kakehashi, Summary, Translation, api
from kakehashi.engine.base import Request
from kakehashi.engine.models import find_model
from kakehashi.engine.scripted import request_text
from kakehashi.errors import FileMissingError, LanguageError, ModelMissingError, TooLargeError
from kakehashi.settings import Settings
from tests.language.helpers import engine, manifest

KNOWN = {
    "The library is closed on Mondays.": "図書館は月曜日が休みです。",
    "It has 182,000 books.": "蔵書は18万2000冊です。",
    "図書館は月曜日が休みです。": "The library is closed on Mondays.",
}


def say(request: Request) -> str:
    # The model reads numbers without commas.
    return KNOWN[request_text(request).replace("182000", "182,000")]


@pytest.fixture
def library() -> Kakehashi:
    return Kakehashi(engine=engine(say), manifest=manifest())


def test_three_lines_of_python(library: Kakehashi) -> None:
    with library as loaded:
        result = loaded.translate("The library is closed on Mondays.", to="ja")
    assert isinstance(result, Translation)
    assert result == "図書館は月曜日が休みです。"
    assert type(result.text) is str
    assert result.usage.completion_tokens > 0
    assert [one.flags for one in result.segments] == [()]


def test_streams_and_batches(library: Kakehashi) -> None:
    text = "The library is closed on Mondays. It has 182,000 books."
    parts = list(library.translate_stream(text))
    assert parts == ["", "図書館は月曜日が休みです。", "蔵書は18万2000冊です。", ""]
    batch = library.translate_batch(text.replace("Mondays. ", "Mondays.\n").split("\n"))
    assert batch == parts[1:3]


def test_a_document(library: Kakehashi, tmp_path: Path) -> None:
    source, target = tmp_path / "a.md", tmp_path / "b.md"
    source.write_text("It has 182,000 books.\n", "utf-8")
    done = library.translate_document(source, to="ja", output=target)
    assert target.read_text("utf-8") == "蔵書は18万2000冊です。\n"
    assert (done.flags, len(done.segments)) == ((), 1)
    with pytest.raises(FileMissingError):
        library.translate_document(tmp_path / "none.md")


def test_a_summary(library: Kakehashi) -> None:
    text = "The library is closed on Mondays. It has 182,000 books."
    summary = library.summarise(text, lines=1, to="ja")
    assert isinstance(summary, Summary)
    assert summary.lines[0].text in KNOWN.values()


def test_closing_closes_the_engine() -> None:
    model = engine(say)
    with Kakehashi(engine=model, manifest=manifest()):
        assert not model.closed
    assert model.closed


def test_too_much_text_is_refused() -> None:
    small = Settings(max_input_mb=1)
    library = Kakehashi(engine=engine(say), manifest=manifest(), settings=small)
    with pytest.raises(TooLargeError):
        library.translate("図" * 400_000, to="en")
    with pytest.raises(TooLargeError):
        library.summarise("a" * 1_000_001)


def test_unknown_languages_and_models(library: Kakehashi) -> None:
    with pytest.raises(LanguageError):
        library.translate("Hello.", to="fr")  # type: ignore[arg-type]
    with pytest.raises(ModelMissingError):
        Kakehashi("no-such-model")


def test_names_are_loaded_on_first_use() -> None:
    assert set(kakehashi.__all__) <= set(dir(kakehashi))
    assert all(getattr(kakehashi, name) for name in kakehashi.__all__)
    with pytest.raises(AttributeError):
        kakehashi.nonsense  # noqa: B018


def test_the_example_in_the_documentation_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        find_model()
    except ModelMissingError:
        monkeypatch.setattr(api, "_load", lambda *_: (engine(say), manifest()))
    failed, tried = doctest.testmod(api)
    assert (failed, tried > 0) == (0, True)
