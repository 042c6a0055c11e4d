"""A flag: a reason why a person should look at a result. All codes and wordings stand here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["low", "medium", "high"]

# code → (severity, message). High: wrong in all likelihood. Medium: probably wrong, worth one
# retry. Low: right in all likelihood, but something was guessed.
CODES: Final[dict[str, tuple[Severity, str]]] = {
    "empty": ("high", "nothing came out of the model"),
    "wrong-language": ("high", "the result is not in the language that was asked for"),
    "untranslated": ("high", "the source was given back without being translated"),
    "leftover": ("medium", "a part of the source was left as it was"),
    "loop": ("high", "the result repeats itself"),
    "too-long": ("medium", "much longer than translations of such a text are"),
    "too-short": ("medium", "much shorter than translations of such a text are"),
    "cut-off": ("medium", "the model did not come to an end; the result was cut"),
    "number-missing": ("medium", "a number of the source is missing"),
    "number-extra": ("medium", "a number that is not in the source"),
    "number-unit": ("medium", "a number lost or changed its unit"),
    "date-changed": ("medium", "a date or time is not that of the source"),
    "currency-changed": ("medium", "another currency than the source names"),
    "number-repaired": ("low", "a wrong number was replaced by that of the source"),
    "date-impossible": ("medium", "a date that the calendar or the era does not have"),
    "year-doubtful": ("low", "a fiscal year (April to March) may have become a calendar year"),
    "style-mixed": ("low", "not in the style (敬体, 常体) of the rest of the document"),
    "name-guess": ("low", "a Japanese name in kanji that the source does not spell"),
    "name-missing": ("medium", "a name in Latin letters is missing"),
    "name-extra": ("medium", "a name in Latin letters that is not in the source"),
    "protected-lost": ("medium", "code, a URL or a placeholder was lost and put at the end"),
    "mark-guessed": ("low", "the place of bold, a link or the like was guessed"),
    "other-language": ("medium", "neither Japanese nor English; left as it was"),
    "sentence-cut": ("low", "a very long sentence was cut before it was translated"),
    "invented": ("high", "a name or number that does not occur in the source"),
    "not-translated": ("medium", "no translation passed the checks; this is the source sentence"),
    "shortened": ("low", "cut to the length that was asked for"),
    "glossary-missed": ("medium", "a term of the glossary was not used"),
    "glossary-repeated": ("low", "a term stands more often than in the source"),
    "glossary-forbidden": ("medium", "a word that the glossary forbids"),
    "memory-numbers": ("low", "from the translation memory, with the numbers of this sentence"),
}

WEIGHT: Final[dict[Severity, int]] = {"low": 1, "medium": 10, "high": 100}


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a person should check a segment.

    Attributes:
        code: stable name, one of `CODES`.
        severity: "low", "medium" or "high".
        message: one English sentence for a person.
        evidence: the characters it is about; empty when it is about all of them.
    """

    code: str
    severity: Severity
    message: str
    evidence: str = ""

    def __str__(self) -> str:
        return f"{self.message}: {self.evidence}" if self.evidence else self.message


def flag(code: str, evidence: str = "", severity: Severity | None = None) -> Flag:
    """The flag called `code`, with its own severity or another one.

    Raises KeyError for a code that is not in `CODES`.
    """
    usual, message = CODES[code]
    return Flag(code, severity or usual, message, evidence)


def weight(flags: tuple[Flag, ...]) -> int:
    """How bad a set of flags is; 0 is clean, 10 and more is worth a retry."""
    return sum(WEIGHT[one.severity] for one in flags)


RETRY_WEIGHT: Final = WEIGHT["medium"]
