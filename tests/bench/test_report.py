from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.bench import machine
from kakehashi.bench.datasets import ParallelSet
from kakehashi.bench.quality import System, measure_set
from kakehashi.bench.report import drawn, report, side_by_side
from kakehashi.cli.bench import bench
from kakehashi.engine.manifest import Manifest
from kakehashi.engine.scripted import Reply
from tests.bench.models import manifest_for
from tests.language.helpers import engine

SCRIPT: dict[str, str | Reply] = {}
SCRIPT.update((source, f"第{n}文の訳です。") for n, source in enumerate(drawn("ja")))
SCRIPT.update((source, f"This is sentence {n}.") for n, source in enumerate(drawn("en")))


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    weights = tmp_path / "weights"
    weights.write_bytes(b"-")
    return Manifest.model_validate(manifest_for(weights))


def test_the_same_sentences_are_drawn_every_time_and_none_twice() -> None:
    assert drawn("ja") == drawn("ja")
    assert len(set(drawn("ja"))) == len(set(drawn("en"))) == 10


def test_every_drawn_sentence_stands_there_with_its_translation_and_flags(
    manifest: Manifest,
) -> None:
    systems = [System("own 1.0", engine(SCRIPT), manifest)]
    text = side_by_side(systems, "en")
    for number, source in enumerate(drawn("en"), start=1):
        assert f"{number}. {source}\n" in text
    assert text.count("   - own 1.0: ") == 10
    # The scripted sentences have lost the numbers of their sources, and that is not hidden.
    assert "*(flagged: " in text


def test_the_document_shows_measured_figures(manifest: Manifest) -> None:
    systems = [System("own 1.0", engine(SCRIPT), manifest)]
    data = ParallelSet("own", "en-ja", tuple(drawn("ja")[:3]), ("訳です。",) * 3)
    one = measure_set(systems, data)
    measured = {"machine": machine.describe(), "sets": [one], "summaries": []}
    text = report(measured, None, systems, ["kakehashi bench quality --data DIR"])
    chrf = one["systems"]["own 1.0"]["chrf"]["value"]
    assert f"| own en→ja (3) | own 1.0 | {chrf:.1f}" in text
    assert "kakehashi bench quality --data DIR" in text
    assert "## Speed" not in text


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "not JSON"), (json.dumps([1]), "not a measurement"), (None, "no such file")],
)
def test_a_file_that_is_no_measurement_is_named(
    content: str | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "quality.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(
        bench, ["report", "--quality", str(path), "-o", str(tmp_path / "q.md")]
    )
    assert told in str(result.exception)
    assert not (tmp_path / "q.md").exists()
