# mypy: disable-error-code="no-untyped-call"
"""Slides by python-pptx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from tests.documents.office_set import contents as c
from tests.documents.office_set.with_docx import picture


def ja_slides(path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = c.JA_TITLE
    slide.placeholders[1].text = "環境課\n令和６年２月"
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "お願い"
    frame = slide.placeholders[1].text_frame
    frame.text = c.JA_ITEMS[0]
    for level, text in enumerate(c.JA_ITEMS[1:]):
        paragraph = frame.add_paragraph()
        paragraph.level = level % 3
        paragraph.text = text
    slide.notes_slide.notes_text_frame.text = "ここで集積所の写真を見せる。質問は最後に受ける。"
    deck.save(str(path))


def en_runs(path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = c.EN_TITLE
    box = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(7), Inches(2))
    box.text_frame.word_wrap = True
    for text in c.EN_PARAGRAPHS[:2]:
        paragraph = box.text_frame.add_paragraph()
        words = text.split(" ")
        for number in range(0, len(words), 4):
            run = paragraph.add_run()
            run.text = " ".join(words[number : number + 4]) + " "
            run.font.bold = number % 8 == 0
            run.font.size = Pt(14)
            if number % 12 == 4:
                run.font.color.rgb = RGBColor(0xC0, 0x20, 0x20)
    paragraph = box.text_frame.add_paragraph()
    run = paragraph.add_run()
    run.text = "the city's website"
    run.hyperlink.address = "https://www.city.example.jp/"
    deck.save(str(path))


def ja_table(path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "収集日の一覧"
    shape = slide.shapes.add_table(4, 3, Inches(0.7), Inches(1.8), Inches(8.5), Inches(2.5))
    for row, texts in enumerate(c.JA_TABLE):
        for column, text in enumerate(texts):
            shape.table.cell(row, column).text = text
    shape.table.cell(3, 1).merge(shape.table.cell(3, 2))
    deck.save(str(path))


def en_chart(path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Calls by Month"
    data = CategoryChartData()
    data.categories = ["April", "May", "June"]
    data.add_series("Calls answered", (1530, 1702, 1580))
    data.add_series("Calls lost", (210, 260, 190))
    chart = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1.6), Inches(8), Inches(5), data
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Calls between April and June"
    chart.has_legend = True
    axis = chart.value_axis
    axis.has_title = True
    axis.axis_title.text_frame.text = "Number of calls"
    deck.save(str(path))


def ja_groups(path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    for number, text in enumerate(("受付", "審査", "決定", "通知")):
        shape = group.shapes.add_shape(
            MSO_SHAPE.ROUNDED_RECTANGLE, Inches(0.5 + 2.3 * number), Inches(2), Inches(2), Inches(1)
        )
        shape.text_frame.text = f"{number + 1}．{text}"
    inner = group.shapes.add_group_shape()
    for number in range(2):
        shape = inner.shapes.add_textbox(Inches(1 + 4 * number), Inches(4), Inches(3), Inches(1))
        shape.text_frame.text = c.JA_MEETING[number]
        shape.text_frame.word_wrap = True
    slide.shapes.add_picture(picture(), Inches(7), Inches(5.5), Inches(2))
    deck.save(str(path))


def en_long_titles(path: Path) -> None:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    for number, text in enumerate(c.EN_PARAGRAPHS):
        slide: Any = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = text.split(". ")[0]
        slide.placeholders[1].text = "\n".join(c.EN_ITEMS)
        slide.notes_slide.notes_text_frame.text = f"Slide {number + 1}: speak slowly."
    deck.save(str(path))


MAKERS = {
    "pptx_ja_slides.pptx": ja_slides,
    "pptx_en_runs.pptx": en_runs,
    "pptx_ja_table.pptx": ja_table,
    "pptx_en_chart.pptx": en_chart,
    "pptx_ja_groups.pptx": ja_groups,
    "pptx_en_long_titles.pptx": en_long_titles,
}
