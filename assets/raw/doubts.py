"""What makes the values of a sheet untrustworthy although its header is sound: such a sheet is refused, not guessed at.

Belongs here: judging whole columns at raw's gate. Does not belong here: noticing shifted values (shift), single bad
values, which become findings of their rows (assets/core).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from assets.core.findings import quote_safely_expr
from assets.core.parsing import is_blank_expr, parse_datetime_expr
from assets.raw.header import Column
from assets.raw.match import Match, quote
from assets.raw.shift import find_shift, find_shifted_row
from schemas.sources import normalise_title

_SLASHED = r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}"
_SLASHED_PART = r"^\s*(\d{1,2}[/.-]\d{1,2}[/.-])"
_PADDED = r"(?:^|[/.-])0\d"
_BARE = r"(?:^|[/.-])\d[/.-]"
_SCIENTIFIC = r"^\s*\d(?:[.,]\d+)?[Ee]\+?\d+\s*$"
_DATE_CELL = r"^\s*\d{4}-\d{2}-(\d{2})"
_DIGIT = r"\d"  # "5 ngày làm việc" under a date's title has one, "chưa có" has none
_DECISIVE_DAYS = ("ngay_hen_tra",)
"""Besides the required ones: a due day that cannot be read makes its dossier late (domain.md §2)."""
_SAMPLE = 20_000  # rows: what is wrong with all dates of a list shows in these
_MONTHS = 12
_MIN_IMPOSSIBLE = 2
"""Dates that cannot be day first, from which a sheet is doubted: one alone is a slip of a person."""
_MIN_SHARE = 0.2
"""The share of a sheet's dates that they must be as well."""
_MIN_MIXED = 3
"""Dates of each of two ways of writing, below which the two are chance."""


@dataclass(frozen=True)
class Doubt:
    """Why a sheet is refused.

    Attributes:
        ma: code of the finding.
        row: row as the clerk sees it.
        values: further fields of its message.
    """

    ma: str
    row: int
    values: Mapping[str, object] = field(default_factory=dict)


def find_doubt(match: Match, data: pl.DataFrame, positions: pl.Series) -> Doubt | None:
    """Find what makes a sheet's columns untrustworthy; None where all fits.

    A title over several columns with titles of their own, shifted values, formulas that nobody computed, codes
    in scientific notation, days and months in each other's place, a column of dates of which none can be read, one
    field in two differing columns.

    Args:
        match: the sheet and its header.
        data: its data rows.
        positions: their places in the sheet's frame.
    """
    divided = _find_divided_title(match, positions)
    if divided is not None:
        return divided
    shift = find_shift(data, match.header, match.table)
    if shift is not None:
        return Doubt("LECH_COT", match.header_row, {"mo_ta": shift})
    odd = find_shifted_row(data, match.header, match.table)
    if odd is not None:
        row = int(positions[odd]) + match.grid.first_row
        return Doubt("LECH_COT", row, {"mo_ta": f"dòng {row} có ô nằm sai cột"})
    return (
        _find_uncomputed(match, positions)
        or _find_scientific(match, data)
        or _find_swapped_days(match, data)
        or _find_unreadable_days(match, data)
        or _find_rivals(match, data)
    )


def _find_divided_title(match: Match, positions: pl.Series) -> Doubt | None:
    """A known title over columns that the row below tells apart ("Cấp thực hiện": Tỉnh, Huyện, Xã) is none of them."""
    cells, header = match.grid.cells, match.header
    if header.last + 1 >= cells.height or header.last + 1 in positions:
        return None
    below = [(text or "").strip() for text in cells.row(header.last + 1)]
    if any(letter.isdigit() for text in below for letter in text):
        return None  # a row of values, or of column numbers
    titles = {column.index: column.title for column in header.columns}
    for columns in header.fields.values():
        first = columns[0].index
        group = [first]
        while group[-1] + 1 < len(below) and titles.get(group[-1] + 1) in (None, titles[first]):
            group.append(group[-1] + 1)
        labels = list(dict.fromkeys(below[index] for index in group if below[index]))
        declared = normalise_title(f"{titles[first]} > {below[first]}") in match.table.aliases
        if below[first] and len(labels) > 1 and not declared:
            values = {"tieu_de": titles[first], "cac_cot": quote(labels)}
            return Doubt("TIEU_DE_CHIA_COT", match.header_row, values)
    return None


def _find_uncomputed(match: Match, positions: pl.Series) -> Doubt | None:
    """A program that writes formulas without computing them leaves cells that look empty."""
    if match.table.addressed or not match.grid.uncomputed:
        return None
    rows = set(positions.to_list())
    titles = {column.index: column.title for columns in match.header.fields.values() for column in columns}
    found = sorted((y, x) for y, x in match.grid.uncomputed if y in rows and x in titles)
    if not found:
        return None
    named = quote(dict.fromkeys(titles[x] for _, x in found))
    first = found[0][0] + match.grid.first_row
    return Doubt("CONG_THUC_CHUA_TINH", first, {"so_o": len(found), "cac_cot": named})


