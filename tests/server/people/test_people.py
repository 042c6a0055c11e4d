from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

import kakehashi.server
from kakehashi.errors import AccessError, InputError
from kakehashi.server.people.models import Department, Member, Organisation, Role
from kakehashi.server.people.roles import at_least, require
from kakehashi.server.people.services import accept_invitation, add_member, invite, pause, resume
from tests.server.helpers import PASSWORD, city

pytestmark = pytest.mark.usefixtures("database")


def test_an_organisation_sees_its_own_rows_only() -> None:
    ours, theirs = city().organisation, city("やま市", "other").organisation
    Department.objects.create(ours, name="税務課")
    hidden = Department.objects.create(theirs, name="税務課")
    assert [each.organisation for each in Department.objects.of(ours)] == [ours]
    assert not Department.objects.of(ours).filter(pk=hidden.pk).exists()


def test_there_is_no_query_without_an_organisation() -> None:
    for name in ("all", "filter", "get", "first"):
        assert not hasattr(Department.objects, name)
        assert not hasattr(Member.objects, name)


# Who may look over all organisations, and why.
UNSCOPED = {
    "people/scoping.py": "makes the scope",
    "people/sign_in.py": "nobody is known before signing in",
    "people/services.py": "a login is unique on the whole server",
    "keys/services.py": "a key says whose it is",
    "metering/counters.py": "filters by the limit's organisation; rebuilding is for all",
    "metering/leases.py": "a crash is nobody's in particular",
}


def test_only_these_files_look_over_all_organisations() -> None:
    folder = Path(kakehashi.server.__file__).parent
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "unscoped"
    }
    assert found == set(UNSCOPED)


def test_a_paused_organisation_cannot_sign_in() -> None:
    owner = city()
    assert authenticate(username="owner", password=PASSWORD) == owner
    assert authenticate(username="owner", password="wrong horse battery") is None
    assert authenticate(username="nobody", password=PASSWORD) is None
    pause(owner.organisation)
    assert authenticate(username="owner", password=PASSWORD) is None
    resume(owner.organisation)
    assert authenticate(username="owner", password=PASSWORD) == owner


def test_a_member_without_a_password_cannot_sign_in() -> None:
    add_member(city().organisation, "clerk")
    assert authenticate(username="clerk", password="") is None


def test_an_invitation_founds_one_organisation() -> None:
    code = invite("early access")
    owner = accept_invitation(code, "みなと市", "owner", PASSWORD)
    assert (owner.role, owner.must_change_password) == (Role.OWNER, False)
    with pytest.raises(AccessError):
        accept_invitation(code, "やま市", "another", PASSWORD)
    assert Organisation.objects.count() == 1


def test_an_invitation_that_failed_can_be_used_again() -> None:
    city()
    code = invite()
    with pytest.raises(InputError):
        accept_invitation(code, "みなと市", "another", PASSWORD)
    assert accept_invitation(code, "やま市", "another", PASSWORD).organisation.name == "やま市"


def test_an_invitation_expires() -> None:
    code = invite(days=3)
    with pytest.raises(AccessError):
        accept_invitation(code, "みなと市", "o", PASSWORD, now=timezone.now() + timedelta(days=4))


def test_logins_and_departments_are_checked() -> None:
    ours, theirs = city().organisation, city("やま市", "other").organisation
    with pytest.raises(InputError, match="taken"):
        add_member(theirs, "owner")
    with pytest.raises(InputError, match="another organisation"):
        add_member(ours, "x", department=Department.objects.create(theirs, name="税務課"))


def test_roles_are_in_an_order() -> None:
    assert at_least(Role.OWNER, Role.ADMINISTRATOR)
    assert not at_least(Role.ANALYST, Role.ADMINISTRATOR)
    with pytest.raises(AccessError):
        require(Role.MEMBER, Role.ANALYST)
