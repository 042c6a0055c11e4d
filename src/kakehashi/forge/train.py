"""Supervised fine-tuning of a decoder on packed examples: one loop for CPU and GPU.

Knows nothing about corpora (see `forge.data`) or file formats of models (see
`forge.export`). A run is a folder: `checkpoint.safetensors` and `state.pt` to go on from,
`log.jsonl`, `loss.png`.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import save_file
from torch import Tensor, nn

from kakehashi.errors import InputError, ModelError
from kakehashi.forge.data import Packed, batches
from kakehashi.forge.decoder import Decoder, load_safetensors

CHECKPOINT, STATE, LOG = "checkpoint.safetensors", "state.pt", "log.jsonl"
# Few, fixed shapes: oneDNN compiles a kernel per shape, and short examples dominate.
LENGTHS = (16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 256)
IGNORE = -100


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One training run.

    Attributes:
        steps: optimiser steps until the learning rate has fallen to its floor.
        tokens: tokens per step (padding included).
        rate: highest learning rate. Gemma 3's norms have gains of 10 to 300, so that small
            steps move the output far: after 24 steps of 512 tokens the held-out loss was 2.46
            at 1e-5, 2.49 at 3e-5 and 2.97 at 1e-4; over 100 steps 1e-4 went up, not down.
        floor: last learning rate as a share of `rate`.
        warmup: steps of linear warm-up.
        betas: AdamW's averages of the gradient and of its square.
        weight_decay: AdamW's, on matrices only.
        clip: largest norm of the gradient.
        precision: ``auto`` measures both on this machine at the start, ``bf16``, ``fp32``.
        save_every, evaluate_every: steps between checkpoints and evaluations.
        seed: of the order of examples.
    """

    steps: int = 1000
    tokens: int = 1024
    rate: float = 2e-5
    floor: float = 0.05
    warmup: int = 40
    betas: tuple[float, float] = (0.9, 0.95)
    weight_decay: float = 0.01
    clip: float = 1.0
    precision: str = "auto"
    save_every: int = 100
    evaluate_every: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        if self.steps <= self.warmup:
            raise InputError(
                f"{self.steps} steps are not more than the warm-up of {self.warmup}",
                where="--steps",
                hint="raise --steps or lower --warmup",
            )
        if self.precision not in ("auto", "bf16", "fp32"):
            raise InputError(f"unknown precision '{self.precision}'", where="--precision")

    def rate_at(self, step: int) -> float:
        """Learning rate of a step: linear warm-up, then half a cosine down to the floor."""
        if step < self.warmup:
            return self.rate * (step + 1) / self.warmup
        done = min(1.0, (step - self.warmup) / (self.steps - self.warmup))
        return self.rate * (self.floor + (1 - self.floor) * (1 + math.cos(math.pi * done)) / 2)


def collate(
    packed: Sequence[Packed], indices: Sequence[int], length: int, pad: int = 0
) -> tuple[Tensor, Tensor]:
    """Input ids and labels, both (rows, length); labels outside of targets are `IGNORE`.

    The label at a position is the next token.
    """
    ids = torch.full((len(indices), length), pad)
    labels = torch.full((len(indices), length), IGNORE)
    for row, index in enumerate(indices):
        example = packed[index]
        tokens = torch.tensor(example.ids)
        ids[row, : len(tokens)] = tokens
        labels[row, example.start - 1 : len(tokens) - 1] = tokens[example.start :]
    return ids, labels


def target_loss(model: Decoder, ids: Tensor, labels: Tensor) -> tuple[Tensor, int]:
    """Summed cross-entropy (nats) over the labelled positions, and how many there are.

    The output table is applied to those positions only: it is a quarter of the arithmetic.
    """
    hidden = model.hidden(ids).flatten(0, 1)
    chosen = (labels.flatten() != IGNORE).nonzero(as_tuple=True)[0]
    logits = model.logits(hidden[chosen])
    loss = F.cross_entropy(logits.float(), labels.flatten()[chosen], reduction="sum")
    return loss, len(chosen)


