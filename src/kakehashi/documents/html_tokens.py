"""Cut HTML into tokens that together are the source, with the ranges of attribute values.

Follows the tokenisation of https://html.spec.whatwg.org/multipage/parsing.html as far as it
decides what is text, what is a tag and what is neither. Never fails: what is not markup is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

_NAME: Final = re.compile(r"[A-Za-z][^\s/>]*")
_ATTRIBUTE: Final = re.compile(r"([^\s/>=][^\s/>=]*)")
_EQUALS: Final = re.compile(r"\s*=\s*")
_UNQUOTED: Final = re.compile(r"[^\s>]*")
_SKIP: Final = re.compile(r"[\s/]*")
_RAW: Final = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea"})
_OPENING: Final = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an attribute: its range without quotes; `quote` is "" if it has none."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class HtmlToken:
    """`source[start:end]`.

    "other" is a comment, doctype, CDATA or processing instruction; "raw" is the content of a
    script, style or the like; "title" is the content of a title.
    """

    kind: Literal["text", "start", "end", "other", "raw", "title"]
    start: int
    end: int
    name: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    closed: bool = False


def tokens(source: str) -> Iterator[HtmlToken]:
    """All tokens; their ranges are adjacent and cover `source`."""
    at = 0
    while at < len(source):
        match = _OPENING.search(source, at)
        start = len(source) if match is None else match.start()
        token = None if match is None else _markup(source, start)
        while match is not None and token is None:  # a "<" that begins no tag is text
            match = _OPENING.search(source, start + 1)
            start = len(source) if match is None else match.start()
            token = None if match is None else _markup(source, start)
        if start > at:
            yield HtmlToken("text", at, start)
        at = start
        if token is None:
            continue
        yield token
        at = token.end
        if token.kind == "start" and not token.closed and token.name in (*_RAW, "title"):
            end = _raw_end(source, at, token.name)
            if end > at:
                yield HtmlToken("title" if token.name == "title" else "raw", at, end, token.name)
            at = end


def _raw_end(source: str, start: int, name: str) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, start)
    return len(source) if found is None else found.start()


def _markup(source: str, start: int) -> HtmlToken | None:
    if source.startswith("<!--", start):
        if source.startswith(("<!-->", "<!--->"), start):
            return HtmlToken("other", start, source.index(">", start) + 1)
        return HtmlToken("other", start, _until(source, "-->", start + 4))
    if source.startswith("<![CDATA[", start):
        return HtmlToken("other", start, _until(source, "]]>", start))
    if source.startswith("<?", start):
        # "?>" ends PHP and XML declarations; in HTML proper it would be the first ">".
        return HtmlToken("other", start, _until(source, "?>", start))
    if source.startswith("<!", start):
        return HtmlToken("other", start, _until(source, ">", start))
    closing = source.startswith("</", start)
    name = _NAME.match(source, start + 1 + closing)
    if name is None:
        return HtmlToken("other", start, _until(source, ">", start)) if closing else None
    if closing:
        return HtmlToken("end", start, _until(source, ">", start), name[0].lower())
    return _start_tag(source, start, name)


def _until(source: str, mark: str, start: int) -> int:
    end = source.find(mark, start)
    return len(source) if end == -1 else end + len(mark)


def _start_tag(source: str, start: int, name: re.Match[str]) -> HtmlToken:
    at = name.end()
    values: dict[str, Value] = {}
    while True:
        skip = _SKIP.match(source, at)
        at = at if skip is None else skip.end()
        if at >= len(source):
            return HtmlToken("other", start, at)  # the file ends inside of the tag
        if source[at] == ">":
            closed = source[at - 1] == "/"
            return HtmlToken("start", start, at + 1, name[0].lower(), values, closed)
        attribute = _ATTRIBUTE.match(source, at)
        if attribute is None:  # a "=" where a name should be
            at += 1
            continue
        at = attribute.end()
        equals = _EQUALS.match(source, at)
        if equals is None:
            values.setdefault(attribute[1].lower(), Value(at, at, ""))
            continue
        at = equals.end()
        quote = source[at : at + 1]
        if quote in ('"', "'") and quote:
            end = source.find(quote, at + 1)
            if end == -1:
                return HtmlToken("other", start, len(source))
            values.setdefault(attribute[1].lower(), Value(at + 1, end, quote))
            at = end + 1
        else:
            bare = _UNQUOTED.match(source, at)
            end = at if bare is None else bare.end()
            values.setdefault(attribute[1].lower(), Value(at, end, ""))
            at = end
