"""Proofreading of Japanese: typos, grammar, honorifics, style, notation, dates.

Belongs here: rules (small functions with examples), what they say, and the run over a document.
Does not: models (no rule asks one), file formats, terminals. A rule that fires on good text is
changed or dropped: `kakehashi bench proofread` measures it.

What is not found: a character that is missing or swapped inside a word that no table has, a
homophone without a tell-tale neighbour, a wrong fact. Of slips of the first two kinds that the
rules had not been mended on, less than half were found.
"""

from __future__ import annotations

from kakehashi.language.proofread import (
    characters,
    dates,
    honorifics,
    notation,
    official,
    particles,
    style,
    typos,
    verbs,
    wording,
)
from kakehashi.language.proofread.finding import SEVERITIES, Finding
from kakehashi.language.proofread.rule import RULES, Rule
from kakehashi.language.proofread.run import Options, apply_fixes, proofread, proofread_text

__all__ = [
    "RULES",
    "SEVERITIES",
    "Finding",
    "Options",
    "Rule",
    "apply_fixes",
    "proofread",
    "proofread_text",
]

# The modules of rules register them when they are imported.
_ROOMS = (
    typos, wording, particles, verbs, honorifics, characters, notation, style, dates, official,
)  # fmt: skip
