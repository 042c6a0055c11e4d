from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import FormatError, InputError, OutputError
from kakehashi.language import memory_store
from kakehashi.language.memory import TranslationMemory, Unit
from kakehashi.language.memory_keys import exchanged, key_of, shape_of
from kakehashi.language.results import Language
from kakehashi.language.translate import Translator
from tests.language.helpers import engine, manifest, marked


@pytest.fixture
def memory(tmp_path: Path) -> TranslationMemory:
    return TranslationMemory(tmp_path / "office.db")


def test_a_person_beats_an_import_beats_a_model(memory: TranslationMemory) -> None:
    source = "図書館は休みです。"
    for target, origin in (("A", "model"), ("B", "import"), ("C", "model"), ("D", "import")):
        memory.add(source, target, "en", origin=origin)  # type: ignore[arg-type]
    exact = memory.exact(source, "en")
    assert exact is not None
    assert exact.target[0] in "BD"
    memory.correct(source, "E.", "en", who="山田")
    memory.correct(source, "F.", "en")
    exact = memory.exact(source, "en")
    assert exact is not None
    assert (exact.target, exact.origin, exact.score) == ("F.", "person", 100.0)
    assert {unit.target for unit in memory.units()} == {"B", "D", "F."}
    assert memory.exact(source, "ja") is None


