"""The value tables of one period and cut-off, and the findings that only a period can raise.

Belongs here: which tables are counted together and what a period lacks. Does not belong here: counting (values),
filling forms (forms), Dagster (products).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from assets.core.findings import frame_findings
from assets.core.state import find_newest_extract, list_delivered
from assets.io.home import Home
from assets.io.journal import read_journal
from assets.io.landing import Passport, read_passports
from assets.io.warehouse import Counter
from assets.mart.due_dates import DUE_DATES
from assets.mart.states import STATE_TABLES, read_select
from assets.out.control_totals import find_other_window, pick_control_totals
from assets.out.crosschecks import check_values, read_earlier
from assets.out.drift import find_drift
from assets.out.due_dates import count_due_dates, find_due_date_patterns
from assets.out.forms import fill_forms, find_undeclared
from assets.out.provenance import hash_inputs
from assets.out.report import fill_text, read_counted
from assets.out.systems import find_mismatches
from assets.out.values import count_indicators, list_definitions
from assets.out.waivers import PeriodFacts, lay_waivers, list_blocking, pick_of_period
from assets.request import ReportRequest
from schemas.fields import load_meanings
from schemas.findings import Finding, make_finding
from schemas.indicators import load_indicators
from schemas.indicators.compile import compile_unknown
from schemas.registry import find_table
from schemas.rules.display import format_date, format_integer
from schemas.rules.reference import ReferenceFacts
from schemas.sources import load_sources
from schemas.unit import UnitSettings
from schemas.waivers import list_waivers


def compute_values(
    home: Home, unit: UnitSettings, request: ReportRequest, facts: ReferenceFacts
) -> dict[str, pl.DataFrame]:
    """Make the value tables of one period and cut-off, under every policy, from core's and mart's Parquet files."""
    passports = read_passports(home)
    declared = pl.read_parquet(home.table("core.nhap_tay"))
    with Counter() as counter:
        for name in STATE_TABLES:
            counter.add_parquet(name, home.partition(name, request.partition))
        counter.add_parquet("mart.chinh_sach", home.table("mart.chinh_sach"))
        counter.add_view("mart.ho_so_lop", read_select("mart.ho_so_lop"))
        values = count_indicators(
            counter, request.ky.key, request.ngay_chot, list_delivered(passports), hash_inputs(passports, unit)
        )
        silent = find_silent_sources(counter, request.chinh_sach, list_delivered(passports))
        every_form = fill_forms(values, declared, request.ky.key, request.ngay_chot, unit.bao_cao.localise)
        forms = every_form.filter(pl.col("bieu").is_in(unit.bao_cao.forms))
        drift = find_drift(home, request, counter, forms, list_definitions(), declared)
    written = ("core.doan_van", "core.van_ban", "core.giao_nop")
    paragraphs, documents, deliveries = (pl.read_parquet(home.table(name)) for name in written)
    counted = read_counted(values, request.chinh_sach)
    text = fill_text(request, unit, every_form, counted, paragraphs, documents, deliveries)
    unknown = _find_unknown_facts(pl.read_parquet(home.partition("mart.thu_tuc_ky", request.partition)), passports)
    between_systems = find_mismatches(pl.read_parquet(home.table("mart.doi_soat_he_thong")))
    due_dates = pl.read_parquet(home.partition(DUE_DATES, request.partition))
    found = [*_find_in_period(request, passports, forms), *unknown, *between_systems, *text.findings]
    found += find_due_date_patterns(due_dates, facts)
    reports = pl.read_parquet(home.table("core.tong_hop"))
    found += find_other_window(reports, request.ky, request.ngay_chot)
    found += [*silent, *drift.phat_hien]
    of_period = frame_period_findings(request, found)
    waivers = list_waivers(read_journal(home).entries)
    earlier = read_earlier(home, request.ky, request.ngay_chot)
    totals = pick_control_totals(reports, request.ky, request.ngay_chot)
    checks = lay_waivers(check_values(values, forms, earlier, count_due_dates(due_dates), totals), waivers)
    places = pl.concat([frame.select("ky", "_file_sha256", "_sheet", "_row") for frame in (declared, paragraphs)])
    period_facts = PeriodFacts(
        pl.read_parquet(home.partition("mart.ho_so_ky", request.partition)),
        deliveries,
        places.filter(pl.col("ky") != request.ky.key).drop("ky").unique(),
    )
    concerning = _place_in_run(request, pick_of_period(pl.read_parquet(home.table("core.phat_hien")), period_facts))
    wrong = pl.concat([concerning, of_period.filter(pl.col("muc_do") == "E")])
    return {
        "out.chi_tieu": values,
        "out.bieu_mau": every_form,
        "out.doi_chieu": checks,
        "out.phat_hien_ky": of_period,
        "out.loi_chan": list_blocking(checks, wrong, waivers),
        "out.bien_dong": drift.bien_dong,
    }


def _find_in_period(request: ReportRequest, passports: list[Passport], forms: pl.DataFrame) -> list[Finding]:
    mine = forms.filter((pl.col("chinh_sach") == request.chinh_sach) & pl.col("don_vi").is_null())
    delivered = {table for one in passports for table in one.so_dong}
    findings = [
        make_finding("THIEU_NGUON", nguon=source, ten_nguon=spec.ten)
        for source, spec in load_sources().items()
        if not spec.bo_sung
        and delivered.isdisjoint({table.bang for table in spec.tables} - {"ho_so"})
        and any(table.bang != "ho_so" for table in spec.tables)
    ]
    findings += _find_missing_columns(list_delivered(passports))
    newest = find_newest_extract(passports)
    if newest is not None and newest < request.ngay_chot:
        findings.append(
            make_finding("SO_LIEU_CU", ngay_xuat=format_date(newest), ngay_chot=format_date(request.ngay_chot))
        )
    return [*findings, *find_undeclared(mine, request.ky.key)]


def _find_missing_columns(delivered: frozenset[str]) -> Iterator[Finding]:
    """Columns that an indicator needs and that no delivery of a delivered table carries."""
    missing = {part for one in load_indicators().values() for part in one.list_missing(delivered)}
    for part in sorted(missing):
        table, _, column = part.partition(".")
        if column and table in delivered:  # a table that is missing altogether is one finding of its own
            title, grain = load_meanings()[column].title, find_table(f"core.{table}").grain.lower()
            yield make_finding("THIEU_COT_SO_LIEU", cot=title, noi_dung=f"“{grain}”")


def find_silent_sources(counter: Counter, chinh_sach: str, delivered: frozenset[str]) -> list[Finding]:
    """One finding per source and fact that it does not tell of some dossiers, so that a number leaves them out.

    A column that no delivery carries at all is one finding of its own.

    Args:
        counter: offers ``mart.ho_so_lop`` of one period and cut-off.
        chinh_sach: policy of the report.
        delivered: raw tables and columns that at least one delivery carries.
    """
    asked = [one for one in load_indicators().values() if one.an_so and not one.list_missing(delivered)]
    if not asked:
        return []
    counts = counter.run(compile_unknown(asked), {"chinh_sach": chinh_sach}).sort("he_thong")
    return [
        make_finding(
            "NGUON_THIEU_COT",
            nguon=source,
            ten_nguon=load_sources()[source].ten,
            cot=load_meanings()[name].title,
            so=format_integer(count),
            cac_dong=", ".join(f"“{one.ten}”" for one in asked if name in one.an_so),
        )
        for source, *found in counts.iter_rows()
        for name, count in zip(counts.columns[1:], found, strict=True)
        if count
    ]


def _find_unknown_facts(procedures: pl.DataFrame, passports: list[Passport]) -> Iterator[Finding]:
    """Facts that some catalogue carries, but none says of every procedure in force: those are in no count."""
    delivered = list_delivered(passports)
    in_force = procedures.filter("con_hieu_luc")
    for column in sorted({part.split(".")[1] for part in delivered if part.startswith("thu_tuc.")}):
        known = {"cap_thuc_hien": "cap_xa", "thanh_toan_truc_tuyen": "co_thanh_toan_truc_tuyen"}.get(column, column)
        if known not in in_force.columns or in_force.schema[known] != pl.Boolean:
            continue
        if unknown := in_force[known].null_count():
            yield make_finding("TTHC_CHUA_RO", so=unknown, cot=load_meanings()[column].title)


def frame_period_findings(request: ReportRequest, findings: list[Finding]) -> pl.DataFrame:
    """Findings as rows of ``out.phat_hien_ky``."""
    return _place_in_run(request, frame_findings(findings))


def _place_in_run(request: ReportRequest, findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(pl.lit(request.ky.key).alias("ky"), pl.lit(request.ngay_chot).alias("ngay_chot"), pl.all())
