"""Makes one dossier of all its accepted rows: versions inside a system, then systems by their precedence.

Belongs here: which row leads a dossier, which rows lend it columns, what superseded what. Does not belong here: the
order of systems and the groups of columns (schemas/rules/precedence.toml), typing rows (ho_so). Source: sources.md §5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.core.rows import carries_any
from schemas.rules.precedence import FieldGroup, Precedence

VERSION_ORDER = ("ngay_xuat", "_ngay_biet_cuoi", "trang_thai", "_noi_dung")
"""Which of two rows of one system is newer (sources.md §5), the greatest first: a total order but for equal rows."""

_PLACE = ("_file_sha256", "_sheet", "_row")
_COMPANIONS = ("", "_goc", "_hong", "_co_cot")
_END_DAYS = ("ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
_ENDED = (7, 9, 10)


@dataclass(frozen=True)
class Merged:
    """Dossiers and all their versions.

    Attributes:
        leading: the row that leads each dossier, with the columns that other rows lend it.
        versions: every accepted row with ``la_moi_nhat`` (newest of its system), ``_superseded_by`` (place of the
            leading row; null on that row) and one ``_cap_<group>`` per group: whether core takes the group from it.
    """

    leading: pl.DataFrame
    versions: pl.DataFrame


def merge_dossiers(accepted: pl.DataFrame, carried: Mapping[str, frozenset[str]], rule: Precedence) -> Merged:
    """Merge accepted rows into dossiers; neither file names nor positions decide anything that differs in content.

    Nearly every code stands in one row only, which then is the dossier: just the rows of the others are ordered, and of
    those just the ones of several systems or layouts are taken apart by groups of columns.

    Args:
        accepted: typed rows with outcome, ``he_thong`` and the columns of the total order.
        carried: file hash → columns that the file carries.
        rule: precedence of systems.
    """
    repeated = accepted["ma_ho_so"].is_duplicated()
    caps = [f"_cap_{group.ma}" for group in rule.nhom]
    alone = accepted.filter(~repeated).with_columns(
        *(pl.lit(value=True).alias(name) for name in ("la_moi_nhat", *caps)),
        pl.lit(None, pl.Utf8).alias("_superseded_by"),
    )
    leading, versions = _merge_repeated(accepted.filter(repeated), carried, rule)
    return Merged(pl.concat([alone, leading.select(alone.columns)]), pl.concat([alone, versions.select(alone.columns)]))


def _merge_repeated(
    rows: pl.DataFrame, carried: Mapping[str, frozenset[str]], rule: Precedence
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leading rows and all versions of the dossiers that stand in more than one row."""
    ranked = _rank(rows.with_columns(carries_any(carried, _END_DAYS).alias("_co_cot_ngay")), rule)
    sets = {columns: number for number, columns in enumerate(sorted({tuple(sorted(one)) for one in carried.values()}))}
    of_file = {sha: sets[tuple(sorted(columns))] for sha, columns in carried.items()}
    ranked = ranked.with_columns(
        pl.col("_file_sha256").replace_strict(of_file, default=-1, return_dtype=pl.Int32).alias("_bo_cot")
    )
    systems, layouts = (pl.col(name).n_unique().over("ma_ho_so") for name in ("he_thong", "_bo_cot"))
    chosen = _choose_leading(ranked).with_columns(((systems > 1) | (layouts > 1)).alias("_nhieu_nguon"))
    chosen = chosen.with_columns(pl.col("_dan_dau").alias(f"_cap_{group.ma}") for group in rule.nhom)
    # versions of one system in files of one layout: the newest row is the dossier
    mixed, plain = chosen.filter("_nhieu_nguon"), chosen.filter(~pl.col("_nhieu_nguon"))
    leading = mixed.filter("_dan_dau")
    for group in rule.attached:
        lender = _choose_lender(mixed, carries_any(carried, group.cot), rule.order_of(group.ma), group)
        leading = _lend(leading, lender)
        mixed = mixed.with_columns(pl.col("_vi_tri").is_in(lender["_vi_tri"].implode()).alias(f"_cap_{group.ma}"))
    leading = pl.concat([plain.filter("_dan_dau"), leading]).with_columns(pl.lit(None, pl.Utf8).alias("_superseded_by"))
    return leading, _mark_superseded(pl.concat([plain, mixed]))


