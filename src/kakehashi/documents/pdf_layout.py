"""The pieces of a page → its lines in reading order, by columns, with tables in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from kakehashi.documents.pdf_pieces import Piece
from kakehashi.documents.pdf_read import Page
from kakehashi.documents.pdf_tables import Grid, GridCell, ruled_tables
from kakehashi.text.chars import is_japanese

# In em. LaTeX sets two columns one em apart.
_GUTTER: Final = 0.8
_MIN_COLUMN: Final = 0.15
_MAX_CANDIDATES: Final = 120
# Share of the page: a larger frame is the page's border, not a box of text.
_FRAME: Final = 0.35
_APART: Final = 1.8
_MAX_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column; `row` is true if it was put together of pieces set far apart."""

    piece: Piece
    row: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Lines below each other, and the borders between which they were set."""

    left: float
    right: float
    lines: tuple[Line, ...]


Item = Piece | Grid
Block = Column | Grid


@dataclass(frozen=True, slots=True)
class Ordered:
    """The content of a page in reading order; `ruby` counts what was left out."""

    blocks: tuple[Block, ...]
    ruby: int


def ordered(page: Page) -> Ordered:
    """Bring a page into reading order."""
    pieces, ruby = _without_ruby(page.pieces)
    grids, pieces = ruled_tables(page.rules, pieces, _FRAME * page.width * page.height)
    items: list[Item] = [*pieces, *grids]
    if not items:
        return Ordered((), ruby)
    left, right = min(i.left for i in items), max(i.right for i in items)
    return Ordered(tuple(_region(items, left, right, 0)), ruby)


def _without_ruby(pieces: list[Piece]) -> tuple[list[Piece], int]:
    """Leave out kana at half size directly above larger Japanese text."""
    kept: list[Piece] = []
    ruby: list[Piece] = []
    large = [p for p in pieces if any(map(is_japanese, p.text))]
    for piece in pieces:
        kana = all("\u3041" <= char <= "\u30ff" or char.isspace() for char in piece.text)
        above = kana and any(_is_ruby(piece, base) for base in large)
        (ruby if above else kept).append(piece)
    if ruby:
        kept = [_closed_up(piece, ruby) for piece in kept]
    return kept, sum(len(piece.text.split()) for piece in ruby)


def _is_ruby(piece: Piece, base: Piece) -> bool:
    em = base.size
    middle = (piece.left + piece.right) / 2
    above = -0.25 * em < piece.y - base.top < 0.5 * em
    return piece.size <= 0.62 * em and above and base.left - em < middle < base.right + em


def _closed_up(piece: Piece, ruby: list[Piece]) -> Piece:
    """Without the gaps in a line that long ruby forces."""
    over = [r for r in ruby if _is_ruby(r, piece)]
    kept = [
        at
        for at, char in enumerate(piece.text)
        if char != "\u3000" or not any(r.left - 1 < piece.xs[at] < r.right for r in over)
    ]
    if len(kept) == len(piece.text):
        return piece
    return Piece(
        "".join(piece.text[at] for at in kept),
        tuple(piece.xs[at] for at in kept),
        bytes(piece.flags[at] for at in kept),
        piece.left,
        piece.right,
        piece.y,
        piece.size,
    )


def _region(items: list[Item], left: float, right: float, depth: int) -> list[Block]:
    if not items:
        return []
    cut = _gutter(items, left, right) if depth < _MAX_DEPTH else None
    if cut is None:
        return _single(items, left, right)
    above = [item for item in items if item.y > cut.top]
    below = [item for item in items if item.y < cut.bottom]
    inside = [item for item in items if cut.bottom <= item.y <= cut.top]
    if cut.table is not None:
        middle: list[Block] = [cut.table]
    else:
        one = [item for item in inside if item.right <= cut.x]
        two = [item for item in inside if item.right > cut.x]
        border = max(item.right for item in one), min(item.left for item in two)
        middle = _region(one, min(i.left for i in one), border[0], depth + 1)
        middle += _region(two, border[1], max(right, border[1]), depth + 1)
    return [
        *_region(above, left, right, depth + 1),
        *middle,
        *_region(below, left, right, depth + 1),
    ]


@dataclass(frozen=True, slots=True)
class _Cut:
    x: float
    bottom: float
    top: float
    table: Grid | None = None


def _gutter(items: Sequence[Item], left: float, right: float) -> _Cut | None:
    """The gap between columns that has the most text at its sides."""
    em = median(item.size for item in items)
    width = right - left
    best: tuple[float, _Cut] | None = None
    edges = sorted({round(item.right + 0.4 * em) for item in items})
    for x in edges[: _MAX_CANDIDATES * 4]:
        if not left + 2 * em < x < right - 2 * em:
            continue
        crossing = sorted(item.y for item in items if item.left < x < item.right)
        for low, high in pairwise([float("-inf"), *crossing, float("inf")]):
            inside = [i for i in items if low < i.y < high]
            one = [i for i in inside if i.right <= x]
            two = [i for i in inside if i.left >= x]
            if len(one) < 2 or len(two) < 2 or (best and len(inside) <= best[0]):
                continue
            if min(i.left for i in two) - max(i.right for i in one) < _GUTTER * em:
                continue
            cut = _columns_or_table(one, two, x, width, em)
            if cut is not None:
                best = (len(inside), cut)
    return best[1] if best else None


def _columns_or_table(
    one: list[Item], two: list[Item], x: float, width: float, em: float
) -> _Cut | None:
    one, two = _without_tail(one, two, em)
    both = [*one, *two]
    if len(one) < 2 or len(two) < 2:
        return None
    bottom, top = min(i.y for i in both), max(i.y for i in both)
    beside = sum(any(abs(a.y - b.y) < 0.4 * em for a in one) for b in two) / len(two)
    if beside >= 0.7 and min(_fill(one), _fill(two)) < 0.7 and not _grids(both):
        table = _guessed([i for i in both if isinstance(i, Piece)], em)
        if table is None:
            return None
        ys = [piece.y for cell in table.cells for piece in cell.pieces]
        return _Cut(x, min(ys), max(ys), table)
    narrow = min(max(i.right for i in side) - min(i.left for i in side) for side in (one, two))
    if narrow < max(_MIN_COLUMN * width, 4 * em) or len(both) < 5:
        return None
    # Two sides that share no height are not beside each other.
    if min(i.y for i in one) > max(i.y for i in two) or min(i.y for i in two) > max(
        i.y for i in one
    ):
        return None
    return _Cut(x, bottom, top)


def _grids(items: list[Item]) -> bool:
    return any(isinstance(item, Grid) and not item.frame for item in items)


def _without_tail(one: list[Item], two: list[Item], em: float) -> tuple[list[Item], list[Item]]:
    """Leave out what stands on one side only, well below or above the end of the other side."""
    for side, other in ((one, two), (two, one)):
        ends = min(i.y for i in other)
        ys = sorted((i.y for i in side), reverse=True)
        for upper, lower in pairwise(ys):
            if lower < ends - em and upper - lower > 3 * em:
                side[:] = [i for i in side if i.y >= upper]
                break
    return one, two


def _fill(items: list[Item]) -> float:
    """How much of their column's width lines take, at the median."""
    width = max(i.right for i in items) - min(i.left for i in items)
    return median((i.right - i.left) / max(1.0, width) for i in items)


