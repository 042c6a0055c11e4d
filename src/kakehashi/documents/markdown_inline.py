"""Positions of Markdown's inline markup.

markdown-it-py says what is markup but not where it stood, so each of its inline rules is
wrapped to note the range it consumed. Constructs of site generators (short codes, alerts,
heading attributes) and bare addresses are recognised here as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from kakehashi.documents.inline import MAIL, TEMPLATE, URL, Item, ItemKind

_Rule = Callable[[StateInline, bool], bool]

_STOP: Final = re.compile(rf"(?P<url>{URL}|{MAIL})|[\n!#$%&*+\-:<=>@\[\\\]^_`{{}}~]")
_GUARD: Final = re.compile(
    rf"(?P<covered>{TEMPLATE}|\{{[A-Za-z_][\w.]{{0,60}}(?:\([^()\n]{{0,200}}\))?\}}"
    r"|:[a-z][a-z0-9_+-]{0,40}:|\[\[.{1,200}?\]\](?![(\[]))"
    r"|(?P<fixed>\{[#.:][^{}\n]{0,300}\}|\[![A-Za-z]{1,20}\][+-]?)",
    re.DOTALL,
)
_CODE_TAGS: Final = frozenset({"code", "kbd", "samp", "var"})
_TAG: Final = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_VOID_TAGS: Final = frozenset({"br", "img", "wbr", "hr", "input", "source"})
_NOTED: Final = "kakehashi_items"
_SOURCE: Final = "kakehashi_source"


@dataclass(frozen=True, slots=True)
class Inner:
    """Translatable text within markup: an alt text or a title; offsets into the content.

    `label`: for ``![alt]`` and ``![alt][]``, whose text is also the name of its target.
    """

    kind: str
    start: int
    end: int
    text: str
    quote: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that one inline content holds, with offsets into the content."""

    items: list[Item]
    inner: list[Inner]


def make_parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough, footnotes, math, definitions and admonitions."""
    md = MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table", "strikethrough"])
    md.use(footnote_plugin, move_to_end=False, always_match_refs=True)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False)
    md.use(deflist_plugin)
    md.use(admon_plugin)
    md.inline.ruler.at("text", _text)
    md.inline.ruler.before("newline", "guard", _guard)
    for name in md.inline.ruler.get_active_rules():
        if name not in ("text", "guard"):
            rule = next(one.fn for one in md.inline.ruler.__rules__ if one.name == name)
            md.inline.ruler.at(name, _noting(name, rule))
    md.inline.ruler2.disable("fragments_join")
    md.core.ruler.enableOnly(["normalize", "block"])
    return md


def find_inline(md: MarkdownIt, content: str, env: dict[str, object]) -> Found:
    """Parse `content` (of a token of type ``inline``) with the references in `env`."""
    noted: list[tuple[str, int, int, Inner | str | None]] = []
    env = {**env, _NOTED: noted, _SOURCE: content}
    tokens = md.inline.parse(content, md, env, [])
    items: list[Item] = []
    inner: list[Inner] = []
    for kind, start, end, more in noted:
        if kind == "inner":
            assert isinstance(more, Inner)
            inner.append(more)
        elif kind == "link":
            side: ItemKind = "open" if more in ("open", "open named") else "close"
            tag = "named link" if more in ("open named", "close named") else "link"
            items.append(Item(side, start, end, "", tag, True))
        elif kind == "html":
            items.append(_html_item(content[start:end], start, end))
        else:
            text = more if isinstance(more, str) else ""
            items.append(_plain_item(kind, start, end, text))
    items += _emphasis(tokens)
    items.sort(key=lambda one: (one.start, one.end))
    return Found(_filled(content, _code_elements(content, items)), inner)


def _plain_item(kind: str, start: int, end: int, text: str) -> Item:
    match kind:
        case "text":
            return Item("text", start, end, text)
        case "covered":
            return Item("covered", start, end, text, keep=True)
        case "fixed":
            return Item("fixed", start, end, keep=True)
        case "break":
            return Item("break", start, end, keep=True)
        case _:
            return Item("void", start, end, keep=True, tag=kind)


def _html_item(tag: str, start: int, end: int) -> Item:
    match = _TAG.match(tag)
    if match is None or tag.endswith("/>"):
        return Item("break" if tag[:3].lower() == "<br" else "void", start, end, keep=True)
    name = match[2].lower()
    if name == "br":
        return Item("break", start, end, keep=True)
    if name in _VOID_TAGS:
        return Item("void", start, end, keep=True)
    kind = "<" + name
    return Item("close" if match[1] else "open", start, end, "", kind, name == "a")


def _emphasis(tokens: list[Token]) -> list[Item]:
    items = []
    for token in tokens:
        if token.type.endswith(("_open", "_close")) and token.tag in ("strong", "em", "s"):
            start, end = token.meta["at"]
            opening = token.nesting == 1
            if token.tag == "strong":
                start, end = (start - 1, end) if opening else (start, end + 1)
            items.append(Item("open" if opening else "close", start, end, "", token.tag))
    return items


def _code_elements(content: str, items: list[Item]) -> list[Item]:
    """``<kbd>Ctrl</kbd>`` and the like become one covered item."""
    kept: list[Item] = []
    last = {item.tag: n for n, item in enumerate(items) if item.kind == "close"}
    number = 0
    while number < len(items):
        item = items[number]
        name = item.tag.removeprefix("<")
        code = item.kind == "open" and item.tag.startswith("<") and name in _CODE_TAGS
        if code and last.get(item.tag, -1) > number:
            stop = number + 1
            while items[stop].kind != "close" or items[stop].tag != item.tag:
                stop += 1
            text = re.sub(r"<[^>]*>", "", content[item.end : items[stop].start])
            kept.append(Item("covered", item.start, items[stop].end, text, keep=True))
            number = stop + 1
            continue
        kept.append(item)
        number += 1
    return kept


def _filled(content: str, items: list[Item]) -> list[Item]:
    """Add the literal text between the items; drop what lies inside of another one."""
    filled: list[Item] = []
    at = 0
    for item in items:
        if item.start < at:
            continue
        if item.start > at:
            filled.append(Item("text", at, item.start, content[at : item.start]))
        filled.append(item)
        at = item.end
    if at < len(content):
        filled.append(Item("text", at, len(content), content[at:]))
    return filled


def _note(state: StateInline, kind: str, start: int, end: int, more: Inner | str | None) -> None:
    if state.env.get(_SOURCE) is state.src:  # not in a nested parse of an alt text or a footnote
        state.env[_NOTED].append((kind, start, end, more))


def _text(state: StateInline, silent: bool) -> bool:
    """The library's rule for plain text, which also stops at bare addresses."""
    start = state.pos
    match = _STOP.search(state.src, start, state.posMax)
    end = state.posMax if match is None else match.start()
    if match is not None and match.start() == start:
        if match["url"] is None:
            return False
        end = match.end()
        if not silent:
            _note(state, "covered", start, end, match[0])
    if not silent:
        state.append_pending(state.src[start:end])
    state.pos = end
    return True


