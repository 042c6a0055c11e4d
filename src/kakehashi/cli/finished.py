"""What `kakehashi translate` has finished in a folder of results, so that it can go on later."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from kakehashi.cli import messages
from kakehashi.documents import write_atomic
from kakehashi.errors import FormatError, InputError, OutputError

NAME: Final = ".kakehashi-translate.json"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished file.

    Attributes:
        sha256: of the source.
        settings: `Wanted.fingerprint`: what was asked for, and of which model.
        target: where the result is, relative to the folder.
        segments, flags, tokens, seconds: of its translation.
    """

    sha256: str
    settings: str
    target: str
    segments: int
    flags: int
    tokens: int
    seconds: float


_FILES: Final = TypeAdapter(dict[str, Finished])


class State:
    """The finished files of a folder of results, by the place of their source.

    Raises:
        FormatError: the file in the folder is not ours, or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._files: dict[str, Finished] = {}
        self._claimed: set[str] = set()
        try:
            told = json.loads(self._path.read_bytes())
            if told["version"] != _VERSION:
                raise ValueError(told["version"])
            self._files = _FILES.validate_python(told["files"])
            self._claimed = set(map(str, told.get("claimed", ())))
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, ValidationError):
            raise FormatError(
                messages.STATE_DAMAGED, where=str(self._path), hint=messages.STATE_DAMAGED_HINT
            ) from None

    def done(self, place: str, sha256: str, settings: str) -> Finished | None:
        """The finished file, if neither source nor settings changed and the result is there."""
        one = self._files.get(place)
        if one is None or (one.sha256, one.settings) != (sha256, settings):
            return None
        return one if (self._folder / one.target).is_file() else None

    def owns(self, target: str) -> bool:
        """Whether a result was written by an earlier run, so that it may be replaced."""
        return target in self._claimed or any(one.target == target for one in self._files.values())

    def claim(self, target: str) -> None:
        """Say before a result is written that it is ours, should the run end in between.

        Raises OutputError if that cannot be written.
        """
        if not self.owns(target):
            self._claimed.add(target)
            self._write()

    def add(self, place: str, one: Finished) -> None:
        """Remember a finished file, on the disk as well.

        Raises OutputError if that cannot be written.
        """
        self._files[place] = one
        self._claimed.discard(one.target)
        self._write()

    def _write(self) -> None:
        files = {key: asdict(value) for key, value in sorted(self._files.items())}
        told = {"version": _VERSION, "files": files, "claimed": sorted(self._claimed)}
        write_atomic(self._path, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a second run out of the folder while the block runs.

    Raises:
        InputError: another run is at work there.
        OutputError: the folder may not be read.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise OutputError(
            f"{messages.NOT_WRITABLE}: {error.strerror or error}",
            where=str(folder),
            hint=messages.NOT_WRITABLE_HINT,
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InputError(messages.LOCKED, where=str(folder), hint=messages.LOCKED_HINT) from None
    finally:
        os.close(handle)
