"""When two sentences are the same to a translation memory, and what their numbers have to do.

Sentences are compared by their key: NFKC, white space as one space (none between Japanese
characters), no full stop at the end. Their shape is the key with every number in digits as ``#``:
sentences of one shape differ only in numbers, and these can be exchanged in the translation where
there is no doubt which is which.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from kakehashi.language.results import Language

_WIDE: Final = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_NARROW_SPACE: Final = re.compile(rf"(?<={_WIDE}) (?={_WIDE})")
_STOP: Final = re.compile(r"\s*[。．.｡]\s*$")
_NUMBER: Final = re.compile(r"\d+(?:[.,:/]\d+)*")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)\b|人(?:目|で|き)?$", re.IGNORECASE)
# Characters that XML cannot hold, and that no text should.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def cleaned(text: str) -> str:
    """A text without control characters and lone surrogates."""
    return _CONTROL.sub("", text)


def key_of(text: str) -> str:
    """See the module."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    folded = _NARROW_SPACE.sub("", folded)
    bare = _STOP.sub("", folded)
    return bare or folded


def shape_of(key: str) -> str:
    """The key with `#` for every number."""
    return _NUMBER.sub("#", key)


def number_pairs(ours: str, theirs: str) -> tuple[tuple[str, str], ...]:
    """Numbers that differ between two keys of one shape, as (theirs, ours); each pair once."""
    pairs = zip(_NUMBER.findall(theirs), _NUMBER.findall(ours), strict=True)
    return tuple(dict.fromkeys(pair for pair in pairs if _value(pair[0]) != _value(pair[1])))


def digits(key: str) -> Counter[str]:
    """The numbers of a key, without thousands separators."""
    return Counter(_value(one) for one in _NUMBER.findall(key))


def _value(number: str) -> str:
    return re.sub(r",(?=\d{3}(?!\d))", "", number)


def exchanged(ours: str, theirs: str, target: str, to: Language) -> str | None:
    """`target` with our numbers in the place of theirs; None if that is not beyond doubt.

    Args:
        ours, theirs: keys of one shape.
        target: the translation of `theirs`.
        to: its language.

    It is beyond doubt if every number that differs stands in the target as often as in the source,
    always becomes the same other number, and neither singular and plural nor "2nd" depend on it.
    """
    old_numbers, new_numbers = _NUMBER.findall(theirs), _NUMBER.findall(ours)
    become: dict[str, set[str]] = {}
    for old, new in zip(old_numbers, new_numbers, strict=True):
        become.setdefault(_value(old), set()).add(new)
    changes = {old: new for old, new in become.items() if {_value(one) for one in new} != {old}}
    if any(len(new) > 1 for new in changes.values()):
        return None
    plain = unicodedata.normalize("NFKC", target)
    if len(plain) != len(target):
        return None
    in_source = Counter(_value(old) for old in old_numbers)
    found = list(_NUMBER.finditer(plain))
    in_target = Counter(_value(one.group()) for one in found)
    if any(in_target[old] != in_source[old] for old in changes):
        return None
    out, spot = [], 0
    for one in found:
        if (new := changes.get(_value(one.group()))) is None:
            continue
        (said,) = new
        if to == "en" and ("1" in (_value(said), _value(one.group()))):
            return None
        if _ORDINAL.match(plain[one.end() :]):
            return None
        out += [target[spot : one.start()], _written(said, target[one.start() : one.end()])]
        spot = one.end()
    return "".join(out) + target[spot:]


def _written(number: str, like: str) -> str:
    """A number with the commas and the width of another one."""
    value = _value(number)
    if "," in like and value.isdigit():
        number = f"{int(value):,}"
    elif "," in number and "," not in like and len(_value(like)) > 3:
        number = value
    if any(char in "０１２３４５６７８９" for char in like):
        return number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return number


def with_end_of(target: str, source: str, theirs: str, to: Language) -> str:
    """`target` with a full stop at its end exactly where `source` has one and `theirs` had not."""
    ours, old = (_STOP.search(text) is not None for text in (source, theirs))
    if ours == old:
        return target
    if old:
        return _STOP.sub("", target)
    if target.rstrip()[-1:] in "。．.!?！？…」』)）":
        return target
    return target.rstrip() + ("。" if to == "ja" else ".")
