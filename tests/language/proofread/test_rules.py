from __future__ import annotations

import pytest

from kakehashi.documents import from_bytes
from kakehashi.language.proofread import RULES, Finding, Options, Rule, apply_fixes, proofread
from kakehashi.language.proofread.catalogue import REASONS
from kakehashi.language.proofread.rule import Example

BAD = [(rule, one) for rule in RULES.values() for one in rule.bad]
GOOD = [(rule, text) for rule in RULES.values() for text in rule.good]


def findings(rule: Rule, text: str) -> list[Finding]:
    document = from_bytes(text.encode(), "txt")
    return proofread(document.segments, Options(only=[rule.id]))


def ids(case: tuple[Rule, Example | str]) -> str:
    return case[0].id


@pytest.mark.parametrize("case", BAD, ids=ids)
def test_a_rule_finds_its_bad_examples(case: tuple[Rule, Example]) -> None:
    rule, example = case
    found = findings(rule, example.text)
    assert found
    if example.found:
        assert example.found in [one.text for one in found]
    if example.suggestion is not None:
        assert (example.found, example.suggestion) in [(one.text, one.suggestion) for one in found]


@pytest.mark.parametrize("case", GOOD, ids=ids)
def test_a_rule_leaves_its_good_examples_alone(case: tuple[Rule, str]) -> None:
    rule, text = case
    assert [(one.text, one.suggestion) for one in findings(rule, text)] == []


@pytest.mark.parametrize("case", [c for c in BAD if c[0].safe], ids=ids)
def test_a_safe_suggestion_mends_the_text(case: tuple[Rule, Example]) -> None:
    rule, example = case
    document = from_bytes(example.text.encode(), "txt")
    found = proofread(document.segments, Options(only=[rule.id]))
    apply_fixes(document, found)
    mended = document.render().decode()
    again = proofread(from_bytes(mended.encode(), "txt").segments, Options(only=[rule.id]))
    assert mended != example.text
    assert [one.text for one in again if one.safe] == []


def test_every_rule_has_a_wording_and_examples_of_both_kinds() -> None:
    assert set(REASONS) == set(RULES)
    assert [rule.id for rule in RULES.values() if not rule.bad or not rule.good] == []
