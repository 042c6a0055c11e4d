from __future__ import annotations

import pytest

from kakehashi.bench.datasets import ParallelSet
from kakehashi.bench.metrics import (
    copied_numbers,
    failure_rates,
    has_loop,
    is_wrong_language,
    paired,
    score,
)
from kakehashi.bench.rouge import english_tokens, lcs_f1, ngram_f1, rouge, tokenizer

SOURCES = ("The shop opens at 9.", "It costs 1,200 yen.", "Please wait here.", "Thank you.")
REFERENCES = (
    "店は9時に開きます。",
    "1,200円かかります。",
    "ここでお待ちください。",
    "ありがとう。",
)
DATA = ParallelSet("own", "en-ja", SOURCES, REFERENCES)


def test_the_reference_scores_a_hundred() -> None:
    scores = score(REFERENCES, DATA)
    assert scores.chrf.value == pytest.approx(100)
    assert scores.bleu.value == pytest.approx(100)
    assert scores.failures.number_copy == 1.0
    assert scores.chrf.low is None, "four segments are too few for a bootstrap"
    assert "tok:ja-mecab" in scores.bleu.signature


def test_figures_are_those_of_sacrebleu_itself() -> None:
    hypotheses = [
        "店は九時に開く。",
        "それは1,200円です。",
        "ここで待って。",
        "ありがとうございます。",
    ]
    scores = score(hypotheses, DATA)
    # `sacrebleu REFERENCES -i HYPOTHESES -m chrf bleu -l en-ja -w 4`, version 2.6.0.
    assert scores.chrf.value == pytest.approx(28.982, abs=0.001)
    assert scores.bleu.value == pytest.approx(21.0224, abs=0.0001)


def test_enough_segments_have_an_interval_and_a_paired_test() -> None:
    data = ParallelSet("own", "ja-en", REFERENCES * 15, SOURCES * 15)
    good = list(data.references)
    bad = ["The shop is closed."] * len(good)
    scores = score(bad, data)
    assert scores.chrf.low is not None
    assert scores.chrf.high is not None
    assert scores.chrf.low <= scores.chrf.value <= scores.chrf.high
    assert "tok:13a" in scores.bleu.signature
    test = paired(bad, good, data)
    assert test["chrf"]["difference"] == pytest.approx(100 - scores.chrf.value)
    assert test["bleu"]["p_value"] < 0.05
    assert paired(bad[:5], good[:5], data.first(5)) == {}


def test_failures_are_counted_by_segment() -> None:
    hypotheses = ["", "It costs 1,300 yen.", "ここでお待ち" * 6, "ありがとう。"]
    rates = failure_rates(hypotheses, DATA)
    assert (rates.empty, rates.wrong_language, rates.repetition) == (0.25, 0.25, 0.25)
    assert (rates.number_copy, rates.numbers) == (0.0, 2)


@pytest.mark.parametrize(
    "text",
    [
        "両国が協議を終えるまで、両国が協議を終えるまで、両国が協議を終えるまで、両国が協議を終えるまで、",
        "We wait for the bus to wait for the bus to wait for the bus to wait for the bus to go",
        "2019年1月、2019年1月、2019年1月、2019年1月、",
        "ああああああああああ",
    ],
)
def test_loops_are_seen(text: str) -> None:
    assert has_loop(text)


@pytest.mark.parametrize(
    "text",
    [
        "ええーーーーーーーーーーっ！！！！！！",
        "目次................................12",
        "─────────────────────",
        "はいはい、わかりました。ははは、もっともっと食べて。",
        "10,000,000,000円と0.000000001の差",
        "He had had enough; that that was so is so.",
    ],
)
def test_what_repeats_in_good_text_is_no_loop(text: str) -> None:
    assert not has_loop(text)


@pytest.mark.parametrize(
    ("hypothesis", "reference", "target", "wrong"),
    [
        ("The library is closed.", "図書館は休みです。", "ja", True),
        ("ﾄｼｮｶﾝ", "図書館", "ja", False),
        ("図書館はclosedです", "図書館は休みです。", "ja", False),
        ("iPhone 15 Pro", "iPhone 15 Pro", "ja", False),
        ("図書館は休みです。", "The library is closed.", "en", True),
        ("The Nikkei (日経) fell.", "The Nikkei fell.", "en", False),
        ("12.5%", "12.5%", "ja", False),
        ("", "図書館", "ja", False),
    ],
)
def test_wrong_language(hypothesis: str, reference: str, target: str, wrong: bool) -> None:
    assert is_wrong_language(hypothesis, reference, target) is wrong


def test_numbers_count_only_if_the_reference_has_them_too() -> None:
    source, reference = "Room 7 closes at 15:40.", "部屋は１５時４０分に閉まる。"
    assert copied_numbers(source, "部屋は15時40分に閉まる", reference) == (2, 2)
    assert copied_numbers(source, "7号室は15:30に閉まる", reference) == (2, 1)
    assert copied_numbers("2.9 billion yen", "29億円", "29億円") == (1, 1)
    assert copied_numbers("No digits here.", "なし", "なし") == (0, 0)


def test_rouge_by_hand() -> None:
    # Lin (2004), section 3: S1 "police killed the gunman", S2 "police kill the gunman",
    # S3 "the gunman kill police": ROUGE-L is 3/4 and 2/4.
    first = ["police", "killed", "the", "gunman"]
    assert lcs_f1(["police", "kill", "the", "gunman"], first) == pytest.approx(3 / 4)
    assert lcs_f1(["the", "gunman", "kill", "police"], first) == pytest.approx(2 / 4)
    assert ngram_f1(["police", "kill", "the", "gunman"], first, 2) == pytest.approx(1 / 3)
    # Clipped: "the" counts once, although it is said twice.
    assert ngram_f1(["the", "the"], ["the", "cat", "sat"], 1) == pytest.approx(2 / 5)
    assert ngram_f1([], ["a"], 1) == lcs_f1([], ["a"]) == 0
    assert ngram_f1(["a"], ["a"], 2) == 0


def test_rouge_reads_japanese() -> None:
    tokens = tokenizer("ja")
    assert tokens("図書館は休みです。") == ["図書館", "は", "休み", "です", "。"]
    same = rouge(["図書館は休みです。"], ["図書館は休みです。"], tokens)
    assert (same.rouge_1, same.rouge_2, same.rouge_l, same.count) == (100, 100, 100, 1)
    half = rouge(["図書館は休みです。", ""], ["図書館は休みです。", "市役所"], tokens)
    assert half.rouge_1 == 50


def test_english_tokens_are_lower_case_words_and_digits() -> None:
    assert english_tokens("The U.S. paid $3.5m — don't!") == [
        "the",
        "u",
        "s",
        "paid",
        "3",
        "5m",
        "don",
        "t",
    ]
