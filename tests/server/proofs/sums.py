"""Proof: the ledger's sum is the engine's sum, with requests broken off at random.

    .venv/bin/python -m tests.server.proofs.sums --requests 10000

The engine counts by itself every token that leaves it, below everything that is proved.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from kakehashi.engine.base import DoneEvent, Event, Request
from kakehashi.engine.scripted import ScriptedEngine

SENTENCES = (
    "The library is closed on Mondays.",
    "Please wait here.",
    "The mayor opened the bridge [delay 0.002] on Friday.",
    "Bring form 12 to window 3 [delay 0.001] by 5 o'clock.",
)


class CountingEngine(ScriptedEngine):
    """Counts what leaves it: a token of text is an event, a prompt ends with its `DoneEvent`."""

    def __init__(self) -> None:
        from kakehashi.server.engines.loading import _say

        super().__init__(_say, context_tokens=4096)
        self._lock = threading.Lock()
        self.prompt_tokens = self.completion_tokens = 0

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        for event in super().generate(requests, cancel=cancel):
            with self._lock:
                if isinstance(event, DoneEvent):
                    self.prompt_tokens += event.completion.usage.prompt_tokens
                else:
                    self.completion_tokens += 1
            yield event


@dataclass(frozen=True)
class Sums:
    """What was found. `engine` and `ledger` are (prompt tokens, completion tokens)."""

    requests: int
    broken_off: int
    outcomes: dict[str, int]
    engine: tuple[int, int]
    ledger: tuple[int, int]


def prove(*, requests: int, concurrency: int, seed: int = 1) -> Sums:
    """Run the load against a server in a thread. Raises AssertionError if it is wrong."""
    from django.conf import settings
    from django.db.models import Count, Sum

    from kakehashi.server.engines.loading import scripted_manifest
    from kakehashi.server.engines.pool import Pool
    from kakehashi.server.keys.services import create_key
    from kakehashi.server.metering import counters
    from kakehashi.server.metering.models import Entry, Measure, Price, Reservation, Window
    from kakehashi.server.metering.windows import EPOCH
    from kakehashi.server.run import listen, server
    from kakehashi.server.runtime import replace_pool
    from tests.server.helpers import city, limit
    from tests.server.waiting import until

    owner = city()
    key = create_key(owner, "proof").secret
    Price.objects.create(valid_from=EPOCH, yen_per_million_completion=7, yen_per_million_prompt=2)
    for measure in (Measure.REQUESTS, Measure.TOKENS, Measure.MICRO_YEN):
        limit(owner.organisation, measure, Window.MONTH, 10**12)
    limit(owner.organisation, Measure.CONCURRENT, Window.NOW, 10**6)
    engine = CountingEngine()
    before = replace_pool(Pool(settings.KAKEHASHI, lambda _: (engine, scripted_manifest())))
    sock = listen("127.0.0.1", 0)
    running = server(settings.KAKEHASHI)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[sock])))
    thread.start()
    try:
        until(lambda: running.started)
        url = "http://{}:{}".format(*sock.getsockname()[:2])
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200)
        broken_off = asyncio.run(_load(url, key, requests, concurrency, random.Random(seed)))
        until(lambda: Reservation.unscoped.count() == 0)
    finally:
        running.should_exit = True
        thread.join()
        replace_pool(before)
    entries = Entry.objects.of(owner.organisation)
    total = entries.aggregate(
        n=Count("pk"), p=Sum("prompt_tokens"), c=Sum("completion_tokens"), y=Sum("micro_yen")
    )
    found = Sums(
        total["n"],
        broken_off,
        dict(entries.values_list("outcome").annotate(n=Count("pk"))),
        (engine.prompt_tokens, engine.completion_tokens),
        (total["p"], total["c"]),
    )
    assert found.engine == found.ledger, found
    assert total["y"] == 2 * total["p"] + 7 * total["c"]
    assert counters.differences() == []
    return found


async def _load(url: str, key: str, requests: int, concurrency: int, random_: random.Random) -> int:
    """All requests, so many at a time; returns how many were broken off by the client."""
    turn = asyncio.Semaphore(concurrency)
    headers = {"authorization": f"Bearer {key}"}
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(timeout=120, limits=limits, headers=headers) as client:

        async def one(body: dict[str, object], patience: float | None) -> bool:
            async with turn:
                task = asyncio.ensure_future(_ask(client, url, body))
                done, _ = await asyncio.wait({task}, timeout=patience)
                if done:
                    task.result()
                    return False
                task.cancel()
                await asyncio.wait({task})
                return True

        work = []
        for _ in range(requests):
            text = " ".join(random_.choices(SENTENCES, k=random_.randrange(1, 9)))
            body = {
                "model": "kakehashi-translate-ja",
                "messages": [{"role": "user", "content": text}],
                "stream": random_.random() < 0.5,
            }
            patience = random_.uniform(0, 0.5) if random_.random() < 0.4 else None
            work.append(one(body, patience))
        return sum(await asyncio.gather(*work))


async def _ask(client: httpx.AsyncClient, url: str, body: dict[str, object]) -> None:
    async with client.stream("POST", f"{url}/v1/chat/completions", json=body) as answer:
        assert answer.status_code == 200, await answer.aread()
        async for _ in answer.aiter_bytes():
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(prove(requests=asked.requests, concurrency=asked.concurrency, seed=asked.seed))


if __name__ == "__main__":
    from tests.server.proofs.setting import set_up

    set_up()
    main()
