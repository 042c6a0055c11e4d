"""A paragraph of an Office document: runs with formatting ⇄ plain text with marks.

Word and PowerPoint spell it differently; here a paragraph is a row of `Bit`s, made by a format's
reader and written by its `Builder`. Office splits what a person sees as one sentence into many
runs (spell check, revisions, input methods), so neighbours with the same look are one. The look
that covers most of a stretch is its base; what looks different becomes a mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from kakehashi.documents.base import Mark
from kakehashi.documents.inline import MAIL, TEMPLATE, URL, WHITE, Item, Node, Spec, arrange, runs
from kakehashi.documents.inline import pair as paired

_VERBATIM: Final = re.compile(f"{URL}|{MAIL}|{TEMPLATE}")
_OBJECT: Final = "\ufffc"

BitKind = Literal["text", "covered", "void", "open", "close", "break", "cut", "hidden"]
GroupEnd = Literal["", "open", "close"]


@dataclass(frozen=True, slots=True)
class Look:
    """The formatting of text.

    Attributes:
        key: equal for what looks equal.
        properties: what the builder needs to write it.
        keep: it does more than style (a link that PowerPoint keeps in the formatting).
    """

    key: bytes
    properties: Any = None
    keep: bool = False


PLAIN: Final = Look(b"")


@dataclass(eq=False, slots=True)
class Bit:
    """One thing in a paragraph, in reading order.

    Kinds: "text"; "covered" (copied, its text is shown); "void" (copied, no text); "open" and
    "close" of a group (a link), always balanced; "break" (a line break); "cut" (a tab, a page
    break: no sentence goes over it); "hidden" (a bookmark, a floating picture: copied, and where
    in the sentence it stands does not matter).

    Attributes:
        look: formatting of text.
        keep: the group must not be lost.
        late: a hidden thing that belongs to the end of the sentence.
        visible: the group can be seen by itself; an invisible one may be empty.
        end: for a "cut" that is an end of a group in which there are cuts.
        payload: what the builder needs to copy it.
    """

    kind: BitKind
    text: str = ""
    look: Look = PLAIN
    keep: bool = False
    late: bool = False
    visible: bool = True
    end: GroupEnd = ""
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A translatable part of a paragraph: `bits[start:end]`.

    `looks` and `spans` say what each mark is: another look, or a group or object with its bits.
    """

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]
    specs: Mapping[int, Spec]
    base: Look
    looks: Mapping[int, Look]
    spans: Mapping[int, tuple[int, int]]


class Builder(Protocol):
    """Writes a paragraph anew, in order."""

    def text(self, text: str, look: Look) -> None:
        r"""Text, in which "\n" is a line break and "\t" a tab."""
        ...

    def copy(self, bit: Bit) -> None:
        """Anything that is copied."""
        ...

    def open(self, bit: Bit) -> None:
        """Begin a group."""
        ...

    def close(self, bit: Bit) -> None:
        """End the group that was begun last."""
        ...


def prepare(bits: Sequence[Bit]) -> list[Bit]:
    """Bits in the form that `stretches` and `write` work on.

    Neighbours of one look become one; URLs and placeholders in text are covered; a line break
    inside of a sentence becomes text; a group over a cut becomes two cuts.
    """
    return _edges(_wide(_soft_breaks(_verbatim(_merged(bits)))))


def stretches(bits: Sequence[Bit]) -> list[Stretch]:
    """The translatable stretches of prepared bits, in order."""
    found: list[Stretch] = []
    for low, high in _between_cuts(bits):
        found.extend(_Maker(bits).made(low, high))
    return found


def write(
    bits: Sequence[Bit],
    parts: Sequence[Stretch],
    new: Mapping[int, tuple[str, Sequence[Mark]]],
    builder: Builder,
) -> None:
    """Write a whole paragraph.

    Args:
        bits: prepared.
        parts: its stretches.
        new: text and marks of those stretches (by position in `parts`) that are replaced.
        builder: takes what is written.
    """
    at = 0
    for number, stretch in enumerate(parts):
        if number in new:
            _copy(bits[at : stretch.start], builder)
            _Writer(bits, stretch, builder).write(*new[number])
            at = stretch.end
    _copy(bits[at:], builder)


def _copy(bits: Sequence[Bit], builder: Builder) -> None:
    for bit in bits:
        if bit.kind == "text" and bit.payload is None:
            builder.text(bit.text, bit.look)
        elif bit.kind == "open" or bit.end == "open":
            builder.open(bit)
        elif bit.kind == "close" or bit.end == "close":
            builder.close(bit)
        else:
            builder.copy(bit)


def _merged(bits: Sequence[Bit]) -> list[Bit]:
    kept: list[Bit] = []
    for bit in bits:
        last = kept[-1] if kept else None
        if bit.kind == "text" and not bit.text:
            continue
        if (
            last is not None
            and last.kind == bit.kind == "text"
            and last.look.key == bit.look.key
            and last.payload is None
            and bit.payload is None
        ):
            kept[-1] = Bit("text", last.text + bit.text, last.look)
        else:
            kept.append(bit)
    return kept


