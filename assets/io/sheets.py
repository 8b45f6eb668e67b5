"""Writing Excel workbooks: tables for people to read (findings, cross-checks) and the annex of the report.

Belongs here: the workbook itself (styles, properties, print set-up) and the layouts built on it. Does not belong
here: reading workbooks (``assets/io/workbook``), the workbook that officers fill in (``assets/io/sheets_declared``),
what the rows mean (the caller).

Two promises hold for every cell: a text never runs as a formula (it is written as a string, and marked as text when
it begins with ``= + - @``), and no file holds the clock (same content, same bytes).
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from schemas.document import BaoCao, BieuMau, HangBieu, ThuocTinh, clean_text
from schemas.document_build import FormRow
from schemas.rules.display import percent_value

Value = str | int | float | date | None
Style = Mapping[str, Any]

FONT: Style = {"font_name": "Times New Roman", "font_size": 12}
TITLE: Style = {**FONT, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
HEAD: Style = {**TITLE, "border": 1, "bg_color": "#F2F2F2"}
CELL: Style = {**FONT, "border": 1, "valign": "vcenter", "text_wrap": True}
NOTE: Style = {**FONT, "italic": True, "font_size": 11, "text_wrap": True, "valign": "top"}
# The language tag makes LibreOffice write 7.654.321 and 16,1 wherever it runs, as the notes beside do; Excel goes by
# its own settings.
INTEGER, DECIMAL, DATE = "[$-42A]#,##0", "[$-42A]#,##0.0##", "dd/mm/yyyy"

_A4 = 9
_MAX_TEXT = 32_767  # characters that Excel keeps in one cell
_MAX_ROWS = 1_000_000  # of one sheet, below Excel's 1.048.576
_FORMULA_STARTS = ("=", "+", "-", "@")
_FORM_WIDTHS = (8, 44, 18, 12, 18)
_LINE_POINTS, _MAX_POINTS = 16, 409  # a line at 12 points; Excel's highest row


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet with one table for people to read.

    Attributes:
        ten: name of the sheet; letters that Excel refuses are replaced.
        tieu_de: lines above the table, the first one its title.
        cot: header of each column.
        dong: rows, each with as many values as there are columns.
        do_rong: width of each column, in characters.
        ghi_chu: lines below the table.
        danh_so: columns whose numbers name something (a row): printed without marks between thousands.
    """

    ten: str
    tieu_de: Sequence[str]
    cot: Sequence[str]
    dong: Iterable[Sequence[Value]]
    do_rong: Sequence[float]
    ghi_chu: Sequence[str] = ()
    danh_so: Sequence[int] = ()


class Book:
    """A workbook being written: caches styles and writes a value as what it is."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def style(self, properties: Style) -> Any:
        """Return the cell format with these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self.workbook.add_format(dict(key))
        return self._styles[key]

    def add_sheet(self, name: str, widths: Sequence[float]) -> Any:
        """Add a sheet under a name that Excel accepts, with columns of these widths (characters)."""
        plain = safe_sheet_name(name)
        unique, number = plain, 1
        while unique.casefold() in self._names:
            number += 1
            unique = f"{plain[:26]} ({number})"
        self._names.add(unique.casefold())
        sheet = self.workbook.add_worksheet(unique)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: Value, style: Style) -> None:
        """Write one value: a number as a number, a date as a date, a text as a text whatever it begins with."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.style(style))
        elif isinstance(value, str):
            text = _clip(value)
            guarded = {**style, "quote_prefix": True} if text.startswith(_FORMULA_STARTS) else style
            sheet.write_string(row, column, text, self.style(guarded))
        elif isinstance(value, date):
            day = value if isinstance(value, datetime) else datetime.combine(value, time())
            sheet.write_datetime(row, column, day, self.style({"num_format": DATE, **style}))
        else:
            sheet.write_number(row, column, value, self.style({"num_format": _number_format(value), **style}))

    def write_across(self, sheet: Any, row: int, last: int, text: str, style: Style) -> None:
        """Write a text over the columns 0..last of one row."""
        if last > 0:
            sheet.merge_range(row, 0, row, last, "", self.style(style))
        self.write(sheet, row, 0, text, style)


def safe_sheet_name(name: str) -> str:
    """The name with what Excel refuses replaced or cut off (31 characters); never empty, not made unique."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name)[:31].strip("' ") or "Trang"


