"""Workbooks as offices have them, made by two libraries; and what LibreOffice makes of them."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def budget() -> bytes:
    """The budget of a town: five sheets that refer to each other, made by xlsxwriter."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True})
    red = book.add_format({"bold": True, "font_color": "#C00000"})
    title = book.add_format({"bold": True, "font_size": 14, "align": "center", "border": 1})
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
    yen = book.add_format({"num_format": "#,##0;▲#,##0", "border": 1})
    percent = book.add_format({"num_format": "0.0%", "border": 1})

    cover = book.add_worksheet("予算総括")
    cover.set_column("A:A", 24)
    cover.merge_range("A1:E1", "令和６年度　一般会計予算総括表", title)
    cover.write_rich_string("A2", "単位：千円（", red, "速報値", "につき取扱注意）")
    cover.write_row("A3", ["款", "本年度", "前年度", "増減", "備考"], head)
    rows = [
        ("議会費", 215_400, 210_030, "定数は現状どおり"),
        ("総務費", 3_120_900, 3_401_250, "庁舎の耐震工事が終わり、\n経常経費に戻る"),
        ("民生費", 9_876_500, 9_512_300, "児童手当の拡充を見込む"),
        ("土木費", 1_540_000, 1_540_000, "―"),
    ]
    for number, (name, now, before, note) in enumerate(rows, 4):
        cover.write(f"A{number}", name)
        cover.write_number(f"B{number}", now, yen)
        cover.write_number(f"C{number}", before, yen)
        cover.write_formula(f"D{number}", f"=B{number}-C{number}", yen, now - before)
        cover.write(f"E{number}", note)
    cover.write("A8", "合計", head)
    for column in "BCD":
        cover.write_formula(f"{column}8", f"=SUM({column}4:{column}7)", yen, 0)
    cover.write("A10", "事業数（完了）")
    cover.write_formula("B10", "=COUNTIF('事業 一覧'!$C$3:$C$6,\"完了\")", None, 2)
    cover.write("A11", "教育費の執行率")
    cover.write_formula("B11", "=SUM(事業表[執行額])/SUM(事業表[予算額])", percent, 0.5)
    cover.write("A12", "最大の款")
    cover.write_formula("B12", "=INDEX(A4:A7,MATCH(MAX(B4:B7),B4:B7,0))", None, "民生費")
    cover.write_formula("B13", '="令和"&6&"年度の"&A8', None, "令和6年度の合計")
    cover.write_comment("B5", "山田太郎:\n庁舎整備基金を含む", {"author": "山田太郎"})
    cover.write_url("A14", "internal:'事業 一覧'!A1", string="事業一覧へ", tip="一覧を開きます")
    cover.write_url("A15", "https://example.jp/yosan", string="https://example.jp/yosan")
    cover.set_header('&L&"ＭＳ 明朝"&10令和６年度予算&C&A&R第&P頁／全&N頁')
    cover.set_footer("&C財政課")
    cover.print_area("A1:E13")
    cover.insert_textbox("G2", "概要：民生費が全体の６割を占める。")
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "=予算総括!$B$3",
            "categories": "=予算総括!$A$4:$A$7",
            "values": "=予算総括!$B$4:$B$7",
        }
    )
    chart.add_series({"name": "参考", "values": "=予算総括!$C$4:$C$7"})
    chart.set_title({"name": "款別の予算額"})
    chart.set_y_axis({"name": "千円"})
    cover.insert_chart("G6", chart)

    work = book.add_worksheet("事業 一覧")
    work.write("A1", "教育委員会所管の事業", bold)
    data = [
        ["学校給食センター改修", 120_000, "完了", 118_500],
        ["図書館システム更新", 45_000, "継続", 20_000],
        ["プール跡地整備", 30_000, "完了", 30_000],
        ["Wi-Fi整備", 8_000, "未着手", 0],
    ]
    columns: list[dict[str, Any]] = [
        {"header": "事業名", "total_string": "計"},
        {"header": "予算額", "total_function": "sum"},
        {"header": "状況"},
        {"header": "執行額", "total_function": "sum"},
        {
            "header": "残額",
            "formula": "=事業表[[#This Row],[予算額]]-事業表[[#This Row],[執行額]]",
            "total_function": "sum",
        },
    ]
    options = {"name": "事業表", "data": data, "columns": columns, "total_row": True}
    work.add_table("A2:E7", options)
    work.data_validation(
        "C3:C6",
        {
            "validate": "list",
            "source": "=選択肢!$A$1:$A$3",
            "input_title": "状況",
            "input_message": "一覧から選んでください",
        },
    )
    work.conditional_format(
        "C3:C6", {"type": "cell", "criteria": "==", "value": '"完了"', "format": bold}
    )
    work.conditional_format(
        "A3:A6", {"type": "formula", "criteria": "=予算総括!$B$8>0", "format": bold}
    )

    choices = book.add_worksheet("選択肢")
    choices.write_column("A1", ["完了", "継続", "未着手"])
    choices.hide()
    book.define_name("総額", "=予算総括!$B$8")
    settlement = book.add_worksheet("決算")
    settlement.write("A1", "前年度決算との比較")
    settlement.write_formula("B1", "=総額+予算総括!C8-SUM('事業 一覧'!B3:B6)", yen, 0)
    settlement.write_formula("B2", "=SUM(予算総括:決算!Z1)", yen, 0)
    settlement.write_formula("B3", "=IF('事業 一覧'!C3=\"完了\",1,0)", None, 1)
    settlement.write("A4", "済")
    settlement.data_validation("A4", {"validate": "list", "source": ["済", "未"]})
    settlement.write_formula("B4", '=IF(A4="済",100,0)', None, 100)
    book.add_worksheet("2024").write_formula("A1", "=決算!B1", None, 0)
    book.close()
    return out.getvalue()


