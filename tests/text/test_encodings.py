from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import EncodingError
from kakehashi.text import decode

LETTER = (
    "東京都は、令和６年４月の予算案を発表しました。\r\n詳しくはホームページをご覧ください。\r\n"
)


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (LETTER, "utf-8", "utf-8"),
        (LETTER, "cp932", "cp932"),
        (LETTER, "euc_jp", "euc_jp"),
        (LETTER, "iso2022_jp", "iso2022_jp"),
        (LETTER, "utf-16-le", "utf-16-le"),
        (LETTER, "utf-16-be", "utf-16-be"),
        ("plain ASCII\n", "ascii", "utf-8"),
        ("氏名,ﾌﾘｶﾞﾅ\n山田太郎,ﾔﾏﾀﾞﾀﾛｳ\n", "cp932", "cp932"),
        ("ﾄｳｷｮｳﾄ ﾁﾖﾀﾞｸ", "cp932", "cp932"),
        ("ｱｲｳｴｵｶ", "cp932", "cp932"),
        ("髙橋㈱　①～③", "cp932", "cp932"),
        ("会議録", "cp932", "cp932"),
        ("会議録", "euc_jp", "euc_jp"),
        ("カタカナ", "euc_jp", "euc_jp"),
        ("It’s a “test” – café, 5 €.", "cp1252", "cp1252"),
    ],
)
def test_encodings_are_told_apart(text: str, codec: str, encoding: str) -> None:
    data = text.encode(codec)
    done = decode(data)
    assert (done.text, done.encoding, done.bom) == (text, encoding, False)
    assert done.encode() == data
    assert text.encode(done.encoding) == data


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_kept(mark: bytes, encoding: str) -> None:
    data = mark + LETTER.encode(encoding)
    done = decode(data)
    assert (done.text, done.encoding, done.bom, done.newline) == (LETTER, encoding, True, "\r\n")
    assert done.encode() == data
    assert done.encode("訳") == mark + "訳".encode(encoding)


@pytest.mark.parametrize(
    ("data", "newline"),
    [(b"", "\n"), (b"a\nb\r\nc\n", "\n"), (b"a\rb\r", "\r"), (b"a\r\n", "\r\n")],
)
def test_newline(data: bytes, newline: str) -> None:
    assert decode(data).newline == newline


def test_duplicates_of_cp932_are_written_back_as_they_were() -> None:
    data = "記号の∵について書きます。".encode("cp932").replace(b"\x81\xe6", b"\x87\x9a")
    done = decode(data)
    assert done.text == "記号の∵について書きます。"
    assert not done.exact
    assert done.encode() == data


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "docx"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (bytes(range(256)), "binary"),
        (b"text\x01more", "control character"),
        ("日本語のテキスト".encode()[:-1], "UTF-8 but damaged"),
        ("日本語\n日本語のテキスト\n".encode() + b"\xff", "UTF-8 but damaged"),
        (b"\xff\xfe\x00", "byte order mark"),
        (b"\x1b$B\x30", "ISO-2022-JP"),
        ("你好，我们是中国人。今天的天气很好。".encode("gb18030"), "Chinese"),
        ("안녕하세요. 오늘은 날씨가 좋은 날이다.".encode("euc_kr"), "Korean"),
    ],
)
def test_what_is_not_read_is_refused_with_a_reason(data: bytes, what: str) -> None:
    with pytest.raises(EncodingError, match=what) as caught:
        decode(data)
    assert caught.value.hint


def test_the_place_of_the_damage_is_named() -> None:
    with pytest.raises(EncodingError) as caught:
        decode("一行目です\n二行目です".encode() + b"\xff")
    assert caught.value.where.startswith("line 2")


def test_a_character_the_encoding_lacks_is_named() -> None:
    with pytest.raises(EncodingError, match=r"U\+1F600"):
        decode(LETTER.encode("cp932")).encode("😀")


LETTERS = "のはをにがでとした。、私東京都市役所年月日会社語本人大学国ーアイスルトン「」１２abc \n"
japanese = st.text(st.sampled_from(LETTERS), min_size=12, max_size=60).map("これは".__add__)


@settings(max_examples=150, deadline=None)
@given(japanese, st.sampled_from(["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le"]))
def test_round_trip(text: str, codec: str) -> None:
    data = text.encode(codec)
    done = decode(data)
    assert done.text == text
    assert done.encode() == data


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40) | japanese.map(lambda text: text.encode("cp932")[1:]))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        done = decode(data)
    except EncodingError:
        return
    assert done.encode() == data
