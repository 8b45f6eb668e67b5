"""Noticing a table whose values are shifted against its titles ("12 headers over 11 cells").

Belongs here: comparing what stands under a title with what should. Does not belong here: single bad values
(assets/core makes findings of them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import polars as pl

from assets.io.workbook import Grid
from assets.raw.header import Column, Header
from schemas.rules.text import DOSSIER_CODE_DATE
from schemas.sources import Kind, TableSpec, load_common, normalise_title

_SAMPLE = 200
_MAJORITY = 0.5
_MIN_VALUES = 1
_MIN_ROWS = 3
# dd/mm/yyyy and the like with any time, ISO, yyyyMMdd[HHmmss], epoch ms, an Excel serial of this century.
_DATE = re.compile(
    r"^(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    r"|\d{1,2}:\d{2}(?::\d{2})?[ ,]+\d{1,2}/\d{1,2}/\d{4})(?:\D.*)?$"
    r"|^20\d{6}(?:\d{4}|\d{6})?$|^1[3-9]\d{11}$|^[34]\d{4}(?:\.\d+)?$",
    re.DOTALL,
)
_NOTHING = re.compile(r"-+|null|none|n/a|chưa.*|không.*|0", re.IGNORECASE | re.DOTALL)
# A dossier's or procedure's code as against a mere number (phone, amount): groups parted by hyphens, or 1.234567.
_CODE_SHAPE = re.compile(r"^(?:[A-Za-zĐđ0-9.]+(?:-[A-Za-z0-9.]+)+|\d\.\d{6}\S*)$")
_HAS_DIGIT = re.compile(r"\d")
_REACH = 2
# Signs of a single shifted row, for Polars over whole columns.
_PLAIN_DATE = r"^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
_WORDS = r"^\P{N}*\pL\P{N}*$"
_NO_VALUE = r"(?i)^\s*(?:null|none|n/a|chưa|không)"
_PHONE = r"^\s*(?:\+?84|0)\d{8,10}(?:\.0)?\s*$"
MASKED = "(không giữ lại)"
_NAME = r"^\s*\p{Lu}\pL*(?:\s+\p{Lu}\pL*){1,5}\s*$"
# Words behind a code in its cell, for Polars: behind one of a known form, or without any digit on a line of their own
# or in brackets.
_KNOWN_CODE_AND_WORDS = rf"(?is)^\s*['’\"]?(?P<code>{DOSSIER_CODE_DATE.strip('^$')})(?:\s*\(|\s+\pL).*$"
_CODE_AND_WORDS = r"(?s)^\s*(?P<code>\S*\d\S*)\s*[\r\n(]\P{N}*\pL\pL\P{N}*$"
_DATE_TITLE = re.compile(r"ngày|năm|thời (?:gian|điểm|hạn)|hạn|date|time")


@dataclass(frozen=True)
class _Profile:
    """Shares of a column's filled cells: dates, shaped codes, cells with a digit."""

    filled: int
    dates: float
    codes: float
    digits: float

    @property
    def is_dates(self) -> bool:
        return self.filled >= _MIN_VALUES and self.dates > _MAJORITY

    @property
    def is_codes(self) -> bool:
        return self.filled >= _MIN_VALUES and self.codes > _MAJORITY and not self.is_dates


def find_shift(data: pl.DataFrame, header: Header, table: TableSpec) -> str | None:
    """Look for values that stand under the wrong titles.

    Dates under a title of words, a code or a person; under a code's title mostly cells without any digit; mostly no
    dates (or codes) under their title while a neighbour of another kind is full of them.

    Args:
        data: the data rows of a sheet.
        header: its header.
        table: the table's specification (``kinds``).

    Returns:
        What does not fit, in Vietnamese and without any value; None where all fits.
    """
    if not table.kinds:
        return None
    profiles = _profile(data, header)
    kinds = {c.index: table.kinds.get(c.field or "") for c in header.columns}
    for column in header.columns:
        kind, profile = kinds[column.index], profiles[column.index]
        title = f"“{column.title}”"
        if profile.is_dates and (kind in ("chu", "ma") or _speaks_of_a_person(column)):
            return f"dưới {title} là ngày tháng"
        if kind == "ma" and profile.filled >= _MIN_ROWS and profile.digits < _MAJORITY:
            return f"dưới {title} không phải là mã"
        misplaced = _misplaced(column, kind, profiles, header, kinds)
        if misplaced:
            return f"dưới {title} không phải là {misplaced[0]}, {misplaced[0]} lại nằm dưới “{misplaced[1].title}”"
    return None


