"""Proof: at one remaining unit of a budget, however many ask at once, one request gets it.

    scripts/with-postgres .venv/bin/python -m tests.server.proofs.budget
    .venv/bin/python -m tests.server.proofs.budget       # the same on SQLite

Several `kakehashi serve` processes on one database get all requests at the same time; round after
round the budget is one unit more than what is used.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.server.process import serving

TEXT = "Please wait here."


def prove(folder: Path, *, processes: int, requests: int, rounds: int) -> list[Counter[int]]:
    """Run the rounds; returns the HTTP statuses of each. Raises AssertionError if it is wrong."""
    from kakehashi.server.keys.services import create_key
    from kakehashi.server.metering import counters
    from kakehashi.server.metering.models import Entry, Limit, Measure, Window
    from tests.server.helpers import city, limit

    owner = city()
    key = create_key(owner, "proof").secret
    # By requests and by characters in turns: one is counted up by one, the other in larger steps.
    limits = [
        limit(owner.organisation, Measure.REQUESTS, Window.MONTH, 1),
        limit(owner.organisation, Measure.CHARACTERS, Window.MONTH, 10**9),
    ]
    seen = []
    with ExitStack() as stack:
        urls = []
        for number in range(processes):
            place = folder / str(number)
            place.mkdir()
            urls.append(stack.enter_context(serving(place)).url)
        for round_ in range(rounds):
            by_requests = round_ % 2 == 0
            Limit.objects.of(owner.organisation).filter(pk=limits[0].pk).update(
                amount=round_ + 1 if by_requests else 10**9
            )
            Limit.objects.of(owner.organisation).filter(pk=limits[1].pk).update(
                amount=10**9 if by_requests else (round_ + 1) * len(TEXT)
            )
            statuses = asyncio.run(_ask_all(urls, key, requests))
            seen.append(statuses)
            assert statuses == Counter({200: 1, 429: requests - 1}), statuses
            assert Entry.objects.of(owner.organisation).count() == round_ + 1
            assert counters.differences() == []
    return seen


async def _ask_all(urls: list[str], key: str, requests: int) -> Counter[int]:
    body = {
        "model": "kakehashi-translate-ja",
        "messages": [{"role": "user", "content": TEXT}],
    }
    limits = httpx.Limits(max_connections=None)
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(timeout=120, limits=limits, headers=headers) as client:
        answers = await asyncio.gather(
            *(
                client.post(f"{urls[n % len(urls)]}/v1/chat/completions", json=body)
                for n in range(requests)
            )
        )
    return Counter(answer.status_code for answer in answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = prove(
            Path(folder),
            processes=asked.processes,
            requests=asked.requests,
            rounds=asked.rounds,
        )
    print(f"{len(seen)} rounds of {asked.requests} requests to {asked.processes} processes:")
    print("in each, one was served and all others were refused")


if __name__ == "__main__":
    from tests.server.proofs.setting import set_up

    set_up()
    main()
