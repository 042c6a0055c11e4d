"""docs/quality.md: what `bench quality` and `bench speed` measured, for a person to read.

Figures come from their JSON files, sentences from our own (`bench/data`), drawn with a fixed
seed: no sentence of an evaluation set is copied into a document. Nothing is left out because it
looks bad.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from kakehashi.bench.quality import System
from kakehashi.bench.quality_table import quality_table
from kakehashi.language.translate import Translator

SEED = 20
SENTENCES = 10

_HEAD = """# How good it is

Written by `kakehashi bench report` from measurements of {date} ({cpu}, {threads} threads);
do not edit the figures by hand. Commands that made them:

```sh
{commands}
```

chrF and BLEU are sacrebleu's (BLEU for Japanese with `ja-mecab`); both run from 0 to 100 and
compare with a person's translation. In brackets the 95 % interval of a bootstrap over segments.
The predecessor is the published base with two examples in its prompt. "Wrong language", "empty"
and "loops" are shares of outputs that failed outright, counted by the benchmark and not by the
product's own checks; "numbers kept" is the share of a source's numbers that its translation has.
"""

_SYSTEMS = """
Rows with other names are outputs that the participants of the WMT shared tasks handed in, scored
by the same command. They are many times larger, or online services.
"""

_SIDE_BY_SIDE = """
## Twenty sentences

Ten in each direction, drawn from sentences of our own with a fixed seed ({seed}), good and bad.
"""

_BAD_AT = """
## What it is bad at

- **Long sentences.** With two or more clauses, parts are dropped or tied together wrongly.
- **Names.** A place or a person is written in kanji that nobody gave it, or half in kana.
- **News, law, literature, idioms.** There is next to none of it in the training data.
- **Who does what.** Japanese leaves it unsaid, and the model guesses.
- **Words with a second meaning** lean towards software, of which there was most.
- **Long texts as a whole.** Sentences are translated one by one.

It is good enough to find out what a text is about, and as a first draft of short everyday and
office sentences that a person corrects. It is not good enough to be sent as it is.
"""


def report(
    quality: dict[str, Any],
    speed: dict[str, Any] | None,
    systems: Sequence[System],
    commands: Sequence[str],
) -> str:
    """The document as Markdown.

    Args:
        quality, speed: the JSON of ``bench quality`` and ``bench speed``.
        systems: opened models that translate the twenty sentences, the successor first.
        commands: shown at the head.
    """
    about = quality["machine"]
    head = _HEAD.format(
        date=about["date"],
        cpu=about["cpu"],
        threads=about["threads"],
        commands="\n".join(commands),
    )
    parts = [head, "## Evaluation sets\n", quality_table(quality)]
    if any(one["published"] for one in quality["sets"]):
        parts.append(_SYSTEMS)
    if speed is not None:
        ratios = speed["ratios_spread"]["characters_per_second_8"]
        parts.append(
            "\n## Speed\n\nJapanese characters a second, end to end, eight streams, successor ÷ "
            f"predecessor in one run: ×{ratios['median']:.2f} "
            f"(quartiles {ratios['quartile_1']:.2f} to {ratios['quartile_3']:.2f})."
        )
    parts.append(_SIDE_BY_SIDE.format(seed=SEED))
    parts += [side_by_side(systems, to) for to in ("ja", "en")]
    parts.append(_BAD_AT)
    return "\n".join(parts)


def drawn(to: str) -> list[str]:
    """The sentences that are translated into `to`, always the same ones."""
    name = "english.txt" if to == "ja" else "japanese.txt"
    text = files("kakehashi.bench").joinpath("data", name).read_text(encoding="utf-8")
    return random.Random(SEED).sample(text.splitlines(), SENTENCES)


def side_by_side(systems: Sequence[System], to: str) -> str:
    """A table of the drawn sentences, one row for the source and one for each system."""
    sources = drawn(to)
    lines = [f"### {'English → Japanese' if to == 'ja' else 'Japanese → English'}\n"]
    made = {
        system.name: Translator(system.engine, system.manifest).translate_batch(
            sources, "ja" if to == "ja" else "en"
        )
        for system in systems
    }
    for number, source in enumerate(sources, start=1):
        lines.append(f"{number}. {source}")
        for name, outputs in made.items():
            flags = ", ".join(dict.fromkeys(flag.code for flag in outputs[number - 1].flags))
            shown = " ".join(str(outputs[number - 1]).split())
            lines.append(f"   - {name}: {shown}" + (f" *(flagged: {flags})*" if flags else ""))
    return "\n".join(lines) + "\n"
