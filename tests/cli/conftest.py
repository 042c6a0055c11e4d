"""The command line over a scripted model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kakehashi import api
from kakehashi.cli.main import cli
from kakehashi.engine.base import Request
from kakehashi.engine.scripted import Reply, ScriptedEngine, request_text
from kakehashi.settings import Settings
from tests.language.helpers import engine, manifest, task_of

Say = Callable[[Request], "str | Reply"]
KNOWN = {
    "The library is closed.": "図書館は休みです。",
    "Wait here.": "ここでお待ちください。",
    "Notice": "お知らせ",
    "図書館は休みです。": "The library is closed.",
    "ここでお待ちください。": "Wait here.",
}


def say(request: Request) -> str:
    """Known sentences, else something in the right language."""
    text = request_text(request)
    other = (
        "それは別の話です。" if task_of(request).startswith("translate:en") else "Another thing."
    )
    return KNOWN.get(text, other)


@dataclass
class Kakehashi:
    """Runs the command line; `engine` is the last one that was loaded."""

    monkeypatch: pytest.MonkeyPatch
    engine: ScriptedEngine | None = None

    def script(self, say: Say) -> None:
        def load(model: str | Path | None, settings: Settings) -> object:
            self.engine = engine(say)
            return self.engine, manifest()

        self.monkeypatch.setattr(api, "_load", load)

    def __call__(self, *args: str, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli, list(args), input=input, catch_exceptions=False)


@pytest.fixture
def kakehashi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kakehashi:
    monkeypatch.chdir(tmp_path)
    runner = Kakehashi(monkeypatch)
    runner.script(say)
    return runner
