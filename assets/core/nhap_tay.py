"""core.nhap_tay, core.doan_van, core.van_ban: declared figures, paragraphs and cited documents, row by row.

Belongs here: period, row and number checks of the declared workbook, each wrong cell at its address. Does not belong
here: sums and ratios of forms (assets/out), filling placeholders (assets/out/paragraphs), judging
cited documents together (assets/out/cited).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from assets.core.findings import find_rows, gather, quote_safely_expr
from assets.core.parsing import (
    matching_key_expr,
    parse_count_expr,
    parse_datetime_expr,
    parse_decimal_expr,
)
from assets.core.rows import Cleaned, account, gather_raw, pick_newest
from assets.io.landing import Passport
from schemas.document import SECTIONS, find_section, section_code
from schemas.export import polars_schema
from schemas.forms import FormLine, load_forms
from schemas.registry import find_table
from schemas.rules.periods import UnknownPeriod, parse_period

_FIGURES = find_table("core.nhap_tay")
_PARAGRAPHS = find_table("core.doan_van")
_DOCUMENTS = find_table("core.van_ban")

# one comma before three digits is a thousand to one clerk and a decimal to another: never guessed (domain.md §8)
_AMBIGUOUS = r"^\d{1,3},\d{3}$"


def clean_declared(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.nhap_tay``.

    A cell left blank declares nothing and never overrides a figure; of several figures the newest delivery's counts.

    Args:
        deliveries: raw rows of table ``nhap_tay`` with their passports.
    """
    raw = gather_raw(deliveries, ("ky", "bieu", "stt", "so_lieu", "nguoi_khai", "ngay_khai", "can_cu"))
    rows = _join_lines(_read_period(raw))
    rows = rows.with_columns(
        _read_value().alias("gia_tri"),
        parse_datetime_expr("ngay_khai").dt.date().alias("ngay_khai"),
    )
    bad_period, bad_row = pl.col("ky").is_null(), pl.col("_kieu").is_null()
    accepted, rejected = rows.filter(~bad_period & ~bad_row), rows.filter(bad_period | bad_row)
    ranked = accepted.with_columns(pl.col("gia_tri").is_not_null().alias("_co_so"))
    newest = pick_newest(ranked, ["ky", "bieu", "stt"], ["_co_so", "ngay_xuat", "ngay_khai", "_noi_dung"])
    unread = pl.col("gia_tri").is_null() & pl.col("so_lieu").is_not_null()
    findings = gather(
        [
            find_rows(rejected.filter(bad_period), "KY_KHAI_LA", key=None, cot="ky"),
            *(
                find_rows(
                    part,
                    "DONG_KHAI_KHONG_CO_TRONG_BIEU",
                    key=None,
                    bieu=str(form),
                    stt=str(number),
                )
                for (form, number), part in rejected.filter(~bad_period).group_by("bieu", "stt", maintain_order=True)
            ),
            *(
                find_rows(
                    part,
                    "SO_KHAI_KHONG_DOC_DUOC",
                    key=None,
                    cot="so_lieu",
                    gia_tri=quote_safely_expr("so_lieu"),
                    yeu_cau=str(wanted),
                )
                for (wanted,), part in accepted.filter(unread).group_by("_yeu_cau", maintain_order=True)
            ),
        ]
    )
    return _finish(newest, accepted, rejected, findings, _FIGURES.full_name, ["ky", "bieu", "stt"])


