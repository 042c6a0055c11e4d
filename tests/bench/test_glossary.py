from __future__ import annotations

import pytest

from kakehashi.bench.glossary import measure_glossary, shipped_glossary, shipped_sentences
from kakehashi.engine.base import Request
from kakehashi.engine.scripted import ScriptedEngine
from kakehashi.language.results import Language
from tests.language.helpers import manifest, task_of


@pytest.mark.parametrize(("source", "to", "terms"), [("en", "ja", 136), ("ja", "en", 129)])
def test_the_shipped_sentences_hold_terms(source: Language, to: Language, terms: int) -> None:
    glossary = shipped_glossary()
    lines = shipped_sentences(source).splitlines()
    found = [glossary.find(line, to) for line in lines]
    assert (len(glossary), len(lines)) == (52, 100)
    assert [line for line, hits in zip(lines, found, strict=True) if not hits] == []
    assert sum(map(len, found)) == terms


def test_terms_are_counted_by_what_comes_out() -> None:
    def say(request: Request) -> str:
        """Never says 区役所, not even when it is begun for it."""
        if request.begins:
            return "x " * 99
        if task_of(request) == "translate:en-ja":
            return "役所に印鑑登録証明書と住民票の写しがあります。"
        return "The ward office has a seal registration certificate for everyone."

    missed: list[str] = []
    results = measure_glossary(ScriptedEngine(say), manifest(), limit=3, say=missed.append)
    assert [one["occurrences"] for one in results] == [3, 3]
    assert [one["applied"] for one in results] == [2, 2]
    assert missed == [
        "en-ja line 1: ward office → 区役所",
        "ja-en line 2: 住民票の写し → certificate of residence",
    ]
