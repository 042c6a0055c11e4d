"""Counters: how much of each limit is used. Everything here can be made anew from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum

from kakehashi.server.metering import windows
from kakehashi.server.metering.models import (
    EACH,
    Counter,
    Entry,
    Limit,
    Measure,
    Reservation,
    Subject,
)

_FIELDS = {
    Subject.ORGANISATION: "organisation_id",
    Subject.DEPARTMENT: "department_id",
    Subject.MEMBER: "member_id",
    Subject.KEY: "key_id",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that is not what the ledger says: (used, held) as kept and as derived."""

    counter: int
    kept: tuple[int, int]
    derived: tuple[int, int]


def subject_of(limit: Limit, who: Any) -> int | None:
    """The id of the one `limit` is counted for when `who` asks; None: it does not concern them.

    Args:
        who: a caller, a reservation or an entry.
    """
    found: int | None = getattr(who, _FIELDS[Subject(limit.subject)])
    if found is None or limit.subject_id not in (EACH, found):
        return None
    return found


def derive(limit: Limit, subject_id: int, start: datetime) -> tuple[int, int]:
    """What the ledger and the reservations say: (used, held) of what was reserved since `start`."""
    rows = Q(organisation_id=limit.organisation_id, at__gte=start)
    rows &= Q(**{_FIELDS[Subject(limit.subject)]: subject_id})
    if limit.model:
        rows &= Q(model=limit.model)
    held = Reservation.unscoped.filter(rows)
    measure = Measure(limit.measure)
    if measure == Measure.CONCURRENT:
        return 0, held.count()
    used = Entry.unscoped.filter(rows).aggregate(n=Sum(measure.value))["n"] or 0
    if measure == Measure.REQUESTS:
        return used, held.aggregate(n=Count("pk"))["n"]
    return used, held.aggregate(n=Sum(f"held_{measure.value}"))["n"] or 0


def existing(who: Any, model: str) -> list[Counter]:
    """All counters that count what `who` does with a model, with their limits, in a fixed order.

    More than those of the limits that hold for them: a limit that was replaced by one for a single
    subject goes on counting, so that it is right when it holds again.
    """
    subjects = {field: getattr(who, field) for field in _FIELDS.values()}
    rows = Counter.objects.filter(
        limit__organisation_id=who.organisation_id,
        limit__model__in=("", model),
        subject_id__in=[each for each in subjects.values() if each is not None],
    )
    return [
        counter
        for counter in rows.select_related("limit").order_by("pk")
        if subjects[_FIELDS[Subject(counter.limit.subject)]] == counter.subject_id
    ]


def current(limit: Limit, subject_id: int, known: Counter | None, now: datetime) -> Counter:
    """The counter of the window that `now` is in, made or begun anew if need be.

    Must be called while the organisation is locked (`locking`).

    Args:
        known: the counter, if there is one.
    """
    start = windows.start_of(limit.window, now)
    if known is not None and known.start >= start:
        return known
    used, held = derive(limit, subject_id, start)
    if known is None:
        return Counter.objects.create(
            limit=limit, subject_id=subject_id, start=start, used=used, held=held
        )
    known.start, known.used, known.held = start, used, held
    known.save(update_fields=["start", "used", "held"])
    return known


def add(counter: Counter, *, used: int = 0, held: int = 0) -> None:
    """Change a counter by these amounts."""
    if used or held:
        Counter.objects.filter(pk=counter.pk).update(used=F("used") + used, held=F("held") + held)


def differences() -> list[Difference]:
    """Every counter that is not what the ledger says; empty while all is well.

    Call it in a write transaction, or while nothing runs.
    """
    found = []
    for counter in Counter.objects.select_related("limit").order_by("pk"):
        derived = derive(counter.limit, counter.subject_id, counter.start)
        if derived != (counter.used, counter.held):
            found.append(Difference(counter.pk, (counter.used, counter.held), derived))
    return found


def rebuild() -> list[Difference]:
    """Make every counter anew from the ledger; returns what was wrong."""
    found = differences()
    for each in found:
        used, held = each.derived
        Counter.objects.filter(pk=each.counter).update(used=used, held=held)
    return found