def _guessed(pieces: list[Piece], em: float) -> Grid | None:
    """A table without rules: free stripes between its columns, lines as rows."""
    rows = _without_edges(_rows(pieces, em))
    if len(rows) < 3:
        return None
    pieces = [piece for row in rows for piece in row]
    # Rows without merged cells show the columns.
    most = max(len(row) for row in rows)
    fullest = [row for row in rows if len(row) == most]
    plain = [p for row in fullest for p in row] if len(fullest) > 1 else pieces
    stripes: list[list[float]] = []
    for piece in sorted(plain, key=lambda p: p.left):
        if stripes and piece.left < stripes[-1][1] + 0.05 * em:
            stripes[-1][1] = max(stripes[-1][1], piece.right)
        else:
            stripes.append([piece.left, piece.right])
    if len(stripes) < 2:
        return None
    if all(_is_marker(piece.text) for piece in pieces if piece.right <= stripes[1][0]):
        return None
    cells = _guessed_cells(_whole_rows(rows, stripes, em), stripes)
    left, right = stripes[0][0], max(piece.right for piece in pieces)
    bottom, top = min(p.bottom for p in pieces), max(p.top for p in pieces)
    count = cells[-1].row + 1
    return Grid(left, right, bottom, top, cells, len(stripes), count, guessed=True)


def _whole_rows(
    rows: list[list[Piece]], stripes: list[list[float]], em: float
) -> list[list[Piece]]:
    """Rows with the further lines of their cells: close below, and nothing in the first column."""
    whole: list[list[Piece]] = []
    last = float("inf")
    for row in rows:
        y = row[0].y
        first_empty = min(piece.left for piece in row) > stripes[0][1]
        if whole and first_empty and last - y < 1.45 * em:
            whole[-1] += row
        else:
            whole.append(list(row))
        last = y
    return whole


