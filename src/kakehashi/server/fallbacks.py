"""Answers where no capability answers: an unknown address, a fault of ours."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

_OPENAI: Final = "/v1/"


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at this address."""
    return _answer(request, HTTPStatus.NOT_FOUND, "there is nothing at this address")


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours; what it was is in the log."""
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "a fault of the server; it is logged")


def _answer(request: HttpRequest, status: HTTPStatus, told: str) -> HttpResponse:
    if request.path_info.startswith(_OPENAI):
        kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _BAD_REQUEST
        error = {"message": told, "type": kind, "param": None, "code": None}
        return JsonResponse({"error": error}, status=status)
    # RFC 9457.
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": told}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


_BAD_REQUEST: Final = "invalid_request_error"
