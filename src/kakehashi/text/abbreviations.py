"""Which full stops of English end a sentence, by the word before and the word after."""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name follows: never the end.
_TITLES: Final = _words(
    "mr mrs ms mx dr prof gen sen sens rep reps gov det v pres lt col capt cpt cmdr sgt maj adm "
    "rev hon fr messrs mme mlle st mt ft supt insp atty dist sra sr.a e.g i.e eg ie cf vs viz "
    "al ca approx esp incl resp aka a.k.a"
)
# A number follows: not the end before one.
_BEFORE_NUMBER: Final = _words(
    "no nos vol vols fig figs eq eqs sec secs ch chap art arts p pp par para ver ed app ref refs "
    "tab tel ext n nr c op bk pt jan feb mar apr jun jul aug sep sept oct nov dec"
)
# May end a sentence or not: the next word decides.
_EITHER: Final = _words(
    "inc ltd co corp llc plc bros jr sr etc ave blvd rd dept univ assn est mfg intl natl govt "
    "a.m p.m am pm u.s u.k u.n e.u u.s.a d.c ph.d m.d b.a m.a b.c a.d hr hrs min mins oz lb lbs "
    "ft in yd jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs "
    "fri sat sun"
)
_STARTERS: Final = _words(
    "the a an it he she we they you this that these those there here in on at by for from with "
    "as after before but and or so if when while where who what why how however although though "
    "because since moreover furthermore meanwhile then now yet still also his her its our their "
    "my your some many most all no not please let to i"
)
_WORD_BEFORE: Final = re.compile(r"(?:[A-Za-z]+\.)*[A-Za-z]+$")
_WORD_AFTER: Final = re.compile(r"[\"'“‘(\[*_]*([A-Za-z]+)")
_LINE_MARKER: Final = re.compile(r"(?:^|\n)\s*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})$")

# Pieces of a divided word that are no words alone: the hyphen at the line end was the printer's.
BOUND_PREFIXES: Final = _words(
    "con com inter intro dis ob trans af ag ap ar cor de im in ir il per sub sup ac ad em en"
)
SUFFIXES: Final = _words(
    "tion tions sion sions tional ing ings ment ments ness able ably ible ibly ally ity ities ed "
    "ly tive tively sive ture tures ance ances ence ences ation ations lation lations ization "
    "izations isation cation cations ological ology ously ious ous tious cal ical cally ically er "
    "ers ers' est ful less ism ist ists ize izes ized izing ise ised ising tal tial cial ment's "
    "tor tors sor sors tory tary nary mental ered ering sional"
)


def ends_sentence(text: str, dot: int, after: int, *, opens: bool) -> bool:
    """Whether the full stop at `dot` ends a sentence; the next one would begin at `after`.

    `opens`: what follows is Japanese, so only titles and numbers can speak against it.
    """
    head = text[max(0, dot - 40) : dot]
    if _LINE_MARKER.search(head) and dot <= 6:
        return False
    found = _WORD_BEFORE.search(head)
    if not found:
        return True
    word = found[0].lower()
    follower = _WORD_AFTER.match(text, after)
    starter = opens or bool(follower and follower[1].lower() in _STARTERS)
    if word in _TITLES:
        return False
    if word in _BEFORE_NUMBER and re.match(r"[\d#(０-９]|[IVX]+\b", text[after : after + 6]):
        return False
    if word in _EITHER or "." in word:
        return starter
    if len(word) == 1 and found[0].isupper():
        return starter
    return True
