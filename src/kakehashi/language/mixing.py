"""Put the glossary's terms into the sentence that the model reads.

A small model copies what it cannot translate: in "The 介護支援専門員 will visit you" it keeps the
Japanese word and puts particles and inflection around it. This file makes such mixed sentences;
`telling` says when they are used and what happens when they do not help.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kakehashi.language.english_forms import VerbForm, plural, verb
from kakehashi.language.glossary import Hit
from kakehashi.language.japanese_forms import passive, past, renyo
from kakehashi.language.results import Language
from kakehashi.language.terms import Analysed, Word, analyse

# What a word is called as a form of する, by the inflected form that it has.
_SURU_FORMS: Final = {
    "未然形": "し",
    "連用形": "し",
    "終止形": "する",
    "連体形": "する",
    "仮定形": "すれ",
    "命令形": "しろ",
    "意志推量形": "しよう",
}
# Where an article may stand: not between an adjective or a verb and its noun.
_OPEN: Final = re.compile(r"(?:^|[^\w]|[はがをにでともへやのらか])$")
_DETERMINED: Final = re.compile(
    r"(?:この|その|あの|どの|各|毎|全ての|すべての|全|両|何の|[0-9０-９〇一二三四五六七八九十百千万]"
    r"(?:つ|個|人|件|枚|通|台|か所|カ所)?の?)$"
)


def mixed(body: str, hits: Sequence[Hit], variants: Sequence[int], to: Language) -> str:
    """`body` with the terms in the target language, each in the way that `variants` says.

    To Japanese, a verb stands in the form that fits the English one (0), in its dictionary form (1)
    or in 連用形 (2). To English, a noun stands with the article (0), without (1) or in the plural
    (2), a verb in the form that fits the Japanese inflection.
    """
    text = analyse(body, "ja") if to == "en" else None
    out: list[str] = []
    spot = 0
    for place, (hit, variant) in enumerate(zip(hits, variants, strict=True)):
        start, end = hit.span.start, hit.span.end
        if to == "ja" and hit.target.kind == "verb" and _beside(body, hits, place):
            said = body[start:end]
        elif to == "ja":
            said = _in_japanese(body, hit, variant)
        else:
            said, end = _in_english(body, hit, variant, text)
        out += [body[spot:start], said]
        spot = end
    return "".join(out) + body[spot:]


def _beside(body: str, hits: Sequence[Hit], place: int) -> bool:
    """Whether a term stands right beside another one.

    Two Japanese words side by side are read as one, and no particle is put between them
    (介護支援専門員提出した): the verb stays English then, and is dealt with in what comes out.
    """
    before, after = hits[place - 1 : place], hits[place + 1 : place + 2]
    span = hits[place].span
    return bool(
        (before and not body[before[0].span.end : span.start].strip())
        or (after and not body[span.end : after[0].span.start].strip())
    )


def _in_japanese(body: str, hit: Hit, variant: int) -> str:
    target = hit.target
    if not target.inflected or target.kind != "verb" or variant == 1:
        return target.text
    if variant == 2:
        return renyo(target)
    before = body[: hit.span.start]
    said = body[hit.span.start : hit.span.end].partition(" ")[0].lower()
    base = hit.pattern.text.partition(" ")[0].lower()
    if not before.strip() and said == base:
        return renyo(target)  # "Submit a copy": the dictionary form would go on as a clause
    if said in (verb(base, "participle"), verb(base, "past")) and said != base:
        if (be := _BE.search(before)) is None:
            return past(target)
        if be[1].lower() in ("be", "been", "being"):
            return renyo(target)  # with 〜される the modal verb before it was often lost
        return passive(target, past=be[1].lower() in ("was", "were"))
    return target.text


_BE: Final = re.compile(
    r"\b(am|is|are|was|were|be|been|being)(?:\s+(?:not|also|already|now|\w+ly))?\s+$", re.IGNORECASE
)


def _in_english(body: str, hit: Hit, variant: int, text: Analysed | None) -> tuple[str, int]:
    """What is put in, and up to where the Japanese is replaced."""
    target, span = hit.target, hit.span
    if hit.pattern.kind == "verb" and text is not None:
        return _english_verb(body, hit, text)
    said = target.text
    if target.kind in ("name", "verb") or said[:1].isupper():
        return _spaced(body, span.start, span.end, said), span.end
    if variant == 2:
        said = plural(said)
    elif (
        variant == 0
        and _OPEN.search(body[: span.start])
        and not _DETERMINED.search(body[: span.start])
    ):
        said = "the " + said
    return _spaced(body, span.start, span.end, said), span.end


def _english_verb(body: str, hit: Hit, text: Analysed) -> tuple[str, int]:
    target, span = hit.target, hit.span
    if span.last is None:
        return verb(target.text, "ing"), span.end
    place = next(i for i, word in enumerate(text.words) if word.start == span.last.start)
    after = text.words[place + 1 : place + 7]
    said = verb(target.text, _form(after))
    if hit.pattern.suru:
        return said, span.last.start
    end = span.end
    rest = _SURU_FORMS.get(span.last.form.split("-")[0], "する")
    if after and after[0].text in ("だ", "で") and "音便" in span.last.form:
        rest, end = rest + ("た" if after[0].text == "だ" else "て"), after[0].end
    if after and after[0].base in ("れる", "られる", "せる", "させる"):
        rest = "さ"
    return said + rest, end


def _form(after: Sequence[Word]) -> VerbForm:
    """The English form that fits what follows a Japanese verb."""
    chain: list[Word] = []
    for word in after:
        if word.kind not in ("助動詞", "動詞") and word.text not in ("て", "で"):
            break
        chain.append(word)
    if chain and chain[0].base in ("れる", "られる"):
        return "participle"
    bases = [word.base for word in chain]
    if "ない" in bases or "ぬ" in bases or "ん" in bases:
        return "base"
    if bases[:1] in (["て"], ["で"]):
        return "ing" if bases[1:2] in (["いる"], ["居る"]) else "base"
    return "past" if "た" in bases or "だ" in bases else "base"


def _spaced(body: str, start: int, end: int, said: str) -> str:
    before = body[start - 1 : start]
    after = body[end : end + 1]
    left = " " if before.isalnum() and before.isascii() else ""
    return left + said + (" " if after.isalnum() and after.isascii() else "")
