"""Reading text tables: CSV in the encodings and with the delimiters that Vietnamese systems export.

Belongs here: encoding, delimiter, records; legacy code tables are in tabular_legacy.py. Does not belong here: headers
and rows (assets/raw).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import chain, islice

import polars as pl

from assets.io.tabular_base import Grid, frame_from_rows, refuse, refuse_bulk
from assets.io.tabular_legacy import decode_text
from assets.io.tabular_sniff import sniff_bytes

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_BACK = 5  # last records that tell whether the file ends early
_END = "\x1c"  # the information separator of files: a line of its own behind the last one
_SAMPLE_CHARS = 65_536
_SAMPLE_RECORDS = 100
_MAX_FIELD = 1 << 20
# ="00123": how programs keep a spreadsheet program from reading a text as a number or a date
_FORMULA_MARK = '="'
_TEXT_FORMULA = r'(?s)^\s*="([^"]*)"\s*$'
# A header has a few titles, and no date or code among them.
_MIN_TITLES = 3
_DATA_DIGITS = 6
_DIGIT = re.compile(r"\d")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_RECORDS = 50_000  # read at a time


def read_csv(data: bytes, name: str) -> list[Grid]:
    """Read a CSV file. A record is a row as the clerk sees it when the file is opened in a spreadsheet program.

    Args:
        data: content.
        name: delivered name, for messages.

    Returns:
        One grid named ``csv``, or none where nothing but blanks stands in the file.

    Raises:
        UnreadableFile: the text has no table in it, it breaks off, or too many cells.
    """
    text = decode_text(data)
    csv.field_size_limit(_MAX_FIELD)
    first, _, rest = text.partition("\n")
    delimiter = first.strip()[4:] if first.strip().lower().startswith("sep=") else ""
    # The hint line of spreadsheet programs is no row to them, yet rows are counted as the program counts them.
    text, offset = (rest, 1) if delimiter else (text, 1)
    delimiter = delimiter or _find_delimiter(text)
    try:
        cells, last = _read_records(text, delimiter, name)
    except csv.Error:
        raise refuse("TEP_HONG", name, ly_do="dấu ngoặc kép trong tệp CSV không khép") from None
    if cells.width == 1 and not cells["c0"].drop_nulls().str.contains("\n", literal=True).all():
        cells = _unwrap(cells, name)
    if _is_cut_off(text, last):
        raise refuse("TEP_HONG", name, ly_do="dòng cuối bị cắt ngang, có thể còn thiếu dòng")
    if cells.width < 2 and sniff_bytes(data)[0] == "csv":
        raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do="đây là văn bản không có cột")
    if _FORMULA_MARK in text:
        cells = cells.with_columns(pl.all().str.replace(_TEXT_FORMULA, "${1}"))
    return [Grid("csv", cells, offset)]


def _read_records(text: str, delimiter: str, name: str) -> tuple[pl.DataFrame, list[list[str]]]:
    """Read all records, some at a time: a million of them as Python texts, and a copy of the text, take gigabytes.

    Returns:
        The records, and the last of them as they are.

    Raises:
        csv.Error: a quoted field is never closed: whatever follows, down to the end, would be one cell.
    """
    lines = chain((found[0] for found in _LINE.finditer(text)), [_END])
    reader = csv.reader(lines, delimiter=delimiter)
    frames: list[pl.DataFrame] = []
    last: list[list[str]] = []
    count = width = 0
    while records := list(islice(reader, _RECORDS)):
        last = [*last, *records[-_LOOKED_BACK - 1 :]][-_LOOKED_BACK - 1 :]
        if records[-1] == [_END]:
            records.pop()
        if records:
            records[0] = records[0] or [""]  # a frame of nothing but blank lines would have no rows
            frames.append(frame_from_rows(records))
            count, width = count + len(records), max(width, frames[-1].width)
            refuse_bulk(count, width, name)
    if last[-1:] != [[_END]]:
        raise csv.Error("a quoted field is not closed")
    return pl.concat(frames, how="diagonal") if frames else pl.DataFrame(), last[:-1]


def _is_cut_off(text: str, records: list[list[str]]) -> bool:
    """Whether the last record ends early, in a file whose records before it are all of one width.

    A line below the table (a total, a signature) has few fields; the last row of a whole table has all of them.
    """
    if text.endswith(("\n", "\r")) or not records:
        return False
    *before, last = records
    widths = {len(row) for row in before}
    return len(before) > 1 and len(widths) == 1 and max(widths) // 2 < len(last) < max(widths) and bool(last[0].strip())


def _unwrap(cells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Split records that a program put into one quoted cell each, as a whole; others stay as they are."""
    text = "\n".join(cells["c0"].fill_null(""))
    try:
        return _read_records(text, _find_delimiter(text), name)[0]
    except csv.Error:
        return cells


def _find_delimiter(text: str) -> str:
    """Choose the delimiter that splits a header and then most records into the same, largest number of fields.

    A sign inside the values (commas in names) may split more than the delimiter does; it does not split the header.
    """

    def weight(delimiter: str) -> tuple[bool, int, int]:
        try:
            reader = csv.reader(io.StringIO(text[:_SAMPLE_CHARS], newline=""), delimiter=delimiter)
            records = [record for record, _ in zip(reader, range(_SAMPLE_RECORDS), strict=False)]
        except csv.Error:
            return False, 0, 0
        first = next((record for record in records if len(record) >= _MIN_TITLES), None)
        titled = first is not None and not any(len(_DIGIT.findall(cell)) >= _DATA_DIGITS for cell in first)
        widths = Counter(map(len, records))
        best = max(widths, key=lambda width: (width > 1) * widths[width] * width, default=1)
        return titled, (best > 1) * widths[best] * best, best

    return max(_DELIMITERS, key=weight)
