"""`kakehashi serve`: the server, on one machine, with nothing else installed."""

from __future__ import annotations

from pathlib import Path

import click

from kakehashi.cli import server_messages as messages


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", metavar="ADDRESS", help="Listen here (127.0.0.1; 0.0.0.0 for all).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (8750; 0: a free one).")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of settings (kakehashi.toml in the home folder).",
)
def serve(host: str | None, port: int | None, config: Path | None) -> None:
    """Serve translation and summaries to people and programs.

    The first start makes an administrator and prints the one-time password.
    """
    from kakehashi.server.run import listen
    from kakehashi.server.run import serve as run
    from kakehashi.server.start import prepare_database, set_up

    settings = set_up(config)
    first = prepare_database()
    sock = listen(host or settings.host, settings.port if port is None else port)
    bound_host, bound_port = sock.getsockname()[:2]
    address = settings.url.rstrip("/") or f"http://{bound_host}:{bound_port}"
    if first is not None:
        click.echo(messages.FIRST_START.format(login=first.login, password=first.password))
    click.echo(messages.SERVING.format(address=address))
    run(settings, sock)
    click.echo(messages.STOPPED)
