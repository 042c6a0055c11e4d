"""English grammar around a term that was put in: capitals, a and an, articles, verb forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kakehashi.language.english_forms import article, verb
from kakehashi.language.terms import Pattern, analyse

_BE: Final = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being|gets?|got)(?:\s+(?:not|also|already|now))?\s+$",
    re.IGNORECASE,
)
_HAVE: Final = re.compile(
    r"\b(?:has|have|had|\w+'ve)(?:\s+(?:not|also|already|now))?\s+$", re.IGNORECASE
)
_BASE_AFTER: Final = re.compile(
    r"\b(?:will|would|can|could|shall|should|may|might|must|to|do|does|did|cannot|please|\w+n't)"
    r"(?:\s+not)?\s+$",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"\b(an?)(\s+)$", re.IGNORECASE)
_TWICE: Final = re.compile(
    r"\b(the|an?|my|our|your|his|her|its|their|this|that|these|those|each|every|no|any|some"
    r"|\w+['’]s)\s+(?:the|an?)\s+$",
    re.IGNORECASE,
)


def mended(target: str, terms: Sequence[Pattern]) -> str:
    """An English sentence with the grammar around `terms` put right, where it can be told.

    Names and TERMS IN CAPITALS get their own capitals back.
    """
    for one in terms:
        if one.kind == "name" or not one.text.islower():
            target = _capitals(target, one)
        target = _mend(target, one)
    return target


def _capitals(target: str, one: Pattern) -> str:
    spelled = re.compile(rf"(?<!\w){re.escape(one.text)}(?!\w)", re.IGNORECASE)
    if one.text.isupper() and len(one.text) < 4:
        return target  # IT and it are two words
    return spelled.sub(one.text, target)


def _mend(target: str, one: Pattern) -> str:
    text = analyse(target, "en")
    for span in reversed(list(one.spans(text))):
        before, said = target[: span.start], target[span.start : span.end]
        if one.kind == "verb":
            said = _verb(before, said, one.text)
        elif (found := _TWICE.search(before)) is not None:
            before = before[: found.end(1)] + " "
        elif (found := _ARTICLE.search(before)) is not None:
            right = article(said)
            right = right.capitalize() if found[1][0].isupper() else right
            before = before[: found.start()] + right + found[2]
        if not before.strip(" \"'“‘([") and said[:1].islower():
            said = said[:1].upper() + said[1:]
        target = before + said + target[span.end :]
    return target


def _verb(before: str, said: str, base: str) -> str:
    """The form that fits be, have or a modal verb before it."""
    if said == base and (_HAVE.search(before) or _BE.search(before)):
        return verb(base, "participle")
    if said in (verb(base, "past"), verb(base, "participle")) and _BASE_AFTER.search(before):
        return base
    return said
