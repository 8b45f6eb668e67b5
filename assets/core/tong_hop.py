"""core.tong_hop: the figures of delivered aggregate reports (forms 06a and 07a), one row per printed line and measure.

Belongs here: typing them, and the window they print. Does not belong here: comparing them with our own figures
(schemas/checks/tong_hop.toml, assets/out/control_totals).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.core.findings import find_rows, gather, quote_safely_expr
from assets.core.parsing import matching_key_expr, parse_count_expr, parse_datetime_expr
from assets.core.rows import Cleaned, account, gather_raw
from assets.io.landing import Passport
from schemas.checks.kinds import CONTROL_MEASURES
from schemas.export import cast_to_contract
from schemas.registry import find_table
from schemas.sources import load_common

_TABLE = find_table("core.tong_hop")
_WINDOW = ("tu_ngay", "den_ngay")
_ROW = ("_file_sha256", "_sheet", "_row")


def clean_control_totals(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.tong_hop``: every line of every delivered report; a blank cell is no row.

    A line without a label in its own column takes what stands under STT ("Tổng cộng" is merged over both). A report
    whose window cannot be read stays, with a null window: it is compared with nothing.

    Args:
        deliveries: raw rows of table ``tong_hop`` with their passports.
    """
    raw = gather_raw(deliveries, ("stt", "nhan_dong", "mau_bieu", "nhan_giai_quyet", *_WINDOW, *CONTROL_MEASURES))
    # 07a as portals export it prints no number: its own word for "received" tells it
    by_words = pl.when(pl.col("nhan_giai_quyet").is_not_null().any().over("_file_sha256", "_sheet")).then(pl.lit("07a"))
    rows = raw.with_columns(
        pl.coalesce(pl.format("0{}", "mau_bieu"), by_words, pl.lit("06a")).alias("mau_bieu"),
        pl.coalesce("tn_tong", "nhan_giai_quyet").alias("tn_tong"),
        pl.coalesce("nhan_dong", "stt").alias("nhan_dong"),
        *(parse_datetime_expr(_slash_month(name)).dt.date().alias(name) for name in _WINDOW),
    )
    is_total = matching_key_expr("nhan_dong").str.contains(load_common().rows.total_begins)
    rows = rows.with_columns(is_total.fill_null(value=False).alias("la_tong"))
    accepted, rejected = rows.filter(pl.col("nhan_dong").is_not_null()), rows.filter(pl.col("nhan_dong").is_null())
    cells = accepted.unpivot(
        list(CONTROL_MEASURES),
        index=["mau_bieu", "nhan_dong", "la_tong", *_WINDOW, "ngay_xuat", "_nguon", "_ten_tep", *_ROW],
        variable_name="so_do",
        value_name="gia_tri_goc",
    ).drop_nulls("gia_tri_goc")
    cells = cells.with_columns(parse_count_expr("gia_tri_goc").cast(pl.Float64).alias("gia_tri"))
    broken = cells.filter(pl.col("gia_tri").is_null())
    undated = accepted.filter(pl.col("tu_ngay").is_null() | pl.col("den_ngay").is_null()).unique(
        "_file_sha256", keep="first", maintain_order=True
    )
    findings = [
        find_rows(broken, "SO_TONG_HOP_KHONG_DOC_DUOC", key=None, gia_tri=quote_safely_expr("gia_tri_goc")),
        find_rows(undated, "TONG_HOP_KHONG_RO_KY", key=None),
        find_rows(rejected, "TONG_HOP_THIEU_NHAN", key=None),
    ]
    frame = cast_to_contract(cells, _TABLE).sort(*_ROW, "so_do")
    return Cleaned(frame, gather(findings), account(accepted, accepted, rejected))


def _slash_month(name: str) -> pl.Expr:
    """A day written with "tháng" and "năm", with slashes."""
    return pl.col(name).str.replace_all(r"\s*(?:tháng|năm)\s*", "/")
