"""Tables inside the running text: figures by label, or by column with a total row.

Belongs here: reading such a table's columns, wording its rows as lines of text (so that the quantities of the text are
found in them), and which cells add up to which total. Does not belong here: the statistics forms of the annex
(tables), comparing figures (check_tables, identities).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assets.audit.catalogue import load_table_words
from assets.audit.values import NUMBER, Printed, read_number
from assets.io.report_blocks import Table, TableRow, TextLine
from schemas.rules.text import matching_key

_COUNT = re.compile(rf"[+−–-]?\s?{NUMBER}")  # a column of changes prints a sign
_SHARE = re.compile(rf"({NUMBER})\s*%")
_STT = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,5}|[a-zđ])[.)]?", re.IGNORECASE)
_TOTAL = re.compile(r"^(?:tổng(?: cộng| số)?|cộng|toàn (?:xã|phường|tỉnh|thành phố|đặc khu))$")
_SHARES = re.compile(r"tỷ lệ|%")
_NUMBERS_COLUMNS = re.compile(r"\(?\d{1,2}\)?(?:\s*=.*)?")
_NO_LABEL = re.compile(r"stt|tt|số tt|ghi chú|đơn vị tính|đvt|năm|ngày.*|số (?:, )?ký hiệu|số hiệu")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])\s?[/-]\s?20\d\d")
_DASHES = {"", "-", "–", "—"}


MOST_COLUMNS = 60
"""Columns of a table whose figures are compared: no page shows more, and every run of columns may be a sum."""


@dataclass(frozen=True)
class DataTable:
    """A table of figures.

    Attributes:
        titles: title of each column, header rows joined.
        label: position of the column that names the rows. counts, shares: positions of counts and of percentages.
        rows: the rows below the header.
    """

    titles: tuple[str, ...]
    label: int
    counts: tuple[int, ...]
    shares: tuple[int, ...]
    rows: tuple[TableRow, ...]

    def name(self, row: TableRow) -> str:
        """Return the label of a row."""
        return _cell(row, self.label)

    @cached_property
    def _numbers(self) -> dict[tuple[int, int], Printed | None]:
        """The figures of every cell, by row (its identity) and column: read once, asked for by every check."""
        counts = {(id(row), column): _read_signed(_cell(row, column)) for row in self.rows for column in self.counts}
        shares = {
            (id(row), column): read_number(_cell(row, column).rstrip("% "), whole=False)
            for row in self.rows
            for column in self.shares
        }
        return counts | shares

    def number(self, row: TableRow, column: int) -> Printed | None:
        """Return the figure in a cell of those columns, below 0 in a column of changes; None for an empty one."""
        return self._numbers[id(row), column]

    def counts_of(self, row: TableRow) -> list[Printed]:
        """List the counts of a row, empty cells left out."""
        return [number for column in self.counts if (number := self.number(row, column)) is not None]

    def quote(self, row: TableRow) -> str:
        """Return a row as printed, cells separated by bars."""
        return " | ".join(filter(None, row.cells))

    def level(self, row: TableRow) -> str:
        """Return what stands before the label: "1.1", "I", "a"; "" for none."""
        return next((cell.rstrip(".)") for cell in row.cells[: self.label] if _STT.fullmatch(cell)), "")

    @cached_property
    def total(self) -> TableRow | None:
        """The row that is the sum of the others; None when no row says so."""
        named = [row for row in self.rows if _is_total(row, self)]
        return named[0] if len(named) == 1 else None


def read_data_table(table: Table) -> DataTable | None:
    """Read a table of figures.

    Args:
        table: a table that is no statistics form.

    Returns:
        Its columns and rows; None for a letterhead, a list of documents, or anything without a column of figures.
    """
    rows = [row for row in table.rows if any(row.cells)]
    first = next((at for at, row in enumerate(rows) if _holds_figures(row)), None)
    if first is None or first == 0 or first > 4 or len(rows) - first < 2:
        return None
    below = [row for row in rows[first:] if not _numbers_columns(row)]
    width = max(len(row.cells) for row in rows)
    titles = _titles(rows[:first], width)
    figures = [column for column in range(width) if _is_figures(below, column, titles[column])]
    others = sorted(set(range(width)) - set(figures))
    label = next((c for c in others if not _NO_LABEL.fullmatch(titles[c]) and _is_words(below, c)), None)
    if label is None or not figures:
        return None
    shares = [c for c in figures if _SHARES.search(titles[c]) or any("%" in _cell(row, c) for row in below)]
    counts = [c for c in sorted(set(figures) - set(shares)) if c > label]
    return DataTable(titles, label, tuple(counts), tuple(shares), tuple(below)) if counts else None


def word_rows(table: DataTable) -> Iterator[TextLine]:
    """Word a table of figures as bullets: each row of a list, the total row of a table with several counts."""
    if len(table.counts) == 1:
        for row in table.rows:
            yield TextLine(row.place, _word_list_row(table, row))
    elif table.total is not None:
        for column in table.counts:
            value = _cell(table.total, column)
            if value not in _DASHES:
                title = table.titles[column]
                yield TextLine(table.total.place, f"- {title}: {value}{_unit(title, table.name(table.total))}")


def _word_list_row(table: DataTable, row: TableRow) -> str:
    label, (column,) = table.name(row), table.counts
    value = _cell(row, column)
    if value in _DASHES:
        return f"- {label}"
    share = next((_cell(row, c) for c in table.shares if _cell(row, c) not in _DASHES), "")
    share = f", chiếm {share.rstrip('% ')}%" if share else ""
    units = (*(_cell(row, c) for c in range(len(row.cells)) if c not in {column, table.label}), table.titles[column])
    if "%" in units:
        return f"- {label}: {value}%"
    return f"- {label}: {value}{_unit(*units, label)}{share}"


def _unit(*places: str) -> str:
    words = load_table_words()
    keys = [matching_key(place) for place in places]
    named = next((f" {match[0]}" for key in keys for unit in words.don_vi if (match := unit.search(key))), "")
    return named or (" hồ sơ" if any(words.cua_ho_so.search(key) for key in keys) else "")


def _cell(row: TableRow, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _read_signed(cell: str) -> Printed | None:
    number = read_number(cell.lstrip("+−–- "))
    return replace(number, value=-number.value) if number is not None and cell[0] in "−–-" else number


def _holds_figures(row: TableRow) -> bool:
    found = [cell for cell in row.cells[1:] if _COUNT.fullmatch(cell) or _SHARE.fullmatch(cell)]
    return bool(found) and not _numbers_columns(row)


def _numbers_columns(row: TableRow) -> bool:
    """Tell a row that numbers the columns: (1) (2) (3)=(1)+(2)."""
    filled = [cell for cell in row.cells if cell]
    matched = [cell for cell in filled if _NUMBERS_COLUMNS.fullmatch(cell)]
    return len(filled) > 2 and len(matched) == len(filled)


def _titles(header: Sequence[TableRow], width: int) -> tuple[str, ...]:
    """Join the header cells of each column; a merged cell stands for the columns to its right as well."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for at, row in enumerate(header):
        merged = ""
        for column, title in enumerate(parts):
            text = _cell(row, column)
            merged = text or merged
            if not text and any(_cell(later, column) for later in header[at + 1 :]):
                text = merged
            if text and text not in title:
                title.append(text)
    return tuple(matching_key(" ".join(title)) for title in parts)


def _is_figures(rows: Sequence[TableRow], column: int, title: str) -> bool:
    filled = [cell for row in rows if (cell := _cell(row, column)) not in _DASHES]
    numbers = [cell for cell in filled if _COUNT.fullmatch(cell) or _SHARE.fullmatch(cell)]
    return bool(numbers) and len(numbers) == len(filled) and not _NO_LABEL.fullmatch(title)


def _is_words(rows: Sequence[TableRow], column: int) -> bool:
    cells = [_cell(row, column) for row in rows]
    words = [
        cell for cell in cells if _MONTH.fullmatch(cell) or (any(char.isalpha() for char in cell) and len(cell) > 2)
    ]
    return 2 * len(words) > len(cells)


def _is_total(row: TableRow, table: DataTable) -> bool:
    said = [cell for cell in row.cells[: table.label + 1] if cell]
    return bool(said) and _TOTAL.match(matching_key(said[-1]).strip(" :.")) is not None
