"""Finding a table's header in a grid: which rows, and which column stands for which field.

Belongs here: the rules of sources.md §2 "Header detection", over text grids. Does not belong here: opening files
(assets/io/workbook), titles and words (schemas/sources), data rows (assets/raw/extract).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from schemas.sources import TableSpec, load_common, normalise_title

if TYPE_CHECKING:
    import polars as pl

    from assets.io.workbook import Grid

SEARCH_ROWS = 40
SEARCH_COLUMNS = 8
MAX_LEVELS = 8
MIN_KNOWN = 3

_LEVEL = " > "
_TITLE_LENGTH = 120
# A year may stand in a title; a date or a code only in data and in title lines.
_DIGIT = re.compile(r"\d")
_DATA_DIGITS = 6
_NUMBERING = re.compile(r"\(?\s*(?:\d{1,3}|[a-zđ]|[ivx]{1,4})\s*\)?\.?")
_FORMULA = re.compile(r"\(?\s*\d{1,3}\s*\)?\s*=\s*[\d\s()+\-*/:%=.,]+")

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Column:
    """One titled column of a header.

    Attributes:
        index: position in the frame.
        title: the delivered title, levels joined with ``" > "``.
        field: the field it stands for, or None.
        personal: it holds personal data or free text: its values never leave the gate and its title is not printed.
        whole: the whole title was found, not only its lower levels.
        filled: a level was taken over from the left, by guess.
        feeds: fields that a nested rule makes of it.
        unread: the source's layout has it, and nothing needs it.
    """

    index: int
    title: str
    field: str | None = None
    personal: bool = False
    whole: bool = True
    filled: bool = False
    feeds: tuple[str, ...] = ()
    unread: bool = False

    @property
    def is_known(self) -> bool:
        """Whether its title says what to do with it."""
        return self.field is not None or self.personal or bool(self.feeds)


@dataclass(frozen=True)
class Header:
    """A header found in a grid.

    Attributes:
        first: frame index of its first row.
        last: frame index of its last row.
        columns: its titled columns.
    """

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> dict[str, list[Column]]:
        """Field → its columns. A whole title beats those of which only the lower levels were found."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            if column.field is not None:
                found.setdefault(column.field, []).append(column)
        return {field: [c for c in columns if c.whole] or columns for field, columns in found.items()}

    @property
    def made_fields(self) -> tuple[str, ...]:
        """Fields that nested rules make of at least one column here."""
        return tuple(dict.fromkeys(field for column in self.columns for field in column.feeds))

    @property
    def found(self) -> frozenset[str]:
        """Fields that a column holds or that are made of some."""
        return frozenset(self.fields) | frozenset(self.made_fields)

    @property
    def unmapped(self) -> list[str]:
        """Titles that stand for nothing we read and do not speak of a person; a running number is no loss."""
        used = {column.index for columns in self.fields.values() for column in columns}
        stt = load_common().rows.stt_keys
        return [
            shorten(c.title, _TITLE_LENGTH, placeholder=" …")
            for c in self.columns
            if c.index not in used and not (c.personal or c.feeds or c.unread) and normalise_title(c.title) not in stt
        ]

    @property
    def is_guessed(self) -> bool:
        """Whether knowing the merged cells could change what an unmapped column is."""
        return any(column.filled and not column.is_known for column in self.columns)


def find_header(grid: Grid, table: TableSpec) -> Header | None:
    """Find the header of a table.

    Among the first 40 rows, those that hold "STT" within the first 8 columns or at least three known titles are
    tried, together with up to eight rows around them; the block in which most titles are known is the header, of
    equal ones that with most whole titles, then the lowest number of rows, then the first.

    Args:
        grid: a sheet.
        table: what is looked for.

    Returns:
        The header, or None where fewer than three fields (and not all required ones) have a column or are made of one.
    """
    rows = grid.cells.head(SEARCH_ROWS + MAX_LEVELS).rows()
    keys = [tuple(normalise_title(cell) for cell in row) for row in rows]
    best: Header | None = None
    best_score = (0, 0, 0, 0)
    # The keys of JSON objects are the header; nothing else is.
    for first, last in [(0, 0)] if grid.records else _blocks(keys, table, _list_spanned(grid)):
        header = _read_block(grid, rows, keys, first, last, table)
        known = [column for column in header.columns if column.is_known]
        score = (len(header.found), sum(column.whole for column in known), len(known), first - last)
        if score > best_score:
            best, best_score = header, score
    if best is None or (best_score[0] < MIN_KNOWN and not set(table.required) <= best.found):
        return None
    return best


