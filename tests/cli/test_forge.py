from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kakehashi.cli.main import cli
from kakehashi.engine.manifest import read_manifest, verify
from kakehashi.gguf_file import read_gguf
from tests.tiny_model import SAMPLE, write_gemma3, write_llama


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["forge", *map(str, arguments)])


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.tsv"
    path.write_text(SAMPLE.replace("\n", "\tThe library\n"), encoding="utf-8")
    return path


def test_inspect_counts_rows_and_fertility(tmp_path: Path, text: Path) -> None:
    model = write_gemma3(tmp_path / "model.gguf")
    found = json.loads(run("inspect", model, "--text", text, "--json").stdout)
    file = read_gguf(model)
    assert sum(found["rows_by_script"].values()) == found["rows"]
    assert found["rows"] == len(file.get("tokenizer.ggml.tokens"))
    assert found["bytes_per_token"] == sum(t.n_bytes for t in file.tensors.values())
    assert set(found["fertility"]) == {"ja", "other"}
    assert 0 < found["fertility"]["ja"] < 2
    shown = run("inspect", model).stdout
    assert "gemma3" in shown
    assert "kana" in shown


@pytest.mark.parametrize("write", [write_gemma3, write_llama])
def test_prune_then_quantise(write: object, tmp_path: Path, text: Path) -> None:
    assert callable(write)
    model, pruned, small = (tmp_path / f"{n}.gguf" for n in ("model", "pruned", "small"))
    write(model)
    result = run("prune", model, "-o", pruned, "--text", text, "--rows", "512", "--unused", "2")
    assert result.exit_code == 0, result.output
    assert "512 rows" in result.stdout
    result = run("quantise", pruned, "-o", small, "--table", "Q8_0", "--matrix", "attn_v=F16")
    assert result.exit_code == 0, result.output
    types = {name: t.type.name for name, t in read_gguf(small).tensors.items()}
    assert types["token_embd.weight"] == "Q8_0"
    assert types["blk.0.attn_v.weight"] == "F16"
    assert types["blk.0.attn_output.weight"] == "Q4_0"
    assert types["output_norm.weight"] == "F32"


def test_bad_input_says_what_and_where(tmp_path: Path, text: Path) -> None:
    model = write_gemma3(tmp_path / "model.gguf")
    out = tmp_path / "out.gguf"
    result = run("prune", model, "-o", out, "--text", text, "--rows", "256")
    assert result.exit_code == 2
    assert "rows are too few" in result.output
    result = run("quantise", model, "-o", out, "--matrix", "attn_v")
    assert result.exit_code == 2
    assert "'attn_v' is not PART=TYPE" in result.output
    result = run("inspect", text)
    assert result.exit_code == 2
    assert "not a GGUF file" in result.output
    assert not out.exists()


def test_a_model_without_spare_tokens_is_not_packaged(tmp_path: Path) -> None:
    model = write_gemma3(tmp_path / "model.gguf")
    result = run("package", model, "-o", tmp_path / "folder", "--name", "x", "--version", "1")
    assert result.exit_code == 2
    assert "<unused7>" in result.output
    assert not (tmp_path / "folder").exists()


def test_a_packaged_model_passes_its_own_verification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.forge.package.CONTROL_TOKENS", ())
    model, folder = write_gemma3(tmp_path / "model.gguf"), tmp_path / "folder"
    result = run(
        "package", model, "-o", folder, "--name", "x", "--version", "1", "--made", '{"steps": 3}'
    )
    assert result.exit_code == 0, result.output
    manifest = read_manifest(folder)
    assert verify(folder, manifest).read_bytes() == model.read_bytes()
    assert manifest.made["steps"] == 3
    assert "translate:en-ja" in manifest.tasks
