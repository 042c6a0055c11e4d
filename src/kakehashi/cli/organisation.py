"""`kakehashi organisation`: invite, list, pause and resume, on the machine of the server."""

from __future__ import annotations

from pathlib import Path

import click

from kakehashi.cli import server_messages as messages
from kakehashi.cli.ledger import named_organisation, prepared

_CONFIG = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="The file of settings."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def organisation() -> None:
    """Invite organisations; pause them and let them in again."""


@organisation.command()
@click.option("--note", default="", help="Whom the code is for (kept, never shown to them).")
@click.option("--days", type=click.IntRange(1), default=30, show_default=True)
@_CONFIG
def invite(note: str, days: int, config: Path | None) -> None:
    """Make a code with which one organisation may be founded; it is the last word."""
    prepared(config)
    from kakehashi.server.people.services import invite as make

    click.echo(messages.INVITED.format(days=days, code=make(note, days=days)))


@organisation.command("list")
@_CONFIG
def list_(config: Path | None) -> None:
    """List the organisations."""
    prepared(config)
    from kakehashi.server.people.models import Organisation

    for row in Organisation.objects.order_by("pk"):
        told = row.name
        if row.paused_at is not None:
            told += "  " + messages.PAUSED_SINCE.format(when=f"{row.paused_at:%Y-%m-%d}")
        click.echo(told)


@organisation.command()
@click.argument("name")
@_CONFIG
def pause(name: str, config: Path | None) -> None:
    """Let nobody of an organisation in, by page or by key, until it is resumed."""
    found = named_organisation(name, config)
    from kakehashi.server.people.services import pause as end

    end(found)
    click.echo(messages.PAUSED.format(name=found.name))


@organisation.command()
@click.argument("name")
@_CONFIG
def resume(name: str, config: Path | None) -> None:
    """Let an organisation in again."""
    found = named_organisation(name, config)
    from kakehashi.server.people.services import resume as begin

    begin(found)
    click.echo(messages.RESUMED.format(name=found.name))
