from __future__ import annotations

import io
import re

import docx
import pytest
from docx.shared import Pt, RGBColor

from kakehashi.documents import Document, Mark, from_bytes
from tests.documents.office_files import (
    field,
    paragraph,
    parts_of,
    repacked,
    run,
    saved,
    word,
    xml_of,
)

BOLD = "<w:b/>"


def opened(body: str, **more: str) -> Document:
    return from_bytes(word(body, **more), "docx", "試験.docx")


def marked(document: Document, number: int = 0) -> list[tuple[str, bool]]:
    segment = document.segments[number]
    return [(segment.text[m.start : m.end], m.protected) for m in segment.marks]


def runs_of(document: Document, number: int = 0) -> list[tuple[str, bool | None]]:
    """Text and boldness of the runs of a paragraph, as python-docx reads them."""
    written = docx.Document(io.BytesIO(document.render()))
    return [(each.text, each.bold) for each in written.paragraphs[number].runs]


def test_runs_that_look_alike_are_one_sentence() -> None:
    body = (
        '<w:p w:rsidR="00A1">'
        '<w:proofErr w:type="spellStart"/>'
        + run("市民", '<w:rFonts w:hint="eastAsia"/><w:lang w:eastAsia="ja-JP"/>')
        + '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
        + "<w:r><w:lastRenderedPageBreak/><w:t>の皆様へ</w:t></w:r>"
        + run("お知らせ", BOLD + "<w:noProof/>")
        + '<w:proofErr w:type="spellEnd"/>'
        + run("します", '<w:b/><w:rFonts w:hint="eastAsia"/>')
        + run("。", "<w:kern w:val='0'/>")
        + "</w:p>"
    )
    document = opened(body)
    assert [s.text for s in document.segments] == ["市民の皆様へお知らせします。"]
    assert marked(document) == [("お知らせします", False)]
    document.replace(0, "We inform you.", (Mark(3, 9, 0),))
    assert runs_of(document) == [("We ", None), ("inform", True), (" you.", None)]
    xml = xml_of(document)
    assert "_GoBack" in xml
    assert "proofErr" not in xml


def test_the_look_of_most_of_a_paragraph_is_no_mark() -> None:
    document = opened(paragraph(run("重要なお知らせです", BOLD), run("（再掲）")))
    assert marked(document) == [("（再掲）", False)]
    document.replace(0, "Important notice (again)", (Mark(17, 24, 0),))
    assert runs_of(document) == [("Important notice ", True), ("(again)", None)]


def test_every_mark_survives_a_round_trip() -> None:
    file = docx.Document()
    added = file.add_paragraph("申請は")
    added.add_run("4月30日").bold = True
    added.add_run("までに、")
    colored = added.add_run("市民課")
    colored.font.color.rgb = RGBColor(255, 0, 0)
    colored.font.size = Pt(14)
    added.add_run("の窓口で")
    added.add_run("必ず").italic = True
    added.add_run("行ってください。")
    document = from_bytes(saved(file), "docx")
    old = document.segments[0]
    assert marked(document) == [("4月30日", False), ("市民課", False), ("必ず", False)]
    moved = tuple(Mark(m.start + 1, m.end + 1, m.key) for m in old.marks)
    document.replace(0, f"「{old.text}」", moved)
    again = from_bytes(document.render(), "docx")
    assert marked(again) == marked(document)
    font = docx.Document(io.BytesIO(document.render())).paragraphs[0].runs[3].font
    assert (font.color.rgb, font.size) == (RGBColor(255, 0, 0), Pt(14))


