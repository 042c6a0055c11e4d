"""Two models side by side: what `kakehashi forge compare` prints.

Speed, memory and translations come from one interleaved run of `speed.measure`; fertility and
file sizes from the files themselves; agreement from the translations both made of the same
sentences.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.table import Table

from kakehashi.bench.speed import MODELS, RATES, Plan, Say, Texts, japanese_characters, measure
from kakehashi.digest import sha256_of
from kakehashi.engine.manifest import MANIFEST, read_manifest
from kakehashi.errors import FileMissingError, InputError
from kakehashi.gguf_file import read_gguf

_NGRAM = 3


def model_folder(path: Path, stack: ExitStack) -> Path:
    """`path` if it is a model folder; for a bare GGUF a temporary folder with a manifest.

    A bare model knows no control tokens, so its manifest asks with two examples in the prompt,
    as the predecessor's does.
    """
    if path.is_dir():
        return path
    if not path.is_file():
        raise FileMissingError("there is no such model", where=str(path))
    template = files("kakehashi.bench").joinpath("data/predecessor.json")
    manifest = json.loads(template.read_text(encoding="utf-8"))
    model = read_gguf(path, tensors=False)
    bos = model.get("tokenizer.ggml.tokens")[model.get("tokenizer.ggml.bos_token_id", 0)]
    for task in manifest["tasks"].values():
        for part in task["template"]:
            if "control" in part:
                part["control"] = bos
    manifest |= {
        "name": str(model.get("general.name", path.stem)),
        "file": "model.gguf",
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
        "architecture": model.architecture,
        "context": int(model.hyper("context_length", 2048)),
    }
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kakehashi-compare-")))
    (folder / "model.gguf").symlink_to(path.resolve())
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return folder


def agreement(first: Sequence[str], second: Sequence[str]) -> dict[str, float]:
    """How alike two lists of outputs are.

    Returns:
        ``identical``: share of equal outputs; ``overlap``: mean Dice coefficient of their
        sets of character trigrams (1 for two empty outputs).
    """
    same = [a.strip() == b.strip() for a, b in zip(first, second, strict=True)]
    overlaps = []
    for a, b in zip(first, second, strict=True):
        left, right = _ngrams(a), _ngrams(b)
        both = len(left) + len(right)
        overlaps.append(2 * len(left & right) / both if both else 1.0)
    count = max(len(same), 1)
    return {"identical": sum(same) / count, "overlap": sum(overlaps) / count}


def _ngrams(text: str) -> set[str]:
    padded = f" {text.strip()} " if text.strip() else ""
    return {padded[i : i + _NGRAM] for i in range(len(padded) - _NGRAM + 1)}


def compare_models(
    old: Path, new: Path, lines: Sequence[str], *, rounds: int, fertility: Any, say: Say
) -> dict[str, Any]:
    """Compare two models (folders or GGUF files) on `lines` of text in both languages.

    Args:
        fertility: gives ``{language: tokens per character}`` of a GGUF file on `lines`; handed
            in because measuring it is the forge's work.

    Raises:
        InputError: no English sentence among the lines.
    """
    clean = [line.strip() for line in lines if line.strip()]
    japanese = tuple(line for line in clean if japanese_characters(line) > len(line) / 5)
    english = tuple(line for line in clean if line not in set(japanese) and len(line.split()) > 3)
    if not english:
        raise InputError("no English sentence to translate among the lines", where="--text")
    with ExitStack() as stack:
        folders = {
            name: model_folder(path, stack) for name, path in zip(MODELS, (old, new), strict=True)
        }
        weights = {name: folder / read_manifest(folder).file for name, folder in folders.items()}
        speed = measure(
            folders["predecessor"], folders["successor"], plan=Plan(rounds=rounds, busy=False),
            texts=Texts(english, japanese), say=say,
        ).as_dict()  # fmt: skip
        outputs: dict[str, list[str]] = {name: [] for name in MODELS}
        for detail in speed["details"]:
            for name in MODELS:
                outputs[name] += detail[name]["translate_1"]["outputs"]
        return {
            "speed": speed,
            "fertility": {name: fertility(path, clean) for name, path in weights.items()},
            "file_bytes": {name: path.stat().st_size for name, path in weights.items()},
            "agreement": agreement(outputs["predecessor"], outputs["successor"]),
        }


def comparison_table(result: dict[str, Any]) -> Table:
    """The figures of `compare_models` as a table: old, new and their ratio."""
    table = Table("figure", "old", "new", "new ÷ old")
    speed = result["speed"]

    def row(label: str, old: float, new: float, form: str, ratio: float | None = None) -> None:
        share = ratio if ratio is not None else (new / old if old else float("nan"))
        table.add_row(label, format(old, form), format(new, form), f"{share:.2f}")

    for key in RATES:
        old, new = (speed["figures"][name][key]["median"] for name in MODELS)
        row(key.replace("_", " "), old, new, ",.1f", speed["ratios"][key])
    for language in sorted(set(result["fertility"]["predecessor"])):
        old, new = (result["fertility"][name].get(language, 0.0) for name in MODELS)
        row(f"fertility, {language} (tokens per character)", old, new, ".4f")
    old, new = (result["file_bytes"][name] / 1e6 for name in MODELS)
    row("file (MB)", old, new, ",.1f")
    if speed["resident_peak_bytes"]:
        old, new = (speed["resident_peak_bytes"][name] / 1e6 for name in MODELS)
        row("resident memory at the peak (MB)", old, new, ",.0f")
    table.add_row("identical translations", "", f"{result['agreement']['identical']:.1%}", "")
    table.add_row("overlap of trigrams", "", f"{result['agreement']['overlap']:.1%}", "")
    return table
