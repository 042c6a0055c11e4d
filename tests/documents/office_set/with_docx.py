# mypy: disable-error-code="no-untyped-call, arg-type"
"""Word documents by python-docx, with what it lacks put in as XML."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from tests.documents.office_set import contents as c


def picture() -> io.BytesIO:
    """A small PNG, the same each time: a bar and a border."""
    width, height = 240, 120
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            edge = min(x, y, width - 1 - x, height - 1 - y) < 3
            bar = 40 < x < 100 and y > 40
            rows += b"\x20\x20\x20" if edge else b"\x44\x72\xc4" if bar else b"\xee\xf3\xfa"

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


def _table(document: Any, rows: tuple[tuple[str, ...], ...], style: str = "Table Grid") -> Any:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style=style)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    return table


def ja_notice(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("環第１２３号").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("令和６年２月１日").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_heading(c.JA_TITLE, 1)
    for text in c.JA_PARAGRAPHS[:3]:
        paragraph = document.add_paragraph()
        head, _, tail = text.partition("、")
        paragraph.add_run(head + "、").bold = True
        run = paragraph.add_run(tail[:12])
        run.font.color.rgb = RGBColor(0xC0, 0, 0)
        run.font.underline = True
        paragraph.add_run(tail[12:])
    for text in c.JA_ITEMS:
        document.add_paragraph(text, style="List Bullet")
    _table(document, c.JA_TABLE)
    document.add_paragraph("担当：環境課　山田").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.save(str(path))


def en_report(path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "City Office — Service Desk"
    section.footer.paragraphs[0].text = "Internal use only"
    document.add_heading(c.EN_TITLE, 0)
    for number, text in enumerate(c.EN_PARAGRAPHS):
        if number % 2 == 0:
            document.add_heading(f"Section {number // 2 + 1}: what changed", 2)
        words = text.split(" ")
        paragraph = document.add_paragraph(" ".join(words[:3]) + " ")
        paragraph.add_run(" ".join(words[3:6])).bold = True
        paragraph.add_run(" ")
        paragraph.add_run(" ".join(words[6:8])).italic = True
        run = paragraph.add_run(" " + " ".join(words[8:]))
        run.font.name = "Georgia"
    for text in c.EN_ITEMS:
        document.add_paragraph(text, style="List Number")
    _table(document, c.EN_TABLE, "Light Grid Accent 1")
    document.add_picture(picture(), width=Mm(60))
    document.save(str(path))


def ja_merged_table(path: Path) -> None:
    document = docx.Document()
    document.add_heading("備品の貸出しについて", 1)
    table = document.add_table(rows=5, cols=4, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 3)).text = "貸出しの条件（令和６年度）"
    table.cell(1, 0).merge(table.cell(3, 0)).text = "会議室の備品"
    for row, name in enumerate(("映写機", "音響設備", "演台"), 1):
        table.cell(row, 1).text = name
        table.cell(row, 2).text = f"{row * 500}円"
        paragraph = table.cell(row, 3).paragraphs[0]
        paragraph.add_run("申込みは")
        paragraph.add_run("３日前").bold = True
        paragraph.add_run("まで")
    table.cell(4, 0).merge(table.cell(4, 1)).text = "その他"
    inner = table.cell(4, 2).merge(table.cell(4, 3)).add_table(1, 2)
    inner.cell(0, 0).text = "延長コード"
    inner.cell(0, 1).text = "無料"
    document.save(str(path))


def en_columns(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Two Columns of News", 1)
    document.add_section(WD_SECTION.CONTINUOUS)
    columns = document.sections[-1]._sectPr.xpath("./w:cols")[0]
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "480")
    for _ in range(3):
        for text in c.EN_PARAGRAPHS:
            paragraph = document.add_paragraph(text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    document.save(str(path))


def _link(document: Any, paragraph: Any, text: str, address: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    relation = document.part.relate_to(address, kind, is_external=True)
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}"><w:r><w:rPr><w:u w:val="single"/>'
            f'<w:color w:val="0000FF"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:hyperlink>'
        )
    )


def ja_links_and_fields(path: Path) -> None:
    document = docx.Document()
    document.add_heading("目次と参照", 1)
    paragraph = document.add_paragraph("詳しくは")
    _link(document, paragraph, "市のホームページ", "https://www.city.example.jp/gomi")
    paragraph.add_run("をご覧ください。")
    paragraph = document.add_paragraph("このページは")
    for xml in (
        '<w:r {}><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r {}><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>',
        '<w:r {}><w:fldChar w:fldCharType="separate"/></w:r>',
        "<w:r {}><w:t>1</w:t></w:r>",
        '<w:r {}><w:fldChar w:fldCharType="end"/></w:r>',
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    paragraph.add_run("ページです。")
    paragraph._p.insert(0, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="7" w:name="ここ"/>'))
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="7"/>'))
    paragraph = document.add_paragraph("前の段落は")
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" REF ここ \\h "><w:r><w:t>こちら</w:t></w:r></w:fldSimple>'
        )
    )
    paragraph.add_run("です。改行の前\n改行の後\tタブの後。")
    document.save(str(path))


def ja_ruby_and_changes(path: Path) -> None:
    document = docx.Document()
    document.add_heading("ふりがなと変更履歴", 1)
    paragraph = document.add_paragraph("町内の")
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")}><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="10"/>'
            '<w:hpsRaise w:val="18"/><w:hpsBaseText w:val="21"/><w:lid w:val="ja-JP"/></w:rubyPr>'
            '<w:rt><w:r><w:rPr><w:sz w:val="10"/></w:rPr><w:t>しゅうせきじょ</w:t></w:r></w:rt>'
            "<w:rubyBase><w:r><w:t>集積所</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        )
    )
    paragraph.add_run("に出してください。")
    paragraph = document.add_paragraph("手数料は")
    who = 'w:author="山田" w:date="2024-02-01T09:00:00Z"'
    paragraph._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="11" {who}><w:r><w:delText>300円</w:delText></w:r></w:del>'
        )
    )
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="12" {who}><w:r><w:t>500円</w:t></w:r></w:ins>')
    )
    paragraph.add_run("です。")
    document.save(str(path))


def en_comments(path: Path) -> None:
    document = docx.Document()
    document.add_heading("A Draft with Comments", 1)
    for text in c.EN_PARAGRAPHS[:3]:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text.split(". ")[0] + ".")
        document.add_comment(
            [run], text="Please check this figure.", author="Reviewer", initials="R"
        )
        paragraph.add_run(" " + ". ".join(text.split(". ")[1:]))
    document.save(str(path))


def ja_letter_styles(path: Path) -> None:
    document = docx.Document()
    for style in (
        "Title",
        "Subtitle",
        "Heading 1",
        "Quote",
        "Intense Quote",
        "Caption",
        "No Spacing",
    ):
        document.add_paragraph(f"{style}の見本：{c.JA_MEETING[0]}", style=style)
    for size in (8, 10.5, 14):
        run = document.add_paragraph().add_run(c.JA_MEETING[1])
        run.font.size = Pt(size)
    paragraph = document.add_paragraph("H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("Oは水、10m")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run("は面積である。")
    run = paragraph.add_run("取り消した語")
    run.font.strike = True
    paragraph.add_run("と")
    run = paragraph.add_run("目立つ語")
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    document.save(str(path))


def en_long(path: Path) -> None:
    document = docx.Document()
    for chapter in range(1, 13):
        document.add_heading(f"Chapter {chapter}", 1)
        for number in range(8):
            text = c.EN_PARAGRAPHS[(chapter + number) % 5]
            paragraph = document.add_paragraph(f"Item {chapter}.{number}: ")
            paragraph.add_run(text[:40]).bold = number % 2 == 0
            paragraph.add_run(text[40:])
    document.save(str(path))


def ja_control(path: Path) -> None:
    """Content controls, a text box drawn as VML, and an inline picture with a description."""
    document = docx.Document()
    document.add_heading("申請書", 1)
    body = document.element.body
    body.insert(
        1,
        parse_xml(
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="氏名"/><w:tag w:val="name"/></w:sdtPr>'
            "<w:sdtContent><w:p><w:r><w:t>ここに氏名を書いてください。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    paragraph = document.add_paragraph()
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
            '<v:shape style="width:200pt;height:60pt"><v:textbox><w:txbxContent>'
            "<w:p><w:r><w:t>枠の中の注意書きです。</w:t></w:r></w:p>"
            "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    )
    document.add_picture(picture(), width=Mm(50))
    document.add_paragraph("図１　申請の流れ", style="Caption")
    document.save(str(path))


MAKERS = {
    "docx_ja_notice.docx": ja_notice,
    "docx_en_report.docx": en_report,
    "docx_ja_merged_table.docx": ja_merged_table,
    "docx_en_columns.docx": en_columns,
    "docx_ja_links_and_fields.docx": ja_links_and_fields,
    "docx_ja_ruby_and_changes.docx": ja_ruby_and_changes,
    "docx_en_comments.docx": en_comments,
    "docx_ja_letter_styles.docx": ja_letter_styles,
    "docx_en_long.docx": en_long,
    "docx_ja_control.docx": ja_control,
}
