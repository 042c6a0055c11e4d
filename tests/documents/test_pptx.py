from __future__ import annotations

import io
import re

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.presentation import Presentation
from pptx.util import Emu, Inches, Pt

from kakehashi.documents import Document, Mark, from_bytes
from kakehashi.errors import FormatError
from tests.documents.office_files import parts_of, repacked, slides

EMPTY, BULLETS, TITLE_ONLY = 6, 1, 5


def opened(data: bytes) -> Document:
    return from_bytes(data, "pptx", "試験.pptx")


def read_again(document: Document) -> Presentation:
    return pptx.Presentation(io.BytesIO(document.render()))


def body_of(document: Document, slide: int = 0, shape: int = 0) -> str:
    xml = parts_of(document.render())[f"ppt/slides/slide{slide + 1}.xml"].decode()
    bodies: list[str] = re.findall("<p:txBody>.*?</p:txBody>", xml, re.DOTALL)
    return bodies[shape]


RED = RGBColor(255, 0, 0)  # type: ignore[no-untyped-call]


def plain(presentation: Presentation) -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[BULLETS])
    slide.shapes.title.text = "令和６年度　事業計画"
    frame = slide.placeholders[1].text_frame
    frame.text = "基本方針"
    for text in ("市民サービスの向上", "行政のデジタル化"):
        added = frame.add_paragraph()
        added.text, added.level = text, 1
    slide.notes_slide.notes_text_frame.text = "ここで質問を受け付ける。"
    table = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    table.shapes.title.text = "予算"
    cells = table.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
    cells.cell(0, 0).text, cells.cell(1, 1).text = "区分", "一般会計"


def test_segments_come_in_the_order_of_the_show_with_their_places() -> None:
    def build(presentation: Presentation) -> None:
        plain(presentation)
        order = presentation.slides._sldIdLst
        order.insert(0, order[1])

    document = opened(slides(build))
    assert [(s.text, s.place, s.kind) for s in document.segments] == [
        ("予算", "slide 1, title", "title"),
        ("区分", "slide 1, table 1, row 1, column 1", "cell"),
        ("一般会計", "slide 1, table 1, row 2, column 2", "cell"),
        ("令和６年度　事業計画", "slide 2, title", "title"),
        ("基本方針", "slide 2, text 1", "prose"),
        ("市民サービスの向上", "slide 2, text 1", "prose"),
        ("行政のデジタル化", "slide 2, text 1", "prose"),
        ("ここで質問を受け付ける。", "slide 2, notes", "prose"),
    ]


def test_bold_colour_and_links_stay_on_their_words() -> None:
    def build(presentation: Presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[EMPTY])
        text = slide.shapes.add_textbox(0, 0, Inches(8), Inches(1)).text_frame.paragraphs[0]
        for words, bold in (("申請は", None), ("４月", True), ("までに", None), ("窓口", None)):
            added = text.add_run()
            added.text, added.font.bold = words, bold
        text.runs[3].hyperlink.address = "https://example.jp/"
        text.runs[1].font.color.rgb = RED

    document = opened(slides(build))
    segment = document.segments[0]
    assert segment.text == "申請は４月までに窓口"
    assert [segment.text[m.start : m.end] for m in segment.marks] == ["４月", "窓口"]
    document.set_language("en")
    document.replace(0, "At the counter by April", (Mark(18, 23, 0), Mark(7, 14, 1)))
    runs = read_again(document).slides[0].shapes[0].text_frame.paragraphs[0].runs
    assert [(r.text, r.font.bold, r.hyperlink.address) for r in runs] == [
        ("At the ", None, None),
        ("counter", None, "https://example.jp/"),
        (" by ", None, None),
        ("April", True, None),
    ]
    assert runs[3].font.color.rgb == RED
    assert body_of(document).count('lang="en-US"') == 4
    document.replace(0, "By April")  # the link is not lost
    runs = read_again(document).slides[0].shapes[0].text_frame.paragraphs[0].runs
    assert runs[-1].hyperlink.address == "https://example.jp/"


