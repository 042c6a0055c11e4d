from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kakehashi.engine.base import Request
from kakehashi.engine.scripted import Reply, request_text
from kakehashi.errors import EngineError
from tests.cli.conftest import Kakehashi


def test_a_text_through_a_pipe(kakehashi: Kakehashi) -> None:
    done = kakehashi("translate", "--to", "ja", input="The library is closed. Wait here.\n")
    assert (done.exit_code, done.stdout) == (0, "図書館は休みです。ここでお待ちください。\n")
    assert done.stderr == ""
    assert kakehashi.engine is not None
    assert kakehashi.engine.closed


def test_a_file_to_a_file(kakehashi: Kakehashi) -> None:
    Path("a.md").write_text("# Notice\n\nThe library is **closed**.\n\n```\nWait here.\n```\n")
    done = kakehashi("translate", "a.md", "--to", "ja", "-o", "b.md")
    assert (done.exit_code, done.stdout) == (0, "")
    text = Path("b.md").read_text("utf-8")
    assert text.startswith("# お知らせ\n\n")
    assert "```\nWait here.\n```" in text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8-sig", "utf-16"])
def test_japanese_encodings_are_read(kakehashi: Kakehashi, encoding: str) -> None:
    text = "図書館は休みです。\nここでお待ちください。\n"
    Path("a.txt").write_bytes((text * 3).encode(encoding))
    done = kakehashi("translate", "a.txt", "--to", "en", "--lines")
    assert done.exit_code == 0
    assert done.stdout == "The library is closed.\nWait here.\n" * 3


def test_exactly_one_line_for_each_line(kakehashi: Kakehashi) -> None:
    source = "\nWait here.\n\n\n  \nThe library is closed. Wait here.\n2024\nWait here."
    done = kakehashi("translate", "--lines", "--to", "ja", input=source)
    assert done.stdout.split("\n") == [
        "",
        "ここでお待ちください。",
        "",
        "",
        "  ",
        "図書館は休みです。ここでお待ちください。",
        "2024",
        "ここでお待ちください。",
    ]


def test_lines_hold_even_if_the_model_breaks_them(kakehashi: Kakehashi) -> None:
    kakehashi.script(lambda _: "ここで\r待って\rください。")
    done = kakehashi("translate", "--lines", "--to", "ja", input="Wait here.\nWait here.\n")
    assert done.stdout.count("\n") == 2
    assert "\r" not in done.stdout


def test_nothing_in_lines_is_nothing(kakehashi: Kakehashi) -> None:
    done = kakehashi("translate", "--lines", "--to", "ja", input="")
    assert (done.exit_code, done.stdout) == (0, "")


def test_json_lists_segments_flags_and_totals(kakehashi: Kakehashi) -> None:
    kakehashi.script(lambda request: "人が来た。" if "20" in request_text(request) else "待つ。")
    source = "Wait here.\n\n20 people came to the opening."
    done = kakehashi("translate", "--to", "ja", "--json", input=source)
    told = json.loads(done.stdout)
    assert told["complete"] is True
    assert [one["target"] for one in told["segments"]] == ["待つ。", "人が来た。"]
    assert told["segments"][0]["flags"] == []
    codes = [one["code"] for one in told["segments"][1]["flags"]]
    assert "number-missing" in codes
    assert told["totals"]["flagged_segments"] == 1
    assert told["totals"]["retried"] == 1
    assert told["totals"]["tokens"]["completion"] == sum(
        one["tokens"]["completion"] for one in told["segments"]
    )


def test_style_and_source_language(kakehashi: Kakehashi) -> None:
    done = kakehashi("translate", "--to", "ja", "--style", "plain", input="Wait here.")
    assert done.exit_code == 2
    assert "translate:en-ja:plain" in done.stderr
    done = kakehashi("translate", "--to", "ja", "--from", "ja", input="Wait here.")
    assert done.exit_code == 2


def _files() -> None:
    Path("text.txt").write_text("Wait here.\n")
    Path("empty.txt").write_text("")
    Path("blank.txt").write_text(" \n\n")
    Path("folder").mkdir()
    Path("image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    Path("binary.txt").write_bytes(bytes(range(256)) * 50)
    Path("paper.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    with Path("huge.txt").open("wb") as file:
        file.truncate(50_000_000)


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("missing.txt",), 2, "no such file"),
        (("folder",), 2, "folder"),
        (("empty.txt",), 2, "empty"),
        (("blank.txt",), 2, "nothing in it"),
        (("image.txt",), 2, "picture"),
        (("binary.txt",), 2, "binary.txt"),
        (("paper.docx",), 2, "docx"),
        (("huge.txt",), 2, "at most 10 MB"),
        (("huge.txt", "--lines"), 2, "at most 10 MB"),
        (("missing.txt", "--lines"), 2, "no such file"),
        (("folder", "--lines"), 2, "folder"),
        (("text.txt", "-o", "text.txt"), 2, "overwrite"),
        (("text.txt", "-o", "./folder/../text.txt"), 2, "overwrite"),
        (("text.txt", "-o", "folder"), 5, "folder"),
        (("text.txt", "-o", "nowhere/out.txt"), 5, "does not exist"),
        (("text.txt", "--to", "fr"), 2, "fr"),
        (("text.txt", "--format", "docx"), 2, "docx"),
        (("text.txt", "--lines", "--format", "md"), 2, "--lines"),
    ],
)
def test_bad_input_has_a_message_and_a_code(
    kakehashi: Kakehashi, args: tuple[str, ...], code: int, words: str
) -> None:
    _files()
    done = kakehashi("translate", *(args if "--to" in args else (*args, "--to", "ja")))
    assert done.exit_code == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert Path("text.txt").read_text() == "Wait here.\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(kakehashi: Kakehashi) -> None:
    _files()
    Path("folder").chmod(0o500)
    done = kakehashi("translate", "text.txt", "--to", "ja", "-o", "folder/out.txt")
    assert done.exit_code == 5


