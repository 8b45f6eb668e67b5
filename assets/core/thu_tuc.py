"""core.thu_tuc: procedure versions from the catalogue deliveries of every source.

Belongs here: typing catalogue rows, collapsing several rows of one procedure, merging sources fact by fact, building
versions over deliveries. Does not belong here: which version a dossier uses (procedures) or a period uses
(assets/mart/thu_tuc_ky.sql). Source: sources.md §4.

A fact is known from the sources that carry its column: the national list has no level and no service level, and says
nothing about them; it neither clears what the provincial catalogue said nor makes a 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from assets.core.findings import find_rows, frame_findings, gather, quote_safely_expr
from assets.core.parsing import matching_key_expr, parse_flag_expr, parse_money_expr, procedure_stem_expr
from assets.core.rows import Cleaned, account, gather_raw, map_words
from assets.core.time_limits import RAW as LIMIT_TEXTS
from assets.core.time_limits import add_time_limits
from assets.io.landing import Passport
from schemas.export import cast_to_contract
from schemas.findings import Finding, make_finding
from schemas.registry import find_table

_TABLE = find_table("core.thu_tuc")
_TEXTS = ("ten_tthc", "linh_vuc", "cap_thuc_hien", "co_quan_thuc_hien", "tinh_trang", "quyet_dinh_cong_bo")
_FLAGS = {
    "du_dieu_kien_toan_trinh": "du_dieu_kien_toan_trinh",
    "tai_mot_cua": "tai_mot_cua",
    "phi_dia_gioi": "phi_dia_gioi",
    "co_phi": "co_phi",
    "co_thanh_toan_truc_tuyen": "thanh_toan_truc_tuyen",
    "khong_co_ket_qua": "khong_co_ket_qua",
}
"""Column of core.thu_tuc → column of the raw catalogue."""

_RAW = ("ma_tthc", *_TEXTS, "muc_do", *_FLAGS.values(), *LIMIT_TEXTS, "muc_phi")
_FACTS: dict[str, str] = {
    **{name: name for name in _TEXTS},
    "cap_tinh": "cap_thuc_hien",
    "cap_xa": "cap_thuc_hien",
    "muc_do": "muc_do",
    **_FLAGS,
    "con_hieu_luc": "tinh_trang",
    "thoi_han_giai_quyet": "thoi_han",
    "thoi_han_ngay": "thoi_han",
}
"""Fact of core.thu_tuc → the raw column whose presence in a delivery means that the delivery speaks of it."""

_STATE = "tinh_trang"
_LEAST_FEE = 1000  # đồng
# levels stand apart by ";", "," or a line break, which clean text has made a blank: "Cấp tỉnh; Cấp xã", "Tỉnh Xã"
_LEVEL = r"(?:^|\P{L}){}(?:$|\P{L})"
_ANY_LEVEL = _LEVEL.replace("{}", "(?:bộ|trung ương|tỉnh|huyện|xã|khác)")
_CONTENT = ("ma_day_du", *_FACTS)


def clean_procedures(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.thu_tuc``.

    The first delivered version is valid since always; a later delivery starts a new version on its extract day where a
    row changed. A procedure that a later delivery does not mention keeps its version (a delivery may be partial), and a
    fact whose column a later delivery does not carry keeps its value.

    Args:
        deliveries: raw rows of table ``thu_tuc`` with their passports, of every catalogue source.

    Returns:
        Versions, findings, accounts. Rows that another row of the same procedure and delivery absorbs, and rows that
        repeat the version before them, count as superseded.
    """
    files = list(deliveries)
    carried = {
        name: [passport.sha256 for passport, frame in files if name in frame.columns] for name in set(_FACTS.values())
    }
    rows = _type_rows(gather_raw(files, _RAW), carried)
    readable = pl.col("ma_tthc").is_not_null()
    accepted, rejected = rows.filter(readable), rows.filter(~readable)
    versions = _build_versions(_carry_facts(_collapse(accepted)))
    findings = gather(
        [
            find_rows(
                rejected, "MA_TTHC_KHONG_DOC_DUOC", key=None, cot="ma_tthc", gia_tri=quote_safely_expr("ma_tthc_goc")
            ),
            *_find_odd_words(accepted),
            _find_small_fees(accepted),
            frame_findings(_find_unused_limits(accepted)),
        ]
    )
    frame = cast_to_contract(versions, _TABLE).sort("ma_tthc", "hieu_luc_tu")
    return Cleaned(frame, findings, account(versions, accepted, rejected))


