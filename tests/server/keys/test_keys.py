from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kakehashi.errors import AccessError, InputError, UnknownCallerError
from kakehashi.server.keys.models import ApiKey
from kakehashi.server.keys.services import authenticate, create_key, revoke, rotate
from kakehashi.server.people.caller import caller_of
from kakehashi.server.people.models import Member
from kakehashi.server.people.services import pause
from tests.server.helpers import city

pytestmark = pytest.mark.usefixtures("database")
NOW = timezone.now()


@pytest.fixture
def owner(database: None) -> Member:
    return city()


def test_a_key_says_who_it_is(owner: Member) -> None:
    new = create_key(owner, "議事録アプリ", scopes=["text"])
    caller = authenticate(new.secret)
    assert (caller.member_id, caller.key_id) == (owner.pk, new.key.pk)
    caller.require("text")
    with pytest.raises(AccessError):
        caller.require("admin")
    caller_of(owner).require("admin")  # on a page the role decides


def test_the_key_itself_is_nowhere(owner: Member) -> None:
    new = create_key(owner, "app")
    row = ApiKey.objects.of(owner.organisation).values().get()
    assert new.secret.startswith("kk_")
    assert new.secret.startswith(row["prefix"])
    assert all(new.secret not in str(value) for value in row.values())
    assert len(new.secret) - len(row["prefix"]) >= 32


@pytest.mark.parametrize("change", ["last", "cut", "longer", "case"])
def test_a_key_that_is_almost_right_is_wrong(owner: Member, change: str) -> None:
    secret = create_key(owner, "app").secret
    wrong = {
        "last": secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        "cut": secret[:-1],
        "longer": secret + "A",
        "case": secret.swapcase(),
    }[change]
    with pytest.raises(UnknownCallerError) as error:
        authenticate(wrong)
    assert wrong not in str(error.value)


@pytest.mark.parametrize("wrong", ["", "kk_", "鍵", "\ud800", "kk_" + "x" * 10_000, "a\0b"])
def test_what_is_no_key_at_all_is_refused(owner: Member, wrong: str) -> None:
    with pytest.raises(UnknownCallerError):
        authenticate(wrong)


def test_a_key_expires(owner: Member) -> None:
    secret = create_key(owner, "app", expires_at=NOW + timedelta(days=1), now=NOW).secret
    authenticate(secret, now=NOW)
    with pytest.raises(UnknownCallerError):
        authenticate(secret, now=NOW + timedelta(days=1))


def test_a_key_is_revoked_at_once(owner: Member) -> None:
    new = create_key(owner, "app")
    revoke(new.key)
    with pytest.raises(UnknownCallerError):
        authenticate(new.secret)


def test_a_key_ends_with_its_member_or_organisation(owner: Member) -> None:
    secret = create_key(owner, "app").secret
    pause(owner.organisation)
    with pytest.raises(UnknownCallerError):
        authenticate(secret)


def test_a_key_ends_with_its_member(owner: Member) -> None:
    secret = create_key(owner, "app").secret
    owner.is_active = False
    owner.save()
    with pytest.raises(UnknownCallerError):
        authenticate(secret)


def test_rotation_lets_both_keys_work_for_a_while(owner: Member) -> None:
    old = create_key(owner, "app", scopes=["text"], now=NOW)
    new = rotate(old.key, overlap=timedelta(days=7), now=NOW)
    week = NOW + timedelta(days=7)
    assert authenticate(old.secret, now=NOW).scopes == authenticate(new.secret, now=NOW).scopes
    with pytest.raises(UnknownCallerError):
        authenticate(old.secret, now=week)
    authenticate(new.secret, now=week)


def test_rotation_does_not_lengthen_a_life(owner: Member) -> None:
    end = NOW + timedelta(days=2)
    old = create_key(owner, "app", expires_at=end, now=NOW)
    new = rotate(old.key, overlap=timedelta(days=7), now=NOW + timedelta(days=1))
    old.key.refresh_from_db()
    assert (old.key.expires_at, new.key.expires_at) == (end, NOW + timedelta(days=3))
    with pytest.raises(InputError):
        rotate(old.key, overlap=timedelta(days=7), now=end)


def test_the_last_use_is_written_once_a_minute(owner: Member) -> None:
    new = create_key(owner, "app")
    for seconds in (0, 30, 59):
        authenticate(new.secret, now=NOW + timedelta(seconds=seconds))
        new.key.refresh_from_db()
        assert new.key.last_used_at == NOW
    authenticate(new.secret, now=NOW + timedelta(seconds=60))
    new.key.refresh_from_db()
    assert new.key.last_used_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("app", ["root"], 1), ("app", [], 1), ("  ", ["text"], 1), ("app", ["text"], -1)],
)
def test_a_wrong_key_is_not_made(owner: Member, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(InputError):
        create_key(owner, name, scopes=scopes, expires_at=NOW + timedelta(days=days))
    assert not ApiKey.objects.of(owner.organisation).exists()
