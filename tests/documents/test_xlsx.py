from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText

from kakehashi.documents import Mark, from_bytes, open_document
from kakehashi.documents.xlsx import XlsxDocument
from tests.documents.workbooks import (
    BOOKS,
    budget,
    calculated,
    converted,
    ledger,
    needs_soffice,
    parts,
    streamed,
)

WORDS = {
    "予算額": "Budget amount",
    "執行額": "Spent",
    "残額": "Left",
    "事業名": "Project",
    "状況": "Status",
    "完了": "Done",
    "継続": "Going on",
    "未着手": "Not started",
    "民生費": "Welfare",
    "総務費": "General",
    "議会費": "Assembly",
    "土木費": "Public works",
    "合計": "Total",
    "計": "Sum",
    "本年度": "This year",
    "取得価額": "Cost [JPY]",
    "配置場所": "Place",
    "予算総括": "Budget overview",
    "事業 一覧": "Projects & more",
    "選択肢": "Choices",
    "決算": "Accounts",
    "備品台帳": "Assets",
    "済": "OK'd",
    "未": "Open",
    "総務課": "General affairs",
    "町長室": "Mayor",
    "会議室Ａ": "Room A",
}


def opened(data: bytes) -> XlsxDocument:
    document = from_bytes(data, "xlsx", "予算.xlsx")
    assert isinstance(document, XlsxDocument)
    return document


def translated(
    data: bytes, *, names: bool = False, lists: bool = False
) -> tuple[XlsxDocument, bytes]:
    document = opened(data)
    document.translate_sheet_names(names)
    document.translate_lists(lists)
    for segment in document.segments:
        new = WORDS.get(segment.text, f"EN {segment.id}")
        at = len(new)
        marks = []
        for mark in segment.marks:  # every mark gets its old text, at the end
            covered = segment.text[mark.start : mark.end]
            marks.append(Mark(at, at + len(covered), mark.key, mark.protected))
            new += covered
            at = len(new)
        document.replace(segment.id, new, tuple(marks))
    return document, document.render()


def formulas(data: bytes) -> dict[str, str]:
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found[f"{sheet.title}!{cell.coordinate}"] = str(cell.value)
    return found


def values(data: bytes) -> dict[str, dict[str, object]]:
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book.worksheets
    }


@pytest.mark.parametrize("name", BOOKS)
def test_identity_keeps_every_byte(name: str) -> None:
    data = BOOKS[name]()
    document = opened(data)
    assert len(document.segments) >= 10
    assert document.render() == data
    for segment in document.segments:
        document.replace(segment.id, "別の文")
    assert document.render() != data
    for segment in document.segments:
        document.replace(segment.id, segment.text, segment.marks)
    assert document.render() == data


@pytest.mark.parametrize("name", BOOKS)
def test_only_parts_with_text_change_and_only_words(name: str) -> None:
    data = BOOKS[name]()
    document, written = translated(data)
    old, new = parts(data), parts(written)
    assert list(old) == list(new)
    for part in old:
        if re.search(r"theme|printerSettings|vmlDrawing|docProps|Content_Types|rels$", part):
            assert old[part] == new[part], part
    before, after = values(data), values(written)
    assert list(before) == list(after)
    changed = 0
    for sheet, cells in before.items():
        assert list(cells) == list(after[sheet])
        for cell, value in cells.items():
            now = after[sheet][cell]
            if isinstance(value, (int, float)):
                assert now == value
            elif str(now) != str(value):
                changed += 1
    assert changed >= 10
    again = opened(written)
    assert [(s.place, s.kind) for s in again.segments] == [
        (s.place, s.kind) for s in document.segments
    ]


def test_places_and_what_is_no_segment() -> None:
    document = opened(budget())
    places = {segment.text: segment.place for segment in document.segments}
    assert places["民生費"] == "シート「予算総括」, A6"
    assert places["完了"] == "シート「事業 一覧」, C3 ほか2セル"
    assert places["庁舎整備基金を含む"] == "シート「予算総括」, B5 のコメント"
    assert places["第&P頁／全&N頁"] == "シート「予算総括」, ヘッダー"
    assert places["概要：民生費が全体の６割を占める。"] == "シート「予算総括」, 図形（G2）"
    assert not {"済", "未", "予算総括", "https://example.jp/yosan", "―"} & set(places)
    hidden = {segment.text: segment.place for segment in opened(ledger()).segments}
    assert hidden["ﾌﾟﾛｼﾞｪｸﾀ"] == "シート「備品台帳」, B4（非表示）"


