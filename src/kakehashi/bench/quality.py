"""Translate and summarise evaluation sets and score the results.

Translation goes through `kakehashi.language.Translator` with one segment for every line, as
``kakehashi translate --lines`` does, checks and retry included: what is measured is what a
person gets. A baseline (the predecessor, or another model folder) takes the same road with its
own manifest. Segments are given to the translator longest first, so that the streams of a batch
end together; the results are put back in the order of the set before they are scored.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi.bench.datasets import ParallelSet, SummarySet
from kakehashi.bench.metrics import SetScores, paired, score
from kakehashi.bench.rouge import RougeScore, rouge, tokenizer
from kakehashi.engine import Engine, Manifest, Usage
from kakehashi.errors import InputError, OutputError
from kakehashi.language.results import Language
from kakehashi.language.summarise import Summariser
from kakehashi.language.translate import Translator, line_segments
from kakehashi.text import split

Say = Callable[[str], None]
SAY_EVERY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class System:
    """A model that is being measured: its name in the results, its engine and manifest."""

    name: str
    engine: Engine
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a system made of a set.

    Attributes:
        texts: one output for each source, in the order of the set.
        seconds: wall-clock time for all of them.
        retried: segments in which a sentence needed a second try.
        flagged: segments that left with at least one flag.
        usage: tokens as counted by the engine.
    """

    texts: tuple[str, ...]
    seconds: float
    retried: int
    flagged: int
    usage: Usage

    def as_dict(self) -> dict[str, Any]:
        count = max(1, len(self.texts))
        return {
            "seconds": round(self.seconds, 2),
            "segments_per_second": len(self.texts) / self.seconds if self.seconds else 0.0,
            "retried_share": self.retried / count,
            "flagged_share": self.flagged / count,
            "prompt_tokens": self.usage.prompt_tokens,
            "completion_tokens": self.usage.completion_tokens,
        }


def _language(code: str) -> Language:
    return "ja" if code == "ja" else "en"


def translate_set(system: System, data: ParallelSet, say: Say = lambda line: None) -> Outputs:
    """Translate a set, one segment for every line.

    Raises:
        LanguageError: the model does not offer this direction.
        EngineError: the engine failed.
    """
    filled = [index for index, source in enumerate(data.sources) if source.strip()]
    order = sorted(filled, key=lambda index: len(data.sources[index]), reverse=True)
    segments, _ = line_segments("\n".join(data.sources[index] for index in order))
    texts = [""] * len(data.sources)
    retried = flagged = 0
    usage = Usage()
    start = said = time.perf_counter()
    translator = Translator(system.engine, system.manifest)
    for done in translator.stream(segments, _language(data.target_language)):
        texts[order[done.id]] = done.target
        retried += any(sentence.retried for sentence in done.sentences)
        flagged += bool(done.flags)
        usage += done.usage
        if (now := time.perf_counter()) - said > SAY_EVERY_SECONDS:
            said = now
            say(
                f"  {done.id + 1} of {len(order)} segments, {now - start:.0f} s "
                "(longest first: the rest goes faster)"
            )
    return Outputs(tuple(texts), time.perf_counter() - start, retried, flagged, usage)


