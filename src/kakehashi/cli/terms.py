"""The options ``--glossary`` and ``--memory`` of the verbs that translate."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kakehashi.cli import terms_messages as messages
from kakehashi.digest import sha256_of
from kakehashi.errors import FileMissingError
from kakehashi.language.glossary import Glossary
from kakehashi.language.glossary_files import load_glossary
from kakehashi.language.memory import TranslationMemory

_PATH = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the office has said about its own language.

    Attributes:
        fingerprint: changes with the content of the glossaries and of the memory.
    """

    glossary: Glossary | None = None
    memory: TranslationMemory | None = None
    fingerprint: str = ""


def terms_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--glossary`` (more than once) and ``--memory`` to a command."""
    command = click.option("--memory", type=_PATH, metavar="FILE", help=messages.MEMORY_HELP)(
        command
    )
    return click.option(
        "--glossary", type=_PATH, multiple=True, metavar="FILE", help=messages.GLOSSARY_HELP
    )(command)


def open_terms(glossary: Sequence[Path], memory: Path | None) -> Terms:
    """Read the glossaries and open the memory; it is closed at the end of the command.

    Raises:
        FileMissingError: there is no such memory (a misspelt name must not make a new one).
        KakehashiError: see `load_glossary` and `TranslationMemory`.
    """
    opened = None
    if memory is not None:
        if not memory.is_file():
            raise FileMissingError(
                messages.NO_MEMORY, where=str(memory), hint=messages.NO_MEMORY_HINT
            )
        opened = click.get_current_context().with_resource(TranslationMemory(memory))
    known = load_glossary(glossary) if glossary else None
    seen = hashlib.sha256("".join(sha256_of(path) for path in glossary).encode())
    if opened is not None:
        for unit in opened.units():
            seen.update(repr(unit).encode())
    return Terms(known, opened, seen.hexdigest() if glossary or opened else "")
