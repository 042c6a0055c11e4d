"""`kakehashi memory`: the translation memory of an office."""

from __future__ import annotations

from pathlib import Path

import click

from kakehashi import __version__
from kakehashi.cli import terms_messages as messages
from kakehashi.cli.terms import open_terms
from kakehashi.documents import write_atomic
from kakehashi.errors import FormatError, InputError
from kakehashi.language.glossary import Direction
from kakehashi.language.memory import DEFAULT_THRESHOLD, TranslationMemory
from kakehashi.language.memory_csv import read_csv, write_csv
from kakehashi.language.results import Language, MemoryMatch
from kakehashi.language.tmx import Read, read_tmx, save_tmx
from kakehashi.language.translate import LANGUAGES
from kakehashi.settings import MEGABYTE

_PATH = click.Path(path_type=Path)
_CONTEXT = {"help_option_names": ["-h", "--help"]}
_memory = click.argument("memory", type=_PATH)
_to = click.option("--to", type=click.Choice(LANGUAGES), required=True, help="Target language.")


@click.group(context_settings=_CONTEXT)
def memory() -> None:
    r"""Keep what was translated before: import, search, correct, export.

    MEMORY is a file (SQLite). What stands in it is taken by 'translate --memory' instead of
    asking the model; a person's translation beats an imported one.

    \b
    Examples:
      kakehashi memory import office.db old-translations.tmx
      kakehashi memory add office.db "図書館は休みです。" "The library is closed." --to en
      kakehashi translate notice.txt --to en --memory office.db
    """


@memory.command("import", context_settings=_CONTEXT)
@_memory
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option("--both", is_flag=True, help="For both directions, not only the file's own.")
@click.option("--direction", type=click.Choice(["en-ja", "ja-en"]),
              help="Of a CSV file without a column for it.")  # fmt: skip
def import_command(
    memory: Path, files: tuple[Path, ...], both: bool, direction: Direction | None
) -> None:
    """Add the entries of TMX or CSV files; a damaged file adds nothing."""
    for file in files:
        _format(file)
    with TranslationMemory(memory) as opened:
        for file in files:
            seen = Read()
            if _format(file) == ".tmx":
                count = opened.add_all(read_tmx(file, seen, both=both))
            else:
                count = opened.add_all(read_csv(file, direction))
            _told_import(file, memory, count, len(opened), seen)


def _told_import(file: Path, memory: Path, count: int, total: int, seen: Read) -> None:
    click.echo(messages.IMPORTED.format(count=count, path=file, total=total, memory=memory))
    if seen.flattened:
        tags = ", ".join(f"{name} ×{times}" for name, times in seen.flattened.most_common())
        click.echo("  " + messages.IMPORTED_TAGS.format(tags=tags))
    if seen.skipped:
        click.echo("  " + messages.IMPORTED_SKIPPED.format(count=seen.skipped))
    if seen.languages:
        codes = ", ".join(f"{code or '?'} ×{n}" for code, n in seen.languages.most_common())
        click.echo("  " + messages.IMPORTED_LANGUAGES.format(languages=codes))


def _format(file: Path) -> str:
    ending = file.suffix.lower()
    if ending not in (".tmx", ".csv"):
        raise FormatError(messages.FORMATS, where=str(file), hint=messages.FORMATS_HINT)
    return ending


@memory.command("export", context_settings=_CONTEXT)
@_memory
@click.argument("file", type=_PATH)
def export_command(memory: Path, file: Path) -> None:
    """Write all entries to a TMX or CSV file."""
    ending = _format(file)
    opened = _opened(memory)
    if ending == ".tmx":
        count = save_tmx(file, opened.units(), version=__version__)
    else:
        write_atomic(file, b"".join(write_csv(opened.units())))
        count = len(opened)
    click.echo(messages.EXPORTED.format(count=count, path=file))


@memory.command(context_settings=_CONTEXT)
@_memory
@click.argument("text")
@click.option("--to", type=click.Choice(LANGUAGES),
              help="Look for what is like TEXT; without it, for what contains TEXT.")  # fmt: skip
@click.option("--threshold", default=DEFAULT_THRESHOLD, show_default=True,
              type=click.FloatRange(1, 100), help="Lowest score that is shown.")  # fmt: skip
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1))
def search(memory: Path, text: str, to: Language | None, threshold: float, limit: int) -> None:
    """Search for a sentence (--to: exact and similar ones, with scores) or for words."""
    if to is None:
        found = _opened(memory).containing(text, limit)
        for unit in found:
            about = ", ".join(part for part in (unit.origin, unit.who, unit.changed[:10]) if part)
            click.echo(
                messages.LISTED.format(
                    id=unit.id,
                    direction=unit.direction,
                    source=unit.source,
                    target=unit.target,
                    about=about,
                )
            )
        if not found:
            click.echo(messages.NOTHING_FOUND)
        return
    _opened(memory).close()  # says it when there is no such file
    with TranslationMemory(memory, threshold=threshold, limit=limit) as opened:
        matches = opened.look_up(text, to).matches
    for match in matches:
        _tell(match)
    if not matches:
        click.echo(messages.NOTHING_FOUND)


def _tell(match: MemoryMatch) -> None:
    click.echo(
        messages.FOUND.format(
            score=match.score, source=match.source, target=match.target, origin=match.origin
        )
    )
    if match.numbers:
        numbers = ", ".join(f"{theirs or '–'} → {ours or '–'}" for theirs, ours in match.numbers)
        click.echo(messages.FOUND_NUMBERS.format(numbers=numbers))


@memory.command(context_settings=_CONTEXT)
@_memory
@click.argument("source")
@click.argument("target")
@_to
@click.option("--who", default="", help="Who says so.")
def add(memory: Path, source: str, target: str, to: Language, who: str) -> None:
    """Keep a translation, or correct the one that is there."""
    with TranslationMemory(memory) as opened:
        opened.correct(source, target, to, who=who)
    click.echo(messages.ADDED)


@memory.command(context_settings=_CONTEXT)
@_memory
@click.argument("number", type=int, required=False)
@click.option("--source", help="Remove every translation of this sentence.")
@click.option("--to", type=click.Choice(LANGUAGES), help="Target language, with --source.")
def remove(memory: Path, number: int | None, source: str | None, to: Language | None) -> None:
    """Remove an entry by its number ('search' shows it), or all of a sentence."""
    if (number is None) == (source is None or to is None):
        raise InputError(messages.ONE_OF_BOTH, hint=messages.NOT_THERE_HINT)
    opened = _opened(memory)
    if source is not None and to is not None:
        count = opened.remove_source(source, to)
    else:
        count = int(number is not None and opened.remove(number))
    if not count:
        raise InputError(messages.NOT_THERE, where=str(memory), hint=messages.NOT_THERE_HINT)
    click.echo(messages.REMOVED.format(count=count))


@memory.command(context_settings=_CONTEXT)
@_memory
def stats(memory: Path) -> None:
    """Count the entries by direction and origin."""
    opened = _opened(memory)
    for (direction, origin), count in opened.counts().items():
        click.echo(f"{direction}  {origin:<7} {count:>8,}")
    click.echo(
        messages.STATS_TOTAL.format(
            total=f"{len(opened):,}", megabytes=memory.stat().st_size / MEGABYTE, path=memory
        )
    )


def _opened(memory: Path) -> TranslationMemory:
    """A memory that exists, closed at the end of the command."""
    opened = open_terms((), memory).memory
    assert opened is not None
    return opened
