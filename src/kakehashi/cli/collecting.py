"""Which files `kakehashi translate` was given: files, folders and globs, and where each goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kakehashi.cli import messages
from kakehashi.documents.opening import known_format
from kakehashi.errors import FileMissingError

_GLOB: Final = frozenset("*?[")
# Locks and temporary files that office programs and systems leave beside documents.
_LITTER: Final = ("~$", ".", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and its place in the tree of results.

    Attributes:
        path: where it is.
        place: its path in the tree of sources, as messages call it.
        target: its path in the tree of results.
        known: its format is one that is read.
    """

    path: Path
    place: Path
    target: Path
    known: bool


def is_many(names: Sequence[str]) -> bool:
    """Whether the arguments ask for more than one document."""
    return len(names) > 1 or any(Path(one).is_dir() or _is_glob(one) for one in names)


def _is_glob(name: str) -> bool:
    return bool(_GLOB.intersection(name)) and not Path(name).exists()


def collect(names: Sequence[str], results: Path) -> list[Found]:
    """All files that the arguments name, each once, in the order of their places.

    A single folder is the top of the results; of several arguments, files and globs stand below
    what they have in common, and folders keep their own names. Hidden files, what office programs
    leave behind, and the results themselves are left out.

    Raises:
        FileMissingError: an argument names nothing.
    """
    folders = [Path(one) for one in names if Path(one).is_dir()]
    files: list[Path] = []
    for name in names:
        if Path(name).is_dir():
            continue
        found = sorted(map(Path, _matches(name))) if _is_glob(name) else [Path(name)]
        found = [one for one in found if one.is_file()]
        if not found:
            raise FileMissingError(messages.NO_MATCH, where=name, hint=messages.NO_MATCH_HINT)
        files += found
    places: dict[Path, Path] = {}
    if files:
        top = Path(os.path.commonpath([one.absolute().parent for one in files]))
        for one in files:
            places.setdefault(one.absolute(), one.absolute().relative_to(top))
    alone = len(folders) == 1 and not files
    for folder in folders:
        below = Path() if alone else Path(folder.absolute().name)
        for one in _walk(folder.absolute(), results.absolute()):
            places.setdefault(one, below / one.relative_to(folder.absolute()))
    return _apart(places)


def _matches(pattern: str) -> Iterator[str]:
    return glob.iglob(pattern, recursive=True)


def _walk(folder: Path, results: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(
            one for one in folders if not one.startswith(".") and Path(here, one) != results
        )
        for one in sorted(files):
            path = Path(here, one)
            if not one.startswith(_LITTER) and path.is_file():
                yield path


def _apart(places: dict[Path, Path]) -> list[Found]:
    """The files in order, each with its own target: report.pdf may stand beside report.docx."""
    taken: set[Path] = set()
    found = []
    for path, place in sorted(places.items(), key=lambda one: (_is_pdf(one[0]), one[1].parts)):
        target = place.with_suffix(".docx") if _is_pdf(path) else place
        if target in taken:
            target = place.with_name(place.name + target.suffix)
        number = 2
        while target in taken:
            target = place.with_name(f"{place.stem} ({number}){target.suffix}")
            number += 1
        taken.add(target)
        # A file without an ending is as often a program as a text.
        known = bool(path.suffix) and known_format(path) is not None
        found.append(Found(path, place, target, known))
    return sorted(found, key=lambda one: one.place.parts)


def _is_pdf(path: Path) -> bool:
    return path.suffix.lower() == ".pdf"
