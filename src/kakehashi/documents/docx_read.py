"""A Word paragraph as bits (`richtext`): runs, fields, revisions, ruby, links, objects.

Spell-check marks and cached page breaks are left out; they are made anew by Word. What was
deleted under revision control is left out, what was inserted is ordinary text: a translation is
that of the accepted document. ECMA-376 part 1, §17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from lxml import etree

from kakehashi.documents.docx_names import MC, W14, WP, M, W
from kakehashi.documents.richtext import PLAIN, Bit, Look

# Formatting that says nothing about looks, or that a new text must not have.
_STRIPPED: Final = frozenset(
    W + name
    for name in ("lang", "noProof", "rPrChange", "ins", "del", "moveFrom", "moveTo", "fitText")
)
# Formatting in which runs may differ and still look alike in Japanese and English.
_UNSEEN: Final = frozenset(W + name for name in ("kern", "bCs", "iCs", "szCs"))
_TRANSPARENT: Final = frozenset(W + name for name in ("ins", "moveTo"))
_GONE: Final = frozenset(W + name for name in ("del", "moveFrom"))
_DROPPED: Final = frozenset(
    W + name
    for name in ("proofErr", "pPr", "lastRenderedPageBreak", "softHyphen", "delText", "rPr")
)
_GROUPS: Final = frozenset(
    W + name for name in ("hyperlink", "smartTag", "customXml", "sdt", "bdo", "dir")
)
_SPANS: Final = {
    W + "bookmarkStart": (W + "bookmarkEnd", W + "id"),
    W + "commentRangeStart": (W + "commentRangeEnd", W + "id"),
}
# Bits that a bookmark or comment is followed over, so that thousands in one paragraph stay cheap.
_WIDEST: Final = 400
_SPAN_ENDS: Final = frozenset(end for end, _ in _SPANS.values())
# Fields whose result is text of the document itself; the result of any other is made by Word.
_TEXT_FIELDS: Final = frozenset({"HYPERLINK", "FORMTEXT"})
# Fields that show nothing where they stand.
_SILENT_FIELDS: Final = frozenset({"XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE"})
_SYMBOLS: Final = re.compile(r"(?i)wingdings|webdings|symbol|marlett|zapf")
# Ruby as Word wrote it before 2000: { EQ \* jc2 … \o\ad(\s\up 9(よみ),漢字) }.
_EQ_RUBY: Final = re.compile(r"\\o\\ad\(\\s\\up ?\d+\(([^()]*)\),([^()]*)\)")


@dataclass(slots=True)
class Seen:
    """What was met on the way and a person should know."""

    revisions: int = 0
    readings: int = 0
    references: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """How a group is written: elements before, an element around, elements behind."""

    around: etree._Element | None = None
    before: tuple[Inner, ...] = ()
    after: tuple[Inner, ...] = ()


@dataclass(frozen=True, slots=True)
class Inner:
    """An element of a paragraph, or of a run with this look."""

    element: etree._Element
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class _FieldMark:
    """A begin, a separator or an end of a field, or a part of its code."""

    role: str
    inner: Inner
    code: str = ""


class LookBook:
    """Looks of run properties; the same object for the same formatting."""

    def __init__(self) -> None:
        self._known: dict[bytes, Look] = {}

    def of(self, properties: etree._Element | None) -> Look:
        """The look of a ``w:rPr``."""
        if properties is None:
            return PLAIN
        raw = etree.tostring(properties, with_tail=False)
        look = self._known.get(raw)
        if look is None:
            clean = _cleaned(properties)
            key = b"".join(
                etree.tostring(each, with_tail=False) for each in clean if each.tag not in _UNSEEN
            )
            look = self._known[raw] = Look(key, clean) if len(clean) else PLAIN
        return look


def _cleaned(properties: etree._Element) -> etree._Element:
    clean = deepcopy(properties)
    clean.tail = None
    # Text that is squeezed or spread to a width carries spacing that only fits its own words.
    fitted = clean.find(W + "fitText") is not None
    for each in list(clean):
        name = each.tag
        if name in _STRIPPED or (fitted and name in (W + "spacing", W + "w")):
            clean.remove(each)
            continue
        if name == W + "rFonts":
            each.attrib.pop(W + "hint", None)
            if not each.attrib:
                clean.remove(each)
                continue
        each.tail = None
    return clean


def read_paragraph(paragraph: etree._Element, looks: LookBook, seen: Seen) -> list[Bit]:
    """All bits of a ``w:p``, in order, groups balanced. `seen` is added to."""
    return _Reader(looks, seen).read(paragraph)


class _Reader:
    def __init__(self, looks: LookBook, seen: Seen) -> None:
        self._looks = looks
        self._seen = seen

    def read(self, paragraph: etree._Element) -> list[Bit]:
        return self._spans(self._fields(list(self._children(paragraph))))

    def _children(self, parent: etree._Element) -> Iterator[Bit]:
        for child in parent:
            tag = child.tag
            if not isinstance(tag, str) or tag in _DROPPED:
                continue
            if tag == W + "r":
                yield from self._run(child)
            elif tag in _TRANSPARENT:
                self._seen.revisions += 1
                yield from self._children(child)
            elif tag in _GONE:
                self._seen.revisions += 1
                # What begins or ends here has its other end elsewhere.
                for each in child.iterchildren(*_SPANS, *_SPAN_ENDS):
                    yield Bit("hidden", payload=Inner(each), late=each.tag in _SPAN_ENDS)
            elif tag in _GROUPS:
                yield from self._group(child)
            elif tag == W + "fldSimple":
                yield from self._simple_field(child)
            elif tag == M + "oMath":
                text = "".join(each.text or "" for each in child.iter(M + "t"))
                yield Bit("covered" if text.strip() else "void", text, payload=Inner(child))
            elif tag == M + "oMathPara":
                yield Bit("cut", payload=Inner(child))
            elif tag in (MC + "AlternateContent", W + "subDoc"):
                yield Bit("void", payload=Inner(child))
            else:
                yield Bit("hidden", payload=Inner(child), late=tag in _SPAN_ENDS)

    def _group(self, element: etree._Element) -> Iterator[Bit]:
        content = element
        if element.tag == W + "sdt":
            found = element.find(W + "sdtContent")
            properties = element.find(W + "sdtPr")
            if found is None or (
                properties is not None and properties.find(W14 + "checkbox") is not None
            ):
                yield Bit("void", payload=Inner(element))
                return
            content = found
        inner = self._spans(self._fields(list(self._children(content))))
        keep = element.tag in (W + "hyperlink", W + "sdt")
        group = Group(element)
        yield Bit("open", keep=keep, payload=group)
        yield from inner
        yield Bit("close", keep=keep, payload=group)

    def _simple_field(self, element: etree._Element) -> Iterator[Bit]:
        name = _field_name(element.get(W + "instr", ""))
        if name in _TEXT_FIELDS:
            group = Group(element)
            yield Bit("open", keep=True, payload=group)
            yield from self._spans(self._fields(list(self._children(element))))
            yield Bit("close", keep=True, payload=group)
            return
        text = "".join(each.text or "" for each in element.iter(W + "t"))
        yield self._made_by_word(name, text, Inner(element))

    def _made_by_word(self, name: str, text: str, payload: object) -> Bit:
        if name in _SILENT_FIELDS:
            return Bit("hidden", payload=payload)
        if any(map(str.isalpha, text)):
            self._seen.references += 1
        if not text.strip():
            return Bit("void", payload=payload)
        return Bit("covered", text, payload=payload)

    def _run(self, run: etree._Element) -> Iterator[Bit]:
        properties = run.find(W + "rPr")
        look = self._looks.of(properties)
        silent = _is_on(properties, "vanish")
        symbols = _in_symbol_font(properties)
        for child in run:
            tag = child.tag
            if not isinstance(tag, str) or tag in _DROPPED:
                continue
            inner = Inner(child, look)
            if silent and tag not in (W + "fldChar", W + "instrText"):
                yield Bit("hidden", payload=inner)
            elif tag == W + "t":
                text = child.text or ""
                yield Bit("void", payload=inner) if symbols else Bit("text", text, look)
            elif tag == W + "noBreakHyphen":
                yield Bit("text", "\u2011", look)
            elif tag in (W + "br", W + "cr"):
                page = child.get(W + "type") in ("page", "column")
                yield Bit("cut" if page else "break", look=look, payload=inner)
            elif tag in (W + "tab", W + "ptab"):
                yield Bit("cut", look=look, payload=inner)
            elif tag == W + "fldChar":
                role = child.get(W + "fldCharType", "")
                yield Bit("cut", payload=_FieldMark(role, inner))
            elif tag == W + "instrText":
                yield Bit("cut", payload=_FieldMark("code", inner, child.text or ""))
            elif tag == W + "ruby":
                yield self._ruby(child, look)
            elif tag == W + "commentReference":
                yield Bit("hidden", payload=inner, late=True)
            elif _floats(child):
                yield Bit("hidden", payload=inner)
            else:
                yield Bit("void", payload=inner)

    def _ruby(self, ruby: etree._Element, look: Look) -> Bit:
        base = ruby.find(W + "rubyBase")
        text = "" if base is None else "".join(each.text or "" for each in base.iter(W + "t"))
        if not text:
            return Bit("void", payload=Inner(ruby, look))
        self._seen.readings += 1
        return Bit("text", text, look, payload=Inner(ruby, look))

    def _fields(self, bits: Sequence[Bit]) -> list[Bit]:
        """Fields that begin and end here become groups or covered; parts of others are cuts."""
        kept: list[Bit] = []
        # Where fields begin, and how deep in groups.
        begins: list[tuple[int, int]] = []
        depth = 0
        for bit in bits:
            depth += (bit.kind == "open") - (bit.kind == "close")
            while begins and begins[-1][1] > depth:
                begins.pop()  # its group ends before it does
            mark = bit.payload
            kept.append(bit)
            if not isinstance(mark, _FieldMark):
                continue
            if mark.role == "begin":
                begins.append((len(kept) - 1, depth))
            elif mark.role == "end" and begins and begins[-1][1] == depth:
                at, _ = begins.pop()
                kept[at:] = self._field(kept[at:])
        return kept

    def _field(self, bits: list[Bit]) -> list[Bit]:
        roles = [bit.payload.role if isinstance(bit.payload, _FieldMark) else "" for bit in bits]
        separator = roles.index("separate") if "separate" in roles else len(bits) - 1
        code = "".join(
            bit.payload.code for bit in bits[:separator] if isinstance(bit.payload, _FieldMark)
        )
        name = _field_name(code)
        result = bits[separator + 1 : -1]
        if name == "EQ" and (ruby := _EQ_RUBY.search(code)) is not None:
            self._seen.readings += 1
            look = next(b.payload.inner.look for b in bits if isinstance(b.payload, _FieldMark))
            return [Bit("text", ruby[2], look or PLAIN, payload=tuple(bits))]
        flat = all(isinstance(bit.payload, _FieldMark) for bit in bits[: separator + 1])
        if name in _TEXT_FIELDS and flat and separator < len(bits) - 1:
            before = tuple(b.payload.inner for b in bits[: separator + 1])
            group = Group(None, before, (bits[-1].payload.inner,))
            return [
                Bit("open", keep=True, payload=group),
                *result,
                Bit("close", keep=True, payload=group),
            ]
        text = "".join(bit.text for bit in result if bit.kind in ("text", "covered"))
        return [self._made_by_word(name, text, tuple(bits))]

    def _spans(self, bits: list[Bit]) -> list[Bit]:
        """A bookmark or comment over some words of a sentence becomes a group around them."""
        for at, bit in enumerate(bits):
            start = bit.payload.element if isinstance(bit.payload, Inner) else None
            if bit.kind != "hidden" or start is None or start.tag not in _SPANS:
                continue
            end_tag, name = _SPANS[start.tag]
            stop = _end_of(bits, at, end_tag, start.get(name, ""))
            if stop is None or not any(b.kind in ("text", "covered") for b in bits[at:stop]):
                continue
            group = Group(None, (bit.payload,), (bits[stop].payload,))
            bits[at] = Bit("open", keep=True, visible=False, payload=group)
            bits[stop] = Bit("close", keep=True, visible=False, payload=group)
        return bits


def _end_of(bits: Sequence[Bit], at: int, tag: str, name: str) -> int | None:
    """Where a span ends, if it crosses no group and no cut."""
    depth = 0
    for index in range(at + 1, min(at + _WIDEST, len(bits))):
        bit = bits[index]
        depth += (bit.kind == "open") - (bit.kind == "close")
        if depth < 0 or bit.kind in ("cut", "break"):
            return None
        if depth == 0 and bit.kind == "hidden" and isinstance(bit.payload, Inner):
            element = bit.payload.element
            if element.tag == tag and element.get(W + "id", "") == name:
                return index
    return None


def _field_name(code: str) -> str:
    words = code.split(None, 1)
    return words[0].upper() if words else ""


def _is_on(properties: etree._Element | None, name: str) -> bool:
    each = None if properties is None else properties.find(W + name)
    return each is not None and each.get(W + "val", "1") not in ("0", "false", "off")


def _in_symbol_font(properties: etree._Element | None) -> bool:
    fonts = None if properties is None else properties.find(W + "rFonts")
    return fonts is not None and bool(_SYMBOLS.search(fonts.get(W + "ascii", "")))


def _floats(element: etree._Element) -> bool:
    """Whether a drawing stands beside the text, not in the line."""
    if element.tag in (W + "drawing", MC + "AlternateContent"):
        first = next(element.iter(WP + "anchor", WP + "inline"), None)
        return first is not None and first.tag == WP + "anchor"
    if element.tag == W + "pict":
        styles = (each.get("style") for each in element.iter("*"))
        return "position:absolute" in (next((one for one in styles if one), None) or "")
    return False
