"""Signs of life: what tells a running request from one whose process died.

Each process renews the leases of its reservations and notes what the engine has made so far; a
reservation whose lease ran out is settled with that. What was made after the last note (at most a
quarter of a lease ago) is the organisation's, not charged: a crash never costs more than was used.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from kakehashi.errors import LedgerError
from kakehashi.server.database import write_transaction
from kakehashi.server.metering.amounts import Amounts
from kakehashi.server.metering.models import Reservation
from kakehashi.server.metering.reserving import lease_end
from kakehashi.server.metering.settling import settle_abandoned


def renew(progress: Mapping[uuid.UUID, Amounts], *, now: datetime | None = None) -> None:
    """Show a sign of life for running requests, with what each has used so far.

    Raises:
        LedgerError: it could not be written.
    """
    now = now or timezone.now()
    if not progress:
        return
    try:
        with write_transaction():
            for reservation in sorted(progress):
                spent = progress[reservation]
                Reservation.unscoped.filter(pk=reservation).update(
                    lease_until=lease_end(now),
                    prompt_tokens=spent.prompt_tokens,
                    cached_tokens=spent.cached_tokens,
                    completion_tokens=spent.completion_tokens,
                )
    except DatabaseError as error:
        raise LedgerError("the leases cannot be renewed") from error


def sweep(*, now: datetime | None = None) -> list[uuid.UUID]:
    """Settle all reservations that nobody works on any more; returns their ids.

    Any process may do this, and several at once.

    Raises:
        LedgerError: the database does not answer.
    """
    now = now or timezone.now()
    try:
        abandoned = list(Reservation.unscoped.filter(lease_until__lt=now).order_by("pk"))
    except DatabaseError as error:
        raise LedgerError("the leases cannot be read") from error
    return [each.pk for each in abandoned if settle_abandoned(each, now=now)]