def _verbatim(bits: Sequence[Bit]) -> Iterator[Bit]:
    for bit in bits:
        at = 0
        if bit.kind == "text" and bit.payload is None:
            for match in _VERBATIM.finditer(bit.text):
                if match.start() > at:
                    yield Bit("text", bit.text[at : match.start()], bit.look)
                yield Bit("covered", match[0], bit.look)
                at = match.end()
        if at == 0:
            yield bit
        elif at < len(bit.text):
            yield Bit("text", bit.text[at:], bit.look)


def _soft_breaks(bits: Iterator[Bit]) -> list[Bit]:
    """A break after a comma or before a small letter was set for its looks, inside a sentence."""
    kept = list(bits)
    before = ""
    for index, bit in enumerate(kept):
        if bit.kind == "break":
            after = ""
            for other in kept[index + 1 :]:
                if other.kind in ("break", "cut"):
                    break
                if other.text.strip():
                    after = other.text.lstrip()
                    break
            if after and (before.endswith(("、", ",", "，")) or "a" <= after[0] <= "z"):
                kept[index] = Bit("text", "\n", bit.look)
        elif bit.text.strip():
            before = bit.text.rstrip()
    return kept


def _wide(bits: list[Bit]) -> list[Bit]:
    """A group that holds a cut does not hold a sentence: its ends are cuts too."""
    opened: list[tuple[Bit, bool]] = []
    for bit in bits:
        if bit.kind == "open":
            opened.append((bit, False))
        elif bit.kind in ("cut", "break"):
            opened = [(one, True) for one, _ in opened]
        elif bit.kind == "close":
            first, cut = opened.pop()
            if cut:
                first.kind = bit.kind = "cut"
                first.end, bit.end = "open", "close"
    return bits


def _edges(bits: list[Bit]) -> list[Bit]:
    """White space at the ends of a stretch stands apart, so that a stretch ends where bits do."""
    firsts: set[int] = set()
    lasts: set[int] = set()
    for low, high in _between_cuts(bits):
        solid = [
            i for i in range(low, high) if bits[i].kind == "text" and bits[i].text.strip(WHITE)
        ]
        if solid:
            firsts.add(solid[0])
            lasts.add(solid[-1])
    kept: list[Bit] = []
    for index, bit in enumerate(bits):
        lead = tail = ""
        text = bit.text
        if bit.payload is None and index in firsts:
            lead = text[: len(text) - len(text.lstrip(WHITE))]
        if bit.payload is None and index in lasts:
            tail = text[len(text.rstrip(WHITE)) :]
        if not lead and not tail:
            kept.append(bit)
            continue
        core = text[len(lead) : len(text) - len(tail)]
        kept += [Bit("text", part, bit.look) for part in (lead, core, tail) if part]
    return kept


def _between_cuts(bits: Sequence[Bit]) -> Iterator[tuple[int, int]]:
    start = 0
    for index, bit in enumerate(bits):
        if bit.kind in ("cut", "break"):
            yield start, index
            start = index + 1
    yield start, len(bits)


def dominant(bits: Sequence[Bit]) -> Look:
    """The look of most characters; PLAIN if there is no text."""
    counts: Counter[bytes] = Counter()
    looks: dict[bytes, Look] = {}
    for bit in bits:
        if bit.kind == "text":
            looks.setdefault(bit.look.key, bit.look)
            counts[bit.look.key] += len("".join(bit.text.split()))
    return looks[counts.most_common(1)[0][0]] if counts else PLAIN


