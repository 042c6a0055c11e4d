"""A decoder in PyTorch that computes what llama.cpp computes for the same GGUF.

Parameters carry the names of the GGUF tensors, so reading and exporting are a copy. Two
architectures: `gemma3` (norms stored with their +1, scaled embeddings, query/key norms,
post-norms, sliding window in five of six layers) and `llama`. Knows nothing about text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn

from kakehashi.errors import FormatError
from kakehashi.gguf_file import GGUFFile

# Gets the name of a matrix and its input, shape (…, width), before each product.
Observer = Callable[[str, Tensor], None]
# Gets the input and the name of a matrix; what it returns is added to the product.
Correction = Callable[[Tensor, str], Tensor | None]
# Gets a weight and its name, and returns what is computed with instead.
Change = Callable[[Tensor, str], Tensor]
GEMMA_LOCAL_ROPE = 10_000.0
GEMMA_GLOBAL_EVERY = 6


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """Shape of a decoder, from GGUF metadata. Sizes are counts, `window` is tokens."""

    architecture: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    rope_base: float
    eps: float
    window: int
    tied: bool

    @classmethod
    def from_gguf(cls, model: GGUFFile) -> DecoderConfig:
        """Read the shape of an opened model.

        Raises:
            FormatError: another architecture than gemma3 or llama.
        """
        if model.architecture not in ("gemma3", "llama"):
            raise FormatError(
                f"training the architecture '{model.architecture}' is not supported",
                where=str(model.path),
                hint="supported: gemma3, llama",
            )
        width, heads = (
            int(model.hyper("embedding_length")),
            int(model.hyper("attention.head_count")),
        )
        return cls(
            architecture=model.architecture,
            layers=int(model.hyper("block_count")),
            width=width,
            heads=heads,
            kv_heads=int(model.hyper("attention.head_count_kv", heads)),
            head_width=int(model.hyper("attention.key_length", width // heads)),
            rope_base=float(model.hyper("rope.freq_base", 10_000.0)),
            eps=float(model.hyper("attention.layer_norm_rms_epsilon")),
            window=int(model.hyper("attention.sliding_window", 0)),
            tied="output.weight" not in model.tensors,
        )

    def is_global(self, layer: int) -> bool:
        """Whether a layer sees the whole context (all layers of `llama` do)."""
        return self.architecture != "gemma3" or (layer + 1) % GEMMA_GLOBAL_EVERY == 0


def _rotate_half(x: Tensor) -> Tensor:
    left, right = x.chunk(2, dim=-1)
    return torch.cat((-right, left), dim=-1)


def _rotate_pairs(x: Tensor) -> Tensor:
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((-odd, even), dim=-1).flatten(-2)


class Decoder(nn.Module):
    """The model. Build it with `load_decoder`."""

    def __init__(self, config: DecoderConfig, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self.config = config
        self.weights = nn.ParameterDict(
            {name.replace(".", "/"): nn.Parameter(value) for name, value in tensors.items()}
        )
        self.observe: Observer | None = None
        self.correct: Correction | None = None
        self.change: Change | None = None
        self._rope: dict[tuple[float, int, torch.device], tuple[Tensor, Tensor]] = {}

    def named(self) -> dict[str, nn.Parameter]:
        """Parameters by GGUF tensor name."""
        return {name.replace("/", "."): p for name, p in self.weights.items()}

    def _w(self, name: str) -> Tensor:
        weight: Tensor = self.weights[name.replace(".", "/")]
        return weight if self.change is None else self.change(weight, name)

    def _linear(self, x: Tensor, name: str) -> Tensor:
        if self.observe is not None:
            self.observe(name, x)
        product = F.linear(x, self._w(name))
        added = None if self.correct is None else self.correct(x, name)
        return product if added is None else product + added

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight = self._w(name)
        return F.rms_norm(x.float(), (weight.shape[0],), weight, self.config.eps).to(x.dtype)

    def _angles(self, base: float, length: int, device: torch.device) -> tuple[Tensor, Tensor]:
        key = (base, length, device)
        if key not in self._rope:
            half = self.config.head_width // 2
            frequency = base ** (-torch.arange(half, device=device, dtype=torch.float64) / half)
            angle = torch.arange(length, device=device, dtype=torch.float64)[:, None] * frequency
            both = (
                torch.cat((angle, angle), -1)
                if self.config.architecture == "gemma3"
                else angle.repeat_interleave(2, -1)
            )
            self._rope[key] = (both.cos().float(), both.sin().float())
        return self._rope[key]

    def _attention(self, x: Tensor, layer: int) -> Tensor:
        c = self.config
        batch, length, _ = x.shape
        at = f"blk.{layer}.attn_"
        q = self._linear(x, at + "q.weight").view(batch, length, c.heads, c.head_width)
        k = self._linear(x, at + "k.weight").view(batch, length, c.kv_heads, c.head_width)
        v = self._linear(x, at + "v.weight").view(batch, length, c.kv_heads, c.head_width)
        gemma = c.architecture == "gemma3"
        if gemma:
            q, k = self._norm(q, at + "q_norm.weight"), self._norm(k, at + "k_norm.weight")
        base = c.rope_base if c.is_global(layer) else GEMMA_LOCAL_ROPE
        cos, sin = self._angles(base, length, x.device)
        rotate = _rotate_half if gemma else _rotate_pairs
        q, k = q.transpose(1, 2), k.transpose(1, 2)
        q = (q * cos + rotate(q) * sin).to(v.dtype)
        k = (k * cos + rotate(k) * sin).to(v.dtype)
        v = v.transpose(1, 2)
        groups = c.heads // c.kv_heads
        k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
        if not c.is_global(layer) and length > c.window > 0:
            at_row = torch.arange(length, device=x.device)
            distance = at_row[:, None] - at_row[None, :]
            mask = (distance >= 0) & (distance < c.window)
            out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        else:
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        out = out.transpose(1, 2).reshape(batch, length, c.heads * c.head_width)
        return self._linear(out, at + "output.weight")

    def _feed_forward(self, x: Tensor, layer: int) -> Tensor:
        at = f"blk.{layer}.ffn_"
        gate = self._linear(x, at + "gate.weight")
        gate = (
            F.gelu(gate, approximate="tanh")
            if self.config.architecture == "gemma3"
            else F.silu(gate)
        )
        return self._linear(gate * self._linear(x, at + "up.weight"), at + "down.weight")

    def hidden(self, ids: Tensor) -> Tensor:
        """Normalised last hidden states, shape (batch, length, width), of `ids` (batch, length).

        Padding goes to the right: attention is causal, so it changes nothing before it.
        """
        gemma = self.config.architecture == "gemma3"
        x = F.embedding(ids, self._w("token_embd.weight"))
        if gemma:
            x = x * self.config.width**0.5
        for layer in range(self.config.layers):
            block = f"blk.{layer}."
            out = self._attention(self._norm(x, block + "attn_norm.weight"), layer)
            x = x + (self._norm(out, block + "post_attention_norm.weight") if gemma else out)
            out = self._feed_forward(self._norm(x, block + "ffn_norm.weight"), layer)
            x = x + (self._norm(out, block + "post_ffw_norm.weight") if gemma else out)
        return self._norm(x, "output_norm.weight")

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores of all rows, shape (…, rows), for hidden states (…, width)."""
        table = "token_embd.weight" if self.config.tied else "output.weight"
        return self._linear(hidden, table)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits, shape (batch, length, rows)."""
        return self.logits(self.hidden(ids))


def load_decoder(model: GGUFFile) -> Decoder:
    """The decoder of an opened GGUF with float32 parameters (quantised ones dequantised)."""
    skipped = {"rope_freqs.weight"}
    tensors = {
        name: torch.from_numpy(np.array(tensor.values()))
        for name, tensor in model.tensors.items()
        if name not in skipped
    }
    return Decoder(DecoderConfig.from_gguf(model), tensors)


def load_safetensors(decoder: Decoder, path: Path) -> None:
    """Fill `decoder` from a checkpoint written by `forge train` (GGUF names).

    Raises:
        FormatError: a tensor is missing or has another shape.
    """
    from safetensors.torch import load_file

    stored = load_file(path)
    for name, parameter in decoder.named().items():
        if name not in stored or stored[name].shape != parameter.shape:
            raise FormatError(f"the tensor {name} is missing or has another shape", where=str(path))
        with torch.no_grad():
            parameter.copy_(stored[name])
