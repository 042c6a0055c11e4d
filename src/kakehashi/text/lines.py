"""Which line breaks are only the width of the page, and which mean something.

A wrapped paragraph is put together (its breaks stay inside the chunk); blank lines, list
items, headings, tables, verse and short lines stay apart. Decided for each break from the
two lines around it and the block (the lines between two blank ones) they stand in.
"""

from __future__ import annotations

import re
from typing import Final

from kakehashi.text.abbreviations import ends_sentence
from kakehashi.text.chars import (
    HIRAGANA,
    JAPANESE,
    KANJI,
    KATAKANA,
    LINE_END,
    columns,
    is_japanese,
)

_LINE: Final = re.compile(f"[^{LINE_END}]*(?:\r\n|[{LINE_END}]|$)")
_HARD: Final = ("\x0c", "\u2029", "\x1c", "\x1d")

MARKER: Final = re.compile(
    r"\s*(?:[-*+•‣◦▪▫–—][ \t\u3000]+|[・●○■□◆◇▶▷►★☆※→⇒✓✔▲△▼▽◎][ \t\u3000]*(?!\s)"
    r"|[\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3251-\u325f][ \t\u3000.．、]*"
    r"|[(（]?(?:[0-9０-９]{1,3}|[A-Za-zＡ-Ｚａ-ｚア-ンｱ-ﾝ]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[)）]"
    r"[ \t\u3000]*"
    r"|(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}|[A-Za-z]|[ivxIVX]{2,5})\.[ \t\u3000]+"
    r"|[0-9０-９]{1,2}[．、][ \t\u3000]*(?![0-9０-９])"
    r"|(?:>[ \t]?)+)"
)
_HEADING: Final = re.compile(
    r"\s*(?:#{1,6}\s|[■□◆◇●【＜〈《]|第[0-9０-９一二三四五六七八九十百]+[章節条項部編回話]"
    r"|(?:Chapter|Section|Part|Appendix|Article)\s+[\dIVXA-Z]+\b)"
)
_RULE: Final = re.compile(r"\s*[-=~_*＝―─━‐＊・.#+|: \u3000\t]{3,}$")
_TABLE: Final = re.compile(r"\s*\||.*\t|.*\|\s*$")
_LABEL: Final = re.compile(r"\s*(?:[A-Z][\w /]{0,24}:\s|[^\s、。：:]{1,10}[：:](?!//))")

_ENDED: Final = re.compile(
    r"(?:[。｡．.！？!?‼⁇⁈⁉…⋯‥：:;；]|[」』】》］]|[♪☆★♡♥])[」』）)】〕］\]》〉｣”’»\"'*_]*$"
)
_STOP: Final = re.compile(r"[。｡！？!?‼⁉．](?!\d)|\.(?=[」』）)”’\"']*(?:\s|$))")
_NO_START: Final = re.compile(
    r"[をんーゃゅょっぁぃぅぇぉャュョッァィゥェォ々、。，．！？）」』】・：；…〜ｰ､｡｣,.!?)\]}%％]"
)
_PARTICLE_END: Final = re.compile(
    f"(?:[はがをにへとのもやで]|から|まで|より|ので|のに|けど|けれど|ながら|[{HIRAGANA}{KANJI}][てば]|[、，､,])$"
)
_PARTICLE_START: Final = re.compile(
    f"(?:[はがのにでともへ]|から|まで|など)(?=[{KANJI}{KATAKANA}、，0-9０-９])"
)
_QUOTE_GOES_ON: Final = re.compile(
    f"[をがはにのでもへ](?![{HIRAGANA}])|と(?:[言述語話思考呼題し]|い[うっえ]|の)"
)
_LETTER_HEAD: Final = re.compile(r"(?:下記|以下|標記|このたび|この度|平素|拝啓|日頃|今般|当)")
_ABOUT: Final = re.compile(r"(?:について|に関して|のお知らせ|の件|のお願い|のご案内)$")
# A line that begins with one of these in capitals, in the middle of a sentence, is verse.
_VERSE_WORDS: Final = (
    "And But The To Of In For With That Who Which While When Then Or Nor As At By From On So "
    "Thou Thy Where Whose What If A An Its His Her My Our Your Their Is Are Was Were Be Not No "
    "O Oh Upon Through Till Yet Let Like This These Those He She We They It You There"
)
_VERSE_START: Final = frozenset(_VERSE_WORDS.split())
_JA_CHAR: Final = re.compile(f"[{JAPANESE}]")

# Columns. English prose is wrapped at 60-80, verse rarely passes 50; a Japanese page or mail
# is wrapped at 30-40 characters, a heading or a line of verse is shorter than 20.
_EN_PAGE: Final = 50
_JA_PAGE: Final = 40
_JA_SLACK: Final = 4


