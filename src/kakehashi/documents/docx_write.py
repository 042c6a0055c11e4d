"""Bits (`richtext`) → the content of a Word paragraph."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Final

from lxml import etree

from kakehashi.documents.docx_names import XML_SPACE, W
from kakehashi.documents.docx_read import Group, Inner
from kakehashi.documents.ooxml import xml_text
from kakehashi.documents.richtext import Bit, Look

_PARTS: Final = re.compile(r"([\n\t])")
_JAPANESE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


class ParagraphBuilder:
    """Builds the children of one ``w:p`` anew; its properties stay.

    Args:
        paragraph: emptied on `finish`.
        to: the language of new text; Japanese is given a hint, so that signs that both scripts
            have (quotes, dashes) are taken from the Japanese font. ECMA-376 part 1, §17.3.2.26.
    """

    def __init__(self, paragraph: etree._Element, to: str = "") -> None:
        self._paragraph = paragraph
        self._to = to
        self._made: list[etree._Element] = []
        self._stack: list[tuple[Group, list[etree._Element]]] = []
        self._run: tuple[bytes, etree._Element] | None = None

    def text(self, text: str, look: Look) -> None:
        r"""Text, in which "\n" is a line break and "\t" a tab."""
        for part in _PARTS.split(xml_text(text)):
            if part == "\n":
                self._into_run(etree.Element(W + "br"), look)
            elif part == "\t":
                self._into_run(etree.Element(W + "tab"), look)
            elif part:
                element = etree.Element(W + "t")
                element.text = part
                if part != part.strip():
                    element.set(XML_SPACE, "preserve")
                hint = self._to == "ja" and _JAPANESE.search(part) is not None
                self._into_run(element, look, hint=hint)

    def copy(self, bit: Bit) -> None:
        """Anything that is copied; its elements move from the old content into the new."""
        payload = bit.payload
        if isinstance(payload, tuple):  # a field: its bits
            for inner in payload:
                self._copy_inner(inner)
        elif isinstance(payload, Inner):
            self._place(payload)
        elif payload is not None:
            self._place(payload.inner)
        elif bit.text:
            self.text(bit.text, bit.look)

    def open(self, bit: Bit) -> None:
        """Begin a group."""
        group: Group = bit.payload
        self._place_all(group.before)
        self._stack.append((group, self._made))
        self._made = []
        self._run = None

    def close(self, bit: Bit) -> None:
        """End the group that was begun last."""
        group, outer = self._stack.pop()
        content, self._made = self._made, outer
        self._run = None
        around = group.around
        if around is None:
            self._made.extend(content)
        else:
            holder = around.find(W + "sdtContent") if around.tag == W + "sdt" else around
            assert holder is not None
            kept = [each for each in holder if _is_property(each)]
            holder[:] = [*kept, *content]
            self._made.append(around)
        self._place_all(group.after)

    def finish(self) -> None:
        """Put what was built into the paragraph."""
        kept = [each for each in self._paragraph if each.tag == W + "pPr"]
        self._paragraph[:] = [*kept, *self._made]

    def _copy_inner(self, bit: Bit) -> None:
        if bit.kind == "text" and bit.payload is None:
            self.text(bit.text, bit.look)
        elif bit.kind == "open" or bit.end == "open":
            self.open(bit)
        elif bit.kind == "close" or bit.end == "close":
            self.close(bit)
        else:
            self.copy(bit)

    def _place_all(self, inners: tuple[Inner, ...]) -> None:
        for inner in inners:
            self._place(inner)

    def _place(self, inner: Inner) -> None:
        inner.element.tail = None
        if inner.look is None:
            self._made.append(inner.element)
            self._run = None
        else:
            self._into_run(inner.element, inner.look)

    def _into_run(self, element: etree._Element, look: Look, *, hint: bool = False) -> None:
        key = look.key + (b"hint" if hint else b"")
        if self._run is None or self._run[0] != key:
            run = etree.Element(W + "r")
            properties = _properties(look, hint)
            if properties is not None:
                run.append(properties)
            self._made.append(run)
            self._run = (key, run)
        self._run[1].append(element)


def _properties(look: Look, hint: bool) -> etree._Element | None:
    if look.properties is None and not hint:
        return None
    properties = etree.Element(W + "rPr") if look.properties is None else deepcopy(look.properties)
    if hint:
        fonts = properties.find(W + "rFonts")
        if fonts is None:
            fonts = etree.Element(W + "rFonts")
            # The schema wants the character style first and the fonts second.
            properties.insert(int(properties.find(W + "rStyle") is not None), fonts)
        fonts.set(W + "hint", "eastAsia")
    return properties


def _is_property(element: etree._Element) -> bool:
    return element.tag in (W + "smartTagPr", W + "customXmlPr", W + "fldData")
