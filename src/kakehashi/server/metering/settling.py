"""Settle after: the one entry of a request, and what was kept is given back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from kakehashi.server.metering import counters
from kakehashi.server.metering.amounts import Amounts, share
from kakehashi.server.metering.locking import organisation_locked
from kakehashi.server.metering.models import Counter, Entry, Measure, Outcome, Reservation


def settle(
    reservation: uuid.UUID,
    organisation_id: int,
    spent: Amounts,
    outcome: Outcome = Outcome.DONE,
    *,
    now: datetime | None = None,
) -> Entry:
    """Write down what a request used. Calling it again changes nothing.

    If the reservation's lease ran out meanwhile and it was settled as crashed, a second entry
    holds the difference.

    Raises:
        LedgerError: it could not be written; the reservation stands, so call it again.
    """
    now = now or timezone.now()
    with organisation_locked(organisation_id):
        row = Reservation.objects.of(organisation_id).filter(pk=reservation).first()
        if row is None:
            return _settle_late(reservation, organisation_id, spent, now)
        return _settle_row(row, spent, outcome, now)


def settle_abandoned(reservation: Reservation, *, now: datetime | None = None) -> Entry | None:
    """Settle a reservation nobody works on, with what was last known; None: it was settled.

    Raises:
        LedgerError: it could not be written.
    """
    now = now or timezone.now()
    with organisation_locked(reservation.organisation_id):
        # Read again: its process may have shown a sign of life, or settled it.
        row = (
            Reservation.objects.of(reservation.organisation_id)
            .filter(pk=reservation.pk, lease_until__lt=now)
            .first()
        )
        if row is None:
            return None
        spent = Amounts(
            row.prompt_tokens,
            row.cached_tokens,
            row.completion_tokens,
            row.held_characters if row.prompt_tokens + row.completion_tokens else 0,
        )
        return _settle_row(row, spent, Outcome.CRASHED, now)


def _settle_row(row: Reservation, spent: Amounts, outcome: Outcome, now: datetime) -> Entry:
    entry = _entry(row, row.pk, spent, outcome, now)
    entry.save(force_insert=True)
    Reservation.objects.of(row.organisation_id).filter(pk=row.pk).delete()
    for counter in _counters(row):
        measure = counter.limit.measure
        if measure == Measure.CONCURRENT:
            counters.add(counter, held=-1)
            continue
        held = share(
            measure,
            requests=1,
            tokens=row.held_tokens,
            characters=row.held_characters,
            micro_yen=row.held_micro_yen,
        )
        counters.add(counter, used=_share(measure, entry), held=-held)
    return entry


def _settle_late(
    reservation: uuid.UUID, organisation_id: int, spent: Amounts, now: datetime
) -> Entry:
    entries = list(
        Entry.objects.of(organisation_id)
        .select_related("price")
        .filter(request_id=reservation)
        .order_by("pk")
    )
    first = entries[0]
    if len(entries) > 1 or first.outcome != Outcome.CRASHED:
        return entries[-1]
    missing = Amounts(
        spent.prompt_tokens - first.prompt_tokens,
        spent.cached_tokens - first.cached_tokens,
        spent.completion_tokens - first.completion_tokens,
        spent.characters - first.characters,
    )
    if missing == Amounts():
        return first
    entry = _entry(first, reservation, missing, Outcome.LATE, now)
    entry.requests = 0
    entry.save(force_insert=True)
    for counter in _counters(first):
        if counter.limit.measure != Measure.CONCURRENT:
            counters.add(counter, used=_share(counter.limit.measure, entry))
    return entry


def _entry(
    who: Reservation | Entry,
    request_id: uuid.UUID,
    spent: Amounts,
    outcome: Outcome,
    now: datetime,
) -> Entry:
    return Entry(
        organisation_id=who.organisation_id,
        department_id=who.department_id,
        member_id=who.member_id,
        key_id=who.key_id,
        model=who.model,
        service=who.service,
        price=who.price,
        at=who.at,
        request_id=request_id,
        settled_at=now,
        outcome=outcome,
        prompt_tokens=spent.prompt_tokens,
        cached_tokens=spent.cached_tokens,
        completion_tokens=spent.completion_tokens,
        tokens=spent.tokens,
        characters=spent.characters,
        micro_yen=spent.micro_yen(who.price),
    )


def _counters(who: Reservation | Entry) -> Iterable[Counter]:
    """The counters whose window `who` was reserved in."""
    return [each for each in counters.existing(who, who.model) if each.start <= who.at]


def _share(measure: str, entry: Entry) -> int:
    return share(
        measure,
        requests=entry.requests,
        tokens=entry.tokens,
        characters=entry.characters,
        micro_yen=entry.micro_yen,
    )
