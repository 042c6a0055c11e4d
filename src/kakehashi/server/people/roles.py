"""What each role may do."""

from __future__ import annotations

from typing import Final

from kakehashi.errors import AccessError
from kakehashi.server.people.models import Role

_ORDER: Final = (Role.MEMBER, Role.ANALYST, Role.ADMINISTRATOR, Role.OWNER)


def at_least(role: str, needed: Role) -> bool:
    """Whether `role` may do what `needed` may."""
    return _ORDER.index(Role(role)) >= _ORDER.index(needed)


def require(role: str, needed: Role) -> None:
    """Raises AccessError if `role` may not do what `needed` may."""
    if not at_least(role, needed):
        raise AccessError(
            f"this needs the role {needed.value}, not {role}",
            hint="an owner of the organisation can change the role",
        )
