"""Words: the dictionary forms that carry a sentence, and the names in it.

Japanese goes through SudachiPy (dictionary ``core``, loaded on first use, about 0.2 s); English
needs no dictionary for what is asked here.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from kakehashi.errors import DependencyError
from kakehashi.language.results import Language

if TYPE_CHECKING:
    from sudachipy import Dictionary, Morpheme, Tokenizer

# SudachiPy refuses more than 49,149 bytes at once.
_MOST: Final = 12_000
_VERBS: Final = "為る 有る 居る 成る 言う 出来る 行く 来る 遣る 貰う 呉れる 御座る"
_NOUNS: Final = "こと 事 もの 物 ため 為 よう 様 ところ 所 とき 時 これ それ 等 など"
_EMPTY_VERBS: Final = frozenset(_VERBS.split())
_EMPTY_NOUNS: Final = frozenset(_NOUNS.split())
_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*|\d[\d,.]*")
_KATAKANA: Final = re.compile(r"[\u30a1-\u30fa][\u30a1-\u30fa\u30fc・]{2,}")
_STOP: Final = """
    a about above after again against all also am among an and any are as at be because been
    before being below between both but by can cannot could did do does doing down during each
    even few for from further get got had has have having he her here hers him his how however i
    if in into is it its itself just like made make many may me might more most much must my no
    nor not now of off on once one only or other our out over own per said same say says she
    should since so some such than that the their them then there these they this those through
    to too under until up upon us very was we well were what when where which while who whom why
    will with within without would year years yet you your mr mrs ms dr
"""
STOP_WORDS: Final = frozenset(_STOP.split())


# A tokenizer refuses to be used by two threads at once; the dictionary behind it may be.
_own: Final = threading.local()


@cache
def _dictionary() -> Dictionary:
    try:
        from sudachipy import Dictionary
    except ImportError:
        raise DependencyError(
            "SudachiPy is not installed; summaries need it",
            hint="pip install sudachipy sudachidict_core",
        ) from None
    return Dictionary(dict="core")


def _tokenizer() -> Tokenizer:
    """The tokenizer of this thread."""
    made: Tokenizer | None = getattr(_own, "tokenizer", None)
    if made is None:
        dictionary = _dictionary()
        from sudachipy import SplitMode

        made = _own.tokenizer = dictionary.tokenizer(mode=SplitMode.C)
    return made


def morphemes(text: str) -> Iterator[Morpheme]:
    """Morphemes of a Japanese text of any length, mode C.

    Raises:
        DependencyError: SudachiPy is not installed.
    """
    for start in range(0, len(text), _MOST):
        yield from _tokenizer().tokenize(text[start : start + _MOST])


def content_words(text: str, language: Language) -> list[str]:
    """Dictionary forms of the words that carry meaning, in order, with repetitions."""
    if language == "en":
        words = (match.group().lower() for match in _WORD.finditer(text))
        return [_stem(word) for word in words if word not in STOP_WORDS and len(word) > 1]
    found = []
    for morpheme in morphemes(text):
        kind = morpheme.part_of_speech()
        word = morpheme.normalized_form()
        if kind[0] == "動詞":
            if kind[1] == "一般" or word not in _EMPTY_VERBS:
                found.append(word)
        elif kind[0] == "名詞":
            if word not in _EMPTY_NOUNS and kind[1] != "助動詞語幹":
                found.append(word)
        elif kind[0] in ("形容詞", "形状詞") and kind[1] not in ("非自立可能", "助動詞語幹"):
            found.append(word)
    return found


def names(text: str, language: Language) -> list[str]:
    """Proper names as they stand in the text, each once.

    Japanese: what the dictionary calls 固有名詞, katakana words, words in Latin letters.
    English: capitalised words, except those that only begin a sentence and are known as
    ordinary words.
    """
    found: list[str] = []
    if language == "ja":
        found.extend(one.surface() for one in morphemes(text) if _is_name(one))
        found.extend(_KATAKANA.findall(text))
        found.extend(word for word in _WORD.findall(text) if word[0].isalpha() and len(word) > 1)
    else:
        starts = {match.end() for match in re.finditer(r"(?:^|[.!?]\s+)[\"“'‘(]*", text)}
        for match in _WORD.finditer(text):
            word = match.group()
            if not word[0].isupper() or word.lower() in STOP_WORDS:
                continue
            if match.start() in starts and word[1:].islower():
                continue
            found.append(word)
    return list(dict.fromkeys(found))


def unknown_names(text: str, source: str, language: Language) -> list[str]:
    """Names of `text` that do not occur in `source` (same language)."""
    known = _fold(source)
    return [name for name in names(text, language) if _fold(name) not in known]


def _is_name(morpheme: Morpheme) -> bool:
    kind = morpheme.part_of_speech()
    return bool(kind[0] == "名詞" and kind[1] == "固有名詞")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def _stem(word: str) -> str:
    """Crude English stem: enough to see that 'opened' and 'opening' are the same word."""
    word = word.removesuffix("'s").removesuffix("’s")
    for ending, least in (("ing", 6), ("ied", 5), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
    return word
