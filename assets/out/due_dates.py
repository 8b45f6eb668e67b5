"""What is said about printed due dates that the working calendar does not give: counts and findings of a period.

Belongs here: counting ``mart.hen_tra_tinh_lai`` for the cross-checks, one finding per pattern. Does not belong here:
the comparison (assets/mart/due_dates), the words of the reasons (schemas/rules/deadline).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from schemas.findings import Finding, make_finding
from schemas.rules.calendar import covered_years
from schemas.rules.deadline import GAP_REASONS
from schemas.rules.reference import ReferenceFacts

_UNKNOWN, _EQUAL = "chua_co_lich", "khop"
_DAYS_NAMED = 8


def count_due_dates(rows: pl.DataFrame) -> dict[str, float | None]:
    """The run terms of schemas.checks: how many due dates were recomputed, and how many are the printed ones.

    Args:
        rows: ``mart.hen_tra_tinh_lai`` of the run.

    Returns:
        Both null when nothing could be recomputed.
    """
    known = rows.filter(pl.col("ly_do_lech") != _UNKNOWN)
    equal = known.filter(pl.col("ly_do_lech") == _EQUAL).height
    if known.is_empty():
        return {"HEN_TRA_TINH_LAI": None, "HEN_TRA_KHOP": None}
    return {"HEN_TRA_TINH_LAI": float(known.height), "HEN_TRA_KHOP": float(equal)}


def find_due_date_patterns(rows: pl.DataFrame, facts: ReferenceFacts) -> Iterator[Finding]:
    """One finding per reason and direction, and one per year whose days off nobody stated.

    Args:
        rows: ``mart.hen_tra_tinh_lai`` of the run.
        facts: corrections of the calendar library.
    """
    differing = rows.filter(~pl.col("ly_do_lech").is_in([_UNKNOWN, _EQUAL]))
    patterns = differing.group_by("ly_do_lech", (pl.col("lech_ngay_lam_viec") < 0).alias("som")).agg(
        pl.len().alias("so"),
        pl.col("lech_ngay_lam_viec").abs().min().alias("it"),
        pl.col("lech_ngay_lam_viec").abs().max().alias("nhieu"),
        pl.col("ngay_nghi_giua").str.split(", ").explode().drop_nulls().unique(maintain_order=True).alias("ngay"),
    )
    for reason, early, count, least, most, days in patterns.sort("ly_do_lech", "som").iter_rows():
        named = ", ".join(days[:_DAYS_NAMED]) + (" …" if len(days) > _DAYS_NAMED else "")
        yield make_finding(
            "HEN_TRA_KHAC_LICH",
            so=count,
            chieu="sớm" if early else "muộn",
            khoang=str(least) if least == most else f"{least} đến {most}",
            ly_do=GAP_REASONS[reason] + (f" (ngày nghỉ, làm bù ở giữa: {named})" if days else ""),
        )
    known = covered_years(facts.lich_nghi)
    unknown = rows.filter(pl.col("ly_do_lech") == _UNKNOWN)["ngay_tiep_nhan"].dt.year().value_counts().sort(pl.all())
    missing: dict[int, int] = {}
    for received, count in unknown.iter_rows():
        year = next(year for year in range(received, received + len(known) + 1) if year not in known)
        missing[year] = missing.get(year, 0) + count
    for year, count in missing.items():
        yield make_finding("LICH_NGHI_THIEU_NAM", so=count, nam=year)
