"""`kakehashi translate` of a folder, globs or several files: a tree of results, resumable.

A file is finished when its result and its line in the state file are on the disk; nothing of an
unfinished file is. A file that fails is named at the end, and the rest is done.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table

from kakehashi.api import Kakehashi
from kakehashi.cli import messages
from kakehashi.cli.collecting import Found, collect
from kakehashi.cli.finished import Finished, State, locked
from kakehashi.cli.review import translate_sheet_names
from kakehashi.cli.source import open_source
from kakehashi.cli.terminal import FileBars, file_bars
from kakehashi.cli.translating import Wanted, Work
from kakehashi.digest import sha256_of
from kakehashi.errors import Cancelled, InputError, KakehashiError, OutputError
from kakehashi.language.flags import Flag
from kakehashi.settings import Settings

Result = Literal["done", "kept", "copied", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        file: its place.
        result: done; kept (finished earlier); copied or skipped (not translated); failed.
        reason: why it was not translated.
        target: where the result is; empty if there is none.
        segments, flags, tokens, seconds: of the translation; flags without those that are low.
        warnings: what the document says a person should know.
    """

    file: str
    result: Result
    reason: str = ""
    target: str = ""
    segments: int = 0
    flags: int = 0
    tokens: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Many:
    """One call.

    Attributes:
        names: files, folders and globs.
        output: the folder of the results; it is made.
        copy_others: copy files that are not translated.
        again: do finished files once more.
        as_json: print the summary as JSON.
    """

    names: tuple[str, ...]
    output: Path
    wanted: Wanted
    copy_others: bool = False
    again: bool = False
    as_json: bool = False


