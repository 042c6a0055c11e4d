"""An Office Open XML package (docx, pptx, xlsx): parts, relationships, safe XML, writing back.

A package never changes. A document parses the parts it needs (`parse`), edits the tree, makes
bytes of it (`xml_bytes`) and gives all of them to `render` at once; every other part keeps its
bytes, its order and its compression. Knows nothing about paragraphs, slides or cells.

    package = open_package(data, "報告書.docx", "docx")
    root = package.parse(package.main)
    …
    document = package.render({package.main: xml_bytes(root)})

Nothing that a package points to outside of itself is ever looked at.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal
from urllib.parse import unquote

from lxml import etree

from kakehashi.documents import notes
from kakehashi.documents.archive import Archive, Limits
from kakehashi.errors import FormatError, InputError

Kind = Literal["docx", "pptx", "xlsx"]

_KINDS: Final[dict[str, str]] = {
    "docx": "a Word document",
    "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook",
}
# Content types of main parts, as they begin (ECMA-376 part 1, §11–13; [MS-OFFMACRO2]).
_MAIN: Final = (
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.", "docx"),
    ("application/vnd.ms-word.", "docx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.", "pptx"),
    ("application/vnd.ms-powerpoint.", "pptx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.", "xlsx"),
    ("application/vnd.ms-excel.", "xlsx"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0"
_OLD: Final = (
    ("WordDocument", "an old Word document (.doc)", "docx"),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt)", "pptx"),
    ("Workbook", "an old Excel workbook (.xls)", "xlsx"),
    ("Book", "an old Excel workbook (.xls)", "xlsx"),
)
_OTHER: Final = (
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_TYPES: Final = "[Content_Types].xml"
_RELATIONS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPE: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
# Characters that XML 1.0 cannot hold (§2.2).
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another, or to something outside.

    Attributes:
        id: what the XML of the source calls it (``rId3``).
        type: the last step of its type (``footnotes``, ``slide``, ``hyperlink``).
        target: the name of a part, or the URL if it is external.
        external: whether it leads out of the package.
    """

    id: str
    type: str
    target: str
    external: bool


