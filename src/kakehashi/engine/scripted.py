"""An engine that says what a script tells it to: for tests of everything above the engines.

It runs no model. Its tokens are words and single characters, cut by a rule that never
changes, so that counts, streams, limits and cancellations can be asserted exactly.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.engine.base import (
    Completion,
    Control,
    DoneEvent,
    Event,
    Request,
    StopReason,
    TextEvent,
    Usage,
)
from kakehashi.errors import ContextError, EngineError, KakehashiError

_TOKEN = re.compile(r" ?[A-Za-z]+|.", re.DOTALL)


def scripted_tokens(text: str) -> list[str]:
    """Cut `text` into the tokens of `ScriptedEngine`; joined they are `text` again.

    A run of ASCII letters with one leading space is one token, any other character is one.
    """
    return _TOKEN.findall(text)


def request_text(request: Request) -> str:
    """The text parts of a request, joined (control tokens left out)."""
    return "".join(part for part in request.parts if isinstance(part, str))


def request_controls(request: Request) -> tuple[str, ...]:
    """The names of the control tokens of a request, in order."""
    return tuple(part.name for part in request.parts if isinstance(part, Control))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the engine does for one request.

    Attributes:
        text: what it says.
        loop: say `text` again and again until `Request.max_tokens`.
        score: mean log-probability reported when `Request.logprobs` asks for it.
        error: raised after `error_after` tokens instead of finishing.
        error_after: tokens streamed before the error.
        delay: seconds before every token.
    """

    text: str = ""
    loop: bool = False
    score: float = -0.1
    error: KakehashiError | None = None
    error_after: int = 0
    delay: float = 0.0


Script = Callable[[Request], str | Reply] | Mapping[str, str | Reply]


class ScriptedEngine:
    """Deterministic engine.

    Args:
        script: a function from the request to what is said, or a mapping. A mapping is looked
            up by the request's whole text, then by the longest key that occurs in it.
        parallel: how many requests are streamed at the same time, round robin.
        context_tokens: limit of prompt and completion together.
        fail_on: the request with this number (counted from 0 over the engine's life) fails.

    Attributes:
        requests: every request received, in order.
        closed: whether `close` was called.
    """

    def __init__(
        self,
        script: Script,
        *,
        parallel: int = 8,
        context_tokens: int = 1024,
        fail_on: int | None = None,
    ) -> None:
        self._script = script
        self._parallel = parallel
        self._context = context_tokens
        self._fail_on = fail_on
        self.requests: list[Request] = []
        self.closed = False

    @property
    def name(self) -> str:
        """``scripted``."""
        return "scripted"

    @property
    def context_tokens(self) -> int:
        """Most tokens (prompt + completion) of one request."""
        return self._context

    @property
    def parallel(self) -> int:
        """How many requests of one batch are streamed at the same time."""
        return self._parallel

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` by the rule of `scripted_tokens`."""
        return len(scripted_tokens(text))

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Stream the scripted replies, one token of each running request in turn."""
        if self.closed:
            raise EngineError("the engine is closed")
        waiting: list[tuple[int, _Run]] = []
        for index, request in enumerate(requests):
            number = len(self.requests)
            self.requests.append(request)
            reply = self._reply(request)
            if number == self._fail_on:
                reply = Reply(error=EngineError(f"request {index} failed (told to)"))
            waiting.append((index, self._start(index, request, reply)))
        return self._stream(waiting, cancel)

    def _stream(
        self, waiting: list[tuple[int, _Run]], cancel: threading.Event | None
    ) -> Iterator[Event]:
        running: list[tuple[int, _Run]] = []
        while waiting or running:
            while waiting and len(running) < self._parallel:
                running.append(waiting.pop(0))
            for item in list(running):
                index, run = item
                if self.closed or (cancel is not None and cancel.is_set()):
                    run.reason = "cancelled"
                piece = run.step()
                if piece:
                    yield TextEvent(index, piece)
                if run.reason is not None:
                    running.remove(item)
                    yield DoneEvent(index, run.completion())

    def _reply(self, request: Request) -> Reply:
        if callable(self._script):
            said = self._script(request)
        else:
            said = self._look_up(self._script, request_text(request))
        return Reply(said) if isinstance(said, str) else said

    @staticmethod
    def _look_up(script: Mapping[str, str | Reply], text: str) -> str | Reply:
        if text in script:
            return script[text]
        inside = [key for key in script if key and key in text]
        if not inside:
            raise EngineError(f"the script has no reply for {text[:60]!r}")
        return script[max(inside, key=len)]

    def _start(self, index: int, request: Request, reply: Reply) -> _Run:
        prompt = self.count_tokens(request_text(request)) + len(request_controls(request))
        if prompt + request.max_tokens > self._context:
            raise ContextError(
                f"request {index} needs {prompt} + {request.max_tokens} tokens, "
                f"the context holds {self._context}"
            )
        return _Run(request, reply, prompt)

    def close(self) -> None:
        """End running streams (as cancelled) and refuse new ones."""
        self.closed = True

    def __enter__(self) -> ScriptedEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Run:
    """One request being streamed."""

    def __init__(self, request: Request, reply: Reply, prompt_tokens: int) -> None:
        self.request = request
        self.reply = reply
        self.prompt_tokens = prompt_tokens
        self.text = ""
        self.made = 0
        self.reason: StopReason | None = None
        text = reply.text
        if request.begins and not text.startswith(request.begins):
            text = request.begins + text
        for stop in request.stop:
            text = text.split(stop, 1)[0]
        self._tokens = scripted_tokens(text)
        self._endless = reply.loop and text == reply.text and bool(text)

    def step(self) -> str:
        """The next token; empty when there is none left (then `reason` is set)."""
        if self.reason is not None:
            return ""
        if self.reply.error is not None and self.made >= self.reply.error_after:
            raise self.reply.error
        if self.made >= len(self._tokens) and not self._endless:
            self.reason = "stop"
            return ""
        if self.made >= self.request.max_tokens:
            self.reason = "length"
            return ""
        if self.reply.delay:
            time.sleep(self.reply.delay)
        token = self._tokens[self.made % len(self._tokens)]
        self.made += 1
        self.text += token
        return token

    def completion(self) -> Completion:
        return Completion(
            text=self.text,
            stop_reason=self.reason or "cancelled",
            usage=Usage(prompt_tokens=self.prompt_tokens, completion_tokens=self.made),
            score=self.reply.score if self.request.logprobs else None,
        )
