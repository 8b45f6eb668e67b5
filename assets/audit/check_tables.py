"""Checks of tables in the running text: total rows and columns are sums (C22), a share column is one (A03).

Belongs here: which rows a total may be the sum of, and which columns a share is of. Does not belong here: reading such
a table (text_tables), the statistics forms (check_forms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.share_finding import make_share_finding
from assets.audit.text_tables import DataTable
from assets.audit.values import Printed, is_rounding, is_slip, say
from assets.io.report_blocks import TableRow


def check_tables(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    tables = evidence.layout.data
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
        yield make_finding("C22", places, say(sums[0]), say(said.value), message, " | ".join(filter(None, total.cells)))


def _summands(table: DataTable, total: TableRow) -> Iterator[Sequence[TableRow]]:
    """Yield the rows a total may add up: those of the top level first, then all of the deepest level."""
    rows = [row for row in table.rows if row is not total]
    levels = [table.level(row) for row in rows]
    roman = [row for row, level in zip(rows, levels, strict=True) if re.fullmatch(r"[IVX]+", level)]
    top = [row for row, level in zip(rows, levels, strict=True) if level and "." not in level]
    leaves = [
        row for row, level in zip(rows, levels, strict=True) if not any(o.startswith(f"{level}.") for o in levels)
    ]
    plain = [row for row in leaves if row not in roman]
    yield from (chosen for chosen in (roman, top, plain, rows) if len(chosen) > 1)


def _add(table: DataTable, rows: Sequence[TableRow], column: int) -> Fraction | None:
    numbers = [table.number(row, column) for row in rows]
    known = [number.value for number in numbers if number is not None]
    return sum(known, Fraction(0)) if known else None


_Sum = tuple[TableRow, Printed, tuple[Printed, ...]]


def _check_columns(table: DataTable) -> Iterator[AuditFinding]:
    """C22: where a column adds up the ones beside it, a row that misses its sum by a slip of the pen is wrong.

    Other rows may well differ: what is open at the end of three quarters is no sum of theirs.
    """
    for column in table.counts:
        ways = [list(_sums(table, column, parts)) for parts in _beside(table.counts, column)]
        best = max(ways, key=lambda sums: sum(map(_fits, sums)), default=[])
        slips = [one for one in best if not _fits(one) and is_slip(_add_up(one), one[1].value)]
        if len(slips) == 1 and sum(map(_fits, best)) >= _SHOW:
            yield _wrong_sum(table, column, *slips[0])


def _check_subrows(table: DataTable) -> Iterator[AuditFinding]:
    """C22: rows right below one are its parts where a column says so; another column must then say the same."""
    if len(table.counts) < _SHOW or table.total is not None:
        return
    for at, row in enumerate(table.rows):
        ends = range(at + _SHOW + 1, min(at + _MOST_PARTS, len(table.rows)) + 1)
        ways = [list(_compare(table, row, table.rows[at + 1 : end])) for end in ends]
        if any(way and all(said.value == value for _, said, value in way) for way in ways):
            continue
        for way in ways[_FEW - _SHOW :]:
            wrong = [one for one in way if one[1].value != one[2]]
            if len(wrong) == 1 and len(way) > 1 and _is_close(wrong[0][1].value, wrong[0][2]):
                yield _wrong_subrows(table, row, *wrong[0])
                break


def _compare(table: DataTable, row: TableRow, below: Sequence[TableRow]) -> Iterator[tuple[int, Printed, Fraction]]:
    """Yield column by column what a row prints and what the rows below it add up to."""
    for column in table.counts:
        said, value = table.number(row, column), _add(table, below, column)
        if said is not None and value:
            yield column, said, value


def _wrong_subrows(table: DataTable, row: TableRow, column: int, said: Printed, value: Fraction) -> AuditFinding:
    title, off = table.titles[column], say(abs(value - said.value))
    message = fill("C22", "con", dong=table.name(row), cot=title, tong=say(value), ghi=said.text, lech=off)
    return make_finding("C22", [row.place], say(value), say(said.value), message, " | ".join(filter(None, row.cells)))


_MOST_PARTS = 9  # rows, the first one included


def _is_close(said: Fraction, value: Fraction) -> bool:
    return is_slip(said, value) or abs(said - value) <= said / 10


def _check_changes(table: DataTable) -> Iterator[AuditFinding]:
    """C22: where a column is the difference of the two before it, a row that misses it by a slip is wrong."""
    for first, second, column in zip(table.counts, table.counts[1:], table.counts[2:], strict=False):
        full = list(_differences(table, first, second, column))
        slips = [(row, off, said) for row, off, said in full if off != said.value and is_slip(off, said.value)]
        if len(slips) == 1 and sum(off == said.value and off > 0 for _, off, said in full) >= _SHOW:
            row, off, said = slips[0]
            title, quote = table.titles[column], " | ".join(filter(None, row.cells))
            message = fill("C22", "hieu", dong=table.name(row), cot=title, tong=say(off), ghi=said.text)
            yield make_finding("C22", [row.place], say(off), say(said.value), message, quote)


def _differences(
    table: DataTable, first: int, second: int, column: int
) -> Iterator[tuple[TableRow, Fraction, Printed]]:
    for row in table.rows:
        one, two, said = (table.number(row, at) for at in (first, second, column))
        if one is not None and two is not None and said is not None:
            yield row, abs(two.value - one.value), replace(said, value=abs(said.value))


def _fits(one: _Sum) -> bool:
    return _add_up(one) in one[1].readings


_SHOW = 2  # rows that show a column to be the sum of others


def _add_up(one: _Sum) -> Fraction:
    return sum((part.value for part in one[2]), Fraction(0))


def _beside(counts: Sequence[int], column: int) -> Iterator[tuple[int, ...]]:
    """Yield the runs of two or more columns right before or right behind one."""
    at = counts.index(column)
    yield from (tuple(counts[first:at]) for first in range(at - 1))
    yield from (tuple(counts[at + 1 : last]) for last in range(len(counts), at + 2, -1))


def _sums(table: DataTable, column: int, parts: tuple[int, ...]) -> Iterator[_Sum]:
    """Yield the rows that print a total and all its parts, two of them more than nothing."""
    for row in table.rows:
        said = table.number(row, column)
        numbers = [number for part in parts if (number := table.number(row, part)) is not None]
        if said is not None and len(numbers) == len(parts) and sum(number.value > 0 for number in numbers) > 1:
            yield row, said, tuple(numbers)


def _wrong_sum(table: DataTable, column: int, row: TableRow, said: Printed, parts: Sequence[Printed]) -> AuditFinding:
    value = _add_up((row, said, tuple(parts)))
    off, title = say(abs(value - said.value)), table.titles[column]
    message = fill("C22", "cot", dong=table.name(row), cot=title, tong=say(value), ghi=said.text, lech=off)
    left = " + ".join(part.text for part in parts) + f" = {say(value)}"
    return make_finding("C22", [row.place], left, say(said.value), message, " | ".join(filter(None, row.cells)))


# --- shares -----------------------------------------------------------------------------------------------------

_MOST = Fraction(2, 3)
"""Share of the rows that must fit for a column to be that share: the others are slips."""

_FEW = 3  # rows, below which no rule shows

_Ratio = tuple[TableRow, Printed, Printed, Printed]


def _check_shares(table: DataTable) -> Iterator[AuditFinding]:
    """A03: a column of percentages that is one column over another in most rows must be so in all."""
    for column in table.shares:
        for top, below in permutations(table.counts, 2):
            ratios = list(_ratios(table, column, top, below))
            wrong = [ratio for ratio in ratios if not is_rounding(ratio[1], ratio[2].value, ratio[3].value)]
            if len(ratios) < _FEW or len(ratios) - len(wrong) < _MOST * len(ratios):
                continue
            yield from (_wrong_share(*ratio) for ratio in wrong)
            break


def _ratios(table: DataTable, column: int, top: int, below: int) -> Iterator[_Ratio]:
    for row in table.rows:
        share = table.share(row, column)
        upper, lower = table.number(row, top), table.number(row, below)
        if share is not None and upper is not None and lower is not None and lower.value:
            yield row, share, upper, lower


def _wrong_share(row: TableRow, share: Printed, top: Printed, below: Printed) -> AuditFinding:
    return make_share_finding(top, below, share, [row.place], " | ".join(filter(None, row.cells)))
