"""The value tables of one period and cut-off.

Belongs here: which tables are made together, and from what. Does not belong here: counting (values), filling forms
(forms), what a period lacks (lacks), Dagster (products).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assets.core.findings import frame_findings
from assets.core.state import list_delivered
from assets.io.home import Home
from assets.io.journal import read_journal
from assets.io.landing import read_passports
from assets.io.warehouse import Counter
from assets.mart.due_dates import DUE_DATES
from assets.mart.states import STATE_TABLES, read_select
from assets.out.control_totals import find_other_window, pick_control_totals
from assets.out.crosschecks import check_values, read_earlier
from assets.out.drift import find_drift
from assets.out.due_dates import count_due_dates, find_due_date_patterns
from assets.out.forms import fill_forms
from assets.out.lacks import (
    find_lacks,
    find_silent_sources,
    find_unknown_facts,
    find_unset_names,
    find_untold_channels,
    say_lacking,
)
from assets.out.provenance import hash_inputs
from assets.out.publish import PARTITIONED
from assets.out.report import fill_text, read_counted
from assets.out.systems import find_mismatches
from assets.out.values import count_indicators, list_definitions
from assets.out.waivers import PeriodFacts, lay_waivers, list_blocking, pick_of_period
from assets.request import ReportRequest
from schemas.findings import Finding
from schemas.rules.reference import ReferenceFacts
from schemas.unit import UnitSettings
from schemas.waivers import list_waivers


@dataclass(frozen=True)
class _Tables:
    """The tables that a run finds made: those of its period and cut-off, and those that hold one state."""

    home: Home
    request: ReportRequest

    def read(self, name: str) -> pl.DataFrame:
        one_state = name not in PARTITIONED
        return pl.read_parquet(
            self.home.table(name) if one_state else self.home.partition(name, self.request.partition)
        )


def compute_values(
    home: Home, unit: UnitSettings, request: ReportRequest, facts: ReferenceFacts
) -> dict[str, pl.DataFrame]:
    """Make the value tables of one period and cut-off, under every policy, from core's and mart's Parquet files."""
    tables, passports = _Tables(home, request), read_passports(home)
    delivered = list_delivered(passports)
    declared, deliveries = tables.read("core.nhap_tay"), tables.read("core.giao_nop")
    with Counter() as counter:
        for name in STATE_TABLES:
            counter.add_parquet(name, home.partition(name, request.partition))
        counter.add_parquet("mart.chinh_sach", home.table("mart.chinh_sach"))
        counter.add_view("mart.ho_so_lop", read_select("mart.ho_so_lop"))
        values = count_indicators(counter, request.ky.key, request.ngay_chot, delivered, hash_inputs(passports, unit))
        silent = find_silent_sources(counter, request.chinh_sach, delivered)
        lacking = say_lacking(delivered)
        every_form = fill_forms(values, declared, request.ky.key, request.ngay_chot, unit.bao_cao.localise, lacking)
        forms = every_form.filter(pl.col("bieu").is_in(unit.bao_cao.forms))
        drift = find_drift(home, request, counter, forms, list_definitions(), declared)
    text = fill_text(
        request,
        unit,
        every_form,
        read_counted(values, request.chinh_sach),
        tables.read("core.doan_van"),
        tables.read("core.van_ban"),
        deliveries,
    )
    reports, due_dates = tables.read("core.tong_hop"), tables.read(DUE_DATES)
    found = frame_period_findings(
        request,
        [
            *find_lacks(request, passports, forms),
            *find_unset_names(unit),
            *find_unknown_facts(tables.read("mart.thu_tuc_ky"), delivered),
            *find_untold_channels(tables.read("mart.ho_so_ky"), tables.read("core.ho_so")),
            *find_mismatches(tables.read("mart.doi_soat_he_thong")),
            *text.findings,
            *find_due_date_patterns(due_dates, facts),
            *find_other_window(reports, request.ky, request.ngay_chot),
            *silent,
            *drift.phat_hien,
        ],
    )
    waivers = list_waivers(read_journal(home).entries)
    checks = check_values(
        values,
        forms,
        read_earlier(home, request.ky, request.ngay_chot),
        count_due_dates(due_dates),
        pick_control_totals(reports, request.ky, request.ngay_chot),
    )
    checks = lay_waivers(checks, waivers)
    wrong = pl.concat([_pick_data_errors(tables), found.filter(pl.col("muc_do") == "E")])
    return {
        "out.chi_tieu": values,
        "out.bieu_mau": every_form,
        "out.doi_chieu": checks,
        "out.phat_hien_ky": found,
        "out.loi_chan": list_blocking(checks, wrong, waivers),
        "out.bien_dong": drift.bien_dong,
    }


def _pick_data_errors(tables: _Tables) -> pl.DataFrame:
    """The E findings about delivered data that concern the period, with its key and cut-off."""
    written = pl.concat(
        [
            tables.read(name).select("ky", "_file_sha256", "_sheet", "_row")
            for name in ("core.nhap_tay", "core.doan_van")
        ]
    )
    facts = PeriodFacts(
        tables.read("mart.ho_so_ky"),
        tables.read("core.giao_nop"),
        written.filter(pl.col("ky") != tables.request.ky.key).drop("ky").unique(),
    )
    return _place_in_run(tables.request, pick_of_period(tables.read("core.phat_hien"), facts))


def frame_period_findings(request: ReportRequest, findings: list[Finding]) -> pl.DataFrame:
    """Findings as rows of ``out.phat_hien_ky``."""
    return _place_in_run(request, frame_findings(findings))


def _place_in_run(request: ReportRequest, findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(pl.lit(request.ky.key).alias("ky"), pl.lit(request.ngay_chot).alias("ngay_chot"), pl.all())
