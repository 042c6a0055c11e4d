"""Training examples from pairs and summaries: read, clean, weigh, turn into token ids.

Reads TSV pairs (`source<TAB>target`, one direction given in the configuration, both are
trained) and JSONL summaries (`{"lang", "text", "summary"}`), plain or xz. Knows nothing
about the training loop.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from tokenizers import Tokenizer

from kakehashi.errors import FileMissingError, FormatError
from kakehashi.forge.augment import join, noise
from kakehashi.forge.clean import has_markup, reject, style_of, tidy_japanese
from kakehashi.forge.decontaminate import key
from kakehashi.forge.tasks import BOS, EOS, TASKS

# Share of the sources that get noise. A product sees more clean text than that.
NOISY = 0.08


@dataclass(frozen=True, slots=True)
class Source:
    """One corpus.

    Attributes:
        path: file below the data directory.
        kind: ``pairs`` (English<TAB>Japanese) or ``summaries``.
        weight: share of the examples, relative to the other sources.
        licence: as its own files state it.
        max_pairs: most pairs that are read (0: all), the first after shuffling.
        joined: share of the examples that are several neighbouring sentences; 0 where the file
            has no running text.
    """

    path: str
    kind: str
    weight: float
    licence: str
    max_pairs: int = 0
    joined: float = 0.33


@dataclass(frozen=True, slots=True)
class Example:
    """One training example: a task of `forge.tasks.TASKS` with its source and target text."""

    task: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Packed:
    """Token ids of one example; the loss is taken from position `start` on."""

    ids: tuple[int, ...]
    start: int


def read_sources(path: Path) -> list[Source]:
    """The `sources` of a recipe (`runs/train.yaml`).

    Raises:
        FileMissingError: no such recipe.
        FormatError: an entry that is not a source; the message names it.
    """
    if not path.is_file():
        raise FileMissingError("no such recipe", where=str(path))
    recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return [Source(**entry) for entry in recipe["sources"]]
    except (TypeError, KeyError) as error:
        raise FormatError(f"not a recipe: {error}", where=str(path)) from None


def lines_of(path: Path) -> Iterator[str]:
    """Lines of a UTF-8 file, plain or ``.xz``; a lone carriage return is not a line break."""
    if not path.is_file():
        raise FileMissingError("no such corpus", where=str(path), hint="check --data")
    raw = path.read_bytes()
    if path.suffix == ".xz":
        raw = lzma.decompress(raw)
    for line in raw.decode("utf-8").split("\n"):
        yield line.rstrip("\r")


def read_pairs(
    path: Path,
    dropped: Counter[str],
    seen: set[str] | None = None,
    evaluation: frozenset[str] = frozenset(),
) -> list[tuple[str, str]]:
    """The usable (English, Japanese) pairs of a TSV file, in its order.

    Args:
        dropped: counts the reasons.
        seen: Japanese sides that were already taken, from other sources too.
        evaluation: keys of evaluation sentences (`decontaminate.evaluation_keys`), left out.
    """
    seen = set() if seen is None else seen
    pairs: list[tuple[str, str]] = []
    for line in lines_of(path):
        fields = line.split("\t")
        if len(fields) < 2:
            continue
        english, japanese = fields[0].strip(), tidy_japanese(fields[1].strip())
        reason = reject(english, japanese)
        if reason is None and japanese in seen:
            reason = "duplicate"
        if reason is None and not evaluation.isdisjoint((key(english), key(japanese))):
            reason = "evaluation set"
        if reason:
            dropped[reason] += 1
            continue
        seen.add(japanese)
        pairs.append((english, japanese))
    return pairs


def pair_examples(english: str, japanese: str, rng: random.Random) -> Iterator[Example]:
    """Both directions of a pair; half of the Japanese targets with a known style name it."""
    style = style_of(japanese)
    named = f":{style}" if style and rng.random() < 0.5 else ""
    heard = [
        noise(text, text is japanese, rng) if rng.random() < NOISY else text
        for text in (english, japanese)
    ]
    yield Example(f"translate:en-ja{named}", heard[0], japanese)
    yield Example("translate:ja-en", heard[1], english)


def is_held_out(identifier: str) -> bool:
    """Whether a document with this id is kept for evaluation, one in twenty.

    The rule is that of `bench.datasets.held_out`; a test holds the two together.
    """
    return int(hashlib.sha256(identifier.encode()).hexdigest()[:8], 16) % 20 == 0


def summary_examples(path: Path, max_characters: int = 600) -> list[Example]:
    """Same-language summaries of a JSONL file, the text cut at `max_characters`.

    Documents kept for evaluation (`is_held_out`) are left out.
    """
    examples = []
    for line in lines_of(path):
        if not line.strip():
            continue
        entry = json.loads(line)
        if is_held_out(str(entry["id"])):
            continue
        text, summary = entry["text"].strip(), entry["summary"].strip()
        limit = max_characters if entry["lang"] == "ja" else 2 * max_characters
        if 8 <= len(summary) < len(text) and not has_markup(summary):
            cut = " ".join(text[:limit].split())
            examples.append(Example(f"summarise:{entry['lang']}", cut, summary))
    return examples


def load_examples(
    sources: Sequence[Source],
    data: Path,
    *,
    budget: int,
    seed: int = 0,
    evaluation: frozenset[str] = frozenset(),
) -> tuple[list[Example], dict[str, Counter[str]]]:
    """Examples of all sources in a shuffled mixture.

    Args:
        data: directory that the paths of the sources are relative to.
        budget: about how many examples; each source gives its share by weight, at most once.
        evaluation: as in `read_pairs`.

    Returns:
        the examples, and per source what was kept and dropped and why.
    """
    rng = random.Random(seed)
    report: dict[str, Counter[str]] = {}
    total = sum(source.weight for source in sources)
    chosen: list[Example] = []
    seen: set[str] = set()
    for source in sources:
        counts = report.setdefault(source.path, Counter())
        share = int(budget * source.weight / total)
        if source.kind == "summaries":
            examples = summary_examples(data / source.path)
            rng.shuffle(examples)
        else:
            read = read_pairs(data / source.path, counts, seen, evaluation)
            pairs = list(join(read, source.joined, rng))
            rng.shuffle(pairs)
            pairs = pairs[: source.max_pairs or None][: share // 2]
            examples = [e for en, ja in pairs for e in pair_examples(en, ja, rng)]
        counts["kept"] = len(examples[:share])
        chosen += examples[:share]
    rng.shuffle(chosen)
    return chosen, report


def pack(examples: Iterable[Example], tokenizer: Tokenizer, max_tokens: int) -> list[Packed]:
    """Token ids of the examples that fit into `max_tokens`.

    Raises:
        FormatError: the vocabulary lacks a control token.
    """
    listed = list(examples)
    sources = tokenizer.encode_batch_fast([e.source for e in listed])
    targets = tokenizer.encode_batch_fast([e.target for e in listed])
    bos, eos = _control(tokenizer, BOS), _control(tokenizer, EOS)
    controls = {
        task: (_control(tokenizer, before.token), _control(tokenizer, after.token))
        for task, (before, after) in TASKS.items()
    }
    packed = []
    for example, source, target in zip(listed, sources, targets, strict=True):
        before, after = controls[example.task]
        prompt = (bos, before, *source.ids, after)
        ids = (*prompt, *target.ids, eos)
        if len(ids) <= max_tokens:
            packed.append(Packed(ids, len(prompt)))
    return packed


def _control(tokenizer: Tokenizer, name: str) -> int:
    row = tokenizer.token_to_id(name)
    if row is None:
        raise FormatError(
            f"the vocabulary has no token {name}",
            hint="prune with --unused 64 or more, from a base that has spare tokens",
        )
    return int(row)


def batches(
    packed: Sequence[Packed], tokens: int, lengths: Sequence[int], seed: int, *, rest: bool = False
) -> list[tuple[int, list[int]]]:
    """Fixed-shape batches of one epoch: (length, indices of `packed`), shuffled.

    Every batch has `tokens // length` rows of one of `lengths`: a kernel is chosen once per
    shape, and little is padded because examples of like length share a batch. What does not
    fill a batch is left out of the epoch; with `rest` it makes batches with fewer rows.
    """
    rng = random.Random(seed)
    buckets: dict[int, list[int]] = {length: [] for length in lengths}
    for index, example in enumerate(packed):
        for length in lengths:
            if len(example.ids) <= length:
                buckets[length].append(index)
                break
    result = []
    for length, members in buckets.items():
        rng.shuffle(members)
        rows = max(1, tokens // length)
        result += [
            (length, members[at : at + rows])
            for at in range(0, len(members) - (0 if rest else rows - 1), rows)
        ]
    rng.shuffle(result)
    return result
