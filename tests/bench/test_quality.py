from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kakehashi.bench.charts import quality_chart
from kakehashi.bench.datasets import ParallelSet, SummarySet
from kakehashi.bench.planted import measure_checks, plant
from kakehashi.bench.quality import (
    System,
    lead,
    measure_set,
    measure_summaries,
    translate_set,
)
from kakehashi.bench.quality_table import quality_table
from kakehashi.cli.bench import bench
from kakehashi.engine.manifest import Manifest
from kakehashi.engine.scripted import ScriptedEngine
from kakehashi.errors import KakehashiError
from tests.bench.models import manifest_for, write_folder

PAIRS = {
    "The library is closed on Mondays.": "図書館は月曜日が休みです。",
    "The meeting starts at 10:30 in room 204.": "会議は10時30分に204号室で始まります。",
    "Please send 15 copies by Friday.": "金曜日までに15部送ってください。",
    "Sales rose by 3.5%.": "売上高は3.5パーセント増えた。",
    "The shop is closed because of the wind.": "強風のため店は休業しています。",
    "The train is late because of the snow.": "雪のため電車が遅れています。",
}
DATA = ParallelSet("own", "en-ja", (*PAIRS, ""), (*PAIRS.values(), ""))


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    weights = tmp_path / "weights"
    weights.write_bytes(b"-")
    return Manifest.model_validate(manifest_for(weights))


def system(manifest: Manifest, script: dict[str, str], name: str = "own 1.0") -> System:
    return System(name, ScriptedEngine(script), manifest)


def test_outputs_come_back_in_the_order_of_the_set(manifest: Manifest) -> None:
    made = translate_set(system(manifest, PAIRS), DATA)
    assert made.texts == DATA.references
    assert (made.retried, made.flagged) == (0, 0)
    assert made.usage.completion_tokens > 0


def test_two_systems_are_scored_and_their_outputs_written(
    manifest: Manifest, tmp_path: Path
) -> None:
    bad = dict.fromkeys(PAIRS, "申し訳ありません。")
    systems = [system(manifest, PAIRS), system(manifest, bad, "old model 0.9")]
    data = ParallelSet("own", "en-ja", DATA.sources, DATA.references, {"Online-A": DATA.references})
    result = measure_set(systems, data, outputs=tmp_path / "out")
    assert result["systems"]["own 1.0"]["chrf"]["value"] == pytest.approx(100)
    assert result["systems"]["old model 0.9"]["chrf"]["value"] < 20
    assert result["systems"]["old model 0.9"]["failures"]["number_copy"] == 0
    assert result["published"]["Online-A"]["bleu"]["value"] == pytest.approx(100)
    rows = (tmp_path / "out" / "own.en-ja.own_1.0.tsv").read_text("utf-8").splitlines()
    assert rows[0] == "source\treference\toutput"
    assert rows[1].split("\t")[2] == "図書館は月曜日が休みです。"
    assert len(rows) == 1 + len(DATA.sources)
    table = quality_table({"sets": [result], "summaries": []})
    assert "| own en→ja (7) | own 1.0 | 100.0 | 100.0 |" in table
    json.dumps(result)
    quality_chart({"sets": [result]}, tmp_path / "quality.png")
    assert (tmp_path / "quality.png").read_bytes().startswith(b"\x89PNG")


DOCUMENT = (
    "市は４月から図書館の開館時間を延ばす。利用者の要望に応えるためだ。"
    "平日は午後９時まで開く。職員は３人増える。費用は年に1,200万円を見込む。"
)


def test_lead_is_the_first_sentences() -> None:
    assert lead(DOCUMENT, "ja", 1) == "市は４月から図書館の開館時間を延ばす。"
    assert lead(DOCUMENT, "ja", 3).endswith("平日は午後９時まで開く。")
    assert (
        lead("It rained.  Trains were late. Buses ran.", "en", 2) == "It rained. Trains were late."
    )


def test_summaries_are_compared_with_lead(manifest: Manifest) -> None:
    data = SummarySet("own", "ja", (DOCUMENT, "12345"), ("市が図書館の開館時間を延ばす。", "数字"))
    engine = ScriptedEngine(lambda request: "市は図書館の開館時間を延ばす。")
    result = measure_summaries([System("own 1.0", engine, manifest)], data)
    assert set(result["systems"]) == {"lead-1", "lead-3", "own 1.0"}
    first, third = result["systems"]["lead-1"], result["systems"]["lead-3"]
    assert first["rouge_1"] > third["rouge_1"] > 0
    assert result["systems"]["own 1.0"]["rouge_l"] > 0
    assert "lead-3" in quality_table({"sets": [], "summaries": [result]})


def test_faults_are_planted_and_found() -> None:
    planted = plant(DATA.first(6))
    assert {one.fault for one in planted} == {"number", "untranslated", "loop"}
    for one in planted:
        source, target = DATA.sources[one.index], DATA.references[one.index]
        if one.fault == "untranslated":
            assert one.text == source
        else:
            assert one.text != target
    assert planted == plant(DATA.first(6)), "the seed is fixed"
    (result,) = measure_checks([DATA.first(6)])
    assert result["caught_share"] == 1.0
    assert result["false_flag_share"] == 0.0
    assert sum(result["planted"].values()) == 6


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    lines = [f"{english}\t{japanese}\n" for english, japanese in PAIRS.items()]
    (folder / "office.tsv").write_text("".join(lines), "utf-8")
    return folder


def run(*arguments: str) -> Any:
    return CliRunner().invoke(bench, list(arguments))


def test_quality_command_with_a_real_engine(data_folder: Path, tmp_path: Path) -> None:
    model = write_folder(tmp_path / "model")
    out = tmp_path / "quality.json"
    before = {path: path.read_bytes() for path in data_folder.iterdir()}
    arguments = ["quality", "--model", str(model), "--data", str(data_folder), "--limit", "2"]
    result = run(*arguments, "--json", str(out), "--chart", str(tmp_path / "quality.png"))
    assert result.exit_code == 0, result.output
    figures = json.loads(out.read_text("utf-8"))
    assert [(one["set"], one["direction"], one["segments"]) for one in figures["sets"]] == [
        ("office", "en-ja", 2),
        ("office", "ja-en", 2),
    ]
    assert "tiny 0.0.1" in figures["sets"][0]["systems"]
    assert not any(text in out.read_text("utf-8") for text in (*PAIRS, *PAIRS.values()))
    assert before == {path: path.read_bytes() for path in data_folder.iterdir()}
    assert "office en→ja (2)" in result.output


def test_checks_command(data_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "checks.json"
    result = run("checks", "--data", str(data_folder), "--json", str(out))
    assert result.exit_code == 0, result.output
    assert "| office en-ja (6) | 6 of 6 (100.0%) | 0.0% |" in result.output
    assert len(json.loads(out.read_text("utf-8"))["checks"]) == 2
    assert not any(text in out.read_text("utf-8") for text in (*PAIRS, *PAIRS.values()))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["quality"], "no evaluation set is named"),
        (
            ["quality", "--data", "{data}", "--sets", "flores"],
            "there is no evaluation set 'flores'",
        ),
        (["quality", "--data", "{data}", "--sets", "summaries"], r"no \*\.jsonl"),
        (["checks", "--data", "{empty}"], "there is nothing to measure"),
        (["speed", "--predecessor", "{empty}/none.gguf"], "no such model folder or GGUF"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    data_folder: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    filled = [one.format(data=data_folder, empty=tmp_path) for one in arguments]
    with pytest.raises(KakehashiError, match=message):
        bench.main(filled, standalone_mode=False)
