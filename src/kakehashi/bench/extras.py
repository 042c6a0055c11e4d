"""The optional libraries of the benchmarks, imported only when a figure needs them.

The extra `[bench]` brings sacrebleu with MeCab, and matplotlib; the extra `[predecessor]` the
published predecessor.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from kakehashi.errors import DependencyError


def load(module: str, *, need: str, extra: str) -> Any:
    """Import `module`.

    Raises:
        DependencyError: it is not installed; the message names the extra that brings it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise DependencyError(
            f"{need} needs the package '{error.name}', which is not installed",
            hint=f"pip install 'kakehashi[{extra}]'",
        ) from None


def sacrebleu(submodule: str = "") -> Any:
    """The sacrebleu package or one of its modules."""
    name = f"sacrebleu.{submodule}" if submodule else "sacrebleu"
    return load(name, need="scoring translations", extra="bench")


def mecab_tokenizer() -> Callable[[str], list[str]]:
    """MeCab with IPADIC, as sacrebleu's `ja-mecab` uses it."""
    for name in ("MeCab", "ipadic"):
        load(name, need="tokens of Japanese", extra="bench")
    cut = sacrebleu("tokenizers.tokenizer_ja_mecab").TokenizerJaMecab()
    return lambda text: str(cut(text)).split()


def pyplot() -> Any:
    """Pyplot of matplotlib with the file-only backend (no display is needed)."""
    load("matplotlib", need="a chart", extra="bench").use("Agg")
    return load("matplotlib.pyplot", need="a chart", extra="bench")
