from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.bench.compare import agreement, model_folder
from kakehashi.cli.main import cli
from kakehashi.engine.manifest import read_manifest, verify
from kakehashi.errors import FileMissingError
from tests.tiny_model import SAMPLE, write_gemma3, write_llama


def test_agreement_of_outputs() -> None:
    same = agreement(["図書館です。", ""], ["図書館です。 ", ""])
    assert same == {"identical": 1.0, "overlap": 1.0}
    half = agreement(["図書館は休みです。", "はい"], ["図書館が休みです。", "はい"])
    assert half["identical"] == 0.5
    assert 0.5 < half["overlap"] < 1
    assert agreement(["あいう"], [""]) == {"identical": 0.0, "overlap": 0.0}


def test_a_bare_model_is_asked_with_examples(tmp_path: Path) -> None:
    model = write_llama(tmp_path / "model.gguf")
    with ExitStack() as stack:
        folder = model_folder(model, stack)
        manifest = read_manifest(folder)
        assert verify(folder, manifest).read_bytes() == model.read_bytes()
        parts = manifest.task("translate:en-ja").render("The library")
        assert getattr(parts[0], "name", "") == "<|im_start|>"
        assert "".join(p for p in parts if isinstance(p, str)).count("Japanese:") == 3
    assert not folder.exists()
    with pytest.raises(FileMissingError), ExitStack() as stack:
        model_folder(tmp_path / "nothing.gguf", stack)


def test_compare_writes_every_figure(tmp_path: Path) -> None:
    old = write_gemma3(tmp_path / "old.gguf", context=4096)
    new = write_gemma3(tmp_path / "new.gguf", seed=1, context=4096)
    text, out = tmp_path / "text.txt", tmp_path / "out.json"
    text.write_text(SAMPLE, encoding="utf-8")
    arguments = ["forge", "compare", str(old), str(new), "--text", str(text), "--rounds", "1"]
    result = CliRunner().invoke(cli, [*arguments, "--json", str(out)])
    assert result.exit_code == 0, result.output
    figures = json.loads(out.read_text("utf-8"))
    assert figures["fertility"]["predecessor"] == figures["fertility"]["successor"]
    assert figures["file_bytes"]["predecessor"] == old.stat().st_size
    assert set(figures["agreement"]) == {"identical", "overlap"}
    assert figures["speed"]["ratios"]["decode_tokens_per_second"] > 0
    assert "fertility, ja" in result.stdout
