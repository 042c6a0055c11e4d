from __future__ import annotations

from pathlib import Path

import docx

from kakehashi.bench.document import SENTENCES_PER_PARAGRAPH, make_docx, paragraphs
from kakehashi.text import split


def test_no_sentence_comes_twice() -> None:
    texts = paragraphs(30)
    sentences = [one.strip() for text in texts for one in split(text, "en")]
    assert len(set(sentences)) == len(sentences) >= 30 * 6 * SENTENCES_PER_PARAGRAPH


def test_the_word_file_holds_the_text_and_its_bold_words(tmp_path: Path) -> None:
    texts = paragraphs(4)
    make_docx(texts, tmp_path / "made.docx")
    read = docx.Document(str(tmp_path / "made.docx"))
    prose = [p for p in read.paragraphs if p.style is not None and p.style.name == "Normal"]
    assert [p.text for p in prose] == texts
    assert all(p.runs[0].bold and not p.runs[1].bold for p in prose)