def find_next_table(cells: pl.DataFrame, header: Header, table: TableSpec) -> int | None:
    """Find where another table with other columns begins below a header: its values stand under titles of their own.

    Args:
        cells: the sheet.
        header: the header found.
        table: what is looked for.

    Returns:
        Frame index of the row below the last code of the first table; None where no row of other titles follows.
    """
    if table.key not in header.fields:
        return None
    known = table.aliases.keys() | table.personal_keys
    titles = [tuple(map(normalise_title, row)) for row in cells[header.first : header.last + 1].iter_rows()]
    body = cells.slice(header.last + 1)
    # only rows without a digit under the key's title are looked at: a large table costs nothing
    has_code = body[f"c{header.fields[table.key][0].index}"].str.contains(r"\d").fill_null(value=False)
    for position in has_code.not_().arg_true():
        row = tuple(map(normalise_title, body.row(position)))
        hits = [column for column, text in enumerate(row) if text in known]
        if len(hits) < MIN_KNOWN or any(_same_titles(row, hits, above) for above in titles):
            continue
        codes = has_code.head(position).arg_true()
        start = int(codes[-1]) + 1 if codes.len() else 0
        return header.last + 1 + max(start, int(position) - MAX_LEVELS)
    return None


def _same_titles(row: tuple[str, ...], hits: list[int], above: tuple[str, ...]) -> bool:
    """Whether the known titles of a row stand where a line of the header has them."""
    return sum(1 for column in hits if row[column] == above[column]) * 2 > len(hits)


def is_numbering(row: Row) -> bool:
    """Tell a row of column numbers "(1) (2) (3)" or formulas "(5)=(6)+(7)"; at least three such cells.

    Args:
        row: cells of a row.
    """
    keys = [normalise_title(cell) for cell in row if cell and cell.strip()]
    return len(keys) >= MIN_KNOWN and all(_NUMBERING.fullmatch(key) or _FORMULA.fullmatch(key) for key in keys)


def has_titles(grid: Grid, table: TableSpec) -> bool:
    """Whether enough known titles stand somewhere in the first rows: a header may be there that was not found."""
    keys = {normalise_title(cell) for row in grid.cells.head(SEARCH_ROWS).iter_rows() for cell in row if cell}
    levels = {level for title in table.aliases for level in (title, *title.split(_LEVEL))}
    return len(keys & levels) >= MIN_KNOWN


def _list_spanned(grid: Grid) -> frozenset[int]:
    """Rows that a cell from above reaches into: an empty one of them may lie inside a header."""
    return frozenset(row for top, _, bottom, _ in grid.merges or () for row in range(top + 1, bottom + 1))


def _blocks(keys: list[tuple[str, ...]], table: TableSpec, spanned: frozenset[int]) -> list[tuple[int, int]]:
    """List the candidate header blocks (first row, last row)."""
    common = load_common()
    words = {level for title in (*table.aliases, *table.personal_keys) for level in title.split(_LEVEL)}
    words |= table.aliases.keys() | table.personal_keys | table.feeds.keys()
    found: dict[tuple[int, int], None] = {}
    for anchor, row in enumerate(keys[:SEARCH_ROWS]):
        has_stt = not common.rows.stt_keys.isdisjoint(row[:SEARCH_COLUMNS])
        if not has_stt and len(words.intersection(row)) < MIN_KNOWN:
            continue
        for first in range(anchor, _reach(keys, anchor, -1, spanned) - 1, -1):
            for last in range(anchor, min(_reach(keys, anchor, 1, spanned), first + MAX_LEVELS - 1) + 1):
                found[first, last] = None
    return list(found)


