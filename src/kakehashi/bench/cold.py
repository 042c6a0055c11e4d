"""A cold start as a person has it: ``kakehashi translate`` from the shell to the first line."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from kakehashi.bench.machine import child_environment, memory_of
from kakehashi.errors import EngineError

COMMAND = ("-m", "kakehashi", "translate", "--to", "ja", "--lines", "-")
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class ColdStart:
    """One start.

    Attributes:
        seconds: from starting the process to the first translated line. The files are in the
            system's file cache after the first start; what the disk adds once is not in it.
        peak_bytes: most resident memory of that process, mapped weights included.
        output: the translation.
    """

    seconds: float
    peak_bytes: int
    output: str


def cold_start(model: Path, sentence: str) -> ColdStart:
    """Translate one sentence with a new process of the product's own command line.

    Raises:
        EngineError: the command failed; its own message is in the error.
    """
    peak = 0
    ended = threading.Event()
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=child_environment(KAKEHASHI_MODEL=str(model)),
    )

    def watch() -> None:
        nonlocal peak
        while not ended.wait(POLL_SECONDS):
            try:
                peak = max(peak, memory_of(child.pid)["peak_bytes"])
            except psutil.NoSuchProcess:  # it ended between two looks; the last one counts
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(sentence + "\n")
        child.stdin.close()
        output = child.stdout.readline()
        seconds = time.perf_counter() - start
        child.stdout.read()
        assert child.stderr is not None
        errors = child.stderr.read()
        status = child.wait()
    finally:
        ended.set()
        watcher.join()
        if child.poll() is None:
            child.kill()
            child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
    # 'translate' also ends with a status of its own when it has flagged something.
    if not output.strip():
        raise EngineError(
            f"'kakehashi translate' ended with status {status} and no output",
            where=str(model),
            hint=errors.strip()[-500:],
        )
    return ColdStart(seconds, peak, output.rstrip("\n"))
