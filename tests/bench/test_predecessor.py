from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from kakehashi.bench.predecessor import PACKAGE, predecessor_folder
from kakehashi.engine.manifest import read_manifest
from kakehashi.errors import DependencyError, ModelDamagedError, ModelMissingError
from tests.bench.models import write_folder

SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"


def test_a_folder_is_used_as_it_is(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model")
    assert predecessor_folder(folder) == folder


def test_another_gguf_is_not_taken_for_the_published_one(tmp_path: Path) -> None:
    other = write_folder(tmp_path / "model") / "model.gguf"
    with pytest.raises(ModelDamagedError, match="instead of 253,113,024"):
        predecessor_folder(other, cache=tmp_path / "cache")
    manifest = read_manifest(tmp_path / "cache")
    assert manifest.sha256 == manifest.base.sha256 == SHA256
    assert set(manifest.tasks) == {"translate:en-ja", "translate:ja-en"}
    examples = manifest.task("translate:en-ja").render("The office is closed.")
    assert "".join(part for part in examples if isinstance(part, str)).count("English:") == 3


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelMissingError):
        predecessor_folder(tmp_path / "none.gguf")
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(DependencyError, match=r"kakehashi\[predecessor\]"):
        predecessor_folder(cache=tmp_path / "cache")


def test_the_package_is_assembled_once_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = ModuleType(PACKAGE)
    asked: list[Path] = []

    def assemble(target: Path, overwrite: bool = False) -> Path:
        asked.append(target)
        target.write_bytes(b"not the published weights")
        return target

    monkeypatch.setattr(package, "assemble", assemble, raising=False)
    monkeypatch.setitem(sys.modules, PACKAGE, package)
    with pytest.raises(ModelDamagedError, match="truncated"):
        predecessor_folder(cache=tmp_path / "cache")
    assert asked == [tmp_path / "cache" / "model.gguf"]
