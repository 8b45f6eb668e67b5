"""The only module that touches DuckDB: counting in memory, building a database file, reading a published one.

Belongs here: connections, DDL, loading Parquet, read-only queries with the doors shut. Does not belong here: what a
table means (schemas) or which SELECT makes it (assets/mart/*.sql).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import polars as pl

_LAYERS = ("core", "mart", "out")
_SMALL_BUILD = 64 * 1024 * 1024  # bytes of Parquet


class QueryRefused(ValueError):
    """A statement that the published database does not answer; the message is for the analyst."""


class Counter(AbstractContextManager["Counter"]):
    """An in-memory DuckDB that reads the layers' Parquet files and frames; writes nothing to disk."""

    def __init__(self) -> None:
        self._con = duckdb.connect(config={"threads": max(1, os.cpu_count() or 1)})
        for layer in _LAYERS:
            self._con.execute(f"create schema {layer}")

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def add_parquet(self, full_name: str, path: Path) -> None:
        """Offer a Parquet file under a table's name."""
        self._con.execute(f"create or replace view {full_name} as select * from read_parquet({_literal(str(path))})")

    def add_frame(self, full_name: str, frame: pl.DataFrame) -> None:
        """Offer a frame under a table's name."""
        handle = "frame_" + full_name.replace(".", "_")
        self._con.register(handle, frame)
        self._con.execute(f"create or replace view {full_name} as select * from {handle}")

    def add_view(self, full_name: str, select: str) -> None:
        """Offer a SELECT under a table's name."""
        self._con.execute(f"create or replace view {full_name} as {select}")

    def run(self, select: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one SELECT.

        Args:
            select: the statement, with ``$name`` parameters.
            parameters: their values; those that the statement does not name are left out.

        Returns:
            The rows as a Polars frame.
        """
        return _run(self._con, select, parameters)


def _run(con: duckdb.DuckDBPyConnection, select: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
    used = {name: value for name, value in (parameters or {}).items() if re.search(rf"\${name}\b", select)}
    return con.execute(select, used or None).pl()


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def build_database(
    target: Path,
    ddl: Iterable[str],
    contents: Mapping[str, Sequence[Path]],
    views: Mapping[str, tuple[str, str]],
    meanings: Mapping[str, str],
) -> dict[str, int]:
    """Write a new database file and close it: 0444, no write-ahead log beside it.

    Args:
        target: path of a file that does not exist yet.
        ddl: CREATE TABLE and COMMENT statements.
        contents: table → Parquet files to load, by column name.
        views: view → (SELECT, comment).
        meanings: column → comment, of every column of the views.

    Returns:
        Table → rows loaded.

    Raises:
        FileExistsError: the target exists; published files are never written again.
    """
    if target.exists():
        raise FileExistsError(target)
    counts: dict[str, int] = {}
    small = sum(path.stat().st_size for paths in contents.values() for path in paths) < _SMALL_BUILD
    files = {table: [str(path) for path in paths] for table, paths in contents.items()}
    with _write(target, single_thread=small) as con:
        for layer in _LAYERS:
            con.execute(f"create schema {layer}")
        for statement in ddl:
            con.execute(statement)
        for table, paths in files.items():
            if paths:
                con.execute(_LOAD.format(table=table), {"paths": paths})
            counts[table] = _count(con, table)
        for view, (select, comment) in views.items():
            con.execute(f"create view {view} as {select}")
            con.execute(f"comment on view {view} is {_literal(comment)}")
            for name, *_ in con.execute(f"describe {view}").fetchall():
                con.execute(f'comment on column {view}."{name}" is {_literal(meanings[name])}')
    return counts


@contextmanager
def _write(target: Path, *, single_thread: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes one database file in one transaction, and leaves it closed and 0444."""
    with duckdb.connect() as con:
        if single_thread:
            con.execute("set threads = 1")  # half the time of two threads, which spend it waiting for each other
        # without a log nothing stale can ever be replayed into a published file (libraries.md), and each row is
        # written once; a build that dies leaves a file that nobody points to
        con.execute(f"attach {_literal(str(target))} as kho (recovery_mode 'no_wal_writes')")
        con.execute("use kho")
        con.execute("begin")  # one transaction: hundreds of comments would each cost a write
        yield con
        con.execute("commit")
        con.execute("checkpoint")
        con.execute("use memory")
        con.execute("detach kho")
    target.chmod(0o444)


@dataclass(frozen=True)
class Revision:
    """New rows of one table in a copy of a published database.

    Attributes:
        table: full name.
        ddl: how the table is made where the copy has none (an older release wrote it).
        rows: what it holds from now on.
        of: column → value; only rows with these values are replaced. Empty: all.
    """

    table: str
    ddl: Sequence[str]
    rows: pl.DataFrame
    of: Mapping[str, object] = field(default_factory=dict)


def copy_database(source: Path, target: Path, revisions: Iterable[Revision]) -> None:
    """Write a copy of a published database in which some rows are new, and close it: 0444, no log beside it.

    Raises:
        FileExistsError: the target exists; published files are never written again.
    """
    if target.exists():
        raise FileExistsError(target)
    shutil.copyfile(source, target)
    with _write(target, single_thread=True) as con:
        for number, one in enumerate(revisions):
            if not _has_table(con, one.table):
                for statement in one.ddl:
                    con.execute(statement)
            con.execute(f"delete from {one.table}{_where(one.of)}", dict(one.of) or None)
            con.register(f"rows_{number}", one.rows)
            con.execute(f"insert into {one.table} by name select * from rows_{number}")


def _has_table(con: duckdb.DuckDBPyConnection, full_name: str) -> bool:
    layer, name = full_name.split(".")
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = current_database() and schema_name = $layer"
        " and table_name = $name",
        {"layer": layer, "name": name},
    )
    return found.fetchone() is not None


