"""A zip archive in memory: read within limits, write back with some entries changed.

Python's `zipfile` reads the directory; the data are taken from the archive by this module, so
that an entry that is not changed keeps its compressed bytes, and an entry is never unpacked
beyond a limit. Knows nothing about what is in the archive.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kakehashi.errors import FormatError, TooLargeError

_MIB: Final = 2**20
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
# What `zipfile` raises for a directory that is damaged, found by feeding it mutated archives.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
)
_ENCRYPTED: Final = 0x1
_DESCRIPTOR: Final = 0x8
_UTF8: Final = 0x800


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may unpack to.

    Attributes:
        entries: files and folders in the archive.
        entry: bytes of one entry that is read.
        total: bytes of all entries together.
        ratio: unpacked bytes per packed byte of an entry of over 8 MiB. Office XML reaches about
            100 where a table repeats itself; deflate itself ends at 1032.
        total_ratio: the same for the archive, if it unpacks to over 32 MiB.
    """

    entries: int = 10_000
    entry: int = 64 * _MIB
    total: int = 512 * _MIB
    ratio: int = 200
    total_ratio: int = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive; `at` and `packed` say where its compressed bytes stand."""

    name: str
    info: zipfile.ZipInfo
    at: int
    packed: int
    local_extra: bytes


class Archive:
    """An opened zip archive; it never changes.

    Args:
        data: the archive.
        where: what messages call it.
        limits: see `Limits`.

    Raises:
        FormatError: damaged, encrypted, or packed in a way other than deflate.
        TooLargeError: over a limit.
    """

    def __init__(self, data: bytes, where: str = "", limits: Limits | None = None) -> None:
        self._data = data
        self._where = where
        self._limits = limits or Limits()
        self._comment = b""
        self._entries: dict[str, Entry] = {}
        # Before `zipfile` makes an object of several hundred bytes of each.
        self._check_count(data.count(b"PK\x01\x02") // 2)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                infos = file.infolist()
                self._comment = file.comment
        except _DAMAGE as error:
            raise self._damaged("its directory cannot be read") from error
        self._check_count(len(infos))
        self._check_sizes(infos)
        for info in infos:
            entry = self._entry(info)
            if entry.name in self._entries:
                raise self._damaged(f"it holds '{entry.name}' twice")
            self._entries[entry.name] = entry

    @property
    def names(self) -> tuple[str, ...]:
        """All entries in the archive's order, with "/" between folders."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """The unpacked bytes of an entry.

        Raises:
            KeyError: no such entry.
            FormatError: its data are damaged.
            TooLargeError: it is larger than the limit of one entry.
        """
        entry = self._entries[name]
        limit = self._limits.entry
        if entry.info.file_size > limit:
            raise self._too_large(
                f"'{name}' unpacks to {entry.info.file_size // _MIB} MB, "
                f"more than {limit // _MIB} MB"
            )
        packed = self._data[entry.at : entry.at + entry.packed]
        if entry.info.compress_type == zipfile.ZIP_DEFLATED:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = unpacker.decompress(packed, entry.info.file_size + 1)
            except zlib.error as error:
                raise self._damaged(f"'{name}' cannot be unpacked") from error
        else:
            data = packed
        if len(data) != entry.info.file_size or zlib.crc32(data) != entry.info.CRC:
            raise self._damaged(f"'{name}' is not what its checksum says")
        return data

    def render(self, changes: Mapping[str, bytes | None]) -> bytes:
        """The archive with new contents for some entries.

        Args:
            changes: unpacked bytes by name; None takes an entry out, and a new name comes last.

        Returns:
            The archive itself if there are no changes. What is not changed keeps its compressed
            bytes, and everything keeps its place, compression, time and attributes.
        """
        if not changes:
            return self._data
        out = io.BytesIO()
        directory: list[bytes] = []
        for entry in self._entries.values():
            if entry.name not in changes:
                packed = self._data[entry.at : entry.at + entry.packed]
                directory.append(_put(out, entry, packed, entry.info.CRC, entry.info.file_size))
                continue
            data = changes[entry.name]
            if data is not None:
                directory.append(_put_new(out, entry, data))
        for name, data in changes.items():
            if name not in self._entries and data is not None:
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.flag_bits = 0 if name.isascii() else _UTF8
                directory.append(_put_new(out, Entry(name, info, 0, 0, b""), data))
        start = out.tell()
        for record in directory:
            out.write(record)
        size = out.tell() - start
        count = len(directory)
        out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(self._comment)))
        out.write(self._comment)
        return out.getvalue()

    def _entry(self, info: zipfile.ZipInfo) -> Entry:
        name = info.orig_filename.replace("\\", "/")
        if info.flag_bits & _ENCRYPTED:
            raise FormatError(
                "the archive is encrypted with a password",
                where=self._where,
                hint="open it with its password and save it without one",
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._damaged(f"'{name}' is packed in a way that Office files are not")
        at = info.header_offset
        header = self._data[at : at + _LOCAL.size] if at >= 0 else b""
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise self._damaged(f"'{name}' is not where the directory says")
        *_, names, extras = _LOCAL.unpack(header)
        start = at + _LOCAL.size + names + extras
        if start + info.compress_size > len(self._data):
            raise self._damaged(f"'{name}' is cut off")
        extra = self._data[start - extras : start]
        return Entry(name, info, start, info.compress_size, _without_zip64(extra))

    def _check_count(self, count: int) -> None:
        if count > self._limits.entries:
            raise self._too_large(f"the archive holds over {self._limits.entries:,} files")

    def _check_sizes(self, infos: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        packed = sum(info.compress_size for info in infos)
        total = sum(info.file_size for info in infos)
        if packed > len(self._data):
            # Entries that share their data: an old trick of zip bombs.
            raise self._damaged("its entries overlap")
        if total > limits.total:
            raise self._too_large(
                f"it would unpack to {total // _MIB:,} MB, more than {limits.total // _MIB} MB"
            )
        for info in infos:
            if info.file_size > max(8 * _MIB, info.compress_size * limits.ratio):
                raise self._bomb(info.file_size // max(1, info.compress_size))
        if total > max(32 * _MIB, packed * limits.total_ratio):
            raise self._bomb(total // max(1, packed))

    def _damaged(self, why: str) -> FormatError:
        return FormatError(
            f"the file is damaged: {why}",
            where=self._where,
            hint="get it anew, or let the program that made it open and save it again",
        )

    def _too_large(self, what: str) -> TooLargeError:
        return TooLargeError(what, where=self._where, hint="cut the document into parts")

    def _bomb(self, ratio: int) -> TooLargeError:
        return TooLargeError(
            f"it unpacks to {ratio:,} times its size, as no ordinary document does",
            where=self._where,
            hint="if it is one, let the program that made it save it in parts",
        )


def _put_new(out: io.BytesIO, entry: Entry, data: bytes) -> bytes:
    packed = data
    if entry.info.compress_type == zipfile.ZIP_DEFLATED:
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(data) + packer.flush()
    return _put(out, entry, packed, zlib.crc32(data), len(data))


def _put(out: io.BytesIO, entry: Entry, packed: bytes, crc: int, size: int) -> bytes:
    """Write one entry; returns its record for the directory. Sizes fit 32 bits by the limits."""
    info = entry.info
    # The sizes stand in the header, so that no descriptor follows the data.
    flags = info.flag_bits & ~_DESCRIPTOR
    name = info.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437")
    year, month, day, hour, minute, second = info.date_time
    date = max(0, year - 1980) << 9 | month << 5 | day
    time = hour << 11 | minute << 5 | second // 2
    version = 20
    at = out.tell()
    # One block for both headers: version, flags, method, time, date, checksum, sizes, name.
    common = (version, flags, info.compress_type, time, date, crc, len(packed), size, len(name))
    out.write(_LOCAL.pack(b"PK\x03\x04", *common, len(entry.local_extra)))
    out.write(name + entry.local_extra + packed)
    extra = _without_zip64(info.extra)
    made_by = info.create_system << 8 | version
    head = _CENTRAL.pack(
        b"PK\x01\x02",
        made_by,
        *common,
        len(extra),
        len(info.comment),
        0,
        info.internal_attr,
        info.external_attr,
        at,
    )
    return head + name + extra + info.comment


def _without_zip64(extra: bytes) -> bytes:
    """An extra field without the 64-bit sizes, which would contradict the new ones."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
