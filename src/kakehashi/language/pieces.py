"""Cut a segment into what the model reads and what stays outside of it.

White space, bullets, numbering, labels and line structure never reach the model: a small model
loses them, and a document needs them back. Offsets point into the segment's text, so that marks
can be followed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from kakehashi.language.results import Language
from kakehashi.text import detect, split, unwrap

_BULLET = r"(?:[・●○■□◆◇▪▶►※☆★✓✔]|[-*+•‣◦→](?=[ \t\u3000]))"
_NUMBER = (
    r"(?:\d{1,3}[.．)）](?!\d)|[(（]\d{1,3}[)）]|[①-⑳⑴-⒇]|[(（][a-zア-ン一二三四五六七八九十][)）]"
    r"|[a-zA-Z][)）]|第[0-9０-９一二三四五六七八九十]{1,3}[条章節項編](?![、。はがをにのでと]))"
)
_MARKER: Final = re.compile(rf"(?:#{{1,6}}[ \t]+|>[ \t]*)*(?:(?:{_BULLET}|{_NUMBER})[ \t\u3000]*)?")
_MARKED_LINE: Final = re.compile(
    rf"^(?=[ \t\u3000]*(?:[・●○■□◆◇▪▶►※]|[-*+•‣◦→☆★✓✔][ \t\u3000]|{_NUMBER}|【))", re.MULTILINE
)
_LABEL: Final = re.compile(r"【([^】\n]{1,30})】[ \t\u3000]*")
_SPACE: Final = " \t\u3000\u00a0\r\n\v\f"

LABELS: Final = {
    "重要": "Important",
    "注意": "Note",
    "注": "Note",
    "ご注意": "Please note",
    "お知らせ": "Notice",
    "至急": "Urgent",
    "緊急": "Urgent",
    "参考": "Reference",
    "補足": "Supplement",
    "例": "Example",
    "日時": "Date and time",
    "日程": "Schedule",
    "場所": "Place",
    "会場": "Venue",
    "対象": "For",
    "内容": "Contents",
    "定員": "Capacity",
    "費用": "Cost",
    "料金": "Fee",
    "申込": "Application",
    "申込方法": "How to apply",
    "持ち物": "What to bring",
    "問い合わせ": "Contact",
    "お問い合わせ": "Contact",
    "議題": "Agenda",
    "決定事項": "Decisions",
    "概要": "Overview",
    "目的": "Purpose",
    "新着": "New",
    "終了": "Closed",
    "訂正": "Correction",
}

# A sentence is copied, not translated, when it is one of these.
_URL_OR_MAIL: Final = re.compile(
    r"(?:(?:https?|ftp|file)://\S+|www\.\S+|mailto:\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_CODE: Final = re.compile(
    r"(?=[!-~]+$)(?:\S*[_\\/=<>{}$|~^`]\S*|\S*::\S*|\S*\(\)\S*|-{1,2}[a-z]\S*|\S*\.\w{1,4}|\w+(?:\.\w+)+(?::\w+)?"
    r"|[a-z]+[A-Z]\S*|[A-Z0-9][A-Z0-9.&-]*)"
)
_LONG_WORD: Final = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence of a segment.

    Attributes:
        lead, tail: what stands before and after it, kept outside of the model.
        body: the sentence, on one line.
        start, end: where the body stands in the segment's text (before line breaks inside it
            were taken out).
        copy: it is copied instead of translated.
        foreign: copied because it is neither Japanese nor English.
        cut: a part of a sentence that was too long.
        label: the words of a 【label】.
        marked: begins with a bullet or a number.
    """

    lead: str
    body: str
    tail: str
    start: int
    end: int
    copy: bool = False
    foreign: bool = False
    cut: bool = False
    label: bool = False
    marked: bool = False