def _where(values: Mapping[str, object]) -> str:
    return " where " + " and ".join(f"{name} = ${name}" for name in values) if values else ""


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


_LOAD = "insert into {table} by name select * from read_parquet($paths, union_by_name = true)"
"""By name: a period's file of an older release lacks the columns that came later; they stay empty."""

_SHUT = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a published database for reading, with every door to the outside shut.

    No files, no ATTACH, no extensions, no network, and no way to unlock that again in the session.

    Raises:
        FileNotFoundError: nothing is published.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    # given at opening, not by SET: a second connection of this process shares the locked instance
    return duckdb.connect(str(path.resolve()), read_only=True, config=dict(_SHUT))


class PublishedReader(AbstractContextManager["PublishedReader"]):
    """One published database kept open for several of our own SELECTs, which answer with frames."""

    def __init__(self, path: Path) -> None:
        """Open it; raises FileNotFoundError when nothing is published there."""
        self._con = open_published(path)

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def run(self, select: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one SELECT; as ``Counter.run``."""
        return _run(self._con, select, parameters)


def query_published(
    path: Path, statement: str, parameters: Mapping[str, object] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run one read-only statement on the published database.

    Args:
        path: the database file.
        statement: one SELECT (or DESCRIBE, SHOW, EXPLAIN …).
        parameters: values of its ``$name`` parameters.

    Returns:
        Column names and rows.

    Raises:
        FileNotFoundError: nothing is published.
        QueryRefused: several statements, a writing one, one that reaches outside, or one that DuckDB cannot run.
    """
    with open_published(path) as con:
        try:
            parsed = con.extract_statements(statement)
        except duckdb.Error as wrong:
            raise QueryRefused(_say_refusal(wrong)) from wrong
        if len(parsed) != 1:
            raise QueryRefused("Mỗi lần chỉ chạy một câu lệnh SQL.")
        if parsed[0].type not in _READING:
            raise QueryRefused("Cơ sở dữ liệu đã công bố chỉ để đọc: hãy dùng SELECT.")
        try:
            cursor = con.execute(parsed[0], dict(parameters) if parameters else None)
            names = [entry[0] for entry in cursor.description or []]
            return names, cursor.fetchall()
        except duckdb.Error as wrong:
            raise QueryRefused(_say_refusal(wrong)) from wrong


def read_published(path: Path, full_name: str, of: Mapping[str, object] | None = None) -> pl.DataFrame:
    """Rows of one published table.

    Args:
        path: the database file.
        full_name: the table.
        of: column → value that the rows have; None: all rows.

    Raises:
        FileNotFoundError: nothing is published.
        QueryRefused: the database, of an older release, has no such table or column.
    """
    values = dict(of or {})
    with open_published(path) as con:
        try:
            return con.execute(f"select * from {full_name}{_where(values)}", values or None).pl()
        except duckdb.Error as wrong:
            raise QueryRefused(f"Cơ sở dữ liệu không có bảng {full_name} như cần: {_first_line(wrong)}") from wrong


_READING = frozenset(
    {
        duckdb.StatementType.SELECT,
        duckdb.StatementType.EXPLAIN,
        duckdb.StatementType.RELATION,
        duckdb.StatementType.LOGICAL_PLAN,
    }
)


_REFUSALS: tuple[tuple[type[Exception], str], ...] = (
    (
        duckdb.ParserException,
        "Câu lệnh SQL không đúng cú pháp; hãy xem lại dấu phẩy, dấu ngoặc, dấu nháy. Câu mẫu: cchc query --help",
    ),
    (
        duckdb.CatalogException,
        "Cơ sở dữ liệu đã công bố không có bảng hoặc hàm như câu lệnh ghi. Xem tên các bảng: "
        'cchc query "show all tables"; câu mẫu: cchc query --help',
    ),
    (
        duckdb.BinderException,
        "Câu lệnh SQL dùng cột không có hoặc không hợp kiểu. Xem các cột của một bảng: "
        'cchc query "describe core.ho_so"; câu mẫu: cchc query --help',
    ),
    (
        duckdb.PermissionException,
        "Câu lệnh SQL không được đọc tệp, mạng hay nạp phần mở rộng; hãy chỉ đọc các bảng đã công bố: "
        'cchc query "show all tables"',
    ),
)
"""What kind of error → the analyst's sentence, with the remedy; the first that fits."""


def _say_refusal(error: duckdb.Error) -> str:
    """One sentence with the remedy; the engine's own words after it, for who knows them."""
    general = 'Câu lệnh SQL không chạy được. Xem tên các bảng: cchc query "show all tables"; câu mẫu: cchc query --help'
    said = next((sentence for kind, sentence in _REFUSALS if isinstance(error, kind)), general)
    return f"{said}. (DuckDB: {_first_line(error)})"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
