"""Workbooks that are odd, damaged or hostile: our own errors, or a workbook; nothing else."""

from __future__ import annotations

import contextlib
import io
import random
import re
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.documents import from_bytes
from kakehashi.errors import FormatError, InputError, KakehashiError, TooLargeError
from tests.documents.workbooks import budget, ledger, parts, repacked, streamed

BUDGET, LEDGER, STREAMED = budget(), ledger(), streamed()
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cells(*rows: str, more: str = "") -> bytes:
    """A workbook whose sheet has these rows."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>{more}</worksheet>'
    return repacked(STREAMED, {SHEET: xml.encode()})


def rewritten(data: bytes, new: str = "NEW") -> bytes:
    document = from_bytes(data, "xlsx", "表.xlsx")
    for segment in document.segments:
        document.replace(segment.id, new)
    return document.render()


def test_a_dimension_of_a_million_rows_costs_nothing() -> None:
    xml = parts(STREAMED)[SHEET].decode()
    xml = re.sub(r'<dimension ref="[^"]*"/>', '<dimension ref="A1:XFD1048576"/>', xml)
    xml = xml.replace("</sheetData>", '<row r="1048576" ht="3"/></sheetData>')
    data = repacked(STREAMED, {SHEET: xml.encode()})
    assert b"NEW" in parts(rewritten(data))[SHEET]


def test_rows_and_cells_need_not_say_where_they_are() -> None:
    row = '<row><c t="inlineStr"><is><t>品名</t></is></c><c><v>3</v></c><c t="str"><v>単価</v></c></row>'
    document = from_bytes(cells("<row/>", row), "xlsx")
    assert [(s.text, s.place) for s in document.segments] == [
        ("品名", "シート「出力」, A2"),
        ("単価", "シート「出力」, C2"),
    ]
    written = rewritten(cells(row))
    sheet = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["NEW", 3, "NEW"]


def test_prefixes_are_read() -> None:
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr">'
        "<x:is><x:r><x:rPr><x:b/></x:rPr><x:t>重要</x:t></x:r><x:r><x:t>なお知らせ</x:t></x:r>"
        '<x:rPh sb="0" eb="2"><x:t>ジュウヨウ</x:t></x:rPh><x:phoneticPr fontId="1"/></x:is></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    data = repacked(STREAMED, {SHEET: xml.encode()})
    assert [s.text for s in from_bytes(data, "xlsx").segments] == ["重要なお知らせ"]
    written = parts(rewritten(data))[SHEET].decode()
    assert "NEW" in written
    assert "ジュウヨウ" not in written
    assert "phoneticPr" not in written


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", InputError, "empty"),
        (b"PK\x03\x04 and no more", FormatError, "damaged"),
        (BUDGET[:-200], FormatError, "damaged"),
        (BUDGET[: len(BUDGET) // 2], FormatError, "damaged"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), FormatError, "encrypted"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le") + b"\0\0", FormatError, "old"),
        (b"%PDF-1.7", FormatError, "PDF"),
        ("氏名,所属\n".encode("cp932"), FormatError, "not an Excel workbook"),
        (repacked(BUDGET, {SHEET: None}), FormatError, "missing"),
        (repacked(BUDGET, {SHEET: b"<worksheet><row>"}), FormatError, "well-formed"),
        (repacked(BUDGET, {"xl/sharedStrings.xml": None}), FormatError, "A1"),
        (
            repacked(STREAMED, {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'}),
            FormatError,
            "document type",
        ),
        (repacked(BUDGET, {"xl/tables/table1.xml": b"<table/>"}), FormatError, "table"),
    ],
)
def test_damage_is_named(data: bytes, error: type[KakehashiError], said: str) -> None:
    with pytest.raises(error) as caught:
        from_bytes(data, "xlsx", "予算.xlsx")
    assert said in caught.value.what
    assert "予算.xlsx" in caught.value.where
    assert caught.value.hint


def test_bombs_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts(STREAMED).items():
            file.writestr(name, content)
        file.writestr("xl/media/image1.png", bytes(300 * 2**20))
    with pytest.raises(TooLargeError):
        from_bytes(out.getvalue(), "xlsx", "a.xlsx")


def test_macros_are_kept_and_said() -> None:
    types = parts(BUDGET)["[Content_Types].xml"].decode()
    types = types.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    data = repacked(
        BUDGET, {"[Content_Types].xml": types.encode(), "xl/vbaProject.bin": b"\xd0\xcf" * 99}
    )
    document = from_bytes(data, "xlsx", "a.xlsm")
    assert any("macros" in one for one in document.warnings)
    assert parts(rewritten(data))["xl/vbaProject.bin"] == b"\xd0\xcf" * 99


def test_a_workbook_without_text_has_no_segments() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    document = from_bytes(out.getvalue(), "xlsx")
    assert document.segments == ()
    assert document.render() == out.getvalue()


XML = [
    (data, name)
    for data in (BUDGET, LEDGER)
    for name in parts(data)
    if name.endswith((".xml", ".rels")) and "theme" not in name
]
SNIPPETS = (
    b"",
    b"<",
    b">",
    b'"',
    b"&#0;",
    b"-1",
    b"99999999999",
    "あ".encode(),
    b"A1:B2",
    b"[]'!#",
    b"<t/>",
    b"</c>",
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sampled_from(XML), st.integers(0, 2**32), st.integers(1, 4))
def test_changed_parts_raise_nothing_but_our_own_errors(
    chosen: tuple[bytes, str], seed: int, count: int
) -> None:
    data, name = chosen
    source = random.Random(seed)
    content = parts(data)[name]
    for _ in range(count):
        kind = source.randrange(4)
        at = source.randrange(len(content) + 1)
        size = source.choice((0, 1, 3, 20))
        if kind == 0:  # a value of an attribute or a text of an element
            values = list(re.finditer(rb'"[^"]*"|>[^<>]+<', content))
            if values:
                start, end = source.choice(values).span()
                content = content[: start + 1] + source.choice(SNIPPETS) + content[end - 1 :]
        elif kind == 1:  # an element taken out
            tags = list(re.finditer(rb"<[^<>?!/]+/>", content))
            if tags:
                start, end = source.choice(tags).span()
                content = content[:start] + content[end:]
        else:
            content = content[:at] + source.choice(SNIPPETS) + content[at + size :]
    with contextlib.suppress(InputError):
        document = from_bytes(repacked(data, {name: content}), "xlsx", "a.xlsx")
        for call in ("translate_sheet_names", "translate_lists"):
            getattr(document, call)()
        for segment in document.segments:
            document.replace(segment.id, f"新{segment.id}")
        document.render()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_changed_bytes_raise_nothing_but_our_own_errors(seed: int) -> None:
    source = random.Random(seed)
    data = bytearray(source.choice((BUDGET, LEDGER, STREAMED)))
    for _ in range(source.randrange(1, 6)):
        at = source.randrange(len(data))
        data[at : at + source.choice((0, 1, 9))] = source.randbytes(source.choice((0, 1, 9)))
    with contextlib.suppress(InputError):
        rewritten(bytes(data))
