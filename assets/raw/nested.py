"""Making scalar columns of nested lists and flags, by the rules of a source's TOML, before anything is stored.

Belongs here: walking the records, the operations of schemas/sources/nested.py. Does not belong here: which rules a
source has, what a made value means (assets/core). Only what a rule names leaves this module: the lists themselves hold
file names, links and people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from assets.core.parsing import BLANK_WORDS, parse_datetime_expr, parse_decimal_expr, parse_money_expr
from assets.io.tabular_json import unwrap_json
from assets.io.workbook import Grid
from assets.raw.header import Header
from schemas.rules.text import matching_key
from schemas.sources import TableSpec, normalise_title
from schemas.sources.nested import Condition, NestedField, NestedStep

_JOINER = "; "

Entry = Any
"""A JSON object, or the bare value of a list of such."""

Row = Mapping[str, Any]
"""A record by normalised title."""


def make_nested(grid: Grid, header: Header, table: TableSpec, positions: pl.Series) -> list[pl.Series]:
    """Make the columns of a table's nested rules.

    Args:
        grid: a sheet; only JSON has nested lists, flags of the record itself may come from any kind of file.
        header: its header.
        table: the table's specification.
        positions: frame positions of the data rows.

    Returns:
        One text column per field that has at least one of its titles in the header, as long as ``positions``; null
        where no step gives a value.
    """
    fields = header.made_fields
    if not fields:
        return []
    rows = list(_records(grid, header, positions))
    return [pl.Series(field, _make_field(rows, table.nested[field]), dtype=pl.Utf8) for field in fields]


def _records(grid: Grid, header: Header, positions: pl.Series) -> Iterator[Row]:
    """Yield each data row by normalised title: cells of any file, nested values of JSON."""
    feeding = [column for column in header.columns if column.feeds]
    keys = [normalise_title(column.title) for column in feeding]
    if grid.records:
        written = grid.cells.row(header.last)
        for position in positions:
            record = grid.records[position - header.last - 1]
            yield {key: record.get(written[column.index] or "") for key, column in zip(keys, feeding, strict=True)}
        return
    cells = grid.cells[positions].select(f"c{column.index}" for column in feeding)
    for row in cells.iter_rows():
        yield dict(zip(keys, row, strict=True))


def _make_field(rows: Sequence[Row], rule: NestedField) -> list[str | None]:
    made = [_make_step(rows, step) for step in rule.steps]
    if rule.combine == "first":
        return [next((value for value in values if value is not None), None) for values in zip(*made, strict=True)]
    return [_join(value for value in values if value is not None) for values in zip(*made, strict=True)]


def _make_step(rows: Sequence[Row], step: NestedStep) -> list[str | None]:
    """Apply one step to every row."""
    found = [_walk(row, step.path) for row in rows]
    kept = [[entry for entry in entries if _fits(entry, step)] for entries in found]
    if step.op == "any":
        return [step.gives if entries else None for entries in kept]
    if step.op == "count":
        return [str(len(left)) if _is_there(row, step) else None for row, left in zip(rows, kept, strict=True)]
    begins = [[_text(_get(entry, step.value or "")) for entry in entries] for entries in kept]
    if step.op == "days":
        return _count_days(begins, [[_text(_get(entry, step.until or "")) for entry in entries] for entries in kept])
    return _REDUCERS[step.op]([[step.words.get(text, text) for text in row if text] for row in begins])


# --- walking ---


def _walk(row: Row, path: Sequence[str]) -> list[Entry]:
    """List the entries at the end of a path; the record itself for an empty one."""
    nodes: list[Any] = [row]
    for depth, key in enumerate(path):
        inner = [unwrap_json(_get(node, normalise_title(key) if depth == 0 else key)) for node in nodes]
        lists = [value if isinstance(value, list) else [value] for value in inner if value is not None]
        nodes = [entry for value in lists for entry in value]
    return nodes


def _is_there(row: Row, step: NestedStep) -> bool:
    return not step.path or row.get(normalise_title(step.path[0])) is not None


def _get(entry: Entry, key: str) -> Any:
    """Read a key of an entry: exact, else as titles compare; ``""`` is the entry itself."""
    if key == "":
        return entry
    if not isinstance(entry, Mapping):
        return None
    return entry[key] if key in entry else entry.get(normalise_title(key))


def _text(value: Any) -> str:
    """Text of a scalar; nested values have none, so that they cannot leave."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else ""


