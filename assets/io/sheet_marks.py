"""What a workbook says of a sheet besides its values: merged cells, formulas without a result, where days count from.

Belongs here: finding the workbook, reading that from the XML of .xlsx and .ods (.xls: sheet_marks_xls), which the quick
reader (workbook) does not tell. Does not belong here: what merged cells or empty formulas mean (assets/raw).
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from assets.io.tabular_base import Grid, SheetMarks
from assets.io.tabular_sniff import sniff_bytes

FILLED_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})(\d+)\"[^>]*[^/]><(?:\w+:)?(?:v|is|f)\b")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)\"")
# A result that is an empty text has t="str": it was computed.
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*\bt=\"str\")[^>]*?\br=\"([A-Z]{1,3})(\d+)\"[^>]*>"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*[^/]>[^<]*</(?:\w+:)?f>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_FROM_1904 = re.compile(rb"\bdate1904=\"(?:1|true)\"")
_NAMESPACE = re.compile(r"\{http://[^}]*/relationships\}id")
_ODS_SPAN = re.compile(rb"table:number-(?:rows|columns)-spanned=\"(?!1\")")
_ODS_FROM_1904 = re.compile(rb"<table:null-date\b[^>]*table:date-value=\"1904")
_CHUNK = 1 << 20
_OVERLAP = 2048


def load_marks(path: Path, grid: Grid) -> Grid:
    """Read what a workbook says of a sheet.

    Args:
        path: the file the grid was read from; a workbook inside an archive is found by the sheet's name.
        grid: one of its sheets.

    Returns:
        The grid with ``merges``, ``uncomputed`` and ``from_1904``, or as it was where the file is of no kind that says
        such things, or does not.
    """
    found = None if grid.merges is not None else _find_workbook(path.read_bytes(), grid.sheet)
    if found is None:
        return grid
    kind, data, sheet = found
    marks = _READERS[kind](data, sheet, grid)
    if marks is None:
        return grid
    top, left = grid.first_row - 1, marks.left_out
    merges = {(y - top, x - left, to_y - top, to_x - left) for y, x, to_y, to_x in marks.merges}
    places = frozenset((y - top, x - left) for y, x in marks.uncomputed)
    return replace(grid, merges=tuple(sorted(merges)), uncomputed=places, from_1904=marks.from_1904)


def _read_xlsx(data: bytes, sheet: str, grid: Grid) -> SheetMarks | None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = _sheet_part(package, sheet)
        if part is None:
            return None
        shift: int | None = None
        merges: list[tuple[bytes, ...]] = []
        formulas: set[tuple[bytes, bytes]] = set()
        for piece in read_pieces(package, package.getinfo(part)):
            shift = _column_shift(piece, grid) if shift is None else shift
            merges += _MERGE.findall(piece) if b"mergeCell" in piece else ()
            formulas |= set(_UNCOMPUTED.findall(piece)) if b"</f>" in piece or b":f>" in piece else set()
        from_1904 = _FROM_1904.search(package.read("xl/workbook.xml")) is not None
    return SheetMarks(
        left_out=shift or 0,
        merges=tuple(
            (int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1)
            for left, top, right, bottom in merges
        ),
        uncomputed=frozenset((int(row) - 1, column_number(column) - 1) for column, row in formulas),
        from_1904=from_1904,
    )


def _read_xls(data: bytes, sheet: str, _: Grid) -> SheetMarks | None:
    from assets.io.sheet_marks_xls import read_xls_marks  # only for files of the old kind

    return read_xls_marks(data, sheet)


def _read_ods(data: bytes, sheet: str, _: Grid) -> SheetMarks | None:
    """Only where a cell reaches down or over: reading the whole text again costs more than the quick reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read("content.xml")
    from_1904 = _ODS_FROM_1904.search(content) is not None
    if not _ODS_SPAN.search(content):
        return SheetMarks(from_1904=from_1904)
    from assets.io.tabular_xml import read_flat_marks  # only for such files

    return read_flat_marks(content, sheet)


_READERS: dict[str, Callable[[bytes, str, Grid], SheetMarks | None]] = {
    "xlsx": _read_xlsx,
    "xls": _read_xls,
    "ods": _read_ods,
}


def _find_workbook(data: bytes, sheet: str) -> tuple[str, bytes, str] | None:
    """The workbook that holds a sheet: its kind, its bytes, the sheet's name in it; it may lie in an archive."""
    kind = sniff_bytes(data)[0]
    if kind == "gz":
        data = gzip.decompress(data)
        kind = sniff_bytes(data)[0]
    if kind != "zip":
        return (kind, data, sheet) if kind in _READERS else None
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        packed = [(name, package.read(name)) for name in package.namelist() if not name.endswith("/")]
    books = [(name, kind, content) for name, content in packed if (kind := sniff_bytes(content)[0]) in _READERS]
    for name, kind, content in books:
        if sheet.startswith(f"{name}/"):
            return kind, content, sheet.removeprefix(f"{name}/")
    return (*books[0][1:], sheet) if len(books) == 1 else None


def _sheet_part(package: zipfile.ZipFile, sheet: str) -> str | None:
    """Name the part that holds a sheet."""
    try:
        # defusedxml is not needed: expat has no network access and the reader has bounded the size.
        book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
        links = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ET.ParseError):
        return None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for node in book.iter():
        if node.tag.endswith("}sheet") and node.get("name") == sheet:
            link = next((value for key, value in node.attrib.items() if _NAMESPACE.fullmatch(key)), "")
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return part if part in package.namelist() else None
    return None


def _column_shift(piece: bytes, grid: Grid) -> int | None:
    """Tell how many empty leading columns the library left out: most rows' first filled cells vote."""
    filled: dict[int, list[int]] = {}
    for column, row in FILLED_CELL.findall(piece):
        filled.setdefault(int(row) - grid.first_row, []).append(column_number(column) - 1)
    votes: list[int] = []
    for row, columns in list(filled.items())[:50]:
        if not 0 <= row < grid.cells.height:
            continue
        positions = [i for i, value in enumerate(grid.cells.row(row)) if value is not None]
        if len(positions) == len(columns):
            votes.append(columns[0] - positions[0])
    return max(set(votes), key=votes.count) if votes else None


def read_pieces(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece; pieces overlap, so that no tag is cut in all of them."""
    with package.open(info) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def column_number(letters: bytes) -> int:
    """Number of a column: A = 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
