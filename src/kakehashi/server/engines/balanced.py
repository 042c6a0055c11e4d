"""Several replicas of one model as one engine: the least busy of the healthy ones does the work.

For replicas on other machines (llama.cpp's server, vLLM) that all run the same weights; prompts,
and so the manifest, are ours.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import httpx

from kakehashi.engine.base import Engine, Event, Request
from kakehashi.engine.openai_compatible import OpenAICompatibleEngine
from kakehashi.errors import BusyError, ContextError, EngineError, InputError
from kakehashi.settings import RemoteEngine

log = logging.getLogger(__name__)
T = TypeVar("T")

CHECK_SECONDS: Final = 5.0
_PROBE_SECONDS: Final = 3.0


@dataclass(slots=True, eq=False)
class Replica:
    """One of the engines.

    Attributes:
        name: for the log: its address.
        probe: whether it is well; asked every `CHECK_SECONDS` and after an error.
        running: requests it works on.
    """

    name: str
    engine: Engine
    probe: Callable[[], bool]
    healthy: bool = True
    running: int = 0


class BalancedEngine:
    """See the module. A replica that fails is left out until its probe says that it is well.

    Args:
        replicas: at least one; closed with this engine.
    """

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self._replicas = tuple(replicas)
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="kakehashi-probe", daemon=True)

    def start(self) -> None:
        """Ask every replica now, and then again and again."""
        self.check()
        self._thread.start()

    @property
    def name(self) -> str:
        """``balanced``."""
        return "balanced"

    @property
    def context_tokens(self) -> int:
        """Most tokens of one request, on whichever replica it runs."""
        return min(replica.engine.context_tokens for replica in self._healthy())

    @property
    def parallel(self) -> int:
        """How many requests of one batch (it runs on one replica) are decoded at a time."""
        return min(replica.engine.parallel for replica in self._replicas)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, counted by a healthy replica."""
        return self._first(lambda replica: replica.engine.count_tokens(text))

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Run a batch on the least busy replica; see `Engine.generate`.

        A replica that cannot even begin hands on to the next. What has begun is not begun again
        elsewhere: its tokens are spent.

        Raises:
            BusyError: no replica is well.
            ContextError, EngineError: as the replica's engine.
        """

        def begin(replica: Replica) -> Iterator[Event]:
            return self._run(replica, replica.engine.generate(requests, cancel=cancel), requests)

        return self._first(begin)

    def check(self) -> None:
        """Ask every replica whether it is well."""
        for replica in self._replicas:
            self._note(replica, healthy=replica.probe())

    def close(self) -> None:
        """Close all replicas."""
        self._closed.set()
        for replica in self._replicas:
            replica.engine.close()

    def __enter__(self) -> BalancedEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _healthy(self) -> list[Replica]:
        """The replicas that are well, the least busy first."""
        with self._lock:
            found = sorted((r for r in self._replicas if r.healthy), key=lambda r: r.running)
        if not found:
            raise BusyError("no engine can be reached", hint="try again in a moment")
        return found

    def _first(self, do: Callable[[Replica], T]) -> T:
        problem: EngineError | None = None
        for replica in self._healthy():
            try:
                return do(replica)
            except ContextError:
                raise
            except EngineError as error:
                problem = error
                self._note(replica, healthy=False)
        assert problem is not None
        raise problem

    def _run(
        self, replica: Replica, events: Iterator[Event], requests: Sequence[Request]
    ) -> Iterator[Event]:
        with self._lock:
            replica.running += len(requests)
        try:
            yield from events
        except ContextError:
            raise
        except EngineError:
            self._note(replica, healthy=replica.probe())
            raise
        finally:
            with self._lock:
                replica.running -= len(requests)

    def _note(self, replica: Replica, *, healthy: bool) -> None:
        with self._lock:
            changed, replica.healthy = replica.healthy != healthy, healthy
        if changed:
            log.warning(
                "engine %s", "is back" if healthy else "is left out", extra={"engine": replica.name}
            )

    def _watch(self) -> None:
        while not self._closed.wait(CHECK_SECONDS):
            self.check()


def remote_engine(asked: RemoteEngine) -> BalancedEngine:
    """The replicas of an entry of `[[engines]]`.

    Raises:
        InputError: the file of the key cannot be read.
    """
    key = None
    if asked.key_file is not None:
        try:
            key = asked.key_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise InputError(
                f"the key cannot be read: {error.strerror}", where=str(asked.key_file)
            ) from None
    return BalancedEngine(
        [
            Replica(
                url,
                OpenAICompatibleEngine(
                    url, asked.model, key, parallel=asked.parallel, context=asked.context or None
                ),
                partial(answers, url),
            )
            for url in asked.urls
        ]
    )


def answers(url: str) -> bool:
    """Whether a server says that it is well; llama.cpp's and vLLM say it at ``/health``."""
    try:
        health = f"{url.rstrip('/').removesuffix('/v1')}/health"
        return httpx.get(health, timeout=_PROBE_SECONDS).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