def rank_system_expr(order: Sequence[str]) -> pl.Expr:
    """Place of a row's system in an order; systems that it does not name share the place after the last."""
    places = {system: place for place, system in enumerate(order)}
    return pl.col("he_thong").replace_strict(places, default=len(places), return_dtype=pl.Int32)


def _rank(rows: pl.DataFrame, rule: Precedence) -> pl.DataFrame:
    """Sort rows by preference: system, then the newest inside it (the total order of sources.md §5).

    Rows equal in content differ in place only; the smallest hash and row then stand first.
    """
    known = rows.with_columns(
        rank_system_expr(rule.thu_tu).alias("_bac"),
        pl.col("ngay_xuat").max().over("ma_ho_so", "he_thong").alias("_xuat_moi_nhat"),
    )
    narrow = known.select("_bac", "_xuat_moi_nhat", "he_thong", *VERSION_ORDER, *_PLACE).with_row_index("_vi_tri")
    order = narrow.sort(
        ["_bac", "_xuat_moi_nhat", "he_thong", *VERSION_ORDER, *_PLACE],
        descending=[False, True, False, *[True] * len(VERSION_ORDER), *[False] * len(_PLACE)],
        nulls_last=True,
    )["_vi_tri"]
    return known[order].with_row_index("_vi_tri")


def _choose_leading(rows: pl.DataFrame) -> pl.DataFrame:
    """Mark the newest row of each system and the row that leads each dossier.

    A row that says "ended" while its file has no column for the day cannot say when; the next row that knows leads.
    """
    newest = pl.struct("ma_ho_so", "he_thong").is_first_distinct()
    dated = pl.struct("ma_ho_so", "he_thong", "_co_cot_ngay").is_first_distinct() & pl.col("_co_cot_ngay")
    ended = pl.col("trang_thai").is_in(_ENDED) | (pl.col("trang_thai_y_nghia") == "tu_choi")
    rows = rows.with_columns(
        newest.alias("la_moi_nhat"),
        (ended.fill_null(value=False) & ~pl.col("_co_cot_ngay")).alias("_khong_ro_ngay"),
        ((newest | dated) & pl.col("ket_cuc").is_not_null()).alias("_co_ket_cuc"),
    )
    first = pl.col("ma_ho_so").is_first_distinct()
    silent = pl.col("_khong_ro_ngay").first().over("ma_ho_so") & pl.col("_co_ket_cuc").any().over("ma_ho_so")
    knowing = pl.col("_vi_tri") == pl.col("_vi_tri").filter(pl.col("_co_ket_cuc")).min().over("ma_ho_so")
    return rows.with_columns(pl.when(silent).then(knowing).otherwise(first).fill_null(value=False).alias("_dan_dau"))


def _choose_lender(rows: pl.DataFrame, carries: pl.Expr, order: Sequence[str], group: FieldGroup) -> pl.DataFrame:
    """The row of each dossier that lends a group: the first system's newest row whose file carries it.

    Returns:
        ``ma_ho_so``, ``_vi_tri`` of the lender, and the lent columns with their companions.
    """
    columns = [f"{name}{end}" for name in group.cot for end in _COMPANIONS if f"{name}{end}" in rows.columns]
    offers = (
        rows.select("ma_ho_so", "he_thong", "_vi_tri", "_file_sha256", *columns).filter(carries).drop("_file_sha256")
    )
    offers = offers.unique(["ma_ho_so", "he_thong"], keep="first", maintain_order=True)
    if group.qua_o_trong:
        offers = offers.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in group.cot))
    ranked = offers.sort(rank_system_expr(order), "_vi_tri").unique("ma_ho_so", keep="first", maintain_order=True)
    return ranked.drop("he_thong")


def _lend(leading: pl.DataFrame, lender: pl.DataFrame) -> pl.DataFrame:
    """Put the lent columns in the place of the leading rows' own; null where nobody lends."""
    lent = leading.drop(lender.columns[2:]).join(
        lender.drop("_vi_tri"), on="ma_ho_so", how="left", validate="1:1", maintain_order="left"
    )
    return lent.select(leading.columns)


def _mark_superseded(versions: pl.DataFrame) -> pl.DataFrame:
    place = pl.format("{}/{}/{}", *_PLACE).alias("_superseded_by")
    won = versions.filter("_dan_dau").select("ma_ho_so", place)
    marked = versions.join(won, on="ma_ho_so", how="left", validate="m:1", maintain_order="left")
    return marked.with_columns(pl.when(~pl.col("_dan_dau")).then("_superseded_by").alias("_superseded_by"))
