"""Sentences of Japanese and English text, found without a dictionary.

Two steps. `lines.chunks` decides which line breaks are only the width of the page; the
rest of the text is then cut at sentence ends. Nothing is ever dropped or changed: the
pieces joined give the text back. A piece keeps the white space that follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from kakehashi.text.abbreviations import BOUND_PREFIXES, SUFFIXES, ends_sentence
from kakehashi.text.chars import JAPANESE, LINE_END, is_japanese, url_spans
from kakehashi.text.lines import MARKER, chunks

# A bracket with sentences in it stays whole up to this many characters; longer ones (a whole
# speech inside 「」) are cut at their sentences, or a model could not take them.
_BRACKET_LIMIT: Final = 240
_PAIRS: Final = dict(zip("」』）)】〕］]》〉｣｝}", "「『（(【〔［[《〈｢｛{", strict=True))
_BRACKETS: Final = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_PAIRS.values())) + "]")

_STOPS: Final = re.compile(
    r"(?P<ja>[。｡]+[。｡！？!?‼⁇⁈⁉…]*)"
    r"|(?P<mark>[！？!?‼⁇⁈⁉]+[。｡！？!?‼⁇⁈⁉…]*)"
    r"|(?P<dots>(?:…|⋯|‥|・・・+|\.\.\.+|。。+)+)"
    r"|(?P<wide>．)"
    r"|(?P<dot>\.)"
)
_CLOSING: Final = re.compile(r"[」』）)】〕］\]》〉｣｝}”’»\"'*_]*")
_LAUGH: Final = re.compile(
    r"[（(](?:笑|泣|汗|苦笑|爆|涙|怒|爆笑|w+|ｗ+)[）)]|[笑ｗ♪☆★♡♥❤]+(?=\s|$)"
)
_SPACE: Final = re.compile(r"\s*")

# After a closed quotation the sentence goes on when a particle follows.
_GOES_ON: Final = re.compile(
    r"[、，,・：:；;~〜]|と(?!ころ|ても|にかく|りあえず|もかく|き)|って|っと|を|が(?!んば)|へ"
    r"|は(?![いじ])|に(?!わか|もかか)|で(?!も|は[、，]|すが|すから)|の(?!ち|んび)|も(?!し|う|ちろん|っと)"
    r"|や(?!がて|はり|っ)|か(?!つ|も|な)|な(?!ぜ|お|の|ん|か|る)|だ(?!か|が|け)|など|なんて|ら[しれ]|でした|です(?!が|か)"
)
_QUOTED_ON: Final = re.compile(
    r"と(?:の|も|言|云|い[うっえわ]|思|聞|き[いくか]|尋|訊|叫|驚|考|書|感|問|な[るっ]|は言)"
)
_SAYS: Final = re.compile(
    r"(?:[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)?|I|he|she|they|we|the \w+) "
    r"(?:said|says|asked|asks|replied|cried|shouted|added|whispered|answered|told|wondered)\b"
)
_OPENS: Final = re.compile(
    r"[\"'“‘«(\[*_¿¡—–-]*(?:[A-Z0-9À-ÞА-Я]|[a-z]{1,2}[A-Z]|https?:|[$€£¥#@&<])"
)
_NAMES: Final = re.compile(r"(?:Yahoo!|モーニング娘。|つのだ☆|モー娘。|Jeopardy!|ウマ娘。)")
_JA: Final = re.compile(f"[{JAPANESE}「『（【〔［《〈｢“‘・●○■□◆◇※]")


def split(text: str, language: str | None = None) -> list[str]:
    """Cut `text` into sentences (headings, list items and lines of verse count as such).

    Args:
        text: any text; line breaks of any kind are kept.
        language: "ja" or "en" decides what scripts leave open (a line of digits, say);
            None looks at each place alone, so a text may mix both.

    Returns:
        Non-empty pieces with ``"".join(pieces) == text``. White space after a sentence
        belongs to it; white space before the first one, to the first. A sentence that
        was wrapped by hard line breaks is one piece that contains them (see `unwrap`).

    >>> split("彼は「行く。すぐ行く。」と言った。３．５%増！？ No. 3 is by Mr. Tanaka. OK?")
    ['彼は「行く。すぐ行く。」と言った。', '３．５%増！？ ', 'No. 3 is by Mr. Tanaka. ', 'OK?']
    """
    pieces: list[str] = []
    lead: list[str] = []
    last = ""
    for chunk in chunks(text, language):
        if not chunk.strip():
            lead.append(chunk)
            continue
        if last:
            pieces.append("".join([last, *lead]))
            lead.clear()
        *whole, last = _sentences("".join([*lead, chunk]) if lead else chunk)
        lead.clear()
        pieces.extend(whole)
    rest = "".join([last, *lead])
    return [*pieces, rest] if rest else pieces


def _sentences(chunk: str) -> list[str]:
    """The sentences of a chunk without line breaks that matter."""
    inside = _Spans(_bracket_spans(chunk))
    untouched = _Spans(sorted(url_spans(chunk) + [m.span() for m in _NAMES.finditer(chunk)]))
    marker = MARKER.match(chunk)
    position = marker.end() if marker else 0
    pieces: list[str] = []
    start = 0
    while match := _STOPS.search(chunk, position):
        position = match.end()
        if untouched.holds(match.start()):
            continue
        closed = _CLOSING.match(chunk, position)
        end = closed.end() if closed else position
        end = _spaceless_quote(chunk, position, end)
        if laugh := _LAUGH.match(chunk, end):
            end = laugh.end()
        if inside.cuts(end) or not _is_end(chunk, match, end):
            continue
        space = _SPACE.match(chunk, end)
        position = space.end() if space else end
        if position >= len(chunk):
            break
        pieces.append(chunk[start:position])
        start = position
    if start < len(chunk):
        pieces.append(chunk[start:])
    return pieces


def _spaceless_quote(chunk: str, stop: int, end: int) -> int:
    """Give back an ASCII quote or asterisk that opens the next sentence (``そう。"次"``)."""
    while end > stop and chunk[end - 1] in "\"'*_" and chunk[end : end + 1].strip():
        if chunk.count(chunk[end - 1], max(0, end - _BRACKET_LIMIT), end) % 2 == 0:
            break
        end -= 1
    return end


def _is_end(chunk: str, stop: re.Match[str], end: int) -> bool:
    """Whether the stop mark is the end of a sentence; `end` is behind its closing quotes."""
    space = _SPACE.match(chunk, end)
    after = space.end() if space else end
    if after >= len(chunk):
        return True
    spaced, quoted = after > end, end > stop.end()
    if quoted and not spaced and chunk[after] in "。｡．":
        return False
    if stop["ja"]:
        return not (quoted and not spaced and _GOES_ON.match(chunk, after))
    if stop["mark"]:
        return _mark_ends(chunk, stop, end, after, quoted)
    if stop["dots"]:
        if not spaced:
            return False
        if _JA.match(chunk, after):
            return True
        return bool(_OPENS.match(chunk, after)) and not re.match(r"I\b", chunk[after : after + 2])
    before = chunk[stop.start() - 1] if stop.start() else ""
    if stop["wide"] or is_japanese(before):
        return bool(
            before
            and is_japanese(before)
            and not before.isdigit()
            and not ("Ａ" <= before <= "ｚ")
            and (spaced or _JA.match(chunk, after) or is_japanese(chunk[after]))
            and not (quoted and _GOES_ON.match(chunk, after))
        )
    if not spaced:
        # "Thank you.ありがとう" is two sentences; "Node.jsは", "Mr.ビーン" are not.
        return bool(
            _JA.match(chunk, after)
            and re.search(r"\s[a-z]{3,}$", chunk[max(0, stop.start() - 40) : stop.start()])
        )
    if _JA.match(chunk, after):
        return ends_sentence(chunk, stop.start(), after, opens=True)
    if not _OPENS.match(chunk, after) or (quoted and _SAYS.match(chunk, after)):
        return False
    return ends_sentence(chunk, stop.start(), after, opens=False)


def _mark_ends(chunk: str, stop: re.Match[str], end: int, after: int, quoted: bool) -> bool:
    """``!`` and ``?`` of all widths."""
    if after == end:
        if quoted and _GOES_ON.match(chunk, after):
            return False
        if chunk[after] in "、，,・：:；;）)」』]":
            return False
        if (
            stop["mark"][-1] in "!?"
            and not is_japanese(chunk[after])
            and not _JA.match(chunk, after)
        ):
            return False
        return not _QUOTED_ON.match(chunk, after)
    if quoted and _SAYS.match(chunk, after):
        return False
    if _JA.match(chunk, after) or _OPENS.match(chunk, after):
        return True
    return is_japanese(stop["mark"][-1])


def _bracket_spans(chunk: str) -> list[tuple[int, int]]:
    """Merged spans of balanced brackets that are short enough to be kept whole."""
    open_at: dict[str, list[int]] = {}
    found: list[tuple[int, int]] = []
    for match in _BRACKETS.finditer(chunk):
        opener = _PAIRS.get(match[0])
        if opener is None:
            open_at.setdefault(match[0], []).append(match.start())
        elif stack := open_at.get(opener):
            start = stack.pop()
            if match.end() - start <= _BRACKET_LIMIT:
                found.append((start, match.end()))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Spans:
    """Ordered spans that do not overlap."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def holds(self, position: int) -> bool:
        """Whether the character at `position` is inside a span."""
        at = bisect_right(self._starts, position) - 1
        return at >= 0 and position < self._ends[at]

    def cuts(self, position: int) -> bool:
        """Whether a cut before the character at `position` would cut a span in two."""
        at = bisect_right(self._starts, position) - 1
        return at >= 0 and self._starts[at] < position < self._ends[at]


