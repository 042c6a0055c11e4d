"""Run work on the shared engine, outside the event loop, for many requests at once."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from typing import Any, Final, Generic, TypeVar

from kakehashi.engine.base import Engine, Usage
from kakehashi.engine.manifest import Manifest
from kakehashi.errors import BusyError, Cancelled, KakehashiError
from kakehashi.server.database import in_database, wait_for
from kakehashi.server.engines.metered import MeteredEngine
from kakehashi.server.engines.offers import Work, bound
from kakehashi.server.metering.amounts import Amounts, amounts_of
from kakehashi.server.metering.keeper import Keeper
from kakehashi.server.metering.models import Outcome
from kakehashi.server.metering.reserving import Admission, reserve
from kakehashi.server.people.caller import Caller
from kakehashi.settings import ServerSettings

log = logging.getLogger(__name__)
T = TypeVar("T")
Opener = Callable[[ServerSettings], tuple[Engine, Manifest]]


class Job(Generic[T]):
    """Work that was admitted and runs; iterate over it for its results.

    Attributes:
        admission: what was reserved, and the limits as they stand now.
        finished: whether it has ended and is settled.
    """

    def __init__(self, admission: Admission, engine: MeteredEngine, work: Work[T]) -> None:
        self.admission = admission
        self.finished = False
        self._engine = engine
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[tuple[T] | Future[None]] = asyncio.Queue()
        self._started = time.monotonic()
        self._reason: KakehashiError | None = None

    @property
    def usage(self) -> Usage:
        """What the engine has counted; complete once the iteration has ended."""
        return self._engine.usage

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since it was admitted."""
        return time.monotonic() - self._started

    def spent(self) -> Amounts:
        """What is known to be used so far; the source's characters count once work began."""
        usage = self._engine.so_far
        used = usage.prompt_tokens + usage.completion_tokens
        return amounts_of(usage, self._work.characters if used else 0)

    def cancel(self, reason: KakehashiError | None = None) -> None:
        """Stop it; what was made is settled. The iteration ends with `reason`, or `Cancelled`."""
        self._reason = reason
        self._engine.cancel()

    async def __aiter__(self) -> AsyncIterator[T]:
        """The results as they come.

        Raises:
            KakehashiError: what the work raised.
        """
        while True:
            found = await self._queue.get()
            if isinstance(found, Future):
                self.finished = True
                try:
                    found.result()
                except Cancelled:
                    if self._reason is not None:
                        raise self._reason from None
                    raise
                return
            yield found[0]

    def run(self, manifest: Manifest, keeper: Keeper) -> None:
        """Do the work and settle it, in the calling thread."""
        outcome = Outcome.FAILED
        try:
            self._engine.check()
            # Closed before it is settled: closing is what makes the engine tell its last counts.
            with closing(self._work.run(self._engine, manifest)) as results:
                for result in results:
                    self._loop.call_soon_threadsafe(self._queue.put_nowait, (result,))
            outcome = Outcome.DONE
        except Cancelled:
            outcome = Outcome.CANCELLED
            raise
        finally:
            wait_for(keeper.settle, self.admission, self.spent(), outcome)

    def ended(self, future: Future[None]) -> None:
        """Tell whoever iterates."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, future)


class Pool:
    """The engine of this process, and everything that runs on it.

    Args:
        settings: which engine, how much at a time.
        opener: opens the engine; called once, in a thread.
    """

    def __init__(self, settings: ServerSettings, opener: Opener) -> None:
        self._settings = settings
        self._opener = opener
        self._opened: tuple[Engine, Manifest] | None = None
        self._threads = ThreadPoolExecutor(settings.max_running, thread_name_prefix="kakehashi-job")
        self._jobs: set[Job[Any]] = set()
        self._draining = False
        self.keeper = Keeper(settings.lease_seconds / 4)
        self.problem: KakehashiError | None = None

    def start(self) -> None:
        """Begin to load the model and to keep the leases; returns at once."""
        self.keeper.start()
        threading.Thread(target=self._open, name="kakehashi-load", daemon=True).start()

    def _open(self) -> None:
        try:
            self._opened = self._opener(self._settings)
        except KakehashiError as error:
            self.problem = error
            log.error("the engine cannot be opened: %s", error)

    @property
    def ready(self) -> bool:
        """Whether work can be run."""
        return self._opened is not None and not self._draining

    @property
    def running(self) -> int:
        """Jobs that run or wait."""
        return len(self._jobs)

    def opened(self) -> tuple[Engine, Manifest]:
        """The engine and its manifest.

        Raises:
            BusyError: it is still loading, or the server is going down.
            KakehashiError: it could not be opened.
        """
        if self._draining:
            raise _going_down()
        if self.problem is not None:
            raise self.problem
        if self._opened is None:
            raise BusyError("the model is still being loaded", hint="try again in a moment")
        return self._opened

    @asynccontextmanager
    async def run(
        self, caller: Caller, work: Work[T], *, model: str, service: str
    ) -> AsyncIterator[Job[T]]:
        """Reserve, run and settle `work`; leaving the block early cancels it.

        Args:
            caller: who pays.
            model: the public name that was asked for.
            service: which API, for the figures.

        Raises:
            LimitReached, AccessError, LedgerError: as `reserve`; nothing has run.
            BusyError: not ready, or too many are waiting.

        Example:
            async with pool.run(caller, work, model="kakehashi-translate-ja",
                                service="openai.chat") as job:
                async for piece in job:
                    ...
        """
        engine, manifest = self.opened()
        limit = self._settings.max_running + self._settings.max_waiting
        if len(self._jobs) >= limit:
            raise BusyError("too many requests are waiting", hint="try again in a moment")
        admitting = asyncio.ensure_future(
            in_database(self._admit, caller, work, model, service, engine, manifest)
        )
        try:
            admission = await asyncio.shield(admitting)
        except asyncio.CancelledError:
            # The client went away, the thread did not notice: what it reserves is given back.
            admitting.add_done_callback(self._give_back)
            raise
        job = Job(admission, MeteredEngine(engine), work)
        self._jobs.add(job)
        self.keeper.watch(admission, job.spent)
        future = self._threads.submit(job.run, manifest, self.keeper)
        future.add_done_callback(job.ended)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._jobs.discard, job))
        try:
            yield job
        finally:
            if not job.finished:
                job.cancel()

    def _give_back(self, admitting: asyncio.Future[Admission]) -> None:
        if not admitting.cancelled() and admitting.exception() is None:
            settle = self.keeper.settle
            self._threads.submit(wait_for, settle, admitting.result(), Amounts(), Outcome.CANCELLED)

    @staticmethod
    def _admit(
        caller: Caller,
        work: Work[Any],
        model: str,
        service: str,
        engine: Engine,
        manifest: Manifest,
    ) -> Admission:
        most = bound(work, engine, manifest)
        return reserve(caller, model=model, service=service, most=most)

    async def drain(self, seconds: float) -> None:
        """Refuse new work, let what runs finish for so long, then cancel it."""
        self._draining = True
        end = time.monotonic() + seconds
        while self._jobs and time.monotonic() < end:
            await asyncio.sleep(_DRAIN_STEP)
        for job in tuple(self._jobs):
            job.cancel(_going_down())

    def close(self) -> None:
        """Wait until everything is settled, and free the engine."""
        self._draining = True
        for job in tuple(self._jobs):
            job.cancel()
        self._threads.shutdown(wait=True)
        self.keeper.close()
        if self._opened is not None:
            self._opened[0].close()


def _going_down() -> BusyError:
    return BusyError("the server is going down", hint="try again in a moment")


_DRAIN_STEP: Final = 0.05
