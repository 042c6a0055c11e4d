from __future__ import annotations

from pathlib import Path

import pytest

from kakehashi.errors import FileMissingError, InputError
from kakehashi.settings import RemoteEngine, Settings, read_server_settings, read_settings


def test_defaults_without_an_environment() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"KAKEHASHI_THREADS": " "}) == Settings()


def test_values_come_from_the_environment() -> None:
    found = read_settings({"KAKEHASHI_MODEL": "/models/m", "KAKEHASHI_MAX_INPUT_MB": "2"})
    assert (found.model, found.max_input_bytes) == (Path("/models/m"), 2_000_000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAKEHASHI_THREADS", "two"),
        ("KAKEHASHI_THREADS", "-1"),
        ("KAKEHASHI_MAX_INPUT_MB", "0"),
        ("KAKEHASHI_MAX_SENTENCE_CHARS", "5"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(InputError) as error:
        read_settings({name: value})
    assert error.value.where == name


def _file(folder: Path, text: str) -> dict[str, str]:
    (folder / "kakehashi.toml").write_text(text, encoding="utf-8")
    return {"KAKEHASHI_HOME": str(folder)}


def test_the_server_reads_its_file_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    environment = _file(
        tmp_path,
        """
        port = 9000
        host = "0.0.0.0"
        threads = 3
        secure = true
        engine = "remote"
        [[engines]]
        model = "qwen"
        urls = ["http://gpu1:8000", "http://gpu2:8000"]
        """,
    )
    found = read_server_settings(environment | {"KAKEHASHI_PORT": "9001", "KAKEHASHI_HOST": ""})
    assert (found.port, found.host, found.base.threads, found.secure) == (9001, "0.0.0.0", 3, 1)
    assert found.home == tmp_path
    assert found.engines == (RemoteEngine("qwen", ("http://gpu1:8000", "http://gpu2:8000")),)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("port = ", "kakehashi.toml"),
        ("prot = 1", "prot"),
        ("port = 70000", "KAKEHASHI_PORT"),
        ("port = 1.5", "port"),
        ("time_zone = 'Asia/Atlantis'", "KAKEHASHI_TIME_ZONE"),
        ("database = 'mysql://x'", "KAKEHASHI_DATABASE"),
        ("engine = 'magic'", "KAKEHASHI_ENGINE"),
        ("home = '/tmp'", "home"),
        ("engines = 3", "engines"),
        ("engine = 'remote'", "KAKEHASHI_ENGINE"),
        ("[[engines]]\nmodel = 'm'\nurls = ['u']", "KAKEHASHI_ENGINE"),
        ("[[engines]]\nmodel = 'm'", "engines[0].urls"),
        ("[[engines]]\nmodel = 'm'\nurls = ['u']\nkey = 's'", "engines[0]"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(InputError) as error:
        read_server_settings(_file(tmp_path, text))
    assert error.value.where.endswith(where)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError):
        read_server_settings({}, tmp_path / "kakehashi.toml")
