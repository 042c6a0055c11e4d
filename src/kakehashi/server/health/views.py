"""Health, readiness and metrics."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from kakehashi.errors import KakehashiError
from kakehashi.server.database import in_database
from kakehashi.server.health.metrics import JOBS, REGISTRY
from kakehashi.server.runtime import pool


async def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return JsonResponse({"status": "ok"})


async def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: the model is loaded, the database answers."""
    problems = {}
    try:
        pool().opened()
    except KakehashiError as error:
        problems["engine"] = error.what
    try:
        await in_database(_ask_database)
    except DatabaseError:
        problems["database"] = "does not answer"
    status = {"status": "failed" if problems else "ok", **problems}
    return JsonResponse(status, status=503 if problems else 200)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads. No names of people or organisations are in it."""
    JOBS.set(pool().running)
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
