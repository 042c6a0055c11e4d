"""Counters: how much of each limit is used. Everything here can be made anew from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Q, Sum

from kakehashi.server.metering import windows
from kakehashi.server.metering.locking import organisation_locked
from kakehashi.server.metering.models import Counter, Entry, Measure, Reservation, Subject
from kakehashi.server.metering.store import Counted

_FIELDS = {
    Subject.ORGANISATION: "organisation_id",
    Subject.DEPARTMENT: "department_id",
    Subject.MEMBER: "member_id",
    Subject.KEY: "key_id",
}


class _What(Protocol):
    """What is counted, and for whom."""

    @property
    def subject(self) -> str: ...
    @property
    def subject_id(self) -> int: ...
    @property
    def model(self) -> str: ...
    @property
    def measure(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Counter:
    subject: str
    subject_id: int
    model: str
    measure: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that is not what the ledger says: (used, held) as kept and as derived."""

    counter: int
    kept: tuple[int, int]
    derived: tuple[int, int]


def derive(what: _What, organisation_id: int, start: datetime) -> tuple[int, int]:
    """What the ledger and the reservations say: (used, held) of what was reserved since `start`."""
    rows = Q(organisation_id=organisation_id, at__gte=start)
    rows &= Q(**{_FIELDS[Subject(what.subject)]: what.subject_id})
    if what.model:
        rows &= Q(model=what.model)
    held = Reservation.unscoped.filter(rows)
    measure = Measure(what.measure)
    if measure == Measure.CONCURRENT:
        return 0, held.count()
    used = Entry.unscoped.filter(rows).aggregate(n=Sum(measure.value))["n"] or 0
    if measure == Measure.REQUESTS:
        return used, held.count()
    return used, held.aggregate(n=Sum(f"held_{measure.value}"))["n"] or 0


def brought_up(found: list[Counted], organisation_id: int, now: datetime) -> list[Counted]:
    """The same limits, each with the counter of the window that `now` is in.

    A counter that is missing or of an earlier window is made from the ledger. Call it while the
    organisation is locked (`locking`).
    """
    for each in found:
        start = windows.start_of(each.window, now)
        if each.counter is not None and each.start >= start:
            continue
        each.start = start
        each.used, each.held = derive(each, organisation_id, start)
        values = {"start": start, "used": each.used, "held": each.held}
        if each.counter is None:
            row = Counter.objects.create(limit_id=each.limit, subject_id=each.subject_id, **values)
            each.counter = row.pk
        else:
            Counter.objects.filter(pk=each.counter).update(**values)
    return found


def differences() -> list[Difference]:
    """Every counter that is not what the ledger says; empty while all is well.

    Raises:
        LedgerError: the database does not answer.
    """
    return [each for organisation in _organisations() for each in _compare(organisation)]


def rebuild(organisation_id: int | None = None) -> list[Difference]:
    """Make every counter (of one organisation) anew from the ledger; returns what was wrong.

    Requests may run meanwhile. Raises LedgerError as `differences`.
    """
    organisations = _organisations() if organisation_id is None else [organisation_id]
    return [each for organisation in organisations for each in _compare(organisation, mend=True)]


def _organisations() -> list[int]:
    rows = Counter.objects.order_by("limit__organisation_id").distinct()
    return list(rows.values_list("limit__organisation_id", flat=True))


def _compare(organisation_id: int, *, mend: bool = False) -> list[Difference]:
    """Locked, because a request that ends between the two readings would be a difference."""
    found = []
    with organisation_locked(organisation_id):
        rows = Counter.objects.filter(limit__organisation_id=organisation_id)
        for counter in rows.select_related("limit").order_by("pk"):
            limit = counter.limit
            what = _Counter(limit.subject, counter.subject_id, limit.model, limit.measure)
            derived = derive(what, organisation_id, counter.start)
            if derived == (counter.used, counter.held):
                continue
            found.append(Difference(counter.pk, (counter.used, counter.held), derived))
            if mend:
                used, held = derived
                Counter.objects.filter(pk=counter.pk).update(used=used, held=held)
    return found
