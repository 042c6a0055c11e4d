from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from tokenizers import Tokenizer

from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.errors import FormatError
from kakehashi.forge.vocabulary import Vocabulary, script_of
from kakehashi.gguf_file import GGUFFile, read_gguf, text_value
from tests.forge.helpers import FAMILIES, TEXTS


@pytest.fixture(scope="module", params=FAMILIES)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Tokenizer, LlamaCppEngine]]:
    path = FAMILIES[request.param](tmp_path_factory.mktemp("model") / "model.gguf")
    with LlamaCppEngine(path, parallel=1, context=256) as engine:
        yield Vocabulary.from_gguf(read_gguf(path)).tokenizer(), engine


@given(text=TEXTS)
def test_tokenizes_like_llama_cpp(both: tuple[Tokenizer, LlamaCppEngine], text: str) -> None:
    tokenizer, engine = both
    assert tokenizer.encode(text).ids == engine.tokenize(text)


@pytest.mark.parametrize("family", FAMILIES)
def test_parts_lead_to_the_row(family: str, tmp_path: Path) -> None:
    vocabulary = Vocabulary.from_gguf(read_gguf(FAMILIES[family](tmp_path / "model.gguf")))
    long = [r for r, t in enumerate(vocabulary.tokens) if len(t) > 2 and vocabulary.types[r] == 1]
    reached = [row for row in long if vocabulary.parts(row)]
    assert len(reached) > len(long) / 2
    for row in reached:
        left, right = (vocabulary.tokens[part] for part in vocabulary.parts(row)[:2])
        assert vocabulary.tokens[row] in (left + right, right + left)


@pytest.mark.parametrize(
    ("piece", "script"),
    [
        ("図書館", "han"), ("図書館は", "kana"), ("コンピューター", "kana"), ("ｶﾀｶﾅ", "kana"), ("々", "han"),
        (" library", "latin"), ("ＡＢＣ", "latin"), ("２０２４", "digit"), ("7", "digit"), ("。", "symbol"),
        ("  ", "space"), ("한국", "hangul"), ("привет", "cyrillic"), ("aя", "mixed"), ("3年", "han"),
    ],
)  # fmt: skip
def test_script_of(piece: str, script: str) -> None:
    assert script_of(piece) == script


def test_other_tokenizers_are_refused() -> None:
    model = GGUFFile(Path("bert.gguf"), {"tokenizer.ggml.model": text_value("bert")})
    with pytest.raises(FormatError, match="'bert' is not supported"):
        Vocabulary.from_gguf(model)


def test_an_unknown_pre_tokenizer_is_named(tmp_path: Path) -> None:
    model = read_gguf(FAMILIES["gpt2"](tmp_path / "model.gguf"))
    model.metadata["tokenizer.ggml.pre"] = text_value("poro-chat")
    with pytest.raises(FormatError, match="poro-chat"):
        Vocabulary.from_gguf(model).tokenizer()
