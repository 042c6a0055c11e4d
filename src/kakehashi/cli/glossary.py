"""`kakehashi glossary`: look at a file of terms before it is used."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kakehashi.cli import terms_messages as messages
from kakehashi.errors import FormatError
from kakehashi.language.glossary import Glossary
from kakehashi.language.glossary_files import Loaded, load_glossary, read_glossary
from kakehashi.language.results import Language
from kakehashi.language.translate import LANGUAGES

_PATH = click.Path(path_type=Path)
_CONTEXT = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_CONTEXT)
def glossary() -> None:
    r"""Check files of terms, and see which terms stand in a sentence.

    A glossary is a table (tsv, csv, xlsx) with a column 'en' and a column 'ja'; more columns may
    give the part of speech (noun, name, verb), forbidden words, a direction (en-ja, ja-en) and a
    note. Several terms of a cell stand with | between them, the preferred one first. TMX and TBX
    files are read, too.

    \b
    Example:
      kakehashi glossary check terms.xlsx
      kakehashi translate report.md --to ja --glossary terms.xlsx -o report.ja.md
    """


@glossary.command(context_settings=_CONTEXT)
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Show the problems of glossaries by row. Exit code 2 if a row had to be left out."""
    loaded = [(path, read_glossary(path)) for path in files]
    if as_json:
        click.echo(_json(loaded))
    else:
        for path, one in loaded:
            click.echo(messages.CHECKED.format(path=path, entries=len(one.entries)))
            for problem in one.problems:
                click.echo(f"  {'✗' if problem.serious else '・'} {problem}")
            left_out = sum(problem.serious for problem in one.problems)
            others = len(one.problems) - left_out
            told = messages.PROBLEMS.format(left_out=left_out, others=others)
            click.echo(f"  {told if one.problems else messages.NO_PROBLEMS}")
    if any(problem.serious for _, one in loaded for problem in one.problems):
        raise click.exceptions.Exit(FormatError.exit_code)


def _json(loaded: list[tuple[Path, Loaded]]) -> str:
    told = [
        {
            "file": str(path),
            "entries": len(one.entries),
            "problems": [
                {"place": problem.place, "serious": problem.serious, "what": problem.what}
                for problem in one.problems
            ],
        }
        for path, one in loaded
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


@glossary.command(context_settings=_CONTEXT)
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option("--text", required=True, help="The sentence.")
@click.option("--to", type=click.Choice(LANGUAGES), required=True, help="Target language.")
def find(files: tuple[Path, ...], text: str, to: Language) -> None:
    """Show which terms stand in a sentence, and how they would be translated."""
    terms: Glossary = load_glossary(files)
    hits = terms.find(text, to)
    for hit in hits:
        said = " | ".join(one.text for one in hit.rule.targets)
        click.echo(messages.TERMS.format(source=text[hit.span.start : hit.span.end], target=said))
    if not hits:
        click.echo(messages.NO_TERMS)
