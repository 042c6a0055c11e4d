"""A model is a folder: weights, `manifest.json`, model card. This file reads the manifest.

The rendering of prompts lives here, with the model, never in callers: a caller names a task
(`translate:en-ja`, `summarise:ja` …) and gives the text; which control tokens or examples
surround it is the model's own business.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kakehashi.digest import sha256_of
from kakehashi.engine.base import Control, PromptPart
from kakehashi.errors import (
    LanguageError,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
)

MANIFEST = "manifest.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ControlPart(_Frozen):
    """A control token, by its text in the vocabulary."""

    control: str


class TextPart(_Frozen):
    """Fixed text (examples in the prompt of a model that knows no control tokens)."""

    text: str


class SlotPart(_Frozen):
    """Where the caller's text goes."""

    slot: Literal["source"]


class Task(_Frozen):
    """How one task is asked of this model.

    `max_tokens_ratio`: most generated tokens per source token, plus `max_tokens_extra`.
    """

    template: tuple[Annotated[ControlPart | TextPart | SlotPart, Field()], ...]
    stop: tuple[str, ...] = ()
    max_tokens_ratio: float = 2.5
    max_tokens_extra: int = 24

    def render(self, source: str) -> tuple[PromptPart, ...]:
        """The prompt for `source`, as parts for an engine."""
        parts: list[PromptPart] = []
        for part in self.template:
            if isinstance(part, ControlPart):
                parts.append(Control(part.control))
            elif isinstance(part, TextPart):
                parts.append(part.text)
            else:
                parts.append(source)
        return tuple(parts)

    def max_tokens(self, source_tokens: int) -> int:
        """Most tokens to generate for a source of `source_tokens` tokens."""
        return int(source_tokens * self.max_tokens_ratio) + self.max_tokens_extra


class Base(_Frozen):
    """The predecessor this model was made from."""

    name: str
    package: str = ""
    file: str = ""
    sha256: str = ""


class Manifest(_Frozen):
    """`manifest.json` of a model folder."""

    name: str
    version: str
    file: str
    bytes: int
    sha256: str
    architecture: str
    context: int
    languages: tuple[str, ...]
    licence: str
    base: Base
    tasks: dict[str, Task]
    fertility: dict[str, float] = Field(default_factory=dict)
    made: dict[str, object] = Field(default_factory=dict)

    def task(self, name: str) -> Task:
        """The task called `name`.

        Raises:
            LanguageError: this model does not offer it.
        """
        try:
            return self.tasks[name]
        except KeyError:
            raise LanguageError(
                f"the model {self.name} does not offer the task '{name}'",
                hint="it offers: " + ", ".join(sorted(self.tasks)),
            ) from None


def read_manifest(folder: Path) -> Manifest:
    """Read and validate `folder/manifest.json` (the weights are not looked at).

    Raises:
        ModelMissingError: no such folder or manifest.
        ModelError: the manifest is not valid; the message names the field.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ModelMissingError(
            "there is no such model folder",
            where=str(folder),
            hint="'kakehashi model list' shows the models that are installed",
        )
    try:
        raw = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelMissingError(
            f"the folder holds no {MANIFEST}",
            where=str(folder),
            hint="a model is a folder with a manifest.json and the weights that it names",
        ) from None
    try:
        return Manifest.model_validate(json.loads(raw))
    except json.JSONDecodeError as error:
        raise ModelError(
            f"not valid JSON: {error.msg} (line {error.lineno})", where=str(path)
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ModelError(f"field '{place}': {first['msg']}", where=str(path)) from None


def check_size(folder: Path, manifest: Manifest) -> Path:
    """Check that the weights are there and as long as they should be; return their path.

    Raises:
        ModelMissingError: the file is not there.
        ModelDamagedError: its size differs.
    """
    path = folder / manifest.file
    if not path.is_file():
        raise ModelMissingError(
            f"the weights '{manifest.file}' named by the manifest are missing",
            where=str(folder),
            hint="install the model again",
        )
    size = path.stat().st_size
    if size != manifest.bytes:
        kind = "truncated" if size < manifest.bytes else "longer than it should be"
        raise ModelDamagedError(
            f"the file is {kind}: {size:,} bytes instead of {manifest.bytes:,}",
            where=str(path),
            hint="copy or install the model again",
        )
    return path


def verify(folder: Path, manifest: Manifest) -> Path:
    """Check the weights against the manifest and return their path.

    Raises:
        ModelMissingError: the file is not there.
        ModelDamagedError: its size or its sha256 differs.
    """
    path = check_size(folder, manifest)
    if sha256_of(path) != manifest.sha256:
        raise ModelDamagedError(
            "the content differs from the manifest (sha256)",
            where=str(path),
            hint="the file was changed or damaged, or belongs to another model; install it again",
        )
    return path
