from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.text import split, unwrap

CASES: list[tuple[str, list[str]]] = [
    # quotations and brackets with sentences inside
    (
        "彼は「行く。すぐ行く。」と言った。次は私だ。",
        ["彼は「行く。すぐ行く。」と言った。", "次は私だ。"],
    ),
    (
        "「もう帰ろうか。雨が降りそうだ。」祖父は立ち上がった。",
        ["「もう帰ろうか。雨が降りそうだ。」", "祖父は立ち上がった。"],
    ),
    (
        "『吾が町史。上巻』を読んだ。「え？　本当？」と聞いた。",
        ["『吾が町史。上巻』を読んだ。", "「え？　本当？」と聞いた。"],
    ),
    (
        "窓口は休みです（土曜日は開いています。）。ご注意ください。",
        ["窓口は休みです（土曜日は開いています。）。", "ご注意ください。"],
    ),
    ("本日は休みです。（明日は開きます。）以上です。",
     ["本日は休みです。", "（明日は開きます。）", "以上です。"]),
    ("閉じない「かぎ。そのまま。", ["閉じない「かぎ。", "そのまま。"]),
    # marks of both widths
    ("本当！？すごい‼次は⁉はい。", ["本当！？", "すごい‼", "次は⁉", "はい。"]),
    ("すごい!次です?はい", ["すごい!", "次です?", "はい"]),
    ("行くか？と聞かれた。", ["行くか？と聞かれた。"]),
    ("えっと…それは……。そう…　でも", ["えっと…それは……。", "そう…　", "でも"]),
    ("ﾃｽﾄﾃﾞｽ｡ｵﾜﾘ｡", ["ﾃｽﾄﾃﾞｽ｡", "ｵﾜﾘ｡"]),
    ("値は３．１４である．次に，Ｆｉｇ．２を示す．",
     ["値は３．１４である．", "次に，Ｆｉｇ．２を示す．"]),
    ("楽しかったです。（笑）また行きます。", ["楽しかったです。（笑）", "また行きます。"]),
    ("Yahoo!ニュースで見た。", ["Yahoo!ニュースで見た。"]),
    # decimal points, abbreviations, addresses
    (
        "Mr. Sato paid $3.50 for No. 3. He left at 5 p.m. yesterday.",
        ["Mr. Sato paid $3.50 for No. 3. ", "He left at 5 p.m. yesterday."],
    ),
    (
        "She lives in the U.S. and works for Acme Inc. in Ohio. It is far.",
        ["She lives in the U.S. and works for Acme Inc. in Ohio. ", "It is far."],
    ),
    ("They moved to the U.S. The house was small.",
     ["They moved to the U.S. ", "The house was small."]),
    ("Use fruit, e.g. Fuji apples. J. R. Smith agreed.",
     ["Use fruit, e.g. Fuji apples. ", "J. R. Smith agreed."]),
    (
        "詳しくはhttps://example.jp/a?b=1.5&c!dをご覧ください。info@example.jp.まで。",
        ["詳しくはhttps://example.jp/a?b=1.5&c!dをご覧ください。", "info@example.jp.まで。"],
    ),
    ("See https://example.com/a.b?c=d. Then stop.",
     ["See https://example.com/a.b?c=d. ", "Then stop."]),
    ("Node.jsは速い。Dr.コトーは医者。", ["Node.jsは速い。", "Dr.コトーは医者。"]),
    ('"Really?" he asked. "Yes!" Mary said.', ['"Really?" he asked. ', '"Yes!" Mary said.']),
    ("Well... maybe. Wait... What?", ["Well... maybe. ", "Wait... ", "What?"]),
    # mixed languages
    ("Thank you.ありがとう。See you!またね。",
     ["Thank you.", "ありがとう。", "See you!", "またね。"]),
    ("This is a pen. これはペンです。 OK?", ["This is a pen. ", "これはペンです。 ", "OK?"]),
    # lists, headings, blank lines
    (
        "持ち物\n・印鑑\n・本人確認書類（運転免許証など）\n● 手数料\n① 申請書\n",
        ["持ち物\n", "・印鑑\n", "・本人確認書類（運転免許証など）\n", "● 手数料\n", "① 申請書\n"],
    ),
    (
        "# Setup\nInstall it. Run it.\n\n- one\n- two\n1. First thing\n2) Second thing",
        ["# Setup\n", "Install it. ", "Run it.\n\n", "- one\n", "- two\n", "1. First thing\n",
         "2) Second thing"],
    ),
    ("第1章　はじめに\nこの章では概要を述べる。",
     ["第1章　はじめに\n", "この章では概要を述べる。"]),
    ("お知らせ\n明日は休館です。\n　次の段落です。",
     ["お知らせ\n", "明日は休館です。\n　", "次の段落です。"]),
    ("日時：４月５日\n場所：第二会議室\n", ["日時：４月５日\n", "場所：第二会議室\n"]),
    ("\n\n　最初。\r\n\r\n次。", ["\n\n　最初。\r\n\r\n", "次。"]),
    ("句点のない行", ["句点のない行"]),
    ("", []),
    (" \n", [" \n"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pieces"), CASES)
def test_pieces(text: str, pieces: list[str]) -> None:
    # Indentation before a paragraph is white space after the sentence before it.
    assert [p.strip() for p in split(text)] == [p.strip() for p in pieces]
    assert "".join(split(text)) == text


WRAPPED = [
    "市では、窓口の混雑を緩和するため、来月１日から住民票の写しなどの交付について、\n"
    "予約制を導入することといたしました。",
    "The committee said on Monday that the new library would open its doors to the public\n"
    "in the spring, although the reading room on the second floor is still being\n"
    "painted.",
    "今日は天気が\nいいです。",
    "先日ご依頼いただきました件について\nご連絡いたします。",
    "新しいコンピュ\nーターを買いました。",
    "I don't know what\nyou're talking about.",
    "I never thought\nI'd see you again.",
    "- Bring a pen and\n  a notebook",
    "The award was given by Mr.\nTanaka in the old town hall.",
    "彼は「明日行く」\nと言った。",
]


@pytest.mark.parametrize("text", WRAPPED)
def test_a_wrapped_sentence_is_one_piece(text: str) -> None:
    assert split(text) == [text]


def test_the_body_below_an_item_is_not_its_title() -> None:
    text = "（１）申込方法\n　　電話または窓口で。\n（２）費用\n　　無料です。"
    assert [piece.strip() for piece in split(text)] == [
        "（１）申込方法",
        "電話または窓口で。",
        "（２）費用",
        "無料です。",
    ]


def test_an_item_goes_on_in_its_indented_line() -> None:
    text = "・受付時間は平日の午前九時から午後五時までで、\n　祝日を除きます\n・電話でも可"
    assert split(text) == [
        "・受付時間は平日の午前九時から午後五時までで、\n　祝日を除きます\n",
        "・電話でも可",
    ]


VERSE = [
    "山の上\nひとり見上げる\n冬の月",
    "カゼニモマケズ歩キ\nアメニモマケズ進ミ\nユキノ朝モ畑ニ立チ",
    "The sea was grey and wide that night,\nAnd no one saw the lantern's light,\n"
    "The wind had nothing left to say,\nSo we went home another way",
    "apples\nmilk\nbread",
]


@pytest.mark.parametrize("text", VERSE)
def test_lines_of_verse_stay_apart(text: str) -> None:
    assert split(text) == text.splitlines(keepends=True)


def test_a_long_speech_in_one_bracket_is_cut() -> None:
    speech = "「" + "本日はお集まりいただき、ありがとうございます。" * 15 + "」"
    assert len(split(speech)) == 15


@pytest.mark.parametrize(
    ("piece", "language", "line"),
    [
        ("窓口は九時に\n開きます。\n", "ja", "窓口は九時に開きます。"),
        ("私はMicrosoft\nExcelを\n使います。", "ja", "私はMicrosoft Excelを使います。"),
        ("The library opens\n  in spring.\r\n", "en", "The library opens in spring."),
        ("a transla-\ntion of well-\nknown texts", "en", "a translation of well-known texts"),
        ("inter-\nnational 2020-\n2021", "en", "international 2020- 2021"),
        ("soft\u00ad\nware", "en", "software"),
    ],
)
def test_unwrap(piece: str, language: str, line: str) -> None:
    assert unwrap(piece, language) == line


FRAGMENTS = (
    "。 ！ ？ 「 」 （ ） … . ! ? , 、 ・ - 1. ① \n \r\n \r \u3000 \u2028 \x0c Mr. U.S. e.g. No. "
    "3.14 東京 です は を の And the Smith https://a.jp/?x=1. me@a.jp # > | \t \" ' * ｡ ． ‼ (笑)"
)
texts = st.lists(
    st.sampled_from(FRAGMENTS.split(" ")) | st.just(" ") | st.text(max_size=3), max_size=30
).map("".join)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from([None, "ja", "en"]))
def test_the_pieces_give_the_text_back(text: str, language: str | None) -> None:
    pieces = split(text, language)
    assert "".join(pieces) == text
    assert all(pieces)
    if text.strip():
        assert all(piece.strip() for piece in pieces)


@settings(max_examples=100, deadline=None)
@given(texts, st.sampled_from(["ja", "en"]))
def test_unwrapped_text_has_no_line_break(text: str, language: str) -> None:
    assert not set(unwrap(text, language)) & set("\n\r\u2028\x0c")


@pytest.mark.parametrize("unit", ["a", "「", '"', "あ\n", "。", "a@", "…", ">", "(", ". "])
def test_a_very_long_line_is_split(unit: str) -> None:
    """A line of 60,000 characters: the work stays linear, or this test would not end."""
    text = unit * (60_000 // len(unit))
    assert "".join(split(text)) == text
