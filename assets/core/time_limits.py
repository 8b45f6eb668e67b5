"""Time limits of procedures and dossiers as two columns: working days and calendar days.

Belongs here: reading the delivered text once per distinct value. Does not belong here: how a text is read
(schemas/rules/time_limit), due dates (due_dates).
"""

from __future__ import annotations

import polars as pl

from schemas.codes import load_words
from schemas.rules.time_limit import CALENDAR_DAY, WORKING_DAY, read_time_limit

RAW = ("thoi_han", "thoi_han_don_vi")
"""Raw columns: the limit as delivered, and its unit where that is a column of its own."""

COLUMNS = {WORKING_DAY: "thoi_han_giai_quyet", CALENDAR_DAY: "thoi_han_ngay"}
"""Unit → the core column in that unit; hours and months have none and stay unknown."""


def add_time_limits(rows: pl.DataFrame) -> pl.DataFrame:
    """Read ``thoi_han`` and ``thoi_han_don_vi``.

    Args:
        rows: rows with ``_nguon`` and the ``RAW`` columns as clean text.

    Returns:
        The rows in their order with ``thoi_han_giai_quyet`` (working days), ``thoi_han_ngay`` (calendar days; both
        Int32, at most one of them filled) and ``_thoi_han_bo``: something is written, but no due date follows from it.
    """
    texts = rows.select("_nguon", *RAW).unique().drop_nulls("thoi_han")
    read = []
    for source, text, unit in texts.iter_rows():
        units = {word: code.ma for word, code in load_words("don_vi_thoi_han", source).items()}
        read.append(read_time_limit(text, unit, units))
    table = texts.with_columns(
        pl.Series(name, [one.so if one and one.don_vi == unit else None for one in read], pl.Int32)
        for unit, name in COLUMNS.items()
    )
    joined = rows.join(table, on=["_nguon", *RAW], how="left", nulls_equal=True, maintain_order="left")
    unused = pl.all_horizontal(pl.col(name).is_null() for name in COLUMNS.values())
    return joined.with_columns((pl.col("thoi_han").is_not_null() & unused).alias("_thoi_han_bo"))
