"""The app of the keys."""

from __future__ import annotations

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """API keys."""

    name = "kakehashi.server.keys"
    label = "keys"
