from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.documents.xlsx_formula import (
    Changes,
    folded,
    follow_reference,
    literals,
    rewrite,
    tokens,
    used_functions,
)

SHEETS = Changes(
    sheets={
        folded(old): new
        for old, new in {
            "予算": "Budget",
            "４月": "April",
            "5月": "May",
            "My Sheet": "私's 表",
            "A.B": "A1",
        }.items()
    }
)
COLUMNS = Changes(
    columns={
        folded("売上表"): {
            folded(old): new
            for old, new in {
                "金額": "Amount [JPY]",
                "部署": "Department",
                "単価 (円)": "Unit price",
                "#番": "No",
                "改\n行": "Line",
            }.items()
        }
    }
)
TEXTS = Changes(texts={folded(old): new for old, new in {"済": 'Do"ne', "Total": "合計"}.items()})


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(予算!B2:B9)+予算!$A$1", "SUM(Budget!B2:B9)+Budget!$A$1"),
        ("'予算'!A1&\"予算!A\"", 'Budget!A1&"Budget!A"'),
        ("'my sheet'!A1", "'私''s 表'!A1"),
        ("A.B!A1*2", "'A1'!A1*2"),
        ("SUM(４月:5月!B2)", "SUM(April:May!B2)"),
        ("SUM(予算:A.B!B2)", "SUM('Budget:A1'!B2)"),
        ("SUM('４月:5月'!B2)", "SUM(April:May!B2)"),
        ("[1]予算!A1+'[2]予算'!B1+[3]!予算", "[1]予算!A1+'[2]予算'!B1+[3]!予算"),
        ("予算!#REF!+#REF!+#N/A", "Budget!#REF!+#REF!+#N/A"),
        ("予算実績!A1+実績予算!A1+予算", "予算実績!A1+実績予算!A1+予算"),
        ('HYPERLINK("#予算!A1","予算へ")', 'HYPERLINK("#Budget!A1","予算へ")'),
        ("INDIRECT(\"'My Sheet'!B\"&ROW())", "INDIRECT(\"'私''s 表'!B\"&ROW())"),
        ("予算!A1:予算!B2", "Budget!A1:Budget!B2"),
        ("{1,2;3,4}&'未'!A1", "{1,2;3,4}&'未'!A1"),
    ],
)
def test_sheets(formula: str, expected: str) -> None:
    assert rewrite(formula, SHEETS) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(売上表[金額])", "SUM(売上表[Amount '[JPY']])"),
        ("売上表[[#This Row],[金額]]*2", "売上表[[#This Row],[Amount '[JPY']]]*2"),
        ("SUM(売上表[[#All],[部署]:[金額]])", "SUM(売上表[[#All],[Department]:[Amount '[JPY']]])"),
        (
            "[@部署]&[@[単価 (円)]]&[@他]",
            "売上表[[#This Row],[Department]]&売上表[[#This Row],[Unit price]]&[@他]",
        ),
        ("SUBTOTAL(109,[単価 (円)])", "SUBTOTAL(109,売上表[Unit price])"),
        ("[@[部署]:[金額]]", "売上表[[#This Row],[Department]:[Amount '[JPY']]]"),
        ("売上表[[#This Row],金額]", "売上表[[#This Row],[Amount '[JPY']]]"),
        ("売上表['#番]+売上表[#Totals]", "売上表[No]+売上表[#Totals]"),
        ("売上表[改\n行]", "売上表[Line]"),
        ("他表[金額]+[1]売上表!A1", "他表[金額]+[1]売上表!A1"),
        ("COUNTA(売上表[])", "COUNTA(売上表[])"),
    ],
)
def test_columns_of_tables(formula: str, expected: str) -> None:
    assert rewrite(formula, COLUMNS, "売上表") == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('IF(A1="済",1,0)', 'IF(A1="Do""ne",1,0)'),
        ('COUNTIF(A:A,"<>済")', 'COUNTIF(A:A,"<>Do""ne")'),
        ('COUNTIF(A:A,"TOTAL")', 'COUNTIF(A:A,"合計")'),
        ('"済み"&"*済*"&済', '"済み"&"*済*"&済'),
        ('""&A1', '""&A1'),
    ],
)
def test_literals_follow_cells(formula: str, expected: str) -> None:
    assert rewrite(formula, TEXTS) == expected


def test_reading() -> None:
    assert list(literals('IF(A1="a""b","",\'x"y\'!A1)')) == ['a"b']
    assert used_functions("_xlfn.XLOOKUP(A1,indirect(B1),sum)") == {"XLOOKUP", "INDIRECT"}
    assert follow_reference("'予算'!A1", SHEETS.sheets) == "Budget!A1"
    assert follow_reference("予算", SHEETS.sheets) is None


@given(st.text(st.sampled_from("予算!'\"[]#@,:A1()+ 金額売上表済"), max_size=30))
def test_any_formula_is_cut_and_kept(formula: str) -> None:
    assert "".join(token.text for token in tokens(formula)) == formula
    assert rewrite(formula, Changes()) == formula
    for changes in (SHEETS, COLUMNS, TEXTS):
        rewrite(formula, changes)
