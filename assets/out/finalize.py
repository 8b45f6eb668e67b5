"""Freezes the report that is sent: its documents again with number and date, from exactly the published values.

Belongs here: finding the official report's own tables, the frozen version, undoing it. Does not belong here: the record
(sent), whether number and date will do (schemas/sent), the command (pipelines/commands/finalizing).

Nothing is ingested or counted: the tables come from the version that published the official report, and what waits in
the inbox stays there. Waivers are read from the journal, so one that was given since the run counts.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from assets.io.home import Home
from assets.io.journal import read_journal
from assets.io.landing import write_parquet
from assets.io.publishing import Staging, begin_version, finish_version, read_provenance
from assets.io.warehouse import QueryRefused, Revision, copy_database, read_published
from assets.out.cited import find_later, list_documents
from assets.out.documents import HOME_TABLES, RUN_TABLES, ReportSource, work_folder, write_documents
from assets.out.publish import RUNS, RUNS_FILE, place_documents
from assets.out.sent import SENT, SENT_FILE, add_sent, end_sent, list_pinned, read_sent
from assets.out.waivers import lay_waivers, pick_open
from assets.raw.pull_state import list_pulls
from assets.request import ReportRequest
from schemas.document import NUMBERED_SECTIONS, section_code
from schemas.export import cast_to_contract, duckdb_ddl, polars_schema
from schemas.forms import load_forms
from schemas.registry import find_table
from schemas.rules.periods import Period
from schemas.sent import SentReport
from schemas.unit import UnitSettings
from schemas.waivers import Waivers, list_waivers

_WAIVED = ("out.doi_chieu", "out.loi_chan")


class NoOfficialReport(Exception):
    """There is no official report whose values still stand; the message is for the officer."""


@dataclass(frozen=True)
class OfficialReport:
    """The official report of a period, as it was published.

    Attributes:
        request: the run that made it, but for who asks now and when.
        source: what its documents were written from, with the waivers of today.
    """

    request: ReportRequest
    source: ReportSource

    @property
    def open_errors(self) -> list[tuple[str, str]]:
        """Code and sentence of every error of severity E that nobody accepted."""
        rows = pick_open(self.source.tables["out.loi_chan"], self.request.chinh_sach)
        return list(rows.select("ma", "dien_giai").iter_rows())

    def list_blank_sections(self) -> list[str]:
        """Codes of the numbered sections that nobody wrote, so that the report prints "…" there."""
        paragraphs = self.source.tables["core.doan_van"]
        written = set(paragraphs.filter(pl.col("ky") == self.request.ky.key)["muc"].to_list())
        return [code for code in map(section_code, NUMBERED_SECTIONS) if code not in written]

    def name_later_documents(self, ngay: date) -> list[str]:
        """The cited documents of a later day than the document's own."""
        listed = list_documents(self.source.tables["core.van_ban"], self.request.ky.key, {})
        return [one.said for one in find_later(listed, ngay)]


def open_official(
    home: Home, period: Period, *, moment: datetime, nguoi: str, la_so_lieu_mau: bool, pdf: bool
) -> OfficialReport:
    """Read the period's official report back from the version that published it.

    Args:
        home: the home; its journal is whole.
        period: the period.
        moment: the present moment, local time.
        nguoi: who asks.
        la_so_lieu_mau: the home holds sample data.
        pdf: also write a PDF.

    Raises:
        NoOfficialReport: there is none, its version is gone or of an older release, or the published values of its
            cut-off and policy are others by now.
    """
    known = read_provenance(home.reports / period.key)
    if not known:
        raise NoOfficialReport(
            f"Kỳ {period.key} chưa có báo cáo chính thức nên chưa chốt được. "
            f"Hãy chạy: cchc run --home {home.root} --period {period.key}."
        )
    request = ReportRequest(
        ky=period,
        ngay_chot=date.fromisoformat(known["ngay_chot"]),
        chinh_sach=known["chinh_sach"],
        chinh_thuc=True,
        run_id=known["run_id"],
        thoi_diem=moment,
        nguoi_chay=nguoi,
        pdf=pdf,
        la_so_lieu_mau=la_so_lieu_mau,
    )
    database = home.versions / str(known.get("phien_ban")) / home.warehouse.name
    try:
        tables = _read_tables(database, request)
        run = _read_table(database, RUNS, {"run_id": request.run_id})
        standing = _read_table(home.warehouse, "out.bieu_mau", _of_run(request))
    except (FileNotFoundError, QueryRefused) as gone:
        raise NoOfficialReport(_say_run_again(home, request, "không còn đủ bảng để in lại")) from gone
    if not _is_known_form(tables["out.bieu_mau"]):
        raise NoOfficialReport(_say_run_again(home, request, "theo biểu mẫu của bản cchc cũ"))
    if not _pick_rows(standing, request).equals(_pick_rows(tables["out.bieu_mau"], request)):
        raise NoOfficialReport(
            _say_run_again(home, request, "không còn là số đang công bố: dữ liệu đã thay đổi sau đó")
        )
    waivers = list_waivers(read_journal(home).entries)
    tables |= {name: lay_waivers(tables[name], waivers) for name in _WAIVED}
    newest = run["so_lieu_den_ngay"].to_list()
    return OfficialReport(request, ReportSource(tables, newest[0] if newest else None, known["input_hash"]))


