"""Run prompts on another server: anything that speaks OpenAI's ``/v1/completions``.

Three kinds of server are told apart by what they answer on ``/tokenize``: a llama.cpp server,
vLLM, and any other (Ollama, OpenAI …). The first two can turn text into token ids, so prompts
are sent as ids and a text that spells a control token stays text. The third kind gets the
prompt as one string: there `count_tokens` is refused, and so is a text that spells a control
token of its own prompt.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import httpx

from kakehashi.engine._prompt import beginning, split_names
from kakehashi.engine._stream import StreamState
from kakehashi.engine.base import Completion, Control, DoneEvent, Event, Request, TextEvent
from kakehashi.errors import ContextError, EngineError, KakehashiError

Kind = Literal["llama_cpp", "vllm", "other"]

DEFAULT_CONTEXT = 4096
"""Assumed where the server does not tell its context (tokens)."""
CONNECT_SECONDS = 5.0
CANCEL_POLL_SECONDS = 0.05
_MESSAGE_CHARS = 300


@dataclass(frozen=True, slots=True)
class _Server:
    """What was found out about the server."""

    kind: Kind
    context: int


class OpenAICompatibleEngine:
    """An engine on another server.

    Nothing is sent before the first use.

    Args:
        base_url: address up to, not including, ``/v1`` (a trailing ``/v1`` is removed).
        model: the model's name on that server.
        api_key: sent as a bearer token; never shown in errors.
        parallel: requests of one batch that are sent at the same time.
        context: most tokens of one request; by default what the server says.
        timeout: seconds without a byte from the server until a request has failed.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        *,
        parallel: int = 8,
        context: int | None = None,
        timeout: float = 120.0,
    ) -> None:
        self._url = base_url.rstrip("/").removesuffix("/v1")
        self._model = model
        self._parallel = parallel
        self._context = context
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = httpx.Timeout(timeout, connect=CONNECT_SECONDS)
        self._client = httpx.Client(headers=self._headers, timeout=self._timeout)
        self._found: _Server | None = None
        self._closing = threading.Event()

    @property
    def name(self) -> str:
        """``openai_compatible``."""
        return "openai_compatible"

    @property
    def kind(self) -> Kind:
        """What kind of server it is (asks it once)."""
        return self._server().kind

    @property
    def context_tokens(self) -> int:
        """Most tokens (prompt + completion) of one request (asks the server once)."""
        return self._server().context

    @property
    def parallel(self) -> int:
        """How many requests of one batch are sent at the same time."""
        return self._parallel

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` alone, counted by the server.

        Raises:
            EngineError: the server has no ``/tokenize``, or cannot be reached.
        """
        return len(self._tokenize(text, set())) if text else 0

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Run a batch; see `Engine.generate`.

        `repeat_penalty` is sent to llama.cpp and vLLM only: the others have no such thing.

        Raises:
            ContextError: a request does not fit into the server's context.
            EngineError: the server cannot be reached, refused, or broke off.
        """
        if self._closing.is_set():
            raise EngineError("the engine is closed", where=self._url)
        bodies = [self._body(index, request) for index, request in enumerate(requests)]
        return self._stream(list(requests), bodies, cancel or threading.Event())

    def _stream(
        self, requests: list[Request], bodies: list[dict[str, Any]], cancel: threading.Event
    ) -> Iterator[Event]:
        batch = _Batch(self, requests, bodies, cancel)
        batch.start()
        try:
            left = len(requests)
            while left:
                event = batch.events.get()
                if isinstance(event, KakehashiError):
                    raise event
                left -= isinstance(event, DoneEvent)
                yield event
        finally:
            batch.stop()

    def _body(self, index: int, request: Request) -> dict[str, Any]:
        server = self._server()
        greedy = request.temperature <= 0
        body: dict[str, Any] = {
            "model": self._model,
            "prompt": self._prompt(request, begun=server.kind != "llama_cpp"),
            "max_tokens": request.max_tokens,
            "temperature": max(request.temperature, 0.0),
            "top_p": 1.0 if greedy else request.top_p,
            "seed": request.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.logprobs:
            body["logprobs"] = 1
        if server.kind == "llama_cpp":
            body |= {"cache_prompt": True, "timings_per_token": True, "min_p": 0.0, "top_k": 0}
            body["repeat_penalty"] = request.repeat_penalty
            if request.begins:
                body["grammar"] = beginning(request.begins)
        elif server.kind == "vllm":
            body["stream_options"]["continuous_usage_stats"] = True
            body["repetition_penalty"] = request.repeat_penalty
        tokens = len(body["prompt"]) if server.kind != "other" else 0
        if tokens + request.max_tokens > server.context:
            raise ContextError(
                f"request {index} needs {tokens} + {request.max_tokens} tokens, "
                f"the server's context holds {server.context}",
                where=self._url,
            )
        return body

    def _prompt(self, request: Request, *, begun: bool) -> str | list[int]:
        if begun and request.begins:
            request = replace(request, parts=(*request.parts, request.begins))
        names = {part.name for part in request.parts if isinstance(part, Control)}
        if self._server().kind == "other":
            for part in request.parts:
                if isinstance(part, str) and any(name in part for name in names):
                    raise EngineError(
                        "the text spells a control token, and this server cannot tell them apart",
                        where=self._url,
                        hint="use a server with /tokenize (llama.cpp, vLLM) or change the text",
                    )
            return "".join(p.name if isinstance(p, Control) else p for p in request.parts)
        ids: list[int] = []
        for part in request.parts:
            if isinstance(part, Control):
                ids.append(self._control_id(part.name))
            elif part:
                ids += self._tokenize(part, names)
        return ids

    def _control_id(self, name: str) -> int:
        ids = self._ask_tokens(name, special=True)
        if len(ids) != 1:
            raise EngineError(
                f"the server's model has no control token '{name}'",
                where=self._url,
                hint="the server runs another model than the one whose prompts are used",
            )
        return ids[0]

    def _tokenize(self, text: str, names: set[str]) -> list[int]:
        # vLLM cannot be told to leave control tokens in text alone, so they are cut apart.
        pieces = split_names(text, names if self._server().kind == "vllm" else set())
        return [token for piece in pieces for token in self._ask_tokens(piece, special=False)]

    def _ask_tokens(self, text: str, *, special: bool) -> list[int]:
        kind = self._server().kind
        if kind == "other":
            raise EngineError(
                "this server cannot count tokens (it has no /tokenize)",
                where=self._url,
                hint="llama.cpp's server and vLLM can",
            )
        answer = self._post("/tokenize", _tokenize_body(kind, self._model, text, special=special))
        return [int(token) for token in answer["tokens"]]

    def _server(self) -> _Server:
        if self._found is None:
            self._found = self._probe()
        return self._found

    def _probe(self) -> _Server:
        kinds: tuple[Kind, ...] = ("llama_cpp", "vllm")
        for kind in kinds:
            body = _tokenize_body(kind, self._model, "a", special=False)
            response = self._request("POST", "/tokenize", body)
            if response.status_code in (401, 403):
                raise _refused(self._url, response)
            if response.status_code == httpx.codes.OK and response.json().get("tokens"):
                return _Server(kind, self._context or self._ask_context(kind))
        return _Server("other", self._context or DEFAULT_CONTEXT)

    def _ask_context(self, kind: Kind) -> int:
        if kind == "llama_cpp":
            response = self._request("GET", "/props", None)
            if response.status_code == httpx.codes.OK:
                settings = response.json().get("default_generation_settings") or {}
                return int(settings.get("n_ctx") or DEFAULT_CONTEXT)
            return DEFAULT_CONTEXT
        response = self._request("GET", "/v1/models", None)
        if response.status_code == httpx.codes.OK:
            for model in response.json().get("data") or ():
                if model.get("id") == self._model and model.get("max_model_len"):
                    return int(model["max_model_len"])
        return DEFAULT_CONTEXT

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = self._request("POST", path, body)
        if response.status_code != httpx.codes.OK:
            raise _refused(self._url, response)
        answer: dict[str, Any] = response.json()
        return answer

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
        try:
            return self._client.request(method, self._url + path, json=body)
        except httpx.HTTPError as error:
            raise _unreachable(self._url, error) from None

    def close(self) -> None:
        """Break off what is running (as cancelled) and drop the connections."""
        self._closing.set()
        self._client.close()

    def __enter__(self) -> OpenAICompatibleEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Batch:
    """One batch on its way, in an event loop of its own.

    A loop and not threads, because a task that waits for the server can be cancelled at once,
    and dropping its connection is what makes the server stop.
    """

    def __init__(
        self,
        engine: OpenAICompatibleEngine,
        requests: list[Request],
        bodies: list[dict[str, Any]],
        cancel: threading.Event,
    ) -> None:
        self.events: queue.SimpleQueue[Event | KakehashiError] = queue.SimpleQueue()
        self._engine = engine
        self._requests = requests
        self._bodies = bodies
        self._cancel = cancel
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._main, name="kakehashi-remote", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Cancel what is running and wait until the connections are dropped."""
        self._stop.set()
        self._thread.join()

    def _main(self) -> None:
        asyncio.run(self._run())

    def _stopped(self) -> bool:
        return self._stop.is_set() or self._cancel.is_set() or self._engine._closing.is_set()

    async def _run(self) -> None:
        engine = self._engine
        limit = asyncio.Semaphore(engine.parallel)
        async with httpx.AsyncClient(headers=engine._headers, timeout=engine._timeout) as client:
            tasks = [
                asyncio.create_task(self._one(index, client, limit))
                for index in range(len(self._requests))
            ]
            waiting = set(tasks)
            while waiting:
                _, waiting = await asyncio.wait(waiting, timeout=CANCEL_POLL_SECONDS)
                if self._stopped():
                    for task in waiting:
                        task.cancel()

    async def _one(self, index: int, client: httpx.AsyncClient, limit: asyncio.Semaphore) -> None:
        begins = self._requests[index].begins
        state = StreamState("" if "grammar" in self._bodies[index] else begins)
        try:
            async with limit:
                await self._read(index, client, state)
        except asyncio.CancelledError:
            pass
        except httpx.HTTPError as error:
            self.events.put(_unreachable(self._engine._url, error, index))
            return
        except _NotJSONError as error:
            told = f"request {index}: the server sent what is not JSON: {error}"
            self.events.put(EngineError(told, where=self._engine._url))
            return
        except KakehashiError as error:
            self.events.put(error)
            return
        self.events.put(DoneEvent(index, self._completion(index, state)))

    async def _read(self, index: int, client: httpx.AsyncClient, state: StreamState) -> None:
        url = self._engine._url + "/v1/completions"
        started = first = time.perf_counter()
        if state.begun:
            self.events.put(TextEvent(index, state.begun))
        async with client.stream("POST", url, json=self._bodies[index]) as response:
            if response.status_code != httpx.codes.OK:
                await response.aread()
                raise _refused(self._engine._url, response, index)
            async for line in response.aiter_lines():
                if not line.startswith("data:") or line == "data: [DONE]":
                    continue
                text = state.take(_message(line))
                now = time.perf_counter()
                if not state.prefill_seconds:
                    first = now
                    state.prefill_seconds = now - started
                state.decode_seconds = now - first
                if text:
                    self.events.put(TextEvent(index, text))
        if state.error or not state.finished:
            told = state.error or "the stream ended without a reason"
            raise EngineError(f"request {index} failed: {told}", where=self._engine._url)

    def _completion(self, index: int, state: StreamState) -> Completion:
        prompt = self._bodies[index]["prompt"]
        counted = len(prompt) if isinstance(prompt, list) else 0
        return state.completion(counted, scored=self._requests[index].logprobs)


class _NotJSONError(Exception):
    """A message of the stream that cannot be read."""


def _message(line: str) -> dict[str, Any]:
    raw = line.removeprefix("data:").strip()
    try:
        message = json.loads(raw)
    except json.JSONDecodeError:
        raise _NotJSONError(raw[:_MESSAGE_CHARS]) from None
    if not isinstance(message, dict):
        raise _NotJSONError(raw[:_MESSAGE_CHARS])
    return message


def _tokenize_body(kind: Kind, model: str, text: str, *, special: bool) -> dict[str, Any]:
    if kind == "llama_cpp":
        return {"content": text, "add_special": False, "parse_special": special}
    return {"model": model, "prompt": text, "add_special_tokens": False}


def _named(index: int | None) -> str:
    return "the server" if index is None else f"request {index}: the server"


def _unreachable(url: str, error: httpx.HTTPError, index: int | None = None) -> EngineError:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return EngineError(
            f"{_named(index)} cannot be reached",
            where=url,
            hint="check the address, and that the server is running",
        )
    if isinstance(error, httpx.TimeoutException):
        return EngineError(
            f"{_named(index)} did not answer in time",
            where=url,
            hint="it may be overloaded; a longer timeout can be set on the engine",
        )
    told = str(error) or type(error).__name__
    return EngineError(f"{_named(index)} broke off: {told}", where=url)


def _refused(url: str, response: httpx.Response, index: int | None = None) -> EngineError:
    status = response.status_code
    try:
        answer = response.json()
    except ValueError:
        answer = response.text
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    told = error.get("message", error) if isinstance(error, dict) else error
    kind = error.get("type", "") if isinstance(error, dict) else ""
    what = f"{_named(index)} answered {status}: {str(told)[:_MESSAGE_CHARS]}"
    if "context" in str(kind) or (status == 400 and "context length" in str(told)):
        return ContextError(what, where=url)
    hints = {
        401: "the API key is missing or wrong",
        403: "the API key may not use this model",
        404: "check the address and the model's name",
        429: "the server's limit is reached; try again later",
        503: "the server is still loading its model, or has none",
    }
    return EngineError(what, where=url, hint=hints.get(status, ""))
