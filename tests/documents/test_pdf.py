from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from kakehashi.documents import Mark, from_bytes, pdf_fonts, pdf_read
from kakehashi.documents.pdf import PdfDocument
from kakehashi.documents.pdf_repair import repaired
from kakehashi.errors import FormatError, InputError, KakehashiError, OutputError, TooLargeError
from tests.documents.office_set import contents as c
from tests.documents.office_set import with_reportlab as make

JAPANESE = "HeiseiMin-W3"


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("pdf") / "paper.pdf"
    make.en_paper(path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def leaflet(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("pdf") / "leaflet.pdf"
    make.ja_leaflet(path)
    return path.read_bytes()


def drawn(*pages: list[tuple[float, float, str]], font: str = JAPANESE, size: float = 10) -> bytes:
    """A PDF with each text at its (x, y)."""
    if font not in pdfmetrics.standardFonts:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        canvas.setFont(font, size)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def opened(data: bytes) -> PdfDocument:
    return PdfDocument(data, "a.pdf")


def texts(data: bytes, kind: str | None = None) -> list[str]:
    return [s.text for s in opened(data).segments if kind in (None, s.kind)]


def word(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_two_columns_are_read_one_after_the_other(paper: bytes) -> None:
    plain = [re.sub("<[^>]*>", "", text).replace("\u00ad", "") for text in make.PAPER]
    headings = [f"{name}" for name in make.PAPER_HEADINGS]
    expected: list[str] = []
    for number, heading in enumerate(headings):
        turn = number % len(plain)
        expected += [heading, *plain[turn:], *plain[:turn]]
    document = opened(paper)
    found = [s.text for s in document.segments if s.kind in ("heading", "prose")]
    assert found[0] == "Clearing Snow with Fewer Detours: A Study of Three Winters"
    assert found[1] == "A. Writer and B. Planner"
    assert found[2:] == expected


def test_running_heads_notes_and_tables_are_told_apart(paper: bytes) -> None:
    assert texts(paper, "header") == ["Journal of Municipal Systems, Vol. 12"]
    assert texts(paper, "footnote") == [make.PAPER_NOTE]
    assert texts(paper, "cell") == ["Winter", "Hours", "Detours"]
    whole = word(opened(paper).render())
    assert [[cell.text for cell in row.cells] for row in whole.tables[0].rows] == [
        ["Winter", "Hours", "Detours"],
        ["2021", "1,204", "312"],
        ["2022", "1,150", "268"],
        ["2023", "1,093", "201"],
    ]
    assert "41" not in [p.text for p in whole.paragraphs]
    assert whole.sections[0].header.paragraphs[0].text == "Journal of Municipal Systems, Vol. 12"
    assert "PAGE" in whole.sections[0].footer._element.xml
    assert any("罫線" in warning for warning in opened(paper).warnings)


def test_a_japanese_leaflet_keeps_its_paragraphs_list_and_table(leaflet: bytes) -> None:
    document = opened(leaflet)
    assert [s.text for s in document.segments if s.kind == "heading"] == [
        c.JA_TITLE.replace("\u3000", " ")
    ]
    prose = [s.text for s in document.segments if s.kind == "prose"]
    expected = [text.replace("ﾍﾟｯﾄﾎﾞﾄﾙ", "ペットボトル") for text in c.JA_PARAGRAPHS]
    assert prose == ["令和６年２月１日", *expected[:3], *c.JA_ITEMS, *expected[3:]]
    assert [s.text for s in document.segments if s.kind == "cell"] == [
        cell for row in c.JA_TABLE for cell in row
    ]
    assert document.warnings == ()
    whole = word(document.render())
    assert [p.text for p in whole.paragraphs if p.text.startswith("・")] == [
        f"・\t{text}" for text in c.JA_ITEMS
    ]


def test_a_sideways_page_reads_like_an_upright_one(paper: bytes) -> None:
    for angle in (90, 180, 270):
        assert texts(make.turned(paper, angle)) == texts(paper)


def test_vertical_text_is_read_from_the_right() -> None:
    columns = ["市では、来月からごみの", "分け方を変えます。"]
    page = [
        (400.0 - 20 * column, 700.0 - 10 * row, char)
        for column, text in enumerate(columns)
        for row, char in enumerate(text)
    ]
    document = opened(drawn(page))
    assert [s.text for s in document.segments] == ["".join(columns)]
    assert any("縦書き" in warning for warning in document.warnings)


def test_merged_cells_are_merged_again() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(JAPANESE))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont(JAPANESE, 10)
    for y in (700, 740):
        canvas.line(100, y, 400, y)
    canvas.line(200, 720, 400, 720)
    for x in (100, 200, 400):
        canvas.line(x, 700, x, 740)
    canvas.line(300, 700, 300, 720)
    for x, y, text in (
        (105, 725, "区分"),
        (205, 725, "手数料の額"),
        (205, 705, "一般"),
        (305, 705, "減免"),
    ):
        canvas.drawString(x, y, text)
    canvas.save()
    table = word(opened(buffer.getvalue()).render()).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["区分", "手数料の額", "手数料の額"],
        ["区分", "一般", "減免"],
    ]


def test_a_paragraph_goes_on_over_the_page_and_the_running_lines() -> None:
    one = (
        "この条例は、公布の日から施行する。ただし、第三条の規定は、規則で定める日から施行するものと"
    )
    two = "する。"
    foot = [(250.0, 30.0), (480.0, 800.0)]
    pages = [
        [
            (
                60.0,
                700.0,
                "第一号様式について説明する。この様式は、申請をしようとする者が窓口で受け取り、必要な",
            ),
            (60.0, 684.0, "事項を記入する。"),
            (60.0, 60.0, one),
            (*foot[0], "- 1 -"),
            (*foot[1], "例規集"),
        ],
        [
            (60.0, 760.0, two),
            (60.0, 700.0, "次の段落は、十分に離れて始まる。"),
            (*foot[0], "- 2 -"),
            (*foot[1], "例規集"),
        ],
    ]
    document = opened(drawn(*pages))
    prose = [s.text for s in document.segments if s.kind == "prose"]
    assert one + two in prose
    assert prose[-1] == "次の段落は、十分に離れて始まる。"
    assert [s.text for s in document.segments if s.kind == "header"] == ["例規集"]
    assert not any("1" in text for text in prose)


def test_hyphens_at_line_ends_are_taken_out_where_they_are_not_part_of_the_word() -> None:
    lines = [
        "The well-known office answers every single question that is put to it, and the infor-",
        "mation that it gives is right, which makes it a well-",
        "known place indeed.",
    ]
    page = [(60.0, 700.0 - 14 * n, line) for n, line in enumerate(lines)]
    lines_wide = [(x, y, text) for x, y, text in page]
    found = " ".join(texts(drawn(lines_wide, font="Times-Roman")))
    assert "information that" in found
    assert "well-known place" in found.replace("well- known", "well-known")


def test_links_and_bold_words_are_marked_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "manual.pdf"
    make.en_manual(path, 2)
    document = opened(path.read_bytes())
    linked = next(s for s in document.segments if "More is written" in s.text)
    mark = linked.marks[0]
    assert linked.text[mark.start : mark.end] == "the page of the desk"
    document.replace(linked.id, "詳しくは案内のページに書いてある。", (Mark(4, 10, mark.key),))
    bold = next(s for s in document.segments if "budget" in s.text)
    assert bold.text[bold.marks[0].start : bold.marks[0].end] == "budget"
    whole = word(document.render())
    paragraph = next(p for p in whole.paragraphs if p.text.startswith("詳しくは"))
    assert [link.address for link in paragraph.hyperlinks] == ["https://www.city.example.jp/desk"]
    assert paragraph.hyperlinks[0].text == "案内のページ"
    runs = [r.text for p in whole.paragraphs for r in p.runs if r.bold]
    assert "budget" in runs


def test_a_link_that_a_translation_forgot_is_kept_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "manual.pdf"
    make.en_manual(path, 1)
    document = opened(path.read_bytes())
    linked = next(s for s in document.segments if "More is written" in s.text)
    document.replace(linked.id, "詳しくは別に書いてある。", ())
    addresses = [link.address for p in word(document.render()).paragraphs for link in p.hyperlinks]
    assert addresses == ["https://www.city.example.jp/desk"]


def test_the_ending_of_the_name_chooses_what_is_written(leaflet: bytes, tmp_path: Path) -> None:
    document = opened(leaflet)
    for segment in document.segments:
        document.replace(segment.id, f"[{segment.id}] {'a short text' * 3}", ())
    document.set_language("en")
    document.save(tmp_path / "a.docx")
    assert docx.Document(str(tmp_path / "a.docx")).paragraphs
    document.save(tmp_path / "a.pdf")
    pdf = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    try:
        shown = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()
    for segment in document.segments:
        assert f"[{segment.id}]" in shown
    assert "粗大ごみの収集は申込制" in re.sub(r"\s", "", shown)
    with pytest.raises(OutputError, match="docx"):
        document.save(tmp_path / "a.txt")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.docx", "a.pdf"]


def test_the_same_input_gives_the_same_bytes(leaflet: bytes) -> None:
    one, two = opened(leaflet), opened(leaflet)
    assert one.render() == two.render()
    assert one.render_pdf() == two.render_pdf()


def test_without_a_japanese_font_the_pdf_says_so(
    leaflet: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf_fonts, "_folders", lambda: (tmp_path,))
    monkeypatch.delenv(pdf_fonts.VARIABLE, raising=False)
    document = opened(leaflet)
    assert not any("埋め込め" in warning for warning in document.warnings)
    assert document.render_pdf().startswith(b"%PDF")
    assert any("埋め込め" in warning for warning in document.warnings)
    # A file that is no font, and one whose outlines cannot be embedded, are passed over.
    (tmp_path / "ipag.ttf").write_bytes(b"no font")
    assert document.render_pdf().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "word_"),
    [
        ("scanned", "OCR"),
        ("encrypted", "パスワード"),
        ("broken", "OCR"),
        ("blank", "文字がありません"),
    ],
)
def test_what_cannot_be_translated_is_refused_by_name(
    name: str, word_: str, tmp_path: Path
) -> None:
    path = tmp_path / "manual.pdf"
    make.en_manual(path, 1)
    makers: dict[str, Callable[[], bytes]] = {
        "scanned": lambda: make.scanned(3),
        "encrypted": lambda: make.encrypted(path.read_bytes(), "geheim"),
        "broken": _private,
        "blank": lambda: drawn([]),
    }
    data = makers[name]()
    with pytest.raises(InputError) as caught:
        from_bytes(data, "pdf", "会議.pdf")
    assert word_ in str(caught.value)
    assert "会議.pdf" in caught.value.where
    assert caught.value.hint
    assert caught.value.exit_code == 2


