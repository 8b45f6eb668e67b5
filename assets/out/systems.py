"""Where systems disagree about a dossier, for people: counts as findings of the period, rows as a sheet.

Belongs here: how ``mart.doi_soat_he_thong`` is summed up and shown. Does not belong here: what counts as a disagreement
(assets/mart/doi_soat_he_thong.sql), writing cells (assets/io/sheets).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from assets.io.sheets import SheetTable
from schemas.codes import load_titles
from schemas.findings import Finding, make_finding
from schemas.rules.display import format_date, format_integer
from schemas.tables.mart import MISMATCHES

SHEET = "Đối soát hệ thống"
_SHOWN = 5000
_NOWHERE = "(không có)"


def _count(mismatches: pl.DataFrame) -> pl.DataFrame:
    """Disagreements per pair of systems and kind, the most frequent first."""
    pair = ("he_thong", "he_thong_kia", "loai_lech")
    return mismatches.group_by(pair).agg(pl.len().alias("so")).sort("so", *pair, descending=[True, False, False, False])


def _say_pair(one: Mapping[str, str]) -> str:
    if one["loai_lech"] == "thieu_o_he_thong_kia":
        return f"có ở {one['he_thong']}, thiếu ở {one['he_thong_kia']}"
    return f"{one['he_thong']} và {one['he_thong_kia']}"


def find_mismatches(mismatches: pl.DataFrame) -> list[Finding]:
    """One finding per pair of systems and kind of disagreement.

    Args:
        mismatches: ``mart.doi_soat_he_thong``.
    """
    return [
        make_finding(
            "DOI_SOAT_HE_THONG",
            cap_he_thong=_say_pair(one),
            so=format_integer(one["so"]),
            loai_lech=MISMATCHES[one["loai_lech"]],
        )
        for one in _count(mismatches).iter_rows(named=True)
    ]


def show_mismatches(mismatches: pl.DataFrame, deliveries: pl.DataFrame) -> list[SheetTable]:
    """The sheet of phat-hien.xlsx; none when no two systems disagree.

    Args:
        mismatches: ``mart.doi_soat_he_thong``.
        deliveries: ``core.giao_nop``: names of the files.
    """
    if mismatches.is_empty():
        return []
    names = dict(deliveries.select("_file_sha256", "ten_tep").iter_rows())
    counts = [
        f"{format_integer(one['so'])} hồ sơ {MISMATCHES[one['loai_lech']]} ({_say_pair(one)})"
        for one in _count(mismatches).iter_rows(named=True)
    ]
    rows = [
        (
            one["ma_ho_so"],
            MISMATCHES[one["loai_lech"]],
            _say_system(one["he_thong"], one["ma_trong_he_thong"], one["ma_ho_so"]),
            _say_value(one["loai_lech"], one["gia_tri_ghi"]),
            _say_system(one["he_thong_kia"], one["ma_trong_he_thong_kia"], one["ma_ho_so"]),
            _NOWHERE if one["_ban_kia"] is None else _say_value(one["loai_lech"], one["gia_tri_kia"]),
            one["ngay_tiep_nhan"],
            names.get(one["_file_sha256"]),
            one["_sheet"],
            one["_row"],
        )
        for one in mismatches.head(_SHOWN).iter_rows(named=True)
    ]
    left_out = mismatches.height - len(rows)
    return [
        SheetTable(
            SHEET,
            ["HỒ SƠ MÀ CÁC HỆ THỐNG GHI KHÁC NHAU", "; ".join(counts) + "."],
            [
                *("Mã hồ sơ", "Lệch", "Hệ thống", "Ghi", "Hệ thống kia", "Ghi ở hệ thống kia"),
                *("Ngày tiếp nhận", "Tệp", "Trang", "Dòng"),
            ],
            rows,
            (26, 34, 14, 22, 14, 22, 14, 36, 18, 8),
            (f"Còn {format_integer(left_out)} dòng, xem bảng mart.doi_soat_he_thong.",) if left_out else (),
        )
    ]


def _say_system(system: str, own: str | None, code: str) -> str:
    """A system, with the code under which it knows a linked dossier."""
    return system if own in (None, code) else f"{system} (mã {own})"


def _say_value(kind: str, value: str | None) -> str | None:
    if value is None:
        return None
    if kind in ("khac_trang_thai", "ghi_lai_thanh_9"):
        return f"{value} {load_titles('trang_thai')[value]}"
    if kind.startswith("khac_ngay"):
        return format_date(date.fromisoformat(value))
    return format_integer(int(value))
