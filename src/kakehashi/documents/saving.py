"""Write a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from kakehashi.errors import OutputError

_HINTS = {
    errno.ENOENT: "create the folder first",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EACCES: "you may not write there; choose another place or ask for the permission",
    errno.EPERM: "you may not write there; choose another place or ask for the permission",
    errno.EROFS: "the file system is read-only; choose another place",
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EISDIR: "that is a folder; give the name of a file",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def write_atomic(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never a part.

    A temporary file in the same folder is written, flushed to the disk and renamed. The mode of
    a file that is replaced is kept; a new file gets the process's usual mode. A symbolic link is
    followed. What is not a regular file (a pipe, ``/dev/stdout``) is written directly.

    Raises:
        OutputError: it could not be written; a file that was there before is unchanged.
    """
    try:
        target = Path(os.path.realpath(path))
        # Of `path`, not of `target`: behind /dev/stdout may be a pipe that has no name.
        old = path.stat() if path.exists() else None
        if old is not None and stat.S_ISDIR(old.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if old is not None and not stat.S_ISREG(old.st_mode):
            path.write_bytes(data)
            return
        mode = stat.S_IMODE(old.st_mode) if old is not None else 0o666 & ~_umask()
        _replace(target, data, mode)
    except OSError as error:
        raise OutputError(
            f"the file could not be written: {error.strerror or error}",
            where=str(path),
            hint=_HINTS.get(error.errno or 0, "choose another place with -o"),
        ) from error


def _replace(target: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".kakehashi-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:  # Ctrl-C as well: no temporary file may stay behind
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    # The rename itself is only durable once the folder is; some file systems refuse this.
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _umask() -> int:
    """The process's umask (it can only be read by setting it)."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
