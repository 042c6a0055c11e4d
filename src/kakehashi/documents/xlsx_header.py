"""Headers and footers of a sheet: ``&L&"ＭＳ 明朝"&10予算書&C&A&R&P / &N``.

Sections and codes of format stay where they are; each stretch of text between them is found with
the codes of page, date and sheet in it (``第&P頁``) as protected marks. ECMA-376 §18.3.1.46.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from kakehashi.documents import sheet_messages as messages
from kakehashi.documents.base import Mark
from kakehashi.documents.cell_text import is_text
from kakehashi.documents.runs import Piece, Runs
from kakehashi.documents.xlsx_xml import escaped, unescaped

# Excel refuses a workbook with a longer header.
_LIMIT: Final = 255
_CODE: Final = re.compile(
    r'&"[^"]*"'  # font
    r"|&\d{1,3}"  # size
    r"|&K(?:[0-9A-Fa-f]{6}|\d{2}[+-]\d{3})"  # colour
    r"|&[LCRBIUESXYOHGlcrbiuesxyohg]",
)
_FIELD: Final = re.compile(r"&&|&[PNpn](?:[+-]\d+)?|&[DTAFZdtafz]")
_PLACES: Final = {"Header": messages.HEADER, "Footer": messages.FOOTER}


def header_texts(
    leaf: etree._Element,
) -> Iterator[tuple[str, tuple[Mark, ...], str, _Put]]:
    """Text, marks, place and writer of every stretch of text in ``oddHeader``, ``evenFooter`` …"""
    name = etree.QName(leaf).localname
    place = next((said for ending, said in _PLACES.items() if name.endswith(ending)), "")
    if not place:
        return
    whole = unescaped(leaf.text or "")
    parts: list[str] = []
    at = 0
    for match in _CODE.finditer(_hidden(whole)):
        parts += [whole[at : match.start()], whole[match.start() : match.end()]]
        at = match.end()
    parts.append(whole[at:])
    for number in range(0, len(parts), 2):
        runs = Runs(list(_pieces(parts[number])))
        if is_text("".join(_FIELD.sub(" ", parts[number]))):
            yield runs.text, runs.marks, place, _Put(leaf, parts, number, runs)


def _hidden(whole: str) -> str:
    """`whole` with fields blanked out, so that ``&&B`` is not taken for the code of bold."""
    return _FIELD.sub(lambda match: "\0" * len(match[0]), whole)


def _pieces(text: str) -> Iterator[Piece[str]]:
    at = 0
    for match in _FIELD.finditer(text):
        yield Piece(text[at : match.start()], "", "")
        if match[0] == "&&":
            yield Piece("&", "", "")
        else:
            yield Piece(match[0], "field", "", True)
        at = match.end()
    yield Piece(text[at:], "", "")


class _Put:
    """Writes one stretch of a header; all stretches of a header share `parts`."""

    def __init__(
        self, leaf: etree._Element, parts: list[str], number: int, runs: Runs[str]
    ) -> None:
        self._leaf, self._parts, self._number, self._runs = leaf, parts, number, runs

    def __call__(self, text: str, marks: Sequence[Mark]) -> str:
        old = self._parts[self._number]
        new = ""
        for words, kind, _ in self._runs.put(text, marks):
            new += words if kind else words.replace("&", "&&")
        before = self._parts[self._number - 1] if self._number else ""
        if before[1:].isdigit() and new[:1].isdigit():
            new = " " + new  # or the digits would be read as part of the size
        self._parts[self._number] = new
        whole = "".join(self._parts)
        if len(whole) > _LIMIT:
            self._parts[self._number] = old
            return messages.HEADER_TOO_LONG.format(text=text)
        self._leaf.text = escaped(whole)
        return ""
