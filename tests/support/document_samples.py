"""Contexts of finished reports for the document tests: the reference's figures, and the shapes that break layouts.

Belongs here: hand-typed values (``ref`` of the design's forms page) and invented paragraphs. Does not belong here:
anything computed by the product except the labels of the forms, which are data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from schemas.document import BaoCao, DonVi
from schemas.document_build import FormRow, PolicyNote, ReportMarks, ReportPeriod, build_context

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "templates" / "bao_cao_cchc" / "bao-cao.docx"

PERIOD = ReportPeriod("2026-6T", "6 tháng đầu năm 2026", "quý III năm 2026", date(2025, 12, 15), date(2026, 6, 9))
POLICY = PolicyNote(
    "II06A",
    "hồ sơ đã giải quyết gồm hồ sơ có kết quả, hồ sơ từ chối và hồ sơ rút; hồ sơ từ chối, hồ sơ rút tính là đúng hạn.",
)
UNIT = DonVi(
    ten_co_quan="ỦY BAN NHÂN DÂN\nPHƯỜNG NHỊ CHIỂU",
    ten_day_du="Ủy ban nhân dân phường Nhị Chiểu",
    ten_ngan="UBND phường Nhị Chiểu",
    dia_danh="Nhị Chiểu",
    noi_nhan=(
        "Sở Nội vụ thành phố Hải Phòng",
        "Thường trực Đảng ủy, HĐND phường",
        "Lãnh đạo UBND phường",
        "Các phòng chuyên môn",
        "Lưu: VT, VP",
    ),
)
LONG_UNIT = DonVi(
    co_quan_chu_quan="ỦY BAN NHÂN DÂN TỈNH BÀ RỊA - VŨNG TÀU VÀ CÁC ĐẢO",
    ten_co_quan="ỦY BAN NHÂN DÂN\nĐẶC KHU QUẦN ĐẢO TRƯỜNG SA VÀ VÙNG BIỂN PHỤ CẬN",
    ten_day_du="Ủy ban nhân dân đặc khu Quần đảo Trường Sa và vùng biển phụ cận",
    ten_ngan="UBND đặc khu Quần đảo Trường Sa và vùng biển phụ cận",
    dia_danh="Đặc khu Quần đảo Trường Sa",
    noi_nhan=(
        *(f"Cơ quan thứ {i} của tỉnh, thành phố trực thuộc Trung ương nhận báo cáo" for i in range(1, 9)),
        "Lưu: VT, VP",
    ),
    chuc_vu_ky="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    nguoi_ky="Nguyễn Thị Thử Nghiệm Ưỡn Ẹo",
)

# (form, row) -> value, or (numerator, denominator) of a ratio; rows that are not here have no value.
REFERENCE: dict[tuple[str, str], float | tuple[float, float]] = {
    ("1", "1"): 7,
    ("1", "2"): (27, 52),
    ("1", "2.1"): 52,
    ("1", "2.2"): 27,
    ("1", "3.3"): (0, 0),
    ("1", "3.3.1"): 0,
    ("1", "3.3.2"): 0,
    ("1", "4.1"): 38,
    ("1", "4.1.1"): 28,
    ("1", "4.1.2"): 0,
    ("1", "4.1.3"): 0,
    ("1", "4.2"): 9500,
    ("1", "4.3"): 1,
    ("1", "5"): 0,
    ("2", "1"): 0,
    ("2", "1.1"): 0,
    ("3", "1.1"): (314, 314),
    ("3", "1.2"): 2060,
    ("3", "2.1"): (9275, 9275),
    ("3", "2.1.1"): 9275,
    ("3", "2.1.2"): 9275,
    ("3", "2.2"): (2, 2),
    ("3", "2.2.1"): 2,
    ("3", "2.2.2"): 2,
    ("4", "1.1"): 52,
    ("4", "1.2"): 43,
    ("4", "1.3"): 1,
    ("4", "1.4"): 0,
    ("4", "2.1"): 586,
    ("4", "2.2"): 573,
    ("4", "2.3"): 0,
    ("4", "2.4"): 0,
    ("5", "1.1"): 4,
    ("5", "1.2"): 19,
    ("5", "1.3"): 0,
    ("5", "2.1"): 0,
    ("5", "2.2"): 10,
    ("5", "3"): 0,
    ("5", "4"): 0,
    ("5", "4.1"): 0,
    ("5", "4.2"): 0,
    ("5", "4.3"): 0,
    ("6", "1"): (21406, 42809),
    ("6", "1.1"): 42809,
    ("6", "1.2"): 21406,
    ("6", "2.1"): 19,
    ("6", "2.2"): 0,
    ("6", "2.3"): 0,
    ("6", "2.4"): 19,
    ("6", "2.4.1"): 0,
    ("6", "2.4.2"): 0,
    ("6", "2.4.3"): 0,
    ("6", "2.5"): 19,
    ("6", "2.6"): 0,
    ("7", "1.1"): (219, 219),
    ("7", "1.1.1"): 219,
    ("7", "1.1.2"): 219,
    ("7", "1.2"): (39, 39),
    ("7", "1.2.1"): 39,
    ("7", "1.2.2"): 39,
    ("7", "1.3"): (752, 752),
    ("7", "1.3.1"): 752,
    ("7", "1.3.2"): 752,
    ("7", "1.4"): (8523, 8523),
    ("7", "1.4.1"): 8523,
    ("7", "1.4.2"): 8523,
    ("7", "1.5"): (43, 43),
    ("7", "1.5.1"): 43,
    ("7", "1.5.2"): 43,
    ("II.2", "1"): 2210,
    ("II.2", "1.1"): 1775,
    ("II.2", "1.2"): 314,
    ("II.2", "1.3"): 0,
    ("II.2", "1.4"): 121,
    ("II.2", "2"): 9275,
    ("II.2", "2.1"): 9275,
    ("II.2", "2.2"): 0,
    ("II.2", "2.3"): 0,
    ("II.2", "2.4"): 0,
    ("II.2", "3"): 9275,
    ("II.2", "3.1"): 9269,
    ("II.2", "3.2"): 6,
    ("II.2", "3.3"): 0,
    ("II.2", "3.4"): 1,
    ("II.2", "3.5"): 5,
    ("II.2", "4"): 0,
    ("II.2", "4.1"): 0,
    ("II.2", "4.2"): 0,
    ("II.2", "4.3"): 0,
    ("II.2", "5.1"): (9275, 9275),
    ("II.2", "5.2"): (9269, 9269),
    ("II.2", "5.3"): (9269, 9269),
    ("II.2", "6"): 8358,
    ("II.2", "6.1"): 84605000,
    ("II.2", "6.2"): 8358,
    ("II.2", "7"): (2, 2),
    ("II.2", "8"): 1204,
}


def load_titles() -> dict[str, str]:
    """Form -> title, from the forms' own files."""
    return {str(form["bieu"]): str(form["ten"]) for form in _load_forms()}


