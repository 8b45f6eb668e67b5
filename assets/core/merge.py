"""Makes one dossier of all its accepted rows: versions inside a system, then systems by their precedence.

Belongs here: which row leads a dossier, which rows lend it columns, what superseded what. Does not belong here: the
order of systems and the groups of columns (schemas/rules/precedence.toml), typing rows (ho_so). Source: sources.md §5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from schemas.rules.precedence import FieldGroup, Precedence

_ORDER = ("ngay_xuat", "_ngay_biet_cuoi", "trang_thai", "_noi_dung")
_PLACE = ("_file_sha256", "_sheet", "_row")
_COMPANIONS = ("", "_goc", "_hong")
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

    Args:
        accepted: typed rows with outcome, ``he_thong`` and the columns of the total order.
        carried: file hash → columns that the file carries.
        rule: precedence of systems.
    """
    rows = _rank(accepted.with_columns(_carries(carried, _END_DAYS).alias("_co_cot_ngay")), rule)
    systems, files = pl.col("he_thong").n_unique().over("ma_ho_so"), pl.col("_bo_cot").n_unique().over("ma_ho_so")
    sets = {columns: number for number, columns in enumerate(sorted({tuple(sorted(one)) for one in carried.values()}))}
    of_file = {sha: sets[tuple(sorted(columns))] for sha, columns in carried.items()}
    rows = rows.with_columns(
        pl.col("_file_sha256").replace_strict(of_file, default=-1, return_dtype=pl.Int32).alias("_bo_cot")
    )
    rows = _choose_leading(rows).with_columns(((systems > 1) | (files > 1)).alias("_nhieu_nguon"))
    rows = rows.with_columns(pl.col("_dan_dau").alias(f"_cap_{group.ma}") for group in rule.nhom)
    # nearly every dossier stands in one system with files of one layout: only the others are taken apart
    mixed, plain = rows.filter("_nhieu_nguon"), rows.filter(~pl.col("_nhieu_nguon"))
    leading = mixed.filter("_dan_dau")
    for group in rule.attached:
        lender = _choose_lender(mixed, _carries(carried, group.cot), rule.order_of(group.ma), group)
        leading = _lend(leading, lender, group)
        mixed = mixed.with_columns(pl.col("_vi_tri").is_in(lender["_vi_tri"].implode()).alias(f"_cap_{group.ma}"))
    leading = pl.concat([plain.filter("_dan_dau"), leading])
    return Merged(leading, _mark_superseded(pl.concat([plain, mixed])))


def _carries(carried: Mapping[str, frozenset[str]], columns: Sequence[str]) -> pl.Expr:
    """Whether a row's file carries at least one of the columns."""
    files = [sha for sha, names in carried.items() if names.intersection(columns)]
    return pl.col("_file_sha256").is_in(files)


def _system_rank(order: Sequence[str]) -> pl.Expr:
    places = {system: place for place, system in enumerate(order)}
    return pl.col("he_thong").replace_strict(places, default=len(places), return_dtype=pl.Int32)


def _rank(rows: pl.DataFrame, rule: Precedence) -> pl.DataFrame:
    """Sort rows by preference: system, then the newest inside it (the total order of sources.md §5).

    Rows equal in content differ in place only; the smallest hash and row then stand first.
    """
    known = rows.with_columns(
        _system_rank(rule.thu_tu).alias("_bac"),
        pl.col("ngay_xuat").max().over("ma_ho_so", "he_thong").alias("_xuat_moi_nhat"),
    )
    narrow = known.select("_bac", "_xuat_moi_nhat", "he_thong", *_ORDER, *_PLACE).with_row_index("_vi_tri")
    order = narrow.sort(
        ["_bac", "_xuat_moi_nhat", "he_thong", *_ORDER, *_PLACE],
        descending=[False, True, False, *[True] * len(_ORDER), *[False] * len(_PLACE)],
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
    """The row of each dossier that lends a group: the first system's newest row whose file carries it."""
    offers = rows.filter(carries).unique(["ma_ho_so", "he_thong"], keep="first", maintain_order=True)
    if group.qua_o_trong:
        offers = offers.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in group.cot))
    return offers.sort(_system_rank(order), "_vi_tri").unique("ma_ho_so", keep="first", maintain_order=True)


def _lend(leading: pl.DataFrame, lender: pl.DataFrame, group: FieldGroup) -> pl.DataFrame:
    columns = [f"{name}{end}" for name in group.cot for end in _COMPANIONS if f"{name}{end}" in leading.columns]
    lent = leading.drop(columns).join(
        lender.select("ma_ho_so", *columns), on="ma_ho_so", how="left", validate="1:1", maintain_order="left"
    )
    return lent.select(leading.columns)


def _mark_superseded(versions: pl.DataFrame) -> pl.DataFrame:
    place = pl.format("{}/{}/{}", *_PLACE).alias("_superseded_by")
    won = versions.filter("_dan_dau").select("ma_ho_so", place)
    marked = versions.join(won, on="ma_ho_so", how="left", validate="m:1", maintain_order="left")
    return marked.with_columns(pl.when(~pl.col("_dan_dau")).then("_superseded_by").alias("_superseded_by"))
