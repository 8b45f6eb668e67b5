"""Which catalogue version a dossier uses, and the facts it takes from it.

Belongs here: matching a dossier to a procedure (code, also a replaced one, else exact name) and to the version valid on
its receipt day. Does not belong here: making versions (thu_tuc), what replaces a code (schemas/rules/procedure_codes).
Source: sources.md §4; domain.md §7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from assets.core.parsing import matching_key_expr
from schemas.findings import Finding, make_finding
from schemas.rules.procedure_codes import ReplacedCode, follow_code, group_replacements

PROCEDURE_FACTS = ("muc_do", "co_phi", "khong_co_ket_qua", "thoi_han_giai_quyet", "thoi_han_ngay")
"""What a dossier takes from its procedure; null where the catalogue does not list it or does not say."""


def attach_procedures(
    dossiers: pl.DataFrame, procedures: pl.DataFrame, replaced: Iterable[ReplacedCode] = ()
) -> pl.DataFrame:
    """Add procedure facts without multiplying or dropping rows.

    A replaced code is followed to the one that counts on the receipt day. A dossier without a code is matched by its
    exact normalised name inside its field (or by a name that only one procedure bears); no match leaves the facts null.

    Args:
        dossiers: one row per dossier with ``ma_tthc ten_tthc linh_vuc ngay_tiep_nhan``.
        procedures: ``core.thu_tuc``.
        replaced: rows of data/reference/tthc_thay_the.csv.

    Returns:
        The dossiers in their order with ``muc_do co_phi khong_co_ket_qua``, the procedure's time limits,
        ``_co_trong_danh_muc`` and ``_ma_tthc_cu`` (the delivered code where another one took its place); ``ma_tthc``,
        ``ten_tthc`` and ``linh_vuc`` completed from the catalogue where the source gave none.
    """
    current = _follow_replacements(dossiers, procedures["ma_tthc"].unique().to_list(), replaced)
    coded = _match_by_name(current, procedures).with_row_index("_thu_tu")
    versions = procedures.select(
        "ma_tthc",
        "hieu_luc_tu",
        "hieu_luc_den",
        *PROCEDURE_FACTS,
        pl.lit(value=True).alias("_co_trong_danh_muc"),
        pl.col("ten_tthc").alias("_ten_danh_muc"),
        pl.col("linh_vuc").alias("_linh_vuc_danh_muc"),
    )
    day = pl.col("ngay_tiep_nhan")
    begun = pl.col("hieu_luc_tu").is_null() | (pl.col("hieu_luc_tu") <= day).fill_null(value=True)
    # a dossier without a receipt day (status 1, 3) takes the version that holds now
    not_over = pl.col("hieu_luc_den").is_null() | (pl.col("hieu_luc_den") > day).fill_null(value=False)
    valid = (
        coded.select("_thu_tu", "ma_tthc", "ngay_tiep_nhan")
        .join(versions, on="ma_tthc", how="inner")
        .filter(begun & not_over)
        .drop("ma_tthc", "ngay_tiep_nhan", "hieu_luc_tu", "hieu_luc_den")
    )
    joined = coded.join(valid, on="_thu_tu", how="left", validate="1:1", maintain_order="left")
    return joined.with_columns(
        pl.col("_co_trong_danh_muc").fill_null(value=False),
        pl.coalesce("ten_tthc", "_ten_danh_muc").alias("ten_tthc"),
        pl.coalesce("linh_vuc", "_linh_vuc_danh_muc").alias("linh_vuc"),
    ).drop("_thu_tu", "_ten_danh_muc", "_linh_vuc_danh_muc")


def list_replaced(dossiers: pl.DataFrame) -> list[Finding]:
    """One finding per old code that dossiers still bear, with how many do.

    Args:
        dossiers: what :func:`attach_procedures` returned.
    """
    counts = dossiers.drop_nulls("_ma_tthc_cu").group_by("_ma_tthc_cu", "ma_tthc").len().sort(pl.all())
    return [make_finding("MA_TTHC_CU", ma_cu=old, ma_moi=new, so=count) for old, new, count in counts.iter_rows()]


def _follow_replacements(
    dossiers: pl.DataFrame, listed: Sequence[str], replaced: Iterable[ReplacedCode]
) -> pl.DataFrame:
    """Put the code that counts on the receipt day in the place of a replaced one."""
    replacements = group_replacements(replaced)
    old = dossiers.select("ma_tthc", "ngay_tiep_nhan").filter(pl.col("ma_tthc").is_in(list(replacements))).unique()
    known = frozenset(listed)
    new = [follow_code(code, received, replacements, known) for code, received in old.iter_rows()]
    table = old.with_columns(pl.Series("_ma_moi", new, pl.Utf8)).filter(pl.col("_ma_moi") != pl.col("ma_tthc"))
    if table.is_empty():
        return dossiers.with_columns(pl.lit(None, pl.Utf8).alias("_ma_tthc_cu"))
    joined = dossiers.join(table, on=["ma_tthc", "ngay_tiep_nhan"], how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(
        pl.when(pl.col("_ma_moi").is_not_null()).then("ma_tthc").alias("_ma_tthc_cu"),
        pl.coalesce("_ma_moi", "ma_tthc").alias("ma_tthc"),
    ).drop("_ma_moi")


def _match_by_name(dossiers: pl.DataFrame, procedures: pl.DataFrame) -> pl.DataFrame:
    """Give dossiers without a code the code of the one procedure that bears exactly their name."""
    if dossiers["ma_tthc"].null_count() == 0:
        return dossiers
    keyed = dossiers.with_columns(
        matching_key_expr("ten_tthc").alias("_ten_khoa"), matching_key_expr("linh_vuc").alias("_linh_vuc_khoa")
    )
    names = procedures.select(
        "ma_tthc",
        matching_key_expr("ten_tthc").alias("_ten_khoa"),
        matching_key_expr("linh_vuc").alias("_linh_vuc_khoa"),
    ).drop_nulls("_ten_khoa")
    in_field = _only_one(names, ["_ten_khoa", "_linh_vuc_khoa"]).rename({"ma_tthc": "_ma_theo_linh_vuc"})
    anywhere = _only_one(names, ["_ten_khoa"]).rename({"ma_tthc": "_ma_theo_ten"})
    matched = keyed.join(in_field, on=["_ten_khoa", "_linh_vuc_khoa"], how="left", maintain_order="left").join(
        anywhere, on="_ten_khoa", how="left", maintain_order="left"
    )
    by_name = pl.when(pl.col("linh_vuc").is_null()).then("_ma_theo_ten").otherwise("_ma_theo_linh_vuc")
    return matched.with_columns(pl.coalesce("ma_tthc", by_name).alias("ma_tthc")).drop(
        "_ten_khoa", "_linh_vuc_khoa", "_ma_theo_linh_vuc", "_ma_theo_ten"
    )


def _only_one(names: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Keys that belong to exactly one procedure code."""
    distinct = names.group_by(key).agg(pl.col("ma_tthc").n_unique().alias("_so"), pl.col("ma_tthc").first())
    return distinct.filter(pl.col("_so") == 1).drop("_so")
