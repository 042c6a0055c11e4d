"""What the figures were measured on, and whether the machine was quiet."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

import kakehashi.errors

BUSY_ABOVE = 0.4
"""One-minute load from which a warning is printed: some other program used 40 % of a core."""


def cpu_model() -> str:
    """Name of the CPU, as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def describe() -> dict[str, Any]:
    """Machine and software, for the JSON of a measurement. Memory in bytes."""
    libraries = {}
    for name in ("kakehashi", "xllamacpp", "sacrebleu"):
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": cpu_model(),
        "cores": psutil.cpu_count(logical=False) or 0,
        "threads": psutil.cpu_count(logical=True) or 0,
        "memory_bytes": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": libraries,
        "load_1min": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def other_work(seconds: float = 0.5) -> float:
    """How many cores other programs are using now (this process is asleep meanwhile)."""
    share = float(psutil.cpu_percent(interval=seconds)) / 100
    return share * int(psutil.cpu_count(logical=True) or 1)


def child_environment(**extra: str) -> dict[str, str]:
    """The environment of a child process that imports this very package."""
    package = str(Path(kakehashi.errors.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **extra}


@contextmanager
def busy_core() -> Iterator[int]:
    """Keep one core busy with a child process; yields its process id."""
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()


def memory_of(pid: int | str = "self") -> dict[str, int]:
    """Resident memory of a process in bytes: now, and its peak where the system tells (Linux).

    Mapped files count, so the weights are in the figure.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        process = psutil.Process(None if pid == "self" else int(pid))
        now = int(process.memory_info().rss)
        return {"resident_bytes": now, "peak_bytes": now}
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    in_bytes = {
        key: int(fields.get(name, "0 kB").split()[0]) * 1024
        for key, name in (("resident_bytes", "VmRSS"), ("peak_bytes", "VmHWM"))
    }
    return in_bytes
