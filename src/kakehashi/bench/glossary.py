"""How often a glossary's terms come out as told: 200 sentences of ours, 52 terms, both ways.

The sentences are in `data/glossary.en.txt` and `data/glossary.ja.txt`, the terms in
`data/glossary.tsv`: nouns, compounds, names, abbreviations and verbs of city halls and factories.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Any

from kakehashi.engine.base import Engine, Usage
from kakehashi.engine.manifest import Manifest
from kakehashi.language.glossary import Glossary, term_report, uses
from kakehashi.language.glossary_files import load_glossary
from kakehashi.language.results import Language
from kakehashi.language.translate import Translator, line_segments

DIRECTIONS: tuple[tuple[Language, Language], ...] = (("en", "ja"), ("ja", "en"))


def shipped_glossary() -> Glossary:
    """The terms that come with the package."""
    with as_file(_data("glossary.tsv")) as path:
        return load_glossary([path])


def shipped_sentences(language: Language) -> str:
    """The sentences of a language, one a line."""
    return str(_data(f"glossary.{language}.txt").read_text(encoding="utf-8"))


def _data(name: str) -> Any:
    return files("kakehashi.bench").joinpath("data", name)


def measure_glossary(
    engine: Engine,
    manifest: Manifest,
    *,
    limit: int | None = None,
    plain: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> list[dict[str, Any]]:
    """Translate the sentences and count the terms, one result for each direction.

    Args:
        engine, manifest: the model.
        limit: only so many sentences of each direction.
        plain: translate without the glossary, too, and count what comes by itself.
        say: gets a line for every term that is missed.
    """
    glossary = shipped_glossary()
    translator = Translator(engine, manifest)
    results = []
    for source, to in DIRECTIONS:
        segments, _ = line_segments(shipped_sentences(source))
        segments = segments[:limit]
        started = time.monotonic()
        done = list(translator.stream(segments, to, source=source, glossary=glossary))
        seconds = time.monotonic() - started
        report = term_report(done)
        for place, term, target in report.missed:
            say(f"{source}-{to} {place}: {term} → {target}")
        usage = sum((one.usage for one in done), Usage())
        result: dict[str, Any] = {
            "direction": f"{source}-{to}",
            "sentences": len(done),
            "occurrences": report.occurrences,
            "applied": report.applied,
            "share": report.applied / max(1, report.occurrences),
            "tried_again": sum(s.retried for one in done for s in one.sentences),
            "flagged": sum(any(f.severity != "low" for f in one.flags) for one in done),
            "completion_tokens": usage.completion_tokens,
            "seconds": round(seconds, 1),
            "outputs": [
                {"source": one.source, "target": one.target, "flags": [f.code for f in one.flags]}
                for one in done
            ],
        }
        if plain:
            alone = list(translator.stream(segments, to, source=source))
            found = [
                use for one in alone for use in uses(glossary.find(one.source, to), one.target, to)
            ]
            result["applied_without"] = sum(use.applied for use in found)
            result["completion_tokens_without"] = sum(one.usage.completion_tokens for one in alone)
        results.append(result)
    return results
