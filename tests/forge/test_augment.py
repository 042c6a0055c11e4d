from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.forge.augment import MOST_CHARACTERS, MOST_JOINED, join, noise
from kakehashi.forge.clean import tidy_japanese

SENTENCES = [(f"Bus {n} stops here.", f"{n}番のバスはここに止まります。") for n in range(400)]


def test_joining_keeps_every_sentence_in_order() -> None:
    joined = list(join(SENTENCES, 0.33, random.Random(1)))
    assert "".join(ja for _, ja in joined) == "".join(ja for _, ja in SENTENCES)
    assert " ".join(en for en, _ in joined) == " ".join(en for en, _ in SENTENCES)
    several = sum(ja.count("。") > 1 for _, ja in joined)
    assert 0.25 < several / len(joined) < 0.6
    assert max(ja.count("。") for _, ja in joined) <= MOST_JOINED


def test_styles_headings_and_long_texts_are_not_joined() -> None:
    pairs = [
        ("It is open.", "開いています。"), ("It is closed.", "閉まっている。"),
        ("Opening hours", "開館時間"), ("It is full.", "満員です。"),
        ("x " * MOST_CHARACTERS, "長い文です。" * (MOST_CHARACTERS // 6)), ("Bye.", "さようなら。"),
    ]  # fmt: skip
    assert list(join(pairs, 1.0, random.Random(0))) == pairs


@pytest.mark.parametrize("share", [0.0, 0.33])
def test_no_wish_no_joining(share: float) -> None:
    assert list(join(SENTENCES[:1], share, random.Random(0))) == SENTENCES[:1]


@given(text=st.text(min_size=1, max_size=60), japanese=st.booleans(), seed=st.integers(0, 99))
def test_noise_never_fails_and_never_empties_a_sentence(
    text: str, japanese: bool, seed: int
) -> None:
    made = noise(text, japanese, random.Random(seed))
    assert made or not text.rstrip("。.")
    assert made.count("\n") <= text.count("\n") + 1


def test_noise_is_what_people_type() -> None:
    text = "カタログは2024年のバス停12番にあります。ご自由にお持ちください。"
    made = {noise(text, True, random.Random(seed)) for seed in range(60)}
    assert any("２０２４" in one for one in made)
    assert any("ｶﾀﾛｸﾞ" in one or "ｶタ" in one or "ｶ" in one for one in made)
    assert any("\n" in one for one in made)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("１２月のＡ４用紙は５０％です。", "12月のA4用紙は50%です。"),
        ("ﾊﾞｽは Azure AD ベースの POS です。", "バスはAzure ADベースのPOSです。"),
        ("（注）本当？　そうです！", "（注）本当？　そうです！"),
    ],
)
def test_tidy_japanese(raw: str, clean: str) -> None:
    assert tidy_japanese(raw) == clean
    assert tidy_japanese(clean) == clean
