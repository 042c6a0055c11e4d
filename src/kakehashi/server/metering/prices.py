"""Which price holds."""

from __future__ import annotations

from datetime import datetime

from kakehashi.server.metering.models import Price


def price_of(model: str, at: datetime) -> Price | None:
    """The price of a model at a moment: its own, else the one for all; None: it is free."""
    rows = Price.objects.filter(model__in=("", model), valid_from__lte=at)
    # A model's own price sorts behind the empty name.
    return rows.order_by("-model", "-valid_from").first()
