from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from kakehashi.errors import AccessError
from kakehashi.server.metering import counters
from kakehashi.server.metering.amounts import Amounts
from kakehashi.server.metering.leases import renew, sweep
from kakehashi.server.metering.models import (
    Entry,
    Measure,
    Outcome,
    Price,
    Reservation,
    Subject,
    Window,
)
from kakehashi.server.metering.reserving import Admission, LimitReached, reserve
from kakehashi.server.metering.settling import settle
from kakehashi.server.people.caller import Caller
from kakehashi.server.people.models import Member
from kakehashi.server.people.services import pause, resume
from tests.server.helpers import NOON, city, clerk, limit

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def owner(database: None) -> Member:
    return city()


@pytest.fixture
def caller(owner: Member) -> Caller:
    return clerk(owner.organisation)


def ask(
    caller: Caller,
    tokens: int = 100,
    *,
    characters: int = 0,
    model: str = "kakehashi-translate-ja",
    now: datetime = NOON,
) -> Admission:
    most = Amounts(prompt_tokens=tokens, characters=characters)
    return reserve(caller, model=model, service="test", most=most, now=now)


def pay(
    admission: Admission,
    tokens: int,
    outcome: Outcome = Outcome.DONE,
    *,
    characters: int = 0,
    now: datetime = NOON,
) -> Entry:
    spent = Amounts(completion_tokens=tokens, characters=characters)
    settle(admission.reservation, admission.organisation_id, spent, outcome, now=now)
    mine = Entry.objects.of(admission.organisation_id).filter(request_id=admission.reservation)
    return mine.latest("pk")


def test_the_last_unit_is_given_once(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.REQUESTS, Window.DAY, 1)
    ask(caller)
    with pytest.raises(LimitReached) as refused:
        ask(caller)
    assert refused.value.retry_after is None  # tomorrow: waiting is no help to a program
    assert Reservation.unscoped.count() == 1


def test_what_was_kept_and_not_used_is_given_back(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 150)
    first = ask(caller, 100)
    with pytest.raises(LimitReached):
        ask(caller, 51)
    pay(first, 40)
    assert ask(caller, 110).states[0].remaining == 0
    assert counters.differences() == []


def test_a_minute_comes_to_an_end(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.REQUESTS, Window.MINUTE, 1)
    pay(ask(caller), 5)
    with pytest.raises(LimitReached) as refused:
        ask(caller)
    assert refused.value.retry_after == 50
    assert ask(caller, now=NOON + timedelta(seconds=50)).states[0].remaining == 0


def test_a_day_is_a_day_in_tokyo(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.CHARACTERS, Window.DAY, 10)
    late = NOON.replace(hour=23, minute=59)
    pay(ask(caller, characters=10, now=late), 1, characters=10, now=late)
    with pytest.raises(LimitReached):
        ask(caller, characters=1, now=late)
    assert ask(caller, characters=10, now=late + timedelta(minutes=1)).states[0].remaining == 0


def test_what_runs_over_midnight_counts_on_the_day_it_began(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 100)
    evening = NOON.replace(hour=23, minute=59)
    midnight = evening + timedelta(minutes=1)
    running = ask(caller, 90, now=evening)
    new_day = ask(caller, 100, now=midnight)
    pay(running, 90, now=midnight)
    assert counters.differences() == []
    pay(new_day, 100, now=midnight)
    assert counters.differences() == []
    with pytest.raises(LimitReached):
        ask(caller, 1, now=midnight)


def test_requests_at_the_same_time(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.CONCURRENT, Window.NOW, 2, subject=Subject.MEMBER)
    first, _ = ask(caller), ask(caller)
    with pytest.raises(LimitReached) as refused:
        ask(caller)
    assert refused.value.retry_after == 1
    ask(clerk(owner.organisation, "another"))  # for each member by themselves
    pay(first, 1)
    ask(caller)


def test_yen_are_exact_and_by_the_price_of_the_moment(owner: Member, caller: Caller) -> None:
    Price.objects.create(model="", valid_from=NOON, yen_per_million_completion=3)
    Price.objects.create(
        model="", valid_from=NOON + timedelta(hours=1), yen_per_million_completion=7
    )
    Price.objects.create(model="other", valid_from=NOON, yen_per_million_characters=11)
    limit(owner.organisation, Measure.MICRO_YEN, Window.MONTH, 1000)
    running = ask(caller)
    later = NOON + timedelta(hours=2)
    assert pay(running, 10, now=later).micro_yen == 30
    assert pay(ask(caller, now=later), 10, now=later).micro_yen == 70
    other = ask(caller, characters=5, model="other")
    assert pay(other, 10, characters=5).micro_yen == 55
    before = ask(caller, now=NOON - timedelta(days=1))
    assert pay(before, 10).micro_yen == 0