def test_a_link_is_kept_around_its_words() -> None:
    words = run("こちら", "<w:rStyle w:val='Hyperlink'/>")
    link = f'<w:hyperlink r:id="rId9">{words}</w:hyperlink>'
    document = opened(paragraph(run("詳細は"), link, run("をご覧ください。")))
    assert marked(document) == [("こちら", False)]
    document.replace(0, "See here for details.", (Mark(4, 8, 0),))
    xml = xml_of(document)
    assert re.search(
        r'See </w:t></w:r><w:hyperlink r:id="rId9"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/>'
        r"</w:rPr><w:t>here</w:t></w:r></w:hyperlink>",
        xml,
    )
    # Not placed: it goes to the end instead of being lost.
    document.replace(0, "See for details.")
    assert re.search(r"details\..*<w:hyperlink.*こちら.*</w:hyperlink></w:p>", xml_of(document))


@pytest.mark.parametrize(
    ("code", "result", "protected"),
    [
        ("PAGE", run("3"), ["3"]),
        ("REF _Ref1 \\h", run("表２"), ["表２"]),
        ('DATE \\@ "ggge年M月d日"', run("令和6年4月15日"), ["令和6年4月15日"]),
        ("SEQ 図 \\* ARABIC", run("12", BOLD), ["12"]),
        ("= SUM(ABOVE)", run("1,200"), ["1,200"]),
    ],
)
def test_results_of_fields_are_protected(code: str, result: str, protected: list[str]) -> None:
    document = opened(paragraph(run("これは"), field(code, result), run("に示すとおりです。")))
    assert [text for text, kept in marked(document) if kept] == protected
    start = len("As shown in ")
    text = "As shown in " + protected[0]
    document.replace(0, text, (Mark(start, len(text), 0, True),))
    xml = xml_of(document)
    assert code in xml
    assert [*re.findall(r'fldCharType="(\w+)"', xml)] == ["begin", "separate", "end"]
    assert re.sub("<[^>]*>", "", xml.replace(code, "")).split() == text.split()


def test_simple_fields_links_in_fields_and_silent_fields() -> None:
    document = opened(
        paragraph(
            run("第"),
            f'<w:fldSimple w:instr=" PAGE ">{run("4")}</w:fldSimple>',
            run("頁の"),
            field('HYPERLINK "https://example.jp"', run("索引")),
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> XE "用語" </w:instrText>'
            '</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
            run("参照"),
        )
    )
    assert document.segments[0].text == "第4頁の索引参照"
    assert marked(document) == [("4", True), ("索引", False)]
    document.replace(0, "See index on page 4", (Mark(4, 9, 1), Mark(18, 19, 0, True)))
    xml = xml_of(document)
    assert re.search(r"HYPERLINK.*separate.*>index<.*\"end\".* on page .*PAGE.*>4<", xml)
    assert 'XE "用語"' in xml


def test_an_unfinished_field_over_paragraphs_stays_in_place() -> None:
    toc = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:hyperlink w:anchor="_Toc1">{run("第１章 はじめに")}<w:r><w:tab/></w:r>'
        f"{field('PAGEREF _Toc1', run('3'))}</w:hyperlink></w:p>"
        f'<w:p><w:hyperlink w:anchor="_Toc2">{run("第２章 経過")}<w:r><w:tab/></w:r>'
        f"{field('PAGEREF _Toc2', run('5'))}</w:hyperlink>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    document = opened(toc)
    assert [s.text for s in document.segments] == ["第１章 はじめに", "第２章 経過"]
    document.replace(0, "Chapter 1 Introduction")
    document.replace(1, "Chapter 2 History")
    xml = xml_of(document)
    assert re.search(
        r'TOC.*<w:hyperlink w:anchor="_Toc1">.*Chapter 1.*<w:tab/>.*PAGEREF _Toc1.*>3<.*</w:hyperlink></w:p>'
        r'<w:p><w:hyperlink w:anchor="_Toc2">.*Chapter 2.*PAGEREF.*</w:hyperlink>.*"end"',
        xml,
    )
    roles = re.findall(r'fldCharType="(\w+)"', xml)
    assert roles == ["begin", "separate"] + ["begin", "separate", "end"] * 2 + ["end"]


