"""Errors in OpenAI's form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as NinjaValidationError

from kakehashi.errors import (
    AccessError,
    BusyError,
    InputError,
    KakehashiError,
    LanguageError,
    UnknownCallerError,
)
from kakehashi.server.metering.headers import refusal_headers
from kakehashi.server.metering.reserving import LimitReached


class UnsupportedError(InputError):
    """A parameter, or a value of it, that cannot be honoured. `where` is its name."""


class UnknownModelError(LanguageError):
    """There is no model of this name."""

    http_status = 404


def body_of(error: KakehashiError) -> dict[str, Any]:
    """The body of an answer for one of our errors."""
    kind, code = _kind(error)
    message = f"{error.what} ({error.hint})" if error.hint else error.what
    param = error.where if isinstance(error, UnsupportedError) else None
    if isinstance(error, UnknownModelError):
        param = "model"
    return _body(message, kind, code, param)


def answer(error: KakehashiError) -> HttpResponse:
    """The answer for one of our errors."""
    response = JsonResponse(body_of(error), status=error.http_status)
    if isinstance(error, LimitReached):
        for name, value in refusal_headers(error).items():
            response[name] = value
    elif isinstance(error, BusyError):
        response["retry-after"] = "1"
    if isinstance(error, UnknownCallerError):
        response["www-authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    """Let `api` answer with errors in this form."""

    @api.exception_handler(KakehashiError)
    def ours(request: HttpRequest, error: KakehashiError) -> HttpResponse:
        return answer(error)

    @api.exception_handler(NinjaValidationError)
    def invalid(request: HttpRequest, error: NinjaValidationError) -> HttpResponse:
        return JsonResponse(_validation(error.errors), status=400)

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        body = _body(str(error), "invalid_request_error", None, None)
        return JsonResponse(body, status=error.status_code)


def _body(message: str, kind: str, code: str | None, param: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _kind(error: KakehashiError) -> tuple[str, str | None]:
    if isinstance(error, LimitReached):
        if error.retry_after is None:
            return "insufficient_quota", "insufficient_quota"
        measure = error.refused.measure if error.refused else "requests"
        return ("tokens" if measure == "tokens" else "requests"), "rate_limit_exceeded"
    if isinstance(error, UnknownCallerError):
        return "invalid_request_error", "invalid_api_key"
    if isinstance(error, AccessError):
        return "invalid_request_error", "insufficient_permissions"
    if isinstance(error, UnknownModelError):
        return "invalid_request_error", "model_not_found"
    if isinstance(error, UnsupportedError):
        return "invalid_request_error", "unsupported_value"
    if error.http_status < 500:
        return "invalid_request_error", None
    return "server_error", None


def _validation(errors: list[dict[str, Any]]) -> dict[str, Any]:
    """As OpenAI says it, of the first of the errors."""
    first = errors[0]
    place = [str(step) for step in first["loc"] if step not in ("body", "payload")]
    param = place[0] if place else None
    if first["type"] == "extra_forbidden":
        name = place[-1]
        message, code = f"Unrecognized request argument supplied: {name}", None
    elif first["type"] == "missing":
        message, code = f"Missing required parameter: '{param}'.", "missing_required_parameter"
    else:
        message, code = f"Invalid value for '{'.'.join(place)}': {first['msg']}.", "invalid_value"
    return _body(message, "invalid_request_error", code, param)
