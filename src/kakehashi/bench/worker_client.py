"""The parent's side of a `worker`: start it, ask it, keep it still while the other works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from kakehashi.bench.machine import child_environment
from kakehashi.errors import EngineError


class Worker:
    """A child process with one model loaded, suspended except while it is asked something.

    Attributes:
        ready: what the worker said about itself: model, file_bytes, load_seconds, threads.

    Raises:
        EngineError: the model could not be loaded, with the worker's own message.
    """

    def __init__(self, model: Path, *, streams: int) -> None:
        self._model = model
        command = [sys.executable, "-m", "kakehashi.bench.worker"]
        command += ["--model", str(model), "--streams", str(streams)]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=child_environment(),
        )
        self._process = psutil.Process(self._child.pid)
        try:
            self.ready = self._read()
        except EngineError:
            self.close()
            raise
        del self.ready["ready"]
        self._process.suspend()

    def ask(self, **order: Any) -> dict[str, Any]:
        """Let the worker do one thing and return its answer; see `worker` for the orders.

        Raises:
            EngineError: the worker failed or died.
        """
        assert self._child.stdin is not None
        self._process.resume()
        try:
            self._child.stdin.write(json.dumps(order, ensure_ascii=False) + "\n")
            self._child.stdin.flush()
            return self._read()
        except BrokenPipeError:
            raise EngineError("the measuring process has died", where=str(self._model)) from None
        finally:
            if self._child.poll() is None:
                self._process.suspend()

    def _read(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise EngineError(
                f"the measuring process ended with status {self._child.wait()}",
                where=str(self._model),
                hint="its own message stands above",
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise EngineError(
                str(answer["error"]), where=str(self._model), hint=str(answer.get("hint", ""))
            )
        return answer

    def close(self) -> None:
        """End the worker; may be called more than once."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
