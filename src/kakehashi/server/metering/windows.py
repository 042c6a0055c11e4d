"""When the window of a limit begins and ends.

Windows are of the calendar, in the server's time zone: a day is 0:00 to 24:00 in Tokyo, a minute
is the clock's. A request counts in the window in which it was reserved, however long it takes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

from kakehashi.server.metering.models import Window

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def aware(day: datetime) -> datetime:
    """A day without a zone as the moment at which it begins in the server's time zone."""
    return timezone.make_aware(day)


def start_of(window: str, at: datetime) -> datetime:
    """The beginning of the window that `at` is in."""
    if window == Window.NOW:
        return EPOCH
    local = at.astimezone(timezone.get_default_timezone()).replace(second=0, microsecond=0)
    if window == Window.DAY:
        local = local.replace(hour=0, minute=0)
    elif window == Window.MONTH:
        local = local.replace(day=1, hour=0, minute=0)
    return local.astimezone(UTC)


def end_of(window: str, at: datetime) -> datetime | None:
    """The beginning of the next window; None for `NOW`."""
    start = start_of(window, at)
    if window == Window.NOW:
        return None
    if window == Window.MINUTE:
        return start + timedelta(minutes=1)
    # Further than the window is long, even where clocks are changed, and then back.
    return start_of(window, start + timedelta(days=1 if window == Window.DAY else 31, hours=2))
