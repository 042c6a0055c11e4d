"""Make text that has grown fit its shape or table on a slide.

PowerPoint shrinks text itself only while somebody edits it; until then it shows the scale that is
stored (ECMA-376 part 1, §21.1.2.1.3, normAutofit), so the scale must be right in the file. The
height of a text is estimated by

    Σ over paragraphs  lines at this scale × size × scale × 1.2

where lines are filled word by word with the widths of `fitting`. The largest of PowerPoint's own
steps is taken at which the new text is no higher than the box, or no higher than the old text was
if that was higher already. What is too wide in spite of that (a word in a narrow shape, a line
that does not wrap) gets smaller sizes outright: LibreOffice scales by height alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import etree

from kakehashi.documents.fitting import CAUTION, LINE, em_width, line_count, longest_word
from kakehashi.documents.office import Changed
from kakehashi.documents.pptx_styles import EMU_PER_POINT, Styles

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_FITS: Final = tuple(_A + name for name in ("noAutofit", "normAutofit", "spAutoFit"))
# The steps in which PowerPoint itself shrinks: font scale and line spacing reduction, in
# thousandths of a percent. Below the last one nobody can read a slide.
_STEPS: Final = (
    (100_000, 0),
    (92_500, 10_000),
    (85_000, 20_000),
    (77_500, 20_000),
    (70_000, 20_000),
    (62_500, 20_000),
    (55_000, 20_000),
    (47_500, 20_000),
)
_SMALLEST: Final = 8.0
# Share of width and height that text has in shapes that are not rectangles.
_TEXT_RECTANGLES: Final = {
    "ellipse": (0.707, 0.707),
    "diamond": (0.5, 0.5),
    "triangle": (0.5, 0.5),
    "hexagon": (0.75, 0.75),
    "octagon": (0.85, 0.85),
    "parallelogram": (0.7, 0.8),
    "cloud": (0.7, 0.65),
    "star5": (0.4, 0.4),
    "upArrow": (0.5, 0.75),
    "downArrow": (0.5, 0.75),
}


def fit(changed: Sequence[Changed], styles: Styles) -> None:
    """Fit all shapes and tables that hold a changed paragraph."""
    bodies: dict[etree._Element, dict[etree._Element, str]] = {}
    for one in changed:
        holder = _holder(one.found.element)
        if holder is not None:
            bodies.setdefault(holder, {})[one.found.element] = one.before
    for holder, before in bodies.items():
        if holder.tag == _P + "graphicFrame":
            _fit_table(holder, before, styles)
        else:
            _fit_shape(holder, before, styles)


def _holder(paragraph: etree._Element) -> etree._Element | None:
    return next(paragraph.iterancestors(_P + "sp", _P + "graphicFrame"), None)


def _fit_shape(shape: etree._Element, before: dict[etree._Element, str], styles: Styles) -> None:
    body = shape.find(_P + "txBody")
    properties = None if body is None else body.find(_A + "bodyPr")
    if body is None or properties is None:
        return
    lines = [
        (_text(each), before.get(each, _text(each)), styles.size(shape, each))
        for each in body.iterchildren(_A + "p")
    ]
    width, height = _room(shape, styles)
    old_scale, old_cut = _said(properties)
    limit = max(height, _height([(o, s) for _, o, s in lines], width, old_scale, old_cut)) * 1.01
    wraps = styles.body_property(shape, "wrap", "square") != "none"
    new = [(text, size) for text, _, size in lines]
    share = _share_in_width(new, width * 100_000 / old_scale, wraps)
    if share < 100_000:
        for each in body.iterchildren(_A + "p"):
            _shrink(each, styles.size(shape, each), share)
        new = [(text, size * share / 100_000) for text, size in new]
    scale, cut = next(
        (
            (scale, cut)
            for scale, cut in _STEPS
            if scale <= old_scale and _height(new, width, scale, cut) <= limit
        ),
        _STEPS[-1],
    )
    if scale >= old_scale:
        return
    for each in [child for child in properties if child.tag in _FITS]:
        properties.remove(each)
    fitting = etree.Element(_FITS[1], fontScale=str(scale))
    if cut:
        fitting.set("lnSpcReduction", str(cut))
    properties.insert(int(len(properties) > 0 and properties[0].tag == _A + "prstTxWarp"), fitting)


def _room(shape: etree._Element, styles: Styles) -> tuple[float, float]:
    """Width and height for text, in points; the slide's own where the shape has none."""
    box = styles.box(shape) or styles.slide
    across = _inset(shape, styles, "lIns", 91440) + _inset(shape, styles, "rIns", 91440)
    down = _inset(shape, styles, "tIns", 45720) + _inset(shape, styles, "bIns", 45720)
    wide, high = _inner(styles.geometry(shape), box.width, box.height)
    width, height = wide - across, high - down
    if styles.body_property(shape, "wrap", "square") == "none":
        # It does not wrap, and may go on to the edge of the slide.
        width = max(width, styles.slide.width - box.x - across)
    if styles.body_property(shape, "vert", "horz") in ("vert", "vert270", "eaVert"):
        width, height = height, width
    return max(width, 1.0), max(height, 1.0)


