"""The life of a key."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from kakehashi.errors import InputError, UnknownCallerError
from kakehashi.server.database import aware, write_transaction
from kakehashi.server.keys.models import ApiKey
from kakehashi.server.people.caller import Caller
from kakehashi.server.people.models import Member

BRAND: Final = "kk_"
SCOPES: Final = ("text", "files", "usage", "admin")
"""text: translate, summarise, complete; files: documents and batches; usage: read one's own
figures; admin: what the member's role may do in the organisation."""
DEFAULT_SCOPES: Final = ("text", "files", "usage")
_FORM: Final = re.compile(r"kk_[A-Za-z0-9_-]{43}")
_PREFIX: Final = len(BRAND) + 8
_LAST_USE_STEP: Final = timedelta(minutes=1)

# As SQL, because every request asks it: 1.1 ms of processor time through the query builder.
_FIND: Final = """
    SELECT k.digest, k.organisation_id, m.department_id, m.id, m.role, k.id, k.scopes,
        k.last_used_at
    FROM keys_apikey k
    JOIN people_member m ON m.id = k.member_id
    JOIN people_organisation o ON o.id = k.organisation_id
    WHERE k.prefix = %s AND (k.expires_at IS NULL OR k.expires_at > %s)
        AND k.revoked_at IS NULL AND m.is_active AND o.paused_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; `secret` is shown once and not kept."""

    key: ApiKey
    secret: str


def create_key(
    member: Member,
    name: str,
    *,
    scopes: Iterable[str] = DEFAULT_SCOPES,
    expires_at: datetime | None = None,
    replaces: ApiKey | None = None,
    now: datetime | None = None,
) -> NewKey:
    """A new key of a member.

    Raises:
        InputError: an unknown scope, no name, or an expiry that is past.
    """
    now = now or timezone.now()
    wanted = tuple(dict.fromkeys(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        raise InputError(
            f"unknown scopes: {', '.join(unknown)}" if unknown else "a key needs a scope",
            where=name,
            hint="choose from: " + ", ".join(SCOPES),
        )
    if not name.strip():
        raise InputError("a key needs a name", hint="say what will use it")
    if expires_at is not None and expires_at <= now:
        raise InputError("the key would have expired already", where=name)
    secret = BRAND + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        member.organisation_id,
        member=member,
        name=name.strip(),
        prefix=secret[:_PREFIX],
        digest=_digest(secret),
        scopes=" ".join(wanted),
        created_at=now,
        expires_at=expires_at,
        replaces=replaces,
    )
    return NewKey(key, secret)


def authenticate(secret: str, *, now: datetime | None = None) -> Caller:
    """Who a key belongs to.

    The row is found by the key's first characters, which are no secret; the rest is compared in
    constant time.

    Raises:
        UnknownCallerError: no such key, expired, revoked, its member left, or the organisation is
            paused. The message does not repeat the key.
    """
    now = now or timezone.now()
    if not _FORM.fullmatch(secret):
        raise _unknown()
    digest = _digest(secret)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [secret[:_PREFIX], connection.ops.adapt_datetimefield_value(now)])
        rows = cursor.fetchall()
    for known, organisation, department, member, role, key, scopes, used in rows:
        if hmac.compare_digest(known, digest):
            if used is None or now - aware(used) >= _LAST_USE_STEP:
                _note_use(key, now)
            return Caller(organisation, department, member, role, key, frozenset(scopes.split()))
    raise _unknown()


def _unknown() -> UnknownCallerError:
    return UnknownCallerError(
        "the API key is wrong, expired or revoked",
        hint="make a key on your page, or with 'kakehashi key create'",
    )


def _note_use(key: int, now: datetime) -> None:
    before = Q(last_used_at=None) | Q(last_used_at__lte=now - _LAST_USE_STEP)
    with write_transaction():
        ApiKey.unscoped.filter(before, pk=key).update(last_used_at=now)


def rotate(key: ApiKey, *, overlap: timedelta, now: datetime | None = None) -> NewKey:
    """A new key in the place of `key`, which works on for `overlap` (never longer than before).

    A key that was made for a time is followed by one for as long a time.

    Raises:
        InputError: the key does not work any more.
    """
    now = now or timezone.now()
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        raise InputError("this key does not work any more", where=str(key), hint="make a new one")
    end = now + overlap
    life = None if key.expires_at is None else key.expires_at - key.created_at
    with write_transaction():
        new = create_key(
            key.member,
            key.name,
            scopes=key.scopes.split(),
            expires_at=None if life is None else now + life,
            replaces=key,
            now=now,
        )
        key.expires_at = end if key.expires_at is None else min(end, key.expires_at)
        key.save(update_fields=["expires_at"])
    return new


def revoke(key: ApiKey, *, now: datetime | None = None) -> None:
    """End a key at once."""
    ApiKey.objects.of(key.organisation_id).filter(pk=key.pk, revoked_at=None).update(
        revoked_at=now or timezone.now()
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
