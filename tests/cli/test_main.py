from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kakehashi import __version__
from kakehashi.cli.main import COMMANDS, cli
from kakehashi.documents import open_document
from tests.cli.conftest import Kakehashi


@pytest.mark.parametrize("args", [["--version"], ["--help"]])
def test_help_and_version_load_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys; from kakehashi.cli.main import cli\n"
        f"try: cli.main({args!r}, prog_name='kakehashi')\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'sudachipy', 'xllamacpp', 'pydantic', 'rich.progress', 'lxml'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert __version__ in done.stdout or "translate" in done.stdout


def test_help_names_every_verb(kakehashi: Kakehashi) -> None:
    done = kakehashi("--help")
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_verb_has_help(kakehashi: Kakehashi, name: str) -> None:
    done = kakehashi(name, "--help")
    assert done.exit_code == 0
    assert "Usage: cli " + name in done.stdout


def test_an_unknown_verb(kakehashi: Kakehashi) -> None:
    done = kakehashi("transmogrify")
    assert done.exit_code == 2
    assert "transmogrify" in done.stderr


def test_the_american_spelling_works(kakehashi: Kakehashi) -> None:
    assert cli.commands == {}
    assert kakehashi("summarize", "--help").exit_code == 0


def test_the_sample_is_an_article(kakehashi: Kakehashi) -> None:
    text = kakehashi("sample").stdout
    assert text.startswith("# ")
    path = Path(kakehashi("sample", "--path").stdout.strip())
    assert path.read_text("utf-8") == text
    segments = open_document(path).segments
    assert sum(one.text.count(". ") + 1 for one in segments) >= 25
