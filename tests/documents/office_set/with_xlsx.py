# mypy: disable-error-code="no-untyped-call, arg-type"
"""Workbooks by openpyxl and XlsxWriter."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.documents.office_set import contents as c


def openpyxl_ja_budget(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "予算"
    sheet.append(["費目", "予算額", "執行額", "残額", "執行率"])
    for row, (name, budget, spent) in enumerate(
        (
            ("報償費", 1_200_000, 830_000),
            ("旅費", 450_000, 98_500),
            ("需用費", 2_300_000, 1_999_999),
        ),
        2,
    ):
        sheet.append([name, budget, spent, f"=B{row}-C{row}", f"=C{row}/B{row}"])
        sheet[f"B{row}"].number_format = '#,##0"円"'
        sheet[f"E{row}"].number_format = "0.0%"
    sheet.append(["合計", "=SUM(B2:B4)", "=SUM(C2:C4)", "=SUM(D2:D4)", '=IF(B5=0,"なし",C5/B5)'])
    sheet["A1"].font = Font(bold=True)
    sheet["A1"].comment = Comment("費目は款項目節の節による。", "財政課")
    sheet.merge_cells("A7:E7")
    sheet["A7"] = "（注）執行額は令和６年１月末現在。"
    sheet["A7"].alignment = Alignment(wrap_text=True)
    second = book.create_sheet("集計 表")
    second["A1"] = "残額の合計"
    second["B1"] = "=予算!D5"
    second["B2"] = "=SUM('予算'!B2:B4)*2"
    second["A3"] = '=HYPERLINK("#予算!A1","戻る")'
    book.defined_names["合計額"] = DefinedName("合計額", attr_text="予算!$B$5")
    second["B3"] = "=合計額/1000"
    book.save(path)


def openpyxl_en_validation(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Requests"
    sheet.append(["Request", "Status", "Opened", "Days"])
    for row, text in enumerate(c.EN_ITEMS, 2):
        sheet.append([text, "open", datetime.date(2024, 4, row), f"=TODAY()-C{row}"])
        sheet[f"C{row}"].number_format = "yyyy-mm-dd"
    rule = DataValidation(type="list", formula1='"open,closed,waiting"', allow_blank=True)
    rule.prompt, rule.promptTitle = "Choose a status.", "Status"
    rule.error, rule.errorTitle = "This is not a status.", "Status"
    sheet.add_data_validation(rule)
    rule.add("B2:B50")
    by_list = DataValidation(type="list", formula1="=Lists!$A$1:$A$3")
    sheet.add_data_validation(by_list)
    by_list.add("E2:E50")
    red = PatternFill("solid", bgColor="FFC7CE")
    sheet.conditional_formatting.add("D2:D50", CellIsRule("greaterThan", ["30"], fill=red))
    sheet.conditional_formatting.add(
        "A2:A50", FormulaRule(['$B2="closed"'], font=Font(strike=True))
    )
    lists = book.create_sheet("Lists")
    for row, text in enumerate(("Counter", "Telephone", "Letter"), 1):
        lists[f"A{row}"] = text
    sheet["F2"] = '=COUNTIF(B2:B4,"open")'
    sheet["F3"] = '=VLOOKUP("Letter",Lists!A1:A3,1,FALSE)'
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:D4"
    book.save(path)


def openpyxl_ja_rich(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "書式"
    sheet["A1"] = CellRichText(
        "提出期限は", TextBlock(InlineFont(b=True, color="FFC00000"), "３月15日"), "です。"
    )
    sheet["A2"] = CellRichText(
        TextBlock(InlineFont(i=True), "必ず"),
        "押印のうえ、",
        TextBlock(InlineFont(u="single"), "原本"),
        "を提出してください。",
    )
    sheet["A3"] = "行の\n途中で\n改行する"
    sheet["A3"].alignment = Alignment(wrap_text=True)
    sheet["B1"], sheet["B2"], sheet["B3"] = 12345.678, True, datetime.datetime(2024, 4, 15, 9, 30)
    sheet["B1"].number_format = "[$¥-411]#,##0.00"
    sheet["B3"].number_format = '[$-411]ggge"年"m"月"d"日"'
    for row, text in enumerate(c.JA_PARAGRAPHS, 5):
        sheet.cell(row, 1, text)
        sheet.cell(row, 2, f'=LEN(A{row})&"字"')
    sheet["C1"] = "=A1&B1"
    sheet["C2"].hyperlink = "https://www.city.example.jp/"
    sheet["C2"] = "市のページ"
    book.save(path)


def openpyxl_en_wide(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data & Figures"
    for column in range(1, 21):
        sheet.cell(1, column, f"Indicator {column}")
        for row in range(2, 60):
            sheet.cell(row, column, row * column if column % 3 else f"Remark {row}.{column}")
    other = book.create_sheet("It's a copy")
    other["A1"] = "='Data & Figures'!A1"
    other["A2"] = "=SUM('Data & Figures'!B2:B59)"
    other["A3"] = "=INDEX('Data & Figures'!A1:T59,3,4)"
    sheet["W1"] = "='It''s a copy'!A2+1"
    sheet.column_dimensions["B"].hidden = True
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "This sheet is hidden."
    hidden.sheet_state = "hidden"
    book.save(path)


def xlsxwriter_en_chart(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Calls")
    bold = book.add_format({"bold": True})
    for row, texts in enumerate(c.EN_TABLE):
        for column, text in enumerate(texts):
            number = text.replace(",", "")
            if number.isdigit():
                sheet.write_number(row, column, int(number))
            else:
                sheet.write(row, column, text, bold if row == 0 else None)
    sheet.write(5, 0, "Total", bold)
    sheet.write_formula(5, 1, "=SUM(B2:B4)", None, 4812)
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {"name": "=Calls!$B$1", "categories": "=Calls!$A$2:$A$4", "values": "=Calls!$B$2:$B$4"}
    )
    chart.set_title({"name": "Calls by month"})
    chart.set_x_axis({"name": "Month"})
    sheet.insert_chart("E2", chart)
    sheet.insert_textbox("E20", "A note in a box: figures are preliminary.")
    sheet.write_comment("A1", "Counted by the telephone system.")
    book.close()


def xlsxwriter_ja_table(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("収集日")
    sheet.add_table(
        0,
        0,
        3,
        3,
        {
            "name": "収集",
            "columns": [{"header": h} for h in (*c.JA_TABLE[0], "回数")],
            "data": [[*row, n] for n, row in enumerate(c.JA_TABLE[1:], 1)],
        },
    )
    sheet.write_formula("F1", "=SUM(収集[回数])", None, 6)
    sheet.write_formula("F2", '=SUMIF(A2:A4,"有害ごみ",D2:D4)', None, 3)
    red = book.add_format({"color": "red", "bold": True})
    sheet.write_rich_string("A6", "午前", red, "８時", "までに出してください。")
    sheet.merge_range("A8:C8", "年末年始は収集を休みます。", book.add_format({"align": "center"}))
    sheet.set_header("&Lごみ収集&R&D")
    sheet.set_footer("&C&P / &N ページ")
    book.define_name("回数計", "=収集日!$D$2:$D$4")
    sheet.write_formula("F3", "=SUM(回数計)", None, 6)
    book.close()


def xlsxwriter_en_styles(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": True})
    sheet = book.add_worksheet("Plan")
    money = book.add_format({"num_format": "$#,##0.00"})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    sheet.set_column("A:A", 40, wrap)
    for row, text in enumerate(c.EN_PARAGRAPHS):
        sheet.write(row, 0, text, wrap)
        sheet.write(row, 1, 1250.5 * (row + 1), money)
        sheet.write_formula(row, 2, f"=ROUND(B{row + 1}*1.1,2)", money, 1375.55 * (row + 1))
    sheet.write_url("A8", "https://www.city.example.jp/plan", string="The whole plan")
    sheet.write_url("A9", "internal:'Second sheet'!A1", string="See the second sheet")
    sheet.data_validation(
        "D1:D9",
        {
            "validate": "list",
            "source": ["yes", "no"],
            "input_title": "Done?",
            "input_message": "Choose.",
        },
    )
    sheet.write_array_formula("E1:E3", "{=B1:B3*2}", money, 2501)
    other = book.add_worksheet("Second sheet")
    other.write_formula("A1", "=Plan!B1+Plan!B2", money, 3751.5)
    other.write_formula("A2", '=TEXT(Plan!B1,"0.0")&" dollars"', None, "1250.5 dollars")
    sheet.conditional_format("B1:B5", {"type": "data_bar"})
    sheet.protect("")
    book.close()


MAKERS = {
    "xlsx_openpyxl_ja_budget.xlsx": openpyxl_ja_budget,
    "xlsx_openpyxl_en_validation.xlsx": openpyxl_en_validation,
    "xlsx_openpyxl_ja_rich.xlsx": openpyxl_ja_rich,
    "xlsx_openpyxl_en_wide.xlsx": openpyxl_en_wide,
    "xlsx_xlsxwriter_en_chart.xlsx": xlsxwriter_en_chart,
    "xlsx_xlsxwriter_ja_table.xlsx": xlsxwriter_ja_table,
    "xlsx_xlsxwriter_en_styles.xlsx": xlsxwriter_en_styles,
}
