"""The language of a segment, by script first and without statistics.

A segment is often a few characters (a cell, a button): letters, function words and the end
of the segment say more there than n-gram models, which call 売上高 Chinese and OK Polish.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kakehashi.text.chars import HALF_KANA, HIRAGANA, JAPANESE, KATAKANA, url_spans

_KANA: Final = re.compile(f"[{HIRAGANA}{KATAKANA}{HALF_KANA}]")
_JA: Final = re.compile(f"[{JAPANESE}]")
_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+(?:['’][A-Za-z]+)?")
_CODE: Final = re.compile(
    r"^(?:[A-Za-z]:)?[\\/.~]?[\w.-]*[\\/_][\w./\\-]*$|^\w+\(\)$|^--?[\w-]+$|^[\w-]+\.[a-z]{2,4}\d?$"
    r"|^(?=.*\d)(?=.*[A-Za-z])[\w.:/-]+$|^[a-z]+[A-Z]\w*$"
)
# Identifiers, options and tags in the middle of a sentence say nothing about its language.
_CODE_LIKE: Final = re.compile(r"[!-~]*[_=<>\\/][!-~]*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH: Final = _words(
    "the a an of to and in is are was were be been it this that for with as on at by from or not "
    "he she they we you i have has had do does did will would can could should may what which who "
    "when where how why there their his her its our your my all no yes if but than then please "
    "about into over after before more most new one two only so up out them him us me am i'm it's "
    "don't can't let's hello thanks thank here get go make see want know good"
)
_FOREIGN: Final = {
    "fr": _words(
        "le la les des du et une est dans pour que qui sur avec pas vous nous je ce cette au "
        "aux sont ne il elle bonjour merci c'est"
    ),
    "de": _words(
        "der die das und ist nicht ein eine mit für auf dem den von zu sich auch wir sie ich es "
        "werden im guten danke bitte"
    ),
    "es": _words(
        "el los las y es que en por para con una del se su al como más gracias hola está muy yo "
        "un de"
    ),
    "it": _words("il lo gli di che è per con una del della sono non si come anche grazie ciao i"),
    "pt": _words("o os as e é que em para com uma não do da dos das um por se mais obrigado"),
    "nl": _words("de het een en van is dat niet op te zijn voor met ik je wij ook maar"),
    "id": _words(
        "yang dan di ini itu dengan untuk tidak dari pada adalah saya kami akan terima kasih"
    ),
    "vi": _words("và của là có không cho các được trong một những này với"),
}
# Words of theirs that are English words as well.
_SHARED: Final = _ENGLISH | _words("i come die per on en an as so van do no son men")
_ROMAJI_SYLLABLES: Final = re.compile(
    r"(?:(?:[kgsztdnhbpmr]y?|sh|ch|ts|j|f|w|y|kk|tt|pp|ss|tch|ssh)?[aiueoāīūēō]+|n(?![aiueoy]))+",
    re.I,
)
_ROMAJI: Final = _words(
    "wa ga wo o ni de no desu masu deshita mashita watashi anata kore sore arigato arigatou "
    "gozaimasu konnichiwa ohayo ohayou sayonara sayounara kudasai onegai shimasu ka ne yo san "
    "hajimemashite sumimasen gomen nasai itadakimasu"
)
# Characters that Chinese text is full of and Japanese text is not, though CP932 holds them.
_CHINESE: Final = frozenset("你她很吧呢哪啊們這還說誰甚麽嗎咱您")
# Old forms: Taiwan and Hong Kong today, Japan before 1946.
_TRADITIONAL: Final = frozenset(
    "學國會體經濟氣來對應聲圖區醫廣賣發爲為臺灣點當實戰變關齊從樣處稱數據舊兒單圍壓專將屬帶德從惡應戲拂擇擔"
    "據擴收效敍曉榮樂權澤營獨獲繼續總縣繪聽與譯讀變豐賴輕轉邊鐵雜靈顯驛驗黃默龍"
) - frozenset("德擔收效默")
_JAPANESE_WORDS: Final = re.compile("令和|平成|昭和|大正|株式会社|有限会社|年度|都道府県|町村")
_LOANS: Final = _words(
    "café cafés résumé résumés naïve fiancé fiancée cliché façade jalapeño décor entrée"
)
_SPECIALS: Final = re.compile(r"[的了是在不]")


@dataclass(frozen=True, slots=True)
class Detection:
    """What `detect` found.

    Attributes:
        language: "ja", "en", "other" (any other language, Chinese and romanised Japanese
            included), or None: nothing to translate (digits, symbols, URLs, code).
        confidence: 0 to 1; below 0.6 it is a guess (kanji alone, a name in Latin letters).
    """

    language: str | None
    confidence: float


def detect(text: str) -> Detection:
    """The language of one segment (a sentence, a cell, a heading).

    >>> [detect(text).language for text in ("Microsoft Excelの使い方", "ｶﾀｶﾅ", "１２％")]
    ['ja', 'ja', None]
    """
    bare = _without_urls(text)
    latin_text = unicodedata.normalize("NFKC", bare)
    japanese = len(_JA.findall(bare))
    other = sum(1 for char in latin_text if _other_letter(char))
    words = _WORD.findall(latin_text)
    if not japanese and not other:
        return _latin(latin_text, words, had_url=bare != text)
    if other > japanese and other > sum(map(len, words)) / 2:
        return Detection("other", 0.95 if other > 2 else 0.8)
    if not japanese:
        return _latin(latin_text, words, had_url=False)
    words = _WORD.findall(_CODE_LIKE.sub(" ", latin_text))
    english = sum(2.0 if word.lower() in _ENGLISH else 1.0 for word in words if word[0].islower())
    english += sum(1.5 for word in words if word[0].isupper() and word.lower() in _ENGLISH)
    for_japanese = japanese / 2 + (3.0 if _ends_in_japanese(bare) else 0.0)
    if english > for_japanese:
        return Detection("en", round(0.5 + 0.45 * (english - for_japanese) / english, 2))
    if not _KANA.search(bare):
        return _kanji_only([char for char in bare if _JA.match(char)])
    share = for_japanese / (for_japanese + english)
    return Detection("ja", round(min(0.99, 0.5 + 0.49 * share), 2))


def _without_urls(text: str) -> str:
    parts: list[str] = []
    position = 0
    for start, end in url_spans(text):
        parts.append(text[position:start])
        position = end
    return " ".join([*parts, text[position:]]) if parts else text


@lru_cache(maxsize=4096)
def _other_letter(char: str) -> bool:
    """A letter that is neither Latin nor Japanese."""
    if char < "\u0370" or not char.isalpha() or _JA.match(char):
        return False
    name = unicodedata.name(char, "")
    if name.startswith("GREEK"):  # α, β, μ, Ω: symbols more often than Greek
        return not char.islower() and char not in "ΑΒΓΔΘΛΞΠΣΦΨΩ"
    return not name.startswith(("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "DOUBLE-STRUCK"))


def _ends_in_japanese(text: str) -> bool:
    """Japanese puts the verb last, so what the last letter is says which grammar frames it."""
    for char in reversed(text):
        if char.isalpha():
            return bool(_JA.match(char))
    return False


def _kanji_only(chars: list[str]) -> Detection:
    """Kanji alone: Japanese or Chinese, by the character sets made for each."""
    whole = "".join(chars)
    if _JAPANESE_WORDS.search(whole):
        return Detection("ja", 0.9)
    kinds = [_kanji_kind(char) for char in chars]
    chinese, japanese = kinds.count("zh"), kinds.count("ja")
    particles = len(_SPECIALS.findall(whole))
    if len(chars) >= 6 and particles >= max(2, len(chars) // 6):
        chinese += particles
    if chinese > japanese:
        return Detection("other", round(min(0.95, 0.6 + 0.1 * chinese), 2))
    if japanese:
        return Detection("ja", round(min(0.95, 0.7 + 0.1 * japanese), 2))
    # 会議: the first is not in Big5, the second not in GB 2312, so no Chinese writes both.
    mixed = not _encodable(whole, "gb2312") and not _encodable(whole, "big5")
    return Detection("ja", 0.8 if mixed else 0.55)


@lru_cache(maxsize=8192)
def _kanji_kind(char: str) -> str:
    """Say "zh" or "ja" where only one of the two writes `char`, else "both".

    A kanji that is missing in CP932 is not Japanese; one that is in it but neither in
    GB 2312 nor in Big5 is a Japanese form (駅, 図, 円).
    """
    if char in _CHINESE or char in _TRADITIONAL:
        return "zh"
    held = {name: _encodable(char, name) for name in ("cp932", "gb2312", "big5")}
    if not held["cp932"]:
        return "zh" if held["gb2312"] or held["big5"] else "both"
    return "both" if held["gb2312"] or held["big5"] else "ja"


def _encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _latin(text: str, words: list[str], *, had_url: bool) -> Detection:
    """Latin letters only: English, another language, or nothing to translate."""
    real = [word for word in words if len(word) > 1 or word.lower() in ("a", "i", "o", "y", "e")]
    tokens = text.split()
    if not real or all(_CODE.match(token) or not any(map(str.isalpha, token)) for token in tokens):
        return Detection(None, 0.95 if had_url or not words else 0.8)
    lower = [word.lower().replace("’", "'") for word in real]
    english = sum(word in _ENGLISH for word in lower)
    foreign = max(
        sum(word in held and word not in _SHARED for word in lower) for held in _FOREIGN.values()
    )
    accented = sum(1 for word in lower if not word.isascii() and word not in _LOANS)
    romaji = sum(word in _ROMAJI and word not in _ENGLISH for word in lower)
    syllabic = sum(1 for word in lower if _ROMAJI_SYLLABLES.fullmatch(word))
    romanised = romaji >= 2 or (romaji == 1 and len(lower[0]) > 7)
    if romanised and syllabic >= 0.8 * len(lower) and romaji >= english:
        return Detection("other", 0.7)
    strange = foreign + accented
    enough = foreign >= 2 or accented >= 0.15 * len(lower)
    clear = foreign > english or (accented > 0 and not english)
    if enough and clear and foreign + 1.5 * accented > english + 0.5:
        return Detection("other", round(min(0.95, 0.55 + 0.1 * strange), 2))
    if english:
        return Detection("en", round(min(0.98, 0.7 + 0.06 * english), 2))
    return Detection("en", 0.55 if len(lower) < 4 else 0.65)
