"""What `kakehashi doctor` asks about a server; nothing is made or changed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kakehashi.errors import LedgerError, OutputError
from kakehashi.server import home
from kakehashi.settings import ServerSettings

if TYPE_CHECKING:
    from kakehashi.server.metering.counters import Difference


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What was found of the database.

    Attributes:
        exists: there are tables; without them `kakehashi serve` makes them.
        missing: migrations that the next start will run.
        members: people who can use it.
        differences: counters that are not what the ledger says.
    """

    exists: bool
    missing: int = 0
    members: int = 0
    differences: tuple[Difference, ...] = ()


def check_secret(settings: ServerSettings) -> bool:
    """Whether the secret is there.

    Raises:
        OutputError: others than its owner can read it.
    """
    path = settings.home / home.SECRET_FILE
    if not path.exists():
        return False
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise OutputError(
            f"others than its owner may read it (mode {mode:o})",
            where=str(path),
            hint=f"chmod 600 {path}",
        )
    return True


def check_database(settings: ServerSettings) -> DatabaseState:
    """Look at the database.

    Raises:
        LedgerError: it does not answer, or is damaged.
    """
    if not settings.database and not (settings.home / home.DATABASE_FILE).exists():
        return DatabaseState(exists=False)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.server.django_settings"
    import django
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup(set_prefix=False)
    from kakehashi.server.metering.counters import differences
    from kakehashi.server.people.services import count_members

    try:
        if connection.vendor == "sqlite":
            _check_sqlite()
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            return DatabaseState(bool(executor.loader.applied_migrations), missing)
        return DatabaseState(True, 0, count_members(), tuple(differences()))
    except DatabaseError as error:
        raise LedgerError(
            f"the database cannot be used: {str(error).strip()}",
            where="KAKEHASHI_DATABASE" if settings.database else str(settings.home),
            hint="check its address and that it runs"
            if settings.database
            else "restore it from a copy, or move it away to begin anew",
        ) from error


def _check_sqlite() -> None:
    from django.db import DatabaseError, connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        found = cursor.fetchone()[0]
    if found != "ok":
        raise DatabaseError(str(found))
