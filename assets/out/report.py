"""The report of one run: its typed context from the published values, and the documents written from it.

Belongs here: gathering rows, paragraphs, unit and period into ``BaoCao``; writing docx, xlsx, pdf into a work folder.
Does not belong here: where they are published (publish), how they look (templates, assets/io).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from assets.io.pdf import convert_to_pdf
from assets.io.sheets import write_annex
from assets.io.word import render_report
from assets.out.cited import check_documents, list_documents
from assets.out.paragraphs import Values, fill_paragraphs, index_rows
from assets.request import ReportRequest
from schemas.document import BaoCao
from schemas.document_build import FormRow, PolicyNote, ReportMarks, ReportPeriod, build_context
from schemas.findings import Finding
from schemas.forms import load_forms
from schemas.rules.counting import find_policy
from schemas.unit import UnitSettings

REPORT_FILE = "bao-cao.docx"
ANNEX_FILE = "phu-luc-3.xlsx"
PDF_FILE = "bao-cao.pdf"


@dataclass(frozen=True)
class ReportText:
    """The rows of the forms and the officer's paragraphs filled from them."""

    rows: list[FormRow]
    by_section: Mapping[str, Sequence[str]]
    findings: list[Finding]


@dataclass(frozen=True)
class PreparedReport:
    """Everything the documents are written from."""

    context: BaoCao
    rows: list[FormRow]


def read_rows(bieu_mau: pl.DataFrame, policy: str) -> list[FormRow]:
    """The whole home's rows under one policy, in printing order, with the print flags of their forms."""
    flags = {(form.bieu, line.stt): line for form in load_forms().values() for line in form.dong}
    mine = bieu_mau.filter((pl.col("chinh_sach") == policy) & pl.col("don_vi").is_null()).sort("thu_tu")
    rows = []
    for one in mine.iter_rows(named=True):
        line = flags[one["bieu"], one["stt"]]
        rows.append(
            FormRow(
                bieu=one["bieu"],
                stt=one["stt"],
                chi_tieu=one["chi_tieu"],
                don_vi_tinh=one["don_vi_tinh"] or "",
                so_lieu=one["so_lieu"],
                tu_so=one["tu_so"],
                mau_so=one["mau_so"],
                loai=line.loai,
                in_nghieng=line.in_nghieng,
                an_stt=line.an_stt,
                luy_ke=line.agg == "ytd",
                chua_ro=one["chua_ro"] or 0,
                con_thieu=one["con_thieu"] or "",
            )
        )
    return rows


def fill_text(
    request: ReportRequest,
    unit: UnitSettings,
    bieu_mau: pl.DataFrame,
    counted: Mapping[str, float | None],
    paragraphs: pl.DataFrame,
    documents: pl.DataFrame,
    deliveries: pl.DataFrame,
) -> ReportText:
    """Pick the rows of the report and fill its paragraphs from them.

    Args:
        request: the run.
        unit: the reporting unit.
        bieu_mau: ``out.bieu_mau`` of the run.
        counted: indicator code → value of the whole home under the report's policy.
        paragraphs: ``core.doan_van``.
        documents: ``core.van_ban``.
        deliveries: ``core.giao_nop``.
    """
    rows = read_rows(bieu_mau, request.chinh_sach)
    mine = paragraphs.filter(pl.col("ky") == request.ky.key).sort("muc", "thu_tu")
    file_names = dict(deliveries.select("_file_sha256", "ten_tep").iter_rows())
    listed = list_documents(documents, request.ky.key, file_names)
    by_id = {one.ma: one.van_ban for one in listed}
    values = Values(index_rows(rows), _list_names(request, unit), counted, by_id, _list_unknown(bieu_mau, request))
    filled = fill_paragraphs(mine, values, file_names)
    judged = check_documents(listed, filled.vien_dan, request.ngay_chot, request.ky.gui_truoc)
    return ReportText(rows, filled.by_section, [*filled.findings, *judged])


def prepare_report(request: ReportRequest, unit: UnitSettings, text: ReportText, marks: ReportMarks) -> PreparedReport:
    """Build the context of the report.

    Args:
        request: the run.
        unit: the reporting unit.
        text: rows and paragraphs.
        marks: number, date, draft or sample, age and version of the data.
    """
    policy = find_policy(request.chinh_sach)
    context = build_context(
        text.rows,
        {form.bieu: form.ten for form in load_forms().values() if form.in_phu_luc and unit.bao_cao.applies(form.bieu)},
        unit.don_vi,
        ReportPeriod(request.ky.key, request.ky.ten, request.ky.ten_ky_toi, request.ky.tu_ngay, request.ngay_chot),
        PolicyNote(policy.chinh_sach, policy.giai_thich),
        text.by_section,
        marks,
    )
    return PreparedReport(context, text.rows)


def read_counted(chi_tieu: pl.DataFrame, policy: str) -> dict[str, float | None]:
    """Indicator code → value of the whole home under one policy, from ``out.chi_tieu`` of one period and cut-off."""
    dimensions = ("don_vi", "linh_vuc", "ma_tthc", "kenh")
    whole = chi_tieu.filter((pl.col("chinh_sach") == policy), *(pl.col(name).is_null() for name in dimensions))
    return dict(whole.select("ma_chi_tieu", "gia_tri").iter_rows())


def _list_unknown(bieu_mau: pl.DataFrame, request: ReportRequest) -> dict[str, int]:
    """Indicator code → dossiers that are unknown to it, of those that a row prints (a ratio: its numerator)."""
    mine = bieu_mau.filter((pl.col("chinh_sach") == request.chinh_sach) & pl.col("don_vi").is_null())
    return dict(
        mine.filter(pl.col("chua_ro") > 0).select(pl.coalesce("ma_chi_tieu", "tu_so_ma"), "chua_ro").iter_rows()
    )


def _list_names(request: ReportRequest, unit: UnitSettings) -> dict[str, str | date]:
    """The names of period and unit that a paragraph may print."""
    return {
        "ky": request.ky.ten,
        "ky_toi": request.ky.ten_ky_toi,
        "nam": str(request.ky.year),
        "tu_ngay": request.ky.tu_ngay,
        "den_ngay": request.ky.den_ngay,
        "ngay_chot": request.ngay_chot,
        "don_vi": unit.don_vi.ten_ngan,
        "don_vi_day_du": unit.don_vi.ten_day_du,
        "dia_danh": unit.don_vi.dia_danh,
    }


def write_report(prepared: PreparedReport, template: Path, folder: Path) -> Path:
    """Write bao-cao.docx into a folder that exists."""
    target = folder / REPORT_FILE
    render_report(prepared.context, template, target)
    return target


def write_annex_workbook(prepared: PreparedReport, folder: Path) -> Path:
    """Write phu-luc-3.xlsx into a folder that exists."""
    target = folder / ANNEX_FILE
    write_annex(prepared.context, prepared.rows, target)
    return target


def write_pdf(folder: Path) -> Path:
    """Convert the folder's report to PDF.

    Raises:
        assets.io.pdf.PdfError: LibreOffice is missing or fails.
    """
    target = folder / PDF_FILE
    convert_to_pdf(folder / REPORT_FILE, target)
    return target
