"""The proofs in short. Their commands are in their docstrings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.proofs import budget, crashes, sums

pytestmark = pytest.mark.usefixtures("database")


def test_one_unit_of_a_budget_is_given_once(tmp_path: Path) -> None:
    assert len(budget.prove(tmp_path, processes=2, requests=60, rounds=2)) == 2


def test_the_ledgers_sum_is_the_engines_sum() -> None:
    found = sums.prove(requests=120, concurrency=20)
    assert found.requests > 60
    assert found.broken_off > 10


def test_a_crash_loses_and_doubles_nothing(tmp_path: Path) -> None:
    found = crashes.prove(tmp_path, kills=2)
    assert found.delivered > 0
    assert found.outcomes.get("crashed", 0) > 0
