"""The one place for configuration: what can be set, by which variable, and its default.

Every value comes from the environment (``KAKEHASHI_…``) and is checked when it is read; a
command-line option or an argument in Python goes before it. Rooms take values from here, they
do not read the environment themselves.

The server reads one TOML file besides (`kakehashi.toml` in the home folder): the same names in
lower case and without the prefix, and `[[engines]]`. The environment goes before the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from kakehashi.errors import FileMissingError, InputError

MEGABYTE = 1_000_000
DEFAULT_HOME = Path.home() / ".local" / "share" / "kakehashi"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults.

    Attributes:
        home: KAKEHASHI_HOME, the folder of everything that Kakehashi keeps (below it `models`).
        model: KAKEHASHI_MODEL, a model folder; None: the installed model.
        threads: KAKEHASHI_THREADS, threads of the engine; 0: the engine decides.
        parallel: KAKEHASHI_PARALLEL, requests decoded at the same time; 0: the engine decides.
        max_input_mb: KAKEHASHI_MAX_INPUT_MB, largest text that is read, in megabytes. The
            default is some hours of work on two cores; more than that is usually a mistake.
        join_sentences: KAKEHASHI_JOIN_SENTENCES, most sentences of a paragraph in one request.
        max_sentence_chars: KAKEHASHI_MAX_SENTENCE_CHARS, characters of one request; longer
            sentences are cut at commas or spaces (Japanese counts double).
    """

    home: Path = DEFAULT_HOME
    model: Path | None = None
    threads: int = 0
    parallel: int = 0
    max_input_mb: int = 10
    join_sentences: int = 1
    max_sentence_chars: int = 600

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise InputError(
                    f"must be at least {least}, not {getattr(self, name)}",
                    where=variable(name),
                )

    @property
    def max_input_bytes(self) -> int:
        return self.max_input_mb * MEGABYTE


_LEAST = {
    "threads": 0,
    "parallel": 0,
    "max_input_mb": 1,
    "join_sentences": 1,
    "max_sentence_chars": 40,
}


