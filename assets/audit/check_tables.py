"""Checks of tables in the running text: total rows and columns are sums (C22), a share column is one (A03).

Belongs here: which rows a total may be the sum of, and which columns a share is of. Does not belong here: reading such
a table (text_tables), the statistics forms (check_forms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, islice, permutations

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.share_finding import make_share_finding
from assets.audit.text_tables import MOST_COLUMNS, DataTable
from assets.audit.values import Printed, is_rounding, is_slip, say
from assets.io.report_blocks import TableRow


def check_tables(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    tables = [table for table in evidence.layout.data if len(table.titles) <= MOST_COLUMNS]
    return [
        found
        for table in tables
        for check in (_check_totals, _check_columns, _check_subrows, _check_changes, _check_shares)
        for found in check(table)
    ]


def _check_totals(table: DataTable) -> Iterator[AuditFinding]:
    total = table.total
    if total is None:
        return
    choices = list(_summands(table, total))
    for column in table.counts:
        said = table.number(total, column)
        sums = [value for rows in choices if (value := _add(table, rows, column)) is not None]
        if said is None or not sums or any(value in said.readings for value in sums):
            continue
        title = table.titles[column]
        message = fill("C22", "chung", cot=title, tong=say(sums[0]), ghi=said.text, lech=say(abs(sums[0] - said.value)))
        places = [total.place, *(row.place for row in choices[0])]
        yield make_finding("C22", places, say(sums[0]), say(said.value), message, table.quote(total))


def _summands(table: DataTable, total: TableRow) -> Iterator[Sequence[TableRow]]:
    """Yield the rows a total may add up: those of the top level first, then all of the deepest level."""
    rows = [row for row in table.rows if row is not total]
    levels = [table.level(row) for row in rows]
    above = {level[:at] for level in levels for at, char in enumerate(level) if char == "."}
    numbered = list(zip(rows, levels, strict=True))
    roman = [row for row, level in numbered if _ROMAN.fullmatch(level)]
    top = [row for row, level in numbered if level and "." not in level]
    plain = [row for row, level in numbered if level not in above and not _ROMAN.fullmatch(level)]
    yield from (chosen for chosen in (roman, top, plain, rows) if len(chosen) > 1)


_ROMAN = re.compile(r"[IVX]+")


def _add(table: DataTable, rows: Sequence[TableRow], column: int) -> Fraction | None:
    known = [number.value for row in rows if (number := table.number(row, column)) is not None]
    return sum(known, Fraction(0)) if known else None


# --- columns that add up others ---------------------------------------------------------------------------------

_SHOW = 2  # rows that show a column to be the sum of others


@dataclass(frozen=True, slots=True)
class _Sum:
    """A row that prints a total and the parts beside it: what it says, and what the parts add up to."""

    row: TableRow
    said: Printed
    value: Fraction

    @property
    def fits(self) -> bool:
        """Whether the total is the sum, under one of its readings."""
        return self.value in self.said.readings


@dataclass(frozen=True, slots=True)
class _Running:
    """A row's figures added up from the left: before each column the sum, how many are missing, how many above 0."""

    row: TableRow
    said: Sequence[Printed | None]
    sums: Sequence[Fraction]
    missing: Sequence[int]
    above: Sequence[int]


def _check_columns(table: DataTable) -> Iterator[AuditFinding]:
    """C22: where a column adds up the ones beside it, a row that misses its sum by a slip of the pen is wrong.

    Other rows may well differ: what is open at the end of three quarters is no sum of theirs.
    """
    rows = [_add_from_left(table, row) for row in table.rows]
    for at, column in enumerate(table.counts):
        ways = [(run, list(_sums(rows, at, *run))) for run in _beside(at, len(table.counts))]
        run, best = max(ways, key=lambda way: sum(one.fits for one in way[1]), default=((0, 0), []))
        slips = [one for one in best if not one.fits and is_slip(one.value, one.said.value)]
        if len(slips) == 1 and sum(one.fits for one in best) >= _SHOW:
            yield _wrong_sum(table, column, slips[0], table.counts[slice(*run)])


def _add_from_left(table: DataTable, row: TableRow) -> _Running:
    numbers = [table.number(row, column) for column in table.counts]
    values = [number.value if number is not None else Fraction(0) for number in numbers]
    return _Running(
        row,
        numbers,
        list(accumulate(values, initial=Fraction(0))),
        list(accumulate((number is None for number in numbers), initial=0)),
        list(accumulate((value > 0 for value in values), initial=0)),
    )