def test_columns_of_a_table_follow_their_header_cells() -> None:
    _, written = translated(budget())
    book = openpyxl.load_workbook(io.BytesIO(written))
    sheet = book["事業 一覧"]
    table = sheet.tables["事業表"]
    names = [column.name for column in table.tableColumns]
    assert names == ["Project", "Budget amount", "Status", "Spent", "Left"]
    assert [cell.value for cell in sheet[2]] == names
    assert table.tableColumns[4].calculatedColumnFormula is not None
    assert formulas(written)["予算総括!B11"] == "=SUM(事業表[Spent])/SUM(事業表[Budget amount])"
    assert (
        formulas(written)["事業 一覧!E3"]
        == "=事業表[[#This Row],[Budget amount]]-事業表[[#This Row],[Spent]]"
    )
    assert table.tableColumns[0].totalsRowLabel == sheet["A7"].value == "Sum"


def test_headers_that_become_the_same_are_told_apart() -> None:
    document = opened(budget())
    for segment in document.segments:
        same = segment.text in ("予算額", "執行額", "事業名")
        document.replace(segment.id, "Amount" if same else f"x{segment.id}")
    written = document.render()
    sheet = openpyxl.load_workbook(io.BytesIO(written))["事業 一覧"]
    names = [column.name for column in sheet.tables["事業表"].tableColumns]
    assert [name for name in names if name[0] == "A"] == ["Amount", "Amount 2", "Amount 3"]
    assert [cell.value for cell in sheet[2]] == names
    assert formulas(written)["予算総括!B11"] == "=SUM(事業表[Amount 3])/SUM(事業表[Amount 2])"


def test_texts_in_formulas_follow_the_cells_they_are_compared_with() -> None:
    document, written = translated(budget())
    new = formulas(written)
    assert new["予算総括!B10"] == "=COUNTIF('事業 一覧'!$C$3:$C$6,\"Done\")"
    assert new["決算!B3"] == "=IF('事業 一覧'!C3=\"Done\",1,0)"
    assert new["決算!B4"] == '=IF(A4="済",100,0)'
    assert any("「完了」→「Done」" in one and "B10" in one for one in document.warnings)
    rules = openpyxl.load_workbook(io.BytesIO(written))["事業 一覧"].conditional_formatting
    assert [rule.formula for one in rules for rule in one.rules] == [
        ['"Done"'],
        ["予算総括!$B$8>0"],
    ]


def test_what_formulas_resulted_in_is_not_left_behind() -> None:
    _, written = translated(budget())
    book = openpyxl.load_workbook(io.BytesIO(written), data_only=True)
    assert book["予算総括"]["B12"].value == "Welfare"
    assert book["予算総括"]["B13"].value is None
    assert book["予算総括"]["B10"].value == 2
    assert b'fullCalcOnLoad="1"' in parts(written)["xl/workbook.xml"]


