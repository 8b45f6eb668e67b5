"""Every document of one report, written from one set of tables: a run's own, or a published version's.

Belongs here: which tables the documents need, which documents there are. Does not belong here: where tables come from
(products, finalize), how one document is written (report, feedback, provenance).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from assets.io.home import Home
from assets.io.publishing import PROVENANCE_FILE
from assets.out.check_book import write_checks
from assets.out.feedback import write_findings
from assets.out.freshness import Delivered
from assets.out.provenance import describe_provenance
from assets.out.report import (
    PreparedReport,
    fill_text,
    prepare_report,
    read_counted,
    write_annex_workbook,
    write_pdf,
    write_report,
)
from assets.out.systems import show_mismatches
from assets.out.waivers import pick_open
from assets.raw.pull_state import PullState
from assets.request import ReportRequest
from schemas.document_build import ReportMarks
from schemas.unit import UnitSettings

RUN_TABLES = ("out.chi_tieu", "out.bieu_mau", "out.doi_chieu", "out.loi_chan", "out.phat_hien_ky")
"""What the documents read of one period and cut-off."""

HOME_TABLES = (
    "core.doan_van",
    "core.van_ban",
    "core.giao_nop",
    "core.phat_hien",
    "core.da_rut",
    "mart.doi_soat_he_thong",
)
"""What they read whole."""


@dataclass(frozen=True)
class ReportSource:
    """What the documents of one report are written from.

    Attributes:
        tables: ``RUN_TABLES`` of the period and cut-off, ``HOME_TABLES``.
        newest_extract: day of the newest dossier extract.
        input_hash: hash of the inputs.
        so: number of the document; None leaves a blank for văn thư.
        ngay: its date; None leaves a blank.
        pulls: what the home's connectors last did.
    """

    tables: Mapping[str, pl.DataFrame]
    newest_extract: date | None
    input_hash: str
    so: str | None = None
    ngay: date | None = None
    pulls: Sequence[PullState] = ()


def work_folder(home: Home, request: ReportRequest) -> Path:
    """Where a run's documents are written before they are published."""
    return home.layer("out") / "tai_lieu" / f"{request.partition}_{request.chinh_sach}"


def write_documents(
    request: ReportRequest, unit: UnitSettings, source: ReportSource, template: Path, folder: Path
) -> dict[str, Path]:
    """Write all documents into a folder, replacing what it holds.

    Args:
        request: the run.
        unit: the reporting unit.
        source: tables and marks.
        template: the report's Word template.
        folder: a work folder.

    Returns:
        Document (the name of its asset) → file; a PDF is in the folder if the request wants one.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    tables = source.tables
    prepared = _prepare(request, unit, source)
    properties = prepared.context.thuoc_tinh
    findings = pl.concat([tables["core.phat_hien"], tables["out.phat_hien_ky"].drop("ky", "ngay_chot")])
    deliveries = tables["core.giao_nop"]
    also = show_mismatches(tables["mart.doi_soat_he_thong"], deliveries)
    written = {
        "bao_cao": write_report(prepared, template, folder),
        "phu_luc_3": write_annex_workbook(prepared, folder),
        "so_phat_hien": write_findings(
            findings,
            Delivered(deliveries, tables["core.da_rut"], unit.tuoi_nguon, source.pulls),
            request,
            properties,
            folder,
            also=also,
        ),
        "so_doi_chieu": write_checks(
            tables["out.doi_chieu"], tables["out.loi_chan"], request.chinh_sach, properties, folder
        ),
        "ho_chieu": folder / PROVENANCE_FILE,
    }
    passport = describe_provenance(request, tables["out.bieu_mau"], deliveries, source.input_hash)
    written["ho_chieu"].write_text(json.dumps(passport, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if request.pdf:
        write_pdf(folder)
    return written


def _prepare(request: ReportRequest, unit: UnitSettings, source: ReportSource) -> PreparedReport:
    tables, newest = source.tables, source.newest_extract
    text = fill_text(
        request,
        unit,
        tables["out.bieu_mau"],
        read_counted(tables["out.chi_tieu"], request.chinh_sach),
        tables["core.doan_van"],
        tables["core.van_ban"],
        tables["core.giao_nop"],
    )
    marks = ReportMarks(
        so=source.so,
        ngay=source.ngay,
        la_so_lieu_mau=request.la_so_lieu_mau,
        la_du_thao=not pick_open(tables["out.loi_chan"], request.chinh_sach).is_empty(),
        so_lieu_den_ngay=newest if newest and newest < request.ngay_chot else None,
        phien_ban_du_lieu=source.input_hash,
    )
    return prepare_report(request, unit, text, marks)
