"""What all readers of delivered files share: the text grid, the refusal, limits.

Belongs here: value objects and helpers of the readers. Does not belong here: any file format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from schemas.findings import Finding, make_finding
from schemas.rules.display import format_integer

# (first row, first column, last row, last column), 0-based, inclusive, in the frame's own rows and columns.
MergedRange = tuple[int, int, int, int]

MAX_FILE_BYTES = 512 * 1024**2
MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_CELLS = 60_000_000


class UnreadableFile(Exception):
    """A file that yields no grid.

    Attributes:
        finding: what is wrong with it and what to do, in Vietnamese, naming the file.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.dien_giai)
        self.finding = finding


@dataclass(frozen=True)
class Grid:
    """One sheet as text.

    Attributes:
        sheet: the sheet's name as the clerk sees it (a text file has one sheet, named after its kind).
        cells: all text, columns ``c0``..``cn``; empty cells are null. Leading empty rows are kept; leading empty
            columns of a workbook are not.
        first_row: number, as the clerk sees it, of the frame's first row (1 = the first row of the sheet).
        merges: merged ranges; None where the file does not tell or nobody asked (``sheet_marks.load_marks``).
        records: of JSON, the objects behind the rows below the frame's first one, with their nested lists, which are
            no cells. They hold personal data: only raw's gate looks at them.
        hidden: sheets of the file that the clerk does not see; on its first sheet only.
        uncomputed: (row, column) in the frame of formulas whose result nobody stored, where ``load_marks`` looked.
        from_1904: the workbook counts days from 1904, where ``load_marks`` looked: serials without a date's format do.
        beside: kinds (endings) of the files in the same archive that hold no table.
        first_column: number, as the clerk sees it, of the frame's first column, where ``cell_places`` looked it up.
    """

    sheet: str
    cells: pl.DataFrame
    first_row: int = 1
    merges: tuple[MergedRange, ...] | None = None
    records: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    first_column: int = 1
    beside: tuple[str, ...] = ()
    hidden: tuple[Grid, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    from_1904: bool = False

    def split(self, row: int) -> tuple[Grid, Grid]:
        """Cut a sheet above a frame row into two that keep its name and count its rows on."""
        merges = self.merges
        below = merges and tuple((t - row, left, b - row, right) for t, left, b, right in merges if t >= row)
        formulas = frozenset((y - row, x) for y, x in self.uncomputed if y >= row)
        rest = replace(
            self, cells=self.cells.slice(row), first_row=self.first_row + row, merges=below, uncomputed=formulas
        )
        return replace(self, cells=self.cells.head(row)), rest


@dataclass(frozen=True)
class SheetMarks:
    """What a workbook says of a sheet besides its values; rows and columns counted from 0 in the whole sheet.

    Attributes:
        left_out: empty leading columns, which grids do not have.
        merges: merged ranges.
        uncomputed: formulas whose result nobody stored.
        from_1904: whether days count from 1904.
    """

    left_out: int = 0
    merges: tuple[MergedRange, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    from_1904: bool = False


def pick_visible(sheets: Sequence[tuple[bool, Grid]]) -> list[Grid]:
    """The sheets that the clerk sees, the hidden ones with the first of them; all of them where none is seen."""
    visible = [grid for shown, grid in sheets if shown]
    if not visible:
        return [grid for _, grid in sheets]
    hidden = tuple(grid for shown, grid in sheets if not shown)
    return [replace(visible[0], hidden=hidden), *visible[1:]]


def refuse(code: str, ten_tep: str, **values: object) -> UnreadableFile:
    """Make the refusal of a file.

    Args:
        code: a code of schemas/findings.toml.
        ten_tep: the delivered file's name.
        **values: further fields of the message.

    Returns:
        The exception, to be raised.
    """
    return UnreadableFile(make_finding(code, ten_tep=ten_tep, **values))  # type: ignore[arg-type]


def refuse_bulk(rows: int, columns: int, name: str) -> None:
    """Refuse a sheet of more cells than the memory is meant for.

    Args:
        rows: its rows, or as many of them as were read so far.
        columns: its columns.
        name: delivered name, for the message.

    Raises:
        UnreadableFile: it has more.
    """
    if rows * columns > MAX_CELLS:
        extent = f"{format_integer(rows)} dòng × {format_integer(columns)} cột"
        raise refuse("TEP_QUA_LON", name, dung_luong=extent, gioi_han=f"{format_integer(MAX_CELLS)} ô")


def format_size(size: int) -> str:
    """Print a number of bytes for people: ``1,5 GB``, ``512 MB``."""
    gb, mb = size / 1024**3, size / 1024**2
    return f"{gb:.1f} GB".replace(".", ",") if gb >= 1 else f"{max(mb, 1):.0f} MB"


def frame_from_rows(rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """Build an all-text frame from rows of uneven length.

    Args:
        rows: cell texts; ``""`` and None are empty.

    Returns:
        Columns ``c0``..``cn`` as wide as the longest row; empty cells are null.
    """
    width = max((len(row) for row in rows), default=0)
    return pl.DataFrame(
        {
            f"c{i}": pl.Series([(row[i] or None) if i < len(row) else None for row in rows], dtype=pl.Utf8)
            for i in range(width)
        }
    )
