"""Run the server in this process."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Final

import uvicorn

from kakehashi.errors import InputError
from kakehashi.server import logs
from kakehashi.settings import ServerSettings

# After the jobs' own time: what is left then are connections that do not read.
_LAST_SECONDS: Final = 5


class Server(uvicorn.Server):
    """Uvicorn, which also tells the running jobs that the end has come."""

    def __init__(self, config: uvicorn.Config, seconds: float) -> None:
        super().__init__(config)
        self._seconds = seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from kakehashi.server.runtime import pool

        draining = asyncio.create_task(pool().drain(self._seconds))
        await super().shutdown(sockets)
        draining.cancel()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        InputError: the address is not this machine's, or the port is taken or not allowed.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise InputError(
            f"cannot listen on port {port}: {error.strerror or error}",
            where=host,
            hint="another program may use it: choose one with --port",
        ) from None


def serve(settings: ServerSettings, sock: socket.socket) -> None:
    """Answer requests until SIGTERM or Ctrl-C; then finish what runs, and return."""
    logs.set_up(settings.log_level)
    # Uvicorn hands a signal on when it has done its part; then there is nothing left to do.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    asyncio.run(server(settings).serve(sockets=[sock]))


def server(settings: ServerSettings) -> Server:
    """The server of the application, not yet started."""
    config = uvicorn.Config(
        "kakehashi.server.asgi:application",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # Longer than a proxy keeps one (60 s): else it may send into one that is being closed.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=settings.shutdown_seconds + _LAST_SECONDS,
    )
    return Server(config, settings.shutdown_seconds)
