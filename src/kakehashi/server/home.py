"""The home folder of a server: what lies in it, and who may read it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from kakehashi.errors import OutputError

SECRET_FILE: Final = "secret"
DATABASE_FILE: Final = "kakehashi.sqlite3"
FOLDERS: Final = ("uploads", "logs")


def read_secret(home: Path) -> str:
    """The key that signs sessions; empty if the home folder is not prepared."""
    try:
        return (home / SECRET_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(
            f"the secret cannot be read: {error}",
            where=str(home / SECRET_FILE),
            hint="let the user that runs the server own the home folder",
        ) from None


def prepare(home: Path) -> None:
    """Make the folders and the secret, readable by their owner only; keep what is there.

    Raises:
        OutputError: the folder may not be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in FOLDERS:
            (home / name).mkdir(exist_ok=True, mode=0o700)
        _make_secret(home / SECRET_FILE)
    except OSError as error:
        raise OutputError(
            f"the home folder cannot be prepared: {error.strerror}",
            where=str(error.filename or home),
            hint="choose another with KAKEHASHI_HOME, or change its permissions",
        ) from None


def _make_secret(path: Path) -> None:
    if path.exists():
        return
    # Written beside and linked into place: two processes that start together agree on one key.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
