"""What is offered under which name: our skills, as models that any client can ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from kakehashi.engine.base import Engine
from kakehashi.engine.manifest import Manifest
from kakehashi.errors import LanguageError
from kakehashi.language.results import Language, Style
from kakehashi.language.summarise import Summariser
from kakehashi.language.translate import Translator
from kakehashi.server.metering.amounts import Amounts
from kakehashi.settings import Settings

T_co = TypeVar("T_co", covariant=True)

_ENDINGS: Final = re.compile(r"[。．.!?！？…\n]")
_TRIES: Final = 2
_SUMMARY_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Work(Generic[T_co]):
    """Something to be done with an engine.

    Attributes:
        run: yields results as they come; called in a thread of its own, closed when left early.
        tasks: the tasks of the manifest that it may use; they bound what it can cost.
        characters: code points of the source, which are charged.
        source: what is read (for the bound).
    """

    run: Callable[[Engine, Manifest], Generator[T_co]]
    tasks: tuple[str, ...]
    source: str

    @property
    def characters(self) -> int:
        return len(self.source)


def translation(
    text: str, to: Language, settings: Settings, *, style: Style | None = None
) -> Work[str]:
    """A translation, sentence by sentence; joined, the pieces are the whole."""

    def run(engine: Engine, manifest: Manifest) -> Generator[str]:
        translator = Translator(
            engine, manifest, join=settings.join_sentences, limit=settings.max_sentence_chars
        )
        yield from translator.stream_text(text, to, style=style)

    name = f"translate:{'en' if to == 'ja' else 'ja'}-{to}"
    return Work(run, (f"{name}:{style}" if style else name,), text)


def summary(
    text: str, settings: Settings, *, lines: int = _SUMMARY_LINES, to: Language | None = None
) -> Work[str]:
    """A summary in one piece; in the language of the text unless `to` says otherwise."""

    def run(engine: Engine, manifest: Manifest) -> Generator[str]:
        summariser = Summariser(
            engine, manifest, join=settings.join_sentences, limit=settings.max_sentence_chars
        )
        yield str(summariser.summarise(text, lines=lines, to=to))

    tasks = ["summarise:ja", "summarise:en"]
    if to is not None:
        tasks.append(f"translate:{'en' if to == 'ja' else 'ja'}-{to}")
    return Work(run, tuple(tasks), text)


Skill = Callable[[str, Settings], Work[str]]

SKILLS: Final[dict[str, Skill]] = {
    "kakehashi-translate-ja": lambda text, settings: translation(text, "ja", settings),
    "kakehashi-translate-en": lambda text, settings: translation(text, "en", settings),
    "kakehashi-summarise": lambda text, settings: summary(text, settings),
}
"""Model names, and what each does with a text."""


def skill(name: str) -> Skill:
    """The skill that is offered under a name. Raises LanguageError if there is none."""
    try:
        return SKILLS[name]
    except KeyError:
        raise LanguageError(
            f"there is no model '{name}'", hint="there are: " + ", ".join(SKILLS)
        ) from None


def bound(work: Work[object], engine: Engine, manifest: Manifest) -> Amounts:
    """The most that `work` can use, for its reservation.

    Each piece of the text is asked at most twice for each task. There is a piece for each ending
    of a sentence or line, and for each 40 characters, the shortest that a long sentence is cut to.
    """
    tokens = engine.count_tokens(work.source)
    pieces = 1 + len(_ENDINGS.findall(work.source)) + len(work.source) // 40
    prompt = completion = 0
    for name in work.tasks:
        task = manifest.tasks.get(name)
        if task is None:
            continue
        fixed = sum(
            engine.count_tokens(part) if isinstance(part, str) else 1 for part in task.render("")
        )
        prompt += _TRIES * (tokens + pieces * (fixed + 4))
        completion += _TRIES * (
            int(tokens * task.max_tokens_ratio) + pieces * (task.max_tokens_extra + 1)
        )
    return Amounts(prompt, 0, completion, work.characters)
