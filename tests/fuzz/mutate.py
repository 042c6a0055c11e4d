"""Change a sound file into one that nobody meant to write."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_TOKENS: Final[dict[str, tuple[bytes, ...]]] = {
    "any": (
        b"\x00", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t", b"&", b"<", b">", b'"',
        b"\xe3\x80\x80", "𠮷".encode(), "か\u3099".encode(), b"\xed\xa0\x80", b"\x1a", b"%s%n", b"-1",
        b"99999999999999999999", b"1e309", b"NaN", b"\xe2\x80\xae", "﷽".encode() * 50, b"A" * 5000,
    ),
    "md": (b"```", b"~~~", b"| a | b |\n|---|---|\n", b"[x]: ", b"![](", b"[^1]", b"> " * 60, b"- " * 60,
           b"<div>", b"<!--", b"---\n", b"$$", b"{{", b"*" * 200, b"[" * 300, b"\\", b"&#x110000;"),
    "html": (b"<!--", b"]]>", b"<script>", b"<style>", b"<p", b"</", b"<a href='", b"&#0;", b"&#xD800;",
             b"<svg>", b"<table><tr>", b"<b>" * 300, b"<template>", b"<meta charset=utf-16>", b"<pre>\n"),
    "srt": (b"-->", b"00:00:00,000 --> 00:00:01,000", b"\n\n\n", b"{\\an8}", b"<font color=", b"<i>" * 99, b"9" * 50),
    "txt": (b"\x1b$B", b"\x0e", b"\xa4\xa2", b"=" * 500, b"\x82\xa0"),
    "csv": (b'"', b'""', b",", b";", b"\t", b"=1+1", b"'", b"\r\n", b'"\n"', b"," * 5000),
    "pdf": (
        b"/Kids [1 0 R 1 0 R]", b"/Parent 1 0 R", b"/Count 999999999", b"/Count -1", b"/Length 0",
        b"/Length 99999999", b"/MediaBox [0 0 1e38 1e38]", b"/MediaBox [0 0 0 0]", b"/Rotate 45", b"/Rotate 270",
        b"/Filter /FlateDecode", b"/Filter [/ASCIIHexDecode /LZWDecode]", b"/UserUnit 1e20", b"endstream",
        b"endobj", b"xref", b"trailer", b"startxref 0", b"%%EOF", b"<<" * 200, b"[" * 500, b"/Encrypt 5 0 R",
        b" Tf 1e30", b" 0 Tf ", b"1e38 0 0 1e38 0 0 Tm", b"0 0 0 0 0 0 cm", b"NaN 0 Td", b"BT BT BT", b"(\\377\\000) Tj",
        b"[(a) -1e30 (b)] TJ", b"3 Tr", b"/ToUnicode 4 0 R", b"q " * 300, b" re " * 50, b"-500 0 l S",
        b"/Annots [<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://x/\\000)>>>>]",
    ),
    "xml": (
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"&x;", b"<![CDATA[",
        b"]]>", b"<?xml version='1.1'?>", b"xmlns=''", b"<w:p/>", b"<w:r><w:t>x</w:t></w:r>", b"<a:p/>", b"<a:r/>", b"<c/>",
        b"<v>1</v>", b"<f>A1</f>", b"<is><t>x</t></is>", b"&#0;", b"&#xFFFF;", b"xml:space='preserve'", b"r:id='rId1'",
        b"<mc:AlternateContent xmlns:mc='m'/>", b"<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", b"<w:sdt/>", b"<w:ruby/>",
    ),
}  # fmt: skip
_VALUES: Final = (
    "", "0", "-1", "1", "99999999999", "NaN", "x", "../../x", "rId1", "rId999", "#REF!", "A1:XFD1048577",
    "Sheet1!A1", "a'b", "a&amp;b", "true", "\u3042", "file:///etc/passwd", "0x10", "1.5", "t", "s", "inlineStr",
)  # fmt: skip
_PACKED: Final = frozenset({"docx", "docm", "pptx", "pptm", "xlsx"})
_XML_PART: Final = re.compile(r"\.(?:xml|rels)$")


def mutated(seed: str, number: int, files: Mapping[str, Sequence[bytes]]) -> tuple[str, bytes]:
    """Input `number` of the run `seed`: its format and bytes. The same every time."""
    rng = random.Random(f"{seed}:{number}")
    formats = sorted(files)
    format = formats[number % len(formats)]
    sources = files[format]
    data = rng.choice(sources)
    for _ in range(1 + min(rng.getrandbits(2), rng.getrandbits(2))):
        if format in _PACKED and rng.random() < 0.75:
            data = _package(rng, data)
        else:
            data = _bytes(rng, data, format, sources)
        if len(data) > 4_000_000:
            break
    if rng.random() < 0.01:
        # What is in the file is not what its name says.
        data = rng.choice(files[rng.choice(formats)])
    return format, data


def _bytes(rng: random.Random, data: bytes, format: str, sources: Sequence[bytes]) -> bytes:
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: _flip(rng, data),
        lambda: _flip(rng, data),
        lambda: _token(rng, data, format),
        lambda: _token(rng, data, format),
        lambda: _cut(rng, data),
        lambda: data[: rng.randrange(len(data) + 1)],
        lambda: _double(rng, data),
        lambda: _splice(rng, data, rng.choice(sources)),
        lambda: _number(rng, data),
    )
    return rng.choice(ways)()


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), 1 << rng.randrange(6))):
        at = rng.randrange(len(changed))
        changed[at] = (
            rng.getrandbits(8) if rng.random() < 0.5 else changed[at] ^ (1 << rng.randrange(8))
        )
    return bytes(changed)


def _token(rng: random.Random, data: bytes, format: str) -> bytes:
    own = _TOKENS.get({"tsv": "csv"}.get(format, format), ()) or _TOKENS["xml"]
    token = rng.choice(own if rng.random() < 0.7 else _TOKENS["any"])
    at = rng.randrange(len(data) + 1)
    over = rng.choice((0, 0, len(token)))
    return data[:at] + token + data[at + over :]


def _span(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 4, 16, 64, 512, 4096, 1 << 16)))


def _cut(rng: random.Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _double(rng: random.Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    times = rng.choice((2, 3, 20))
    return data[:start] + data[start:end] * times + data[end:]


def _splice(rng: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(rng, other)
    at, to = _span(rng, data)
    return data[:at] + other[start:end] + data[to:]


def _number(rng: random.Random, data: bytes) -> bytes:
    found = list(re.finditer(rb"-?\d+(?:\.\d+)?", data[: 1 << 18]))
    if not found:
        return _flip(rng, data)
    match = rng.choice(found)
    new = rng.choice(
        (b"0", b"-1", b"1", b"65536", b"2147483648", b"4294967295", b"9" * 30, b"1e99", b"0.0001")
    )
    return data[: match.start()] + new + data[match.end() :]


def _package(rng: random.Random, data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(name, package.read(name)) for name in package.namelist()]
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        struct.error,
    ):
        return _flip(rng, data) if data else data
    except Exception as error:  # noqa: BLE001 - zlib.error and what else broken archives cause
        return data + str(error).encode()[:20]
    if not parts:
        return data
    at = rng.randrange(len(parts))
    way = rng.random()
    if way < 0.7:
        texts = [n for n, (name, body) in enumerate(parts) if _XML_PART.search(name) and body]
        if texts:
            at = rng.choice(texts)
            name, body = parts[at]
            parts[at] = (name, _markup(rng, body))
    elif way < 0.76:
        del parts[at]
    elif way < 0.8:
        parts[at] = (parts[at][0], rng.choice(parts)[1])
    elif way < 0.84:
        odd = (
            "../x.xml",
            "/abs.xml",
            "word\\document.xml",
            "あ.xml",
            "[Content_Types].xml",
            "",
            "A" * 300,
        )
        parts[at] = (rng.choice(odd), parts[at][1])
    elif way < 0.88:
        parts.append(rng.choice(parts))
    elif way < 0.9:
        parts.append(("xl/media/bomb.bin", bytes(rng.choice((1 << 20, 1 << 24)))))
    elif way < 0.95:
        parts[at] = (parts[at][0], b"")
    else:
        parts[at] = (parts[at][0], parts[at][1][: rng.randrange(len(parts[at][1]) + 1)])
    return _zipped(rng, parts)


def _zipped(rng: random.Random, parts: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as package:
        warnings.simplefilter("ignore")  # two parts of one name are what is wanted
        for name, body in parts:
            info = zipfile.ZipInfo(name or "x", (2024, 4, 1, 0, 0, 0))
            info.compress_type = rng.choice(
                (zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)
            )
            package.writestr(info, body)
    data = bytearray(buffer.getvalue())
    if rng.random() < 0.05:
        # What the directory says of a part: encrypted, another method, another size.
        at = data.rfind(b"PK\x01\x02")
        field, size = rng.choice(((8, 2), (10, 2), (20, 4), (24, 4), (42, 4)))
        data[at + field : at + field + size] = rng.randbytes(size)
    return bytes(data)


def _markup(rng: random.Random, body: bytes) -> bytes:
    tags = list(re.finditer(rb"<[^>]*>", body[: 1 << 18]))
    if not tags:
        return _flip(rng, body)
    tag = rng.choice(tags)
    way = rng.randrange(9)
    if way == 0:  # one tag gone
        return body[: tag.start()] + body[tag.end() :]
    if way == 1:  # an empty element gone or doubled
        times = rng.choice((0, 2, 50))
        whole = tag[0] if tag[0].endswith(b"/>") else b""
        return body[: tag.start()] + whole * times + body[tag.end() if whole else tag.start() :]
    if way in (2, 3):  # another value of an attribute
        values = list(re.finditer(rb"=(\"[^\"]*\"|'[^']*')", tag[0]))
        if values:
            value = rng.choice(values)
            new = f'="{rng.choice(_VALUES)}"'.encode()
            return body[: tag.start() + value.start()] + new + body[tag.start() + value.end() :]
    if way == 4:  # an attribute gone
        return (
            body[: tag.start()]
            + re.sub(rb"\s[\w:]+=(\"[^\"]*\")", b"", tag[0], count=1)
            + body[tag.end() :]
        )
    if way == 5:  # an element moved to another place, with what is in it
        end = body.find(b"</" + tag[0][1:].split(b" ")[0].rstrip(b"/>") + b">", tag.end())
        if end > 0:
            end = body.index(b">", end) + 1
            block = body[tag.start() : end]
            rest = body[: tag.start()] + body[end:]
            other = [m.end() for m in re.finditer(rb">", rest[: 1 << 18])]
            at = rng.choice(other) if other else 0
            return rest[:at] + block + rest[at:]
    if way == 6:  # deep
        name = tag[0].strip(b"</>").split(b" ")[0].split(b"/")[0] or b"x"
        depth = rng.choice((20, 300, 5000))
        return (
            body[: tag.end()]
            + b"<"
            + name
            + b">"
            + (b"<" + name + b">") * depth
            + (b"</" + name + b">") * (depth + 1)
            + body[tag.end() :]
        )
    if way == 7:  # another text
        at = tag.end()
        return body[:at] + rng.choice(_TOKENS["any"] + _TOKENS["xml"]) + body[at:]
    return _flip(rng, body) if rng.random() < 0.3 else _number(rng, body)