def test_tabs_and_breaks_part_sentences_and_stay() -> None:
    body = paragraph(
        run("日時"), "<w:r><w:tab/></w:r>", run("４月１日、"), "<w:r><w:br/></w:r>", run("午後２時"),
        "<w:r><w:br/></w:r>", run("場所　市役所"), '<w:r><w:br w:type="page"/></w:r>', run("次頁"),
    )  # fmt: skip
    document = opened(body)
    assert [s.text for s in document.segments] == [
        "日時", "４月１日、\n午後２時", "場所　市役所", "次頁",
    ]  # fmt: skip
    for segment, text in zip(
        document.segments, ("Date", "1 April,\n2 p.m.", "Hall", "Next"), strict=True
    ):
        document.replace(segment.id, text)
    plain = re.sub(r"</?w:(?!t>|tab|br)[^>]*>", "", xml_of(document))
    assert re.sub(r"</?w:t>", "", plain) == (
        'Date<w:tab/>1 April,<w:br/>2 p.m.<w:br/>Hall<w:br w:type="page"/>Next'
    )


def test_footnote_references_and_pictures_are_points() -> None:
    reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    inline = "<w:r><w:drawing><wp:inline/></w:drawing></w:r>"
    floating = "<w:r><w:drawing><wp:anchor/></w:drawing></w:r>"
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph(run("線"))}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>", run(" 地方自治法第２条"))}</w:footnote>'
    )
    document = opened(
        paragraph(run("条例"), floating, reference, run("により定める"), inline, run("。")),
        footnotes=notes,
    )
    assert [s.text for s in document.segments] == ["条例により定める。", "地方自治法第２条"]
    assert document.segments[1].place == "footnote 1"
    assert [(m.start, m.end, m.protected) for m in document.segments[0].marks] == [
        (2, 2, True),
        (8, 8, True),
    ]
    document.replace(0, "Set by ordinance.", (Mark(16, 16, 0, True), Mark(17, 17, 1, True)))
    document.replace(1, "Local Autonomy Act")
    xml = xml_of(document)
    assert re.search(
        r"anchor.*Set by ordinance<.*superscript.*footnoteReference.*>\.<.*inline", xml
    )
    assert re.search(r"footnoteRef/>.*Local Autonomy Act", xml_of(document, "word/footnotes.xml"))
    assert "線" in xml_of(document, "word/footnotes.xml")


def test_tracked_changes_are_translated_as_accepted_and_named() -> None:
    body = paragraph(
        run("会議は"),
        f'<w:del w:id="1" w:author="甲">{run("月曜").replace("w:t", "w:delText")}</w:del>',
        f'<w:ins w:id="2" w:author="甲">{run("火曜")}</w:ins>',
        run("に開く。", '<w:rPrChange w:id="3" w:author="甲"><w:rPr/></w:rPrChange>'),
    )
    document = opened(body + paragraph(run("別の段落")))
    assert document.segments[0].text == "会議は火曜に開く。"
    assert any("2 tracked changes" in one for one in document.warnings)
    document.replace(1, "Other")
    assert "月曜" in xml_of(document)  # a paragraph that is not translated keeps its revisions
    document.replace(0, "The meeting is on Tuesday.")
    xml = xml_of(document)
    assert "月曜" not in xml
    assert "w:ins" not in xml
    assert document.warnings == from_bytes(word(body), "docx").warnings


