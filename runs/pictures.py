#!/usr/bin/env python3
"""Make docs/pictures: a Word file, a presentation and a workbook, before and after translation.

    .venv/bin/python runs/pictures.py docs/pictures

The three documents are written here with python-docx, python-pptx and openpyxl, translated by the
installed model through the command line, and drawn by LibreOffice. Needs `make test` and
LibreOffice (Debian: libreoffice-writer-nogui, -calc-nogui, -impress-nogui, fonts-noto-cjk).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdfium2
from docx.shared import Pt
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from PIL import Image
from pptx.util import Inches

GAP = 24


def notice(path: Path) -> None:
    """A city's notice in English: a table, bold words, a footer."""
    made = docx.Document()
    made.styles["Normal"].font.size = Pt(11)
    made.add_heading("Notice on the collection of large waste", level=1)
    made.add_paragraph("15 April 2024, Environment Section, City of Minamihara")
    first = made.add_paragraph("From ")
    first.add_run("1 June 2024").bold = True
    first.add_run(", large waste is collected only after an application by telephone or ")
    first.add_run("at the counter").italic = True
    first.add_run(". Please put the waste in front of your house by 8:30 in the morning.")
    table = made.add_table(rows=4, cols=3, style="Table Grid")
    rows = [
        ("Item", "Fee", "Remarks"),
        ("Bicycle", "500 yen", "Please remove the lock."),
        ("Chair", "300 yen", "Up to two chairs a day."),
        ("Table", "1,200 yen", "Two people are needed."),
    ]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    made.add_heading("How to apply", level=2)
    for text in (
        "Call the centre at 0555-01-2345 at least three days before.",
        "Buy a fee ticket at a shop in the city.",
        "Write your name on the ticket and put it on the waste.",
    ):
        made.add_paragraph(text, style="List Number")
    made.sections[0].footer.paragraphs[0].text = "If you have questions, please ask at the counter."
    made.save(str(path))


def slides(path: Path) -> None:
    """One slide with a title, bullets and a box."""
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "The new library opens in April"
    body = slide.placeholders[1].text_frame
    body.text = "It is open from 9 a.m. to 9 p.m."
    for text in (
        "Everyone who lives or works in the city can borrow 15 books.",
        "There are books in 14 languages.",
        "The building cost 2.9 billion yen.",
    ):
        body.add_paragraph().text = text
    box = slide.shapes.add_textbox(Inches(0.7), Inches(6.3), Inches(8.6), Inches(0.8))
    box.text_frame.word_wrap = True
    box.text_frame.text = "Please come by bus, because there are only a few parking spaces."
    made.save(str(path))


def budget(path: Path) -> None:
    """A Japanese budget sheet: merged cells, formulas, a comment, a chart."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "予算"
    sheet.merge_cells("A1:D1")
    sheet["A1"] = "令和6年度 図書館の予算"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(["項目", "前年度", "今年度", "増減"])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    for row, (name, before, now) in enumerate(
        [("本を買う費用", 4200000, 4500000), ("電気と水道の料金", 1800000, 2100000),
         ("職員の給料", 9600000, 9700000)], start=3,
    ):  # fmt: skip
        sheet.append([name, before, now, f"=C{row}-B{row}"])
    sheet.append(["合計", "=SUM(B3:B5)", "=SUM(C3:C5)", "=SUM(D3:D5)"])
    sheet["A8"] = "金額の単位は円です。来月の会議で説明します。"
    sheet["A4"].comment = Comment("料金が上がりました。", "会計課")
    for column, width in zip("ABCD", (26, 12, 12, 12), strict=True):
        sheet.column_dimensions[column].width = width
    for row_cells in sheet["B3:D6"]:
        for cell in row_cells:
            cell.number_format = "#,##0"
    chart = BarChart()
    chart.title = "前年度と今年度"
    chart.add_data(
        Reference(sheet, min_col=2, max_col=3, min_row=2, max_row=5), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=3, max_row=5))
    chart.height, chart.width = 7, 15
    sheet.add_chart(chart, "A10")
    book.save(path)


def page(document: Path, folder: Path) -> Image.Image:
    """The first page of a document as LibreOffice draws it, without its white margins."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), str(document)],
        check=True, capture_output=True,
    )  # fmt: skip
    pdf = pypdfium2.PdfDocument(folder / f"{document.stem}.pdf")
    image = pdf[0].render(scale=1.3).to_pil().convert("RGB")
    pdf.close()
    ink = image.convert("L").point(lambda value: 255 if value < 250 else 0).getbbox()
    assert ink is not None
    return image.crop((0, 0, image.width, min(image.height, ink[3] + 40)))


def main(output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    for name, make, to in (
        ("notice.docx", notice, "ja"), ("slide.pptx", slides, "ja"), ("budget.xlsx", budget, "en"),
    ):  # fmt: skip
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            before, after = folder / name, folder / f"after.{name}"
            make(before)
            kakehashi = Path(sys.executable).with_name("kakehashi")
            done = subprocess.run(
                [str(kakehashi), "translate", str(before), "--to", to, "-o", str(after)],
                check=False,
            )
            if not after.is_file():
                sys.exit(f"kakehashi translate {name} ended with status {done.returncode}")
            left, right = page(before, folder), page(after, folder)
            size = (left.width + right.width + GAP, max(left.height, right.height))
            both = Image.new("RGB", size, "#b8c0c8")
            both.paste(left, (0, 0))
            both.paste(right, (left.width + GAP, 0))
            both.quantize(64).save(output / f"{name.replace('.', '-')}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