def test_choices_in_a_rule_are_left_unless_asked_for() -> None:
    document, written = translated(ledger())
    sheet = openpyxl.load_workbook(io.BytesIO(written))["備品台帳"]
    assert sheet["E2"].value == "総務課"
    assert sheet.data_validations.dataValidation[0].formula1 == '"総務課,町長室,会議室Ａ"'
    assert formulas(written)["Summary of 2024!B2"] == '=COUNTIF(Bihin[Place],"総務課")'
    assert any("E2:E4" in one and "総務課" in one for one in document.warnings)

    document, written = translated(ledger(), lists=True)
    sheet = openpyxl.load_workbook(io.BytesIO(written))["備品台帳"]
    assert [sheet[f"E{row}"].value for row in (2, 3, 4)] == ["General affairs", "Mayor", "Room A"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"General affairs,Mayor,Room A"'
    assert sheet.data_validations.dataValidation[0].prompt is not None
    assert formulas(written)["Summary of 2024!B2"] == '=COUNTIF(Bihin[Place],"General affairs")'
    assert not any("E2:E4" in one for one in document.warnings)


def test_a_list_that_excel_would_not_take_stays_with_its_cells() -> None:
    document = opened(ledger())
    document.translate_lists()
    for segment in document.segments:
        if segment.kind == "choice":
            document.replace(segment.id, "x" * 100 + segment.text)
    written = document.render()
    sheet = openpyxl.load_workbook(io.BytesIO(written))["備品台帳"]
    assert sheet["E2"].value == "総務課"
    assert sheet.data_validations.dataValidation[0].formula1 == '"総務課,町長室,会議室Ａ"'
    assert any("255" in one for one in document.warnings)


def test_names_of_sheets_on_request_with_everything_that_refers_to_them() -> None:
    _, plain = translated(budget())
    assert openpyxl.load_workbook(io.BytesIO(plain)).sheetnames[0] == "予算総括"
    _, written = translated(budget(), names=True)
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert book.sheetnames == ["Budget overview", "Projects & more", "Choices", "Accounts", "2024"]
    new = formulas(written)
    assert new["Accounts!B1"] == "=総額+'Budget overview'!C8-SUM('Projects & more'!B3:B6)"
    assert new["Accounts!B2"] == "=SUM('Budget overview:Accounts'!Z1)"
    assert new["2024!A1"] == "=Accounts!B1"
    assert book.defined_names["総額"].value == "'Budget overview'!$B$8"
    assert book["Budget overview"].print_area == "'Budget overview'!$A$1:$E$13"
    assert book["Budget overview"]["A14"].hyperlink.location == "'Projects & more'!A1"
    rules = book["Projects & more"]
    assert rules.data_validations.dataValidation[0].formula1 == "Choices!$A$1:$A$3"
    assert [r.formula for one in rules.conditional_formatting for r in one.rules][1] == [
        "'Budget overview'!$B$8>0"
    ]
    chart = parts(written)["xl/charts/chart1.xml"].decode()
    assert "'Budget overview'!$B$3" in chart
    for part, content in parts(written).items():
        assert "予算総括!" not in content.decode("utf-8", "replace"), part
        assert "事業 一覧" not in content.decode("utf-8", "replace"), part


@pytest.mark.parametrize("kind", ["series", "title"])
def test_charts(kind: str) -> None:
    document, written = translated(budget())
    xml = parts(written)["xl/charts/chart1.xml"].decode()
    texts = {segment.text: segment.id for segment in document.segments}
    if kind == "series":  # the copy of the cell's text follows the cell
        assert re.search(r"\$B\$3</c:f><c:strCache>.*?<c:v>This year</c:v>", xml)
        assert "<c:v>Welfare</c:v>" in xml
        assert f"<c:v>EN {texts['参考']}</c:v>" in xml
    else:
        assert f"<a:t>EN {texts['款別の予算額']}</a:t>" in xml
    assert not re.search("本年度|民生費|款別", xml)


def test_bold_words_stay_bold() -> None:
    document = opened(budget())
    segment = next(s for s in document.segments if "速報値" in s.text)
    red = next(m for m in segment.marks if segment.text[m.start : m.end] == "速報値")
    document.replace(segment.id, "Preliminary figures, in 1,000 yen", (Mark(0, 11, red.key),))
    value = values(document.render())["予算総括"]["A2"]
    assert isinstance(value, CellRichText)
    runs = [(str(run), bool(getattr(getattr(run, "font", None), "b", False))) for run in value]
    assert runs == [("Preliminary", True), (" figures, in 1,000 yen", False)]


@pytest.mark.parametrize("make", [budget, streamed])
def test_the_cell_s_own_font_spelled_out_is_no_mark(make: Callable[[], bytes]) -> None:
    document = opened(make())
    marked = {segment.text: segment for segment in document.segments if segment.marks}
    bold = [
        segment.text[mark.start : mark.end]
        for segment in marked.values()
        for mark in segment.marks
        if not mark.protected
    ]
    assert bold == (["速報値"] if make is budget else ["３月末日"])


def test_headers_and_comments_keep_their_codes_and_names() -> None:
    document = opened(budget())
    texts = {segment.text: segment for segment in document.segments}
    page = texts["第&P頁／全&N頁"]
    first, second = (m.key for m in page.marks)
    document.replace(
        page.id, "R&D page &P of &N", (Mark(9, 11, first, True), Mark(15, 17, second, True))
    )
    document.replace(texts["令和６年度予算"].id, "2024 budget")
    document.replace(texts["庁舎整備基金を含む"].id, "With the fund\nfor the town hall")
    written = document.render()
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert "R&&D page &P of &N" in parts(written)["xl/worksheets/sheet1.xml"].decode().replace(
        "&amp;", "&"
    )
    assert '&"ＭＳ 明朝"&10 2024 budget' in parts(written)[
        "xl/worksheets/sheet1.xml"
    ].decode().replace("&amp;", "&").replace("&quot;", '"')
    comment = book["予算総括"]["B5"].comment
    assert comment is not None
    assert comment.text == "山田太郎:\nWith the fund\nfor the town hall"


def test_a_header_that_would_be_too_long_is_left() -> None:
    document = opened(budget())
    segment = next(s for s in document.segments if s.text == "令和６年度予算")
    document.replace(segment.id, "long " * 60)
    written = document.render()
    assert "令和６年度予算" in parts(written)["xl/worksheets/sheet1.xml"].decode()
    assert any("255" in one for one in document.warnings)


def test_a_cell_holds_so_many_characters() -> None:
    document = opened(streamed())
    document.replace(0, "あ" * 40_000)
    assert len(str(values(document.render())["出力"]["A1"])) == 32_767
    assert any("32767" in one for one in document.warnings)


def test_strange_characters_are_kept_or_left_out() -> None:
    document = opened(streamed())
    document.replace(0, "a_x0041_ \x01<&> \ud800z  ")
    document.replace(1, "  =1+1")
    cells = values(document.render())["出力"]
    assert cells["A1"] == "a_x0041_ <&> z  "
    assert (cells["A2"], cells["A3"]) == ("  =1+1", "2番目の申請")


def numbers(sheets: dict[str, list[list[str]]]) -> list[list[list[str]]]:
    pattern = re.compile(r"-?[\d.,]+%?|▲[\d,]+")
    return [
        [[cell for cell in row if pattern.fullmatch(cell)] for row in rows]
        for rows in sheets.values()
    ]


@needs_soffice
def test_libreoffice_calculates_the_same_numbers(tmp_path: Path) -> None:
    files = {}
    for name, make in BOOKS.items():
        data = make()
        files[f"{name}-before"] = data
        files[f"{name}-after"] = translated(data, names=True, lists=True)[1]
    shown = calculated(files, tmp_path)
    for name in BOOKS:
        before, after = shown[f"{name}-before"], shown[f"{name}-after"]
        assert len(before) == len(after)
        old, new = numbers(before), numbers(after)
        assert sum(len(row) for sheet in old for row in sheet) > 5
        assert sorted(map(str, new)) == sorted(map(str, old))
        assert not re.search("#NAME|#REF|#VALUE|#N/A|Err:", str(after))


@needs_soffice
def test_a_workbook_that_came_from_an_opendocument_file(tmp_path: Path) -> None:
    sheets = converted({"budget": budget()}, tmp_path, "ods") / "budget.ods"
    folder = tmp_path / "back"
    data = converted({"budget": sheets.read_bytes()}, folder, "xlsx", "ods") / "budget.xlsx"
    before = data.read_bytes()
    _, after = translated(before, names=True, lists=True)
    new = formulas(after)
    assert new["Budget overview!B10"] == "=COUNTIF('Projects & more'!$C$3:$C$6,\"Done\")"
    assert new["Accounts!B2"] == "=SUM('Budget overview:Accounts'!Z1:Z1)"
    assert "予算総括" not in "".join(new.values())
    shown = calculated({"before": before, "after": after}, tmp_path / "shown")
    assert sorted(map(str, numbers(shown["after"]))) == sorted(map(str, numbers(shown["before"])))


def test_workbooks_are_opened_by_their_ending(tmp_path: Path) -> None:
    for ending in ("xlsx", "XLSM", "xltx"):
        path = tmp_path / f"a.{ending}"
        path.write_bytes(ledger())
        assert open_document(path).format == "xlsx"


def test_names_that_formulas_look_up_are_told_apart() -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("議会費", 100),
        ("総務費", 200),
        ("総務費", "=VLOOKUP(A3,A1:B2,2,FALSE)"),
        ("注記", 1),
        ("備考", 2),
    ):
        sheet.append(row)
    book.save(out)
    document = opened(out.getvalue())
    for segment in document.segments:
        document.replace(segment.id, "Note" if segment.text in ("注記", "備考") else "Costs")
    cells = values(document.render())["Sheet"]
    assert [cells[f"A{row}"] for row in range(1, 6)] == [
        "Costs",
        "Costs (総務費)",
        "Costs (総務費)",
        "Note",
        "Note",
    ]
    assert any("「議会費」, 「総務費」" in one for one in document.warnings)
