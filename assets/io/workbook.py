"""Reading delivered files: from bytes to grids of text, whatever the file's extension says.

Belongs here: the spreadsheet libraries, limits, clear refusals of what is no table. The text formats (CSV, HTML, XML,
JSON) and archives are in the tabular_* modules beside it. Does not belong here: what a header or a row means
(assets/raw).
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import polars as pl

from assets.io.sheet_marks import FILLED_CELL, column_number, read_pieces
from assets.io.tabular_archive import BROKEN_ZIP, read_gzip, read_zip
from assets.io.tabular_base import (
    MAX_CELLS,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
    Grid,
    UnreadableFile,
    format_size,
    pick_visible,
    refuse,
    refuse_bulk,
)
from assets.io.tabular_sniff import CFB_MAGIC, FileKind, sniff_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FileKind", "Grid", "UnreadableFile", "read_grids", "sniff_kind"]

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# Excel encrypts a workbook whose *structure* is protected with this well-known password (MS-XLSB 2.4.191).
_DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?ref=\"[A-Z]{1,3}\d+:([A-Z]{1,3})(\d+)\"")

# Their warnings (chart sheets, columns of mixed types) say nothing to the sender.
for _library in ("fastexcel", "calamine"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def sniff_kind(path: Path) -> FileKind:
    """Recognise what a file is by its content.

    Args:
        path: the file.

    Returns:
        Its kind; ``khong_ro`` for what is no table.
    """
    return sniff_bytes(path.read_bytes())[0]


def read_grids(path: Path, *, ten_tep: str | None = None) -> list[Grid]:
    """Read every sheet of a delivered file as text.

    Dates of true date cells come as ISO text, whole numbers without ``.0``, booleans as ``true``/``false`` (``1``/``0``
    in .ods), formula errors as empty. Hidden sheets are left out unless nothing else holds a cell.

    Args:
        path: the file, of any kind of :data:`FileKind`; archives are opened one level deep.
        ten_tep: its delivered name, for messages.

    Returns:
        One grid per sheet with at least one cell, in the file's order.

    Raises:
        UnreadableFile: empty, damaged, protected by a password, too large, or no table at all.
    """
    name = ten_tep or path.name
    size = path.stat().st_size
    if size == 0:
        raise refuse("TEP_RONG", name)
    if size > MAX_FILE_BYTES:
        raise refuse("TEP_QUA_LON", name, dung_luong=format_size(size), gioi_han=format_size(MAX_FILE_BYTES))
    grids = _read_bytes(path.read_bytes(), name)
    if not grids:
        raise refuse("TEP_RONG", name)
    return grids


def _read_bytes(data: bytes, name: str) -> list[Grid]:
    kind, reason = sniff_bytes(data)
    if kind == "khong_ro":
        raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do=reason)
    return _reader(kind)(data, name)


def _reader(kind: FileKind) -> Callable[[bytes, str], list[Grid]]:
    """Pick the reader; the rare formats' modules are imported only when met."""
    if kind in ("xlsx", "xlsb", "ods"):
        return _read_package
    if kind == "xls":
        return _read_compound
    if kind == "zip":
        return lambda data, name: read_zip(data, name, _check_package, _read_bytes)
    if kind == "gz":
        return lambda data, name: read_gzip(data, name, _read_bytes)
    if kind == "mhtml":
        from assets.io.tabular_mhtml import read_mhtml

        return read_mhtml
    if kind == "html":
        from assets.io.tabular_html import read_html

        return read_html
    if kind in ("json", "jsonl"):
        from assets.io.tabular_json import read_json

        return read_json
    from assets.io.tabular_csv import read_csv

    return read_csv


# --- workbooks ---


