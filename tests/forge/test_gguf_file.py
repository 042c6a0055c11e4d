from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from kakehashi.errors import FileMissingError, FormatError, ModelDamagedError
from kakehashi.gguf_file import read_gguf, write_gguf
from tests.forge.helpers import FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_reads_what_the_library_reads(family: str, tmp_path: Path) -> None:
    path = FAMILIES[family](tmp_path / "model.gguf")
    ours, theirs = read_gguf(path), gguf.GGUFReader(path)
    assert {t.name for t in theirs.tensors} == set(ours.tensors)
    for tensor in theirs.tensors:
        mine = ours.tensors[tensor.name]
        assert mine.shape == tuple(reversed(tensor.shape.tolist()))
        assert mine.type == tensor.tensor_type
        np.testing.assert_array_equal(mine.values().ravel(), np.asarray(tensor.data).ravel())
    for key in ("tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "general.name"):
        assert ours.get(key) == theirs.fields[key].contents()


@pytest.mark.parametrize("family", FAMILIES)
def test_writing_gives_the_same_bytes(family: str, tmp_path: Path) -> None:
    path = FAMILIES[family](tmp_path / "model.gguf")
    copy = tmp_path / "copy.gguf"
    write_gguf(read_gguf(path), copy)
    assert copy.read_bytes() == path.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.gguf", "model.gguf"]


def test_a_truncated_file_is_named_at_every_length(tmp_path: Path) -> None:
    whole = FAMILIES["llama"](tmp_path / "model.gguf").read_bytes()
    cut = tmp_path / "cut.gguf"
    for length in (6, 20, 100, 3000, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(ModelDamagedError, match=r"cut\.gguf: the file ends in the middle"):
            read_gguf(cut)


def test_other_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("議事録", encoding="utf-8")
    with pytest.raises(FormatError, match="not a GGUF file"):
        read_gguf(other)
    with pytest.raises(FileMissingError):
        read_gguf(tmp_path / "nothing.gguf")
