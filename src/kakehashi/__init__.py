"""Kakehashi (架け橋): Japanese language AI that an organisation runs itself.

    from kakehashi import Kakehashi

    with Kakehashi() as kakehashi:
        print(kakehashi.translate("The library is closed on Mondays.", to="ja"))

Names are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kakehashi.api import DocumentTranslation, Kakehashi
    from kakehashi.errors import KakehashiError
    from kakehashi.language.flags import Flag
    from kakehashi.language.results import SegmentTranslation, Summary, Translation

__version__ = "0.1.0"

__all__ = [
    "DocumentTranslation",
    "Flag",
    "Kakehashi",
    "KakehashiError",
    "SegmentTranslation",
    "Summary",
    "Translation",
    "__version__",
]

_HOMES = {
    "DocumentTranslation": "kakehashi.api",
    "Kakehashi": "kakehashi.api",
    "KakehashiError": "kakehashi.errors",
    "Flag": "kakehashi.language.flags",
    "SegmentTranslation": "kakehashi.language.results",
    "Summary": "kakehashi.language.results",
    "Translation": "kakehashi.language.results",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
