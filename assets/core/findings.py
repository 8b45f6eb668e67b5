"""Turns offending rows into rows of core.phat_hien, vectorised: a frame in, a frame of findings out.

Belongs here: filling a catalogue message from columns. Does not belong here: deciding which rows offend (each table's
module) or what the messages say (schemas/findings.toml).
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

import polars as pl

from schemas.export import empty_frame, polars_schema
from schemas.fields import load_meanings
from schemas.findings import Finding, load_catalogue, make_finding
from schemas.registry import find_table
from schemas.rules.display import format_integer

_TABLE = find_table("core.phat_hien")
_QUOTABLE = r"^[\d\s/:.,\-+TZ%]{1,40}$"
_LIKE_A_PERSONS_NUMBER = r"\d(?:[ .\-]?\d){8}"  # nine digits and more: a phone or identity number under a wrong title
_ISO_DAY = r"^\d{4}-\d{2}-\d{2}\b"

OWN_CODE = "ma_trong_he_thong"
"""What a linked dossier is called in the row's own system: the code that its sender can look up."""

UNITS = ("don_vi_xu_ly", "don_vi_tiep_nhan")
"""Whose row it is: the handling unit, else the receiving one."""

_FEW_ROWS = 10
"""So many findings of one kind a file's sender can still go through one by one."""

_EXAMPLES = 3

PLACE = ("_nguon", "_ten_tep", "_file_sha256", "_sheet", "_row")
"""Columns that say where a row stands; every frame of raw or core rows carries them while it is cleaned."""


def quote_safely_expr(column: str) -> pl.Expr:
    """A cell's text for a message, or a note that it may be a person's data (Luật 91/2025/QH15).

    A shifted row puts names and numbers under any header: what has letters, or as many digits in a row as a phone or
    identity number, is not printed.
    """
    value = pl.col(column)
    digits = value.str.contains(_LIKE_A_PERSONS_NUMBER) & ~value.str.contains(_ISO_DAY)
    return (
        pl.when(value.str.contains(_QUOTABLE) & ~digits)
        .then(pl.concat_str(pl.lit("“"), value, pl.lit("”")))
        .otherwise(pl.lit("(không in lại, có thể là dữ liệu cá nhân)"))
    )


def locate_cell_expr(field: str) -> pl.Expr:
    """Say where a field of a hand-filled row stands: "ô G12"; "dòng 12, cột số liệu" where nobody kept the columns."""
    letters, row = pl.col("_cot").str.extract(f";{field}=([A-Z]+);", 1), pl.col("_row").cast(pl.Utf8)
    without = pl.concat_str(pl.lit("dòng "), row, pl.lit(f", cột {load_meanings()[field].title.lower()}"))
    return pl.coalesce(pl.concat_str(pl.lit("ô "), letters, row), without)


def find_rows(
    rows: pl.DataFrame,
    code: str,
    *,
    key: str | None = "ma_ho_so",
    cot: str | None = None,
    **values: str | pl.Expr,
) -> pl.DataFrame:
    """Make one finding per row.

    Args:
        rows: offending rows, with the ``PLACE`` columns.
        code: a code of findings.toml.
        key: column that holds the dossier's (procedure's, petition's) code; None if it has none.
        cot: column the finding points at (a name of fields.csv); its title is printed.
        **values: further fields of the message: one text for all rows, or an expression per row.

    Returns:
        Rows of ``core.phat_hien``.

    Raises:
        KeyError: unknown code, or a field of the message that nothing fills.
    """
    if rows.is_empty():
        return empty_frame(_TABLE)
    kind = load_catalogue()[code]
    title = load_meanings()[cot].title.lower() if cot else ""
    fields: dict[str, pl.Expr] = {
        "sheet": pl.col("_sheet"),
        "row": pl.col("_row").cast(pl.Utf8),
        "ten_tep": pl.col("_ten_tep"),
        "nguon": pl.col("_nguon"),
        "ma_ho_so": pl.col(_name_code(rows, key)).fill_null("(không có mã)") if key else pl.lit(""),
        "cot": pl.lit(title),
        **{name: pl.lit(value) if isinstance(value, str) else value for name, value in values.items()},
    }
    units = [name for name in UNITS if name in rows.columns]
    return rows.select(
        pl.lit(code).alias("ma"),
        pl.lit(kind.muc_do).alias("muc_do"),
        pl.lit(kind.cap).alias("cap"),
        pl.col("_nguon").alias("nguon"),
        pl.col("_ten_tep").alias("ten_tep"),
        pl.col("_file_sha256"),
        pl.col("_sheet"),
        pl.col("_row"),
        (pl.col(key) if key else pl.lit(None, pl.Utf8)).alias("ma_ho_so"),
        pl.lit(title or None, pl.Utf8).alias("cot"),
        _fill(kind.cau, fields).alias("dien_giai"),
        _fill(kind.cach_sua, fields).alias("cach_sua"),
        (pl.coalesce(units) if units else pl.lit(None, pl.Utf8)).alias("don_vi"),
    )


