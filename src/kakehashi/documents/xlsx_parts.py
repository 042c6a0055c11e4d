"""Text of a workbook outside of cells: comments, shapes, charts, headers, hints.

Each finder goes through a part in a fixed order, so that the text found as the n-th when the
workbook is opened is the n-th when it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark
from kakehashi.documents.cell_text import is_text
from kakehashi.documents.drawing_runs import paragraphs, put_paragraph
from kakehashi.documents.ooxml import xml_text
from kakehashi.documents.runs import Piece, Runs
from kakehashi.documents.xlsx_header import header_texts
from kakehashi.documents.xlsx_xml import (
    MAIN,
    cell_reference,
    escaped,
    put_rich_text,
    rich_text,
    unescaped,
)

Element = etree._Element

_CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_ANCHOR: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_THREADED: Final = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
# Hints of a data validation and how long they may be (ECMA-376 §18.3.1.32).
_HINTS: Final = (("promptTitle", 32), ("prompt", 255), ("errorTitle", 32), ("error", 255))

# Writes a new text; returns a warning for people, "" if there is none.
Put = Callable[[str, Sequence[Mark]], str]


@dataclass(frozen=True, slots=True)
class Found:
    """A text in a part.

    Attributes:
        text, marks, kind: as in `Segment`.
        place: without the sheet.
        put: writes a new text into the tree in which it was found.
    """

    text: str
    marks: tuple[Mark, ...]
    kind: str
    place: str
    put: Put


def comments(root: Element) -> Iterator[Found]:
    """Notes (comments of the old kind); the author's name at the beginning stays.

    Those that only repeat a threaded comment for old programs are left out.
    """
    authors = [author.text or "" for author in root.iter(f"{MAIN}author")]
    for comment in root.iter(f"{MAIN}comment"):
        holder = comment.find(f"{MAIN}text")
        author = _author(authors, comment.get("authorId", ""))
        if holder is None or author.startswith("tc="):
            continue
        whole = rich_text(holder).whole
        named = bool(author) and whole.startswith((f"{author}:", f"{author}："))
        skip = len(author) + 1 if named else 0
        runs = rich_text(holder, skip)
        if is_text(runs.text):
            place = messages.COMMENT.format(cell=comment.get("ref", ""))
            yield Found(runs.text, runs.marks, "comment", place, _rich(holder, runs))


def mirror_threads(root: Element, texts: Mapping[str, str]) -> bool:
    """Write new texts of threaded comments into the notes that repeat them for old programs."""
    authors = [author.text or "" for author in root.iter(f"{MAIN}author")]
    changed = False
    for comment in root.iter(f"{MAIN}comment"):
        if not _author(authors, comment.get("authorId", "")).startswith("tc="):
            continue
        for leaf in comment.iter(f"{MAIN}t"):
            text = unescaped(leaf.text or "")
            for old, new in texts.items():
                text = text.replace(old, new)
            if text != unescaped(leaf.text or ""):
                leaf.text = escaped(text)
                changed = True
    return changed


def _author(authors: list[str], number: str) -> str:
    return authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""


def _rich(holder: Element, runs: Runs[Element | None]) -> Put:
    def put(text: str, marks: Sequence[Mark]) -> str:
        put_rich_text(holder, runs, text, marks)
        return ""

    return put


def threads(root: Element) -> Iterator[Found]:
    """Threaded comments; the names of people in them (``@山田``) are protected."""
    for comment in root.iter(f"{_THREADED}threadedComment"):
        leaf = comment.find(f"{_THREADED}text")
        if leaf is None or not leaf.text:
            continue
        mentions = [m for m in comment.iter(f"{_THREADED}mention") if _span(m, leaf.text)]
        mentions.sort(key=lambda one: int(one.get("startIndex", "0")))
        runs = Runs(list(_thread_pieces(leaf.text, mentions)))
        if is_text(runs.text):
            place = messages.COMMENT.format(cell=comment.get("ref", ""))
            yield Found(runs.text, runs.marks, "comment", place, _thread(leaf, runs))


def _span(mention: Element, text: str) -> tuple[int, int] | None:
    start, size = mention.get("startIndex", ""), mention.get("length", "")
    if not (start.isdigit() and size.isdigit()) or int(start) + int(size) > len(text):
        return None
    return int(start), int(start) + int(size)


def _thread_pieces(text: str, mentions: list[Element]) -> Iterator[Piece[Element | None]]:
    at = 0
    for mention in mentions:
        span = _span(mention, text)
        if span is not None and span[0] >= at:
            yield Piece(text[at : span[0]], None, "")
            yield Piece(text[slice(*span)], mention, "", True)
            at = span[1]
    yield Piece(text[at:], None, "")


def _thread(leaf: Element, runs: Runs[Element | None]) -> Put:
    def put(text: str, marks: Sequence[Mark]) -> str:
        whole = ""
        for words, mention, _ in runs.put(text, marks):
            if mention is not None:
                mention.set("startIndex", str(len(whole)))
                mention.set("length", str(len(words)))
            whole += words
        leaf.text = xml_text(whole)
        return ""

    return put


def drawing(root: Element) -> Iterator[Found]:
    """Shapes, text boxes, diagrams, and the descriptions of pictures."""
    for element, runs in paragraphs(root):
        if is_text(runs.text):
            yield Found(runs.text, runs.marks, "shape", _anchored(element), _shape(element, runs))
    for named in root.iter(f"{_ANCHOR}cNvPr"):
        for attribute in ("title", "descr"):
            text = named.get(attribute, "")
            if is_text(text):
                place = _anchored(named)
                yield Found(text.strip(), (), "alt", place, _attribute(named, attribute))


def _anchored(element: Element) -> str:
    """The cell at which a drawing is fixed."""
    for holder in element.iterancestors():
        start = holder.find(f"{_ANCHOR}from")
        if start is not None:
            column, row = start.findtext(f"{_ANCHOR}col"), start.findtext(f"{_ANCHOR}row")
            if column and row and column.isdigit() and row.isdigit():
                cell = cell_reference(min(int(column), 16_383) + 1, int(row) + 1)
                return messages.SHAPE_AT.format(cell=cell)
    return messages.SHAPE


def _shape(element: Element, runs: Runs[Element]) -> Put:
    def put(text: str, marks: Sequence[Mark]) -> str:
        put_paragraph(element, runs, text, marks)
        return ""

    return put


def chart(root: Element) -> Iterator[Found]:
    """Titles of a chart and its axes, labels typed into it, names of series without a cell."""
    for element, runs in paragraphs(root):
        if is_text(runs.text):
            yield Found(runs.text, runs.marks, "chart", messages.CHART, _shape(element, runs))
    for leaf in root.iter(f"{_CHART}v", f"{_CHART}name"):
        holder = leaf.getparent()
        typed = holder is not None and (
            holder.tag in (f"{_CHART}tx", f"{_CHART}trendline")
            or any(one.tag == f"{_CHART}strLit" for one in leaf.iterancestors())
        )
        text = (leaf.text or "").strip()
        if typed and is_text(text):
            yield Found(text, (), "chart", messages.CHART, _leaf(leaf))


def _leaf(leaf: Element) -> Put:
    def put(text: str, marks: Sequence[Mark]) -> str:
        leaf.text = xml_text(text)
        return ""

    return put


def sheet_extras(root: Element) -> Iterator[Found]:
    """Hints of data validations, tips of hyperlinks, headers and footers of a sheet."""
    for validation in root.iter(f"{MAIN}dataValidation"):
        cells = validation.get("sqref", "").split(" ")[0]
        for attribute, limit in _HINTS:
            text = unescaped(validation.get(attribute, "")).strip()
            if is_text(text):
                place = messages.HINT.format(cell=cells)
                put = _attribute(validation, attribute, limit)
                yield Found(text, (), "hint", place, put)
    for link in root.iter(f"{MAIN}hyperlink"):
        text = unescaped(link.get("tooltip", "")).strip()
        if is_text(text):
            place = messages.HINT.format(cell=link.get("ref", ""))
            yield Found(text, (), "hint", place, _attribute(link, "tooltip", 255))
    for holder in root.iter(f"{MAIN}headerFooter"):
        for leaf in holder:
            for text, marks, place, put in header_texts(leaf):
                yield Found(text, marks, "header", place, put)


def _attribute(element: Element, name: str, limit: int | None = None) -> Put:
    spelled = escaped if etree.QName(element).namespace == MAIN[1:-1] else xml_text

    def put(text: str, marks: Sequence[Mark]) -> str:
        warning = ""
        if limit is not None and len(text) > limit:
            text = text[: limit - 1].rstrip() + "…"
            warning = messages.HINT_CUT.format(text=text)
        element.set(name, spelled(text))
        return warning

    return put
