"""Run a GGUF model inside this process with llama.cpp (the `xllamacpp` wheels).

Prompts reach llama.cpp as token ids only. Text is tokenized with the recognition of control
tokens switched off, and control tokens are put in by id, so a text that spells ``<eos>`` is
five ordinary characters to the model.
"""

from __future__ import annotations

import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi.engine._local_server import LocalServer, load_bindings
from kakehashi.engine._prompt import beginning, split_names
from kakehashi.engine._stream import StreamState
from kakehashi.engine.base import (
    Completion,
    Control,
    DoneEvent,
    Event,
    Request,
    TextEvent,
)
from kakehashi.engine.machine import free_cores, usable_cores
from kakehashi.errors import ContextError, EngineError, KakehashiError, ModelError

DEFAULT_PARALLEL = 8
DEFAULT_CONTEXT = 768
"""A slot's tokens; a long sentence with its translation needs 600. A translating process has 370 MB
with 768 and 408 MB with 1024 (eight slots). With 8-bit keys and values the
cache would need half the memory, but prefill and batches were 15-25 % slower."""
BATCH_TOKENS = 512
UBATCH_TOKENS = 128
_SECONDS_BETWEEN_CHANGES = 2.0
"""Tokens computed at once. 512 took 34 MB more than 128 and read prompts no faster on two cores;
64 read eight prompts a third slower."""


def default_threads() -> int:
    """Threads for computing: one for every core that this process may use and nothing else does.

    More than cores is no faster. Two threads on one free core are much slower than one, because
    they wait for each other after every node of the graph: see `_local_server.OPENMP_SETTINGS`.
    """
    return max(1, min(usable_cores(), free_cores()))


def system_info() -> str:
    """What the engine library was built with and finds here, in llama.cpp's words.

    Raises:
        DependencyError: the library is missing or does not load.
    """
    return str(load_bindings().get_system_info())


