"""Inline markup of one segment: source → plain text with marks, and text with marks → order.

The same for every markup format. A format's reader cuts a stretch of its source into `Item`s;
`runs` makes plain text and marks of them. For the way back `arrange` turns marks, which may
have moved, crossed, got lost or doubled, into a tree that can be written as nested markup.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from kakehashi.documents.base import Mark

WHITE: Final = " \t\n\f\r"
# Tags of Markdown's emphasis, which is written with delimiters that depend on their neighbours.
DELIMITED: Final = frozenset({"strong", "em", "s"})
URL: Final = (
    r"(?<![A-Za-z0-9@])(?:https?://|ftp://|www\.(?=[A-Za-z0-9]))[!#-;=?-Z_a-z~]+"
    r"(?<![.,;:!?'\"*_~)])"
)
MAIL: Final = (
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
    r"(?<!-)"
)
# Placeholders of template languages and site generators; copied as they are.
TEMPLATE: Final = r"\{\{.{0,2000}?\}\}|\{%.{0,2000}?%\}|\$\{[^{}\n]{0,200}\}"
# Links of Markdown whose text is also the name of their target.
NAMED: Final = frozenset({"named link"})
LINKS: Final = frozenset({"link", "named link", "<a"})

ItemKind = Literal["text", "covered", "void", "fixed", "open", "close", "break"]


@dataclass(slots=True)
class Item:
    """A stretch of the source with one meaning.

    Kinds: "text"; "covered" (copied, its `text` is shown); "void" (copied, no text);
    "fixed" (as void, and stays outside of a segment at whose edge it stands);
    "open"/"close" (a pair by `tag`); "break" (a line break that is markup).
    """

    kind: ItemKind
    start: int
    end: int
    text: str = ""
    tag: str = ""
    keep: bool = False
    partner: Item | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """How the document writes a mark.

    Attributes:
        key: as in `Mark`.
        open, close: source ranges around the covered text; for what is copied whole
            (`protected`), `open` is all of it.
        keep: must not be lost (a link, an image), unlike bold.
        tag: what it is, for formats that write it anew ("strong", "a" …).
        parent: the key of the mark around it in the source, -1 if none.
        text: the covered text in the source.
    """

    key: int
    open: tuple[int, int]
    close: tuple[int, int]
    protected: bool
    keep: bool
    tag: str
    parent: int
    text: str

    @property
    def whole(self) -> tuple[int, int]:
        """Everything of it in the source, covered text included."""
        return self.open[0], max(self.open[1], self.close[1])


@dataclass(frozen=True, slots=True)
class Run:
    """A translatable stretch: plain text, marks, and where it stands in the source.

    `outer` is the stretch with markup that surrounds all of it (and is not among the marks).
    """

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]
    specs: dict[int, Spec]
    outer: tuple[int, int]


def pair(items: Sequence[Item]) -> list[Item]:
    """Match "open" with "close" items; what has no partner becomes "void"."""
    stack: list[Item] = []
    for item in items:
        if item.kind == "open":
            stack.append(item)
        elif item.kind == "close":
            at = next((i for i in reversed(range(len(stack))) if stack[i].tag == item.tag), -1)
            if at == -1:
                item.kind, item.keep = "void", True
                continue
            for lonely in stack[at + 1 :]:
                lonely.kind, lonely.keep = "void", True
            item.partner, stack[at].partner = stack[at], item
            del stack[at:]
    for lonely in stack:
        lonely.kind, lonely.keep = "void", True
    return list(items)


def runs(source: str, items: Sequence[Item], *, collapse: bool = False) -> Iterator[Run]:
    """Cut paired items at line breaks that end a line of its own, and make text and marks.

    Args:
        source: what the items' offsets refer to.
        collapse: runs of white space count as one (HTML).
    """
    items, outer = _trimmed(source, _solid(items))
    part: list[Item] = []
    depth = 0
    cut = False
    for number, item in enumerate(items):
        depth += (item.kind == "open") - (item.kind == "close")
        if item.kind != "break" or depth:
            part.append(item)
        elif _goes_on(part, items, number + 1):
            # Set for its looks, in the middle of a sentence: a new text will break elsewhere.
            part.append(Item("text", item.start, item.end, "\n"))
        else:
            yield from _run(source, part, collapse, None)
            part, cut = [], True
    yield from _run(source, part, collapse, None if cut else outer)


def _solid(items: Sequence[Item]) -> list[Item]:
    """Pairs that hold no text (a linked image) become one item, so that they stay together.

    Emphasis of nothing but an image says nothing, and is let go.
    """
    kept: list[Item] = []
    opened: list[tuple[int, bool]] = []
    for item in items:
        if item.kind == "open":
            opened.append((len(kept), False))
        elif item.kind == "close":
            at, filled = opened.pop()
            if not filled:
                inner = kept[at + 1 :]
                if item.tag in DELIMITED:
                    kept[at:] = inner
                    continue
                blanks = bool(inner) and all(i.kind == "text" for i in inner)
                if blanks and not kept[at].keep:
                    blank = "".join(i.text for i in inner)
                    kept[at:] = [Item("text", kept[at].start, item.end, blank)]
                    continue
                kind: ItemKind = "break" if any(i.kind == "break" for i in inner) else "void"
                kept[at:] = [Item(kind, kept[at].start, item.end, keep=True)]
                continue
            if opened:
                opened[-1] = (opened[-1][0], True)
        elif item.text.strip(WHITE) and opened:
            opened[-1] = (opened[-1][0], True)
        kept.append(item)
    return kept


def _goes_on(before: Sequence[Item], items: Sequence[Item], after: int) -> bool:
    """Whether a line break stands inside of a sentence (a comma before, small letters after)."""
    last = next((one.text.rstrip() for one in reversed(before) if one.text.strip()), "")
    following = ""
    for number in range(after, len(items)):
        one = items[number]
        if one.kind == "break":
            break
        if one.text.strip():
            following = one.text.lstrip()
            break
    return bool(following) and (last.endswith(("、", ",", "，")) or "a" <= following[0] <= "z")


def _run(
    source: str, part: Sequence[Item], collapse: bool, around: tuple[int, int] | None
) -> Iterator[Run]:
    items, outer = _trimmed(source, list(part))
    outer = around or outer
    if not any(one.kind == "text" and any(map(str.isalpha, one.text)) for one in items):
        return
    text, marks, specs = _marked(items, collapse)
    yield Run(items[0].start, items[-1].end, text, marks, specs, outer or (0, 0))


def _trimmed(source: str, items: list[Item]) -> tuple[list[Item], tuple[int, int] | None]:
    """Take off what may stay where it is at both edges: white space, images, whole pairs."""
    outer: tuple[int, int] | None = None
    low, high = 0, len(items)
    while low < high:
        first, last = items[low], items[high - 1]
        if _is_edge(first):
            low += 1
        elif _is_edge(last):
            high -= 1
        elif first.kind == "text" and source[first.start] in WHITE:
            items[low] = _clipped(source, first, left=True)
        elif last.kind == "text" and source[last.end - 1] in WHITE:
            items[high - 1] = _clipped(source, last, left=False)
        elif first.kind == "open" and first.partner is last and first.tag not in NAMED:
            outer = outer or (first.start, last.end)
            low, high = low + 1, high - 1
        else:
            break
    return items[low:high], outer


def _is_edge(item: Item) -> bool:
    empty = item.kind == "text" and (item.start == item.end or not item.text.strip(WHITE))
    return empty or item.kind in ("void", "fixed", "break")


def _clipped(source: str, item: Item, *, left: bool) -> Item:
    old = source[item.start : item.end]
    if left:
        start = item.start + len(old) - len(old.lstrip(WHITE))
        return Item("text", start, item.end, item.text.lstrip(WHITE))
    return Item("text", item.start, item.start + len(old.rstrip(WHITE)), item.text.rstrip(WHITE))


def _marked(items: Sequence[Item], collapse: bool) -> tuple[str, tuple[Mark, ...], dict[int, Spec]]:
    pieces: list[str] = []
    length = 0
    white = True
    marks: list[Mark] = []
    specs: dict[int, Spec] = {}
    opened: list[tuple[int, int, int, Item]] = []
    keys = 0
    for item in items:
        if item.kind == "close":
            key, start, piece, first = opened.pop()
            parent = opened[-1][0] if opened else -1
            text = "".join(pieces[piece:])
            marks.append(Mark(start, length, key))
            specs[key] = Spec(
                key,
                (first.start, first.end),
                (item.start, item.end),
                False,
                first.keep,
                first.tag,
                parent,
                text,
            )
            continue
        if item.kind == "open":
            opened.append((keys, length, len(pieces), item))
            keys += 1
            continue
        text = "\n" if item.kind == "break" else item.text
        if collapse and white and item.kind == "text":
            text = text.lstrip(WHITE)
        if item.kind != "text":
            parent = opened[-1][0] if opened else -1
            marks.append(Mark(length, length + len(text), keys, True))
            where = (item.start, item.end)
            specs[keys] = Spec(
                keys, where, (item.end, item.end), True, True, item.tag, parent, text
            )
            keys += 1
        if text:
            pieces.append(text)
            length += len(text)
            white = text[-1] in WHITE
    marks.sort(key=lambda one: (one.start, one.key))
    return "".join(pieces), tuple(marks), specs


@dataclass(slots=True)
class Node:
    """A mark at its place in the new text; `spec` is None for the root."""

    spec: Spec | None
    start: int
    end: int
    children: list[Node] = field(default_factory=list)


def arrange(
    text: str, marks: Sequence[Mark], specs: Mapping[int, Spec], *, nest: bool = False
) -> tuple[Node, list[Spec]]:
    """Order `marks` over `text` as a tree, and name what is lost but must be kept.

    Protected marks win over links, links over style. A mark that crosses one that wins is cut
    short. A protected mark that is not given goes where its text stands in `text`, if it does.

    Args:
        nest: marks that must be kept may stand inside of each other and may be empty, unlike
            links of Markdown and HTML.

    Returns:
        The root, and the specs to be written behind the text, in source order.
    """
    spans = _found_again(text, list(marks), specs)
    spans.sort(key=lambda one: (_rank(specs[one.key]), one.start, -one.end, one.key))
    wide: list[Mark] = []
    points: list[Mark] = []
    widest = 0
    for mark in spans:
        # Only what can reach the mark is looked at: a text may have thousands of marks.
        low = bisect_left(wide, mark.start - widest, key=_start)
        high = bisect_right(wide, mark.end, key=_start)
        clipped = _fitted(mark, wide[low:high], specs, nest)
        if clipped is not None and clipped.start == clipped.end:
            points.append(clipped)
        elif clipped is not None:
            insort(wide, clipped, key=_start)
            widest = max(widest, clipped.end - clipped.start)
    root = Node(None, 0, len(text))
    for mark in sorted(
        wide, key=lambda one: (one.start, -one.end, _rank(specs[one.key]) == 0, one.key)
    ):
        _home(root, mark).children.append(Node(specs[mark.key], mark.start, mark.end))
    for mark in sorted(points, key=lambda one: one.key):
        _put_point(root, Node(specs[mark.key], mark.start, mark.end))
    present = {mark.key for mark in (*wide, *points)}
    lost = [one for key, one in sorted(specs.items()) if one.keep and key not in present]
    inside = {one.key for one in lost}
    return root, [one for one in lost if one.parent not in inside]


def _start(one: Mark | Node) -> int:
    return one.start


def _rank(spec: Spec) -> int:
    return 0 if spec.protected else 1 if spec.keep else 2


def _found_again(text: str, marks: list[Mark], specs: Mapping[int, Spec]) -> list[Mark]:
    present = {mark.key for mark in marks}
    taken = [(mark.start, mark.end) for mark in marks if specs[mark.key].protected]
    for key, spec in sorted(specs.items()):
        if key in present or not spec.protected or not spec.text.strip():
            continue
        for match in re.finditer(re.escape(spec.text), text):
            start, end = match.span()
            if not any(start < b and a < end for a, b in taken):
                marks.append(Mark(start, end, key, True))
                taken.append((start, end))
                break
    return marks


def _fitted(
    mark: Mark, placed: Sequence[Mark], specs: Mapping[int, Spec], nest: bool
) -> Mark | None:
    """`mark` cut so that it crosses nothing that is placed; None if nothing of it is left."""
    spec = specs[mark.key]
    start, end = mark.start, mark.end
    as_point = spec.protected or (nest and spec.keep)
    if start == end:
        for other in placed:
            if specs[other.key].protected and other.start < start < other.end:
                start = end = other.end
        return Mark(start, end, mark.key) if as_point else None
    for other in placed:
        a, b = other.start, other.end
        if end <= a or b <= start or a == b:
            continue
        rank = _rank(specs[other.key])
        if rank == 0 and (_rank(spec) == 0 or (a <= start and end <= b and (start, end) != (a, b))):
            # A link around part of a protected text grows around it; the rest gives way.
            if _rank(spec) != 1:
                return Mark(b, b, mark.key) if as_point else None
            start, end = a, b
        elif rank == 1 and _rank(spec) == 1 and not nest:
            start, end = (start, a) if start < a else (b, end)
        elif start < a < end < b:
            end = a
        elif a < start < b < end:
            start = b
        if start >= end:
            return Mark(mark.end, mark.end, mark.key) if as_point else None
    return Mark(start, end, mark.key)


def _home(root: Node, mark: Mark) -> Node:
    node = root
    while node.children and node.children[-1].end >= mark.end > node.children[-1].start:
        node = node.children[-1]
    return node


def _put_point(root: Node, point: Node) -> None:
    """Insert something without width, inside of the mark in which it stood in the source."""
    assert point.spec is not None
    node = root
    while True:
        children = node.children
        low = bisect_left(children, point.start, key=_start)
        # Behind the points that stand here, before what begins here.
        at = bisect_right(children, (point.start, False), key=_start_and_width)
        high = bisect_right(children, point.start, lo=at, key=_start)
        inside = None
        for child in (*children[max(0, low - 1) : low], *children[at:high]):
            if child.spec is None or child.spec.protected or child.start == child.end:
                continue
            own = point.spec.parent == child.spec.key and child.start <= point.start <= child.end
            if own or child.start < point.start < child.end:
                inside = child
        if inside is None:
            break
        node = inside
    node.children.insert(at, point)


def _start_and_width(node: Node) -> tuple[int, bool]:
    return node.start, node.start < node.end