def test_an_entry_that_comes_again_keeps_the_better_origin(memory: TranslationMemory) -> None:
    memory.add("a b", "ああ", "ja", origin="person", who="山田")
    memory.add("a b", "ああ", "ja", origin="model")
    (unit,) = memory.units()
    assert (unit.origin, unit.who) == ("person", "山田")
    memory.add("a b", "いい", "ja", origin="model")
    memory.add("a b", "いい", "ja", origin="import")
    assert [one.origin for one in memory.units()] == ["person", "import"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("図書館は休みです。", "図書館は休みです", True),
        ("図書館は　休みです。", "図書館は休みです．", True),
        ("ﾃﾞｰﾀｾﾝﾀｰ", "データセンター", True),
        ("２０２４年度 予算", "2024年度予算", True),
        ("The library\nis closed.", "The library is closed", True),
        ("休みですか？", "休みです。", False),
        ("。", "", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same


def test_a_full_stop_follows_the_text(memory: TranslationMemory) -> None:
    memory.add("図書館は休みです。", "The library is closed.", "en")
    memory.add("お知らせ", "Notice", "en")
    made = [memory.exact(text, "en") for text in ("図書館は休みです", "お知らせ。")]
    assert [one.target for one in made if one] == ["The library is closed", "Notice."]


@pytest.mark.parametrize(
    ("old", "target", "new", "to", "expected"),
    [
        (
            "会費は3000円です",
            "The fee is 3,000 yen",
            "会費は12000円です",
            "en",
            "The fee is 12,000 yen",
        ),
        (
            "会費は3,000円です",
            "The fee is 3,000 yen",
            "会費は4,500円です",
            "en",
            "The fee is 4,500 yen",
        ),
        ("Room 5, 10:30", "５号室、10:30", "Room 7, 11:15", "ja", "７号室、11:15"),
        (
            "定員は20人、20分",
            "20 people, 20 minutes",
            "定員は30人、30分",
            "en",
            "30 people, 30 minutes",
        ),
        # one becomes two different numbers
        ("定員は20人、20分", "20 people, 20 minutes", "定員は30人、40分", "en", None),
        # not found in the target
        ("4月15日", "April 15", "5月15日", "en", None),
        ("12万人が住む", "120,000 people live there", "13万人が住む", "en", None),
        # it would break the grammar
        ("1人が来た", "1 person came", "2人が来た", "en", None),
        ("第2回の会議", "The 2nd meeting", "第3回の会議", "en", None),
    ],
)
def test_numbers_are_exchanged_only_beyond_doubt(
    old: str, target: str, new: str, to: Language, expected: str | None
) -> None:
    assert shape_of(key_of(old)) == shape_of(key_of(new))
    assert exchanged(key_of(new), key_of(old), target, to) == expected


def test_other_numbers_are_exact_or_fuzzy(memory: TranslationMemory) -> None:
    memory.add("会議は10時30分に始まります。", "The meeting starts at 10:30.", "en")
    memory.add("会費は3000円です。", "The fee is 3,000 yen.", "en")
    fee = memory.look_up("会費は4500円です。", "en")
    assert fee.exact is not None
    assert (fee.exact.target, fee.exact.numbers) == ("The fee is 4,500 yen.", (("3000", "4500"),))
    meeting = memory.look_up("会議は11時30分に始まります。", "en")
    assert meeting.exact is None
    (match,) = meeting.matches
    assert match.numbers == (("10", "11"),)
    assert 80 < match.score < 100


def test_the_same_number_goes_before_others(memory: TranslationMemory) -> None:
    memory.add("会費は4500円です。", "You pay 4,500 yen.", "en", origin="model")
    memory.add("会費は3000円です。", "The fee is 3,000 yen.", "en", origin="person")
    exact = memory.exact("会費は4500円です。", "en")
    assert exact is not None
    assert exact.target == "You pay 4,500 yen."


def test_what_is_like_it_is_listed_by_score(memory: TranslationMemory) -> None:
    texts = [
        "図書館は月曜日が休みです。",
        "図書館は火曜日が休みです。",
        "体育館は月曜日も開いています。",
    ]
    memory.add_all(Unit("ja-en", text, f"{n}") for n, text in enumerate(texts))
    memory.add("Something else entirely.", "何か別の話。", "ja")
    found = memory.look_up("図書館は水曜日が休みです。", "en")
    assert found.exact is None
    assert {one.target for one in found.matches} == {"0", "1"}
    assert all(one.score >= memory.threshold for one in found.matches)
    assert memory.like("休み", "en") == ()


@given(
    st.lists(st.text("あいうえ月火水木ab 12", min_size=5, max_size=30), min_size=1, max_size=30),
    st.text("あいうえ月火水木ab 12", min_size=5, max_size=30),
)
def test_the_best_match_is_found_whatever_the_bounds(texts: list[str], text: str) -> None:
    from rapidfuzz import fuzz

    from kakehashi.language.memory_index import Index

    found = Index(range(len(texts)), texts).like(text, 60, 3)
    best = max(fuzz.ratio(text, other) for other in texts)
    assert (found[0][2] if found else 0) == (pytest.approx(best) if best >= 60 else 0)


def test_an_entry_that_is_added_elsewhere_is_found(memory: TranslationMemory) -> None:
    assert memory.like("図書館は月曜日が休みです", "en") == ()
    with TranslationMemory(memory.path) as other:
        other.add("図書館は火曜日が休みです", "closed on Tuesdays", "en")
    assert len(memory.like("図書館は月曜日が休みです", "en")) == 1
    (unit,) = memory.units()
    assert memory.remove(unit.id)
    assert not memory.remove(unit.id)
    assert memory.like("図書館は月曜日が休みです", "en") == ()


def test_search_count_and_remove(memory: TranslationMemory) -> None:
    memory.add("100%_の力", "full power", "en")
    memory.add("100の力", "a hundred", "en", origin="import")
    assert [one.target for one in memory.containing("%_")] == ["full power"]
    assert [one.target for one in memory.containing("HUNDRED")] == ["a hundred"]
    assert memory.counts() == {("ja-en", "person"): 1, ("ja-en", "import"): 1}
    assert memory.remove_source("100の力。", "en") == 1
    assert len(memory) == 1


def test_empty_texts_and_wrong_thresholds_are_refused(
    tmp_path: Path, memory: TranslationMemory
) -> None:
    with pytest.raises(InputError, match="no text"):
        memory.add(" \x00", "a", "ja")
    with pytest.raises(InputError, match="no text"):
        memory.add_all([Unit("en-ja", "a", "あ"), Unit("en-ja", "b", "")])
    assert len(memory) == 0
    with pytest.raises(InputError, match="threshold"):
        TranslationMemory(tmp_path / "b.db", threshold=0)


def test_files_that_are_no_memory_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("これはメモです。" * 100)
    with pytest.raises(FormatError, match="no translation memory"):
        TranslationMemory(text)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(FormatError, match="database"):
        TranslationMemory(other)
    with pytest.raises(InputError, match="folder"):
        TranslationMemory(tmp_path)
    with pytest.raises(OutputError, match="cannot be"):
        TranslationMemory(tmp_path / "no" / "a.db")


def test_a_newer_memory_is_refused_and_left_alone(memory: TranslationMemory) -> None:
    memory.add("a b c", "あ", "ja")
    memory.close()
    with sqlite3.connect(memory.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(InputError, match="version 99"):
        TranslationMemory(memory.path)


def test_migrations_are_run_once_and_named(
    memory: TranslationMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.add("a b c", "あ", "ja")
    memory.close()
    more = ("notes", "ALTER TABLE unit ADD COLUMN note TEXT NOT NULL DEFAULT '';")
    monkeypatch.setattr(memory_store, "MIGRATIONS", (*memory_store.MIGRATIONS, more))
    for _ in range(2):
        with TranslationMemory(memory.path) as opened:
            assert len(opened) == 1
    connection = sqlite3.connect(memory.path)
    assert connection.execute("SELECT name FROM migration").fetchall() == [("units",), ("notes",)]
    connection.close()


def _write(path: Path, number: int) -> None:
    with TranslationMemory(path) as memory:
        for part in range(10):
            memory.add(f"sentence {number} {part} is here", "文", "ja")


def test_processes_and_threads_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with TranslationMemory(path) as memory, ThreadPoolExecutor(4) as pool:
        assert len(memory) == 30
        list(pool.map(lambda n: memory.add(f"thread {n}", "糸", "ja"), range(20)))
        assert len(memory) == 50


_IMPORT = """
import sys, time
from kakehashi.language.memory import TranslationMemory, Unit

def units():
    for number in range(100_000):
        yield Unit("en-ja", f"New sentence {number}.", "新しい文。")
        if number == 500:
            print("half", flush=True)
            time.sleep(60)

class Slow(TranslationMemory):
    pass

memory = TranslationMemory(sys.argv[1])
if sys.argv[2] == "reading":
    memory.add_all(units())
else:
    with memory._store.writing() as connection:
        for number in range(500):
            connection.execute(
                "INSERT INTO unit (direction, source, target, key, shape, origin)"
                " VALUES ('en-ja', ?, 'x', ?, 'x', 'import')", (str(number), str(number)))
        print("half", flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("when", ["reading", "writing"])
def test_a_kill_in_the_middle_of_an_import_leaves_what_was_there(
    memory: TranslationMemory, when: str
) -> None:
    memory.add("Before.", "前。", "ja")
    with subprocess.Popen(
        [sys.executable, "-c", _IMPORT, str(memory.path), when],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half\n"
        if when == "reading":  # others may write meanwhile
            memory.add("Meanwhile.", "その間。", "ja")
        child.send_signal(signal.SIGKILL)
        child.wait()
    with TranslationMemory(memory.path) as opened:
        assert "Before." in {unit.source for unit in opened.units()}
        assert len(opened) == (2 if when == "reading" else 1)
        opened.add("After.", "後。", "ja")


def test_a_writer_that_never_ends_is_named(
    memory: TranslationMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_store, "WAIT_SECONDS", 0.05)
    release, started = threading.Event(), threading.Event()

    def hold() -> None:
        with TranslationMemory(memory.path) as other, other._store.writing():
            started.set()
            release.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    started.wait()
    try:
        with TranslationMemory(memory.path) as late, pytest.raises(OutputError, match="another"):
            late.add("a b", "あ", "ja")
    finally:
        release.set()
        thread.join()


def test_an_exact_match_costs_nothing_and_a_fuzzy_one_is_listed(memory: TranslationMemory) -> None:
    memory.add("The library is closed on Mondays.", "図書館は月曜休館です。", "ja")
    model = engine({"The library is closed on Sundays.": "図書館は日曜日が休みです。"})
    text = "The library is closed on Mondays. The library is closed on Sundays."
    result = Translator(model, manifest()).translate(text, "ja", memory=memory)
    assert result == "図書館は月曜休館です。図書館は日曜日が休みです。"
    taken, made = result.segments[0].sentences
    assert (taken.origin, taken.matches[0].score) == ("memory", 100.0)
    assert taken.usage.completion_tokens == 0
    assert (made.origin, made.matches[0].target) == ("model", "図書館は月曜休館です。")
    assert 80 < made.matches[0].score < 100
    assert len(model.requests) == 1


def test_a_whole_paragraph_of_the_memory_goes_before_its_sentences(
    memory: TranslationMemory,
) -> None:
    memory.add("Wait here. We call you.", "お呼びするまでお待ちください。", "ja")
    model = engine({})
    result = Translator(model, manifest()).translate(
        "  Wait here. We call you.\n", "ja", memory=memory
    )
    assert result == "  お呼びするまでお待ちください。\n"
    assert model.requests == []


def test_numbers_from_the_memory_are_flagged_low_and_marks_are_followed(
    memory: TranslationMemory,
) -> None:
    memory.add("Bring 5 copies to room 12.", "12号室に5部お持ちください。", "ja")
    model = engine(lambda _: "7部")
    segment = marked("Bring *7* copies to room 12.")
    (done,) = Translator(model, manifest()).stream([segment], "ja", memory=memory)
    assert done.target == "12号室に7部お持ちください。"
    assert [done.target[one.start : one.end] for one in done.marks] == ["7"]
    assert [one.code for one in done.flags] == ["memory-numbers"]