def clean_paragraphs(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.doan_van``: sections as the report numbers them, order as typed (blank: order of the sheet).

    Args:
        deliveries: raw rows of table ``doan_van`` with their passports.
    """
    raw = gather_raw(deliveries, ("ky", "muc", "thu_tu", "noi_dung", "nguoi_viet", "ngay_viet"))
    rows = _map_each(_read_period(raw), "muc", _find_section_code).with_columns(
        parse_count_expr("thu_tu").alias("thu_tu"),
        parse_datetime_expr("ngay_viet").dt.date().alias("ngay_viet"),
    )
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("_file_sha256", "ky", "muc")
    rows = rows.with_columns(pl.coalesce("thu_tu", place).alias("thu_tu"))
    bad_period, bad_section = pl.col("ky").is_null(), pl.col("muc").is_null()
    blank = pl.col("noi_dung").is_null()
    accepted, rejected = rows.filter(~bad_period & ~bad_section & ~blank), rows.filter(bad_period | bad_section | blank)
    # a newer workbook replaces a section as a whole: paragraphs that it no longer holds are gone
    newest_delivery = pl.col("ngay_xuat").max().over("ky", "muc")
    current = accepted.filter(pl.col("ngay_xuat") == newest_delivery)
    newest = pick_newest(current, ["ky", "muc", "thu_tu"], ["ngay_xuat", "ngay_viet", "_noi_dung"])
    findings = gather(
        [
            find_rows(rejected.filter(bad_period & ~blank), "KY_KHAI_LA", key=None, cot="ky"),
            find_rows(
                rejected.filter(~bad_period & bad_section & ~blank),
                "MUC_BAO_CAO_LA",
                key=None,
                cot="muc",
                cac_muc=", ".join(section_code(name) for name in SECTIONS),
            ),
        ]
    )
    return _finish(newest, accepted, rejected, findings, _PARAGRAPHS.full_name, ["ky", "muc", "thu_tu"])


def clean_documents(deliveries: Iterable[tuple[Passport, pl.DataFrame]]) -> Cleaned:
    """Make ``core.van_ban``: the newest workbook's list of a period replaces an older one as a whole.

    Args:
        deliveries: raw rows of table ``van_ban`` with their passports.
    """
    texts = ("ky", "ma_van_ban", "so_ky_hieu", "ngay_van_ban", "co_quan", "trich_yeu", "loai_van_ban")
    raw = gather_raw(deliveries, (*texts, "nguoi_khai", "ngay_khai"))
    rows = _read_period(raw).with_columns(
        pl.col("ma_van_ban").str.replace_all(r"\s", ""),
        parse_datetime_expr("ngay_van_ban").dt.date().alias("_ngay"),
        parse_datetime_expr("ngay_khai").dt.date().alias("ngay_khai"),
    )
    bad_period, nameless = pl.col("ky").is_null(), pl.col("ma_van_ban").is_null() | pl.col("so_ky_hieu").is_null()
    accepted, rejected = rows.filter(~bad_period & ~nameless), rows.filter(bad_period | nameless)
    current = accepted.filter(pl.col("ngay_xuat") == pl.col("ngay_xuat").max().over("ky"))
    current = current.sort("ky", "_file_sha256", "_sheet", "_row")
    again = pl.struct("ky", pl.col("ma_van_ban").str.to_lowercase()).is_first_distinct().not_()
    unread = pl.col("_ngay").is_null() & pl.col("ngay_van_ban").is_not_null()
    date_text = quote_safely_expr("ngay_van_ban")
    findings = gather(
        [
            find_rows(rejected.filter(bad_period), "KY_KHAI_LA", key=None, cot="ky"),
            find_rows(rejected.filter(~bad_period), "VAN_BAN_THIEU_MA", key=None, cot="ma_van_ban"),
            find_rows(current.filter(again), "VAN_BAN_TRUNG_MA", key=None, cot="ma_van_ban"),
            find_rows(current.filter(unread), "VAN_BAN_NGAY_LA", key=None, cot="ngay_van_ban", gia_tri=date_text),
        ]
    )
    kept = current.filter(~again).with_columns(pl.col("_ngay").alias("ngay_van_ban"))
    return _finish(kept, accepted, rejected, findings, _DOCUMENTS.full_name, ["ky", "ma_van_ban"])


def _finish(
    newest: pl.DataFrame,
    accepted: pl.DataFrame,
    rejected: pl.DataFrame,
    findings: pl.DataFrame,
    table: str,
    key: list[str],
) -> Cleaned:
    schema = polars_schema(find_table(table))
    frame = newest.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(key)
    return Cleaned(frame, findings, account(newest, accepted, rejected))


def _map_each(rows: pl.DataFrame, column: str, function: Callable[[str], str | None]) -> pl.DataFrame:
    """Replace a column by a function of its few distinct texts."""
    texts = rows[column].drop_nulls().unique().sort()
    table = pl.DataFrame(
        {column: texts, "_moi": pl.Series([function(text) for text in texts], dtype=pl.Utf8)},
        schema={column: pl.Utf8, "_moi": pl.Utf8},
    )
    mapped = rows.join(table, on=column, how="left", maintain_order="left")
    return mapped.with_columns(pl.col("_moi").alias(column)).drop("_moi")


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


def _join_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Say, per row, which declared line of which form it fills (null: none) and what the cell must hold."""
    lines = [
        {"bieu": form.bieu, "stt": line.stt, "_kieu": _value_kind(line), "_yeu_cau": _say_wanted(line)}
        for form in load_forms().values()
        for line in form.dong
        if line.loai in ("declared", "enum")
    ]
    table = pl.DataFrame(lines, schema={"bieu": pl.Utf8, "stt": pl.Utf8, "_kieu": pl.Utf8, "_yeu_cau": pl.Utf8})
    number = matching_key_expr("bieu").str.replace(r"^(?:biểu mẫu|biểu|bm)\s*", "").str.replace(r"\.0$", "")
    tidy = rows.with_columns(
        number.str.to_uppercase().alias("bieu"), pl.col("stt").str.replace_all(r"\s", "").str.strip_chars_end(".")
    )
    return tidy.join(table, on=["bieu", "stt"], how="left", maintain_order="left")


def _value_kind(line: FormLine) -> str:
    return "enum:" + ",".join(line.lua_chon) if line.loai == "enum" else line.kieu


def _say_wanted(line: FormLine) -> str:
    if line.loai == "enum":
        return "một trong: " + "; ".join(f"{code} = {name}" for code, name in line.lua_chon.items())
    return {
        "so_nguyen": "số nguyên không âm",
        "so_thuc": "số không âm; phần nghìn dùng dấu chấm, phần lẻ dùng dấu phẩy, ví dụ 42.809 hoặc 42.809,5",
        "phan_tram": "phần trăm từ 0 đến 100",
    }[line.kieu]


def _read_value() -> pl.Expr:
    count = parse_count_expr("so_lieu").cast(pl.Float64)
    ambiguous = pl.col("so_lieu").str.contains(_AMBIGUOUS)
    decimal = pl.when(~ambiguous).then(parse_decimal_expr("so_lieu"))
    percent = parse_decimal_expr(pl.col("so_lieu").str.strip_chars_end("% "))
    code = pl.col("so_lieu").str.extract(r"^(\d+)(?:\.0)?$")
    listed = pl.col("_kieu").str.replace("enum:", "").str.split(",").list.contains(code)
    return (
        pl.when(pl.col("_kieu").str.starts_with("enum:"))
        .then(pl.when(listed).then(code.cast(pl.Float64, strict=False)))
        .when(pl.col("_kieu") == "so_thuc")
        .then(pl.when(decimal >= 0).then(decimal))
        .when(pl.col("_kieu") == "phan_tram")
        .then(pl.when(percent.is_between(0, 100)).then(percent))
        .otherwise(count)
    )
