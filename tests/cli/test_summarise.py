from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Kakehashi

TEXT = (
    "南原市は15日、川沿いに建設していた中央図書館を開館した。"
    "建設費は29億円で、国が11億円を負担した。"
    "図書館は2階と3階に18万冊の本を置き、洪水のときにも開館を続けられる。"
    "その日は晴れていた。\n"
)


def test_three_lines_of_a_text(kakehashi: Kakehashi) -> None:
    done = kakehashi("summarise", input=TEXT)
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert len(lines) == 3
    assert all(line in TEXT for line in lines)


def test_at_most_so_many_characters(kakehashi: Kakehashi) -> None:
    done = kakehashi("summarise", "--chars", "40", input=TEXT)
    assert 0 < len(done.stdout.rstrip("\n")) <= 40


def test_json_names_the_source_sentences(kakehashi: Kakehashi) -> None:
    done = kakehashi("summarise", "--lines", "1", "--json", input=TEXT)
    told = json.loads(done.stdout)
    (line,) = told["lines"]
    assert line["source_sentences"] == [line["text"]]
    assert told["totals"]["source_sentences"] == 4


def test_into_the_other_language_and_a_file(kakehashi: Kakehashi) -> None:
    text = "The library is closed. Wait here. The library is closed."
    done = kakehashi("summarise", "--to", "ja", "--lines", "1", "-o", "out.txt", input=text)
    assert (done.exit_code, done.stdout) == (0, "")
    assert Path("out.txt").read_text("utf-8") == "図書館は休みです。\n"


@pytest.mark.parametrize(
    ("args", "text", "code"),
    [
        ((), "", 2),
        ((), "123\n", 2),
        (("--lines", "0"), TEXT, 2),
        (("--chars", "-5"), TEXT, 2),
        (("--to", "de"), TEXT, 2),
        (("missing.txt",), "", 2),
    ],
)
def test_bad_input(kakehashi: Kakehashi, args: tuple[str, ...], text: str, code: int) -> None:
    done = kakehashi("summarise", *args, input=text)
    assert done.exit_code == code
    assert done.stdout == ""
    assert done.stderr
