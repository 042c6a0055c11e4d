from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Kakehashi

SOURCE = "# Notice\n\nThe library is **closed**.\n\nWait here.\n"


def _corrected(path: str, row: int, text: str) -> None:
    book = load_workbook(path)
    book.worksheets[0].cell(row, 5).value = text
    book.save(path)


def test_there_and_back(kakehashi: Kakehashi) -> None:
    Path("a.md").write_text(SOURCE)
    done = kakehashi("translate", "a.md", "--to", "ja", "-o", "b.md", "--review", "r.xlsx")
    assert (done.exit_code, done.stdout) == (0, "")
    sheet = load_workbook("r.xlsx").worksheets[0]
    assert [sheet.cell(row, 4).value for row in (2, 3, 4)] == [
        "お知らせ",
        "図書館は休みです。",
        "ここでお待ちください。",
    ]
    assert sheet.cell(3, 6).value == "The library is closed."
    _corrected("r.xlsx", 4, "こちらでお待ちください。")
    done = kakehashi("review", "apply", "r.xlsx", "--document", "a.md", "-o", "c.md")
    assert done.exit_code == 0
    assert "1" in done.stderr
    assert Path("c.md").read_text("utf-8") == Path("b.md").read_text("utf-8").replace(
        "ここで", "こちらで"
    )


def test_without_back_translation_and_as_a_page(kakehashi: Kakehashi) -> None:
    Path("a.md").write_text(SOURCE)
    args = ("a.md", "--to", "ja", "-o", "b.md", "--review", "r.html", "--no-back-translation")
    done = kakehashi("translate", *args)
    assert done.exit_code == 0
    page = Path("r.html").read_text("utf-8")
    assert "図書館は休みです。" in page
    assert kakehashi.engine is not None
    assert len(kakehashi.engine.requests) <= 4  # a sentence each, and the word in bold


def test_a_document_that_has_changed_is_refused_and_nothing_written(kakehashi: Kakehashi) -> None:
    Path("a.md").write_text(SOURCE)
    kakehashi("translate", "a.md", "--to", "ja", "-o", "b.md", "--review", "r.xlsx")
    Path("a.md").write_text(SOURCE.replace("Wait here.", "Wait there."))
    done = kakehashi("review", "apply", "r.xlsx", "--document", "a.md", "-o", "c.md")
    assert done.exit_code == 2
    assert "row 4" in done.stderr
    assert "Wait there." in done.stderr
    assert not Path("c.md").exists()


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("a.md", "--review", "r.docx", "-o", "b.md"), 5, ".xlsx"),
        (("a.md", "--review", "no/r.xlsx", "-o", "b.md"), 5, "no"),
        (("-", "--review", "r.xlsx"), 2, "opened again"),
        (("a.md", "b.md", "--review", "r.xlsx", "-o", "out"), 2, "--review"),
        (("a.md", "--sheet-names"), 2, "--sheet-names"),
    ],
)
def test_what_cannot_be_is_said_before_the_work(
    kakehashi: Kakehashi, args: tuple[str, ...], code: int, words: str
) -> None:
    Path("a.md").write_text(SOURCE)
    Path("b.md").write_text(SOURCE)
    done = kakehashi("translate", *args, "--to", "ja", input="Wait here.")
    assert done.exit_code == code
    assert words in done.stderr
    assert kakehashi.engine is None
