"""Small delivered files for the reader's tests: lists of invented dossiers in several layouts and formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

from assets.io.workbook import Grid

Cell = str | int | float | bool | None

HEADER = ["STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Ngày nhận", "Ngày hẹn trả", "Trạng thái", "Chủ hồ sơ"]


def dossier_rows(count: int, first: int = 1) -> list[list[str]]:
    """Rows under :data:`HEADER`."""
    return [
        [
            str(number),
            f"H24.150-260604-{number:04d}",
            "Chứng thực bản sao",
            "04/06/2026 08:00:00",
            "05/06/2026",
            "Đã trả kết quả",
            "Nguyễn Thị Thử",
        ]
        for number in range(first, first + count)
    ]


def make_grid(rows: Sequence[Sequence[str | None]], sheet: str = "Trang 1") -> Grid:
    """Make a grid of rows of uneven length; ``""`` and None are empty."""
    width = max(map(len, rows))
    columns = {
        f"c{i}": pl.Series([(row[i] or None) if i < len(row) else None for row in rows], dtype=pl.Utf8)
        for i in range(width)
    }
    return Grid(sheet, pl.DataFrame(columns))


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    merges: Sequence[tuple[int, int, int, int]] = (),
    left: int = 0,
) -> Path:
    """Write a workbook; ``merges`` (0-based, of the first sheet) are merged over their top-left value.

    Args:
        path: where to.
        sheets: sheet name → rows.
        merges: (first row, first column, last row, last column) within the rows given.
        left: empty columns before the rows.
    """
    with xlsxwriter.Workbook(str(path)) as book:
        for position, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    if value is not None and value != "":
                        sheet.write(y, x + left, value)
            for top, first, bottom, last in merges if position == 0 else ():
                sheet.merge_range(top, first + left, bottom, last + left, sheets[name][top][first])
    return path


DEMO = [
    ["DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH"],
    ["Ngày xuất: 23/06/2026"],
    [
        "STT",
        "Mã hồ sơ",
        "Mã TTHC",
        "Tên thủ tục hành chính",
        "Chủ hồ sơ",
        "Số định danh",
        "Ngày",
        "",
        "Trạng thái",
        "Lạ",
    ],
    ["", "", "", "", "", "", "Nộp", "Tiếp nhận", "", ""],
    [
        "1",
        "H24.150-260604-0001",
        "2.000815",
        "Chứng thực",
        "Nguyễn Thị Thử",
        "001",
        "03/06/2026",
        "04/06/2026",
        "Mới",
        "z",
    ],
    ["2", " ", "2.000815", "Chứng thực", "Trần Văn Thử", "002", "", "04/06/2026", "Mới", ""],
    ["3", "", "", "", "Lê Thị Thử", "003", "", "", "", ""],
    ["Tổng cộng", "", "", "", "", "", "", "", "2", ""],
]
