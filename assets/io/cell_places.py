"""Where the cells of a hand-filled workbook stand, and what its formulas without a result say.

Belongs here: what the quick reader (workbook) does not tell: the sheet's first column, formulas. Does not belong here:
which sheets and columns matter (assets/raw), what is wrong with a cell (assets/core).
"""

from __future__ import annotations

import io
import string
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import polars as pl

from assets.io.tabular_base import Grid
from assets.io.tabular_sniff import sniff_bytes

Cells = dict[tuple[int, int], tuple[object, str]]
"""(row, column) → value and kind of a cell, as the library names kinds: "f" a formula, "e" an error."""

# What the library raises about workbooks of other programs that the quick reader reads without complaint.
_UNREADABLE = (zipfile.BadZipFile, ParseError, OSError, KeyError, IndexError, ValueError, TypeError, AttributeError)
_LARGEST_SHEET = 500_000  # cells; one stray cell far away would make the library list all between
_LARGEST = 8 << 20  # bytes; a workbook that people fill in is far smaller, a list of dossiers has no business here


def column_letters(number: int) -> str:
    """Name a column as a spreadsheet does: 1 → A, 27 → AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters


def place_cells(path: Path, grids: list[Grid]) -> list[Grid]:
    """Add to each sheet its first column, and the text of formulas whose result nobody stored or is an error.

    A program that writes formulas without computing them leaves cells that look empty: read as blank, a declared figure
    would vanish without a word.

    Args:
        path: the file the grids were read from.
        grids: its sheets.

    Returns:
        The grids in their order; as they were where the file is no .xlsx, or too large to be filled in by hand.
    """
    data = path.read_bytes()
    if len(data) > _LARGEST or sniff_bytes(data)[0] != "xlsx":
        return grids
    try:
        formulas, results = (_read_cells(data, results=only) for only in (False, True))
    except _UNREADABLE:
        return grids  # it was read already; only the places of its cells are less sure
    return [_place(grid, formulas.get(grid.sheet, {}), results.get(grid.sheet, {})) for grid in grids]


def _read_cells(data: bytes, *, results: bool) -> dict[str, Cells]:
    """Sheet → its cells: formulas, or their stored results."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions of Excel that it leaves out
        book = load_workbook(io.BytesIO(data), data_only=results)
    return {sheet.title: dict(_list_cells(sheet)) for sheet in book.worksheets}


def _list_cells(sheet: Any) -> Iterator[tuple[tuple[int, int], tuple[object, str]]]:
    if sheet.max_row * sheet.max_column > _LARGEST_SHEET:
        return
    for row in sheet.iter_rows():
        for cell in row:
            yield (cell.row, cell.column), (cell.value, cell.data_type)


def _place(grid: Grid, formulas: Cells, results: Cells) -> Grid:
    first = min((column for (_, column), (value, _) in formulas.items() if value is not None), default=1)
    cells = grid.cells
    for place, (text, kind) in formulas.items():
        result, result_kind = results.get(place, (None, "n"))
        if kind == "f" and (result is None or result_kind == "e"):
            formula = str(getattr(text, "text", text))  # an array formula is an object
            cells = _fill_blank(cells, place[0] - grid.first_row, f"c{place[1] - first}", formula)
    return replace(grid, cells=cells, first_column=first)


def _fill_blank(cells: pl.DataFrame, position: int, name: str, text: str) -> pl.DataFrame:
    if name not in cells.columns or not 0 <= position < cells.height or cells[name][position] is not None:
        return cells
    here = pl.int_range(pl.len()) == position
    return cells.with_columns(pl.when(here).then(pl.lit(text)).otherwise(name).alias(name))
