"""Chat completions: the last message of the user is the text, the model is the skill."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse

from kakehashi import __version__
from kakehashi.engine.base import Engine, Usage
from kakehashi.engine.manifest import Manifest
from kakehashi.errors import KakehashiError, LanguageError
from kakehashi.server.api.openai.cutting import Finish, cut
from kakehashi.server.api.openai.errors import UnknownModelError, UnsupportedError, body_of
from kakehashi.server.api.openai.schemas import ChatRequest
from kakehashi.server.engines.offers import Work, skill
from kakehashi.server.engines.pool import Job
from kakehashi.server.metering.headers import rate_limit_headers
from kakehashi.server.people.caller import Caller
from kakehashi.server.runtime import pool

SERVICE: Final = "openai.chat"
FINGERPRINT: Final = f"kakehashi-{__version__}"


async def complete(caller: Caller, asked: ChatRequest) -> HttpResponse | StreamingHttpResponse:
    """Answer a request.

    Raises:
        KakehashiError: before anything was sent; later errors are sent in the stream.
    """
    check(asked)
    work = work_of(asked)
    async with AsyncExitStack() as stack:
        running = pool().run(caller, work, model=asked.model, service=SERVICE)
        job = await stack.enter_async_context(running)
        answer = _Answer(f"chatcmpl-{secrets.token_hex(14)}", asked.model, int(time.time()))
        response: HttpResponse | StreamingHttpResponse
        if asked.stream:
            results = aiter(job)
            # What fails at once is an error of the request, not of the stream.
            first = await anext(results)
            usage = asked.stream_options is not None and asked.stream_options.include_usage
            events = answer.events(first, results, job, stack.pop_all(), include_usage=usage)
            response = StreamingHttpResponse(events, content_type="text/event-stream")
            response["cache-control"] = "no-cache"
            response["x-accel-buffering"] = "no"
        else:
            response = JsonResponse(await answer.whole(job))
    for name, value in rate_limit_headers(job.admission.states).items():
        response[name] = value
    return response


def check(asked: ChatRequest) -> None:
    """Refuse what would change the answer's form and cannot be done. Raises UnsupportedError."""
    wrong = {
        "n": (asked.n or 1) > 1,
        "logprobs": bool(asked.logprobs or asked.top_logprobs),
        "tools": bool(asked.tools),
        "functions": bool(asked.functions),
        "audio": asked.audio is not None,
        "modalities": bool(asked.modalities) and asked.modalities != ["text"],
        "web_search_options": asked.web_search_options is not None,
        "response_format": (
            asked.response_format is not None and asked.response_format.type != "text"
        ),
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise UnsupportedError(
                f"Unsupported value: '{name}' does not support this with this model.", where=name
            )
    if asked.stream_options is not None and not asked.stream:
        raise UnsupportedError(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            where="stream_options",
        )


def work_of(asked: ChatRequest) -> Work[str | Finish]:
    """What is to be done. Raises UnknownModelError, or UnsupportedError without a user's text."""
    try:
        chosen = skill(asked.model)
    except LanguageError as error:
        raise UnknownModelError(error.what, where=asked.model, hint=error.hint) from None
    texts = [message.text for message in asked.messages if message.role == "user"]
    if not texts or not texts[-1].strip():
        raise UnsupportedError("There is no text in a message of the user.", where="messages")
    inner = chosen(texts[-1], settings.KAKEHASHI.base)

    def run(engine: Engine, manifest: Manifest) -> Generator[str | Finish]:
        pieces = inner.run(engine, manifest)
        try:
            yield from cut(
                pieces,
                stops=asked.stops,
                most_tokens=asked.most_tokens,
                count=engine.count_tokens,
            )
        finally:
            pieces.close()

    return Work(run, inner.tasks, inner.source)


def usage_body(usage: Usage) -> dict[str, Any]:
    """The engine's counts in OpenAI's words."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


@dataclass(frozen=True, slots=True)
class _Answer:
    id: str
    model: str
    created: int

    async def whole(self, job: Job[str | Finish]) -> dict[str, Any]:
        text, reason = "", "stop"
        async for result in job:
            if isinstance(result, Finish):
                reason = result.reason
            else:
                text += result
        message: dict[str, Any] = {
            "role": "assistant",
            "content": text,
            "refusal": None,
            "annotations": [],
        }
        choice: dict[str, Any] = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": reason,
        }
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [choice],
            "usage": usage_body(job.usage),
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }

    async def events(
        self,
        first: str | Finish,
        rest: AsyncIterator[str | Finish],
        job: Job[str | Finish],
        stack: AsyncExitStack,
        *,
        include_usage: bool,
    ) -> AsyncIterator[bytes]:
        """Server-sent events. Being closed early (the client went away) cancels the job."""
        extra: dict[str, Any] = {"usage": None} if include_usage else {}

        def chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
            return self._event({"choices": [choice], **extra})

        def said(result: str | Finish) -> bytes:
            if isinstance(result, Finish):
                return chunk({}, result.reason)
            return chunk({"content": result})

        async with stack:
            yield chunk({"role": "assistant", "content": "", "refusal": None})
            yield said(first)
            try:
                async for result in rest:
                    yield said(result)
            except KakehashiError as error:
                yield b"data: " + json.dumps(body_of(error), ensure_ascii=False).encode() + b"\n\n"
                return
            if include_usage:
                yield self._event({"choices": [], "usage": usage_body(job.usage)})
            yield b"data: [DONE]\n\n"

    def _event(self, body: dict[str, Any]) -> bytes:
        whole = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
            **body,
        }
        return b"data: " + json.dumps(whole, ensure_ascii=False).encode() + b"\n\n"
