"""Glossaries from files: TSV, CSV, xlsx, TMX and TBX, with everything that is odd by row.

A table has a column for English and one for Japanese, and may have more: part of speech, forbidden
words, a direction, a note. Several terms of a cell stand with ``|`` or ``;`` between them, the
preferred one first. The first row names the columns; without names the first two columns count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from kakehashi.errors import FormatError, InputError
from kakehashi.language.glossary import (
    DIRECTIONS,
    Direction,
    Entry,
    Glossary,
    language_of_term,
    term_key,
)
from kakehashi.language.glossary_rows import Row, read_rows
from kakehashi.language.results import Language
from kakehashi.language.terms import Kind

Column = Literal["en", "ja", "first", "second", "kind", "forbidden", "direction", "note"]
# How a column may be called, in lower case.
_NAMES: Final[dict[str, Column]] = {
    **dict.fromkeys(("en", "en-us", "en-gb", "english", "英語", "英"), "en"),
    **dict.fromkeys(("ja", "ja-jp", "jp", "japanese", "日本語", "和"), "ja"),
    **dict.fromkeys(("source", "term", "原語", "原文", "用語"), "first"),
    **dict.fromkeys(("target", "translation", "訳語", "訳文", "訳"), "second"),
    **dict.fromkeys(("part of speech", "pos", "品詞", "kind", "type", "種類"), "kind"),
    **dict.fromkeys(
        ("forbidden", "forbidden_ja", "forbidden_en", "do not use", "禁止", "禁止語", "使わない語"),
        "forbidden",
    ),
    **dict.fromkeys(("direction", "方向"), "direction"),
    **dict.fromkeys(("note", "notes", "comment", "備考", "メモ", "注", "注記"), "note"),
}
_KINDS: Final[dict[str, Kind]] = {
    "": "other",
    **dict.fromkeys(("noun", "n", "名詞", "普通名詞"), "noun"),
    **dict.fromkeys(
        ("name", "proper noun", "propernoun", "固有名詞", "人名", "地名", "組織名", "名称"), "name"
    ),
    **dict.fromkeys(("verb", "v", "動詞", "サ変", "サ変動詞"), "verb"),
    **dict.fromkeys(
        ("other", "adjective", "adj", "adverb", "adv", "形容詞", "副詞", "その他"), "other"
    ),
}
_LONG: Final = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one row.

    Attributes:
        place: file and row (or line).
        serious: the row, or a part of it, was left out.
        what: what is wrong, and what was done about it.
    """

    place: str
    serious: bool
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The entries of the files, and what was wrong with them."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def load_glossary(paths: Iterable[Path]) -> Glossary:
    """A glossary of one or more files; of one term in two files the first file is preferred.

    Rows with problems are left out: `read_glossary` says which.

    Raises:
        FileMissingError, EncodingError, FormatError, TooLargeError: a file cannot be read.
        InputError: a file has no entry at all.
    """
    entries: list[Entry] = []
    for path in paths:
        loaded = read_glossary(path)
        if not loaded.entries:
            first = f"; the first problem: {loaded.problems[0]}" if loaded.problems else ""
            raise InputError(
                f"there is no term in it{first}",
                where=str(path),
                hint="a glossary has a column 'en' and a column 'ja'",
            )
        entries += loaded.entries
    return Glossary(entries)


def read_glossary(path: Path) -> Loaded:
    """The entries of one file, and every problem by row. Raises as `load_glossary`."""
    problems: list[Problem] = []
    rows = read_rows(path)
    entries = [entry for entry in _entries(rows, path, problems) if entry is not None]
    problems += _clashes(entries)
    return Loaded(tuple(entries), tuple(problems))


def _entries(rows: Iterator[Row], path: Path, problems: list[Problem]) -> Iterator[Entry | None]:
    columns: list[Column | None] | None = None
    for row in rows:
        if not any(row.cells):
            continue
        if columns is None:
            named = _columns(row)
            columns = named or _unnamed(row)
            _check_columns(columns, row)
            if named:
                continue
        yield _entry(row, columns, problems)


def _columns(row: Row) -> list[Column | None] | None:
    """The columns that a first row names, or None if it names none."""
    found = [_NAMES.get(cell.strip().lower()) for cell in row.cells]
    return found if {"en", "ja", "first", "second"} & {one for one in found if one} else None


def _unnamed(row: Row) -> list[Column | None]:
    unnamed: list[Column | None] = ["first", "second", "note"]
    return unnamed[: len(row.cells)]


