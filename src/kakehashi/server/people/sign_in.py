"""Signing in with a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.http import HttpRequest

from kakehashi.server.people.models import Member


class PasswordBackend(BaseBackend):
    """Django's way to ask who this is; a paused organisation's members are nobody."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> Member | None:
        if not username or password is None:
            return None
        member = _open().filter(login=username).first()
        if member is None:
            # As long as a real check takes, so that the time does not tell which logins exist.
            make_password(password)
            return None
        return member if check_password(password, member.password) else None

    def get_user(self, user_id: int) -> Member | None:
        return _open().filter(pk=user_id).first()


def _open() -> QuerySet[Member]:
    return Member.unscoped.select_related("organisation").filter(
        is_active=True, organisation__paused_at=None
    )
