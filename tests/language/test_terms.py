from __future__ import annotations

import pytest

from kakehashi.language.english_forms import article, forms, plural, verb
from kakehashi.language.japanese_forms import passive, past, renyo
from kakehashi.language.results import Language
from kakehashi.language.terms import Kind, analyse, pattern


def found(term: str, text: str, kind: Kind = "other") -> list[str]:
    language: Language = "en" if text.isascii() or "’" in text else "ja"
    spans = pattern(term, language, kind).spans(analyse(text, language))
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("市長", "市長が挨拶した。", ["市長"]),
        ("市長", "市長選に三人が立つ。", []),
        ("区民", "区民税を払う区民。", ["区民"]),
        ("軸受", "軸受けと軸受を注文する。", ["軸受"]),
        ("住民票の写し", "住民票の写しを三通。", ["住民票の写し"]),
        ("コミュニティバス", "ｺﾐｭﾆﾃｨﾊﾞｽの時刻表", ["ｺﾐｭﾆﾃｨﾊﾞｽ"]),
        ("第２庁舎", "第2庁舎の三階", ["第2庁舎"]),
        ("提出する", "書類を提出しました。", ["提出し"]),
        ("提出する", "書類をご提出ください。", ["提出ください"]),
        ("提出する", "書類の提出を行う。", ["提出"]),
        ("提出する", "提出が遅れた。", []),
        ("引き継ぐ", "妹が店を引き継いだ。誰も引き継がない。", ["引き継い", "引き継が"]),
        ("精算する", "費用は精算できません。", ["精算でき"]),
        ("ウィットフィールド", "ウィットフィールドさんが来た。", ["ウィットフィールド"]),
    ],
)
def test_japanese_terms_stand_on_words(term: str, text: str, expected: list[str]) -> None:
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "kind", "expected"),
    [
        ("care manager", "The care managers left; a Care Manager’s desk.", "noun",
         ["care managers", "Care Manager"]),
        ("check-in", "The check in desk, the check-ins, a checkin.", "noun",
         ["check in", "check-ins"]),
        ("request for approval", "Two requests for approval came.", "noun",
         ["requests for approval"]),
        ("take over", "She took over; it was taken over; taking over.", "verb",
         ["took over", "taken over", "taking over"]),
        ("approve", "The approval was approved by those who approve.", "verb",
         ["approved", "approve"]),
        ("report", "He reported the report.", "noun", ["report"]),
        ("bearing", "two bearings, one bear, bearing", "noun", ["bearings", "bearing"]),
        ("minutes", "Read the minutes for thirty minutes, in a minute.", "noun", ["minutes"]),
        ("WHO", "The WHO asks who it is.", "noun", ["WHO"]),
        ("IT", "IT IS CLOSED", "noun", []),
        ("Mark", "Mark made a mark.", "name", ["Mark"]),
        ("child", "The children and the child", "noun", ["children", "child"]),
        ("R&D", "Our R&D and R & D", "noun", ["R&D", "R & D"]),
        ("ward office", "the ward\noffice", "noun", ["ward\noffice"]),
    ],
)  # fmt: skip
def test_english_terms_by_form(term: str, text: str, kind: Kind, expected: list[str]) -> None:
    assert found(term, text, kind) == expected


def test_the_noun_of_a_verb_counts_in_a_translation_only() -> None:
    text = analyse("市議会は補正予算の承認をした。提出期限。", "ja")
    assert list(pattern("提出する", "ja").spans(text)) == []
    assert len(list(pattern("提出する", "ja").spans(text, loose=True))) == 1
    leave = analyse("育児休業中の職員", "ja")
    assert len(list(pattern("育児休業", "ja").spans(leave, loose=True))) == 1


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("submit", "submitted submitted submitting submits"),
        ("take over", "took over/taken over/taking over/takes over"),
        ("carry", "carried carried carrying carries"),
        ("postpone", "postponed postponed postponing postpones"),
        ("offer", "offered offered offering offers"),
        ("plan", "planned planned planning plans"),
        ("repair", "repaired repaired repairing repairs"),
        ("agree", "agreed agreed agreeing agrees"),
        ("fix", "fixed fixed fixing fixes"),
        ("refer", "referred referred referring refers"),
        ("equip", "equipped equipped equipping equips"),
    ],
)
def test_verbs(base: str, expected: str) -> None:
    wanted = expected.split("/") if "/" in expected else expected.split()
    made = [verb(base, form) for form in ("past", "participle", "ing", "third")]
    assert made == wanted


def test_nouns_and_articles() -> None:
    assert [plural(one) for one in ("city", "bus", "care manager", "day", "batch")] == [
        "cities", "buses", "care managers", "days", "batches",
    ]  # fmt: skip
    said = "hour user MRI USB apple European 8 umbrella one-way uninsured"
    assert " ".join(article(one) for one in said.split()) == "an a an a an a an an a an"
    assert {"approve", "approves", "approved", "approving"} <= forms("approve")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("提出する", "提出し 提出した 提出される"),
        ("引き継ぐ", "引き継ぎ 引き継いだ 引き継がれる"),
        ("取り外す", "取り外し 取り外した 取り外される"),
        ("切り替える", "切り替え 切り替えた 切り替えられる"),
        ("割り当てる", "割り当て 割り当てた 割り当てられる"),
        ("切る", "切り 切った 切られる"),
        ("支払う", "支払い 支払った 支払われる"),
        ("運ぶ", "運び 運んだ 運ばれる"),
    ],
)
def test_japanese_verbs(word: str, expected: str) -> None:
    term = pattern(word, "ja", "verb")
    assert [renyo(term), past(term), passive(term)] == expected.split()
