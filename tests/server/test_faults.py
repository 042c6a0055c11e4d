"""The ledger cannot be written, the server goes down: nothing is free, nobody is left waiting."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from django.db import connection

from kakehashi.server.metering import counters
from kakehashi.server.metering.models import Entry, Measure, Reservation, Window
from kakehashi.server.runtime import pool
from tests.server.conftest import Live
from tests.server.helpers import limit
from tests.server.process import serving
from tests.server.waiting import until

SLOW = "Please wait [delay 0.05] here. "  # half a second of the scripted engine


@contextmanager
def without(table: str) -> Iterator[None]:
    """The database has lost a table for a while."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_lost")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table}_lost RENAME TO {table}")


def ask(live: Live, text: str = "Please wait here.", **more: Any) -> Any:
    given: dict[str, Any] = {
        "model": "kakehashi-translate-ja",
        "messages": [{"role": "user", "content": text}],
        **more,
    }
    return live.openai().chat.completions.create(**given)


@pytest.mark.parametrize("table", ["metering_reservation", "keys_apikey"])
def test_what_cannot_be_written_down_is_refused(live: Live, table: str) -> None:
    with without(table), pytest.raises(openai.InternalServerError) as error:
        ask(live)
    assert error.value.status_code == 503
    assert error.value.type == "server_error"
    assert Entry.unscoped.count() == 0
    assert ask(live).choices[0].message.content == "ここでお待ちください。"


def test_a_settlement_that_fails_is_owed_and_paid(live: Live) -> None:
    limit(live.owner.organisation, Measure.TOKENS, Window.DAY, 10_000)
    first = ask(live)  # makes the counters, which is done from the entries
    with without("metering_entry"):
        answer = ask(live)
        assert Reservation.unscoped.count() == 1
        pool().keeper.beat()
        assert Reservation.unscoped.count() == 1
    # The answer is out before its settlement has failed, and may still be on its way.
    until(_paid)
    entries = Entry.objects.of(live.owner.organisation).order_by("settled_at")
    tokens = list(entries.values_list("tokens", flat=True))
    assert tokens == [first.usage.total_tokens, answer.usage.total_tokens]
    assert counters.differences() == []


def test_an_address_that_does_not_exist(live: Live) -> None:
    answer = httpx.get(f"{live.url}/v1/nothing")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
    answer = httpx.get(f"{live.url}/api/nothing")
    assert answer.json()["status"] == 404
    assert answer.headers["content-type"] == "application/problem+json"


def _paid() -> bool:
    pool().keeper.beat()
    return Reservation.unscoped.count() == 0


def _events(answer: httpx.Response) -> list[str]:
    lines = [line for line in answer.iter_lines() if line]
    return [line.removeprefix("data: ") for line in lines]


def _stream(url: str, key: str, text: str) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": f"{url}/v1/chat/completions",
        "headers": {"authorization": f"Bearer {key}"},
        "json": {
            "model": "kakehashi-translate-ja",
            "messages": [{"role": "user", "content": text}],
            "stream": True,
        },
        "timeout": 120,
    }


def test_a_stream_is_finished_before_the_server_ends(live: Live, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with httpx.stream(**_stream(server.url, live.key, SLOW * 3)) as answer:
            server.process.send_signal(signal.SIGTERM)
            events = _events(answer)
        assert server.process.wait(60) == 0
    assert events[-1] == "[DONE]"
    assert Entry.objects.of(live.owner.organisation).get().outcome == "done"


def test_a_stream_that_takes_too_long_is_told(live: Live, tmp_path: Path) -> None:
    # Each sentence another one: what repeats is translated once.
    slow = " ".join(f"Please wait [delay 0.05] here, number {n}." for n in range(200))
    with serving(tmp_path, KAKEHASHI_SHUTDOWN_SECONDS="1") as server:
        with httpx.stream(**_stream(server.url, live.key, slow)) as answer:
            server.process.send_signal(signal.SIGTERM)
            events = _events(answer)
        assert server.process.wait(60) == 0
    assert json.loads(events[-1])["error"]["type"] == "server_error"
    entry = Entry.objects.of(live.owner.organisation).get()
    assert entry.outcome == "cancelled"
    assert entry.completion_tokens > 0
    assert Reservation.unscoped.count() == 0
