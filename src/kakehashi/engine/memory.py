"""How much memory there is for a model."""

from __future__ import annotations

from pathlib import Path

import psutil

WORKING_BYTES = 200_000_000
"""What a translating process takes besides the weights: interpreter, libraries, KV cache and
compute buffers (measured: see `llama_cpp`)."""

_CGROUP = Path("/sys/fs/cgroup")


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