def pieces_of(
    text: str,
    to: Language,
    source: Language | None = None,
    *,
    limit: int = 600,
    join: int = 1,
    keep: Sequence[tuple[int, int]] = (),
) -> list[Piece]:
    """Cut `text` into pieces.

    ``"".join(p.lead + text[p.start:p.end] + p.tail for p in pieces_of(text, …)) == text``.

    Args:
        to: the language to translate into.
        source: the language of the text; None: each sentence is looked at.
        limit: most characters of one body (Japanese counts double).
        join: most sentences of one body.
        keep: spans of `text` that are not cut (code, URLs, placeholders); a piece that is
            nothing else is copied.
    """
    language = source or detect(text).language
    found: list[Piece] = []
    offset = 0
    for block in _blocks(text):
        for raw in split(block, language):
            found.extend(_peel(raw, offset, language, limit))
            offset += len(raw)
    found = _fuse(_attach_blank(found), text, keep, language)
    found = [_judge(piece, to, source, keep) for piece in found]
    if join > 1:
        found = _join(found, text, join, limit, language)
    return found


def target_lead(piece: Piece, to: Language) -> str:
    """What stands before the translated body."""
    if to == "ja":
        return piece.lead
    if piece.label:
        return piece.lead.replace("【", "[").lstrip("\u3000")
    lead = piece.lead.replace("\u3000", " ").replace("・", "• ").replace("※", "* ")
    lead = unicodedata.normalize("NFKC", lead) if piece.marked else lead.lstrip(" ")
    if piece.marked and lead[-1:] not in (" ", "\t", "(", "["):
        lead += " "
    return re.sub(r"(?<=[•*]) {2,}", " ", lead)


def target_tail(
    piece: Piece, following: Piece | None, target: str, to: Language, flow: bool
) -> str:
    """What stands after the translated body.

    Args:
        following: the next piece of the segment.
        target: the translated body.
        flow: the segment is hard-wrapped, so that single line breaks mean nothing.
    """
    tail = piece.tail
    if piece.label:
        return "] " + tail.lstrip("】 \t\u3000") if to == "en" else tail
    if following is None or (piece.copy and following.copy):
        return tail
    soft = "\n" not in tail or (flow and tail.count("\n") == 1 and not following.marked)
    if not soft or (to == "ja" and tail == "\u3000"):
        return tail
    if to == "en":
        return " "
    return "" if target[-1:] in "。！？!?」』）)】…：、" or piece.cut else " "


def flows(text: str, pieces: list[Piece]) -> bool:
    """Whether the text is hard-wrapped: some sentence goes on over a line break."""
    return any("\n" in text[piece.start : piece.end] for piece in pieces)


def _blocks(text: str) -> Iterator[str]:
    """`text` cut before lines that begin with a bullet, a number or a label."""
    cuts = [0, *(m.start() for m in _MARKED_LINE.finditer(text) if m.start()), len(text)]
    for start, end in pairwise(cuts):
        if start < end:
            yield text[start:end]


def _peel(raw: str, offset: int, language: str | None, limit: int) -> Iterator[Piece]:
    lead = len(raw) - len(raw.lstrip(_SPACE))
    end = len(raw.rstrip(_SPACE))
    if lead >= end:
        yield Piece(raw, "", "", offset + len(raw), offset + len(raw), copy=True)
        return
    marker = _MARKER.match(raw, lead)
    marked = marker is not None and lead < marker.end() < end
    if marker is not None and marked:
        lead = marker.end()
    if (label := _LABEL.match(raw, lead)) is not None:
        start, stop = label.span(1)
        yield Piece(
            raw[:start],
            label.group(1),
            raw[stop : label.end()],
            offset + start,
            offset + stop,
            label=True,
            marked=True,
        )
        if label.end() < end:
            yield from _peel(raw[label.end() :], offset + label.end(), language, limit)
        return
    parts = list(_cut(raw, lead, end, limit))
    for number, (start, stop) in enumerate(parts):
        nxt = parts[number + 1][0] if number + 1 < len(parts) else len(raw)
        yield Piece(
            raw[:start] if number == 0 else "",
            unwrap(raw[start:stop], "en" if language is None else language),
            raw[stop:nxt],
            offset + start,
            offset + stop,
            cut=len(parts) > 1,
            marked=marked and number == 0,
        )