def test_line_breaks_and_slide_numbers() -> None:
    inside = (
        "<a:p><a:pPr algn='ctr'/><a:r><a:t>防災の、</a:t></a:r><a:br/><a:r><a:t>手引き</a:t></a:r><a:br/>"
        "<a:r><a:t>第</a:t></a:r><a:fld id='{1}' type='slidenum'><a:rPr/><a:t>7</a:t></a:fld>"
        "<a:r><a:t>版</a:t></a:r><a:endParaRPr sz='900'/></a:p>"
    )

    def change(parts: dict[str, bytes]) -> None:
        name = "ppt/slides/slide1.xml"
        parts[name] = re.sub(rb"<a:p>.*?</a:p>", inside.encode(), parts[name], count=1, flags=re.S)

    document = opened(repacked(slides(plain), change))
    assert [s.text for s in document.segments][:2] == ["防災の、\n手引き", "第7版"]
    document.replace(0, "Disaster,\nguide")
    document.replace(1, "Edition 7", (Mark(8, 9, 0, True),))
    assert re.search(
        r"<a:pPr algn=.ctr./>.*Disaster,.*<a:br>.*guide.*<a:br/>.*Edition .*<a:fld.*>7</a:t></a:fld>"
        r"<a:endParaRPr sz=.900./></a:p>",
        body_of(document),
    )


def with_chart(presentation: Presentation) -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[EMPTY])
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["四月", "五月"]
    data.add_series("売上高", (1, 2))  # type: ignore[no-untyped-call]
    data.add_series("費用", (3, 4))  # type: ignore[no-untyped-call]
    chart = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "月別売上"
    chart.value_axis.has_title = True
    chart.value_axis.axis_title.text_frame.text = "金額（万円）"


def test_charts_are_translated_and_their_workbook_is_left() -> None:
    document = opened(slides(with_chart))
    assert [(s.text, s.place) for s in document.segments] == [
        ("月別売上", "slide 1, chart 1, title"),
        ("売上高", "slide 1, chart 1, series name"),
        ("四月", "slide 1, chart 1, category"),
        ("五月", "slide 1, chart 1, category"),
        ("費用", "slide 1, chart 1, series name"),
        ("金額（万円）", "slide 1, chart 1, axis title"),
    ]
    before = parts_of(slides(with_chart))
    for segment, text in zip(document.segments, "ABCDEF", strict=True):
        document.replace(segment.id, text)
    chart = read_again(document).slides[0].shapes[0].chart
    assert chart.chart_title.text_frame.text == "A"
    assert [one.name for one in chart.plots[0].series] == ["B", "E"]
    assert [list(one.values) for one in chart.plots[0].series] == [[1, 2], [3, 4]]
    assert list(chart.plots[0].categories) == ["C", "D"]
    after = parts_of(document.render())
    changed = [name for name in before if "embeddings" in name or "rels" in name]
    assert changed
    assert all(before[name] == after[name] for name in changed if "embeddings" not in name)
    xml = next(content for name, content in after.items() if "charts/chart" in name)
    assert xml.count(b">C<") == 2
    assert b"Sheet1!$B$1" in xml


def test_smartart_gets_the_same_text_in_its_data_and_its_drawing() -> None:
    data = (
        '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst>{}</dgm:ptLst></dgm:dataModel>'
    )
    drawing = (
        '<dsp:drawing xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dsp:spTree>{}</dsp:spTree></dsp:drawing>'
    )
    point = "<dgm:pt><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt>"
    shape = "<dsp:sp><dsp:txBody><a:p><a:r><a:rPr lang='ja-JP'/><a:t>{}</a:t></a:r></a:p></dsp:txBody></dsp:sp>"

    def change(parts: dict[str, bytes]) -> None:
        parts["ppt/diagrams/data1.xml"] = data.format(
            point.format("計画") + point.format("実行")
        ).encode()
        parts["ppt/diagrams/drawing1.xml"] = drawing.format(
            shape.format("実行") + shape.format("計画")
        ).encode()
        name = "ppt/slides/_rels/slide1.xml.rels"
        links = (
            '<Relationship Id="d1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'diagramData" Target="../diagrams/data1.xml"/><Relationship Id="d2" Type="http://schemas.microsoft.com'
            '/office/2007/relationships/diagramDrawing" Target="../diagrams/drawing1.xml"/></Relationships>'
        )
        parts[name] = parts[name].replace(b"</Relationships>", links.encode())

    document = opened(repacked(slides(plain), change))
    found = [s for s in document.segments if s.place == "slide 1, diagram 1"]
    assert [s.text for s in found] == ["計画", "実行"]
    document.replace(found[0].id, "Plan")
    document.replace(found[1].id, "Do")
    parts = parts_of(document.render())
    assert re.findall(rb"<a:t>(\w+)", parts["ppt/diagrams/data1.xml"]) == [b"Plan", b"Do"]
    assert re.findall(rb"<a:t>(\w+)", parts["ppt/diagrams/drawing1.xml"]) == [b"Do", b"Plan"]


