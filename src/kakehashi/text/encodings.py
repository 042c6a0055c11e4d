"""Bytes to text and back, for the encodings that Japanese and English files really have.

Strict: a file is either decoded without a single replaced character or refused with the
reason. UTF-8, UTF-16 and UTF-32 (with or without a byte order mark where that is safe to
tell), CP932 (Shift_JIS), EUC-JP, ISO-2022-JP, and Windows-1252 for English text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Final

from kakehashi.errors import EncodingError

_HINT: Final = "save the file as UTF-8 and try again"
_NEWLINE: Final = b"\n"

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office file (docx, xlsx, pptx)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file (doc, xls, ppt)"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"GGUF", "a model file (GGUF)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"OggS", "a sound or video file"),
    (b"ID3", "a sound file"),
)
# Control characters that no text file has; tab, line ends, form feed, ^H, ^Z and escape stay.
_CONTROLS: Final = re.compile(r"[\x00-\x07\x0b\x0e-\x19\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
_UTF8_PART: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_ISO_2022: Final = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([IJ])")
_ISO_2022_CODECS: Final = (
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_jp_2004",
)

# Scores are taken on this many characters: enough to be sure, small beside the decoding.
_SAMPLE: Final = 60_000
# Mean plausibility per non-ASCII byte below which a reading is called noise: real Japanese
# scores 0.5 and more, another encoding read as Japanese mostly below 0.2.
_PLAUSIBLE: Final = 0.28
# UTF-16 without a mark accepts nearly any bytes, so more is asked of it.
_PLAUSIBLE_WIDE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""Text and what is needed to write it back as it was.

    Attributes:
        text: with its own line ends, without byte order mark.
        encoding: Python codec name, for example "utf-8", "cp932", "euc_jp", "utf-16-le".
        newline: the most frequent line end ("\n", "\r\n" or "\r"; "\n" if there is none).
        bom: whether the bytes began with a byte order mark.
        exact: whether encoding the text gives the same bytes. Not so for the duplicates in
            CP932 and for needless escapes in ISO-2022-JP; unchanged text is written back
            from the original bytes then.
    """

    text: str
    encoding: str
    newline: str
    bom: bool
    exact: bool = True
    _data: bytes | None = field(default=None, repr=False, compare=False)

    def encode(self, text: str | None = None) -> bytes:
        """The bytes of `text` (of the decoded text itself if None) in the same encoding.

        Raises:
            EncodingError: a character does not exist in that encoding.
        """
        if self._data is not None and text in (None, self.text):
            return self._data
        text = self.text if text is None else text
        try:
            body = text.encode(self.encoding)
        except UnicodeEncodeError as error:
            char = text[error.start]
            raise EncodingError(
                f"the character '{char}' (U+{ord(char):04X}) does not exist in {self.encoding}",
                where=f"character {error.start + 1}",
                hint="write the result as UTF-8",
            ) from None
        marks = {name: mark for mark, name in _BOMS}
        return marks[self.encoding] + body if self.bom else body


def decode(data: bytes) -> Decoded:
    """Decode the content of a text file.

    Order: byte order mark; UTF-16 without one (only where zero bytes show it);
    ISO-2022-JP by its escapes; strict UTF-8; then CP932 and EUC-JP, both strict, the more
    plausible one; Windows-1252 for Latin text. Nothing is replaced or dropped.

    Raises:
        EncodingError: binary data, damaged UTF-8 (with the line), or an encoding that is
            not read; the message says what was found and what to do.
    """
    for mark, name in _BOMS:
        if data.startswith(mark) and not (name == "utf-16-le" and data.startswith(_BOMS[1][0])):
            return _with_bom(data, mark, name)
    for signature, what in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 3 or _CONTROLS.search(_latin(data))):
            raise EncodingError(f"this is not text but {what}", hint="give a text file")
    if b"\0" in data:
        return _utf16(data)
    if _ISO_2022.search(data) and not _HIGH.search(data):
        return _iso_2022_jp(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, error)
    _refuse_controls(text)
    return _decoded(text, "utf-8", data)


def _latin(data: bytes) -> str:
    return data[:4096].decode("latin-1")


