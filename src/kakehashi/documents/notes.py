"""Warnings of documents: what a person should know, although the document can be read.

All wordings of `Document.warnings` stand here.
"""

from __future__ import annotations

from typing import Final

MACROS: Final = "the file carries macros; they are kept as they are and were not looked at"
SIGNED: Final = "the file is digitally signed; the signature becomes invalid when it is changed"
EMPTY: Final = "there is no text in it that could be translated; words in pictures are not read"


def revisions(count: int) -> str:
    """Tracked changes in a Word document."""
    return (
        f"{_many(count, 'tracked change')}: the text is translated as if they were accepted; in "
        "translated paragraphs they can no longer be rejected"
    )


def readings(count: int) -> str:
    """Ruby."""
    return f"{_many(count, 'reading')} above characters (ruby) will not be in a translation"


def references(count: int) -> str:
    """Fields whose result holds words."""
    return (
        f"{_many(count, 'field')} with words made by Word (references, dates) stay as they are; "
        "update the fields in Word (Ctrl+A, F9)"
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
