"""core.nhap_tay, core.doan_van, core.van_ban: declared figures, paragraphs and cited documents, row by row.

Belongs here: period, row and number checks of the declared workbook, each wrong cell at its address. Does not belong
here: sums and ratios of forms (assets/out), filling placeholders (assets/out/paragraphs), judging
cited documents together (assets/out/cited).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from assets.core.declared_cells import is_relabelled, join_lines, read_value, say_fault
from assets.core.findings import find_rows, gather, locate_cell_expr, quote_safely_expr
from assets.core.parsing import parse_count_expr, parse_datetime_expr
from assets.core.rows import Cleaned, account, gather_raw, pick_newest
from assets.io.landing import Passport
from schemas.document import SECTIONS, find_section, section_code
from schemas.export import cast_to_contract
from schemas.registry import Table, find_table
from schemas.rules.periods import UnknownPeriod, parse_period
from schemas.rules.text import CITIZENS_NUMBER

_FIGURES = find_table("core.nhap_tay")
_PARAGRAPHS = find_table("core.doan_van")
_DOCUMENTS = find_table("core.van_ban")

_FIGURE_KEY = ["ky", "bieu", "stt"]


def clean_declared(
    deliveries: Iterable[tuple[Passport, pl.DataFrame]], localise: Callable[[str], str] = str
) -> Cleaned:
    """Make ``core.nhap_tay``.

    A cell left blank declares nothing and never overrides a figure; of several figures the newest delivery's counts.
    A row whose label is another row's is not counted: nobody can tell which of label and number is right.

    Args:
        deliveries: raw rows of table ``nhap_tay`` with their passports.
        localise: the unit's wording of a label of the forms.
    """
    raw = gather_raw(
        deliveries, ("ky", "bieu", "stt", "chi_tieu", "so_lieu", "nguoi_khai", "ngay_khai", "can_cu", "_cot")
    )
    rows = join_lines(_read_period(raw), localise)
    rows = rows.with_columns(read_value().alias("gia_tri"), *_read_day("ngay_khai"))
    bad_period, bad_row = pl.col("ky").is_null(), pl.col("_kieu").is_null()
    swapped = pl.col("_dong_cua_nhan").is_not_null() & ~bad_row
    usable = ~bad_period & ~bad_row & ~swapped
    accepted, rejected = rows.filter(usable), rows.filter(~usable)
    ranked = accepted.with_columns(pl.col("gia_tri").is_not_null().alias("_co_so"))
    newest = pick_newest(ranked, _FIGURE_KEY, ["_co_so", "ngay_xuat", "ngay_khai", "_noi_dung"])
    current = accepted.filter(pl.col("ngay_xuat") == pl.col("ngay_xuat").max().over(_FIGURE_KEY))
    standing = _drop_corrected(rejected, rows)
    of_period = standing.filter(~bad_period)
    findings = gather(
        [
            _find_unknown_periods(standing.filter(bad_period)),
            _find_cells(
                of_period.filter(bad_row),
                "DONG_KHAI_KHONG_CO_TRONG_BIEU",
                "stt",
                bieu=quote_safely_expr("bieu"),
                stt=quote_safely_expr("stt"),
            ),
            _find_cells(
                of_period.filter(swapped),
                "DONG_KHAI_LECH_CHI_TIEU",
                "chi_tieu",
                bieu=pl.col("bieu"),
                stt=pl.col("stt"),
                dung=pl.col("_dong_cua_nhan"),
            ),
            _find_cells(current.filter(is_relabelled()), "CHI_TIEU_KHAI_BI_SUA", "chi_tieu", nhan=pl.col("_nhan")),
            _find_cells(
                accepted.filter(_is_unread()),
                "SO_KHAI_KHONG_DOC_DUOC",
                "so_lieu",
                gia_tri=quote_safely_expr("so_lieu"),
                ly_do=say_fault(),
                yeu_cau=pl.col("_yeu_cau"),
            ),
            _find_contradictions(current),
            _find_unread_days(current, "ngay_khai"),
            _find_persons(newest, "can_cu"),
        ]
    )
    return _finish(newest, accepted, rejected, findings, _FIGURES, _FIGURE_KEY)


def _is_unread() -> pl.Expr:
    """Whether a cell holds what nobody can read, and no workbook of its own day or later corrects it.

    A blank cell corrects nothing, as it overrides nothing.
    """
    typed, figure = pl.col("so_lieu").is_not_null(), pl.col("gia_tri").is_not_null()
    newest = pl.col("ngay_xuat") == pl.col("ngay_xuat").filter(typed).max().over(_FIGURE_KEY)
    corrected = (figure & newest).any().over(_FIGURE_KEY)
    contradicted = figure.any().over(["_file_sha256", *_FIGURE_KEY])  # by another cell of the same workbook
    return typed & ~figure & newest & (~corrected | contradicted)


def _drop_corrected(rejected: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out rejected rows whose place a newer workbook fills: sent in again, it corrects the row where it stood."""
    newest = rows.group_by("_sheet", "_row").agg(pl.col("ngay_xuat").max().alias("_moi_nhat"))
    placed = rejected.join(newest, on=["_sheet", "_row"], how="left", maintain_order="left")
    return placed.filter(pl.col("ngay_xuat") == pl.col("_moi_nhat")).drop("_moi_nhat")