def box(text: str, width: float, height: float, size: float | None = None) -> bytes:
    def build(presentation: Presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[EMPTY])
        group = slide.shapes.add_group_shape()
        frame = group.shapes.add_textbox(0, 0, Inches(width), Inches(height)).text_frame
        frame.word_wrap = True
        frame.text = text
        if size is not None:
            frame.paragraphs[0].runs[0].font.size = Pt(size)

    return slides(build)


def scale_of(document: Document) -> int:
    found = re.search(r'fontScale="(\d+)"', body_of(document))
    return int(found[1]) if found else 100_000


def test_text_that_still_fits_is_not_made_smaller() -> None:
    document = opened(box("防災訓練", 6, 1))
    document.replace(0, "Disaster prevention drill")
    assert scale_of(document) == 100_000


@pytest.mark.parametrize(("words", "least", "most"), [(12, 70_000, 92_500), (24, 47_500, 62_500)])
def test_text_that_has_grown_is_made_smaller(words: int, least: int, most: int) -> None:
    document = opened(box("市民の皆様へ防災訓練を実施いたします", 4, 1, 24))
    document.replace(0, " ".join(["preparing"] * words))
    assert least <= scale_of(document) <= most
    # The same text again needs no smaller scale than the first time.
    again = opened(document.render())
    again.replace(0, " ".join(["presenting"] * words))
    assert scale_of(again) <= scale_of(document)
    assert scale_of(again) >= 47_500


def test_shorter_text_leaves_the_scale_alone() -> None:
    data = box("Announcement of the disaster drill for all citizens", 2, 1, 24)
    document = opened(data)
    document.replace(0, "訓練")
    assert scale_of(document) == 100_000


def test_placeholders_inherit_size_and_place() -> None:
    document = opened(slides(plain))
    for segment in document.segments:
        if segment.place == "slide 1, text 1":
            document.replace(segment.id, "A long sentence about the services of the city " * 4)
    assert 47_500 <= int(re.findall(r'fontScale="(\d+)"', body_of(document, 0, 1))[0]) < 92_500


def test_a_table_that_would_leave_the_slide_gets_smaller_letters() -> None:
    def build(presentation: Presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[EMPTY])
        table = slide.shapes.add_table(8, 2, Inches(1), Inches(1), Inches(4), Inches(4)).table
        for row in range(8):
            table.cell(row, 0).text = "説明"
            table.cell(row, 1).text = "別"

    document = opened(slides(build))
    for segment in document.segments:
        if segment.text == "説明":
            document.replace(segment.id, "An explanation that takes several lines of this cell")
    table = read_again(document).slides[0].shapes[0].table
    sizes = {
        p.runs[0].font.size
        for row in table.rows
        for cell in row.cells
        for p in cell.text_frame.paragraphs
    }
    assert len(sizes) == 1
    size = sizes.pop()
    assert size is not None
    assert Pt(9) <= size < Pt(18)