def test_ruby_is_read_as_its_base_and_named() -> None:
    ruby = (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('よこはま')}</w:rt>"
        f"<w:rubyBase>{run('横浜')}</w:rubyBase></w:ruby></w:r>"
    )
    old = field(
        'EQ \\* jc2 \\* "Font:ＭＳ 明朝" \\* hps10 \\o\\ad(\\s\\up 9(かわさき),川崎)', ""
    ).replace('<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "")
    document = opened(paragraph(ruby, run("市と"), old, run("市。")))
    assert document.segments[0].text == "横浜市と川崎市。"
    assert document.segments[0].marks == ()
    assert any("2 readings" in one for one in document.warnings)
    document.replace(0, "Yokohama and Kawasaki.")
    assert "かわさき" not in xml_of(document)


def test_ruby_stays_where_nothing_is_translated() -> None:
    ruby = (
        f"<w:r><w:ruby><w:rt>{run('ひ')}</w:rt><w:rubyBase>{run('日')}</w:rubyBase></w:ruby></w:r>"
    )
    document = opened(paragraph(ruby, "<w:r><w:tab/></w:r>", run("晴れ")))
    document.replace(1, "Fine")
    assert re.search(r"<w:ruby>.*日.*<w:tab/>.*Fine", xml_of(document))


def text_box(inner: str, fallback: str) -> str:
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:wsp><wps:txbx>"
        f"<w:txbxContent>{inner}</w:txbxContent></wps:txbx><wps:bodyPr><a:noAutofit/></wps:bodyPr>"
        "</wps:wsp></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape style='position:absolute'>"
        f"<v:textbox><w:txbxContent>{fallback}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_text_boxes_are_translated_once_for_new_and_old_programs() -> None:
    inner = paragraph(run("注意"), run("事項", BOLD))
    document = opened(paragraph(text_box(inner, inner), run("本文です。")))
    assert [(s.text, s.place) for s in document.segments] == [
        ("本文です。", "paragraph 1"), ("注意事項", "text box 1"),
    ]  # fmt: skip
    document.replace(
        1, "Please note the following", (Mark(0, 6, document.segments[1].marks[0].key),)
    )
    document.replace(0, "Text.")
    xml = xml_of(document)
    assert xml.count("Please") == xml.count("note the following") == 2
    assert "noAutofit" not in xml
    assert "spAutoFit" in xml
    assert "mso-fit-shape-to-text:t" in xml
    different = opened(paragraph(text_box(inner, paragraph(run("古い版")))))
    assert [s.text for s in different.segments] == ["注意事項", "古い版"]


def test_content_controls_keep_their_frame_and_lose_their_binding() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:alias w:val='題名'/><w:dataBinding w:xpath='/a' w:storeItemID='{1}'/></w:sdtPr>"
        "<w:sdtContent>{}</w:sdtContent></w:sdt>"
    )
    check = (
        "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent>"
        + run("☐")
        + "</w:sdtContent></w:sdt>"
    )
    document = opened(
        paragraph(run("件名："), control.replace("{}", run("工事")), run("について"), check)
        + control.replace("{}", paragraph(run("枠の中")))
    )
    assert [s.text for s in document.segments] == ["件名：工事について", "枠の中"]
    assert marked(document) == [("工事", False)]
    document.replace(0, "Re: works", (Mark(4, 9, 0),))
    document.replace(1, "Inside")
    xml = xml_of(document)
    assert re.search(r"Re: <.*<w:sdt>.*<w:sdtContent>.*works.*</w:sdtContent></w:sdt>.*☐", xml)
    assert xml.count("<w:alias") == 2
    assert "dataBinding" not in xml


def test_bookmarks_and_comments_stay_around_their_words() -> None:
    body = paragraph(
        '<w:bookmarkStart w:id="1" w:name="_Ref9"/>', run("図１"), '<w:bookmarkEnd w:id="1"/>', run("の"),
        '<w:commentRangeStart w:id="7"/>', run("結果"), '<w:commentRangeEnd w:id="7"/>',
        '<w:r><w:commentReference w:id="7"/></w:r>', run("を示す。"),
        '<w:bookmarkStart w:id="2" w:name="over"/>',
    ) + paragraph('<w:bookmarkEnd w:id="2"/>', run("次の段落"))  # fmt: skip
    comment = f'<w:comment w:id="7" w:author="乙">{paragraph(run("出典を確認"))}</w:comment>'
    document = opened(body, comments=comment)
    assert [(s.text, s.place) for s in document.segments][2] == ("出典を確認", "comment 1")
    assert marked(document) == [("図１", False), ("結果", False)]
    document.replace(0, "The results of Figure 1", (Mark(15, 23, 0), Mark(4, 11, 1)))
    xml = xml_of(document)
    assert re.search(
        r'commentRangeStart.*>results<.*commentRangeEnd.*> of <.*_Ref9.*>Figure 1<.*bookmarkEnd w:id="1".*'
        r"commentReference.*over",
        xml,
    )
    document.replace(0, "Nothing of it")
    assert xml_of(document).count("bookmarkEnd") == 2
    assert "結果" not in xml_of(document)


