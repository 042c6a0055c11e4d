"""Zip archives and Office packages: limits, damage, and writing back only what changed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import partial

import docx
import openpyxl
import pptx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.documents.archive import Archive, Limits
from kakehashi.documents.ooxml import open_package, xml_bytes, xml_text
from kakehashi.errors import FormatError, InputError, KakehashiError, TooLargeError

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def word_file() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("令和６年度の予算について")
    document.save(out)
    return out.getvalue()


def slides_file() -> bytes:
    out = io.BytesIO()
    pptx.Presentation().save(out)
    return out.getvalue()


def sheets_file() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


WORD = word_file()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The package with its parts changed by `change`."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def _put_main(xml: bytes, parts: dict[str, bytes]) -> None:
    parts["word/document.xml"] = xml


def zipped(parts: dict[str, bytes]) -> bytes:
    return repacked(b"PK\x05\x06" + bytes(18), lambda empty: empty.update(parts))


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(64)


def test_what_is_not_changed_keeps_bytes_order_compression_and_time() -> None:
    parts = {"日本.txt": b"a" * 500, "b/raw.bin": bytes(range(256)), "c.xml": b"<c/>" * 99}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number, (name, content) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2001 + number, 2, 3, 4, 5, 6))
            info.compress_type = zipfile.ZIP_STORED if number == 1 else zipfile.ZIP_DEFLATED
            info.external_attr = 0o640 << 16
            info.comment = b"note"
            file.writestr(info, content)
        file.comment = "終わり".encode()
    data = out.getvalue()
    archive = Archive(data)
    assert archive.render({}) == data
    written = archive.render({"c.xml": b"<new/>", "neu.xml": b"<n/>"})
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(written)) as new:
        assert new.testzip() is None
        assert new.namelist() == [*old.namelist(), "neu.xml"]
        assert new.read("c.xml") == b"<new/>"
        assert new.comment == old.comment
        for before, after in zip(old.infolist(), new.infolist(), strict=False):
            for field in (
                "date_time",
                "compress_type",
                "external_attr",
                "comment",
                "create_system",
            ):
                assert getattr(before, field) == getattr(after, field)
        assert new.read("日本.txt") == parts["日本.txt"]
    assert Archive(written).render({"b/raw.bin": None}).find(b"raw.bin") == -1


def test_archives_written_to_a_pipe_have_sizes_behind_their_data() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(data)  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("a", "b"):
            with file.open(name, "w", force_zip64=True) as entry:
                entry.write(name.encode() * 1000)
    written = Archive(pipe.data).render({"a": b"new"})
    with zipfile.ZipFile(io.BytesIO(written)) as again:
        assert again.testzip() is None
        assert (again.read("a"), again.read("b")) == (b"new", b"b" * 1000)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.text(min_size=1, max_size=9), st.binary(max_size=99), min_size=1),
    st.data(),
)
def test_any_archive_reads_back_what_was_written(
    parts: dict[str, bytes], data: st.DataObject
) -> None:
    # Python's own reader cuts a name at a NUL and folds the separators.
    parts = {
        name.encode("utf-8", "ignore").decode().replace("\0", "0").replace("\\", "/") + "x": content
        for name, content in parts.items()
    }
    archive = Archive(zipped(parts))
    assert {name: archive.read(name) for name in archive.names} == parts
    chosen = data.draw(st.sampled_from(sorted(parts)))
    new = data.draw(st.binary(max_size=99))
    again = Archive(archive.render({chosen: new}))
    assert {name: again.read(name) for name in again.names} == parts | {chosen: new}
    assert again.names == archive.names


@pytest.mark.parametrize(
    ("parts", "limits", "message"),
    [
        ({"a": bytes(9 * 2**20)}, Limits(), "times its size"),
        ({f"{n}": bytes(2**20) for n in range(40)}, Limits(ratio=2000), "times its size"),
        ({f"{n}": b"" for n in range(9)}, Limits(entries=8), "8 files"),
        ({"a": bytes(range(256)) * 9000}, Limits(total=2**20), "2 MB"),
    ],
)
def test_bombs_are_not_unpacked(parts: dict[str, bytes], limits: Limits, message: str) -> None:
    with pytest.raises(TooLargeError, match=message) as caught:
        Archive(zipped(parts), "b.docx", limits)
    assert caught.value.where == "b.docx"
    assert caught.value.hint


def test_an_entry_over_the_limit_is_not_read_and_one_that_lies_is_stopped() -> None:
    data = zipped({"a": bytes(range(256)) * 40})
    with pytest.raises(TooLargeError, match="'a' unpacks"):
        Archive(data, limits=Limits(entry=5000)).read("a")
    # The directory says 100 bytes; the data go on.
    at = data.rindex(b"PK\x01\x02")
    lying = data[: at + 24] + struct.pack("<L", 100) + data[at + 28 :]
    with pytest.raises(FormatError, match="checksum"):
        Archive(lying).read("a")


def test_entries_that_share_their_data_are_refused() -> None:
    data = zipped({f"{n:02}": bytes(range(256)) * 4 for n in range(20)})
    first = data.index(b"PK\x01\x02")
    shared = bytearray(data)
    at = first
    while shared[at : at + 4] == b"PK\x01\x02":
        shared[at + 42 : at + 46] = bytes(4)
        at += 46 + 2
    packed = data[first + 20 : first + 24]
    small = bytes(shared[: struct.unpack("<L", packed)[0] + 32]) + bytes(shared[first:])
    end = small.rindex(b"PK\x05\x06")
    start = len(small) - (len(data) - first)
    small = small[: end + 16] + struct.pack("<L", start) + small[end + 20 :]
    with pytest.raises(FormatError, match="overlap"):
        Archive(small)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"", InputError, "empty"),
        (ole("EncryptedPackage"), FormatError, "encrypted"),
        (ole("WordDocument"), FormatError, r"old Word document \(\.doc\)"),
        (ole("PowerPoint Document"), FormatError, r"\.ppt"),
        (ole("Workbook"), FormatError, r"\.xls"),
        (ole("Root Entry"), FormatError, "old format"),
        (b"%PDF-1.7", FormatError, "a PDF file, not a Word document"),
        (b"just text", FormatError, "something else"),
        (WORD[: len(WORD) // 2], FormatError, "damaged"),
        (WORD[: len(WORD) - 30], FormatError, "damaged"),
        (zipped({"a.txt": b"a"}), FormatError, "a zip archive"),
        (zipped({"mimetype": b"application/vnd.oasis"}), FormatError, "OpenDocument"),
        (slides_file(), FormatError, "a PowerPoint presentation, not a Word document"),
        (sheets_file(), FormatError, "an Excel workbook, not a Word document"),
        (repacked(WORD, lambda p: p.pop("_rels/.rels")), FormatError, "damaged"),
        (repacked(WORD, lambda p: p.pop("word/document.xml")), FormatError, "missing"),
        (
            repacked(WORD, lambda p: p.update({"[Content_Types].xml": b"<Types"})),
            FormatError,
            "not well-formed",
        ),
        (
            repacked(
                WORD,
                lambda p: p.update(
                    {"_rels/.rels": p["_rels/.rels"].replace(
                        b"http://schemas.openxmlformats.org/officeDocument/2006",
                        b"http://purl.oclc.org/ooxml/officeDocument",
                    )}
                ),
            ),
            FormatError,
            "strict",
        ),
    ],
)  # fmt: skip
def test_what_is_not_a_word_document_is_named(
    data: bytes, error: type[KakehashiError], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        open_package(data, "報告.docx", "docx")
    assert caught.value.where == "報告.docx"
    assert caught.value.hint


def test_a_password_on_the_archive_is_named() -> None:
    at = WORD.index(b"PK\x01\x02")
    with pytest.raises(FormatError, match="encrypted with a password"):
        open_package(WORD[: at + 8] + b"\x01" + WORD[at + 9 :], "a.docx", "docx")


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]><w>&a;</w>',
        b'<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd"><w/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'.encode(
            "utf-16"
        ),
        b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><w x="&b;"/>',
    ],
)
def test_document_types_and_entities_are_refused(declared: bytes) -> None:
    package = open_package(
        repacked(WORD, lambda p: p.update({"word/document.xml": declared})), "a.docx", "docx"
    )
    with pytest.raises(FormatError, match="document type"):
        package.parse(package.main)


def test_deep_and_broken_xml_is_our_error() -> None:
    for xml in (b"<w>" * 5000 + b"</w>" * 5000, b"\xff\xfe<", b"", b"<w>\x00</w>", b"<w>&a;</w>"):
        data = repacked(WORD, partial(_put_main, xml))
        package = open_package(data, "a", "docx")
        with pytest.raises(FormatError, match="not well-formed"):
            package.parse(package.main)


def test_parts_and_relationships() -> None:
    package = open_package(WORD, "a.docx", "docx")
    assert package.main == "word/document.xml"
    assert package.has("WORD/Document.XML")
    assert package.related(package.main, "styles") == ("word/styles.xml",)
    assert package.content_type("word/styles.xml").endswith("styles+xml")
    assert package.content_type("docProps/thumbnail.jpeg") == "image/jpeg"
    assert package.warnings == ()
    with pytest.raises(FormatError, match=r"'word/none\.xml' is missing"):
        package.read("word/none.xml")


def test_only_the_changed_part_is_written_anew() -> None:
    package = open_package(WORD, "a.docx", "docx")
    root = package.parse(package.main)
    next(e for e in root.iter() if e.text and "予算" in e.text).text = xml_text("Budget\x0b\ud800")
    written = package.render({package.main: xml_bytes(root)})
    again = open_package(written, "a.docx", "docx")
    assert again.names == package.names
    for part in package.names:
        assert (again.read(part) == package.read(part)) == (part != package.main)
    assert [p.text for p in docx.Document(io.BytesIO(written)).paragraphs] == ["Budget"]


def with_macros(parts: dict[str, bytes]) -> None:
    types = parts["[Content_Types].xml"]
    types = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    parts["[Content_Types].xml"] = types
    parts["word/vbaProject.bin"] = bytes(range(99))
    parts["_xmlsignatures/origin.sigs"] = b""


def test_macros_and_signatures_are_kept_and_named() -> None:
    package = open_package(repacked(WORD, with_macros), "a.docm", "docx")
    assert package.macros
    assert package.signed
    assert len(package.warnings) == 2
    again = open_package(package.render({package.main: b"<x/>"}), "a.docm", "docx")
    assert again.read("word/vbaProject.bin") == bytes(range(99))


@settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
@given(
    st.lists(st.tuples(st.integers(0, len(WORD) - 1), st.binary(max_size=6)), max_size=5),
    st.booleans(),
)
def test_only_our_errors_come_out_of_a_mutated_package(
    cuts: list[tuple[int, bytes]], tail: bool
) -> None:
    data = bytearray(WORD)
    for at, put in cuts:
        # Half of them in the directory at the end, where the structure is.
        at = len(data) - 1 - at % 2000 if tail else at
        data[at : at + len(put) // 2] = put
    try:
        package = open_package(bytes(data), "a.docx", "docx")
        for part in package.names:
            package.relationships(part)
            if package.content_type(part).endswith("xml"):
                package.parse(part)
        package.render({package.main: b"<x/>"})
    except KakehashiError as error:
        named = error.where
    else:
        named = "a.docx"
    assert named == "a.docx"
