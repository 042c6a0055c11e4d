"""HTML: ranges of the source, so that tags, scripts, comments and entities keep their bytes.

Text between block elements is a segment with its inline elements as marks. Attributes that
people read are segments of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from kakehashi.documents.base import Mark
from kakehashi.documents.encoded import EncodedText, read_text
from kakehashi.documents.html_elements import (
    CODE,
    ENDS_BEFORE,
    HEADINGS,
    INLINE,
    LABELS,
    META,
    OPAQUE,
    READ,
    VOID,
)
from kakehashi.documents.html_tokens import HtmlToken, Value, tokens
from kakehashi.documents.inline import MAIL, TEMPLATE, URL, WHITE, Item, Node, arrange, pair, runs
from kakehashi.documents.source import Draft, Slot, SourceDocument

_VERBATIM: Final = re.compile(f"{TEMPLATE}|{URL}|{MAIL}")
_READING: Final = re.compile(r"(?is)<(rt|rp)\b.*?(?:</\1\s*>|(?=<r[tpb]\b|</ruby))")
_SPACES: Final = re.compile(f"[{WHITE}]+")


class HtmlDocument(SourceDocument):
    """An HTML file or fragment."""

    format = "html"

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read `data`.

        Raises:
            EncodingError: not text in an encoding that is read.
        """
        source = read_text(data)
        found = list(tokens(source.text))
        super().__init__(source, _Reader(source, found).drafts())
        self._tokens = found
        self._xml = source.text.lstrip().startswith("<?xml")

    def set_language(self, code: str) -> None:
        """Set ``lang`` (and ``xml:lang``, where it is used) of the ``<html>`` element."""
        html = next((t for t in self._tokens if t.kind == "start" and t.name == "html"), None)
        if html is None:
            return
        names = [name for name in ("lang", "xml:lang") if name in html.values]
        for name in names:
            self._set_value(html.values[name], code)
        if "lang" not in html.values:
            at = html.start + len("<html")
            self._edits[at, at] = f' lang="{code}"'

    def _set_value(self, value: Value, text: str) -> None:
        if value.quote:
            self._edits[value.start, value.end] = text
            return
        bare = self._source.text[value.start - 1] != "="
        has_equals = not bare or value.start < value.end
        self._edits[value.start, value.end] = f'"{text}"' if has_equals else f'="{text}"'

    def _encode(self, text: str) -> bytes:
        """As `EncodedText.encode`; a new encoding is declared in the document as well."""
        encoding = self._source.encoding_for(text)
        if encoding == self._source.encoding or self._source.encoding == "ascii":
            return self._source.encode(text)
        declared = list(self._declarations())
        if not declared:
            return self._source.encode(text, bom=b"\xef\xbb\xbf")
        kept = dict(self._edits)
        self._edits.update({where: "UTF-8" for where in declared})
        try:
            return self._source.encode(self._compose())
        finally:
            self._edits = kept

    def _declarations(self) -> Iterator[tuple[int, int]]:
        source = self._source.text
        for token in self._tokens:
            if token.kind == "other" and source.startswith("<?xml", token.start):
                found = re.compile(r"encoding\s*=\s*[\"']([^\"']*)").search(
                    source, token.start, token.end
                )
                if found is not None:
                    yield found.span(1)
            if token.kind != "start" or token.name != "meta":
                continue
            if "charset" in token.values:
                yield token.values["charset"].start, token.values["charset"].end
            elif "content" in token.values and "http-equiv" in token.values:
                value = token.values["content"]
                found = re.compile(r"charset\s*=\s*([\w.:-]+)", re.IGNORECASE).search(
                    source, value.start, value.end
                )
                if found is not None:
                    yield found.span(1)

    def _write(self, slot: Slot, text: str, marks: tuple[Mark, ...]) -> str:
        if slot.style == "title":
            return self._escape(text)
        if slot.style.startswith("attribute"):
            quote = slot.style[-1]
            bare = quote not in "\"'"
            mark = '"' if bare else quote
            written = self._escape(text).replace(mark, "&quot;" if mark == '"' else "&#39;")
            return f'"{written}"' if bare else written
        root, lost = arrange(text, marks, slot.specs)
        pieces: list[str] = []
        self._collect(text, root, pieces)
        pieces += [" " + self._copy(*spec.whole) for spec in lost]
        return "".join(pieces)

    def _collect(self, text: str, node: Node, pieces: list[str]) -> None:
        at = node.start
        for child in node.children:
            spec = child.spec
            assert spec is not None
            pieces.append(self._escape(text[at : child.start]))
            pieces.append(self._copy(*spec.open))
            if not spec.protected:
                self._collect(text, child, pieces)
                pieces.append(self._copy(*spec.close))
            at = child.end
        pieces.append(self._escape(text[at : node.end]))

    def _escape(self, text: str) -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return text.replace("\u00a0", "&#160;" if self._xml else "&nbsp;")


