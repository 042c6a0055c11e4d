"""Model folders for the tests of this room: tiny weights with a manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kakehashi.digest import sha256_of
from tests.tiny_model import write_gemma3


def manifest_for(weights: Path, name: str = "tiny") -> dict[str, Any]:
    """A manifest with both directions and summaries, asked by control tokens."""

    def task(control: str) -> dict[str, Any]:
        return {
            "template": [{"control": "<bos>"}, {"control": control}, {"slot": "source"}],
            "max_tokens_ratio": 1.5,
            "max_tokens_extra": 8,
        }

    return {
        "name": name,
        "version": "0.0.1",
        "file": weights.name,
        "bytes": weights.stat().st_size,
        "sha256": sha256_of(weights),
        "architecture": "gemma3",
        "context": 2048,
        "languages": ["ja", "en"],
        "licence": "test",
        "base": {"name": "none"},
        "tasks": {
            "translate:en-ja": task("<unused0>"),
            "translate:ja-en": task("<unused1>"),
            "summarise:ja": task("<unused2>"),
        },
    }


def write_folder(folder: Path, *, name: str = "tiny", seed: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    weights = write_gemma3(folder / "model.gguf", seed=seed)
    (folder / "manifest.json").write_text(json.dumps(manifest_for(weights, name)), "utf-8")
    return folder