def variable(name: str) -> str:
    """The environment variable of a setting: ``threads`` → ``KAKEHASHI_THREADS``."""
    return f"KAKEHASHI_{name.upper()}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Args:
        environment: instead of `os.environ` (for tests).

    Raises:
        InputError: a value is not a number, or out of its range; `where` is the variable.
    """
    environment = os.environ if environment is None else environment
    given: dict[str, int | Path] = {}
    for each in fields(Settings):
        raw = environment.get(variable(each.name), "").strip()
        if not raw:
            continue
        if each.name in ("home", "model"):
            given[each.name] = Path(raw).expanduser()
        else:
            given[each.name] = _whole(each.name, raw)
    return Settings(**given)  # type: ignore[arg-type]


def _whole(name: str, raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise InputError(
            f"must be a whole number, not '{raw}'",
            where=variable(name),
            hint="unset it to use the default",
        ) from None


CONFIG_FILE: Final = "kakehashi.toml"
ServerEngine = Literal["embedded", "remote", "scripted"]


@dataclass(frozen=True, slots=True)
class RemoteEngine:
    """The entry of `[[engines]]`: servers (llama.cpp's, vLLM) that run our weights elsewhere.

    Attributes:
        model: the model's name there.
        urls: its replicas; requests go to the one with the fewest running.
        key_file: a file that holds the key to be sent; the key itself is never configuration.
        parallel: requests that one replica works on at the same time.
        context: most tokens of one request; 0: what the server says.
    """

    model: str
    urls: tuple[str, ...]
    key_file: Path | None = None
    parallel: int = 8
    context: int = 0


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What only the server needs; `base` holds the settings of everything.

    Attributes:
        host, port: KAKEHASHI_HOST, KAKEHASHI_PORT, where it listens.
        database: KAKEHASHI_DATABASE, ``postgresql://user@host:port/name``; empty: SQLite in the
            home folder.
        url: KAKEHASHI_URL, the address that people open, where it is not host and port.
        time_zone: KAKEHASHI_TIME_ZONE, where days and months of budgets begin.
        engine: KAKEHASHI_ENGINE, ``embedded`` (the installed model, in this process), ``remote``
            (`engines`) or ``scripted`` (fixed answers, for trying the APIs out and for tests).
        max_running: KAKEHASHI_MAX_RUNNING, requests worked on at the same time.
        max_waiting: KAKEHASHI_MAX_WAITING, requests that may wait; one more is refused.
        lease_seconds: KAKEHASHI_LEASE_SECONDS, after which a reservation without a sign of life is
            settled with what was last known.
        shutdown_seconds: KAKEHASHI_SHUTDOWN_SECONDS, given to running requests at the end.
        secure: KAKEHASHI_SECURE, 1 where people reach it by https only (cookies are then sent
            over https only).
        log_level: KAKEHASHI_LOG_LEVEL, ``debug``, ``info``, ``warning`` or ``error``.
        engines: `[[engines]]` of the file; one entry where `engine` is ``remote``, else none.
        file: the file that was read; None: there is none.
    """

    base: Settings = field(default_factory=Settings)
    host: str = "127.0.0.1"
    port: int = 8750
    database: str = ""
    url: str = ""
    time_zone: str = "Asia/Tokyo"
    engine: ServerEngine = "embedded"
    max_running: int = 64
    max_waiting: int = 512
    lease_seconds: int = 20
    shutdown_seconds: int = 30
    secure: int = 0
    log_level: str = "info"
    engines: tuple[RemoteEngine, ...] = ()
    file: Path | None = None

    def __post_init__(self) -> None:
        for name, (least, most) in _SERVER_RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise InputError(
                    f"must be from {least} to {most}, not {getattr(self, name)}",
                    where=variable(name),
                )
        for name, choices in _SERVER_CHOICES.items():
            if getattr(self, name) not in choices:
                raise InputError(
                    f"must be one of {', '.join(choices)}, not '{getattr(self, name)}'",
                    where=variable(name),
                )
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            raise InputError(
                f"there is no time zone '{self.time_zone}'",
                where=variable("time_zone"),
                hint="a name such as Asia/Tokyo",
            ) from None
        if len(self.engines) != (1 if self.engine == "remote" else 0):
            raise InputError(
                f"the engine is '{self.engine}', and there are {len(self.engines)} [[engines]]",
                where=variable("engine"),
                hint="'remote' needs one entry of [[engines]] in the file, the others none",
            )
        if self.database and not self.database.startswith(("postgresql://", "postgres://")):
            raise InputError(
                "is not the address of a PostgreSQL database",
                where=variable("database"),
                hint="postgresql://user@host:port/name, or unset it to use SQLite",
            )

    @property
    def home(self) -> Path:
        return self.base.home

    @property
    def address(self) -> str:
        """What a person opens in a browser."""
        return self.url.rstrip("/") or f"http://{self.host}:{self.port}"


_SERVER_RANGES: Final = {
    "port": (0, 65535),
    "max_running": (1, 1000),
    "max_waiting": (0, 100_000),
    "lease_seconds": (1, 3600),
    "shutdown_seconds": (0, 3600),
    "secure": (0, 1),
}
_SERVER_CHOICES: Final = {
    "engine": get_args(ServerEngine),
    "log_level": ("debug", "info", "warning", "error"),
}
_NO_ENGINES: Final[tuple[RemoteEngine, ...]] = ()
_NOT_SET_BY_NAME: Final = ("base", "engines", "file")


def read_server_settings(
    environment: Mapping[str, str] | None = None, config: Path | None = None
) -> ServerSettings:
    """The settings of a server: the environment, then the file, then the defaults.

    Args:
        environment: instead of `os.environ` (for tests).
        config: the file; by default `KAKEHASHI_CONFIG`, else `kakehashi.toml` in the home folder
            if there is one.

    Raises:
        FileMissingError: `config` was named and is not there.
        InputError: the file is not TOML, or a value is wrong; `where` says which.
    """
    environment = os.environ if environment is None else environment
    named = config or _path(environment.get("KAKEHASHI_CONFIG", ""))
    file = named or read_settings(environment).home / CONFIG_FILE
    if not file.is_file():
        if named is not None:
            raise FileMissingError("there is no such file", where=str(file))
        values: dict[str, str] = {}
        engines, found = _NO_ENGINES, None
    else:
        (values, engines), found = _read_file(file), file
    merged = values | {name: value for name, value in environment.items() if value.strip()}
    given: dict[str, object] = {}
    for each in fields(ServerSettings):
        raw = merged.get(variable(each.name), "").strip()
        if raw and each.name not in _NOT_SET_BY_NAME:
            whole = isinstance(each.default, int)
            given[each.name] = _whole(each.name, raw) if whole else raw
    return ServerSettings(base=read_settings(merged), engines=engines, file=found, **given)  # type: ignore[arg-type]


def _path(raw: str) -> Path | None:
    return Path(raw.strip()).expanduser() if raw.strip() else None


def _read_file(file: Path) -> tuple[dict[str, str], tuple[RemoteEngine, ...]]:
    """A file's values as if they stood in the environment, and its engines."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(file)) from None
    engines = content.pop("engines", [])
    known = {each.name for kind in (Settings, ServerSettings) for each in fields(kind)}
    values: dict[str, str] = {}
    for name, value in content.items():
        if name not in known - {*_NOT_SET_BY_NAME, "home"}:
            raise InputError("is not a setting", where=f"{file}: {name}")
        if not isinstance(value, str | int):
            raise InputError("must be a text or a number", where=f"{file}: {name}")
        values[variable(name)] = str(int(value)) if isinstance(value, bool) else str(value)
    if not isinstance(engines, list):
        raise InputError("must be written as [[engines]]", where=f"{file}: engines")
    return values, tuple(
        _remote_engine(entry, f"{file}: engines[{number}]") for number, entry in enumerate(engines)
    )


def _remote_engine(entry: object, where: str) -> RemoteEngine:
    if not isinstance(entry, dict):
        raise InputError("must be a table", where=where)
    unknown = set(entry) - {each.name for each in fields(RemoteEngine)}
    if unknown:
        raise InputError(f"is not a setting: {', '.join(sorted(unknown))}", where=where)
    model, urls = entry.get("model"), entry.get("urls")
    if not isinstance(model, str) or not model:
        raise InputError("needs the model's name", where=f"{where}.model")
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) for url in urls):
        raise InputError("needs a list of addresses", where=f"{where}.urls")
    for name in ("parallel", "context"):
        if not isinstance(entry.get(name, 1), int) or entry.get(name, 1) < 0:
            raise InputError("must be a whole number", where=f"{where}.{name}")
    key_file = entry.get("key_file")
    return RemoteEngine(
        model,
        tuple(urls),
        Path(key_file).expanduser() if isinstance(key_file, str) else None,
        entry.get("parallel") or 8,
        entry.get("context") or 0,
    )
