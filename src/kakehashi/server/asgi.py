"""The ASGI application: Django's, and what begins and ends with the process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, reset_queries

from kakehashi.server import database
from kakehashi.server.runtime import pool

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Application:
    """Answers HTTP through Django; loads the model at the start, settles everything at the end."""

    def __init__(self) -> None:
        django.setup(set_prefix=False)
        # Django sends each request through a thread twice for these two; our own threads look
        # after their connections (`database.fresh`).
        request_started.disconnect(reset_queries)
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        self._django = ASGIHandler()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._django(scope, receive, send)  # type: ignore[arg-type]

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                pool().start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(_close)
                await send({"type": "lifespan.shutdown.complete"})
                return


def _close() -> None:
    pool().close()
    database.close()
    connection.close()  # of this thread: the last sign of life came from it


application = Application()