def freeze(
    home: Home, unit: UnitSettings, template: Path, official: OfficialReport, so: int, ngay: date
) -> tuple[SentReport, dict[str, str]]:
    """Publish the version that is sent.

    Args:
        home: the home, locked; no record is in force for the period.
        unit: the reporting unit.
        template: the report's Word template.
        official: the report; nothing keeps it a draft.
        so: number of the document.
        ngay: its date.

    Returns:
        The record, and document → name it was published under.
    """
    request = official.request
    work = work_folder(home, request).with_name(f"chot_{request.ky.key}")
    source = replace(official.source, so=str(so), ngay=ngay, pulls=list_pulls(home, unit.ket_noi))
    write_documents(request, unit, source, template, work)
    staging = begin_version(home)
    documents = place_documents(staging, work, request.ky.key, request.run_id)
    shutil.rmtree(work)
    sent = SentReport(
        ky=request.ky.key,
        so=so,
        ngay=ngay,
        ngay_chot=request.ngay_chot,
        chinh_sach=request.chinh_sach,
        phien_ban=staging.version,
        nguoi=request.nguoi_chay,
        thoi_diem=request.thoi_diem,
        con_hieu_luc=True,
    )
    waivers = list_waivers(read_journal(home).entries)
    revisions = [_revise_waivers(home, request, name, waivers) for name in _WAIVED]
    _publish_records(home, staging, add_sent(read_sent(home), sent), revisions, unit.quy_tac.giu_phien_ban)
    for name in _WAIVED:  # the next run of another period publishes these files again
        path = home.partition(name, request.partition)
        if path.is_file():
            write_parquet(lay_waivers(pl.read_parquet(path), waivers), path)
    return sent, documents


def unfreeze(home: Home, ky: str, keep: int) -> None:
    """Publish a version in which the period's record is no longer in force; its documents stay until the next run.

    Args:
        home: the home, locked.
        ky: the period.
        keep: how many versions stay.
    """
    _publish_records(home, begin_version(home), end_sent(read_sent(home), ky), [], keep)


def _publish_records(home: Home, staging: Staging, records: pl.DataFrame, revisions: list[Revision], keep: int) -> None:
    """Switch to a version whose database is the published one but for the records and the given rows."""
    write_parquet(records, staging.folder / SENT_FILE)
    shutil.copyfile(home.current / RUNS_FILE, staging.folder / RUNS_FILE)
    revisions = [*revisions, Revision(SENT, duckdb_ddl(find_table(SENT)), records)]
    copy_database(home.warehouse, staging.database, revisions)
    finish_version(home, staging, keep, list_pinned(records))
    write_parquet(records, home.table(SENT))


def _revise_waivers(home: Home, request: ReportRequest, name: str, waivers: Waivers) -> Revision:
    rows = _read_table(home.warehouse, name, _of_run(request))
    return Revision(name, duckdb_ddl(find_table(name)), lay_waivers(rows, waivers), _of_run(request))


def _read_tables(database: Path, request: ReportRequest) -> dict[str, pl.DataFrame]:
    of_run = {name: _read_table(database, name, _of_run(request)) for name in RUN_TABLES}
    return of_run | {name: _read_table(database, name, {}) for name in HOME_TABLES}


def _read_table(database: Path, name: str, of: Mapping[str, object]) -> pl.DataFrame:
    """Rows with the columns and types of the contract.

    Raises:
        QueryRefused: the table or a column is missing: an older release wrote it.
    """
    rows, table = read_published(database, name, of), find_table(name)
    if missing := [column for column in polars_schema(table) if column not in rows.columns]:
        raise QueryRefused(f"{name}: {', '.join(missing)}")
    return cast_to_contract(rows, table)


def _of_run(request: ReportRequest) -> dict[str, object]:
    return {"ky": request.ky.key, "ngay_chot": request.ngay_chot}


def _pick_rows(bieu_mau: pl.DataFrame, request: ReportRequest) -> pl.DataFrame:
    """The values of the report: the whole home's rows under its policy."""
    mine = (pl.col("chinh_sach") == request.chinh_sach) & pl.col("don_vi").is_null()
    return bieu_mau.filter(mine).sort("thu_tu")


def _is_known_form(bieu_mau: pl.DataFrame) -> bool:
    """Whether this release prints every row: forms are data, and another release may have others."""
    known = {(form.bieu, line.stt) for form in load_forms().values() for line in form.dong}
    return set(bieu_mau.select("bieu", "stt").unique().iter_rows()) <= known


def _say_run_again(home: Home, request: ReportRequest, why: str) -> str:
    return (
        f"Báo cáo chính thức của kỳ {request.ky.key} {why}. Không chốt gì. Hãy chạy: cchc run --home {home.root} "
        f"--period {request.ky.key} --cutoff {request.ngay_chot.isoformat()} --policy {request.chinh_sach} "
        "--official, xem lại số liệu rồi chốt."
    )