@contextmanager
def open_book(target: Path, properties: ThuocTinh) -> Iterator[Book]:
    """Open a new workbook; it replaces ``target`` in one rename when the block ends without an error.

    Args:
        target: where to write; its folder exists.
        properties: title, subject, keywords, author and the date that stands for the clock.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {
            "title": properties.tieu_de,
            "subject": properties.chu_de,
            "keywords": properties.tu_khoa,
            "author": properties.tac_gia,
            "created": datetime.combine(properties.ngay, time()),
        }
    )
    yield Book(workbook)
    workbook.close()
    _replace(target, buffer.getvalue())


def write_table(target: Path, tables: Sequence[SheetTable], properties: ThuocTinh) -> None:
    """Write a workbook of tables, each on its own sheet, with filter, frozen header and print set-up.

    Args:
        target: where to write; replaced in one rename.
        tables: at least one.
        properties: what goes into the properties of the file.

    Raises:
        ValueError: no table, or a row with more or fewer values than columns.
    """
    if not tables:
        raise ValueError("a workbook needs at least one table")
    with open_book(target, properties) as book:
        for table in tables:
            _write_sheet(book, table)


def fit_height(values: Sequence[Value], widths: Sequence[float]) -> float:
    """Estimate the height in points that wrapped values need: only Excel itself fits rows on opening, nobody else."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, sum(1 + len(part) // max(1, int(width)) for part in value.split("\n")))
    return min(_LINE_POINTS * lines + 3, _MAX_POINTS)


def set_print(sheet: Any, repeat: tuple[int, int], landscape: bool = False) -> None:
    """Set a sheet up for paper: A4, fit to one page's width, header rows on every page, page number at the top."""
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*repeat)
    sheet.set_header("&C&P")


def write_annex(context: BaoCao, rows: Sequence[FormRow], target: Path) -> None:
    """Write phu-luc-3.xlsx: one sheet per form in the layout of the printed annex, numbers as numbers.

    Args:
        context: the report; gives titles and printed rows.
        rows: the rows of ``out.bieu_mau`` that made the context; give the values of the numbers.
        target: where to write; replaced in one rename.

    Raises:
        ValueError: ``rows`` are not the rows of the context.
    """
    with open_book(target, context.thuoc_tinh) as book:
        for form in context.bieu_mau:
            _write_form(book, context, form, [row for row in rows if row.bieu == form.so])


def _write_sheet(book: Book, table: SheetTable) -> None:
    last = len(table.cot) - 1
    sheet = book.add_sheet(table.ten, table.do_rong)
    for line, text in enumerate(table.tieu_de):
        book.write_across(sheet, line, last, text, TITLE if line == 0 else {**NOTE, "align": "center"})
    top = len(table.tieu_de)
    for column, text in enumerate(table.cot):
        book.write(sheet, top, column, text, HEAD)
    line, left_out = top, 0
    for values in table.dong:
        if len(values) != len(table.cot):
            raise ValueError(f"sheet {table.ten!r}: {len(values)} values for {len(table.cot)} columns")
        if line - top >= _MAX_ROWS:
            left_out += 1
            continue
        line += 1
        for column, value in enumerate(values):
            book.write(sheet, line, column, value, {**CELL, "num_format": "0"} if column in table.danh_so else CELL)
        sheet.set_row(line, fit_height(values, table.do_rong))
    sheet.autofilter(top, 0, max(line, top), last)
    sheet.freeze_panes(top + 1, 0)
    notes = [*table.ghi_chu, *([f"Còn {left_out} dòng không ghi được vào trang này."] if left_out else [])]
    for offset, text in enumerate(notes, start=2):
        book.write_across(sheet, line + offset, last, text, NOTE)
    set_print(sheet, (top, top), landscape=sum(table.do_rong) > 110)