class Part(Protocol):
    """What is trained instead of all weights: `forge.adapters`, `forge.scales`."""

    def to(self, device: Any) -> Any: ...

    def parameters(self) -> Iterator[nn.Parameter]: ...

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: Any) -> Any: ...

    def attach(self, model: Decoder) -> None: ...

    def merged(self, model: Decoder) -> Mapping[str, Tensor]: ...

    def take_out_of(self, model: Decoder) -> None: ...


class Trainer:
    """A run in `folder`: trains `model` on `packed`, goes on where the folder stopped.

    Args:
        model: computes; it is changed in place.
        packed, held_out: examples to learn from, and to measure the loss on.
        part: trained instead of the model's own weights.
    """

    def __init__(
        self,
        model: Decoder,
        packed: Sequence[Packed],
        held_out: Sequence[Packed],
        config: TrainConfig,
        folder: Path,
        device: str = "cpu",
        part: Part | None = None,
    ) -> None:
        self.model = model.to(device)
        self.part = part
        if part is not None:
            part.to(device)
            part.attach(self.model)
        self.trained = list((part or self.model).parameters())
        self.packed, self.held_out = packed, held_out
        self.config, self.folder, self.device = config, folder, torch.device(device)
        self.step = 0
        self.tokens = 0
        decay = [p for p in self.trained if p.ndim > 1]
        rest = [p for p in self.trained if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decay, "weight_decay": config.weight_decay},
                {"params": rest, "weight_decay": 0.0},
            ],
            lr=config.rate,
            betas=config.betas,
            fused=True,
        )
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / CHECKPOINT).exists():
            self._resume()
        self.bf16 = config.precision == "bf16" or (
            config.precision == "auto" and self._bf16_is_faster()
        )

    def _resume(self) -> None:
        load_safetensors(self.model, self.folder / CHECKPOINT)
        if not (self.folder / STATE).exists():
            raise ModelError(
                "a checkpoint without its optimiser state cannot be resumed",
                where=str(self.folder),
                hint="start a new folder with --from pointing to this checkpoint",
            )
        state = torch.load(self.folder / STATE, map_location=self.device, weights_only=True)
        own = {} if self.part is None else self.part.state_dict()
        if {n: p.shape for n, p in state["part"].items()} != {n: p.shape for n, p in own.items()}:
            raise InputError(
                "the run in this folder trains something else",
                where=str(self.folder),
                hint="name the same --rank, or start a new folder with --from",
            )
        if self.part is not None:
            self.part.load_state_dict(state["part"])
            self.part.take_out_of(self.model)
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.tokens = int(state["step"]), int(state["tokens"])

    def _bf16_is_faster(self) -> bool:
        """Time one feed-forward-sized product in both precisions (best of three)."""
        if self.device.type != "cpu":
            return True
        best = {}
        for dtype in (torch.float32, torch.bfloat16):
            left = torch.randn(1024, self.model.config.width, dtype=dtype)
            right = torch.randn(self.model.config.width, 2048, dtype=dtype)
            times = []
            for _ in range(4):
                start = time.perf_counter()
                left @ right
                times.append(time.perf_counter() - start)
            best[dtype] = min(times[1:])
        # Casting weights and activations costs about a fifth of what the products gain.
        return best[torch.bfloat16] < 0.8 * best[torch.float32]

    def _batches(self) -> Iterator[tuple[int, list[int]]]:
        """Batches from the current step on, epoch after epoch."""
        position, epoch = 0, 0
        while True:
            listed = batches(self.packed, self.config.tokens, LENGTHS, self.config.seed + epoch)
            if not listed:
                raise InputError(
                    f"{len(self.packed)} examples do not fill one batch",
                    hint="give more data or fewer --tokens",
                )
            for batch in listed:
                if position >= self.step:
                    yield batch
                position += 1
            epoch += 1

    def _loss(self, length: int, indices: Sequence[int], data: Sequence[Packed]) -> tuple[Any, int]:
        ids, labels = collate(data, indices, length)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            return target_loss(self.model, ids.to(self.device), labels.to(self.device))

    def train(self, until: int | None = None) -> None:
        """Train until step `until` (`config.steps`). Ctrl-C saves a checkpoint and stops."""
        last = min(self.config.steps, until or self.config.steps)
        started, seen, losses, count = time.monotonic(), 0, 0.0, 0
        try:
            for length, indices in self._batches():
                if self.step >= last:
                    break
                loss, targets = self._loss(length, indices, self.packed)
                (loss / targets).backward()
                norm = torch.nn.utils.clip_grad_norm_(self.trained, self.config.clip)
                rate = self.config.rate_at(self.step)
                for group in self.optimizer.param_groups:
                    group["lr"] = rate
                self.optimizer.step()
                self.optimizer.zero_grad(set_to_none=True)
                self.step += 1
                seen += len(indices) * length
                self.tokens += len(indices) * length
                losses, count = losses + loss.item(), count + targets
                if self.step % 10 == 0:
                    self._log(
                        loss=losses / count,
                        rate=rate,
                        norm=float(norm),
                        tokens_per_second=seen / (time.monotonic() - started),
                    )
                    started, seen, losses, count = time.monotonic(), 0, 0.0, 0
                if self.step % self.config.evaluate_every == 0 and self.held_out:
                    self._log(held_out=self.evaluate())
                if self.step % self.config.save_every == 0:
                    self.save()
        except KeyboardInterrupt:
            self.save()
            raise
        self.save()

    @torch.no_grad()
    def evaluate(self) -> float:
        """Mean loss (nats per target token) on the held-out examples."""
        total, count = 0.0, 0
        for length, indices in batches(self.held_out, self.config.tokens, LENGTHS, 0, rest=True):
            loss, targets = self._loss(length, indices, self.held_out)
            total, count = total + loss.item(), count + targets
        return total / max(count, 1)

    def _log(self, **values: float) -> None:
        entry = {"step": self.step, "tokens": self.tokens, "time": round(time.time(), 1)}
        entry |= {key: round(value, 6) for key, value in values.items()}
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def save(self) -> None:
        """Write the checkpoint; each file is replaced only when the new one is complete."""
        found = self.model.named() if self.part is None else self.part.merged(self.model)
        weights = {name: tensor.detach().contiguous() for name, tensor in found.items()}
        temporary = self.folder / (CHECKPOINT + ".tmp")
        save_file(weights, temporary, {"step": str(self.step)})
        state = {
            "optimizer": self.optimizer.state_dict(),
            "part": {} if self.part is None else self.part.state_dict(),
            "step": self.step,
            "tokens": self.tokens,
            "config": asdict(self.config),
        }
        torch.save(state, self.folder / (STATE + ".tmp"))
        temporary.replace(self.folder / CHECKPOINT)
        (self.folder / (STATE + ".tmp")).replace(self.folder / STATE)


def initialise_controls(model: Decoder, rows: dict[int, Sequence[int]]) -> None:
    """Set control rows to the mean of the rows of the words they stand for.

    Args:
        rows: control row → rows of its words (`ControlToken.like`).
    """
    table = model.named()["token_embd.weight"]
    with torch.no_grad():
        for row, like in rows.items():
            table[row] = table[torch.tensor(list(like))].mean(0)


def plot_log(folder: Path) -> Path:
    """Draw `log.jsonl` of a run as `loss.png` and return its path."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    entries = [json.loads(line) for line in (folder / LOG).read_text("utf-8").splitlines()]
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for key, label in (("loss", "training"), ("held_out", "held out")):
        points = [(e["tokens"] / 1e6, e[key]) for e in entries if key in e]
        if points:
            axes.plot(*zip(*points, strict=True), label=label)
    axes.set_xlabel("tokens trained (millions, padding included)")
    axes.set_ylabel("loss (nats per target token)")
    axes.grid(alpha=0.3)
    axes.legend()
    path = folder / "loss.png"
    figure.savefig(path, dpi=150)
    plt.close(figure)
    return path
