"""The one place for configuration: what can be set, by which variable, and its default.

Every value comes from the environment (``KAKEHASHI_…``) and is checked when it is read; a
command-line option or an argument in Python goes before it. Rooms take values from here, they
do not read the environment themselves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from kakehashi.errors import InputError

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
    for field in fields(Settings):
        raw = environment.get(variable(field.name), "").strip()
        if not raw:
            continue
        if field.name in ("home", "model"):
            given[field.name] = Path(raw).expanduser()
            continue
        try:
            given[field.name] = int(raw)
        except ValueError:
            raise InputError(
                f"must be a whole number, not '{raw}'",
                where=variable(field.name),
                hint="unset it to use the default",
            ) from None
    return Settings(**given)  # type: ignore[arg-type]
