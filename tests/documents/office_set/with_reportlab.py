"""PDFs by ReportLab, and PDFs that must be refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    PageBreak,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from tests.documents.office_set import contents as c
from tests.documents.office_set.with_docx import picture

WIDTH, HEIGHT = A4
PAPER_NOTE = "The authors thank the city office for its patience and for the data of three winters."
PAPER_TITLE = "Clearing Snow with Fewer Detours:<br/>A Study of Three Winters"
# Hyphens that a typesetter put at the ends of lines; "well-known" keeps its own.
PAPER = (
    "Snow removal is one of the most expen\u00adsive services that a northern city provides. In an "
    "ordinary winter the city that we studied spends about 4.2 million dollars on it, and residents "
    "still complain that their street is cleared too late.",
    "We asked whether the order in which streets are cleared could be improved without new machines. "
    "Since 2021 every plough carries a receiver that reports its position every ten seconds<super "
    "size=6>1</super>, so that the work of a whole night can be followed on a map.",
    "Our well-known baseline is the plan that the office has used for twenty years. It was drawn by "
    "hand, and it is better than many planners would expect.",
    "The method has three steps. First, we divide the network into districts of equal work. Second, "
    "we order the streets of each district by their importance. Third, we let the drivers change the "
    "order, and record what they change.",
)
PAPER_HEADINGS = ("Introduction", "Related Work", "Method", "Results", "Discussion", "Conclusion")


def en_paper(path: Path) -> None:
    """Two columns, justified, a running head, page numbers, a footnote, a table without a grid."""
    body = ParagraphStyle(
        "b",
        fontName="Times-Roman",
        fontSize=10,
        leading=12,
        alignment=TA_JUSTIFY,
        firstLineIndent=12,
    )
    title = ParagraphStyle("t", fontName="Times-Bold", fontSize=18, leading=22, alignment=TA_CENTER)
    names = ParagraphStyle("n", fontName="Times-Roman", fontSize=11, alignment=TA_CENTER)
    head = ParagraphStyle(
        "h", fontName="Times-Bold", fontSize=12, leading=15, spaceBefore=8, spaceAfter=4
    )

    def decorate(canvas: Any, document: Any) -> None:
        canvas.setFont("Times-Italic", 8)
        canvas.drawString(56, HEIGHT - 36, "Journal of Municipal Systems, Vol. 12")
        canvas.drawCentredString(WIDTH / 2, 30, str(document.page + 40))
        if document.page == 1:
            canvas.line(56, 92, 140, 92)
            canvas.setFont("Times-Roman", 5)
            canvas.drawString(56, 84.5, "1")
            canvas.setFont("Times-Roman", 7.5)
            canvas.drawString(59, 82, PAPER_NOTE[:55])
            canvas.drawString(56, 73, PAPER_NOTE[55:].strip())

    gap = 14
    width = (WIDTH - 112 - gap) / 2

    def frames(bottom: float, height: float) -> list[Frame]:
        return [
            Frame(x, bottom, width, height, leftPadding=0, rightPadding=0)
            for x in (56, 56 + width + gap)
        ]

    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    first = [Frame(56, HEIGHT - 150, WIDTH - 112, 90), *frames(100, HEIGHT - 260)]
    document.addPageTemplates(
        [
            PageTemplate("first", first, onPage=decorate, autoNextPageTemplate="rest"),
            PageTemplate("rest", frames(60, HEIGHT - 120), onPage=decorate),
        ]
    )
    story: list[Any] = [Paragraph(PAPER_TITLE, title), Paragraph("A. Writer and B. Planner", names)]
    story.append(FrameBreak())
    for number, heading in enumerate(PAPER_HEADINGS):
        story.append(Paragraph(f"{number + 1}. {heading}", head))
        turn = number % len(PAPER)
        story += [Paragraph(text, body) for text in PAPER[turn:] + PAPER[:turn]]
        if heading == "Results":
            rows = [
                ["Winter", "Hours", "Detours"],
                ["2021", "1,204", "312"],
                ["2022", "1,150", "268"],
            ]
            lines: list[Any] = [("LINEABOVE", (0, 0), (-1, 0), 1, colors.black)]
            lines += [("LINEBELOW", (0, at), (-1, at), 0.5, colors.black) for at in (0, -1)]
            story.append(Table([*rows, ["2023", "1,093", "201"]], style=lines))
    document.build(story)


def ja_leaflet(path: Path) -> None:
    """A4, one page, fonts that are not embedded, a grid, bullets, a right-aligned date."""
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    body = ParagraphStyle("b", fontName="HeiseiMin-W3", fontSize=10.5, leading=17, wordWrap="CJK")
    right = ParagraphStyle("r", parent=body, alignment=2)
    indented = ParagraphStyle("i", parent=body, firstLineIndent=10.5)
    head = ParagraphStyle(
        "h", fontName="HeiseiKakuGo-W5", fontSize=18, leading=26, alignment=TA_CENTER
    )
    item = ParagraphStyle("l", parent=body, leftIndent=14, firstLineIndent=-10.5)
    story: list[Any] = [
        Paragraph("令和６年２月１日", right),
        Paragraph(c.JA_TITLE, head),
        Spacer(1, 12),
    ]
    story += [Paragraph(text, indented) for text in c.JA_PARAGRAPHS[:3]]
    story += [Paragraph(f"・{text}", item) for text in c.JA_ITEMS]
    grid: list[Any] = [
        ("FONT", (0, 0), (-1, -1), "HeiseiMin-W3", 10),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
    ]
    story += [Spacer(1, 8), Table([list(row) for row in c.JA_TABLE], style=grid), Spacer(1, 8)]
    story += [Paragraph(text, indented) for text in c.JA_PARAGRAPHS[3:]]
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(story)


def en_manual(path: Path, chapters: int = 10) -> None:
    """One column over many pages, a running head and foot, links, indented code."""
    body = ParagraphStyle("b", fontName="Helvetica", fontSize=10, leading=14, spaceAfter=6)
    head = ParagraphStyle("h", fontName="Helvetica-Bold", fontSize=14, leading=20)

    def decorate(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, HEIGHT - 40, "Handbook of the Service Desk")
        canvas.drawRightString(WIDTH - 72, 36, f"Page {document.page}")

    story: list[Any] = []
    for chapter in range(1, chapters + 1):
        story.append(Paragraph(f"{chapter}. Chapter about a matter", head))
        for text in c.EN_PARAGRAPHS:
            story.append(Paragraph(text.replace("budget", "<b>budget</b>"), body))
        link = '<a href="https://www.city.example.jp/desk">the page of the desk</a>'
        story.append(Paragraph(f"More is written on {link}, which is kept up to date.", body))
        story.append(PageBreak())
    document = SimpleDocTemplate(str(path), pagesize=A4, invariant=1)
    document.build(story, onFirstPage=decorate, onLaterPages=decorate)


def scanned(pages: int = 2) -> bytes:
    """Pages that are pictures."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for _ in range(pages):
        canvas.drawImage(ImageReader(picture()), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def encrypted(data: bytes, user: str) -> bytes:
    """The same PDF with a password for its owner and, if given, for its reader."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(user=user, owner="owner-word", R=6))
    return buffer.getvalue()


def without_unicode(data: bytes) -> bytes:
    """The same PDF with the maps from glyphs to characters taken away."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]
        pdf.save(buffer)
    return buffer.getvalue()


def turned(data: bytes, angle: int) -> bytes:
    """The same pages, drawn sideways and shown upright."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            width, height = float(page.mediabox[2]), float(page.mediabox[3])
            matrix = {
                90: f"0 1 -1 0 {height} 0",
                180: f"-1 0 0 -1 {width} {height}",
                270: f"0 -1 1 0 0 {width}",
            }[angle]
            page.contents_add(f"q {matrix} cm".encode(), prepend=True)
            page.contents_add(b"Q")
            if angle != 180:
                page.mediabox = pikepdf.Array([0, 0, height, width])
            page.Rotate = angle
        pdf.save(buffer)
    return buffer.getvalue()


MAKERS = {
    "pdf_reportlab_en_paper.pdf": en_paper,
    "pdf_reportlab_ja_leaflet.pdf": ja_leaflet,
    "pdf_reportlab_en_manual.pdf": en_manual,
}
