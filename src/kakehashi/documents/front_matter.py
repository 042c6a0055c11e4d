"""The front matter of a Markdown file: its title, description and summary, nothing else.

The values are found line by line, so that order, comments and spelling of everything else stay.
"""

from __future__ import annotations

import json
import re
from typing import Final

import yaml

from kakehashi.documents.source import Draft

_BLOCK: Final = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_KEY: Final = re.compile(
    r"^(title|description|summary)(?P<sep>[ \t]*[:=][ \t]*)(?P<value>[^\n]*)$", re.M | re.I
)
_FOLDED: Final = re.compile(r"[|>][+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?\Z")
_QUOTED: Final = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')[ \t]*(?:#[^\n]*)?\Z")


def front_matter(text: str) -> tuple[int, list[Draft]]:
    """The length of the front matter in characters (0: none), and what to translate in it."""
    block = _BLOCK.match(text)
    if block is None:
        return 0, []
    toml = block[1] == "+++"
    drafts = []
    for match in _KEY.finditer(text, block.start(2), block.end(2)):
        if ("=" in match["sep"]) != toml:
            continue
        draft = _value(text, match.start("value"), match["value"], block.end(2), toml)
        if draft is not None and any(map(str.isalpha, draft.text)):
            draft.kind = "title" if match[1].lower() == "title" else "description"
            drafts.append(draft)
    return block.end(), drafts


def _value(text: str, start: int, value: str, limit: int, toml: bool) -> Draft | None:
    value = value.rstrip()
    if not toml and _FOLDED.match(value):
        return _folded(text, text.index("\n", start) + 1, limit)
    quoted = _QUOTED.match(value)
    if quoted is not None:
        raw = quoted[1]
        read = _scalar(raw, toml)
        if read is None or (toml and value.startswith(('"""', "'''"))):
            return None
        style = "toml" if toml else "yaml-quoted" if raw[0] == '"' else "yaml-single"
        return Draft(start, start + len(raw), read, "", style=style)
    if toml or not value or value[0] in "[{&*!|>%@`\"'#?-":
        return None
    plain = re.split(r"[ \t]#", value, maxsplit=1)[0].rstrip()
    following = text[text.find("\n", start) + 1 : limit]
    if following[:1] in (" ", "\t"):  # a plain value that goes on in the next line
        return None
    return Draft(start, start + len(plain), plain, "", style="yaml-plain")


def _scalar(raw: str, toml: bool) -> str | None:
    if toml and raw[0] == "'":
        return raw[1:-1]
    try:
        read = yaml.safe_load(raw)
    except yaml.YAMLError:
        return None
    return read if isinstance(read, str) else None


def _folded(text: str, start: int, limit: int) -> Draft | None:
    """A value of indented lines after ``|`` or ``>``."""
    lines = text[start:limit].split("\n")
    indent = re.match(r"[ \t]*", lines[0])
    assert indent is not None
    margin = indent[0]
    if not margin:
        return None
    kept = []
    for line in lines:
        if not line.startswith(margin):
            break
        kept.append(line)
    end = start + len("\n".join(kept))
    body = "\n".join(line[len(margin) :] for line in kept)
    lead = len(margin)
    return Draft(start + lead, end, body, "", style="yaml-folded", indent=margin)


def write_value(style: str, text: str, indent: str) -> str:
    """`text` as a value, in the spelling that the source used where it can hold the text."""
    flat = " ".join(text.split("\n")).strip()
    match style:
        case "yaml-folded":
            lines = [line.strip() for line in text.split("\n")]
            return ("\n" + indent).join(line for line in lines if line)
        case "yaml-single":
            return "'" + flat.replace("'", "''") + "'"
        case "yaml-plain":
            return flat if _is_plain(flat) else json.dumps(flat, ensure_ascii=False)
        case _:
            return json.dumps(flat, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    """Whether YAML reads `text` back as it is, without quotes."""
    try:
        return bool(yaml.safe_load(f"key: {text}\n") == {"key": text})
    except yaml.YAMLError:
        return False
