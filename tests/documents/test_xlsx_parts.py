"""What the two libraries cannot write: pivot tables, threaded comments, queries, links of shapes."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from kakehashi.documents import Mark, from_bytes
from kakehashi.documents.xlsx import XlsxDocument
from kakehashi.documents.xlsx_names import sheet_names
from tests.documents.workbooks import budget, parts, repacked

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
MS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def relations(*items: tuple[str, str, str]) -> bytes:
    inner = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{g}"/>' for i, t, g in items)
    return f'<Relationships xmlns="{RELS}">{inner}</Relationships>'.encode()


def sales() -> bytes:
    """A sheet with data and a pivot table made of it."""
    book = openpyxl.Workbook()
    data = book.worksheets[0]
    data.title = "売上"
    for row in (["部署", "金額"], ["総務課", 10], ["税務課", 20], ["総務課", 30]):
        data.append(row)
    shown = book.create_sheet("集計")
    for row in (["行ラベル", "合計 / 金額"], ["総務課", 40], ["税務課", 20], ["総計", 60]):
        shown.append(row)
    plain = saved(book)
    workbook = parts(plain)["xl/workbook.xml"].decode()
    workbook = workbook.replace(
        "</workbook>",
        f'<pivotCaches><pivotCache xmlns:r="{REL}" cacheId="7" r:id="rId99"/></pivotCaches></workbook>',
    )
    links = parts(plain)["xl/_rels/workbook.xml.rels"].decode()
    links = links.replace(
        "</Relationships>",
        f'<Relationship Id="rId99" Type="{REL}/pivotCacheDefinition" '
        'Target="pivotCache/pivotCacheDefinition1.xml"/></Relationships>',
    )
    cache = f"""<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{REL}" r:id="rId1" recordCount="3">
<cacheSource type="worksheet"><worksheetSource ref="A1:B4" sheet="売上"/></cacheSource>
<cacheFields count="2"><cacheField name="部署" numFmtId="0"><sharedItems count="2"><s v="総務課"/>
<s v="税務課"/></sharedItems></cacheField><cacheField name="金額" numFmtId="0"><sharedItems
containsNumber="1"/></cacheField></cacheFields></pivotCacheDefinition>"""
    records = f"""<pivotCacheRecords xmlns="{MAIN}" count="3"><r><x v="0"/><n v="10"/></r>
<r><x v="1"/><n v="20"/></r><r><s v="総務課"/><n v="30"/></r></pivotCacheRecords>"""
    pivot = f"""<pivotTableDefinition xmlns="{MAIN}" name="ピボット1" cacheId="7" dataCaption="値"