def measure_set(
    systems: Sequence[System],
    data: ParallelSet,
    *,
    outputs: Path | None = None,
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Translate and score one set with each system; the second one is the baseline.

    Returns:
        A JSON-ready dictionary: set, direction, segments, `systems` (scores by name), `paired`
        (first − second, with p-values) and `published` (scores of the set's own systems).
    """
    result: dict[str, Any] = {
        "set": data.name,
        "direction": data.direction,
        "segments": len(data.sources),
        "systems": {},
        "published": {},
    }
    texts: list[tuple[str, ...]] = []
    for system in systems:
        say(f"{data.name} {data.direction}, {len(data.sources)} segments: {system.name}")
        made = translate_set(system, data, say)
        texts.append(made.texts)
        scores = score(made.texts, data)
        result["systems"][system.name] = {**scores.as_dict(), **made.as_dict()}
        say("  " + line_of(scores))
        if outputs is not None:
            write_outputs(outputs / f"{data.name}.{data.direction}.{system.name}.tsv", data, made)
    if len(texts) == 2:
        result["paired"] = paired(texts[1], texts[0], data)
    for name, lines in data.systems.items():
        scores = score(lines, data)
        result["published"][name] = scores.as_dict()
        say(f"  {name}: {line_of(scores)}")
    return result


def line_of(scores: SetScores) -> str:
    """One line of figures for a person."""
    failures = scores.failures
    copied = "—" if failures.number_copy is None else f"{failures.number_copy:.1%}"
    interval = ""
    if scores.chrf.low is not None and scores.chrf.high is not None:
        interval = f" ({scores.chrf.low:.1f} to {scores.chrf.high:.1f})"
    return (
        f"chrF {scores.chrf.value:.1f}{interval}, BLEU {scores.bleu.value:.1f}, "
        f"wrong language {failures.wrong_language:.1%}, empty {failures.empty:.1%}, "
        f"loops {failures.repetition:.1%}, numbers copied {copied}"
    )


def write_outputs(path: Path, data: ParallelSet, made: Outputs) -> None:
    """Write source, reference and output as TSV with a header (quotes are left as they are).

    Raises:
        OutputError: the file cannot be written.
    """
    path = path.with_name(path.name.replace(" ", "_"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(
                file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\",
                lineterminator="\n",
            ).writerow  # fmt: skip
            write(("source", "reference", "output"))
            for row in zip(data.sources, data.references, made.texts, strict=True):
                write(row)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from None


def lead(text: str, language: str, sentences: int) -> str:
    """The first sentences of a text: the baseline that summaries must beat."""
    pieces = [piece.strip() for piece in split(text, language) if piece.strip()]
    return ("" if language == "ja" else " ").join(pieces[:sentences])


def measure_summaries(
    systems: Sequence[System],
    data: SummarySet,
    *,
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Summarise held-out documents in one line and score against their authors' summaries.

    Returns:
        A JSON-ready dictionary: set, language, documents and, by system (lead-1 and lead-3
        included), ROUGE F1 with the mean length of the summaries in characters.
    """
    language = _language(data.language)
    made: dict[str, list[str]] = {
        f"lead-{count}": [lead(text, language, count) for text in data.texts] for count in (1, 3)
    }
    for system in systems:
        say(f"{data.name} {language}, {len(data.texts)} documents: {system.name}")
        made[system.name] = [_summary(system, text, language) for text in data.texts]
    result: dict[str, Any] = {
        "set": data.name,
        "language": language,
        "documents": len(data.texts),
        "systems": {},
    }
    tokens = tokenizer(language)
    for name, texts in made.items():
        figures = rouge(texts, data.summaries, tokens)
        length = sum(map(len, texts)) / max(1, len(texts))
        empty = sum(not text.strip() for text in texts) / max(1, len(texts))
        result["systems"][name] = {**_rouge_dict(figures), "characters": length, "empty": empty}
        say(f"  {name}: ROUGE-1 {figures.rouge_1:.1f}, -2 {figures.rouge_2:.1f}, "
            f"-L {figures.rouge_l:.1f}, {length:.0f} characters")  # fmt: skip
    return result


def _summary(system: System, text: str, language: Language) -> str:
    """One line; empty for a text that the product refuses to summarise (a bare list, say)."""
    try:
        summariser = Summariser(system.engine, system.manifest)
        return str(summariser.summarise(text, lines=1, to=language))
    except InputError:
        return ""


def _rouge_dict(figures: RougeScore) -> dict[str, float]:
    return {
        "rouge_1": figures.rouge_1,
        "rouge_2": figures.rouge_2,
        "rouge_l": figures.rouge_l,
    }
