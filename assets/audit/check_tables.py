"""Checks of tables in the running text: a total row is the sum of its rows (C22).

Belongs here: which rows a total may be the sum of. Does not belong here: reading such a table (text_tables), the
statistics forms (check_forms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.text_tables import DataTable
from assets.audit.values import say
from assets.io.report_blocks import TableRow


def check_tables(evidence: Evidence) -> list[AuditFinding]:
    """Run the check of this module."""
    return [found for table in evidence.layout.data for found in _check_totals(table)]


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
