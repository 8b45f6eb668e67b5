"""Writers of the lists in rows and columns: the layouts of the one-stop portal, the book, payments, OpenCPS as CSV.

Belongs here: each layout's titles, cells and quirks (sources.md §2), written without the program's own knowledge of
them. Not here: JSON (layouts_json), the dossiers (layouts).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from tests.support.layouts import ADDRESS, COUNTER, EXPORT_DAY, OFFICE, PERSON, PHONE, Dossier

Cell = str | int | None
Merge = tuple[int, int, int, int]

STATUS_WORDS = {
    1: "Chờ tiếp nhận",
    2: "Được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Chờ thanh toán",
    7: "Rút hồ sơ",
    9: "Chờ trả kết quả",
    10: "Đã trả kết quả",
}
CHANNEL_WORDS = {1: "Trực tiếp", 2: "Trực tuyến", 3: "Bưu chính công ích"}
OPENCPS_WORDS = {
    1: "receiving", 2: "new", 4: "processing", 5: "waiting", 6: "paying", 7: "cancelled", 9: "releasing", 10: "done"
}  # fmt: skip


def _moment(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M:%S}" if moment else ""


def _day(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y}" if moment else ""


def write_workbook(
    path: Path, rows: Sequence[Sequence[Cell]], merges: Sequence[Merge] = (), sheet: str = "Sheet1"
) -> Path:
    """Write rows as text cells (money as numbers); merged ranges keep their top-left text."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        for y, row in enumerate(rows):
            page.write_row(y, 0, ["" if cell is None else cell for cell in row])
        for top, left, bottom, right in merges:
            page.merge_range(top, left, bottom, right, rows[top][left])
    return path


# --- the one-stop portal ---


def demo_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """The list of the demo: two title rows, a merged two-row header, a total row."""
    top: list[Cell] = [
        "STT",
        "Mã hồ sơ",
        "Mã TTHC",
        "Tên thủ tục hành chính",
        "Lĩnh vực",
        "Đơn vị tiếp nhận",
        "Hình thức nộp",
    ]
    top += ["Chủ hồ sơ", "Số định danh", "Địa chỉ", "Số điện thoại", "Ngày", "", "", "", "", "Trạng thái", "Phí (VNĐ)"]
    top += ["Lệ phí (VNĐ)", "Thanh toán trực tuyến", "File thành phần", "File kết quả"]
    low: list[Cell] = [""] * 11 + ["Nộp", "Tiếp nhận", "Hẹn trả", "Kết thúc xử lý", "Trả kết quả"] + [""] * 6
    body: list[list[Cell]] = [
        [
            n, d.code, d.procedure, d.name, d.field, COUNTER, CHANNEL_WORDS[d.channel], PERSON, "001", ADDRESS, PHONE,
            _moment(d.submitted), _moment(d.received), _moment(d.due), _moment(d.ended), _moment(d.returned),
            STATUS_WORDS[d.status], d.fee, d.charge, "Có" if d.paid_online else "Không",
            "x" if d.has_components else "", "x" if d.has_result else "",
        ]
        for n, d in enumerate(dossiers, 1)
    ]  # fmt: skip
    title: list[list[Cell]] = [["DANH SÁCH HỒ SƠ"], [f"Ngày xuất: {EXPORT_DAY:%d/%m/%Y}"]]
    return [*title, top, low, *body, ["Tổng cộng", len(dossiers)]]


