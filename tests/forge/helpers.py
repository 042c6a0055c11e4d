"""What the tests of the forge share: tiny models, their texts, llama.cpp's own answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kakehashi.engine._local_server import LocalServer
from tests.tiny_model import SAMPLE, write_gemma3, write_llama

FAMILIES: dict[str, Callable[[Path], Path]] = {"llama": write_gemma3, "gpt2": write_llama}

# Texts as people have them: known pieces, full width, half-width kana, emoji, control names.
FRAGMENTS = [
    *SAMPLE.split("\n"), "１２３", "2,024年", "ｶﾀｶﾅ", "㈱", "😀", "<eos>", "<bos>", "\n\n", "\n", "  ",
    "    ", "▁", "é", "中文", "한국어", "\t", "don't", "aaaa", "naïve", "。。。", "…", "\u3000", "<0x41>",
]  # fmt: skip
TEXTS = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=6), st.sampled_from(list(SAMPLE))),
    max_size=8,
).map("".join)


@contextmanager
def exact_llama_cpp(path: Path) -> Iterator[LocalServer]:
    """llama.cpp with a 32-bit KV cache: its default of 16 bits alone costs about 1e-3."""

    def params(bindings: Any) -> Any:
        made = bindings.CommonParams()
        made.model.path = str(path)
        made.n_ctx = 512
        made.n_parallel = 1
        made.cpuparams.n_threads = 1
        made.cache_type_k = made.cache_type_v = bindings.ggml_type.GGML_TYPE_F32
        made.flash_attn_type = bindings.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        made.warmup = False
        made.fit_params = False
        made.verbosity = 0
        return made

    server = LocalServer(params)
    try:
        yield server
    finally:
        server.close()


def next_log_probabilities(server: LocalServer, ids: list[int], rows: int) -> dict[int, float]:
    """Log-probability of every row as the next token after `ids`, by llama.cpp."""
    messages: list[dict[str, Any]] = []
    # What is sampled is forced to be a whole character (part of one is reported late); the
    # probabilities are those before sampling.
    (whole,) = server.tokenize("a", special=False)
    body = {
        "prompt": ids, "max_tokens": 1, "stream": True, "temperature": 0, "logprobs": rows,
        "cache_prompt": False, "logit_bias": [[whole, 1000]],
    }  # fmt: skip

    def keep(message: dict[str, Any]) -> bool:
        messages.append(message)
        return False

    server.complete(body, keep)
    first = messages[0]["choices"][0]["logprobs"]["content"][0]
    return {entry["id"]: entry["logprob"] for entry in first["top_logprobs"]}
