"""Look at a model before cutting it: rows by script, fertility, bytes per token, predictions.

Reads the file only; no model is run. Knows nothing about how the cutting is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakehashi.forge.vocabulary import Vocabulary, script_of
from kakehashi.gguf_file import GGUFFile

PARTS = ("table", "attention", "feed-forward", "norms")


@dataclass(frozen=True, slots=True)
class Fertility:
    """Tokens per character of the given text in one language."""

    language: str
    characters: int
    tokens: int

    @property
    def value(self) -> float:
        """Tokens per character."""
        return self.tokens / max(self.characters, 1)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `inspect_model` found.

    Attributes:
        rows_by_script: rows of the vocabulary by script.
        bytes_by_part: bytes read for one decoded token, by part of the model.
        fertility: per language of the given text.
    """

    architecture: str
    name: str
    file_bytes: int
    rows: int
    rows_by_script: Counter[str]
    bytes_by_part: dict[str, int]
    types_by_part: dict[str, str]
    fertility: tuple[Fertility, ...]

    @property
    def bytes_per_token(self) -> int:
        """Bytes read from memory for one decoded token (without the KV cache)."""
        return sum(self.bytes_by_part.values())

    @property
    def table_share(self) -> float:
        """Share of the output table in `bytes_per_token`."""
        return self.bytes_by_part["table"] / self.bytes_per_token

    def predicted_speed_up(self, rows: int) -> float:
        """Decode speed after pruning to `rows` rows, relative to now.

        Decoding one stream is bound by memory: each token reads every weight once. With the
        table's bytes T (of V rows) and all others W, the ratio is (T + W) / (T · rows/V + W).
        Source: the roofline argument for batch size 1 (Williams, Waterman, Patterson 2009;
        Pope et al. 2022, section 2.1). Real ratios are lower where arithmetic, not memory,
        is the limit, as for 4-bit blocks on few cores.
        """
        table = self.bytes_by_part["table"]
        rest = self.bytes_per_token - table
        return self.bytes_per_token / (table * min(rows, self.rows) / self.rows + rest)


def _part(name: str) -> str:
    if name in ("token_embd.weight", "output.weight"):
        return "table"
    if name.endswith("norm.weight"):
        return "norms"
    return "attention" if ".attn_" in name else "feed-forward"


def fertility(vocabulary: Vocabulary, lines: Iterable[str]) -> tuple[Fertility, ...]:
    """Tokens per character of `lines`, Japanese and other languages apart (by script)."""
    groups: dict[str, list[str]] = {"ja": [], "other": []}
    for line in lines:
        if line.strip():
            japanese = script_of(line) in ("kana", "han")
            groups["ja" if japanese else "other"].append(line)
    tokenizer = vocabulary.tokenizer()
    return tuple(
        Fertility(language, sum(map(len, texts)), _count(tokenizer, texts))
        for language, texts in groups.items()
        if texts
    )


def _count(tokenizer: object, texts: Sequence[str]) -> int:
    encode = tokenizer.encode_batch_fast  # type: ignore[attr-defined]
    return sum(len(encoding.ids) for encoding in encode(list(texts)))


def inspect_model(model: GGUFFile, lines: Iterable[str] = ()) -> Inspection:
    """Inspect an opened model; `lines` is text to measure fertility on.

    The embedding look-up reads one row per token; the same table read as output table is
    counted whole (a separate `output.weight` replaces it).
    """
    vocabulary = Vocabulary.from_gguf(model)
    scripts = Counter(vocabulary.script(row) for row in range(len(vocabulary.tokens)))
    sizes = dict.fromkeys(PARTS, 0)
    types: dict[str, Counter[str]] = {part: Counter() for part in PARTS}
    untied = "output.weight" in model.tensors
    for name, tensor in model.tensors.items():
        if untied and name == "token_embd.weight":
            continue
        sizes[_part(name)] += tensor.n_bytes
        types[_part(name)][tensor.type.name] += tensor.n_bytes
    return Inspection(
        architecture=model.architecture,
        name=str(model.get("general.name", model.path.stem)),
        file_bytes=model.path.stat().st_size,
        rows=len(vocabulary.tokens),
        rows_by_script=scripts,
        bytes_by_part=sizes,
        types_by_part={
            part: ", ".join(kind for kind, _ in found.most_common())
            for part, found in types.items()
        },
        fertility=fertility(vocabulary, lines),
    )
