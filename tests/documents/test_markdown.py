from __future__ import annotations

import pytest

from kakehashi.documents import Document, Mark, from_bytes


def md(source: str) -> Document:
    return from_bytes(source.encode(), "md", "note.md")


def swap(source: str, *new: str | tuple[str, *tuple[Mark, ...]]) -> str:
    """`source` with its first segments replaced, one after the other."""
    document = md(source)
    for number, one in enumerate(new):
        if isinstance(one, str):
            document.replace(number, one)
        else:
            document.replace(number, one[0], one[1:])
    return document.render().decode()


def test_what_is_translated_and_what_is_not() -> None:
    source = (
        "---\ntitle: My page\nkeywords: a, b\nsummary: 'It''s short'\n---\n"
        "[ref]: /u 'no'\n\n    code\n\n~~~\nfence\n~~~\n\n<p>html</p>\n\n"
        "| a1 | 12 |\n|---|---|\n| `x` | b1 |\n\nimport X from 'y'\n\n{{% alert %}}\n\n2024\n"
    )
    assert [(s.kind, s.text) for s in md(source).segments] == [
        ("title", "My page"),
        ("description", "It's short"),
        ("cell", "a1"),
        ("cell", "b1"),
    ]


@pytest.mark.parametrize(
    ("line", "new", "expected"),
    [
        ("title: Hello", "注意: 重要", 'title: "注意: 重要"'),
        ("title: Hello # note", "こんにちは", "title: こんにちは # note"),
        ("title: 'Hello'", "it's", "title: 'it''s'"),
        ('title: "Hello"', 'a "b" \\', 'title: "a \\"b\\" \\\\"'),
        ("title: Hello", "- x", 'title: "- x"'),
        ("title: Hello", "yes", 'title: "yes"'),
        ("description: >-\n  one\n  two", "一\n二", "description: >-\n  一\n  二"),
    ],
)
def test_front_matter_stays_valid_yaml(line: str, new: str, expected: str) -> None:
    assert swap(f"---\nid: 7\n{line}\nz: 1\n---\ntext\n", new) == (
        f"---\nid: 7\n{expected}\nz: 1\n---\ntext\n"
    )


def test_toml_front_matter() -> None:
    source = '+++\ntitle = "Hello"\ndate = 2024-01-01\n+++\n'
    assert swap(source, 'a "b"') == '+++\ntitle = "a \\"b\\""\ndate = 2024-01-01\n+++\n'


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("1. 一番", "1\\. 一番"),
        ("# 見出し", "\\# 見出し"),
        ("#タグ", "#タグ"),
        ("- 項目", "\\- 項目"),
        ("* 項目", "\\* 項目"),
        ("+ 項目", "\\+ 項目"),
        ("> 引用", "\\> 引用"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("```sh", "\\`\\`\\`sh"),
        ("a*b*c", "a\\*b\\*c"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("snake_case_name", "snake_case_name"),
        ("_x_", "\\_x\\_"),
        ("[注](x)", "\\[注\\](x)"),
        ("<b>", "\\<b>"),
        ("a < b && c", "a < b && c"),
        ("&lt;", "\\&lt;"),
        ("C:\\dir", "C:\\\\dir"),
        ("一行\n\n\n2. 二行", "一行\n2\\. 二行"),
        ("2024年", "2024年"),
    ],
)
def test_text_that_looks_like_markup(new: str, expected: str) -> None:
    assert swap("Hello\n", new) == expected + "\n"


def test_pipe_in_a_cell_and_line_break() -> None:
    source = "| A | B |\n|---|---|\n| C | `a\\|b` D |\n"
    written = swap(source, "あ|い", "う\nえ", "お", ("値 a|b です", Mark(2, 5, 0, True)))
    assert written == "| あ\\|い | う え |\n|---|---|\n| お | 値 `a\\|b` です |\n"


def test_continuation_lines_keep_quote_and_list_indentation() -> None:
    assert swap("> - one\n>   two\n", "一\n二") == "> - 一\n>   二\n"
    assert swap("1. one\n", "一\n# 二") == "1. 一\n   \\# 二\n"


