"""From nothing to a running server: the home folder, the tables, the first administrator."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kakehashi.errors import LedgerError
from kakehashi.server import home
from kakehashi.settings import ServerSettings, read_server_settings

FIRST_LOGIN: Final = "admin"
FIRST_ORGANISATION: Final = "Kakehashi"


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a person must be told, once."""

    login: str
    password: str


def set_up(config: Path | None = None) -> ServerSettings:
    """Read the settings, prepare the home folder and Django; call it before any model is used.

    Raises:
        InputError: a setting is wrong. OutputError: the home folder may not be written.
    """
    if config is not None:
        os.environ["KAKEHASHI_CONFIG"] = str(config)
    settings = read_server_settings()
    home.prepare(settings.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.server.django_settings"
    django.setup(set_prefix=False)
    return settings


def prepare_database() -> FirstStart | None:
    """Bring the tables up to date; on an empty server, make an administrator.

    Raises:
        LedgerError: the database does not answer.
    """
    # Django's models cannot be imported before `set_up`.
    from kakehashi.server.people.models import Organisation
    from kakehashi.server.people.services import found, one_time_password

    try:
        migrate()
        if Organisation.objects.exists():
            return None
        password = one_time_password()
        found(FIRST_ORGANISATION, FIRST_LOGIN, password)
    except DatabaseError as error:
        raise LedgerError(
            f"the database cannot be used: {str(error).strip()}",
            where="KAKEHASHI_DATABASE",
            hint="'kakehashi doctor' looks at it more closely",
        ) from error
    return FirstStart(FIRST_LOGIN, password)


def migrate() -> None:
    """Run the migrations that are missing; several processes may do it at once."""
    with _alone():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, stdout=sys.stderr)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process migrates PostgreSQL at a time; SQLite locks itself."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


_MIGRATING: Final = 7_203_515