def _find_swapped_days(match: Match, data: pl.DataFrame) -> Doubt | None:
    """Dates written month first, or half of them turned round by a spreadsheet program of another country.

    06/12 is always read as 6 December; where no date of a sheet can be day first, that is wrong for all of them. A
    program that takes dd/MM for MM/dd turns days up to 12 into date cells and leaves the others as text.
    """
    columns = [c for name, cs in match.header.fields.items() if match.table.kinds.get(name) == "ngay" for c in cs]
    if not columns:
        return None
    sample = data.gather_every(max(1, data.height // _SAMPLE))
    texts = pl.concat([sample[f"c{column.index}"].drop_nulls().alias("o") for column in columns])
    slashed = texts.to_frame().select(
        pl.col("o").str.extract(_SLASHED, 1).cast(pl.Int16).alias("first"),
        pl.col("o").str.extract(_SLASHED, 2).cast(pl.Int16).alias("second"),
    )
    slashed = slashed.drop_nulls()
    first, second = slashed["first"], slashed["second"]
    day_first, month_first = int((first > _MONTHS).sum()), int((second > _MONTHS).sum())
    if not day_first and month_first >= max(_MIN_IMPOSSIBLE, _MIN_SHARE * slashed.height):
        what = f"{month_first} ngày chỉ đọc được khi tháng đứng trước"
        return Doubt("NGAY_THANG_DAO", match.header_row, {"mo_ta": what})
    if swapped := _find_swapped_texts(texts.filter(texts.str.contains(_SLASHED)), first > _MONTHS):
        return Doubt("NGAY_THANG_DAO", match.header_row, {"mo_ta": swapped})
    days = texts.str.extract(_DATE_CELL, 1).drop_nulls().cast(pl.Int16)
    if min(slashed.height, days.len()) >= _MIN_MIXED and day_first == slashed.height and not (days > _MONTHS).any():
        what = f"{slashed.height} ngày là chữ đều sau ngày 12, {days.len()} ô kiểu ngày đều không sau ngày 12"
        return Doubt("NGAY_THANG_DAO", match.header_row, {"mo_ta": what})
    return None


def _find_swapped_texts(texts: pl.Series, certain: pl.Series) -> str:
    """What a spreadsheet program of another country leaves in a CSV: 06/01 became 1/6 or 6/1, 15/06 stayed as it was.

    Dates that can only be day first are all written with zeros, the others all without.
    """
    written = texts.str.extract(_SLASHED_PART, 1)
    padded, bare = written.str.contains(_PADDED), written.str.contains(_BARE)
    sure, unsure = int(certain.sum()), int((~certain).sum())
    if min(sure, unsure) < _MIN_MIXED or (bare & certain).any() or (padded & ~certain).any():
        return ""
    if not (padded & certain).any() or not (bare & ~certain).any():
        return ""
    return f"{sure} ngày sau ngày 12 viết có số 0, {unsure} ngày còn lại viết không có số 0"


def _find_unreadable_days(match: Match, data: pl.DataFrame) -> Doubt | None:
    """A column of dates written in a way that nobody reads ("31/12/25"): every dossier would be rejected, or late.

    Words ("chưa có") are no dates written in another way; a few slips are findings of their rows, and so are the dates
    of other columns.
    """
    sample = data.gather_every(max(1, data.height // _SAMPLE))
    for name, columns in match.header.fields.items():
        decides = name in match.table.required or name in _DECISIVE_DAYS
        for column in columns if decides and match.table.kinds.get(name) == "ngay" else []:
            written = sample.select(read_cell(column).alias("o")).filter(
                ~is_blank_expr("o") & pl.col("o").str.contains(_DIGIT)
            )
            few = max(_MIN_MIXED, _MIN_SHARE * sample.height)
            if written.height < few or written.select(parse_datetime_expr("o").is_not_null().any()).item():
                continue
            example = written.head(1).select(quote_safely_expr("o")).item()
            values = {"cot": column.title, "so_o": written.height, "vi_du": example}
            return Doubt("NGAY_CA_COT_KHONG_DOC_DUOC", match.header_row, values)
    return None


def _find_scientific(match: Match, data: pl.DataFrame) -> Doubt | None:
    """Codes of digits only that a spreadsheet program turned into 2,60601E+11: different dossiers look alike."""
    for column in match.header.fields[match.table.key]:
        count = int(data[f"c{column.index}"].str.contains(_SCIENTIFIC).sum())
        if count:
            return Doubt("MA_BI_DOI_DANG", match.header_row, {"so_o": count, "cot": column.title})
    return None


def _find_rivals(match: Match, data: pl.DataFrame) -> Doubt | None:
    """One field in two columns that differ."""
    for name, columns in match.header.fields.items():
        if _differ(data, columns, days=match.table.kinds.get(name) == "ngay"):
            titles = quote([column.title for column in columns])
            return Doubt("COT_TRUNG", match.header_row, {"cac_cot": titles, "cot": match.table.title(name)})
    return None


def _differ(data: pl.DataFrame, columns: list[Column], *, days: bool) -> bool:
    """Whether columns for one field hold different values in some row; blanks do not differ, nor two times of a day."""
    if len(columns) < 2:
        return False
    read = _read_day if days else read_cell
    return any(data.select((read(columns[0]) != read(other)).any()).item() for other in columns[1:])


def _read_day(column: Column) -> pl.Expr:
    """The day of a date, all that is ever compared of it (domain.md §3); what is no date as it stands."""
    return pl.coalesce(parse_datetime_expr(read_cell(column)).dt.date().cast(pl.Utf8), read_cell(column))


def read_cell(column: Column, *, keep_blanks_around: bool = False) -> pl.Expr:
    """Read a column; cells of blanks only are null."""
    text = pl.col(f"c{column.index}")
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(text if keep_blanks_around else bare)
