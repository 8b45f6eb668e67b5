"""Which sheets of a file hold which table of a source, and how well.

Belongs here: headers found in sheets, tables one below another, sheets that go on without a header. Does not belong
here: finding one header (header), refusing a file or taking its rows (extract).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from assets.io.sheet_marks import load_marks
from assets.io.workbook import Grid
from assets.raw.header import Header, find_header, find_next_table, has_titles
from assets.raw.shift import continues
from schemas.codes import Code, find_code, load_words
from schemas.rules.text import matching_key
from schemas.sources import TableSpec, normalise_title

_WORD_FIELDS = ("trang_thai", "kenh")
_MOSTLY = 0.5


@dataclass(frozen=True)
class Match:
    """A sheet in which a table's header was found."""

    grid: Grid
    header: Header
    table: TableSpec

    @property
    def header_row(self) -> int:
        """Row of the header's last line, as the clerk sees it."""
        return self.grid.first_row + self.header.last

    def missing(self) -> str:
        """Quote the titles of required fields without a column; ``""`` if there are none."""
        fields = self.header.found
        lacking = [name for name in self.table.required if name not in fields]
        return quote_fields(self.table, lacking, [g for g in self.table.one_of if fields.isdisjoint(g)])


def find_matches(path: Path | None, grid: Grid, table: TableSpec) -> Iterator[Match]:
    """Find a table's header in a sheet, and those of tables with other columns below it.

    Merged cells are looked up only where guessing them may have been wrong.
    """
    header = find_header(grid, table)
    whole = header is not None and set(table.required) <= header.found
    unsure = header.is_guessed if whole and header is not None else has_titles(grid, table)
    if unsure and grid.merges is None and path is not None:
        grid = load_marks(path, grid)
        header = find_header(grid, table) if grid.merges is not None else header
    if header is None:
        return
    below = None if grid.records else find_next_table(grid.cells, header, table)
    if below is None:
        yield Match(grid, header, table)
        return
    first, rest = grid.split(below)
    yield Match(first, header, table)
    yield from find_matches(path, rest, table)


def complete_match(path: Path | None, match: Match, nguon: str) -> Match:
    """The match as its rows are read: cells merged downwards hold their value in every row, as the clerk sees it.

    An amount stands in the first row only: over several rows it is their sum. Of several columns for a field of words
    the one whose words are known is kept.

    Args:
        path: the file; None where there is none.
        match: a sheet and its header.
        nguon: key of the source, whose words they are.
    """
    grid = load_marks(path, match.grid) if path is not None and match.grid.merges is None else match.grid
    money = {c.index for name, cs in match.header.fields.items() if match.table.kinds.get(name) == "tien" for c in cs}
    known = {column.index for column in match.header.columns}
    filled: dict[str, list[str | None]] = {}
    for top, left, bottom, right in grid.merges or ():
        if match.header.last < top < bottom < grid.cells.height and left == right and left in known:
            column = filled.setdefault(f"c{left}", grid.cells[f"c{left}"].to_list())
            below = None if left in money else column[top]
            column[top + 1 : bottom + 1] = [below] * (bottom - top)
    columns = [pl.Series(name, values, dtype=pl.Utf8) for name, values in filled.items()]
    complete = replace(match, grid=replace(grid, cells=grid.cells.with_columns(columns)))
    return replace(complete, header=_settle_words(complete, nguon))


def _settle_words(match: Match, nguon: str) -> Header:
    """Choose among columns that are titled alike ("Trạng thái", "Tình trạng": đúng hạn) by the words in them."""
    header = match.header
    for name, columns in header.fields.items():
        if name not in _WORD_FIELDS or len(columns) < 2:
            continue
        words = load_words(name, nguon)
        body = match.grid.cells.slice(header.last + 1)
        shares = {column.index: _share_known(body[f"c{column.index}"], words) for column in columns}
        best = max(shares, key=lambda index: shares[index])
        others = {index for index, share in shares.items() if index != best and not share}
        if shares[best] >= _MOSTLY and len(others) == len(shares) - 1:
            header = replace(
                header, columns=tuple(replace(c, field=None) if c.index in others else c for c in header.columns)
            )
    return header


def _share_known(cells: pl.Series, words: Mapping[str, Code]) -> float:
    keys = [matching_key(cell) for cell in cells.drop_nulls().unique()]
    return sum(find_code(words, key) is not None for key in keys) / max(len(keys), 1)


def keep_best_layouts(matches: list[Match]) -> list[Match]:
    """Of several layouts of one raw table that fit a sheet keep the one that reads most: no row is taken twice."""
    best: dict[tuple[str, str], Match] = {}
    for match in matches:
        place = (match.table.bang, match.grid.sheet)
        if place not in best or len(match.header.found) > len(best[place].header.found):
            best[place] = match
    return [match for match in matches if best[match.table.bang, match.grid.sheet].table is match.table]


def loses_data(match: Match) -> bool:
    """Whether an incomplete sheet beside complete ones is a list that lacks a column, not a summary or a legend."""
    found, required = match.header.found, match.table.required
    named = {normalise_title(sheet) for sheet in match.table.sheets}
    is_list = match.table.key in found and len(found & set(required)) * 2 > len(required)
    return is_list or normalise_title(match.grid.sheet) in named


def find_headless(grids: list[Grid], matches: list[Match]) -> dict[str, str]:
    """Find sheets without a header that go on with another one's list: sheet → the sheet it continues."""
    return {
        grid.sheet: match.grid.sheet
        for grid in grids
        for match in reversed(matches)
        if continues(grid, match.header, match.table)
    }


def quote(titles: Iterable[str], joiner: str = ", ") -> str:
    """Quote titles for a message."""
    return joiner.join(f"“{title}”" for title in titles)


def quote_fields(table: TableSpec, fields: Iterable[str], one_of: Iterable[tuple[str, ...]]) -> str:
    """Quote the titles of fields; alternatives are joined with "hoặc"."""
    groups = [(name,) for name in fields]
    return ", ".join(quote(map(table.title, group), " hoặc ") for group in [*groups, *one_of])
