"""Publishes one run: a new read-only database with every period's values, and the period's report.

Belongs here: what goes into a version. Does not belong here: folders and pointers (assets/io/publishing), DuckDB
(assets/io/warehouse).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from assets.io.home import Home
from assets.io.landing import write_parquet
from assets.io.publishing import (
    PROVENANCE_FILE,
    Staging,
    begin_version,
    drop_report,
    finish_version,
    place_report,
)
from assets.io.warehouse import build_database
from assets.out.documents import work_folder
from assets.out.sent import SENT, SENT_FILE, find_sent, list_pinned, read_sent
from assets.request import ReportRequest
from schemas.export import duckdb_ddl, empty_frame, polars_schema
from schemas.fields import describe, load_meanings
from schemas.registry import TABLES, find_table
from schemas.sent import TRUE_UP

PARTITIONED = frozenset(
    {
        "mart.ho_so_ky",
        "mart.thu_tuc_ky",
        "mart.pakn_ky",
        "mart.hen_tra_tinh_lai",
        "out.chi_tieu",
        "out.bieu_mau",
        "out.doi_chieu",
        "out.loi_chan",
        "out.bien_dong",
        "out.phat_hien_ky",
    }
)
"""Tables that keep one Parquet file per period and cut-off; the others hold one state."""

RUNS = "out.lan_chay"
RUNS_FILE = "lan_chay.parquet"
_LOP = Path(__file__).parents[1] / "mart" / "ho_so_lop.sql"


@dataclass(frozen=True)
class Published:
    """What a run published."""

    version: str
    folder: Path
    rows: dict[str, int]
    documents: dict[str, str]


def publish(home: Home, request: ReportRequest, input_hash: str, newest_extract: date | None, keep: int) -> Published:
    """Build and switch to a new version.

    Args:
        home: the home; its layers are complete.
        request: the run.
        input_hash: hash of the inputs.
        newest_extract: day of the newest dossier extract.
        keep: how many versions stay.
    """
    staging = begin_version(home)
    records = read_sent(home)
    sent = find_sent(records, request.ky.key)
    runs = _record_run(home, request, input_hash, newest_extract, staging.version, is_sent=sent is not None)
    write_parquet(runs, staging.folder / RUNS_FILE)
    write_parquet(records, staging.folder / SENT_FILE)
    documents: dict[str, str] = {}
    if sent is None and request.chinh_thuc:
        documents = place_documents(staging, work_folder(home, request), request.ky.key, request.run_id)
        drop_report(staging, f"{request.ky.key}/{TRUE_UP}")  # those of a record that was undone
    elif sent is not None and sent.is_followed_by(request.chinh_sach, chinh_thuc=request.chinh_thuc):
        period = f"{request.ky.key}/{TRUE_UP}"
        documents = place_documents(staging, work_folder(home, request), period, request.run_id)
    _drop_passed_nights(home, runs, records)
    contents = {name: _files_of(home, name) for name in TABLES}
    contents |= {RUNS: [staging.folder / RUNS_FILE], SENT: [staging.folder / SENT_FILE]}
    ddl = [statement for table in TABLES.values() for statement in duckdb_ddl(table)]
    views = {
        "mart.ho_so_lop": (
            _LOP.read_text("utf-8"),
            "Một hồ sơ × kỳ × ngày chốt × chính sách: lớp của nó; mọi chỉ tiêu đọc bảng này",
        )
    }
    meanings = {name: describe(name) for name in load_meanings()}
    rows = build_database(staging.database, ddl, contents, views, meanings)
    folder = finish_version(home, staging, keep, list_pinned(records))
    write_parquet(runs, home.table(RUNS))
    write_parquet(records, home.table(SENT))
    return Published(staging.version, folder, rows, documents)


def place_documents(staging: Staging, work: Path, period: str, run_id: str) -> dict[str, str]:
    """Put the documents of a work folder into a report folder of the version.

    Args:
        staging: the version being built.
        work: where ``write_documents`` wrote them.
        period: the report's folder below ``reports``.
        run_id: the run whose values they print.

    Returns:
        Document → name it was published under.
    """
    provenance = json.loads((work / PROVENANCE_FILE).read_text("utf-8"))
    files = sorted(path for path in work.iterdir() if path.name != PROVENANCE_FILE)
    return place_report(staging, period, files, provenance | {"phien_ban": staging.version, "run_id": run_id})


def _drop_passed_nights(home: Home, runs: pl.DataFrame, sent: pl.DataFrame) -> None:
    """Remove the period files of cut-offs that only automatic runs asked for and a newer run of the period passed.

    A nightly job would otherwise add a whole state of every open period a day; asked-for and sent cut-offs stay.
    """
    newest = pl.col("thoi_diem") == pl.col("thoi_diem").max().over("ky")
    asked = runs.filter(newest | ~pl.col("tu_dong")).select("ky", "ngay_chot")
    keep = pl.concat([asked, sent.filter("con_hieu_luc").select("ky", "ngay_chot")]).unique()
    kept = {f"{ky}_{cutoff.isoformat()}" for ky, cutoff in keep.iter_rows()}
    for name in PARTITIONED:
        for path in _files_of(home, name):
            if path.stem not in kept:
                path.unlink()


def _files_of(home: Home, name: str) -> list[Path]:
    if name in PARTITIONED:
        layer, table = name.split(".")
        return sorted((home.layer(layer) / table).glob("*.parquet"))
    path = home.table(name)
    return [path] if path.is_file() else []


def _record_run(
    home: Home, request: ReportRequest, input_hash: str, newest_extract: date | None, version: str, *, is_sent: bool
) -> pl.DataFrame:
    """The published runs with this one added; read from the published version, so that a killed run leaves no trace."""
    table = find_table(RUNS)
    path = home.current / RUNS_FILE
    before = pl.read_parquet(path) if path.is_file() else empty_frame(table)
    if "tu_dong" not in before.columns:  # a home from before runs said who started them
        before = before.with_columns(pl.lit(value=False).alias("tu_dong"))
    before = before.select(polars_schema(table).names())
    run = {
        "run_id": request.run_id,
        "thoi_diem": request.thoi_diem,
        "nguoi_chay": request.nguoi_chay,
        "ky": request.ky.key,
        "ngay_chot": request.ngay_chot,
        "chinh_sach": request.chinh_sach,
        "tu_dong": request.tu_dong,
        "chinh_thuc": request.chinh_thuc and not is_sent,
        "so_lieu_den_ngay": newest_extract,
        "input_hash": input_hash,
        "phien_ban": version,
    }
    others = before.filter(pl.col("run_id") != request.run_id)
    after = pl.concat([others, pl.DataFrame([run], schema=polars_schema(table))])
    table.schema.validate(after, lazy=True)
    return after
