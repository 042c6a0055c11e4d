"""`kakehashi translate`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from kakehashi.api import Kakehashi
from kakehashi.cli import messages
from kakehashi.cli.as_json import translation_json
from kakehashi.cli.collecting import is_many
from kakehashi.cli.many import Many, translate_many
from kakehashi.cli.review import check_review, translate_sheet_names
from kakehashi.cli.source import TEXT_FORMATS, check_output, read_document, read_text
from kakehashi.cli.terminal import Bar, DocumentStream, bar, report
from kakehashi.cli.terms import open_terms, terms_options
from kakehashi.cli.translating import Wanted, Work, write_review
from kakehashi.digest import sha256_of
from kakehashi.documents import FORMATS, write_atomic
from kakehashi.documents.base import Document
from kakehashi.errors import Cancelled, InputError, KakehashiError
from kakehashi.language.results import Language, SegmentTranslation, Style
from kakehashi.language.translate import LANGUAGES, STYLES, line_segments
from kakehashi.settings import Settings, read_settings
from kakehashi.text import decode


@dataclass(frozen=True, slots=True)
class _Asked:
    """The arguments of one call over one document."""

    file: str
    wanted: Wanted
    output: Path | None
    as_json: bool
    review: Path | None = None
    back: bool = True


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...")
@click.option("--to", type=click.Choice(LANGUAGES), required=True, help="Target language.")
@click.option(
    "--from",
    "source",
    type=click.Choice(LANGUAGES),
    help="Source language; by default each sentence is looked at.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="Write the result here; for several documents, a folder.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Segments, flags, tokens and seconds.")
@click.option("--lines", is_flag=True, help="Exactly one output line for each input line.")
@click.option(
    "--style", type=click.Choice(STYLES), help="です・ます (polite) or だ・である (plain)."
)
@click.option(
    "--review", type=click.Path(path_type=Path), metavar="OUT.xlsx|OUT.html",
    help="Write a table of source, translation and flags, to be corrected.",
)  # fmt: skip
@click.option(
    "--back-translation/--no-back-translation", "back", default=True, show_default=True,
    help="With --review: translate the result back, too (takes as long again).",
)  # fmt: skip
@click.option("--sheet-names", is_flag=True, help="Names of a workbook's sheets as well.")
@click.option("--copy-others", is_flag=True, help="In folders: copy files of other formats.")
@click.option("--again", is_flag=True, help="In folders: finished files once more.")
@terms_options
@click.option("--model", help="A model folder, or the name of an installed model.")
@click.option("--format", type=click.Choice(list(FORMATS)), help="Instead of what the name says.")
def translate(
    files: tuple[str, ...],
    to: Language,
    source: Language | None,
    output: Path | None,
    as_json: bool,
    lines: bool,
    style: Style | None,
    review: Path | None,
    back: bool,
    sheet_names: bool,
    copy_others: bool,
    again: bool,
    model: str | None,
    format: str | None,
    glossary: tuple[Path, ...],
    memory: Path | None,
) -> None:
    r"""Translate texts and documents between Japanese and English.

    Layout, links, code and timing are kept. What a person should check is listed at the end on
    a terminal, under "flags" with --json, and in the table of --review.

    A folder, a pattern or several files are translated into the folder of -o, their tree kept; a
    PDF becomes a Word document. After Ctrl-C or a crash the same command goes on where it was:
    finished files are not done again unless they, the options or the model have changed.

    \b
    Examples:
      kakehashi translate report.md --to ja -o report.ja.md
      kakehashi translate report.docx --to en -o report.en.docx --review report.xlsx
      kakehashi translate minutes/ 'guides/**/*.docx' --to en -o english/
      echo 図書館は月曜日が休みです。 | kakehashi translate --to en
      kakehashi translate --lines --to en < sentences.txt > sentences.en.txt
    """
    if lines and format not in (None, "txt"):
        raise InputError(
            messages.LINES_AND_FORMAT.format(format=format), hint=messages.LINES_AND_FORMAT_HINT
        )
    settings = read_settings()
    terms = open_terms(glossary, memory)
    wanted = Wanted(to, source, style, format, sheet_names, terms)
    if is_many(files):
        for option, given in (("--lines", lines), ("--review", review is not None)):
            if given:
                raise InputError(
                    messages.ONE_ONLY.format(option=option), hint=messages.ONE_ONLY_HINT
                )
        if output is None:
            raise InputError(messages.FOLDER_NEEDED, hint=messages.FOLDER_NEEDED_HINT)
        translate_many(Many(files, output, wanted, copy_others, again, as_json), model, settings)
        return
    file = files[0] if files else "-"
    check_output(output, file)
    if review is not None:
        check_review(review, file)
    asked = _Asked(file, wanted, output, as_json, review, back)
    if lines:
        _translate_lines(asked, model, settings)
    else:
        _translate_document(asked, model, settings)


def _translate_document(asked: _Asked, model: str | None, settings: Settings) -> None:
    document = _opened(asked, settings)
    work = Work(len(document.segments))
    with bar() as shown, Kakehashi(model, settings=settings) as kakehashi:
        shown.start(messages.BAR_TRANSLATING, work.total)
        steps = asked.wanted.steps(kakehashi, document, shown.update)
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
        seconds = work.seconds
        if asked.review is not None:
            _review(asked, asked.review, kakehashi, work, shown)
    report(work.done, seconds)
    if asked.review is not None:
        click.echo(messages.REVIEW_WRITTEN.format(path=asked.review), err=True)
    for warning in document.warnings:
        click.echo(messages.WARNING.format(warning=warning), err=True)


def _opened(asked: _Asked, settings: Settings) -> Document:
    """The document, after everything about it that can be said before the work was said."""
    document = read_document(asked.file, asked.wanted.format, settings)
    where = asked.file
    if asked.wanted.sheet_names and not translate_sheet_names(document):
        raise InputError(messages.NO_SHEETS, where=where, hint=messages.NO_SHEETS_HINT)
    binary = document.format not in TEXT_FORMATS
    if binary and asked.output is None and not asked.as_json and sys.stdout.isatty():
        raise InputError(messages.OUTPUT_NEEDED, where=where, hint=messages.OUTPUT_NEEDED_HINT)
    # Said before the work, not after it.
    if document.format == "pdf" and asked.output is not None and not asked.as_json:
        ending = asked.output.suffix.lower()
        if ending not in (".docx", ".pdf"):
            raise InputError(
                messages.PDF_ENDING.format(ending=ending),
                where=str(asked.output),
                hint=messages.PDF_ENDING_HINT,
            )
    return document


def _review(asked: _Asked, path: Path, kakehashi: Kakehashi, work: Work, shown: Bar) -> None:
    try:
        write_review(
            path,
            asked.wanted,
            kakehashi,
            work.done,
            name=Path(asked.file).name,
            sha256=sha256_of(Path(asked.file)),
            back=asked.back,
            shown=shown,
        )
    except KeyboardInterrupt:
        raise Cancelled(messages.STOPPED_REVIEW, hint=messages.STOPPED_REVIEW_HINT) from None


def _finish_document(
    asked: _Asked,
    kakehashi: Kakehashi,
    document: Document,
    work: Work,
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
    work: Work,
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
    work = Work(len(segments))
    made: list[str] = []

    def put(piece: str) -> None:
        made.append(piece)
        if asked.output is None and not asked.as_json:
            shown.write(piece)

    with bar() as shown, Kakehashi(model, settings=settings) as kakehashi:
        shown.start(messages.BAR_TRANSLATING, work.total)
        steps: Iterator[SegmentTranslation] = kakehashi.translator.stream(
            segments,
            asked.wanted.to,
            source=asked.wanted.source,
            style=asked.wanted.style,
            glossary=asked.wanted.terms.glossary,
            memory=asked.wanted.terms.memory,
            progress=shown.update,
        )
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


def _json(asked: _Asked, kakehashi: Kakehashi, work: Work) -> str:
    return translation_json(
        work.done,
        manifest=kakehashi.manifest,
        to=asked.wanted.to,
        seconds=work.seconds,
        total=work.total,
    )


def _partial(output: Path | None) -> Path | None:
    """Where an unfinished result goes: ``report.ja.md`` → ``report.ja.partial.md``."""
    return None if output is None else output.with_name(f"{output.stem}.partial{output.suffix}")


def _mark(work: Work) -> str:
    return messages.PARTIAL_MARK.format(done=len(work.done), total=work.total) + "\n"


def _stopped(asked: _Asked, work: Work, stop: BaseException) -> KakehashiError:
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
