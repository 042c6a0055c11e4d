"""`kakehashi sample`: the article that `make run` translates."""

from __future__ import annotations

from importlib.resources import as_file, files

import click


@click.command()
@click.option("--path", is_flag=True, help="Print where the file is instead of its text.")
def sample(path: bool) -> None:
    r"""Print the sample article (English, Markdown).

    \b
    Example:
      kakehashi sample > article.md
      kakehashi translate article.md --to ja
    """
    article = files("kakehashi.samples") / "article.en.md"
    if path:
        with as_file(article) as file:
            click.echo(str(file))
    else:
        click.echo(article.read_text(encoding="utf-8"), nl=False)
