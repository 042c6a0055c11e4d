"""What lives as long as this process: its pool."""

from __future__ import annotations

from django.conf import settings

from kakehashi.server.engines.loading import open_engine
from kakehashi.server.engines.pool import Pool

_pool: Pool | None = None


def pool() -> Pool:
    """The pool of this process; made at the first call, started by the ASGI application."""
    global _pool
    if _pool is None:
        _pool = Pool(settings.KAKEHASHI, open_engine)
    return _pool


def replace_pool(new: Pool | None) -> None:
    """Use another pool (for tests); None: make a new one at the next call."""
    global _pool
    _pool = new
