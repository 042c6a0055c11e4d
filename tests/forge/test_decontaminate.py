from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from kakehashi.errors import FileMissingError, InputError
from kakehashi.forge.decontaminate import check, evaluation_keys, key


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    folder = tmp_path / "eval"
    (folder / "wmt99" / "sources").mkdir(parents=True)
    (folder / "wmt99" / "system-outputs").mkdir()
    pairs = "The bridge was closed for repairs.\t橋は修理のため、通行止めになった。\n"
    (folder / "bridges.tsv.xz").write_bytes(lzma.compress(pairs.encode()))
    (folder / "wmt99" / "sources" / "x.src.en").write_text("It rained for 12 days.\n", "utf-8")
    (folder / "wmt99" / "system-outputs" / "x.hyp.en").write_text("Somebody's own words here.\n")
    scenes = [{"scene": [{"ja": "会議は来週の火曜日に延期されました。"}]}]
    (folder / "scenes.json").write_text(json.dumps(scenes, ensure_ascii=False), "utf-8")
    return folder


def test_a_copy_is_found_however_it_is_written(sets: Path) -> None:
    keys = evaluation_keys(sets)
    for text in (
        "THE BRIDGE  was closed, for repairs",
        "橋は、修理のため通行止めになった",
        "It rained for １２ days",
        "会議は来週の火曜日に延期されました",
    ):
        with pytest.raises(InputError, match="1 of 2 training texts"):
            check(["図書館は月曜日が休みです。", text], keys)


def test_other_texts_and_outputs_of_systems_are_no_hits(sets: Path) -> None:
    texts = ["The bridge was closed for 12 days.", "Somebody's own words here.", "橋"]
    assert check(texts, evaluation_keys(sets)) == 3


def test_short_phrases_belong_to_everybody() -> None:
    assert key("はい、そうです。") == ""
    assert key("Thank you.") == ""
    assert key("橋は修理のため通行止め")


def test_a_folder_without_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no evaluation sentence"):
        evaluation_keys(tmp_path)
    with pytest.raises(FileMissingError):
        evaluation_keys(tmp_path / "nowhere")
