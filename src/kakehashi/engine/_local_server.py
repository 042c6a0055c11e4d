"""The llama.cpp server inside this process, and the private line to its tokenizer.

`xllamacpp` runs completions by direct calls, but llama.cpp's tokenizer is reachable only
through the HTTP endpoint that its server opens. Where the system has Unix sockets that
endpoint is a socket in a directory which only this user can enter, so no port listens;
elsewhere it is a loopback port behind a random key.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kakehashi.errors import DependencyError, EngineError

OPENMP_SETTINGS = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
"""Threads wait for each other after every node of the graph. By default they spin meanwhile,
and when another program has a core, the one that spins keeps the one it waits for from running.
Decode tokens/s of a 75 MB model, two threads on two cores, other programs on 1.0-1.1 cores:
spinning 3.5, GOMP_SPINCOUNT=20000 10, =1000 39, passive 54; with one busy loop more: 2.4, 11,
27, 37. On quiet cores sleeping at once costs more than it saves: 88 MB model, one run each,
passive 32, =1000 86, =20000 107. 1000 is the compromise: in `bench speed` it keeps 28 % of the
quiet figure with one busy core, and is still faster there than sleeping at once is on quiet
cores."""

# What sockaddr_un.sun_path holds on the smallest system we know (macOS), minus the final NUL.
_MAX_SOCKET_PATH = 103
_TIMEOUT_SECONDS = 60.0


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def load_bindings() -> Any:
    """Import `xllamacpp` with worker threads that spin only briefly while they wait.

    The wheels run their threads by OpenMP, which reads its settings once, when it is loaded.
    A setting of the user's own is respected.

    Raises:
        DependencyError: the package is missing or does not load on this machine.
    """
    for key, value in OPENMP_SETTINGS.items():
        os.environ.setdefault(key, value)
    try:
        import xllamacpp
    except ImportError as error:
        raise DependencyError(
            f"the engine library 'xllamacpp' cannot be loaded: {error}",
            hint="pip install xllamacpp (wheels exist for Linux, macOS and Windows, 64 bit)",
        ) from None
    return xllamacpp


class LocalServer:
    """A running llama.cpp server and its tokenizer.

    Args:
        make_params: gets the bindings module and returns its `CommonParams`.

    Raises:
        DependencyError: the bindings do not load.
        EngineError: llama.cpp refused the model or the parameters.
    """

    def __init__(self, make_params: Callable[[Any], Any]) -> None:
        bindings = load_bindings()
        params = make_params(bindings)
        self._folder = Path(tempfile.mkdtemp(prefix="kakehashi-"))
        self._socket = str(self._folder / "s.sock")
        self._key = ""
        self._lock = threading.Lock()
        self._active = 0
        self._idle = threading.Condition()
        self.closing = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        if hasattr(socket, "AF_UNIX") and len(self._socket.encode()) <= _MAX_SOCKET_PATH:
            params.hostnames = [self._socket]
        else:
            self._socket = ""
            self._key = secrets.token_urlsafe(24)
            params.hostnames = ["127.0.0.1"]
            params.port = 0
            params.api_keys = [self._key]
        params.endpoint_metrics = True
        try:
            self._server: Any = bindings.Server(params)
        except RuntimeError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise EngineError(f"llama.cpp could not start: {error}") from None
        self._address = str(self._server.listening_address)
        # The constructor returns before the server's loop runs, and ending it before that waits
        # for ever. This is a question that only the running loop answers.
        self._server.handle_metrics()

    @property
    def address(self) -> str:
        """Where the tokenizer listens: ``unix://…`` or ``http://127.0.0.1:…``."""
        return self._address

    def complete(self, body: dict[str, Any], callback: Callable[[dict[str, Any]], bool]) -> None:
        """Run one streamed completion; `callback` gets each message and returns True to stop.

        It should return True soon after `closing` is set: `close` waits for it.
        """
        with self._idle:
            if self._server is None:
                return
            self._active += 1
        try:
            self._server.handle_completions(body, callback)
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Token ids of `text`; `special` reads the names of control tokens as such."""
        body = {"content": text, "add_special": False, "parse_special": special}
        answer = self._post("/tokenize", body)
        return [int(token) for token in answer["tokens"]]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        with self._lock:
            for attempt in (1, 2):
                connection = self._connect()
                try:
                    connection.request("POST", path, data, headers)
                    response = connection.getresponse()
                    status, raw = response.status, response.read()
                    break
                except (OSError, http.client.HTTPException) as error:
                    # The server drops an idle connection after a few seconds: once is normal.
                    self._disconnect()
                    if attempt == 2:
                        raise EngineError(f"the engine's tokenizer is gone: {error}") from None
        if status != http.client.OK:
            raise EngineError(f"the engine's tokenizer answered {status}: {raw[:200]!r}")
        answer: dict[str, Any] = json.loads(raw)
        return answer

    def _connect(self) -> http.client.HTTPConnection:
        if self._connection is None:
            if self._socket:
                self._connection = _Connection(self._socket)
            else:
                host = self.address.removeprefix("http://")
                self._connection = http.client.HTTPConnection(host, timeout=_TIMEOUT_SECONDS)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Wait for the completions that run, stop the server and free the model."""
        self.closing.set()
        with self._idle:
            self._idle.wait_for(lambda: self._active == 0)
            server, self._server = self._server, None
        with self._lock:
            # An open connection would hold the server's shutdown up for its keep-alive time.
            self._disconnect()
        del server
        shutil.rmtree(self._folder, ignore_errors=True)
