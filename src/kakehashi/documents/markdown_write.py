"""Write text and marks as Markdown that reads back as exactly this text and these marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kakehashi.documents.inline import DELIMITED, LINKS, MAIL, NAMED, URL, Node, Spec

_SPECIAL: Final = re.compile(
    r"(?P<always>[\\`\[\]])"
    r"|(?P<star>\*+)|(?P<line>_+)|(?P<tilde>~~+)"
    r"|(?P<tag><(?=[A-Za-z/!?]))"
    r"|(?P<entity>&(?=#?[A-Za-z0-9]{1,32};))"
    r"|(?P<brace>\{(?=[{%#.:A-Za-z_]))"
    r"|(?P<dollar>\$(?=\S))"
    r"|(?P<emoji>:(?=[a-z][a-z0-9_+-]{0,40}:))"
)
_LINE_START: Final = re.compile(
    r"(?P<one>[>|=:~]|#{1,6}(?=[ \t\n]|\Z)|[-+](?=[ \t\n\-|:]|\Z)|\?{3}|!{3})"
    r"|(?P<digits>\d{1,9})(?P<dot>[.)])(?=[ \t\n]|\Z)"
)


_ADDRESS: Final = re.compile(f"{URL}|{MAIL}")
_ADDRESS_CHARACTERS: Final = frozenset(map(chr, range(0x21, 0x7F)))
# What may follow a bare address: nothing, white space, or a stop before white space.
_ADDRESS_END: Final = re.compile(r"(?:[.,;:!?)'\"*_~]*(?:\s|\Z))")


@dataclass(slots=True)
class Piece:
    """A part of the written text.

    Kinds: "text" (to be escaped), "raw" (copied), "address" (copied, bare), "open"
    and "close" (delimiters of emphasis, `other` is the partner), "gone" (a delimiter that was
    taken out).
    """

    kind: str
    text: str
    other: Piece | None = None


def write_inline(
    text: str,
    root: Node,
    lost: list[Spec],
    copy: Callable[[int, int], str],
    *,
    style: str,
    indent: str,
    edges: tuple[str, str] = ("", ""),
    in_link: bool = False,
) -> str:
    """The Markdown for `text` with the marks of `root`, and `lost` behind it.

    Args:
        copy: a range of the source, as it has to appear now.
        style: "prose" (a block of lines), "line" (a block of one line), "heading" (one line
            behind its mark), "cell".
        indent: what a further line begins with.
        edges: the characters right before and behind the place where it goes.
        in_link: the place is the text of a link.
    """
    pieces: list[Piece] = []
    _collect(text, root, copy, pieces, LINKS if in_link else frozenset())
    for spec in lost:
        pieces += [Piece("text", " "), Piece("raw", copy(*spec.whole)), Piece("text", "")]
    one_line = style != "prose"
    _tidy(pieces, one_line)
    _settle(pieces)
    return _joined(pieces, style, indent, edges)


def _collect(
    text: str,
    node: Node,
    copy: Callable[[int, int], str],
    pieces: list[Piece],
    around: frozenset[str] = frozenset(),
) -> None:
    at = node.start
    for child in node.children:
        spec = child.spec
        assert spec is not None
        pieces.append(Piece("text", text[at : child.start]))
        at = child.end
        if spec.protected:
            source = copy(*spec.open)
            bare = not around & LINKS and _ADDRESS.fullmatch(source)
            pieces.append(Piece("address" if bare else "raw", source))
        elif spec.tag in around & DELIMITED:  # four asterisks would not be bold in bold
            _collect(text, child, copy, pieces, around)
        elif spec.tag in DELIMITED:
            delimiter = copy(*spec.open)
            first, last = Piece("open", delimiter), Piece("close", delimiter)
            first.other, last.other = last, first
            pieces.append(first)
            _collect(text, child, copy, pieces, around | {spec.tag})
            pieces.append(last)
        else:
            pieces.append(Piece("raw", copy(*spec.open)))
            _collect(text, child, copy, pieces, around | {spec.tag})
            pieces.append(Piece("raw", _closing(spec, copy)))
    pieces.append(Piece("text", text[at : node.end]))


def _closing(spec: Spec, copy: Callable[[int, int], str]) -> str:
    """The end of a link; a link that was named by its own text gets its name spelled out."""
    close = copy(*spec.close)
    if spec.tag in NAMED:
        return "][" + copy(spec.open[1], spec.close[0]) + "]"
    return close


def _tidy(pieces: list[Piece], one_line: bool) -> None:
    """White space that Markdown would read as a break of a line or of the paragraph."""
    line_start = first = True
    for piece in pieces:
        if piece.kind == "raw":
            if one_line and "\n" in piece.text:
                piece.text = re.sub(r"\s*\n\s*", " ", piece.text)
            line_start = piece.text.endswith("\n")
        elif piece.kind == "text":
            text = re.sub(r"[ \t]*\n[ \t\n]*", " " if one_line else "\n", piece.text)
            text = text.lstrip() if line_start else text
            if first:  # a tag alone on the first line would be an HTML block
                text = re.sub(r"\A\s*\n\s*", " ", text)
                first = not text.strip()
            if text:
                line_start = text.endswith("\n")
            piece.text = text
    for piece in reversed(pieces):
        if piece.kind == "text":
            piece.text = piece.text.rstrip()
        if piece.text:
            break


def _settle(pieces: list[Piece]) -> None:
    """Move or drop delimiters until CommonMark's flanking rules read all of them as meant.

    ``は**「重要」**です`` is not bold: a delimiter between a letter and a punctuation mark does
    not open. The punctuation is moved out (``は「**重要**」です``); where markup is in the way, a
    space is put in.
    https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    # Inner delimiters first: what they push out lies next to the outer ones.
    for number in reversed(range(len(pieces))):
        if pieces[number].kind == "open":
            _settle_one(pieces, number, opening=True)
    for number, piece in enumerate(pieces):
        if piece.kind == "close":
            _settle_one(pieces, number, opening=False)
    for number, piece in enumerate(pieces):
        if piece.kind == "open" and piece.other is not None:
            _choose_delimiter(pieces, number)
        elif piece.kind in ("raw", "address") and _ADDRESS.fullmatch(piece.text):
            _set_off(pieces, number)
        elif piece.kind == "raw" and piece.text[:1] == piece.text[-1:] == "$":
            _set_off_math(pieces, number)


