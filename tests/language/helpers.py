"""A model that exists only as a script, and its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kakehashi.documents.base import Mark, Segment
from kakehashi.engine.base import Request
from kakehashi.engine.manifest import Manifest
from kakehashi.engine.scripted import Reply, ScriptedEngine, request_controls, request_text
from kakehashi.language.figures import prepare
from kakehashi.language.results import Language

BOTH: tuple[Language, Language] = ("ja", "en")
TASKS = (
    "translate:en-ja",
    "translate:ja-en",
    "translate:en-ja:polite",
    "summarise:ja",
    "summarise:en",
)


def manifest(tasks: Iterable[str] = TASKS) -> Manifest:
    """A manifest whose prompts are one control token (the task's name) and the source."""
    return Manifest.model_validate(
        {
            "name": "script",
            "version": "1",
            "file": "none",
            "bytes": 0,
            "sha256": "",
            "architecture": "script",
            "context": 1024,
            "languages": ["ja", "en"],
            "licence": "none",
            "base": {"name": "none"},
            "tasks": {
                name: {"template": [{"control": f"<{name}>"}, {"slot": "source"}], "stop": ["\n"]}
                for name in tasks
            },
        }
    )


def engine(script: dict[str, str | Reply] | Callable[[Request], str | Reply]) -> ScriptedEngine:
    """An engine that looks replies up by the whole source, or asks a function.

    The source may be as it stands in the document, or with its figures written by rule.
    """
    if callable(script):
        return ScriptedEngine(script)
    replies = {prepare(key, to).text: reply for key, reply in script.items() for to in BOTH}
    replies.update(script)

    def say(request: Request) -> str | Reply:
        return replies[request_text(request)]

    return ScriptedEngine(say)


def task_of(request: Request) -> str:
    """Which task a request asks for."""
    return request_controls(request)[0].strip("<>")


def marked(text: str) -> Segment:
    """A segment from text with marks: ``*styled*``, `` `protected` ``, ``|`` a point."""
    plain = ""
    marks: list[Mark] = []
    open_at: dict[str, int] = {}
    for char in text:
        if char == "|":
            marks.append(Mark(len(plain), len(plain), len(marks)))
        elif char in "*`":
            if char in open_at:
                marks.append(Mark(open_at.pop(char), len(plain), len(marks), char == "`"))
            else:
                open_at[char] = len(plain)
        else:
            plain += char
    marks.sort(key=lambda mark: mark.start)
    return Segment(0, plain, "line 1", marks=tuple(marks))