def ledger() -> bytes:
    """A ledger made by openpyxl: comments, table, filter, chart, hidden rows, codes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "備品台帳"
    sheet.append(["管理番号", "品名", "取得日", "取得価額", "配置場所", "摘要"])
    items = [
        ("B-0001", "ノートパソコン", "2021/4/1", 128_000, "総務課", "廃棄予定。\n代替機あり"),
        ("B-0002", "応接セット（５点）", "H30.9.12", 250_000, "町長室", None),
        ("B-0003", "ﾌﾟﾛｼﾞｪｸﾀ", "R2.10.1", 64_800, "会議室Ａ", "=貸出中"),
    ]
    for item in items:
        sheet.append(item)
    sheet["F4"].data_type = "s"
    sheet["D5"] = "=SUM(D2:D4)"
    sheet["E5"] = '=E2&"ほか"'
    sheet["B2"].comment = Comment("令和６年度に更新する。\n見積は３社から取る。", "財産管理係")
    sheet["B1"].font = Font(bold=True)
    sheet.row_dimensions[4].hidden = True
    table = Table(displayName="Bihin", ref="A1:F4")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium9", showRowStripes=True)
    sheet.add_table(table)
    rule = DataValidation(type="list", formula1='"総務課,町長室,会議室Ａ"')
    rule.promptTitle, rule.prompt = "配置場所", "課名を選ぶ"
    rule.add("E2:E4")
    sheet.add_data_validation(rule)
    chart = BarChart()
    chart.title = "取得価額の内訳"
    chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=4), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=2, min_row=2, max_row=4))
    chart.anchor = "H2"
    sheet.add_chart(chart)
    other = book.create_sheet("Summary of 2024")
    other["A1"] = "備品の合計"
    other["B1"] = "=SUM(Bihin[取得価額])+備品台帳!D5"
    other["B2"] = '=COUNTIF(Bihin[配置場所],"総務課")'
    other.merge_cells("A3:C3")
    other["A3"] = "以上、相違ありません。"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def streamed() -> bytes:
    """Inline strings, as programs write that stream their rows (xlsxwriter, constant memory)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("出力")
    bold = book.add_format({"bold": True})
    for row in range(30):
        sheet.write(row, 0, f"{row}番目の申請")
        sheet.write(row, 1, row * 1.5)
        sheet.write_formula(row, 2, f"=B{row + 1}*2", None, row * 3)
    sheet.write_rich_string(30, 0, "期限は", bold, "３月末日", "です。")
    book.close()
    return out.getvalue()


BOOKS: dict[str, Callable[[], bytes]] = {"budget": budget, "ledger": ledger, "streamed": streamed}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def repacked(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The package with other bytes for some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**parts(data), **changes}.items():
            if content is not None:
                file.writestr(name, content)
    return out.getvalue()


def converted(files: dict[str, bytes], folder: Path, kind: str, ending: str = "xlsx") -> Path:
    """The folder in which LibreOffice has put the files in another format."""
    assert SOFFICE is not None
    paths = []
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        paths.append(folder / f"{name}.{ending}")
        paths[-1].write_bytes(data)
    target = folder / "converted"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(target)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=280)
    return target


def calculated(files: dict[str, bytes], folder: Path) -> dict[str, dict[str, list[list[str]]]]:
    """All sheets of all files as LibreOffice shows them after calculating everything."""
    # The last number: each sheet becomes a file of its own.
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    found: dict[str, dict[str, list[list[str]]]] = {name: {} for name in files}
    for file in sorted(converted(files, folder, kind).iterdir()):
        name = next(one for one in files if file.stem.startswith(f"{one}-"))
        sheet = file.stem.removeprefix(f"{name}-")
        found[name][sheet] = list(csv.reader(file.read_text("utf-8").splitlines()))
    return found