@pytest.mark.parametrize(
    ("source", "new", "expected"),
    [
        # The full stop, brackets and spaces leave the emphasis; Japanese has no spaces there.
        ("A **b** c", ("は「重要」です", Mark(1, 5, 0)), "は「**重要**」です"),
        ("A **b** c", ("は重要。です", Mark(1, 4, 0)), "は**重要**。です"),
        ("A _b_ c", ("は重要です", Mark(1, 3, 0)), "は*重要*です"),
        ("A _b_ c", ("は 重要 です", Mark(2, 4, 0)), "は _重要_ です"),
        ("A **`b`** c", ("はbです", Mark(1, 2, 0), Mark(1, 2, 1, True)), "は **`b`** です"),
        ("A ***b*** c", ("は重要です", Mark(1, 3, 0), Mark(1, 3, 1)), "は***重要***です"),
        ("A **b** c", ("は。です", Mark(1, 2, 0)), "は。です"),
        ("A $n$ b", ("式n2個", Mark(1, 2, 0, True)), "式$n$ 2個"),
        ("A **b** *c*", ("あい", Mark(0, 1, 0), Mark(1, 2, 1)), "**あ** *い*"),
    ],
)
def test_markup_next_to_japanese(
    source: str, new: tuple[str, *tuple[Mark, ...]], expected: str
) -> None:
    assert swap(source, new) == expected


def test_marks_in_another_order_crossing_and_missing() -> None:
    source = 'See `run`, [the page](u "T") and **all** ![図](i.png) that.\n'
    document = md(source)
    text = document.segments[0].text
    assert text == "See run, the page and all  that."
    keys = {text[m.start : m.end]: m.key for m in document.segments[0].marks}
    page, run, bold, image = keys["the page"], keys["run"], keys["all"], keys[""]

    new = "全部のページでrunを"
    document.replace(
        0,
        new,
        (
            Mark(0, 2, bold),
            Mark(0, 6, page),
            Mark(2, 2, image, True),
            Mark(7, 10, run, True),
        ),
    )
    document.replace(1, "題")
    assert document.render().decode() == ('[**全部**![図](i.png)のページ](u "題")で`run`を\n')
    # Crossing: the link keeps its place, bold gives way. Missing: image kept, code found again.
    document.replace(0, new, (Mark(0, 4, bold), Mark(2, 6, page)))
    assert document.render().decode() == ('**全部**[のページ](u "題")で`run`を ![図](i.png)\n')
    # Nothing given: the style goes, what carries something stays.
    document.replace(0, "全部")
    assert document.render().decode() == ('全部 `run` [the page](u "題") ![図](i.png)\n')


def test_names_of_reference_links_survive_a_new_text() -> None:
    source = "See [FAQ], ![Logo] and [more][].\n\n[FAQ]: /f\n[Logo]: /l\n[more]: /m\n"
    document = md(source)
    faq, _, more = document.segments[0].marks
    document.replace(0, "質問と続き", (Mark(0, 2, faq.key), Mark(3, 5, more.key)))
    document.replace(1, "印")
    assert document.render().decode().splitlines()[0] == ("[質問][FAQ]と[続き][more] ![印][Logo]")
    assert swap("- [FAQ]\n\n[FAQ]: /f\n", ("質問", Mark(0, 2, 0))) == "- [質問][FAQ]\n\n[FAQ]: /f\n"


def test_hard_breaks_part_segments_unless_a_sentence_goes_on() -> None:
    assert [s.text for s in md("Tokyo 1-2\\\nMidori City  \nJapan\n").segments] == [
        "Tokyo 1-2",
        "Midori City",
        "Japan",
    ]
    goes_on = md("First,  \nthe second.\n").segments
    assert [(s.text, s.marks) for s in goes_on] == [("First,\nthe second.", ())]
    assert [s.text for s in md("**One.  \nTwo.**\n").segments] == ["One.", "Two."]
    assert swap("One.  \nTwo.\n", "一。", "# 二。") == "一。  \n\\# 二。\n"


@pytest.mark.parametrize(
    ("source", "new", "expected"),
    [
        # GitHub would not see a link right behind Japanese, or would swallow the full stop.
        ("Open https://e.jp/a.", "https://e.jp/aを開く。", "<https://e.jp/a>を開く。"),
        ("Open https://e.jp/a.", "次: https://e.jp/a.", "次: https://e.jp/a."),
        ("Mail a@b.jp now", "宛先a@b.jpへ", "宛先<a@b.jp>へ"),
        ("[At https://e.jp/a](/u)", "場所https://e.jp/aで", "[場所https://e.jp/aで](/u)"),
    ],
)
def test_bare_addresses_next_to_japanese(source: str, new: str, expected: str) -> None:
    assert swap(source, new) == expected


def test_places_are_line_numbers() -> None:
    places = [s.place for s in md("---\ntitle: A\n---\n\n# B\n\ntext\n\n- c\n").segments]
    assert places == ["line 2", "line 5", "line 7", "line 9"]


def test_wrong_use_is_refused() -> None:
    document = md("A **b**\n")
    with pytest.raises(ValueError, match="no segment 3"):
        document.replace(3, "x")
    with pytest.raises(ValueError, match="no mark 9"):
        document.replace(0, "x", (Mark(0, 1, 9),))
    with pytest.raises(ValueError, match="covers 0–4"):
        document.replace(0, "x", (Mark(0, 4, 0),))