def _inner(geometry: str, width: float, height: float) -> tuple[float, float]:
    """The text rectangle of a preset shape with its usual adjustments (presetShapeDefinitions)."""
    point = min(width, height) / 2
    if geometry == "chevron":
        return max(width - 2 * point, width / 3), height
    if geometry == "homePlate":
        return width - point / 2, height
    if geometry in ("rightArrow", "leftArrow", "leftRightArrow"):
        return width - point / 2, height / 2
    across, down = _TEXT_RECTANGLES.get(geometry, (1.0, 1.0))
    return width * across, height * down


def _inset(shape: etree._Element, styles: Styles, name: str, usual: int) -> float:
    value = styles.body_property(shape, name, str(usual))
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else usual
    return number / EMU_PER_POINT


def _said(properties: etree._Element) -> tuple[int, int]:
    """The scale and reduction that the shape has already."""
    normal = properties.find(_A + "normAutofit")
    if normal is None:
        return 100_000, 0
    values = []
    for name, usual in (("fontScale", 100_000), ("lnSpcReduction", 0)):
        value = normal.get(name, str(usual)).removesuffix("%")
        values.append(
            int(value) if value.isascii() and value.isdigit() and len(value) < 7 else usual
        )
    return values[0], values[1]


def _share_in_width(lines: list[tuple[str, float]], width: float, wraps: bool) -> int:
    """The step at which no word is broken, or no line leaves the slide if it does not wrap."""
    widest = 0.0
    for text, size in lines:
        line = max(map(em_width, text.split("\n"))) * CAUTION
        wide = longest_word(text) if wraps else line
        widest = max(widest, wide * size)
    return next((s for s, _ in _STEPS if widest * s / 100_000 <= width), _STEPS[-1][0])


def _height(lines: list[tuple[str, float]], width: float, scale: int, cut: int) -> float:
    total = 0.0
    for text, size in lines:
        shown = size * scale / 100_000
        total += line_count(text, width / shown) * shown * LINE * (1 - cut / 100_000)
    return total


def _fit_table(frame: etree._Element, before: dict[etree._Element, str], styles: Styles) -> None:
    """Rows grow with their text; if the table then leaves the slide, its text is made smaller."""
    box = styles.box(frame)
    table = next(frame.iter(_A + "tbl"), None)
    if box is None or table is None:
        return
    columns = [_number(each.get("w")) for each in table.iterfind(f"{_A}tblGrid/{_A}gridCol")]
    room = max(styles.slide.height - box.y, box.height)
    old = _table_height(frame, table, columns, before, styles, 100_000)
    for scale, _ in _STEPS[:-2]:
        new = _table_height(frame, table, columns, {}, styles, scale)
        if new <= max(room, old):
            break
    if scale < 100_000:
        for paragraph in table.iter(_A + "p"):
            _shrink(paragraph, styles.size(frame, paragraph), scale)


def _table_height(
    frame: etree._Element,
    table: etree._Element,
    columns: list[float],
    before: dict[etree._Element, str],
    styles: Styles,
    scale: int,
) -> float:
    total = 0.0
    for row in table.iterchildren(_A + "tr"):
        highest = _number(row.get("h"))
        for column, cell in enumerate(row.iterchildren(_A + "tc")):
            span = cell.get("gridSpan", "1")
            wide = int(span) if span.isascii() and span.isdigit() and len(span) < 4 else 1
            width = sum(columns[column : column + wide]) - 14.4
            lines = [
                (before.get(each, _text(each)), styles.size(frame, each))
                for each in cell.iterfind(f"{_A}txBody/{_A}p")
            ]
            if width > 1 and cell.get("hMerge") is None and cell.get("vMerge") is None:
                highest = max(highest, _height(lines, width, scale, 0) + 7.2)
        total += highest
    return total


def _shrink(paragraph: etree._Element, size: float, scale: int) -> None:
    """Say smaller sizes outright: a table's text has no scale."""
    for run in paragraph.iterchildren(_A + "r", _A + "br", _A + "fld"):
        properties = run.find(_A + "rPr")
        if properties is None:
            properties = etree.Element(_A + "rPr")
            run.insert(0, properties)
        said = properties.get("sz", "")
        own = int(said) / 100 if said.isascii() and said.isdigit() and len(said) < 7 else size
        properties.set("sz", str(round(max(min(own, _SMALLEST), own * scale / 100_000)) * 100))


def _text(paragraph: etree._Element) -> str:
    parts = []
    for each in paragraph.iter(_A + "t", _A + "br"):
        parts.append("\n" if each.tag == _A + "br" else each.text or "")
    return "".join(parts)


def _number(value: str | None) -> float:
    digits = value or ""
    return (
        int(digits) / EMU_PER_POINT
        if digits.isascii() and digits.isdigit() and len(digits) < 11
        else 0.0
    )
