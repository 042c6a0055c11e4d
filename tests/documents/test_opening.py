from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from kakehashi.documents import FORMATS, from_bytes, open_document, write_atomic
from kakehashi.errors import (
    EncodingError,
    FileMissingError,
    FormatError,
    InputError,
    KakehashiError,
    OutputError,
    TooLargeError,
)


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.txt", "txt"), ("README", "txt"), ("a.MD", "md"), ("a.htm", "html"), ("a.srt", "srt")],
)
def test_the_ending_tells_the_format(tmp_path: Path, name: str, format: str) -> None:
    path = tmp_path / name
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n", encoding="utf-8")
    assert open_document(path).format == format
    assert open_document(path, format="txt").format == "txt"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("none.txt", None, FileMissingError),
        ("empty.txt", b"", InputError),
        ("a.xyz", b"x", FormatError),
        ("a.pdf", b"%PDF-1.7", FormatError),
        ("fake.txt", b"%PDF-1.7 \x00\x01", FormatError),
        ("fake.md", b"PK\x03\x04\x14\x00", FormatError),
        ("binary.txt", bytes(range(256)) * 8, EncodingError),
        ("large.txt", b"x" * 5001, TooLargeError),
    ],
)
def test_bad_files(
    tmp_path: Path, name: str, content: bytes | None, error: type[KakehashiError]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error) as caught:
        open_document(path, max_bytes=5000)
    assert caught.value.exit_code == 2
    assert str(path) in caught.value.where
    assert caught.value.hint


def test_folders_and_too_large_uploads(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match="folder"):
        open_document(tmp_path, format="txt")
    with pytest.raises(TooLargeError, match=r"50\.0 MB"):
        from_bytes(b"x" * (50 * 2**20 + 1), "txt", "upload")


def test_formats_are_named_where_one_is_unknown() -> None:
    with pytest.raises(FormatError) as caught:
        from_bytes(b"x", "odt", "report.odt")
    assert all(format in caught.value.hint for format in FORMATS)


def test_save_replaces_the_whole_file_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Hello\n", encoding="utf-8")
    path.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(path)
    document = open_document(path)
    document.replace(0, "見出し")
    document.save(link)
    assert path.read_text(encoding="utf-8") == "# 見出し\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.md", "link.md"]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    other = tmp_path / "plain"
    other.touch()
    write_atomic(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == other.stat().st_mode


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left") as caught:
        write_atomic(path, b"new")
    assert "full" in caught.value.hint
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("name", ["missing/a.txt", ""])
def test_places_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError) as caught:
        write_atomic(tmp_path / name, b"x")
    assert caught.value.where
    assert caught.value.hint


def test_a_pipe_is_written_directly(tmp_path: Path) -> None:
    read, write = os.pipe()
    write_atomic(Path(f"/dev/fd/{write}"), b"through")
    os.close(write)
    with os.fdopen(read, "rb") as file:
        assert file.read() == b"through"
