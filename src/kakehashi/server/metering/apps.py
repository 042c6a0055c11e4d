"""The app of the metering."""

from __future__ import annotations

from django.apps import AppConfig


class MeteringConfig(AppConfig):
    """Ledger, reservations, limits, prices."""

    name = "kakehashi.server.metering"
    label = "metering"
