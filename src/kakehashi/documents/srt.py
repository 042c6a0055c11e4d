"""SubRip subtitles: the text of each cue is a segment; numbers and timing keep their bytes."""

from __future__ import annotations

import re
from typing import Final

from kakehashi.documents.base import Mark
from kakehashi.documents.encoded import read_text
from kakehashi.documents.inline import Item, Node, arrange, pair, runs
from kakehashi.documents.source import Draft, Slot, SourceDocument
from kakehashi.errors import FormatError

_TIME: Final = r"\d{1,3}:\d{1,2}:\d{1,2}[,.:]\d{1,3}"
_TIMING: Final = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t][^\n]*)?")
# A line that was meant as a timing but is none.
_ALMOST: Final = re.compile(r"[ \t]*\d[\d:.,; \t]*-+>|[^\n]*-->[ \t]*\d+[:.,]\d")
_NUMBER: Final = re.compile(r"[ \t]*\d+[ \t]*")
_MARKUP: Final = re.compile(
    r"(?P<open><(?:i|b|u|s|font|c|v|ruby|rt)\b[^<>\n]*>)|(?P<close></(?:i|b|u|s|font|c|v|ruby|rt)\s*>)"
    r"|(?P<void>\{\\[^{}\n]*\}|<br\s*/?>)|(?P<curly>\{/?[ibu]\})|(?P<newline>\n)",
    re.IGNORECASE,
)
_TAG_LIKE: Final = re.compile(r"<(?=/?(?:i|b|u|s|font|c|v|ruby|rt|br)\b)", re.IGNORECASE)


class SubtitleDocument(SourceDocument):
    """A SubRip file."""

    format = "srt"

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            EncodingError: not text in an encoding that is read.
            FormatError: damaged; the message names the line.
        """
        source = read_text(data)
        super().__init__(source, _drafts(source.text, name))

    def _write(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> str:
        root, lost = arrange(text, marks, slot.specs)
        pieces: list[str] = []
        self._collect(text, root, pieces)
        pieces += [self._copy(*spec.whole) for spec in lost]
        # A blank line would end the cue.
        return re.sub(r"[ \t]*\n[ \t\n\u3000]*", "\n", "".join(pieces)).strip("\n")

    def _collect(self, text: str, node: Node, pieces: list[str]) -> None:
        at = node.start
        for child in node.children:
            spec = child.spec
            assert spec is not None
            pieces.append(_escape(text[at : child.start]))
            pieces.append(self._copy(*spec.open))
            if not spec.protected:
                self._collect(text, child, pieces)
                pieces.append(self._copy(*spec.close))
            at = child.end
        pieces.append(_escape(text[at : node.end]))


def _escape(text: str) -> str:
    """SubRip has no way to quote its own markup, so a look-alike is written instead."""
    text = _TAG_LIKE.sub("＜", text.replace("-->", "→").replace("{\\", "｛\\"))
    return re.sub(r"\{(?=/?[ibu]\})", "｛", text)


def _damaged(what: str, line: int, name: str) -> FormatError:
    where = f"{name}, line {line}" if name else f"line {line}"
    return FormatError(what, where=where, hint="repair the subtitles there and try again")


def _drafts(text: str, name: str) -> list[Draft]:
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    timings = [n for n, line in enumerate(lines) if _TIMING.fullmatch(line.rstrip(" \t"))]
    for number, line in enumerate(lines):
        if _ALMOST.match(line) and not _TIMING.fullmatch(line.rstrip(" \t")):
            what = f"this is no timing of a subtitle: '{line.strip()[:60]}'"
            raise _damaged(what, number + 1, name)
    if not timings:
        first = next((n for n, line in enumerate(lines) if line.strip()), 0)
        what = "no timing of a subtitle was found (00:00:01,000 --> 00:00:02,500)"
        raise _damaged(what, first + 1, name)
    heads = [n - 1 if n and _NUMBER.fullmatch(lines[n - 1]) else n for n in timings]
    for number in range(heads[0]):
        if lines[number].strip():
            raise _damaged("there is text before the first subtitle", number + 1, name)
    drafts = []
    for count, timing in enumerate(timings):
        stop = heads[count + 1] if count + 1 < len(heads) else len(lines)
        low = timing + 1
        while low < stop and not lines[low].strip():
            low += 1
        while stop > low and not lines[stop - 1].strip():
            stop -= 1
        if count + 1 == len(timings):
            _check_end(lines, low, stop, name)
        if low < stop:
            label = lines[heads[count]].strip() if heads[count] != timing else str(count + 1)
            draft = _cue(text, starts[low], starts[stop] - 1)
            if draft is not None:
                draft.place = f"cue {label}"
                drafts.append(draft)
    return drafts


def _check_end(lines: list[str], low: int, stop: int, name: str) -> None:
    """The last block of a file that was cut off is a number without a timing."""
    blank_before = stop - 2 > low and not lines[stop - 2].strip()
    if blank_before and _NUMBER.fullmatch(lines[stop - 1]):
        raise _damaged("the file ends after the number of a subtitle", stop, name)


def _cue(text: str, start: int, end: int) -> Draft | None:
    items: list[Item] = []
    at = start
    for match in _MARKUP.finditer(text, start, end):
        if match.start() > at:
            items.append(Item("text", at, match.start(), text[at : match.start()]))
        at = match.end()
        items.append(_item(match))
    if at < end:
        items.append(Item("text", at, end, text[at:end]))
    for run in runs(text, pair(items)):
        return Draft(run.start, run.end, run.text, "cue", run.marks, run.specs)
    return None


def _item(match: re.Match[str]) -> Item:
    found = match[0]
    if match["newline"]:
        return Item("text", match.start(), match.end(), "\n")
    if match["void"]:
        # "{\an8}" places the whole cue, a tag stands where it stands.
        if found.startswith("<"):
            return Item("void", match.start(), match.end(), keep=True)
        return Item("fixed", match.start(), match.end(), keep=True)
    name = found.strip("<>{}/").split()[0].lower()
    closing = found[1] == "/"
    return Item("close" if closing else "open", match.start(), match.end(), "", name)
