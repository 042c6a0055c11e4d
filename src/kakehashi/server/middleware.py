"""What happens around every request: it gets a number, is counted, and written to the log.

Sessions and the like are for pages only: a program with a key pays for none of it.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final

from asgiref.sync import markcoroutinefunction, sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware

from kakehashi.server.health.metrics import REQUESTS, SECONDS

Respond = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
log = logging.getLogger("kakehashi.request")

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


def observed(get_response: Respond) -> Respond:
    """Number, count and log every request."""

    async def respond(request: HttpRequest) -> HttpResponseBase:
        number = f"req_{secrets.token_hex(12)}"
        started = time.perf_counter()
        response = await get_response(request)
        seconds = time.perf_counter() - started
        match = request.resolver_match
        # The route, not the path: paths hold ids and, from careless programs, texts and keys.
        route = match.route if match else "unknown"
        REQUESTS.labels(request.method, route, str(response.status_code)).inc()
        SECONDS.labels(route).observe(seconds)
        response["x-request-id"] = number
        if isinstance(response, HttpResponse):
            response["content-length"] = str(len(response.content))
        caller = getattr(request, "auth", None)
        log.info(
            "request",
            extra={
                "request": number,
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "seconds": round(seconds, 4),
                "organisation": getattr(caller, "organisation_id", None),
                "key": getattr(caller, "key_id", None),
            },
        )
        return response

    return markcoroutinefunction(respond)


def pages_only(get_response: Respond) -> Respond:
    """Sessions, sign-in and CSRF, for pages."""
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
        # What Django would do for every request (see asgi.py).
        await sync_to_async(close_old_connections)()
        return await pages(request)

    return markcoroutinefunction(respond)


for _each in (observed, pages_only):
    _each.sync_capable, _each.async_capable = False, True  # type: ignore[attr-defined]
