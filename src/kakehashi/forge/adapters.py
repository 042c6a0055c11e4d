"""Low-rank adapters (LoRA): train a small correction of each matrix instead of the matrix.

After Hu et al. 2021 (arXiv:2106.09685): a matrix W of shape (out, in) becomes W + s·B·A with A
(rank, in) and B (out, rank), B zero at first, s = 32 / rank. Only A and B are trained, so that
a step needs no gradient of W: about a third of the arithmetic is saved, and the noise of small
batches moves far fewer numbers. `merged` gives ordinary matrices back.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from kakehashi.forge.decoder import Decoder

ALPHA = 32.0


class Adapters(nn.Module):
    """Adapters for all matrices of a decoder's blocks; the decoder itself is frozen.

    The table of tokens stays as it is: at ranks of interest it would double the work of a step.
    """

    def __init__(self, model: Decoder, rank: int, seed: int = 0) -> None:
        super().__init__()
        self.scale = ALPHA / rank
        self.down, self.up = nn.ParameterDict(), nn.ParameterDict()
        generator = torch.Generator().manual_seed(seed)
        for name, weight in model.named().items():
            weight.requires_grad_(False)
            if weight.ndim == 2 and name.startswith("blk."):
                rows, columns = weight.shape
                start = torch.randn(rank, columns, generator=generator) / math.sqrt(columns)
                self.down[_key(name)] = nn.Parameter(start)
                self.up[_key(name)] = nn.Parameter(torch.zeros(rows, rank))

    def attach(self, model: Decoder) -> None:
        """Let `model` compute with the corrections."""
        model.correct = self.correction

    def correction(self, x: Tensor, name: str) -> Tensor | None:
        """What is added to the product of `x` (…, in) with the matrix `name`, if anything."""
        key = _key(name)
        if key not in self.down:
            return None
        return F.linear(F.linear(x, self.down[key]), self.up[key]) * self.scale

    @torch.no_grad()
    def merged(self, model: Decoder) -> dict[str, Tensor]:
        """All tensors of `model` by GGUF name, corrections added."""
        return {
            name: weight + self.delta(name) if _key(name) in self.down else weight.detach()
            for name, weight in model.named().items()
        }

    @torch.no_grad()
    def delta(self, name: str) -> Tensor:
        """The correction of the matrix `name`, of its shape."""
        return self.up[_key(name)] @ self.down[_key(name)] * self.scale

    @torch.no_grad()
    def take_out_of(self, model: Decoder) -> None:
        """Undo `merged` in a decoder that was loaded from merged weights."""
        for name, weight in model.named().items():
            if _key(name) in self.down:
                weight -= self.delta(name)


def _key(name: str) -> str:
    return name.replace(".", "/")
