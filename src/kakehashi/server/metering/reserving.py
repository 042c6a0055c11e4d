"""Reserve before: may this request run, and what may it use at most?"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from kakehashi.errors import AccessError, LimitError
from kakehashi.server.metering import counters, windows
from kakehashi.server.metering.amounts import Amounts, share
from kakehashi.server.metering.locking import organisation_locked
from kakehashi.server.metering.models import (
    EACH,
    Counter,
    Limit,
    Measure,
    Price,
    Reservation,
    Window,
)
from kakehashi.server.metering.prices import price_of
from kakehashi.server.people.caller import Caller


@dataclass(frozen=True, slots=True)
class LimitState:
    """A limit as it stands after a request was reserved or refused.

    Attributes:
        remaining: what is left of it; never negative.
        resets_in: seconds until its window ends; 0 for concurrent requests.
    """

    measure: str
    window: str
    amount: int
    remaining: int
    resets_in: float


@dataclass(frozen=True, slots=True)
class Admission:
    """A request that may run.

    Attributes:
        reservation: its id, to settle it with.
        most: what was reserved; using more is for the caller to prevent.
        states: the limits that concern it.
    """

    reservation: uuid.UUID
    organisation_id: int
    most: Amounts
    states: tuple[LimitState, ...]


class LimitReached(LimitError):
    """See `LimitError`; `states` as in `Admission`, the one that refused is `refused`."""

    states: tuple[LimitState, ...] = ()
    refused: LimitState | None = None


def reserve(
    caller: Caller,
    *,
    model: str,
    service: str,
    most: Amounts,
    now: datetime | None = None,
) -> Admission:
    """Keep the most that a request may use, or refuse it.

    Args:
        model: the public name that is asked for; prices and limits go by it.
        service: which API, for the figures: ``openai.chat``, ``deepl.translate`` …
        most: an upper bound of what it will use.

    Raises:
        LimitReached: a limit does not allow it; nothing was kept.
        AccessError: the organisation is paused.
        LedgerError: it could not be written down, so it must not run.
    """
    now = now or timezone.now()
    with organisation_locked(caller.organisation_id) as is_open:
        if not is_open:
            raise AccessError("this organisation is paused", hint="ask the operator")
        price = price_of(model, now)
        wanted = _Wanted(most, most.micro_yen(price))
        known = {
            (each.limit_id, each.subject_id): each for each in counters.existing(caller, model)
        }
        concerned = []
        for limit, subject in limits_of(caller, model):
            counter = counters.current(limit, subject, known.get((limit.pk, subject)), now)
            known[limit.pk, subject] = counter
            concerned.append((limit, counter))
        refused = [
            (limit, counter)
            for limit, counter in concerned
            if counter.used + counter.held + wanted.of(limit) > limit.amount
        ]
        if refused:
            states = tuple(_state(limit, counter, 0, now) for limit, counter in concerned)
            raise _refusal(refused, wanted, states, now)
        # Another process's clock may be ahead and its window have begun.
        at = max([now, *(counter.start for _, counter in concerned)])
        reservation = _write(caller, model, service, price, wanted, at)
        for counter in known.values():
            if counter.start <= at:
                counters.add(counter, held=wanted.of(counter.limit))
    return Admission(
        reservation,
        caller.organisation_id,
        most,
        tuple(_state(limit, counter, wanted.of(limit), now) for limit, counter in concerned),
    )


def limits_of(who: Caller, model: str) -> list[tuple[Limit, int]]:
    """The limits that concern a caller and a model, with the id each is counted for.

    In a fixed order. A limit that names one subject takes the place of the one for each.
    """
    found: dict[tuple[str, str, str, str], tuple[Limit, int]] = {}
    rows = Limit.objects.of(who.organisation_id).filter(model__in=("", model))
    for limit in rows.order_by("pk"):
        subject = counters.subject_of(limit, who)
        if subject is None:
            continue
        place = (limit.subject, limit.model, limit.measure, limit.window)
        if place not in found or limit.subject_id != EACH:
            found[place] = (limit, subject)
    return sorted(found.values(), key=lambda pair: pair[0].pk)


def lease_end(now: datetime) -> datetime:
    """Until when a reservation is believed to be worked on."""
    return now + timedelta(seconds=settings.KAKEHASHI.lease_seconds)


@dataclass(frozen=True, slots=True)
class _Wanted:
    most: Amounts
    micro_yen: int

    def of(self, limit: Limit) -> int:
        if limit.measure == Measure.CONCURRENT:
            return 1
        return share(
            limit.measure,
            requests=1,
            tokens=self.most.tokens,
            characters=self.most.characters,
            micro_yen=self.micro_yen,
        )


def _write(
    caller: Caller,
    model: str,
    service: str,
    price: Price | None,
    wanted: _Wanted,
    now: datetime,
) -> uuid.UUID:
    row = Reservation(
        organisation_id=caller.organisation_id,
        department_id=caller.department_id,
        member_id=caller.member_id,
        key_id=caller.key_id,
        model=model,
        service=service,
        price=price,
        at=now,
        held_tokens=wanted.most.tokens,
        held_characters=wanted.most.characters,
        held_micro_yen=wanted.micro_yen,
        lease_until=lease_end(now),
    )
    row.save(force_insert=True)
    return row.pk


def _state(limit: Limit, counter: Counter, more: int, now: datetime) -> LimitState:
    end = windows.end_of(limit.window, now)
    return LimitState(
        limit.measure,
        limit.window,
        limit.amount,
        max(0, limit.amount - counter.used - counter.held - more),
        0.0 if end is None else (end - now).total_seconds(),
    )


def _refusal(
    refused: Iterable[tuple[Limit, Counter]],
    wanted: _Wanted,
    states: tuple[LimitState, ...],
    now: datetime,
) -> LimitReached:
    """The error for the limit that takes longest to be free again."""
    waits = [(_wait(limit, wanted.of(limit), now), limit, counter) for limit, counter in refused]
    wait, limit, counter = max(waits, key=lambda each: each[0])
    error = LimitReached(
        f"the limit of {limit.amount:,} {limit.measure} "
        + ("at the same time" if limit.window == Window.NOW else f"per {limit.window}")
        + f" for this {limit.subject} is reached",
        where=limit.model,
        hint="try again later" if math.isfinite(wait) else "ask an administrator for more",
        retry_after=math.ceil(wait) if math.isfinite(wait) else None,
    )
    error.states = states
    error.refused = _state(limit, counter, 0, now)
    return error


def _wait(limit: Limit, wanted: int, now: datetime) -> float:
    """Seconds until it could succeed; infinite where waiting does not help."""
    if wanted > limit.amount or limit.window in (Window.DAY, Window.MONTH):
        return math.inf
    end = windows.end_of(limit.window, now)
    return 1.0 if end is None else (end - now).total_seconds()