def test_a_missing_model_is_said_before_anything_is_written(
    kakehashi: Kakehashi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    Path("text.txt").write_text("Wait here.\n")
    done = kakehashi("translate", "text.txt", "--to", "ja", "--model", "no-such-model")
    assert done.exit_code == 3
    assert "no-such-model" in done.stderr
    Path("text.txt").unlink()


def _stop_at(number: int, error: BaseException) -> object:
    seen: list[str] = []

    def say(request: Request) -> str | Reply:
        seen.append(request_text(request))
        if len(seen) > number:
            raise error
        return f"第{request_text(request).split()[1]}項を参照してください。"

    return say


LONG = "".join(f"Item {n} is described below.\n\n" for n in range(60))


def test_ctrl_c_keeps_what_is_finished_and_marks_it(kakehashi: Kakehashi) -> None:
    kakehashi.script(_stop_at(20, KeyboardInterrupt()))  # type: ignore[arg-type]
    done = kakehashi("translate", "--to", "ja", input=LONG)
    assert done.exit_code == 130
    lines = [line for line in done.stdout.split("\n") if line]
    assert lines[0] == "第0項を参照してください。"
    assert lines[-1].startswith("[kakehashi: stopped here after ")
    assert len(lines) >= 8
    assert "stopped after" in done.stderr


def test_ctrl_c_with_a_file_keeps_a_partial_file(kakehashi: Kakehashi) -> None:
    Path("a.md").write_text(LONG)
    Path("b.md").write_text("old")
    kakehashi.script(_stop_at(20, KeyboardInterrupt()))  # type: ignore[arg-type]
    done = kakehashi("translate", "a.md", "--to", "ja", "-o", "b.md")
    assert done.exit_code == 130
    assert Path("b.md").read_text() == "old"
    partial = Path("b.partial.md").read_text("utf-8")
    assert partial.startswith("第0項を参照してください。\n")
    assert partial.endswith("Item 59 is described below.\n\n")
    assert "b.partial.md" in done.stderr


def test_ctrl_c_with_json_says_that_it_is_not_complete(kakehashi: Kakehashi) -> None:
    kakehashi.script(_stop_at(20, KeyboardInterrupt()))  # type: ignore[arg-type]
    done = kakehashi("translate", "--to", "ja", "--json", input=LONG)
    told = json.loads(done.stdout)
    assert done.exit_code == 130
    assert told["complete"] is False
    assert 0 < told["totals"]["segments_done"] < told["totals"]["segments"] == 60


def test_ctrl_c_in_lines(kakehashi: Kakehashi) -> None:
    kakehashi.script(_stop_at(20, KeyboardInterrupt()))  # type: ignore[arg-type]
    done = kakehashi("translate", "--to", "ja", "--lines", "-o", "out.txt", input=LONG)
    assert done.exit_code == 130
    text = Path("out.partial.txt").read_text("utf-8")
    assert text.startswith("第0項を参照してください。\n")
    assert text.rstrip().endswith("segments]")


def test_an_engine_that_fails_in_the_middle_keeps_what_is_finished(kakehashi: Kakehashi) -> None:
    kakehashi.script(_stop_at(20, EngineError("out of luck")))  # type: ignore[arg-type]
    done = kakehashi("translate", "--to", "ja", input=LONG)
    assert done.exit_code == 4
    assert "out of luck" in done.stderr
    assert done.stdout.startswith("第0項を参照してください。")


def test_what_a_pdf_cannot_become_is_said_before_the_work(kakehashi: Kakehashi) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("leaflet.pdf")
    canvas.drawString(72, 700, "The library is closed on Mondays.")
    canvas.save()
    done = kakehashi("translate", "leaflet.pdf", "--to", "ja", "-o", "leaflet.txt")
    assert done.exit_code == 2
    assert "cannot be written as '.txt'" in done.stderr
    assert kakehashi.engine is None
    assert not Path("leaflet.txt").exists()
