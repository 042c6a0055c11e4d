"""What a person sees while it works: the progress bar, the stream of results, the flags."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from kakehashi.cli import messages
from kakehashi.documents.base import Document
from kakehashi.language.results import Progress as Done
from kakehashi.language.results import SegmentTranslation
from kakehashi.text import decode

# A character of the private use area stands for the next segment while it is not translated;
# what is rendered before it will not change any more.
_PLACEHOLDER: Final = "\ue0f1\ue0f2"
# Rendering for the sake of streaming may take this share of the time.
_RENDER_SHARE: Final = 0.05
_FLAGS_SHOWN: Final = 12


class Bar:
    """A progress bar on the standard error, or nothing when that is not a terminal."""

    def __init__(self, progress: Progress | None, task: str) -> None:
        self._progress = progress
        self._task = progress.add_task(task, total=None) if progress else None

    def start(self, description: str, total: int | None = None) -> None:
        """The model is loaded; the work begins."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=description, total=total)

    def update(self, done: Done) -> None:
        """Show how far a run is."""
        if self._progress is not None and self._task is not None:
            self._progress.update(
                self._task, total=done.segments_total, completed=done.segments_done
            )

    def write(self, text: str) -> None:
        """Write a piece of the result to the standard output, above the bar."""
        if not text:
            return
        if self._progress is not None and sys.stdout.isatty():
            self._progress.console.print(
                text, end="", markup=False, highlight=False, emoji=False, soft_wrap=True
            )
        else:
            sys.stdout.write(text)
            sys.stdout.flush()


def _progress() -> Progress:
    """Bars on the standard error that are gone when they end."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


@contextmanager
def bar(task: str = messages.BAR_LOADING) -> Iterator[Bar]:
    """Show a bar while the block runs; it is gone afterwards."""
    if not sys.stderr.isatty():
        yield Bar(None, task)
        return
    progress = _progress()
    with progress:
        yield Bar(progress, task)


class FileBars:
    """Progress over files and over the segments of the one that is being translated.

    On a terminal two bars; elsewhere a line on the standard error for each finished file.
    """

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._number = 0
        self._files: TaskID | None = None
        self._segments: TaskID | None = None
        if progress is not None:
            self._files = progress.add_task(messages.BAR_LOADING, total=total)
            self._segments = progress.add_task("", total=None, visible=False)

    def file(self, number: int, name: str) -> None:
        """A file is begun."""
        self._number = number
        if self._progress is not None and self._files is not None and self._segments is not None:
            self._progress.update(self._files, description=messages.BAR_FILES, completed=number - 1)
            self._progress.reset(self._segments, total=None, description=name, visible=True)

    def segments(self, total: int) -> None:
        """The file has so many segments."""
        if self._progress is not None and self._segments is not None:
            self._progress.update(self._segments, total=total)

    def update(self, done: Done) -> None:
        """Show how far the file is."""
        if self._progress is not None and self._segments is not None:
            self._progress.update(self._segments, completed=done.segments_done)

    def finished(self, line: str) -> None:
        """A file is done; `line` says how."""
        if self._progress is not None and self._files is not None:
            self._progress.update(self._files, completed=self._number)
        else:
            click.echo(f"[{self._number}/{self._total}] {line}", err=True)


@contextmanager
def file_bars(total: int) -> Iterator[FileBars]:
    """Show bars while the block runs; they are gone afterwards."""
    if not sys.stderr.isatty():
        yield FileBars(None, total)
        return
    progress = _progress()
    with progress:
        yield FileBars(progress, total)


class DocumentStream:
    """Writes the part of a document that is finished, line by line, while the rest is made."""

    def __init__(self, document: Document, write: Callable[[str], None]) -> None:
        self._document = document
        self._write = write
        self._segments = {segment.id: segment for segment in document.segments}
        self._order = [segment.id for segment in document.segments]
        self._place = {segment_id: place for place, segment_id in enumerate(self._order)}
        self._written = ""
        self._next_at = 0.0

    def finished(self, segment_id: int) -> None:
        """All segments up to this one are in their place: write them, unless it is too soon."""
        started = time.monotonic()
        if started >= self._next_at:
            self.flush(segment_id)
            self._next_at = time.monotonic() + (time.monotonic() - started) / _RENDER_SHARE

    def flush(self, segment_id: int) -> None:
        """Write the whole lines before the segment that follows `segment_id`."""
        place = self._place[segment_id] + 1
        if place >= len(self._order):
            return
        following = self._segments[self._order[place]]
        self._document.replace(following.id, _PLACEHOLDER)
        text = decode(self._document.render()).text
        self._document.replace(following.id, following.text, following.marks)
        head, found, _ = text.partition(_PLACEHOLDER)
        ready = head[: head.rfind("\n") + 1]
        if found and ready.startswith(self._written):
            self._write(ready[len(self._written) :])
            self._written = ready

    def end(self, rendered: str) -> bool:
        """Write the rest. False if what was written is not the beginning of the whole."""
        if not rendered.startswith(self._written):
            return False
        self._write(rendered[len(self._written) :])
        self._written = rendered
        return True


def report(segments: Sequence[SegmentTranslation], seconds: float) -> None:
    """Say at the end, on a terminal, how much was done and what to check."""
    if not sys.stderr.isatty():
        return
    flagged = [(one, found) for one in segments for found in one.flags if found.severity != "low"]
    tokens = sum(one.usage.completion_tokens + one.usage.prompt_tokens for one in segments)
    console = Console(stderr=True, highlight=False)
    done = messages.TRANSLATED.format(segments=len(segments), tokens=tokens, seconds=seconds)
    if not flagged:
        console.print(f"[dim]{done}; {messages.NO_FLAGS}[/dim]")
        return
    places = len({one.id for one, _ in flagged})
    count = f"{len(flagged)} flag{'s' if len(flagged) > 1 else ''}"
    told = messages.FLAGS.format(count=count, segments=places, total=len(segments))
    console.print(f"[dim]{done}[/dim]\n[yellow]{told}[/yellow]")
    for one, found in flagged[:_FLAGS_SHOWN]:
        console.print(f"  {one.place}: {found}", style="yellow", markup=False)
    if len(flagged) > _FLAGS_SHOWN:
        click.echo("  " + messages.MORE_FLAGS.format(count=len(flagged) - _FLAGS_SHOWN), err=True)
