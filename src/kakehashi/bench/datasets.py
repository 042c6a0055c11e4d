r"""Evaluation sets, read where they lie; nothing of them is ever copied or shipped.

Formats of a folder given with ``--data`` (every file may also be ``.xz``-compressed):

- ``NAME.tsv``: one pair a line, ``en<TAB>ja``, used in both directions; further columns are
  ignored. ``NAME_en-ja.tsv`` beside ``NAME_ja-en.tsv`` are used in their own direction only.
- ``wmtNN/sources/*.{en-ja|ja-en}.src.LL``, ``references/*.ref.X.LL`` and, if there,
  ``system-outputs/*.hyp.SYSTEM.LL``: the layout in which WMT publishes its test sets.
- ``*.jsonl``: summaries, one ``{"lang", "text", "summary", "id"}`` a line.

Lines end at ``\n`` only: these texts contain U+2028 and other characters that Python also
takes for line ends.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kakehashi.bench.extras import sacrebleu
from kakehashi.errors import FileMissingError, FormatError, InputError

DIRECTIONS = ("en-ja", "ja-en")
ALIASES = {
    "ntrex": "ntrex_en-ja",
    "tatoeba": "tatoeba_test_heldout",
    "bsd": "bsd_dev",
    "salesforce": "salesforce_xml_dev",
}
BOTH_WAYS = frozenset({"ntrex_en-ja"})
"""Files whose name states the direction of their making but which are used both ways."""


@dataclass(frozen=True, slots=True)
class ParallelSet:
    """Segments with their references, in one direction.

    Attributes:
        name: as asked for, for example ``ntrex``.
        direction: ``en-ja`` or ``ja-en``.
        sources, references: same length, one segment each.
        systems: outputs that were published with the set, by system name.
    """

    name: str
    direction: str
    sources: tuple[str, ...]
    references: tuple[str, ...]
    systems: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def source_language(self) -> str:
        return self.direction[:2]

    @property
    def target_language(self) -> str:
        return self.direction[3:]

    def first(self, limit: int | None) -> ParallelSet:
        """The first `limit` segments (all if it is None)."""
        return replace(
            self,
            sources=self.sources[:limit],
            references=self.references[:limit],
            systems={name: lines[:limit] for name, lines in self.systems.items()},
        )


@dataclass(frozen=True, slots=True)
class SummarySet:
    """Documents of one language with their authors' own one-line summaries."""

    name: str
    language: str
    texts: tuple[str, ...]
    summaries: tuple[str, ...]


def read_lines(path: Path) -> list[str]:
    """Lines of a UTF-8 file (``.xz`` or plain), without their ends.

    Raises:
        FileMissingError: no such file.
        FormatError: damaged compression, or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise FileMissingError("there is no such file", where=str(path)) from None
    try:
        text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8-sig")
    except (lzma.LZMAError, EOFError) as error:
        raise FormatError(f"the xz compression is damaged ({error})", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8 at byte {error.start}", where=str(path)) from None
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _existing(path: Path) -> Path | None:
    """`path` itself or its compressed form, whichever is there."""
    packed = path.with_name(path.name + ".xz")
    return path if path.is_file() else packed if packed.is_file() else None


def _read_pairs(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns `en` and `ja` of a TSV."""
    english: list[str] = []
    japanese: list[str] = []
    for number, line in enumerate(read_lines(path), start=1):
        columns = line.split("\t")
        if len(columns) < 2:
            raise FormatError(
                "a line without a tab", where=f"{path}, line {number}", hint="expected: en<TAB>ja"
            )
        # NTREX keeps the carriage returns of its sources, in the middle of a line here.
        english.append(columns[0].strip("\r"))
        japanese.append(columns[1].strip("\r"))
    return tuple(english), tuple(japanese)


def _pairs_as_set(name: str, direction: str, path: Path) -> ParallelSet:
    english, japanese = _read_pairs(path)
    source, target = (english, japanese) if direction == "en-ja" else (japanese, english)
    return ParallelSet(name, direction, source, target)


def _from_tsv(name: str, folder: Path, direction: str) -> ParallelSet | None:
    stem = ALIASES.get(name, name)
    own = _existing(folder / f"{stem}_{direction}.tsv")
    if own:
        return _pairs_as_set(name, direction, own)
    both = _existing(folder / f"{stem}.tsv")
    if both is None:
        return None
    if stem.endswith(DIRECTIONS) and stem not in BOTH_WAYS and not stem.endswith(direction):
        return None
    return _pairs_as_set(name, direction, both)


def _one(folder: Path, pattern: str) -> Path | None:
    found = sorted([*folder.glob(pattern), *folder.glob(pattern + ".xz")])
    return found[0] if found else None


