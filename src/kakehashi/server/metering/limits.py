"""Set and take away limits."""

from __future__ import annotations

from kakehashi.errors import InputError
from kakehashi.server.database import write_transaction
from kakehashi.server.metering.models import EACH, Limit, Measure, Subject, Window
from kakehashi.server.people.models import Organisation


def set_limit(
    organisation: Organisation | int,
    subject: Subject,
    measure: Measure,
    window: Window,
    amount: int,
    *,
    subject_id: int = EACH,
    model: str = "",
) -> Limit:
    """Allow so much from now on; a limit of the same kind is changed.

    What was used in the window before counts: the counter is made from the ledger.

    Args:
        amount: requests, tokens, characters, or micro-yen.
        subject_id: for one department, member or key; `EACH`: for each by itself.

    Raises:
        InputError: a limit of concurrent requests in a window, or of something else in none.
    """
    if (measure == Measure.CONCURRENT) != (window == Window.NOW):
        raise InputError(f"there is no limit of {measure.value} per {window.value}")
    with write_transaction():
        found, _ = Limit.objects.of(organisation).update_or_create(
            organisation_id=organisation if isinstance(organisation, int) else organisation.pk,
            subject=subject,
            subject_id=subject_id,
            model=model,
            measure=measure,
            window=window,
            defaults={"amount": amount},
        )
    return found