class Package:
    """An opened package; made by `open_package`.

    Part names have no leading slash (``word/document.xml``). They are compared as the package
    spells them, and found in any spelling of small and capital letters.

    Attributes:
        name: what messages call it.
        main: the part that holds the document itself.
        macros: it carries macros (docm, pptm, xlsm); they are kept as they are.
        signed: it carries a digital signature, which a change makes invalid.
    """

    def __init__(self, archive: Archive, name: str) -> None:
        self._archive = archive
        self.name = name
        self._names = {part.lower(): part for part in archive.names}
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        self._read_types()
        self.main = self._main()
        types = set(self._overrides.values())
        self.macros = "macroenabled" in self.content_type(self.main).lower() or any(
            one.lower() == "application/vnd.ms-office.vbaproject" for one in types
        )
        self.signed = any("digital-signature" in one for one in types) or any(
            one.lower().startswith("_xmlsignatures/") for one in archive.names
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All parts, in the package's order."""
        return self._archive.names

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the package as such: macros, a signature."""
        found = ((self.macros, notes.MACROS), (self.signed, notes.SIGNED))
        return tuple(text for there, text in found if there)

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lower() in self._names

    def content_type(self, part: str) -> str:
        """The content type of a part, "" if the package does not say."""
        ending = posixpath.splitext(part)[1].removeprefix(".").lower()
        return self._overrides.get(part.lower()) or self._defaults.get(ending, "")

    def relationships(self, part: str = "") -> tuple[Relationship, ...]:
        """The relationships of a part, or those of the package for "".

        Raises:
            FormatError: the part that lists them is damaged.
        """
        folder, base = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(listed):
            return ()
        found = []
        for each in self.parse(listed).iter(_RELATIONS):
            target = each.get("Target", "")
            external = each.get("TargetMode") == "External"
            if not external:
                target = self._resolved(folder, target)
            kind = each.get("Type", "").rstrip("/").rsplit("/", 1)[-1]
            found.append(Relationship(each.get("Id", ""), kind, target, external))
        return tuple(found)

    def related(self, part: str, type: str) -> tuple[str, ...]:
        """The parts that exist and are related to `part` in this way (``footnotes``)."""
        return tuple(
            one.target
            for one in self.relationships(part)
            if one.type == type and not one.external and self.has(one.target)
        )

    def read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            FormatError: there is no such part, or its data are damaged.
            TooLargeError: it is over the limit of one part.
        """
        name = self._names.get(part.lower())
        if name is None:
            raise self.damaged(f"its part '{part}' is missing")
        return self._archive.read(name)

    def parse(self, part: str) -> etree._Element:
        """A fresh tree of a part that is XML; what is done to it changes nothing here.

        Raises:
            FormatError: no such part, not well-formed, or with a document type (which Office
                never writes, and attackers do).
            TooLargeError: it is over the limit of one part.
        """
        data = self._xml(part)
        # A parser each time: one that has failed keeps its state.
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            no_network=True,
            huge_tree=False,
            strip_cdata=False,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise self.damaged(f"its part '{part}' is not well-formed XML") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self.damaged(f"its part '{part}' declares a document type")
        return root

    def parse_streamed(
        self, part: str, tag: str, visit: Callable[[etree._Element], None]
    ) -> etree._Element:
        """As `parse`, for parts with very many `tag` elements (the rows of a sheet).

        Each is shown to `visit` when it is complete, and dropped: the tree that is returned has
        none of them, and is small. Raises as `parse`, and what `visit` raises.
        """
        stream = etree.iterparse(
            BytesIO(self._xml(part)),
            events=("end",),
            tag=tag,
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            no_network=True,
            huge_tree=False,
            strip_cdata=False,
        )
        try:
            for _, element in stream:
                visit(element)
                element.clear()
                holder = element.getparent()
                while holder is not None and element.getprevious() is not None:
                    del holder[0]
        except (etree.XMLSyntaxError, LookupError) as error:
            raise self.damaged(f"its part '{part}' is not well-formed XML") from error
        root = stream.root
        if root is None or root.getroottree().docinfo.internalDTD is not None:
            raise self.damaged(f"its part '{part}' declares a document type")
        for last in list(root.iter(tag)):
            holder = last.getparent()
            if holder is not None:
                holder.remove(last)
        return root

    def render(self, changes: Mapping[str, bytes | None]) -> bytes:
        """The package with new bytes for some parts (None: taken out; a new name: added last).

        Whoever adds a part or takes one out also changes ``[Content_Types].xml`` and the
        relationships. Without changes these are the bytes that were opened.
        """
        return self._archive.render({self._names.get(k.lower(), k): v for k, v in changes.items()})

    def _xml(self, part: str) -> bytes:
        data = self.read(part)
        if b"<!DOCTYPE" in data or "<!DOCTYPE".encode("utf-16-le") in data:
            raise self.damaged(f"its part '{part}' declares a document type")
        return data

    def damaged(self, why: str) -> FormatError:
        """The error for a package in which something is wrong."""
        return FormatError(
            f"the file is damaged: {why}",
            where=self.name,
            hint="get it anew, or let the program that made it open and save it again",
        )

    def _resolved(self, folder: str, target: str) -> str:
        path = target.split("#", 1)[0]
        joined = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
        for name in (joined, unquote(joined)):
            if self.has(name):
                return self._names[name.lower()]
        return joined

    def _read_types(self) -> None:
        for each in self.parse(_TYPES):
            said = each.get("ContentType", "")
            if each.tag == f"{_TYPE}Default":
                self._defaults[each.get("Extension", "").lower()] = said
            elif each.tag == f"{_TYPE}Override":
                self._overrides[each.get("PartName", "").lstrip("/").lower()] = said

    def _main(self) -> str:
        for one in self.relationships():
            if one.type == "officeDocument" and not one.external:
                if not self.has(one.target):
                    raise self.damaged(f"its part '{one.target}' is missing")
                return one.target
        raise self.damaged("it does not say which part holds the document")


def open_package(data: bytes, name: str, kind: Kind, limits: Limits | None = None) -> Package:
    """A package from its bytes.

    Args:
        data: the content of the file.
        name: what messages call it.
        kind: what it must be; templates, slide shows and files with macros are of the same kind.
        limits: what it may unpack to.

    Raises:
        InputError: it is empty.
        FormatError: it is encrypted, in an old binary format, of another kind, or damaged.
        TooLargeError: it unpacks to more than the limits.
    """
    if not data:
        raise InputError("the file is empty", where=name, hint="choose a file with text in it")
    if data.startswith(_OLE):
        raise _ole(data, name, kind)
    for magic, what in _OTHER:
        if data.startswith(magic):
            raise _wrong(what, name, kind)
    if b"PK\x03\x04" not in data[:4096]:
        raise _wrong("something else", name, kind)
    archive = Archive(data, name, limits)
    if _TYPES.lower() not in {part.lower() for part in archive.names}:
        other = "an OpenDocument file" if "mimetype" in archive.names else "a zip archive"
        raise _wrong(other, name, kind)
    package = Package(archive, name)
    said = package.content_type(package.main)
    found = next((one for start, one in _MAIN if said.startswith(start)), None)
    if "sheet.binary" in said:
        raise _wrong("a binary Excel workbook (.xlsb)", name, kind)
    if found is None:
        raise _wrong("another kind of Office file", name, kind)
    if found != kind:
        raise _wrong(_KINDS[found], name, kind, f"give it the ending .{found}")
    if _STRICT.encode() in package.read("_rels/.rels"):
        raise FormatError(
            "this is a file in the strict variant of Office Open XML, which is not read",
            where=name,
            hint=f"open it and save it as an ordinary .{kind} file",
        )
    return package


def xml_bytes(root: etree._Element) -> bytes:
    """A part's tree as bytes: UTF-8 with a declaration, as Office writes it."""
    standalone = root.getroottree().docinfo.standalone
    return etree.tostring(
        root.getroottree(),
        encoding="UTF-8",
        xml_declaration=True,
        standalone=True if standalone is None else standalone,
    )


def xml_text(text: str) -> str:
    """`text` without the characters that XML cannot hold (control characters, lone surrogates)."""
    return _FORBIDDEN.sub("", text)


def _ole(data: bytes, name: str, kind: str) -> FormatError:
    """The error for an OLE container; the streams' names stand in its directory as UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return FormatError(
            "the file is encrypted with a password or by rights management",
            where=name,
            hint="open it with its password, save it without one, and try again",
        )
    for stream, what, ending in _OLD:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return FormatError(
                f"this is {what}, which is not read",
                where=name,
                hint=f"open it and save it as .{ending}",
            )
    return _wrong("an Office file in an old format", name, kind)


def _wrong(what: str, name: str, kind: str, hint: str = "") -> FormatError:
    return FormatError(
        f"this is {what}, not {_KINDS[kind]}",
        where=name,
        hint=hint or f"choose a .{kind} file, or save it as one with the program that made it",
    )
