from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.engine import Control, DoneEvent, Engine, Request, TextEvent, complete
from kakehashi.engine.scripted import Reply, ScriptedEngine, scripted_tokens
from kakehashi.errors import ContextError, EngineError


def ask(text: str, **options: object) -> Request:
    return Request((Control("<ja>"), text), **options)  # type: ignore[arg-type]


@given(st.text())
def test_its_tokens_spell_the_text(text: str) -> None:
    assert "".join(scripted_tokens(text)) == text


def test_a_mapping_by_whole_text_then_by_longest_part() -> None:
    engine = ScriptedEngine({"雪": "snow", "雪だるま": "snowman", "雪が降る": "It snows."})
    assert isinstance(engine, Engine)
    batch = [ask("雪"), ask("大きな雪だるまです"), ask("雪が降る")]
    assert [done.text for done in complete(engine, batch)] == ["snow", "snowman", "It snows."]
    assert engine.requests == batch
    with pytest.raises(EngineError, match="no reply"):
        complete(engine, [ask("雨")])


def test_it_streams_round_robin_and_counts() -> None:
    engine = ScriptedEngine(lambda request: "one two three", parallel=2)
    events = list(engine.generate([ask("a b"), ask("c"), ask("d")]))
    assert [(e.index, e.text) for e in events if isinstance(e, TextEvent)][:4] == [
        (0, "one"), (1, "one"), (0, " two"), (1, " two"),
    ]  # fmt: skip
    done = [e.completion for e in events if isinstance(e, DoneEvent) and e.index == 0]
    assert (done[0].usage.prompt_tokens, done[0].usage.completion_tokens) == (3, 3)


def test_limits_stops_loops_scores() -> None:
    engine = ScriptedEngine({"x": Reply("ab cd\nef", score=-2.0), "y": Reply("は", loop=True)})
    assert complete(engine, [ask("x", max_tokens=1)])[0].stop_reason == "length"
    stopped = complete(engine, [ask("x", stop=("\n",), logprobs=True)])[0]
    assert (stopped.text, stopped.stop_reason, stopped.score) == ("ab cd", "stop", -2.0)
    looped = complete(engine, [ask("y", max_tokens=9)])[0]
    assert (looped.text, looped.stop_reason) == ("は" * 9, "length")


def test_failures_on_command() -> None:
    broken = Reply("a b c", error=EngineError("cable cut"), error_after=2)
    engine = ScriptedEngine({"x": broken, "y": "fine"}, fail_on=2)
    stream = engine.generate([ask("x")])
    assert [next(stream), next(stream)] == [TextEvent(0, "a"), TextEvent(0, " b")]
    with pytest.raises(EngineError, match="cable cut"):
        next(stream)
    assert complete(engine, [ask("y")])[0].text == "fine"
    with pytest.raises(EngineError, match="told to"):
        complete(engine, [ask("y")])


def test_context_cancel_and_close() -> None:
    engine = ScriptedEngine(lambda request: "a b c d", context_tokens=10)
    with pytest.raises(ContextError, match="request 0 needs 2 \\+ 9 tokens"):
        engine.generate([ask("雪", max_tokens=9)])
    cancel = threading.Event()
    events = []
    for event in engine.generate([ask("雪", max_tokens=5)], cancel=cancel):
        events.append(event)
        cancel.set()
    assert isinstance(events[-1], DoneEvent)
    assert events[-1].completion.stop_reason == "cancelled"
    assert events[-1].completion.text == "a"
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.generate([ask("雪", max_tokens=5)])


def test_a_reply_begins_as_it_was_told() -> None:
    engine = ScriptedEngine({"a": "は休みです。"})
    (done,) = complete(engine, [Request(("a",), begins="図書館")])
    assert done.text == "図書館は休みです。"
