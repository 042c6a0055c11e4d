"""The app of the people."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Organisations, departments, members."""

    name = "kakehashi.server.people"
    label = "people"