class _Reader:
    """Finds the segments of one file."""

    def __init__(self, source: EncodedText, found: list[HtmlToken]) -> None:
        self.text = source.text
        self.tokens = found
        self.ends = _ends(found)
        self.out: list[Draft] = []
        self.items: list[Item] = []
        self.stack: list[tuple[str, bool]] = []
        self.kind = "prose"

    def drafts(self) -> list[Draft]:
        number = 0
        while number < len(self.tokens):
            number = self._step(number)
        self._flush()
        return self.out

    def _translate(self) -> bool:
        return self.stack[-1][1] if self.stack else True

    def _step(self, number: int) -> int:
        """Handle the token with this number; the number of the next one."""
        token = self.tokens[number]
        if token.kind == "text":
            self._add_text(token)
        elif token.kind == "title":
            self._add_title(token)
        elif token.kind == "other":
            self._add(Item("void", token.start, token.end, keep=True))
        elif token.kind == "end":
            self._end(token)
        elif token.kind == "start":
            return self._start(number)
        return number + 1

    def _add(self, item: Item) -> None:
        if self._translate():
            self.items.append(item)

    def _add_text(self, token: HtmlToken) -> None:
        at = token.start
        for match in _VERBATIM.finditer(self.text, token.start, token.end):
            if match.start() > at:
                self._add(Item("text", at, match.start(), self._plain(at, match.start())))
            self._add(
                Item("covered", match.start(), match.end(), self._plain(*match.span()), keep=True)
            )
            at = match.end()
        if at < token.end:
            self._add(Item("text", at, token.end, self._plain(at, token.end)))

    def _plain(self, start: int, end: int) -> str:
        """Characters of a text; white space collapsed, a line end kept as one."""
        text = _SPACES.sub(lambda m: "\n" if "\n" in m[0] else " ", self.text[start:end])
        return unescape(text)

    def _add_title(self, token: HtmlToken) -> None:
        raw = self.text[token.start : token.end]
        start = token.start + len(raw) - len(raw.lstrip())
        end = token.end - (len(raw) - len(raw.rstrip()))
        if self._translate() and any(map(str.isalpha, raw)):
            self.out.append(Draft(start, end, self._plain(start, end), "title", style="title"))

    def _end(self, token: HtmlToken) -> None:
        if token.name in INLINE:
            self._add(Item("close", token.start, token.end, "", token.name))
        else:
            self._flush()
        for depth in reversed(range(len(self.stack))):
            if self.stack[depth][0] == token.name:
                if not self.stack[depth][1]:
                    self._flush()
                del self.stack[depth:]
                break

    def _start(self, number: int) -> int:
        token = self.tokens[number]
        inline = token.name in INLINE
        if not inline:
            self._flush()
            self._imply_ends(token.name)
            self.kind = _kind(token.name)
        wanted = self._wanted(token)
        if wanted:
            self._attributes(token)
        if token.name in VOID or token.closed:
            if token.name == "br":
                self._add(Item("break", token.start, token.end, keep=True))
            elif inline:
                self._add(Item("void", token.start, token.end, keep=True))
            return number + 1
        if token.name in OPAQUE or (token.name in CODE and inline) or (inline and not wanted):
            return self._copied(number, shown=token.name not in OPAQUE)
        if token.name == "ruby":
            return self._ruby(number)
        if inline:
            self._add(
                Item("open", token.start, token.end, "", token.name, keep="href" in token.values)
            )
        elif token.name not in INLINE:
            self.stack.append((token.name, wanted))
        return number + 1

    def _wanted(self, token: HtmlToken) -> bool:
        """Whether the element is to be translated (``translate="no"`` is inherited)."""
        said = self._value(token, "translate").lower()
        if "translate" in token.values and said in ("no", "yes", ""):
            return said != "no"
        if "notranslate" in self._value(token, "class").split():
            return False
        return self._translate()

    def _value(self, token: HtmlToken, name: str) -> str:
        value = token.values.get(name)
        return "" if value is None else unescape(self.text[value.start : value.end])

    def _imply_ends(self, name: str) -> None:
        """Elements whose end tag may be left out end where the next one begins."""
        ends = ENDS_BEFORE.get(name, frozenset()) | {"p"}
        while self.stack and self.stack[-1][0] in ends:
            self.stack.pop()

    def _attributes(self, token: HtmlToken) -> None:
        for name, value in token.values.items():
            kind = READ.get(name, "")
            if name == "content" and token.name == "meta":
                about = self._value(token, "name") or self._value(token, "property")
                kind = "description" if about.lower() in META else ""
            elif name == "value" and token.name == "input":
                button = self._value(token, "type").lower() in ("submit", "button", "reset")
                kind = "label" if button else ""
            elif name == "label" and token.name in ("option", "optgroup", "track"):
                kind = "label"
            text = unescape(self.text[value.start : value.end])
            if kind and any(map(str.isalpha, text)) and not _VERBATIM.fullmatch(text.strip()):
                style = "attribute" + value.quote
                self.out.append(Draft(value.start, value.end, text, kind, style=style))

    def _copied(self, number: int, *, shown: bool) -> int:
        """An element that is left as it is, within a sentence or between blocks."""
        token = self.tokens[number]
        after = self._after(number)
        end = self.tokens[after - 1].end
        if token.name not in INLINE:
            return after
        text = ""
        if shown:
            inner = self.tokens[number + 1 : after - 1]
            text = "".join(self._plain(t.start, t.end) for t in inner if t.kind == "text")
        self._add(Item("covered" if text else "void", token.start, end, text, keep=True))
        return after

    def _after(self, number: int) -> int:
        """The number of the token behind the element that begins with this one."""
        return self.ends.get(number, number) + 1

    def _ruby(self, number: int) -> int:
        """Readings belong to the source's words: the base text is shown, a translation has none."""
        after = self._after(number)
        start, end = self.tokens[number].start, self.tokens[after - 1].end
        if after == number + 1:
            self._add(Item("void", start, end, keep=True))
            return after
        base = _READING.sub("", self.text[start:end])
        base = re.sub(r"<[^>]*>", "", base)
        self._add(Item("text", start, end, unescape(_SPACES.sub("", base))))
        return after

    def _flush(self) -> None:
        """End of a block: make segments of what has been gathered."""
        for run in runs(self.text, pair(self.items), collapse=True):
            self.out.append(Draft(run.start, run.end, run.text, self.kind, run.marks, run.specs))
        self.items = []
        self.kind = "prose"


def _ends(found: list[HtmlToken]) -> dict[int, int]:
    """The number of the end tag of every start tag that has one, nested ones counted."""
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for number, token in enumerate(found):
        if token.kind == "start" and not token.closed:
            opened.setdefault(token.name, []).append(number)
        elif token.kind == "end" and opened.get(token.name):
            ends[opened[token.name].pop()] = number
    return ends


def _kind(name: str) -> str:
    if name in HEADINGS:
        return "heading"
    if name in ("td", "th"):
        return "cell"
    return "label" if name in LABELS else "prose"
