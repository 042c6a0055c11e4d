from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kakehashi.engine.llama_cpp import LlamaCppEngine
from tests.tiny_model import write_gemma3, write_llama


@pytest.fixture(scope="session")
def gemma_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gemma3(tmp_path_factory.mktemp("gemma") / "model.gguf")


@pytest.fixture(scope="session")
def llama_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_llama(tmp_path_factory.mktemp("llama") / "model.gguf")


@pytest.fixture(scope="session")
def gemma(gemma_gguf: Path) -> Iterator[LlamaCppEngine]:
    with LlamaCppEngine(gemma_gguf, threads=1, parallel=4, context=512) as engine:
        yield engine


@pytest.fixture(scope="session")
def llama(llama_gguf: Path) -> Iterator[LlamaCppEngine]:
    with LlamaCppEngine(llama_gguf, threads=1, parallel=4, context=512) as engine:
        yield engine