def _fits(entry: Entry, step: NestedStep) -> bool:
    return all(_holds(_text(_get(entry, one.key)), one) for one in step.where)


def _holds(text: str, condition: Condition) -> bool:
    if condition.filled is not None:
        return condition.filled != (text.lower() in BLANK_WORDS)
    if condition.above is not None:
        amount = _read_amount(text)
        return amount is not None and amount > condition.above
    return (_key(text) in condition.keys) == bool(condition.one_of)


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return matching_key(text)


@lru_cache(maxsize=4096)
def _read_amount(text: str) -> float | None:
    """Read a number of a condition: whole đồng in any style, else a decimal."""
    read = pl.select(pl.coalesce(parse_money_expr(pl.lit(text)), parse_decimal_expr(pl.lit(text)))).item()
    return None if read is None else float(read)


# --- reducing ---


def _flatten(texts: Sequence[Sequence[str]]) -> pl.DataFrame:
    """One line per value: the number of its row and the text."""
    pairs = [(i, text) for i, row in enumerate(texts) for text in row]
    return pl.DataFrame(pairs, schema={"row": pl.Int64, "text": pl.Utf8}, orient="row")


def _spread(reduced: pl.DataFrame, height: int) -> list[str | None]:
    """Lay ``row``, ``text`` out over all rows; a row without a value is null."""
    found = dict(reduced.select("row", "text").iter_rows())
    return [found.get(i) for i in range(height)]


def _sum(texts: Sequence[Sequence[str]]) -> list[str | None]:
    """Sum amounts of money; an unreadable one is passed on as it is, so that core reports it."""
    lines = _flatten(texts).with_columns(parse_money_expr("text").alias("amount"))
    per_row = lines.group_by("row").agg(
        pl.col("amount").sum().cast(pl.Utf8).alias("sum"),
        pl.col("text").filter(pl.col("amount").is_null()).first().alias("odd"),
    )
    return _spread(per_row.with_columns(pl.coalesce("odd", "sum").alias("text")), len(texts))


def _max(texts: Sequence[Sequence[str]]) -> list[str | None]:
    """Take the latest date as it was written; where none can be read, the last text, so that core reports it."""
    lines = _flatten(texts).with_columns(parse_datetime_expr("text").alias("moment"))
    latest = lines.sort("row", "moment", nulls_last=False, maintain_order=True).group_by("row").agg(pl.last("text"))
    return _spread(latest, len(texts))


def _count_days(begins: Sequence[Sequence[str]], ends: Sequence[Sequence[str]]) -> list[str | None]:
    """Sum the calendar days of the spans whose two days can be read; null where there is no such span."""
    spans = [
        (i, begin, end) for i, row in enumerate(zip(begins, ends, strict=True)) for begin, end in zip(*row, strict=True)
    ]
    lines = pl.DataFrame(spans, schema={"row": pl.Int64, "begin": pl.Utf8, "end": pl.Utf8}, orient="row")
    days = (parse_datetime_expr("end").dt.date() - parse_datetime_expr("begin").dt.date()).dt.total_days()
    known = lines.with_columns(days.alias("days")).filter(pl.col("days") >= 0)
    return _spread(known.group_by("row").agg(pl.col("days").sum().cast(pl.Utf8).alias("text")), len(begins))


def _join(texts: Iterable[str]) -> str | None:
    return _JOINER.join(dict.fromkeys(texts)) or None


_REDUCERS: dict[str, Callable[[Sequence[Sequence[str]]], list[str | None]]] = {
    "sum": _sum,
    "max": _max,
    "join": lambda texts: [_join(row) for row in texts],
    "first": lambda texts: [next(iter(row), None) for row in texts],
}
