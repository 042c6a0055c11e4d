"""People and limits to test with."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from kakehashi.server.metering.models import Limit, Measure, Subject, Window
from kakehashi.server.people.caller import Caller, caller_of
from kakehashi.server.people.models import Member, Organisation, Role
from kakehashi.server.people.services import add_member, found

TOKYO = ZoneInfo("Asia/Tokyo")
PASSWORD = "correct horse battery"
# Far ahead, so that the leases of the tests do not seem to have run out to a server beside them.
NOON = datetime(2036, 11, 26, 12, 0, 10, tzinfo=TOKYO)


def city(name: str = "みなと市", login: str = "owner") -> Member:
    """An organisation's owner."""
    return found(name, login, PASSWORD)


def clerk(organisation: Organisation, login: str = "clerk") -> Caller:
    return caller_of(add_member(organisation, login, role=Role.MEMBER))


def limit(
    organisation: Organisation,
    measure: Measure,
    window: Window,
    amount: int,
    *,
    subject: Subject = Subject.ORGANISATION,
    subject_id: int = 0,
    model: str = "",
) -> Limit:
    return Limit.objects.create(
        organisation,
        measure=measure,
        window=window,
        amount=amount,
        subject=subject,
        subject_id=subject_id,
        model=model,
    )
