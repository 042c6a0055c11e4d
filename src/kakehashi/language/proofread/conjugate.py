"""Conjugation of Japanese verbs, for suggestions: the polite and the plain form of an ending."""

from __future__ import annotations

from typing import Final

# Row of a five-step verb → its stem vowels and the ending of its past.
_ROWS: Final = {
    "カ行": ("か", "き", "いた"),
    "ガ行": ("が", "ぎ", "いだ"),
    "サ行": ("さ", "し", "した"),
    "タ行": ("た", "ち", "った"),
    "ナ行": ("な", "に", "んだ"),
    "バ行": ("ば", "び", "んだ"),
    "マ行": ("ま", "み", "んだ"),
    "ラ行": ("ら", "り", "った"),
    "ワア行": ("わ", "い", "った"),
}
_HONORIFIC: Final = ("くださる", "下さる", "いらっしゃる", "なさる", "おっしゃる", "ござる")


def stems(base: str, row: str) -> tuple[str, str, str] | None:
    """The negative stem, the ます stem and the past of a verb; None if it is not known.

    Args:
        base: dictionary form (行く).
        row: its conjugation as SudachiPy names it (五段-カ行).

    >>> stems("行う", "五段-ワア行"), stems("食べる", "下一段-バ行"), stems("行く", "五段-カ行")
    (('行わ', '行い', '行った'), ('食べ', '食べ', '食べた'), ('行か', '行き', '行った'))
    """
    kind, _, name = row.partition("-")
    if kind == "五段" and name in _ROWS:
        negative, polite, past = _ROWS[name]
        if base.endswith(_HONORIFIC):
            polite = "い"
        if base in ("行く", "いく", "ゆく") or base.endswith(("て行く", "ていく")):
            past = "った"
        stem = base[:-1]
        return stem + negative, stem + polite, stem + past
    if kind in ("上一段", "下一段") and base.endswith("る"):
        stem = base[:-1]
        return stem, stem, stem + "た"
    if kind == "サ行変格" and base.endswith("する"):
        stem = base[:-2] + "し"
        return stem, stem, stem + "た"
    if kind == "カ行変格" and base in ("来る", "くる"):
        return ("来", "来", "来た") if base == "来る" else ("こ", "き", "きた")
    return None
