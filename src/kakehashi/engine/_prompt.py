"""Keep control tokens out of text, where a tokenizer would find them in it; say how text begins."""

from __future__ import annotations

from collections.abc import Iterable


def beginning(text: str) -> str:
    """The grammar (GBNF, llama.cpp's own) of one line that begins with `text`."""
    quoted = "".join(f"\\{char}" if char in '"\\' else char for char in " ".join(text.split("\n")))
    return f'root ::= "{quoted}" [^\\n]*'


def split_names(text: str, names: Iterable[str]) -> list[str]:
    """Cut `text` after the first character of every name that occurs in it.

    No piece holds a whole name, so none of them is read as a control token; joined they are
    `text` again. Without such a name the only piece is `text` itself.
    """
    pieces = [text]
    for name in names:
        cut: list[str] = []
        for piece in pieces:
            start = 0
            while (at := piece.find(name, start)) >= 0:
                cut.append(piece[start : at + 1])
                start = at + 1
            cut.append(piece[start:])
        pieces = cut
    return [piece for piece in pieces if piece]
