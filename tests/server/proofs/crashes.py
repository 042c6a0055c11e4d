"""Proof: kill -9 at any moment leaves no reservation hanging, no charge lost, none doubled.

    .venv/bin/python -m tests.server.proofs.crashes --kills 100

Each request has a length of its own, so that its entry in the ledger can be found. What a client
got to the end must be charged, once, in full; what it did not get may be charged once at most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.server.process import serving

LEASE_SECONDS = 1


@dataclass
class Load:
    """Requests that were sent so far.

    Attributes:
        sent: how many; the n-th has a text of `length(n)` characters.
        delivered: characters → tokens, of those whose answer came to its end.
    """

    sent: int = 0
    delivered: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What the ledger held at the end."""

    kills: int
    sent: int
    delivered: int
    outcomes: dict[str, int]


def length(number: int) -> int:
    """Characters of the n-th text."""
    return 60 + number


def prove(folder: Path, *, kills: int, seed: int = 1) -> Found:
    """Kill a server under load, so many times. Raises AssertionError if it is wrong."""
    from kakehashi.server.keys.services import create_key
    from kakehashi.server.metering import counters
    from kakehashi.server.metering.models import Entry, Measure, Reservation, Window
    from tests.server.helpers import city, limit
    from tests.server.waiting import until

    owner = city()
    key = create_key(owner, "proof").secret
    for measure in (Measure.REQUESTS, Measure.TOKENS, Measure.CHARACTERS):
        limit(owner.organisation, measure, Window.MONTH, 10**12)
    limit(owner.organisation, Measure.CONCURRENT, Window.NOW, 10**6)
    load, random_ = Load(), random.Random(seed)
    lease = {"KAKEHASHI_LEASE_SECONDS": str(LEASE_SECONDS)}
    for kill in range(kills):
        place = folder / str(kill)
        place.mkdir()
        with serving(place, **lease) as server:
            asyncio.run(_until_killed(server.url, key, load, server.process.pid, random_))
            assert server.process.wait(60) == -signal.SIGKILL
    place = folder / "last"
    place.mkdir()
    with serving(place, **lease) as server:
        until(lambda: Reservation.unscoped.count() == 0)
        assert server.end() == 0
    entries = list(Entry.objects.of(owner.organisation))
    assert len({entry.request_id for entry in entries}) == len(entries)
    whole = {entry.characters: entry.tokens for entry in entries if entry.outcome == "done"}
    lost = {n: t for n, t in load.delivered.items() if whole.get(n) != t}
    assert lost == {}
    charged = Counter(entry.characters for entry in entries if entry.tokens)
    assert [n for n, times in charged.items() if times > 1] == []
    assert len(entries) <= load.sent
    assert counters.differences() == []
    return Found(
        kills,
        load.sent,
        len(load.delivered),
        dict(Counter(entry.outcome for entry in entries)),
    )


async def _until_killed(
    url: str, key: str, load: Load, process: int, random_: random.Random
) -> None:
    """Send requests, kill the server at a random moment, and end with the last answer."""
    import os

    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(timeout=60, headers=headers) as client:

        async def ask_on() -> None:
            while True:
                load.sent += 1
                number = length(load.sent)
                try:
                    tokens = await _ask(client, url, number, stream=random_.random() < 0.5)
                except httpx.TransportError:
                    return
                if tokens is not None:
                    load.delivered[number] = tokens

        asking = [asyncio.create_task(ask_on()) for _ in range(12)]
        before = len(load.delivered)
        while len(load.delivered) == before:
            await asyncio.sleep(0.01)
        await asyncio.sleep(random_.uniform(0, 1.5))
        os.kill(process, signal.SIGKILL)
        await asyncio.gather(*asking)


async def _ask(client: httpx.AsyncClient, url: str, number: int, *, stream: bool) -> int | None:
    """The tokens of an answer that came to its end; None: it did not."""
    text = "Please wait [delay 0.002] here. The library is closed on Mondays."
    text = (text * (1 + number // len(text)))[:number]
    body = {
        "model": "kakehashi-translate-ja",
        "messages": [{"role": "user", "content": text}],
        "stream": stream,
    }
    if stream:
        body["stream_options"] = {"include_usage": True}
    answer = await client.post(f"{url}/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    if not stream:
        return int(answer.json()["usage"]["total_tokens"])
    events = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    if events[-1] != "[DONE]":
        return None
    return int(json.loads(events[-2])["usage"]["total_tokens"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(prove(Path(folder), kills=asked.kills, seed=asked.seed))


if __name__ == "__main__":
    from tests.server.proofs.setting import set_up

    set_up()
    main()
