"""One at a time for each organisation: what makes a limit exact with several processes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from kakehashi.errors import LedgerError
from kakehashi.server.database import write_transaction
from kakehashi.server.metering import store

log = logging.getLogger(__name__)


@contextmanager
def organisation_locked(organisation_id: int) -> Iterator[bool]:
    """A transaction in which nobody else reserves or settles for this organisation.

    SQLite has one writer anyway; PostgreSQL locks the organisation's row. Yields whether the
    organisation is open (not paused).

    Raises:
        LedgerError: the database does not answer or cannot write.
    """
    try:
        with write_transaction():
            yield store.organisation_is_open(organisation_id)
    except DatabaseError as error:
        log.exception("the ledger cannot be written")
        raise LedgerError(
            "the ledger cannot be written",
            hint="an administrator finds the reason in the server's log",
        ) from error
