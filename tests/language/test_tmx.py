from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import FileMissingError, FormatError, KakehashiError, OutputError
from kakehashi.language.memory import TranslationMemory, Unit
from kakehashi.language.memory_csv import read_csv, write_csv
from kakehashi.language.memory_keys import cleaned
from kakehashi.language.tmx import Read, language_of, read_tmx, save_tmx, write_tmx

_TEXT = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('<&>"\'\r\n\t　ｱ𠮷①')), min_size=1, max_size=30
).map(cleaned).filter(str.strip)  # fmt: skip
_UNITS = st.lists(
    st.builds(
        Unit,
        st.sampled_from(["en-ja", "ja-en"]),
        _TEXT,
        _TEXT,
        st.sampled_from(["person", "import", "model"]),
        st.sampled_from(["", "山田 花子", "a<b"]),
        st.sampled_from(["", "2024-04-15T09:30:00Z"]),
    ),
    max_size=8,
)

FOREIGN = """<?xml version="1.0" encoding="UTF-16"?>
<!DOCTYPE tmx SYSTEM "http://192.0.2.1/tmx14.dtd">
<tmx version="1.4">
 <header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"
  srclang="EN-US" datatype="rtf"/>
 <body>
  <!-- one -->
  <tu changedate="20240415T093000Z" creationid="SATO">
   <tuv xml:lang="EN-US"><seg>Press <bpt i="1">{\\b </bpt>Start<ept i="1">}</ept> now<ph>&lt;br/&gt;<sub>x</sub></ph>.</seg></tuv>
   <tuv xml:lang="en-GB"><seg>Press Start at once.</seg></tuv>
   <tuv lang="JA"><seg><hi type="b">開始</hi>を押してください。</seg></tuv>
   <tuv xml:lang="de-DE"><seg>Start drücken.</seg></tuv>
  </tu>
  <tu srclang="ja-JP">
   <tuv xml:lang="ja-JP"><seg>令和６年
度</seg></tuv>
   <tuv xml:lang="en"><seg>Fiscal 2024</seg></tuv>
  </tu>
  <tu><tuv xml:lang="en"><seg>Alone</seg></tuv></tu>
  <tu><tuv xml:lang="en"><seg>Empty</seg></tuv><tuv xml:lang="ja"><seg> </seg></tuv></tu>
 </body>
</tmx>"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "a.tmx"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_file_of_another_program(tmp_path: Path) -> None:
    seen = Read()
    units = list(read_tmx(write(tmp_path, FOREIGN, "utf-16"), seen))
    assert [(one.direction, one.source, one.target) for one in units] == [
        ("en-ja", "Press Start now.", "開始を押してください。"),
        ("en-ja", "Press Start at once.", "開始を押してください。"),
        ("ja-en", "令和６年\n度", "Fiscal 2024"),
    ]
    assert (units[0].who, units[0].changed, units[0].origin) == (
        "SATO", "2024-04-15T09:30:00Z", "import",
    )  # fmt: skip
    assert (seen.units, seen.pairs, seen.skipped) == (4, 3, 2)
    assert seen.flattened == {"bpt": 1, "ept": 1, "ph": 1}
    assert seen.languages == {"de-DE": 1}
    both = list(read_tmx(write(tmp_path, FOREIGN, "utf-16"), both=True))
    assert len(both) == 6


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("EN_us", "en"), ("JA", "ja"), ("ja-JP", "ja"), ("jpn", "ja"), ("enm", None), ("", None)],
)  # fmt: skip
def test_language_codes(code: str, language: str | None) -> None:
    assert language_of(code) == language


@given(units=_UNITS)
def test_what_is_written_is_read_again(
    units: list[Unit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tmx")
    file = io.BytesIO()
    assert write_tmx(file, units, version="1") == len(units)
    path = folder / "a.tmx"
    path.write_bytes(file.getvalue())
    assert list(read_tmx(path)) == units


@settings(max_examples=25)
@given(units=_UNITS)
def test_a_memory_survives_tmx_and_csv(
    units: list[Unit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("memory")
    with TranslationMemory(folder / "a.db") as first:
        first.add_all(units)
        save_tmx(folder / "a.tmx", first.units(), version="1")
        (folder / "a.csv").write_bytes(b"".join(write_csv(first.units())))
        kept = {
            (u.direction, u.source, u.target, u.origin, u.who, u.changed) for u in first.units()
        }
    for path, read in ((folder / "a.tmx", read_tmx), (folder / "a.csv", read_csv)):
        with TranslationMemory(folder / f"{path.suffix}.db") as second:
            second.add_all(read(path))
            assert {
                (u.direction, u.source, u.target, u.origin, u.who, u.changed)
                for u in second.units()
            } == kept


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (FOREIGN.replace("UTF-16", "UTF-8")[:700], 16, "damaged"),
        ("<html></html>", 1, "no TMX"),
        ("", 0, "damaged"),
        ("これはTMXではない", 1, "damaged"),
        ('<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<tmx><body/></tmx>', 2, "entities"),
        ('<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx><body><tu>&a;</tu></body></tmx>', 1, "entities"),
    ],
)  # fmt: skip
def test_damaged_and_hostile_files_are_refused(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    path = write(tmp_path, text)
    with TranslationMemory(tmp_path / "m.db") as memory:
        with pytest.raises(FormatError, match=what) as caught:
            memory.add_all(read_tmx(path))
        assert caught.value.where == f"{path}, line {line}"
        assert len(memory) == 0


@given(data=st.data())
def test_a_mutated_file_gives_entries_or_our_own_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    raw = bytearray(FOREIGN.replace("UTF-16", "UTF-8").encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    path = tmp_path_factory.mktemp("tmx") / "a.tmx"
    path.write_bytes(bytes(raw))
    where = str(path)
    try:
        for unit in read_tmx(path):
            assert unit.source.strip()
            assert unit.target.strip()
    except KakehashiError as error:
        where = error.where
    assert str(path) in where


def test_a_large_file_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.tmx"
    units = (
        Unit("en-ja", f"Sentence {n} " + "x" * 400, f"文 {n} " + "あ" * 200) for n in range(8000)
    )
    save_tmx(path, units, version="1")
    assert path.stat().st_size > 8_000_000
    tracemalloc.start()
    assert sum(1 for _ in read_tmx(path)) == 8000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError):
        list(read_tmx(tmp_path / "no.tmx"))
    with pytest.raises(OutputError):
        save_tmx(tmp_path / "no" / "a.tmx", [], version="1")
    path = write(tmp_path, "kept")

    def broken() -> list[Unit]:
        raise FormatError("broken")

    with pytest.raises(FormatError):
        save_tmx(path, (unit for _ in (1,) for unit in broken()), version="1")
    assert path.read_text() == "kept"
    assert [one.name for one in tmp_path.iterdir()] == ["a.tmx"]


@pytest.mark.parametrize(
    ("text", "row", "what"),
    [
        ("a,b\n", 1, "columns"),
        ("source,target\nx,y\n", 2, "direction"),
        ("source,target,direction\nx,y,en-ja\nx,,en-ja\n", 3, "text is missing"),
        ("source,target,direction,origin\nx,y,ja-en,boss\n", 2, "origin"),
    ],
)
def test_csv_problems_name_the_row(tmp_path: Path, text: str, row: int, what: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=what) as caught:
        list(read_csv(path))
    assert caught.value.where == f"{path}, row {row}"


def test_csv_of_a_spreadsheet_program(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('Source,Target\r\n"図書館,本館",Main library\r\n,\r\n'.encode("cp932"))
    (unit,) = read_csv(path, "ja-en")
    assert (unit.source, unit.target, unit.origin) == ("図書館,本館", "Main library", "import")
