"""phat-hien.xlsx and doi-chieu.xlsx: what is wrong, back to the sender; what does not agree, to the signer.

Belongs here: which columns and rows these workbooks show. Does not belong here: writing cells (assets/io/sheets).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from assets.io.sheets import SheetTable, write_table
from schemas.document import ThuocTinh
from schemas.rules.display import format_date

FINDINGS_FILE = "phat-hien.xlsx"
CHECKS_FILE = "doi-chieu.xlsx"

SEVERITIES = {"E": "Lỗi", "W": "Cần giải trình", "I": "Thông tin"}
OUTCOMES = {"dat": "Đạt", "khong_dat": "Không đạt", "khong_xet": "Không xét"}
_ACCEPTED = ("Người chấp nhận", "Lý do", "Ngày")
_FAILED_FIRST = {"khong_dat": 0, "khong_xet": 1, "dat": 2}


def write_findings(findings: pl.DataFrame, deliveries: pl.DataFrame, properties: ThuocTinh, folder: Path) -> Path:
    """Write phat-hien.xlsx: a summary, the age and row accounts of each delivery, and every finding at its place.

    Args:
        findings: rows of ``core.phat_hien`` and ``out.phat_hien_ky`` together.
        deliveries: ``core.giao_nop``.
        properties: file properties.
        folder: a folder that exists.
    """
    target = folder / FINDINGS_FILE
    summary = (
        findings.group_by("muc_do", "ma", "nguon", "ten_tep")
        .agg(pl.len().alias("so_luong"), pl.col("dien_giai").first())
        .sort("muc_do", "ma", "nguon", "ten_tep", nulls_last=True)
    )
    tables = [
        SheetTable(
            "Tổng hợp",
            ["PHÁT HIỆN VỀ DỮ LIỆU, THEO LOẠI", "Sửa tại phần mềm nguồn rồi xuất lại; không sửa tay trong báo cáo."],
            ["Mức độ", "Mã", "Nguồn", "Tệp", "Số lượng", "Ví dụ"],
            [
                (SEVERITIES[one["muc_do"]], one["ma"], one["nguon"], one["ten_tep"], one["so_luong"], one["dien_giai"])
                for one in summary.iter_rows(named=True)
            ],
            (14, 32, 12, 36, 10, 90),
        ),
        SheetTable(
            "Tệp đã nộp",
            ["CÁC TỆP ĐÃ NỘP VÀ SỐ DÒNG", "Số dòng vào = vào kho + bị thay thế bởi dòng mới hơn + bị loại."],
            ["Nguồn", "Tệp", "Ngày xuất", "Dòng vào", "Vào kho", "Bị thay thế", "Bị loại"],
            [
                (
                    one["nguon"],
                    one["ten_tep"],
                    format_date(one["ngay_xuat"].date()),
                    one["so_dong_vao"],
                    one["so_dong_core"],
                    one["so_dong_thay_the"],
                    one["so_dong_loai"],
                )
                for one in deliveries.iter_rows(named=True)
            ],
            (14, 44, 14, 12, 12, 14, 12),
        ),
        SheetTable(
            "Chi tiết",
            ["TỪNG PHÁT HIỆN, ĐÚNG TRANG VÀ DÒNG CỦA TỆP ĐÃ NỘP"],
            ["Mức độ", "Mã", "Nguồn", "Tệp", "Trang", "Dòng", "Mã hồ sơ", "Cột", "Nội dung và cách sửa"],
            [
                (
                    SEVERITIES[one["muc_do"]],
                    one["ma"],
                    one["nguon"],
                    one["ten_tep"],
                    one["_sheet"],
                    one["_row"],
                    one["ma_ho_so"],
                    one["cot"],
                    one["dien_giai"],
                )
                for one in findings.iter_rows(named=True)
            ],
            (14, 30, 12, 34, 18, 8, 26, 18, 90),
        ),
    ]
    write_table(target, tables, properties)
    return target


def write_checks(
    checks: pl.DataFrame, blocking: pl.DataFrame, policy: str, properties: ThuocTinh, folder: Path
) -> Path:
    """Write doi-chieu.xlsx: the cross-checks of the report's policy, failed ones first; E findings; who accepted what.

    Args:
        checks: ``out.doi_chieu`` of the run.
        blocking: ``out.loi_chan`` of the run.
        policy: the policy of the documents.
        properties: file properties.
        folder: a folder that exists.
    """
    target = folder / CHECKS_FILE
    mine = [one for one in checks.iter_rows(named=True) if one["chinh_sach"] == policy]
    mine.sort(key=lambda one: (_FAILED_FIRST[one["ket_qua"]], one["muc_do"], one["ma"]))
    data = blocking.filter((pl.col("chinh_sach") == policy) & (pl.col("loai") == "phat_hien")).sort("ma")
    tables = [
        SheetTable(
            "Đối chiếu",
            ["ĐỐI CHIẾU SỐ LIỆU CỦA BÁO CÁO"],
            ["Kết quả", "Mức độ nếu không đạt", "Mã", "Vế trái", "Vế phải", "Diễn giải", *_ACCEPTED],
            [
                (
                    OUTCOMES[one["ket_qua"]],
                    SEVERITIES[one["muc_do"]],
                    one["ma"],
                    one["ve_trai"],
                    one["ve_phai"],
                    one["dien_giai"],
                    *_show_waiver(one),
                )
                for one in mine
            ],
            (12, 16, 30, 14, 14, 80, 26, 40, 14),
        ),
        SheetTable(
            "Lỗi dữ liệu",
            ["LỖI DỮ LIỆU MỨC E CỦA KỲ, THEO LOẠI", "Còn dòng chưa có người chấp nhận thì báo cáo là DỰ THẢO."],
            ["Mã", "Số lượng", "Ví dụ", *_ACCEPTED],
            [(one["ma"], one["ve_trai"], one["dien_giai"], *_show_waiver(one)) for one in data.iter_rows(named=True)],
            (32, 12, 90, 26, 40, 14),
        ),
    ]
    write_table(target, tables, properties)
    return target


def _show_waiver(row: dict[str, Any]) -> tuple[Any, ...]:
    """Who, why (or why the waiver lapsed), when."""
    return row["nguoi_mien_tru"], row["ly_do_mien_tru"] or row["mien_tru_het_hieu_luc"], row["ngay_mien_tru"]
