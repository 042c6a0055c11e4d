"""Sessions and the like for pages only: a program with a key pays for none of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from asgiref.sync import markcoroutinefunction
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware

Respond = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

PROGRAM_PATHS: Final = (
    "/v1/",
    "/v2/",
    "/v3/",
    "/api/",
    "/translate",
    "/detect",
    "/languages",
    "/suggest",
    "/health",
    "/readyz",
    "/metrics",
    "/frontend/",
)
"""What programs call. Never put a page below one of these."""


def pages_only(get_response: Respond) -> Respond:
    """The middleware of the project."""
    pages: Respond = get_response
    for layer in (
        CsrfViewMiddleware,
        AuthenticationMiddleware,
        SessionMiddleware,
        SecurityMiddleware,
    ):
        pages = layer(pages)  # type: ignore[assignment]

    async def respond(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PROGRAM_PATHS):
            return await get_response(request)
        return await pages(request)

    return markcoroutinefunction(respond)


pages_only.sync_capable = False  # type: ignore[attr-defined]
pages_only.async_capable = True  # type: ignore[attr-defined]