_BREAK: Final = re.compile(f"[^\\S{LINE_END}]*[{LINE_END}]\\s*")


def unwrap(piece: str, language: str) -> str:
    """The piece on one line, as a model should read it.

    Japanese is joined without a space, Latin words with one; a word divided at the line end
    is put together only where its parts show that it was one (``transla-⏎tion``), otherwise
    the hyphen stays (``well-⏎known``). White space at both ends is removed.

    Args:
        piece: a piece from `split`.
        language: "ja" or "en"; decides only where one side of the break is Japanese and
            the other Latin ("ja": no space; "en": a space).
    """
    piece = piece.strip()
    joined: list[str] = []
    position = 0
    for match in _BREAK.finditer(piece):
        before, after = piece[position : match.start()], piece[match.end() : match.end() + 40]
        position = match.end()
        joined.append(_join(before, after, language))
    joined.append(piece[position:])
    return "".join(joined).replace("\u00ad", "")


def _join(before: str, after: str, language: str) -> str:
    """`before` with what has to stand between it and `after`."""
    if before.endswith("\u00ad"):
        return before[:-1]
    word = re.search(r"([A-Za-z]+)[-\u2010]$", before)
    rest = re.match(r"[A-Za-z]+", after)
    if word and rest:
        part, tail = word[1].lower(), rest[0]
        if tail.islower() and (part in BOUND_PREFIXES or tail.lower() in SUFFIXES):
            return before[:-1]
        return before
    left, right = (not before or is_japanese(before[-1])), (not after or is_japanese(after[0]))
    if (left and right) or (language == "ja" and (left or right)):
        return before
    return before + " "