def _decoded(text: str, encoding: str, data: bytes, *, bom: bool = False) -> Decoded:
    exact = bom or encoding == "utf-8" or text.encode(encoding) == data
    return Decoded(text, encoding, _newline(text), bom, exact, None if exact else data)


def _newline(text: str) -> str:
    crlf = text.count("\r\n")
    counts = {"\n": text.count("\n") - crlf, "\r\n": crlf, "\r": text.count("\r") - crlf}
    return max(counts, key=lambda end: counts[end])


def _with_bom(data: bytes, mark: bytes, encoding: str) -> Decoded:
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"the file says it is {encoding} (byte order mark) but is damaged: {error.reason}",
            where=f"byte {len(mark) + error.start}",
            hint=_HINT,
        ) from None
    _refuse_controls(text)
    return _decoded(text, encoding, data, bom=True)


def _utf16(data: bytes) -> Decoded:
    """Zero bytes: UTF-16 without a mark, or no text at all."""
    sample = data[: _SAMPLE * 2]
    # ASCII and line ends have their zero byte second in little endian, first in big endian.
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    order = ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le")
    if (found := _utf16_guess(data, order)) is not None:
        return found
    raise EncodingError(
        "this is binary data, not text (it contains zero bytes)",
        where=f"byte {data.index(0)}",
        hint="give a text file; office files, pictures and archives are not text",
    )


def _utf16_guess(data: bytes, encodings: tuple[str, ...]) -> Decoded | None:
    """The first of `encodings` in which the bytes are very plausible text."""
    if len(data) % 2:
        return None
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.search(text) and _score(text[:_SAMPLE]) >= _PLAUSIBLE_WIDE:
            return _decoded(text, encoding, data)
    return None


def _refuse_controls(text: str) -> None:
    found = _CONTROLS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise EncodingError(
            f"this looks like binary data: control character U+{ord(found[0]):04X}",
            where=f"line {line}",
            hint="give a text file, or remove the control character",
        )


def _iso_2022_jp(data: bytes) -> Decoded:
    for encoding in _ISO_2022_CODECS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        _refuse_controls(text)
        return _decoded(text, encoding, data)
    raise EncodingError("this looks like ISO-2022-JP (JIS) but is damaged", hint=_HINT)


def _legacy(data: bytes, error: UnicodeDecodeError) -> Decoded:
    """Bytes that are not UTF-8: the most plausible of the older encodings, or an error."""
    sample = data[: _SAMPLE * 2]
    high = len(_HIGH.findall(sample)) or 1
    in_utf8 = sum(len(part) for part in _UTF8_PART.findall(sample))
    if in_utf8 >= 6 and in_utf8 > 0.9 * high:
        raise EncodingError(
            f"this is UTF-8 but damaged: {error.reason} (byte 0x{data[error.start]:02x})",
            where=f"line {data.count(_NEWLINE, 0, error.start) + 1}, byte {error.start}",
            hint="the file was cut off or two encodings were mixed; " + _HINT,
        )
    best: tuple[float, str, str] | None = None
    for encoding in ("cp932", "euc_jp", "euc_jis_2004", "shift_jis_2004"):
        family = encoding[:3]
        if best and best[0] >= _PLAUSIBLE and family in ("euc", "shi") and best[1][:3] == family:
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            continue
        score = _score(text[:_SAMPLE])
        if best is None or score > best[0]:
            best = (score, encoding, text)
    latin = _windows_1252(data, best)
    if latin is not None:
        return _decoded(latin, "cp1252", data)
    if best is not None and best[0] >= _PLAUSIBLE:
        _refuse_neighbours(data, best[2])
        return _decoded(best[2], best[1], data)
    if (wide := _utf16_guess(data, ("utf-16-le", "utf-16-be"))) is not None:
        return wide
    if _CONTROLS.search(_latin(data).translate({code: " " for code in range(0x80, 0xA0)})):
        raise EncodingError(
            "this is binary data, not text",
            hint="give a text file; office files, pictures and archives are not text",
        )
    raise EncodingError(
        "the encoding is none of those that are read "
        "(UTF-8, UTF-16, CP932/Shift_JIS, EUC-JP, ISO-2022-JP)",
        where=f"byte {error.start} (0x{data[error.start]:02x})",
        hint=_HINT,
    )


