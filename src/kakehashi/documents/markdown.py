"""Markdown (CommonMark with tables, footnotes, definitions, math): ranges of the source.

Headings, paragraphs, list items, table cells, alt texts, link titles and the title, description
and summary of the front matter are segments. Everything that is not replaced keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kakehashi.documents.base import Mark
from kakehashi.documents.encoded import EncodedText, read_text
from kakehashi.documents.front_matter import front_matter, write_value
from kakehashi.documents.inline import Item, arrange, pair, runs
from kakehashi.documents.markdown_inline import Inner, find_inline, make_parser
from kakehashi.documents.markdown_write import escape, write_inline
from kakehashi.documents.source import Draft, LineNumbers, Slot, SourceDocument

_BLOCKS: Final = {
    "heading_open": "heading",
    "th_open": "cell",
    "td_open": "cell",
    "dt_open": "heading",
    "admonition_title_open": "heading",
}
# How the text must be written; see `write_inline`.
_STYLES: Final = {
    "heading_open": "heading",
    "admonition_title_open": "heading",
    "th_open": "cell",
    "td_open": "cell",
    "dt_open": "line",
}
# Lines of site generators and MDX that CommonMark takes for prose.
_CODE_LINE: Final = re.compile(
    r"import\s+(?:[\w{*].*\bfrom\s+)?['\"]|export\s+(?:const|default|function|let|var|\{)"
    r"|:{3,}|<[A-Z]\w*[\s/>]|</[A-Z]\w*>|\[\[?_?TOC_?\]\]?\Z|@\[toc\]"
)
_TASK: Final = re.compile(r"\[[ xX]\](?=[ \t])")
_LIST_MARK: Final = re.compile(r"[^>\t]")


@dataclass(frozen=True, slots=True)
class _Content:
    """The content of an inline token and where each of its characters stands in the source."""

    text: str
    origin: list[int]
    wide: frozenset[int]

    def start(self, index: int) -> int:
        return self.origin[index] if index < len(self.text) else self.end(index)

    def end(self, index: int) -> int:
        if index == 0:
            return self.origin[0]
        return self.origin[index - 1] + (2 if index - 1 in self.wide else 1)


class MarkdownDocument(SourceDocument):
    """A Markdown file."""

    format = "md"

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            EncodingError: not text in an encoding that is read.
        """
        source = read_text(data)
        super().__init__(source, _Reader(source).drafts())

    def _write(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> str:
        if slot.style.startswith(("yaml", "toml")):
            return write_value(slot.style, text, slot.indent)
        if slot.style.startswith("title"):
            return _write_title(text, slot.style[-1])
        if slot.style == "alt":
            flat = " ".join(text.split())
            return escape(flat, "[", "]").replace("|", "\\|") + slot.tail
        root, lost = arrange(text, marks, slot.specs)
        source = self._source.text
        around = source[slot.outer[0] : slot.start] if slot.outer is not None else ""
        return write_inline(
            text,
            root,
            lost,
            self._copy,
            style=slot.style,
            indent=slot.indent,
            edges=(source[max(0, slot.start - 1) : slot.start], source[slot.end : slot.end + 1]),
            in_link="[" in around or "<a" in around,
        )


def _write_title(text: str, quote: str) -> str:
    """A link title between its quotes; "|" would end a cell if it stands in a table."""
    flat = re.sub(r"&(?=#?\w{1,32};)", r"\\&", " ".join(text.split()).replace("\\", "\\\\"))
    for char in "()" if quote == "(" else quote:
        flat = flat.replace(char, "\\" + char)
    return flat.replace("|", "\\|")


class _Reader:
    """Finds the segments of one file."""

    def __init__(self, source: EncodedText) -> None:
        self.length, self.found = front_matter(source.text)
        # The front matter is blanked out line by line, so that all offsets stay.
        self.text = re.sub(r"[^\n]", " ", source.text[: self.length]) + source.text[self.length :]
        self.starts = [*LineNumbers(self.text).starts, len(self.text) + 1]
        self.column: dict[int, int] = {}

    def drafts(self) -> list[Draft]:
        md = make_parser()
        env: dict[str, object] = {}
        tokens = md.parse(self.text, env)
        cell = 0
        for before, token in pairwise(tokens):
            if before.type == "tr_open":
                cell = -1
            if before.type in ("th_open", "td_open"):
                cell += 1
            if token.type != "inline" or not token.content or token.map is None:
                continue
            kind = _BLOCKS.get(before.type, "prose")
            content = (
                self._cell(token, cell) if kind == "cell" else self._lines(token, before.markup)
            )
            if content is not None and not _CODE_LINE.match(content.text):
                style = _STYLES.get(before.type, "prose")
                if before.markup in ("=", "-"):
                    style = "prose"
                self._segments(md, env, content, kind, style)
        return self.found

    def _line(self, number: int) -> str:
        return self.text[self.starts[number] : self.starts[number + 1] - 1]

    def _lines(self, token: Token, markup: str) -> _Content | None:
        """The origin of a block's lines; None if they cannot be found (then it stays)."""
        assert token.map is not None
        origin: list[int] = []
        number = token.map[0]
        for count, line in enumerate(token.content.split("\n")):
            core = line.lstrip(" \t")
            indent = len(line) - len(core)
            while True:
                if number + 1 >= len(self.starts):
                    return None
                source = self._line(number)
                at = self._find(source, core, markup)
                if at != -1:
                    break
                if count:
                    return None
                number += 1
                if number > token.map[1]:
                    return None
            base = self.starts[number] + at
            if count:
                origin.append(self.starts[number] - 1)
            origin += [max(base - indent + i, self.starts[number]) for i in range(len(line))]
            number += 1
        for index, char in enumerate(token.content):
            if char not in " \t\n" and self.text[origin[index]] != char:
                return None
        # Trailing white space of a line belongs to the line end that follows it.
        return _Content(token.content, origin, frozenset())

    @staticmethod
    def _find(source: str, core: str, markup: str) -> int:
        if markup.startswith("#"):
            head = re.match(r"[^#]*#+[ \t]+", source)
            return -1 if head is None else source.find(core, head.end())
        if markup.startswith(("!", "?")):
            return source.rfind(core)
        trimmed = core.rstrip(" \t\n\r\f\v")
        at = len(source.rstrip(" \t\n\r\f\v")) - len(trimmed)
        return at if at >= 0 and source.startswith(trimmed, at) else -1

    def _cell(self, token: Token, column: int) -> _Content | None:
        r"""The origin of a table cell; the parser has taken the backslash from each ``\|``."""
        assert token.map is not None
        number = token.map[0]
        line = self._line(number)
        cuts = [-1]
        for at, char in enumerate(line):
            if char == "|" and not (at and line[at - 1] == "\\"):
                cuts.append(at)
        cuts.append(len(line))
        shift = self._shift(number, column, token.content, line[: cuts[1]])
        if column + shift + 1 >= len(cuts):
            return None
        low, high = cuts[column + shift] + 1, cuts[column + shift + 1]
        text: list[str] = []
        origin: list[int] = []
        wide: set[int] = set()
        at = low
        while at < high:
            pipe = line.startswith("\\|", at)
            if pipe:
                wide.add(len(text))
            text.append("|" if pipe else line[at])
            origin.append(self.starts[number] + at)
            at += 2 if pipe else 1
        start = "".join(text).rfind(token.content) if shift == 0 and column == 0 else -1
        if start == -1:
            start = "".join(text).find(token.content)
        if start == -1:
            return None
        stop = start + len(token.content)
        inside = frozenset(one - start for one in wide if start <= one < stop)
        return _Content(token.content, origin[start:stop], inside)

    def _shift(self, number: int, column: int, content: str, head: str) -> int:
        """1 if the row begins with a pipe (behind quote or list marks), else 0."""
        if number not in self.column:
            mark = re.fullmatch(r"(?:[ \t]|>|[-+*][ \t]|\d{1,9}[.)][ \t]|\[\^[^\]]+\]:)*", head)
            self.column[number] = 0 if mark is None else 1
        return self.column[number]

    def _segments(
        self, md: MarkdownIt, env: dict[str, object], content: _Content, kind: str, style: str
    ) -> None:
        found = find_inline(md, content.text, env)
        items = pair([self._placed(one, content) for one in _with_task(found.items, content.text)])
        indent = self._indent(content.origin[0])
        for run in runs(self.text, items):
            outer = run.outer if run.outer != (0, 0) else None
            self.found.append(
                Draft(
                    run.start,
                    run.end,
                    run.text,
                    kind,
                    run.marks,
                    run.specs,
                    outer=outer,
                    style=style,
                    indent=indent,
                )
            )
        self.found += self._inner(found.inner, content)

    @staticmethod
    def _placed(item: Item, content: _Content) -> Item:
        start, end = content.start(item.start), content.end(item.end)
        return Item(item.kind, start, max(start, end), item.text, item.tag, item.keep)

    @staticmethod
    def _inner(inner: list[Inner], content: _Content) -> Iterator[Draft]:
        for one in inner:
            if not any(map(str.isalpha, one.text)):
                continue
            style = "alt" if one.kind == "alt" else "title" + one.quote
            tail = f"][{one.label}" if one.label else ""
            start, end = content.start(one.start), content.end(one.end)
            if one.label and content.text[one.end + 1 : one.end + 3] == "[]":
                end, tail = end + 2, tail
            yield Draft(start, end, one.text, one.kind, style=style, tail=tail)

    def _indent(self, start: int) -> str:
        """What a further line of a block begins with: quote marks kept, list marks as spaces."""
        line = self.text.rfind("\n", 0, start) + 1
        return _LIST_MARK.sub(" ", self.text[line:start])


def _with_task(items: list[Item], content: str) -> list[Item]:
    """The check box of a task stays outside of its text."""
    box = _TASK.match(content)
    if box is None or not items or items[0].kind != "text" or items[0].end < box.end():
        return items
    rest = Item("text", box.end(), items[0].end, content[box.end() : items[0].end])
    return [Item("fixed", 0, box.end()), rest, *items[1:]]
