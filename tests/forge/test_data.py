from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from kakehashi.engine.manifest import Task
from kakehashi.errors import FileMissingError, FormatError
from kakehashi.forge.clean import reject, style_of
from kakehashi.forge.data import (
    Example,
    Packed,
    Source,
    batches,
    load_examples,
    pack,
    read_pairs,
    read_sources,
    summary_examples,
)
from kakehashi.forge.decontaminate import key
from kakehashi.forge.tasks import CONTROL_TOKENS, TASKS, manifest_tasks
from kakehashi.forge.vocabulary import Vocabulary
from kakehashi.gguf_file import read_gguf
from tests.tiny_model import write_gemma3


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path = write_gemma3(tmp_path_factory.mktemp("model") / "model.gguf")
    built = Vocabulary.from_gguf(read_gguf(path)).tokenizer()
    # The tiny model has four spare tokens; the others are added as ordinary rows here.
    built.add_tokens([control.token for control in CONTROL_TOKENS])
    return built


@pytest.mark.parametrize(
    ("english", "japanese", "reason"),
    [
        ("The library is closed.", "図書館は休みです。", None),
        ("Version 3 came out in 2024.", "バージョン３は2024年に出ました。", None),
        ("Ⅲ", "三", "length"),
        ("図書館は休みです。", "図書館は休みです。", "language"),
        ("Click OK to save the file now", "click OK to save", "language"),
        ("Use the Foo widget here", "Foo.bar.baz.qux.quux を使う", "mostly not Japanese"),
        ("See <b>this</b> page.", "このページを見てください。", "markup"),
        ("Yes.", "はい、そのとおりだと私たちは長い間ずっと考えてきました。", "length ratio"),
        ("It costs 300 yen.", "５００円です。", "numbers"),
    ],
)
def test_reject(english: str, japanese: str, reason: str | None) -> None:
    assert reject(english, japanese) == reason


@pytest.mark.parametrize(
    ("japanese", "style"),
    [
        ("図書館は休みです。", "polite"), ("お待ちください。", "polite"), ("行きませんか？", "polite"),
        ("彼は学生だ。", "plain"), ("雨が降っている。", "plain"), ("会議", None), ("「はい」", None),
    ],
)  # fmt: skip
def test_style_of(japanese: str, style: str | None) -> None:
    assert style_of(japanese) == style


def test_pairs_are_read_with_carriage_returns_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv.xz"
    text = (
        "The library is closed.\r\t図書館は休みです。\r\nAgain.\t図書館は休みです。\nno tab\nX\tY\n"
    )
    path.write_bytes(lzma.compress(text.encode()))
    dropped: Counter[str] = Counter()
    assert read_pairs(path, dropped) == [("The library is closed.", "図書館は休みです。")]
    assert dropped == {"duplicate": 1, "length": 1}


def test_the_held_out_summaries_are_never_trained_on(tmp_path: Path) -> None:
    from kakehashi.bench.datasets import held_out

    path = tmp_path / "pages.jsonl"
    entries = [
        {
            "id": f"page-{n}",
            "lang": "ja",
            "text": "図書館は月曜日が休みです。" * 5,
            "summary": f"図書館の休みの日 {n}",
        }
        for n in range(200)
    ]
    path.write_text("\n".join(json.dumps(e) for e in entries), encoding="utf-8")
    kept = {example.target for example in summary_examples(path)}
    expected = {e["summary"] for e in entries if not held_out(str(e["id"]))}
    assert kept == expected
    assert len(kept) < 200


def test_evaluation_sentences_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(
        "The bus is late today.\t今日のバスは遅れています。\nWait here.\tここでお待ちください。\n"
    )
    dropped: Counter[str] = Counter()
    left = read_pairs(path, dropped, evaluation=frozenset({key("今日のバスは、遅れています")}))
    assert left == [("Wait here.", "ここでお待ちください。")]
    assert dropped == {"evaluation set": 1}


def test_mixture_follows_the_weights(tmp_path: Path) -> None:
    for name in ("a", "b"):
        lines = [
            f"The {name} library is closed on day {n}.\t図書館{name}は{n}日が休みです。"
            for n in range(300)
        ]
        (tmp_path / f"{name}.tsv").write_text("\n".join(lines), encoding="utf-8")
    sources = [
        Source(f"{name}.tsv", "pairs", weight, "CC0", joined=0)
        for name, weight in (("a", 3), ("b", 1))
    ]
    examples, report = load_examples(sources, tmp_path, budget=400)
    kept = Counter(
        "a" if {" a ", "館a"} & {e.target[3:6], e.target[2:4]} else "b" for e in examples
    )
    assert kept == {"a": 300, "b": 100}
    assert report["a.tsv"]["kept"] == 300
    directions = Counter(e.task.split(":")[1] for e in examples)
    assert directions == {"en-ja": 200, "ja-en": 200}
    assert load_examples(sources, tmp_path, budget=400)[0] == examples


def test_the_loss_starts_at_the_target(tokenizer: Tokenizer) -> None:
    example = Example("translate:en-ja", "The library", "図書館は")
    (packed,) = pack([example], tokenizer, 64)
    before, after = (tokenizer.token_to_id(c.token) for c in TASKS[example.task])
    source, target = (tokenizer.encode(t).ids for t in (example.source, example.target))
    eos = tokenizer.token_to_id("<eos>")
    assert list(packed.ids) == [
        tokenizer.token_to_id("<bos>"),
        before,
        *source,
        after,
        *target,
        eos,
    ]
    assert list(packed.ids[packed.start :]) == [*target, eos]
    assert pack([example], tokenizer, 5) == []


def test_the_manifest_renders_what_was_trained(tokenizer: Tokenizer) -> None:
    for name, entry in manifest_tasks().items():
        parts = Task.model_validate(entry).render("図書館は")
        ids: list[int | None] = []
        for part in parts:
            named = getattr(part, "name", None)
            ids += [tokenizer.token_to_id(named)] if named else tokenizer.encode(str(part)).ids
        (packed,) = pack([Example(name, "図書館は", "x")], tokenizer, 64)
        assert ids == list(packed.ids[: packed.start])


@given(lengths=st.lists(st.integers(2, 60), min_size=1, max_size=200), seed=st.integers(0, 9))
def test_batches_have_fixed_shapes_and_no_example_twice(lengths: list[int], seed: int) -> None:
    packed = [Packed(tuple(range(length)), 1) for length in lengths]
    seen: Counter[int] = Counter()
    for length, indices in batches(packed, 128, (16, 32, 64), seed):
        assert len(indices) == 128 // length
        assert all(len(packed[i].ids) <= length for i in indices)
        seen.update(indices)
    assert all(count == 1 for count in seen.values())


def test_a_recipe_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError):
        read_sources(tmp_path / "train.yaml")
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("sources:\n  - {path: a.tsv, weigth: 3}\n", encoding="utf-8")
    with pytest.raises(FormatError, match="weigth"):
        read_sources(recipe)
