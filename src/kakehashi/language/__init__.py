"""The skills: translate, summarise, and the checks that say where a person should look.

Belongs here: anything that knows what a sentence means to a reader or what a model got wrong.
Does not: running models (`engine`), file formats (`documents`), terminals and servers (`cli`).
"""

from __future__ import annotations

from kakehashi.language.checks import check
from kakehashi.language.flags import Flag
from kakehashi.language.glossary import Glossary
from kakehashi.language.memory import TranslationMemory
from kakehashi.language.results import (
    MemoryMatch,
    Progress,
    SegmentTranslation,
    SentenceTranslation,
    Summary,
    SummaryLine,
    TermUse,
    Translation,
)
from kakehashi.language.summarise import Summariser
from kakehashi.language.translate import Translator

__all__ = [
    "Flag",
    "Glossary",
    "MemoryMatch",
    "Progress",
    "SegmentTranslation",
    "SentenceTranslation",
    "Summariser",
    "Summary",
    "SummaryLine",
    "TermUse",
    "Translation",
    "TranslationMemory",
    "Translator",
    "check",
]
