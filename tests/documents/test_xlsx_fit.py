from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from kakehashi.documents import Mark, from_bytes
from kakehashi.documents.xlsx_fit import text_width
from tests.documents.workbooks import converted, needs_soffice


def sheet() -> Worksheet:
    book = openpyxl.Workbook()
    found = book.worksheets[0]
    found.column_dimensions["A"].width = 10
    found.column_dimensions["B"].width = 10
    return found


def written(source: Worksheet, new: dict[str, str]) -> Worksheet:
    out = io.BytesIO()
    assert source.parent is not None
    source.parent.save(out)
    document = from_bytes(out.getvalue(), "xlsx")
    for segment in document.segments:
        document.replace(segment.id, new[segment.text])
    found = openpyxl.load_workbook(io.BytesIO(document.render())).worksheets[0]
    assert isinstance(found, Worksheet)
    return found


def test_a_text_that_has_grown_a_little_is_shrunk_and_one_that_has_grown_a_lot_is_wrapped() -> None:
    old = sheet()
    old["A1"], old["B1"], old["A2"], old["B2"] = "教育費", 1, "土木費", 2
    old["A1"].font = Font(bold=True)
    new = written(old, {"教育費": "Education.", "土木費": "Public works and engineering"})
    assert new["A1"].alignment.shrink_to_fit
    assert new["A1"].font.b
    assert new["A2"].alignment.wrap_text
    assert (new.row_dimensions[2].height or 0) > 30
    assert not new["B1"].alignment.shrink_to_fit
    assert new.column_dimensions["A"].width == 10


@pytest.mark.parametrize(
    ("text", "beside", "horizontal", "fits"),
    [
        ("Education and culture", None, None, True),
        ("Education and culture", "x", None, False),
        ("Education and culture", None, "right", False),
        ("Culture", "x", None, True),
    ],
)
def test_a_text_may_run_over_empty_cells(
    text: str, beside: str | None, horizontal: str | None, fits: bool
) -> None:
    old = sheet()
    old["A1"], old["B1"] = "教育費", 1 if beside else None
    old["A1"].alignment = Alignment(horizontal=horizontal)
    new = written(old, {"教育費": text})
    touched = new["A1"].alignment.shrink_to_fit or new["A1"].alignment.wrap_text
    assert bool(touched) is not fits


def test_a_column_whose_width_nobody_has_set_is_widened() -> None:
    old = sheet()
    old["D1"], old["E1"], old["D2"] = "土木費", 1, "計"
    old["B1"], old["C1"] = "教育費", 2
    new = written(old, {"土木費": "Public works", "計": "Total", "教育費": "Education."})
    assert 12 < new.column_dimensions["D"].width < 18
    assert not new["D1"].alignment.shrink_to_fit
    assert new.column_dimensions["B"].width == 10
    assert new["B1"].alignment.shrink_to_fit


def test_merged_and_wrapped_cells() -> None:
    old = sheet()
    old["A1"], old["A2"], old["C1"] = "予算の総括", "備考\nなし", 1
    old.merge_cells("A1:B1")
    old["A2"].alignment = Alignment(wrap_text=True)
    old.row_dimensions[2].height = 28
    new = written(
        old,
        {"予算の総括": "Overview of the budget", "備考\nなし": "There are\nno notes at all\nhere"},
    )
    assert new["A1"].alignment.shrink_to_fit
    assert (new.row_dimensions[2].height or 0) > 42
    assert new["A2"].alignment.wrap_text


def test_rich_text_keeps_its_bold_words_when_its_cell_is_shrunk() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    page = book.add_worksheet()
    page.set_column("A:B", 12)
    page.write_rich_string("A1", "期限", book.add_format({"bold": True}), "厳守")
    page.write("B1", 1)
    book.close()
    document = from_bytes(out.getvalue(), "xlsx")
    (segment,) = document.segments
    (mark,) = segment.marks
    document.replace(0, "Deadline: strict", (Mark(10, 16, mark.key),))
    cell = openpyxl.load_workbook(io.BytesIO(document.render()), rich_text=True).worksheets[0]["A1"]
    assert cell.alignment.shrink_to_fit
    assert [str(run) for run in cell.value] == ["Deadline: ", "strict"]
    assert cell.value[1].font.b


def test_what_was_cut_off_before_and_what_turns_is_left() -> None:
    old = sheet()
    old["A1"], old["B1"] = "庁舎の耐震工事が終わり、経常経費に戻る", 1
    old["A2"], old["B2"] = "縦書", 2
    old["A2"].alignment = Alignment(textRotation=255)
    new = written(
        old, {old["A1"].value: "The work is done and costs are normal", "縦書": "Vertical writing"}
    )
    assert not (new["A1"].alignment.shrink_to_fit)
    assert not (new["A1"].alignment.wrap_text)
    assert not (new["A2"].alignment.shrink_to_fit)
    assert not (new["A2"].alignment.wrap_text)


def test_widths() -> None:
    assert text_width("予算") == pytest.approx(3.9)
    assert text_width("ab\nabcd") == pytest.approx(4)
    assert text_width("") == 0


@needs_soffice
def test_rows_that_grow_are_shown_by_libreoffice(tmp_path: Path) -> None:
    old = sheet()
    old["A1"], old["B1"] = "土木費", 1
    new = written(old, {"土木費": "Public works and engineering"})
    out = io.BytesIO()
    assert new.parent is not None
    new.parent.save(out)
    folder = converted({"a": out.getvalue()}, tmp_path, "xlsx")
    shown = openpyxl.load_workbook(folder / "a.xlsx").worksheets[0]
    assert (shown.row_dimensions[1].height or 0) > 30
