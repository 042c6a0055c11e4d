"""TMX 1.4, the exchange format of translation memories, in and out.

Read as a stream, so that hundreds of megabytes need no memory. Nothing outside of the file is ever
fetched, and a file that declares entities is refused. Formatting inside a text (bpt, ept, ph, it,
ut) is left out and counted; text that is only highlighted (hi) is kept.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from kakehashi.errors import FileMissingError, FormatError, OutputError
from kakehashi.language.glossary import DIRECTIONS, Direction
from kakehashi.language.memory import Unit
from kakehashi.language.results import Language, MatchOrigin

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NATIVE: Final = frozenset(("bpt", "ept", "ph", "it", "ut"))
_ORIGIN_PROP: Final = "x-kakehashi-origin"
_ORIGINS: Final[dict[str, MatchOrigin]] = {
    "person": "person",
    "import": "import",
    "model": "model",
}


@dataclass(slots=True)
class Read:
    """What was found while a file was read.

    Attributes:
        units: translation units of the file.
        pairs: entries that came of them.
        flattened: inline tags that were left out, by name.
        skipped: units without text in both languages.
        languages: other languages that were passed over, by code.
    """

    units: int = 0
    pairs: int = 0
    flattened: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    languages: Counter[str] = field(default_factory=Counter)


def language_of(code: str) -> Language | None:
    """``en``, ``EN-US``, ``ja_JP`` → "en" or "ja"; None for another language."""
    main = code.strip().lower().replace("_", "-").partition("-")[0]
    if main in ("en", "eng"):
        return "en"
    return "ja" if main in ("ja", "jpn") else None


def read_tmx(path: Path, seen: Read | None = None, *, both: bool = False) -> Iterator[Unit]:
    """The entries of a TMX file, one for every pair of texts in it.

    Args:
        path: the file.
        seen: filled while it is read.
        both: entries for both directions, not only from the file's source language.

    Raises:
        FileMissingError: there is no such file.
        FormatError: it is no TMX, is damaged (with the line), or declares entities.
    """
    seen = Read() if seen is None else seen
    if not path.is_file():
        raise FileMissingError("there is no such file", where=str(path), hint="check the path")
    with path.open("rb") as file:
        yield from _read(file, path, seen, both=both)


def _read(file: IO[bytes], path: Path, seen: Read, *, both: bool) -> Iterator[Unit]:
    parser = etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    header: Direction | None = None
    root = True
    try:
        for event, element in parser:
            if not isinstance(element.tag, str):
                continue
            tag = _name(element)
            if event == "start":
                if root:
                    _check_root(element, path)
                    root = False
                elif tag == "header":
                    header = _direction(element.get("srclang", ""))
            elif tag == "tu":
                yield from _unit(element, header, seen, both=both)
                _forget(element)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise FormatError(
            f"the file is damaged: {error.msg}",
            where=f"{path}, line {line}",
            hint="nothing was taken from it; export it again from the program that made it",
        ) from None
    if root:
        raise FormatError("the file is empty", where=str(path))


def _check_root(element: Any, path: Path) -> None:
    if _name(element) != "tmx":
        raise FormatError(
            f"this is no TMX file: it begins with <{_name(element)}>",
            where=f"{path}, line {element.sourceline}",
            hint="give a file with the ending .tmx",
        )
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise FormatError(
            "the file declares entities, which are not read",
            where=f"{path}, line {element.sourceline}",
            hint="export it without them",
        )


def _unit(element: Any, header: Direction | None, seen: Read, *, both: bool) -> Iterator[Unit]:
    seen.units += 1
    texts: dict[Language, list[tuple[str, Any]]] = {"en": [], "ja": []}
    for variant in element:
        if not isinstance(variant.tag, str) or _name(variant) != "tuv":
            continue
        code = variant.get(_LANG) or variant.get("lang") or ""
        language = language_of(code)
        if language is None:
            seen.languages[code] += 1
            continue
        for part in variant:
            if isinstance(part.tag, str) and _name(part) == "seg":
                text = _text(part, seen.flattened)
                if text.strip():
                    texts[language].append((text, variant))
    if not texts["en"] or not texts["ja"]:
        seen.skipped += 1
        return
    told = _direction(element.get("srclang", "")) if element.get("srclang") else header
    directions = DIRECTIONS if both or told is None else (told,)
    origin = _ORIGINS.get(
        next(
            (prop.text or "" for prop in element
             if isinstance(prop.tag, str) and _name(prop) == "prop"
             and prop.get("type") == _ORIGIN_PROP), "",
        ),
        "import",
    )  # fmt: skip
    for direction in directions:
        source, target = _ends(direction)
        for before, _ in texts[source]:
            for after, variant in texts[target]:
                seen.pairs += 1
                yield Unit(
                    direction, before, after, origin,
                    _attribute("changeid", variant, element)
                    or _attribute("creationid", variant, element),
                    _date(
                        _attribute("changedate", variant, element)
                        or _attribute("creationdate", variant, element)
                    ),
                )  # fmt: skip


def _attribute(name: str, *elements: Any) -> str:
    return next((value for one in elements if (value := one.get(name))), "")


def _text(element: Any, flattened: Counter[str]) -> str:
    """The text of a seg without native codes."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            name = _name(child)
            if name in _NATIVE:
                flattened[name] += 1
            else:
                parts.append(_text(child, flattened))
        parts.append(child.tail or "")
    return "".join(parts)


