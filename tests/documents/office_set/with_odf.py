"""OpenDocument files by odfpy; LibreOffice makes office files and PDFs of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from odf import dc, draw, office, style, table, text  # type: ignore[import-untyped]
from odf.opendocument import (  # type: ignore[import-untyped]
    OpenDocumentPresentation,
    OpenDocumentSpreadsheet,
    OpenDocumentText,
)

from tests.documents.office_set import contents as c


def _text_style(document: Any, name: str, **properties: str) -> Any:
    made = style.Style(name=name, family="text")
    made.addElement(style.TextProperties(**properties))
    document.automaticstyles.addElement(made)
    return made


def _note(number: int, body: str) -> Any:
    note = text.Note(id=f"ftn{number}", noteclass="footnote")
    note.addElement(text.NoteCitation(text=str(number)))
    inner = text.NoteBody()
    inner.addElement(text.P(text=body))
    note.addElement(inner)
    return note


def ja_notes(path: Path) -> None:
    """Footnotes, a text frame, a comment, bold words."""
    document = OpenDocumentText()
    bold = _text_style(document, "太字", fontweight="bold", fontweightasian="bold")
    document.text.addElement(text.H(outlinelevel=1, text="庁舎改修の説明"))
    for number, body in enumerate(c.JA_MEETING, 1):
        paragraph = text.P()
        paragraph.addElement(text.Span(stylename=bold, text=body[:6]))
        paragraph.addText(body[6:])
        if number % 2:
            paragraph.addElement(_note(number, c.JA_NOTE))
            paragraph.addText("詳細は別紙のとおり。")
        document.text.addElement(paragraph)
    paragraph = text.P(text="次の枠を見てください。")
    frame = draw.Frame(width="8cm", height="2cm", anchortype="paragraph", name="枠1")
    box = draw.TextBox()
    box.addElement(text.P(text="枠の中の文です。工事中はご迷惑をおかけします。"))
    frame.addElement(box)
    paragraph.addElement(frame)
    remark = office.Annotation()
    remark.addElement(dc.Creator(text="山田"))
    remark.addElement(text.P(text="表現を確認すること。"))
    paragraph.addElement(remark)
    document.text.addElement(paragraph)
    document.save(str(path))


def en_minutes(path: Path) -> None:
    """Headings of three levels, lists, a table with merged cells, a section in columns."""
    document = OpenDocumentText()
    italic = _text_style(document, "Slanted", fontstyle="italic")
    for level in (1, 2, 3):
        document.text.addElement(text.H(outlinelevel=level, text=f"Level {level}: {c.EN_TITLE}"))
        paragraph = text.P(text=c.EN_PARAGRAPHS[level] + " ")
        paragraph.addElement(text.Span(stylename=italic, text="This sentence is slanted."))
        document.text.addElement(paragraph)
    items = text.List()
    for one in c.EN_ITEMS:
        item = text.ListItem()
        item.addElement(text.P(text=one))
        items.addElement(item)
    document.text.addElement(items)
    grid = table.Table(name="Calls")
    grid.addElement(table.TableColumn(numbercolumnsrepeated=3))
    for number, row in enumerate(c.EN_TABLE):
        line = table.TableRow()
        for column, one in enumerate(row):
            if number == 3 and column == 1:
                cell = table.TableCell(numbercolumnsspanned=2)
                cell.addElement(text.P(text=f"{one}: {row[2]}"))
                line.addElement(cell)
                line.addElement(table.CoveredTableCell())
                break
            cell = table.TableCell()
            cell.addElement(text.P(text=one))
            line.addElement(cell)
        grid.addElement(line)
    document.text.addElement(grid)
    document.save(str(path))


def ja_vertical(path: Path) -> None:
    """Vertical writing."""
    document = OpenDocumentText()
    layout = style.PageLayout(name="縦")
    layout.addElement(
        style.PageLayoutProperties(
            pagewidth="21cm", pageheight="29.7cm", writingmode="tb-rl", margin="2cm"
        )
    )
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="Standard", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    document.text.addElement(text.H(outlinelevel=1, text="広報　春の号"))
    for body in (*c.JA_PARAGRAPHS, *c.JA_MEETING):
        document.text.addElement(text.P(text=body))
    document.save(str(path))


def en_sheet(path: Path) -> None:
    """Formulas and a second sheet that refers to the first."""
    document = OpenDocumentSpreadsheet()
    first = table.Table(name="Figures")
    for number, (name, value) in enumerate((("Paper", 120), ("Ink", 80), ("Postage", 340)), 1):
        line = table.TableRow()
        cell = table.TableCell(valuetype="string")
        cell.addElement(text.P(text=name))
        line.addElement(cell)
        line.addElement(table.TableCell(valuetype="float", value=str(value)))
        line.addElement(table.TableCell(valuetype="float", formula=f"of:=[.B{number}]*1.1"))
        first.addElement(line)
    document.spreadsheet.addElement(first)
    second = table.Table(name="Sum up")
    line = table.TableRow()
    cell = table.TableCell(valuetype="string")
    cell.addElement(text.P(text="All of it"))
    line.addElement(cell)
    line.addElement(table.TableCell(valuetype="float", formula="of:=SUM([Figures.B1:.B3])"))
    second.addElement(line)
    document.spreadsheet.addElement(second)
    document.save(str(path))


def ja_presentation(path: Path) -> None:
    """Two slides with text frames."""
    document = OpenDocumentPresentation()
    layout = style.PageLayout(name="横")
    layout.addElement(
        style.PageLayoutProperties(
            pagewidth="28cm", pageheight="21cm", printorientation="landscape", margin="0cm"
        )
    )
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="型", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    for number in range(2):
        page = draw.Page(masterpagename=master, name=f"page{number}")
        for place, body in (("2cm", c.JA_ITEMS[number]), ("8cm", c.JA_MEETING[number])):
            frame = draw.Frame(width="24cm", height="4cm", x="2cm", y=place)
            box = draw.TextBox()
            box.addElement(text.P(text=body))
            frame.addElement(box)
            page.addElement(frame)
        document.presentation.addElement(page)
    document.save(str(path))


# name → (maker, what LibreOffice makes of it)
MAKERS = {
    "odt_ja_notes.odt": (ja_notes, ("docx", "pdf")),
    "odt_en_minutes.odt": (en_minutes, ("docx", "pdf", "html", "txt")),
    "odt_ja_vertical.odt": (ja_vertical, ("pdf",)),
    "ods_en_sheet.ods": (en_sheet, ("xlsx", "pdf", "csv")),
    "odp_ja_presentation.odp": (ja_presentation, ("pptx", "pdf")),
}