def _private() -> bytes:
    """A text whose map to Unicode leads into the private use area."""
    data = drawn([(60.0, 700.0, "Nothing here can be read by anybody")], font="Helvetica")
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        "1 begincodespacerange <00> <ff> endcodespacerange "
        "1 beginbfrange <20> <7e> <E020> endbfrange endcmap end end"
    )
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
                item["/ToUnicode"] = pdf.make_stream(cmap.encode())
        pdf.save(buffer)
    return buffer.getvalue()


def test_a_password_for_the_owner_alone_does_not_keep_a_reader_out(leaflet: bytes) -> None:
    assert texts(make.encrypted(leaflet, "")) == texts(leaflet)


def test_pages_without_text_among_others_are_named() -> None:
    buffer = io.BytesIO()
    parts = (
        drawn([(60.0, 700.0, "読める頁です。")]),
        make.scanned(1),
        drawn([(60.0, 700.0, "これも読めます。")]),
    )
    with pikepdf.new() as pdf:
        for part in parts:
            pdf.pages.extend(pikepdf.open(io.BytesIO(part)).pages)
        pdf.save(buffer)
    document = opened(buffer.getvalue())
    assert len(document.segments) == 2
    assert any(re.search(r"文字情報のない.*: 2 ", warning) for warning in document.warnings)