class _Maker:
    """Makes the stretch between two cuts: items on an invented source, for `inline.runs`."""

    def __init__(self, bits: Sequence[Bit]) -> None:
        self._bits = bits
        self._source: list[str] = []
        self._length = 0
        self._items: list[Item] = []
        # By offset into the invented source: the bit that begins or ends there, the look around
        # what begins there, and the look that begins there.
        self._first: dict[int, int] = {}
        self._after: dict[int, int] = {}
        self._around: dict[int, Look] = {}
        self._looks: dict[int, Look] = {}

    def made(self, low: int, high: int) -> Iterator[Stretch]:
        """None or one: a stretch has letters."""
        bits = self._bits
        if not any(
            bit.kind == "text" and any(map(str.isalpha, bit.text)) for bit in bits[low:high]
        ):
            return
        bases = [dominant(bits[low:high])]
        look: Look | None = None
        following = self._following(low, high)
        for index in range(low, high):
            bit = bits[index]
            if look is not None and following[index - low] != look.key:
                self._add("close", index, index, bases[-1], tag="look")
                look = None
            base = bases[-1]
            if bit.kind == "open":
                self._add("open", index, index + 1, base, tag="group", keep=bit.keep)
                bases.append(dominant(bits[index : _close_of(bits, index)]))
            elif bit.kind == "close":
                bases.pop()
                self._add("close", index, index + 1, bases[-1], tag="group")
            elif bit.kind == "text" and look is None and bit.look.key != base.key:
                if bit.text.strip():
                    look = bit.look
                    self._looks[self._length] = look
                    self._add("open", index, index, base, tag="look", keep=look.keep)
                    self._add("text", index, index + 1, look, bit.text)
                elif len(bit.text) > 1:
                    # White space that is underlined or coloured: a line to be filled in.
                    self._add("void", index, index + 1, base)
                else:
                    self._add("text", index, index + 1, base, bit.text)
            elif bit.kind in ("text", "covered"):
                self._add(bit.kind, index, index + 1, look or base, bit.text)
            elif bit.kind == "void":
                self._add("void", index, index + 1, look or base)
        if look is not None:
            self._add("close", high, high, bases[-1], tag="look")
        for run in runs("".join(self._source), paired(self._items)):
            yield self._stretch(run.start, run.end, run.text, run.marks, run.specs)

    def _following(self, low: int, high: int) -> list[bytes | None]:
        """For each bit the look of the next text from it on, None if a group begins or ends."""
        found: list[bytes | None] = []
        key: bytes | None = None
        for bit in reversed(self._bits[low:high]):
            if bit.kind in ("text", "covered"):
                key = bit.look.key
            elif bit.kind not in ("void", "hidden"):
                key = None
            found.append(key)
        return found[::-1]

    def _add(
        self,
        kind: Literal["text", "covered", "void", "open", "close"],
        first: int,
        after: int,
        around: Look,
        text: str = "",
        *,
        tag: str = "",
        keep: bool = True,
    ) -> None:
        shown = text if kind == "text" else _OBJECT
        start, end = self._length, self._length + len(shown)
        self._source.append(shown)
        self._length = end
        self._items.append(Item(kind, start, end, text, tag, keep))
        self._first[start], self._after[end], self._around[start] = first, after, around

    def _stretch(
        self, start: int, end: int, text: str, marks: tuple[Mark, ...], specs: dict[int, Spec]
    ) -> Stretch:
        looks = {k: self._looks[s.open[0]] for k, s in specs.items() if s.open[0] in self._looks}
        spans = {
            key: (self._first[spec.whole[0]], self._after[spec.whole[1]])
            for key, spec in specs.items()
            if key not in looks
        }
        low, high = self._first[start], self._after[end]
        return Stretch(low, high, text, marks, specs, self._around[start], looks, spans)


def _close_of(bits: Sequence[Bit], index: int) -> int:
    depth = 0
    for at in range(index, len(bits)):
        depth += (bits[at].kind == "open") - (bits[at].kind == "close")
        if depth == 0:
            return at
    raise AssertionError("groups are balanced")


class _Writer:
    """Writes one stretch with a new text; nothing of it is written twice."""

    def __init__(self, bits: Sequence[Bit], stretch: Stretch, builder: Builder) -> None:
        self._bits = bits
        self._stretch = stretch
        self._builder = builder
        self._written: set[int] = set()
        copied = {
            index
            for key, (low, high) in stretch.spans.items()
            if stretch.specs[key].protected
            for index in range(low, high)
        }
        inside = range(stretch.start, stretch.end)
        self._hidden = [at for at in inside if bits[at].kind == "hidden" and at not in copied]

    def write(self, text: str, marks: Sequence[Mark]) -> None:
        root, lost = arrange(text, marks, self._stretch.specs, nest=True)
        self._text = text
        for at in self._hidden:
            if not self._bits[at].late:
                self._copy(at, at + 1)
        self._node(root, self._stretch.base)
        for spec in lost:
            self._lost(spec)
        for at in self._hidden:
            self._copy(at, at + 1)

    def _node(self, node: Node, look: Look) -> None:
        at = node.start
        for child in node.children:
            self._put(self._text[at : child.start], look)
            at = child.end
            assert child.spec is not None
            key = child.spec.key
            if key in self._stretch.looks:
                self._node(child, self._stretch.looks[key])
                continue
            low, high = self._stretch.spans[key]
            if child.spec.protected:
                self._copy(low, high)
            else:
                self._written |= {low, high - 1}
                self._builder.open(self._bits[low])
                self._node(child, dominant(self._bits[low:high]))
                self._builder.close(self._bits[high - 1])
        self._put(self._text[at : node.end], look)

    def _lost(self, spec: Spec) -> None:
        """What must be kept but has no place goes behind the text."""
        if spec.key in self._stretch.looks:
            self._put(spec.text, self._stretch.looks[spec.key])
            return
        low, high = self._stretch.spans[spec.key]
        if self._bits[low].kind == "open" and not self._bits[low].visible:
            self._copy(low, low + 1)
            self._copy(high - 1, high)
        else:
            self._copy(low, high)

    def _copy(self, low: int, high: int) -> None:
        """Copy bits, but for what stands elsewhere by now (with a group all that is in it)."""
        at = low
        while at < high:
            if at not in self._written:
                self._written.add(at)
                _copy(self._bits[at : at + 1], self._builder)
            elif self._bits[at].kind == "open":
                at = _close_of(self._bits, at)
            at += 1

    def _put(self, text: str, look: Look) -> None:
        if text:
            self._builder.text(text, look)
