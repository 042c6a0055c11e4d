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


def replace_pool(new: Pool | None) -> Pool | None:
    """Use another pool (for tests); None: make one at the next call. Returns the one before."""
    global _pool
    before, _pool = _pool, new
    return before
