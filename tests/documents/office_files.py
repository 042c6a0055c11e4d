"""Office files made for the tests: by python-docx and python-pptx, and from bare XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

import docx
import pptx
from docx.document import Document as WordFile

from kakehashi.documents import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_OVERRIDE = (
    '<Override PartName="/word/{0}.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.{0}+xml"/></Types>'
)
_RELATION = (
    '<Relationship Id="rIdX{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{0}" Target="{0}.xml"/></Relationships>'
)


def saved(document: WordFile) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The package with its parts changed by `change`."""
    parts = parts_of(data)
    change(parts)
    return zipped(parts)


@cache
def _empty_word() -> Mapping[str, bytes]:
    return parts_of(saved(docx.Document()))


def word(body: str, **more: str) -> bytes:
    """A Word document with this XML as its body.

    Args:
        more: further parts ("footnotes", "comments") with what stands in their root.
    """
    parts = dict(_empty_word())
    parts["word/document.xml"] = (
        f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>".encode()
    )
    for name, content in more.items():
        root = f"<w:{name} {NAMESPACES}>{content}</w:{name}>"
        parts[f"word/{name}.xml"] = root.encode()
        for part, end, text in (
            ("[Content_Types].xml", "</Types>", _OVERRIDE),
            ("word/_rels/document.xml.rels", "</Relationships>", _RELATION),
        ):
            parts[part] = parts[part].replace(end.encode(), text.format(name).encode())
    return zipped(parts)


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """One run; `properties` is the inside of its ``w:rPr``."""
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{text}</w:t></w:r>'


def field(code: str, result: str) -> str:
    """A complex field."""
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{separate}{result}{end}"


def xml_of(document: Document, part: str = "word/document.xml") -> str:
    """A part of the rendered document, without the namespaces."""
    text = parts_of(document.render())[part].decode()
    return text[text.index("<w:body") if "<w:body" in text else 0 :]


def slides(build: Callable[[pptx.presentation.Presentation], object]) -> bytes:
    presentation = pptx.Presentation()
    build(presentation)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()
