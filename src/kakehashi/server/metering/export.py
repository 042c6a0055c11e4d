"""The ledger as CSV, and as sums."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TextIO

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from kakehashi.server.metering.models import Entry
from kakehashi.server.people.models import Organisation

COLUMNS: Final = (
    "request_id",
    "at",
    "settled_at",
    "outcome",
    "model",
    "service",
    "department_id",
    "member_id",
    "key_id",
    "requests",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "characters",
    "micro_yen",
)
_CHUNK: Final = 2000


@dataclass(frozen=True, slots=True)
class DaySum:
    """What was used on a day (of the server's time zone)."""

    day: date
    requests: int
    prompt_tokens: int
    completion_tokens: int
    characters: int
    micro_yen: int


def entries(
    organisation: Organisation | int, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Entry]:
    """An organisation's entries that were reserved in [since, until)."""
    when = Q()
    if since is not None:
        when &= Q(at__gte=since)
    if until is not None:
        when &= Q(at__lt=until)
    return Entry.objects.of(organisation).filter(when).order_by("pk")


def write_csv(rows: QuerySet[Entry], file: TextIO) -> int:
    """Write entries as CSV, moments in ISO 8601; returns how many. Memory stays flat."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows.values_list(*COLUMNS).iterator(_CHUNK):
        writer.writerow([_cell(value) for value in row])
        count += 1
    return count


def by_day(rows: QuerySet[Entry]) -> Iterator[DaySum]:
    """The sums of each day on which something was used."""
    names = ("requests", "prompt_tokens", "completion_tokens", "characters", "micro_yen")
    zone = timezone.get_default_timezone()
    days = (
        rows.order_by()
        .annotate(day=TruncDate("at", tzinfo=zone))
        .values_list("day")
        .annotate(**{f"sum_{name}": Sum(name) for name in names})
        .order_by("day")
    )
    for row in days:
        yield DaySum(*row)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
