"""What a process does for its running requests in the background: leases, and late settlements."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from kakehashi.errors import LedgerError
from kakehashi.server.database import fresh
from kakehashi.server.metering.amounts import Amounts
from kakehashi.server.metering.leases import renew, sweep
from kakehashi.server.metering.models import Outcome
from kakehashi.server.metering.reserving import Admission
from kakehashi.server.metering.settling import settle

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Owed:
    """A settlement that could not be written when it was due."""

    organisation_id: int
    spent: Amounts
    outcome: Outcome


class Keeper:
    """Keeps the leases of this process's requests and settles them.

    Args:
        every: seconds between two signs of life; well under a lease.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._lock = threading.Lock()
        self._running: dict[uuid.UUID, Callable[[], Amounts]] = {}
        self._owed: dict[uuid.UUID, _Owed] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="kakehashi-keeper", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier process left behind is settled as soon as its lease is over."""
        self._thread.start()

    def close(self) -> None:
        """Settle what is owed, if the database answers, and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self.beat()

    def watch(self, admission: Admission, progress: Callable[[], Amounts]) -> None:
        """Keep the lease of a request; `progress` says what it has used so far."""
        with self._lock:
            self._running[admission.reservation] = progress

    def settle(self, admission: Admission, spent: Amounts, outcome: Outcome) -> None:
        """Settle a request now; if the ledger cannot be written, as soon as it can be again."""
        reservation = admission.reservation
        try:
            settle(reservation, admission.organisation_id, spent, outcome)
        except LedgerError:
            log.exception("a settlement is owed", extra={"reservation": str(reservation)})
            with self._lock:
                self._owed[reservation] = _Owed(admission.organisation_id, spent, outcome)
        finally:
            with self._lock:
                self._running.pop(reservation, None)

    def beat(self) -> None:
        """One sign of life. What cannot be written is tried again at the next."""
        with self._lock:
            running, owed = dict(self._running), dict(self._owed)
        progress = {key: one() for key, one in running.items()}
        progress |= {key: one.spent for key, one in owed.items()}
        try:
            renew(progress)
            for key, one in owed.items():
                settle(key, one.organisation_id, one.spent, one.outcome)
                with self._lock:
                    self._owed.pop(key, None)
            for reservation in sweep():
                log.warning("settled after a crash", extra={"reservation": str(reservation)})
        except LedgerError:
            log.exception("the ledger cannot be written")

    def _work(self) -> None:
        while True:
            fresh(self.beat)
            if self._stop.wait(self._every):
                connection.close()
                return
