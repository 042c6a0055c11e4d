"""The proof over the set: identity, pseudo-translation, and what must hold after each."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pptx
import pypdfium2  # type: ignore[import-untyped]

from kakehashi.documents import FORMATS, Document, Mark, Segment, open_document
from kakehashi.errors import KakehashiError
from tests.documents.office_set import libreoffice, package_checks, pictures

OFFICE: Final = ("docx", "pptx", "xlsx")
# Share of the dots of a page: fonts are drawn the same twice, so anything more is a change.
TOLERANCE: Final = 0.002


@dataclass(slots=True)
class Result:
    """What was found for one file; empty `faults` is a pass."""

    name: str
    segments: int = 0
    skipped: str = ""
    faults: list[str] = field(default_factory=list)
    references: int = 0
    broken: int = 0
    runs: int = 0
    runs_kept: int = 0
    lost_runs: list[str] = field(default_factory=list)
    dots: float = -1.0


def identity(segment: Segment) -> tuple[str, tuple[Mark, ...]]:
    """The segment as it is."""
    return segment.text, segment.marks


def pseudo(segment: Segment) -> tuple[str, tuple[Mark, ...]]:
    """Every stretch between two borders of marks in brackets, what is protected as it is."""
    text = segment.text
    borders = sorted({0, len(text), *(b for m in segment.marks for b in (m.start, m.end))})
    moved = {0: 0}
    new = ""
    for start, end in pairwise(borders):
        stretch = text[start:end]
        kept = any(m.protected and m.start <= start and end <= m.end for m in segment.marks)
        new += stretch if kept or not stretch.strip() else f"〔{stretch}〕"
        moved[end] = len(new)
    marks = tuple(Mark(moved[m.start], moved[m.end], m.key, m.protected) for m in segment.marks)
    return new, marks


def prove(
    files: Sequence[Path], folder: Path, say: Callable[[str], None], *, office: bool = True
) -> list[Result]:
    """Translate every file twice and check what came out.

    Args:
        files: the set.
        folder: where the results go.
        say: told what is being done.
        office: also open and draw the results with LibreOffice.
    """
    results = {path: Result(path.name) for path in files}
    made: dict[str, dict[Path, Path]] = {}
    for name, change in (("identity", identity), ("pseudo", pseudo)):
        say(f"{name}: {len(files)} files")
        made[name] = {}
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in files:
            target = _translated(path, folder / name, change, results[path])
            if target is not None:
                made[name][path] = target
    for path, target in made["identity"].items():
        _check_identity(path, target, results[path])
    for path, target in made["pseudo"].items():
        _check_pseudo(path, target, results[path])
    if office and libreoffice.PROGRAM is not None:
        _draw(made, folder, results, say)
    return list(results.values())


def _translated(
    path: Path,
    folder: Path,
    change: Callable[[Segment], tuple[str, tuple[Mark, ...]]],
    result: Result,
) -> Path | None:
    format = path.suffix[1:]
    if format not in FORMATS:
        result.skipped = f"{format} is not read"
        return None
    try:
        document: Document = open_document(path)
        for segment in document.segments:
            text, marks = change(segment)
            document.replace(segment.id, text, marks)
        result.segments = len(document.segments)
        target = folder / (path.stem + (".docx" if format == "pdf" else path.suffix))
        if format == "pdf":
            target = folder / f"{path.stem}_pdf.docx"
            document.save(folder / f"{path.stem}_two.pdf")
        document.save(target)
    except KakehashiError as error:
        result.faults.append(f"{folder.name}: {error}")
        return None
    fault = _opens(target)
    if fault:
        result.faults.append(f"{folder.name}: {fault}")
        return None
    return target


def _opens(path: Path) -> str:
    """Why the format's own library does not open `path`; empty if it does."""
    openers: dict[str, Callable[[str], Any]] = {
        ".docx": docx.Document,
        ".pptx": pptx.Presentation,
        ".xlsx": openpyxl.load_workbook,
    }
    opener = openers.get(path.suffix)
    if opener is None:
        return ""
    try:
        opener(str(path))
    except Exception as error:  # noqa: BLE001 - whatever the library says is the finding
        return f"does not open: {type(error).__name__}: {error}"
    return ""


