"""`kakehashi model list|show|verify`: the models of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from kakehashi.cli import model_messages as messages
from kakehashi.engine.manifest import Manifest, read_manifest
from kakehashi.engine.models import FoundModel, check_model, find_model, list_models
from kakehashi.errors import ModelMissingError

_MEGABYTE = 1_000_000
_CONTEXT = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_CONTEXT)
def model() -> None:
    r"""List, show and verify models.

    A model is a folder with a manifest.json and the weights that it names. NAME is the name
    of an installed model or such a folder; without it the model that is used by default.
    """


@model.command("list", context_settings=_CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(as_json: bool) -> None:
    """List the models of this machine; the first one is used by default."""
    found = list_models()
    if as_json:
        click.echo(_json([_described(one) for one in found]))
    elif not found:
        raise _nothing()
    elif Console().is_terminal:
        _print_table(found)
    else:
        for one in found:
            name = f"{one.manifest.name}\t{one.manifest.version}" if one.manifest else "?\t?"
            click.echo(f"{name}\t{one.origin}\t{one.folder}")
    for one in found:
        if one.problem is not None:
            click.echo(f"kakehashi: {one.problem}", err=True)


def _nothing() -> ModelMissingError:
    try:
        find_model()
    except ModelMissingError as error:
        return error
    return ModelMissingError(messages.NO_MODEL)


def _print_table(found: list[FoundModel]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in messages.COLUMNS:
        table.add_column(column, overflow="fold")
    for place, one in enumerate(found):
        mark = "*" if place == 0 else ""
        if one.manifest is None:
            table.add_row(f"?{mark}", "", "", messages.BROKEN, one.origin, str(one.folder))
            continue
        manifest = one.manifest
        size = f"{manifest.bytes / _MEGABYTE:,.0f} MB"
        tasks = ", ".join(sorted(manifest.tasks))
        table.add_row(
            manifest.name + mark, manifest.version, size, tasks, one.origin, str(one.folder)
        )
    Console().print(table)
    click.echo(messages.DEFAULT_MARK)


def _described(one: FoundModel) -> dict[str, object]:
    manifest = one.manifest
    return {
        "name": manifest.name if manifest else None,
        "version": manifest.version if manifest else None,
        "bytes": manifest.bytes if manifest else None,
        "tasks": sorted(manifest.tasks) if manifest else [],
        "origin": one.origin,
        "folder": str(one.folder),
        "problem": str(one.problem) if one.problem else None,
    }


@model.command("show", context_settings=_CONTEXT)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the whole manifest.")
def show_command(name: str | None, as_json: bool) -> None:
    """Show what a model is, what it can do and how it was made."""
    folder = find_model(name)
    manifest = read_manifest(folder)
    if as_json:
        click.echo(manifest.model_dump_json(indent=2))
        return
    for label, value in _facts(folder, manifest):
        click.echo(f"{label:<12} {value}")


def _facts(folder: Path, manifest: Manifest) -> list[tuple[str, str]]:
    base = manifest.base
    made = [f"{key}: {value}" for key, value in manifest.made.items()]
    facts = [
        ("name", f"{manifest.name} {manifest.version}"),
        ("folder", str(folder)),
        ("weights", f"{manifest.file}, {manifest.bytes / _MEGABYTE:,.1f} MB"),
        ("sha256", manifest.sha256),
        ("architecture", manifest.architecture),
        ("context", f"{manifest.context:,} tokens"),
        ("languages", ", ".join(manifest.languages)),
        ("licence", manifest.licence),
        ("made from", " ".join(part for part in (base.name, base.package) if part)),
        ("tasks", ", ".join(sorted(manifest.tasks))),
    ]
    if manifest.fertility:
        fertility = (f"{key} {value:.3f}" for key, value in sorted(manifest.fertility.items()))
        facts.append(("fertility", ", ".join(fertility) + " tokens per character"))
    facts += [("made" if place == 0 else "", line) for place, line in enumerate(made)]
    card = folder / "MODEL_CARD.md"
    if card.is_file():
        facts.append(("card", str(card)))
    return facts


@model.command("verify", context_settings=_CONTEXT)
@click.argument("name", required=False)
def verify_command(name: str | None) -> None:
    """Check that a model is whole: manifest, size, sha256, architecture, memory."""
    folder = find_model(name)
    manifest, weights = check_model(folder)
    click.echo(
        messages.VERIFIED.format(
            name=manifest.name,
            version=manifest.version,
            megabytes=manifest.bytes / _MEGABYTE,
            path=weights,
        )
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
