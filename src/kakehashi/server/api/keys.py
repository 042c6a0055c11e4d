"""The key of a request."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpRequest
from ninja.security import HttpBearer

from kakehashi.errors import LedgerError, UnknownCallerError
from kakehashi.server.database import in_database
from kakehashi.server.keys.services import authenticate
from kakehashi.server.people.caller import Caller

log = logging.getLogger(__name__)


async def caller_of_key(secret: str, scope: str) -> Caller:
    """Who a key belongs to.

    Raises:
        UnknownCallerError, AccessError: the key is wrong, or lacks the scope.
        LedgerError: the database does not answer.
    """
    try:
        caller = await in_database(authenticate, secret)
    except DatabaseError as error:
        log.exception("keys cannot be looked up")
        raise LedgerError("keys cannot be looked up", hint="try again in a moment") from error
    caller.require(scope)
    return caller


class BearerKey(HttpBearer):
    """``Authorization: Bearer kk_…``; the result is a `Caller`, which is `request.auth` then."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    async def __call__(self, request: HttpRequest) -> Caller:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise UnknownCallerError(
                "there is no API key", hint="send it as 'Authorization: Bearer kk_…'"
            )
        return await caller_of_key(secret.strip(), self._scope)

    async def authenticate(self, request: HttpRequest, token: str) -> Caller:
        return await caller_of_key(token, self._scope)


def caller(request: HttpRequest) -> Caller:
    """The caller that the authentication of the route has found."""
    found = getattr(request, "auth", None)
    assert isinstance(found, Caller)
    return found
