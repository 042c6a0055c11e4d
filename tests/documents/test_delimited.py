from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.documents import from_bytes, open_document
from kakehashi.documents.cell_text import is_text
from kakehashi.documents.delimited import DelimitedDocument

MEMBERS = (
    "社員番号,氏名,入社日,備考\r\n"
    'A-001,佐藤 太郎,2019/4/1,"課長。\n令和６年度より本庁勤務"\r\n'
    "A-002,ｽｽﾞｷ ﾊﾅｺ,R2.10.1,\r\n"
    '\r\n"A-003","髙橋 ""健""",2021-07-15,在宅勤務（週２日）,余り\r\n'
)


def opened(data: bytes, format: str = "csv") -> DelimitedDocument:
    document = from_bytes(data, format, "名簿.csv")
    assert isinstance(document, DelimitedDocument)
    return document


def texts(data: bytes, format: str = "csv") -> list[str]:
    return [segment.text for segment in opened(data, format).segments]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16", "euc_jp"])
def test_only_words_are_segments_and_the_rest_keeps_its_bytes(encoding: str) -> None:
    source = MEMBERS.replace("髙", "高") if encoding == "euc_jp" else MEMBERS
    document = opened(source.encode(encoding))
    assert [(s.text, s.place) for s in document.segments][4:] == [
        ("佐藤 太郎", "row 2, column 2 (氏名)"),
        ("課長。\n令和６年度より本庁勤務", "row 2, column 4 (備考)"),
        ("ｽｽﾞｷ ﾊﾅｺ", "row 3, column 2 (氏名)"),
        (source.split('"A-003","')[1][:2] + ' "健"', "row 5, column 2 (氏名)"),
        ("在宅勤務（週２日）", "row 5, column 4 (備考)"),
        ("余り", "row 5, column 5"),
    ]
    assert document.segments[0].place == "row 1, column 1"
    for segment in document.segments:
        document.replace(segment.id, segment.text)
    assert document.render() == source.encode(encoding)
    document.replace(5, "Section chief.\nAt the main office, since 2024")
    document.replace(7, 'Ken "K" Takahashi')
    document.replace(8, "Works at home, twice a week")
    expected = (
        source.replace(
            "課長。\n令和６年度より本庁勤務", "Section chief.\nAt the main office, since 2024"
        )
        .replace(source.split('"A-003","')[1].split('"')[0] + '""健""', 'Ken ""K"" Takahashi')
        .replace("在宅勤務（週２日）", '"Works at home, twice a week"')
    )
    assert document.render() == expected.encode(encoding)
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("source", "delimiter", "found"),
    [
        ("品名;数量\n鉛筆、赤;3\n消しゴム;5\n", ";", ["品名", "数量", "鉛筆、赤", "消しゴム"]),
        ("品名\t数量\n鉛筆,赤\t3\n", "\t", ["品名", "数量", "鉛筆,赤"]),
        ("ご意見\n広い、明るい。\nまた来たい\n", ",", ["ご意見", "広い、明るい。", "また来たい"]),
        ("comment\nI came; I saw\nGood\nBad\n", ",", ["comment", "I came; I saw", "Good", "Bad"]),
        ("sep=|\n氏名|所属\n", "|", ["氏名", "所属"]),
        ('"甲,乙","丙;丁"\n"a b","c;d"\n', ",", ["甲,乙", "丙;丁", "a b", "c;d"]),
        ("名前 | 役職\n山田 | 部長\n", "|", ["名前", "役職", "山田", "部長"]),
    ],
)
def test_the_delimiter_is_found(source: str, delimiter: str, found: list[str]) -> None:
    document = opened(source.encode())
    assert document.delimiter == delimiter
    assert [segment.text for segment in document.segments] == found


def test_tab_separated_values() -> None:
    document = opened("氏名\t備考\r\n山田\t会議、資料\r\n".encode("cp932"), "tsv")
    document.replace(3, "Meeting,\tpapers")
    assert document.delimiter == "\t"
    assert document.render().decode("cp932").endswith('山田\t"Meeting,\tpapers"\r\n')


