"""Paragraphs of DrawingML (``a:p``): text boxes, shapes, titles of charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Final

from lxml import etree

from kakehashi.documents.base import Mark
from kakehashi.documents.ooxml import xml_text
from kakehashi.documents.runs import Piece, Runs

A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# Differences that nobody sees, or that Office makes by itself between scripts.
_UNSEEN: Final = frozenset({"lang", "altLang", "dirty", "err", "noProof", "smtClean", "kumimoji"})
_FONTS: Final = frozenset(f"{A}{name}" for name in ("latin", "ea", "cs", "sym"))

Element = etree._Element


def paragraphs(root: Element) -> Iterator[tuple[Element, Runs[Element]]]:
    """All paragraphs that hold text, in the order of the part."""
    for paragraph in root.iter(f"{A}p"):
        runs = Runs(list(_pieces(paragraph)))
        if runs.text:
            yield paragraph, runs


def _pieces(paragraph: Element) -> Iterator[Piece[Element]]:
    for child in paragraph:
        if child.tag == f"{A}br":
            yield Piece("\n", child, "")
        elif child.tag in (f"{A}r", f"{A}fld"):
            text = child.findtext(f"{A}t") or ""
            yield Piece(text, child, _look(child.find(f"{A}rPr")), child.tag == f"{A}fld")


def _look(properties: Element | None) -> str:
    if properties is None:
        return ""
    parts = [f"{k}={v}" for k, v in sorted(properties.attrib.items()) if k not in _UNSEEN]
    for child in properties:
        if child.tag not in _FONTS:
            parts.append(etree.tostring(child, encoding="unicode", with_tail=False))
    return ";".join(parts)


def put_paragraph(
    paragraph: Element, runs: Runs[Element], text: str, marks: Sequence[Mark]
) -> None:
    """Write a new text into a paragraph; line breaks in it become ``a:br``."""
    written = runs.put(text, marks)
    old = [child for child in paragraph if child.tag in (f"{A}r", f"{A}br", f"{A}fld")]
    at = paragraph.index(old[0])
    for child in old:
        paragraph.remove(child)
    for words, model, _ in written:
        for new in _elements(words, model):
            paragraph.insert(at, new)
            at += 1


def _elements(words: str, model: Element) -> Iterator[Element]:
    if model.tag == f"{A}fld":
        yield _copy(model)
        return
    for number, line in enumerate(words.split("\n")):
        if number:
            lonely = etree.Element(f"{A}br")
            properties = model.find(f"{A}rPr")
            if properties is not None:
                lonely.append(deepcopy(properties))
            yield lonely
        if line:
            run = _copy(model) if model.tag == f"{A}r" else etree.Element(f"{A}r")
            leaf = run.find(f"{A}t")
            if leaf is None:
                leaf = etree.SubElement(run, f"{A}t")
            leaf.text = xml_text(line)
            yield run


def _copy(element: Element) -> Element:
    copy = deepcopy(element)
    copy.tail = None
    return copy
