"""`kakehashi model` and `kakehashi doctor`, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kakehashi.cli.main import cli
from tests.model_folder import write_model_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path))
    monkeypatch.delenv("KAKEHASHI_MODEL", raising=False)
    monkeypatch.setenv("KAKEHASHI_THREADS", "1")
    monkeypatch.setattr("kakehashi.engine.models.MODEL_PACKAGE", "no_such_package_here")
    return tmp_path


@pytest.fixture
def folder(home: Path) -> Path:
    return write_model_folder(home / "models" / "tiny", made={"rows": 49152, "備考": "試験用"})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_list(folder: Path) -> None:
    result = run("model", "list")
    assert result.exit_code == 0
    assert result.stdout == f"tiny\t0.0.1\thome\t{folder}\n"
    (one,) = json.loads(run("model", "list", "--json").stdout)
    assert one["tasks"] == ["translate:en-ja", "translate:ja-en"]


def test_list_without_models_says_where_to_put_one(home: Path) -> None:
    result = run("model", "list")
    assert result.exit_code == 3
    assert str(home / "models") in result.stderr


def test_list_names_a_broken_one_and_goes_on(folder: Path, home: Path) -> None:
    broken = home / "models" / "a-broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    result = run("model", "list")
    assert result.exit_code == 0
    assert "tiny\t" in result.stdout
    assert "field 'name'" in result.stderr


def test_show(folder: Path) -> None:
    result = run("model", "show", "tiny")
    assert result.exit_code == 0
    for told in ("tiny 0.0.1", "gemma3", "256 tokens", "CC0-1.0", "備考: 試験用", str(folder)):
        assert told in result.stdout
    assert json.loads(run("model", "show", "--json").stdout)["context"] == 256
    assert run("model", "show", "nope").exit_code == 3


def test_verify(folder: Path) -> None:
    result = run("model", "verify", str(folder))
    assert result.exit_code == 0
    assert "tiny 0.0.1: whole" in result.stdout
    with (folder / "model.gguf").open("r+b") as file:
        file.seek(-8, 2)
        file.write(b"changed!")
    result = run("model", "verify")
    assert result.exit_code == 3
    assert "sha256" in result.stderr


def test_doctor_tells_a_model_that_talks_nonsense(folder: Path) -> None:
    """The tiny model does not translate, so this is what a person with wrong weights sees."""
    result = run("doctor", "--json")
    findings = {one["check"]: one for one in json.loads(result.stdout)}
    assert findings["model"]["state"] == "ok"
    assert findings["engine"]["state"] in ("ok", "warning")
    assert findings["self-test"]["state"] in ("ok", "failed")
    failed = findings["self-test"]["state"] == "failed"
    assert result.exit_code == (3 if failed else 0)
    assert "The library is closed on Mondays." in findings["self-test"]["text"]


def test_doctor_is_content_without_the_self_test(folder: Path) -> None:
    result = run("doctor", "--no-test")
    assert result.exit_code == 0
    assert "sha256 right" in result.stdout
    assert "self-test" not in result.stdout


def test_doctor_says_what_to_do_without_a_model(home: Path) -> None:
    result = run("doctor")
    assert result.exit_code == 3
    assert "FAILED  model" in result.stdout
    assert "→ pip install kakehashi-model-ja" in result.stdout


def test_doctor_names_a_bad_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAKEHASHI_THREADS", "many")
    result = run("doctor")
    assert result.exit_code == 2
    assert "KAKEHASHI_THREADS" in result.stdout
    assert "'many'" in result.stdout


def test_doctor_names_a_home_that_cannot_be_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path / "file" / "home"))
    result = run("doctor", "--model", str(folder), "--no-test")
    assert result.exit_code == 5
    assert "cannot be written" in result.stdout
