"""What a report lacks: sources, columns, facts that nobody told, declared figures nobody filled, the unit's own names.

Belongs here: findings about what is not there. Does not belong here: findings about what is (assets/core, cited,
due_dates, systems), counting (values).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from assets.core.procedures import PROCEDURE_FACTS
from assets.core.state import find_newest_extract, list_delivered
from assets.io.landing import Passport
from assets.io.warehouse import Counter
from assets.out.forms import find_undeclared
from assets.request import ReportRequest
from schemas.fields import load_meanings
from schemas.findings import Finding, make_finding
from schemas.indicators import load_indicators
from schemas.indicators.compile import compile_unknown
from schemas.registry import find_table
from schemas.rules.display import format_date, format_integer
from schemas.sources import load_sources
from schemas.unit import UnitSettings


def find_unset_names(unit: UnitSettings) -> Iterator[Finding]:
    """What another unit's settings leave to the shipped unit: its recipients stay open, its names would be printed."""
    if unset := unit.don_vi_con_thieu:
        effects = {
            "báo cáo để trống nơi nhận": "noi_nhan" in unset,
            "báo cáo còn in tên của đơn vị mặc định": unset != ("noi_nhan",),
        }
        said = ", ".join(text for text, holds in effects.items() if holds)
        yield make_finding("DON_VI_GHI_THIEU", cac_muc=", ".join(unset), hau_qua=said)


def find_lacks(request: ReportRequest, passports: list[Passport], forms: pl.DataFrame) -> list[Finding]:
    """What the report's numbers lack: sources, columns, a newer extract, declared figures.

    Args:
        request: the run.
        passports: every delivery.
        forms: ``out.bieu_mau`` of the run, the unit's forms only.
    """
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
            row = find_table(f"core.{table}").grain.partition(":")[0].lower()
            yield make_finding("THIEU_COT_SO_LIEU", cot=load_meanings()[column].title, noi_dung=row)


def say_lacking(delivered: frozenset[str]) -> dict[str, str]:
    """Indicator → what nobody delivered, so that its number is unknown; goes into Ghi chú beside the empty cell.

    Args:
        delivered: raw tables and columns that at least one delivery carries.
    """
    sources = load_sources().values()
    said: dict[str, str] = {}
    for code, one in load_indicators().items():
        missing = one.list_missing(delivered)
        tables = [name for name in missing if "." not in name]
        columns = [load_meanings()[name.partition(".")[2]].title for name in missing if "." in name]
        # the first source that delivers a table and is no mere supplement gives it its name
        names = [
            next(spec.ten for spec in sources if not spec.bo_sung and any(part.bang == table for part in spec.tables))
            for table in tables
        ]
        if names or columns:
            said[code] = f"thiếu {', '.join(names)}" if names else f"nguồn thiếu cột {', '.join(columns)}"
    return said


def find_silent_sources(counter: Counter, chinh_sach: str, delivered: frozenset[str]) -> list[Finding]:
    """Facts that nobody tells of some dossiers, so that a number leaves them out: one finding per source and fact.

    What the catalogue should tell of their procedures is one finding per fact, whatever source they stand in.
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
    findings = []
    for name in counts.columns[1:]:
        title = load_meanings()[name].title
        rows = ", ".join(f"“{one.ten}”" for one in asked if name in one.an_so)
        if name in PROCEDURE_FACTS:
            if total := int(counts[name].sum()):
                so = format_integer(total)
                findings.append(make_finding("HO_SO_CHUA_RO_THU_TUC", cot=title, so=so, cac_dong=rows))
            continue
        for source, count in counts.filter(pl.col(name) > 0).select("he_thong", name).iter_rows():
            ten, so = load_sources()[source].ten, format_integer(count)
            findings.append(
                make_finding("NGUON_THIEU_COT", nguon=source, ten_nguon=ten, cot=title, so=so, cac_dong=rows)
            )
    return findings


def find_untold_channels(states: pl.DataFrame, dossiers: pl.DataFrame) -> Iterator[Finding]:
    """One finding per source that does not say how dossiers of the period came in: they count as brought in person.

    Args:
        states: ``mart.ho_so_ky`` of the run.
        dossiers: ``core.ho_so``.
    """
    untold = dossiers.filter(pl.col("kenh").is_null()).select("ma_ho_so")
    received = states.filter(pl.col("cua_minh") & pl.col("nhan_trong_ky")).join(untold, on="ma_ho_so", how="semi")
    for source, count in received.group_by("he_thong").len().sort("he_thong").iter_rows():
        name = load_sources()[source].ten
        yield make_finding("NGUON_KHONG_GHI_KENH", nguon=source, ten_nguon=name, so=format_integer(count))


def find_unknown_facts(procedures: pl.DataFrame, delivered: frozenset[str]) -> Iterator[Finding]:
    """Facts that some catalogue carries, but none says of every procedure in force: those are in no count.

    Args:
        procedures: ``mart.thu_tuc_ky`` of the run.
        delivered: raw tables and columns that at least one delivery carries.
    """
    in_force = procedures.filter("con_hieu_luc")
    for column in sorted({part.split(".")[1] for part in delivered if part.startswith("thu_tuc.")}):
        known = {"cap_thuc_hien": "cap_xa", "thanh_toan_truc_tuyen": "co_thanh_toan_truc_tuyen"}.get(column, column)
        if known not in in_force.columns or in_force.schema[known] != pl.Boolean:
            continue
        if unknown := in_force[known].null_count():
            yield make_finding("TTHC_CHUA_RO", so=unknown, cot=load_meanings()[column].title)
