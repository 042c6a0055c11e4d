from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.documents import from_bytes
from kakehashi.documents.base import Segment
from kakehashi.errors import InputError
from kakehashi.language.proofread import Options, apply_fixes, proofread, proofread_text
from tests.language.helpers import marked


def rules(text: str, **options: object) -> list[tuple[str, str]]:
    found = proofread_text(text, Options(**options))  # type: ignore[arg-type]
    return [(one.rule, one.text) for one in found]


NOTICE = (
    "　いつもお世話なっております。総務課の山田です。\n"
    "\n"
    "説明会は令和6年4月15日(火)に開きます。資料を\n"
    "ご覧になられましたら、ご連絡くだい。ﾃﾞｰﾀは\n"
    "サーバーにあります。サーバの停止は10月、費用は３０円です。サーバーは二台です。\n"
)


def test_places_are_those_of_the_document() -> None:
    found = proofread_text(NOTICE)
    lines = NOTICE.split("\n")
    assert len(found) >= 7
    for one in found:
        line, column = (int(part.split()[1]) for part in one.where.split(", "))
        if "\n" not in one.text:
            assert lines[line - 1][column - 1 :].startswith(one.text)
    assert ("wrong-weekday", "火") in [(one.rule, one.text) for one in found]


def test_a_sentence_over_a_line_break_is_read_as_one() -> None:
    text = (
        "昭和三十年ごろに撮られた市内の写真は、中央図書館の二階にある窓口の画面で見\n"
        "れますので、ご覧になりたい方は、開館している時間に身分証を持ってお越しくださ\n"
        "い。写しは一枚十円です。"
    )
    found = proofread_text(text, Options(only=["ra-nuki"]))
    assert [(one.text, one.safe) for one in found] == [("見\nれ", False)]


def test_fixes_are_written_and_the_rest_is_kept() -> None:
    document = from_bytes(NOTICE.encode(), "txt")
    found = proofread(document.segments)
    done = apply_fixes(document, found)
    assert document.render().decode() == (
        "　いつもお世話になっております。総務課の山田です。\n"
        "\n"
        "説明会は令和6年4月15日(火)に開きます。資料を\n"
        "ご覧になりましたら、ご連絡ください。データは\n"
        "サーバーにあります。サーバーの停止は10月、費用は30円です。サーバーは二台です。\n"
    )
    assert "wrong-weekday" not in {one.rule for one in done}  # the date may be the slip


def test_fixes_keep_bold_on_its_word() -> None:
    source = (
        "# 案内\n\nこの**シュミレーション**は、[無料で見れます](https://example.org/見れます)。\n"
    )
    document = from_bytes(source.encode(), "md")
    apply_fixes(document, proofread(document.segments))
    assert document.render().decode() == source.replace("シュミ", "シミュ").replace(
        "無料で見れ", "無料で見られ"
    )


def test_code_and_addresses_are_left_alone() -> None:
    source = "`サーバ` と `ﾃﾞｰﾀ` を使う。サーバーを使う。サーバーを見る。\n"
    document = from_bytes(source.encode(), "md")
    found = proofread(document.segments, Options(skip=["digit-width"]))
    assert [one.text for one in found] == []


def test_headings_cells_and_lists_have_no_style() -> None:
    source = (
        "# 市の計画である。\n\n受付は一階です。費用は無料です。\n\n"
        "| 項目 | 内容 |\n| --- | --- |\n| 期間 | 五年とする。 |\n"
    )
    document = from_bytes(source.encode(), "md")
    assert proofread(document.segments, Options(only=["mixed-style"])) == []


def test_a_speech_of_several_paragraphs_is_a_quotation() -> None:
    text = "市長は述べた。\n\n「来年も続けます。\n\n予算は増えます。\n\n皆様に感謝します」\n\n計画は変わらない。"
    assert rules(text, only=["mixed-style"]) == []
    assert rules(text.replace("「", "").replace("」", "。"), only=["mixed-style"]) != []


def test_the_style_can_be_said() -> None:
    text = "受付は一階です。費用は無料です。"
    assert rules(text) == []
    found = proofread_text(text, Options(style="plain"))
    assert [(one.text, one.suggestion) for one in found] == [("です", "である"), ("です", "である")]


def test_official_rules_are_applied_when_they_are_asked_for() -> None:
    text = "窓口で申請して下さい。"
    assert rules(text) == []
    assert rules(text, official=True) == [("official-auxiliary", "下さ")]


def test_only_and_skip() -> None:
    text = "ﾃﾞｰﾀは無料で見れます。"
    assert {rule for rule, _ in rules(text)} == {"half-width-kana", "ra-nuki"}
    assert rules(text, only=["ra-nuki"]) == [("ra-nuki", "見れ")]
    assert rules(text, skip=["ra-nuki"]) == [("half-width-kana", "ﾃﾞｰﾀ")]


@pytest.mark.parametrize("options", [{"only": ["no-such"]}, {"skip": ["ra"]}, {"style": "rude"}])
def test_what_does_not_exist_is_said(options: dict[str, object]) -> None:
    with pytest.raises(InputError) as error:
        rules("見れます。", **options)
    assert error.value.hint


def test_english_and_empty_text_have_no_findings() -> None:
    assert rules("The library is closed on Mondays (see below. It is..") == [
        ("unbalanced-bracket", "(")
    ]
    assert rules("") == []
    assert proofread([]) == []


WORDS = st.sampled_from(
    [
        "見れます", "お世話なっております", "サーバ", "サーバー", "。", "、", "、、", "「", "」", "（", ")",
        "ﾃﾞｰﾀ", "10", "１０", "です", "だ", "\n", "\n\n", "　", "令和6年2月30日", "4月15日(火)", "くだい。",
        "🙂", "か\u3099", "ﾞ", "を", "が", "abc", "ＡＢＣ", "\ud7ff", "②", "食べ", "れる", "行なう", "行う",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=30).map("".join), st.booleans())
def test_any_text_is_read_and_fixes_fit(text: str, official: bool) -> None:
    segments = [Segment(0, text, "line 1")]
    found = proofread(segments, Options(official=official))
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert [(one.start, one.end) for one in found] == sorted((one.start, one.end) for one in found)


def test_marks_are_moved_with_the_text() -> None:
    segment = marked("この*シュミレーション*は|無料で*見れ*ます。")

    class One:
        segments = (segment,)
        new = ""
        marks: tuple[object, ...] = ()

        def replace(self, segment_id: int, text: str, marks: tuple[object, ...] = ()) -> None:
            self.new, self.marks = text, marks

    document = One()
    apply_fixes(document, proofread([segment]))  # type: ignore[arg-type]
    assert document.new == "このシミュレーションは無料で見られます。"
    spans = [document.new[m.start : m.end] for m in document.marks]  # type: ignore[attr-defined]
    assert spans == ["シミュレーション", "", "見られ"]
