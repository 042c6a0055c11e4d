"""The statements that every request runs, as SQL.

Django's query builder took 8 of the 10 ms that reserving and settling cost together; these take 1.
Everything that is not run for every request uses the models. Column names are those of `models.py`;
the tests of reserving and settling run every statement on both databases.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from django.db import connection

from kakehashi.server.database import aware
from kakehashi.server.metering.models import EACH


class Who(Protocol):
    """Whose request it is: a caller, a reservation, an entry."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def department_id(self) -> int | None: ...
    @property
    def member_id(self) -> int | None: ...
    @property
    def key_id(self) -> int | None: ...


@dataclass(slots=True)
class Counted:
    """A limit that concerns somebody, with their counter.

    Attributes:
        for_each: it is the limit for each subject, not for this one by name.
        subject_id: whom it is counted for.
        counter: the counter's id; None: there is none yet, and `start` means nothing.
    """

    limit: int
    subject: str
    for_each: bool
    model: str
    measure: str
    window: str
    amount: int
    subject_id: int
    counter: int | None
    start: datetime
    used: int
    held: int


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price; see `models.Price`."""

    id: int
    yen_per_million_prompt: int
    yen_per_million_cached: int
    yen_per_million_completion: int
    yen_per_million_characters: int


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """A reservation; see `models.Reservation`."""

    id: uuid.UUID
    organisation_id: int
    department_id: int | None
    member_id: int | None
    key_id: int | None
    model: str
    service: str
    price_id: int | None
    at: datetime
    held_tokens: int
    held_characters: int
    held_micro_yen: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    lease_until: datetime


_NOBODY: Final = -1
_SUBJECT: Final = (
    "CASE l.subject WHEN 'organisation' THEN %s WHEN 'department' THEN %s "
    "WHEN 'member' THEN %s ELSE %s END"
)
_COUNTED: Final = f"""
    SELECT l.id, l.subject, l.subject_id, l.model, l.measure, l."window", l.amount, {_SUBJECT},
        c.id, c.start, c.used, c.held
    FROM metering_limit l
    LEFT JOIN metering_counter c ON c.limit_id = l.id AND c.subject_id = {_SUBJECT}
    WHERE l.organisation_id = %s AND l.model IN ('', %s) ORDER BY l.id
"""
_PRICE: Final = """
    SELECT id, yen_per_million_prompt, yen_per_million_cached, yen_per_million_completion,
        yen_per_million_characters
    FROM metering_price
"""
_RESERVATION: Final = tuple(ReservationRow.__dataclass_fields__)
_INSERT_RESERVATION: Final = (
    f"INSERT INTO metering_reservation ({', '.join(_RESERVATION)}) "
    f"VALUES ({', '.join(['%s'] * len(_RESERVATION))})"
)
_TAKE: Final = (
    "DELETE FROM metering_reservation WHERE id = %s AND organisation_id = %s "
    f"RETURNING {', '.join(_RESERVATION)}"
)
_ADD: Final = "UPDATE metering_counter SET used = used + %s, held = held + %s WHERE id = %s"


def organisation_is_open(organisation_id: int) -> bool:
    """Whether an organisation exists and is not paused; on PostgreSQL its row is locked.

    NO KEY: foreign keys to the row stay free.
    """
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    rows = _rows(
        "SELECT paused_at FROM people_organisation WHERE id = %s" + lock, [organisation_id]
    )
    return bool(rows) and rows[0][0] is None


def counted(who: Who, model: str) -> list[Counted]:
    """The limits that concern a request, in a fixed order, with their counters."""
    subjects = [
        _NOBODY if each is None else each
        for each in (who.organisation_id, who.department_id, who.member_id, who.key_id)
    ]
    found = []
    for row in _rows(_COUNTED, [*subjects, *subjects, who.organisation_id, model]):
        limit, subject, named, of, measure, window, amount, subject_id, counter, *rest = row
        if subject_id == _NOBODY or named not in (EACH, subject_id):
            continue
        start, used, held = rest if counter is not None else (_EPOCH, 0, 0)
        found.append(
            Counted(
                limit,
                subject,
                named == EACH,
                of,
                measure,
                window,
                amount,
                subject_id,
                counter,
                aware(start),
                used,
                held,
            )
        )
    return found


def add(changes: Iterable[tuple[int, int, int]]) -> None:
    """Change counters: (used, held, counter's id), each added."""
    some = [change for change in changes if change[0] or change[1]]
    if some:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, some)


def price_at(model: str, at: datetime) -> PriceRow | None:
    """The price of a model at a moment: its own, else the one for all; None: it is free."""
    # A model's own name sorts behind the empty one.
    where = "WHERE model IN ('', %s) AND valid_from <= %s ORDER BY model DESC, valid_from DESC"
    rows = _rows(f"{_PRICE} {where} LIMIT 1", [model, _parameter(at)])
    return PriceRow(*rows[0]) if rows else None


def price(price_id: int | None) -> PriceRow | None:
    """The price with this id."""
    rows = [] if price_id is None else _rows(f"{_PRICE} WHERE id = %s", [price_id])
    return PriceRow(*rows[0]) if rows else None


def insert_reservation(row: ReservationRow) -> None:
    """Write a new reservation."""
    _run(_INSERT_RESERVATION, [_parameter(getattr(row, name)) for name in _RESERVATION])


def take_reservation(reservation: uuid.UUID, organisation_id: int) -> ReservationRow | None:
    """Delete a reservation and return it; None: there is none."""
    rows = _rows(_TAKE, [_parameter(reservation), organisation_id])
    if not rows:
        return None
    values = dict(zip(_RESERVATION, rows[0], strict=True))
    for name in ("at", "lease_until"):
        values[name] = aware(values[name])
    return ReservationRow(**values | {"id": reservation})


def insert_entry(values: dict[str, Any]) -> None:
    """Write a line of the ledger."""
    names = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    sql = f"INSERT INTO metering_entry ({names}) VALUES ({places})"
    _run(sql, [_parameter(value) for value in values.values()])


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _run(sql: str, parameters: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _parameter(value: Any) -> Any:
    """A value as Django would send it: SQLite has neither moments nor UUIDs."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