def test_mathematics_symbols_and_hidden_text() -> None:
    body = paragraph(
        run("値"), "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", run("は"),
        run("l", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), run("正。"),
        run("秘密", "<w:vanish/>"), '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>',
    )  # fmt: skip
    document = opened(body)
    assert document.segments[0].text == "値x+1は正。"
    assert marked(document) == [("x+1", True), ("", True)]
    document.replace(0, "x+1 is positive.", (Mark(0, 3, 0, True), Mark(7, 7, 1, True)))
    xml = xml_of(document)
    assert re.search(
        r"oMath.*x\+1.*> is <.*Wingdings.*>l<.*>positive\.<.*w:vanish.*秘密.*w:sym", xml
    )


def test_places_in_tables_headers_and_nested_tables() -> None:
    file = docx.Document()
    file.add_paragraph("")
    file.add_paragraph("一番目")
    table = file.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "結合した見出し"
    table.cell(0, 2).text = "右"
    table.cell(1, 2).add_table(1, 1).cell(0, 0).text = "入れ子"
    file.sections[0].header.paragraphs[0].text = "○○市役所"
    file.sections[0].footer.paragraphs[0].text = "連絡先 市民課"
    file.add_heading("見出し", 2)
    document = from_bytes(saved(file), "docx")
    assert {s.text: (s.place, s.kind) for s in document.segments} == {
        "一番目": ("paragraph 1", "prose"),
        "結合した見出し": ("table 1, row 1, column 1", "cell"),
        "右": ("table 1, row 1, column 3", "cell"),
        "入れ子": ("table 1, row 2, column 3, table 2, row 1, column 1", "cell"),
        "見出し": ("paragraph 2", "heading"),
        "○○市役所": ("header 1", "prose"),
        "連絡先 市民課": ("footer 1", "prose"),
    }


def test_room_is_made_for_longer_text() -> None:
    body = (
        "<w:tbl><w:tr><w:trPr><w:trHeight w:val='300' w:hRule='exact'/></w:trPr><w:tc>"
        "<w:p><w:pPr><w:jc w:val='distribute'/></w:pPr>"
        + run("氏", "<w:fitText w:val='1260' w:id='5'/><w:spacing w:val='420'/>")
        + run("名", "<w:fitText w:val='1260' w:id='5'/>")
        + "</w:p></w:tc></w:tr></w:tbl>"
    )
    document = opened(body)
    assert [(s.text, s.marks) for s in document.segments] == [("氏名", ())]
    document.set_language("en")
    document.replace(0, "Name")
    xml = xml_of(document)
    assert "atLeast" in xml
    assert 'w:jc w:val="center"' in xml
    assert "fitText" not in xml
    assert "w:spacing" not in xml


def test_lines_to_be_filled_in_stay_lines() -> None:
    document = opened(paragraph(run("氏名"), run("　　　　　", "<w:u w:val='single'/>"), run("様")))
    assert document.segments[0].text == "氏名様"
    document.replace(0, "Name:", (Mark(5, 5, 0, True),))
    assert re.search(r"Name:<.*w:u w:val=\"single\".*>　　　　　<", xml_of(document))


