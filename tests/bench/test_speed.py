from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kakehashi.bench import worker
from kakehashi.bench.charts import speed_chart
from kakehashi.bench.cold import ColdStart
from kakehashi.bench.machine import busy_core, describe, memory_of
from kakehashi.bench.speed import (
    RATES,
    TIMES,
    Plan,
    SpeedResult,
    Texts,
    japanese_characters,
    measure,
    shipped_texts,
    useful_characters,
)
from kakehashi.bench.worker_client import Worker
from kakehashi.engine.manifest import Manifest, read_manifest
from kakehashi.engine.scripted import Reply, ScriptedEngine
from kakehashi.errors import EngineError, InputError
from tests.bench.models import write_folder

ENGLISH = ("The library is closed.", "Please wait.", "The office opens at 9 a.m. on Monday.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


def test_only_japanese_characters_count() -> None:
    assert japanese_characters("図書館は、ﾄｼｮｶﾝ 3階 (Library) です。") == 4 + 1 + 5 + 1 + 3
    assert japanese_characters("The library, 12:30") == 0


def test_babbling_and_empty_outputs_earn_nothing() -> None:
    source = "The library is closed on Mondays."
    good = "図書館は月曜日が休みです。"
    assert useful_characters(source, good) == len(good)
    most = 0.8 * len(source) + 4
    assert useful_characters(source, good * 20) == most
    assert useful_characters(source, good * 40) == most
    assert useful_characters(source, "") == useful_characters(source, source) == 0


def test_decode_counts_the_same_number_of_tokens_when_a_model_stops_early(
    manifest: Manifest,
) -> None:
    engine = ScriptedEngine(lambda request: "五文字です")
    got = worker.decode(engine, manifest.task(worker.TASK), ENGLISH, 10)
    assert got["tokens"] == 10
    # Each answer has five tokens, the first of which belongs to the prefill.
    assert [one.max_tokens for one in engine.requests] == [11, 7, 3]
    assert [one.parts[-1] for one in engine.requests] == list(ENGLISH)


def test_decode_says_so_when_a_model_says_nothing(manifest: Manifest) -> None:
    engine = ScriptedEngine(lambda request: "")
    with pytest.raises(EngineError, match="generated 0 tokens"):
        worker.decode(engine, manifest.task(worker.TASK), ENGLISH, 10)


def test_translations_use_the_models_own_prompt_and_room(manifest: Manifest) -> None:
    engine = ScriptedEngine(lambda request: Reply("図書館。", loop=True))
    got = worker.translate(engine, manifest.task(worker.TASK), ENGLISH, 8)
    task = manifest.task(worker.TASK)
    assert [one.parts for one in engine.requests] == [task.render(text) for text in ENGLISH]
    rooms = [task.max_tokens(engine.count_tokens(text)) for text in ENGLISH]
    assert [one.max_tokens for one in engine.requests] == rooms
    assert got["completion_tokens"] == sum(rooms)


def test_the_worker_answers_line_by_line(manifest: Manifest) -> None:
    orders = [
        {"do": "translate", "texts": ["Wait."], "streams": 1},
        {"do": "decode", "texts": ["Wait."], "tokens": 9999},
        {"do": "memory"},
        {"do": "close"},
        {"do": "memory"},
    ]
    answers = io.StringIO()
    engine = ScriptedEngine({"Wait.": "待って。"})
    given = io.StringIO("".join(json.dumps(order) + "\n" for order in orders))
    worker.serve(engine, manifest, given, answers)
    first, second, third = map(json.loads, answers.getvalue().splitlines())
    assert first["outputs"] == ["待って。"]
    assert "context" in second["error"]
    assert third["resident_bytes"] > 0


def test_a_worker_that_cannot_load_says_why(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no such model folder"):
        Worker(tmp_path / "none", streams=1)


def test_sentences_change_from_round_to_round() -> None:
    texts = Texts(tuple("abcdefgh"), ("い", "ろ"))
    assert [texts.sentences(number, 3) for number in range(3)] == [
        ["a", "b", "c"],
        ["d", "e", "f"],
        ["g", "h", "a"],
    ]
    shipped = shipped_texts()
    assert len(shipped.english) >= 48
    prompts = {shipped.prompt(number) for number in range(5)}
    assert len(prompts) == 5
    assert all(1800 <= len(prompt) <= 2300 for prompt in prompts)


@pytest.mark.parametrize("wrong", [{"rounds": 0}, {"sentences": 0}, {"cold": -1}])
def test_a_plan_without_work_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError):
        Plan(**wrong)  # type: ignore[arg-type]


def test_a_busy_core_is_given_back() -> None:
    with busy_core() as pid:
        assert memory_of(pid)["resident_bytes"] > 0
    assert memory_of()["peak_bytes"] >= memory_of()["resident_bytes"] * 0.5
    assert not Path(f"/proc/{pid}").exists()


def result_by_hand() -> SpeedResult:
    """Three rounds: the successor is 2, 3 and 4 times as fast, and needs 1/2 of the time."""
    result = SpeedResult({}, machine=describe())
    for factor in (3.0, 2.0, 4.0):
        old = dict.fromkeys(RATES, 50.0) | dict.fromkeys(TIMES, 8.0)
        new = dict.fromkeys(RATES, 50.0 * factor) | dict.fromkeys(TIMES, 4.0)
        result.rounds.append({"predecessor": old, "successor": new})
        quiet_and_busy = {"quiet": 100.0, "busy": 10.0 * factor}
        result.busy_rounds.append({"predecessor": quiet_and_busy, "successor": quiet_and_busy})
    for name, size in (("predecessor", 246_000_000), ("successor", 69_000_000)):
        result.models[name] = {"model": f"{name} 1", "file_bytes": size}
        result.cold[name] = [ColdStart(2.0, 3 * size, "図書館")]
    return result


def test_the_json_has_the_promised_keys() -> None:
    figures = json.loads(json.dumps(result_by_hand().as_dict()))
    assert figures["ratios"] == {
        "decode_tokens_per_second": 3.0,
        "prefill_tokens_per_second": 3.0,
        "characters_per_second_1": 3.0,
        "characters_per_second_8": 3.0,
    }
    assert figures["ratios_spread"]["characters_per_second_8"]["quartile_3"] == 3.5
    assert figures["time_ratios"]["seconds_same_sentences_1"]["median"] == 2.0
    assert figures["busy_share"] == pytest.approx(0.3)
    assert figures["cold_start_seconds"]["successor"]["median"] == 2.0
    assert figures["resident_peak_bytes"]["successor"] == 207_000_000
    assert len(figures["rounds"]) == 3
    assert figures["machine"]["threads"] >= 1


def test_the_chart_is_a_picture(tmp_path: Path) -> None:
    speed_chart(result_by_hand().as_dict(), tmp_path / "speed.png")
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def measured(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    other = write_folder(tmp_path_factory.mktemp("models") / "other", name="other", seed=1)
    said: list[str] = []
    plan = Plan(rounds=2, sentences=2, decode_tokens=6, busy=True, cold=0)
    result = measure(folder, other, plan=plan, texts=Texts(ENGLISH, ("待って。",)), say=said.append)
    return {"result": result, "said": said}


def test_two_models_are_measured_in_one_run(measured: dict[str, Any]) -> None:
    result: SpeedResult = measured["result"]
    assert result.models["predecessor"]["model"] == "tiny 0.0.1"
    assert result.models["successor"]["model"] == "other 0.0.1"
    assert result.models["successor"]["peak_bytes"] > 1_000_000
    assert len(result.rounds) == len(result.busy_rounds) == 2
    for figures, details in zip(result.rounds, result.details, strict=True):
        for name in ("predecessor", "successor"):
            assert set(figures[name]) == {*RATES, *TIMES}
            assert details[name]["decode"]["tokens"] == 6
            assert len(details[name]["translate_8"]["outputs"]) == 2
    # Both read the same sentences, and other ones in the next round.
    assert result.details[0]["successor"]["prefill"] != result.details[1]["successor"]["prefill"]
    assert sum("round 2 of 2" in line for line in measured["said"]) == 2
