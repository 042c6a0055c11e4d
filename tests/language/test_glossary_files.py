from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kakehashi.errors import (
    FileMissingError,
    FormatError,
    InputError,
    KakehashiError,
    TooLargeError,
)
from kakehashi.language import glossary_rows
from kakehashi.language.glossary_files import load_glossary, read_glossary

TABLE = """en\tja\tpart of speech\tforbidden\tdirection\tnote
ward office\t区役所\tnoun\t\t\t
resident\t区民|住民\t名詞\t市民\t\t条例による
submit\t提出する；出す\t動詞\t\ten-ja\t
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_table_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    loaded = read_glossary(written(tmp_path, "a.tsv", TABLE, encoding))
    assert loaded.problems == ()
    office, resident, submit = loaded.entries
    assert (office.en, office.ja, office.kind) == (("ward office",), ("区役所",), "noun")
    assert (resident.ja, resident.forbidden, resident.note) == (
        ("区民", "住民"), ("市民",), "条例による",
    )  # fmt: skip
    assert (submit.kind, submit.directions, submit.ja) == ("verb", ("en-ja",), ("提出する", "出す"))
    assert submit.place.endswith("a.tsv, row 4")


def test_csv_without_names_and_the_languages_either_way(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", '区役所,ward office\n"R&D, basic",基礎研究\n')
    assert [(one.en, one.ja) for one in read_glossary(path).entries] == [
        (("ward office",), ("区役所",)),
        (("R&D, basic",), ("基礎研究",)),
    ]


def test_xlsx_of_a_spreadsheet_program(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "用語"
    rows: list[list[str | int | None]] = [
        ["日本語", "英語", "備考"],
        ["区役所", "ward office", None],
        [None, None, None],
        [2024, "fiscal year", ""],
        ["区民", None, ""],
    ]
    for row in rows:
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    loaded = read_glossary(path)
    assert [one.ja for one in loaded.entries] == [("区役所",), ("2024",)]
    (problem,) = loaded.problems
    assert str(problem) == (
        f"{path}, sheet 用語, row 5: the English term is missing; the row is left out"
    )


def test_tmx_and_tbx(tmp_path: Path) -> None:
    tmx = written(tmp_path, "a.tmx", '<tmx version="1.4"><header srclang="*all*"/><body><tu>'
                  '<tuv xml:lang="ja"><seg>区役所</seg></tuv><tuv xml:lang="en"><seg>ward office'
                  "</seg></tuv></tu></body></tmx>")  # fmt: skip
    (entry,) = read_glossary(tmx).entries
    assert (entry.en, entry.ja) == (("ward office",), ("区役所",))
    tbx = written(tmp_path, "a.tbx", """<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body>
      <conceptEntry id="1"><langSec xml:lang="en"><termSec><term>care manager</term>
        <termNote type="partOfSpeech">noun</termNote></termSec></langSec>
       <langSec xml:lang="ja"><termSec><term>介護支援専門員</term></termSec>
        <termSec><term>ケアマネジャー</term></termSec></langSec></conceptEntry>
      </body></text></tbx>""")  # fmt: skip
    (entry,) = read_glossary(tbx).entries
    assert (entry.en, entry.ja, entry.kind) == (
        ("care manager",), ("介護支援専門員", "ケアマネジャー"), "noun",
    )  # fmt: skip


def test_problems_are_named_by_row(tmp_path: Path) -> None:
    path = written(tmp_path, "a.tsv", "en\tja\tpos\tdirection\n"
                   "clinic\t診療所\t\t\n"
                   "clinic\t医院\t\t\n"
                   "Clinic\t診療所\t\t\n"
                   "\t病院\t\t\n"
                   "区役所\t区役所\t\t\n"
                   "ward\t区\tthing\t\n"
                   "park\t公園\t\tup\n")  # fmt: skip
    loaded = read_glossary(path)
    told = {(one.place.rpartition(" ")[2], one.serious, one.what[:30]) for one in loaded.problems}
    assert (
        told
        == {
            ("3", False, "'clinic' is '診療所' in row 2 and"),
            ("4", False, "'Clinic' is there already (row"),
            ("5", True, "the English term is missing; t"),
            ("6", True, "'区役所' is Japanese in the colum"),
            ("7", False, "the part of speech 'thing' is "),
            ("7", False, "'区' is a single character and "),
            ("8", True, "the direction 'up' is not know"),
        }
        | {("4", False, "'診療所' is 'clinic' in row 2 and")} & told
    )
    assert len(loaded.entries) == 4


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.doc", "x", FormatError),
        ("a.xlsx", "これは表ではない", FormatError),
        ("a.tsv", "a\n", FormatError),
        ("a.csv", 'en,ja\n"a,区\n', FormatError),
        ("a.tsv", "en\ten\tja\na\tb\tc\n", FormatError),
        ("a.tbx", "<html/>", FormatError),
        ("a.tmx", "<tmx>", FormatError),
        ("a.tsv", "en\tja\n", InputError),
        ("a.tsv", "", InputError),
    ],
)
def test_files_that_cannot_be_used(
    tmp_path: Path, name: str, text: str, error: type[KakehashiError]
) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(error) as caught:
        load_glossary([path])
    assert str(path) in caught.value.where


def test_missing_and_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileMissingError):
        load_glossary([tmp_path / "no.tsv"])
    with pytest.raises(FileMissingError, match="folder"):
        load_glossary([tmp_path])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 2_000_000)
    monkeypatch.setattr(glossary_rows, "MOST_BYTES", 1_000_000)
    with pytest.raises(TooLargeError, match="unpacked"):
        load_glossary([bomb])


def _xlsx() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(["en", "ja"])
    book.active.append(["ward office", "区役所"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_SEEDS = {
    ".tsv": TABLE.encode(),
    ".csv": TABLE.replace("\t", ",").encode("cp932"),
    ".xlsx": _xlsx(),
}


@given(data=st.data())
def test_a_mutated_file_gives_entries_or_our_own_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ending = data.draw(st.sampled_from(sorted(_SEEDS)))
    raw = bytearray(_SEEDS[ending])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path_factory.mktemp("glossary") / f"a{ending}"
    path.write_bytes(bytes(raw))
    where = str(path)
    try:
        assert len(load_glossary([path])) > 0
    except KakehashiError as error:
        where = error.where
    assert str(path) in where