def _read_package(data: bytes, name: str) -> list[Grid]:
    """Read .xlsx, .xlsm, .xlsb, .ods: a zip of parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_package(package, name)
    except BROKEN_ZIP:
        _refuse_damaged(name)
    return _read_with_calamine(data, name)


def _check_package(package: zipfile.ZipFile, name: str) -> None:
    """Refuse what would not open or would fill the memory, before the library tries."""
    infos = package.infolist()
    if any(info.flag_bits & 0x1 for info in infos):
        raise refuse("TEP_CO_MAT_KHAU", name)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED_BYTES:
        limit = format_size(MAX_UNPACKED_BYTES)
        raise refuse("TEP_QUA_LON", name, dung_luong=f"{format_size(unpacked)} khi mở ra", gioi_han=limit)
    for info in infos:
        if info.filename == "META-INF/manifest.xml" and b"encryption-data" in package.read(info):
            raise refuse("TEP_CO_MAT_KHAU", name)
        if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
            _check_extent(package, info, name)


def _check_extent(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
    """Refuse a sheet whose cells span too wide an area: the library allots all of it, however few are filled."""
    with package.open(info) as stream:
        found = _DIMENSION.search(stream.read(4096))
    if not found or column_number(found[1]) * int(found[2]) <= MAX_CELLS:
        return
    # Some exporters always write the whole sheet as its dimension: look at the filled cells before refusing.
    columns, rows = 0, 0
    for piece in read_pieces(package, info):
        for column, row in FILLED_CELL.findall(piece):
            columns, rows = max(columns, column_number(column)), max(rows, int(row))
    refuse_bulk(rows, columns, name)


def _read_compound(data: bytes, name: str) -> list[Grid]:
    """Read BIFF .xls, or a workbook that its protection wrapped into a compound file."""
    if data.startswith(CFB_MAGIC) and _ENCRYPTED_PACKAGE in data:
        return _read_package(_decrypt(data, name), name)
    try:
        return _read_with_calamine(data, name)
    except UnreadableFile:
        if not _is_encrypted(data):
            raise
    return _read_with_calamine(_decrypt(data, name), name)


def _is_encrypted(data: bytes) -> bool:
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except _broken_office():
        return False


def _broken_office() -> tuple[type[Exception], ...]:
    """What damaged compound files make the decryption library raise."""
    from msoffcrypto.exceptions import FileFormatError, ParseError

    return (FileFormatError, ParseError, OSError, ValueError, LookupError, AttributeError, AssertionError, struct.error)


def _decrypt(data: bytes, name: str) -> bytes:
    """Undo the encryption that needs nobody's password; refuse the other."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    opened = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=_DEFAULT_PASSWORD, verify_password=True)
        office.decrypt(opened)
    except (DecryptionError, InvalidKeyError):
        raise refuse("TEP_CO_MAT_KHAU", name) from None
    except _broken_office():
        _refuse_damaged(name)
    return opened.getvalue()


def _read_with_calamine(data: bytes, name: str) -> list[Grid]:
    import fastexcel

    try:
        reader = fastexcel.read_excel(data)
        sheets = [
            reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string") for sheet in reader.sheet_names
        ]
        grids = [
            (sheet.visible == "visible", Grid(sheet.name, _as_text(sheet.to_polars())))
            for sheet in sheets
            if sheet.width
        ]
    except fastexcel.FastExcelError:
        _refuse_damaged(name)
    except BaseException as panic:
        # A panic of the Rust library (a date beyond all calendars, say) is no Exception and has no importable name.
        if type(panic).__name__ != "PanicException":
            raise
        _refuse_damaged(name)
    return pick_visible(grids)


def _refuse_damaged(name: str) -> NoReturn:
    raise refuse("TEP_HONG", name, ly_do="phần mềm bảng tính không mở được") from None


def _as_text(cells: pl.DataFrame) -> pl.DataFrame:
    """Name the columns c0..cn; make every column text and every empty cell null."""
    named = cells.rename({column: f"c{i}" for i, column in enumerate(cells.columns)})
    return named.with_columns(pl.all().cast(pl.Utf8)).with_columns(
        pl.when(pl.all() != "").then(pl.all()).otherwise(None).name.keep()
    )
