"""Formulas of a workbook as text: follow renamed sheets, table columns and translated literals.

Nothing is calculated. A formula is cut into tokens (ECMA-376 part 1, §18.17.2); the tokens that
name a sheet, a column of a table or a text are written anew, all others keep their characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

_TOKEN: Final = re.compile(
    r'(?P<string>"(?:[^"]|"")*")'
    r"|(?P<quoted>'(?:[^']|'')*')"
    r"|(?P<error>#(?:REF!|N/A|[A-Z0/_]+[!?]))"
    r"|(?P<open>\[)"
    r"|(?P<word>[^\s'\"!(),;:{}\[\]+\-*/^&=<>@#%]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_PLAIN_SHEET: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
# Names that would be read as a cell (A1, R1C1) or a constant, if they were not quoted.
_CELL_LIKE: Final = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*(?:[Cc]\d*)?|[Cc]\d*|TRUE|FALSE", re.I)
# A reference that is written in a text: "#予算!A1", "'My Sheet'!B2:C3".
_TEXT_REFERENCE: Final = re.compile(
    r"(#?)('(?:[^']|'')+'|[^'!#\[\]]+)(!\$?[A-Za-z]{0,3}\$?\d*(?::\$?[A-Za-z]{0,3}\$?\d*)?)"
)
# What may stand around a text that is looked for (COUNTIF): "<>済", "=済".
_CRITERION: Final = re.compile(r"((?:<>|[<>]?=|[<>])?)(.*)", re.DOTALL)
# In brackets, or without them as some programs write it: [[#This Row],[列]], [[#This Row],列].
_COLUMN: Final = re.compile(r"\[((?:'.|[^\[\]'])*)\]|([^\[\],:@\s][^\[\],:]*)", re.DOTALL)

TokenKind = Literal["string", "quoted", "error", "open", "word", "other", "columns"]


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a formula; the texts of all tokens joined are the formula."""

    kind: TokenKind
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in a workbook.

    Attributes:
        sheets: old name → new name of all sheets, empty if none has a new one; keys in `folded`
            form.
        columns: table name → (old column → new column); keys in `folded` form.
        texts: old text of cells → new text; keys in `folded` form.
    """

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sheets or self.columns or self.texts)


def folded(text: str) -> str:
    """How Excel compares names and texts: without regard to small and capital letters."""
    return text.casefold()


def tokens(formula: str) -> Iterator[Token]:
    """The tokens of a formula; whatever stands in brackets is one ("columns")."""
    at = 0
    while at < len(formula):
        match = _TOKEN.match(formula, at)
        assert match is not None  # "other" matches any character
        kind = match.lastgroup
        if kind == "open":
            end = _closing(formula, at)
            yield Token("columns", formula[at:end])
            at = end
            continue
        yield Token(kind, match[0])  # type: ignore[arg-type]
        at = match.end()


def _closing(formula: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`; `'` quotes the next character."""
    depth = 0
    while at < len(formula):
        char = formula[at]
        if char == "'":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(formula)


def literals(formula: str) -> Iterator[str]:
    """The texts that stand in a formula, without their quotes."""
    if '"' not in formula:
        return
    for token in tokens(formula):
        if token.kind == "string" and len(token.text) > 2:
            yield token.text[1:-1].replace('""', '"')


def rewrite(formula: str, changes: Changes, table: str = "") -> str:
    """The formula after `changes`.

    Args:
        formula: without the leading "=".
        table: the table in which the formula stands, for references such as ``[@列]``.
    """
    found = list(tokens(formula))
    if changes.sheets:
        found = list(_joined(found, changes.sheets))
    return "".join(_rewritten(found, number, changes, table) for number in range(len(found)))


def _rewritten(found: list[Token], number: int, changes: Changes, table: str) -> str:
    token = found[number]
    following = found[number + 1].text if number + 1 < len(found) else ""
    before = found[number - 1] if number else Token("other", "")
    if token.kind == "string":
        return _literal(token.text, changes)
    if token.kind == "columns":
        if following == "!" or (number + 1 < len(found) and found[number + 1].kind == "word"):
            return token.text  # the number of another workbook: [1]Sheet1!A1
        named = before.kind == "word"
        columns = changes.columns.get(folded(before.text if named else table))
        new = _columns(token.text, columns) if columns else token.text
        # Excel itself writes the table's name; LibreOffice needs it where a column has a blank.
        return new if named or new == token.text else table + new
    if not changes.sheets or before.kind == "columns":
        return token.text
    if token.kind == "quoted" and following == "!":
        return _sheets(token.text[1:-1].replace("''", "'"), changes.sheets) or token.text
    if token.kind == "word" and following == "!":
        return _sheets(token.text, changes.sheets) or token.text
    return token.text


