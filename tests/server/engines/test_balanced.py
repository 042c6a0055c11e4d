from __future__ import annotations

import pytest

from kakehashi.engine.base import DoneEvent, Request, TextEvent
from kakehashi.engine.scripted import Reply, ScriptedEngine
from kakehashi.errors import BusyError, ContextError, EngineError
from kakehashi.server.engines.balanced import BalancedEngine, Replica, answers


class Machine:
    """A replica on a scripted engine, which can be switched off."""

    def __init__(self, name: str, said: str | Reply) -> None:
        self.engine = ScriptedEngine({"a": said})
        self.on = True
        self.replica = Replica(name, self.engine, lambda: self.on)

    def switch_off(self) -> None:
        self.on = False
        self.engine.close()  # a closed engine refuses, as a server does that is gone


def requests(number: int = 1) -> list[Request]:
    return [Request(("a",), max_tokens=50)] * number


def said(engine: BalancedEngine) -> str:
    done = [e for e in engine.generate(requests()) if isinstance(e, DoneEvent)]
    return done[0].completion.text


@pytest.fixture
def machines() -> tuple[Machine, Machine]:
    return Machine("one", "いち"), Machine("two", "にに")


@pytest.fixture
def engine(machines: tuple[Machine, Machine]) -> BalancedEngine:
    return BalancedEngine([machine.replica for machine in machines])


def test_the_least_busy_does_the_work(engine: BalancedEngine) -> None:
    first = engine.generate(requests(3))
    assert next(first) == TextEvent(0, "い")
    second = engine.generate(requests(1))
    assert next(second) == TextEvent(0, "に")
    assert said(engine) == "にに"  # three against one
    list(first)
    assert said(engine) == "いち"
    list(second)


def test_a_batch_that_is_left_early_is_no_load(
    engine: BalancedEngine, machines: tuple[Machine, Machine]
) -> None:
    events = engine.generate(requests(3))
    next(events)
    assert machines[0].replica.running == 3
    events.close()  # type: ignore[attr-defined]
    assert machines[0].replica.running == 0


def test_a_replica_that_is_gone_is_left_out_until_it_is_back(
    engine: BalancedEngine, machines: tuple[Machine, Machine]
) -> None:
    machines[0].switch_off()
    assert said(engine) == "にに"
    assert not machines[0].replica.healthy
    machines[0].engine.closed = False
    assert said(engine) == "にに"
    machines[0].on = True
    engine.check()
    assert said(engine) == "いち"


def test_nobody_is_there(engine: BalancedEngine, machines: tuple[Machine, Machine]) -> None:
    for machine in machines:
        machine.switch_off()
    with pytest.raises(EngineError):
        said(engine)
    with pytest.raises(BusyError):
        said(engine)


def test_what_has_begun_is_not_begun_again(machines: tuple[Machine, Machine]) -> None:
    broken = Machine("broken", Reply("あいう", error=EngineError("gone"), error_after=1))
    engine = BalancedEngine([broken.replica, machines[1].replica])
    broken.on = False
    with pytest.raises(EngineError, match="gone"):
        said(engine)
    assert machines[1].engine.requests == []
    assert not broken.replica.healthy
    assert said(engine) == "にに"


def test_a_request_that_is_too_long_is_nobodys_fault(
    engine: BalancedEngine, machines: tuple[Machine, Machine]
) -> None:
    with pytest.raises(ContextError):
        list(engine.generate([Request(("a",), max_tokens=5000)]))
    assert all(machine.replica.healthy for machine in machines)


def test_a_server_that_is_not_there_does_not_answer() -> None:
    assert not answers("http://127.0.0.1:1/v1")