def _forget(element: Any) -> None:
    """Free an element and all before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _direction(code: str) -> Direction | None:
    language = language_of(code)
    return None if language is None else ("en-ja" if language == "en" else "ja-en")


def _ends(direction: Direction) -> tuple[Language, Language]:
    return ("en", "ja") if direction == "en-ja" else ("ja", "en")


def _date(text: str) -> str:
    """``20240415T093000Z`` → ``2024-04-15T09:30:00Z``; empty if it is nothing of the kind."""
    digits = text[:8] + text[9:15]
    if len(text) != 16 or text[8] != "T" or text[15] != "Z" or not digits.isdecimal():
        return ""
    return f"{text[:4]}-{text[4:6]}-{text[6:11]}:{text[11:13]}:{text[13:]}"


def write_tmx(file: IO[bytes], units: Iterable[Unit], *, version: str) -> int:
    """Write entries as TMX 1.4; returns how many. `version` is that of the program."""
    count = 0
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        xml.write_doctype('<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
        with xml.element("tmx", version="1.4"):
            header = {
                "creationtool": "kakehashi",
                "creationtoolversion": version,
                "segtype": "sentence",
                "o-tmf": "kakehashi",
                "adminlang": "en",
                "srclang": "*all*",
                "datatype": "plaintext",
            }
            with xml.element("header", header):
                pass
            with xml.element("body"):
                for unit in units:
                    xml.write("\n", _element(unit))
                    count += 1
                xml.write("\n")
    return count


def save_tmx(path: Path, units: Iterable[Unit], *, version: str) -> int:
    """Write a TMX file, whole or not at all, without holding it in memory.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".kakehashi-", suffix=".part", delete=False
        ) as file:
            part = Path(file.name)
            try:
                count = write_tmx(file, units, version=version)
                file.flush()
                os.fsync(file.fileno())
                mask = os.umask(0o077)
                os.umask(mask)
                part.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~mask)
                part.replace(target)
            except BaseException:  # Ctrl-C as well: no temporary file may stay behind
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(
            f"the file could not be written: {error.strerror or error}",
            where=str(path),
            hint="choose another place, or make room on the disk",
        ) from None
    return count


def _element(unit: Unit) -> Any:
    source, target = _ends(unit.direction)
    about: dict[str, str] = {"srclang": source}
    if len(unit.changed) == 20:
        about["changedate"] = unit.changed.replace("-", "").replace(":", "")
    if unit.who:
        about["changeid"] = unit.who
    element = etree.Element("tu", about)
    etree.SubElement(element, "prop", {"type": _ORIGIN_PROP}).text = unit.origin
    for language, text in ((source, unit.source), (target, unit.target)):
        variant = etree.SubElement(element, "tuv", {_LANG: language})
        etree.SubElement(variant, "seg").text = text
    return element
