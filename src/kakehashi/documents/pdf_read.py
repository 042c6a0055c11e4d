"""PDFium → the pieces of text, rules and links of each page, with their places.

All calls of PDFium of this program are made here, under one lock: the library is not thread-safe.
Coordinates leave this file in points, upright (a page or a table that is turned is turned back),
from the lower left corner. A vertical page is turned so that its lines run like horizontal ones.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from kakehashi.documents import pdf_messages as messages
from kakehashi.documents.pdf_pieces import BOLD, ITALIC, Glyph, Piece, pieces
from kakehashi.documents.pdf_repair import symbol, unreadable
from kakehashi.errors import FormatError, TooLargeError
from kakehashi.text.chars import is_japanese

MAX_PAGES: Final = 2000
MAX_CHARACTERS: Final = 4_000_000
# One page: a map or a drawing has some ten thousand paths; more is an attack or not a text.
MAX_OBJECTS: Final = 200_000
MAX_PAGE_CHARACTERS: Final = 200_000
_MAX_SEGMENTS: Final = 2_000
_MAX_DEPTH: Final = 6
_THIN: Final = 2.5
_LOCK: Final = threading.Lock()
_SKIPPED: Final = frozenset((0x0D, 0x0A, 0x00))
_HYPHENS: Final = frozenset((0x02, 0xFFFE, 0xAD))


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: `at` is its y or x, from `low` to `high` along the other."""

    horizontal: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Link:
    """An area of the page that leads to an address outside of the document."""

    left: float
    bottom: float
    right: float
    top: float
    target: str


@dataclass(slots=True)
class Page:
    """What one page holds.

    Attributes:
        number: counted from 1.
        width, height: in points, as the text is read.
        vertical: Japanese vertical text, turned.
        mixed: holds a fair part of text in the other direction.
        turned: characters left out because they are at an angle.
        glyphs, broken: visible characters, and those of them without a meaning.
        picture: share of the page that pictures cover, 0–1.
    """

    number: int
    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    vertical: bool = False
    mixed: bool = False
    turned: int = 0
    glyphs: int = 0
    broken: int = 0
    picture: float = 0.0
    pictures: int = 0
    paths: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """All pages, and whether the PDF has form fields."""

    pages: tuple[Page, ...]
    form: bool


def read(data: bytes, name: str) -> Contents:
    """The pages of a PDF.

    Raises:
        FormatError: damaged, cut off, or protected by a password.
        TooLargeError: over a limit of pages, characters or objects.
    """
    if b"%PDF-" not in data[:1024]:
        raise FormatError(messages.NO_PDF, where=name, hint=messages.NO_PDF_HINT)
    # PDFium reads what is left of a file without its end, and nobody would notice what is missing.
    if b"%%EOF" not in data[-4096:] and b"startxref" not in data[-4096:]:
        raise FormatError(messages.CUT_OFF, where=name, hint=messages.CUT_OFF_HINT)
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise FormatError(
                    messages.ENCRYPTED, where=name, hint=messages.ENCRYPTED_HINT
                ) from None
            raise _damaged(name) from error
        try:
            return _contents(document, name)
        finally:
            document.close()


def _damaged(where: str) -> FormatError:
    return FormatError(messages.DAMAGED, where=where, hint=messages.DAMAGED_HINT)


def _too_large(what: str, where: str) -> TooLargeError:
    return TooLargeError(what, where=where, hint=messages.SPLIT_HINT)


def _contents(document: pypdfium2.PdfDocument, name: str) -> Contents:
    count = len(document)
    if count == 0:
        raise _damaged(name)
    if count > MAX_PAGES:
        raise _too_large(messages.TOO_MANY_PAGES.format(pages=count, limit=MAX_PAGES), name)
    pages: list[Page] = []
    characters = 0
    for number in range(1, count + 1):
        where = f"{name}, page {number}" if name else f"page {number}"
        try:
            handle = document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise _damaged(where) from error
        try:
            page = _page(document, handle, number, where)
        except pypdfium2.PdfiumError as error:
            raise _damaged(where) from error
        finally:
            handle.close()
        characters += page.glyphs
        if characters > MAX_CHARACTERS:
            limit = f"{MAX_CHARACTERS:,}"
            raise _too_large(messages.TOO_MANY_CHARACTERS.format(limit=limit), where)
        pages.append(page)
    return Contents(tuple(pages), document.get_formtype() != raw.FORMTYPE_NONE)


