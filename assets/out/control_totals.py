"""Which delivered aggregate report a run is compared with, and what is said when none fits.

Belongs here: picking the report of exactly the run's window. Does not belong here: reading reports (assets/core), the
comparisons (schemas/checks/tong_hop.toml).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from schemas.checks.kinds import CONTROL_FORMS
from schemas.findings import Finding, make_finding
from schemas.rules.display import format_date
from schemas.rules.periods import Period

_NEWEST = ["ngay_xuat", "_file_sha256", "_sheet"]


def pick_control_totals(reports: pl.DataFrame, period: Period, cutoff: date) -> dict[str, dict[str, float]]:
    """The figures of the total line of each form's newest report whose window is the run's.

    Args:
        reports: ``core.tong_hop``.
        period: the period.
        cutoff: its cut-off.

    Returns:
        Form → measure → figure; without a form of which no report fits, or the one that fits has not exactly one total
        line.
    """
    picked = {form: _pick_totals(part, period, cutoff) for form, part in _by_form(reports)}
    return {form: totals for form, totals in picked.items() if totals}


def _by_form(reports: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for form in CONTROL_FORMS:
        yield form, reports.filter(pl.col("mau_bieu") == form)


def _pick_totals(reports: pl.DataFrame, period: Period, cutoff: date) -> dict[str, float]:
    exact = (pl.col("tu_ngay") == period.tu_ngay) & (pl.col("den_ngay") == cutoff)
    fitting = _newest(reports.filter(exact))
    totals = fitting.filter("la_tong")
    if totals["_row"].n_unique() != 1:
        return {}
    return {name: value for name, value in totals.select("so_do", "gia_tri").iter_rows() if value is not None}


def find_other_window(reports: pl.DataFrame, period: Period, cutoff: date) -> Iterator[Finding]:
    """One finding per form whose reports overlap the window, but none has exactly it, or it has no clear total line.

    Args:
        reports: ``core.tong_hop``.
        period: the period.
        cutoff: its cut-off.
    """
    fitting = pick_control_totals(reports, period, cutoff)
    for form, part in _by_form(reports):
        if form not in fitting:
            yield from _say_what_is_near(form, part, period, cutoff)


def _say_what_is_near(form: str, reports: pl.DataFrame, period: Period, cutoff: date) -> Iterator[Finding]:
    near = _newest(reports.filter((pl.col("tu_ngay") <= cutoff) & (pl.col("den_ngay") >= period.tu_ngay)))
    if near.is_empty():
        return
    first, last = near.select("tu_ngay", "den_ngay").row(0)
    if (first, last) == (period.tu_ngay, cutoff):
        yield make_finding("TONG_HOP_KHONG_RO_TONG", nguon="tong_hop", mau_bieu=form)
    else:
        yield make_finding(
            "TONG_HOP_KHAC_KY",
            nguon="tong_hop",
            mau_bieu=form,
            tu_ngay=format_date(first),
            den_ngay=format_date(last),
            tu_ky=format_date(period.tu_ngay),
            ngay_chot=format_date(cutoff),
        )


def _newest(reports: pl.DataFrame) -> pl.DataFrame:
    """The lines of the newest report sheet among these."""
    if reports.is_empty():
        return reports
    newest = reports.select(_NEWEST).sort(_NEWEST).tail(1)
    return reports.join(newest, on=_NEWEST, how="semi")
