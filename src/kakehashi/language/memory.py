"""The translation memory: what was translated before, by whom, and what is like it.

An exact match (see `memory_keys` for what is the same) beats the model, a person's translation
beats an imported one, that one beats a model's, and the newest is taken of equals. Other entries
that are like enough are listed for a person, never used by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kakehashi.errors import InputError
from kakehashi.language.glossary import DIRECTIONS, Direction
from kakehashi.language.memory_index import Index
from kakehashi.language.memory_keys import (
    cleaned,
    digits,
    exchanged,
    key_of,
    number_pairs,
    shape_of,
    with_end_of,
)
from kakehashi.language.memory_store import Store
from kakehashi.language.results import Language, MatchOrigin, MemoryMatch

if TYPE_CHECKING:
    import sqlite3

DEFAULT_THRESHOLD: Final = 70.0
"""Lowest score of a match that is listed: at 70 about every third word may be another one."""
_RANK: Final = "CASE origin WHEN 'person' THEN 0 WHEN 'import' THEN 1 ELSE 2 END"
_COLUMNS: Final = "id, direction, source, target, origin, who, changed"
_SHORTEST: Final = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry.

    Attributes:
        direction: "en-ja" or "ja-en".
        source, target: the texts.
        origin: a person wrote it, it was imported, or a model made it.
        who: who wrote it; empty if nobody said.
        changed: when, UTC (``2024-04-15T09:30:00Z``); empty: when it is added.
        id: in this memory; 0 before it is added.
    """

    direction: Direction
    source: str
    target: str
    origin: MatchOrigin = "import"
    who: str = ""
    changed: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What the memory knows about a sentence; `exact` is the first of `matches` if there is one."""

    exact: MemoryMatch | None = None
    matches: tuple[MemoryMatch, ...] = ()


class TranslationMemory:
    """A translation memory in an SQLite file, made when it does not exist.

    Processes may share the file. Close it, or use it in a `with` block.

    Args:
        path: the file.
        threshold: lowest score (0 to 100) of a match that is listed.
        limit: most matches that are listed for a sentence.

    Raises:
        InputError, FormatError, OutputError: see `memory_store.Store`.
    """

    def __init__(
        self, path: str | Path, *, threshold: float = DEFAULT_THRESHOLD, limit: int = 3
    ) -> None:
        if not 0 < threshold <= 100:
            raise InputError(
                f"a threshold is between 1 and 100, not {threshold:g}", hint="70 is usual"
            )
        self.threshold = threshold
        self._limit = limit
        self._store = Store(Path(path))
        self._indices: dict[Direction, Index] = {}
        self._indexed = (-1, -1)

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    def add(
        self,
        source: str,
        target: str,
        to: Language,
        *,
        origin: MatchOrigin = "person",
        who: str = "",
    ) -> None:
        """Keep a translation. Raises InputError if one of the texts is empty."""
        self.add_all([Unit(direction_to(to), source, target, origin, who)])

    def correct(self, source: str, target: str, to: Language, *, who: str = "") -> None:
        """Keep a person's translation in the place of a model's and of an earlier correction."""
        unit = _checked(Unit(direction_to(to), source, target, "person", who))
        with self._store.writing() as connection:
            connection.execute(
                "DELETE FROM unit WHERE direction = ? AND key = ? AND target <> ?"
                " AND origin IN ('person', 'model')",
                (unit.direction, key_of(unit.source), unit.target),
            )
            _insert(connection, "unit", [unit])

    def add_all(self, units: Iterable[Unit]) -> int:
        """Add many entries, all of them or none; returns how many there were.

        An entry that is there already keeps the better origin. `units` is read to its end before
        the file is locked, and never held in memory as a whole.

        Raises:
            InputError: an entry has an empty text. Whatever reading `units` raises.
        """
        with self._store.reading() as connection:
            connection.execute("PRAGMA temp_store = FILE")
            connection.execute("DROP TABLE IF EXISTS temp.fresh")
            connection.execute(
                "CREATE TEMP TABLE fresh (direction, source, target, key, shape, origin, who,"
                " changed, UNIQUE (direction, key, target))"
            )
            connection.execute("BEGIN")  # of the temporary file only
            try:
                count = _insert(connection, "temp.fresh", (_checked(one) for one in units))
            finally:
                connection.execute("COMMIT")
            with self._store.writing():
                connection.execute(
                    "INSERT INTO unit (direction, source, target, key, shape, origin, who, changed)"
                    " SELECT direction, source, target, key, shape, origin, who, changed"
                    f" FROM temp.fresh ORDER BY rowid {_UPSERT}"
                )
            connection.execute("DROP TABLE temp.fresh")
        return count

    def exact(self, text: str, to: Language) -> MemoryMatch | None:
        """The translation of a text that is in the memory, or of one that has other numbers."""
        key = key_of(text)
        direction = direction_to(to)
        with self._store.reading() as connection:
            rows = connection.execute(
                f"SELECT source, target, origin, key FROM unit WHERE direction = ? AND shape = ?"
                f" ORDER BY key <> ?, {_RANK}, changed DESC, id DESC LIMIT 50",
                (direction, shape_of(key), key),
            ).fetchall()
        for source, target, origin, theirs in rows:
            pairs = number_pairs(key, theirs) if key != theirs else ()
            made = exchanged(key, theirs, target, to) if pairs else target
            if made is not None:
                made = with_end_of(made, text, source, to)
                return MemoryMatch(source, made, 100.0, origin, pairs)
        return None

    def look_up(self, text: str, to: Language) -> Found:
        """The exact match of a text, or else what is like it."""
        exact = self.exact(text, to)
        return Found(exact, (exact,)) if exact is not None else Found(None, self.like(text, to))

    def like(self, text: str, to: Language) -> tuple[MemoryMatch, ...]:
        """Entries whose source is like `text`, the best first.

        The score is rapidfuzz's ratio of the keys (100 minus the share of characters to be
        inserted or deleted), below 100 even where only numbers differ. A text of fewer than 5
        characters is like nothing.
        """
        key = key_of(text)
        if len(key) < _SHORTEST:
            return ()
        matches = []
        with self._store.reading() as connection:
            index = self._index(direction_to(to))
            for unit_id, theirs, score in index.like(key, self.threshold, self._limit):
                source, target, origin = connection.execute(
                    "SELECT source, target, origin FROM unit WHERE id = ?", (unit_id,)
                ).fetchone()
                score = min(round(score, 1), 99.0)
                matches.append(MemoryMatch(source, target, score, origin, _other(key, theirs)))
        return tuple(matches)

    def _index(self, direction: Direction) -> Index:
        """The index of a direction as the file is now."""
        with self._store.reading() as connection:
            state = self._store.state()
            if state != self._indexed:
                self._indices, self._indexed = {}, state
            if direction not in self._indices:
                rows = connection.execute(
                    f"SELECT id, key FROM unit WHERE direction = ? ORDER BY {_RANK}, id DESC",
                    (direction,),
                ).fetchall()
                self._indices[direction] = Index([row[0] for row in rows], [row[1] for row in rows])
            return self._indices[direction]

    def units(self, direction: Direction | None = None) -> Iterator[Unit]:
        """All entries in the order in which they were added; read in parts, others may write."""
        last = 0
        while True:
            with self._store.reading() as connection:
                rows = connection.execute(
                    f"SELECT {_COLUMNS} FROM unit WHERE id > ? AND direction LIKE ?"
                    " ORDER BY id LIMIT 1000",
                    (last, direction or "%"),
                ).fetchall()
            if not rows:
                return
            for row in rows:
                yield _unit(row)
            last = rows[-1][0]

    def containing(self, text: str, limit: int = 20) -> list[Unit]:
        """Entries with `text` in their source or target, in capitals or not, the newest first."""
        pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        with self._store.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM unit WHERE source LIKE ? ESCAPE '\\'"
                " OR target LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ?",
                (pattern, pattern, limit),
            ).fetchall()
        return [_unit(row) for row in rows]

    def counts(self) -> dict[tuple[Direction, MatchOrigin], int]:
        """How many entries there are, by direction and origin."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT direction, origin, count(*) FROM unit GROUP BY 1, 2 ORDER BY 1, 2"
            ).fetchall()
        return {(direction, origin): count for direction, origin, count in rows}

    def __len__(self) -> int:
        return sum(self.counts().values())

    def remove(self, unit_id: int) -> bool:
        """Delete an entry by its number; False if there is none."""
        with self._store.writing() as connection:
            return connection.execute("DELETE FROM unit WHERE id = ?", (unit_id,)).rowcount > 0

    def remove_source(self, source: str, to: Language) -> int:
        """Delete every translation of a source; returns how many there were."""
        with self._store.writing() as connection:
            return connection.execute(
                "DELETE FROM unit WHERE direction = ? AND key = ?",
                (direction_to(to), key_of(source)),
            ).rowcount

    def close(self) -> None:
        """Close the file; may be called more than once."""
        self._store.close()

    def __enter__(self) -> TranslationMemory:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