rowHeaderCaption="行ラベル"><location ref="A1:B4" firstHeaderRow="1" firstDataRow="1"
firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow"><items count="3"><item x="0"/>
<item x="1"/><item t="default"/></items></pivotField><pivotField dataField="1"/></pivotFields>
<rowFields count="1"><field x="0"/></rowFields><dataFields count="1"><dataField
name="合計 / 金額" fld="1"/></dataFields></pivotTableDefinition>"""
    return repacked(
        plain,
        {
            "xl/workbook.xml": workbook.encode(),
            "xl/_rels/workbook.xml.rels": links.encode(),
            "xl/pivotCache/pivotCacheDefinition1.xml": cache.encode(),
            "xl/pivotCache/pivotCacheRecords1.xml": records.encode(),
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations(
                ("rId1", f"{REL}/pivotCacheRecords", "pivotCacheRecords1.xml")
            ),
            "xl/pivotTables/pivotTable1.xml": pivot.encode(),
            "xl/worksheets/_rels/sheet2.xml.rels": relations(
                ("rId1", f"{REL}/pivotTable", "../pivotTables/pivotTable1.xml")
            ),
        },
    )


def translated(data: bytes, words: dict[str, str]) -> tuple[XlsxDocument, dict[str, str]]:
    document = from_bytes(data, "xlsx", "a.xlsx")
    assert isinstance(document, XlsxDocument)
    document.translate_sheet_names()
    for segment in document.segments:
        if segment.text in words:
            document.replace(segment.id, words[segment.text])
    written = parts(document.render())
    return document, {name: content.decode("utf-8", "replace") for name, content in written.items()}


def test_pivot_tables_follow_their_source() -> None:
    words = {
        "部署": "Section",
        "金額": "Section",
        "総務課": "General",
        "税務課": "Tax",
        "行ラベル": "Row labels",
        "合計 / 金額": "Section 2",
        "総計": "Total",
        "売上": "Sales",
    }
    _, written = translated(sales(), words)
    cache = written["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert 'name="Section" ' in cache
    assert 'name="Section 2" ' in cache
    assert 'ref="A1:B4" sheet="Sales"' in cache
    assert '<s v="General"/>' in cache
    assert 'refreshOnLoad="1"' in cache
    assert '<s v="General"/>' in written["xl/pivotCache/pivotCacheRecords1.xml"]
    pivot = written["xl/pivotTables/pivotTable1.xml"]
    assert 'rowHeaderCaption="Row labels"' in pivot
    assert 'name="Section 2 " fld="1"' in pivot  # told apart from the field of that name
    assert "ピボット1" in pivot


def test_items_that_became_the_same_stay_two_items_until_the_refresh() -> None:
    _, written = translated(sales(), {"総務課": "Office", "税務課": "Office"})
    cache = written["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert '<s v="総務課"/>' in cache
    assert '<s v="税務課"/>' in cache


def test_fields_with_formulas_and_queries_keep_their_headers() -> None:
    data = sales()
    cache = parts(data)["xl/pivotCache/pivotCacheDefinition1.xml"].decode()
    field = '<cacheField name="税" formula="金額*0.1" databaseField="0"/></cacheFields>'
    data = repacked(
        data,
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": cache.replace(
                "</cacheFields>", field
            ).encode()
        },
    )
    document, written = translated(data, {"部署": "Section", "総務課": "General"})
    assert "部署" not in [segment.text for segment in document.segments]
    assert any("部署, 金額" in one for one in document.warnings)
    assert 'name="部署"' in written["xl/pivotCache/pivotCacheDefinition1.xml"]

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["品名", "単価"], ["鉛筆", 3], ["品名", 4]):
        sheet.append(row)
    sheet.add_table(Table(displayName="T", ref="A1:B3"))
    data = saved(book)
    table = parts(data)["xl/tables/table1.xml"].replace(
        b'<tableColumn id="1"', b'<tableColumn id="1" queryTableFieldId="1"'
    )
    assert b"queryTableFieldId" in table
    document, _ = translated(
        repacked(data, {"xl/tables/table1.xml": table}), {"品名": "Item", "鉛筆": "Pencil"}
    )
    new = openpyxl.load_workbook(io.BytesIO(document.render())).worksheets[0]
    assert [new["A1"].value, new["A2"].value, new["A3"].value] == ["品名", "Pencil", "Item"]
    assert any("品名, 単価" in one for one in document.warnings)


def test_threaded_comments_and_the_people_in_them() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 1
    text = "@山田 太郎 この金額の根拠を教えてください。"
    thread = (
        f'<ThreadedComments xmlns="{MS}"><threadedComment ref="A1" dT="2024-04-01T00:00:00" '
        f'personId="{{1}}" id="{{2}}"><text>{text}</text><mentions><mention mentionpersonId="{{1}}" '
        'mentionId="{3}" startIndex="0" length="6"/></mentions></threadedComment></ThreadedComments>'
    )
    note = (
        f'<comments xmlns="{MAIN}"><authors><author>tc={{2}}</author></authors><commentList>'
        f'<comment ref="A1" authorId="0"><text><t>[スレッド化されたコメント]\n{text}</t></text></comment>'
        "</commentList></comments>"
    )
    data = repacked(
        saved(book),
        {
            "xl/threadedComments/threadedComment1.xml": thread.encode(),
            "xl/comments1.xml": note.encode(),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                (
                    "rId1",
                    "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                    "../threadedComments/threadedComment1.xml",
                ),
                ("rId2", f"{REL}/comments", "../comments1.xml"),
            ),
        },
    )
    document = from_bytes(data, "xlsx")
    (segment,) = document.segments
    assert segment.text == text
    assert segment.place == "シート「Sheet」, A1 のコメント"
    (mark,) = segment.marks
    assert (mark.start, mark.end, mark.protected) == (0, 6, True)
    document.replace(0, "Why this sum, @山田 太郎?", (Mark(14, 20, mark.key, True),))
    written = parts(document.render())
    new = written["xl/threadedComments/threadedComment1.xml"].decode()
    assert "<text>Why this sum, @山田 太郎?</text>" in new
    assert 'startIndex="14" length="6"' in new
    assert "Why this sum, @山田 太郎?" in written["xl/comments1.xml"].decode()
    document.replace(0, "Why?")
    assert (
        ">Why?@山田 太郎<"
        in parts(document.render())["xl/threadedComments/threadedComment1.xml"].decode()
    )


def test_links_of_shapes_and_the_list_of_titles_follow_a_sheet() -> None:
    data = budget()
    links = parts(data)["xl/drawings/_rels/drawing1.xml.rels"].decode()
    links = links.replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{REL}/hyperlink" Target="#\'%E4%BA%8B%E6%A5%AD%20%E4%B8%80'
        "%E8%A6%A7'!A1\"/></Relationships>",
    )
    data = repacked(data, {"xl/drawings/_rels/drawing1.xml.rels": links.encode()})
    _, written = translated(data, {"事業 一覧": "All projects", "予算総括": "2024 (計)"})
    assert "Target=\"#'All%20projects'!A1\"" in written["xl/drawings/_rels/drawing1.xml.rels"]
    titles = written["docProps/app.xml"]
    assert "<vt:lpstr>All projects</vt:lpstr>" in titles
    assert "<vt:lpstr>'2024 (計)'!Print_Area</vt:lpstr>" in titles


def test_references_made_of_texts() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "集計"
    book.create_sheet("四月")["A1"] = 5
    sheet["A1"], sheet["B1"] = "四月", '=INDIRECT(A1&"!A1")+INDIRECT("四月!A1")'
    sheet["A2"] = "四月の分"
    data = saved(book)
    document, _ = translated(data, {"四月": "April", "四月の分": "For April"})
    new = openpyxl.load_workbook(io.BytesIO(document.render()))
    assert new.sheetnames == ["集計", "April"]
    assert new["集計"]["A1"].value == "April"
    assert new["集計"]["B1"].value == '=INDIRECT(A1&"!A1")+INDIRECT("April!A1")'
    assert new["集計"]["A2"].value == "For April"
    assert any("INDIRECT" in one and "B1" in one for one in document.warnings)
    plain = from_bytes(data, "xlsx")
    assert [segment.text for segment in plain.segments] == ["四月の分"]


def test_filters_follow_the_cells_they_show() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["状況"], ["完了"], ["未着手"]):
        sheet.append(row)
    sheet.auto_filter.ref = "A1:A3"
    sheet.auto_filter.add_filter_column(0, ["完了"])
    document, _ = translated(saved(book), {"完了": "Done"})
    new = openpyxl.load_workbook(io.BytesIO(document.render())).worksheets[0]
    assert new.auto_filter.filterColumn[0].filters is not None
    assert new.auto_filter.filterColumn[0].filters.filter == ["Done"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Budget: FY2024/25 [draft]?", "Budget FY2024 25 draft"),
        ("An overview of the general account budget", "An overview of the general"),
        ("'Quoted'", "Quoted"),
        ("x" * 40, "x" * 31),
        ("OTHER", "OTHER (2)"),
        ("History", "History (2)"),
        ("[]", "予算"),
        ("😀" * 20, "😀" * 15),
    ],
)
def test_names_that_excel_would_refuse_are_made_to_fit(wanted: str, name: str) -> None:
    assert sheet_names(["予算", "Other"], {0: wanted}) == [name, "Other"]


def test_two_sheets_never_get_one_name() -> None:
    long = "An overview of the general account"
    names = sheet_names(["a", "b", "c"], {0: long, 1: long, 2: long})
    assert len({name.lower() for name in names}) == 3
    assert all(len(name) <= 31 for name in names)
