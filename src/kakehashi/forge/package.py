"""Put weights and a manifest together as a model folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from kakehashi.digest import sha256_of
from kakehashi.errors import FormatError, ModelDamagedError
from kakehashi.forge.tasks import BOS, CONTROL_TOKENS, EOS, manifest_tasks
from kakehashi.gguf_file import read_gguf

# The training examples end at 256 tokens; a longer source is cut into parts by the skills.
CONTEXT_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from and how it was made, for its manifest.

    Attributes:
        base: name, package, file and sha256 of the predecessor.
        fertility: tokens per character by language, as measured by `forge inspect`.
        made: free facts (rows, steps, tokens trained, recipe).
    """

    base: dict[str, str]
    fertility: dict[str, float] = field(default_factory=dict)
    made: dict[str, object] = field(default_factory=dict)


def package(weights: Path, folder: Path, *, name: str, version: str, origin: Origin) -> Path:
    """Write `model.gguf` and `manifest.json` into `folder` and return the manifest's path.

    Raises:
        FormatError: the vocabulary lacks a control token that the tasks need.
        ModelDamagedError: the weights changed while they were copied.
    """
    model = read_gguf(weights, tensors=False)
    pieces = set(model.get("tokenizer.ggml.tokens", []))
    missing = [t for t in (BOS, EOS, *(c.token for c in CONTROL_TOKENS)) if t not in pieces]
    if missing:
        raise FormatError(
            "the vocabulary has no token " + ", ".join(missing),
            where=str(weights),
            hint="package a model that was pruned with enough --unused tokens and then trained",
        )
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256_of(weights)
    target = folder / "model.gguf"
    temporary = folder / ".model.gguf.tmp"
    shutil.copyfile(weights, temporary)
    if sha256_of(temporary) != digest:
        temporary.unlink()
        raise ModelDamagedError("the copy differs from the original", where=str(weights))
    manifest = {
        "name": name,
        "version": version,
        "file": target.name,
        "bytes": temporary.stat().st_size,
        "sha256": digest,
        "architecture": model.architecture,
        "context": min(CONTEXT_TOKENS, int(model.hyper("context_length", CONTEXT_TOKENS))),
        "languages": ["ja", "en"],
        "licence": str(model.get("general.license", "unknown")),
        "base": origin.base,
        "tasks": manifest_tasks(),
        "fertility": origin.fertility,
        "made": origin.made,
    }
    path = folder / "manifest.json"
    draft = folder / f".manifest.{os.getpid()}.tmp"
    draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    temporary.replace(target)
    draft.replace(path)
    return path
