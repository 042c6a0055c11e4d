"""The limit planner: how many requests a budget allows, and the limits that keep it.

Fewer tokens for the same text become more requests for everybody: that is what this shows and does.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from kakehashi.errors import InputError
from kakehashi.server.database import write_transaction
from kakehashi.server.metering import store
from kakehashi.server.metering.export import entries
from kakehashi.server.metering.limits import set_limit
from kakehashi.server.metering.models import Limit, Measure, Subject, Window
from kakehashi.server.people.models import Organisation

_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelMix:
    """How a model was used in the time that was looked at.

    Attributes:
        micro_yen: what its requests would cost at today's price, all together.
        predecessor_micro_yen: the same if its tokens were as many as the predecessor's.
    """

    model: str
    requests: int
    tokens: int
    characters: int
    micro_yen: int
    predecessor_micro_yen: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a budget allows for each member and day.

    Attributes:
        mix: what the figures come from.
        members, days: among how many, on how many days of a month.
        requests: for each member and day, with our token counts.
        predecessor_requests: with the predecessor's.
        budget_micro_yen: of a month, for the whole organisation.
    """

    mix: tuple[ModelMix, ...]
    members: int
    days: int
    requests: int
    predecessor_requests: int
    budget_micro_yen: int


def plan(
    organisation: Organisation | int,
    *,
    budget_yen: int,
    members: int,
    since: datetime,
    until: datetime,
    predecessor_ratio: float,
    days: int | None = None,
) -> Plan:
    """How many requests a month's budget allows, for the mix that the ledger shows.

    A request's cost is the mean over the entries of [since, until), at the prices of `until`.

    Args:
        budget_yen: for a month.
        members: who share it equally.
        predecessor_ratio: the predecessor's tokens for one of ours, for the same texts (from
            `kakehashi bench`; 1.5 says that it needs half as many again).
        days: on how many days of a month they work; by default all of the month of `until`.

    Raises:
        InputError: the ledger has no request in that time, an argument is not positive, or the
            models have no price.
    """
    if min(budget_yen, members, days or 1) < 1 or predecessor_ratio <= 0:
        raise InputError("budget, members, days and ratio must be positive")
    days = days or calendar.monthrange(until.year, until.month)[1]
    mix = tuple(_mix(organisation, since, until, predecessor_ratio))
    requests = sum(each.requests for each in mix)
    ours = sum(each.micro_yen for each in mix)
    theirs = sum(each.predecessor_micro_yen for each in mix)
    if not requests:
        raise InputError("the ledger has no request in this time", hint="look at a longer time")
    if not ours:
        raise InputError("these models cost nothing", hint="give them a price first")
    share = budget_yen * _MICRO // (members * days)
    return Plan(
        mix,
        members,
        days,
        share * requests // ours,
        share * requests // theirs,
        budget_yen * _MICRO,
    )


def apply(organisation: Organisation | int, planned: Plan) -> tuple[Limit, Limit]:
    """Set the limits of a plan: requests for each member and day, yen a month for all.

    The second is what keeps the budget if the mix changes. Limits of the same kind are replaced.
    """
    with write_transaction():
        return (
            set_limit(organisation, Subject.MEMBER, Measure.REQUESTS, Window.DAY, planned.requests),
            set_limit(
                organisation,
                Subject.ORGANISATION,
                Measure.MICRO_YEN,
                Window.MONTH,
                planned.budget_micro_yen,
            ),
        )


def _mix(
    organisation: Organisation | int, since: datetime, until: datetime, ratio: float
) -> list[ModelMix]:
    names = ("requests", "prompt_tokens", "cached_tokens", "completion_tokens", "characters")
    rows = (
        entries(organisation, since, until)
        .order_by()
        .values_list("model")
        .annotate(**{f"sum_{name}": Sum(name) for name in names})
        .order_by("model")
    )
    found = []
    for model, requests, prompt, cached, completion, characters in rows:
        price = store.price_at(model, until)
        by_characters = characters * price.yen_per_million_characters if price else 0
        by_tokens = (
            (prompt - cached) * price.yen_per_million_prompt
            + cached * price.yen_per_million_cached
            + completion * price.yen_per_million_completion
            if price
            else 0
        )
        found.append(
            ModelMix(
                model,
                requests,
                prompt + completion,
                characters,
                by_tokens + by_characters,
                round(by_tokens * ratio) + by_characters,
            )
        )
    return found
