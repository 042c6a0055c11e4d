"""Page headers, page footers and page numbers, known by their repetition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kakehashi.documents.pdf_pieces import Piece
from kakehashi.documents.pdf_read import Page

# Share of the page's height, at the top and at the bottom, in which they are looked for.
_ZONE: Final = 0.11
_SHARE: Final = 0.4
_LARGER: Final = 1.13
_NUMBER: Final = re.compile(
    r"[-–—‐－〜~\s(\[（]*(?:p\.?|page|ページ|頁)?\s*(\d{1,4})\s*(?:(?:/|of|／)\s*\d{1,4})?"
    r"\s*(?:ページ|頁)?[-–—‐－〜~\s)\]）]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Running:
    """What stands on every page: the texts above, those below, and whether pages are numbered."""

    header: tuple[Piece, ...]
    footer: tuple[Piece, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class _Found:
    page: Page
    piece: Piece
    text: str
    key: tuple[bool, int, int, str]


def take_running(pages: Sequence[Page], body_size: float) -> Running:
    """Take page headers, footers and numbers out of `pages`.

    What is clearly larger than `body_size` is a heading, though it may stand on every page.
    """
    groups: dict[tuple[bool, int, int, str], list[_Found]] = {}
    for page in pages:
        for piece in page.pieces:
            if piece.size > _LARGER * body_size:
                continue
            for found in _looked_at(page, piece):
                groups.setdefault(found.key, []).append(found)
    gone: dict[int, set[int]] = {}
    header: dict[str, Piece] = {}
    footer: dict[str, Piece] = {}
    numbered = False
    for key, group in groups.items():
        number = all(_NUMBER.fullmatch(one.text) for one in group)
        if not _repeated(group, len(pages), number):
            continue
        for one in group:
            gone.setdefault(one.page.number, set()).add(id(one.piece))
        if number or not _same(group):
            numbered = True
        if not number:
            (header if key[0] else footer).setdefault(group[0].text, group[0].piece)
    for page in pages:
        page.pieces = [p for p in page.pieces if id(p) not in gone.get(page.number, ())]
    order = sorted(header.values(), key=lambda p: (-p.y, p.left))
    return Running(
        tuple(order), tuple(sorted(footer.values(), key=lambda p: (-p.y, p.left))), numbered
    )


def _looked_at(page: Page, piece: Piece) -> list[_Found]:
    top = piece.y > page.height * (1 - _ZONE)
    if not top and piece.y > page.height * _ZONE:
        return []
    text = unicodedata.normalize("NFKC", piece.text)
    key = re.sub(r"\d+", "#", text)
    height = round((page.height - piece.y if top else piece.y) / 4)
    # Left and right pages carry a page number at different sides, but at one height.
    return [_Found(page, piece, text, (top, height, 0, key))]


def _same(group: list[_Found]) -> bool:
    return len({one.text for one in group}) == 1


def _repeated(group: list[_Found], pages: int, number: bool) -> bool:
    seen = {one.page.number for one in group}
    if pages == 1 or len(seen) == 1:
        return number and pages <= 2 and _is_own_number(group[0])
    if len(seen) < max(2, _SHARE * pages):
        return False
    return _same(group) or _counts_up(group)


def _is_own_number(one: _Found) -> bool:
    """A lone number on a lone page: only one that is dressed up as a page number, or is it."""
    found = _NUMBER.fullmatch(one.text)
    alone = sum(abs(p.y - one.piece.y) < one.piece.size for p in one.page.pieces) == 1
    return bool(found) and alone and int(found[1] if found else 0) == one.page.number


def _counts_up(group: list[_Found]) -> bool:
    """Whether one number in the text goes up with the pages."""
    rows = [(one.page.number, [int(n) for n in re.findall(r"\d+", one.text)]) for one in group]
    for column in range(min(len(numbers) for _, numbers in rows)):
        offsets = {numbers[column] - page for page, numbers in rows}
        if len(offsets) == 1:
            return True
    return False
