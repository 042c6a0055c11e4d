"""What proofreading gives back: a finding, with its place, its reasons and a suggestion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")

_LINE: Final = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a document that a person should look at.

    Attributes:
        rule: the id of the rule, one of `kakehashi.language.proofread.RULES`.
        severity: "error" (wrong in all likelihood), "warning" (usually better otherwise),
            "info" (a matter of style, or something to check).
        segment: id of the segment.
        place: where the segment stands in the document.
        line, column: counted from 1 within the segment's text, in characters.
        start, end: the same as offsets into the segment's text.
        text: the characters it is about.
        reason_ja, reason_en: one sentence each.
        suggestion: what could stand there instead; None if only a person can tell.
        safe: the suggestion cannot change what the text says, and is written by a fix.
    """

    rule: str
    severity: Severity
    segment: int
    place: str
    line: int
    column: int
    start: int
    end: int
    text: str
    reason_ja: str
    reason_en: str
    suggestion: str | None = None
    safe: bool = False

    @property
    def where(self) -> str:
        """The place in words, with the line of the document where its format has lines."""
        if (whole := _LINE.fullmatch(self.place)) is not None:
            return f"line {int(whole[1]) + self.line - 1}, column {self.column}"
        line = f", line {self.line}" if self.line > 1 else ""
        return f"{self.place}{line}, column {self.column}"
