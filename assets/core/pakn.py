"""core.pakn: one trusted row per petition (phản ánh, kiến nghị).

Belongs here: typing, rejecting, the newest row. Does not belong here: periods (assets/mart/pakn_ky.sql).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.core.findings import find_rows, gather, quote_safely_expr
from assets.core.parsing import code_expr, parse_datetime_expr
from assets.core.rows import Cleaned, account, gather_raw, map_words, pick_newest
from assets.io.landing import Passport
from schemas.export import cast_to_contract
from schemas.registry import find_table

_TABLE = find_table("core.pakn")
_DATES = ("ngay_tiep_nhan", "han_xu_ly", "ngay_xu_ly_xong")


def clean_petitions(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.pakn``: petitions without a code or a readable receipt day are rejected, listed and counted.

    Args:
        deliveries: raw rows of table ``pakn`` with their passports.
    """
    raw = gather_raw(deliveries, ("ma_pakn", *_DATES, "hai_long"))
    rows = raw.with_columns(
        *(pl.col(name).alias(f"{name}_goc") for name in _DATES),
        *(parse_datetime_expr(name).dt.date().alias(name) for name in _DATES),
        code_expr("ma_pakn").alias("ma_pakn"),
    )
    rows = map_words(rows, "hai_long", "hai_long").with_columns(
        pl.max_horizontal("ngay_tiep_nhan", "ngay_xu_ly_xong").alias("_ngay_biet_cuoi"),
        pl.col("hai_long").alias("_hai_long_goc"),
        (pl.col("hai_long_ma") == 1).alias("hai_long"),
    )
    readable = pl.col("ma_pakn").is_not_null() & pl.col("ngay_tiep_nhan").is_not_null()
    accepted, rejected = rows.filter(readable), rows.filter(~readable)
    newest = pick_newest(accepted, ["ma_pakn"], ["ngay_xuat", "_ngay_biet_cuoi", "_noi_dung"])
    findings = gather(_find_troubles(newest, rejected))
    return Cleaned(cast_to_contract(newest, _TABLE).sort("ma_pakn"), findings, account(newest, accepted, rejected))


def _find_troubles(newest: pl.DataFrame, rejected: pl.DataFrame) -> Iterable[pl.DataFrame]:
    nameless = pl.col("ma_pakn").is_null()
    yield find_rows(rejected.filter(nameless), "THIEU_MA", key=None, cot="ma_pakn")
    yield find_rows(
        rejected.filter(~nameless),
        "NGAY_PAKN_KHONG_DOC_DUOC",
        key="ma_pakn",
        cot="ngay_tiep_nhan",
        gia_tri=quote_safely_expr("ngay_tiep_nhan_goc").fill_null("(trống)"),
    )
    for name in ("han_xu_ly", "ngay_xu_ly_xong"):
        broken = newest.filter(pl.col(name).is_null() & pl.col(f"{name}_goc").is_not_null())
        yield find_rows(
            broken, "NGAY_KHONG_DOC_DUOC", key="ma_pakn", cot=name, gia_tri=quote_safely_expr(f"{name}_goc")
        )
    odd = pl.col("hai_long").is_null() & pl.col("_hai_long_goc").is_not_null()
    yield find_rows(newest.filter(odd), "GIA_TRI_LA", key="ma_pakn", cot="hai_long")
