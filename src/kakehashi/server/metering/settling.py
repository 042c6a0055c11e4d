"""Settle after: the one entry of a request, and what was kept is given back."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from kakehashi.server.metering import store
from kakehashi.server.metering.amounts import Amounts, share
from kakehashi.server.metering.locking import organisation_locked
from kakehashi.server.metering.models import Entry, Measure, Outcome, Reservation
from kakehashi.server.metering.store import PriceRow, ReservationRow


def settle(
    reservation: uuid.UUID,
    organisation_id: int,
    spent: Amounts,
    outcome: Outcome = Outcome.DONE,
    *,
    now: datetime | None = None,
) -> None:
    """Write down what a request used. Calling it again changes nothing.

    If the reservation's lease ran out meanwhile and it was settled as crashed, a second entry
    holds the difference.

    Raises:
        LedgerError: it could not be written; the reservation stands, so call it again.
    """
    now = now or timezone.now()
    with organisation_locked(organisation_id):
        row = store.take_reservation(reservation, organisation_id)
        if row is None:
            _settle_late(reservation, organisation_id, spent, now)
        else:
            _settle_row(row, spent, outcome, now)


def settle_abandoned(reservation: Reservation, *, now: datetime | None = None) -> bool:
    """Settle a reservation nobody works on, with what was last known; False: it was settled.

    Raises:
        LedgerError: it could not be written.
    """
    now = now or timezone.now()
    organisation = reservation.organisation_id
    with organisation_locked(organisation):
        # Asked again: its process may have shown a sign of life, or settled it.
        abandoned = Reservation.objects.of(organisation).filter(
            pk=reservation.pk, lease_until__lt=now
        )
        row = store.take_reservation(reservation.pk, organisation) if abandoned.exists() else None
        if row is None:
            return False
        used = row.prompt_tokens + row.completion_tokens
        spent = Amounts(
            row.prompt_tokens,
            row.cached_tokens,
            row.completion_tokens,
            row.held_characters if used else 0,
        )
        _settle_row(row, spent, Outcome.CRASHED, now)
    return True


def _settle_row(row: ReservationRow, spent: Amounts, outcome: Outcome, now: datetime) -> None:
    price = store.price(row.price_id)
    store.insert_entry(_entry(row, row.id, spent, outcome, price, now))
    changes = []
    for each in store.counted(row, row.model):
        if each.counter is None or each.start > row.at:
            continue  # the counter of a later window, or none: then the ledger will tell it
        if each.measure == Measure.CONCURRENT:
            changes.append((0, -1, each.counter))
            continue
        used = _share(each.measure, spent, spent.micro_yen(price))
        held = share(
            each.measure,
            requests=1,
            tokens=row.held_tokens,
            characters=row.held_characters,
            micro_yen=row.held_micro_yen,
        )
        changes.append((used, -held, each.counter))
    store.add(changes)


def _settle_late(
    reservation: uuid.UUID, organisation_id: int, spent: Amounts, now: datetime
) -> None:
    entries = list(Entry.objects.of(organisation_id).filter(request_id=reservation).order_by("pk"))
    first = entries[0]
    if len(entries) > 1 or first.outcome != Outcome.CRASHED:
        return
    missing = Amounts(
        spent.prompt_tokens - first.prompt_tokens,
        spent.cached_tokens - first.cached_tokens,
        spent.completion_tokens - first.completion_tokens,
        spent.characters - first.characters,
    )
    if missing == Amounts():
        return
    price = store.price(first.price_id)
    values = _entry(first, reservation, missing, Outcome.LATE, price, now)
    store.insert_entry(values | {"requests": 0})
    store.add(
        (_share(each.measure, missing, values["micro_yen"], requests=0), 0, each.counter)
        for each in store.counted(first, first.model)
        if each.counter is not None and each.start <= first.at
    )


def _entry(
    who: ReservationRow | Entry,
    request_id: uuid.UUID,
    spent: Amounts,
    outcome: Outcome,
    price: PriceRow | None,
    now: datetime,
) -> dict[str, Any]:
    return {
        "organisation_id": who.organisation_id,
        "department_id": who.department_id,
        "member_id": who.member_id,
        "key_id": who.key_id,
        "model": who.model,
        "service": who.service,
        "price_id": who.price_id,
        "at": who.at,
        "request_id": request_id,
        "settled_at": now,
        "outcome": outcome.value,
        "requests": 1,
        "prompt_tokens": spent.prompt_tokens,
        "cached_tokens": spent.cached_tokens,
        "completion_tokens": spent.completion_tokens,
        "tokens": spent.tokens,
        "characters": spent.characters,
        "micro_yen": spent.micro_yen(price),
    }


def _share(measure: str, spent: Amounts, micro_yen: int, *, requests: int = 1) -> int:
    return share(
        measure,
        requests=requests,
        tokens=spent.tokens,
        characters=spent.characters,
        micro_yen=micro_yen,
    )
