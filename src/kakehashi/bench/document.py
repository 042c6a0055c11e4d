"""What a document costs beyond its sentences: the same text bare and inside a Word file.

A docx of about so many pages is made of our own sentences, each only once. Its paragraphs are
translated by the bare translator and, as a document, in the same process with the same engine, in
turns; then the product's own command translates the file in a process of its own, whose memory is
watched.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import docx
import psutil

from kakehashi.bench import machine
from kakehashi.bench.machine import child_environment, memory_of
from kakehashi.bench.speed import shipped_texts
from kakehashi.bench.spread import Spread, spread_of
from kakehashi.documents import open_document
from kakehashi.engine.base import Engine
from kakehashi.engine.manifest import Manifest
from kakehashi.errors import EngineError
from kakehashi.language.document import translate_document
from kakehashi.language.translate import Translator

# A page of Word's default layout holds about six paragraphs of four such sentences.
SENTENCES_PER_PARAGRAPH = 4
PARAGRAPHS_PER_PAGE = 6
_POLL_SECONDS = 0.02

COMMAND = ("-m", "kakehashi", "translate", "--to", "ja")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What was measured.

    Attributes:
        pages, paragraphs, characters: of the document.
        throughput: seconds of the bare translator ÷ seconds of the document path.
        peak_bytes: most resident memory of ``kakehashi translate FILE.docx``.
    """

    pages: int
    paragraphs: int
    characters: int
    throughput: Spread
    peak_bytes: int

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "throughput": self.throughput.as_dict()}


def paragraphs(pages: int) -> list[str]:
    """English paragraphs for so many pages; no sentence comes twice."""
    own = shipped_texts().english
    wanted = pages * PARAGRAPHS_PER_PAGE * SENTENCES_PER_PARAGRAPH
    sentences = [
        own[n % len(own)]
        if n < len(own)
        else f"In ward {n // len(own)}, {own[n % len(own)][0].lower()}{own[n % len(own)][1:]}"
        for n in range(wanted)
    ]
    step = SENTENCES_PER_PARAGRAPH
    return [" ".join(sentences[at : at + step]) for at in range(0, wanted, step)]


def make_docx(texts: list[str], path: Path) -> None:
    """A Word file with these paragraphs, a heading now and then, and a bold word in each."""
    made = docx.Document()
    for number, text in enumerate(texts):
        if number % 20 == 0:
            made.add_heading(f"Chapter {number // 20 + 1}", level=1)
        first, _, rest = text.partition(" ")
        paragraph = made.add_paragraph()
        paragraph.add_run(first).bold = True
        paragraph.add_run(" " + rest)
    made.save(str(path))


def measure_document(
    engine: Engine,
    manifest: Manifest,
    model: Path,
    *,
    pages: int = 30,
    rounds: int = 3,
    say: Say = lambda line: None,
) -> DocumentResult:
    """Measure throughput, in turns over `rounds` parts of the text, and memory of the whole.

    Raises:
        EngineError: the engine or the command failed.
    """
    texts = paragraphs(pages)
    translator = Translator(engine, manifest)
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        share = len(texts) // rounds
        for number in range(rounds):
            part = texts[number * share : (number + 1) * share]
            path = Path(folder, f"part{number}.docx")
            make_docx(part, path)
            document = open_document(path)
            bare_texts = [segment.text for segment in document.segments]

            def bare(texts: list[str] = bare_texts) -> None:
                translator.translate_batch(texts, "ja")

            def whole(path: Path = path) -> None:
                document = open_document(path)
                for _ in translate_document(translator, document, "ja"):
                    pass
                document.save(path.with_suffix(".ja.docx"))

            seconds: dict[str, float] = {}
            order: list[tuple[str, Callable[[], None]]] = [("bare", bare), ("document", whole)]
            for name, work in order if number % 2 == 0 else order[::-1]:
                started = time.perf_counter()
                work()
                seconds[name] = time.perf_counter() - started
            ratios.append(seconds["bare"] / seconds["document"])
            say(f"part {number + 1} of {rounds}: document path at {ratios[-1]:.1%} of the bare one")
        path = Path(folder, "whole.docx")
        make_docx(texts, path)
        say(f"the whole document ({len(texts)} paragraphs) through 'kakehashi translate'")
        peak = _peak(path, model)
    return DocumentResult(pages, len(texts), sum(map(len, texts)), spread_of(ratios), peak)


def _peak(path: Path, model: Path) -> int:
    """Most resident memory of the command on `path`, in bytes."""
    output = path.with_suffix(".ja.docx")
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "kakehashi",
            "translate",
            str(path),
            "--to",
            "ja",
            "-o",
            str(output),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=child_environment(KAKEHASHI_MODEL=str(model)),
    )
    peak = 0
    try:
        while child.poll() is None:
            try:
                peak = max(peak, memory_of(child.pid)["peak_bytes"])
            except psutil.NoSuchProcess:  # it ended between two looks
                break
            time.sleep(_POLL_SECONDS)
        _, errors = child.communicate()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if not output.is_file():
        raise EngineError(
            "'kakehashi translate' wrote no document", where=path.name, hint=errors[-500:]
        )
    return peak


def as_table(result: DocumentResult) -> str:
    """The figures for a terminal."""
    about = machine.describe()
    ratio = result.throughput
    return (
        f"{result.pages} pages, {result.paragraphs} paragraphs, {result.characters:,} characters\n"
        f"throughput, document ÷ bare translator: {ratio.median:.1%} "
        f"(quartiles {ratio.quartile_1:.1%} to {ratio.quartile_3:.1%})\n"
        f"resident memory of 'translate', peak: {result.peak_bytes / 1e6:.0f} MB\n"
        f"{about['cpu']}, {about['threads']} threads, {about['date']}"
    )