def test_a_word_is_not_broken_in_a_narrow_shape() -> None:
    def build(presentation: Presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[EMPTY])
        shape = slide.shapes.add_shape(MSO_SHAPE.CHEVRON, 0, 0, Inches(2.3), Inches(1.2))
        shape.text_frame.text = "導入"

    document = opened(slides(build))
    document.replace(0, "Work")
    assert scale_of(document) == 100_000
    document.replace(0, "Introduction")
    size = read_again(document).slides[0].shapes[0].text_frame.paragraphs[0].runs[0].font.size
    assert size is not None
    assert Pt(8) <= size <= Pt(13)


def test_a_line_that_does_not_wrap_stays_on_the_slide() -> None:
    def build(presentation: Presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[EMPTY])
        text = slide.shapes.add_textbox(Inches(1), 0, Inches(2), Inches(1)).text_frame
        text.text, text.word_wrap = "進め方", False
        text.paragraphs[0].runs[0].font.size = Pt(32)

    document = opened(slides(build))
    for text, low, high in (
        ("How we go on", 32, 32),
        ("How we are going to go on from here on", 16, 31),
    ):
        document.replace(0, text)
        size = read_again(document).slides[0].shapes[0].text_frame.paragraphs[0].runs[0].font.size
        assert size is not None
        assert Pt(low) <= size <= Pt(high)


def test_a_missing_slide_is_damage() -> None:
    def change(parts: dict[str, bytes]) -> None:
        del parts["ppt/slides/slide1.xml"]

    with pytest.raises(FormatError, match="a slide is missing"):
        opened(repacked(slides(plain), change))


def test_an_empty_show_says_so() -> None:
    document = opened(slides(lambda presentation: presentation))
    assert document.segments == ()
    assert any("no text" in one for one in document.warnings)


def test_comments_and_alternatives() -> None:
    def change(parts: dict[str, bytes]) -> None:
        p = "http://schemas.openxmlformats.org/presentationml/2006/main"
        parts["ppt/comments/comment1.xml"] = (
            f'<p:cmLst xmlns:p="{p}"><p:cm><p:pos x="1" y="1"/><p:text>数字を確認</p:text></p:cm></p:cmLst>'
        ).encode()
        name = "ppt/slides/_rels/slide1.xml.rels"
        link = (
            '<Relationship Id="c1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'comments" Target="../comments/comment1.xml"/></Relationships>'
        )
        parts[name] = parts[name].replace(b"</Relationships>", link.encode())
        name = "ppt/slides/slide2.xml"
        shape = (
            "<p:sp><p:nvSpPr><p:cNvPr id='9' name='n'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>"
            "<a:p><a:r><a:t>式の説明</a:t></a:r></a:p></p:txBody></p:sp>"
        )
        both = (
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<mc:Choice Requires='a14'>{shape}</mc:Choice><mc:Fallback>{shape}</mc:Fallback>"
            "</mc:AlternateContent></p:spTree>"
        )
        parts[name] = parts[name].replace(b"</p:spTree>", both.encode())

    document = opened(repacked(slides(plain), change))
    places = {s.text: (s.id, s.place) for s in document.segments}
    assert places["数字を確認"][1] == "slide 1, comment"
    document.replace(places["数字を確認"][0], "Check the figures")
    document.replace(places["式の説明"][0], "Explanation")
    parts = parts_of(document.render())
    assert b"<p:text>Check the figures</p:text>" in parts["ppt/comments/comment1.xml"]
    assert parts["ppt/slides/slide2.xml"].count(b"Explanation") == 2


def test_a_small_shape_in_a_group_drawn_larger_counts_as_large() -> None:
    document = opened(box("短い文", 1, 1, 12))

    def change(parts: dict[str, bytes]) -> None:
        name = "ppt/slides/slide1.xml"
        extent = Emu(Inches(1))
        parts[name] = re.sub(
            rb'<a:ext cx="\d+" cy="\d+"/>',
            f'<a:ext cx="{extent * 5}" cy="{extent * 5}"/>'.encode(),
            parts[name],
            count=1,
        )

    text = "A sentence that would never fit into one square inch, but does into twenty-five of them"
    document.replace(0, text)
    assert scale_of(document) < 100_000
    larger = opened(repacked(box("短い文", 1, 1, 12), change))
    larger.replace(0, text)
    assert scale_of(larger) == 100_000
