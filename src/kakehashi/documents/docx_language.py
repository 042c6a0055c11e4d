"""What a Word document says about its language, and room for text that has grown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lxml import etree

from kakehashi.documents.docx_names import WPS, A, V, W
from kakehashi.documents.fitting import LINE, em_width, line_count
from kakehashi.documents.office import REGIONS, Changed
from kakehashi.documents.ooxml import Package, xml_bytes

# Boxes are let grow from here on; below, the line ends take it up.
_GROWTH: Final = 1.05
# Word's usual size of Japanese text, in points.
_FONT: Final = 10.5
# Its usual space behind a paragraph; rather a little too much than a cut line.
_AFTER: Final = 8.0
_FITS: Final = tuple(A + name for name in ("noAutofit", "normAutofit", "spAutoFit"))


def say_language(
    package: Package, code: str, changes: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """Styles and settings that name the language as the document's own.

    Word keeps one language for Latin and one for East Asian characters, and takes the fonts of
    a theme by it. ECMA-376 part 1, §17.3.2.20 (lang) and §17.15.1.88 (themeFontLang).
    """
    region = REGIONS.get(code, code)
    name = W + ("eastAsia" if code == "ja" else "val")
    found: dict[str, bytes | None] = {}
    for kind, path in (
        ("styles", f"{W}docDefaults/{W}rPrDefault/{W}rPr"),
        ("settings", "."),
    ):
        for part in package.related(package.main, kind):
            if part in changes:
                continue
            root = package.parse(part)
            holder = root.find(path)
            if holder is None:
                continue
            each = _language_in(holder, kind)
            if each is not None and each.get(name) != region:
                each.set(name, region)
                found[part] = xml_bytes(root)
    return found


def _language_in(holder: etree._Element, kind: str) -> etree._Element | None:
    if kind == "styles":
        each = holder.find(W + "lang")
        if each is None:
            # Behind everything that Word writes into the defaults, but for these two.
            later = [c for c in holder if c.tag in (W + "eastAsianLayout", W + "specVanish")]
            each = etree.Element(W + "lang")
            holder.insert(len(holder) - len(later), each)
        return each
    each = holder.find(W + "themeFontLang")
    mapping = holder.find(W + "clrSchemeMapping")
    if each is None and mapping is not None:
        each = etree.Element(W + "themeFontLang")
        mapping.addprevious(each)
    return each


def suit_layout(changed: Sequence[Changed], to: str) -> None:
    """Let go of what would cut or spread new text, around the paragraphs that have it."""
    boxes: dict[etree._Element, list[Changed]] = {}
    for one in changed:
        paragraph = one.found.element
        if to == "en":
            _gather(paragraph)
        for control in paragraph.iter(W + "sdt"):
            _unbind(control)
        for above in paragraph.iterancestors():
            if above.tag == W + "sdt":
                _unbind(above)
            elif above.tag == W + "tr":
                for height in above.iterfind(f"{W}trPr/{W}trHeight[@{W}hRule='exact']"):
                    height.set(W + "hRule", "atLeast")
            elif above.tag in (WPS + "txbx", V + "textbox"):
                boxes.setdefault(above, []).append(one)
                break
    for box, inside in boxes.items():
        before = sum(em_width(one.before) for one in inside)
        grown = sum(em_width(one.after) for one in inside) > before * _GROWTH
        if grown or _is_full(box):
            _let_grow(box)


def _gather(paragraph: etree._Element) -> None:
    """Characters spread over the line (均等割付) suit Japanese words, not English ones."""
    for spread in paragraph.iterfind(f"{W}pPr/{W}jc[@{W}val='distribute']"):
        spread.set(W + "val", "center")


def _unbind(control: etree._Element) -> None:
    """Otherwise Word puts the old text, which is stored elsewhere as well, back on opening."""
    properties = control.find(W + "sdtPr")
    if properties is not None:
        for binding in properties.findall("{*}dataBinding"):
            properties.remove(binding)


def _is_full(box: etree._Element) -> bool:
    """Whether the text of a box is estimated to be higher than the box; False if it says none."""
    shape = box.getparent()
    size = None if shape is None else shape.find(f"{WPS}spPr/{A}xfrm/{A}ext")
    if size is None:
        return False
    width, height = (_points(size.get(name)) for name in ("cx", "cy"))
    need = 0.0
    for paragraph in box.iter(W + "p"):
        letters = _FONT
        for said in paragraph.iterfind(f"{W}r/{W}rPr/{W}sz"):
            letters = _points(said.get(W + "val"), per_point=2) or _FONT
            break
        text = "".join(each.text or "" for each in paragraph.iter(W + "t"))
        # 0.1 inch at both sides is the usual inset.
        need += line_count(text, (width - 14.4) / letters) * letters * LINE + _AFTER
    return need - _AFTER > height - 7.2


def _points(value: str | None, per_point: int = 12700) -> float:
    digits = value or ""
    return (
        int(digits) / per_point if digits.isascii() and digits.isdigit() and len(digits) < 11 else 0
    )


def _let_grow(box: etree._Element) -> None:
    """A text box whose height follows its text."""
    if box.tag == V + "textbox":
        style = box.get("style", "")
        if "mso-fit-shape-to-text" not in style:
            box.set("style", ";".join(part for part in (style, "mso-fit-shape-to-text:t") if part))
        return
    shape = box.getparent()
    body = None if shape is None else shape.find(WPS + "bodyPr")
    if body is not None:
        for each in [child for child in body if child.tag in _FITS]:
            body.remove(each)
        # Before a three-dimensional scene, if there is one; otherwise last.
        body.insert(int(len(body) > 0 and body[0].tag == A + "prstTxWarp"), etree.Element(_FITS[2]))
