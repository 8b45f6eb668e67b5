"""What the cleaning of every table shares: gathering raw deliveries, mapping words, picking the newest row.

Belongs here: steps that at least two tables use. Does not belong here: a rule about one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.core.findings import PLACE
from assets.core.parsing import clean_text_expr, is_blank_expr, matching_key_expr
from assets.io.landing import Passport
from schemas.codes import find_code, load_words


@dataclass(frozen=True)
class Cleaned:
    """One cleaned table.

    Attributes:
        frame: its rows, as the contract says.
        findings: rows of ``core.phat_hien``.
        accounts: per delivery: ``_file_sha256 so_dong_core so_dong_thay_the so_dong_loai``.
    """

    frame: pl.DataFrame
    findings: pl.DataFrame
    accounts: pl.DataFrame


def gather_raw(
    deliveries: Iterable[tuple[Passport, pl.DataFrame]], columns: Sequence[str], *, with_content: bool = True
) -> pl.DataFrame:
    """Stack the raw rows of all deliveries, cleaned as text, with what their passports say.

    Args:
        deliveries: passports and their raw rows.
        columns: text columns wanted; one that a delivery lacks is null.
        with_content: whether ``_noi_dung`` is wanted for every row.

    Returns:
        ``columns`` (clean text, blank = null), the ``PLACE`` columns, ``ngay_xuat`` and ``_noi_dung`` (see
        :func:`join_content_expr`).
    """
    stacked = []
    for passport, frame in deliveries:
        present = [pl.col(name) for name in columns if name in frame.columns]
        absent = [pl.lit(None, pl.Utf8).alias(name) for name in columns if name not in frame.columns]
        stacked.append(
            frame.select(
                *present,
                *absent,
                pl.lit(passport.nguon).alias("_nguon"),
                pl.lit(passport.ten_tep).alias("_ten_tep"),
                pl.col("_file_sha256"),
                pl.col("_sheet"),
                pl.col("_row"),
                pl.lit(passport.ngay_xuat).cast(pl.Datetime("us")).alias("ngay_xuat"),
            ).select(*columns, *PLACE, "ngay_xuat")
        )
    if not stacked:
        texts = (*columns, "_nguon", "_ten_tep", "_file_sha256", "_sheet", "_noi_dung")
        empty = pl.DataFrame(schema=dict.fromkeys(texts, pl.Utf8))
        return empty.with_columns(
            pl.lit(None, pl.Int64).alias("_row"), pl.lit(None, pl.Datetime("us")).alias("ngay_xuat")
        )
    rows = pl.concat(stacked)
    blank_out = [
        pl.when(is_blank_expr(name)).then(None).otherwise(clean_text_expr(name)).alias(name) for name in columns
    ]
    rows = rows.with_columns(blank_out)
    return rows.with_columns(join_content_expr(columns).alias("_noi_dung")) if with_content else rows


def join_content_expr(columns: Sequence[str]) -> pl.Expr:
    """A row's whole text: the last, order-free tie-break of sources.md §5."""
    return pl.concat_str([pl.col(name).fill_null("") for name in columns], separator="\x1f")


def carries_any(carried: Mapping[str, frozenset[str]], columns: Sequence[str]) -> pl.Expr:
    """Whether a row's file carries at least one of some columns: a blank of a column that is there is a statement.

    Args:
        carried: file hash → columns that the file carries.
        columns: the columns in question.
    """
    files = [sha for sha, names in carried.items() if names.intersection(columns)]
    return pl.col("_file_sha256").is_in(files)


def map_words(rows: pl.DataFrame, column: str, code_list: str) -> pl.DataFrame:
    """Map a column of words to codes, each source by its own table.

    Returns:
        The rows in their order with ``<column>_ma`` (Int8) and ``<column>_y_nghia`` added; null where the word is blank
        or unknown.
    """
    pairs = rows.select("_nguon", column).unique().drop_nulls(column)
    keyed = pairs.with_columns(matching_key_expr(column).alias("_khoa"))
    written = keyed.select("_nguon", "_khoa").iter_rows()
    mapped = [find_code(load_words(code_list, source), key) for source, key in written]
    table = pairs.with_columns(
        pl.Series(f"{column}_ma", [code.ma if code else None for code in mapped], pl.Int8),
        pl.Series(f"{column}_y_nghia", [code.y_nghia if code else None for code in mapped], pl.Utf8),
    )
    return rows.join(table, on=["_nguon", column], how="left", maintain_order="left")


def pick_newest(rows: pl.DataFrame, key: Sequence[str], order: Sequence[str]) -> pl.DataFrame:
    """Keep one row per key: the greatest in ``order``; works on narrow columns and takes the wide rows afterwards.

    The order must be total: its last columns tell apart any two rows that differ in content (sources.md §5). Rows equal
    in content differ in place only; the passport shown is then the smallest hash and row.
    """
    if rows.is_empty():
        return rows
    narrow = rows.select(*key, *order, "_file_sha256", "_sheet", "_row").with_row_index("_vi_tri")
    ascending = ["_file_sha256", "_sheet", "_row"]
    ranked = narrow.sort(
        [*order, *ascending],
        descending=[True] * len(order) + [False] * len(ascending),
        nulls_last=True,
    )
    first = ranked.unique(subset=list(key), keep="first", maintain_order=True)
    return rows[first["_vi_tri"].sort()]


def account(taken: pl.DataFrame, accepted: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """Count, per delivery, the rows that stand in core, were superseded, or were rejected.

    Args:
        taken: rows that stand in core.
        accepted: rows that could be read, ``taken`` among them.
        rejected: rows that could not.
    """

    def per_file(rows: pl.DataFrame, name: str) -> pl.DataFrame:
        return rows.select("_file_sha256").group_by("_file_sha256").agg(pl.len().cast(pl.Int64).alias(name))

    counts = (
        per_file(accepted, "_chap_nhan")
        .join(per_file(taken, "so_dong_core"), on="_file_sha256", how="left")
        .join(per_file(rejected, "so_dong_loai"), on="_file_sha256", how="full", coalesce=True)
        .fill_null(0)
    )
    return counts.select(
        "_file_sha256",
        "so_dong_core",
        (pl.col("_chap_nhan") - pl.col("so_dong_core")).alias("so_dong_thay_the"),
        "so_dong_loai",
    )
