"""What holds for all tests."""

from __future__ import annotations

from importlib.util import find_spec

import hypothesis
import pytest

# No deadline: a slow or busy machine is no failure. The same examples on every run of CI.
hypothesis.settings.register_profile(
    "house", deadline=None, max_examples=100, derandomize=True, print_blob=True
)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_spec("torch") is not None:
        return
    skip = pytest.mark.skip(reason="PyTorch is not installed (make train)")
    for item in items:
        if item.get_closest_marker("torch"):
            item.add_marker(skip)
