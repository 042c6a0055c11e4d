from __future__ import annotations

import json
from pathlib import Path

import pytest

from kakehashi.language.memory import TranslationMemory
from tests.cli.conftest import Kakehashi

TERMS = "en\tja\tpos\nward office\t区役所\tnoun\n"


def test_translate_with_a_glossary_and_a_memory(kakehashi: Kakehashi) -> None:
    Path("terms.tsv").write_text(TERMS)
    with TranslationMemory("office.db") as memory:
        memory.add("Wait here.", "こちらでお待ちを。", "ja")
    kakehashi.script(lambda _: "区役所は休みです。")
    for extra in ([], ["--lines"]):
        done = kakehashi(
            "translate", "--to", "ja", "--glossary", "terms.tsv", "--memory", "office.db", *extra,
            input="The ward office is closed.\nWait here.\n",
        )  # fmt: skip
        assert (done.exit_code, done.stdout) == (0, "区役所は休みです。\nこちらでお待ちを。\n")
    assert kakehashi.engine is not None
    assert len(kakehashi.engine.requests) == 1


def test_what_is_given_must_be_there(kakehashi: Kakehashi) -> None:
    done = kakehashi("translate", "--to", "ja", "--memory", "ofice.db", input="Wait here.\n")
    assert done.exit_code == 2
    assert "no such translation memory" in done.stderr
    assert not Path("ofice.db").exists()
    done = kakehashi("translate", "--to", "ja", "--glossary", "no.tsv", input="Wait here.\n")
    assert done.exit_code == 2


def test_a_missed_term_is_told_in_json(kakehashi: Kakehashi) -> None:
    Path("terms.tsv").write_text(TERMS)
    kakehashi.script(lambda request: "x " * 99 if request.begins else "役所は休みです。")
    done = kakehashi("translate", "--to", "ja", "--glossary", "terms.tsv", "--json",
                     input="The ward office is closed.\n")  # fmt: skip
    (found,) = json.loads(done.stdout)["segments"][0]["flags"]
    assert (found["code"], found["evidence"]) == ("glossary-missed", "ward office → 区役所")


def test_check_names_rows(kakehashi: Kakehashi) -> None:
    Path("terms.tsv").write_text(TERMS + "park\t\t\n")
    done = kakehashi("glossary", "check", "terms.tsv")
    assert done.exit_code == 2
    assert "terms.tsv: 1 entries" in done.stdout
    assert "row 3: the Japanese term is missing" in done.stdout
    done = kakehashi("glossary", "check", "--json", "terms.tsv")
    assert json.loads(done.stdout)[0]["problems"][0]["serious"] is True
    Path("good.tsv").write_text(TERMS)
    assert kakehashi("glossary", "check", "good.tsv").exit_code == 0


def test_find_shows_terms(kakehashi: Kakehashi) -> None:
    Path("terms.tsv").write_text(TERMS)
    done = kakehashi("glossary", "find", "terms.tsv", "--to", "ja", "--text", "Two ward offices.")
    assert done.stdout == "ward offices → 区役所\n"
    done = kakehashi("glossary", "find", "terms.tsv", "--to", "en", "--text", "雪")
    assert done.stdout == "no term of the glossary stands there\n"


@pytest.mark.parametrize("ending", ["tmx", "csv"])
def test_a_memory_from_its_first_entry_to_another_file(kakehashi: Kakehashi, ending: str) -> None:
    assert (
        kakehashi("memory", "add", "a.db", "図書館は休みです。", "Closed.", "--to", "en").exit_code
        == 0
    )
    kakehashi(
        "memory",
        "add",
        "a.db",
        "図書館は休みです。",
        "The library is closed.",
        "--to",
        "en",
        "--who",
        "山田",
    )
    assert "1 entries written" in kakehashi("memory", "export", "a.db", f"b.{ending}").stdout
    done = kakehashi("memory", "import", "b.db", f"b.{ending}")
    assert f"1 entries read from b.{ending}; 1 in b.db" in done.stdout
    done = kakehashi("memory", "search", "b.db", "図書館は今日休みです。", "--to", "en")
    assert "88.9  図書館は休みです。\n       The library is closed.  [person]" in done.stdout
    done = kakehashi("memory", "search", "b.db", "LIBRARY")
    assert "1  ja-en  図書館は休みです。" in done.stdout
    assert "[person, 山田, " in done.stdout
    assert "ja-en  person         1" in kakehashi("memory", "stats", "b.db").stdout
    assert kakehashi("memory", "remove", "b.db", "1").exit_code == 0
    done = kakehashi("memory", "remove", "b.db", "1")
    assert (done.exit_code, "no such entry" in done.stderr) == (2, True)
    assert (
        kakehashi("memory", "search", "b.db", "図書館は休みです。", "--to", "en").stdout
        == "nothing found\n"
    )


def test_an_import_that_fails_adds_nothing(kakehashi: Kakehashi) -> None:
    Path("a.tmx").write_text('<tmx><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>a</seg></tuv>'
                             '<tuv xml:lang="ja"><seg>あ</seg></tuv></tu><tu></body></tmx>')  # fmt: skip
    done = kakehashi("memory", "import", "a.db", "a.tmx")
    assert done.exit_code == 2
    assert "a.tmx, line 1: the file is damaged" in done.stderr
    assert "0 entries" in kakehashi("memory", "stats", "a.db").stdout
    done = kakehashi("memory", "import", "a.db", "a.xls")
    assert (done.exit_code, ".tmx or .csv" in done.stderr) == (2, True)


def test_nothing_is_made_by_looking(kakehashi: Kakehashi) -> None:
    for verb in (["stats"], ["search"], ["export"], ["remove"]):
        rest = {"search": ["x"], "export": ["a.tmx"], "remove": ["1"]}.get(verb[0], [])
        assert kakehashi("memory", *verb, "no.db", *rest).exit_code == 2
    assert not Path("no.db").exists()
    assert kakehashi("memory", "remove", "no.db").exit_code == 2
