"""DrawingML text (``a:p``): slides, notes, charts and SmartArt ⇄ bits (`richtext`).

ECMA-376 part 1, §21.1.2. A link stands in the formatting of a run, so it is a look that must be
kept. Slide numbers and dates are fields that PowerPoint fills.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Final

from lxml import etree

from kakehashi.documents.office import REGIONS
from kakehashi.documents.ooxml import xml_text
from kakehashi.documents.richtext import PLAIN, Bit, Look

A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_UNSEEN: Final = ("lang", "altLang", "dirty", "err", "smtClean", "noProof", "bmk")
_LINKS: Final = (A + "hlinkClick", A + "hlinkMouseOver")
_PARTS: Final = re.compile(r"([\n\t])")


def read_text(paragraph: etree._Element) -> Sequence[Bit]:
    """The bits of an ``a:p``, or of an element that holds nothing but text (``c:v``)."""
    if paragraph.tag != A + "p":
        return _plain(paragraph.text or "", PLAIN)
    bits: list[Bit] = []
    for child in paragraph:
        if child.tag == A + "r":
            text = child.find(A + "t")
            bits += _plain((text.text or "") if text is not None else "", _look(child))
        elif child.tag == A + "br":
            bits.append(Bit("break", look=_look(child), payload=child))
        elif child.tag == A + "fld":
            text = child.find(A + "t")
            shown = (text.text or "") if text is not None else ""
            bits.append(Bit("covered" if shown.strip() else "void", shown, payload=child))
        elif isinstance(child.tag, str) and child.tag not in (A + "pPr", A + "endParaRPr"):
            bits.append(Bit("void", payload=child))
    return bits


def _plain(text: str, look: Look) -> list[Bit]:
    bits = []
    for part in _PARTS.split(text):
        if part:
            bits.append(Bit("cut" if part in "\n\t" else "text", part, look))
    return bits


def _look(run: etree._Element) -> Look:
    properties = run.find(A + "rPr")
    if properties is None:
        return PLAIN
    clean = deepcopy(properties)
    clean.tail = None
    for name in _UNSEEN:
        clean.attrib.pop(name, None)
    for each in clean.iterchildren():
        each.tail = None
    if not clean.attrib and len(clean) == 0:
        return PLAIN
    keep = any(clean.find(name) is not None for name in _LINKS)
    return Look(etree.tostring(clean, method="c14n"), clean, keep)


class TextBuilder:
    """Builds the runs of one ``a:p`` (or the text of a leaf) anew.

    Args:
        paragraph: emptied on `finish`, but for its properties.
        to: the language of new text, "" if it was not said.
    """

    def __init__(self, paragraph: etree._Element, to: str = "") -> None:
        self._paragraph = paragraph
        self._to = to
        self._made: list[etree._Element] = []
        self._leaf: list[str] = []
        self._run: tuple[bytes, etree._Element] | None = None

    def text(self, text: str, look: Look) -> None:
        r"""Text, in which "\n" is a line break and "\t" a tab."""
        text = xml_text(text)
        if self._paragraph.tag != A + "p":
            self._leaf.append(text)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                each = etree.Element(A + "br")
                each.append(self._properties(look))
                self._place(each)
            if line:
                self._into_run(line, look)

    def copy(self, bit: Bit) -> None:
        """Anything that is copied; its elements move from the old content into the new."""
        if bit.payload is not None:
            self._place(bit.payload)
        else:
            self.text(bit.text, bit.look)

    def open(self, bit: Bit) -> None:
        """There are no groups."""
        raise AssertionError("DrawingML text has no groups")

    close = open

    def finish(self) -> None:
        """Put what was built into the paragraph."""
        if self._paragraph.tag != A + "p":
            self._paragraph.text = "".join(self._leaf)
            return
        first = [each for each in self._paragraph if each.tag == A + "pPr"]
        last = [each for each in self._paragraph if each.tag == A + "endParaRPr"]
        self._paragraph[:] = [*first, *self._made, *last]

    def _place(self, element: etree._Element) -> None:
        element.tail = None
        self._made.append(element)
        self._run = None

    def _into_run(self, text: str, look: Look) -> None:
        if self._run is not None and self._run[0] == look.key:
            self._run[1].text = (self._run[1].text or "") + text
            return
        run = etree.Element(A + "r")
        run.append(self._properties(look))
        holder = etree.SubElement(run, A + "t")
        holder.text = text
        self._made.append(run)
        self._run = (look.key, holder)

    def _properties(self, look: Look) -> etree._Element:
        """``lang`` is the language of the text, ``altLang`` the other one that is typed."""
        properties = etree.Element(A + "rPr")
        if look.properties is not None:
            properties = deepcopy(look.properties)
        if self._to:
            properties.set("lang", REGIONS.get(self._to, self._to))
            properties.set("altLang", REGIONS["en" if self._to == "ja" else "ja"])
        return properties
