"""`kakehashi serve` as a process of its own, for what a thread cannot show: signals and logs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.server.environment import ENVIRONMENT
from tests.server.waiting import until

SRC = Path(__file__).resolve().parents[2] / "src"


@dataclass
class Serving:
    """A running server process; `log` is what it wrote to the standard error."""

    process: subprocess.Popen[bytes]
    url: str
    output: Path
    log: Path

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that is a server of these tests."""
    inherited = {name: value for name, value in os.environ.items() if "KAKEHASHI" not in name}
    return inherited | ENVIRONMENT | {"PYTHONPATH": str(SRC)} | more


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Serving]:
    """Start a server, wait until it is ready, and end it with the block."""
    output, log = folder / "output", folder / "log"
    with output.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "kakehashi", "serve", "--port", "0"],
            env=environment(**more),
            stdout=out,
            stderr=err,
        )
    try:
        until(lambda: b"http://" in output.read_bytes() or process.poll() is not None)
        found = re.search(r"at (http://\S+)", output.read_text("utf-8"))
        assert found, log.read_text("utf-8")
        url = found[1]
        until(lambda: _ready(url))
        yield Serving(process, url, output, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False
