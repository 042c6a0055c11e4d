"""Reserve before: may this request run, and what may it use at most?"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from kakehashi.errors import AccessError, LimitError
from kakehashi.server.metering import counters, store, windows
from kakehashi.server.metering.amounts import Amounts, share
from kakehashi.server.metering.locking import organisation_locked
from kakehashi.server.metering.models import Measure, Window
from kakehashi.server.metering.store import Counted, PriceRow, ReservationRow
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
        price = store.price_at(model, now)
        wanted = _Wanted(most, most.micro_yen(price))
        counted = counters.brought_up(store.counted(caller, model), caller.organisation_id, now)
        concerned = _concerned(counted)
        refused = [
            each for each in concerned if each.used + each.held + wanted.of(each) > each.amount
        ]
        if refused:
            raise _refusal(refused, wanted, tuple(_state(each, now) for each in concerned), now)
        # Another process's clock may be ahead and its window have begun.
        at = max([now, *(each.start for each in counted)])
        row = _reservation(caller, model, service, price, wanted, at)
        store.insert_reservation(row)
        store.add((0, wanted.of(each), each.counter) for each in counted if each.counter)
    for each in counted:
        each.held += wanted.of(each)
    states = tuple(_state(each, now) for each in concerned)
    return Admission(row.id, caller.organisation_id, most, states)


def _concerned(counted: list[Counted]) -> list[Counted]:
    """Those that hold: a limit that names one subject takes the place of the one for each.

    The other goes on counting, so that it is right when it holds again.
    """
    named = {
        (each.subject, each.model, each.measure, each.window)
        for each in counted
        if not each.for_each
    }
    return [
        each
        for each in counted
        if not each.for_each or (each.subject, each.model, each.measure, each.window) not in named
    ]


def lease_end(now: datetime) -> datetime:
    """Until when a reservation is believed to be worked on."""
    return now + timedelta(seconds=settings.KAKEHASHI.lease_seconds)


@dataclass(frozen=True, slots=True)
class _Wanted:
    most: Amounts
    micro_yen: int

    def of(self, limit: Counted) -> int:
        if limit.measure == Measure.CONCURRENT:
            return 1
        return share(
            limit.measure,
            requests=1,
            tokens=self.most.tokens,
            characters=self.most.characters,
            micro_yen=self.micro_yen,
        )


def _reservation(
    caller: Caller,
    model: str,
    service: str,
    price: PriceRow | None,
    wanted: _Wanted,
    at: datetime,
) -> ReservationRow:
    return ReservationRow(
        id=uuid.uuid4(),
        organisation_id=caller.organisation_id,
        department_id=caller.department_id,
        member_id=caller.member_id,
        key_id=caller.key_id,
        model=model,
        service=service,
        price_id=None if price is None else price.id,
        at=at,
        held_tokens=wanted.most.tokens,
        held_characters=wanted.most.characters,
        held_micro_yen=wanted.micro_yen,
        prompt_tokens=0,
        cached_tokens=0,
        completion_tokens=0,
        lease_until=lease_end(at),
    )


def _state(limit: Counted, now: datetime) -> LimitState:
    end = windows.end_of(limit.window, now)
    return LimitState(
        limit.measure,
        limit.window,
        limit.amount,
        max(0, limit.amount - limit.used - limit.held),
        0.0 if end is None else max(0.0, (end - now).total_seconds()),
    )


def _refusal(
    refused: list[Counted], wanted: _Wanted, states: tuple[LimitState, ...], now: datetime
) -> LimitReached:
    """The error for the limit that takes longest to be free again."""
    waits = [(_wait(limit, wanted.of(limit), now), limit) for limit in refused]
    wait, limit = max(waits, key=lambda each: each[0])
    error = LimitReached(
        f"the limit of {limit.amount:,} {limit.measure} "
        + ("at the same time" if limit.window == Window.NOW else f"per {limit.window}")
        + f" for this {limit.subject} is reached",
        where=limit.model,
        hint="try again later" if math.isfinite(wait) else "ask an administrator for more",
        retry_after=math.ceil(wait) if math.isfinite(wait) else None,
    )
    error.states = states
    error.refused = _state(limit, now)
    return error


def _wait(limit: Counted, wanted: int, now: datetime) -> float:
    """Seconds until it could succeed; infinite where waiting does not help."""
    if wanted > limit.amount or limit.window in (Window.DAY, Window.MONTH):
        return math.inf
    end = windows.end_of(limit.window, now)
    return 1.0 if end is None else (end - now).total_seconds()