def _joined(found: list[Token], sheets: Mapping[str, str]) -> Iterator[Token]:
    """The tokens, with a range of sheets (``Sheet1:Sheet3!A1``) as one: it is quoted as one."""
    number = 0
    while number < len(found):
        kinds = [token.kind for token in found[number : number + 4]]
        texts = [token.text for token in found[number : number + 4]]
        if (
            kinds == ["word", "other", "word", "other"]
            and texts[1] == ":"
            and texts[3] == "!"
            and folded(texts[0]) in sheets
        ):
            yield Token("word", "".join(texts[:3]))
            number += 3
        else:
            yield found[number]
            number += 1


def _sheets(name: str, renamed: Mapping[str, str]) -> str:
    """New spelling of what stands before "!" (one sheet or ``first:last``), "" if the same."""
    if "[" in name:  # of another workbook
        return ""
    parts = [name] if folded(name) in renamed else name.split(":")
    new = [renamed.get(folded(part), part) for part in parts]
    if new == parts:
        return ""
    if len(new) == 1 or all(map(_is_plain, new)):
        return ":".join(map(sheet_reference, new))
    return "'" + ":".join(part.replace("'", "''") for part in new) + "'"


def sheet_reference(name: str) -> str:
    """A sheet's name as formulas spell it: in quotes, unless it is a plain word."""
    return name if _is_plain(name) else "'" + name.replace("'", "''") + "'"


def _is_plain(name: str) -> bool:
    return bool(_PLAIN_SHEET.fullmatch(name)) and not _CELL_LIKE.fullmatch(name)


def _literal(token: str, changes: Changes) -> str:
    text = token[1:-1].replace('""', '"')
    new = follow_text(text, changes.texts)
    if new is None and changes.sheets:
        new = follow_reference(text, changes.sheets)
    return token if new is None else '"' + new.replace('"', '""') + '"'


def follow_text(text: str, texts: Mapping[str, str]) -> str | None:
    """What becomes of a literal or criterion that is the text of a translated cell, else None."""
    if not texts or not text:
        return None
    if (new := texts.get(folded(text))) is not None:
        return new
    found = _CRITERION.fullmatch(text)
    if found is None or not found[1] or not found[2]:
        return None
    new = texts.get(folded(found[2]))
    return None if new is None else found[1] + new


def follow_reference(text: str, sheets: Mapping[str, str]) -> str | None:
    """What becomes of a reference in a text or hyperlink (``#予算!A1``), None if nothing."""
    found = _TEXT_REFERENCE.fullmatch(text)
    if found is None:
        return None
    name = found[2]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    new = sheets.get(folded(name))
    return None if new is None else found[1] + sheet_reference(new) + found[3]


def _columns(text: str, renamed: Mapping[str, str]) -> str:
    """``[列]``, ``[@列]``, ``[[#This Row],[列]]``, ``[[甲]:[乙]]`` with the new names."""
    inner = text[1:-1]
    if "[" not in inner.replace("'[", ""):
        new = _column(inner.removeprefix("@"), renamed)
        if new is None:
            return text
        return f"[[#This Row],[{new}]]" if inner.startswith("@") else f"[{new}]"

    if inner.startswith("@["):  # Excel's own spelling on the screen, not in files
        inner = "[#This Row]," + inner[1:]

    def put(match: re.Match[str]) -> str:
        new = _column(match[1] if match[2] is None else match[2], renamed)
        return match[0] if new is None else f"[{new}]"

    new = "[" + _COLUMN.sub(put, inner) + "]"
    return text if new == f"[{inner}]" else new


def _column(spelled: str, renamed: Mapping[str, str]) -> str | None:
    """The new spelling of a column's name, None for ``#Totals`` and what keeps its name."""
    if spelled.lstrip().startswith("#"):
        return None
    new = renamed.get(folded(re.sub(r"'(.)", r"\1", spelled, flags=re.DOTALL)))
    return None if new is None else re.sub(r"([\[\]#'@])", r"'\1", new)


def used_functions(formula: str) -> frozenset[str]:
    """The names of the functions that a formula calls, in capitals."""
    found = list(tokens(formula))
    return frozenset(
        one.text.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        for one, following in pairwise(found)
        if one.kind == "word" and following.text == "("
    )