def find_rows_or_files(rows: pl.DataFrame, code: str, many: str, *, cot: str) -> list[pl.DataFrame]:
    """Make one finding per row, or one per file where more than a few rows of it offend in the same way.

    A whole system may write what another one does not: thousands of equal findings would bury the others.

    Args:
        rows: offending rows, with the ``PLACE`` columns and ``ma_ho_so``.
        code: a code of findings.toml, of a row.
        many: a code of findings.toml, of a file; its message may use ``so`` and ``vi_du``.
        cot: column that the findings point at.
    """
    own = pl.col(_name_code(rows, "ma_ho_so")).sort_by("_sheet", "_row").head(_EXAMPLES)
    files = rows.group_by("_nguon", "_ten_tep", "_file_sha256").agg(pl.len(), own.alias("_vi_du"))
    files = files.filter(pl.col("len") > _FEW_ROWS)
    title = load_meanings()[cot].title.lower()
    told = (
        make_finding(
            many,
            nguon=source,
            ten_tep=name,
            file_sha256=sha,
            cot=title,
            so=format_integer(count),
            vi_du=", ".join(examples),
        )
        for source, name, sha, count, examples in files.iter_rows()
    )
    few = rows.filter(~pl.col("_file_sha256").is_in(files["_file_sha256"].implode()))
    return [find_rows(few, code, cot=cot), frame_findings(told)]


def _name_code(rows: pl.DataFrame, key: str) -> str:
    return OWN_CODE if key == "ma_ho_so" and OWN_CODE in rows.columns else key


def _fill(template: str, fields: Mapping[str, pl.Expr]) -> pl.Expr:
    """A message template as an expression over the rows."""
    parts: list[pl.Expr] = [pl.lit("")]
    for text, name, _, _ in string.Formatter().parse(template):
        parts.append(pl.lit(text))
        if name is not None:
            parts.append(fields[name])
    return pl.concat_str(parts)


def keep_known_units(findings: pl.DataFrame, dossiers: pl.DataFrame) -> pl.DataFrame:
    """Blank the unit of a finding where no accepted dossier names that unit.

    The unit of a rejected row is as uncertain as its other cells: a shifted row holds a person's name there.

    Args:
        findings: rows of ``core.phat_hien``.
        dossiers: ``core.ho_so``.
    """
    known = pl.concat([dossiers[name].drop_nulls() for name in UNITS]).unique()
    return findings.with_columns(pl.when(pl.col("don_vi").is_in(known.implode())).then("don_vi").alias("don_vi"))


def frame_findings(findings: Iterable[Finding]) -> pl.DataFrame:
    """Rows of ``core.phat_hien`` from single findings (files, home)."""
    rows = [
        {
            "ma": one.ma,
            "muc_do": one.muc_do,
            "cap": one.cap,
            "nguon": one.nguon,
            "ten_tep": one.ten_tep,
            "_file_sha256": one.file_sha256,
            "_sheet": one.sheet,
            "_row": one.row,
            "ma_ho_so": one.ma_ho_so,
            "cot": one.cot,
            "dien_giai": one.dien_giai,
            "cach_sua": one.cach_sua,
        }
        for one in findings
    ]
    return pl.DataFrame(rows, schema=polars_schema(_TABLE), orient="row")


def gather(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All findings in one frame, in an order that does not depend on how files were read."""
    frames = [part for part in parts if not part.is_empty()]
    if not frames:
        return empty_frame(_TABLE)
    order = ["nguon", "ten_tep", "_file_sha256", "_sheet", "_row", "ma", "cot"]
    return pl.concat(frames).sort(order, nulls_last=False)