def _from_wmt(name: str, folder: Path, direction: str, systems: bool) -> ParallelSet | None:
    home = folder / name
    target = direction[3:]
    source = _one(home / "sources", f"*.{direction}.src.{direction[:2]}")
    reference = _one(home / "references", f"*.{direction}.ref.*.{target}")
    if source is None or reference is None:
        return None
    sources, references = read_lines(source), read_lines(reference)
    outputs: dict[str, tuple[str, ...]] = {}
    if systems:
        marker = f".{direction}.hyp."
        for path in sorted((home / "system-outputs").glob(f"*{marker}*")):
            system = path.name.removesuffix(".xz").split(marker)[1].rsplit(".", 1)[0]
            outputs[system] = tuple(read_lines(path))
    for what, lines in [(reference.name, references), *outputs.items()]:
        if len(lines) != len(sources):
            raise FormatError(
                f"{what} has {len(lines)} lines, the source has {len(sources)}", where=str(home)
            )
    return ParallelSet(name, direction, tuple(sources), tuple(references), outputs)


def _from_sacrebleu(name: str, direction: str) -> ParallelSet | None:
    library = sacrebleu("utils")
    sets = sacrebleu("dataset").DATASETS
    if name not in sets or direction not in sets[name].langpairs:
        return None
    source = library.get_source_file(name, direction)
    references = library.get_reference_files(name, direction)
    return ParallelSet(
        name, direction, tuple(read_lines(Path(source))), tuple(read_lines(Path(references[0])))
    )


def load_parallel(
    name: str, folders: Sequence[Path] = (), *, systems: bool = False
) -> list[ParallelSet]:
    """The set `name` in each direction it has, from the first folder that holds it.

    Without folders, sacrebleu's own download is used (the network, once).

    Raises:
        InputError: no folder holds the set, or sacrebleu does not know it.
        FormatError: a file of it does not have the format in the module's docstring.
        DependencyError: a download was asked for and sacrebleu is not installed.
    """
    for folder in folders:
        found = [
            one
            for direction in DIRECTIONS
            if (one := _from_tsv(name, folder, direction))
            or (one := _from_wmt(name, folder, direction, systems))
        ]
        if found:
            return found
    if folders:
        raise InputError(
            f"there is no evaluation set '{name}'",
            where=", ".join(map(str, folders)),
            hint="found there: " + (", ".join(available(folders)) or "nothing"),
        )
    downloaded = [one for d in DIRECTIONS if (one := _from_sacrebleu(name, d))]
    if not downloaded:
        raise InputError(
            f"sacrebleu knows no English-Japanese set '{name}'",
            hint="give a folder with --data, or ask for wmt20, wmt21 or wmt22",
        )
    return downloaded


def available(folders: Sequence[Path]) -> list[str]:
    """Names that `load_parallel` finds in these folders, sorted."""
    names: set[str] = set()
    short = {file: alias for alias, file in ALIASES.items()}
    for folder in folders:
        for path in [*folder.glob("*.tsv"), *folder.glob("*.tsv.xz")]:
            stem = path.name.removesuffix(".xz").removesuffix(".tsv")
            if stem in short:
                names.add(short[stem])
            elif "DOCUMENT_IDS" not in stem:
                names.add(stem.removesuffix("_en-ja").removesuffix("_ja-en"))
        names.update(path.parent.name for path in folder.glob("*/sources"))
    return sorted(names)


HELD_OUT_ONE_IN = 20


def held_out(document_id: str) -> bool:
    """Whether a document of the summarisation sets is kept for evaluation (one in twenty).

    The rule hangs on the id alone, so that training can leave the same documents out, both
    languages of a page fall on the same side, and new documents do not move old ones:
    the first 8 hex digits of sha256(id, UTF-8), as a number, divisible by 20.
    """
    digest = hashlib.sha256(document_id.encode("utf-8")).hexdigest()
    return int(digest[:8], 16) % HELD_OUT_ONE_IN == 0


def _summaries_of(path: Path) -> Iterator[tuple[str, str, str, str]]:
    for number, line in enumerate(read_lines(path), start=1):
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
            yield str(row["lang"]), str(row["text"]), str(row["summary"]), str(row["id"])
        except json.JSONDecodeError as error:
            raise FormatError(f"not JSON: {error.msg}", where=where) from None
        except (KeyError, TypeError) as error:
            raise FormatError(
                f"no field {error}", where=where, hint="expected: lang, text, summary, id"
            ) from None


def load_summaries(folders: Sequence[Path], limit: int | None = None) -> list[SummarySet]:
    """Held-out documents of every ``*.jsonl`` in the folders, by file and language.

    `limit` keeps the first so many of each file and language, in the order of the file.

    Raises:
        FormatError: a line is not JSON or lacks a field.
    """
    sets: list[SummarySet] = []
    for folder in folders:
        for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.xz")]):
            rows: dict[str, list[tuple[str, str]]] = {}
            for language, text, summary, document_id in _summaries_of(path):
                if held_out(document_id) and text.strip() and summary.strip():
                    rows.setdefault(language, []).append((text, summary))
            name = path.name.removesuffix(".xz").removesuffix(".jsonl")
            for language, pairs in sorted(rows.items()):
                kept = pairs[:limit]
                texts, summaries = zip(*kept, strict=True)
                sets.append(SummarySet(name, language, tuple(texts), tuple(summaries)))
    return sets