def test_a_limit_for_one_takes_the_place_of_the_one_for_each(owner: Member, caller: Caller) -> None:
    everyone = limit(owner.organisation, Measure.REQUESTS, Window.DAY, 1, subject=Subject.MEMBER)
    first = ask(caller)
    own = limit(
        owner.organisation,
        Measure.REQUESTS,
        Window.DAY,
        3,
        subject=Subject.MEMBER,
        subject_id=caller.member_id,
    )
    second, _ = ask(caller), ask(caller)
    with pytest.raises(LimitReached):
        ask(caller)
    pay(first, 1)
    pay(second, 1)
    assert counters.differences() == []
    own.delete()
    with pytest.raises(LimitReached):
        ask(caller)
    assert everyone.counters.get().used == 2


def test_limits_of_models_and_windows_hold_together(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.TOKENS, Window.MINUTE, 1000)
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 250, model="small")
    ask(caller, 200, model="small")
    with pytest.raises(LimitReached):
        ask(caller, 100, model="small")
    ask(caller, 800, model="large")
    with pytest.raises(LimitReached) as refused:
        ask(caller, 40, model="small")
    assert refused.value.refused is not None
    assert refused.value.refused.window == "minute"


def test_a_limit_that_comes_later_knows_what_was_used_before(owner: Member, caller: Caller) -> None:
    pay(ask(caller, 100), 60)
    running = ask(caller, 30)
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 100)
    with pytest.raises(LimitReached):
        ask(caller, 11)
    pay(running, 10)
    ask(caller, 30)
    assert counters.differences() == []


def test_a_paused_organisation_is_refused(owner: Member, caller: Caller) -> None:
    pause(owner.organisation)
    with pytest.raises(AccessError):
        ask(caller)
    resume(owner.organisation)
    ask(caller)


def test_settling_twice_is_settling_once(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 100)
    admission = ask(caller)
    assert pay(admission, 40).pk == pay(admission, 40).pk
    assert Entry.unscoped.get().tokens == 40
    assert counters.differences() == []


def test_a_crash_is_settled_with_what_was_known(owner: Member, caller: Caller) -> None:
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 1000)
    limit(owner.organisation, Measure.CONCURRENT, Window.NOW, 5)
    known, unknown = ask(caller, characters=7), ask(caller, characters=7)
    renew({known.reservation: Amounts(20, 5, 12)}, now=NOON + timedelta(seconds=5))
    assert sweep(now=NOON + timedelta(seconds=19)) == []
    assert len(sweep(now=NOON + timedelta(minutes=1))) == 2
    assert {(e.request_id, e.tokens, e.characters) for e in Entry.unscoped.all()} == {
        (known.reservation, 32, 7),
        (unknown.reservation, 0, 0),
    }
    assert sweep(now=NOON + timedelta(hours=1)) == []
    assert Reservation.unscoped.count() == 0
    assert counters.differences() == []


def test_a_process_that_was_believed_dead_pays_the_difference_once(
    owner: Member, caller: Caller
) -> None:
    limit(owner.organisation, Measure.TOKENS, Window.DAY, 1000)
    admission = ask(caller)
    renew({admission.reservation: Amounts(20, 0, 5)}, now=NOON)
    sweep(now=NOON + timedelta(minutes=1))
    spent = Amounts(20, 0, 30)
    for _ in range(2):
        settle(admission.reservation, admission.organisation_id, spent, now=NOON)
    assert [(e.outcome, e.tokens, e.requests) for e in Entry.unscoped.order_by("pk")] == [
        ("crashed", 25, 1),
        ("late", 25, 0),
    ]
    assert counters.differences() == []


def test_counters_are_made_anew_from_the_ledger(owner: Member, caller: Caller) -> None:
    counted = limit(owner.organisation, Measure.TOKENS, Window.DAY, 1000)
    pay(ask(caller), 60)
    ask(caller, 30)
    counted.counters.update(used=1, held=2)
    assert [(each.kept, each.derived) for each in counters.rebuild()] == [((1, 2), (60, 30))]
    assert counters.differences() == []


def test_any_order_of_events_leaves_counters_that_the_ledger_derives(owner: Member) -> None:
    random_ = random.Random(5)
    callers = [clerk(owner.organisation, f"clerk{n}") for n in range(3)]
    for measure in (Measure.REQUESTS, Measure.TOKENS):
        for window in (Window.MINUTE, Window.DAY):
            for subject in (Subject.ORGANISATION, Subject.MEMBER):
                limit(owner.organisation, measure, window, 10**6, subject=subject)
    limit(owner.organisation, Measure.CONCURRENT, Window.NOW, 10**6)
    now = NOON
    running: list[Admission] = []
    for _ in range(60):
        now += timedelta(seconds=random_.choice((1, 5, 40)))
        event = random_.random()
        if event < 0.5 or not running:
            running.append(ask(random_.choice(callers), random_.randrange(1, 50), now=now))
        elif event < 0.8:
            pay(running.pop(random_.randrange(len(running))), random_.randrange(50), now=now)
        elif event < 0.9:
            renew({each.reservation: Amounts(3, 0, 4) for each in running}, now=now)
        else:
            sweep(now=now)
        assert counters.differences() == []


def test_the_ledger_is_not_changed_afterwards(owner: Member, caller: Caller) -> None:
    entry = pay(ask(caller), 1)
    entry.tokens = 0
    with pytest.raises(TypeError, match="append-only"):
        entry.save()
    with pytest.raises(TypeError, match="append-only"):
        entry.delete()
