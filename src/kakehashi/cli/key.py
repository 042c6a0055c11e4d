"""`kakehashi key`: make, list and revoke API keys on the machine of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kakehashi.cli import server_messages as messages
from kakehashi.errors import InputError

if TYPE_CHECKING:
    from kakehashi.server.people.models import Member

_CONFIG = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="The file of settings."
)
_MEMBER = click.option(
    "--member", "login", metavar="LOGIN", help="Whose key (the first administrator)."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def key() -> None:
    """Make, list and revoke API keys."""


@key.command()
@click.option("--name", required=True, metavar="NAME", help="What will use it.")
@_MEMBER
@click.option("--scope", "scopes", multiple=True, help="text, files, usage, admin (repeatable).")
@click.option("--days", type=click.IntRange(1), help="Days until it expires (never).")
@_CONFIG
def create(
    name: str, login: str | None, scopes: tuple[str, ...], days: int | None, config: Path | None
) -> None:
    """Make a key; it is the last word of the output."""
    member = _member(login, config)
    from kakehashi.server.keys.services import DEFAULT_SCOPES, create_key

    new = create_key(
        member,
        name,
        scopes=scopes or DEFAULT_SCOPES,
        expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
    )
    click.echo(messages.KEY_MADE.format(name=new.key.name, secret=new.secret))


@key.command("list")
@_MEMBER
@_CONFIG
def list_(login: str | None, config: Path | None) -> None:
    """List the keys of a member."""
    member = _member(login, config)
    from kakehashi.server.keys.models import ApiKey

    rows = list(ApiKey.objects.of(member.organisation_id).filter(member=member).order_by("pk"))
    if not rows:
        click.echo(messages.NO_KEYS)
    for row in rows:
        told = [f"{row.prefix}…", row.name, row.scopes]
        if row.revoked_at is not None:
            told.append(messages.REVOKED.format(when=f"{row.revoked_at:%Y-%m-%d}"))
        elif row.expires_at is not None:
            told.append(messages.EXPIRES.format(when=f"{row.expires_at:%Y-%m-%d}"))
        used = row.last_used_at
        told.append(
            messages.NEVER_USED
            if used is None
            else messages.LAST_USED.format(when=f"{used:%Y-%m-%d %H:%M}")
        )
        click.echo("  ".join(told))


@key.command()
@click.argument("prefix")
@_MEMBER
@_CONFIG
def revoke(prefix: str, login: str | None, config: Path | None) -> None:
    """Revoke the key that begins with PREFIX."""
    member = _member(login, config)
    from kakehashi.server.keys.models import ApiKey
    from kakehashi.server.keys.services import revoke as end

    rows = list(
        ApiKey.objects.of(member.organisation_id).filter(
            member=member, prefix=prefix.rstrip("…"), revoked_at=None
        )
    )
    if len(rows) != 1:
        raise InputError(messages.NO_KEY, where=prefix, hint=messages.NO_KEY_HINT)
    end(rows[0])
    click.echo(messages.KEY_REVOKED.format(name=rows[0].name, prefix=rows[0].prefix))


def _member(login: str | None, config: Path | None) -> Member:
    """The member that is meant, of a server that is set up if need be."""
    from kakehashi.server.start import FIRST_LOGIN, prepare_database, set_up

    set_up(config)
    first = prepare_database()
    if first is not None:
        told = messages.FIRST_START.format(login=first.login, password=first.password)
        click.echo(told, err=True)
    from kakehashi.server.people.services import member_with_login

    member = member_with_login(login or FIRST_LOGIN)
    if member is None:
        raise InputError(
            messages.NO_MEMBER, where=login or FIRST_LOGIN, hint=messages.NO_MEMBER_HINT
        )
    return member
