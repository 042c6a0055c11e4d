"""What must hold for every Word and PowerPoint file, made at random or broken at random."""

from __future__ import annotations

import io
import random

import docx
import pptx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pptx.presentation import Presentation

from kakehashi.documents import Document, Mark, from_bytes
from kakehashi.errors import KakehashiError
from tests.documents.helpers import rewrite, shape
from tests.documents.office_files import field, paragraph, parts_of, run, slides, word, zipped

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
# Explaining a failure takes minutes here.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
few = settings(phases=PHASES, max_examples=40, deadline=None, suppress_health_check=QUIET)
WORDS = (
    "令和６年度",
    "予算",
    "について、",
    "市民課",
    "（案）",
    "word",
    "5 * 3",
    "ｶﾞｲﾄﾞ",
    " ",
    "　",
    "https://a.jp/x",
)
LOOKS = (
    "",
    "<w:b/>",
    "<w:i/>",
    "<w:b/><w:i/>",
    '<w:color w:val="FF0000"/>',
    '<w:lang w:val="en-US"/>',
)

word_runs = st.builds(run, st.sampled_from(WORDS), st.sampled_from(LOOKS))
atoms = st.one_of(
    word_runs,
    word_runs,
    st.sampled_from(
        (
            "<w:r><w:tab/></w:r>",
            "<w:r><w:br/></w:r>",
            "<w:r><w:footnoteReference w:id='2'/></w:r>",
            "<w:r><w:drawing><wp:anchor/></w:drawing></w:r>",
            "<w:r><w:drawing><wp:inline/></w:drawing></w:r>",
            "<w:proofErr w:type='spellStart'/>",
            "<w:bookmarkStart w:id='1' w:name='a'/>",
            "<w:bookmarkEnd w:id='1'/>",
            "<w:commentRangeStart w:id='3'/>",
            "<w:commentRangeEnd w:id='3'/>",
            "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>",
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "<w:r><w:instrText>PAGE</w:instrText></w:r>",
            f"<w:del w:id='4'>{run('古い')}</w:del>",
        )
    ),
    st.builds(field, st.sampled_from(("PAGE", "HYPERLINK x", "REF y", "XE z")), word_runs),
)
nested = st.recursive(
    st.lists(atoms, min_size=1, max_size=5).map("".join),
    lambda inner: st.builds(
        lambda frame, parts: frame.replace("@", "".join(parts)),
        st.sampled_from(
            (
                '<w:hyperlink r:id="rId1">@</w:hyperlink>',
                "<w:sdt><w:sdtPr/><w:sdtContent>@</w:sdtContent></w:sdt>",
                "<w:ins w:id='5'>@</w:ins>",
                '<w:smartTag w:element="date">@</w:smartTag>',
                "@",
            )
        ),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
bodies = st.lists(nested.map(paragraph), min_size=1, max_size=3).map("".join)


def identity(document: Document) -> bytes:
    for segment in document.segments:
        document.replace(segment.id, "別の文", ())
    document.render()
    for segment in document.segments:
        document.replace(segment.id, segment.text, segment.marks)
    return document.render()


def texts_of(document: Document) -> list[str]:
    return [segment.text for segment in document.segments]


@few
@given(bodies)
def test_an_identity_translation_keeps_the_bytes(body: str) -> None:
    data = word(body)
    assert identity(from_bytes(data, "docx")) == data


@few
@given(bodies)
def test_marked_text_keeps_marks_and_everything_else(body: str) -> None:
    data = word(body)
    document = from_bytes(data, "docx")
    for segment in document.segments:
        moved = tuple(Mark(m.start + 1, m.end + 1, m.key, m.protected) for m in segment.marks)
        document.replace(segment.id, f"〈{segment.text}〉", moved)
    written = document.render()
    docx.Document(io.BytesIO(written))
    again = from_bytes(written, "docx")
    assert texts_of(again) == [f"〈{text}〉" for text in texts_of(document)]
    assert shape(again) == shape(document)
    before, after = parts_of(data), parts_of(written)
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} <= {"word/document.xml"}
    for name in ("footnoteReference", "wp:anchor", "wp:inline", "oMath>", "hyperlink ", "fldChar "):
        assert after["word/document.xml"].count(name.encode()) == (
            before["word/document.xml"].count(name.encode())
        ), name


@few
@given(bodies, st.randoms(use_true_random=False))
def test_no_object_is_lost_wherever_marks_go(body: str, dice: random.Random) -> None:
    data = word(body)
    document = from_bytes(data, "docx")
    for segment in document.segments:
        text = dice.choice(("", "A new sentence", "新しい文です。", segment.text + "z"))
        marks = []
        for mark in segment.marks:
            start, end = sorted((dice.randint(0, len(text)), dice.randint(0, len(text))))
            if dice.random() < 0.7:
                marks.append(Mark(start, end, mark.key, mark.protected))
        document.replace(segment.id, text, tuple(marks))
    after = parts_of(document.render())["word/document.xml"]
    before = parts_of(data)["word/document.xml"]
    for name in (
        "footnoteReference",
        "wp:anchor",
        "wp:inline",
        "m:oMath>",
        "<w:hyperlink ",
        "<w:fldChar ",
        "<w:sdt>",
    ):
        assert after.count(name.encode()) == before.count(name.encode()), name


def show(presentation: Presentation, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 3)):
        slide = presentation.slides.add_slide(presentation.slide_layouts[dice.randrange(7)])
        for holder in slide.placeholders:
            if not holder.has_text_frame:
                continue
            for _ in range(dice.randint(0, 2)):
                added = holder.text_frame.add_paragraph()
                for _ in range(dice.randint(1, 4)):
                    one = added.add_run()
                    one.text = dice.choice(WORDS)
                    one.font.bold = dice.choice((None, True))
                    if dice.random() < 0.2:
                        one.hyperlink.address = "https://example.jp/"
                if dice.random() < 0.3:
                    added.add_line_break()
        if dice.random() < 0.5:
            slide.notes_slide.notes_text_frame.text = "発言の要旨"


