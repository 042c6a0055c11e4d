from __future__ import annotations

from pathlib import Path

import pytest

from kakehashi.documents import FORMATS
from tests.fuzz.harness import run
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import seeds
from tests.fuzz.worker import attempt

# The long run is `python -m tests.fuzz --count 20000`.
COUNT = 300


def test_every_format_is_fuzzed_and_its_seeds_are_sound() -> None:
    assert set(seeds()) == set(FORMATS)
    for format, sources in seeds().items():
        results = [attempt(format, source)["result"] for source in sources]
        assert "opened" in results
        assert "failed" not in results


def test_an_input_is_known_by_its_number() -> None:
    files = seeds()
    assert mutated("1", 7, files) == mutated("1", 7, files)
    assert len({mutated("1", number, files)[1] for number in range(60)}) > 50


def test_nothing_but_our_own_errors_comes_out(tmp_path: Path) -> None:
    tally = run("test", range(COUNT), tmp_path)
    assert tally.total == COUNT
    assert {result for _, result in tally.counts} >= {"opened", "refused"}
    assert not tally.failures, tally.failures[0].get("trace", tally.failures[0])


def test_a_process_that_dies_is_a_failure_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fuzz.harness.CPU_SECONDS", 1e-4)
    tally = run("test", range(20), tmp_path)
    assert tally.total == 20
    assert tally.failures
    assert list(tmp_path.glob("test-*.txt"))
