"""Opening archives, one level deep: a zip of delivered files, a gzipped one.

Belongs here: which members are read, what is said of the others. Does not belong here: reading a member (workbook).
"""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from assets.io.tabular_base import MAX_FILE_BYTES, Grid, UnreadableFile, format_size, refuse
from assets.io.tabular_sniff import sniff_bytes

Reader = Callable[[bytes, str], list[Grid]]

BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, struct.error)
"""What damaged packages make zipfile and zlib raise."""

_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_NO_TABLE = ("TEP_KHONG_PHAI_BANG_TINH", "TEP_RONG")


def read_zip(data: bytes, name: str, check: Callable[[zipfile.ZipFile, str], None], read: Reader) -> list[Grid]:
    """Read the tables of a zip; the sheets are named ``member/sheet`` where several members hold some.

    A letter or a picture beside the tables is passed over and counted (``Grid.beside``); a table that cannot be opened
    refuses the archive, since reading the others alone would silently lose it.

    Args:
        data: content.
        name: delivered name, for messages.
        check: refuses what would not open or would fill the memory.
        read: reads one member.

    Raises:
        UnreadableFile: damaged, an archive inside, no table at all, or a member that is damaged or protected.
    """
    tables: list[tuple[str, list[Grid]]] = []
    others: list[str] = []
    refusals: list[UnreadableFile] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check(package, name)
            for member, content in _list_members(package):
                if sniff_bytes(content)[0] in ("zip", "gz"):
                    raise refuse("TEP_NEN_TRONG_TEP_NEN", name)
                try:
                    tables.append((member, read(content, f"{name}/{member}")))
                except UnreadableFile as unreadable:
                    if unreadable.finding.ma not in _NO_TABLE:
                        raise
                    others.append(PurePosixPath(member).suffix.lower().lstrip(".") or "không đuôi")
                    refusals.append(unreadable)
    except BROKEN_ZIP:
        raise refuse("TEP_HONG", name, ly_do="tệp nén không mở được") from None
    if not tables:
        if len(refusals) == 1:
            raise refusals[0]
        reason = f"trong tệp nén không có bảng nào{': ' + count_kinds(others) if others else ''}"
        raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do=reason)
    return [
        replace(grid, sheet=f"{member}/{grid.sheet}" if len(tables) > 1 else grid.sheet, beside=tuple(others))
        for member, grids in tables
        for grid in grids
    ]


def _list_members(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for info in package.infolist():
        if not info.is_dir() and not _LITTER.search(info.filename):
            yield info.filename, package.read(info)


def count_kinds(kinds: list[str] | tuple[str, ...]) -> str:
    """Say how many files of which kind; their names may be people's."""
    return ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(kinds).items()))


def read_gzip(data: bytes, name: str, read: Reader) -> list[Grid]:
    """Read the one file of a gzip.

    Args:
        data: content.
        name: delivered name, for messages.
        read: reads the file inside.

    Raises:
        UnreadableFile: damaged, too large, empty, an archive inside.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            inner = stream.read(MAX_FILE_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise refuse("TEP_HONG", name, ly_do="tệp nén không mở được") from None
    if len(inner) > MAX_FILE_BYTES:
        limit = format_size(MAX_FILE_BYTES)
        raise refuse("TEP_QUA_LON", name, dung_luong=f"hơn {limit} khi mở ra", gioi_han=limit)
    if not inner:
        raise refuse("TEP_RONG", name)
    if sniff_bytes(inner)[0] in ("zip", "gz"):
        raise refuse("TEP_NEN_TRONG_TEP_NEN", name)
    return read(inner, name)