def _set_off_math(pieces: list[Piece], number: int) -> None:
    """Formulas are not read as such right beside a digit ("$5 and $6" are prices)."""
    before, after = _neighbour(pieces, number, -1), _neighbour(pieces, number, 1)
    if before is not None and before.text[-1].isdigit():
        _before(pieces, number).text += " "
    if after is not None and after.text[0].isdigit():
        _after(pieces, number).text = " " + _after(pieces, number).text


def _set_off(pieces: list[Piece], number: int) -> None:
    """Keep a bare address apart from Japanese or other letters that would run into it.

    GitHub links ``https://…`` only behind white space and lets it go on to the next white
    space, "。" included; angle brackets say where it begins and ends. Within a link (where they
    would be a link in a link) and without a scheme, spaces have to do.
    """
    piece = pieces[number]
    before, after = _neighbour(pieces, number, -1), _neighbour(pieces, number, 1)
    left = "" if before is None else before.text[-1]
    right = "" if after is None else after.text
    free = left.isspace() or left in ("", "*", "_", "~", "(")
    ends = _ADDRESS_END.match(right) is not None
    if piece.kind == "address" and not (free and ends) and not piece.text.startswith("www."):
        piece.text = f"<{piece.text}>"
        return
    if not free and re.fullmatch(r"[A-Za-z0-9@._%+-]", left):
        _before(pieces, number).text += " "
    if not ends and right[0] in _ADDRESS_CHARACTERS:
        _after(pieces, number).text = " " + _after(pieces, number).text


def _settle_one(pieces: list[Piece], number: int, *, opening: bool) -> None:
    piece = pieces[number]
    inward = 1 if opening else -1
    own, opposite = ("open", "close") if opening else ("close", "open")
    while True:
        inner = _neighbour(pieces, number, inward)
        if inner is None or inner is piece.other:
            _drop(piece)
            return
        beyond = _neighbour(pieces, number, inward, skip=(own, piece.text[0]))
        outer = _neighbour(pieces, number, -inward, skip=(own, piece.text[0]))
        near = "\n" if beyond is None else beyond.text[0 if opening else -1]
        far = "\n" if outer is None else outer.text[-1 if opening else 0]
        clash = outer is not None and outer.kind == opposite
        flanks = not near.isspace() and (
            not _maybe_punctuation(near) or far.isspace() or _surely_punctuation(far)
        )
        if flanks and not clash:
            return
        before, after = _before(pieces, number), _after(pieces, number)
        if inner.kind == "text" and not flanks:
            if opening:
                inner.text = inner.text[1:]
                before.text += near
            else:
                inner.text = inner.text[:-1]
                after.text = near + after.text
        elif opening:
            before.text += " "
            return
        else:
            after.text = " " + after.text
            return


