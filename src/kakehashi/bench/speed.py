"""Predecessor and successor through the same engine, on the same texts, in one run.

Each model lives in a child process of its own (`worker`); only one of them is working, the
other is suspended. A round measures every figure for both models right after each other, and
the model that goes first changes with every round (A B, B A, …), so that warming up, clock
speed and whatever else the machine does fall on both. Ratios are taken inside a round; the
median over rounds is reported with its spread, and every raw round is kept.

What the figures mean:

- ``prefill_tokens_per_second``: reading a prompt of about 500 tokens, by the engine's count.
- ``decode_tokens_per_second``: one stream, the same plain text as prompt for both models, the
  same number of generated tokens.
- ``characters_per_second_1`` and ``_8``: useful Japanese characters of the translations of the
  same English sentences, divided by the wall-clock seconds for all of them, one after the
  other and eight side by side. Useful characters are kana, kanji and Japanese punctuation, at
  most 0.8 for each character of the source sentence plus 4 (`useful_characters`): 99 % of
  human translations stay below that (99th percentile: NTREX 0.82, newstest2020 0.77), so a
  model that babbles or loops pays its time for nothing, an empty or untranslated answer earns
  nothing, and a model that says the same in a few characters more or less is neither punished
  nor rewarded much.
- ``seconds_same_sentences_1`` and ``_8``: the same runs as bare seconds for the same sentences,
  in which the length of the output does not count at all. Read both: a model that leaves half
  of every sentence out is quick in this one, and slow in the other.

Sentences change with every round (the same for both models), so that no prompt is answered
from the prompt cache of an earlier round; the two examples in the predecessor's prompt may be
cached by the engine as in real use. `cached_tokens` in the raw rounds says how much was.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from kakehashi.bench import machine
from kakehashi.bench.cold import ColdStart, cold_start
from kakehashi.bench.spread import Spread, ratios_of, spread_of
from kakehashi.bench.worker_client import Worker
from kakehashi.errors import InputError

RATES = (
    "decode_tokens_per_second",
    "prefill_tokens_per_second",
    "characters_per_second_1",
    "characters_per_second_8",
)
TIMES = ("seconds_same_sentences_1", "seconds_same_sentences_8")
STREAMS = (1, 8)
SENTENCES = 16
DECODE_TOKENS = 128
PREFILL_CHARACTERS = 2000
CHARACTERS_PER_SOURCE_CHARACTER = 0.8
CHARACTERS_FREE = 4
MODELS = ("predecessor", "successor")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read and translated: sentences, one a line."""

    english: tuple[str, ...]
    japanese: tuple[str, ...] = ()

    def sentences(self, round_number: int, count: int) -> list[str]:
        """`count` English sentences, others in each round until all have been used."""
        start = round_number * count
        return [self.english[(start + i) % len(self.english)] for i in range(count)]

    def prompt(self, round_number: int) -> str:
        """About `PREFILL_CHARACTERS` characters in both languages, begun elsewhere each round."""
        lines = [*self.english, *self.japanese]
        step = len(lines) // 5 or 1
        start = round_number * step % len(lines)
        text = ""
        for line in [*self.japanese[: 1 + round_number % 3], *lines[start:], *lines[:start]]:
            if len(text) >= PREFILL_CHARACTERS:
                break
            text += line + "\n"
        return text


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Attributes:
        rounds: how often every figure is taken for each model.
        sentences: English sentences translated in each round.
        decode_tokens: tokens generated for the decode figure.
        busy: also measure decoding while a child process keeps one core busy.
        cold: how many cold starts of ``kakehashi translate`` are timed; 0 for none.
    """

    rounds: int = 5
    sentences: int = SENTENCES
    decode_tokens: int = DECODE_TOKENS
    busy: bool = True
    cold: int = 3

    def __post_init__(self) -> None:
        if self.rounds < 1 or self.sentences < 1 or self.decode_tokens < 1 or self.cold < 0:
            raise InputError(
                "rounds, sentences and tokens must be at least 1", hint="see --rounds, --sentences"
            )


@dataclass(slots=True)
class SpeedResult:
    """Raw rounds and what `measure` saw around them; `as_dict` gives the published JSON."""

    models: dict[str, dict[str, Any]]
    rounds: list[dict[str, dict[str, float]]] = field(default_factory=list)
    details: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    busy_rounds: list[dict[str, dict[str, float]]] = field(default_factory=list)
    cold: dict[str, list[ColdStart]] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``kakehashi bench speed``; ratios are successor ÷ predecessor."""
        spreads = {key: spread_of(ratios_of(self.rounds, key)) for key in RATES}
        times = {
            key: spread_of(ratios_of(self.rounds, key, inverse=True)).as_dict() for key in TIMES
        }
        figures = {
            name: {
                key: spread_of([one[name][key] for one in self.rounds]).as_dict()
                for key in (*RATES, *TIMES)
            }
            for name in MODELS
        }
        shares = self._busy_shares()
        return {
            "ratios": {key: spread.median for key, spread in spreads.items()},
            "ratios_spread": {key: spread.as_dict() for key, spread in spreads.items()},
            "time_ratios": times,
            "figures": figures,
            "busy_share": shares["successor"].median if shares else None,
            "busy_share_spread": {name: spread.as_dict() for name, spread in shares.items()},
            "cold_start_seconds": {
                name: spread_of([one.seconds for one in starts]).as_dict()
                for name, starts in self.cold.items()
                if starts
            },
            "resident_peak_bytes": {
                name: max(one.peak_bytes for one in starts)
                for name, starts in self.cold.items()
                if starts
            },
            "models": self.models,
            "machine": self.machine,
            "warnings": self.warnings,
            "rounds": self.rounds,
            "busy_rounds": self.busy_rounds,
            "details": self.details,
        }

    def _busy_shares(self) -> dict[str, Spread]:
        """Decode speed with one busy core ÷ quiet, per model."""
        if not self.busy_rounds:
            return {}
        return {
            name: spread_of([one[name]["busy"] / one[name]["quiet"] for one in self.busy_rounds])
            for name in MODELS
        }


