"""Writing the demo records as the four workbooks of an inbox, in the layouts of the exporting systems.

Belongs here: titles, headers, widths and formats; xlsxwriter; the byte-for-byte reproducible package. Not here:
which rows exist, and reading anything back.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from tests.support.demo_records import (
    DeclaredRow,
    DocumentRow,
    DossierRow,
    FeedbackRow,
    ParagraphRow,
    ProcedureRow,
    Records,
)

LEADING = (
    ("STT", 6), ("Mã hồ sơ", 21), ("Mã TTHC", 12), ("Tên thủ tục hành chính", 46), ("Lĩnh vực", 22),
    ("Đơn vị tiếp nhận", 38), ("Hình thức nộp", 14), ("Chủ hồ sơ", 24), ("Số định danh", 15), ("Địa chỉ", 42),
    ("Số điện thoại", 13),
)  # fmt: skip
DATES = ("Nộp", "Tiếp nhận", "Hẹn trả", "Kết thúc xử lý", "Trả kết quả")
TRAILING = (
    ("Trạng thái", 24), ("Phí (VNĐ)", 11), ("Lệ phí (VNĐ)", 11), ("Thanh toán trực tuyến", 12), ("File thành phần", 10),
    ("File kết quả", 10),
)  # fmt: skip
CATALOGUE = (
    ("Mã TTHC", 26), ("Tên TTHC", 60), ("Lĩnh vực", 28), ("Cấp thực hiện", 20), ("Mức độ", 16),
    ("Đủ điều kiện toàn trình", 12), ("Thực hiện tại Bộ phận Một cửa", 14), ("Phi địa giới", 10),
    ("Có phí, lệ phí", 10), ("Thanh toán trực tuyến", 12), ("Không có kết quả", 10), ("Tình trạng", 18),
    ("Quyết định công bố", 24),
)  # fmt: skip
FEEDBACK = (
    ("Mã PAKN", 22), ("Nội dung", 90), ("Ngày tiếp nhận", 20), ("Hạn xử lý", 14), ("Ngày xử lý xong", 20),
    ("Trạng thái", 16), ("Đánh giá hài lòng", 18),
)  # fmt: skip
DECLARED = (
    ("Kỳ báo cáo", 11), ("Biểu mẫu", 9), ("STT", 8), ("Chỉ tiêu thống kê", 70), ("Đơn vị tính", 22), ("Kỳ trước", 12),
    ("Số liệu", 12), ("Người khai", 32), ("Ngày khai", 12), ("Căn cứ", 44),
)  # fmt: skip
DOCUMENTS = (
    ("Kỳ báo cáo", 12), ("Mã văn bản", 14), ("Số, ký hiệu", 24), ("Ngày văn bản", 14), ("Cơ quan ban hành", 30),
    ("Trích yếu", 60), ("Người khai", 26), ("Ngày khai", 13),
)  # fmt: skip
PARAGRAPHS = (
    ("Kỳ báo cáo", 11), ("Mục", 12), ("Thứ tự", 8), ("Nội dung", 110), ("Người viết", 34), ("Ngày viết", 12),
)  # fmt: skip
CREATED = datetime(2026, 6, 23, 8, 0, 0)  # noqa: DTZ001 local time, as the office sees it
OPTIONAL_ADDRESS = re.compile(rb'<c r="[B-Z][A-Z]?\d+"')


class _Book:
    """One workbook in memory with the few formats that all of them use."""

    def __init__(self, title: str) -> None:
        self.buffer = BytesIO()
        self.book = xlsxwriter.Workbook(
            self.buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
        )
        self.book.set_properties({"title": title, "author": "Dữ liệu mẫu", "created": CREATED})
        font = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
        box = {**font, "border": 1}
        self.title = self.book.add_format({**font, "bold": True, "font_size": 14, "align": "center"})
        self.note = self.book.add_format({**font, "italic": True, "align": "center"})
        self.head = self.book.add_format(
            {**box, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}
        )
        self.cell = self.book.add_format(box)
        self.wrap = self.book.add_format({**box, "text_wrap": True})
        self.money = self.book.add_format({**box, "num_format": "#,##0"})
        self.date = self.book.add_format({**box, "num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"})
        self.total = self.book.add_format({**box, "bold": True, "num_format": "#,##0"})

    def save(self, path: Path, *, compact: bool = False) -> None:
        """Write the package with fixed entry times and the best compression, so that equal rows give equal bytes.

        ``compact`` leaves out the optional address of every cell but a row's first, as several exporters do: it
        halves the list of dossiers, which would not fit under 1 MiB otherwise.
        """
        self.book.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(self.buffer) as source, zipfile.ZipFile(path, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if compact and name.startswith("xl/worksheets/sheet"):
                    content = OPTIONAL_ADDRESS.sub(b"<c", content)
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                target.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)


def _put(sheet: Any, row: int, column: int, value: Any, book: _Book, text: Any) -> None:
    """Write one cell by the type of its value; an empty value keeps its border."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, text)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, book.date)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, text)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, book.money)
    else:
        sheet.write_string(row, column, value, text)


