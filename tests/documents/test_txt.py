from __future__ import annotations

import pytest

from kakehashi.documents import Document, from_bytes


def txt(source: str, encoding: str = "utf-8") -> Document:
    return from_bytes(source.encode(encoding), "txt", "a.txt")


def test_paragraphs_keep_their_line_breaks_and_indentation_stays_outside() -> None:
    source = "　予定のとおり、明日の会\n議は中止とし\nます。\n\n  \n-----\n  Second\nparagraph.  \n"
    document = txt(source)
    assert [(s.text, s.place) for s in document.segments] == [
        ("予定のとおり、明日の会\n議は中止とし\nます。", "line 1"),
        ("Second\nparagraph.", "line 7"),
    ]
    document.replace(0, "One\ntwo")
    document.replace(1, "二")
    assert document.render().decode() == "　One\ntwo\n\n  \n-----\n  二  \n"


def test_lines_set_far_apart_are_segments_of_their_own() -> None:
    texts = [s.text for s in txt("            令和6年4月15日\n各位\n          総務課長\n").segments]
    assert texts == ["令和6年4月15日", "各位", "総務課長"]


@pytest.mark.parametrize(
    ("encoding", "new", "expected"),
    [
        ("cp932", "ｶﾅと①と漢字", "cp932"),
        ("cp932", "Café", "utf-8"),
        ("euc_jp", "漢字", "euc_jp"),
        ("utf-8-sig", "Café", "utf-8-sig"),
        ("utf-16", "𠮷野家", "utf-16"),
        ("iso2022_jp", "漢字", "iso2022_jp"),
    ],
)
def test_the_encoding_is_kept_if_all_characters_fit(encoding: str, new: str, expected: str) -> None:
    source = "市役所の停電についてのお知らせです。\r\n\r\n明日の会議は中止になりました。\r\n"
    document = txt(source, encoding)
    document.replace(1, new)
    result = "市役所の停電についてのお知らせです。\r\n\r\n" + new + "\r\n"
    assert document.render() == result.encode(expected)


def test_japanese_in_an_ascii_file_is_utf_8() -> None:
    document = txt("Hello\rthere\r")
    document.replace(0, "二\n行")
    assert document.render() == "二\r行\r".encode()
