"""Bytes of a text file ⇄ characters, so that what is not changed keeps its bytes."""

from __future__ import annotations

import codecs
from bisect import bisect_left
from dataclasses import dataclass

from kakehashi.text import decode

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class EncodedText:
    r"""A decoded file.

    `raw` holds the line ends as they are; `text` has "\n" for each of them, and `raw_index`
    turns an offset into `text` into one into `raw`.
    """

    data: bytes
    raw: str
    text: str
    encoding: str
    bom: bytes
    newline: str
    two_character_ends: tuple[int, ...]

    def raw_index(self, index: int) -> int:
        """The offset into `raw` for an offset into `text`."""
        return index + bisect_left(self.two_character_ends, index)

    def raw_slice(self, start: int, end: int) -> str:
        """`text[start:end]` with its own line ends."""
        return self.raw[self.raw_index(start) : self.raw_index(end)]

    def encoding_for(self, text: str) -> str:
        """The encoding in which `text` is written: the source's own, if every character fits.

        Otherwise UTF-8: a Japanese translation cannot be stored in Latin-1, and not every
        character of a translation from Japanese exists in CP932.
        """
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return "utf-8"
        return "utf-8" if self.encoding == "ascii" else self.encoding

    def encode(self, text: str, bom: bytes | None = None) -> bytes:
        """`text` as bytes, see `encoding_for`; the source's own bytes if nothing changed.

        A character that a Japanese legacy encoding can spell in two ways comes out in the
        codec's own way when the rest of the text has changed.
        """
        if text == self.raw and not bom:
            return self.data
        encoding = self.encoding_for(text)
        if bom is None:
            bom = self.bom if encoding == self.encoding else b""
        return bom + text.encode(encoding)


def read_text(data: bytes) -> EncodedText:
    """Decode `data` and remember everything that is needed to write it back.

    Raises:
        EncodingError: not text in an encoding that is read.
    """
    found = decode(data)
    encoding = codecs.lookup(found.encoding).name
    bom = b""
    for mark, name in _BOMS:
        if data.startswith(mark) and encoding.split("-")[:2] == name.split("-")[:2]:
            bom, encoding = mark, name
            break
    try:
        raw = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError:  # the text room mends some slips that the codec refuses
        raw = found.text
    ends: list[int] = []
    at = raw.find("\r\n")
    while at != -1:
        ends.append(at - len(ends))
        at = raw.find("\r\n", at + 2)
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    plain = text.count("\n") - len(ends)
    newline = "\r\n" if len(ends) > plain else "\n"
    if newline == "\n" and "\r" in raw and "\n" not in raw:
        newline = "\r"
    return EncodedText(data, raw, text, encoding, bom, newline, tuple(ends))
