"""Rules and the text between them → tables as rows of cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kakehashi.documents.pdf_pieces import Piece
from kakehashi.documents.pdf_read import Rule

_NEAR: Final = 3.0
_MAX_RULES: Final = 3_000
_MAX_CELLS: Final = 5_000


@dataclass(slots=True)
class GridCell:
    """A cell of a table, with the columns and rows that it spans."""

    row: int
    column: int
    rows: int
    columns: int
    left: float
    right: float
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table and where it stands; `guessed` if no rules were drawn."""

    left: float
    right: float
    bottom: float
    top: float
    cells: list[GridCell]
    columns: int
    rows: int
    guessed: bool = False

    @property
    def frame(self) -> bool:
        """A frame around ordinary text, not a table."""
        return len(self.cells) == 1

    @property
    def y(self) -> float:
        """As of a piece: what it is ordered by."""
        return self.bottom

    @property
    def size(self) -> float:
        """Of its text, in points."""
        sizes = sorted(piece.size for cell in self.cells for piece in cell.pieces)
        return sizes[len(sizes) // 2] if sizes else 10.0


def ruled_tables(
    rules: Sequence[Rule], pieces: list[Piece], largest_frame: float
) -> tuple[list[Grid], list[Piece]]:
    """The tables and frames that rules draw, and the pieces that are in none of them.

    Args:
        rules, pieces: of the page.
        largest_frame: area of a frame that is still taken for a box of text, in points².
    """
    grids: list[Grid] = []
    merged = _merged(rules)
    if len(merged) > _MAX_RULES:  # a drawing
        return [], pieces
    for group in _crossing(merged):
        grid, rest = _filled(group, pieces)
        if grid is not None and not (grid.frame and _area(group) > largest_frame):
            grids.append(grid)
            pieces = rest
    return grids, pieces


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line that touch each other become one."""
    done: list[Rule] = []
    key = lambda rule: (rule.horizontal, round(rule.at / _NEAR), rule.low)  # noqa: E731
    for rule in sorted(rules, key=key):
        for at in range(len(done) - 1, max(-1, len(done) - 6), -1):
            last = done[at]
            same = last.horizontal == rule.horizontal and abs(last.at - rule.at) <= _NEAR
            if same and last.low - _NEAR <= rule.low <= last.high + _NEAR:
                low, high = min(last.low, rule.low), max(last.high, rule.high)
                done[at] = Rule(rule.horizontal, last.at, low, high)
                break
        else:
            done.append(rule)
    return done


def _crossing(rules: list[Rule]) -> list[list[Rule]]:
    """Groups of rules that hang together."""
    across = [rule for rule in rules if rule.horizontal]
    down = [rule for rule in rules if not rule.horizontal]
    parent = list(range(len(rules)))
    index = {id(rule): number for number, rule in enumerate(rules)}

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one in across:
        for two in down:
            meets = one.low - _NEAR <= two.at <= one.high + _NEAR
            if meets and two.low - _NEAR <= one.at <= two.high + _NEAR:
                parent[root(index[id(one)])] = root(index[id(two)])
    groups: dict[int, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(root(index[id(rule)]), []).append(rule)
    found = [group for group in groups.values() if len(group) >= 4]
    # The smallest first: a frame around the page does not swallow the table inside of it.
    return sorted(found, key=_area)


def _area(group: list[Rule]) -> float:
    wide = [x for r in group for x in ((r.low, r.high) if r.horizontal else (r.at,))]
    high = [y for r in group for y in ((r.at,) if r.horizontal else (r.low, r.high))]
    return (max(wide) - min(wide)) * (max(high) - min(high))


def _filled(group: list[Rule], pieces: list[Piece]) -> tuple[Grid | None, list[Piece]]:
    across = [rule for rule in group if rule.horizontal]
    down = [rule for rule in group if not rule.horizontal]
    xs = _distinct([r.at for r in down] + [x for r in across for x in (r.low, r.high)])
    ys = _distinct([r.at for r in across] + [y for r in down for y in (r.low, r.high)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > _MAX_CELLS:
        return None, pieces
    cells = _cells(xs, ys, across, down)
    by_place = {
        (row, column): cell
        for cell in cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    rest: list[Piece] = []
    for piece in pieces:
        middle = piece.y + 0.3 * piece.size
        if not ys[0] < middle < ys[-1] or piece.right < xs[0] or piece.left > xs[-1]:
            rest.append(piece)
            continue
        row = rows - bisect_right(ys, middle)
        start, last = 0, _column(xs, piece, 0)
        for at in range(1, len(piece.text) + 1):
            column = _column(xs, piece, at) if at < len(piece.text) else -2
            here = by_place.get((row, last))
            if column != -2 and here is by_place.get((row, column)):
                continue
            part = piece.cut(start, at)
            if part is not None:
                (here.pieces if here is not None else rest).append(part)
            start, last = at, column
    filled = sum(bool(cell.pieces) for cell in cells)
    if filled < min(2, len(cells)) or filled < 0.15 * len(cells):
        return None, pieces
    grid = Grid(xs[0], xs[-1], ys[0], ys[-1], cells, columns, rows)
    return grid, rest


def _column(xs: list[float], piece: Piece, at: int) -> int:
    right = piece.xs[at + 1] if at + 1 < len(piece.xs) else piece.right
    middle = (piece.xs[at] + max(right, piece.xs[at])) / 2
    return bisect_right(xs, middle) - 1


def _distinct(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 2 * _NEAR:
            found.append(value)
    return found


def _cells(
    xs: list[float], ys: list[float], across: list[Rule], down: list[Rule]
) -> list[GridCell]:
    """Cells of the grid; neighbours without a rule between them are one (merged cells)."""
    columns, rows = len(xs) - 1, len(ys) - 1

    def wall(rules: list[Rule], at: float, middle: float) -> bool:
        return any(abs(r.at - at) <= 2 * _NEAR and r.low <= middle <= r.high for r in rules)

    free = [[True] * columns for _ in range(rows)]
    cells: list[GridCell] = []
    for row in range(rows):
        high = rows - row  # ys grow upwards, rows downwards
        for column in range(columns):
            if not free[row][column]:
                continue
            middle = (ys[high] + ys[high - 1]) / 2
            wide = 1
            while (
                column + wide < columns
                and free[row][column + wide]
                and not wall(down, xs[column + wide], middle)
            ):
                wide += 1
            tall = 1
            while row + tall < rows and all(
                free[row + tall][c] and not wall(across, ys[high - tall], (xs[c] + xs[c + 1]) / 2)
                for c in range(column, column + wide)
            ):
                tall += 1
            for r in range(row, row + tall):
                for c in range(column, column + wide):
                    free[r][c] = False
            cells.append(GridCell(row, column, tall, wide, xs[column], xs[column + wide]))
    return cells
