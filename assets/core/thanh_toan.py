"""core.thanh_toan: one trusted row per payment of a dossier.

Belongs here: typing, rejecting, the newest row of a payment. Does not belong here: adding payments to dossiers, which
must not multiply rows (a dossier may have several), or to periods (mart).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from assets.core.findings import find_rows, gather, quote_safely_expr
from assets.core.links import rename_codes
from assets.core.parsing import dossier_code_expr, parse_datetime_expr, parse_money_expr
from assets.core.rows import Cleaned, account, carries_any, gather_raw, pick_newest
from assets.io.landing import Passport
from schemas.export import cast_to_contract
from schemas.registry import find_table

_TABLE = find_table("core.thanh_toan")
_MONEY = ("phi", "le_phi", "tong")
# A payment is known by its receipt number; without one by its day and amounts, as they were written.
_KEY = ("ma_ho_so", "so_bien_lai", "_dau_hieu")


def clean_payments(
    deliveries: Iterable[tuple[Passport, pl.DataFrame]], known: pl.Series, aliases: Mapping[str, str] | None = None
) -> Cleaned:
    """Make ``core.thanh_toan``: payments without a dossier's code are rejected, listed and counted.

    A list that gives only the sum says nothing of its parts: ``phi`` and ``le_phi`` are null. One that gives only the
    parts gets their sum, a blank or lacking part being 0. An unreadable amount is null and so is a sum that needs it.

    Args:
        deliveries: raw rows of table ``thanh_toan`` with their passports.
        known: ``ma_ho_so`` of ``core.ho_so``; a payment of another dossier stays in the table, in no number, and is a
            finding.
        aliases: another system's code → code of the dossier (assets/core/links): a payment is its dossier's under
            either code.
    """
    files = list(deliveries)
    carried = {passport.sha256: frozenset(frame.columns) for passport, frame in files}
    splits = carries_any(carried, ("phi", "le_phi"))
    rows = gather_raw(files, ("ma_ho_so", "so_bien_lai", "ngay_thu", *_MONEY)).with_columns(
        *(pl.col(name).alias(f"{name}_goc") for name in ("ngay_thu", *_MONEY)),
        parse_datetime_expr("ngay_thu").dt.date().alias("ngay_thu"),
        *(parse_money_expr(name).alias(name) for name in _MONEY),
        dossier_code_expr("ma_ho_so"),
    )
    rows = rename_codes(rows, aliases or {})
    by_content = pl.concat_str(
        ["ngay_thu_goc", *(f"{name}_goc" for name in _MONEY)], separator="\x1f", ignore_nulls=True
    )
    rows = rows.with_columns(
        pl.when(pl.col("so_bien_lai").is_null()).then(by_content).alias("_dau_hieu"),
        *(
            pl.when(splits & pl.col(f"{name}_goc").is_null()).then(0).otherwise(name).alias(name)
            for name in ("phi", "le_phi")
        ),
    ).with_columns(pl.coalesce("tong", pl.col("phi") + pl.col("le_phi")).alias("tong"))
    accepted, rejected = (rows.filter(pl.col("ma_ho_so").is_not_null()), rows.filter(pl.col("ma_ho_so").is_null()))
    newest = pick_newest(accepted, _KEY, ["ngay_xuat", "ngay_thu", "_noi_dung"])
    order = ["ma_ho_so", "ngay_thu", "so_bien_lai", "tong"]
    frame = cast_to_contract(newest, _TABLE).sort(order, nulls_last=True)
    return Cleaned(frame, gather(_find_troubles(newest, rejected, known)), account(newest, accepted, rejected))


def _find_troubles(newest: pl.DataFrame, rejected: pl.DataFrame, known: pl.Series) -> Iterable[pl.DataFrame]:
    yield find_rows(rejected, "THIEU_MA", key=None, cot="ma_ho_so")
    yield find_rows(newest.filter(~pl.col("ma_ho_so").is_in(known.implode())), "THU_PHI_KHONG_CO_HO_SO", cot="ma_ho_so")
    broken = newest.filter(pl.col("ngay_thu").is_null() & pl.col("ngay_thu_goc").is_not_null())
    yield find_rows(broken, "NGAY_KHONG_DOC_DUOC", cot="ngay_thu", gia_tri=quote_safely_expr("ngay_thu_goc"))
    for name in _MONEY:
        readable = parse_money_expr(f"{name}_goc").is_not_null()
        odd = newest.filter(pl.col(f"{name}_goc").is_not_null() & ~readable)
        yield find_rows(odd, "SO_TIEN_KHONG_DOC_DUOC", cot=name, gia_tri=quote_safely_expr(f"{name}_goc"))
