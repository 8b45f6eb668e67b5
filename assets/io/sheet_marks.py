"""What an .xlsx says of a sheet besides its values: merged cells, formulas without a result, where days count from.

Belongs here: reading that from the workbook's XML, which the quick reader (workbook) does not tell. Does not belong
here: what merged cells or empty formulas mean for a table (assets/raw).
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from assets.io.tabular_base import Grid
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
_CHUNK = 1 << 20
_OVERLAP = 2048


def load_marks(path: Path, grid: Grid) -> Grid:
    """Read what the workbook's XML says of a sheet.

    Args:
        path: the file the grid was read from; one inside an archive is found by the sheet's name.
        grid: one of its sheets.

    Returns:
        The grid with ``merges``, ``uncomputed`` and ``from_1904``, or as it was where the file is no .xlsx or does not
        say.
    """
    found = None if grid.merges is not None else _find_workbook(path.read_bytes(), grid.sheet)
    if found is None:
        return grid
    data, sheet = found
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = _sheet_part(package, sheet)
        if part is None:
            return grid
        shift: int | None = None
        merges: list[tuple[bytes, ...]] = []
        formulas: set[tuple[bytes, bytes]] = set()
        for piece in read_pieces(package, package.getinfo(part)):
            shift = _column_shift(piece, grid) if shift is None else shift
            merges += _MERGE.findall(piece) if b"mergeCell" in piece else ()
            formulas |= set(_UNCOMPUTED.findall(piece)) if b"</f>" in piece or b":f>" in piece else set()
        from_1904 = _FROM_1904.search(package.read("xl/workbook.xml")) is not None
    left_out = (shift or 0) + 1
    ranges = {
        (
            int(top) - grid.first_row,
            column_number(left) - left_out,
            int(bottom) - grid.first_row,
            column_number(right) - left_out,
        )
        for left, top, right, bottom in merges
    }
    places = frozenset((int(row) - grid.first_row, column_number(column) - left_out) for column, row in formulas)
    return replace(grid, merges=tuple(sorted(ranges)), uncomputed=places, from_1904=from_1904)


def _find_workbook(data: bytes, sheet: str) -> tuple[bytes, str] | None:
    """The .xlsx that holds a sheet, and the sheet's name in it: the file itself, or a file in its archive."""
    kind = sniff_bytes(data)[0]
    if kind == "gz":
        data = gzip.decompress(data)
        kind = sniff_bytes(data)[0]
    if kind == "xlsx":
        return data, sheet
    if kind != "zip":
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        packed = [(name, package.read(name)) for name in package.namelist() if not name.endswith("/")]
    books = [(name, content) for name, content in packed if sniff_bytes(content)[0] == "xlsx"]
    for name, content in books:
        if sheet.startswith(f"{name}/"):
            return content, sheet.removeprefix(f"{name}/")
    return (books[0][1], sheet) if len(books) == 1 else None


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
