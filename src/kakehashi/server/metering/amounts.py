"""Amounts and what they cost."""

from __future__ import annotations

from dataclasses import dataclass

from kakehashi.engine.base import Usage
from kakehashi.server.metering.models import Measure
from kakehashi.server.metering.store import PriceRow


@dataclass(frozen=True, slots=True)
class Amounts:
    """Tokens as the engine counts them, characters of the source (code points).

    `prompt_tokens` includes `cached_tokens`.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    characters: int = 0

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def micro_yen(self, price: PriceRow | None) -> int:
        """What this costs; 0 without a price."""
        if price is None:
            return 0
        return (
            (self.prompt_tokens - self.cached_tokens) * price.yen_per_million_prompt
            + self.cached_tokens * price.yen_per_million_cached
            + self.completion_tokens * price.yen_per_million_completion
            + self.characters * price.yen_per_million_characters
        )


def amounts_of(usage: Usage, characters: int) -> Amounts:
    """The amounts of an engine's usage."""
    return Amounts(usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens, characters)


def share(measure: str, *, requests: int, tokens: int, characters: int, micro_yen: int) -> int:
    """How much of these counts for a limit of `measure`."""
    counts = {
        Measure.REQUESTS: requests,
        Measure.TOKENS: tokens,
        Measure.CHARACTERS: characters,
        Measure.MICRO_YEN: micro_yen,
    }
    return counts.get(Measure(measure), 0)
