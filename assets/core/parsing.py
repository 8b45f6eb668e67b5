"""Reading text columns as dates, numbers and flags: Polars expressions, one contract per kind of column.

Belongs here: expressions over Utf8 columns exactly as a spreadsheet or JSON gave them. Does not belong here:
files, which column is what (schemas/sources), what a bad value means (findings are made by the caller).

Every parser follows one protocol: null in the result means *blank or unreadable*; ``is_blank_expr`` of the
same column tells the two apart (unreadable = not blank and result null). Nothing is guessed: an impossible
date, a day and month that only make sense swapped, a mixed number style all give null. The text laws are
those of schemas.rules.text, with the same tables. Sources of the contracts: domain rule "Numbers, dates,
text".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from assets.core.date_formats import DATE_FORMATS, parse_dates
from schemas.rules.text import (
    DOSSIER_CODE_DATE,
    INVISIBLE,
    LOOKALIKES,
    PLAIN_CODE,
    PROCEDURE_STEM,
    TONE_PLACEMENT,
    WHITESPACE,
    normalise_code,
)

__all__ = [
    "DATE_FORMATS",
    "clean_text_expr",
    "code_expr",
    "dossier_code_date_expr",
    "dossier_code_expr",
    "is_blank_expr",
    "matching_key_expr",
    "parse_count_expr",
    "parse_datetime_expr",
    "parse_decimal_expr",
    "parse_flag_expr",
    "parse_money_expr",
    "procedure_stem_expr",
    "thousands_separator_expr",
]

Column = str | pl.Expr

BLANK_WORDS = ("", "-", "–", "—", "null", "none", "n/a")
"""Texts, in lower case, that systems write for "no value"."""

_NO_DATE = r"^(?:0?1[/.-]0?1[/.-](?:0001|1900)|(?:0001|1900)-01-01)(?:[t ].*)?$"
"""The first day that .NET and SQL Server count from: how their programs print a date that is not there."""

TRUE_WORDS = ("có", "x", "✓", "✔", "☑", "true", "đúng", "yes", "y")
FALSE_WORDS = ("không", "☐", "false", "sai", "no", "n")

_CURRENCY = r"(?i)\s?(?:đồng|vnđ|vnd|đ|₫)\.?$"
# A group of three after '.' or ',' is a thousand; a first group of 0 is no thousand ("0.519" is a fraction).
_GROUPED = r"^[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)$"
_PLAIN = r"^[0-9]+$"
_FLOAT_CELL = r"^[0-9]+[.,]0{1,2}$"
_GROUPED_WITH_ZEROS = r"^[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,0{1,2}|(?:,[0-9]{3})+\.0{1,2})$"
_THOUSANDS = r"^[1-9][0-9]{0,2}([.,])[0-9]{3}(?:[.,]|$)"
_DECIMAL_VIETNAMESE = r"^-?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?$"
_DECIMAL_POINT = r"^-?(?:[0-9]+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+)$"


def clean_text_expr(column: Column) -> pl.Expr:
    """Vectorised ``schemas.rules.text.clean_text``.

    Args:
        column: a Utf8 column.

    Returns:
        Utf8, null stays null; a text of blanks becomes "".
    """
    return _per_distinct_value(column, _clean, pl.String())


def matching_key_expr(column: Column) -> pl.Expr:
    """Vectorised ``schemas.rules.text.matching_key``: for joining and comparing only.

    Args:
        column: a Utf8 column.

    Returns:
        Utf8, null stays null.
    """
    return _per_distinct_value(column, _key, pl.String())


def is_blank_expr(column: Column) -> pl.Expr:
    """Tell which values stand for "no value": null, white space, a dash, "null", "None", "N/A" (any case), 01/01/0001.

    Args:
        column: a Utf8 column.

    Returns:
        Boolean, never null.
    """
    return _per_distinct_value(column, _is_blank, pl.Boolean()).fill_null(value=True)


def parse_datetime_expr(column: Column, formats: Sequence[str] = DATE_FORMATS) -> pl.Expr:
    """Read dates and times as local time of Asia/Ho_Chi_Minh.

    Accepted (``date_formats.py``): ``dd/MM/yyyy``, ``dd-MM-yyyy``, ``dd.MM.yyyy`` with one- or two-digit day
    and month and an optional ``HH:mm[:ss]``; ISO dates and times with fraction, ``Z`` or an offset
    (converted to local time); ``yyyyMMddHHmmss``; ``yyyyMMdd``; epoch milliseconds (13 digits); Excel
    serials (20000–80000, whole seconds); ``yyyy/MM/dd[ HH:mm[:ss]]``; words for a month, a weekday or half a day
    (``spell_date``). Before a year that comes last, the day always comes before the month: 06/12 is never read as
    12 June. Impossible dates and years outside 1990–2100 are unreadable.

    Args:
        column: a Utf8 column.
        formats: the names of the accepted formats, a subset of ``DATE_FORMATS``.

    Returns:
        Datetime("us") without time zone; null where blank or unreadable.

    Raises:
        ValueError: a format name that does not exist.
    """
    unknown = [name for name in formats if name not in DATE_FORMATS]
    if unknown:
        raise ValueError(f"unknown date formats {unknown}; known: {', '.join(DATE_FORMATS)}")
    # One function per column, never per row: each format looks only at the rows the ones before left.
    return _as_expr(column).map_batches(
        partial(parse_dates, formats=tuple(formats), clean=_shorten_series),
        return_dtype=pl.Datetime("us"),
        is_elementwise=True,
    )


def parse_money_expr(column: Column) -> pl.Expr:
    """Read amounts in whole đồng.

    ``84605000``, ``84.605.000``, ``84,605,000`` (groups of three), an optional suffix đ/₫/đồng/VNĐ/VND, and
    what a decimal cell gives (``15000.0``, ``84.605.000,00``). Fractions, negative amounts and mixed styles
    are unreadable.

    Args:
        column: a Utf8 column.

    Returns:
        Int64, đồng; null where blank or unreadable.
    """
    return _per_distinct_value(column, lambda text: _parse_whole(_amount(text)), pl.Int64())


def parse_count_expr(column: Column) -> pl.Expr:
    """Read a count of things: both separators are thousands ("42,809" and "42.809" are 42809).

    Args:
        column: a Utf8 column.

    Returns:
        Int64 ≥ 0; null where blank or unreadable (fractions, signs, units in the cell).
    """
    return _per_distinct_value(column, lambda text: _parse_whole(_shorten(text)), pl.Int64())


def parse_decimal_expr(column: Column) -> pl.Expr:
    """Read a decimal in Vietnamese style: "," is the decimal sign, "." groups thousands ("1.234,5").

    A point is read as the decimal sign only where it can be nothing else: it does not make groups of three
    ("12.5", "0.519", as number cells give), or commas group before it ("1,234.5"). So "42,809" is 42.809 and
    "21.406" is 21406: a column of whole numbers must use ``parse_count_expr``.

    Args:
        column: a Utf8 column.

    Returns:
        Float64; null where blank or unreadable.
    """
    return _per_distinct_value(column, _parse_decimal, pl.Float64())


def thousands_separator_expr(column: Column) -> pl.Expr:
    """Return the sign that groups thousands, so that a mixed style in one column can be reported.

    Args:
        column: a Utf8 column of counts or money.

    Returns:
        "." or ","; null where the value has no group of three.
    """
    return _per_distinct_value(column, lambda text: _amount(text).str.extract(_THOUSANDS, 1), pl.String())


def parse_flag_expr(column: Column) -> pl.Expr:
    """Read a yes/no column.

    True: Có, x, ✓, Đúng, Yes, true, and whole numbers above 0 (a number of files). False: Không, Sai, No,
        false, 0, and
    blank. Case, white space and tone placement do not matter.

    Args:
        column: a Utf8 column.

    Returns:
        Boolean; null only where the word is unknown.
    """
    return _per_distinct_value(column, _parse_flag, pl.Boolean())


def code_expr(column: Column) -> pl.Expr:
    """Vectorised ``schemas.rules.text.normalise_code``: codes that are not plain already are taken one by one.

    Args:
        column: a Utf8 column.

    Returns:
        Utf8, null stays null.
    """

    def evaluate(codes: pl.Series) -> pl.Series:
        odd = (~codes.str.contains(PLAIN_CODE)).fill_null(value=False)
        if not odd.any():
            return codes
        made = [normalise_code(code) for code in codes.filter(odd)]
        return codes.scatter(odd.arg_true(), pl.Series(made, dtype=pl.String()))

    return _as_expr(column).map_batches(evaluate, return_dtype=pl.String(), is_elementwise=True)


def dossier_code_expr(column: Column) -> pl.Expr:
    """A dossier's code; every real one holds a digit, and a name or word under its title must not go on.

    Args:
        column: a Utf8 column.

    Returns:
        ``code_expr`` of a text with a digit, else null.
    """
    return pl.when(_as_expr(column).str.contains(r"\d")).then(code_expr(column))


def procedure_stem_expr(column: Column) -> pl.Expr:
    """Vectorised ``schemas.rules.text.procedure_stem``: the 8-character stem, null for another form."""
    return _as_expr(column).str.extract(f"(?s){PROCEDURE_STEM}", 1)


def dossier_code_date_expr(column: Column) -> pl.Expr:
    """Vectorised ``schemas.rules.text.dossier_code_date``: Date; null for an unusual code."""
    code = _as_expr(column).str.strip_chars()
    digits = pl.coalesce(code.str.extract(DOSSIER_CODE_DATE, 1), code.str.extract(DOSSIER_CODE_DATE, 2))
    return digits.str.replace(r"^([0-9]{6})$", "20${1}").str.to_date("%Y%m%d", strict=False)


def _as_expr(column: Column) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column


def _per_distinct_value(column: Column, build: Callable[[pl.Expr], pl.Expr], dtype: pl.DataType) -> pl.Expr:
    """Evaluate an expression once per distinct value: columns of names, states and fees repeat a few values.

    Measured on 1M rows of one procedure name: normalising each row takes 30 times as long.
    """

    def evaluate(texts: pl.Series) -> pl.Series:
        distinct = texts.unique()
        if len(distinct) * 2 >= len(texts):
            return texts.to_frame("t").select(build(pl.col("t"))).to_series().alias(texts.name)
        values = distinct.to_frame("t").select(build(pl.col("t"))).to_series()
        return texts.replace_strict(distinct, values, return_dtype=dtype)

    return _as_expr(column).map_batches(evaluate, return_dtype=dtype, is_elementwise=True)


def _shorten(text: pl.Expr) -> pl.Expr:
    """Clean without the costly normalisation: enough for ASCII contents."""
    return text.str.replace_all(INVISIBLE, "").str.replace_all(WHITESPACE, " ").str.strip_chars(" ")


def _clean(text: pl.Expr) -> pl.Expr:
    return _shorten(text).str.replace_many(LOOKALIKES).str.normalize("NFC")


def _key(text: pl.Expr) -> pl.Expr:
    return _clean(text).str.to_lowercase().str.normalize("NFC").str.replace_many(TONE_PLACEMENT)


def _is_blank(text: pl.Expr) -> pl.Expr:
    written = _shorten(text).str.to_lowercase()
    return (written.is_in(list(BLANK_WORDS)) | written.str.contains(_NO_DATE)).fill_null(value=True)


def _amount(text: pl.Expr) -> pl.Expr:
    return _clean(text).str.replace(_CURRENCY, "")


def _parse_whole(text: pl.Expr) -> pl.Expr:
    decimals_cut = (
        pl.when(text.str.contains(_FLOAT_CELL) | text.str.contains(_GROUPED_WITH_ZEROS))
        .then(text.str.replace(r"[.,]0{1,2}$", ""))
        .otherwise(text)
    )
    digits = decimals_cut.str.replace_all(r"[.,]", "")
    readable = decimals_cut.str.contains(_PLAIN) | decimals_cut.str.contains(_GROUPED)
    return pl.when(readable).then(digits).cast(pl.Int64, strict=False)


def _parse_decimal(column: pl.Expr) -> pl.Expr:
    text = _shorten(column)
    vietnamese = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    pointed = text.str.replace_all(",", "", literal=True)
    return (
        pl.when(text.str.contains(_DECIMAL_VIETNAMESE))
        .then(vietnamese)
        .when(text.str.contains(_DECIMAL_POINT))
        .then(pointed)
        .cast(pl.Float64, strict=False)
    )


def _parse_flag(text: pl.Expr) -> pl.Expr:
    key = _key(text)
    true = key.is_in(list(TRUE_WORDS)) | key.str.contains(r"^0*[1-9][0-9]*(?:\.0+)?$")
    false = key.is_in(list(FALSE_WORDS)) | key.str.contains(r"^0+(?:\.0+)?$") | _is_blank(text)
    return pl.when(true | false).then(true.fill_null(value=False))


def _shorten_series(texts: pl.Series) -> pl.Series:
    return texts.to_frame("t").select(_shorten(pl.col("t"))).to_series()
