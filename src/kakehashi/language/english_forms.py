"""Forms of English words: plural, past, participle, -ing, and a or an.

Enough to recognise a glossary's term in a sentence and to put one into it. Regular rules and a
table of irregular verbs; irregular plurals come from simplemma's lemmas where words are matched.
"""

from __future__ import annotations

import re
from typing import Final, Literal

VerbForm = Literal["base", "past", "participle", "ing", "third"]

# base: past, participle. Verbs that stand in an office's glossary, alone or in "take over".
_IRREGULAR: Final[dict[str, tuple[str, str]]] = {
    line.split()[0]: (line.split()[1], line.split()[-1])
    for line in """
    be was been;become became become;begin began begun;bind bound;break broke broken
    bring brought;build built;buy bought;catch caught;choose chose chosen;come came come;cut cut
    deal dealt;do did done;draw drew drawn;drive drove driven;fall fell fallen;feed fed;find found
    fly flew flown;forbid forbade forbidden;forget forgot forgotten;forgo forwent forgone
    freeze froze frozen;get got;give gave given;go went gone;grind ground;grow grew grown
    hang hung;have had;hear heard;hide hid hidden;hit hit;hold held;keep kept;know knew known
    lay laid;lead led;leave left;lend lent;let let;lose lost;make made;mean meant;meet met;pay paid
    put put;read read;reset reset;rewrite rewrote rewritten;ride rode ridden;ring rang rung
    rise rose risen;run ran run;say said;see saw seen;seek sought;sell sold;send sent;set set
    shut shut;speak spoke spoken;spend spent;split split;spread spread;stand stood
    steal stole stolen;stick stuck;take took taken;teach taught;tear tore torn;tell told
    think thought;throw threw thrown;undergo underwent undergone;understand understood
    undertake undertook undertaken;uphold upheld;wear wore worn;win won
    wind wound;withdraw withdrew withdrawn;write wrote written;oversee oversaw overseen
    override overrode overridden
    """.replace("\n", ";").split(";")
    if line.strip()
}
_VOWELS: Final = "aeiou"
# Verbs of two syllables that double their last consonant because the second one is stressed.
_DOUBLED: Final = re.compile(
    r"(?:[^aeiou]*[aeiou][bdgklmnprtz]|.*(?:mit|fer|cur|pel|bel|gin|get|set|cel|rol|lot|quip))$"
)
_STRESSED_FIRST: Final = "offer suffer differ label budget target cancel edit audit"
_NOT_DOUBLED: Final = frozenset(_STRESSED_FIRST.split())
_AN_ANYWAY: Final = re.compile(r"(?:hour|honou?r|honest|heir)", re.IGNORECASE)
_A_ANYWAY: Final = re.compile(r"(?:uni(?!n|m)|use|usu|eu|one\b|once|ut[ei]|ubi)", re.IGNORECASE)
_SPELLED_WITH_VOWEL: Final = "AEFHILMNORSX"


def plural(noun: str) -> str:
    """Plural of the last word: ``care manager`` → ``care managers``."""
    if re.search(r"[^aeiouAEIOU\W]y$", noun):
        return noun[:-1] + "ies"
    if re.search(r"(?:s|x|z|ch|sh)$", noun, re.IGNORECASE) and not noun.isupper():
        return noun + "es"
    return noun + "s"


def verb(phrase: str, form: VerbForm) -> str:
    """A form of the first word: ``take over`` past → ``took over``."""
    word, space, rest = phrase.partition(" ")
    return _verb(word, form) + space + rest


def _verb(word: str, form: VerbForm) -> str:
    if form == "base":
        return word
    low = word.lower()
    if form in ("past", "participle"):
        if low in _IRREGULAR:
            return _IRREGULAR[low][form == "participle"]
        if low.endswith("e"):
            return word + "d"
        if re.search(r"[^aeiou]y$", low):
            return word[:-1] + "ied"
        return word + _doubled(low) + "ed"
    if form == "ing":
        if low.endswith("ie"):
            return word[:-2] + "ying"
        if re.search(r"[^eoy]e$", low) and low != "be":
            return word[:-1] + "ing"
        return word + _doubled(low) + "ing"
    if low in ("go", "do"):
        return word + "es"
    return {"have": "has", "be": "is"}.get(low, plural(word))


def _doubled(low: str) -> str:
    """The consonant that is written twice before -ed and -ing, if it is."""
    if low in _NOT_DOUBLED or not _DOUBLED.match(low):
        return ""
    if len(low) > 1 and low[-1] not in _VOWELS + "wxy" and low[-2] in _VOWELS:
        return low[-1] if len(low) < 3 or low[-3] not in _VOWELS or low[-3:-1] == "ui" else ""
    return ""


def forms(word: str, *, noun: bool = True, verbal: bool = True) -> frozenset[str]:
    """All regular and known irregular forms of one lower-case word, itself among them."""
    found = {word}
    if noun:
        found.add(plural(word))
    if verbal:
        found.update(_verb(word, form) for form in ("past", "participle", "ing", "third"))
    return frozenset(found)


def article(following: str) -> str:
    """``a`` or ``an``, by the sound that `following` begins with."""
    word = re.match(r"\W*(\w*)", following)
    first = word.group(1) if word else ""
    if len(first) > 1 and first.isupper() and not any(char in "AEIOU" for char in first[1:2]):
        return "an" if first[0] in _SPELLED_WITH_VOWEL else "a"  # read letter by letter
    if first in ("A", "E", "F", "H", "I", "L", "M", "N", "O", "R", "S", "X"):
        return "an"
    if _AN_ANYWAY.match(first) or re.match(r"(?:8|11\b|18\b)", first):
        return "an"
    if _A_ANYWAY.match(first):
        return "a"
    return "an" if first[:1].lower() in _VOWELS and first else "a"