def find_shifted_row(data: pl.DataFrame, header: Header, table: TableSpec) -> int | None:
    """Look for single rows with a cell too many: an address with the delimiter in it, say, in a text file.

    A name under the date beside a person's column; or words or a phone number under any date together with a date among
    the words, words among the amounts or a cell beyond the titles. The row's other dates would be one column off.

    Args:
        data: the data rows of a sheet.
        header: its header.
        table: the table's specification (``kinds``).

    Returns:
        Position of the first such row in ``data``, or None.
    """
    of_kind: dict[Kind | None, list[pl.Expr]] = {}
    for column in header.columns:
        of_kind.setdefault(table.kinds.get(column.field or ""), []).append(pl.col(f"c{column.index}"))
    dates = of_kind.get("ngay", [])
    beyond = data.columns[header.columns[-1].index + 1 :]
    spoken = [c.str.contains(_WORDS) & ~c.str.contains(_NO_VALUE) for c in dates]
    phones = [c.str.contains(_PHONE) for c in dates]
    others = [
        *(c.str.contains(_PLAIN_DATE) for kind in ("chu", "ma") for c in of_kind.get(kind, [])),
        *(c.str.contains(_WORDS) & ~c.str.contains(_NO_VALUE) for c in of_kind.get("tien", [])),
        *(pl.col(name).str.strip_chars() != "" for name in beyond),
    ]
    people = {column.index for column in header.columns if _speaks_of_a_person(column)}
    beside = [c for c in header.columns if table.kinds.get(c.field or "") == "ngay" and c.index - 1 in people]
    named = [pl.col(f"c{c.index}").str.contains(_NAME) & ~pl.col(f"c{c.index}").str.contains(_NO_VALUE) for c in beside]
    shifted = _any(named) | (_any([*spoken, *phones]) & _any(others))
    return next(iter(data.select(shifted).to_series().arg_true()), None)


def mask_person(cell: pl.Expr) -> pl.Expr:
    """A cell of a date's column without what could be a person's name or phone number; the row stays and is told.

    One such cell is no shift, and refusing a whole list for it would cost the office its report; but what stands under
    a kept title would reach the store (Luật 91/2025/QH15).
    """
    personal = (cell.str.contains(_NAME) & ~cell.str.contains(_NO_VALUE)) | cell.str.contains(_PHONE)
    return pl.when(personal.fill_null(value=False)).then(pl.lit(MASKED)).otherwise(cell)


def cut_code(cell: pl.Expr) -> pl.Expr:
    """A cell of a code's column without the words behind the code: a name on the cell's second line, "(Trực tuyến)".

    They would go into the store with the code, and keep it from meeting itself in another system. A code that is
    wrapped in its cell goes on with digits, and stays whole.
    """
    return cell.str.replace(_KNOWN_CODE_AND_WORDS, "${code}").str.replace(_CODE_AND_WORDS, "${code}")


def _any(signs: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *(sign.fill_null(value=False) for sign in signs))


def continues(grid: Grid, header: Header, table: TableSpec) -> bool:
    """Tell a sheet that goes on with another sheet's list without a header of its own: dates and codes in place.

    Args:
        grid: a sheet in which no header was found.
        header: the header of another sheet; the key of the table has a column.
        table: the table's specification.
    """
    width = grid.cells.width
    columns = tuple(column for column in header.columns if column.index < width)
    profiles = _profile(grid.cells, replace(header, columns=columns))
    keys = [profiles[c.index] for c in columns if c.field == table.key]
    dates = [profiles[c.index] for c in columns if table.kinds.get(c.field or "") == "ngay"]
    return any(one.is_codes for one in keys) and any(one.is_dates for one in dates)


def _misplaced(
    column: Column,
    kind: Kind | None,
    profiles: dict[int, _Profile],
    header: Header,
    kinds: dict[int, Kind | None],
) -> tuple[str, Column] | None:
    """Find the neighbour that holds what is missing under a title."""
    profile = profiles[column.index]
    if profile.filled < _MIN_VALUES:
        return None
    wanted = "ngày tháng" if kind == "ngay" and not profile.is_dates else ""
    wanted = "mã" if kind == "ma" and profile.digits < _MAJORITY else wanted
    if not wanted:
        return None
    for other in header.columns:
        if not 0 < abs(other.index - column.index) <= _REACH or kinds[other.index] == kind:
            continue
        found = profiles[other.index]
        if found.is_codes if wanted == "mã" else (found.is_dates and not _DATE_TITLE.search(other.title.casefold())):
            return wanted, other
    return None


def _speaks_of_a_person(column: Column) -> bool:
    title = normalise_title(column.title)
    return bool(load_common().personal_pattern.search(title)) and not _DATE_TITLE.search(title)


def _profile(data: pl.DataFrame, header: Header) -> dict[int, _Profile]:
    """Describe each titled column by a sample of the rows (in Python: compiling the patterns costs Polars more)."""
    sample = data.gather_every(max(1, data.height // _SAMPLE))
    profiles = {}
    for column in header.columns:
        texts = [text for cell in sample[f"c{column.index}"] if (text := (cell or "").strip())]
        filled = [text for text in texts if not _NOTHING.fullmatch(text)]
        shares = [
            sum(1 for text in filled if pattern.search(text)) / max(len(filled), 1)
            for pattern in (_DATE, _CODE_SHAPE, _HAS_DIGIT)
        ]
        profiles[column.index] = _Profile(len(filled), *shares)
    return profiles
