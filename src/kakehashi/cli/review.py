"""`kakehashi review`: put a corrected review into its document."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, runtime_checkable

import click

from kakehashi.cli import review_messages as messages
from kakehashi.cli.source import check_output, read_document
from kakehashi.documents import FORMATS
from kakehashi.documents.base import Document
from kakehashi.errors import InputError, OutputError
from kakehashi.language.memory import TranslationMemory
from kakehashi.language.review import Review, render_page
from kakehashi.settings import read_settings


def _workbook(review: Review) -> bytes:
    from kakehashi.language.review import render_workbook  # openpyxl: loaded when it is used

    return render_workbook(review)


# What a review can be written as, by the ending of its name.
WRITERS = {".xlsx": _workbook, ".html": render_page, ".htm": render_page}


@runtime_checkable
class WithSheetNames(Protocol):
    """A document whose sheets' names can be segments, too."""

    def translate_sheet_names(self, on: bool = True) -> None:
        """Make them segments."""
        ...


def translate_sheet_names(document: Document) -> bool:
    """Make the names of sheets segments; False if the document has no sheets."""
    if not isinstance(document, WithSheetNames):
        return False
    document.translate_sheet_names(True)
    return True


def check_review(path: Path, source: str) -> None:
    """Say before the work that a review of `source` cannot be written.

    Raises:
        InputError: the source is piped in, so that it cannot be opened again.
        OutputError: unknown ending, no such folder, not writable.
    """
    if path.suffix.lower() not in WRITERS:
        raise OutputError(
            messages.UNKNOWN_ENDING, where=str(path), hint=messages.UNKNOWN_ENDING_HINT
        )
    if source == "-":
        raise InputError(messages.PIPED, hint=messages.PIPED_HINT)
    check_output(path, source)


def render_review(review: Review, path: Path) -> bytes:
    """The review in the format that the name says."""
    return WRITERS[path.suffix.lower()](review)


@click.group()
def review() -> None:
    """Put a corrected review of a translation into its document.

    A review is written by 'kakehashi translate … --review OUT.xlsx' (or OUT.html).
    """


@review.command()
@click.argument("file", metavar="REVIEW", type=click.Path(path_type=Path))
@click.option("--document", "source", required=True, metavar="SOURCE",
              help="The document that was translated.")  # fmt: skip
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path),
              help="Write the corrected translation here.")  # fmt: skip
@click.option("--memory", type=click.Path(path_type=Path), metavar="FILE",
              help="Keep the corrections in this translation memory.")  # fmt: skip
@click.option("--format", type=click.Choice(list(FORMATS)), help="Instead of what the name says.")
def apply(file: Path, source: str, output: Path, memory: Path | None, format: str | None) -> None:
    r"""Put the corrections of REVIEW into the document.

    REVIEW is the .xlsx, or the .json that the page saved. Rows without a correction keep their
    translation; no model is needed. If the document is not the one that was translated, the
    message says which rows differ, and nothing is written.

    \b
    Example:
      kakehashi translate report.docx --to en -o report.en.docx --review report.xlsx
      kakehashi review apply report.xlsx --document report.docx -o report.en.docx
    """
    check_output(output, source)
    from kakehashi.language.review import apply_review, read_review, remember

    corrected = read_review(file)
    document = read_document(source, format, read_settings())
    if corrected.sheet_names:
        translate_sheet_names(document)
    with ExitStack() as stack:
        kept = None if memory is None else stack.enter_context(TranslationMemory(memory))
        done = apply_review(corrected, document)
        document.save(output)
        # Last, so that a review which does not fit teaches the memory nothing.
        count = remember(corrected, kept) if kept is not None else 0
    click.echo(
        messages.APPLIED.format(segments=done.segments, corrected=done.corrected, output=output),
        err=True,
    )
    if memory is not None:
        click.echo(messages.REMEMBERED.format(count=count, memory=memory), err=True)
    for warning in document.warnings:
        click.echo(messages.WARNING.format(warning=warning), err=True)
