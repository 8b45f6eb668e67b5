"""core.giao_nop and core.da_rut: what became of each delivered file, so that nothing is dropped without a count.

Belongs here: joining passports with the accounts of the cleaned tables, listing withdrawn deliveries. Does not belong
here: making the accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import polars as pl

from assets.io.landing import Passport
from schemas.export import polars_schema
from schemas.registry import find_table

_TABLE = find_table("core.giao_nop")
_WITHDRAWN = find_table("core.da_rut")
_COUNTED = ("so_dong_core", "so_dong_thay_the", "so_dong_loai")


def account_deliveries(passports: Sequence[Passport], accounts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Make ``core.giao_nop``.

    Args:
        passports: every delivery.
        accounts: per cleaned table: ``_file_sha256`` and its counted rows (a file may feed several tables).

    Returns:
        One row per delivery; the contract (rows in = core + superseded + rejected) is checked by the caller.
    """
    counted = pl.concat(accounts).group_by("_file_sha256").agg(pl.col(*_COUNTED).sum())
    delivered = pl.DataFrame(
        [
            {
                "nguon": one.nguon,
                "ten_tep": one.ten_tep,
                "_file_sha256": one.sha256,
                "dung_luong": one.dung_luong,
                "ngay_xuat": one.ngay_xuat,
                "can_cu_ngay_xuat": one.can_cu_ngay_xuat,
                "so_dong_vao": sum(one.so_dong.values()),
            }
            for one in passports
        ],
        schema={name: dtype for name, dtype in polars_schema(_TABLE).items() if name not in _COUNTED},
        orient="row",
    )
    joined = delivered.join(counted, on="_file_sha256", how="left", validate="1:1")
    return joined.with_columns(pl.col(*_COUNTED).fill_null(0)).sort("nguon", "ngay_xuat", "_file_sha256")


def list_withdrawn(passports: Iterable[Passport]) -> pl.DataFrame:
    """Make ``core.da_rut``: the withdrawn ones among these passports, in an order of their own."""
    rows = [
        {
            "nguon": one.nguon,
            "ten_tep": one.ten_tep,
            "_file_sha256": one.sha256,
            "ngay_xuat": one.ngay_xuat,
            "so_dong_vao": sum(one.so_dong.values()),
            "ly_do_rut": one.rut.ly_do,
            "rut_luc": datetime.fromisoformat(one.rut.luc),
            "nguoi_rut": one.rut.nguoi,
        }
        for one in passports
        if one.rut is not None
    ]
    frame = pl.DataFrame(rows, schema=polars_schema(_WITHDRAWN), orient="row")
    return frame.sort("nguon", "ngay_xuat", "_file_sha256")
