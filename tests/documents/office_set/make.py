"""Make the proof set."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from tests.documents.office_set import (
    libreoffice,
    with_docx,
    with_odf,
    with_pptx,
    with_reportlab,
    with_text,
    with_xlsx,
)

MAKERS: dict[str, Callable[[Path], None]] = {
    **with_docx.MAKERS,
    **with_pptx.MAKERS,
    **with_xlsx.MAKERS,
    **with_reportlab.MAKERS,
    **with_text.MAKERS,
}
# Office files of the libraries that LibreOffice also makes PDFs, old formats and the like of.
_ALSO = {
    "docx_ja_notice.docx": ("pdf",),
    "docx_en_columns.docx": ("pdf",),
    "docx_ja_ruby_and_changes.docx": ("pdf",),
    "xlsx_openpyxl_ja_budget.xlsx": ("pdf", "csv"),
    "pptx_ja_slides.pptx": ("pdf",),
}


def make(folder: Path, names: Collection[str] | None = None, *, convert: bool = True) -> list[Path]:
    """Write the files of the set into `folder`, those of `names` only if it is given.

    Args:
        convert: also let LibreOffice make its files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for name, maker in MAKERS.items():
        if names is None or name in names:
            maker(folder / name)
            made.append(folder / name)
    if convert:
        made += _converted(folder)
    return sorted(made)


def _converted(folder: Path) -> list[Path]:
    sources = folder / "odf"
    sources.mkdir(exist_ok=True)
    wanted: dict[str, list[Path]] = {}
    for name, (maker, kinds) in with_odf.MAKERS.items():
        maker(sources / name)
        for kind in kinds:
            wanted.setdefault(kind, []).append(sources / name)
    for name, kinds in _ALSO.items():
        for kind in kinds:
            if (folder / name).exists():
                wanted.setdefault(kind, []).append(folder / name)
    made: list[Path] = []
    for kind, paths in wanted.items():
        results = libreoffice.convert(paths, kind, folder / "office", folder / "profile")
        for source, result in results.items():
            target = folder / f"office_{source.stem}.{kind}"
            made.append(result.rename(target))
    return made
