"""What a BIFF .xls says of a sheet besides its values: merged cells, where days count from.

Belongs here: walking the records of the workbook stream ([MS-XLS] 2.4). Does not belong here: values (workbook).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from assets.io.tabular_base import MergedRange, SheetMarks

_BOUNDSHEET, _DATEMODE, _FILEPASS, _BOF, _EOF, _MERGECELLS = 0x85, 0x22, 0x2F, 0x809, 0x0A, 0xE5
# NUMBER RK LABELSST LABEL RSTRING FORMULA BOOLERR MULRK: cells that hold something, their column after their row
_CELLS = frozenset((0x203, 0x27E, 0xFD, 0x204, 0xD6, 0x06, 0x205, 0xBD))

Record = tuple[int, bytes]


def read_xls_marks(data: bytes, sheet: str) -> SheetMarks | None:
    """Read the marks of one sheet.

    Args:
        data: the file.
        sheet: the sheet's name.

    Returns:
        Its marks; None where the file is encrypted, older than BIFF8, damaged, or has no such sheet.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as package:
            stream = package.openstream("Workbook").read()
        return _read_stream(stream, sheet)
    except (OSError, struct.error, IndexError, UnicodeDecodeError):
        return None


def _read_stream(stream: bytes, sheet: str) -> SheetMarks | None:
    start, from_1904 = None, False
    for kind, body in _list_records(stream, 0):
        if kind == _FILEPASS:
            return None
        if kind == _DATEMODE:
            from_1904 = struct.unpack_from("<H", body)[0] == 1
        if kind == _BOUNDSHEET and _read_name(body) == sheet:
            start = struct.unpack_from("<I", body)[0]
    if start is None:
        return None
    left: int | None = None
    merges: list[MergedRange] = []
    for kind, body in _list_records(stream, start):
        if kind in _CELLS:
            column = struct.unpack_from("<H", body, 2)[0]
            left = column if left is None else min(left, column)
        elif kind == _MERGECELLS:
            (count,) = struct.unpack_from("<H", body)
            for place in range(count):
                top, bottom, first, last = struct.unpack_from("<4H", body, 2 + 8 * place)
                merges.append((top, first, bottom, last))
    return SheetMarks(left_out=left or 0, merges=tuple(merges), from_1904=from_1904)


def _list_records(stream: bytes, start: int) -> Iterator[Record]:
    """The records of one substream, without those of charts inside it."""
    depth = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, start)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[start + 4 : start + 4 + size]
        if not depth:
            return
        start += 4 + size


def _read_name(body: bytes) -> str:
    """Name of a sheet in BIFF8: its length, whether it is UTF-16, its letters."""
    size, wide = body[6], body[7] & 1
    return body[8 : 8 + size * (1 + wide)].decode("utf-16-le" if wide else "latin-1")