_KANA: Final = re.compile("[ぁ-んァ-ヶー]")
_HALF_RUN: Final = re.compile("[｡-ﾟ]+")
_DAKUTEN: Final = re.compile("(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ|[､･]{2}|^[ﾞﾟｰ]")
_COMMON: Final = re.compile("[々〆。、「」『』（）・〜～…！？：０-９Ａ-Ｚａ-ｚ]")


def _score(text: str) -> float:
    """How much `text` looks like Japanese: about 0 (noise) to 1, per non-ASCII byte it took.

    Kana and common punctuation count fully, kanji of JIS level 1 somewhat less, level 2
    and rare symbols against it. Half-width kana take one byte, so that EUC-JP read as
    CP932 (half-width kana soup, half of it commas) scores low.
    """
    points = 0.0
    size = 0
    for char in text:
        if char < "\x80":
            continue
        if "｡" <= char <= "ﾟ":
            size += 1
            continue
        size += 2
        if _KANA.match(char) or _COMMON.match(char):
            points += 2
        elif "一" <= char <= "鿿":
            points += 1.5 if _level_1(char) else 0.5
        elif "\ue000" <= char <= "\uf8ff":
            points -= 1
        elif not char.isalnum():
            points += 0.6
        else:
            points += 0.2
    for match in _HALF_RUN.finditer(text):
        run = match[0]
        wrong = len(_DAKUTEN.findall(run)) + max(0, sum(map(run.count, "､･")) - len(run) // 6)
        points += (0.9 if len(run) > 2 else 0.3) * len(run) - 2.5 * wrong
    return points / size if size else 1.0


def _level_1(char: str) -> bool:
    """JIS X 0208 level 1 (rows 16-47): the 2,965 kanji in common use."""
    try:
        return "\xb0" <= chr(char.encode("euc_jp")[0]) <= "\xcf"
    except UnicodeEncodeError:
        return False


_SMART: Final = re.compile(
    "(?<=[A-Za-z])[’éèêëáàâäãåíìîïóòôöõúùûüçñßøæœ](?=[A-Za-z\\s.,;:!?)’”]|$)"
    "|[‘“](?=[A-Za-z0-9])|(?<=[A-Za-z0-9.,!?])[’”]|(?<=[\\w\\s])[–—…•™®©](?=[\\w\\s.,]|$)"
    "|[£€](?=\\d)|(?<=\\d)[ \xa0]?€|(?<=\\d)[°½¼%]|(?<=\\s)[ÉÀÖÜÄ](?=[a-z])"
)


def _windows_1252(data: bytes, best: tuple[float, str, str] | None) -> str | None:
    """English typed on Windows: curly quotes and accents among ASCII, no kana when read as
    Japanese (``it’s`` is ``it痴`` in CP932).
    """
    if best is not None and _KANA.search(best[2]):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    strange = sum(1 for char in text[:_SAMPLE] if char > "\x7f")
    if strange > 0.3 * min(len(text), _SAMPLE) or _CONTROLS.search(text):
        return None
    fitting = len(_SMART.findall(text[:_SAMPLE]))
    return text if fitting >= 0.9 * strange else None


_OTHER_EAST_ASIAN: Final = (
    ("gb18030", "Chinese (GB18030)", frozenset("的一是不了在人有我他这们中来上大为个说"), 0.08),
    ("euc_kr", "Korean (EUC-KR)", frozenset("이다는을의가에한하고은도로를지사"), 0.15),
)


def _refuse_neighbours(data: bytes, text: str) -> None:
    """Chinese and Korean share their bytes with EUC-JP; without kana, ask which fits.

    Raises:
        EncodingError: the most frequent characters of that language stand out.
    """
    sample = text[:_SAMPLE]
    if _KANA.search(sample) or sum(1 for char in sample if char > "\x7f") < 8:
        return
    for encoding, name, frequent, share in _OTHER_EAST_ASIAN:
        try:
            other = data.decode(encoding)[:_SAMPLE]
        except UnicodeDecodeError:
            continue
        wide = sum(1 for char in other if char > "\x7f")
        if sum(1 for char in other if char in frequent) >= share * wide:
            raise EncodingError(f"the file seems to be in {name}, which is not read", hint=_HINT)