def _cut(raw: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    """Spans of at most `limit` characters, cut at commas, then spaces, then anywhere."""
    while start < end:
        room = start + _room(raw, start, min(end, start + limit), limit)
        if room >= end:
            yield start, len(raw[:end].rstrip(_SPACE))
            return
        window = raw[start:room]
        at = max(window.rfind(sign) for sign in "、，；;：。")
        comma = window.rfind(", ")
        at = max(at, comma)
        if at < limit // 4:
            at = max(at, *(window.rfind(sign) for sign in " \t\u3000\n"))
        stop = start + (at + 1 if at >= limit // 8 else len(window))
        inner = start + len(raw[start:stop].rstrip(_SPACE))
        if inner > start:
            yield start, inner
        start = stop
        while start < end and raw[start] in _SPACE:
            start += 1


def _room(raw: str, start: int, end: int, limit: int) -> int:
    """Characters from `start` that fit into `limit` when wide characters count double."""
    used = 0
    for index in range(start, end):
        used += 2 if raw[index] >= "\u2e80" else 1
        if used > limit:
            return index - start
    return end - start


def _attach_blank(found: list[Piece]) -> list[Piece]:
    """Give white space that stands alone to its neighbour."""
    kept: list[Piece] = []
    blank = ""
    for piece in found:
        if not piece.body:
            if kept:
                kept[-1] = replace(kept[-1], tail=kept[-1].tail + piece.lead)
            else:
                blank += piece.lead
        else:
            kept.append(replace(piece, lead=blank + piece.lead) if blank else piece)
            blank = ""
    if blank:
        kept.append(Piece(blank, "", "", len(blank), len(blank), copy=True))
    return kept


def _fuse(
    found: list[Piece], text: str, keep: Sequence[tuple[int, int]], language: str | None
) -> list[Piece]:
    """Put together again what a cut inside a kept span took apart."""
    fused: list[Piece] = []
    for piece in found:
        last = fused[-1] if fused else None
        if last is not None and any(start < last.end < end for start, end in keep):
            body = unwrap(text[last.start : piece.end], language or "en")
            fused[-1] = replace(last, body=body, tail=piece.tail, end=piece.end, label=False)
        else:
            fused.append(piece)
    return fused


def _judge(
    piece: Piece, to: Language, source: Language | None, keep: Sequence[tuple[int, int]]
) -> Piece:
    body = piece.body
    if not body or is_symbolic(body):
        return replace(piece, copy=True)
    if any(start <= piece.start and piece.end <= end for start, end in keep):
        return replace(piece, copy=True)
    language = detect(body).language
    if language is None or language == to:
        return replace(piece, copy=True)
    if language == "other" and source is None:
        return replace(piece, copy=True, foreign=True)
    return piece


def is_symbolic(body: str) -> bool:
    """Whether `body` is digits, a URL, a mail address, code or the like: the same everywhere."""
    words = body.split()
    if not any(char.isalpha() for char in body):
        return not any(char in "年月日時分秒円" for char in body)
    if len(words) == 1 and body.isascii() and (len(body) > _LONG_WORD or _CODE.fullmatch(body)):
        return True
    return all(_URL_OR_MAIL.fullmatch(word.strip("<>()[],;")) for word in words)


def _join(
    found: list[Piece], text: str, most: int, limit: int, language: str | None
) -> list[Piece]:
    joined: list[Piece] = []
    count = 1
    for piece in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and not (last.copy or piece.copy or last.label or piece.label or piece.marked)
            and not piece.lead
            and "\n" not in last.tail
            and count < most
            and piece.end - last.start <= limit // 2
        ):
            body = unwrap(text[last.start : piece.end], language or "en")
            joined[-1] = replace(last, body=body, tail=piece.tail, end=piece.end)
            count += 1
        else:
            joined.append(piece)
            count = 1
    return joined
