"""`kakehashi ledger`: figures, limits and prices, on the machine of the server."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kakehashi.cli import server_messages as messages
from kakehashi.errors import InputError, OutputError

if TYPE_CHECKING:
    from kakehashi.server.people.models import Organisation

_CONFIG = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="The file of settings."
)
_ORGANISATION = click.option(
    "--organisation", metavar="NAME", help="Whose (needed only where there are several)."
)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def ledger() -> None:
    """Show, export and check what was used; set limits and prices."""


@ledger.command()
@_ORGANISATION
@click.option("--days", type=click.IntRange(1), default=31, show_default=True)
@_CONFIG
def show(organisation: str | None, days: int, config: Path | None) -> None:
    """What was used, day by day."""
    whose = named_organisation(organisation, config)
    from kakehashi.server.metering.export import by_day, entries

    rows = list(by_day(entries(whose, datetime.now(UTC) - timedelta(days=days))))
    click.echo(messages.DAYS_HEAD)
    for row in rows:
        told = messages.DAY.format(
            day=row.day,
            requests=row.requests,
            read=row.prompt_tokens,
            written=row.completion_tokens,
            characters=row.characters,
            yen=row.micro_yen / 1_000_000,
        )
        click.echo(told)


@ledger.command()
@_ORGANISATION
@click.option("--since", type=_DAY, help="From this day on.")
@click.option("--until", type=_DAY, help="Up to, not including, this day.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
@_CONFIG
def export(
    organisation: str | None,
    since: datetime | None,
    until: datetime | None,
    output: Path | None,
    config: Path | None,
) -> None:
    """Write the entries as CSV, to the standard output or a file."""
    whose = named_organisation(organisation, config)
    from kakehashi.server.metering.export import entries, write_csv

    rows = entries(whose, _begin(since), _begin(until))
    if output is None:
        write_csv(rows, sys.stdout)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(rows, file)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(output)) from None
    click.echo(messages.EXPORTED.format(count=count, path=output))


@ledger.command()
@_CONFIG
def rebuild(config: Path | None) -> None:
    """Compare every counter with the ledger, and make those anew that differ."""
    prepared(config)
    from kakehashi.server.metering.counters import rebuild as make_anew

    wrong = make_anew()
    click.echo(messages.REBUILT.format(count=len(wrong)))


@ledger.command()
@click.option("--before", type=_DAY, required=True, help="Entries before this day.")
@_ORGANISATION
@_CONFIG
@click.confirmation_option(prompt=messages.REALLY_ANONYMISE)
def anonymise(before: datetime, organisation: str | None, config: Path | None) -> None:
    """Take members and keys out of old entries; all sums stay. Cannot be undone."""
    whose = named_organisation(organisation, config)
    from kakehashi.server.metering.retention import anonymise as forget

    begin = _begin(before)
    assert begin is not None
    click.echo(messages.ANONYMISED.format(count=forget(whose, begin)))


@ledger.command()
@click.option("--model", default="", help="For this model (all that have none of their own).")
@click.option("--read", type=click.IntRange(0), default=0, help="Yen for a million tokens read.")
@click.option("--cached", type=click.IntRange(0), help="The same for those from the cache.")
@click.option("--written", type=click.IntRange(0), default=0, help="Yen for a million written.")
@click.option("--characters", type=click.IntRange(0), default=0, help="Yen for a million.")
@_CONFIG
def price(
    model: str, read: int, cached: int | None, written: int, characters: int, config: Path | None
) -> None:
    """Set a price, from now on. What was used before keeps the price of its time."""
    prepared(config)
    from kakehashi.server.metering.models import Price

    Price.objects.create(
        model=model,
        valid_from=datetime.now(UTC),
        yen_per_million_prompt=read,
        yen_per_million_cached=read if cached is None else cached,
        yen_per_million_completion=written,
        yen_per_million_characters=characters,
    )
    click.echo(messages.PRICE_SET.format(model=model or messages.ALL_MODELS))


@ledger.command()
@click.argument("measure", type=click.Choice(["requests", "tokens", "characters", "yen"]))
@click.argument("window", type=click.Choice(["minute", "day", "month"]))
@click.argument("amount", type=click.IntRange(0))
@click.option(
    "--for",
    "subject",
    type=click.Choice(["organisation", "department", "member", "key"]),
    default="organisation",
    show_default=True,
    help="For the organisation, or for each of these by themselves.",
)
@click.option("--model", default="", help="For this model (all together).")
@_ORGANISATION
@_CONFIG
def limit(
    measure: str,
    window: str,
    amount: int,
    subject: str,
    model: str,
    organisation: str | None,
    config: Path | None,
) -> None:
    """Allow AMOUNT of MEASURE in each WINDOW: `limit requests day 200 --for member`."""
    whose = named_organisation(organisation, config)
    from kakehashi.server.metering.limits import set_limit
    from kakehashi.server.metering.models import Measure, Subject, Window

    in_yen = measure == "yen"
    set_limit(
        whose,
        Subject(subject),
        Measure.MICRO_YEN if in_yen else Measure(measure),
        Window(window),
        amount * 1_000_000 if in_yen else amount,
        model=model,
    )
    click.echo(messages.LIMIT_SET.format(amount=amount, measure=measure, window=window))


@ledger.command()
@click.option("--budget", type=click.IntRange(1), required=True, help="Yen a month.")
@click.option("--members", type=click.IntRange(1), help="Who share it (all members).")
@click.option("--days", type=click.IntRange(1, 31), help="Working days of a month (all days).")
@click.option("--look-back", type=click.IntRange(1), default=31, show_default=True, help="Days.")
@click.option(
    "--ratio",
    type=click.FloatRange(min=0, min_open=True),
    required=True,
    help="The predecessor's tokens for one of ours ('kakehashi bench quality' measures it).",
)
@click.option("--apply", "do", is_flag=True, help="Set these limits.")
@_ORGANISATION
@_CONFIG
def plan(
    budget: int,
    members: int | None,
    days: int | None,
    look_back: int,
    ratio: float,
    do: bool,
    organisation: str | None,
    config: Path | None,
) -> None:
    """How many requests for each member and day a budget allows, by what was used before."""
    whose = named_organisation(organisation, config)
    from kakehashi.server.metering import planner
    from kakehashi.server.people.models import Member

    now = datetime.now(UTC)
    planned = planner.plan(
        whose,
        budget_yen=budget,
        members=members or Member.objects.of(whose).filter(is_active=True).count(),
        since=now - timedelta(days=look_back),
        until=now,
        predecessor_ratio=ratio,
        days=days,
    )
    for each in planned.mix:
        told = messages.MIX.format(
            model=each.model,
            requests=each.requests,
            tokens=each.tokens / each.requests,
            yen=each.micro_yen / each.requests / 1_000_000,
        )
        click.echo(told)
    click.echo(
        messages.PLAN.format(
            budget=budget,
            members=planned.members,
            days=planned.days,
            ours=planned.requests,
            theirs=planned.predecessor_requests,
        )
    )
    if do:
        planner.apply(whose, planned)
        click.echo(messages.PLAN_APPLIED)


def _begin(day: datetime | None) -> datetime | None:
    """Midnight of a day in the server's time zone."""
    from kakehashi.server.metering.windows import aware

    return None if day is None else aware(day)


def prepared(config: Path | None) -> None:
    """Set the server up if need be; a first administrator is told on the standard error."""
    from kakehashi.server.start import prepare_database, set_up

    set_up(config)
    first = prepare_database()
    if first is not None:
        told = messages.FIRST_START.format(login=first.login, password=first.password)
        click.echo(told, err=True)


def named_organisation(name: str | None, config: Path | None) -> Organisation:
    """The organisation of this name; without a name, the only one. Raises InputError."""
    prepared(config)
    from kakehashi.server.people.models import Organisation

    found = list(Organisation.objects.filter(**({} if name is None else {"name": name}))[:2])
    if len(found) != 1:
        raise InputError(
            messages.NO_ORGANISATION if not found else messages.SEVERAL_ORGANISATIONS,
            where=name or "",
            hint=messages.ORGANISATION_HINT,
        )
    return found[0]