def make_rows(values: Mapping[tuple[str, str], float | tuple[float, float]] = REFERENCE) -> list[FormRow]:
    """Rows of the seven forms and of the text with these values."""
    rows = []
    for form in _load_forms():
        for line in form["dong"]:
            row = FormRow(
                bieu=form["bieu"],
                stt=line["stt"],
                chi_tieu=line["chi_tieu"],
                don_vi_tinh=line.get("don_vi_tinh", ""),
                loai=line["loai"],
                in_nghieng=line.get("in_nghieng", False),
                an_stt=line.get("an_stt", False),
                luy_ke=line.get("agg") == "ytd",
            )
            rows.append(_fill(row, values))
    labels = [FormRow("II.2", stt, f"II.2.{stt}") for form, stt in REFERENCE if form == "II.2"]
    return rows + [_fill(row, values) for row in labels]


def make_reference() -> BaoCao:
    """The signed reference report: every figure present, number and date given."""
    marks = ReportMarks(so="329", ngay=date(2026, 6, 9), la_so_lieu_mau=True, phien_ban_du_lieu="0f3a")
    return build_context(make_rows(), load_titles(), UNIT, PERIOD, POLICY, make_paragraphs(3), marks)


def make_empty() -> BaoCao:
    """Nothing declared, nothing counted, not numbered, a draft with older data."""
    marks = ReportMarks(la_du_thao=True, so_lieu_den_ngay=date(2026, 6, 5))
    return build_context(make_rows({}), load_titles(), UNIT, PERIOD, POLICY, {}, marks)


def make_zero() -> BaoCao:
    """A unit where nothing happened: 0 everywhere, every ratio 0/0."""
    zeros = {key: (0, 0) if isinstance(value, tuple) else 0 for key, value in REFERENCE.items()}
    return build_context(make_rows(zeros), load_titles(), UNIT, PERIOD, POLICY, {}, ReportMarks())


def make_large() -> BaoCao:
    """Long names, seven-digit values, pages of paragraphs, both marks."""
    values = {key: (1234567, 7654321) if isinstance(value, tuple) else 7654321 for key, value in REFERENCE.items()}
    marks = ReportMarks("1329", date(2026, 6, 9), la_so_lieu_mau=True, la_du_thao=True)
    return build_context(make_rows(values), load_titles(), LONG_UNIT, PERIOD, POLICY, make_paragraphs(12), marks)


def make_paragraphs(count: int) -> dict[str, list[str]]:
    """``count`` invented paragraphs for every section."""
    sentence = (
        "UBND phường tiếp tục rà soát, cập nhật, công khai đầy đủ quy trình giải quyết công việc; phân công rõ người, "
        "rõ việc, rõ thời hạn; kiểm tra định kỳ và chấn chỉnh kịp thời những việc chưa đạt yêu cầu"
    )
    sections = ["mo_dau", *(f"I.{i}" for i in range(1, 6)), *(f"II.{i}" for i in range(1, 7)), "III.1", "III.2"]
    sections += [f"IV.{i}" for i in range(1, 8)]
    return {muc: [f"- {sentence} (đoạn {i} của mục {muc})." for i in range(1, count + 1)] for muc in sections}


def _load_forms() -> list[dict]:
    return [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "schemas" / "forms").glob("bieu_mau_*.toml"))
    ]


def _fill(row: FormRow, values: Mapping[tuple[str, str], float | tuple[float, float]]) -> FormRow:
    value = values.get((row.bieu, row.stt))
    if isinstance(value, tuple):
        top, bottom = value
        percent = float(round(top / bottom * 100, 1)) if bottom else None
        return replace(row, loai="ratio", tu_so=top, mau_so=bottom, so_lieu=percent)
    return replace(row, so_lieu=value)
