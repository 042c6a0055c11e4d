from __future__ import annotations

from pathlib import Path

import pytest

from kakehashi.cli.terminal import DocumentStream
from kakehashi.documents import from_bytes
from kakehashi.text import decode

TEXTS = {
    "txt": "First.\n\n  Second.\nThird.\n\nFourth.\n",
    "md": """---
title: First
---
# Second

- Third **bold** [link](a.md "tip")
- `code`

Fourth.
""",
    "html": """<html><title>First</title><body><p>Second <b>bold</b></p>
<p title=x>Third</p></body></html>""",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\nFirst\n\n2\n00:00:03,000 --> 00:00:04,000\nSecond\n",
}


@pytest.mark.parametrize("format", sorted(TEXTS))
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_what_is_streamed_is_the_beginning_of_the_whole(format: str, encoding: str) -> None:
    document = from_bytes(TEXTS[format].encode(encoding), format)
    written: list[str] = []
    stream = DocumentStream(document, written.append)
    for segment in document.segments:
        document.replace(segment.id, f"第{segment.id}段落", segment.marks[:0])
        stream.flush(segment.id)
    whole = decode(document.render()).text
    assert whole.startswith("".join(written))
    assert stream.end(whole)
    assert "".join(written) == whole
    assert "\ue0f1" not in whole


def test_something_is_written_before_the_end() -> None:
    document = from_bytes(TEXTS["txt"].encode(), "txt")
    written: list[str] = []
    stream = DocumentStream(document, written.append)
    document.replace(0, "一番目。")
    stream.flush(0)
    assert "".join(written).startswith("一番目。\n")
    assert document.render().decode() == TEXTS["txt"].replace("First.", "一番目。")


def test_an_end_that_does_not_fit_is_refused() -> None:
    document = from_bytes(TEXTS["txt"].encode(), "txt")
    stream = DocumentStream(document, lambda _: None)
    document.replace(0, "一番目。")
    stream.flush(0)
    assert not stream.end("別のもの")


def test_samples_are_streamed_whole() -> None:
    for path in Path(__file__).parents[1].joinpath("documents", "samples").glob("*.*"):
        if path.suffix.lstrip(".") not in TEXTS:
            continue
        document = from_bytes(path.read_bytes(), path.suffix.lstrip("."))
        written: list[str] = []
        stream = DocumentStream(document, written.append)
        for segment in document.segments:
            document.replace(segment.id, segment.text, segment.marks)
            stream.flush(segment.id)
        assert stream.end(decode(document.render()).text), path.name