_UPSERT: Final = f"""
    ON CONFLICT (direction, key, target) DO UPDATE SET
        source = excluded.source, origin = excluded.origin, who = excluded.who,
        changed = excluded.changed
    WHERE {_RANK.replace("origin", "excluded.origin")} <= {_RANK.replace("origin", "unit.origin")}
"""


def direction_to(to: Language) -> Direction:
    """The direction that ends in a language."""
    return DIRECTIONS[0] if to == "ja" else DIRECTIONS[1]


def _checked(unit: Unit) -> Unit:
    source, target = cleaned(unit.source), cleaned(unit.target)
    if not source.strip() or not target.strip():
        raise InputError(
            "an entry of the translation memory has no text",
            where=(source or target).strip()[:40],
            hint="give a source and its translation",
        )
    changed = unit.changed or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Unit(unit.direction, source, target, unit.origin, cleaned(unit.who), changed)


def _insert(connection: sqlite3.Connection, table: str, units: Iterable[Unit]) -> int:
    upsert = _UPSERT if table == "unit" else _UPSERT.replace("unit.", "fresh.")
    count = 0
    for unit in units:
        key = key_of(unit.source)
        connection.execute(
            f"INSERT INTO {table} (direction, source, target, key, shape, origin, who, changed)"
            f" VALUES (?, ?, ?, ?, ?, ?, ?, ?) {upsert}",
            (
                unit.direction, unit.source, unit.target, key, shape_of(key), unit.origin,
                unit.who, unit.changed,
            ),
        )  # fmt: skip
        count += 1
    return count


def _unit(row: tuple[int, Direction, str, str, MatchOrigin, str, str]) -> Unit:
    unit_id, direction, source, target, origin, who, changed = row
    return Unit(direction, source, target, origin, who, changed, unit_id)


def _other(ours: str, theirs: str) -> tuple[tuple[str, str], ...]:
    """Numbers in which two sentences differ, as (theirs, ours); pairs if the shapes are one."""
    if shape_of(ours) == shape_of(theirs):
        return number_pairs(ours, theirs)
    mine, old = digits(ours), digits(theirs)
    return (
        *((one, "") for one in (old - mine).elements()),
        *(("", one) for one in (mine - old).elements()),
    )
