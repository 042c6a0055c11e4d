"""`kakehashi summarise`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from rich.console import Console

from kakehashi.api import Kakehashi
from kakehashi.cli import messages
from kakehashi.cli.as_json import summary_json
from kakehashi.cli.source import check_output, read_document
from kakehashi.cli.terminal import bar
from kakehashi.documents import FORMATS, write_atomic
from kakehashi.language.results import Language, Summary
from kakehashi.language.translate import LANGUAGES
from kakehashi.settings import read_settings


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--lines", type=click.IntRange(min=1), help="Most lines (3 if nothing is given).")
@click.option("--chars", type=click.IntRange(min=1), help="Most characters of the whole summary.")
@click.option("--to", type=click.Choice(LANGUAGES), help="Language; by default the source's own.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the result here.")
@click.option("--json", "as_json", is_flag=True, help="With the sentences each line came from.")
@click.option("--model", help="A model folder, or the name of an installed model.")
@click.option("--format", type=click.Choice(FORMATS), help="Instead of what the name says.")
def summarise(
    file: str,
    lines: int | None,
    chars: int | None,
    to: Language | None,
    output: Path | None,
    as_json: bool,
    model: str | None,
    format: str | None,
) -> None:
    r"""Summarise a text or document in a few lines.

    Each line is a sentence of the text, reworded only where every number and name can be found
    in the text again.

    \b
    Examples:
      kakehashi summarise minutes.txt --lines 3
      kakehashi summarise article.en.md --to ja --chars 200
    """
    settings = read_settings()
    check_output(output, file)
    document = read_document(file, format, settings)
    started = time.monotonic()
    with bar() as shown, Kakehashi(model, settings=settings) as kakehashi:
        shown.start(messages.BAR_SUMMARISING)
        summary = kakehashi.summariser.summarise(
            document.segments, lines=lines, chars=chars, to=to, progress=shown.update
        )
        seconds = time.monotonic() - started
        text = summary.text + "\n"
        if as_json:
            text = summary_json(summary, manifest=kakehashi.manifest, seconds=seconds)
    if output is not None:
        write_atomic(output, text.encode())
    else:
        click.echo(text, nl=False)
    _report(summary)


def _report(summary: Summary) -> None:
    """Say at the end, on a terminal, which lines to check."""
    if not sys.stderr.isatty():
        return
    console = Console(stderr=True, highlight=False)
    if not summary.flags:
        console.print(f"[dim]{messages.NO_FLAGS}[/dim]")
    for number, line in enumerate(summary.lines, start=1):
        for found in line.flags:
            console.print(f"  line {number}: {found}", style="yellow", markup=False)
