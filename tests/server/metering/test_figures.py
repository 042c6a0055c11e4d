"""Prices, plans, exports, retention, headers."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db.models import Sum

from kakehashi.errors import InputError
from kakehashi.server.metering import counters, planner
from kakehashi.server.metering.amounts import Amounts
from kakehashi.server.metering.export import by_day, entries, write_csv
from kakehashi.server.metering.headers import duration, rate_limit_headers, refusal_headers
from kakehashi.server.metering.limits import set_limit
from kakehashi.server.metering.models import (
    Entry,
    Limit,
    Measure,
    Price,
    Subject,
    Window,
)
from kakehashi.server.metering.reserving import LimitReached, LimitState, reserve
from kakehashi.server.metering.retention import anonymise
from kakehashi.server.metering.settling import settle
from kakehashi.server.metering.windows import EPOCH, end_of, start_of
from kakehashi.server.people.caller import Caller
from kakehashi.server.people.models import Member
from tests.server.helpers import NOON, city, clerk

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


@pytest.fixture
def owner(database: None) -> Member:
    return city()


def use(
    caller: Caller, tokens: int, *, days: int = 0, model: str = "m", characters: int = 1
) -> None:
    now = NOON + days * DAY
    most = Amounts(0, 0, tokens, characters)
    admission = reserve(caller, model=model, service="test", most=most, now=now)
    settle(admission.reservation, admission.organisation_id, most, now=now)


def test_a_price_is_never_changed(owner: Member) -> None:
    price = Price.objects.create(model="m", valid_from=EPOCH, yen_per_million_completion=3)
    price.yen_per_million_completion = 4
    with pytest.raises(TypeError):
        price.save()


def test_windows_begin_and_end_in_tokyo() -> None:
    assert start_of("day", NOON).isoformat() == "2036-11-25T15:00:00+00:00"
    assert start_of("month", NOON).isoformat() == "2036-10-31T15:00:00+00:00"
    for window in ("minute", "day", "month"):
        end = end_of(window, NOON)
        assert end is not None
        assert start_of(window, end) == end
        assert start_of(window, end - timedelta(microseconds=1)) == start_of(window, NOON)
    january = NOON.replace(month=1, day=31)
    end = end_of("month", january)
    assert end is not None
    assert end.isoformat() == "2036-01-31T15:00:00+00:00"


def test_a_budget_becomes_requests(owner: Member) -> None:
    Price.objects.create(model="m", valid_from=EPOCH, yen_per_million_completion=1000)
    caller = clerk(owner.organisation)
    for _ in range(4):
        use(caller, 100)  # 0.1 yen each
    arguments = {"since": NOON, "until": NOON + DAY, "predecessor_ratio": 2.0, "days": 20}
    planned = planner.plan(owner.organisation, budget_yen=1000, members=50, **arguments)  # type: ignore[arg-type]
    # 1,000 yen for 50 people on 20 days: one yen each
    assert (planned.requests, planned.predecessor_requests) == (10, 5)
    planner.apply(owner.organisation, planned)
    planner.apply(owner.organisation, planned)
    assert {
        (each.subject, each.measure, each.window, each.amount)
        for each in Limit.objects.of(owner.organisation)
    } == {
        ("member", "requests", "day", 10),
        ("organisation", "micro_yen", "month", 1_000_000_000),
    }
    assert Limit.objects.of(owner.organisation).count() == 2
    for _ in range(6):
        use(caller, 1)
    with pytest.raises(LimitReached):
        use(caller, 1)


def test_a_plan_needs_requests_and_prices(owner: Member) -> None:
    arguments = {"since": NOON, "until": NOON + DAY, "predecessor_ratio": 1.5}
    with pytest.raises(InputError, match="no request"):
        planner.plan(owner.organisation, budget_yen=1, members=1, **arguments)  # type: ignore[arg-type]
    use(clerk(owner.organisation), 1)
    with pytest.raises(InputError, match="cost nothing"):
        planner.plan(owner.organisation, budget_yen=1, members=1, **arguments)  # type: ignore[arg-type]


def test_the_export_is_the_ledger(owner: Member) -> None:
    caller = clerk(owner.organisation)
    other = clerk(city("やま市", "other").organisation, "elsewhere")
    for days in range(3):
        use(caller, 10 + days, days=days)
    use(other, 99)
    file = io.StringIO()
    assert write_csv(entries(owner.organisation, NOON, NOON + 2 * DAY), file) == 2
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [row["completion_tokens"] for row in rows] == ["10", "11"]
    assert rows[0]["at"] == "2036-11-26T03:00:10+00:00"


def test_days_are_days_in_tokyo(owner: Member) -> None:
    caller = clerk(owner.organisation)
    for days in (0, 0, 1):
        use(caller, 5, days=days)
    sums = list(by_day(entries(owner.organisation)))
    assert [(each.day.isoformat(), each.requests, each.completion_tokens) for each in sums] == [
        ("2036-11-26", 2, 10),
        ("2036-11-27", 1, 5),
    ]


def test_anonymising_keeps_every_sum(owner: Member) -> None:
    caller = clerk(owner.organisation)
    for subject in (Subject.MEMBER, Subject.ORGANISATION):
        set_limit(owner.organisation, subject, Measure.TOKENS, Window.MONTH, 10**6)
    for days in range(3):
        use(caller, 10, days=days)
    assert anonymise(owner.organisation, NOON + 2 * DAY) == 2
    assert anonymise(owner.organisation, NOON + 2 * DAY) == 0
    assert Entry.unscoped.filter(member_id=None).count() == 2
    assert Entry.unscoped.aggregate(n=Sum("tokens"))["n"] == 30
    assert counters.differences() == []


def test_setting_a_limit_again_changes_it(owner: Member) -> None:
    for amount in (1, 7):
        set_limit(owner.organisation, Subject.KEY, Measure.TOKENS, Window.DAY, amount)
    assert Limit.objects.of(owner.organisation).get().amount == 7
    with pytest.raises(InputError):
        set_limit(owner.organisation, Subject.KEY, Measure.CONCURRENT, Window.DAY, 1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0201, "21ms"), (0.5, "500ms"), (1, "1s"), (7.66, "7.66s"), (60, "1m0s"), (90.5, "1m30.5s")],
)
def test_durations_are_written_as_openai_writes_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_headers_tell_the_limit_with_least_left() -> None:
    states = [
        LimitState("requests", "minute", 60, 9, 30),
        LimitState("requests", "minute", 10, 3, 30),
        LimitState("requests", "day", 1000, 1, 9999),
        LimitState("tokens", "minute", 1000, 500, 0.25),
    ]
    assert rate_limit_headers(states) == {
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-remaining-requests": "3",
        "x-ratelimit-reset-requests": "30s",
        "x-ratelimit-limit-tokens": "1000",
        "x-ratelimit-remaining-tokens": "500",
        "x-ratelimit-reset-tokens": "250ms",
    }
    assert refusal_headers(LimitReached("x", retry_after=None)) == {"x-should-retry": "false"}
    assert refusal_headers(LimitReached("x", retry_after=3))["retry-after"] == "3"
