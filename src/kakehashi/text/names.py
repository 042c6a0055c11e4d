"""Latin-script names that a translation has to carry over as they are."""

from __future__ import annotations

import re
from typing import Final

from kakehashi.text.chars import JAPANESE, url_spans
from kakehashi.text.number import FOLD


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN: Final = re.compile(
    r"(?<!\w)@\w{2,}|(?<![\w-])--[a-z][\w-]+(?<=\w\w\w)"
    r"|(?<!\w)(?:[A-Za-z]:\\|~?/(?=[A-Za-z][\w-]*[/.]\w))[\w.\\/-]*\w"
    r"|[A-Za-z][A-Za-z0-9]*(?:(?:[._+&/\-]|::)?[A-Za-z0-9]+)*(?:\+\+|#(?!\w)|\(\))?"
    r"|(?<![\w.])\d{1,9}(?:\.\d{1,9}){0,4}[A-Za-z][A-Za-z0-9-]*",
    re.ASCII,
)
_VERSION: Final = re.compile(r" (v?\d{1,4}(?:\.\d+)*)(?![\d,.]*\d|\s?[%:/年月日時分人])(?!\.\d)")

# Japanese uses these for things that English calls otherwise, and translates the others.
_JAPANESE_ONLY: Final = _words(
    "SNS CM OL NG GW HP TEL FAX Tel Fax LDK DK PV CV MV PTA KY OB OG JK DV SP AV PR IR VS OK LP "
    "CF UV GM BGM W杯"
)
# English abbreviations with a Japanese word of their own (米国, 国連, テレビ) or none.
_TRANSLATED: Final = _words(
    "US USA U.S. U.S U.S.A UK U.K. U.K UN U.N U.N. EU TV AM PM OK AD BC CE BCE DC NY LA MP MPs "
    "PhD Ph.D Mr Mrs Ms Dr St Jr Sr Inc Ltd Co Corp NW NE SW SE AIDS HIV NGO GDP PR TVs CD DVD "
    "DVDs CDs ID IDs FM PE CV HR VIP RV SUV ATM BBQ DJ FAQ RSVP UFO XL PTSD LGBT NHS MRI CT A.M "
    "P.M D.C P.S E.U O.K GOP HQ BST ET EST EDT PT PST PDT CST CDT CET JE WW1 WW2 WWI WWII "
    "YouTuber YouTubers JR GK FW MF DF"
)
_SHOUTED: Final = _words(
    "A AN THE AND OR NOT BUT IF IN ON AT BY TO OF FOR FROM WITH IS ARE WAS WERE BE DO DOES DID "
    "NO YES MUST MAY CAN WILL SHALL SHOULD ALL ANY ONLY NEVER ALWAYS PLEASE NOTE WARNING "
    "CAUTION IMPORTANT NEW YOU YOUR I WE HE SHE IT THEY THIS THAT HOW WHAT WHEN WHERE WHO WHY "
    "STOP GO OFF UP OUT FREE SO MY ME HIS HER OUR HAS HAVE HAD DON VERY MORE MOST OPEN CLOSED "
    "SALE BREAKING NEWS UPDATE UPDATED END"
)
_UNITS: Final = _words(
    "km m cm mm kg g mg t l ml GB MB KB TB GHz MHz kHz Hz kW MW GW W kWh MWh V mV A mA mAh Pa "
    "hPa kPa dB px pt cc ha min sec hr hrs ft in lb lbs oz mph kmh yen am pm rpm bps Mbps Gbps "
    "kcal cal C F K p pp"
)
# A number after these is a version or part of a name. A list, since nothing else tells
# Windows 11 from Radio 4 (ラジオ第4) or Labour 32 (労働党32).
_VERSIONED: Final = _words(
    "Windows Android Office Excel Word Access Outlook Exchange Python Java JavaScript Ruby "
    "Rails Perl Go Rust Swift Kotlin Django React Angular Vue Node Ubuntu Debian Fedora Linux "
    "Kubernetes Docker Galaxy Pixel Kindle Xbox PlayStation Surface Photoshop Illustrator "
    "Acrobat Chrome Firefox Safari Edge Bluetooth Unity Oracle PostgreSQL MySQL SQLite Gemma "
    "Gemini Llama Claude Mistral Qwen Server Vista Core Ryzen Threadripper ISO RFC USB HTTP "
    "IEEE IEC JIS DDR RTX GTX TLS SSL PHP HTML CSS SQL PDF OAuth"
)
_COUNTER: Final = re.compile("[つ個回名円社台件本番号点位階歳度章か条枚冊票万億千百]")
_ROMAN: Final = re.compile(r"[IVXLCDM]+$")
_PERSON: Final = re.compile(r"(?:Mc|Mac|Fitz|De|Di|La|Le|Van|O')[A-Z][a-z]+$")
_UPPER: Final = re.compile(r"[A-Z]")
_JA_CHAR: Final = re.compile(f"[{JAPANESE}]")


