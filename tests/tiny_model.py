"""Tiny models with random weights that llama.cpp loads: real files for tests, under 2 MB.

Two families, because tokenizers come in two: `write_gemma3` (SentencePiece-like, with byte
fallback) and `write_llama` (byte-level BPE, as in GPT-2). The same seed writes the same
bytes. What they say is nonsense, but it is the same nonsense every time: the rows of control
and byte tokens are nearly zero, so that greedy decoding never ends by itself.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt

SAMPLE = """\
図書館は月曜日が休みです。市役所の窓口は午前八時半に開きます。
会議の資料を金曜日までに送ってください。雪のため電車が遅れています。
令和六年四月十五日に新しい制度が始まりました。東京都は予算を発表した。
コンピューターとデータのセンターをインターネットで見る。ありがとうございました。
The library is closed on Mondays. The city office opens at half past eight.
Please send the report to the office by Friday. The train is late because of the snow.
The new system started on the fifteenth of April. The committee announced the budget.
"""

SPM_CONTROLS = (
    "<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>",
    "<unused0>", "<unused1>", "<unused2>", "<unused3>",
)  # fmt: skip
BPE_CONTROLS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|unused0|>", "<|unused1|>")
NEWLINES = "\n\n"
"""A user-defined token of the SentencePiece-like model, as Gemma has them."""

_NORMAL, _UNKNOWN, _CONTROL, _USER_DEFINED, _BYTE = 1, 2, 3, 4, 6
_WIDTH, _HEADS, _HEAD_SIZE, _INNER, _LAYERS = 64, 2, 32, 128, 2


def learn_merges(words: Counter[tuple[str, ...]], count: int) -> list[tuple[str, str]]:
    """The first `count` merges of byte-pair encoding over words with their frequencies.

    Algorithm: Sennrich et al. 2016; ties are broken by the pair itself.
    """
    merges: list[tuple[str, str]] = []
    for _ in range(count):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, times in words.items():
            for pair in itertools.pairwise(word):
                pairs[pair] += times
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        merged: Counter[tuple[str, ...]] = Counter()
        for word, times in words.items():
            merged[_merge(word, best)] += times
        words = merged
    return merges


def _merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out: list[str] = []
    for symbol in word:
        if out and (out[-1], symbol) == pair:
            out[-1] += symbol
        else:
            out.append(symbol)
    return tuple(out)


@functools.cache
def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable character for every byte."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + len(table) - len(printable))
    return table


def _weights(writer: gguf.GGUFWriter, random: np.random.Generator, *, gemma: bool) -> None:
    def matrix(name: str, rows: int, columns: int) -> None:
        values = random.normal(0, 1.5 / np.sqrt(columns), (rows, columns))
        writer.add_tensor(name, values.astype(np.float32))

    def norm(name: str, size: int) -> None:
        writer.add_tensor(name, np.ones(size, np.float32))

    norm("output_norm.weight", _WIDTH)
    for layer in range(_LAYERS):
        at = f"blk.{layer}."
        norm(at + "attn_norm.weight", _WIDTH)
        matrix(at + "attn_q.weight", _HEADS * _HEAD_SIZE, _WIDTH)
        matrix(at + "attn_k.weight", _HEAD_SIZE, _WIDTH)
        matrix(at + "attn_v.weight", _HEAD_SIZE, _WIDTH)
        matrix(at + "attn_output.weight", _WIDTH, _HEADS * _HEAD_SIZE)
        norm(at + "ffn_norm.weight", _WIDTH)
        matrix(at + "ffn_gate.weight", _INNER, _WIDTH)
        matrix(at + "ffn_up.weight", _INNER, _WIDTH)
        matrix(at + "ffn_down.weight", _WIDTH, _INNER)
        if gemma:
            norm(at + "attn_q_norm.weight", _HEAD_SIZE)
            norm(at + "attn_k_norm.weight", _HEAD_SIZE)
            norm(at + "post_attention_norm.weight", _WIDTH)
            norm(at + "post_ffw_norm.weight", _WIDTH)


def _table(types: list[int], random: np.random.Generator, scale: float) -> npt.NDArray[np.float32]:
    table = random.normal(0, scale, (len(types), _WIDTH))
    quiet = [row for row, kind in enumerate(types) if kind in (_UNKNOWN, _CONTROL, _BYTE)]
    table[quiet] *= 0.01
    return table.astype(np.float32)


def _sizes(writer: gguf.GGUFWriter, context: int) -> None:
    writer.add_context_length(context)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(_HEAD_SIZE)
    writer.add_value_length(_HEAD_SIZE)
    writer.add_layer_norm_rms_eps(1e-6)


def _write(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def spm_vocabulary(merges: int = 400) -> tuple[list[str], list[float], list[int]]:
    """Tokens, scores and types of the SentencePiece-like vocabulary."""
    tokens = list(SPM_CONTROLS)
    types = [_UNKNOWN if token == "<unk>" else _CONTROL for token in tokens]
    tokens.append(NEWLINES)
    types.append(_USER_DEFINED)
    tokens += [f"<0x{byte:02X}>" for byte in range(256)]
    types += [_BYTE] * 256
    words = Counter(
        tuple(word.replace(" ", "▁"))
        for word in re.findall(r" ?[A-Za-z]+|[^A-Za-z \n]{1,3}", SAMPLE)
    )
    learned = ["".join(pair) for pair in learn_merges(words, merges)]
    known = {"▁", "\n", *map(chr, range(0x21, 0x7F)), *SAMPLE} - {" "}
    normal = [*learned, *sorted(known)]
    # As in Gemma: a piece's score is minus its rank, so earlier merges are made first.
    scores = [-1000.0] * len(tokens) + [float(-rank) for rank in range(len(normal))]
    return tokens + normal, scores, types + [_NORMAL] * len(normal)


def write_gemma3(
    path: Path, *, seed: int = 0, context: int = 2048, user_defined: Collection[str] = ()
) -> Path:
    """Write a Gemma 3 of 2 layers, 64 wide, about 900 rows; returns `path`.

    `user_defined`: control tokens to be marked as user-defined, as some conversions do.
    """
    random = np.random.default_rng(seed)
    tokens, scores, types = spm_vocabulary()
    for name in user_defined:
        types[tokens.index(name)] = _USER_DEFINED
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_name("tiny gemma3 with random weights")
    _sizes(writer, context)
    writer.add_rope_freq_base(10000.0)
    writer.add_sliding_window(64)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(tokens.index("<bos>"))
    writer.add_eos_token_id(tokens.index("<eos>"))
    writer.add_unk_token_id(tokens.index("<unk>"))
    writer.add_pad_token_id(tokens.index("<pad>"))
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_tensor(
        "token_embd.weight", _table(types, random, 0.3 / np.sqrt(_WIDTH))
    )  # Gemma multiplies by √width
    _weights(writer, random, gemma=True)
    _write(writer)
    return path


def bpe_vocabulary(merges: int = 400) -> tuple[list[str], list[str], list[int]]:
    """Tokens, merges and types of the byte-level vocabulary."""
    alphabet = byte_alphabet()
    words = Counter(
        tuple(alphabet[byte] for byte in word.encode())
        for word in re.findall(r" ?[A-Za-z]+|[^A-Za-z\s]{1,3}", SAMPLE)
    )
    learned = learn_merges(words, merges)
    tokens = [*BPE_CONTROLS, *(alphabet[byte] for byte in range(256))]
    tokens += dict.fromkeys("".join(pair) for pair in learned)
    types = [_CONTROL] * len(BPE_CONTROLS) + [_NORMAL] * (len(tokens) - len(BPE_CONTROLS))
    return tokens, [" ".join(pair) for pair in learned], types


def write_llama(path: Path, *, seed: int = 0, context: int = 2048) -> Path:
    """Write a Llama of 2 layers, 64 wide, about 650 rows; returns `path`."""
    random = np.random.default_rng(seed)
    tokens, merges, types = bpe_vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny llama with random weights")
    _sizes(writer, context)
    writer.add_rope_dimension_count(_HEAD_SIZE)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index("<|im_start|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_unk_token_id(tokens.index("<|endoftext|>"))
    writer.add_pad_token_id(tokens.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    # Two rows in three bytes of a Japanese character would be cut text: bytes stay quiet here too.
    loud = [kind if len(token) > 1 else _BYTE for token, kind in zip(tokens, types, strict=True)]
    writer.add_tensor("token_embd.weight", _table(loud, random, 0.3))
    _weights(writer, random, gemma=False)
    _write(writer)
    return path