def _find_contradictions(accepted: pl.DataFrame) -> pl.DataFrame:
    """One finding per figure that one workbook declares twice, differently; it names both places.

    Two workbooks that differ are no contradiction: the newer one corrects the older.
    """
    figures = accepted.filter(pl.col("gia_tri").is_not_null()).with_columns(locate_cell_expr("so_lieu").alias("_o"))
    first = figures.unique(["_file_sha256", *_FIGURE_KEY], keep="first", maintain_order=True).select(
        "_file_sha256",
        *_FIGURE_KEY,
        pl.col("gia_tri").alias("_gia_tri_dau"),
        pl.concat_str(pl.lit("trang “"), "_sheet", pl.lit("”, "), "_o").alias("_o_dau"),
    )
    again = figures.join(first, on=["_file_sha256", *_FIGURE_KEY], how="left", maintain_order="left")
    return _find_cells(
        again.filter(pl.col("gia_tri") != pl.col("_gia_tri_dau")),
        "SO_KHAI_HAI_NOI_KHAC_NHAU",
        "so_lieu",
        bieu=pl.col("bieu"),
        stt=pl.col("stt"),
        gia_tri=quote_safely_expr("so_lieu"),
        noi_kia=pl.col("_o_dau"),
    )


def clean_paragraphs(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.doan_van``: sections as the report numbers them, order as typed (blank: order of the sheet).

    Args:
        deliveries: raw rows of table ``doan_van`` with their passports.
    """
    raw = gather_raw(deliveries, ("ky", "muc", "thu_tu", "noi_dung", "nguoi_viet", "ngay_viet", "_cot"))
    rows = _map_each(_read_period(raw), "muc", _find_section_code).with_columns(
        pl.col("thu_tu").alias("_thu_tu_goc"), parse_count_expr("thu_tu").alias("thu_tu"), *_read_day("ngay_viet")
    )
    misplaced = pl.col("thu_tu").is_null() & pl.col("_thu_tu_goc").is_not_null()
    rows = rows.with_columns(misplaced.alias("_la"))
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("_file_sha256", "ky", "muc")
    rows = rows.with_columns(pl.coalesce("thu_tu", place).alias("thu_tu"))
    bad_period, bad_section = pl.col("ky").is_null(), pl.col("muc").is_null()
    blank = pl.col("noi_dung").is_null()
    accepted, rejected = rows.filter(~bad_period & ~bad_section & ~blank), rows.filter(bad_period | bad_section | blank)
    # a newer workbook replaces a section as a whole: paragraphs that it no longer holds are gone
    newest_delivery = pl.col("ngay_xuat").max().over("ky", "muc")
    current = accepted.filter(pl.col("ngay_xuat") == newest_delivery)
    standing = _drop_corrected(rejected, rows)
    newest = pick_newest(current, ["ky", "muc", "thu_tu"], ["ngay_xuat", "ngay_viet", "_noi_dung"])
    findings = gather(
        [
            _find_unknown_periods(standing.filter(bad_period & ~blank)),
            _find_cells(
                standing.filter(~bad_period & bad_section & ~blank),
                "MUC_BAO_CAO_LA",
                "muc",
                cac_muc=", ".join(section_code(name) for name in SECTIONS),
            ),
            _find_cells(
                current.filter(pl.col("_la")), "THU_TU_DOAN_LA", "thu_tu", gia_tri=quote_safely_expr("_thu_tu_goc")
            ),
            _find_persons(newest, "noi_dung"),
            _find_unread_days(current, "ngay_viet"),
        ]
    )
    return _finish(newest, accepted, rejected, findings, _PARAGRAPHS, ["ky", "muc", "thu_tu"])


def clean_documents(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.van_ban``: the newest workbook's list of a period replaces an older one as a whole.

    Args:
        deliveries: raw rows of table ``van_ban`` with their passports.
    """
    texts = ("ky", "ma_van_ban", "so_ky_hieu", "ngay_van_ban", "co_quan", "trich_yeu", "loai_van_ban")
    raw = gather_raw(deliveries, (*texts, "nguoi_khai", "ngay_khai", "_cot"))
    rows = _read_period(raw).with_columns(
        pl.col("ma_van_ban").str.replace_all(r"\s", ""),
        *_read_day("ngay_van_ban"),
        *_read_day("ngay_khai"),
    )
    bad_period, nameless = pl.col("ky").is_null(), pl.col("ma_van_ban").is_null() | pl.col("so_ky_hieu").is_null()
    accepted, rejected = rows.filter(~bad_period & ~nameless), rows.filter(bad_period | nameless)
    current = accepted.filter(pl.col("ngay_xuat") == pl.col("ngay_xuat").max().over("ky"))
    current = current.sort("ky", "_file_sha256", "_sheet", "_row")
    standing = _drop_corrected(rejected, rows)
    again = pl.struct("ky", pl.col("ma_van_ban").str.to_lowercase()).is_first_distinct().not_()
    findings = gather(
        [
            _find_unknown_periods(standing.filter(bad_period)),
            _find_cells(standing.filter(~bad_period), "VAN_BAN_THIEU_MA", "ma_van_ban"),
            _find_cells(current.filter(again), "VAN_BAN_TRUNG_MA", "ma_van_ban"),
            _find_unread_days(current, "ngay_van_ban", "VAN_BAN_NGAY_LA"),
            _find_unread_days(current, "ngay_khai"),
        ]
    )
    return _finish(current.filter(~again), accepted, rejected, findings, _DOCUMENTS, ["ky", "ma_van_ban"])


def _finish(
    newest: pl.DataFrame,
    accepted: pl.DataFrame,
    rejected: pl.DataFrame,
    findings: pl.DataFrame,
    table: Table,
    key: list[str],
) -> Cleaned:
    return Cleaned(cast_to_contract(newest, table).sort(key), findings, account(newest, accepted, rejected))


def _map_each(rows: pl.DataFrame, column: str, function: Callable[[str], str | None]) -> pl.DataFrame:
    """Replace a column by a function of its few distinct texts."""
    texts = rows[column].drop_nulls().unique().sort()
    table = pl.DataFrame(
        {column: texts, "_moi": pl.Series([function(text) for text in texts], dtype=pl.Utf8)},
        schema={column: pl.Utf8, "_moi": pl.Utf8},
    )
    mapped = rows.join(table, on=column, how="left", maintain_order="left")
    return mapped.with_columns(pl.col("_moi").alias(column)).drop("_moi")


def _read_day(column: str) -> tuple[pl.Expr, pl.Expr]:
    """The column as days, and its text beside it."""
    return pl.col(column).alias(f"_{column}_goc"), parse_datetime_expr(column).dt.date().alias(column)


def _find_unread_days(rows: pl.DataFrame, column: str, code: str = "NGAY_KHAI_KHONG_DOC_DUOC") -> pl.DataFrame:
    unread = rows.filter(pl.col(column).is_null() & pl.col(f"_{column}_goc").is_not_null())
    return _find_cells(unread, code, column, gia_tri=quote_safely_expr(f"_{column}_goc"))


def _find_unknown_periods(rows: pl.DataFrame) -> pl.DataFrame:
    return _find_cells(rows, "KY_KHAI_LA", "ky")


def _find_persons(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """One finding per cell of an officer's own words that names a citizen by number: it would be printed and kept."""
    return _find_cells(rows.filter(pl.col(column).str.contains(CITIZENS_NUMBER)), "CHU_CO_DU_LIEU_CA_NHAN", column)


def _find_cells(rows: pl.DataFrame, code: str, column: str, **values: pl.Expr | str) -> pl.DataFrame:
    """One finding per row about its cell in that column, at the cell's address; ``values`` fill the message."""
    return find_rows(rows, code, key=None, cot=column, o=locate_cell_expr(column), **values)


def _read_period(rows: pl.DataFrame) -> pl.DataFrame:
    return _map_each(rows, "ky", _find_period_key)


def _find_period_key(text: str) -> str | None:
    try:
        return parse_period(text.strip().upper()).key
    except UnknownPeriod:
        return None


def _find_section_code(text: str) -> str | None:
    section = find_section(text)
    return section_code(section) if section else None
