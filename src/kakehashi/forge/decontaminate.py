"""Keep evaluation sentences out of the training data, and refuse to train on a hit.

Two sentences are the same if their letters and digits are (NFKC, case and everything else left
out). What is compared is every cell of every evaluation file: a translation of a test set's
source is as bad as the source.
"""

from __future__ import annotations

import json
import lzma
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kakehashi.errors import FileMissingError, InputError

# Shorter ones ("はい", "Thank you") are everybody's, and say nothing about a test.
LEAST_JAPANESE, LEAST_LATIN = 8, 16
# Outputs of other systems are neither sources nor references.
_SKIPPED = ("system-outputs", "README")
_WHITE = re.compile(r"\s*")


def key(text: str) -> str:
    """What two copies of a sentence have in common; empty if it is too short to be one's own."""
    bare = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    return bare if len(bare) >= (LEAST_LATIN if bare.isascii() else LEAST_JAPANESE) else ""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _texts(path: Path) -> Iterator[str]:
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8", "replace")
    name = path.name.removesuffix(".xz")
    if name.endswith((".json", ".jsonl")):
        # JSON values one after the other: some sets write lines of JSON under the name .json.
        decoder, at = json.JSONDecoder(), len(text) - len(text.lstrip())
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            yield from _strings(value)
            white = _WHITE.match(text, end)
            at = white.end() if white else end
    else:
        for line in text.split("\n"):
            yield from line.split("\t")


def evaluation_keys(folder: Path) -> frozenset[str]:
    """The keys of all sentences below a folder of evaluation sets (plain or ``.xz``).

    Raises:
        FileMissingError: there is no such folder.
        InputError: it holds no sentence, so that a check against it would say nothing.
    """
    if not folder.is_dir():
        raise FileMissingError("no such folder of evaluation sets", where=str(folder))
    found: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part in str(path) for part in _SKIPPED):
            found.update(map(key, _texts(path)))
    found.discard("")
    if not found:
        raise InputError("no evaluation sentence was found", where=str(folder))
    return frozenset(found)


def check(texts: Iterable[str], evaluation: frozenset[str]) -> int:
    """Compare training texts with evaluation sentences.

    Returns:
        how many texts were compared.

    Raises:
        InputError: a text is an evaluation sentence; the message shows the first ones.
    """
    count = 0
    hits: list[str] = []
    for text in texts:
        count += 1
        if key(text) in evaluation:
            hits.append(text)
    if hits:
        shown = " / ".join(text[:40] for text in hits[:3])
        raise InputError(
            f"{len(hits)} of {count:,} training texts are evaluation sentences: {shown}",
            hint="leave them out of the corpora; a model that saw its test is not measured by it",
        )
    return count
