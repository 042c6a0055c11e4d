"""`kakehashi proofread`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from kakehashi.cli import proofread_messages as messages
from kakehashi.cli.source import check_output, read_document
from kakehashi.documents import FORMATS, write_atomic
from kakehashi.documents.base import Document
from kakehashi.errors import InputError
from kakehashi.language.proofread import RULES, SEVERITIES, Finding, Options, apply_fixes
from kakehashi.language.proofread import proofread as find
from kakehashi.language.results import Style
from kakehashi.settings import read_settings

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def _list_rules(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    for rule in RULES.values():
        official = messages.OFFICIAL_ONLY if rule.official else ""
        example = rule.bad[0]
        shown = example.found or example.text
        arrow = (
            f" → {example.suggestion or messages.REMOVE}" if example.suggestion is not None else ""
        )
        click.echo(f"{rule.id:22} {messages.SEVERITY[rule.severity]:12} {shown}{arrow}{official}")
    ctx.exit()


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--json", "as_json", is_flag=True, help="Findings with their places, as JSON.")
@click.option("--fix", is_flag=True, help="Write safe suggestions into the document.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="With --fix: write the result here instead of into FILE.",
)  # fmt: skip
@click.option("--only", multiple=True, metavar="RULE", help="Apply only this rule; repeatable.")
@click.option("--skip", multiple=True, metavar="RULE", help="Leave this rule out; repeatable.")
@click.option(
    "--style", type=click.Choice(["polite", "plain", "auto"]), default="auto", show_default=True,
    help="です・ます, だ・である, or what most of the document is in.",
)  # fmt: skip
@click.option("--official", is_flag=True, help="Rules of official writing (公用文) as well.")
@click.option(
    "--max-sentence", type=click.IntRange(min=10), metavar="CHARS",
    help="A sentence is long above this (120; 60 with --official).",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES),
    help="Exit with 1 if a finding of this severity or a worse one is left.",
)  # fmt: skip
@click.option("--format", type=click.Choice(list(FORMATS)), help="Instead of what the name says.")
@click.option(
    "--rules", is_flag=True, is_eager=True, expose_value=False, callback=_list_rules,
    help="List the rules, each with an example.",
)  # fmt: skip
def proofread(
    file: str,
    as_json: bool,
    fix: bool,
    output: Path | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    style: str,
    official: bool,
    max_sentence: int | None,
    fail_on: str | None,
    format: str | None,
) -> None:
    r"""Find slips in Japanese: typos, grammar, honorifics, style, notation, dates.

    No model is used; each finding comes from a rule, with its place, its reason and, where there
    is one, a suggestion. --fix writes the suggestions that cannot change what the text says.

    \b
    Examples:
      kakehashi proofread minutes.docx
      kakehashi proofread notice.md --fix -o notice.fixed.md
      kakehashi proofread report.txt --official --style polite --json
    """
    if output is not None and not fix:
        raise InputError(messages.OUTPUT_WITHOUT_FIX, hint=messages.OUTPUT_WITHOUT_FIX_HINT)
    wanted: Style | None = "polite" if style == "polite" else "plain" if style == "plain" else None
    options = Options(
        only=only, skip=skip, style=wanted, official=official, max_sentence=max_sentence
    )
    options.rules()  # says what is wrong with --only before the file is read
    if output is not None:
        # Into the file itself is what --fix does without -o; here it would be a slip.
        check_output(output, file)
    document = read_document(file, format, read_settings())
    if fix and document.format == "pdf" and (output is None or output.suffix.lower() != ".docx"):
        raise InputError(messages.PDF_IN_PLACE, where=file, hint=messages.PDF_IN_PLACE_HINT)
    findings = find(document.segments, options)
    fixed = apply_fixes(document, findings) if fix else []
    left = [one for one in findings if one not in fixed]
    if fix:
        _write(document, file, output, changed=bool(fixed))
    if as_json:
        click.echo(
            _json(file, document, left, fixed), nl=False, err=fix and _to_stdout(file, output)
        )
    else:
        _print(file, left, fixed, err=fix and _to_stdout(file, output))
    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    if any(one.severity in worst for one in left):
        sys.exit(1)


def _to_stdout(file: str, output: Path | None) -> bool:
    return output is None and file == "-"


def _write(document: Document, file: str, output: Path | None, *, changed: bool) -> None:
    if _to_stdout(file, output):
        sys.stdout.buffer.write(document.render())
        sys.stdout.buffer.flush()
    elif output is not None:
        document.save(output)
    elif changed:
        write_atomic(Path(file), document.render())


def _json(file: str, document: Document, left: Sequence[Finding], fixed: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in left)
    told: dict[str, Any] = {
        "file": file,
        "format": document.format,
        "findings": [asdict(one) for one in left],
        "fixed": [asdict(one) for one in fixed],
        "totals": {
            "segments": len(document.segments),
            **{severity: counts[severity] for severity in SEVERITIES},
            "fixed": len(fixed),
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _print(file: str, left: Sequence[Finding], fixed: Sequence[Finding], *, err: bool) -> None:
    stream = sys.stderr if err else sys.stdout
    console = Console(file=stream, highlight=False, soft_wrap=True)
    name = messages.STANDARD_INPUT if file == "-" else file
    for one in left:
        head = Text(f"{name}: {one.where}: ")
        head.append(messages.SEVERITY[one.severity], style=_COLOURS[one.severity])
        head.append(f" {one.rule}  ")
        head.append(messages.found(one.text), style="bold")
        if one.suggestion is not None:
            head.append(" → ")
            head.append(
                messages.found(one.suggestion) if one.suggestion else messages.REMOVE, style="green"
            )
        console.print(head)
        console.print(Text(f"    {one.reason_ja} / {one.reason_en}", style="dim"))
    console.print(messages.summary(left, len(fixed)))
