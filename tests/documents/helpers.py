"""What the tests of all formats share: sources made by hypothesis, and rewriting of segments."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from hypothesis import strategies as st

from kakehashi.documents import Document, Mark, Segment

# Pieces that are markup somewhere, next to ordinary Japanese and English.
FILLERS = (
    "重要",
    "「注意」",
    "お知らせ。",
    "令和６年",
    "ｶﾅ",
    "word",
    "a_b_c",
    "*",
    "**",
    "_",
    "__x__",
    "`",
    "``",
    "[",
    "](",
    "](x)",
    "[^1]",
    "!",
    "<",
    "<b>",
    "</p>",
    "<!--",
    "&",
    "&amp;",
    "|",
    "\\",
    "~~",
    "$x$",
    "$5",
    "{{ y }}",
    "{#id}",
    ":smile:",
    "5 * 3",
    "a < b",
    '"',
    "'",
    "→",
    "#",
    "+",
    "-",
    "=",
    ">",
    " ",
)
LINE_STARTS = (
    "",
    "# ",
    "### ",
    "1. ",
    "12) ",
    "- ",
    "+ ",
    "* ",
    "> ",
    "```",
    "~~~",
    "---",
    "===",
    "***",
    "| ",
    ": ",
    "    ",
    "$$",
    "[x]: ",
    "!!! note ",
    "-->",
    "<div>",
    "@",
    "　",
)


def texts() -> st.SearchStrategy[str]:
    """Text full of markup characters that ends with a letter (a segment without one is none)."""
    body = st.lists(st.sampled_from(FILLERS), max_size=5).map("".join)
    line = st.tuples(st.sampled_from(LINE_STARTS), body).map("".join)
    return st.lists(line, min_size=1, max_size=2).map("\n".join).map(lambda text: text + "終z")


def rewrite(segment: Segment, filler: Callable[[], str]) -> tuple[str, tuple[Mark, ...]]:
    """A new text for a segment, with each of its marks around a part of it.

    Every stretch between two borders of marks is replaced, except what is protected.
    """
    text = segment.text
    borders = sorted({0, len(text), *(b for m in segment.marks for b in (m.start, m.end))})
    moved = {0: 0}
    new = ""
    for start, end in pairwise(borders):
        kept = any(m.protected and m.start <= start and end <= m.end for m in segment.marks)
        new += text[start:end] if kept else filler()
        moved[end] = len(new)
    marks = tuple(Mark(moved[m.start], moved[m.end], m.key, m.protected) for m in segment.marks)
    return new, marks


def bare(text: str) -> str:
    """Without white space, which a format may add around markup or fold."""
    return re.sub(r"\s+", "", text)


def shape(document: Document) -> list[tuple[str, int, int]]:
    """Kind of every segment, and how many protected and other marks it has.

    Not counted is a mark around the whole segment: a link such as ``[text]`` is one as long as
    its text is its name, and is left outside of the segment once the name is spelled out.
    """
    found = []
    for s in document.segments:
        inner = [m for m in s.marks if (m.start, m.end) != (0, len(s.text))]
        protected = sum(m.protected for m in inner)
        found.append((s.kind, protected, len(inner) - protected))
    return found
