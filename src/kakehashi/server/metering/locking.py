"""One at a time for each organisation: what makes a limit exact with several processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from kakehashi.errors import LedgerError
from kakehashi.server.database import write_transaction
from kakehashi.server.people.models import Organisation


@contextmanager
def organisation_locked(organisation_id: int) -> Iterator[bool]:
    """A transaction in which nobody else reserves or settles for this organisation.

    SQLite has one writer anyway; PostgreSQL locks the organisation's row (NO KEY: foreign keys to
    it stay free). Yields whether the organisation is open (not paused).

    Raises:
        LedgerError: the database does not answer or cannot write.
    """
    try:
        with write_transaction():
            rows = Organisation.objects.filter(pk=organisation_id)
            if connection.vendor == "postgresql":
                rows = rows.select_for_update(no_key=True)
            paused = rows.values_list("paused_at", flat=True).get()
            yield paused is None
    except DatabaseError as error:
        raise LedgerError(
            "the ledger cannot be written",
            hint="an administrator finds the reason in the server's log",
        ) from error