def _page(
    document: pypdfium2.PdfDocument, handle: pypdfium2.PdfPage, number: int, where: str
) -> Page:
    # Of the unrotated page, because that is what the places of characters refer to.
    width, height = handle.get_size()
    if handle.get_rotation() % 180:
        width, height = height, width
    page = Page(number, width, height)
    _objects(handle, page, where)
    text = handle.get_textpage()
    try:
        count = text.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            limit = f"{MAX_PAGE_CHARACTERS:,}"
            raise _too_large(messages.TOO_MANY_CHARACTERS.format(limit=limit), where)
        found = list(_glyphs(text, count, page))
    finally:
        text.close()
    page.links = list(_links(document, handle))
    _turn_upright(page, found)
    return page


def _glyphs(text: Any, count: int, page: Page) -> Iterator[tuple[Glyph, int]]:
    """Every character with its angle in quarter turns; -1 for one that stands at another angle."""
    x, y = ctypes.c_double(), ctypes.c_double()
    loose = raw.FS_RECTF()
    style = _Style()
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        generated = raw.FPDFText_IsGenerated(text, index) == 1
        if code in _SKIPPED or (generated and code not in _HYPHENS):
            continue
        char = "-" if code in _HYPHENS else _char(code)
        if char.isspace() and char != "\u3000":
            char = " "
        raw.FPDFText_GetLooseCharBox(text, index, loose)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        style.look(text, index)
        places = (loose.left, loose.right, loose.bottom, loose.top, x.value, y.value)
        if not all(map(math.isfinite, places)) or style.size <= 0:
            continue
        if not char.isspace():
            page.glyphs += 1
            if unreadable(char) or raw.FPDFText_HasUnicodeMapError(text, index) == 1:
                # What a font of symbols shows without saying so is the bullet of a list.
                page.broken += not style.symbols
                char = "•" if style.symbols else "〓"
        yield (
            Glyph(
                char,
                loose.left,
                loose.right,
                y.value,
                style.size,
                style.flags,
                x.value,
                loose.bottom,
                loose.top,
            ),
            style.quarter,
        )


def _char(code: int) -> str:
    return symbol(chr(code)) if 0 < code < 0x110000 else "\ufffd"


class _Style:
    """Size, weight and angle of the characters of one text object; asked for once each."""

    def __init__(self) -> None:
        self.size = 0.0
        self.flags = 0
        self.quarter = 0
        self.symbols = False
        self._object = -1
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(256)
        self._font_flags = ctypes.c_int()

    def look(self, text: Any, index: int) -> None:
        pointer = raw.FPDFText_GetTextObject(text, index)
        address = ctypes.addressof(pointer.contents) if pointer else 0
        if address and address == self._object:
            return
        self._object = address
        matrix = self._matrix
        scale, angle = 1.0, 0.0
        if raw.FPDFText_GetMatrix(text, index, matrix):
            scale = math.hypot(matrix.c, matrix.d)
            angle = math.degrees(math.atan2(matrix.b, matrix.a))
        self.size = raw.FPDFText_GetFontSize(text, index) * scale
        quarter = round(angle / 90)
        self.quarter = quarter % 4 if abs(angle - quarter * 90) < 5 else -1
        length = raw.FPDFText_GetFontInfo(text, index, self._name, 256, self._font_flags)
        name = self._name.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace").lower()
        self.symbols = any(part in name for part in ("symbol", "wingding", "webding", "dingbat"))
        weight = raw.FPDFText_GetFontWeight(text, index)
        bold = weight >= 600 or any(part in name for part in _BOLD_NAMES)
        if not bold and address:
            # No bold font at hand: many programs draw the outline of the letters as well.
            bold = raw.FPDFTextObj_GetTextRenderMode(pointer) == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
        slanted = any(part in name for part in ("italic", "oblique"))
        self.flags = (BOLD if bold else 0) | (ITALIC if slanted else 0)