def chunks(text: str, language: str | None = None) -> list[str]:
    """Cut `text` at the line breaks that mean something; ``"".join`` gives the text back."""
    found: list[str] = []
    block: list[str] = []
    for match in _LINE.finditer(text):
        line = match[0]
        if not line:
            continue
        if line.strip():
            block.append(line)
            if line.endswith(_HARD):
                found.extend(_block(block, language))
                block = []
        else:
            found.extend(_block(block, language))
            block = []
            found.append(line)
    found.extend(_block(block, language))
    return found


def _block(lines: list[str], language: str | None) -> list[str]:
    """Chunks of consecutive lines that are not blank."""
    if len(lines) < 2:
        return lines
    shape = _Shape(lines, language)
    found: list[str] = []
    head = 0
    for at in range(1, len(lines)):
        if not shape.wrapped(at, head):
            found.append("".join(lines[head:at]))
            head = at
    found.append("".join(lines[head:]))
    return found


class _Shape:
    """Widths and endings of the lines of a block."""

    def __init__(self, lines: list[str], language: str | None) -> None:
        self.lines = [line.strip() for line in lines]
        self.raw = lines
        self.language = language
        self.widths = [columns(line) for line in self.lines]
        self.page = max(self.widths)
        # Prose goes on until a full stop, so a line is prose if one comes in it or later.
        self.closes = [False] * len(lines)
        closed = False
        for at in range(len(lines) - 1, -1, -1):
            closed = closed or bool(_STOP.search(self.lines[at]))
            self.closes[at] = closed
        inner = self.widths[:-1]
        self.even = len(lines) > 2 and min(inner) >= self.page - _JA_SLACK

    def wrapped(self, at: int, head: int) -> bool:
        """Whether line `at` goes on with the sentence of the line before it.

        `head` is the first line of the chunk that the line before belongs to.
        """
        before, line = self.lines[at - 1], self.lines[at]
        if MARKER.match(line) or _HEADING.match(line) or _TABLE.match(line):
            return False
        if _RULE.match(line) or _RULE.match(before) or _TABLE.match(before):
            return False
        if _HEADING.match(before) and not (MARKER.match(before) and self._indented(at)):
            return False
        if _ENDED.search(before):
            return self._despite_mark(at)
        if self._indented(at):
            # A new paragraph, unless it is an item's second line.
            if not MARKER.match(self.lines[head]):
                return not is_japanese(line[0]) and self._english(at)
            if line[0].islower():
                return True
        if _LABEL.match(line) and not line[0].islower():
            return False
        if self._is_japanese(before, line):
            return self._japanese(at, head)
        return self._english(at)

    def _despite_mark(self, at: int) -> bool:
        """``Mr.⏎Smith``, ``U.S.⏎government``, ``came;⏎she``, ``「行く」⏎と言った``."""
        before, line = self.lines[at - 1], self.lines[at]
        if before[-1] == "." and not is_japanese(line[0]):
            if line[0].islower():
                return self._english(at)
            tail = before[-40:]
            return not ends_sentence(
                f"{tail}\n{line[:40]}", len(tail) - 1, len(tail) + 1, opens=False
            )
        if before[-1] in ":;":
            return line[0].islower() and self._english(at)
        return before[-1] in "」』》" and self.closes[at] and bool(_QUOTE_GOES_ON.match(line))

    def _indented(self, at: int) -> bool:
        return self.raw[at][0].isspace() and not self.raw[at - 1][0].isspace()

    def _is_japanese(self, before: str, line: str) -> bool:
        if is_japanese(before[-1]) or is_japanese(line[0]):
            return True
        if _JA_CHAR.search(before) and _JA_CHAR.search(line):
            return True
        undecided = not (before[-1].isalpha() or line[0].isalpha())
        return undecided and self.language == "ja"

    def _japanese(self, at: int, head: int) -> bool:
        before, line = self.lines[at - 1], self.lines[at]
        if _NO_START.match(line) or before[-1] in "、，､":
            return True
        if _ABOUT.search(before) and at - 1 == head and _LETTER_HEAD.match(line):
            return False
        filled = self.widths[at - 1] >= self.page - _JA_SLACK
        if not self.closes[at]:
            return filled and self.page >= _JA_PAGE and self.even
        if _PARTICLE_END.search(before) or _PARTICLE_START.match(line):
            return True
        return filled and self.page >= _JA_PAGE

    def _page_filled(self, at: int) -> bool:
        """Whether the first word of line `at` had no room on the line before (greedy filling)."""
        word = self.lines[at].split(maxsplit=1)[0]
        return self.page >= _EN_PAGE and self.widths[at - 1] + 1 + columns(word) > self.page

    def _english(self, at: int) -> bool:
        before, line = self.lines[at - 1], self.lines[at]
        word = line.split(maxsplit=1)[0]
        start = line.lstrip("\"'“‘([*_")
        # "I" is a capital anywhere; a cue of two lines is no verse.
        if start[:1].islower() or (word.split("'")[0] == "I" and len(self.lines) <= 3):
            return self.closes[at] or self.page >= _EN_PAGE
        if before[-1] in "-\u2010\u00ad" and before[-2:-1].isalpha():
            return True
        if word in _VERSE_START:
            return False
        return self.closes[at] and self._page_filled(at)
