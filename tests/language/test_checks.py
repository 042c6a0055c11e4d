from __future__ import annotations

import random
import re

import pytest

from kakehashi.language.checks import check
from kakehashi.language.results import Language
from tests.language.pairs import HAND, generated

PAIRS = HAND + generated(200 - len(HAND))


def codes(source: str, target: str, to: Language) -> set[str]:
    return {found.code for found in check(source, target, to) if found.severity != "low"}


def both_ways() -> list[tuple[str, str, Language]]:
    return [(en, ja, "ja") for en, ja in PAIRS] + [(ja, en, "en") for en, ja in PAIRS]


def test_good_translations_are_flagged_in_at_most_one_of_twenty() -> None:
    flagged = [
        (source, target, check(source, target, to))
        for source, target, to in both_ways()
        if codes(source, target, to)
    ]
    assert len(flagged) <= 0.05 * len(both_ways()), flagged


def _other_number(text: str, dice: random.Random) -> str:
    spots = [match for match in re.finditer(r"\d+", text)]
    spot = dice.choice(spots)
    digits = spot.group()
    new = digits[:-1] + str((int(digits[-1]) + dice.randint(1, 8)) % 10)
    new = new if int(new) else "7"
    return text[: spot.start()] + new + text[spot.end() :]


def test_every_changed_number_is_flagged() -> None:
    dice = random.Random(7)
    missed = []
    for source, target, to in both_ways():
        if not re.search(r"\d", target) or "http" in target or "令和" in target + source:
            continue
        broken = _other_number(target, dice)
        if not codes(source, broken, to) & {
            "number-missing",
            "number-extra",
            "date-changed",
            "name-missing",
        }:
            missed.append((source, broken))
    assert not missed


def test_every_untranslated_sentence_is_flagged() -> None:
    missed = [
        source
        for source, _, to in both_ways()
        if not codes(source, source, to) & {"untranslated", "wrong-language"}
    ]
    assert not missed


def test_every_loop_is_flagged() -> None:
    dice = random.Random(3)
    missed = []
    for source, target, to in both_ways():
        start = dice.randrange(max(1, len(target) - 8))
        unit = target[start : start + dice.randint(3, 12)]
        if not any(char.isalpha() for char in unit):
            continue
        looped = target + unit * 8
        if "loop" not in codes(source, looped, to):
            missed.append((source, looped))
    assert not missed


def test_a_sentence_said_again_and_again_is_a_loop() -> None:
    source = "The office is closed today."
    target = "本日は閉庁です。" * 6
    assert "loop" in codes(source, target, "ja")


@pytest.mark.parametrize(
    ("source", "target", "to", "code"),
    [
        ("The office is closed.", "", "ja", "empty"),
        ("The office is closed.", " 。 ", "ja", "empty"),
        ("The office is closed.", "L'ufficio è chiuso oggi.", "ja", "wrong-language"),
        ("The office is closed.", "Офис сегодня закрыт.", "ja", "wrong-language"),
        ("役所は閉まっています。", "关闭的办公室今天不开放。", "en", "wrong-language"),
        ("役所は閉まっています。", "役所は閉まっています。", "en", "untranslated"),
        ("役所は今日閉まっています。", "The 役所 is closed today.", "en", "leftover"),
        (
            "The office is closed because of heavy snow in the area.",
            "役所は because of heavy snow in the area 閉まっています。",
            "ja",
            "leftover",
        ),
        (
            "Yes.",
            "はい、承知いたしました。それでは明日の午前中にお伺いいたします。",
            "ja",
            "too-long",
        ),
        (
            "The committee met on Tuesday to discuss how the money from the sale should be used.",
            "会議。",
            "ja",
            "too-short",
        ),
        ("It costs 2.9 billion yen.", "費用は29万円です。", "ja", "number-missing"),
        ("３月から始まります。", "It starts in April.", "en", "number-missing"),
        ("Write to a@example.org.", "メールをお送りください。", "ja", "name-missing"),
        ("NHKが報じた。", "It was reported.", "en", "name-missing"),
        ("The store sells phones.", "その店はGalaxyを売っている。", "ja", "name-extra"),
    ],
)
def test_each_check(source: str, target: str, to: Language, code: str) -> None:
    assert code in codes(source, target, to)


@pytest.mark.parametrize(
    ("source", "target", "to"),
    [
        ("Google", "Google", "ja"),
        ("ｶﾀｶﾅで書いてください。", "Please write it in katakana.", "en"),
        ("Wi-Fi is free.", "Wi-Fiは無料です。", "ja"),
        ("wwwww", "LOL", "en"),
        ("あああああああああああ！", "Aaaaaaaaaaah!", "en"),
    ],
)
def test_what_only_looks_wrong_is_not_flagged_high(source: str, target: str, to: Language) -> None:
    assert not [found for found in check(source, target, to) if found.severity == "high"]


def test_a_generation_that_was_cut_is_flagged() -> None:
    found = check("It is open.", "それは開いている", "ja", stop_reason="length")
    assert [one.code for one in found] == ["cut-off"]
