"""out.chi_tieu: every indicator at every grouping, and the ratios of the forms at the same groupings.

Belongs here: running the compiled numbers over the mart tables, zeros, unknowns, ratios. Does not belong here: what is
counted (schemas/indicators) or the SQL it compiles to (schemas/indicators/compile).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from assets.io.warehouse import Counter
from schemas.export import cast_to_contract, polars_schema
from schemas.forms import load_forms, row_id
from schemas.indicators import Indicator, load_indicators
from schemas.indicators.compile import ALL_DIMENSIONS, DIMENSIONS, compile_numbers, compile_rows
from schemas.registry import find_table
from schemas.rules.counting import load_policies
from schemas.rules.display import percent_value

_TABLE = find_table("out.chi_tieu")
_GROUP = ("chinh_sach", *ALL_DIMENSIONS)


def count_indicators(
    counter: Counter, ky: str, ngay_chot: date, delivered: frozenset[str], input_hash: str
) -> pl.DataFrame:
    """Make ``out.chi_tieu`` of one period and cut-off, for every policy.

    Args:
        counter: offers ``mart.ho_so_lop``, ``mart.thu_tuc_ky`` and ``mart.pakn_ky`` of that period and cut-off only.
        ky: period key.
        ngay_chot: cut-off.
        delivered: raw tables of which at least one delivery exists; an indicator that needs another one is unknown
            (null), not 0.
        input_hash: hash of the inputs.

    Returns:
        Rows of ``out.chi_tieu``. The whole-home row (all dimensions null) of every indicator and policy is always
        there; a breakdown that would be 0 is left out. ``chua_ro`` counts the dossiers that are in no number because
        nobody says; where there are some and none is known, the value is null.
    """
    indicators = load_indicators()
    unknown = {code: one.unknown for code, one in indicators.items() if one.an_so}
    asked = [*indicators.values(), *unknown.values()]
    counted = pl.concat([counter.run(compile_numbers(table, asked)) for table in DIMENSIONS])
    policies = pl.DataFrame({"chinh_sach": list(load_policies())})
    under_each = pl.concat(
        [
            counted.filter(pl.col("chinh_sach").is_not_null()),
            counted.filter(pl.col("chinh_sach").is_null()).drop("chinh_sach").join(policies, how="cross"),
        ],
        how="diagonal",
    ).select("ma_chi_tieu", *_GROUP, pl.col("gia_tri").cast(pl.Float64))
    known = [code for code, one in indicators.items() if not one.list_missing(delivered)]
    values = _lay_out(under_each, indicators, unknown).with_columns(
        pl.when(pl.col("ma_chi_tieu").is_in(known)).then(pl.col("gia_tri", "chua_ro"))
    )
    values = pl.concat([values, *_ratios(values, indicators)], how="diagonal")
    hashes = {code: one.definition_hash for code, one in indicators.items()}
    full = values.with_columns(
        pl.lit(ky).alias("ky"),
        pl.lit(ngay_chot).alias("ngay_chot"),
        pl.col("ma_chi_tieu").replace_strict(hashes, default="ty_le", return_dtype=pl.Utf8).alias("definition_hash"),
        pl.lit(input_hash).alias("input_hash"),
    )
    return cast_to_contract(full, _TABLE).sort("chinh_sach", *ALL_DIMENSIONS, "ma_chi_tieu", nulls_last=False)


def _lay_out(
    under_each: pl.DataFrame, indicators: Mapping[str, Indicator], unknown: Mapping[str, Indicator]
) -> pl.DataFrame:
    """One row per indicator, policy and grouping with its value and how many dossiers are unknown to it.

    Args:
        under_each: counted values with their policy, those of ``unknown`` among them.
        indicators: code → indicator.
        unknown: code → the count of what is unknown to it.

    Returns:
        ``ma_chi_tieu gia_tri chua_ro`` and ``_GROUP``: every whole-home row, and the breakdowns with a value or
        something unknown. ``chua_ro`` is null for an indicator to which nothing can be unknown.
    """
    whole = pl.all_horizontal(pl.col(name).is_null() for name in ALL_DIMENSIONS)
    policies = pl.DataFrame({"chinh_sach": list(load_policies())})
    totals = pl.DataFrame({"ma_chi_tieu": list(indicators)}).join(policies, how="cross")
    owner = {code: code for code in indicators} | {one.ma: code for code, one in unknown.items()}
    parts = under_each.filter(~whole & (pl.col("gia_tri") != 0)).select(
        pl.col("ma_chi_tieu").replace_strict(owner), *_GROUP
    )
    rows = pl.concat(
        [totals.with_columns(_null_dimension(name) for name in ALL_DIMENSIONS), parts.unique()], how="diagonal"
    )
    others = {
        "gia_tri": {code: code for code in indicators},
        "chua_ro": {code: one.ma for code, one in unknown.items()},
        "_ro": {code: indicators[code].co_so for code in unknown},
    }
    for name, code_of in others.items():
        rows = rows.with_columns(
            pl.col("ma_chi_tieu").replace_strict(code_of, default=None, return_dtype=pl.Utf8).alias("_ma")
        ).join(
            under_each.rename({"ma_chi_tieu": "_ma", "gia_tri": name}),
            on=["_ma", *_GROUP],
            how="left",
            nulls_equal=True,
        )
        rows = rows.with_columns(pl.when(pl.col("_ma").is_not_null()).then(pl.col(name).fill_null(0.0)).alias(name))
    nobody_knows = ((pl.col("chua_ro") > 0) & (pl.col("_ro") == 0)).fill_null(value=False)
    return rows.with_columns(pl.when(~nobody_knows).then("gia_tri").alias("gia_tri")).drop("_ma", "_ro")


def _null_dimension(name: str) -> pl.Expr:
    return pl.lit(None, pl.Int8 if name == "kenh" else pl.Utf8).alias(name)


def _ratios(values: pl.DataFrame, indicators: Mapping[str, Indicator]) -> Iterator[pl.DataFrame]:
    """Yield the ratio rows of the forms whose two terms are counted, at every grouping where the base is not 0."""
    for code, numerator, denominator in list_ratios():
        if numerator not in indicators or denominator not in indicators:
            continue
        below = values.filter(pl.col("ma_chi_tieu") == denominator).select(
            *_GROUP, "chua_ro", pl.col("gia_tri").alias("mau_so")
        )
        above = values.filter(pl.col("ma_chi_tieu") == numerator).select(
            *_GROUP,
            pl.col("gia_tri").alias("tu_so"),
            pl.col("chua_ro").alias("_chua_ro"),
            pl.lit(value=True).alias("_co"),
        )
        # a breakdown that is absent is 0, one that is there without a value is unknown
        pairs = below.join(above, on=list(_GROUP), how="left", nulls_equal=True).select(
            *_GROUP,
            "mau_so",
            pl.when(pl.col("mau_so").is_not_null()).then(pl.when("_co").then("tu_so").otherwise(0.0)).alias("tu_so"),
            pl.max_horizontal("chua_ro", "_chua_ro").alias("chua_ro"),
        )
        percents = [
            None if above_line is None or base is None else percent_value(int(above_line), int(base))
            for above_line, base in pairs.select("tu_so", "mau_so").iter_rows()
        ]
        shown = pl.Series("gia_tri", [None if one is None else float(one) for one in percents], pl.Float64)
        yield pairs.with_columns(shown, pl.lit(code).alias("ma_chi_tieu"))


def list_ratios() -> Iterator[tuple[str, str, str]]:
    """Every ratio row of the forms with its terms resolved to indicator codes where they are counted.

    Yields:
        Row id (``BM3.2.1``), numerator, denominator; a term that is declared stays a row number.
    """
    for form in load_forms().values():
        codes = {line.stt: line.ma_chi_tieu or line.stt for line in form.dong}
        for line in form.dong:
            if line.loai == "ratio" and line.tu_so and line.mau_so:
                yield (
                    row_id(form.bieu, line.stt),
                    codes.get(line.tu_so, line.tu_so),
                    codes.get(line.mau_so, line.mau_so),
                )


def list_definitions() -> pl.DataFrame:
    """Make ``out.dinh_nghia``: each indicator with the SQL that lists the rows behind it."""
    rows = [
        {
            "ma_chi_tieu": one.ma,
            "ten": one.ten,
            "don_vi_tinh": one.don_vi_tinh,
            "bang": one.bang,
            "agg": one.agg,
            "phep": one.phep,
            "cot": one.cot,
            "vi_tu": one.vi_tu,
            "lenh_dong": compile_rows(one),
            "definition_hash": one.definition_hash,
        }
        for one in load_indicators().values()
    ]
    return pl.DataFrame(rows, schema=polars_schema(find_table("out.dinh_nghia")), orient="row")
