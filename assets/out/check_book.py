"""doi-chieu.xlsx: what does not agree in the report's numbers, to the signer, and who accepted it.

Belongs here: which columns and rows that workbook shows. Does not belong here: evaluating the checks (crosschecks),
writing cells (assets/io/sheets).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assets.io.sheets import SheetTable, write_table
from schemas.checks import load_checks
from schemas.checks.kinds import SumCheck
from schemas.document import ThuocTinh
from schemas.findings import SEVERITIES

CHECKS_FILE = "doi-chieu.xlsx"

OUTCOMES = {"dat": "Đạt", "khong_dat": "Không đạt", "khong_xet": "Không xét"}
_ACCEPTED = ("Người chấp nhận", "Lý do", "Ngày")
_FAILED_FIRST = {"khong_dat": 0, "dat": 1, "khong_xet": 2}


def write_checks(
    checks: pl.DataFrame, blocking: pl.DataFrame, policy: str, properties: ThuocTinh, folder: Path
) -> Path:
    """Write doi-chieu.xlsx: the cross-checks of the report's policy; E findings; who accepted what.

    Failed checks stand first, those that could not be applied last.

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
                    *_show_sides(one),
                    _say(one),
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


def _say(row: dict[str, Any]) -> str:
    """The message of a check; the words of one that passed would read as a reproach by themselves."""
    if row["ket_qua"] == "dat":
        return f"Điều được kiểm tra: {row['dien_giai']}"
    return str(row["dien_giai"][:1].upper() + row["dien_giai"][1:])


def _show_sides(row: dict[str, Any]) -> Iterator[float | date | None]:
    """Both sides; those of a check of days are days again."""
    check = load_checks().get(row["ma"])
    for side in (row["ve_trai"], row["ve_phai"]):
        is_day = side is not None and isinstance(check, SumCheck) and check.compares_days
        yield date.fromordinal(int(side)) if is_day else side


def _show_waiver(row: dict[str, Any]) -> tuple[Any, ...]:
    """Who, why (or why the waiver lapsed), when."""
    return row["nguoi_mien_tru"], row["ly_do_mien_tru"] or row["mien_tru_het_hieu_luc"], row["ngay_mien_tru"]
