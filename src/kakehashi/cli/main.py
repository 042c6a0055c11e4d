"""`kakehashi`: the group of all verbs. A verb's file is imported when the verb is called."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import click

from kakehashi import __version__
from kakehashi.errors import Cancelled, KakehashiError

# verb → where its click command is, and what the help says (so that help imports nothing).
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "translate": (
        "kakehashi.cli.translate:translate",
        "Translate a text or document between Japanese and English.",
    ),
    "summarise": (
        "kakehashi.cli.summarise:summarise",
        "Summarise a text or document in a few lines.",
    ),
    "review": (
        "kakehashi.cli.review:review",
        "Put a corrected review of a translation into its document.",
    ),
    "proofread": (
        "kakehashi.cli.proofread:proofread",
        "Find slips in Japanese: typos, grammar, honorifics, style, notation.",
    ),
    "serve": ("kakehashi.cli.serve:serve", "Serve people and programs (APIs, keys, limits)."),
    "key": ("kakehashi.cli.key:key", "Make, list and revoke API keys of the server."),
    "ledger": ("kakehashi.cli.ledger:ledger", "Show and export what was used; limits, prices."),
    "glossary": ("kakehashi.cli.glossary:glossary", "Check files of terms."),
    "memory": ("kakehashi.cli.memory:memory", "Keep and search what was translated before."),
    "organisation": (
        "kakehashi.cli.organisation:organisation",
        "Invite, list, pause and resume organisations of the server.",
    ),
    "model": ("kakehashi.cli.model:model", "List, show and verify models."),
    "doctor": ("kakehashi.cli.doctor:doctor", "Check this machine, the engine and the model."),
    "sample": ("kakehashi.cli.sample:sample", "Print the sample article."),
    "forge": ("kakehashi.cli.forge:forge", "Make a Japanese model out of an open one."),
    "bench": ("kakehashi.cli.bench:bench", "Measure speed and quality side by side."),
}
_ALIASES: Final = {"summarize": "summarise"}


class LazyGroup(click.Group):
    """Imports a verb when it is called; turns our errors into a message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = _ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KakehashiError as error:
            raise _failed(error) from error
        except KeyboardInterrupt:
            raise _failed(Cancelled("stopped")) from None


def _failed(error: KakehashiError) -> click.exceptions.Exit:
    """Say what was wrong, and the exit that goes with it."""
    click.echo(f"kakehashi: {error}", err=True)
    return click.exceptions.Exit(error.exit_code)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kakehashi", message="%(prog)s %(version)s")
def cli() -> None:
    """Kakehashi (架け橋): Japanese language AI that runs on your own machine.

    Nothing that is given to it leaves this machine.
    """


def main(args: Sequence[str] | None = None) -> None:
    """Entry point. Exit codes are those of `kakehashi.errors`; 2 also for wrong arguments."""
    cli.main(args=list(args) if args is not None else None, prog_name="kakehashi")