def shipped_texts() -> Texts:
    """The sentences that come with the package (ours: news and office style)."""
    folder = files("kakehashi.bench").joinpath("data")
    english = folder.joinpath("english.txt").read_text(encoding="utf-8")
    japanese = folder.joinpath("japanese.txt").read_text(encoding="utf-8")
    return Texts(tuple(english.split("\n")[:-1]), tuple(japanese.split("\n")[:-1]))


def japanese_characters(text: str) -> int:
    """Kana (half-width too), kanji and Japanese punctuation in `text`."""
    count = 0
    for character in text:
        code = ord(character)
        kana_or_mark = 0x3001 <= code <= 0x30FF or 0xFF61 <= code <= 0xFF9F
        kanji = 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF
        count += kana_or_mark or kanji
    return count


def useful_characters(source: str, output: str) -> float:
    """Japanese characters of `output` that count, at most 0.8 a source character plus 4."""
    most = CHARACTERS_PER_SOURCE_CHARACTER * len(source) + CHARACTERS_FREE
    return min(float(japanese_characters(unicodedata.normalize("NFC", output))), most)


def _one_round(
    worker: Worker, texts: Texts, plan: Plan, number: int, figure: str
) -> tuple[dict[str, float], dict[str, Any]]:
    """Measure one figure for one model; returns figures and what to keep beside them."""
    sentences = texts.sentences(number, plan.sentences)
    if figure == "prefill":
        got = worker.ask(do="prefill", texts=[texts.prompt(number)])
        return {"prefill_tokens_per_second": got["tokens"] / got["seconds"]}, {"prefill": got}
    if figure == "decode":
        got = worker.ask(do="decode", texts=sentences, tokens=plan.decode_tokens)
        return {"decode_tokens_per_second": got["tokens"] / got["seconds"]}, {"decode": got}
    streams = int(figure)
    got = worker.ask(do="translate", texts=sentences, streams=streams)
    useful = sum(map(useful_characters, sentences, got["outputs"]))
    got["useful_characters"] = useful
    got["japanese_characters"] = sum(map(japanese_characters, got["outputs"]))
    return {
        f"characters_per_second_{streams}": useful / got["seconds"],
        f"seconds_same_sentences_{streams}": got["seconds"],
    }, {f"translate_{streams}": got}