def _before(pieces: list[Piece], number: int) -> Piece:
    """The text right before a delimiter; `_collect` always puts one there."""
    return pieces[number - 1]


def _after(pieces: list[Piece], number: int) -> Piece:
    return pieces[number + 1]


def _neighbour(
    pieces: list[Piece], number: int, step: int, skip: tuple[str, str] = ("", "")
) -> Piece | None:
    """The next piece with text; delimiters of the same run (kind, character) are passed over."""
    number += step
    while 0 <= number < len(pieces):
        piece = pieces[number]
        if piece.text and (piece.kind, piece.text[0]) != skip:
            return piece
        number += step
    return None


def _drop(piece: Piece) -> None:
    for one in (piece, piece.other):
        if one is not None:
            one.kind, one.text = "gone", ""


def _choose_delimiter(pieces: list[Piece], number: int) -> None:
    """Underscores do not work inside of a word; asterisks do."""
    first = pieces[number]
    last = first.other
    if "_" not in first.text or last is None:
        return
    end = next(n for n in range(number, len(pieces)) if pieces[n] is last)
    before, after = _neighbour(pieces, number, -1), _neighbour(pieces, end, 1)
    for outer, edge in ((before, -1), (after, 0)):
        if outer is None:
            continue
        char = outer.text[edge]
        if not (char.isspace() or _surely_punctuation(char)) or outer.kind in ("open", "close"):
            first.text = last.text = first.text.replace("_", "*")


def _maybe_punctuation(char: str) -> bool:
    """Punctuation for some reader of Markdown (symbols count since CommonMark 0.31)."""
    return unicodedata.category(char)[0] in "PS"


def _surely_punctuation(char: str) -> bool:
    """Punctuation for every reader of Markdown."""
    return unicodedata.category(char)[0] == "P" or char in "$+<=>^`|~"


def _joined(pieces: list[Piece], style: str, indent: str, edges: tuple[str, str]) -> str:
    written: list[str] = []
    line_start = style in ("prose", "line")
    kept = [piece for piece in pieces if piece.text]
    for number, piece in enumerate(kept):
        if piece.kind != "text":
            written.append(piece.text)
            line_start = False
            continue
        before = kept[number - 1].text[-1] if number else edges[0]
        after = kept[number + 1].text[0] if number + 1 < len(kept) else edges[1]
        lines = piece.text.split("\n")
        for count, line in enumerate(lines):
            if count:
                written.append("\n" + indent)
                line_start = style == "prose"
                before = "\n"
            follows = after if count == len(lines) - 1 else "\n"
            text = escape(line, before, follows, line_start)
            written.append(text.replace("|", "\\|") if style == "cell" else text)
            line_start = line_start and not line
    text = "".join(written)
    if style == "heading" and kept and kept[-1].kind == "text":
        text = re.sub(r"(?:(?<=[ \t])|\A)(#+)\Z", lambda found: "\\" + found[1], text)
    return text


def escape(text: str, before: str = "", after: str = "", line_start: bool = False) -> str:
    """`text` with a backslash before what would be read as markup, and nowhere else.

    Args:
        before, after: the characters around it ("" at the edges of the block).
        line_start: it begins a line of a block.
    """

    def one(match: re.Match[str]) -> str:
        found = match[0]
        left = text[match.start() - 1] if match.start() else before
        right = text[match.end()] if match.end() < len(text) else after
        if (
            match["star"] is not None
            and _blank(left)
            and _blank(right)
            and not (line_start and not text[: match.start()].strip())
        ):
            return found
        if match["line"] is not None and _in_word(left) and _in_word(right):
            return found
        return "".join("\\" + char for char in found)

    escaped = _SPECIAL.sub(one, text)
    if text.endswith("!") and after == "[":
        escaped = escaped[:-1] + "\\!"
    if text.endswith("$") and after and not after.isspace():
        escaped = escaped[:-1] + "\\$"
    if text.endswith("<") and after:
        escaped = escaped[:-1] + "\\<"
    if text.endswith("~") and not text.endswith("~~"):
        escaped = escaped[:-1] + "\\~" if after == "~" else escaped
    if not line_start:
        return escaped
    start = _LINE_START.match(text)
    if start is None:
        return escaped
    if start["one"] is not None:
        return escaped if escaped.startswith("\\") else "\\" + escaped
    return start["digits"] + "\\" + escaped[len(start["digits"]) :]


def _blank(char: str) -> bool:
    return not char or char.isspace()


def _in_word(char: str) -> bool:
    return bool(char) and char.isalnum()