def _guessed_cells(rows: list[list[Piece]], stripes: list[list[float]]) -> list[GridCell]:
    cells: list[GridCell] = []
    for number, row in enumerate(rows):
        taken: dict[int, GridCell] = {}
        for piece in row:
            over = [n for n, (a, b) in enumerate(stripes) if piece.left < b and a < piece.right]
            near = min(range(len(stripes)), key=lambda n: abs(stripes[n][0] - piece.left))
            first, last = (over[0], over[-1]) if over else (near, near)
            here = next((taken[n] for n in range(first, last + 1) if n in taken), None)
            if here is None:
                here = GridCell(
                    number, first, 1, last - first + 1, stripes[first][0], stripes[last][1]
                )
                taken.update(dict.fromkeys(range(first, last + 1), here))
            here.pieces.append(piece)
        for column, (left, right) in enumerate(stripes):
            if column not in taken:
                taken[column] = GridCell(number, column, 1, 1, left, right)
        cells += {id(cell): cell for _, cell in sorted(taken.items())}.values()
    return cells


def _without_edges(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Leave out headings right above and below: alone in their row, and set otherwise."""
    sizes = [piece.size for row in rows if len(row) > 1 for piece in row]
    steps = [a[0].y - b[0].y for a, b in pairwise(rows)]
    if not sizes or not steps:
        return rows
    size, step = median(sizes), median(steps)
    for at, near in ((-1, -2), (0, 1)):
        while len(rows) > 2 and len(rows[at]) == 1:
            other = abs(rows[at][0].size - size) > 0.08 * size
            if not other and abs(rows[at][0].y - rows[near][0].y) < 1.5 * step:
                break
            rows = rows[:-1] if at else rows[1:]
    return rows


def _is_marker(text: str) -> bool:
    return len(text) <= 4 and not any(map(str.isalpha, text.strip("()（）.．、")[1:]))


def _rows(pieces: Sequence[Piece], em: float) -> list[list[Piece]]:
    """Pieces that stand on one line, lines from the top."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.y):
        if rows and abs(rows[-1][0].y - piece.y) < 0.45 * min(rows[-1][0].size, max(piece.size, 1)):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda p: p.left)
    return rows


def _single(items: list[Item], left: float, right: float) -> list[Block]:
    """A column: lines and tables from top to bottom."""
    blocks: list[Block] = []
    grids = sorted((i for i in items if isinstance(i, Grid)), key=lambda g: -g.top)
    rest = [i for i in items if isinstance(i, Piece)]
    for grid in grids:
        above = [p for p in rest if p.y >= (grid.top + grid.bottom) / 2]
        rest = [p for p in rest if p.y < (grid.top + grid.bottom) / 2]
        if above:
            blocks.append(column(above, left, right))
        if grid.frame:
            blocks.append(column(grid.cells[0].pieces, grid.left, grid.right))
        else:
            blocks.append(grid)
    if rest:
        blocks.append(column(rest, left, right))
    return blocks


def column(pieces: Sequence[Piece], left: float, right: float) -> Column:
    """Lines of pieces that stand in one column."""
    em = median(piece.size for piece in pieces)
    return Column(left, right, tuple(_line(row) for row in _rows(pieces, em)))


def _line(row: list[Piece]) -> Line:
    if len(row) == 1:
        return Line(row[0])
    text, xs, flags = "", [], bytearray()
    apart = False
    last: Piece | None = None
    for piece in row:
        if last is not None:
            space = _space(last, piece)
            apart = apart or piece.left - last.right > _APART * last.size
            text += space
            xs += [last.right] * len(space)
            flags += bytes(len(space))
        text += piece.text
        xs += piece.xs
        flags += piece.flags
        last = piece
    sizes = sorted(row, key=lambda p: len(p.text))
    main = sizes[-1]
    right = max(piece.right for piece in row)
    whole = Piece(text, tuple(xs), bytes(flags), row[0].left, right, main.y, main.size)
    return Line(whole, apart)


def _space(one: Piece, two: Piece) -> str:
    gap = two.left - one.right
    if not (is_japanese(one.text[-1]) and is_japanese(two.text[0])):
        return " " if gap > 0.17 * one.size else ""
    if len(one.text) == 1 and len(two.text) <= 2:
        return ""  # 氏　　名 set apart to fill a width
    return "\u3000" if gap > 0.6 * one.size else ""
