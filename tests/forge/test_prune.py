from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from tokenizers import Tokenizer

from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.errors import InputError
from kakehashi.forge.prune import Selection, TextGroup, count_rows, prune_file, select_rows
from kakehashi.forge.vocabulary import BYTE, CONTROL, Vocabulary
from kakehashi.gguf_file import GGUFFile, read_gguf
from tests.forge.helpers import FAMILIES, TEXTS
from tests.tiny_model import SAMPLE

LINES = SAMPLE.split("\n")[:2] + SAMPLE.split("\n")[5:6]


class Pruned(NamedTuple):
    old: GGUFFile
    new: GGUFFile
    selection: Selection
    path: Path
    before: Tokenizer
    after: Tokenizer


def make(family: str, folder: Path) -> Pruned:
    source = FAMILIES[family](folder / "model.gguf")
    target = folder / "pruned.gguf"
    selection = prune_file(source, target, LINES, 512, unused=2)
    old, new = read_gguf(source), read_gguf(target)
    before, after = (Vocabulary.from_gguf(model).tokenizer() for model in (old, new))
    return Pruned(old, new, selection, target, before, after)


@pytest.fixture(scope="module", params=FAMILIES)
def pruned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pruned:
    return make(request.param, tmp_path_factory.mktemp("prune"))


@pytest.fixture(scope="module")
def engine(pruned: Pruned) -> Iterator[LlamaCppEngine]:
    with LlamaCppEngine(pruned.path, parallel=1, context=256) as opened:
        yield opened


def test_height_is_a_multiple_of_256(pruned: Pruned) -> None:
    assert len(pruned.selection.rows) == 512
    assert pruned.new.tensors["token_embd.weight"].shape[0] == 512
    assert len(pruned.new.get("tokenizer.ggml.tokens")) == 512


def test_rows_are_copied_and_nothing_else_changes(pruned: Pruned) -> None:
    for name, tensor in pruned.old.tensors.items():
        expected = tensor.data
        if name == "token_embd.weight":
            expected = expected[pruned.selection.old_rows]
        np.testing.assert_array_equal(pruned.new.tensors[name].data, expected)
        assert pruned.new.tensors[name].type == tensor.type


def test_control_byte_and_digit_rows_stay(pruned: Pruned) -> None:
    old = Vocabulary.from_gguf(pruned.old)
    kept = set(pruned.selection.old_rows)
    for row, kind in enumerate(old.types):
        if kind == BYTE or (kind == CONTROL and not old.is_unused(row)):
            assert row in kept
    for digit in "0123456789":
        assert old.index[digit] in kept
    assert sum(old.is_unused(row) for row in kept) == 2


def test_special_ids_name_the_same_tokens(pruned: Pruned) -> None:
    old, new = Vocabulary.from_gguf(pruned.old), Vocabulary.from_gguf(pruned.new)
    for kind in ("bos", "eos", "unknown", "padding"):
        key = f"tokenizer.ggml.{kind}_token_id"
        assert new.tokens[pruned.new.get(key)] == old.tokens[pruned.old.get(key)]


@given(text=TEXTS)
def test_same_pieces_when_all_were_kept(pruned: Pruned, engine: LlamaCppEngine, text: str) -> None:
    new_of = {row: new for new, row in enumerate(pruned.selection.old_rows)}
    before = pruned.before.encode(text).ids
    after = engine.tokenize(text)
    if all(row in new_of for row in before):
        assert after == [new_of[row] for row in before]
    assert pruned.after.encode(text).ids == after


def test_every_row_of_the_audit_log_says_why(pruned: Pruned) -> None:
    lines = pruned.path.with_suffix(".audit.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    old, new = Vocabulary.from_gguf(pruned.old), Vocabulary.from_gguf(pruned.new)
    assert [entry["row"] for entry in entries] == list(range(512))
    kept = {entry["old"] for entry in entries}
    for entry in entries:
        assert entry["piece"] == new.tokens[entry["row"]] == old.tokens[entry["old"]]
        if entry["why"] == "closure":
            assert entry["needed_by"] in kept
            assert entry["old"] in old.parts(entry["needed_by"])
        elif entry["why"] in ("frequency", "fill"):
            assert set(old.parts(entry["old"])) <= kept


def test_too_few_rows_is_an_error_that_says_how_many(tmp_path: Path) -> None:
    vocabulary = Vocabulary.from_gguf(read_gguf(FAMILIES["llama"](tmp_path / "model.gguf")))
    counts = count_rows(vocabulary, [TextGroup(LINES)])
    with pytest.raises(InputError, match=r"256 rows are too few: \d+ must stay"):
        select_rows(vocabulary, counts, 256)


def test_kept_scripts_stay_whole(tmp_path: Path) -> None:
    vocabulary = Vocabulary.from_gguf(read_gguf(FAMILIES["llama"](tmp_path / "model.gguf")))
    counts = count_rows(vocabulary, [TextGroup(["The library"])])
    selection = select_rows(vocabulary, counts, 768, keep_scripts=["kana"])
    kana = {r for r in range(len(vocabulary.tokens)) if vocabulary.script(r) == "kana"}
    assert kana <= set(selection.old_rows)
    assert kana - set(select_rows(vocabulary, counts, 512).old_rows)


def test_groups_weigh_the_same_however_long(tmp_path: Path) -> None:
    vocabulary = Vocabulary.from_gguf(read_gguf(FAMILIES["llama"](tmp_path / "model.gguf")))
    short, long = TextGroup(["図書館は月曜日"]), TextGroup(["The library"] * 500)
    counts = count_rows(vocabulary, [short, long])
    japanese = vocabulary.tokenizer().encode("図書館は月曜日").ids
    assert sum(counts[row] for row in set(japanese)) == pytest.approx(10_000_000, rel=0.01)
