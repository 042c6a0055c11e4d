"""A proof's surroundings: the command line prepares a database as pytest's fixtures do."""

from __future__ import annotations

import os

import django

from tests.server.environment import ENVIRONMENT, HOME


def set_up() -> None:
    """Make this process a server's, with an empty database; call it before importing models."""
    os.environ |= ENVIRONMENT
    from kakehashi.server import home

    home.prepare(HOME)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
