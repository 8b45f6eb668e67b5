"""Builds every core table from what was delivered: one pass, so that findings and row accounts cannot disagree.

Belongs here: the order of the cleaning steps and which findings come together. Does not belong here: the cleaning of
one table, Dagster (tables), files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from assets.core.corrections import correct_rows
from assets.core.findings import frame_findings, gather, keep_known_units
from assets.core.giao_nop import account_deliveries, list_withdrawn
from assets.core.ho_so import clean_dossiers
from assets.core.nhap_tay import clean_declared, clean_documents, clean_paragraphs
from assets.core.pakn import clean_petitions
from assets.core.thanh_toan import clean_payments
from assets.core.thu_tuc import clean_procedures
from assets.core.tong_hop import clean_control_totals
from assets.io.home import Home
from assets.io.landing import Passport, read_every_passport, read_passports, read_raw, read_refusals
from assets.raw.ingest import find_strays
from assets.raw.pull_state import find_failed_pulls, find_uncovered_days
from schemas.findings import Finding
from schemas.rules.reference import ReferenceFacts
from schemas.sources import load_sources
from schemas.unit import UnitSettings


class NoUsableDossiers(Exception):
    """No usable list of dossiers was ever delivered; the message is for the officer."""


@dataclass(frozen=True)
class CoreState:
    """Every core table, by full name."""

    frames: dict[str, pl.DataFrame]


def build_core(home: Home, unit: UnitSettings, facts: ReferenceFacts) -> CoreState:
    """Make all core tables.

    Args:
        home: the home; raw is complete.
        unit: the unit's rules.
        facts: working calendar and replaced procedure codes.

    Raises:
        NoUsableDossiers: without a list of dossiers there is nothing to report.
    """
    passports = read_passports(home)
    pulls = [*find_failed_pulls(home, unit.ket_noi), *find_uncovered_days(home, unit.ket_noi)]
    refused = [*list_refusal_findings(home), *pulls]
    if not any("ho_so" in one.so_dong for one in passports):
        raise NoUsableDossiers(_say_nothing_usable(home, refused))
    catalogue = correct_rows(read_raw(home, "thu_tuc"), "thu_tuc", unit.dinh_chinh)
    lists = correct_rows(read_raw(home, "ho_so"), "ho_so", unit.dinh_chinh)
    procedures = clean_procedures(catalogue.deliveries)
    merged = clean_dossiers(lists.deliveries, procedures.frame, unit.quy_tac, facts, unit.lien_ket)
    dossiers = merged.dossiers
    payments = clean_payments(read_raw(home, "thanh_toan"), dossiers.frame["ma_ho_so"], merged.aliases)
    petitions = clean_petitions(read_raw(home, "pakn"))
    declared = clean_declared(read_raw(home, "nhap_tay"), unit.bao_cao.localise)
    paragraphs = clean_paragraphs(read_raw(home, "doan_van"))
    documents = clean_documents(read_raw(home, "van_ban"))
    totals = clean_control_totals(read_raw(home, "tong_hop"))
    cleaned = (procedures, dossiers, payments, petitions, declared, paragraphs, documents, totals)
    file_findings = [finding for one in passports for finding in one.phat_hien]
    file_findings += [*catalogue.findings, *lists.findings]
    findings = gather([frame_findings([*refused, *file_findings]), *(one.findings for one in cleaned)])
    return CoreState(
        {
            "core.thu_tuc": procedures.frame,
            "core.ho_so": dossiers.frame,
            "core.ho_so_ban": merged.versions,
            "core.thanh_toan": payments.frame,
            "core.pakn": petitions.frame,
            "core.nhap_tay": declared.frame,
            "core.doan_van": paragraphs.frame,
            "core.van_ban": documents.frame,
            "core.tong_hop": totals.frame,
            "core.giao_nop": account_deliveries(passports, [one.accounts for one in cleaned]),
            "core.da_rut": list_withdrawn(read_every_passport(home)),
            "core.phat_hien": keep_known_units(findings, dossiers.frame),
        }
    )


def list_refusal_findings(home: Home) -> list[Finding]:
    """Findings of files that wait refused in the inbox, or lie outside every source's folder."""
    sources = load_sources()
    refused = [
        # the reader of a file that is no table knows its name only
        replace(finding, nguon=finding.nguon or source, file_sha256=finding.file_sha256 or one.sha256)
        for source in sources
        for one in read_refusals(home, source).values()
        for finding in one.phat_hien
    ]
    return [*refused, *find_strays(home, frozenset(sources))]


def _say_nothing_usable(home: Home, refused: list[Finding]) -> str:
    withdrawn = [one.ten_tep for one in read_every_passport(home) if one.rut is not None and "ho_so" in one.so_dong]
    reasons = "".join(f"\n- {one.dien_giai}" for one in refused)
    if withdrawn:
        return (
            f"Mọi danh sách hồ sơ đã nộp đều đã bị rút ({', '.join(withdrawn)}) nên chưa lập được báo cáo. Hãy nộp "
            f"danh sách đúng, hoặc dùng lại một tệp bằng cchc withdraw --undo.{reasons}"
        )
    if reasons:
        return f"Không có danh sách hồ sơ nào dùng được nên chưa lập được báo cáo.{reasons}"
    return (
        f"Chưa có danh sách hồ sơ nào trong {home.inbox / 'mot_cua'}. Hãy xuất danh sách hồ sơ từ hệ thống một cửa "
        "(.xlsx), chép vào thư mục đó rồi chạy lại."
    )


def find_newest_extract(passports: list[Passport]) -> date | None:
    """Day of the newest delivery that holds dossiers."""
    days = [one.ngay_xuat.date() for one in passports if "ho_so" in one.so_dong]
    return max(days, default=None)


def list_delivered(passports: list[Passport]) -> frozenset[str]:
    """Raw tables, and their columns as ``table.column``, that at least one delivery carries."""
    tables = {table for one in passports for table in one.so_dong}
    columns = {f"{table}.{name}" for one in passports for table, names in one.cot.items() for name in names}
    return frozenset(tables | columns)
