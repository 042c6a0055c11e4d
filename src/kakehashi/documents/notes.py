"""Warnings of documents: what a person should know, although the document can be read.

All wordings of `Document.warnings` stand here.
"""

from __future__ import annotations

from typing import Final

MACROS: Final = "the file carries macros; they are kept as they are and were not looked at"
SIGNED: Final = "the file is digitally signed; the signature becomes invalid when it is changed"