_BOLD_NAMES: Final = ("bold", "heavy", "black", "-w6", "-w7", "-w8", "demi", "gothic-eb")


def _objects(handle: pypdfium2.PdfPage, page: Page, where: str) -> None:
    """Rules from paths, and how much of the page is pictures."""
    area = 0.0
    for count, item in enumerate(handle.get_objects(max_depth=_MAX_DEPTH)):
        if count > MAX_OBJECTS:
            raise _too_large(messages.TOO_COMPLEX.format(limit=f"{MAX_OBJECTS:,}"), where)
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            page.pictures += 1
            left, bottom, right, top = _bounds(item)
            wide = min(right, page.width) - max(left, 0)
            area += max(0.0, wide) * max(0.0, min(top, page.height) - max(bottom, 0))
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            page.paths += 1
            if item.level == 0:
                page.rules += _rules(item)
    page.picture = min(1.0, area / max(1.0, page.width * page.height))


def _bounds(item: Any) -> tuple[float, float, float, float]:
    try:
        left, bottom, right, top = item.get_bounds()
    except pypdfium2.PdfiumError:
        return 0.0, 0.0, 0.0, 0.0
    return left, bottom, right, top


def _rules(item: Any) -> Iterator[Rule]:
    left, bottom, right, top = _bounds(item)
    if right - left <= _THIN and top - bottom <= _THIN:
        return
    if top - bottom <= _THIN:
        yield Rule(True, (top + bottom) / 2, left, right)
        return
    if right - left <= _THIN:
        yield Rule(False, (left + right) / 2, bottom, top)
        return
    # A stroked frame or grid; what is only filled is a background.
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, fill, stroke) or not stroke.value:
        return
    matrix = item.get_matrix()
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(item), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield from _straight(last, point)
            if raw.FPDFPathSegment_GetClose(segment) and start is not None:
                yield from _straight(point, start)
        elif kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        last = point


def _straight(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    if abs(a[1] - b[1]) < 1 and abs(a[0] - b[0]) > _THIN:
        yield Rule(True, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))
    elif abs(a[0] - b[0]) < 1 and abs(a[1] - b[1]) > _THIN:
        yield Rule(False, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))


def _links(document: pypdfium2.PdfDocument, handle: pypdfium2.PdfPage) -> Iterator[Link]:
    position = ctypes.c_int(0)
    link = raw.FPDF_LINK()
    rectangle = raw.FS_RECTF()
    for _ in range(10_000):  # a damaged list of annotations may go round in a circle
        if not raw.FPDFLink_Enumerate(handle, position, link):
            return
        action = raw.FPDFLink_GetAction(link)
        if not action or not raw.FPDFLink_GetAnnotRect(link, rectangle):
            continue
        length = raw.FPDFAction_GetURIPath(document, action, None, 0)
        if not 1 < length <= 4096:
            continue
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFAction_GetURIPath(document, action, buffer, length)
        target = buffer.raw[: length - 1].decode("utf-8", "replace").strip()
        if target.lower().startswith(("http://", "https://", "mailto:", "ftp://", "tel:")):
            yield Link(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top, target)


