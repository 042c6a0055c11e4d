"""Sound files of every format that is read: what the fuzzer starts from.

The same bytes each time, so that a number names an input.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Final

import pikepdf

from kakehashi.documents import FORMATS
from tests.documents.office_set import with_reportlab
from tests.documents.office_set.make import MAKERS

_SAMPLES: Final = Path(__file__).resolve().parent.parent / "documents" / "samples"
_TIME: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")
# Documents of many pages say nothing more, and take longer.
_LONG: Final = {"docx_en_long.docx", "pdf_reportlab_en_manual.pdf", "docx_en_columns.docx"}
_SUBTITLES: Final = "1\n00:00:01,000 --> 00:00:02,500\n<i>こんにちは</i>、市民の皆さん\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}Hello\n"
_TABLE: Final = '名前\t金額\n山田\t1,200円\n"A ""B"""\t=SUM(A1)\n'


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Files by format, for the formats that this build reads."""
    found: dict[str, list[bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, maker in sorted(MAKERS.items()):
            path = Path(folder, name)
            if name in _LONG:
                continue
            maker(path)
            found.setdefault(path.suffix[1:], []).append(_fixed(path.read_bytes()))
    for path in sorted(_SAMPLES.iterdir()):
        found.setdefault(path.suffix[1:], []).append(path.read_bytes())
    found["srt"].append(_SUBTITLES.encode())
    found["tsv"] = [_TABLE.encode(), _TABLE.encode("cp932")]
    found["pdf"] += [_plain(data) for data in found["pdf"]]
    found["pdf"] += [with_reportlab.scanned(1), with_reportlab.turned(found["pdf"][0], 90)]
    for macro, plain in (("docm", "docx"), ("pptm", "pptx")):
        found[macro] = found[plain][:2]
    return {name: tuple(found[name]) for name in FORMATS if name in found}


def _fixed(data: bytes) -> bytes:
    """The same archive without the times at which it was made."""
    if not data.startswith(b"PK"):
        return data
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            body = _TIME.sub(b"2024-04-01T00:00:00Z", old.read(name))
            info = zipfile.ZipInfo(name, (2024, 4, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, body)
    return buffer.getvalue()


def _plain(data: bytes) -> bytes:
    """A PDF without compression, so that a changed byte changes its content."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            buffer,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
        )
    return buffer.getvalue()
