"""Charts and SmartArt of a document or a slide: the texts in them.

A chart shows names and categories from a copy that it keeps of its workbook; the copy is
translated and the workbook is left, so that a person who edits the data sees the old names again
until they are typed anew. SmartArt keeps its text twice, as data and as a drawing made of them;
both are given the same translation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from kakehashi.documents.drawing_text import A, TextBuilder, read_text
from kakehashi.documents.office import Changed, Found, Handler
from kakehashi.documents.ooxml import Package
from kakehashi.documents.richtext import Bit

C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_AXES: Final = (C + "catAx", C + "valAx", C + "dateAx", C + "serAx")


def drawing_parts(package: Package, part: str, prefix: str) -> Iterator[tuple[str, Handler]]:
    """The charts and SmartArt that a part shows.

    Args:
        part: the document or a slide.
        prefix: what places begin with ("slide 3"), "" for none.
    """
    start = f"{prefix}, " if prefix else ""
    for type in ("chart", "chartEx"):
        for number, chart in enumerate(package.related(part, type), start=1):
            yield chart, ChartPart(f"{start}chart {number}", chart)
    drawings = package.related(part, "diagramDrawing")
    for number, data in enumerate(package.related(part, "diagramData"), start=1):
        place = f"{start}diagram {number}"
        yield data, DiagramPart(place, data)
        # In the order of the data parts, as Office lists them; told apart by their texts.
        if number <= len(drawings):
            yield drawings[number - 1], DiagramPart(place, data)


class TextPart:
    """A part whose text is DrawingML paragraphs.

    Args:
        place: where a person finds it.
        echo: the part in which a paragraph with the same text is the same segment.
    """

    def __init__(self, place: str, echo: str = "") -> None:
        self.place = place
        self.echo = echo

    def walk(self, root: etree._Element) -> Iterator[Found]:
        for each in root.iter(A + "p"):
            yield Found(each, self.place)

    def read(self, paragraph: etree._Element) -> Sequence[Bit]:
        return read_text(paragraph)

    def builder(self, paragraph: etree._Element, to: str) -> TextBuilder:
        return TextBuilder(paragraph, to)

    def settle(self, root: etree._Element, changed: Sequence[Changed], to: str) -> None:
        """Charts and diagrams lay their texts out themselves."""


class DiagramPart(TextPart):
    """SmartArt: its data, or the drawing that was made of them."""


class ChartPart(TextPart):
    """A chart: titles, labels, and the names it keeps of its series and categories."""

    def walk(self, root: etree._Element) -> Iterator[Found]:
        for each in root.iter(A + "p", C + "v"):
            if each.tag == A + "p" or _is_name(each):
                yield Found(each, f"{self.place}, {_role(each)}", "label")


def _is_name(value: etree._Element) -> bool:
    """Whether a value is a copied text: of a series' name, or of a category."""
    above = [each.tag for each in value.iterancestors()]
    if C + "strCache" in above:
        return True
    # A name that was typed in, and belongs to no workbook.
    return above[:1] == [C + "tx"]


def _role(element: etree._Element) -> str:
    above = {each.tag for each in element.iterancestors()}
    if C + "title" in above:
        return "axis title" if above.intersection(_AXES) else "title"
    if C + "cat" in above:
        return "category"
    if C + "ser" in above and C + "tx" in above and C + "dLbl" not in above:
        return "series name"
    return "label"
