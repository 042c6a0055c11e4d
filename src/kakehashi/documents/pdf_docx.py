"""A rebuilt document → docx, with python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from kakehashi.documents import pdf_messages as messages
from kakehashi.documents.pdf_flow import Cell, Flow, Paragraph, Table
from kakehashi.documents.pdf_written import Written

Writer = Callable[[Paragraph | Cell], Written]

_LATIN: Final = "Arial"
_JAPANESE: Final = "Yu Gothic"
_MARGIN: Final = 56.7  # points: 20 mm
_LEAST_SIZE, _MOST_SIZE = 9.0, 12.0
# What XML cannot hold.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ALIGN: Final = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
# Of the file and of its parts: the same text gives the same bytes.
_WHEN: Final = datetime(2020, 1, 1, tzinfo=UTC)


def docx_of(whole: Flow, writer: Writer, language: str) -> bytes:
    """The document with what `writer` says in each place.

    Args:
        whole: the rebuilt document.
        writer: gives the text for a paragraph or a cell.
        language: of the text, ``ja`` or ``en``; empty if it is not known.
    """
    document = docx.Document()
    _properties(document, language)
    size = min(_MOST_SIZE, max(_LEAST_SIZE, whole.body_size))
    _fonts(document, size)
    _paper(document, whole)
    for block in whole.blocks:
        if isinstance(block, Table):
            if block.new_page:
                _break(document)
            _table(document, block, writer)
        else:
            _paragraph(document, block, writer(block), size)
    section = document.sections[0]
    for running, part in ((whole.header, section.header), (whole.footer, section.footer)):
        for number, one in enumerate(running):
            place = part.paragraphs[0] if number == 0 else part.add_paragraph()
            _spans(place, writer(one))
    if whole.numbered:
        first = not whole.footer
        place = section.footer.paragraphs[0] if first else section.footer.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _page_number(place)
    buffer = io.BytesIO()
    document.save(buffer)
    return _dated(buffer.getvalue())


def _properties(document: Any, language: str) -> None:
    core = document.core_properties
    core.author = ""
    core.comments = messages.MADE_FROM
    core.created = core.modified = _WHEN
    if language:
        core.language = {"ja": "ja-JP", "en": "en-US"}.get(language, language)


def _fonts(document: Any, size: float) -> None:
    for style in document.styles:
        if style.name in ("Normal", "Header", "Footer", "Title") or style.name.startswith(
            "Heading"
        ):
            properties = style.element.get_or_add_rPr()
            fonts = properties.find(qn("w:rFonts"))
            if fonts is None:
                fonts = OxmlElement("w:rFonts")
                properties.insert(0, fonts)
            for name in list(fonts.attrib):
                del fonts.attrib[name]
            for name in ("w:ascii", "w:hAnsi", "w:cs"):
                fonts.set(qn(name), _LATIN)
            fonts.set(qn("w:eastAsia"), _JAPANESE)
    document.styles["Normal"].font.size = Pt(size)
    document.styles["Normal"].paragraph_format.space_after = Pt(round(0.5 * size))


def _paper(document: Any, whole: Flow) -> None:
    section = document.sections[0]
    # Word takes up to 22 inches; a poster is written on A4.
    fits = all(200 <= side <= 1584 for side in (whole.width, whole.height))
    width, height = (whole.width, whole.height) if fits else (595.3, 841.9)
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    margin = min(_MARGIN, 0.12 * min(width, height))
    section.left_margin = section.right_margin = Pt(margin)
    section.top_margin = section.bottom_margin = Pt(margin)


def _break(document: Any) -> None:
    document.add_page_break()


def _paragraph(document: Any, block: Paragraph, written: Written, size: float) -> None:
    if block.kind == "heading":
        paragraph = document.add_paragraph(style=f"Heading {block.level}")
        paragraph.paragraph_format.keep_with_next = True
    else:
        paragraph = document.add_paragraph()
    if block.new_page:
        paragraph.paragraph_format.page_break_before = True
    if block.align in _ALIGN:
        paragraph.alignment = _ALIGN[block.align]
    if block.marker:
        hang = Pt(size * (0.6 * len(block.marker) + 0.9))
        paragraph.paragraph_format.left_indent = hang
        paragraph.paragraph_format.first_line_indent = -hang
        paragraph.paragraph_format.tab_stops.add_tab_stop(hang)
        paragraph.add_run(_clean(block.marker) + "\t")
    bold = written.bold and block.kind != "heading"
    _spans(paragraph, written, bold=bold)
    if block.kind == "footnote":
        for run in paragraph.runs:
            run.font.size = Pt(max(7.5, 0.8 * size))


def _spans(paragraph: Any, written: Written, *, bold: bool = False) -> None:
    for span in written.spans:
        text = _clean(span.text)
        run = _link(paragraph, span.target, text) if span.target else paragraph.add_run(text)
        if span.bold or bold:
            run.bold = True
        if span.italic:
            run.italic = True
        if span.raised:
            run.font.superscript = True


def _link(paragraph: Any, target: str, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.underline = True
    address = _clean(target)
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run._r.getparent().replace(run._r, link)
    link.append(run._r)
    return run


def _table(document: Any, block: Table, writer: Writer) -> None:
    table = document.add_table(rows=block.rows, cols=block.columns, style="Table Grid")
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    total = sum(block.widths) or 1.0
    least = 0.5 / block.columns
    shares = [max(least, width / total) for width in block.widths]
    for number, share in enumerate(shares):
        table.columns[number].width = int(room * share / sum(shares))
    grid = [list(row.cells) for row in table.rows]
    for cell in block.cells:
        place = grid[cell.row][cell.column]
        if cell.rows > 1 or cell.columns > 1:
            last = grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1]
            place = place.merge(last)
        if cell.body.text:
            written = writer(cell)
            place.paragraphs[0].paragraph_format.space_after = Pt(0)
            # The first row stays with the second: it often says what the columns hold.
            place.paragraphs[0].paragraph_format.keep_with_next = cell.row == 0 < block.rows - 1
            _spans(place.paragraphs[0], written, bold=written.bold)
    for number, share in enumerate(shares):
        for row in grid:
            row[number].width = int(room * share / sum(shares))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _dated(data: bytes) -> bytes:
    """The same archive with one date in all of its parts."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, _WHEN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part))
    return buffer.getvalue()