def _put_table(
    book: _Book,
    sheet: Any,
    top: int,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Any]],
    *,
    wrapped: bool = False,
) -> None:
    """Write a plain table: one header row at ``top``, then the rows."""
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, name, book.head)
    for offset, values in enumerate(rows, start=1):
        if wrapped:
            widths = [width for _, width in columns]
            lines = max(len(str(value or "")) // width for value, width in zip(values, widths, strict=True)) + 1
            sheet.set_row(top + offset, 15 * lines + 3)
        for column, value in enumerate(values):
            _put(sheet, top + offset, column, value, book, book.wrap if wrapped else book.cell)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


# --- the one-stop list -------------------------------------------------------------------------------------


def _put_dossier_header(book: _Book, sheet: Any) -> None:
    """Rows 3–4: every header merged over both rows, the five dates under one merged "Ngày"."""
    first_date = len(LEADING)
    for column, (name, width) in enumerate(LEADING):
        sheet.set_column(column, column, width)
        sheet.merge_range(2, column, 3, column, name, book.head)
    sheet.merge_range(2, first_date, 2, first_date + len(DATES) - 1, "Ngày", book.head)
    for offset, name in enumerate(DATES):
        sheet.set_column(first_date + offset, first_date + offset, 19)
        sheet.write_string(3, first_date + offset, name, book.head)
    for offset, (name, width) in enumerate(TRAILING, start=first_date + len(DATES)):
        sheet.set_column(offset, offset, width)
        sheet.merge_range(2, offset, 3, offset, name, book.head)
    sheet.set_row(2, 18)
    sheet.set_row(3, 32)


def _dossier_cells(number: int, row: DossierRow) -> tuple[Any, ...]:
    return (
        number, row.ma_ho_so, row.ma_tthc, row.ten_tthc, row.linh_vuc, row.don_vi_tiep_nhan, row.hinh_thuc_nop,
        row.chu_ho_so, row.so_dinh_danh, row.dia_chi, row.so_dien_thoai, row.ngay_nop, row.ngay_tiep_nhan,
        row.ngay_hen_tra, row.ngay_ket_thuc, row.ngay_tra, row.trang_thai, row.phi, row.le_phi,
        row.thanh_toan_truc_tuyen, row.file_thanh_phan, row.file_ket_qua,
    )  # fmt: skip


def _put_total(book: _Book, sheet: Any, top: int, rows: Sequence[DossierRow]) -> None:
    money = len(LEADING) + len(DATES) + 1
    sheet.merge_range(top, 0, top, len(LEADING) - 1, "Tổng cộng", book.total)
    for column in range(len(LEADING), money + 5):
        sheet.write_blank(top, column, None, book.total)
    sheet.write_number(top, money, sum(row.phi for row in rows), book.total)
    sheet.write_number(top, money + 1, sum(row.le_phi for row in rows), book.total)


def write_mot_cua(
    records: Records | Sequence[DossierRow],
    path: Path,
    *,
    shuffle: int | None = None,
    extract: str = "23/06/2026",
) -> None:
    """Write a one-stop list (rows 1–2 titles, 3–4 header, last row total).

    Args:
        records: the demo's records, or only some dossier rows (to split the list into several workbooks).
        path: the .xlsx to write; folders are created.
        shuffle: a seed to permute the rows; None keeps their order.
        extract: what is printed after "Ngày xuất:".
    """
    rows = list(records.dossiers if isinstance(records, Records) else records)
    if shuffle is not None:
        Random(shuffle).shuffle(rows)
    book = _Book("Danh sách hồ sơ")
    sheet = book.book.add_worksheet("Danh sách hồ sơ")
    last = len(LEADING) + len(DATES) + len(TRAILING) - 1
    title = "DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH - PHƯỜNG NHỊ CHIỂU"
    sheet.merge_range(0, 0, 0, last, title, book.title)
    sheet.merge_range(1, 0, 1, last, f"(Số liệu mẫu, không có người thật)    Ngày xuất: {extract}", book.note)
    _put_dossier_header(book, sheet)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(_dossier_cells(number, row)):
            _put(sheet, number + 3, column, value, book, book.cell)
    _put_total(book, sheet, len(rows) + 4, rows)
    sheet.freeze_panes(4, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 3)
    book.save(path, compact=True)


# --- the other lists ---------------------------------------------------------------------------------------


def write_catalogue(rows: Sequence[ProcedureRow], path: Path, *, extract: str = "01/12/2025") -> None:
    """Write the provincial catalogue: two title rows, header in row 3."""
    book = _Book("Danh mục thủ tục hành chính")
    sheet = book.book.add_worksheet("Danh mục TTHC")
    last = len(CATALOGUE) - 1
    sheet.merge_range(0, 0, 0, last, "DANH MỤC THỦ TỤC HÀNH CHÍNH CỦA THÀNH PHỐ HẢI PHÒNG", book.title)
    sheet.merge_range(1, 0, 1, last, f"(Số liệu mẫu)    Ngày xuất: {extract}", book.note)
    cells = [
        (
            row.ma_tthc, row.ten_tthc, row.linh_vuc, row.cap_thuc_hien, row.muc_do, row.du_dieu_kien_toan_trinh,
            row.tai_mot_cua, row.phi_dia_gioi, row.co_phi, row.thanh_toan_truc_tuyen, row.khong_co_ket_qua,
            row.tinh_trang, row.quyet_dinh,
        )
        for row in rows
    ]  # fmt: skip
    _put_table(book, sheet, 2, CATALOGUE, cells)
    book.save(path)


def write_feedback(rows: Sequence[FeedbackRow], path: Path, *, extract: str = "23/06/2026") -> None:
    """Write the PAKN list: two title rows, header in row 3."""
    book = _Book("Danh sách phản ánh, kiến nghị")
    sheet = book.book.add_worksheet("PAKN")
    last = len(FEEDBACK) - 1
    title = "DANH SÁCH PHẢN ÁNH, KIẾN NGHỊ VỀ QUY ĐỊNH HÀNH CHÍNH"
    sheet.merge_range(0, 0, 0, last, title, book.title)
    sheet.merge_range(1, 0, 1, last, f"(Số liệu mẫu)    Ngày xuất: {extract}", book.note)
    cells = [
        (
            row.ma_pakn, row.noi_dung, row.ngay_tiep_nhan, row.han_xu_ly, row.ngay_xu_ly_xong, row.trang_thai,
            row.danh_gia,
        )
        for row in rows
    ]  # fmt: skip
    _put_table(book, sheet, 2, FEEDBACK, cells)
    book.save(path)


def write_declared(
    figures: Sequence[DeclaredRow], texts: Sequence[ParagraphRow], path: Path, documents: Sequence[DocumentRow] = ()
) -> None:
    """Write the workbook of declared figures (sheet "Số liệu", header in row 4) and text ("Đoạn văn", row 2)."""
    book = _Book("Số liệu và đoạn văn khai báo")
    sheet = book.book.add_worksheet("Số liệu")
    last = len(DECLARED) - 1
    period = figures[0].ky
    sheet.merge_range(0, 0, 0, last, "SỐ LIỆU KHAI BÁO CHO BÁO CÁO CẢI CÁCH HÀNH CHÍNH (SỐ LIỆU MẪU)", book.title)
    sheet.merge_range(1, 0, 1, last, f"Kỳ báo cáo: {period}", book.note)
    guide = "Hướng dẫn: chỉ nhập vào cột “Số liệu”, “Người khai” (chức danh hoặc bộ phận), “Ngày khai”, “Căn cứ”."
    sheet.merge_range(2, 0, 2, last, guide, book.note)
    rows = [
        (r.ky, r.bieu, r.stt, r.chi_tieu, r.don_vi_tinh, None, r.so_lieu, r.nguoi_khai, r.ngay_khai, r.can_cu)
        for r in figures
    ]
    _put_table(book, sheet, 3, DECLARED, rows, wrapped=True)
    prose = book.book.add_worksheet("Đoạn văn")
    prose.merge_range(0, 0, 0, len(PARAGRAPHS) - 1, "ĐOẠN VĂN CỦA BÁO CÁO (SỐ LIỆU MẪU)", book.title)
    lines = [(t.ky, t.muc, t.thu_tu, t.noi_dung, t.nguoi_viet, t.ngay_viet) for t in texts]
    _put_table(book, prose, 1, PARAGRAPHS, lines, wrapped=True)
    if documents:
        listed = book.book.add_worksheet("Văn bản")
        listed.merge_range(0, 0, 0, len(DOCUMENTS) - 1, "VĂN BẢN VIỆN DẪN (SỐ LIỆU MẪU)", book.title)
        rows = [
            (d.ky, d.ma, d.so_ky_hieu, d.ngay, d.co_quan, d.trich_yeu, d.nguoi_khai, d.ngay_khai) for d in documents
        ]
        _put_table(book, listed, 1, DOCUMENTS, rows, wrapped=True)
    book.save(path)
