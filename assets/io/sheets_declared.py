"""The workbook that officers fill in: declared figures and paragraphs of one period.

Belongs here: its layout, which its reader shares (source ``nhap_tay``): sheet "Số liệu" with the header in row 4, one
more like it per person in charge, sheets "Đoạn văn" and "Văn bản" with the header in row 2, a guide in front. Does not
belong here: which rows and drafts it holds (the caller), reading it back (``assets/io/workbook``).

A person's name stands in the sheet's title, never in the sheet's name: names of sheets go into the warehouse.

Labels are locked without a password: the lock keeps fingers off, it does not keep anybody out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assets.io.sheets import (
    CELL,
    DATE,
    DECIMAL,
    HEAD,
    INTEGER,
    NOTE,
    TITLE,
    Book,
    Style,
    Value,
    fit_height,
    open_book,
    set_print,
)
from schemas.document import ThuocTinh
from schemas.rules.display import format_date

FIGURE_COLUMNS = (
    *("Kỳ báo cáo", "Biểu mẫu", "STT", "Chỉ tiêu thống kê", "Đơn vị tính"),
    *("Kỳ trước", "Số liệu", "Người khai", "Ngày khai", "Căn cứ"),
)
DOCUMENT_COLUMNS = (
    *("Kỳ báo cáo", "Mã văn bản", "Số, ký hiệu", "Ngày văn bản", "Cơ quan ban hành", "Trích yếu"),
    *("Loại văn bản", "Người khai", "Ngày khai"),
)
PARAGRAPH_COLUMNS = ("Kỳ báo cáo", "Mục", "Thứ tự", "Nội dung", "Người viết", "Ngày viết")

_FIGURE_WIDTHS = (12, 9, 8, 46, 17, 11, 12, 20, 12, 28)
_DOCUMENT_WIDTHS = (12, 14, 24, 13, 30, 60, 16, 22, 13)
_PARAGRAPH_WIDTHS = (12, 10, 8, 100, 26, 13)
_GUIDE = (
    "Hướng dẫn: chỉ nhập vào các ô nền vàng. “Số liệu” là số, không ghi kèm chữ; không có số liệu thì để trống. "
    "“Người khai” ghi chức danh hoặc bộ phận; “Căn cứ” ghi văn bản, sổ hoặc hệ thống làm căn cứ."
)
_GUIDE_WIDTHS = (24, 76)
_STEPS = (
    (
        "Ô nào được nhập",
        "Chỉ các ô nền vàng; kỳ, biểu mẫu, STT, chỉ tiêu đã khóa. Không thêm, xóa, đổi chỗ dòng của trang số liệu.",
    ),
    (
        "Số liệu",
        "Chỉ ghi số: 52, không ghi “52 người”. Số lẻ dùng dấu phẩy, phần nghìn dùng dấu chấm: 42.809,5. Phần trăm từ 0 "
        "đến 100. Không phát sinh ghi 0; chưa có số liệu thì để trống. Cột “Kỳ trước” chỉ để so sánh.",
    ),
    (
        "Người khai, ngày, căn cứ",
        "Ghi chức danh hoặc bộ phận, không ghi tên người; ngày dạng dd/mm/yyyy; văn bản, sổ hoặc hệ thống làm căn cứ.",
    ),
    (
        "Đoạn văn",
        "Mỗi dòng một đoạn; mã mục xem trang “Mục”. Đoạn của kỳ trước là bản nháp, phải sửa lại cho kỳ này.",
    ),
    (
        "Số trong đoạn văn",
        "Viết mã dòng trong ngoặc nhọn để số luôn khớp biểu: {BM1.1} in số, {BM1.2} in tỷ lệ, {BM1.2:ty_so} in 27/52, "
        "{II.2.3.1} in số của mục II.2, {tien_le_phi:dong} in số tiền; {ky}, {ky_toi}, {ngay_chot}, {don_vi} in tên "
        "kỳ, ngày chốt, đơn vị.",
    ),
    (
        "Văn bản viện dẫn",
        "Kê ở trang “Văn bản”, mỗi văn bản một mã. Đoạn văn viết {vb:QD128} để in đủ tên, {vb:QD128:ngan} để in ngắn.",
    ),
    (
        "Điền xong",
        "Lưu tệp, chép vào thư mục inbox/nhap_tay rồi chạy cchc run. Ô sai được báo từng ô trong phat-hien.xlsx (ví dụ "
        "“trang Số liệu, ô G12”): sửa đúng ô đó, nộp lại cả tệp; bản mới nhất thay bản cũ.",
    ),
)
_SPARE_ROWS = 200  # empty paragraph lines below the prefilled ones
_OPEN: Style = {"locked": False, "bg_color": "#FFFBE6"}
_LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """One figure to fill in.

    Attributes:
        bieu: form, "1".."7".
        stt: row, "2.1.1".
        chi_tieu: label.
        don_vi_tinh: unit.
        kieu: "so_nguyen", "so_thuc", "phan_tram" or "lua_chon".
        lua_chon: for "lua_chon": code -> meaning.
        ky_truoc: the value of the previous period, for comparison.
        so_lieu: the value where it is already known.
        nguoi_khai: who declared it.
        ngay_khai: when.
        can_cu: its evidence.
        nguoi: who fills it in; empty: whoever fills in the sheet "Số liệu".
    """

    bieu: str
    stt: str
    chi_tieu: str
    don_vi_tinh: str
    kieu: str = "so_nguyen"
    lua_chon: Mapping[str, str] = field(default_factory=dict)
    ky_truoc: float | None = None
    so_lieu: float | None = None
    nguoi_khai: str = ""
    ngay_khai: date | None = None
    can_cu: str = ""
    nguoi: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredParagraph:
    """One paragraph, or an empty line to write one: section code ("I.1"), order in it, draft text."""

    muc: str
    thu_tu: int
    noi_dung: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredDocument:
    """One cited document, carried from the period or the previous one."""

    ma: str
    so_ky_hieu: str
    ngay: date | None
    co_quan: str
    trich_yeu: str
    loai: str


@dataclass(frozen=True, slots=True)
class DeclaredTemplate:
    """What the workbook of one period holds.

    Attributes:
        ky: period key, "2026-6T".
        ten_ky: its name, "6 tháng đầu năm 2026".
        don_vi: name of the unit.
        dong: figures to fill in, in the order of the forms.
        doan: paragraphs, the previous period's as drafts.
        van_ban: cited documents, the previous period's where the period has none.
        han_nop: day by which the report is sent.
        nguoi: people with a sheet of their own, in the order of their sheets.
        muc: section code -> heading: the sections one may write for.
        ngay: date of the file's properties, instead of the clock.
    """

    ky: str
    ten_ky: str
    don_vi: str
    dong: Sequence[DeclaredRow]
    doan: Sequence[DeclaredParagraph]
    muc: Mapping[str, str]
    ngay: date
    han_nop: date
    van_ban: Sequence[DeclaredDocument] = ()
    nguoi: Sequence[str] = ()

    def share_rows(self) -> list[tuple[str, str, list[DeclaredRow]]]:
        """The figure sheets that hold rows: name of the sheet, person in charge ("": nobody by name), rows."""
        owners = [("Số liệu", ""), *((f"Số liệu {place}", name) for place, name in enumerate(self.nguoi, start=1))]
        shared = [(sheet, name, [row for row in self.dong if row.nguoi == name]) for sheet, name in owners]
        return [one for one in shared if one[2]]


def write_declared_template(spec: DeclaredTemplate, target: Path) -> None:
    """Write the workbook of declared figures and paragraphs.

    Args:
        spec: its content.
        target: where to write; replaced in one rename.

    Raises:
        ValueError: a row of an unknown kind.
    """
    properties = ThuocTinh(
        tieu_de=f"Số liệu khai báo cải cách hành chính {spec.ten_ky}",
        chu_de=f"Kỳ báo cáo: {spec.ky}",
        tu_khoa=f"ky={spec.ky}",
        tac_gia=spec.don_vi,
        ngay=spec.ngay,
    )
    with open_book(target, properties) as book:
        _write_guide(book, spec)
        for sheet, person, rows in spec.share_rows():
            _write_figures(book, spec, sheet, person, rows)
        _write_paragraphs(book, spec)
        _write_documents(book, spec)
        _write_sections(book, spec)


def _write_guide(book: Book, spec: DeclaredTemplate) -> None:
    sheet = book.add_sheet("Hướng dẫn", _GUIDE_WIDTHS)
    last = len(_GUIDE_WIDTHS) - 1
    book.write_across(sheet, 0, last, f"CÁCH ĐIỀN BẢNG NHẬP TAY {spec.ten_ky} - {spec.don_vi}", TITLE)
    sheet.set_row(0, 24)
    who = [(sheet_name, person or "(chưa giao riêng)") for sheet_name, person, _ in spec.share_rows()]
    lines = [
        ("Hạn", f"Báo cáo gửi trước ngày {format_date(spec.han_nop)}."),
        *((f"Trang “{name}”", f"Người phụ trách: {person}") for name, person in who if spec.nguoi),
        *_STEPS,
    ]
    for line, values in enumerate(lines, start=2):
        book.write(sheet, line, 0, values[0], {**CELL, "bold": True, "valign": "top"})
        book.write(sheet, line, 1, values[1], {**CELL, "valign": "top"})
        sheet.set_row(line, fit_height(values, _GUIDE_WIDTHS))
    _protect(sheet)
    set_print(sheet, (0, 0))


def _write_figures(book: Book, spec: DeclaredTemplate, name: str, person: str, rows: Sequence[DeclaredRow]) -> None:
    sheet = book.add_sheet(name, _FIGURE_WIDTHS)
    last = len(FIGURE_COLUMNS) - 1
    book.write_across(sheet, 0, last, f"SỐ LIỆU KHAI BÁO CẢI CÁCH HÀNH CHÍNH {spec.ten_ky} - {spec.don_vi}", TITLE)
    charge = f"; người phụ trách: {person}" if person else ""
    book.write_across(sheet, 1, last, f"Kỳ báo cáo: {spec.ky}{charge}", {**NOTE, "align": "center"})
    book.write_across(sheet, 2, last, _GUIDE, NOTE)
    sheet.set_row(0, 24)
    sheet.set_row(2, 34)
    for column, text in enumerate(FIGURE_COLUMNS):
        book.write(sheet, 3, column, text, HEAD)
    centred = {**CELL, "align": "center"}
    for line, row in enumerate(rows, start=4):
        number = {**centred, "num_format": INTEGER if row.kieu in {"so_nguyen", "lua_chon"} else DECIMAL}
        entry, free = {**number, **_OPEN}, {**CELL, **_OPEN}
        cells: tuple[tuple[Value, Style], ...] = (
            *((spec.ky, centred), (row.bieu, centred), (row.stt, centred), (row.chi_tieu, CELL)),
            *((row.don_vi_tinh, centred), (row.ky_truoc, centred), (row.so_lieu, entry), (row.nguoi_khai, free)),
            *((row.ngay_khai, {**free, "num_format": DATE, "align": "center"}), (row.can_cu, free)),
        )
        for column, (value, style) in enumerate(cells):
            book.write(sheet, line, column, value, style)
        sheet.set_row(line, fit_height([value for value, _ in cells], _FIGURE_WIDTHS))
        sheet.data_validation(line, 6, line, 6, _validate(row))
        sheet.data_validation(line, 8, line, 8, _validate_date())
    sheet.freeze_panes(4, 4)
    _protect(sheet)
    set_print(sheet, (3, 3), landscape=True)


def _write_paragraphs(book: Book, spec: DeclaredTemplate) -> None:
    sheet = book.add_sheet("Đoạn văn", _PARAGRAPH_WIDTHS)
    last = len(PARAGRAPH_COLUMNS) - 1
    title = (
        f"ĐOẠN VĂN CỦA BÁO CÁO {spec.ten_ky} - {spec.don_vi}: mỗi dòng một đoạn; mã mục xem trang “Mục”; số liệu của "
        "biểu viết {BM1.2.1}; chép cả kỳ báo cáo khi thêm dòng"
    )
    book.write_across(sheet, 0, last, title, TITLE)
    sheet.set_row(0, 34)
    for column, text in enumerate(PARAGRAPH_COLUMNS):
        book.write(sheet, 1, column, text, HEAD)
    drafts: list[tuple[Value, ...]] = [(spec.ky, row.muc, row.thu_tu, row.noi_dung, None, None) for row in spec.doan]
    prose: Style = {**CELL, **_OPEN, "valign": "top"}
    centred: Style = {**prose, "align": "center"}
    styles: tuple[Style, ...] = (centred, centred, centred, prose, prose, {**centred, "num_format": DATE})
    blank: tuple[Value, ...] = (None,) * len(PARAGRAPH_COLUMNS)
    for line, values in enumerate([*drafts, *[blank] * _SPARE_ROWS], start=2):
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            book.write(sheet, line, column, value, style)
        sheet.set_row(line, fit_height(values, _PARAGRAPH_WIDTHS))
    end = 1 + len(drafts) + _SPARE_ROWS
    sheet.data_validation(2, 0, end, 0, {"validate": "list", "source": [spec.ky]})
    sheet.data_validation(
        2,
        1,
        end,
        1,
        {
            "validate": "list",
            "source": f"='Mục'!$A$2:$A${len(spec.muc) + 1}",
            "error_title": "Không có mục này",
            "error_message": "Chọn mã mục trong danh sách (xem trang “Mục”).",
        },
    )
    sheet.data_validation(2, 2, end, 2, {**_whole(1, 999), "error_message": "Thứ tự là số nguyên từ 1."})
    sheet.data_validation(2, 5, end, 5, _validate_date())
    sheet.freeze_panes(2, 0)
    _protect(sheet)
    set_print(sheet, (1, 1), landscape=True)


def _write_documents(book: Book, spec: DeclaredTemplate) -> None:
    sheet = book.add_sheet("Văn bản", _DOCUMENT_WIDTHS)
    title = (
        f"VĂN BẢN VIỆN DẪN {spec.ten_ky} - {spec.don_vi}: mỗi dòng một văn bản; đoạn văn viết {{vb:mã}} để in đủ tên, "
        "{vb:mã:ngan} để in ngắn; “Loại văn bản” chỉ ghi khi ký hiệu không nói rõ"
    )
    book.write_across(sheet, 0, len(DOCUMENT_COLUMNS) - 1, title, TITLE)
    sheet.set_row(0, 34)
    for column, text in enumerate(DOCUMENT_COLUMNS):
        book.write(sheet, 1, column, text, HEAD)
    free: Style = {**CELL, **_OPEN, "valign": "top"}
    dated: Style = {**free, "num_format": DATE, "align": "center"}
    rows: list[tuple[Value, ...]] = [
        (spec.ky, one.ma, one.so_ky_hieu, one.ngay, one.co_quan, one.trich_yeu, one.loai, None, None)
        for one in spec.van_ban
    ]
    blank: tuple[Value, ...] = (None,) * len(DOCUMENT_COLUMNS)
    for line, values in enumerate([*rows, *[blank] * _SPARE_ROWS], start=2):
        for column, value in enumerate(values):
            book.write(sheet, line, column, value, dated if column in (3, 8) else free)
        sheet.set_row(line, fit_height([value if isinstance(value, str) else "" for value in values], _DOCUMENT_WIDTHS))
    end = 1 + len(rows) + _SPARE_ROWS
    sheet.data_validation(2, 0, end, 0, {"validate": "list", "source": [spec.ky]})
    for column in (3, 8):
        sheet.data_validation(2, column, end, column, _validate_date())
    sheet.freeze_panes(2, 0)
    _protect(sheet)
    set_print(sheet, (1, 1), landscape=True)


def _write_sections(book: Book, spec: DeclaredTemplate) -> None:
    sheet = book.add_sheet("Mục", (14, 80))
    for column, text in enumerate(("Mã mục", "Tiêu đề trong báo cáo")):
        book.write(sheet, 0, column, text, HEAD)
    for line, (code, heading) in enumerate(spec.muc.items(), start=1):
        book.write(sheet, line, 0, code, {**CELL, "align": "center"})
        book.write(sheet, line, 1, heading, CELL)
    _protect(sheet)
    set_print(sheet, (0, 0))


def _validate(row: DeclaredRow) -> dict[str, Any]:
    title = f"Biểu mẫu {row.bieu}, dòng {row.stt}"[:32]
    if row.kieu == "lua_chon":
        meanings = "; ".join(f"{code} = {meaning}" for code, meaning in row.lua_chon.items())
        rule: dict[str, Any] = {"validate": "list", "source": list(row.lua_chon)}
        wanted = f"Chọn một trong: {meanings}."
    elif row.kieu == "so_nguyen":
        rule, wanted = _whole(0, _LARGEST), "Số nguyên từ 0 trở lên, không ghi chữ."
    elif row.kieu in {"so_thuc", "phan_tram"}:
        largest = 100 if row.kieu == "phan_tram" else _LARGEST
        rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": largest}
        wanted = "Số từ 0 đến 100." if row.kieu == "phan_tram" else f"Số từ 0 trở lên, đơn vị: {row.don_vi_tinh}."
    else:
        raise ValueError(f"form {row.bieu}, row {row.stt}: unknown kind {row.kieu!r}")
    return {
        **rule,
        "input_title": title,
        "input_message": wanted[:255],
        "error_title": title,
        "error_message": wanted[:255],
    }


def _whole(smallest: int, largest: int) -> dict[str, Any]:
    return {"validate": "integer", "criteria": "between", "minimum": smallest, "maximum": largest}


def _validate_date() -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": date(1990, 1, 1),
        "maximum": date(2099, 12, 31),
        "error_title": "Ngày không đúng",
        "error_message": "Ghi ngày dạng dd/mm/yyyy, ví dụ 08/06/2026.",
    }


def _protect(sheet: Any) -> None:
    sheet.protect(
        "",
        {
            **dict.fromkeys(("format_cells", "format_columns", "format_rows", "sort", "autofilter"), True),
            **dict.fromkeys(("insert_rows", "delete_rows"), False),
        },
    )
