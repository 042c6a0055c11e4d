"""A whole model folder around a tiny model, for tests of what needs one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kakehashi.digest import sha256_of
from tests.tiny_model import write_gemma3

TASKS: dict[str, Any] = {
    "translate:en-ja": {
        "template": [{"control": "<bos>"}, {"control": "<unused0>"}, {"slot": "source"}],
        "stop": ["\n"],
    },
    "translate:ja-en": {
        "template": [{"control": "<bos>"}, {"control": "<unused1>"}, {"slot": "source"}],
        "stop": ["\n"],
    },
}


def write_model_folder(folder: Path, **changes: Any) -> Path:
    """Write weights and a manifest that fits them; `changes` replace fields of the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = write_gemma3(folder / "model.gguf")
    manifest = {
        "name": "tiny",
        "version": "0.0.1",
        "file": weights.name,
        "bytes": weights.stat().st_size,
        "sha256": sha256_of(weights),
        "architecture": "gemma3",
        "context": 256,
        "languages": ["ja", "en"],
        "licence": "CC0-1.0",
        "base": {"name": "random weights"},
        "tasks": TASKS,
        **changes,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return folder
