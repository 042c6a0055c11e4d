"""A server's database for the tests: SQLite in a file, or what KAKEHASHI_TEST_DATABASE names.

``scripts/with-postgres .venv/bin/pytest tests/server`` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django
import httpx
import pytest
from openai import OpenAI

from tests.server.environment import ENVIRONMENT, HOME

if TYPE_CHECKING:
    from kakehashi.server.people.models import Member


def _set_up() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        from kakehashi.server import home

        home.prepare(HOME)
        django.setup()
        # Hashing a password is slow on purpose; here it only costs time.
        from django.conf import settings

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


_set_up()

# Django's models can be imported only now.
from kakehashi.server.keys.services import create_key  # noqa: E402
from tests.server.helpers import city  # noqa: E402
from tests.server.waiting import until  # noqa: E402


@pytest.fixture(scope="session")
def tables() -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def database(tables: None) -> None:
    """An empty database; everything is really committed, so that processes and threads see it."""
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)


@dataclass(frozen=True)
class Live:
    """A running server and the key of an organisation's owner."""

    url: str
    owner: Member
    key: str
    clients: ExitStack

    def openai(self, key: str | None = None) -> OpenAI:
        """OpenAI's own client, as strict as it can be; closed at the end of the test."""
        return self.clients.enter_context(
            OpenAI(
                api_key=key or self.key,
                base_url=f"{self.url}/v1",
                max_retries=0,
                _strict_response_validation=True,
            )
        )


@pytest.fixture(scope="session")
def address(tables: None) -> Iterator[str]:
    """Where the server of this test run listens; it runs in a thread, with the scripted engine."""
    from django.conf import settings

    from kakehashi.server.run import listen, server

    sock = listen("127.0.0.1", 0)
    running = server(settings.KAKEHASHI)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[sock])))
    thread.start()
    host, port = sock.getsockname()[:2]
    url = f"http://{host}:{port}"
    until(lambda: running.started and httpx.get(f"{url}/readyz").status_code == 200)
    yield url
    running.should_exit = True
    thread.join()


@pytest.fixture
def live(database: None, address: str) -> Iterator[Live]:
    """The server, with one organisation."""
    owner = city()
    with ExitStack() as clients:
        yield Live(address, owner, create_key(owner, "test").secret, clients)
