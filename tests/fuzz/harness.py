"""Feed numbers to a worker, start it anew when it dies, keep what fails."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import seeds

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# Of the processor, for one input; the wall is for code that cannot be interrupted.
CPU_SECONDS: Final = 20.0
WALL_SECONDS: Final = 300.0
MEGABYTES: Final = 1024


@dataclass(slots=True)
class Tally:
    """What came of a run: format → result → how many, and every failure."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class _Worker:
    def __init__(self, seed: str, log: IO[bytes]) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.worker",
            seed,
            str(CPU_SECONDS),
            str(MEGABYTES),
        ]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        self._line()

    def ask(self, number: int) -> dict[str, Any] | None:
        """The answer for an input; None if the worker died or hangs."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{number}\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        line = self._line()
        return json.loads(line) if line else None

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], WALL_SECONDS)
        return self._process.stdout.readline() if ready else b""

    def end(self) -> int:
        """Stop it; the status with which it ended."""
        self._process.kill()
        status = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return status


def run(seed: str, numbers: Iterable[int], out: Path, say: Callable[[str], None] = print) -> Tally:
    """Try every input of `numbers`; failing ones are saved in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with (out / "stderr.log").open("ab") as log:
        worker = _Worker(seed, log)
        try:
            for number in numbers:
                answer = worker.ask(number)
                if answer is None:
                    status = worker.end()
                    format, _ = mutated(seed, number, seeds())
                    answer = {"number": number, "format": format, "result": "failed"}
                    answer["error"] = f"the process died or hung (status {status})"
                    worker = _Worker(seed, log)
                tally.counts[answer["format"], answer["result"]] += 1
                if answer["result"] == "refused":
                    tally.errors[f"{answer['format']} {answer['error']}"] += 1
                if answer["result"] == "failed":
                    tally.failures.append(answer)
                    _keep(seed, answer, out)
                    say(f"{answer['number']} {answer['format']}: {answer['error']}")
                if tally.total % 1000 == 0:
                    say(f"{tally.total} inputs, {len(tally.failures)} failures")
        finally:
            worker.end()
    return tally


def _keep(seed: str, answer: dict[str, Any], out: Path) -> None:
    format, data = mutated(seed, answer["number"], seeds())
    stem = f"{seed}-{answer['number']}"
    (out / f"{stem}.{format}").write_bytes(data)
    (out / f"{stem}.txt").write_text(str(answer.get("trace", answer["error"])), encoding="utf-8")