class LlamaCppEngine:
    """An open GGUF model.

    Args:
        gguf_path: the weights.
        threads: threads for computing; by default `default_threads`, looked at again before
            each batch that begins while nothing else runs (changing it takes about 0.3 s).
        parallel: requests decoded at the same time.
        context: most tokens of one request, prompt and completion together.
        controls: names of the control tokens that prompts will use. Naming them here makes
            sure that they exist, and keeps them out of text even in a model whose vocabulary
            marks them as ordinary.
        verbose: let llama.cpp write its log to the standard error.

    Raises:
        DependencyError: `xllamacpp` is not installed.
        EngineError: llama.cpp cannot load the file.
        ModelError: a control token does not exist in the vocabulary.
    """

    def __init__(
        self,
        gguf_path: Path,
        *,
        threads: int | None = None,
        parallel: int = DEFAULT_PARALLEL,
        context: int = DEFAULT_CONTEXT,
        controls: Iterable[str] = (),
        verbose: bool = False,
    ) -> None:
        self._path = Path(gguf_path)
        self._fixed = threads is not None
        self._threads = threads or default_threads()
        self._parallel = parallel
        self._context = context
        self._verbose = verbose
        self._controls: dict[str, int] = {}
        self._plain_controls: set[str] = set()
        self._turn = threading.Lock()
        self._users = 0
        self._changed = time.monotonic()
        self._start()
        try:
            for name in controls:
                self.control_id(name)
        except KakehashiError:
            self.close()
            raise

    def _start(self) -> None:
        try:
            self._server = LocalServer(self._params)
        except EngineError as error:
            raise EngineError(error.what, where=str(self._path), hint=_LOAD_HINT) from None
        # Also at the end of a process that forgot to close: a completion that still ran then
        # would end it with an abort.
        self._end = weakref.finalize(self, self._server.close)

    @contextmanager
    def _using(self) -> Iterator[LocalServer]:
        """The server, which is not exchanged for another one meanwhile."""
        with self._turn:
            self._users += 1
            server = self._server
        try:
            if server.closing.is_set():
                raise EngineError("the engine is closed", where=str(self._path))
            yield server
        finally:
            with self._turn:
                self._users -= 1

    def _fit(self) -> None:
        """Take as many threads as there are free cores now, if nothing runs here.

        llama.cpp's server keeps the number it was started with, so that it is started again.
        """
        if self._fixed or time.monotonic() - self._changed < _SECONDS_BETWEEN_CHANGES:
            return
        with self._turn:
            if self._users or self._server.closing.is_set():
                return
            wanted = default_threads()
            if wanted == self._threads:
                return
            self._end()
            self._threads, self._changed = wanted, time.monotonic()
            self._start()

    def _params(self, bindings: Any) -> Any:
        params = bindings.CommonParams()
        params.model.path = str(self._path)
        params.n_ctx = self._context * self._parallel
        params.n_parallel = self._parallel
        params.n_batch = BATCH_TOKENS
        params.n_ubatch = UBATCH_TOKENS
        params.cpuparams.n_threads = self._threads
        params.cpuparams_batch.n_threads = self._threads
        # For builds without OpenMP: their threads spin by this setting.
        params.cpuparams.poll = params.cpuparams_batch.poll = 0
        params.n_gpu_layers = 0
        # Read, not mapped: what the CPU computes with is a repacked copy, and the mapped original
        # would stay resident beside it (318 MB mapped, 262 MB read; weights of 75 MB).
        params.load_mode = bindings.llama_load_mode.LLAMA_LOAD_MODE_NONE
        # Without the full window the prompt cache is of no use: a prompt is read anew although
        # its beginning is known (671 of 1,035 tokens came from the cache with it, 0 without).
        params.swa_full = True
        params.warmup = False
        params.fit_params = False
        # Prompts are short: keeping old ones in memory (8 GB by default) gains nothing.
        params.cache_ram_mib = 0
        params.cache_idle_slots = False
        params.n_ctx_checkpoints = 0
        params.n_threads_http = 2
        params.endpoint_slots = False
        params.ui = False
        params.verbosity = 3 if self._verbose else 0
        return params

    @property
    def name(self) -> str:
        """``llama_cpp``."""
        return "llama_cpp"

    @property
    def context_tokens(self) -> int:
        """Most tokens (prompt + completion) of one request."""
        return self._context

    @property
    def parallel(self) -> int:
        """How many requests of one batch are decoded at the same time."""
        return self._parallel

    @property
    def threads(self) -> int:
        """Threads used for computing."""
        return self._threads

    def control_id(self, name: str) -> int:
        """Token id of the control token called `name`.

        Raises:
            ModelError: the vocabulary has no such token.
        """
        found = self._controls.get(name)
        if found is not None:
            return found
        with self._using() as server:
            ids = server.tokenize(name, special=True)
            plain = server.tokenize(name, special=False)
        if len(ids) != 1:
            raise ModelError(
                f"the model's vocabulary has no control token '{name}'",
                where=str(self._path),
                hint="the manifest and the weights do not belong together",
            )
        if plain == ids:
            self._plain_controls.add(name)
        self._controls[name] = ids[0]
        return ids[0]

    def tokenize(self, text: str) -> list[int]:
        """Token ids of `text` as text: no control token is added or recognised."""
        ids: list[int] = []
        with self._using() as server:
            for piece in split_names(text, self._plain_controls):
                ids += server.tokenize(piece, special=False)
        return ids

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` alone, counted by the model's own tokenizer."""
        return len(self.tokenize(text)) if text else 0

    def prompt_ids(self, request: Request) -> list[int]:
        """The token ids that are sent for `request`."""
        ids: list[int] = []
        for part in request.parts:
            if isinstance(part, Control):
                ids.append(self.control_id(part.name))
            elif part:
                ids += self.tokenize(part)
        return ids

    def generate(
        self, requests: Sequence[Request], *, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Run a batch; see `Engine.generate`.

        Requests are checked before the first one starts.

        Raises:
            ContextError: prompt and `max_tokens` of a request are more than the context holds.
            EngineError: llama.cpp failed; the message names the request.
            ModelError: a control token does not exist.
        """
        self._fit()
        jobs = [self._job(index, request) for index, request in enumerate(requests)]
        return self._stream(jobs, cancel or threading.Event())

    def _job(self, index: int, request: Request) -> _Job:
        ids = self.prompt_ids(request)
        if not ids:
            raise EngineError(f"request {index} has an empty prompt")
        if len(ids) + request.max_tokens > self._context:
            raise ContextError(
                f"request {index} needs {len(ids)} + {request.max_tokens} tokens, "
                f"the context holds {self._context}",
                hint="give shorter pieces of text, or open the engine with a larger context",
            )
        return _Job(index, _body(request, ids), request)

    def _stream(self, jobs: list[_Job], cancel: threading.Event) -> Iterator[Event]:
        with self._using() as server:
            yield from self._run(server, jobs, cancel)

    def _run(
        self, server: LocalServer, jobs: list[_Job], cancel: threading.Event
    ) -> Iterator[Event]:
        closed = threading.Event()
        events: queue.SimpleQueue[Event | KakehashiError] = queue.SimpleQueue()
        waiting: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        for job in jobs:
            waiting.put(job)

        def stopped() -> bool:
            return closed.is_set() or cancel.is_set() or server.closing.is_set()

        def work() -> None:
            while not closed.is_set():
                try:
                    job = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    done = job.run(server, events.put, stopped)
                    events.put(DoneEvent(job.index, done))
                except KakehashiError as error:
                    events.put(error)

        threads = [
            threading.Thread(target=work, name=f"kakehashi-generate-{n}", daemon=True)
            for n in range(min(self._parallel, len(jobs)))
        ]
        for thread in threads:
            thread.start()
        left = len(jobs)
        try:
            while left:
                event = events.get()
                if isinstance(event, KakehashiError):
                    raise event
                left -= isinstance(event, DoneEvent)
                yield event
        finally:
            closed.set()
            # Waiting here is what makes closing mean "it has stopped". It takes one token, or the
            # rest of a text that is not streamed.
            for thread in threads:
                thread.join()

    def close(self) -> None:
        """Stop what is running (as cancelled) and free the model."""
        with self._turn:
            self._end()

    def __enter__(self) -> LlamaCppEngine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


_LOAD_HINT = "'kakehashi doctor' says what is wrong with the model"


def _body(request: Request, ids: list[int]) -> dict[str, Any]:
    greedy = request.temperature <= 0
    body: dict[str, Any] = {
        "prompt": ids,
        "max_tokens": request.max_tokens,
        "stream": request.stream,
        "stop": list(request.stop),
        "temperature": max(request.temperature, 0.0),
        "top_p": 1.0 if greedy else request.top_p,
        "top_k": 1 if greedy else 0,
        "min_p": 0.0,
        "seed": request.seed,
        "repeat_penalty": request.repeat_penalty,
        "ignore_eos": request.ignore_eos,
        "cache_prompt": True,
    }
    if request.stream:
        body |= {"timings_per_token": True, "stream_options": {"include_usage": True}}
    if request.logprobs:
        body["logprobs"] = 1
    if request.begins:
        body["grammar"] = beginning(request.begins)
    return body


@dataclass(slots=True)
class _Job:
    """One request on its way through llama.cpp."""

    index: int
    body: dict[str, Any]
    request: Request

    def run(
        self,
        server: LocalServer,
        emit: Callable[[Event], None],
        stopped: Callable[[], bool],
    ) -> Completion:
        """Run to the end or until `stopped()`; `emit` gets the text as it comes."""
        if stopped():
            return Completion("", "cancelled")
        state = StreamState()

        def on_message(message: dict[str, Any]) -> bool:
            text = state.take(message)
            if text and self.request.stream:
                emit(TextEvent(self.index, text))
            return stopped()

        server.complete(self.body, on_message)
        if state.error:
            raise EngineError(f"request {self.index} failed in llama.cpp: {state.error}")
        return state.completion(len(self.body["prompt"]), scored=self.request.logprobs)
