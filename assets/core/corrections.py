"""Applying declared corrections to raw rows, before anything is parsed.

Belongs here: finding an entry's row, its guard, the findings. Does not belong here: what an entry says
(schemas/corrections).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from assets.core.parsing import clean_text_expr, code_expr, is_blank_expr
from assets.io.landing import Passport
from schemas.corrections import KEYS, Correction
from schemas.findings import Finding, make_finding

Delivery = tuple[Passport, pl.DataFrame]


@dataclass(frozen=True)
class Corrected:
    """Deliveries after the corrections, in the same order, and what is to be said about each correction."""

    deliveries: Sequence[Delivery]
    findings: list[Finding]


def correct_rows(deliveries: Iterable[Delivery], table: str, corrections: Iterable[Correction]) -> Corrected:
    """Apply the corrections of one raw table.

    The newest delivery of the source that holds the row decides whether the source still has the error. While it has,
    every row with the expected text is corrected, also in older deliveries; once it has not, none is.

    Args:
        deliveries: raw rows of the table with their passports, oldest extract first.
        table: the raw table.
        corrections: all corrections; those of other tables are left alone.

    Returns:
        The deliveries, and one finding per correction whose source delivered that table: applied (with the number of
        rows), no longer as expected, or row not found.
    """
    files = list(deliveries)
    wanted = [one for one in corrections if one.table == table]
    sources = {one.source for one in wanted}
    codes = {
        place: _join_code(frame[KEYS[table]])
        for place, (passport, frame) in enumerate(files)
        if passport.nguon in sources
    }
    findings: list[Finding] = []
    for one in wanted:
        mine = {place: codes[place] for place in codes if files[place][0].nguon == one.source}
        if mine:
            findings.append(_apply(files, mine, one))
    return Corrected(files, findings)


def _apply(files: list[Delivery], mine: dict[int, pl.Series], one: Correction) -> Finding:
    """Correct the rows of one entry in place, or leave them; returns what is to be said.

    Args:
        files: all deliveries; corrected ones are replaced.
        mine: place of each delivery of the entry's source → its rows' codes.
        one: the entry.
    """
    looked = {place: _look(files[place][1], codes, one) for place, codes in mine.items()}
    holding = [place for place in mine if looked[place]["la_dong"].any()]
    title = f"“{one.title}”"
    if not holding:
        return make_finding("DINH_CHINH_KHONG_THAY_DONG", nguon=one.source, ma_ho_so=one.key, cot=title)
    newest = holding[-1]
    passport, frame = files[newest]
    last = frame.filter(looked[newest]["la_dong"]).row(-1, named=True)
    where = {"ten_tep": passport.ten_tep, "file_sha256": passport.sha256, "sheet": last["_sheet"], "row": last["_row"]}
    if not looked[newest]["khop"].any():
        return make_finding("DINH_CHINH_HET_HIEU_LUC", nguon=one.source, ma_ho_so=one.key, cot=title, **where)
    for place in holding:
        files[place] = (files[place][0], _replace(files[place][1], looked[place]["khop"], one))
    count = sum(int(looked[place]["khop"].sum()) for place in holding)
    return make_finding(
        "DINH_CHINH_DA_AP_DUNG", nguon=one.source, ma_ho_so=one.key, cot=title, so_dong=count, ly_do=one.reason, **where
    )


def _look(frame: pl.DataFrame, codes: pl.Series, one: Correction) -> pl.DataFrame:
    """Per raw row: whether it is the entry's row (``la_dong``), and with the expected text (``khop``)."""
    is_row = (codes == _join_code(pl.Series([one.key]))[0]).fill_null(value=False)
    rows = is_row.arg_true()
    if one.column in frame.columns:
        cells = _read_text(frame[one.column].gather(rows))
    else:
        cells = pl.Series([""] * rows.len(), dtype=pl.Utf8)
    matching = rows.filter(cells == _read_text(pl.Series([one.expect]))[0])
    return pl.DataFrame(
        {"la_dong": is_row, "khop": pl.int_range(0, frame.height, eager=True).is_in(matching.implode())}
    )


def _join_code(codes: pl.Series) -> pl.Series:
    """Codes as core stores them, for finding a row."""
    return codes.cast(pl.Utf8).alias("o").to_frame().select(code_expr("o"))["o"]


def _read_text(cells: pl.Series) -> pl.Series:
    """Cells as core reads them: clean text, blank as ``""``."""
    clean = pl.when(is_blank_expr("o")).then(pl.lit("")).otherwise(clean_text_expr("o"))
    return cells.cast(pl.Utf8).alias("o").to_frame().select(clean.alias("o"))["o"]


def _replace(frame: pl.DataFrame, rows: pl.Series, one: Correction) -> pl.DataFrame:
    before = pl.col(one.column) if one.column in frame.columns else pl.lit(None, pl.Utf8)
    after = pl.lit(one.replace or None, pl.Utf8)
    return frame.with_columns(pl.when(rows).then(after).otherwise(before).alias(one.column))
