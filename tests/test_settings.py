from __future__ import annotations

from pathlib import Path

import pytest

from kakehashi.errors import InputError
from kakehashi.settings import Settings, read_settings


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