def _write_form(book: Book, context: BaoCao, form: BieuMau, rows: Sequence[FormRow]) -> None:
    sheet = book.add_sheet(f"Biểu mẫu {form.so}", _FORM_WIDTHS)
    last = len(_FORM_WIDTHS) - 1
    marks = _list_marks(context)
    titles = (
        *((" - ".join(marks), {**TITLE, "align": "right", "font_size": 11}) for _ in marks[:1]),
        ("Phụ lục 3", TITLE),
        ("BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH HÀNH CHÍNH ĐỊNH KỲ", TITLE),
        (_refer_to_report(context), {**TITLE, "bold": False, "italic": True}),
        (f"Biểu mẫu {form.so}", TITLE),
        (form.ten, TITLE),
    )
    for line, (text, style) in enumerate(titles):
        book.write_across(sheet, line, last, text, style)
        sheet.set_row(line, fit_height([text], [sum(_FORM_WIDTHS)]))
    top = len(titles)
    _write_form_header(book, sheet, top)
    for line, (row, printed) in enumerate(zip(rows, form.hang, strict=True), start=top + 2):
        _write_form_row(book, sheet, line, row, printed)
    if form.cach_tinh:
        bottom = top + 2 + len(rows)
        book.write_across(sheet, bottom, last, form.cach_tinh, NOTE)
        sheet.set_row(bottom, fit_height([form.cach_tinh], [sum(_FORM_WIDTHS)]))
    sheet.freeze_panes(top + 2, 0)
    set_print(sheet, (top, top + 1))
    # The mark stands in a cell for the screen and in the page header for paper: on every page, once.
    sheet.print_area(len(marks[:1]), 0, top + 2 + len(rows), last)
    sheet.set_header("&C&P" + (f"&R&B{' - '.join(marks)}" if marks else ""))


def _write_form_header(book: Book, sheet: Any, top: int) -> None:
    bottom = top + 1
    titles = {0: "STT", 1: "", 4: "Ghi chú"}
    for column, text in titles.items():
        sheet.merge_range(top, column, bottom, column, text, book.style(HEAD))
    sheet.write_rich_string(
        top,
        1,
        book.style({**FONT, "bold": True}),
        "Chỉ tiêu thống kê",
        book.style({**FONT, "italic": True}),
        "\n(Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)",
        book.style(HEAD),
    )
    sheet.merge_range(top, 2, top, 3, "Kết quả thống kê", book.style(HEAD))
    book.write(sheet, bottom, 2, "Đơn vị tính", HEAD)
    book.write(sheet, bottom, 3, "Số liệu", HEAD)
    sheet.set_row(top, 20)
    sheet.set_row(bottom, 20)


def _write_form_row(book: Book, sheet: Any, line: int, row: FormRow, printed: HangBieu) -> None:
    if row.chi_tieu != printed.chi_tieu:
        raise ValueError(f"form {row.bieu}: row {row.stt} is not the printed row {printed.stt_in}")
    style = {
        **CELL,
        **({"bold": True} if printed.la_tieu_de else {}),
        **({"italic": True} if printed.in_nghieng else {}),
    }
    centred = {**style, "align": "center"}
    label = printed.chi_tieu + printed.chu_thich
    sheet.set_row(line, fit_height(["", label, printed.don_vi_tinh, "", printed.ghi_chu], _FORM_WIDTHS))
    book.write(sheet, line, 0, printed.stt_in, centred)
    book.write(sheet, line, 1, label, style)
    book.write(sheet, line, 2, printed.don_vi_tinh, centred)
    value = _find_number(row)
    if value is None or not printed.so_lieu_in:
        book.write(sheet, line, 3, printed.so_lieu_in, centred)
    else:
        decimals = len(printed.so_lieu_in.partition(",")[2])
        number = INTEGER + ("." + "0" * decimals if decimals else "")
        book.write(sheet, line, 3, value, {**centred, "num_format": number})
    book.write(sheet, line, 4, printed.ghi_chu, {**centred, "font_size": 11})


def _find_number(row: FormRow) -> float | None:
    """Return the number of the cell: a ratio's as it is printed (51.9), None where text is printed."""
    if row.loai != "ratio":
        return row.so_lieu
    if row.tu_so is None or row.mau_so is None:
        return None
    percent = percent_value(row.tu_so, row.mau_so)
    return None if percent is None else float(percent)


def _refer_to_report(context: BaoCao) -> str:
    record = context.van_ban
    return (
        f"(Kèm theo Báo cáo số {record.so}/{context.don_vi.ky_hieu} ngày {record.ngay_ngan} "
        f"của {context.don_vi.ten_day_du})"
    )


def _list_marks(context: BaoCao) -> list[str]:
    flags = (("SỐ LIỆU MẪU", context.la_so_lieu_mau), ("DỰ THẢO", context.la_du_thao))
    return [text for text, flag in flags if flag]


def _number_format(value: float) -> str:
    return INTEGER if float(value).is_integer() else DECIMAL


def _clip(text: str) -> str:
    cleaned = str(clean_text(text))
    return cleaned if len(cleaned) <= _MAX_TEXT else cleaned[: _MAX_TEXT - 1] + "…"


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
    staging = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        staging.chmod(0o644)
        staging.replace(target)
    finally:
        staging.unlink(missing_ok=True)