def _beside(at: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the runs (first, end) of two or more columns right before or right behind one."""
    yield from ((first, at) for first in range(at - 1))
    yield from ((at + 1, end) for end in range(width, at + 2, -1))


def _sums(rows: Sequence[_Running], at: int, first: int, end: int) -> Iterator[_Sum]:
    """Yield the rows that print a total and all its parts, two of them more than nothing."""
    for one in rows:
        said = one.said[at]
        if said is not None and one.missing[first] == one.missing[end] and one.above[end] - one.above[first] > 1:
            yield _Sum(one.row, said, one.sums[end] - one.sums[first])


def _wrong_sum(table: DataTable, column: int, wrong: _Sum, parts: Sequence[int]) -> AuditFinding:
    row, said, value = wrong.row, wrong.said, wrong.value
    off, title = say(abs(value - said.value)), table.titles[column]
    message = fill("C22", "cot", dong=table.name(row), cot=title, tong=say(value), ghi=said.text, lech=off)
    added = [number.text for part in parts if (number := table.number(row, part)) is not None]
    left = " + ".join(added) + f" = {say(value)}"
    return make_finding("C22", [row.place], left, say(said.value), message, table.quote(row))


# --- rows that add up those below, columns that are differences ------------------------------------------------

_MOST_PARTS = 9  # rows, the first one included


def _check_subrows(table: DataTable) -> Iterator[AuditFinding]:
    """C22: rows right below one are its parts where a column says so; another column must then say the same."""
    if len(table.counts) < _SHOW or table.total is not None:
        return
    for at, row in enumerate(table.rows):
        ways = _compare(table, row, table.rows[at + 1 : at + _MOST_PARTS])
        if any(way and all(said.value == value for _, said, value in way) for way in ways):
            continue
        for way in ways[_FEW - _SHOW :]:
            wrong = [one for one in way if one[1].value != one[2]]
            if len(wrong) == 1 and len(way) > 1 and _is_close(wrong[0][1].value, wrong[0][2]):
                yield _wrong_subrows(table, row, *wrong[0])
                break


_Compared = tuple[int, Printed, Fraction]


def _compare(table: DataTable, row: TableRow, below: Sequence[TableRow]) -> list[list[_Compared]]:
    """Tell column by column what a row prints, and what the two, three … rows below it add up to."""
    ways: list[list[_Compared]] = [[] for _ in below[_SHOW - 1 :]]
    for column in table.counts:
        said = table.number(row, column)
        numbers = (table.number(other, column) for other in below)
        sums = accumulate(number.value if number is not None else Fraction(0) for number in numbers)
        for way, value in zip(ways, islice(sums, _SHOW - 1, None), strict=True):
            if said is not None and value:
                way.append((column, said, value))
    return ways


def _wrong_subrows(table: DataTable, row: TableRow, column: int, said: Printed, value: Fraction) -> AuditFinding:
    title, off = table.titles[column], say(abs(value - said.value))
    message = fill("C22", "con", dong=table.name(row), cot=title, tong=say(value), ghi=said.text, lech=off)
    return make_finding("C22", [row.place], say(value), say(said.value), message, table.quote(row))


def _is_close(said: Fraction, value: Fraction) -> bool:
    return is_slip(said, value) or abs(said - value) <= said / 10


def _check_changes(table: DataTable) -> Iterator[AuditFinding]:
    """C22: where a column is the difference of the two before it, a row that misses it by a slip is wrong."""
    for first, second, column in zip(table.counts, table.counts[1:], table.counts[2:], strict=False):
        full = list(_differences(table, first, second, column))
        slips = [(row, off, said) for row, off, said in full if off != said.value and is_slip(off, said.value)]
        if len(slips) == 1 and sum(off == said.value and off > 0 for _, off, said in full) >= _SHOW:
            row, off, said = slips[0]
            title = table.titles[column]
            message = fill("C22", "hieu", dong=table.name(row), cot=title, tong=say(off), ghi=said.text)
            yield make_finding("C22", [row.place], say(off), say(said.value), message, table.quote(row))


def _differences(
    table: DataTable, first: int, second: int, column: int
) -> Iterator[tuple[TableRow, Fraction, Printed]]:
    for row in table.rows:
        one, two, said = (table.number(row, at) for at in (first, second, column))
        if one is not None and two is not None and said is not None:
            yield row, abs(two.value - one.value), replace(said, value=abs(said.value))


# --- shares -----------------------------------------------------------------------------------------------------

_MOST = Fraction(2, 3)
"""Share of the rows that must fit for a column to be that share: the others are slips."""

_FEW = 3  # rows, below which no rule shows

_Ratio = tuple[TableRow, Printed, Printed, Printed]


def _check_shares(table: DataTable) -> Iterator[AuditFinding]:
    """A03: a column of percentages that is one column over another in most rows must be so in all."""
    for column in table.shares:
        wrong = next(
            (slips for pair in permutations(table.counts, 2) if (slips := _slips(table, column, *pair)) is not None), ()
        )
        for row, share, top, below in wrong:
            yield make_share_finding(top, below, share, [row.place], table.quote(row))


def _slips(table: DataTable, column: int, top: int, below: int) -> list[_Ratio] | None:
    """List the rows whose share is not one column over another; None where too few rows show that it should be."""
    wrong: list[_Ratio] = []
    known = 0
    for ratio in _ratios(table, column, top, below):
        known += 1
        if not is_rounding(ratio[1], ratio[2].value, ratio[3].value):
            wrong.append(ratio)
            if len(wrong) > (1 - _MOST) * len(table.rows):
                return None  # whatever the other rows hold
    return wrong if known >= _FEW and known - len(wrong) >= _MOST * known else None


def _ratios(table: DataTable, column: int, top: int, below: int) -> Iterator[_Ratio]:
    for row in table.rows:
        share, upper, lower = (table.number(row, at) for at in (column, top, below))
        if share is not None and upper is not None and lower is not None and lower.value:
            yield row, share, upper, lower
