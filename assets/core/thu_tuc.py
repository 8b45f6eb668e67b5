"""core.thu_tuc: procedure versions from the catalogue deliveries.

Belongs here: typing catalogue rows, collapsing several rows of one procedure, building versions over deliveries.
Does not belong here: which version a dossier uses (procedures) or a period uses (assets/mart/thu_tuc_ky.sql).
Source: sources.md §4.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.core.findings import find_rows, gather, quote_safely_expr
from assets.core.parsing import matching_key_expr, parse_flag_expr, procedure_stem_expr
from assets.core.rows import Cleaned, account, gather_raw, map_words
from assets.io.landing import Passport
from schemas.export import polars_schema
from schemas.registry import find_table

_TABLE = find_table("core.thu_tuc")
_TEXTS = ("ten_tthc", "linh_vuc", "cap_thuc_hien", "tinh_trang", "quyet_dinh_cong_bo")
_FLAGS = {
    "du_dieu_kien_toan_trinh": "du_dieu_kien_toan_trinh",
    "tai_mot_cua": "tai_mot_cua",
    "phi_dia_gioi": "phi_dia_gioi",
    "co_phi": "co_phi",
    "co_thanh_toan_truc_tuyen": "thanh_toan_truc_tuyen",
    "khong_co_ket_qua": "khong_co_ket_qua",
}
"""Column of core.thu_tuc → column of the raw catalogue."""

_RAW = ("ma_tthc", *_TEXTS, "muc_do", *_FLAGS.values())
# levels stand apart by ";", "," or a line break, which clean text has made a blank: "Cấp tỉnh; Cấp xã", "Tỉnh Xã"
_LEVEL = r"(?:^|\P{L}){}(?:$|\P{L})"
_CONTENT = (*_TEXTS, "ma_day_du", "cap_tinh", "cap_xa", "muc_do", *_FLAGS, "con_hieu_luc")


def clean_procedures(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.thu_tuc``.

    The first delivered version is valid since always; a later delivery starts a new version on its extract day where a
    row changed. A procedure that a later delivery does not mention keeps its version (a delivery may be partial).

    Args:
        deliveries: raw rows of table ``thu_tuc`` with their passports.

    Returns:
        Versions, findings, accounts. Rows that another row of the same procedure and delivery absorbs, and rows that
        repeat the version before them, count as superseded.
    """
    rows = _type_rows(gather_raw(deliveries, _RAW))
    readable = pl.col("ma_tthc").is_not_null()
    accepted, rejected = rows.filter(readable), rows.filter(~readable)
    per_day = _collapse(accepted)
    versions = _build_versions(per_day)
    findings = gather(
        [
            find_rows(
                rejected, "MA_TTHC_KHONG_DOC_DUOC", key=None, cot="ma_tthc", gia_tri=quote_safely_expr("ma_tthc_goc")
            ),
            *_find_odd_words(accepted),
        ]
    )
    schema = polars_schema(_TABLE)
    frame = versions.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return Cleaned(frame.sort("ma_tthc", "hieu_luc_tu"), findings, account(versions, accepted, rejected))


def _type_rows(raw: pl.DataFrame) -> pl.DataFrame:
    levels = matching_key_expr("cap_thuc_hien").fill_null("")
    rows = raw.with_columns(
        procedure_stem_expr("ma_tthc").alias("_goc_ma"),
        pl.col("ma_tthc").alias("ma_tthc_goc"),
        pl.col("ma_tthc").alias("ma_day_du"),
        levels.str.contains(_LEVEL.replace("{}", "tỉnh")).alias("cap_tinh"),
        levels.str.contains(_LEVEL.replace("{}", "xã")).alias("cap_xa"),
        *(parse_flag_expr(raw_name).alias(f"{name}_doc") for name, raw_name in _FLAGS.items()),
    )
    rows = map_words(map_words(rows, "muc_do", "muc_do"), "tinh_trang", "tinh_trang")
    return rows.with_columns(
        pl.col("_goc_ma").alias("ma_tthc"),
        pl.col("muc_do").alias("_muc_do_goc"),
        pl.col("muc_do_ma").alias("muc_do"),
        # an unknown word counts as in force, with a finding; blank is in force (sources.md §4)
        (pl.col("tinh_trang_ma").fill_null(1) == 1).alias("con_hieu_luc"),
        *(pl.col(f"{name}_doc").fill_null(value=False).alias(name) for name in _FLAGS),
    )


def _find_odd_words(rows: pl.DataFrame) -> Iterable[pl.DataFrame]:
    odd_state = pl.col("tinh_trang").is_not_null() & pl.col("tinh_trang_ma").is_null()
    yield find_rows(rows.filter(odd_state), "TINH_TRANG_TTHC_LA", key="ma_tthc", cot="tinh_trang")
    odd_level = pl.col("_muc_do_goc").is_not_null() & pl.col("muc_do").is_null()
    yield find_rows(rows.filter(odd_level), "GIA_TRI_LA", key="ma_tthc", cot="muc_do")
    for name in _FLAGS:
        yield find_rows(rows.filter(pl.col(f"{name}_doc").is_null()), "CO_KHONG_LA", key="ma_tthc", cot=name)


def _collapse(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per procedure and extract day: rows in force beat others, their levels and flags are united.

    A procedure stands on several rows where an export writes one per level, channel or fee (sources.md §4).
    """
    dated = rows.with_columns(pl.col("ngay_xuat").dt.date().alias("_ngay"))
    in_force = pl.col("con_hieu_luc").any().over("ma_tthc", "_ngay")
    united = dated.filter(pl.col("con_hieu_luc") | ~in_force)
    # the row that lends names and place is chosen by content, never by file or position
    leading = united.sort("ngay_xuat", "_noi_dung", "_file_sha256", "_row", descending=[True, True, False, False])
    return leading.group_by("ma_tthc", "_ngay", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in _TEXTS),
        pl.col("ma_day_du", "_nguon", "_ten_tep", "_file_sha256", "_sheet", "_row", "con_hieu_luc").first(),
        pl.col("cap_tinh", "cap_xa", *_FLAGS).any(),
        pl.col("muc_do").max(),
    )


def _build_versions(per_day: pl.DataFrame) -> pl.DataFrame:
    """Turn a procedure's states by extract day into versions with their first day and the day they end."""
    content = pl.concat_str([pl.col(name).cast(pl.Utf8).fill_null("") for name in _CONTENT], separator="\x1f")
    ordered = per_day.sort("ma_tthc", "_ngay").with_columns(content.alias("_noi_dung_ban"))
    before = pl.col("_noi_dung_ban").shift(1).over("ma_tthc")
    changed = ordered.filter(pl.col("_noi_dung_ban").ne_missing(before))
    first = pl.col("_ngay") == pl.col("_ngay").first().over("ma_tthc")
    return changed.with_columns(
        pl.when(first).then(None).otherwise("_ngay").alias("hieu_luc_tu"),
        pl.col("_ngay").shift(-1).over("ma_tthc").alias("hieu_luc_den"),
    )
