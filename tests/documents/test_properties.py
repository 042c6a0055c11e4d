"""What must hold for every document: nothing but the segments changes, and they read back."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.documents import Document, Mark, from_bytes, open_document
from kakehashi.errors import InputError
from tests.documents.helpers import FILLERS, bare, rewrite, shape, texts
from tests.documents.strategies import html, markdown

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(SAMPLES.iterdir())
SPELLED = {
    "ただし、<br>\n": "ただし、\n",
    "&mdash;": "—",
    "[FAQ] and": "[FAQ][FAQ] and",
    "https://example.com/dl/scanner_1.2.tar.gz.": "<https://example.com/dl/scanner_1.2.tar.gz>.",
}
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
few = settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
many = settings(max_examples=100, deadline=None, suppress_health_check=QUIET)


def identity(document: Document) -> bytes:
    for segment in document.segments:
        document.replace(segment.id, segment.text, segment.marks)
    return document.render()


def changed_back(document: Document) -> bytes:
    """Replace every segment by something else, and then by itself."""
    for segment in document.segments:
        document.replace(segment.id, "別の文", ())
    document.render()
    return identity(document)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_identity_keeps_the_bytes_of_real_files(path: Path) -> None:
    document = open_document(path)
    assert len(document.segments) >= 3
    assert identity(document) == path.read_bytes()
    assert changed_back(open_document(path)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_marked_text_leaves_everything_else_of_real_files(path: Path) -> None:
    document = open_document(path)
    for segment in document.segments:
        moved = tuple(Mark(m.start + 1, m.end + 1, m.key, m.protected) for m in segment.marks)
        document.replace(segment.id, f"〈{segment.text}〉", moved)
    written = document.render()
    again = from_bytes(written, document.format, path.name)
    assert [s.text for s in again.segments] == [f"〈{s.text}〉" for s in document.segments]
    assert shape(again) == shape(document)
    encoding = "cp932" if "cp932" in path.name else "utf-8"
    plain = re.sub("[〈〉]", "", written.decode(encoding))
    # Only these are spelled differently in a changed segment, with the same meaning.
    for old, new in SPELLED.items():
        plain = plain.replace(new, old)
    source = (
        path.read_bytes()
        .decode(encoding)
        .replace("<ruby>必要<rp>（</rp><rt>ひつよう</rt><rp>）</rp></ruby>", "必要")
    )
    assert plain == source


def newlines(source: str, style: str) -> bytes:
    if style == "mixed":
        return source.replace("\n", "\r\n", 2).encode()
    return source.replace("\n", style).encode()


ENDS = st.sampled_from(("\n", "\r\n", "\r", "mixed"))


@few
@given(markdown(), ENDS)
def test_identity_markdown(source: str, ends: str) -> None:
    data = newlines(source, ends)
    assert changed_back(from_bytes(data, "md")) == data


@few
@given(html(broken=True), ENDS)
def test_identity_html(source: str, ends: str) -> None:
    data = newlines(source, ends)
    assert changed_back(from_bytes(data, "html")) == data


@few
@given(st.lists(st.sampled_from((*FILLERS, "\n", "\n\n", "　", "\t")), min_size=1), ENDS)
def test_identity_text(parts: list[str], ends: str) -> None:
    data = newlines("".join(parts), ends)
    assert changed_back(from_bytes(data, "txt")) == data


@few
@given(st.lists(texts(), min_size=1, max_size=3), st.sampled_from(("\n", "\r\n", "mixed")))
def test_identity_subtitles(cues: list[str], ends: str) -> None:
    source = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text.replace('-->', '')}\n\n"
        for n, text in enumerate(cues, 1)
    )
    data = newlines(source, ends)
    assert changed_back(from_bytes(data, "srt")) == data


def check_rewritten(
    source: str, format: str, data: st.DataObject, fillers: st.SearchStrategy[str]
) -> str:
    document = from_bytes(source.encode(), format)
    expected = []
    for segment in document.segments:
        text, marks = rewrite(segment, lambda: data.draw(fillers))
        document.replace(segment.id, text, marks)
        expected.append(text)
    written = document.render().decode()
    again = from_bytes(written.encode(), format)
    assert [bare(s.text) for s in again.segments] == [bare(text) for text in expected], written
    assert shape(again) == shape(document), written
    return written


@many
@given(markdown(), st.data())
def test_markdown_reads_back_whatever_is_written_into_it(source: str, data: st.DataObject) -> None:
    written = check_rewritten(source, "md", data, texts())
    for kept in (
        "[ref]: /u ",
        "[^n]: ",
        "co*de",
        "html *x*",
        "code *x*",
        "https://e.x/q_r",
        "i.png",
    ):
        assert written.count(kept) == source.count(kept)


@many
@given(html(), st.data())
def test_html_reads_back_whatever_is_written_into_it(source: str, data: st.DataObject) -> None:
    # A placeholder that is typed as text is one: there is no way to quote it.
    fillers = texts().filter(lambda text: "{{" not in text and "${" not in text)
    written = check_rewritten(source, "html", data, fillers)
    for tag in (
        "<a href='/u?x=1&amp;y'",
        "</a>",
        "<script>x<y</script>",
        "<!-- 注 c -->",
        "<svg>",
        "<td>",
    ):
        assert written.count(tag) == source.count(tag)
    assert written.count("<") - written.count("5 < 6") <= source.count("<") - source.count("5 < 6")


@few
@given(st.lists(texts(), min_size=1, max_size=4))
def test_subtitles_read_back_whatever_is_written_into_them(cues: list[str]) -> None:
    source = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{{\\an8}}<i>Hello</i> there\n\n"
        for n in range(1, len(cues) + 1)
    )
    document = from_bytes(source.encode(), "srt")
    for number, text in enumerate(cues):
        document.replace(number, "<u>1" + text + "\n\n2\n", (Mark(0, 2, 0),))
    written = document.render().decode()
    assert re.findall(r"^\d+\n\d.*-->.*$", written, re.M) == re.findall(
        r"^\d+\n\d.*-->.*$", source, re.M
    )
    again = from_bytes(written.encode(), "srt")
    assert shape(again) == shape(document)
    assert len(again.segments) == len(cues)


@many
@given(st.binary(min_size=1, max_size=200), st.sampled_from(("txt", "md", "html", "srt")))
def test_no_bytes_raise_anything_but_our_own_errors(data: bytes, format: str) -> None:
    with contextlib.suppress(InputError):
        assert identity(from_bytes(data, format)) == data
