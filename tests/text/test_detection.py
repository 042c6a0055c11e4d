from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.text import detect

CASES = [
    ("Microsoft Excelの使い方", "ja"),
    ("ｶﾀｶﾅ", "ja"),
    ("コンピューター", "ja"),
    ("東京駅", "ja"),
    ("売上高", "ja"),
    ("会議", "ja"),
    ("令和６年度予算", "ja"),
    ("ＡＢＣ株式会社", "ja"),
    ("foo@example.jp を確認", "ja"),
    ("pip install を実行", "ja"),
    ("英語 (インド): en_IN", "ja"),
    ("No.3の部屋", "ja"),
    ("OK", "en"),
    ("Hello", "en"),
    ("Ｈｅｌｌｏ　ｗｏｒｌｄ", "en"),
    ("I might come tomorrow.", "en"),
    ('"No, no, no, no, no."', "en"),
    ("The word 桜 means cherry blossom.", "en"),
    ('He said "ありがとうございます" to me.', "en"),
    ("The résumé was naïve.", "en"),
    ("Tokyo Tower", "en"),
    ("我们在这里吃饭", "other"),
    ("臺灣大學", "other"),
    ("你好", "other"),
    ("안녕하세요", "other"),
    ("Привет, мир", "other"),
    ("Bonjour à tous, vous allez bien ?", "other"),
    ("Das ist ein Test", "other"),
    ("Watashi wa gakusei desu", "other"),
    ("１２，３４５円", "ja"),
    ("１２％", None),
    ("2024-04-01", None),
    ("。。。――", None),
    ("https://example.jp/path", None),
    ("foo_bar.py", None),
    ("v1.2.3", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "language"), CASES)
def test_language(text: str, language: str | None) -> None:
    assert detect(text).language == language


def test_a_guess_says_so() -> None:
    assert detect("東京").confidence < 0.6 < detect("東京へ行きます。").confidence
    assert detect("Tokyo").confidence < 0.6 < detect("I went to Tokyo with them.").confidence


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    found = detect(text)
    assert found.language in ("ja", "en", "other", None)
    assert 0 <= found.confidence <= 1