def _type_rows(raw: pl.DataFrame, carried: Mapping[str, list[str]]) -> pl.DataFrame:
    """Parse every column; a fact of a delivery that does not carry its column is null and ``_co_<column>`` is false."""
    levels = matching_key_expr("cap_thuc_hien").fill_null("")
    rows = raw.with_columns(
        procedure_stem_expr("ma_tthc").alias("_goc_ma"),
        pl.col("ma_tthc").alias("ma_tthc_goc"),
        pl.col("ma_tthc").alias("ma_day_du"),
        levels.str.contains(_LEVEL.replace("{}", "tỉnh")).alias("cap_tinh"),
        levels.str.contains(_LEVEL.replace("{}", "xã")).alias("cap_xa"),
        *(parse_flag_expr(raw_name).alias(f"{name}_doc") for name, raw_name in _FLAGS.items()),
        *(pl.col("_file_sha256").is_in(files).alias(f"_co_{name}") for name, files in carried.items()),
    )
    rows = add_time_limits(map_words(map_words(rows, "muc_do", "muc_do"), "tinh_trang", "tinh_trang"))
    rows = rows.with_columns(
        pl.col("_goc_ma").alias("ma_tthc"),
        pl.col("muc_do").alias("_muc_do_goc"),
        pl.col("muc_do_ma").alias("muc_do"),
        # an unknown word counts as in force, with a finding; blank is in force (sources.md §4)
        (pl.col("tinh_trang_ma").fill_null(1) == 1).alias("con_hieu_luc"),
        *(pl.col(f"{name}_doc").fill_null(value=False).alias(name) for name in _FLAGS),
    )
    return rows.with_columns(pl.when(f"_co_{raw_name}").then(name).alias(name) for name, raw_name in _FACTS.items())


def _find_odd_words(rows: pl.DataFrame) -> Iterable[pl.DataFrame]:
    odd_state = pl.col("tinh_trang").is_not_null() & pl.col("tinh_trang_ma").is_null()
    yield find_rows(rows.filter(odd_state), "TINH_TRANG_TTHC_LA", key="ma_tthc", cot="tinh_trang")
    odd_level = pl.col("_muc_do_goc").is_not_null() & pl.col("muc_do").is_null()
    yield find_rows(rows.filter(odd_level), "GIA_TRI_LA", key="ma_tthc", cot="muc_do")
    unknown = pl.col("cap_thuc_hien").is_not_null() & ~matching_key_expr("cap_thuc_hien").str.contains(_ANY_LEVEL)
    yield find_rows(rows.filter(unknown), "GIA_TRI_LA", key="ma_tthc", cot="cap_thuc_hien")
    for name in _FLAGS:
        yield find_rows(rows.filter(pl.col(f"{name}_doc").is_null()), "CO_KHONG_LA", key="ma_tthc", cot=name)


def _find_small_fees(rows: pl.DataFrame) -> pl.DataFrame:
    """Fees of some hundred đồng at most: "135 VNĐ" where 135.000 was meant (domain.md §6). Flagged, never corrected."""
    amounts = pl.col("muc_phi").str.split("; ").list.eval(parse_money_expr(pl.element()))
    small = amounts.list.eval(pl.element().is_between(1, _LEAST_FEE - 1)).list.any().fill_null(value=False)
    return find_rows(rows.filter(small), "MUC_PHI_SAI_DON_VI", key="ma_tthc", cot="co_phi")