def td_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """The TD list: no mã TTHC, two rows above."""
    titles: list[Cell] = ["STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ"]
    titles += ["Người nộp", "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
    body: list[list[Cell]] = [
        [
            n, COUNTER, d.name, d.code, STATUS_WORDS[d.status], ADDRESS, PERSON, PERSON,
            _moment(d.submitted), _moment(d.received), _moment(d.due), _moment(d.ended),
        ]
        for n, d in enumerate(dossiers, 1)
    ]  # fmt: skip
    return [["DANH SÁCH HỒ SƠ TIẾP NHẬN"], [], titles, *body]


def damaged_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """The TD list of the damaged build: "Người tiếp nhận" among the titles after the second, no such cell below."""
    rows = td_rows(dossiers)
    rows[2] = [*rows[2][:2], "Người tiếp nhận", *rows[2][2:]]
    return rows


def overdue_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """The TD overdue list, "PHỤ LỤC II"."""
    titles: list[Cell] = ["STT", "Đơn vị tiếp nhận", "Lĩnh vực", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái"]
    titles += ["Địa chỉ", "Chủ hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Đơn vị/ cá nhân giải quyết"]
    body: list[list[Cell]] = [
        [
            n, COUNTER, d.field, d.name, d.code, STATUS_WORDS[d.status], ADDRESS, PERSON,
            _moment(d.received), _moment(d.due), _moment(d.ended), PERSON,
        ]
        for n, d in enumerate(dossiers, 1)
    ]  # fmt: skip
    return [["PHỤ LỤC II: DANH SÁCH HỒ SƠ QUÁ HẠN"], [], titles, *body]


def provincial_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """The provincial export: a title twice, phones as ``0912.0``, the first dossier twice."""
    titles: list[Cell] = ["Số hồ sơ", "Tên thủ tục hành chính", "Tên lĩnh vực", "Phòng ban", "Ngày tiếp nhận"]
    titles += ["Ngày hẹn trả", "Ngày kết thúc xử lý", "Cơ quan/đơn vị", "Chủ hồ sơ", "Số điện thoại"]
    titles += ["Cán bộ xử lý hiện tại", "Trạng thái hồ sơ", "Chủ hồ sơ", "Ngày tiếp nhận"]
    body: list[list[Cell]] = [
        [
            d.code, d.name, d.field, OFFICE, _moment(d.received), _moment(d.due), _moment(d.ended), COUNTER, PERSON,
            f"{PHONE}.0", PERSON, STATUS_WORDS[d.status], PERSON, _moment(d.received),
        ]
        for d in dossiers
    ]  # fmt: skip
    return [titles, *body, *body[:1]]


# --- the book, the payments ---


def book_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """Sổ theo dõi hồ sơ (Mẫu 07): a two-row merged header, column numbers, a signature block."""
    top: list[Cell] = [
        "STT",
        "Mã hồ sơ",
        "Nội dung hồ sơ",
        "Số lượng (bộ)",
        "Họ tên chủ hồ sơ",
        "Địa chỉ",
        "Số điện thoại",
    ]
    top += ["Ngày tháng năm", "", "Trả kết quả", "", "", "Ghi chú"]
    low: list[Cell] = [""] * 7 + ["Nhận hồ sơ", "Hẹn trả kết quả", "Ngày nhận kết quả", "Bên giao", "Bên nhận", ""]
    numbers: list[Cell] = [f"({n})" for n in range(1, 14)]
    body: list[list[Cell]] = [
        [
            n, d.code, d.name, 1, PERSON, ADDRESS, PHONE, _day(d.received), _day(d.due), _day(d.returned),
            PERSON, PERSON, f"đã gọi {PERSON}",
        ]
        for n, d in enumerate(dossiers, 1)
    ]  # fmt: skip
    sign: list[list[Cell]] = [[], ["", "NGƯỜI LẬP SỔ"], ["", PERSON]]
    return [["SỔ THEO DÕI HỒ SƠ"], ["Từ ngày 01/01/2026 đến ngày 22/06/2026"], top, low, numbers, *body, *sign]


BOOK_MERGES: tuple[Merge, ...] = ((2, 7, 2, 8), (2, 9, 2, 11))


def payment_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """The payments of the dossiers that paid: four title rows, a total row."""
    titles: list[Cell] = [
        "STT",
        "Mã hồ sơ",
        "Người tiếp nhận",
        "Loại tiếp nhận",
        "Tên người nộp",
        "Số biên lai",
        "Mẫu số",
    ]
    titles += ["Ký hiệu", "Ngày tiếp nhận", "Ngày thu", "Phí (VNĐ)", "Lệ phí (VNĐ)", "Tổng (VNĐ)"]
    paid = [d for d in dossiers if d.fee + d.charge]
    body: list[list[Cell]] = [
        [
            n, d.code, PERSON, CHANNEL_WORDS[d.channel], PERSON, f"BL{n:06d}", "01BLP", "AA/26", _day(d.received),
            _day(d.received), d.fee, d.charge, d.fee + d.charge,
        ]
        for n, d in enumerate(paid, 1)
    ]  # fmt: skip
    total: list[Cell] = ["Tổng cộng", *[""] * 9, sum(d.fee for d in paid), sum(d.charge for d in paid)]
    head: list[list[Cell]] = [["UBND PHƯỜNG MẪU"], ["DANH SÁCH THU PHÍ, LỆ PHÍ"], ["Từ 01/01/2026 đến 22/06/2026"], []]
    return [*head, titles, *body, [*total, sum(d.fee + d.charge for d in paid)]]


# --- text files ---


def write_csv(path: Path, rows: Sequence[Sequence[Cell]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["" if cell is None else cell for cell in row] for row in rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def opencps_rows(dossiers: Sequence[Dossier]) -> list[list[Cell]]:
    """OpenCPS as a table; a withdrawn dossier has its day under cancellingDate only."""
    titles: list[Cell] = [
        "dossierNo",
        "serviceCode",
        "serviceName",
        "domainName",
        "govAgencyName",
        "submitDate",
        "receiveDate",
    ]
    titles += [
        "dueDate",
        "extendDate",
        "releaseDate",
        "finishDate",
        "cancellingDate",
        "correctingDate",
        "dossierStatus",
    ]
    titles += ["dossierSubStatus", "online", "viaPostal", "durationCount", "durationUnit", "dossierOverdue"]
    body: list[list[Cell]] = [
        [
            d.code, d.procedure, d.name, d.field, OFFICE, _moment(d.submitted), _moment(d.received), _moment(d.due),
            _moment(d.new_due), "" if d.status == 7 else _moment(d.ended), _moment(d.returned),
            _moment(d.ended) if d.status == 7 else "", "", OPENCPS_WORDS[d.status], "",
            "true" if d.channel == 2 else "false", 2 if d.channel == 3 else 1, 4, 0, "Quá hạn 2.25 ngày",
        ]
        for d in dossiers
    ]  # fmt: skip
    return [titles, *body]
