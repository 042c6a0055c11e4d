"""Which database, and how it is written: one writer at a time, and never in the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connection, transaction

from kakehashi.server import home
from kakehashi.settings import ServerSettings

P = ParamSpec("P")
T = TypeVar("T")

BUSY_SECONDS: Final = 20
"""How long a writer waits for another process's write to SQLite."""
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; "
    "PRAGMA temp_store=MEMORY"
)
# Few: Python works on one of them at a time, and PostgreSQL has a connection for each.
_THREADS: Final = 4


def database_of(settings: ServerSettings) -> dict[str, Any]:
    """Django's entry for the database that the settings name."""
    if not settings.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": settings.home / home.DATABASE_FILE,
            "CONN_MAX_AGE": None,
            # IMMEDIATE: two transactions that read and then write would otherwise fail late.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": BUSY_SECONDS,
                "init_command": _PRAGMAS,
            },
        }
    parts = urlsplit(settings.database)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


_one_writer = threading.RLock()


@contextmanager
def write_transaction() -> Iterator[None]:
    """A transaction that will write.

    On SQLite the threads of this process take turns here: waiting in SQLite itself is polling,
    with sleeps of up to 100 ms, and whoever is unlucky waits long.
    """
    turn = _one_writer if connection.vendor == "sqlite" else nullcontext()
    with turn, transaction.atomic():
        yield


def aware(value: datetime) -> datetime:
    """A moment as SQL gives it: SQLite's are UTC and do not say so."""
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


_executor: ThreadPoolExecutor | None = None


def _threads() -> ThreadPoolExecutor:
    global _executor
    if _executor is None:
        _executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="kakehashi-database")
    return _executor


async def in_database(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `call` in a thread that keeps its connection open; the event loop goes on meanwhile."""

    def work() -> T:
        return fresh(call, *args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(_threads(), work)


def wait_for(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same from a thread; the many threads that run jobs need no connections of their own."""
    return _threads().submit(lambda: fresh(call, *args, **kwargs)).result()


def close() -> None:
    """Close the connections of these threads; they begin anew if they are needed again."""
    global _executor
    executor, _executor = _executor, None
    if executor is None:
        return
    # Each thread waits for all others, so that each closes its own.
    together = threading.Barrier(_THREADS)

    def work() -> None:
        together.wait()
        connection.close()

    for _ in range(_THREADS):
        executor.submit(work)
    executor.shutdown(wait=True)


def fresh(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `call` in this thread; a connection that broke before is opened anew."""
    connection.close_if_unusable_or_obsolete()
    return call(*args, **kwargs)
