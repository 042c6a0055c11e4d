"""Find model folders on this machine, check one, and open the engine for it.

A model is looked for in this order: what `KAKEHASHI_MODEL` names, the installed distribution
`kakehashi-model-ja`, the folders below `KAKEHASHI_HOME/models`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from kakehashi.engine._header import gguf_architecture
from kakehashi.engine.base import Engine
from kakehashi.engine.llama_cpp import DEFAULT_CONTEXT, DEFAULT_PARALLEL, LlamaCppEngine
from kakehashi.engine.machine import WORKING_BYTES, available_memory
from kakehashi.engine.manifest import (
    MANIFEST,
    ControlPart,
    Manifest,
    check_size,
    read_manifest,
)
from kakehashi.engine.manifest import verify as verify_weights
from kakehashi.errors import ModelError, ModelMissingError, ModelTooLargeError
from kakehashi.settings import Settings, read_settings

MODEL_PACKAGE = "kakehashi_model_ja"
Origin = Literal["KAKEHASHI_MODEL", "installed", "home"]

_NO_MODEL_HINT = (
    "pip install kakehashi-model-ja, or put a model folder below {models}, "
    "or name one with KAKEHASHI_MODEL"
)


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model folder and how it was found; `problem` says why its manifest cannot be read."""

    folder: Path
    origin: Origin
    manifest: Manifest | None
    problem: ModelError | None = None


def models_home(settings: Settings | None = None) -> Path:
    """The folder whose sub-folders are models."""
    return (settings or read_settings()).home / "models"


def installed_model() -> Path | None:
    """The folder of the installed distribution `kakehashi-model-ja`; None: not installed."""
    if find_spec(MODEL_PACKAGE) is None:
        return None
    folder = files(MODEL_PACKAGE) / "model"
    return folder if isinstance(folder, Path) and folder.is_dir() else None


def _folders(settings: Settings) -> Iterator[tuple[Path, Origin]]:
    if settings.model is not None:
        yield settings.model, "KAKEHASHI_MODEL"
    installed = installed_model()
    if installed is not None and any(installed.iterdir()):
        yield installed, "installed"
    home = models_home(settings)
    if home.is_dir():
        for folder in sorted(home.iterdir()):
            if (folder / MANIFEST).is_file():
                yield folder, "home"


def list_models(settings: Settings | None = None) -> list[FoundModel]:
    """All models of this machine, in the order in which they are looked for."""
    found: list[FoundModel] = []
    for folder, origin in _folders(settings or read_settings()):
        try:
            found.append(FoundModel(folder, origin, read_manifest(folder)))
        except ModelError as error:
            found.append(FoundModel(folder, origin, None, error))
    return found


def find_model(name_or_path: str | Path | None = None, settings: Settings | None = None) -> Path:
    """The folder of a model.

    Args:
        name_or_path: a folder, or the name of a model as `list_models` shows it; None is the
            first model there is.
        settings: instead of the environment's.

    Raises:
        ModelMissingError: there is none, or none of that name.
    """
    settings = settings or read_settings()
    if name_or_path is not None:
        return _find_named(name_or_path, settings)
    for folder, origin in _folders(settings):
        if not folder.is_dir():
            raise ModelMissingError(
                f"there is no such model folder: {folder}",
                where=origin,
                hint="correct or unset it; 'kakehashi model list' shows what is installed",
            )
        return folder
    raise ModelMissingError(
        "no model is installed", hint=_NO_MODEL_HINT.format(models=models_home(settings))
    )


def _find_named(name_or_path: str | Path, settings: Settings) -> Path:
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    known: list[str] = []
    for model in list_models(settings):
        names = [model.folder.name] if model.origin == "home" else []
        if model.manifest is not None:
            names.append(model.manifest.name)
        if str(name_or_path) in names:
            return model.folder
        known += names
    told = ", ".join(dict.fromkeys(known))
    raise ModelMissingError(
        "there is no such model folder, and no installed model of this name",
        where=str(name_or_path),
        hint=f"installed: {told}" if told else _NO_MODEL_HINT.format(models=models_home(settings)),
    )


def control_names(manifest: Manifest) -> list[str]:
    """The control tokens that the manifest's templates use, each once."""
    parts = (part for task in manifest.tasks.values() for part in task.template)
    return list(dict.fromkeys(part.control for part in parts if isinstance(part, ControlPart)))


def check_model(folder: Path, *, verify: bool = True) -> tuple[Manifest, Path]:
    """Check everything about a model folder that can be checked without loading the weights.

    Args:
        folder: the model folder.
        verify: compare the weights' sha256 (0.05 s for 75 MB, so there is no cache of it).

    Returns:
        The manifest and the path of the weights.

    Raises:
        ModelMissingError: the folder, the manifest or the weights are missing.
        ModelDamagedError: the weights are truncated or changed.
        ModelTooLargeError: they do not fit into the memory that is free.
        ModelError: the manifest is not valid, or belongs to other weights.
    """
    manifest = read_manifest(folder)
    weights = check_size(folder, manifest)
    needed, free = manifest.bytes + WORKING_BYTES, available_memory()
    if needed > free:
        raise ModelTooLargeError(
            f"the model {manifest.name} needs about {needed / 1e6:,.0f} MB of memory, "
            f"{free / 1e6:,.0f} MB are free",
            where=str(folder),
            hint="end other programs, or use a smaller model",
        )
    if verify:
        verify_weights(folder, manifest)
    architecture = gguf_architecture(weights)
    if architecture != manifest.architecture:
        raise ModelError(
            f"the weights are a '{architecture}' model, the manifest says "
            f"'{manifest.architecture}'",
            where=str(weights),
            hint="manifest and weights come from different bases; install the model again",
        )
    return manifest, weights


def load_engine(
    folder: Path,
    *,
    verify: bool = True,
    threads: int | None = None,
    parallel: int | None = None,
    context: int = DEFAULT_CONTEXT,
    settings: Settings | None = None,
) -> tuple[Engine, Manifest]:
    """Check a model folder and open it in this process.

    Args:
        folder: the model folder, from `find_model`.
        verify: compare the weights' sha256 with the manifest.
        threads, parallel: instead of the settings'; 0 lets the engine decide.
        context: most tokens of one request, at most what the manifest allows.
        settings: instead of the environment's.

    Raises:
        ModelError: see `check_model`; also if a control token of the manifest's templates is
            not in the vocabulary.
        EngineError: llama.cpp cannot load the weights.
        DependencyError: `xllamacpp` is not installed.
    """
    settings = settings or read_settings()
    manifest, weights = check_model(folder, verify=verify)
    engine = LlamaCppEngine(
        weights,
        threads=(settings.threads if threads is None else threads) or None,
        parallel=(settings.parallel if parallel is None else parallel) or DEFAULT_PARALLEL,
        context=min(context, manifest.context),
        controls=control_names(manifest),
    )
    return engine, manifest
