"""One training run from a recipe: read, check, pack, train, draw. What `forge train` does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from kakehashi.forge.adapters import Adapters
from kakehashi.forge.calibrate import quantise_calibrated
from kakehashi.forge.data import load_examples, pack, read_sources
from kakehashi.forge.decoder import Decoder, load_decoder, load_safetensors
from kakehashi.forge.decontaminate import check, evaluation_keys
from kakehashi.forge.scales import Scales
from kakehashi.forge.tasks import CONTROL_TOKENS
from kakehashi.forge.train import (
    CHECKPOINT,
    LENGTHS,
    Part,
    TrainConfig,
    Trainer,
    initialise_controls,
    plot_log,
)
from kakehashi.forge.vocabulary import Vocabulary
from kakehashi.gguf_file import GGUFFile, read_gguf

# Examples kept out of training for the held-out loss.
HELD_OUT = 600
CALIBRATION_EXAMPLES = 6_000


@dataclass(frozen=True, slots=True)
class Run:
    """Everything one run needs; see the options of `kakehashi forge train`."""

    base: Path
    recipe: Path
    data: Path
    folder: Path
    start: Path | None = None
    steps: int = 1000
    tokens: int = 1024
    rate: float = 2e-5
    warmup: int = 40
    examples: int = 200_000
    precision: str = "auto"
    device: str = "auto"
    threads: int = 0
    save_every: int = 100
    rank: int = 0
    trained: bool = False
    evaluation: Path | None = None
    beta2: float = 0.95
    seed: int = 0


def starting_model(base: Path, start: Path | None, fresh: bool) -> tuple[Decoder, Vocabulary]:
    """The decoder of `base` with weights of `start`, or with its control rows initialised.

    `fresh`: the base was never trained on the tasks.
    """
    file = read_gguf(base)
    vocabulary = Vocabulary.from_gguf(file)
    model = load_decoder(file)
    if start:
        load_safetensors(model, start)
    elif fresh:
        tokenizer = vocabulary.tokenizer()
        initialise_controls(
            model, {vocabulary.index[c.token]: tokenizer.encode(c.like).ids for c in CONTROL_TOKENS}
        )
    return model, vocabulary


def run(settings: Run, say: Callable[[str], None]) -> None:
    """Run training until it is done; what was dropped from the data goes to `data.json`.

    Raises:
        FileMissingError, FormatError: base, recipe or a corpus cannot be read.
        InputError: a setting that cannot work, or an evaluation sentence in the data.
    """
    fresh = not settings.trained and not (settings.folder / CHECKPOINT).exists()
    model, vocabulary = starting_model(settings.base, settings.start, fresh)
    part = Adapters(model, settings.rank) if settings.rank else None
    _train(settings, model, vocabulary, part, say)


def tune(settings: Run, say: Callable[[str], None]) -> GGUFFile:
    """Learn the scales of the quantised model `settings.base`, and return it with them.

    Raises as `run`.
    """
    file = read_gguf(settings.base)
    model = load_decoder(file)
    part = Scales(model, file)
    _train(settings, model, Vocabulary.from_gguf(file), part, say)
    tuned: GGUFFile = part.write_into(file)
    return tuned


def _train(
    settings: Run,
    model: Decoder,
    vocabulary: Vocabulary,
    part: Part | None,
    say: Callable[[str], None],
) -> None:
    if settings.threads:
        torch.set_num_threads(settings.threads)
    device = settings.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    evaluation = evaluation_keys(settings.evaluation) if settings.evaluation else frozenset()
    examples, report = load_examples(
        read_sources(settings.recipe),
        settings.data,
        budget=settings.examples,
        evaluation=evaluation,
    )
    if evaluation:
        texts = check((text for e in examples for text in (e.source, e.target)), evaluation)
        say(f"none of {texts:,} texts is one of {len(evaluation):,} evaluation sentences")
    packed = pack(examples, vocabulary.tokenizer(), max(LENGTHS))
    say(f"{len(examples):,} examples, {sum(len(p.ids) for p in packed):,} tokens, on {device}")
    held = min(HELD_OUT, len(packed) // 20)
    trainer = Trainer(
        model,
        packed[held:],
        packed[:held],
        TrainConfig(
            steps=settings.steps,
            tokens=settings.tokens,
            rate=settings.rate,
            warmup=settings.warmup,
            precision=settings.precision,
            save_every=settings.save_every,
            betas=(0.9, settings.beta2),
            seed=settings.seed,
        ),
        settings.folder,
        device,
        part,
    )
    (settings.folder / "data.json").write_text(
        json.dumps({path: dict(counts) for path, counts in report.items()}, indent=2),
        encoding="utf-8",
    )
    say(f"from step {trainer.step} to {settings.steps}, {'bf16' if trainer.bf16 else 'fp32'}")
    trainer.train()
    say(f"wrote {settings.folder / CHECKPOINT} and {plot_log(settings.folder)}")


def quantise_on(model: GGUFFile, types: Mapping[str, str], recipe: Path, data: Path) -> GGUFFile:
    """Quantise a float32 model for the inputs it sees on a recipe's examples (GPTQ)."""
    examples, _ = load_examples(read_sources(recipe), data, budget=CALIBRATION_EXAMPLES, seed=1)
    packed = pack(examples, Vocabulary.from_gguf(model).tokenizer(), max(LENGTHS))
    return quantise_calibrated(model, packed, types)
