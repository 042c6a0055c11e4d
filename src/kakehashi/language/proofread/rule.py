"""A rule: a small function with an id, a severity and examples that are its tests.

A rule gets the whole view and yields hits. What is said about them stands in `catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kakehashi.language.proofread.finding import Severity
from kakehashi.language.proofread.view import Hit, View

Find = Callable[[View], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Example:
    r"""A text with something to be found: `found` in it, and the suggestion for it.

    Paragraphs are separated by a blank line ("\n\n"), as in a plain text.
    """

    text: str
    found: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: stable name, also the key of its wording in `catalogue.REASONS`.
        severity: of its findings.
        find: yields what it finds.
        safe: its suggestions cannot change what the text says.
        official: only applied when the rules of official writing are asked for.
        bad: texts in which it must find something.
        good: texts in which it must find nothing, most of them near misses.
    """

    id: str
    severity: Severity
    find: Find
    safe: bool
    official: bool
    bad: tuple[Example, ...]
    good: tuple[str, ...]


RULES: Final[dict[str, Rule]] = {}


def word_list(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one text."""
    return tuple(text.split())


def rule(
    id: str,
    severity: Severity,
    *,
    bad: Sequence[tuple[str, str, str | None]],
    good: Sequence[str],
    safe: bool = False,
    official: bool = False,
) -> Callable[[Find], Find]:
    """Register the decorated function as the rule `id`.

    Raises ValueError for an id that is taken.
    """
    if id in RULES:
        raise ValueError(f"there are two rules called {id}")

    def register(find: Find) -> Find:
        examples = tuple(Example(*one) for one in bad)
        RULES[id] = Rule(id, severity, find, safe, official, examples, tuple(good))
        return find

    return register
