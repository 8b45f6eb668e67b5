"""The gate: from a delivered file to text tables that hold allow-listed columns only.

Belongs here: choosing sheets and columns, refusing what cannot be a table of the source. Personal columns stop here:
nothing but the fields of a table's specification leaves this module. Does not belong here: parsing values
(assets/core), opening files (assets/io/workbook), which rows are data (assets/raw/rows).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from assets.io.cell_places import column_letters, place_cells
from assets.io.tabular_archive import count_kinds
from assets.io.tabular_legacy import convert_grid
from assets.io.workbook import Grid, read_grids
from assets.raw.doubts import find_doubt, read_cell
from assets.raw.extract_time import TimeBasis, extract_time, read_printed_time
from assets.raw.header import SEARCH_ROWS, Header
from assets.raw.match import (
    Match,
    complete_match,
    find_headless,
    find_matches,
    keep_best_layouts,
    loses_data,
    quote_fields,
)
from assets.raw.nested import make_nested
from assets.raw.rows import RowKind, select_rows
from assets.raw.shift import cut_code, mask_person
from schemas.findings import Finding, make_finding
from schemas.sources import SourceSpec, load_common, normalise_title

__all__ = ["Extraction", "RefusedFile", "SheetHeader", "TimeBasis", "extract_grids", "extract_tables", "extract_time"]

_SERIAL = r"^\d{5}(?:\.\d+)?$"
_DAYS_1900_TO_1904 = 1462


class RefusedFile(Exception):
    """A readable file that is no table of its source, or one that must not be trusted.

    Attributes:
        findings: what is wrong, each in Vietnamese with the remedy.
        headers: what was recognised nevertheless, without rows.
    """

    def __init__(self, findings: list[Finding], matches: Iterable[Match] = ()) -> None:
        super().__init__(" ".join(finding.dien_giai for finding in findings))
        self.findings = findings
        self.headers = [_describe(match, {"data": 0}) for match in matches]


@dataclass(frozen=True)
class SheetHeader:
    """How one sheet was read.

    Attributes:
        bang: raw table.
        sheet: sheet name.
        row: row of the header's last line, as the clerk sees it.
        columns: delivered title → field (several, parted by commas, for a nested list).
        unmapped: titles nobody reads that do not speak of a person.
        personal: how many columns were dropped as personal or free text.
        data_rows: data rows below.
        skipped: other rows below, counted by kind (blank total numbering header footer remark).
    """

    bang: str
    sheet: str
    row: int
    columns: dict[str, str]
    unmapped: list[str]
    personal: int
    data_rows: int
    skipped: dict[RowKind, int]


@dataclass(frozen=True)
class Extraction:
    """What a file holds for its source.

    Attributes:
        tables: raw table → text columns named after the fields found, plus ``_file_sha256``, ``_sheet`` (text) and
            ``_row`` (Int64, as the clerk sees it); an addressed table also ``_cot``. Blank cells are
            null, other values exactly as delivered.
        data_rows: raw table → its rows; header, numbering, total, blank and signature rows are not data.
        printed_extract_time: local time of "Ngày xuất: …" above a header, or None.
        headers: how each sheet was read.
        unmapped: titles nobody reads, of all sheets, without personal ones.
        findings: what the sender should know.
    """

    tables: dict[str, pl.DataFrame]
    data_rows: dict[str, int]
    printed_extract_time: datetime | None
    headers: list[SheetHeader]
    unmapped: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _File:
    """The file in hand: what findings name, and where merged cells can be looked up."""

    path: Path | None
    spec: SourceSpec
    ten_tep: str
    sha256: str

    def finding(self, code: str, *, sheet: str | None = None, row: int | None = None, **values: object) -> Finding:
        return make_finding(
            code,
            nguon=self.spec.ma,
            ten_tep=self.ten_tep,
            file_sha256=self.sha256,
            sheet=sheet,
            row=row,
            **values,  # type: ignore[arg-type]
        )


def extract_tables(path: Path, spec: SourceSpec, *, ten_tep: str | None = None, file_sha256: str = "") -> Extraction:
    """Read a delivered file as a source's tables.

    Args:
        path: the file.
        spec: its source.
        ten_tep: its delivered name, for messages; the path's name by default.
        file_sha256: hash of its content, for the passport columns.

    Returns:
        The tables, with allow-listed columns only.

    Raises:
        UnreadableFile: no table at all: damaged, protected, empty, another kind of file.
        RefusedFile: no header, a required column missing, ambiguous or shifted columns, an aggregate report.
    """
    name = ten_tep or path.name
    grids = read_grids(path, ten_tep=name)
    if any(table.addressed for table in spec.tables):
        grids = place_cells(path, grids)
    return extract_grids(grids, spec, path=path, ten_tep=name, file_sha256=file_sha256)


def extract_grids(
    grids: list[Grid], spec: SourceSpec, *, path: Path | None, ten_tep: str, file_sha256: str
) -> Extraction:
    """Do the work of :func:`extract_tables` on grids that were read already.

    Args:
        grids: the file's sheets.
        spec: the source.
        path: the file, for merged cells where a header is ambiguous; None if there is none.
        ten_tep: delivered name.
        file_sha256: content hash.

    Returns:
        The tables.

    Raises:
        RefusedFile: see :func:`extract_tables`.
    """
    file = _File(path, spec, ten_tep, file_sha256)
    whole: list[Match] = []
    partial: list[Match] = []
    grids, converted = _convert(file, grids)
    for table in spec.tables:
        for grid in grids:
            for match in find_matches(path, grid, table):
                (partial if match.missing() else whole).append(match)
    whole = keep_best_layouts(whole)
    read = {(match.grid.sheet, match.grid.first_row) for match in whole}
    partial = [match for match in partial if (match.grid.sheet, match.grid.first_row) not in read]
    if not whole:
        raise RefusedFile([_explain_absence(file, grids, partial)], partial)
    if lost := [match for match in partial if loses_data(match)]:
        raise RefusedFile([_explain_missing(file, match) for match in lost], [*lost, *whole])
    titled = {match.grid.sheet for match in (*whole, *partial)}
    if headless := find_headless([grid for grid in grids if grid.sheet not in titled], whole):
        found = [file.finding("TRANG_THIEU_TIEU_DE", sheet=sheet, trang=of) for sheet, of in headless.items()]
        raise RefusedFile(found, whole)
    extraction = _assemble(file, grids, whole, [match.grid.sheet for match in partial])
    return replace(extraction, findings=converted + extraction.findings)


def _convert(file: _File, grids: list[Grid]) -> tuple[list[Grid], list[Finding]]:
    """Turn sheets in legacy Vietnamese code tables into Unicode."""
    findings = []
    unicode = []
    for grid in grids:
        readable, table = convert_grid(grid)
        unicode.append(readable)
        if table is not None:
            findings.append(file.finding("CHU_MA_CU_DA_CHUYEN", sheet=grid.sheet, bang_ma=table))
    return unicode, findings


# --- refusals ---


def _explain_absence(file: _File, grids: list[Grid], partial: list[Match]) -> Finding:
    """Say why a file holds no table of its source."""
    aggregate = load_common().aggregate_pattern
    if any(aggregate.search(normalise_title(line)) for grid in grids for line in _lines(grid, SEARCH_ROWS)):
        return file.finding("TONG_HOP_KHONG_PHAI_06A" if file.spec.la_tong_hop else "BAO_CAO_TONG_HOP")
    if partial:
        return _explain_missing(file, max(partial, key=lambda match: len(match.header.found)))
    table = file.spec.tables[0]
    return file.finding("KHONG_THAY_TIEU_DE", cac_cot=quote_fields(table, table.required, table.one_of))


def _explain_missing(file: _File, match: Match) -> Finding:
    return file.finding("THIEU_COT_BAT_BUOC", sheet=match.grid.sheet, row=match.header_row, cac_cot=match.missing())


# --- reading ---


def _assemble(file: _File, grids: list[Grid], matches: list[Match], unread: list[str]) -> Extraction:
    frames: dict[str, list[pl.DataFrame]] = {}
    headers: list[SheetHeader] = []
    findings = [file.finding("TRANG_KHONG_DUNG", sheet=sheet) for sheet in unread]
    findings += [file.finding("TRANG_AN", sheet=sheet, so_dong=rows) for sheet, rows in _count_hidden(file, grids)]
    if beside := matches[0].grid.beside:
        findings.append(file.finding("TEP_NEN_CO_TEP_KHAC", so_tep=len(beside), cac_loai=count_kinds(beside)))
    refusals: list[Finding] = []
    for match in (complete_match(file.path, one, file.spec.ma) for one in matches):
        positions, kinds = select_rows(match.grid.cells, match.header, match.table)
        data = match.grid.cells[positions]
        doubt = find_doubt(match, data, positions)
        if doubt is not None:
            refusals.append(file.finding(doubt.ma, sheet=match.grid.sheet, row=doubt.row, **doubt.values))
            continue
        frames.setdefault(match.table.bang, []).append(_build(file, match, data, positions, grids))
        headers.append(_describe(match, kinds))
        if headers[-1].unmapped:
            count = len(headers[-1].unmapped)
            findings.append(file.finding("COT_KHONG_DUNG", sheet=match.grid.sheet, row=match.header_row, so_cot=count))
    if refusals:
        raise RefusedFile(refusals, matches)
    tables = {bang: pl.concat(parts, how="diagonal") for bang, parts in frames.items()}
    if not any(frame.height for frame in tables.values()):
        findings.append(file.finding("KHONG_CO_DONG_DU_LIEU"))
    return Extraction(
        tables=tables,
        data_rows={bang: frame.height for bang, frame in tables.items()},
        printed_extract_time=read_printed_time(
            line for match in matches for line in _lines(match.grid, match.header.first)
        ),
        headers=headers,
        unmapped=[title for header in headers for title in header.unmapped],
        findings=findings,
    )


def _count_hidden(file: _File, grids: list[Grid]) -> Iterator[tuple[str, int]]:
    """Hidden sheets that hold a table of the source, with their data rows: nobody sees them, so they are not read."""
    for grid in (hidden for one in grids for hidden in one.hidden):
        found = [
            match for table in file.spec.tables for match in find_matches(None, grid, table) if not match.missing()
        ]
        if found:
            yield grid.sheet, max(select_rows(one.grid.cells, one.header, one.table)[1]["data"] for one in found)


def _build(file: _File, match: Match, data: pl.DataFrame, positions: pl.Series, grids: list[Grid]) -> pl.DataFrame:
    """Take the allow-listed columns, make the nested ones, add the passport ones."""
    fields = []
    for name, columns in match.header.fields.items():
        cell = pl.coalesce([read_cell(column, keep_blanks_around=True) for column in columns])
        if match.table.kinds.get(name) == "ngay":
            cell = mask_person(_count_from_1900(cell) if match.grid.from_1904 else cell)
        elif match.table.kinds.get(name) == "ma" or name in match.table.links:
            cell = cut_code(cell)
        fields.append(cell.alias(name))
    made = make_nested(match.grid, match.header, match.table, positions)
    places = [pl.lit(_place_fields(match)).alias("_cot")] if match.table.addressed else []
    return data.select(fields).with_columns(
        *made,
        *places,
        *_read_above(match, grids),
        pl.lit(file.sha256).alias("_file_sha256"),
        pl.lit(match.grid.sheet).alias("_sheet"),
        (positions + match.grid.first_row).cast(pl.Int64).alias("_row"),
    )


def _count_from_1900(cell: pl.Expr) -> pl.Expr:
    """Serials of a workbook that counts days from 1904, as those of all others; date cells are ISO text already."""
    moved = (cell.str.strip_chars().cast(pl.Float64, strict=False) + _DAYS_1900_TO_1904).cast(pl.Utf8)
    return pl.when(cell.str.strip_chars().str.contains(_SERIAL)).then(moved).otherwise(cell)


def _place_fields(match: Match) -> str:
    """Say in which columns the fields stand: ``;so_lieu=G;ngay_khai=I;``."""
    places = {name: columns[0].index + match.grid.first_column for name, columns in match.header.fields.items()}
    return ";" + "".join(f"{name}={column_letters(place)};" for name, place in places.items())


def _read_above(match: Match, grids: list[Grid]) -> list[pl.Expr]:
    """The fields that stand once, in the lines above the header; null where no line says them.

    On a page the tables above count too: portals put the titles of an export in a table of their own.
    """
    if not match.table.above:
        return []
    earlier = [one for one in grids if _is_above(one, match.grid)]
    printed = [line for one in earlier for line in _lines(one, SEARCH_ROWS)] + _lines(match.grid, match.header.first)
    lines = " ".join(normalise_title(line) for line in printed)
    found = {name: re.search(pattern, lines) for name, pattern in match.table.above.items()}
    return [pl.lit(hit[1] if hit else None, pl.Utf8).alias(name) for name, hit in found.items()]


def _is_above(one: Grid, other: Grid) -> bool:
    """Whether a table stands above another one of the same HTML page, whose rows are counted through."""
    return one.sheet.startswith("html") and other.sheet.startswith("html") and one.first_row < other.first_row


def _describe(match: Match, kinds: dict[RowKind, int]) -> SheetHeader:
    return SheetHeader(
        bang=match.table.bang,
        sheet=match.grid.sheet,
        row=match.header_row,
        columns=_name_columns(match.header),
        unmapped=match.header.unmapped,
        personal=sum(1 for column in match.header.columns if column.personal),
        data_rows=kinds["data"],
        skipped={kind: count for kind, count in kinds.items() if kind != "data"},
    )


def _name_columns(header: Header) -> dict[str, str]:
    """Delivered title → the field it stands for, or those that are made of it."""
    held = {column.title: name for name, columns in header.fields.items() for column in columns}
    made = {column.title: column.feeds for column in header.columns if column.feeds}
    return held | {title: ", ".join((*filter(None, [held.get(title)]), *fields)) for title, fields in made.items()}


def _lines(grid: Grid, rows: int) -> list[str]:
    """Join the cells of a sheet's first rows; texts repeated over a merge once."""
    return [
        " ".join(dict.fromkeys(cell for cell in row if cell)) for row in grid.cells.head(rows).iter_rows() if any(row)
    ]