def _find_unused_limits(rows: pl.DataFrame) -> Iterable[Finding]:
    """One line per delivery: hours, months and several limits per procedure are common and nobody's mistake."""
    counts = rows.filter("_thoi_han_bo").group_by("_nguon", "_ten_tep", "_file_sha256").len()
    for source, name, sha256, count in counts.sort(pl.all()).iter_rows():
        yield make_finding("THOI_HAN_KHONG_DUNG", nguon=source, ten_tep=name, file_sha256=sha256, so=count)


def _collapse(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per procedure and extract time: rows in force beat others, their levels and flags are united.

    A procedure stands on several rows where an export writes one per level, channel or fee (sources.md §4), and one
    export may be cut into several files; limits that differ between the rows are not known for any dossier.
    """
    listed = pl.col("con_hieu_luc").any().over("ma_tthc", "ngay_xuat")
    united = rows.filter(pl.col("con_hieu_luc").fill_null(value=True) | ~listed)
    # the row that lends names and place is chosen by content, never by file or position
    leading = united.sort("_noi_dung", "_file_sha256", "_row", descending=[True, False, False])
    limits = [name for name, raw_name in _FACTS.items() if raw_name == "thoi_han"]
    one_limit = pl.struct(limits).filter(pl.col("thoi_han").is_not_null()).n_unique() == 1
    return leading.group_by("ma_tthc", "ngay_xuat", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in _TEXTS),
        pl.col("ma_day_du", "_nguon", "_ten_tep", "_file_sha256", "_sheet", "_row").first(),
        pl.col("cap_tinh", "cap_xa", *_FLAGS, "con_hieu_luc", "muc_do", "^_co_.*$").max(),
        *(pl.when(one_limit).then(pl.col(name).max()).alias(name) for name in limits),
    )


def _carry_facts(states: pl.DataFrame) -> pl.DataFrame:
    """Fill each fact from the newest delivery that carries it, and before the first such delivery from that one.

    So that a source which joins later adds its facts to the versions that hold already, as the first delivered version
    holds since always. Only the state of publication is not taken back: a list without it shows what was in force.
    """
    ordered = states.sort("ma_tthc", "ngay_xuat").with_row_index("_thu_tu")
    for raw_name in sorted(set(_FACTS.values())):
        said = pl.when(f"_co_{raw_name}").then("_thu_tu")
        newest = said.forward_fill().over("ma_tthc")
        source = newest if raw_name == _STATE else newest.fill_null(said.backward_fill().over("ma_tthc"))
        names = [name for name, column in _FACTS.items() if column == raw_name]
        ordered = ordered.with_columns(source.alias("_tu")).with_columns(pl.col(name).gather("_tu") for name in names)
    return ordered.with_columns(pl.col("con_hieu_luc").fill_null(value=True))


def _build_versions(states: pl.DataFrame) -> pl.DataFrame:
    """Turn a procedure's states by extract time into versions with their first day and the day they end."""
    content = pl.concat_str([pl.col(name).cast(pl.Utf8).fill_null("") for name in _CONTENT], separator="\x1f")
    per_day = (
        states.with_columns(pl.col("ngay_xuat").dt.date().alias("_ngay"), content.alias("_noi_dung_ban"))
        .sort("ma_tthc", "ngay_xuat")
        .unique(["ma_tthc", "_ngay"], keep="last", maintain_order=True)
    )
    before = pl.col("_noi_dung_ban").shift(1).over("ma_tthc")
    changed = per_day.filter(pl.col("_noi_dung_ban").ne_missing(before))
    first = pl.col("_ngay") == pl.col("_ngay").first().over("ma_tthc")
    return changed.with_columns(
        pl.when(first).then(None).otherwise("_ngay").alias("hieu_luc_tu"),
        pl.col("_ngay").shift(-1).over("ma_tthc").alias("hieu_luc_den"),
    )