@pytest.mark.parametrize(
    ("source", "new", "written"),
    [
        ("合計", "=1+1", "'=1+1"),
        ("合計", "＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
        ("・項目", "- item", "'- item"),
        ("- 項目", "- item", "- item"),
        ("- 項目", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("連絡先", " @SUM(1)", "' @SUM(1)"),
        ("連絡先", "+81 3", "'+81 3"),
        ("連絡先", "a=b", "a=b"),
    ],
)
def test_a_translation_never_becomes_a_formula(source: str, new: str, written: str) -> None:
    document = opened(f"{source},終わり\n".encode())
    document.replace(0, new)
    assert document.render().decode() == f"{written},終わり\n"


def test_formulas_are_left_alone() -> None:
    assert texts('"=HYPERLINK(""x"",""開く"")",="年",開く\n'.encode()) == ["開く"]


def test_an_encoding_without_the_new_characters_becomes_utf8_that_excel_knows() -> None:
    document = opened(b"name,note\r\nTaro,hello there\r\n")
    document.replace(3, "やあ")
    assert document.render() == "\ufeffname,note\r\nTaro,やあ\r\n".encode()
    document = opened("氏名,備考\r\n山田,喫茶\r\n".encode("cp932"))
    document.replace(3, "café")
    assert document.render() == "\ufeff氏名,備考\r\n山田,café\r\n".encode()


def test_an_open_quote_is_said_and_swallows_nothing() -> None:
    document = opened('型番,説明\n"12,折りたたみ机\nB,いす 5" 用\n'.encode())
    assert [segment.text for segment in document.segments][2:] == ["折りたたみ机", 'いす 5" 用']
    assert len(document.warnings) == 1
    assert "row 2" in document.warnings[0]


@pytest.mark.parametrize(
    "value",
    [
        "１２３",
        "1,234.5",
        "▲500",
        "2024/4/1",
        "R6.4.1",
        "2024-04-01T09:30:00Z",
        "9:30",
        "A-001",
        "ＡＢ－１２",
        "JPY",
        "kg",
        "OK",
        "10kg",
        "https://example.jp/案内?x=1",
        "info@example.jp",
        "user_id",
        "data.csv",
        "C:\\共有\\資料",
        "#REF!",
        "TRUE",
        "○",
        "―",
        "3.5%",
        "3.5 km",
        "USD 1,200",
        "2024-04-01 09:30",
        "9:30 AM",
        "mailto:a@example.jp",
        "",
        "\u3000",
    ],
)
def test_data_is_no_text(value: str) -> None:
    assert not is_text(value)


@pytest.mark.parametrize(
    "value",
    [
        "済",
        "令和6年度",
        "100円",
        "３人",
        "TOTAL",
        "Name",
        "ｶﾅ",
        "第1四半期",
        "備考（必須）",
        "Yes",
        "東京都千代田区1-2-3",
    ],
)
def test_words_are_text(value: str) -> None:
    assert is_text(value)


CELLS = st.text(st.sampled_from("あ漢ｱ word\"\n,;\t'=-+ 　１."), min_size=0, max_size=8)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6),
    st.sampled_from((csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC)),
    st.sampled_from(("\r\n", "\n")),
    st.data(),
)
def test_what_is_written_reads_back(
    rows: list[list[str]], quoting: int, end: str, data: st.DataObject
) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    source = file.getvalue()
    document = opened(("sep=,\n" + source).encode())
    cells = {segment.place: segment.text for segment in document.segments}
    for segment in document.segments:
        document.replace(segment.id, segment.text)
    assert document.render() == ("sep=,\n" + source).encode()
    new = {}
    for segment in document.segments:
        new[segment.text] = data.draw(CELLS).strip() + "終"
    for segment in document.segments:
        document.replace(segment.id, new[segment.text])
    written = document.render().decode()
    before = list(csv.reader(io.StringIO(source, newline="")))
    after = list(csv.reader(io.StringIO(written.partition("\n")[2], newline="")))
    assert [len(row) for row in after] == [len(row) for row in before]
    for row, (old_cells, new_cells) in enumerate(zip(before, after, strict=True), 1):
        for column, (old, now) in enumerate(zip(old_cells, new_cells, strict=True), 1):
            place = f"row {row}, column {column}"
            text = next(
                (t for p, t in cells.items() if p == place or p.startswith(place + " (")), None
            )
            if text is None:
                assert now == old
            else:
                assert now.strip() in (new[text], "'" + new[text])


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("あa1\",\t;|\n\r '=")), st.sampled_from(("csv", "tsv")))
def test_any_text_is_kept(source: str, format: str) -> None:
    data = (source + "終").encode()
    document = opened(data, format)
    for segment in document.segments:
        document.replace(segment.id, "別の文")
    document.render()
    for segment in document.segments:
        document.replace(segment.id, segment.text)
    assert document.render() == data


def test_many_open_quotes_do_not_take_for_ever() -> None:
    document = opened(('"あ,' * 100_000 + "\n" + '"い"う,' * 100_000).encode())
    assert len(document.segments) == 150_000


def test_files_are_opened_by_their_ending(tmp_path: Path) -> None:
    for name, format in (("a.csv", "csv"), ("a.TSV", "tsv")):
        path = tmp_path / name
        path.write_bytes("氏名\t所属\n".encode("cp932"))
        assert open_document(path).format == format
