"""The tables of the metering. All amounts are integers: tokens, characters, micro-yen.

Entries and reservations hold plain ids of members, departments and keys: the ledger outlives them.
"""

from __future__ import annotations

import uuid
from typing import Any, Final, NoReturn

from django.db import models

from kakehashi.server.people.scoping import OrganisationModel


class Price(models.Model):
    """What a model costs from a moment on, until a later row of the same model.

    Yen for a million tokens are micro-yen for one, so that whole yen are exact integers.
    `model` is empty for all models that have no price of their own.
    """

    model = models.CharField(max_length=100, blank=True)
    valid_from = models.DateTimeField()
    yen_per_million_prompt = models.PositiveBigIntegerField(default=0)
    yen_per_million_cached = models.PositiveBigIntegerField(default=0)
    yen_per_million_completion = models.PositiveBigIntegerField(default=0)
    yen_per_million_characters = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("model", "valid_from"), name="price_from"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse("a price is not changed; set another from now on")
        super().save(*args, **kwargs)


class Measure(models.TextChoices):
    """What a limit counts."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    CHARACTERS = "characters"
    MICRO_YEN = "micro_yen"
    CONCURRENT = "concurrent"


class Window(models.TextChoices):
    """Over what time; `NOW` belongs to `CONCURRENT` alone."""

    NOW = "now"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Subject(models.TextChoices):
    """Whom a limit is for."""

    ORGANISATION = "organisation"
    DEPARTMENT = "department"
    MEMBER = "member"
    KEY = "key"


EACH: Final = 0


class Limit(OrganisationModel):
    """At most `amount` of a measure in a window.

    `subject_id` 0 (`EACH`): for each subject of that kind by itself; a limit that names one subject
    takes its place for that subject. `model` empty: all models together.
    """

    subject = models.CharField(max_length=16, choices=Subject.choices)
    subject_id = models.BigIntegerField(default=EACH)
    model = models.CharField(max_length=100, blank=True)
    measure = models.CharField(max_length=16, choices=Measure.choices)
    window = models.CharField(max_length=8, choices=Window.choices)
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "subject", "subject_id", "model", "measure", "window"),
                name="limit_once",
            ),
            models.CheckConstraint(
                condition=models.Q(measure="concurrent", window="now")
                | (~models.Q(measure="concurrent") & ~models.Q(window="now")),
                name="limit_window",
            ),
        )


class Counter(models.Model):
    """How much of a limit one subject has used in the window that began at `start`.

    Derived: `used` from the ledger, `held` from the reservations (`counters.derive`).
    """

    limit = models.ForeignKey(Limit, on_delete=models.CASCADE, related_name="counters")
    subject_id = models.BigIntegerField()
    start = models.DateTimeField()
    used = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("limit", "subject_id"), name="counter_once"),
        )


class _Who(OrganisationModel):
    """Who asked for what, at the moment of the reservation."""

    department_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    key_id = models.BigIntegerField(null=True)
    model = models.CharField(max_length=100)
    service = models.CharField(max_length=40)
    price = models.ForeignKey(Price, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Reservation(_Who):
    """What a running request may use at most, and what it is known to have used so far."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    held_tokens = models.BigIntegerField()
    held_characters = models.BigIntegerField()
    held_micro_yen = models.BigIntegerField()
    prompt_tokens = models.BigIntegerField(default=0)
    cached_tokens = models.BigIntegerField(default=0)
    completion_tokens = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("organisation", "at"), name="reservation_at"),)


class Outcome(models.TextChoices):
    """How a request ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CRASHED = "crashed"
    LATE = "late"


class Entry(_Who):
    """One line of the ledger; written once, never changed, never deleted.

    A request has one entry. The one exception is `LATE`: the process was thought to be dead and was
    settled as `CRASHED`; when it turns out to live, a second entry holds the difference.
    """

    request_id = models.UUIDField()
    settled_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    requests = models.PositiveSmallIntegerField(default=1)
    prompt_tokens = models.BigIntegerField()
    cached_tokens = models.BigIntegerField()
    completion_tokens = models.BigIntegerField()
    tokens = models.BigIntegerField()
    characters = models.BigIntegerField()
    micro_yen = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("request_id", "requests"), name="entry_once_for_a_request"
            ),
        )
        indexes = (
            models.Index(fields=("organisation", "at"), name="entry_organisation_at"),
            models.Index(fields=("department_id", "at"), name="entry_department_at"),
            models.Index(fields=("member_id", "at"), name="entry_member_at"),
            models.Index(fields=("key_id", "at"), name="entry_key_at"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse("the ledger is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse("the ledger is append-only")


def _refuse(why: str) -> NoReturn:
    raise TypeError(why)