def translate_many(asked: Many, model: str | None, settings: Settings) -> None:
    """Translate all files.

    Raises:
        KakehashiError: at the end, if a file failed (exit code 1).
        Cancelled: stopped by the user; finished files stay finished.
        FileMissingError, OutputError, ModelError: before anything is done.
    """
    _make_folder(asked.output)
    found = collect(asked.names, asked.output)
    if not any(one.known for one in found):
        raise InputError(
            messages.NOTHING_KNOWN.format(count=len(found)),
            where=" ".join(asked.names),
            hint=messages.NOTHING_KNOWN_HINT,
        )
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with locked(asked.output), file_bars(len(found)) as bars:
        state = State(asked.output)
        with Kakehashi(model, settings=settings) as kakehashi:
            try:
                for number, one in enumerate(found, start=1):
                    bars.file(number, str(one.place))
                    outcome = _one(one, asked, state, kakehashi, bars, settings)
                    outcomes.append(outcome)
                    bars.finished(_line(outcome))
            except KeyboardInterrupt:
                raise Cancelled(
                    messages.STOPPED_FILES.format(done=len(outcomes), total=len(found)),
                    hint=messages.STOPPED_FILES_HINT,
                ) from None
    _summary(asked, outcomes, time.monotonic() - started)
    failed = [one for one in outcomes if one.result == "failed"]
    if failed:
        raise KakehashiError(
            messages.FILES_FAILED.format(failed=len(failed), total=len(outcomes)),
            hint=messages.FILES_FAILED_HINT,
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(
            messages.NOT_A_FOLDER, where=str(folder), hint=messages.NOT_A_FOLDER_HINT
        ) from None
    except OSError as error:
        raise OutputError(
            f"{messages.NOT_WRITABLE}: {error.strerror or error}",
            where=str(folder),
            hint=messages.NOT_WRITABLE_HINT,
        ) from error


def _one(
    one: Found,
    asked: Many,
    state: State,
    kakehashi: Kakehashi,
    bars: FileBars,
    settings: Settings,
) -> Outcome:
    place, target = one.place.as_posix(), asked.output / one.target
    try:
        if target.exists() and target.samefile(one.path):
            raise InputError(messages.SAME_FILE, hint=messages.SAME_FILE_HINT)
        if not one.known:
            return _other(one, asked, target)
        fingerprint = asked.wanted.fingerprint(kakehashi.manifest)
        sha256 = sha256_of(one.path)
        kept = None if asked.again else state.done(place, sha256, fingerprint)
        if kept is not None:
            return Outcome(place, "kept", messages.KEPT, kept.target, kept.segments, kept.flags)
        if target.exists() and not state.owns(one.target.as_posix()) and not asked.again:
            raise InputError(messages.NOT_OURS.format(path=target), hint=messages.NOT_OURS_HINT)
        if not one.path.stat().st_size:
            return _other(one, asked, target, messages.EMPTY)
        return _translated(one, asked, state, kakehashi, bars, settings, sha256, fingerprint)
    except KakehashiError as error:
        reason = f"{error.what} → {error.hint}" if error.hint else error.what
        return Outcome(place, "failed", " ".join(reason.split()))
    except OSError as error:
        # Reading the source or making a folder; what is written says so itself.
        return Outcome(place, "failed", f"{error.filename or ''}: {error.strerror or error}")


def _translated(
    one: Found,
    asked: Many,
    state: State,
    kakehashi: Kakehashi,
    bars: FileBars,
    settings: Settings,
    sha256: str,
    fingerprint: str,
) -> Outcome:
    document = open_source(str(one.path), asked.wanted.format, settings)
    if asked.wanted.sheet_names:
        translate_sheet_names(document)
    work = Work(len(document.segments))
    bars.segments(work.total)
    for segment in asked.wanted.steps(kakehashi, document, bars.update):
        work.done.append(segment)
    target = asked.output / one.target
    target.parent.mkdir(parents=True, exist_ok=True)
    state.claim(one.target.as_posix())
    document.save(target)
    flags = [flag for segment in work.done for flag in segment.flags]
    usages = [segment.usage for segment in work.done]
    finished = Finished(
        sha256,
        fingerprint,
        one.target.as_posix(),
        work.total,
        _count(flags),
        sum(usage.prompt_tokens + usage.completion_tokens for usage in usages),
        round(work.seconds, 3),
    )
    state.add(one.place.as_posix(), finished)
    return Outcome(
        one.place.as_posix(),
        "done",
        "",
        finished.target,
        finished.segments,
        finished.flags,
        finished.tokens,
        finished.seconds,
        document.warnings,
    )


def _count(flags: Sequence[Flag]) -> int:
    return sum(1 for one in flags if one.severity != "low")


def _other(one: Found, asked: Many, target: Path, reason: str = "") -> Outcome:
    """A file that is not translated: copied if that is wanted."""
    ending = one.path.suffix.lower() or one.path.name
    reason = reason or messages.UNKNOWN_FORMAT.format(ending=ending)
    if not asked.copy_others:
        return Outcome(one.place.as_posix(), "skipped", reason)
    target = asked.output / one.place
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kakehashi-") as folder:
        copy = Path(folder, "copy")
        shutil.copy2(one.path, copy)
        copy.replace(target)
    return Outcome(one.place.as_posix(), "copied", reason, one.place.as_posix())


def _line(one: Outcome) -> str:
    """One finished file, for the log of a run without a terminal."""
    told = messages.RESULTS[one.result]
    if one.result == "done":
        numbers = messages.FILE_DONE.format(
            segments=one.segments, flags=one.flags, seconds=one.seconds
        )
        return f"{told}: {one.file} ({numbers})"
    return f"{told}: {one.file}: {one.reason}"


def _summary(asked: Many, outcomes: Sequence[Outcome], seconds: float) -> None:
    if asked.as_json:
        click.echo(_json(asked, outcomes, seconds), nl=False)
        return
    total = messages.TOTAL.format(
        files=len(outcomes),
        done=sum(one.result == "done" for one in outcomes),
        kept=sum(one.result == "kept" for one in outcomes),
        others=sum(one.result in ("copied", "skipped") for one in outcomes),
        failed=sum(one.result == "failed" for one in outcomes),
    )
    if sys.stdout.isatty():
        Console(highlight=False).print(_table(outcomes, seconds))
    else:
        for one in outcomes:
            row = (messages.RESULTS[one.result], one.file, one.segments, one.flags, one.tokens,
                   f"{one.seconds:.1f}", one.reason)  # fmt: skip
            click.echo("\t".join(map(str, row)).rstrip())
    click.echo(total)
    for one in outcomes:
        for warning in one.warnings:
            click.echo(messages.FILE_WARNING.format(file=one.file, warning=warning))


def _table(outcomes: Sequence[Outcome], seconds: float) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    names = messages.COLUMNS
    table.add_column(names[0], overflow="fold")
    for name in names[1:5]:
        table.add_column(name, justify="right")
    table.add_column(names[5], overflow="fold")
    colours = {"done": "green", "kept": "green", "copied": "dim", "skipped": "yellow",
               "failed": "red"}  # fmt: skip
    for one in outcomes:
        counted = one.result in ("done", "kept")
        told = messages.RESULTS[one.result] + (f": {one.reason}" if one.reason else "")
        table.add_row(
            one.file,
            f"{one.segments:,}" if counted else "",
            f"{one.flags:,}" if counted else "",
            f"{one.tokens:,}" if one.result == "done" else "",
            f"{one.seconds:,.1f}" if one.result == "done" else "",
            told,
            style=None if one.result == "done" else colours[one.result],
        )
    table.add_section()
    table.add_row(
        messages.ALL,
        f"{sum(one.segments for one in outcomes):,}",
        f"{sum(one.flags for one in outcomes):,}",
        f"{sum(one.tokens for one in outcomes):,}",
        f"{seconds:,.1f}",
        "",
        style="bold",
    )
    return table


def _json(asked: Many, outcomes: Sequence[Outcome], seconds: float) -> str:
    told: dict[str, Any] = {
        "to": asked.wanted.to,
        "output": str(asked.output),
        "files": [asdict(one) for one in outcomes],
        "totals": {
            "files": len(outcomes),
            **{
                result: sum(one.result == result for one in outcomes)
                for result in ("done", "kept", "copied", "skipped", "failed")
            },
            "segments": sum(one.segments for one in outcomes),
            "flags": sum(one.flags for one in outcomes),
            "tokens": sum(one.tokens for one in outcomes),
            "seconds": round(seconds, 3),
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
