"""`kakehashi translate`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from kakehashi.api import Kakehashi
from kakehashi.cli import messages
from kakehashi.cli.as_json import translation_json
from kakehashi.cli.source import check_output, read_document, read_text
from kakehashi.cli.terminal import Bar, DocumentStream, bar, report
from kakehashi.cli.terms import Terms, open_terms, terms_options
from kakehashi.documents import FORMATS, write_atomic
from kakehashi.documents.base import Document
from kakehashi.errors import Cancelled, InputError, KakehashiError
from kakehashi.language.document import translate_document
from kakehashi.language.results import Language, SegmentTranslation, Style
from kakehashi.language.translate import LANGUAGES, STYLES, line_segments
from kakehashi.settings import Settings, read_settings
from kakehashi.text import decode


@dataclass(frozen=True, slots=True)
class _Asked:
    """The arguments of one call."""

    file: str
    to: Language
    source: Language | None
    style: Style | None
    output: Path | None
    as_json: bool
    format: str | None
    terms: Terms


@dataclass(slots=True)
class _Work:
    """What is being done, so that it can be finished or kept in part."""

    total: int
    done: list[SegmentTranslation] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--to", type=click.Choice(LANGUAGES), required=True, help="Target language.")
@click.option(
    "--from",
    "source",
    type=click.Choice(LANGUAGES),
    help="Source language; by default each sentence is looked at.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the result here.")
@click.option("--json", "as_json", is_flag=True, help="Segments, flags, tokens and seconds.")
@click.option("--lines", is_flag=True, help="Exactly one output line for each input line.")
@click.option(
    "--style", type=click.Choice(STYLES), help="です・ます (polite) or だ・である (plain)."
)
@terms_options
@click.option("--model", help="A model folder, or the name of an installed model.")
@click.option("--format", type=click.Choice(FORMATS), help="Instead of what the name says.")
def translate(
    file: str,
    to: Language,
    source: Language | None,
    output: Path | None,
    as_json: bool,
    lines: bool,
    style: Style | None,
    model: str | None,
    format: str | None,
    glossary: tuple[Path, ...],
    memory: Path | None,
) -> None:
    r"""Translate a text or document between Japanese and English.

    Layout, links, code and timing are kept. What a person should check is listed at the end on
    a terminal, and under "flags" with --json.

    \b
    Examples:
      kakehashi translate report.md --to ja -o report.ja.md
      echo 図書館は月曜日が休みです。 | kakehashi translate --to en
      kakehashi translate --lines --to en < sentences.txt > sentences.en.txt
    """
    if lines and format not in (None, "txt"):
        raise InputError(
            messages.LINES_AND_FORMAT.format(format=format), hint=messages.LINES_AND_FORMAT_HINT
        )
    settings = read_settings()
    terms = open_terms(glossary, memory)
    asked = _Asked(file, to, source, style, output, as_json, format, terms)
    check_output(output, file)
    if lines:
        _translate_lines(asked, model, settings)
    else:
        _translate_document(asked, model, settings)


def _translate_document(asked: _Asked, model: str | None, settings: Settings) -> None:
    document = read_document(asked.file, asked.format, settings)
    work = _Work(len(document.segments))
    with bar() as shown, Kakehashi(model, settings=settings) as kakehashi:
        shown.start(messages.BAR_TRANSLATING, work.total)
        steps = translate_document(
            kakehashi.translator,
            document,
            asked.to,
            source=asked.source,
            style=asked.style,
            glossary=asked.terms.glossary,
            memory=asked.terms.memory,
            progress=shown.update,
        )
        live = asked.output is None and not asked.as_json
        stream = None
        if live and (sys.stdout.isatty() or document.format == "txt"):
            stream = DocumentStream(document, shown.write)
        try:
            for one in steps:
                work.done.append(one)
                if stream is not None:
                    stream.finished(one.id)
        except (KeyboardInterrupt, KakehashiError) as stop:
            _keep_document(asked, kakehashi, document, work, stream, shown)
            raise _stopped(asked, work, stop) from stop
        _finish_document(asked, kakehashi, document, work, stream, shown)
    report(work.done, work.seconds)


def _finish_document(
    asked: _Asked,
    kakehashi: Kakehashi,
    document: Document,
    work: _Work,
    stream: DocumentStream | None,
    shown: Bar,
) -> None:
    if asked.as_json:
        _put(asked.output, _json(asked, kakehashi, work).encode())
    elif asked.output is not None:
        document.save(asked.output)
    elif stream is None:
        _put(None, document.render())
    else:
        rendered = decode(document.render()).text
        if not stream.end(rendered):
            shown.write(rendered)


def _keep_document(
    asked: _Asked,
    kakehashi: Kakehashi,
    document: Document,
    work: _Work,
    stream: DocumentStream | None,
    shown: Bar,
) -> None:
    """Keep what is finished when the work ends early."""
    if asked.as_json:
        _put(_partial(asked.output), _json(asked, kakehashi, work).encode())
    elif asked.output is not None:
        if work.done:
            document.save(_partial(asked.output) or asked.output)
    elif stream is not None:
        if work.done:
            stream.flush(work.done[-1].id)
        shown.write(_mark(work))
    elif work.done:
        _put(None, document.render())
        shown.write(_mark(work))


def _translate_lines(asked: _Asked, model: str | None, settings: Settings) -> None:
    segments, between = line_segments(read_text(asked.file, settings))
    work = _Work(len(segments))
    made: list[str] = []

    def put(piece: str) -> None:
        made.append(piece)
        if asked.output is None and not asked.as_json:
            shown.write(piece)

    with bar() as shown, Kakehashi(model, settings=settings) as kakehashi:
        shown.start(messages.BAR_TRANSLATING, work.total)
        steps: Iterator[SegmentTranslation] = kakehashi.translator.stream(
            segments, asked.to, source=asked.source, style=asked.style,
            glossary=asked.terms.glossary, memory=asked.terms.memory, progress=shown.update,
        )  # fmt: skip
        put(between[0])
        try:
            for one in steps:
                work.done.append(one)
                put(one.target.replace("\n", " ") + between[one.id + 1])
        except (KeyboardInterrupt, KakehashiError) as stop:
            if asked.as_json:
                _put(_partial(asked.output), _json(asked, kakehashi, work).encode())
            elif asked.output is None:
                shown.write(_mark(work))
            elif work.done:
                _put(_partial(asked.output), "".join([*made, _mark(work)]).encode())
            raise _stopped(asked, work, stop) from stop
        if asked.as_json:
            _put(asked.output, _json(asked, kakehashi, work).encode())
        elif asked.output is not None:
            _put(asked.output, "".join(made).encode())
    report(work.done, work.seconds)


def _put(output: Path | None, data: bytes) -> None:
    """Write to a file, whole or not at all, or to the standard output."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_atomic(output, data)


def _json(asked: _Asked, kakehashi: Kakehashi, work: _Work) -> str:
    return translation_json(
        work.done,
        manifest=kakehashi.manifest,
        to=asked.to,
        seconds=work.seconds,
        total=work.total,
    )


def _partial(output: Path | None) -> Path | None:
    """Where an unfinished result goes: ``report.ja.md`` → ``report.ja.partial.md``."""
    return None if output is None else output.with_name(f"{output.stem}.partial{output.suffix}")


def _mark(work: _Work) -> str:
    return messages.PARTIAL_MARK.format(done=len(work.done), total=work.total) + "\n"


def _stopped(asked: _Asked, work: _Work, stop: BaseException) -> KakehashiError:
    what = messages.STOPPED.format(done=len(work.done), total=work.total)
    hint = ""
    if asked.output is not None:
        kept = bool(work.done) or asked.as_json
        path = _partial(asked.output)
        hint = messages.STOPPED_FILE.format(path=path) if kept else messages.STOPPED_NOTHING
    if isinstance(stop, KakehashiError):
        click.echo(f"kakehashi: {what}" + (f"\n  → {hint}" if hint else ""), err=True)
        return stop
    return Cancelled(what, hint=hint)