def test_the_language_is_said() -> None:
    file = docx.Document()
    file.add_paragraph("Our “plan”")
    document = from_bytes(saved(file), "docx")
    document.replace(0, "私たちの“計画”")
    document.set_language("ja")
    parts = parts_of(document.render())
    assert b'w:eastAsia="ja-JP"' in parts["word/styles.xml"]
    assert b'themeFontLang w:val="en-US" w:eastAsia="ja-JP"' in parts["word/settings.xml"]
    assert 'w:hint="eastAsia"' in parts["word/document.xml"].decode()
    document = from_bytes(document.render(), "docx")
    document.replace(0, "Our plan")
    document.set_language("en")
    assert "hint" not in parts_of(document.render())["word/document.xml"].decode()


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    document = opened(paragraph(run("本文")))
    document.replace(0, "a\x00b\x0bc\ud800d\ufffe<&>\te\r\nF")
    again = from_bytes(document.render(), "docx")
    assert [s.text for s in again.segments] == ["abcd<&>", "e", "F"]


def test_a_document_without_text_opens_and_says_so() -> None:
    document = from_bytes(saved(docx.Document()), "docx", "空.docx")
    assert document.segments == ()
    assert any("no text" in one for one in document.warnings)
    assert parts_of(document.render()) == parts_of(saved(docx.Document()))


def test_macros_are_kept_and_a_template_is_read() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/vbaProject.bin"] = b"\x01\x02"
        name = "[Content_Types].xml"
        parts[name] = parts[name].replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        )

    document = from_bytes(repacked(word(paragraph(run("本文"))), change), "docm", "m.dotm")
    assert document.format == "docm"
    assert any("macros" in one for one in document.warnings)
    document.replace(0, "Text")
    assert parts_of(document.render())["word/vbaProject.bin"] == b"\x01\x02"


def test_wrong_arguments_are_refused() -> None:
    document = opened(paragraph(run("本文")))
    for number, marks in ((5, ()), (0, (Mark(0, 1, 9),))):
        with pytest.raises(ValueError, match="has no"):
            document.replace(number, "x", marks)


def test_what_ends_in_a_deletion_keeps_its_end() -> None:
    deleted = run("旧").replace("w:t", "w:delText")
    body = paragraph(
        '<w:bookmarkStart w:id="4" w:name="a"/>',
        run("本文です。"),
        f'<w:del w:id="1">{deleted}<w:bookmarkEnd w:id="4"/></w:del>',
    )
    document = opened(body)
    document.replace(0, "Text.")
    xml = xml_of(document)
    assert xml.count("bookmarkStart") == xml.count("bookmarkEnd") == 1
    assert "旧" not in xml


def test_what_was_typed_into_a_form_field_is_translated() -> None:
    document = opened(paragraph(run("氏名："), field("FORMTEXT", run("記入例")), run("様")))
    assert marked(document) == [("記入例", False)]
    document.replace(0, "Name: example", (Mark(6, 13, 0),))
    assert re.search(r"Name: <.*begin.*FORMTEXT.*separate.*>example<.*end", xml_of(document))


def test_thousands_of_marks_at_one_place_are_written() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    document = opened(paragraph(run("文"), reference * 4000, run("末")))
    marks = tuple(Mark(3, 3, m.key, True) for m in document.segments[0].marks)
    document.replace(0, "A text", marks)
    xml = xml_of(document)
    assert xml.count("footnoteReference") == 4000
    assert re.search(r">A t<.*footnoteReference.*>ext<", xml)


def test_references_made_by_word_are_named() -> None:
    document = opened(paragraph(run("詳細は"), field("REF _Ref1", run("表２")), run("を見る。")))
    assert any("1 field with words" in one for one in document.warnings)
    assert opened(paragraph(run("頁"), field("PAGE", run("2")))).warnings == ()


def test_a_box_that_its_text_fills_is_let_grow() -> None:
    inner = paragraph(run("問い合わせ先　防災危機管理課"))
    size = "<wps:spPr><a:xfrm><a:ext cx='{}' cy='400000'/></a:xfrm></wps:spPr>"
    for width, grows in ((4_000_000, False), (900_000, True)):
        body = text_box(inner, inner).replace("<wps:wsp>", "<wps:wsp>" + size.format(width))
        document = opened(paragraph(body))
        document.replace(0, "Contact: Crisis Office")
        assert ("spAutoFit" in xml_of(document)) == grows
