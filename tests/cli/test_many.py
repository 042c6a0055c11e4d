from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kakehashi.cli.collecting import collect, is_many
from kakehashi.cli.finished import NAME
from kakehashi.engine.base import Request
from kakehashi.engine.scripted import Reply, request_text
from kakehashi.errors import EngineError, FileMissingError
from tests.cli.conftest import KNOWN, Kakehashi


def _tree() -> None:
    Path("in/sub/deep").mkdir(parents=True)
    Path("in/a.md").write_text("# Notice\n\nThe library is closed.\n")
    Path("in/sub/b.txt").write_text("Wait here.\n")
    Path("in/sub/deep/c.html").write_text("<p>Wait here.</p>\n")
    Path("in/photo.jpg").write_bytes(b"\xff\xd8\xff")
    Path("in/.hidden.md").write_text("Wait here.\n")
    Path("in/sub/~$b.docx").write_bytes(b"lock")


def _files(folder: str = "out") -> list[str]:
    found = [one for one in Path(folder).rglob("*") if one.is_file()]
    return sorted(one.relative_to(folder).as_posix() for one in found)


def _requests(kakehashi: Kakehashi) -> int:
    assert kakehashi.engine is not None
    return len(kakehashi.engine.requests)


def test_a_folder_keeps_its_tree(kakehashi: Kakehashi) -> None:
    _tree()
    done = kakehashi("translate", "in", "--to", "ja", "-o", "out")
    assert done.exit_code == 0
    assert _files() == [NAME, "a.md", "sub/b.txt", "sub/deep/c.html"]
    assert Path("out/sub/deep/c.html").read_text("utf-8") == "<p>ここでお待ちください。</p>\n"
    assert "skipped\tphoto.jpg" in done.stdout
    assert "'.jpg' is not a format that is translated" in done.stdout
    assert "4 files: 3 translated, 0 kept, 1 not translated, 0 failed" in done.stdout
    assert "[4/4] translated: sub/deep/c.html" in done.stderr


def test_others_are_copied_on_request(kakehashi: Kakehashi) -> None:
    _tree()
    done = kakehashi("translate", "in", "--to", "ja", "-o", "out", "--copy-others")
    assert done.exit_code == 0
    assert Path("out/photo.jpg").read_bytes() == b"\xff\xd8\xff"
    assert "copied\tphoto.jpg" in done.stdout


def test_finished_files_are_kept_until_something_changes(kakehashi: Kakehashi) -> None:
    _tree()
    args = ("translate", "in", "--to", "ja", "-o", "out")
    kakehashi(*args)
    first = _requests(kakehashi)
    stamps = {name: os.stat(f"out/{name}").st_mtime_ns for name in _files() if name != NAME}
    done = kakehashi(*args)
    assert "0 translated, 3 kept" in done.stdout
    assert _requests(kakehashi) == 0
    assert {n: os.stat(f"out/{n}").st_mtime_ns for n in _files() if n != NAME} == stamps
    Path("in/sub/b.txt").write_text("The library is closed.\n")
    done = kakehashi(*args)
    assert "1 translated, 2 kept" in done.stdout
    assert Path("out/sub/b.txt").read_text("utf-8") == "図書館は休みです。\n"
    Path("out/a.md").unlink()
    assert "1 translated, 2 kept" in kakehashi(*args).stdout
    assert "3 translated, 0 kept" in kakehashi(*args, "--style", "polite").stdout
    assert "3 translated, 0 kept" in kakehashi(*args, "--style", "polite", "--again").stdout
    assert first >= 3


def _stop_after(count: int, error: BaseException) -> object:
    seen = []

    def say(request: Request) -> str | Reply:
        seen.append(request)
        if len(seen) > count:
            raise error
        return KNOWN[request_text(request)]

    return say


def test_ctrl_c_keeps_finished_files_and_the_next_run_goes_on(kakehashi: Kakehashi) -> None:
    _tree()
    kakehashi.script(_stop_after(2, KeyboardInterrupt()))  # type: ignore[arg-type]
    args = ("translate", "in", "--to", "ja", "-o", "out")
    done = kakehashi(*args)
    assert done.exit_code == 130
    assert "stopped after 2 of 4 files" in done.stderr
    assert _files() == [NAME, "a.md"]
    kakehashi.script(lambda request: KNOWN[request_text(request)])
    done = kakehashi(*args)
    assert done.exit_code == 0
    assert "2 translated, 1 kept" in done.stdout
    assert _files() == [NAME, "a.md", "sub/b.txt", "sub/deep/c.html"]


def test_a_run_that_died_between_result_and_list_may_write_again(kakehashi: Kakehashi) -> None:
    _tree()
    args = ("translate", "in", "--to", "ja", "-o", "out")
    kakehashi(*args)
    state = json.loads(Path("out", NAME).read_text("utf-8"))
    state["claimed"] = [state["files"].pop("a.md")["target"]]
    Path("out", NAME).write_text(json.dumps(state))
    done = kakehashi(*args)
    assert done.exit_code == 0
    assert "1 translated, 2 kept" in done.stdout
    assert json.loads(Path("out", NAME).read_text("utf-8"))["claimed"] == []