def latin_names(text: str) -> list[str]:
    """Names, acronyms and identifiers in Latin letters which have to survive translation.

    In English: URLs and mail addresses, acronyms (NASA), mixed case (GitHub), words with
    digits (COVID-19, v1.2), identifiers and paths (foo_bar, config.yaml), a name with its
    version (Windows 11). Not: ordinary capitalised words and names of people and places,
    which Japanese writes in katakana, and acronyms with a Japanese word (US, UN, TV).
    In Japanese: also capitalised words (Microsoft), but not the acronyms that only Japanese
    uses (SNS, CM). Full-width letters come out in ASCII; each name once, in order.

    >>> latin_names("NASA's report on Windows 11 names foo_bar and London.")
    ['NASA', 'Windows 11', 'foo_bar']
    >>> latin_names("ＮＨＫはMicrosoft ExcelとSNSの使い方を紹介した。")
    ['NHK', 'Microsoft Excel']
    """
    folded = text.translate(FOLD)
    found: list[tuple[int, str]] = []
    rest = list(folded)
    for start, end in url_spans(folded):
        found.append((start, folded[start:end]))
        rest[start:end] = " " * (end - start)
    body = "".join(rest)
    japanese = bool(_JA_CHAR.search(body))
    shouting = _shouting(body)
    end_of_last = -1
    for match in _TOKEN.finditer(body):
        word = match[0].removesuffix("'s").rstrip("-./&")
        keep = _in_japanese(word) if japanese else _in_english(word, shouting)
        start, end = match.start(), match.start() + len(word)
        name = _plural(word)
        if _UPPER.search(word) and _takes_version(body, end, word, japanese):
            version = _VERSION.match(body, end)
            if version and not _COUNTER.match(body, version.end()):
                name, keep, end = f"{word}{version[0]}", True, version.end()
        if not keep:
            continue
        if japanese and found and body[end_of_last:start] == " " and _UPPER.match(word):
            name = f"{found.pop()[1]} {name}"
            start = start - len(name) + len(word)
        found.append((start, name))
        end_of_last = end
    return list(dict.fromkeys(name for _, name in sorted(found)))


def _shouting(text: str) -> bool:
    """Whether the text is set in capitals, so that they say nothing."""
    letters = [char for char in text if char.isascii() and char.isalpha()]
    if len(letters) < 12:
        return False
    return sum(map(str.isupper, letters)) > 0.7 * len(letters) and " " in text.strip()


def _plural(word: str) -> str:
    """PCs, F.B.I. and AI-powered are looked for as PC, FBI and AI."""
    if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word):
        return word.replace(".", "")
    head = word.split("-")[0]
    if word != head and _acronym(head) and word[len(head) :].islower():
        return head
    return word[:-1] if re.fullmatch(r"[A-Z]{2,}s", word) else word


def _identifier(word: str) -> bool:
    """Code, paths, options, handles: kept in any language."""
    if word[0] in "@-/~" or "\\" in word or "::" in word or word.endswith(("()", "++", "#")):
        return len(word) > 2 or word.endswith("#")
    if "_" in word:
        return True
    if "." in word.strip("."):
        return bool(
            re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{1,5}\d?", word)
        ) and not re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word)
    return False


def _in_english(word: str, shouting: bool) -> bool:
    if _identifier(word):
        return True
    if _plural(word) in _TRANSLATED or word in _TRANSLATED or word in _UNITS:
        return False
    if "/" in word or word.upper() in _SHOUTED or re.fullmatch(r"No\.?\d+", word):
        return False
    if any(map(str.isdigit, word)):
        return (
            bool(_UPPER.search(word))
            and not re.fullmatch(
                r"\d+(?:st|nd|rd|th|s|[A-Za-z]|[KMG]B|[A-Za-z]+-.*)|[A-Z]-?\d|\d+[a-z-]+|\d+[AP]M|[A-Z][a-z]+-\d+.*",
                word,
            )
        ) or bool(re.fullmatch(r"v\d[\d.]+", word))
    if shouting:
        return False
    head = word.split("-")[0]
    if "-" in word:
        # AI-powered carries AI; Anglo-Saxon and T-shirt carry nothing.
        if re.fullmatch("[A-Z][a-z]-[A-Z][a-z]", word):
            return True
        return _acronym(head) and all(
            part.islower() or _acronym(part) for part in word.split("-")[1:]
        )
    if _acronym(word):
        return True
    return bool(re.search(r"[a-z][A-Z]", word)) and not _PERSON.match(word)


def _acronym(word: str) -> bool:
    plain = word.replace("&", "").replace(".", "")
    if word in _TRANSLATED or word in _SHOUTED or _ROMAN.match(plain):
        return False
    return bool(re.fullmatch(r"[A-Z]{2,5}s?", plain))


def _in_japanese(word: str) -> bool:
    if _identifier(word):
        return True
    if word in _JAPANESE_ONLY or word in _UNITS or word in _TRANSLATED or _ROMAN.match(word):
        return False
    if len(word) < 2 or re.fullmatch(r"\d+\w?|No\.?\d*|[A-Z]-?\d|\d+[a-z]+", word):
        return False
    return bool(_UPPER.search(word))


def _takes_version(body: str, end: int, word: str, japanese: bool) -> bool:
    """Whether a number after this word is part of a name (Windows 11, not Chapter 3)."""
    if word in _VERSIONED or re.search(r"[a-z][A-Z]", word):
        return not _PERSON.match(word)
    return word[0].isupper() and bool(re.match(r" \d+\.\d", body[end : end + 8])) and japanese
