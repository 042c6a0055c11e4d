from __future__ import annotations

import threading

import pytest

from kakehashi.engine.base import DoneEvent, Request, TextEvent, Usage
from kakehashi.engine.scripted import Reply, ScriptedEngine
from kakehashi.errors import Cancelled, EngineError
from kakehashi.server.engines.metered import MeteredEngine


def requests(*texts: str) -> list[Request]:
    return [Request((text,), max_tokens=100) for text in texts]


def engine(**replies: str | Reply) -> MeteredEngine:
    return MeteredEngine(ScriptedEngine(replies))


def test_it_counts_what_the_engine_counts() -> None:
    metered = engine(a="あいう", b="えお")
    for _ in range(2):
        assert len(list(metered.generate(requests("a", "b")))) == 2 + 3 + 2
    assert metered.usage == Usage(prompt_tokens=4, completion_tokens=10)
    assert metered.so_far == metered.usage


def test_leaving_a_batch_early_loses_nothing() -> None:
    metered = engine(a="あいうえお", b="かきくけこ")
    events = metered.generate(requests("a", "b"))
    seen = [next(events) for _ in range(3)]
    assert all(isinstance(event, TextEvent) for event in seen)
    events.close()  # type: ignore[attr-defined]
    # The scripted engine makes no further token once it is told to stop.
    assert metered.usage == Usage(prompt_tokens=2, completion_tokens=3)


def test_cancelling_ends_the_work_and_every_later_batch() -> None:
    metered = engine(a="あいうえお")
    events = metered.generate(requests("a"))
    seen = [next(events), next(events)]
    metered.cancel()
    with pytest.raises(Cancelled):
        list(events)
    assert metered.usage.completion_tokens == len(seen)
    with pytest.raises(Cancelled):
        metered.generate(requests("a"))


def test_an_error_keeps_what_the_others_have_made() -> None:
    broken = Reply("あいうえお", error=EngineError("broken"), error_after=2)
    metered = engine(a=broken, b="かきくけこ")
    with pytest.raises(EngineError):
        list(metered.generate(requests("a", "b")))
    assert metered.usage.completion_tokens == 2 + 2


def test_what_is_known_on_the_way_is_never_more_than_what_was_made() -> None:
    metered = engine(a="あいうえお" * 50, b="か", c="きくけ" * 40)
    known: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            known.append(metered.so_far.completion_tokens)

    thread = threading.Thread(target=look)
    thread.start()
    made = 0
    for event in metered.generate([Request((t,), max_tokens=1000) for t in "abc"]):
        made += isinstance(event, TextEvent)
        assert metered.so_far.completion_tokens == made
        if isinstance(event, DoneEvent):
            assert metered.usage.completion_tokens <= made
    done.set()
    thread.join()
    assert max(known, default=0) <= made
    assert known == sorted(known)


def test_closing_it_leaves_the_shared_engine_open() -> None:
    shared = ScriptedEngine({"a": "あ"})
    with MeteredEngine(shared):
        pass
    assert not shared.closed
