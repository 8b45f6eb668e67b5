"""What one cell of the declared workbook must hold: its value by the contract of its row, or what is wrong with it.

Belongs here: reading a declared figure, naming the fault, comparing labels. Does not belong here: which rows count
(nhap_tay), how the workbook guides the typing hand (assets/io/sheets_declared), sums of rows (assets/out).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from assets.core.parsing import matching_key_expr, parse_count_expr, parse_decimal_expr
from schemas.forms import FormLine, load_forms
from schemas.rules.text import matching_key

# one comma before three digits is a thousand to one clerk and a decimal to another: never guessed (domain.md §8)
_AMBIGUOUS = r"^\d{1,3},\d{3}$"
_DECIMAL = r"^\d+[.,]\d+$|^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:,\d{3})+\.\d+$"
_NUMBER_AND_WORDS = r"\d.*\p{L}|\p{L}.*\d"

_WANTED = {
    "so_nguyen": "số nguyên không âm",
    "so_thuc": "số không âm; phần nghìn dùng dấu chấm, phần lẻ dùng dấu phẩy, ví dụ 42.809 hoặc 42.809,5",
    "phan_tram": "phần trăm từ 0 đến 100",
}


def join_lines(rows: pl.DataFrame, localise: Callable[[str], str]) -> pl.DataFrame:
    """Say, per row, which declared line of which form it fills.

    Args:
        rows: raw rows with ``bieu`` and ``stt`` as typed.
        localise: the unit's wording of a label.

    Returns:
        The rows with both tidied, and ``_kieu`` (null: no declared line), ``_yeu_cau`` (what the cell must hold),
        ``_nhan`` (the line's label) and ``_dong_cua_nhan`` (the declared line of that form whose label the row bears,
        where it is another one).
    """
    lines = [
        {
            "bieu": form.bieu,
            "stt": line.stt,
            "_kieu": _value_kind(line),
            "_yeu_cau": _say_wanted(line),
            "_nhan": localise(line.chi_tieu),
            "_khoa_nhan": matching_key(localise(line.chi_tieu)),
        }
        for form in load_forms().values()
        for line in form.dong
        if line.loai in ("declared", "enum")
    ]
    names = ("bieu", "stt", "_kieu", "_yeu_cau", "_nhan", "_khoa_nhan")
    table = pl.DataFrame(lines, schema=dict.fromkeys(names, pl.Utf8))
    by_label = table.select("bieu", "_khoa_nhan", pl.col("stt").alias("_dong_cua_nhan")).unique(
        ["bieu", "_khoa_nhan"], keep="none"
    )
    number = matching_key_expr("bieu").str.replace(r"^(?:biểu mẫu|biểu|bm)\s*", "").str.replace(r"\.0$", "")
    tidy = rows.with_columns(
        number.str.to_uppercase().alias("bieu"),
        pl.col("stt").str.replace_all(r"\s", "").str.strip_chars_end("."),
        matching_key_expr("chi_tieu").alias("_khoa_ghi"),
    )
    joined = tidy.join(table, on=["bieu", "stt"], how="left", maintain_order="left")
    joined = joined.join(
        by_label, left_on=["bieu", "_khoa_ghi"], right_on=["bieu", "_khoa_nhan"], how="left", maintain_order="left"
    )
    return joined.with_columns(
        pl.when(pl.col("_khoa_ghi") != pl.col("_khoa_nhan")).then("_dong_cua_nhan").alias("_dong_cua_nhan")
    )


def is_relabelled() -> pl.Expr:
    """Whether somebody changed the row's label to one that is no other declared line's."""
    return (pl.col("_khoa_ghi") != pl.col("_khoa_nhan")) & pl.col("_dong_cua_nhan").is_null()


def _value_kind(line: FormLine) -> str:
    return "enum:" + ",".join(line.lua_chon) if line.loai == "enum" else line.kieu


def _say_wanted(line: FormLine) -> str:
    if line.loai == "enum":
        return "một trong: " + "; ".join(f"{code} = {name}" for code, name in line.lua_chon.items())
    return _WANTED[line.kieu]


def read_value() -> pl.Expr:
    """The declared figure of a row of :func:`join_lines`; null where blank or against the contract of its line."""
    count = parse_count_expr("so_lieu").cast(pl.Float64)
    ambiguous = pl.col("so_lieu").str.contains(_AMBIGUOUS)
    decimal = pl.when(~ambiguous).then(parse_decimal_expr("so_lieu"))
    code = pl.col("so_lieu").str.extract(r"^(\d+)(?:\.0)?$")
    listed = pl.col("_kieu").str.replace("enum:", "").str.split(",").list.contains(code)
    percent = _percent()
    return (
        pl.when(_is_enum())
        .then(pl.when(listed).then(code.cast(pl.Float64, strict=False)))
        .when(pl.col("_kieu") == "so_thuc")
        .then(pl.when(decimal >= 0).then(decimal))
        .when(pl.col("_kieu") == "phan_tram")
        .then(pl.when(percent.is_between(0, 100)).then(percent))
        .otherwise(count)
    )


def say_fault() -> pl.Expr:
    """Say what is wrong with a cell that :func:`read_value` could not read, in Vietnamese."""
    text = pl.col("so_lieu")
    both = text.str.contains(".", literal=True) & text.str.contains(",", literal=True)
    return (
        pl.when(text.str.starts_with("="))
        .then(pl.lit("là công thức chưa có kết quả hoặc báo lỗi"))
        .when(text.str.contains(_NUMBER_AND_WORDS))
        .then(pl.lit("ghi kèm chữ hoặc đơn vị tính"))
        .when(text.str.contains(r"\p{L}"))
        .then(pl.lit("là chữ, không phải số"))
        .when(text.str.contains(r"^[-–−]\s*\d"))
        .then(pl.lit("là số âm"))
        .when(_is_enum())
        .then(pl.lit("không có trong danh sách"))
        .when((pl.col("_kieu") == "phan_tram") & (_percent() > 100))
        .then(pl.lit("lớn hơn 100"))
        .when((pl.col("_kieu") == "so_nguyen") & text.str.contains(_DECIMAL))
        .then(pl.lit("có phần lẻ"))
        .when(both)
        .then(pl.lit("lẫn dấu chấm và dấu phẩy"))
        .when(text.str.contains(_AMBIGUOUS))
        .then(pl.lit("có dấu phẩy không rõ là phần nghìn hay phần lẻ"))
        .otherwise(pl.lit("không đọc được là số"))
    )


def _is_enum() -> pl.Expr:
    return pl.col("_kieu").str.starts_with("enum:")


def _percent() -> pl.Expr:
    return parse_decimal_expr(pl.col("so_lieu").str.strip_chars_end("% "))
