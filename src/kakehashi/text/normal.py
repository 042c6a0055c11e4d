"""Normalisation that says what it does and can be undone.

Nothing is changed unless it is asked for by name, and every change is remembered with its
place, so that a document can be written back as it was where nobody touched it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Edit:
    """`original`, at `source` of the original text, became `text[start:end]`.

    A removed character belongs to the edit of the character before it (after it at the very
    start), so an edit is empty only when the whole normalised text is.
    """

    start: int
    end: int
    source: int
    original: str

    @property
    def source_end(self) -> int:
        """End of the replaced characters in the original text."""
        return self.source + len(self.original)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text that remembers what it was.

    Attributes:
        text: the normalised text.
        edits: what was changed, in order, without overlaps.
    """

    text: str
    edits: tuple[Edit, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is different from the original."""
        return bool(self.edits)

    def restore(self) -> str:
        """The original text."""
        parts: list[str] = []
        position = 0
        for edit in self.edits:
            parts += [self.text[position : edit.start], edit.original]
            position = edit.end
        return "".join([*parts, self.text[position:]])

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stood in the original, in whole edits.

        A span that covers a part of a changed place covers all of it (ガ was ｶ and ﾞ).

        Raises:
            ValueError: not ``0 <= start <= end <= len(text)``.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span of a text of {len(self.text)} characters: {start}:{end}")
        if start == 0 and end == len(self.text):
            return 0, end + sum(len(e.original) - (e.end - e.start) for e in self.edits)
        low = self._source(start)
        if start == end:
            return low, low
        before = self._edit_at(end - 1)
        return low, before.source_end if before else self._source(end - 1) + 1

    def _edit_at(self, position: int) -> Edit | None:
        """The edit that made the character at `position`."""
        at = bisect_right(self.edits, position, key=lambda edit: edit.start) - 1
        return self.edits[at] if at >= 0 and position < self.edits[at].end else None

    def _source(self, position: int) -> int:
        """Original offset of the character at `position` (of its edit, if it is in one)."""
        at = bisect_right(self.edits, position, key=lambda edit: edit.start) - 1
        if at < 0:
            return position
        edit = self.edits[at]
        return edit.source if position < edit.end else edit.source_end + position - edit.end


_HALF_KANA: Final = re.compile("[ｦ-ﾝ][ﾞﾟ]?|[｡-･ﾞﾟ]")
_WIDE_ALNUM: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_WIDE_SYMBOLS: Final = re.compile("[！-／：-＠［-｀｛-～￠-￦]")
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NEWLINES: Final = re.compile("\r\n?|\u0085|\u2028|\u2029")
# A character that starts a cluster for composition: not a mark, not a Hangul part (which
# composes with the one before), not a half-width sound mark.
_JOINERS: Final = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f\uffa0-\uffdc]")


def normalise(
    text: str,
    *,
    nfkc: bool = False,
    nfc: bool = False,
    half_kana: bool = False,
    wide_alnum: bool = False,
    wide_symbols: bool = False,
    spaces: bool = False,
    invisible: bool = False,
    newlines: bool = False,
) -> Normalised:
    r"""Change what is asked for, and remember it.

    Args:
        text: any text.
        nfkc: Unicode NFKC (also ① → 1, ㈱ → (株), ㎏ → kg: right for comparing, wrong for a
            document that is written back).
        nfc: Unicode NFC (か + ゙ → が: file names and texts from macOS).
        half_kana: half-width kana and their punctuation to full-width (ｶﾞ → ガ, ｡ → 。).
        wide_alnum: full-width letters and digits to ASCII (Ａ１ → A1).
        wide_symbols: full-width forms of ASCII symbols to ASCII (％ → %, （ → ( ).
        spaces: every space that is not a line end or tab to U+0020.
        invisible: remove zero-width and direction marks and soft hyphens.
        newlines: every line end to "\n".

    Returns:
        The text with the map back: ``normalise(x, …).restore() == x`` for any options.

    >>> done = normalise("ﾄｳｷｮｳは１２°", half_kana=True, wide_alnum=True)
    >>> done.text, done.restore()
    ('トウキョウは12°', 'ﾄｳｷｮｳは１２°')
    """
    steps: list[tuple[re.Pattern[str], Callable[[str], str]]] = []
    if newlines:
        steps.append((_NEWLINES, lambda _: "\n"))
    if invisible:
        steps.append((_INVISIBLE, lambda _: ""))
    if half_kana:
        steps.append((_HALF_KANA, _compatible))
    if wide_alnum:
        steps.append((_WIDE_ALNUM, _compatible))
    if wide_symbols:
        steps.append((_WIDE_SYMBOLS, _compatible))
    if spaces:
        steps.append((_SPACES, lambda _: " "))
    result = Normalised(text)
    if steps:
        pattern = re.compile("|".join(f"({step.pattern})" for step, _ in steps))
        changes = [change for _, change in steps]
        result = _substitute(text, pattern, changes)
    for form, wanted in (("NFC", nfc and not nfkc), ("NFKC", nfkc)):
        if wanted:
            result = _compose(result, _unicode(result.text, form))
    return result


def _compatible(text: str) -> str:
    """NFKC of one match; a lone half-width sound mark becomes the spacing one."""
    return {"ﾞ": "゛", "ﾟ": "゜"}.get(text) or unicodedata.normalize("NFKC", text)


def _substitute(
    text: str, pattern: re.Pattern[str], changes: list[Callable[[str], str]]
) -> Normalised:
    found: list[tuple[int, int, str]] = []  # start and end in the original, new text
    for match in pattern.finditer(text):
        start, end, new = *match.span(), changes[(match.lastindex or 1) - 1](match[0])
        if not new and start:
            # Taken along by the character before, see `Edit`.
            if found and found[-1][1] == start:
                start, _, new = found.pop()
            else:
                start, new = start - 1, text[start - 1]
        if new != text[start:end]:
            found.append((start, end, new))
    if found and not found[0][2] and found[0][1] < len(text):
        _, end, _ = found.pop(0)
        if found and found[0][0] == end:
            _, end, new = found.pop(0)
        else:
            new, end = text[end], end + 1
        found.insert(0, (0, end, new))
    parts: list[str] = []
    edits: list[Edit] = []
    position = length = 0
    for start, end, new in found:
        parts += [text[position:start], new]
        first = length + start - position
        length = first + len(new)
        edits.append(Edit(first, length, start, text[start:end]))
        position = end
    return Normalised("".join([*parts, text[position:]]), tuple(edits))


def _unicode(text: str, form: str) -> Normalised:
    """A Unicode normalisation form, cluster by cluster."""
    wanted = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    if wanted == text:
        return Normalised(text)
    parts: list[str] = []
    edits: list[Edit] = []
    length = 0
    for start, end in _clusters(text):
        old = text[start:end]
        new = old if old.isascii() else unicodedata.normalize(form, old)  # type: ignore[arg-type]
        if new != old:
            edits.append(Edit(length, length + len(new), start, old))
        parts.append(new)
        length += len(new)
    if (found := "".join(parts)) == wanted:
        return Normalised(found, tuple(edits))
    # A script that composes across our clusters: right as a whole, mapped as one place.
    return Normalised(wanted, (Edit(0, len(wanted), 0, text),))


def _clusters(text: str) -> list[tuple[int, int]]:
    starts = [
        at
        for at, char in enumerate(text)
        if at == 0
        or char < "\u0300"
        or not (unicodedata.category(char).startswith("M") or _JOINERS.match(char))
    ]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _compose(first: Normalised, second: Normalised) -> Normalised:
    """`second` normalises the text of `first`: one map from its text to the very original."""
    if not second.edits:
        return first
    if not first.edits:
        return second
    # Places in the text between the two; those that touch each other's characters melt.
    places = sorted(
        [(edit.start, edit.end) for edit in first.edits]
        + [(edit.source, edit.source_end) for edit in second.edits]
    )
    melted: list[tuple[int, int]] = []
    for low, high in places:
        if melted and low < melted[-1][1]:
            melted[-1] = (melted[-1][0], max(high, melted[-1][1]))
        else:
            melted.append((low, high))
    original = first.restore()
    edits: list[Edit] = []
    waiting = iter(second.edits)
    edit = next(waiting, None)
    shift = 0  # second text minus the text between, up to here
    for low, high in melted:
        start = low + shift
        while edit is not None and edit.source < high:
            shift = edit.end - edit.source_end
            edit = next(waiting, None)
        source, source_end = first.original_span(low, high)
        edits.append(Edit(start, high + shift, source, original[source:source_end]))
    return Normalised(second.text, tuple(edits))
