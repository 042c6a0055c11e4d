"""Model folders that are whole, and every way in which one may not be."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kakehashi.engine import Request, complete
from kakehashi.engine.machine import available_memory, free_cores, usable_cores
from kakehashi.engine.manifest import read_manifest
from kakehashi.engine.models import (
    check_model,
    control_names,
    find_model,
    list_models,
    load_engine,
)
from kakehashi.errors import (
    KakehashiError,
    LanguageError,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
    ModelTooLargeError,
)
from kakehashi.settings import Settings
from tests.model_folder import TASKS, write_model_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model_folder(tmp_path / "home" / "models" / "tiny-ja")


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # Whether the shipped model is installed must not decide these tests.
    monkeypatch.setattr("kakehashi.engine.models.MODEL_PACKAGE", "no_such_package_here")
    return Settings(home=folder.parent.parent)


def change(folder: Path, **fields: Any) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | fields
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_whole_model_is_loaded_and_runs(folder: Path) -> None:
    engine, manifest = load_engine(folder, threads=1, parallel=1)
    with engine:
        assert engine.context_tokens == manifest.context == 256
        task = manifest.task("translate:en-ja")
        request = Request(task.render("The office <unused0> is open."), max_tokens=6)
        (done,) = complete(engine, [request])
        assert done.usage.prompt_tokens == 2 + engine.count_tokens("The office <unused0> is open.")


def test_a_task_that_it_does_not_offer(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert control_names(manifest) == ["<bos>", "<unused0>", "<unused1>"]
    with pytest.raises(LanguageError, match="summarise:ja") as caught:
        manifest.task("summarise:ja")
    assert "translate:en-ja" in caught.value.hint


def test_found_by_name_by_folder_name_and_by_path(folder: Path, home: Settings) -> None:
    assert find_model(None, home) == folder
    assert find_model("tiny", home) == folder
    assert find_model("tiny-ja", home) == folder
    assert find_model(folder, home) == folder
    with pytest.raises(ModelMissingError, match="no installed model") as caught:
        find_model("other", home)
    assert "tiny" in caught.value.hint


def test_the_setting_goes_before_what_is_installed(
    folder: Path, home: Settings, tmp_path: Path
) -> None:
    mine = write_model_folder(tmp_path / "mine", name="mine")
    settings = Settings(home=home.home, model=mine)
    assert find_model(None, settings) == mine
    assert [(m.origin, m.folder) for m in list_models(settings)] == [
        ("KAKEHASHI_MODEL", mine),
        ("home", folder),
    ]
    nowhere = Settings(home=home.home, model=tmp_path / "gone")
    with pytest.raises(ModelMissingError, match="gone") as caught:
        find_model(None, nowhere)
    assert caught.value.where == "KAKEHASHI_MODEL"


def test_the_installed_distribution_is_found(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "a_model_package"
    write_model_folder(package / "model", name="packaged")
    (package / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.setattr("kakehashi.engine.models.MODEL_PACKAGE", "a_model_package")
    assert find_model(None, home) == package / "model"
    assert find_model("packaged", home) == package / "model"


def test_without_any_model_it_says_how_to_get_one(tmp_path: Path, home: Settings) -> None:
    with pytest.raises(ModelMissingError, match="no model is installed") as caught:
        find_model(None, Settings(home=tmp_path / "empty"))
    assert "pip install kakehashi-model-ja" in caught.value.hint


def _no_weights(folder: Path) -> None:
    (folder / "model.gguf").unlink()


def _truncated(folder: Path) -> None:
    os.truncate(folder / "model.gguf", 1000)


def _longer(folder: Path) -> None:
    with (folder / "model.gguf").open("ab") as file:
        file.write(b"x")


def _one_bit(folder: Path) -> None:
    with (folder / "model.gguf").open("r+b") as file:
        file.seek(-100, os.SEEK_END)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _not_json(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"name": "x",\n oops', encoding="utf-8")


def _missing_field(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["sha256"]
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _other_base(folder: Path) -> None:
    change(folder, architecture="llama")


def _not_gguf(folder: Path) -> None:
    (folder / "model.gguf").write_bytes(b"PK\x03\x04 a zip")
    change(folder, bytes=10)


def _cut_header(folder: Path) -> None:
    (folder / "model.gguf").write_bytes(b"GGUF\x03\0\0\0\1")
    change(folder, bytes=9)


def _unknown_control(folder: Path) -> None:
    tasks = {**TASKS, "summarise:ja": {"template": [{"control": "<unused99>"}]}}
    change(folder, tasks=tasks)


def _huge(folder: Path) -> None:
    # A sparse file: its size is what counts, it takes no room on the disk.
    size = 1 << 42
    os.truncate(folder / "model.gguf", size)
    change(folder, bytes=size)


FAULTS = [
    (_no_weights, ModelMissingError, "'model.gguf' named by the manifest are missing"),
    (_truncated, ModelDamagedError, "truncated: 1,000 bytes instead of"),
    (_longer, ModelDamagedError, "longer than it should be"),
    (_one_bit, ModelDamagedError, "sha256"),
    (_no_manifest, ModelMissingError, "holds no manifest.json"),
    (_not_json, ModelError, "not valid JSON.*line 2"),
    (_missing_field, ModelError, "field 'sha256'"),
    (_other_base, ModelError, "a 'gemma3' model, the manifest says 'llama'"),
    (_not_gguf, ModelError, "sha256|not a GGUF file"),
    (_cut_header, ModelError, "sha256|ends within its header"),
    (_unknown_control, ModelError, "no control token '<unused99>'"),
    (_huge, ModelTooLargeError, "needs about 4,398,"),
]


@pytest.mark.parametrize(
    ("fault", "kind", "told"), FAULTS, ids=lambda x: getattr(x, "__name__", "")
)
@pytest.mark.parametrize("verify", [True, False], ids=["verified", "unverified"])
def test_what_is_wrong_is_said(
    folder: Path, fault: Any, kind: type[KakehashiError], told: str, verify: bool
) -> None:
    fault(folder)
    if fault is _one_bit and not verify:
        check_model(folder, verify=False)
        return
    with pytest.raises(kind, match=told) as caught:
        load_engine(folder, verify=verify, threads=1, parallel=1)
    assert str(folder) in caught.value.where
    assert caught.value.exit_code == 3


def test_a_folder_that_is_none() -> None:
    with pytest.raises(ModelMissingError, match="no such model folder"):
        check_model(Path("/no/such/folder"))


def test_memory_is_what_the_container_leaves(tmp_path: Path) -> None:
    whole = available_memory(tmp_path / "no-cgroup")
    (tmp_path / "memory.current").write_text("60000000\n", encoding="ascii")
    (tmp_path / "memory.max").write_text("100000000\n", encoding="ascii")
    assert available_memory(tmp_path) == 40_000_000 < whole
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert available_memory(tmp_path) > 40_000_000


def test_cores_are_what_the_container_leaves(tmp_path: Path) -> None:
    whole = usable_cores(tmp_path)
    assert 1 <= whole <= (os.cpu_count() or 1)
    (tmp_path / "cpu.max").write_text("50000 100000\n", encoding="ascii")
    assert usable_cores(tmp_path) == 1
    (tmp_path / "cpu.max").write_text("max 100000\n", encoding="ascii")
    assert usable_cores(tmp_path) == whole


def test_free_cores_are_those_that_nobody_waits_for(tmp_path: Path) -> None:
    cores = os.cpu_count() or 1
    load = tmp_path / "loadavg"
    for running, free in ((1, cores), (2, cores - 1), (cores + 9, 0)):
        load.write_text(f"0.20 0.18 0.12 {running}/80 11206\n", encoding="ascii")
        assert free_cores(load) == free
    assert free_cores(tmp_path / "none") == cores
    load.write_text("?", encoding="ascii")
    assert free_cores(load) == cores