def _guard(state: StateInline, silent: bool) -> bool:
    """Constructs of site generators."""
    if state.src[state.pos] not in "{[:$":
        return False
    match = _GUARD.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        kind = "fixed" if match["fixed"] is not None else "covered"
        _note(state, kind, match.start(), match.end(), match[0])
        state.append_pending(match[0])
    state.pos = match.end()
    return True


def _noting(name: str, rule: _Rule) -> _Rule:
    def noting(state: StateInline, silent: bool) -> bool:
        start, count, limit = state.pos, len(state.tokens), state.posMax
        if not rule(state, silent):
            return False
        if not silent:
            _note_rule(name, state, start, limit, state.tokens[count:])
        return True

    return noting


def _note_rule(name: str, state: StateInline, start: int, limit: int, new: list[Token]) -> None:
    end = state.pos
    last = new[-1] if new else None
    if name in ("emphasis", "strikethrough"):
        at = end
        for token in reversed(new):
            at -= len(token.content)
            if at < start:
                break
            token.meta["at"] = (at, at + len(token.content))
    elif name in ("newline", "escape", "entity") and last is not None:
        _note_character(state, start, end, last)
    elif name in ("backticks", "math_inline") and last is not None and last.type != "text":
        _note(state, "covered", start, end, last.content)
    elif name == "autolink":
        _note(state, "covered", start, end, state.src[start + 1 : end - 1])
    elif name == "html_inline":
        _note(state, "html", start, end, None)
    elif name in ("footnote_ref", "footnote_inline"):
        _note(state, "void", start, end, None)
    elif name in ("link", "image"):
        _note_link(state, start, end, limit, last if name == "image" else None)


def _note_character(state: StateInline, start: int, end: int, last: Token) -> None:
    if last.type == "softbreak":
        # A single space before the line end belongs to the break.
        _note(state, "text", start, end, "\n")
    elif last.type == "hardbreak":
        while start and state.src[start - 1] == " ":
            start -= 1
        _note(state, "break", start, end, None)
    elif last.type == "text_special":
        _note(state, "text", start, end, last.content)


def _note_link(state: StateInline, start: int, end: int, limit: int, image: Token | None) -> None:
    """Note a link's two sides, or an image with its alt text, and the title of either."""
    helpers = state.md.helpers
    label = start + 1 if image is None else start + 2
    pos, state.posMax = state.pos, limit
    label_end = helpers.parseLinkLabel(state, label - 1, image is None)
    state.pos = pos
    source = state.src
    shortcut = source[label_end + 1 : end] in ("", "[]")
    name = source[label:label_end] if shortcut else ""
    title = _title(state, label_end + 1, end)
    if image is not None:
        _note(state, "image", start, end, None)
        alt = _plain(image.children or [])
        _note(state, "inner", start, end, Inner("alt", label, label_end, alt, label=name))
    else:
        named = " named" if shortcut else ""
        _note(state, "link", start, label, "open" + named)
        _note(state, "link", label_end, end, "close" + named)
    if title is not None:
        _note(state, "inner", start, end, title)


def _title(state: StateInline, start: int, end: int) -> Inner | None:
    """The title of ``](target "title")``."""
    source, helpers = state.src, state.md.helpers
    if source[start : start + 1] != "(":
        return None
    pos = start + 1
    while source[pos] in " \t\n":
        pos += 1
    target = helpers.parseLinkDestination(source, pos, end)
    if not target.ok:
        return None
    pos = target.pos
    while source[pos] in " \t\n":
        pos += 1
    title = helpers.parseLinkTitle(source, pos, end)
    if not title.ok or title.pos <= pos + 2:
        return None
    return Inner("title", pos + 1, title.pos - 1, title.str, quote=source[pos])


def _plain(tokens: list[Token]) -> str:
    """The text of an alt text, without its own markup."""
    pieces = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type == "image":
            pieces.append(_plain(token.children or []))
        elif token.type != "html_inline":
            pieces.append(token.content)
    return "".join(pieces)
