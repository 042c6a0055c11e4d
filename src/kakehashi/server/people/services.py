"""Founding organisations, inviting them, pausing them; adding members."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils import timezone

from kakehashi.errors import AccessError, InputError
from kakehashi.server.database import write_transaction
from kakehashi.server.people.models import Department, Invitation, Member, Organisation, Role

INVITATION_DAYS: Final = 30


def one_time_password() -> str:
    """A password to be told once and changed at the first sign-in: 95 bits."""
    return "-".join(secrets.token_hex(3) for _ in range(4))


def add_member(
    organisation: Organisation,
    login: str,
    *,
    name: str = "",
    role: Role = Role.MEMBER,
    department: Department | None = None,
    password: str | None = None,
) -> Member:
    """A new member; without a password nobody can sign in as them (a key still works).

    Raises:
        InputError: the login is taken, or the department is another organisation's.
    """
    if department is not None and department.organisation_id != organisation.pk:
        raise InputError("the department belongs to another organisation", where=login)
    member = Member(
        organisation=organisation, login=login, name=name, role=role, department=department
    )
    if password is None:
        member.set_unusable_password()
    else:
        member.set_password(password)
        member.must_change_password = True
    try:
        with write_transaction():
            member.save()
    except IntegrityError:
        raise InputError("this login is taken", where=login, hint="choose another") from None
    return member


def member_with_login(login: str) -> Member | None:
    """The member who signs in with this login, of whatever organisation."""
    return Member.unscoped.select_related("organisation").filter(login=login).first()


def count_members() -> int:
    """People who can sign in, on the whole server."""
    return Member.unscoped.filter(is_active=True, organisation__paused_at=None).count()


def invite(note: str = "", *, days: int = INVITATION_DAYS, now: datetime | None = None) -> str:
    """A code with which one organisation may be founded; it is shown once and not kept."""
    code = secrets.token_urlsafe(18)
    expires = (now or timezone.now()) + timedelta(days=days)
    Invitation.objects.create(digest=_digest(code), note=note, expires_at=expires)
    return code


def accept_invitation(
    code: str, organisation_name: str, login: str, password: str, *, now: datetime | None = None
) -> Member:
    """Found an organisation with a code; returns its owner.

    Raises:
        AccessError: the code is wrong, used or expired.
        InputError: the organisation's name or the login is taken.
    """
    now = now or timezone.now()
    with write_transaction():
        # The update is what claims the code: of two that come together, one changes the row.
        claimed = Invitation.objects.filter(
            digest=_digest(code), used_at=None, expires_at__gt=now
        ).update(used_at=now)
        if not claimed:
            raise AccessError("this invitation is wrong, used or expired", hint="ask for a new one")
        owner = found(organisation_name, login, password)
        owner.must_change_password = False
        owner.save(update_fields=["must_change_password"])
        Invitation.objects.filter(digest=_digest(code)).update(organisation=owner.organisation)
    return owner


def found(organisation_name: str, login: str, password: str) -> Member:
    """A new organisation with its owner.

    Raises:
        InputError: the name or the login is taken.
    """
    if Organisation.objects.filter(name=organisation_name).exists():
        raise InputError("there is an organisation of this name", where=organisation_name)
    if Member.unscoped.filter(login=login).exists():
        raise InputError("this login is taken", where=login, hint="choose another")
    organisation = Organisation.objects.create(name=organisation_name)
    owner = Member(organisation=organisation, login=login, role=Role.OWNER)
    owner.set_password(password)
    owner.must_change_password = True
    owner.save()
    return owner


def pause(organisation: Organisation, *, now: datetime | None = None) -> None:
    """Nobody of it gets in any more, by page or by key, until `resume`."""
    Organisation.objects.filter(pk=organisation.pk).update(paused_at=now or timezone.now())


def resume(organisation: Organisation) -> None:
    """Let its members in again."""
    Organisation.objects.filter(pk=organisation.pk).update(paused_at=None)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
