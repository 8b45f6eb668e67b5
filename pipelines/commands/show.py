"""Prints rows for people (a table) and for programs (CSV, JSON); nothing else goes to standard output.

Belongs here: output forms that several commands share. Does not belong here: which rows.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_SCREEN_ROWS = 60
_WIDTH = 200


def print_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as CSV with a header line, dates in ISO form, nothing for null."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if value is None else _plain(value) for value in row] for row in rows])


def print_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as a JSON list of objects; whole numbers without a fraction."""
    body = [{name: _number(value) for name, value in zip(columns, row, strict=True)} for row in rows]
    json.dump(body, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, all_rows: bool = False, width: int = _WIDTH
) -> None:
    """Rows as a table on the terminal; a long list is cut with a note how to see it all.

    ``width`` is that of a line outside a terminal; a terminal has its own.
    """
    shown = rows if all_rows else rows[:_SCREEN_ROWS]
    table = Table(title=Text(title, style="bold"), title_justify="left", header_style="bold")
    for name in columns:
        table.add_column(Text(name), overflow="fold")
    for row in shown:
        table.add_row(*(Text("" if value is None else _human(value)) for value in row))  # Text: no markup in data
    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else width)
    console.print(table)
    if len(rows) > len(shown):
        console.print(f"… còn {len(rows) - len(shown)} dòng; thêm --csv để lấy tất cả {len(rows)} dòng.")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return _number(value)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _human(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "có" if value else "không"
    return str(_number(value))
