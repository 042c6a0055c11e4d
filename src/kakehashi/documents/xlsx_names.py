"""New names of sheets within Excel's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kakehashi.documents.xlsx_formula import folded

_LONGEST: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_RESERVED: Final = frozenset({"history", "履歴"})


def sheet_names(old: Sequence[str], wanted: Mapping[int, str]) -> list[str]:
    r"""Names for all sheets: those that are `wanted` (by position) as far as Excel allows them.

    At most 31 characters, cut between words; none of ``[ ] : * ? / \``; no apostrophe at an
    end; no two the same without regard to capitals, nor one that Excel keeps for itself. A name
    of which nothing is left stays as it was.
    """
    names = list(old)
    taken = {folded(name) for number, name in enumerate(old) if number not in wanted}
    for number, name in sorted(wanted.items()):
        clean = _clean(name) or old[number]
        found, count = _cut(clean, _LONGEST), 1
        while folded(found) in taken or folded(found) in _RESERVED:
            count += 1
            ending = f" ({count})"
            found = _cut(clean, _LONGEST - len(ending)) + ending
        taken.add(folded(found))
        names[number] = found
    return names


def _clean(name: str) -> str:
    return " ".join(_FORBIDDEN.sub(" ", name).split()).strip("' ")


def _cut(name: str, limit: int) -> str:
    # Excel counts UTF-16 units.
    while len(name.encode("utf-16-le")) // 2 > limit:
        shorter = name[:limit].rsplit(" ", 1)[0] if " " in name[limit // 2 : limit] else ""
        name = shorter if shorter and shorter != name else name[: min(limit, len(name) - 1)]
    return name.rstrip("' ")
