"""Open the engine that the settings name."""

from __future__ import annotations

import re
from typing import Final

from kakehashi.engine.base import Engine, Request
from kakehashi.engine.manifest import Manifest, read_manifest
from kakehashi.engine.models import find_model, load_engine
from kakehashi.engine.scripted import Reply, ScriptedEngine, request_controls, request_text
from kakehashi.server.engines.balanced import remote_engine
from kakehashi.settings import ServerSettings

_TASKS: Final = (
    "translate:en-ja",
    "translate:en-ja:polite",
    "translate:en-ja:plain",
    "translate:ja-en",
    "summarise:ja",
    "summarise:en",
)
_KNOWN: Final = {
    "The library is closed on Mondays.": "図書館は月曜日が休みです。",
    "Please wait here.": "ここでお待ちください。",
    "図書館は月曜日が休みです。": "The library is closed on Mondays.",
    "ここでお待ちください。": "Please wait here.",
}
# A text may ask the scripted engine for time: [delay 0.05] waits so long before each token.
_DELAY: Final = re.compile(r"\[delay ([\d.]+)\]")


def open_engine(settings: ServerSettings) -> tuple[Engine, Manifest]:
    """The engine of this process and the manifest of its model.

    Raises:
        ModelError, EngineError, DependencyError: as `load_engine`.
        InputError: the key of a remote engine cannot be read.
    """
    if settings.engine == "scripted":
        return ScriptedEngine(_say, context_tokens=4096), scripted_manifest()
    if settings.engine == "remote":
        # The prompts are of the model's folder here; only its weights are elsewhere.
        manifest = read_manifest(find_model(None, settings.base))
        engine = remote_engine(settings.engines[0])
        engine.start()
        return engine, manifest
    return load_engine(find_model(None, settings.base), settings=settings.base)


def _say(request: Request) -> Reply:
    """A known sentence, else something of about the length, in the right language."""
    text = request_text(request)
    task = request_controls(request)[0]
    delay = _DELAY.search(text)
    if text in _KNOWN:
        said = _KNOWN[text]
    elif task.startswith("<translate:en"):
        said = "これは試しの文です。"
    elif task.startswith("<summarise"):
        said = text[: len(text) // 2]
    else:
        said = "This is a sentence for trying."
    return Reply(said, delay=float(delay.group(1)) if delay else 0.0)


def scripted_manifest() -> Manifest:
    """The manifest of the scripted engine: a prompt is a task's name and the source."""
    tasks = {
        name: {"template": [{"control": f"<{name}>"}, {"slot": "source"}], "stop": ["\n"]}
        for name in _TASKS
    }
    return Manifest.model_validate(
        {
            "name": "scripted",
            "version": "1",
            "file": "none",
            "bytes": 0,
            "sha256": "",
            "architecture": "none",
            "context": 4096,
            "languages": ["ja", "en"],
            "licence": "none",
            "base": {"name": "none"},
            "tasks": tasks,
        }
    )