def test_a_file_that_fails_does_not_stop_the_rest(kakehashi: Kakehashi) -> None:
    _tree()
    Path("in/bad.md").write_bytes(b"\x81\x00\xff\xfe\x00broken\xff")
    Path("in/empty.txt").write_bytes(b"")

    def say(request: Request) -> str:
        if request_text(request) == "The library is closed.":
            raise EngineError("out of luck")
        return KNOWN[request_text(request)]

    kakehashi.script(say)
    done = kakehashi("translate", "in", "--to", "ja", "-o", "out", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    results = {one["file"]: (one["result"], one["reason"]) for one in told["files"]}
    assert results["a.md"][0] == "failed"
    assert "out of luck" in results["a.md"][1]
    assert results["bad.md"][0] == "failed"
    assert results["empty.txt"] == ("skipped", "the file is empty")
    assert results["sub/b.txt"][0] == "done"
    assert told["totals"]["failed"] == 2
    assert told["totals"]["done"] == 2
    assert _files() == [NAME, "sub/b.txt", "sub/deep/c.html"]
    assert "2 of 6 files failed" in done.stderr or "2 of 7 files failed" in done.stderr


def test_a_file_of_somebody_else_is_not_replaced(kakehashi: Kakehashi) -> None:
    _tree()
    Path("out").mkdir()
    Path("out/a.md").write_text("mine")
    args = ("translate", "in", "--to", "ja", "-o", "out")
    done = kakehashi(*args)
    assert done.exit_code == 1
    assert Path("out/a.md").read_text() == "mine"
    assert kakehashi(*args, "--again").exit_code == 0
    assert Path("out/a.md").read_text("utf-8").startswith("# お知らせ")


def test_results_inside_of_the_source_are_not_translated_again(kakehashi: Kakehashi) -> None:
    _tree()
    args = ("translate", "in", "--to", "ja", "-o", "in/ja")
    kakehashi(*args)
    done = kakehashi(*args)
    assert "4 files: 0 translated, 3 kept" in done.stdout
    assert not Path("in/ja/ja").exists()


def test_files_and_patterns(kakehashi: Kakehashi) -> None:
    _tree()
    done = kakehashi("translate", "in/**/*.[mth]*", "--to", "ja", "-o", "out")
    assert done.exit_code == 0
    assert _files() == [NAME, "a.md", "sub/b.txt", "sub/deep/c.html"]
    done = kakehashi("translate", "in/a.md", "in/sub/b.txt", "--to", "ja", "-o", "two")
    assert _files("two") == [NAME, "a.md", "sub/b.txt"]


def test_places_of_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x/r.docx", "x/r.pdf", "y/r.md", "y/LICENSE", "one.txt"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("text")
    found = {one.place.as_posix(): one for one in collect(["x", "y", "one.txt"], Path("out"))}
    assert list(found) == ["one.txt", "x/r.docx", "x/r.pdf", "y/LICENSE", "y/r.md"]
    assert found["x/r.docx"].target.as_posix() == "x/r.docx"
    assert found["x/r.pdf"].target.as_posix() == "x/r.pdf.docx"
    assert [one.known for one in found.values()][3:] == [False, True]
    assert [one.target.as_posix() for one in collect(["x/r.pdf"], Path("out"))] == ["r.docx"]
    with pytest.raises(FileMissingError):
        collect(["*.nothing"], Path("out"))


def test_one_or_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("what[1].md").write_text("x")
    assert not is_many([])
    assert not is_many(["-"])
    assert not is_many(["what[1].md"])
    assert is_many(["*.md"])
    assert is_many(["."])
    assert is_many(["a.md", "b.md"])


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("in",), 2, "folder"),
        (("in", "-o", "in/a.md"), 5, "is a file"),
        (("in/*.jpg", "-o", "out"), 2, "none of 1 files"),
        (("in/*.nothing", "-o", "out"), 2, "no such file"),
        (("in", "-o", "out", "--lines"), 2, "--lines"),
    ],
)
def test_what_cannot_be_is_said_before_the_model_is_loaded(
    kakehashi: Kakehashi, args: tuple[str, ...], code: int, words: str
) -> None:
    _tree()
    done = kakehashi("translate", *args, "--to", "ja")
    assert done.exit_code == code
    assert words in done.stderr
    assert kakehashi.engine is None


def test_a_damaged_list_is_said(kakehashi: Kakehashi) -> None:
    _tree()
    Path("out").mkdir()
    Path("out", NAME).write_text("{")
    done = kakehashi("translate", "in", "--to", "ja", "-o", "out")
    assert done.exit_code == 2
    assert NAME in done.stderr
