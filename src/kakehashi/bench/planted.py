"""Do the product's checks see faults, and do they leave good translations alone?

Good translations are human references of an evaluation set. Into copies of them faults are
planted, by a fixed seed: a number changed, the source left untranslated, a part repeated over
and over. `kakehashi.language.check` then looks at both.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.bench.datasets import ParallelSet
from kakehashi.bench.metrics import japanese_letters
from kakehashi.language.checks import check
from kakehashi.language.results import Language

SEED = 20
FAULTS = ("number", "untranslated", "loop")
_NUMBER = re.compile(r"[0-9](?:[0-9.,]*[0-9])?")


@dataclass(frozen=True, slots=True)
class Planted:
    """A translation with a fault: where it was planted, which fault, and the text."""

    index: int
    fault: str
    text: str


def change_number(source: str, target: str, luck: random.Random) -> str | None:
    """`target` with one digit of one number changed, so that it is nowhere in the source.

    Only a number that stands in the source in the same form is changed; None if there is none.
    """
    theirs = _NUMBER.findall(source)
    places = [match for match in _NUMBER.finditer(target) if match[0] in theirs]
    if not places:
        return None
    place = luck.choice(places)
    digits = [at for at, character in enumerate(place[0]) if character.isdigit()]
    for at in luck.sample(digits, len(digits)):
        for digit in luck.sample("123456789", 9):
            other = place[0][:at] + digit + place[0][at + 1 :]
            if other not in source and other not in target:
                return target[: place.start()] + other + target[place.end() :]
    return None


def loop(target: str, luck: random.Random) -> str | None:
    """`target` whose last part (4 to 12 characters, with a letter) is said eight more times."""
    bare = target.rstrip("。.！!？? \n")
    length = min(luck.randint(4, 12), len(bare))
    part = bare[-length:]
    if length < 4 or not any(character.isalpha() for character in part):
        return None
    return bare + part * 8


def with_fault(fault: str, source: str, target: str, luck: random.Random) -> str | None:
    """`target` with the fault called `fault`; None if this segment cannot have it.

    A source of one or two words, of up to 12 Japanese characters, or without a Japanese letter
    where it should have some, may stand unchanged in a good translation (a name); it is no
    fault to be found.
    """
    if fault == "number":
        return change_number(source, target, luck)
    if fault == "loop":
        return loop(target, luck)
    if japanese_letters(target):
        return source if len(source.split()) > 2 else None
    return source if japanese_letters(source) and len(source) > 12 else None


def plant(data: ParallelSet) -> list[Planted]:
    """One fault for each segment that can take one.

    A number is changed wherever there is one, because only some segments have any and this
    fault is the one a reader overlooks; the other kinds come in turn.
    """
    luck = random.Random(SEED)
    planted: list[Planted] = []
    for index, (source, target) in enumerate(zip(data.sources, data.references, strict=True)):
        turn = ("loop", "untranslated") if index % 2 else ("untranslated", "loop")
        for fault in ("number", *turn):
            text = with_fault(fault, source, target, luck)
            if text is not None:
                planted.append(Planted(index, fault, text))
                break
    return planted


def measure_checks(sets: Sequence[ParallelSet], *, examples: int = 0) -> list[dict[str, Any]]:
    """For each set: the share of planted faults flagged and of good references flagged.

    Returns:
        JSON-ready dictionaries: set, direction, segments, `caught` and `planted` by fault,
        `caught_share`, `false_flag_share`, `false_flags` by code, and up to `examples` texts
        that were missed or flagged wrongly (they are texts of the set: do not publish them).
    """
    results = []
    for data in sets:
        to: Language = "ja" if data.target_language == "ja" else "en"
        planted = {fault: 0 for fault in FAULTS}
        caught = {fault: 0 for fault in FAULTS}
        missed: list[dict[str, str]] = []
        for one in plant(data):
            source = data.sources[one.index]
            planted[one.fault] += 1
            if check(source, one.text, to):
                caught[one.fault] += 1
            else:
                missed.append({"fault": one.fault, "source": source, "target": one.text})
        false: dict[str, int] = {}
        wrong: list[dict[str, str]] = []
        flagged = 0
        for source, target in zip(data.sources, data.references, strict=True):
            flags = check(source, target, to)
            flagged += bool(flags)
            for one_flag in flags:
                false[one_flag.code] = false.get(one_flag.code, 0) + 1
                wrong.append({"flag": str(one_flag), "source": source, "target": target})
        results.append(
            {
                "set": data.name,
                "direction": data.direction,
                "segments": len(data.sources),
                "planted": planted,
                "caught": caught,
                "caught_share": sum(caught.values()) / max(1, sum(planted.values())),
                "false_flag_share": flagged / max(1, len(data.sources)),
                "false_flags": false,
                "missed_examples": missed[:examples],
                "false_flag_examples": wrong[:examples],
            }
        )
    return results
