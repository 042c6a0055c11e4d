"""The short form of the proof; the whole of it is `python -m tests.documents.office_set`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakehashi.documents import FORMATS
from tests.documents.office_set import libreoffice
from tests.documents.office_set.make import MAKERS, make
from tests.documents.office_set.proof import Result, prove

FEW = (
    "docx_ja_notice.docx",
    "docx_ja_links_and_fields.docx",
    "pptx_en_runs.pptx",
    "pptx_en_chart.pptx",
    "xlsx_openpyxl_ja_budget.xlsx",
    "xlsx_openpyxl_ja_rich.xlsx",
    "xlsx_xlsxwriter_ja_table.xlsx",
    "pdf_reportlab_ja_leaflet.pdf",
    "md_ja.md",
    "html_ja.html",
    "srt_ja.srt",
    "txt_ja.txt",
    "csv_ja.csv",
)
DRAWN = ("docx_ja_notice.docx", "pptx_ja_table.pptx", "xlsx_openpyxl_ja_rich.xlsx")


def _read(names: tuple[str, ...]) -> set[str]:
    return {name for name in names if name.rpartition(".")[2] in FORMATS}


def test_the_set_has_every_office_format_in_number() -> None:
    kinds = [name.rpartition(".")[2] for name in MAKERS]
    assert len(MAKERS) >= 30  # and LibreOffice adds its own
    assert all(kinds.count(kind) >= 3 for kind in ("docx", "pptx", "xlsx", "pdf"))


def test_text_is_replaced_and_everything_else_stays(tmp_path: Path) -> None:
    files = make(tmp_path / "set", _read(FEW), convert=False)
    assert files
    results = prove(files, tmp_path, print, office=False)
    _passed(results)
    assert all(one.segments for one in results)


@pytest.mark.skipif(libreoffice.PROGRAM is None, reason="soffice (LibreOffice) is not installed")
def test_libreoffice_draws_the_same_pages(tmp_path: Path) -> None:
    names = _read(DRAWN)
    if not names:
        pytest.skip("no office format is read by this build")
    files = make(tmp_path / "set", names, convert=False)
    results = prove(files, tmp_path, print)
    _passed(results)
    assert all(one.dots >= 0 for one in results)


def _passed(results: list[Result]) -> None:
    assert [f"{one.name}: {fault}" for one in results for fault in one.faults] == []
    assert [f"{one.name}: {lost}" for one in results for lost in one.lost_runs] == []
    assert sum(one.broken for one in results) == 0
