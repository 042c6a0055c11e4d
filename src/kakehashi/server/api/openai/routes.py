"""The routes below /v1/."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import NinjaAPI

from kakehashi.server.api.keys import BearerKey, caller
from kakehashi.server.api.openai import chat, errors
from kakehashi.server.api.openai.schemas import ChatRequest
from kakehashi.server.engines.offers import SKILLS

# The day of the first release: clients sort by it and nothing else.
_CREATED: Final = 1_795_305_600

api = NinjaAPI(
    title="Kakehashi: OpenAI's API",
    version="1",
    urls_namespace="openai",
    auth=BearerKey("text"),
    docs_url=None,
)
errors.install(api)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "kakehashi"}


@api.get("/models")
async def models(request: HttpRequest) -> dict[str, Any]:
    """The models there are."""
    return {"object": "list", "data": [_model(name) for name in SKILLS]}


@api.get("/models/{name}")
async def model(request: HttpRequest, name: str) -> dict[str, Any]:
    """One model."""
    if name not in SKILLS:
        raise errors.UnknownModelError(f"there is no model '{name}'", where=name)
    return _model(name)


@api.post("/chat/completions")
async def chat_completions(
    request: HttpRequest, payload: ChatRequest
) -> HttpResponse | StreamingHttpResponse:
    """Translate or summarise the last message of the user."""
    return await chat.complete(caller(request), payload)
