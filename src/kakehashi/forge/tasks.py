"""The tasks of the successor and the control tokens that name them.

A control token is one of the base's spare tokens. Its row starts from the words that a base
model already understands ("English:", "Japanese:"), because a row that was never trained
says nothing at first. Training, export and the manifest all take the table from here.
"""

from __future__ import annotations

from dataclasses import dataclass

BOS, EOS = "<bos>", "<eos>"


@dataclass(frozen=True, slots=True)
class ControlToken:
    """A spare token with a meaning; `like` are the words its row is initialised from."""

    token: str
    like: str


FROM_JA = ControlToken("<unused0>", "Japanese:")
FROM_EN = ControlToken("<unused1>", "English:")
TO_JA = ControlToken("<unused2>", "\nJapanese:")
TO_EN = ControlToken("<unused3>", "\nEnglish:")
TO_JA_POLITE = ControlToken("<unused4>", "\nJapanese(です・ます):")
TO_JA_PLAIN = ControlToken("<unused5>", "\nJapanese(だ・である):")
SUM_JA = ControlToken("<unused6>", "\n要約:")
SUM_EN = ControlToken("<unused7>", "\nSummary:")

CONTROL_TOKENS = (
    FROM_JA, FROM_EN, TO_JA, TO_EN, TO_JA_POLITE, TO_JA_PLAIN, SUM_JA, SUM_EN,
)  # fmt: skip

# task → (before the source, after the source); `<bos>` comes first, `<eos>` ends the target.
TASKS: dict[str, tuple[ControlToken, ControlToken]] = {
    "translate:en-ja": (FROM_EN, TO_JA),
    "translate:en-ja:polite": (FROM_EN, TO_JA_POLITE),
    "translate:en-ja:plain": (FROM_EN, TO_JA_PLAIN),
    "translate:ja-en": (FROM_JA, TO_EN),
    "summarise:ja": (FROM_JA, SUM_JA),
    "summarise:en": (FROM_EN, SUM_EN),
}


def manifest_tasks() -> dict[str, dict[str, object]]:
    """The `tasks` of a manifest.

    The limits on length are three times what the training pairs need on average.
    """
    return {
        name: {
            "template": [
                {"control": BOS},
                {"control": before.token},
                {"slot": "source"},
                {"control": after.token},
            ],
            "max_tokens_ratio": 1.0 if name.startswith("summarise") else 2.5,
            "max_tokens_extra": 32,
        }
        for name, (before, after) in TASKS.items()
    }