def _check_identity(path: Path, target: Path, result: Result) -> None:
    if path.suffix == ".pdf":
        missing = _missing_letters(path, target)
        if missing:
            result.faults.append(f"identity: letters of the PDF are missing: {missing}")
    elif path.suffix[1:] not in OFFICE and target.read_bytes() != path.read_bytes():
        result.faults.append("identity: bytes changed")
    elif path.suffix == ".xlsx":
        _same_workbook(path, target, "identity", result)


def _check_pseudo(path: Path, target: Path, result: Result) -> None:
    kind = path.suffix[1:]
    if kind not in OFFICE:
        return
    before, after = package_checks.references(path), package_checks.references(target)
    gone = before - after
    result.references += sum(before.values())
    result.broken += sum(gone.values())
    result.faults += [f"pseudo: lost reference {one}" for one in gone]
    if kind == "xlsx":
        _same_workbook(path, target, "pseudo", result)
        runs = package_checks.rich_cells(path, target)
    else:
        runs = package_checks.runs(path, target)
    result.runs, result.runs_kept = runs.checked, runs.kept
    result.lost_runs = list(runs.lost)


def _same_workbook(path: Path, target: Path, name: str, result: Result) -> None:
    before, after = package_checks.workbook(path), package_checks.workbook(target)
    result.references += len(before)
    for place, value in before.items():
        # A formula may follow the words that it names: =VLOOKUP("Letter",…), a table's column.
        if _plain(after.get(place, "")) != _plain(value):
            result.broken += 1
            result.faults.append(f"{name}: {place} was {value!r}, is {after.get(place)!r}")


def _plain(text: str) -> str:
    return re.sub("[〔〕]", "", text)


def _missing_letters(path: Path, target: Path) -> str:
    """Letters of the PDF's text that the docx has not (page headers stand there only once)."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()
    with io.BytesIO(target.read_bytes()) as file:
        whole = docx.Document(file)
    section = whole.sections[0]
    parts = (whole.element, section.header._element, section.footer._element)
    body = " ".join(part.xml for part in parts) + " Page"  # a field counts the pages
    missing = []
    for page in pages:
        words = [w for w in page.replace("\ufffe", "").split() if len(w) > 3 and w.isalpha()]
        missing += [w for w in words if w.isascii() and w not in body]
    # A word at the end of a line may have lost its hyphen.
    return (
        " ".join(missing[:10])
        if len(missing) > 0.02 * max(1, sum(len(p.split()) for p in pages))
        else ""
    )


def _recalculate(
    made: dict[Path, Path], folder: Path, profile: Path, results: dict[Path, Result]
) -> None:
    """Let LibreOffice compute the translated workbooks: no formula may have become an error."""
    books = {path: target for path, target in made.items() if path.suffix == ".xlsx"}
    before = libreoffice.convert(list(books), "xlsx", folder / "computed", profile)
    after = libreoffice.convert(list(books.values()), "xlsx", folder / "computed_pseudo", profile)
    for path, target in books.items():
        if path not in before or target not in after:
            continue  # said elsewhere
        old, new = package_checks.errors(before[path]), package_checks.errors(after[target])
        for place in sorted(new.keys() - old.keys()):
            results[path].broken += 1
            results[path].faults.append(f"pseudo: {place} computes to {new[place]}")


def _draw(
    made: dict[str, dict[Path, Path]],
    folder: Path,
    results: dict[Path, Result],
    say: Callable[[str], None],
) -> None:
    """Open everything in LibreOffice, and compare the pages of the identity with the original's."""
    profile = folder / "profile"
    kinds = tuple(f".{kind}" for kind in OFFICE)
    originals = [path for path in made["identity"] if path.suffix in kinds]
    say(f"LibreOffice draws {len(originals)} originals")
    first = libreoffice.convert(originals, "pdf", folder / "drawn", profile)
    say("LibreOffice computes the workbooks")
    _recalculate(made["pseudo"], folder, profile, results)
    for name in ("identity", "pseudo"):
        files = [target for target in made[name].values() if target.suffix in kinds]
        say(f"LibreOffice draws {len(files)} files of {name}")
        drawn = libreoffice.convert(files, "pdf", folder / f"drawn_{name}", profile)
        for path, target in made[name].items():
            if target.suffix not in kinds:
                continue
            if target not in drawn:
                results[path].faults.append(f"{name}: LibreOffice does not open it")
            elif name == "identity" and path in first:
                share = pictures.difference(first[path], drawn[target])
                results[path].dots = share
                if share > TOLERANCE:
                    what = f"identity: a page looks different ({share:.2%} of its dots)"
                    results[path].faults.append(what)
