"""Read the first facts of a GGUF file without reading its vocabulary.

`kakehashi.gguf_file` reads all metadata and needs numpy: 0.4 s that a cold start, which only
wants the architecture, does not have to spend.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from kakehashi.errors import ModelDamagedError, ModelError

_STRING = 8
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


def gguf_architecture(path: Path) -> str:
    """`general.architecture` of a GGUF file (source: the GGUF specification, version 3).

    Raises:
        ModelError: not a GGUF file, or it does not say its architecture before its lists.
        ModelDamagedError: it ends within its header.
    """
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelError("the weights are not a GGUF file", where=str(path))
        try:
            _number(file, "<I")
            _number(file, "<Q")
            for _ in range(_number(file, "<Q")):
                key, kind = _string(file), _number(file, "<I")
                if kind == _STRING:
                    value = _string(file)
                    if key == b"general.architecture":
                        return value.decode("utf-8", "replace")
                elif kind in _SCALAR_BYTES:
                    file.seek(_SCALAR_BYTES[kind], 1)
                else:
                    break
        except struct.error:
            raise ModelDamagedError(
                "the file ends within its header", where=str(path), hint="install it again"
            ) from None
    raise ModelError("the weights do not say their architecture", where=str(path))


def _number(file: BinaryIO, code: str) -> int:
    (value,) = struct.unpack(code, file.read(struct.calcsize(code)))
    return int(value)


def _string(file: BinaryIO) -> bytes:
    length = _number(file, "<Q")
    if length > 1 << 16:
        raise struct.error
    value = file.read(length)
    if len(value) != length:
        raise struct.error
    return value
