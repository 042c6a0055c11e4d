from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.engine.llama_cpp import LlamaCppEngine
from kakehashi.errors import FormatError, InputError
from kakehashi.forge.quantise import Bytes, Floats, pack_codes, quantise, quantise_q4_0
from kakehashi.gguf_file import read_gguf, write_gguf
from tests.forge.helpers import FAMILIES

Q4_0 = gguf.GGMLQuantizationType.Q4_0


def error(values: Floats, packed: Bytes) -> float:
    return float(((gguf.dequantize(packed, Q4_0) - values) ** 2).sum())


@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-4, 0.02, 1.0, 50.0]))
def test_q4_0_is_never_worse_than_the_reference(seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    values = (random.standard_t(4, (8, 64)) * scale).astype(np.float32)
    values[0] = 0
    ours, reference = quantise_q4_0(values), gguf.quantize(values, Q4_0)
    assert ours.shape == reference.shape
    assert error(values, ours) <= error(values, reference) * 1.001


def test_q4_0_gains_on_weights() -> None:
    values = np.random.default_rng(0).normal(0, 0.02, (64, 640)).astype(np.float32)
    assert error(values, quantise_q4_0(values)) < 0.9 * error(values, gguf.quantize(values, Q4_0))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("weights", "table"), [("Q4_0", "Q4_0"), ("Q8_0", "Q4_0"), ("F16", "Q8_0")]
)
def test_types_are_the_ones_asked_for(
    family: str, weights: str, table: str, tmp_path: Path
) -> None:
    old = read_gguf(FAMILIES[family](tmp_path / "model.gguf"))
    new = quantise(old, {"token_embd": table, "": weights})
    target = tmp_path / "quantised.gguf"
    write_gguf(new, target)
    for name, tensor in read_gguf(target).tensors.items():
        if len(tensor.shape) == 1:
            np.testing.assert_array_equal(tensor.data, old.tensors[name].data)
            continue
        assert tensor.type.name == (table if name == "token_embd.weight" else weights)
        values = old.tensors[name].values()
        assert np.abs(tensor.values() - values).mean() < 0.1 * np.abs(values).mean()
    stored = new.get("general.file_type")
    assert stored == {"Q4_0": 2, "Q8_0": 7, "F16": 1}[weights]
    with LlamaCppEngine(target, parallel=1, context=64) as engine:
        assert engine.count_tokens("図書館は月曜日が休みです。") > 0


def test_a_type_with_blocks_that_do_not_fit_is_refused(tmp_path: Path) -> None:
    model = read_gguf(FAMILIES["llama"](tmp_path / "model.gguf"))
    odd = model.tensors["token_embd.weight"]
    narrow = type(odd)(odd.name, (odd.shape[0], 63), odd.type, odd.data[:, : 63 * 4])
    model.tensors["token_embd.weight"] = narrow
    with pytest.raises(FormatError, match="rows of 63 values do not fill blocks of 32"):
        quantise(model, {"": "Q4_0"})


@given(seed=st.integers(0, 2**32 - 1), levels=st.sampled_from([8, 16]))
def test_packed_codes_are_what_the_library_reads(seed: int, levels: int) -> None:
    random = np.random.default_rng(seed)
    codes = random.integers(-levels, levels, (3, 96)).astype(np.int8)
    scales = random.normal(0, 1, (3, 3)).astype(np.float16).astype(np.float32)
    kind = Q4_0 if levels == 8 else gguf.GGMLQuantizationType.Q5_0
    read = gguf.dequantize(pack_codes(codes, scales, levels), kind)
    np.testing.assert_array_equal(read, codes * np.repeat(scales, 32, 1))


def test_unknown_types_are_named(tmp_path: Path) -> None:
    model = read_gguf(FAMILIES["llama"](tmp_path / "model.gguf"))
    with pytest.raises(InputError, match="'Q3_X' cannot be written"):
        quantise(model, {"": "Q3_X"})
