"""Who asks, in a form that every capability understands: ids, no rows."""

from __future__ import annotations

from dataclasses import dataclass

from kakehashi.errors import AccessError
from kakehashi.server.people.models import Member


@dataclass(frozen=True, slots=True)
class Caller:
    """A member, through a page or through one of their keys.

    Attributes:
        key_id: None on a page.
        scopes: what the key may do; on a page everything that the role may.
    """

    organisation_id: int
    department_id: int | None
    member_id: int
    role: str
    key_id: int | None = None
    scopes: frozenset[str] = frozenset()

    def require(self, scope: str) -> None:
        """Raises AccessError if the caller's key may not do this."""
        if self.key_id is not None and scope not in self.scopes:
            raise AccessError(
                f"this key may not be used for '{scope}'",
                hint="make a key that has this scope",
            )


def caller_of(member: Member) -> Caller:
    """The caller that a signed-in member is."""
    return Caller(member.organisation_id, member.department_id, member.pk, member.role)
