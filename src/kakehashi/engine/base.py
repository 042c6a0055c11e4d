"""The seam between Kakehashi and whatever runs a model.

An engine knows nothing about languages, tasks or documents: it gets rendered prompts and
returns text with its own counts. Everything above talks to this protocol, so that the
in-process engine, a remote server and the scripted engine of the tests are exchangeable.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

StopReason = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class Control:
    """A control token, named by its text in the vocabulary (for example ``<eos>``).

    Kept apart from text so that a user's text which happens to spell a control token is
    never read as one.
    """

    name: str


PromptPart = str | Control


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt to be completed.

    Attributes:
        parts: the prompt, in order; strings are text, `Control` are control tokens.
        max_tokens: most tokens to generate.
        stop: strings that end the generation (not part of the result).
        temperature: 0 is greedy.
        top_p: nucleus sampling, only with temperature > 0.
        seed: for sampling; the same seed gives the same text on the same machine, as far as
            the engine's sums do not depend on what else is in the batch or in its cache.
        repeat_penalty: 1.0 is off; used on a retry after a repetition loop.
        ignore_eos: go on after the end-of-text token until `max_tokens` (for measuring speed).
        stream: whether the text is wanted as it comes. Without it there is no `TextEvent`, and
            a cancelled request may run to its end first; the engine saves a message for every
            token (0.2 to 0.4 ms each in process, about 5 % of a fast model's time).
        logprobs: ask for the mean log-probability of the generated tokens (nats per token).
        begins: what the text must begin with. llama.cpp is held to it by a grammar and scores
            it with the rest; other servers go on from it and score only what they add.
    """

    parts: tuple[PromptPart, ...]
    max_tokens: int = 256
    stop: tuple[str, ...] = ()
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    repeat_penalty: float = 1.0
    stream: bool = True
    logprobs: bool = False
    ignore_eos: bool = False
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one request cost, as counted by the engine itself.

    `prompt_tokens` includes `cached_tokens` (taken from the prompt cache, not computed).
    Seconds are wall-clock seconds that the engine reports for this request.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    prefill_seconds: float = 0.0
    decode_seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            self.prefill_seconds + other.prefill_seconds,
            self.decode_seconds + other.decode_seconds,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """A finished generation. `score` is the mean log-probability per token, if asked for."""

    text: str
    stop_reason: StopReason
    usage: Usage = field(default_factory=Usage)
    score: float | None = None


@dataclass(frozen=True, slots=True)
class TextEvent:
    """A piece of text of the request at `index` of the batch."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The request at `index` of the batch has ended."""

    index: int
    completion: Completion


Event = TextEvent | DoneEvent


@runtime_checkable
class Engine(Protocol):
    """Something that runs a model.

    An engine is a context manager; `close` may be called more than once.
    """

    @property
    def name(self) -> str:
        """Short name for reports, for example ``llama_cpp``."""
        ...

    @property
    def context_tokens(self) -> int:
        """Most tokens (prompt + completion) of one request."""
        ...

    @property
    def parallel(self) -> int:
        """How many requests of one batch are decoded at the same time."""
        ...

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Run a batch; yield events as they come, interleaved, exactly one `DoneEvent` each.

        Closing the iterator cancels what is still running. A batch may be longer than
        `parallel`; the rest waits its turn.

        Args:
            requests: the batch.
            cancel: set from any thread to stop early and still get every `DoneEvent`, with
                the text and the usage so far and the reason ``cancelled``.

        Raises:
            ContextError: a request does not fit into the context.
            EngineError: the engine failed; the message names the request.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` alone (no control tokens are added or recognised)."""
        ...

    def close(self) -> None:
        """Free the model. The engine cannot be used afterwards."""
        ...

    def __enter__(self) -> Engine: ...

    def __exit__(self, *exc: object) -> None: ...


def complete(engine: Engine, requests: Sequence[Request]) -> list[Completion]:
    """Run a batch to its end and return the completions in the order of the requests."""
    results: dict[int, Completion] = {}
    for event in engine.generate(requests):
        if isinstance(event, DoneEvent):
            results[event.index] = event.completion
    return [results[i] for i in range(len(requests))]