def _turn_upright(page: Page, found: list[tuple[Glyph, int]]) -> None:
    """Make pieces of the characters, in the direction that most of them have."""
    counts = Counter(quarter for glyph, quarter in found if not glyph.char.isspace())
    page.turned = counts.pop(-1, 0)
    if not counts:
        return
    quarter = counts.most_common(1)[0][0]
    glyphs = [glyph for glyph, its in found if its == quarter]
    down, across = _directions(glyphs) if not quarter else (0, 0)
    if down > across:
        # Latin letters and numbers lie on their side in a vertical line.
        glyphs = [glyph for glyph, its in found if its in (0, 3)]
        page.turned += counts[1] + counts[2]
    else:
        page.turned += sum(counts.values()) - counts[quarter]
    if quarter:
        glyphs = [_turned(glyph, quarter, page) for glyph in glyphs]
        _turn_page(page, quarter)
    if down > across:
        # Lines run down and from right to left: a quarter turn makes them run like horizontal ones.
        page.vertical = True
        glyphs = [_laid_down(glyph, page) for glyph in glyphs]
        _lay_down(page)
    page.mixed = min(down, across) > 0.15 * (down + across)
    page.pieces = pieces(glyphs)


def _directions(glyphs: list[Glyph]) -> tuple[int, int]:
    """How many steps from one Japanese character to the next go down, and how many across."""
    down = across = 0
    for one, two in pairwise(glyphs):
        if not (is_japanese(one.char) and is_japanese(two.char)):
            continue
        size = one.size
        right, lower = two.x - one.x, one.y - two.y
        if abs(right) < 0.3 * size and 0.6 * size < lower < 2 * size:
            down += 1
        elif abs(lower) < 0.3 * size and 0.4 * size < right < 2.5 * size:
            across += 1
    return down, across


def _turned(glyph: Glyph, quarter: int, page: Page) -> Glyph:
    boxes = [
        _turn(glyph.left, glyph.bottom, quarter, page),
        _turn(glyph.right, glyph.top, quarter, page),
    ]
    x, y = _turn(glyph.x, glyph.y, quarter, page)
    (a, b), (c, d) = boxes
    return Glyph(
        glyph.char,
        min(a, c),
        max(a, c),
        y,
        glyph.size,
        glyph.flags,
        x,
        min(b, d),
        max(b, d),
    )


def _turn(x: float, y: float, quarter: int, page: Page) -> tuple[float, float]:
    """Undo `quarter` quarter turns to the left."""
    if quarter == 1:
        return y, page.width - x
    if quarter == 2:
        return page.width - x, page.height - y
    return page.height - y, x


def _turn_page(page: Page, quarter: int) -> None:
    def rule(one: Rule) -> Rule:
        corner = (one.low, one.at) if one.horizontal else (one.at, one.low)
        other = (one.high, one.at) if one.horizontal else (one.at, one.high)
        a, b = _turn(*corner, quarter, page), _turn(*other, quarter, page)
        if one.horizontal == (quarter == 2):
            return Rule(True, a[1], min(a[0], b[0]), max(a[0], b[0]))
        return Rule(False, a[0], min(a[1], b[1]), max(a[1], b[1]))

    def link(one: Link) -> Link:
        a = _turn(one.left, one.bottom, quarter, page)
        b = _turn(one.right, one.top, quarter, page)
        return Link(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]), one.target)

    page.rules = [rule(one) for one in page.rules]
    page.links = [link(one) for one in page.links]
    if quarter % 2:
        page.width, page.height = page.height, page.width


def _laid_down(glyph: Glyph, page: Page) -> Glyph:
    # The line's own direction is now down: x grows with the way down, y with the way right.
    centre = (glyph.left + glyph.right) / 2
    low = page.height - glyph.top
    return Glyph(
        glyph.char,
        low,
        max(page.height - glyph.bottom, low + 0.4 * glyph.size),
        centre - glyph.size / 2,
        glyph.size,
        glyph.flags,
        low,
        centre - glyph.size / 2,
        centre + glyph.size / 2,
    )


def _lay_down(page: Page) -> None:
    page.rules = [
        Rule(False, page.height - one.at, one.low, one.high)
        if one.horizontal
        else Rule(True, one.at, page.height - one.high, page.height - one.low)
        for one in page.rules
    ]
    page.links = [
        Link(page.height - one.top, one.left, page.height - one.bottom, one.right, one.target)
        for one in page.links
    ]
    page.width, page.height = page.height, page.width
