from __future__ import annotations

import pytest

from kakehashi.documents import Document, Mark, from_bytes


def html(source: str, encoding: str = "utf-8") -> Document:
    return from_bytes(source.encode(encoding), "html", "page.html")


def test_what_is_translated_and_what_is_not() -> None:
    source = (
        '<meta name="description" content="About us"><meta name=robots content="none">'
        "<title> Top &amp; more </title><script>var a = '<p>no</p>';</script>"
        "<p translate=no>no</p><div translate=no><p>no <b translate=yes>no</b></div>"
        '<div class="x notranslate" title="no">no</div><pre>no</pre><textarea>no</textarea>'
        '<p>yes<input type=submit value="Send"><input type=text value="no" placeholder="Name">'
        '<img alt="Map" src="no.png"><p>123<p><!-- no --><?php echo "<p>no</p>"; ?>'
    )
    assert [(s.kind, s.text) for s in html(source).segments] == [
        ("description", "About us"),
        ("title", "Top & more"),
        ("prose", "yes"),
        ("label", "Send"),
        ("label", "Name"),
        ("alt", "Map"),
    ]


def test_inline_elements_are_marks_and_code_is_protected() -> None:
    segment = html("<p>Run <code>a &lt; b</code>, <b>then <i>wait</i></b>.</p>").segments[0]
    assert segment.text == "Run a < b, then wait."
    covered = [(segment.text[m.start : m.end], m.protected) for m in segment.marks]
    assert covered == [("a < b", True), ("then wait", False), ("wait", False)]


def test_text_and_attributes_are_escaped() -> None:
    document = html("<p title='x y'>One<img alt=two></p>")
    for segment in document.segments:
        document.replace(segment.id, "<b>&\"'\u00a0終")
    assert document.render().decode() == (
        "<p title='&lt;b&gt;&amp;\"&#39;&nbsp;終'>&lt;b&gt;&amp;\"'&nbsp;終"
        '<img alt="&lt;b&gt;&amp;&quot;\'&nbsp;終"></p>'
    )


def test_marks_in_another_order_crossing_and_missing() -> None:
    source = '<p>The <a href="/u">page</a> of <b>today</b><img src=i> has <code>x</code>.</p>'
    document = html(source)
    link, bold, image, code = (m.key for m in document.segments[0].marks)
    document.replace(
        0, "今日のxページ", (Mark(0, 2, bold), Mark(3, 4, code, True), Mark(4, 7, link))
    )
    assert document.render().decode() == (
        '<p><b>今日</b>の<code>x</code><a href="/u">ページ</a> <img src=i></p>'
    )
    document.replace(
        0, "今日のページ", (Mark(0, 5, bold), Mark(3, 6, link), Mark(1, 1, image, True))
    )
    assert document.render().decode() == (
        '<p><b>今<img src=i>日の</b><a href="/u">ページ</a> <code>x</code></p>'
    )
    document.replace(0, "なし")
    assert document.render().decode() == (
        '<p>なし <a href="/u">page</a> <img src=i> <code>x</code></p>'
    )


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<html lang="en">', '<html lang="ja">'),
        ("<html lang=en class=a>", '<html lang="ja" class=a>'),
        ("<HTML LANG='en'>", "<HTML LANG='ja'>"),
        ("<html>", '<html lang="ja">'),
        ("<html lang>", '<html lang="ja">'),
        ('<html xml:lang="en">', '<html lang="ja" xml:lang="ja">'),
    ],
)
def test_set_language(tag: str, expected: str) -> None:
    document = html(f"<!doctype html>{tag}<p lang=en>A</p>")
    document.set_language("ja")
    assert document.render().decode() == f"<!doctype html>{expected}<p lang=en>A</p>"


def test_fragments_have_no_language() -> None:
    document = html("<p>A</p>")
    document.set_language("ja")
    assert document.render() == b"<p>A</p>"


def test_the_encoding_is_kept_where_all_characters_fit() -> None:
    source = '<meta charset="Shift_JIS"><p>庁舎の停電のお知らせです。ご協力をお願いします。</p>'
    document = html(source, "cp932")
    document.replace(0, "Power cut ①")
    assert document.render() == '<meta charset="Shift_JIS"><p>Power cut ①</p>'.encode("cp932")
    document.replace(0, "Café")
    assert document.render() == '<meta charset="UTF-8"><p>Café</p>'.encode()


def test_a_page_that_declares_nothing_gets_a_byte_order_mark_with_its_new_encoding() -> None:
    document = html("<p>Le café est fermé.</p>", "latin-1")
    document.replace(0, "喫茶店")
    assert document.render() == b"\xef\xbb\xbf" + "<p>喫茶店</p>".encode()


def test_old_style_declarations_of_the_encoding() -> None:
    source = (
        '<?xml version="1.0" encoding="EUC-JP"?>\n<meta http-equiv="Content-Type" '
        'content="text/html; charset=EUC-JP"><p>市役所からのお知らせがあります。</p>'
    )
    document = html(source, "euc_jp")
    document.replace(0, "“Notice” – é")
    written = document.render().decode()
    assert 'encoding="UTF-8"' in written
    assert 'content="text/html; charset=UTF-8"' in written


def test_line_breaks() -> None:
    assert [s.text for s in html("<p>一行目です。<br>二行目です。</p>").segments] == [
        "一行目です。",
        "二行目です。",
    ]
    document = html("<p><span>雨の場合は、<br>中止します。<br>連絡はありません。</span></p>")
    assert [(s.text, s.marks) for s in document.segments] == [
        ("雨の場合は、\n中止します。", ()),
        ("連絡はありません。", ()),
    ]
    document.replace(0, "Cancelled if it rains.")
    assert document.render().decode() == (
        "<p><span>Cancelled if it rains.<br>連絡はありません。</span></p>"
    )


def test_a_changed_sentence_loses_its_readings_and_keeps_no_bracket() -> None:
    source = "<p><ruby>転入届<rp>(</rp><rt>てんにゅうとどけ</rt><rp>)</rp></ruby>を出す</p>"
    document = html(source)
    assert document.segments[0].text == "転入届を出す"
    document.replace(0, "Report moving in")
    assert document.render() == b"<p>Report moving in</p>"


@pytest.mark.parametrize(
    "source", ["<p>a<b", "<p>a<!-- x", "<script>x", "<a href='x", "< >a", "a</"]
)
def test_markup_that_is_cut_off_is_kept(source: str) -> None:
    document = html(source)
    for segment in document.segments:
        document.replace(
            segment.id,
            "終" + segment.text,
            tuple(Mark(m.start + 1, m.end + 1, m.key, m.protected) for m in segment.marks),
        )
    assert (
        document.render().decode().replace("終", "").replace("&lt;", "<").replace("&gt;", ">")
        == source
    )
