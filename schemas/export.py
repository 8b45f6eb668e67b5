"""Turns a table's contract into other tongues: Polars schema, DuckDB DDL with comments, column specs, dictionary.

Belongs here: pure translation. Does not belong here: executing DDL (assets/io/warehouse) or Dagster types (pipelines).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.fields import describe, load_meanings
from schemas.registry import TABLES, Table

_DUCKDB_TYPES: dict[str, str] = {
    "String": "VARCHAR",
    "Int8": "TINYINT",
    "Int32": "INTEGER",
    "Int64": "BIGINT",
    "Float64": "DOUBLE",
    "Boolean": "BOOLEAN",
    "Date": "DATE",
}


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column, for whoever draws it: name, DuckDB type, description, nullable."""

    name: str
    type: str
    description: str
    nullable: bool


def _polars_type(declared: object) -> pl.DataType:
    inner = getattr(declared, "type", declared)
    if isinstance(inner, pl.DataType):
        return inner
    if isinstance(inner, type) and issubclass(inner, pl.DataType):
        return pl.Datetime("us") if inner is pl.Datetime else inner()
    raise TypeError(f"no Polars type in {declared!r}")


def polars_schema(table: Table) -> pl.Schema:
    """Column → Polars type, in the contract's order."""
    return pl.Schema({name: _polars_type(column.dtype) for name, column in table.schema.columns.items()})


def _duckdb_type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMP"
    if isinstance(dtype, pl.List):
        return f"{_duckdb_type(_polars_type(dtype.inner))}[]"
    return _DUCKDB_TYPES[str(dtype)]


def column_specs(table: Table) -> list[ColumnSpec]:
    """The table's columns, described; what DDL, UI and dictionary share."""
    types = polars_schema(table)
    return [
        ColumnSpec(name, _duckdb_type(types[name]), str(column.description), bool(column.nullable))
        for name, column in table.schema.columns.items()
    ]


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def duckdb_ddl(table: Table) -> list[str]:
    """CREATE TABLE plus one COMMENT per table and column."""
    specs = column_specs(table)
    columns = ", ".join(f'"{one.name}" {one.type}{"" if one.nullable else " NOT NULL"}' for one in specs)
    statements = [
        f"CREATE TABLE {table.full_name} ({columns})",
        f"COMMENT ON TABLE {table.full_name} IS {_quote(table.grain)}",
    ]
    statements += [f'COMMENT ON COLUMN {table.full_name}."{one.name}" IS {_quote(one.description)}' for one in specs]
    return statements


def empty_frame(table: Table) -> pl.DataFrame:
    """A frame of that contract with no rows."""
    return pl.DataFrame(schema=polars_schema(table))


def cast_to_contract(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The contract's columns of a frame, in the contract's order and types; others are left out.

    Raises:
        polars.exceptions.PolarsError: a column is missing, or a value does not fit its type.
    """
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


def dictionary_markdown() -> str:
    """The data dictionary (docs/tu-dien-du-lieu.md is generated from it)."""
    lines = ["# Từ điển dữ liệu", "", "Sinh từ các hợp đồng bảng trong `schemas/`; không sửa tay.", ""]
    for table in TABLES.values():
        lines += [f"## {table.full_name}", "", f"{table.grain}.", ""]
        if table.key:
            lines += [f"Khóa: {', '.join(f'`{name}`' for name in table.key)}", ""]
        lines += ["| Cột | Kiểu | Trống | Ý nghĩa |", "|---|---|---|---|"]
        lines += [
            f"| `{one.name}` | {one.type} | {'có' if one.nullable else ''} | {one.description.replace('|', '/')} |"
            for one in column_specs(table)
        ]
        lines.append("")
    return "\n".join(lines)


def check_meanings() -> list[str]:
    """Columns whose declared type disagrees with fields.csv; empty when all is well (a contract test calls this)."""
    neutral = {"text": "VARCHAR", "int8": "TINYINT", "int32": "INTEGER", "int64": "BIGINT", "float": "DOUBLE"}
    neutral |= {"bool": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP", "text_list": "VARCHAR[]"}
    wrong: list[str] = []
    for table in TABLES.values():
        by_text = {describe(name): neutral[meaning.dtype] for name, meaning in load_meanings().items()}
        wrong += [
            f"{table.full_name}.{one.name}" for one in column_specs(table) if by_text[one.description] != one.type
        ]
    return wrong
