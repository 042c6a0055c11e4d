"""Who it was is forgotten after a time; what was used never."""

from __future__ import annotations

from datetime import datetime

from kakehashi.server.database import write_transaction
from kakehashi.server.metering.counters import rebuild
from kakehashi.server.metering.models import Entry
from kakehashi.server.people.models import Organisation


def anonymise(organisation: Organisation | int, before: datetime) -> int:
    """Take members and keys out of an organisation's entries before a moment; returns how many.

    Departments and amounts stay, so that every sum of the organisation and its departments is what
    it was. This is the one change that the ledger knows. It cannot be undone.
    """
    with write_transaction():
        changed = (
            Entry.objects.of(organisation)
            .filter(at__lt=before)
            .exclude(member_id=None, key_id=None)
            .update(member_id=None, key_id=None)
        )
        # A month's counter of a member whose entries have lost their name must not stay behind.
        rebuild(organisation if isinstance(organisation, int) else organisation.pk)
    return changed