def _check_columns(columns: Sequence[Column | None], row: Row) -> None:
    pair = {"en", "ja"} <= set(columns) or {"first", "second"} <= set(columns)
    if not pair:
        raise FormatError(
            "there is no column for both languages",
            where=row.place,
            hint="name the columns 'en' and 'ja' in the first row",
        )
    for name in ("en", "ja", "first", "second", "kind", "direction"):
        if list(columns).count(name) > 1:
            raise FormatError(f"the column '{name}' is there twice", where=row.place)


def _entry(row: Row, columns: Sequence[Column | None], problems: list[Problem]) -> Entry | None:
    def wrong(what: str, *, serious: bool = True) -> None:
        problems.append(Problem(row.place, serious, what))

    cells: dict[str, str] = {}
    for name, cell in zip(columns, row.cells, strict=False):
        if name is not None:
            cells[name] = f"{cells[name]}|{cell}" if cells.get(name) else cell
    texts = _texts(cells, wrong)
    if texts is None:
        return None
    kind = _KINDS.get(cells.get("kind", "").strip().lower())
    if kind is None:
        wrong(f"the part of speech '{cells['kind'].strip()}' is not known; "
              "noun, name, verb or other", serious=False)  # fmt: skip
    told = cells.get("direction", "").strip().lower().replace("→", "-").replace(">", "-")
    directions: tuple[Direction, ...] = tuple(one for one in DIRECTIONS if one == told)
    if told in ("", "both", "両方"):
        directions = DIRECTIONS
    if not directions:
        wrong(f"the direction '{told}' is not known; en-ja, ja-en or both; the row is left out")
        return None
    for one in (*texts["en"], *texts["ja"]):
        if len(one) > _LONG:
            wrong(f"'{one[:20]}…' has {len(one)} characters: a sentence belongs into the "
                  "translation memory", serious=False)  # fmt: skip
    for one in texts["ja"]:
        if len(one) == 1:
            wrong(f"'{one}' is a single character and matches only where it is a word of its own",
                  serious=False)  # fmt: skip
    return Entry(
        texts["en"], texts["ja"], kind or "other", directions,
        split_terms(cells.get("forbidden", "")), cells.get("note", "").strip(), row.place,
    )  # fmt: skip


def _texts(
    cells: dict[str, str], wrong: Callable[[str], None]
) -> dict[Language, tuple[str, ...]] | None:
    """The terms of a row by language."""
    if "en" in cells or "ja" in cells:
        texts: dict[Language, tuple[str, ...]] = {
            "en": split_terms(cells.get("en", "")),
            "ja": split_terms(cells.get("ja", "")),
        }
        mixed = [one for one in texts["en"] if language_of_term(one) == "ja"]
        if mixed:
            wrong(f"'{mixed[0]}' is Japanese in the column for English; the row is left out")
            return None
    else:
        first, second = (split_terms(cells.get(name, "")) for name in ("first", "second"))
        swap = any(language_of_term(one) == "ja" for one in first)
        if swap and any(language_of_term(one) == "ja" for one in second):
            wrong("both terms are Japanese; the row is left out")
            return None
        texts = {"en": second, "ja": first} if swap else {"en": first, "ja": second}
    for language, name in (("en", "English"), ("ja", "Japanese")):
        if not texts[language]:  # type: ignore[index]
            wrong(f"the {name} term is missing; the row is left out")
            return None
    return texts


def split_terms(cell: str) -> tuple[str, ...]:
    """The terms of a cell, each once."""
    for sign in ";；｜\n":
        cell = cell.replace(sign, "|")
    return tuple(dict.fromkeys(" ".join(one.split()) for one in cell.split("|") if one.strip()))


def _clashes(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Rows that say the same twice, or something else about the same term."""
    for direction in DIRECTIONS:
        source, target = direction.split("-")
        seen: dict[str, Entry] = {}
        for entry in entries:
            if direction not in entry.directions:
                continue
            ends = {"en": entry.en, "ja": entry.ja}
            for text in ends[source]:
                first = seen.setdefault(term_key(text), entry)
                if first is entry:
                    continue
                before = {"en": first.en, "ja": first.ja}[target]
                row = first.place.rpartition(", ")[2]
                if set(map(term_key, before)) == set(map(term_key, ends[target])):
                    if direction == entry.directions[0]:
                        yield Problem(entry.place, False, f"'{text}' is there already ({row})")
                else:
                    yield Problem(
                        entry.place,
                        False,
                        f"'{text}' is '{before[0]}' in {row} and '{ends[target][0]}' here; "
                        f"both are accepted, '{before[0]}' is preferred",
                    )