def test_damaged_and_cut_off_files(leaflet: bytes) -> None:
    for data in (leaflet[: len(leaflet) // 2], leaflet[:200]):
        with pytest.raises(FormatError, match="切れています"):
            opened(data)
    with pytest.raises(FormatError, match="壊れて"):
        opened(b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF")
    with pytest.raises(FormatError, match="PDFではありません"):
        from_bytes(b"PK\x03\x04" + b"x" * 200, "pdf", "a.pdf")


def test_limits_are_errors_that_name_them(leaflet: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_PAGES", "MAX_CHARACTERS", "MAX_PAGE_CHARACTERS", "MAX_OBJECTS"):
        with monkeypatch.context() as patch:
            patch.setattr(pdf_read, name, 0)
            with pytest.raises(TooLargeError, match="0") as caught:
                opened(leaflet)
            assert "分割" in caught.value.hint


def test_replace_refuses_what_is_not_there(leaflet: bytes) -> None:
    document = opened(leaflet)
    cases: list[Any] = [(99, "x"), (0, "x", (Mark(0, 1, 9),))]
    for arguments in cases:
        with pytest.raises(ValueError, match="has no"):
            document.replace(*arguments)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("⼀⽅で⾏う", "一方で行う"),
        ("⻑い⻘い⻄", "長い青い西"),
        ("ｶﾞｲﾄﾞﾗｲﾝ｡", "ガイドライン。"),
        ("e\ufb03cient \ufb01le", "efficient file"),
        ("か\u3099", "が"),
        ("︵注︶", "（注）"),
        ("①㈱㎡Ａ１", "①㈱㎡Ａ１"),
    ],
)
def test_look_alikes_are_repaired(found: str, wanted: str) -> None:
    assert repaired(found) == wanted


@given(st.text())
def test_repairing_is_done_in_one_go(text: str) -> None:
    once = repaired(text)
    assert repaired(once) == once


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from("市役所は月曜日に休みます。ｶﾞABC 12、（注）"), min_size=1, max_size=60
    ).map("".join)
)
def test_every_letter_of_a_line_arrives(text: str) -> None:
    data = drawn([(40.0, 700.0, text)], size=8)
    try:
        found = word(opened(data).render())
    except KakehashiError:
        assert not text.strip()
        return
    body = "".join(p.text for p in found.paragraphs)
    assert re.sub(r"\s", "", body) == re.sub(r"\s", "", repaired(text))
