"""Tune the scales of a quantised model: what is trained is exactly what is shipped.

Rounding to four bits costs loss that training on unrounded weights cannot see, and small changes
of a weight are lost when it is rounded again. Here the codes of every block of 32 stay as they
are, and its scale, stored beside them as a float16, is learned, with the gains of the norms: one
number in 32, so that small batches move little at random. After EfficientQAT's second phase (Chen
et al. 2024, arXiv:2407.11062). The file keeps its types, its size and its speed.
"""

from __future__ import annotations

import gguf
import numpy as np
import torch
from torch import Tensor, nn

from kakehashi.forge.decoder import Decoder
from kakehashi.forge.quantise import BLOCK
from kakehashi.gguf_file import GGUFFile
from kakehashi.gguf_file import Tensor as Stored

# Types whose blocks begin with their scale as a float16, and the bytes of a block.
BLOCK_BYTES = {"Q4_0": 18, "Q5_0": 22, "Q8_0": 34}


class Scales(nn.Module):
    """A factor e^t, t zero at first, for every block of a matrix and every value of a vector."""

    def __init__(self, model: Decoder, file: GGUFFile) -> None:
        super().__init__()
        self.exponents = nn.ParameterDict()
        for name, weight in model.named().items():
            weight.requires_grad_(False)
            if weight.ndim == 1:
                self.exponents[_key(name)] = nn.Parameter(torch.zeros_like(weight))
            elif file.tensors[name].type.name in BLOCK_BYTES:
                rows, columns = weight.shape
                self.exponents[_key(name)] = nn.Parameter(torch.zeros(rows, columns // BLOCK))

    def attach(self, model: Decoder) -> None:
        """Let `model` compute with scaled matrices."""
        model.change = self.scaled

    def scaled(self, weight: Tensor, name: str) -> Tensor:
        """A weight of the model with its blocks or values scaled, of its own shape."""
        key = _key(name)
        if key not in self.exponents:
            return weight
        factors = self.exponents[key].exp()
        if weight.ndim == 1:
            return weight * factors
        return (weight.view(*factors.shape, BLOCK) * factors[..., None]).view(weight.shape)

    @torch.no_grad()
    def merged(self, model: Decoder) -> dict[str, Tensor]:
        """All tensors of `model` by GGUF name, scaled."""
        return {name: self.scaled(weight, name) for name, weight in model.named().items()}

    @torch.no_grad()
    def take_out_of(self, model: Decoder) -> None:
        """Undo `merged` in a decoder that was loaded from merged weights."""
        for name, weight in model.named().items():
            if _key(name) in self.exponents:
                factor = (-self.exponents[_key(name)]).exp()
                weight *= factor if weight.ndim == 1 else factor.repeat_interleave(BLOCK, 1)

    @torch.no_grad()
    def write_into(self, file: GGUFFile) -> GGUFFile:
        """`file` with its scales multiplied; codes, types and everything else as they were."""
        result = GGUFFile(file.path, dict(file.metadata), dict(file.tensors))
        for name, tensor in file.tensors.items():
            if _key(name) not in self.exponents:
                continue
            factors = self.exponents[_key(name)].detach().cpu().exp().numpy().reshape(-1)
            if len(tensor.shape) == 1:
                vector = (tensor.values() * factors).astype(np.float32)
                kind = gguf.GGMLQuantizationType.F32
                result.tensors[name] = Stored(name, tensor.shape, kind, vector.view(np.uint8))
                continue
            size = BLOCK_BYTES[tensor.type.name]
            blocks = np.array(tensor.data, copy=True).view(np.uint8).reshape(-1, size)
            scales = blocks[:, :2].copy().view(np.float16)[:, 0].astype(np.float32) * factors
            blocks[:, :2] = scales.astype(np.float16)[:, None].view(np.uint8)
            data = blocks.reshape(np.asarray(tensor.data).shape)
            result.tensors[name] = Stored(name, tensor.shape, tensor.type, data)
        return result


def _key(name: str) -> str:
    return name.replace(".", "/")
