"""The SQLite file of a translation memory: opening, schema, migrations, transactions.

WAL, so that readers never wait; one writer at a time, others wait for it (`WAIT_SECONDS`). The
schema's version is the number of migrations that were run; a file of a newer Kakehashi is refused.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kakehashi.errors import FormatError, InputError, OutputError

APPLICATION_ID: Final = 0x4B4B544D  # "KKTM"
WAIT_SECONDS: Final = 60.0

# name → what it does. Never changed once released; new ones go to the end.
MIGRATIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "units",
        """
        CREATE TABLE unit (
            id INTEGER PRIMARY KEY,
            direction TEXT NOT NULL,
            source TEXT NOT NULL,
            target TEXT NOT NULL,
            key TEXT NOT NULL,
            shape TEXT NOT NULL,
            origin TEXT NOT NULL,
            who TEXT NOT NULL DEFAULT '',
            changed TEXT NOT NULL DEFAULT '',
            UNIQUE (direction, key, target)
        );
        CREATE INDEX unit_shape ON unit (direction, shape);
        """,
    ),
)


class Store:
    """An open file; its connection may be used from several threads, one after the other.

    Raises:
        FormatError: the file is no translation memory, or is damaged.
        InputError: it was made by a newer Kakehashi, or cannot be opened.
        OutputError: it does not exist and cannot be made, or may not be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._changes = 0
        if path.is_dir():
            raise InputError("this is a folder", where=str(path), hint="give the name of a file")
        try:
            self._connection = sqlite3.connect(
                path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise OutputError(
                f"the translation memory cannot be opened: {error}",
                where=str(path),
                hint="check that its folder exists and may be written",
            ) from None
        try:
            with self._said():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        run = self._connection.execute
        version, application, tables = (
            run(sql).fetchone()[0]
            for sql in (
                "PRAGMA user_version",
                "PRAGMA application_id",
                "SELECT count(*) FROM sqlite_schema",
            )
        )
        if tables and application != APPLICATION_ID:
            raise FormatError(
                "this is a database, but no translation memory",
                where=str(self.path),
                hint="choose another file",
            )
        if version > len(MIGRATIONS):
            raise InputError(
                f"the translation memory has version {version}; this Kakehashi reads up to "
                f"{len(MIGRATIONS)}",
                where=str(self.path),
                hint="use the Kakehashi that made it, or export it there as TMX and import that",
            )
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")  # what was said to be saved is saved
        if version < len(MIGRATIONS):
            self._migrate()

    def _migrate(self) -> None:
        with self.writing() as connection:
            # Another process may have been first.
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for name, script in MIGRATIONS[version:]:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL, at TEXT NOT NULL)"
                )
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO migration VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                    (name,),
                )
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def state(self) -> tuple[int, int]:
        """Another one after every change of the file, whoever made it."""
        with self.reading() as connection:
            (foreign,) = connection.execute("PRAGMA data_version").fetchone()
            return int(foreign), self._changes

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for questions."""
        with self._lock, self._said():
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, whatever happens inside."""
        with self._lock, self._said():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            self._changes += 1

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say in our own words what SQLite complains about."""
        try:
            yield
        except sqlite3.OperationalError as error:
            told = str(error)
            if "locked" in told or "busy" in told:
                raise OutputError(
                    f"another program has been writing for {WAIT_SECONDS:.0f} seconds",
                    where=str(self.path),
                    hint="wait until it is done, and try again",
                ) from None
            raise OutputError(
                f"the translation memory cannot be used: {told}",
                where=str(self.path),
                hint="check its permissions and the room on the disk",
            ) from None
        except sqlite3.DatabaseError as error:
            raise FormatError(
                f"this is no translation memory, or it is damaged: {error}",
                where=str(self.path),
                hint="choose another file, or put a copy of it back",
            ) from None

    def close(self) -> None:
        """Close the file; may be called more than once."""
        with self._lock:
            self._connection.close()


def _statements(script: str) -> Iterator[str]:
    """The statements of a script (`executescript` would end the transaction)."""
    rest = ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            yield rest
            rest = ""