def _rounds(
    workers: dict[str, Worker], texts: Texts, plan: Plan, result: SpeedResult, say: Say
) -> None:
    for number in range(plan.rounds):
        order = MODELS if number % 2 == 0 else MODELS[::-1]
        figures: dict[str, dict[str, float]] = {name: {} for name in MODELS}
        kept: dict[str, dict[str, Any]] = {name: {} for name in MODELS}
        for figure in ("prefill", "decode", *map(str, STREAMS)):
            for name in order:
                got, detail = _one_round(workers[name], texts, plan, number, figure)
                figures[name].update(got)
                kept[name].update(detail)
        result.rounds.append(figures)
        result.details.append(kept)
        new, old = figures["successor"], figures["predecessor"]
        say(
            f"round {number + 1} of {plan.rounds}: "
            + ", ".join(f"{key} ×{new[key] / old[key]:.2f}" for key in RATES if old[key] > 0)
        )


def _busy(
    workers: dict[str, Worker], texts: Texts, plan: Plan, result: SpeedResult, say: Say
) -> None:
    """Decode quiet and with one busy core, next to each other, for each model."""
    for number in range(plan.rounds):
        sentences = texts.sentences(number, plan.sentences)
        got: dict[str, dict[str, float]] = {}
        for name in MODELS:
            order = {"do": "decode", "texts": sentences, "tokens": plan.decode_tokens}
            quiet = workers[name].ask(**order)
            with machine.busy_core():
                busy = workers[name].ask(**order)
            got[name] = {
                "quiet": quiet["tokens"] / quiet["seconds"],
                "busy": busy["tokens"] / busy["seconds"],
            }
        result.busy_rounds.append(got)
        shares = ", ".join(f"{name} {one['busy'] / one['quiet']:.0%}" for name, one in got.items())
        say(f"one core busy, round {number + 1} of {plan.rounds}: {shares} of the quiet speed")


def measure(
    predecessor: Path,
    successor: Path,
    *,
    plan: Plan | None = None,
    texts: Texts | None = None,
    say: Say = lambda line: None,
) -> SpeedResult:
    """Measure two model folders side by side.

    Args:
        say: gets one line of progress or warning at a time.

    Raises:
        ModelError: a folder cannot be used.
        EngineError: a worker failed.
    """
    plan = plan or Plan()
    texts = texts or shipped_texts()
    if not texts.english:
        raise InputError("there is no sentence to translate", hint="see --text")
    folders = {"predecessor": predecessor, "successor": successor}
    result = SpeedResult({}, machine=machine.describe())
    other = machine.other_work()
    if other > machine.BUSY_ABOVE:
        result.warnings.append(
            f"other programs are using {other:.1f} cores; the figures below are not to be trusted"
        )
        say("warning: " + result.warnings[-1])
    for name in MODELS:
        starts = [cold_start(folders[name], texts.english[0]) for _ in range(plan.cold)]
        result.cold[name] = starts
        if starts:
            say(f"{name}: cold start {min(one.seconds for one in starts):.2f} s at best")
    workers: dict[str, Worker] = {}
    try:
        for name in MODELS:
            workers[name] = Worker(folders[name], streams=max(STREAMS))
            result.models[name] = workers[name].ready
        for name in MODELS:  # the first use of a model maps its file and fills caches
            workers[name].ask(do="translate", texts=texts.sentences(plan.rounds, 1), streams=1)
        _rounds(workers, texts, plan, result, say)
        if plan.busy:
            _busy(workers, texts, plan, result, say)
        for name in MODELS:
            result.models[name] = {**workers[name].ready, **workers[name].ask(do="memory")}
    finally:
        for worker in workers.values():
            worker.close()
    return result
