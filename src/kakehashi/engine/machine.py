"""What this machine, or the container that it is, leaves for a model: memory and cores."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import psutil

WORKING_BYTES = 250_000_000
"""What a translating process takes besides the weights: measured 300 MB resident in all with
weights of 75 MB (interpreter and language libraries 70, KV cache 82, buffers 50), rounded up."""

_CGROUP = Path("/sys/fs/cgroup")
_LOAD = Path("/proc/loadavg")
# Looks at the run queue: a single one also sees what only ran for a moment.
_LOOKS = 4
_BETWEEN_LOOKS = 0.002


def available_memory(cgroup: Path = _CGROUP) -> int:
    """Bytes that a new process can use: what the machine has free, or a container's limit.

    Args:
        cgroup: where the limits of the container stand (cgroup v2; Linux only).
    """
    free = int(psutil.virtual_memory().available)
    try:
        limit = (cgroup / "memory.max").read_text(encoding="ascii").strip()
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return free
    return min(free, int(limit) - used) if limit.isdigit() else free


def usable_cores(cgroup: Path = _CGROUP) -> int:
    """Physical cores that this process may use, at least 1.

    The smallest of: the processors it is bound to, a container's quota (a container of two
    cores on a machine of 64 sees all 64), the machine's physical cores (a second thread on a
    core adds nothing to arithmetic).

    Args:
        cgroup: as in `available_memory`.
    """
    bound = getattr(os, "sched_getaffinity", None)
    limits = [len(bound(0)) if bound else os.cpu_count() or 1]
    limits.append(psutil.cpu_count(logical=False) or limits[0])
    try:
        quota, period = (cgroup / "cpu.max").read_text(encoding="ascii").split()
        if quota != "max":
            limits.append(math.ceil(int(quota) / int(period)))
    except (OSError, ValueError):
        pass
    return max(1, min(limits))


def free_cores(load: Path = _LOAD) -> int:
    """Cores on which nothing else wants to run right now, at most all of the machine.

    The fourth field of /proc/loadavg is how many threads are running or ready this instant, this
    one included. The smallest of a few looks is taken. Where there is no such file (not Linux),
    all cores count as free. Call it while this process itself is not computing.
    """
    cores = os.cpu_count() or 1
    least = cores
    for look in range(_LOOKS):
        if look:
            time.sleep(_BETWEEN_LOOKS)
        try:
            running = int(load.read_text(encoding="ascii").split()[3].partition("/")[0])
        except (OSError, ValueError, IndexError):
            return cores
        least = min(least, running - 1)
    return max(0, cores - least)
