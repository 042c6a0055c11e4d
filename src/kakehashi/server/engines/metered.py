"""An engine for one request: counts what it uses, and stops when nobody wants it any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from kakehashi.engine.base import DoneEvent, Engine, Event, Request, Usage
from kakehashi.errors import Cancelled


class MeteredEngine:
    """A view of a shared engine.

    Whatever ends a batch (its end, an error, the caller leaving it, `cancel`), what the engine has
    made until then is in `usage`: a batch is never dropped, it is told to stop and read to its end.

    Args:
        engine: the shared engine; closing this view does not close it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cancelled = threading.Event()
        self._usage = Usage()
        self._streamed = 0

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def context_tokens(self) -> int:
        return self._engine.context_tokens

    @property
    def parallel(self) -> int:
        return self._engine.parallel

    @property
    def usage(self) -> Usage:
        """What finished batches used, as the engine counted it."""
        return self._usage

    @property
    def so_far(self) -> Usage:
        """`usage`, and a token for each piece of text that a running batch has streamed."""
        return self._usage + Usage(completion_tokens=self._streamed)

    def cancel(self) -> None:
        """Stop, from any thread; what uses this engine gets `Cancelled`."""
        self._cancelled.set()

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """As `Engine.generate`; `cancel` is not used, there is one for the whole request.

        Raises:
            Cancelled: `cancel()` was called.
        """
        self.check()
        stop = threading.Event()
        # `cancel()` must reach a batch that runs in another thread's engine.
        events = self._engine.generate(requests, cancel=_Either(self._cancelled, stop))
        return self._read(events, stop)

    def _read(self, events: Iterator[Event], stop: threading.Event) -> Iterator[Event]:
        streamed: dict[int, int] = {}
        try:
            for event in events:
                self._count(event, streamed)
                yield event
        finally:
            # Left early, or at its end (then there is nothing more to read).
            stop.set()
            try:
                for event in events:
                    self._count(event, streamed)
            finally:
                # Of requests that an error ended, no more is known than what they streamed.
                left = sum(streamed.values())
                self._streamed -= left
                self._usage += Usage(completion_tokens=left)
        self.check()

    def _count(self, event: Event, streamed: dict[int, int]) -> None:
        # In this order, so that another thread never sees a token twice in `so_far`.
        if isinstance(event, DoneEvent):
            self._streamed -= streamed.pop(event.index, 0)
            self._usage += event.completion.usage
        else:
            streamed[event.index] = streamed.get(event.index, 0) + 1
            self._streamed += 1

    def check(self) -> None:
        """Raises Cancelled if `cancel` was called."""
        if self._cancelled.is_set():
            raise Cancelled("the request was cancelled")

    def count_tokens(self, text: str) -> int:
        return self._engine.count_tokens(text)

    def close(self) -> None:
        """Nothing: the engine is shared."""

    def __enter__(self) -> MeteredEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Either(threading.Event):
    """Set when it or `other` is set (engines only ask whether it is)."""

    def __init__(self, *others: threading.Event) -> None:
        super().__init__()
        self._others = others

    def is_set(self) -> bool:
        return super().is_set() or any(other.is_set() for other in self._others)