def _reach(keys: list[tuple[str, ...]], anchor: int, step: int, spanned: frozenset[int]) -> int:
    """How far a header around an anchor row can go: to the next row that is no part of one, at most eight levels."""
    row = anchor
    for _ in range(MAX_LEVELS - 1):
        following = row + step
        if not 0 <= following < len(keys):
            break
        empty_level = following in spanned and not any(keys[following])
        if not empty_level and not _may_be_level(keys[following], keys[anchor]):
            break
        row = following
    return row


def _may_be_level(row: tuple[str, ...], anchor: tuple[str, ...]) -> bool:
    """Tell a further level of a header from empty, numbering and data rows and from the same header once more."""
    if not any(row) or row == anchor or is_numbering(row):
        return False
    stt = load_common().rows.stt_keys
    counted = any(title in stt and cell.isdigit() for title, cell in zip(anchor, row, strict=True))
    return not counted and not any(len(_DIGIT.findall(cell)) >= _DATA_DIGITS for cell in row)


def _read_block(
    grid: Grid, rows: list[Row], keys: list[tuple[str, ...]], first: int, last: int, table: TableSpec
) -> Header:
    origins = _origins(grid, keys, first, last)
    columns = []
    for index in range(grid.cells.width):
        path: list[tuple[str, str]] = []
        filled = False
        for level, row in enumerate(range(first, last + 1)):
            origin = origins[level][index]
            if origin is None or (path and path[-1][0] == keys[origin[0]][origin[1]]):
                continue
            path.append((keys[origin[0]][origin[1]], " ".join((rows[origin[0]][origin[1]] or "").split())))
            filled |= grid.merges is None and origin != (row, index)
        if path:
            field, personal, whole = _look_up([key for key, _ in path], table)
            title = _LEVEL.join(text for _, text in path)
            feeds = table.feeds.get(normalise_title(title), ())
            unread = field is None and not table.unread_keys.isdisjoint(list_readings(normalise_title(title)))
            whole = whole or bool(feeds)
            columns.append(Column(index, title, field, personal and not feeds, whole, filled, feeds, unread))
    return Header(first, last, tuple(columns))


def _origins(grid: Grid, keys: list[tuple[str, ...]], first: int, last: int) -> list[list[tuple[int, int] | None]]:
    """For each level and column, the cell whose text stands there: its own, or that of the merge it belongs to.

    Without merge information an upper cell reaches right over empty cells that have text below them, as far as its
    own parent reaches.
    """
    width = grid.cells.width
    merged = {
        (row, column): (top, left)
        for top, left, bottom, right in grid.merges or ()
        if top <= last and bottom >= first
        for row in range(max(top, first), min(bottom, last) + 1)
        for column in range(max(left, 0), min(right, width - 1) + 1)
    }
    origins: list[list[tuple[int, int] | None]] = []
    for row in range(first, last + 1):
        level: list[tuple[int, int] | None] = []
        for column in range(width):
            origin: tuple[int, int] | None = None
            source = merged.get((row, column), (row, column))
            if source[0] >= first and source[1] >= 0 and keys[source[0]][source[1]]:
                origin = source
            elif grid.merges is None and column and any(keys[below][column] for below in range(row + 1, last + 1)):
                above = origins[-1] if origins else None
                if above is None or above[column] == above[column - 1]:
                    origin = level[column - 1]
            level.append(origin)
        origins.append(level)
    return origins


def _join_levels(path: list[str]) -> tuple[str, str]:
    """The two ways in which the levels of a title are written as one."""
    return _LEVEL.join(path), " ".join(path)


def list_readings(title: str) -> list[str]:
    """List the keys under which a normalised title may be known: whole, then without its upper levels."""
    path = title.split(_LEVEL)
    return [joined for start in range(len(path)) for joined in _join_levels(path[start:])]


def _look_up(path: list[str], table: TableSpec) -> tuple[str | None, bool, bool]:
    """Find a title: whole, else without its upper levels (a title line, a group's name).

    Returns:
        The field or None, whether it is personal, whether the whole title was found.
    """
    person = load_common().personal_pattern
    for start in range(len(path)):
        if any(person.search(level) for level in path[:start]):
            return None, True, False
        for joined in _join_levels(path[start:]):
            if joined in table.aliases:
                return table.aliases[joined], False, start == 0
            if joined in table.personal_keys:
                return None, True, start == 0
    return None, any(person.search(level) for level in path), False