@few
@given(st.randoms(use_true_random=False))
def test_shows_keep_their_bytes_and_their_marks(dice: random.Random) -> None:
    data = slides(lambda presentation: show(presentation, dice))
    assert identity(from_bytes(data, "pptx")) == data
    document = from_bytes(data, "pptx")
    for segment in document.segments:
        new, marks = rewrite(segment, lambda: dice.choice(("新しい語", "new words")))
        document.replace(segment.id, new, marks)
    written = document.render()
    pptx.Presentation(io.BytesIO(written))
    assert len(from_bytes(written, "pptx").segments) == len(document.segments)
    before, after = parts_of(data), parts_of(written)
    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert all(name.startswith(("ppt/slides/slide", "ppt/notesSlides/")) for name in changed)


WHOLE_WORD = word(
    paragraph(
        run("市民の"), run("皆様", "<w:b/>"), field("REF a", run("表１")), run("をご覧ください。")
    )
    + f"<w:tbl><w:tr><w:tc>{paragraph(run('区分'))}</w:tc></w:tr></w:tbl>",
    footnotes=f'<w:footnote w:id="2">{paragraph(run("注記"))}</w:footnote>',
    comments=f'<w:comment w:id="2">{paragraph(run("確認"))}</w:comment>',
)
WHOLE_SHOW = slides(lambda presentation: show(presentation, random.Random(5)))


def broken(data: bytes, dice: random.Random) -> bytes:
    """Bytes changed in the archive, or in a part of it before it is packed."""
    if dice.random() < 0.4:
        return _cut_up(data, dice)
    parts = parts_of(data)
    for name in dice.sample(sorted(parts), k=min(2, len(parts))):
        main = dice.choice((name, "word/document.xml", "ppt/slides/slide1.xml"))
        name = main if main in parts else name
        parts[name] = dice.choice((_cut_up, _reworked))(parts[name], dice)
        if dice.random() < 0.1:
            del parts[name]
    return zipped(parts)


def _cut_up(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(out) + 1)
        out[at : at + dice.choice((0, 1, 1, 9))] = dice.choice(
            (b"", b"\x00", b"\xff", b"<", b">", b"&", b'"', b"/", b"9" * 12, b"-1", b"PK\x03\x04")
        )
    return bytes(out)


def _reworked(data: bytes, dice: random.Random) -> bytes:
    """Still well-formed, mostly: elements taken out, doubled, renamed, values changed."""
    pieces = data.split(b"<")
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(1, max(2, len(pieces)))
        if at >= len(pieces):
            break
        piece = pieces[at]
        name = piece.split(b">")[0].split(b" ")[0].rstrip(b"/")
        choice = dice.randrange(5)
        if choice == 0 and piece.split(b">")[0].endswith(b"/"):
            del pieces[at]
        elif choice == 1 and piece.split(b">")[0].endswith(b"/"):
            pieces.insert(at, piece)
        elif choice == 2:
            other = dice.choice(pieces).split(b">")[0].split(b" ")[0].strip(b"/")
            pieces = [p.replace(name.strip(b"/"), other, 1) for p in pieces] if other else pieces
        elif choice == 3:
            parts = piece.split(b'"')
            if len(parts) > 2:
                parts[1] = dice.choice(
                    (b"", b"-1", b"9" * 30, "\u0663".encode(), b"../..", b"x" * 999, b"1.5")
                )
                pieces[at] = b'"'.join(parts)
        else:
            closed = piece.split(b">", 1)
            pieces[at] = closed[0] + b">" + dice.choice((b"", "文".encode(), b"{{x}}", b"\t\n"))
    return b"<".join(pieces)


@pytest.mark.parametrize(("data", "format"), [(WHOLE_WORD, "docx"), (WHOLE_SHOW, "pptx")])
@settings(phases=PHASES, max_examples=250, deadline=None, suppress_health_check=QUIET)
@given(st.integers(0, 2**32))
def test_only_our_errors_come_out_of_broken_files(data: bytes, format: str, seed: int) -> None:
    dice = random.Random(seed)
    try:
        document = from_bytes(broken(data, dice), format, "壊れた書類")
        for segment in document.segments:
            document.replace(
                segment.id, "A longer translation of it " * dice.randint(1, 9), segment.marks
            )
        document.set_language("en")
        written = document.render()
    except KakehashiError as error:
        named = error.where
    else:
        named = "壊れた書類"
        from_bytes(written, format)
    assert named == "壊れた書類"
