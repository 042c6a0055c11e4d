"""A server's database for the tests: SQLite in a file, or what KAKEHASHI_TEST_DATABASE names.

``scripts/with-postgres .venv/bin/pytest tests/server`` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator

import django
import pytest

from tests.server.environment import ENVIRONMENT, HOME


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
