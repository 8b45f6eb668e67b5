"""Report periods: which days a periodic report covers, when it is due, and which cut-offs it accepts.

Belongs here: the four periods of the year, their windows, names and order; choosing a cut-off; which periods
are open. Does not belong here: a unit's own submission deadline (unit settings), counting (counting.toml),
the clock (callers pass ``today``).

Source: công văn 581/BNV-CCHC (Bộ Nội vụ), localised for Hải Phòng by công văn 2237/UBND-NVKTGS of 27/8/2025
(legal.toml: ``bao_cao_cchc``, ``bao_cao_cchc_hai_phong``). Windows are inclusive, overlap and are unequal;
there is no separate report for quý II or quý IV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal["Q1", "6T", "Q3", "NAM"]
Comparable = Literal["lien_truoc", "cung_nam", "cung_tu_ngay"]
"""Which earlier period a figure is compared with: the one sent before (figures of a moment), the last one of the same
year (figures from the year's start), the last one whose window begins on the same day (figures of the window)."""

PERIOD_KINDS: tuple[PeriodKind, ...] = ("Q1", "6T", "Q3", "NAM")
FIRST_YEAR = 2000
LAST_YEAR = 2100

_KEY = re.compile(r"([0-9]{4})-(Q1|6T|Q3|NAM)")
_QUARTER_WITHOUT_REPORT = re.compile(r"([0-9]{4})-Q([24])")


class UnknownPeriod(ValueError):
    """A period key that names no report. The message is Vietnamese and lists the valid forms."""

    def __init__(self, key: str) -> None:
        message = (
            f"Kỳ báo cáo “{key}” không có. Hãy dùng một trong các dạng: 2026-Q1 (quý I), 2026-6T (6 tháng), "
            f"2026-Q3 (quý III), 2026-NAM (năm); năm từ {FIRST_YEAR} đến {LAST_YEAR}."
        )
        missing = _QUARTER_WITHOUT_REPORT.fullmatch(key)
        if missing:
            year, quarter = missing.groups()
            name, instead = ("II", "6T") if quarter == "2" else ("IV", "NAM")
            message += f" Không có báo cáo quý {name} riêng: số liệu quý {name} nằm trong kỳ {year}-{instead}."
        super().__init__(message)
        self.key = key


class CutoffOutsideWindow(ValueError):
    """A cut-off that the period does not accept. The message is Vietnamese and names the accepted days."""


@dataclass(frozen=True, slots=True)
class Period:
    """One periodic report. Grain: one per (year, kind).

    Attributes:
        key: e.g. ``2026-6T``; the partition key everywhere.
        kind: ``Q1``, ``6T``, ``Q3`` or ``NAM``.
        year: the year the report is about.
        tu_ngay: first day of the official window.
        den_ngay: last day of the official window (inclusive).
        luy_ke_tu: first day of "lũy kế từ đầu năm" (15/12 of the year before), also in quý III.
        gui_truoc: the day by which the guidance letter wants the report sent.
        ten: the period's name in a sentence or title.
        ten_ky_toi: the next period's name in the heading "phương hướng, nhiệm vụ …".
        previous_key: key of the report sent before this one.
    """

    key: str
    kind: PeriodKind
    year: int
    tu_ngay: date
    den_ngay: date
    luy_ke_tu: date
    gui_truoc: date
    ten: str
    ten_ky_toi: str
    previous_key: str

    def __str__(self) -> str:
        """Return the key, as in commands and folder names."""
        return self.key


def parse_period(key: str) -> Period:
    """Build the period that a key names (công văn 581/BNV-CCHC).

    Args:
        key: ``YYYY-Q1``, ``YYYY-6T``, ``YYYY-Q3`` or ``YYYY-NAM``, exactly; 2000 ≤ YYYY ≤ 2100.

    Returns:
        The period.

    Raises:
        UnknownPeriod: any other text.
    """
    match = _KEY.fullmatch(key)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise UnknownPeriod(key)
    year = int(match[1])
    start_of_year = date(year - 1, 12, 15)
    match match[2]:
        case "Q1":
            window = (start_of_year, date(year, 3, 14), date(year, 3, 20))
            names = (f"quý I năm {year}", f"quý II năm {year}", f"{year - 1}-NAM")
            kind: PeriodKind = "Q1"
        case "6T":
            window = (start_of_year, date(year, 6, 14), date(year, 6, 20))
            names = (f"6 tháng đầu năm {year}", f"quý III năm {year}", f"{year}-Q1")
            kind = "6T"
        case "Q3":
            window = (date(year, 6, 15), date(year, 9, 14), date(year, 9, 20))
            names = (f"quý III năm {year}", f"quý IV năm {year}", f"{year}-6T")
            kind = "Q3"
        case _:
            window = (start_of_year, date(year, 12, 14), date(year, 12, 20))
            names = (f"năm {year}", f"năm {year + 1}", f"{year}-Q3")
            kind = "NAM"
    return Period(key, kind, year, window[0], window[1], start_of_year, window[2], *names)


def list_comparable(period: Period, way: Comparable) -> list[Period]:
    """List the earlier periods that a figure may be compared with.

    Args:
        period: the period.
        way: what kind of figure it is.

    Returns:
        The newest first, at most the four of one year; windows are unequal, so that a figure of quý III is
        comparable with no other window.
    """
    earlier = [period]
    while len(earlier) <= len(PERIOD_KINDS) and int(earlier[-1].previous_key[:4]) >= FIRST_YEAR:
        earlier.append(parse_period(earlier[-1].previous_key))
    if way == "cung_nam":
        return [one for one in earlier[1:] if one.luy_ke_tu == period.luy_ke_tu]
    if way == "cung_tu_ngay":
        return [one for one in earlier[1:] if one.tu_ngay == period.tu_ngay]
    return earlier[1:]


def resolve_cutoff(period: Period, cutoff: date | None, today: date) -> date:
    """Choose T2, the last day whose events count (domain rule: the default is the window's end or yesterday).

    A day counts only when it is over, so that the same cut-off gives the same report on any later run.

    Args:
        period: the period.
        cutoff: the day asked for, or None for the default.
        today: the current day in Asia/Ho_Chi_Minh, given by the caller.

    Returns:
        The cut-off: ``period.tu_ngay ≤ T2 ≤ min(period.den_ngay, yesterday)``.

    Raises:
        CutoffOutsideWindow: the period has not begun, or the day asked for lies before the window, after it,
            or is not over yet.
    """
    yesterday = today - timedelta(days=1)
    latest = min(period.den_ngay, yesterday)
    window = f"{_say_day(period.tu_ngay)} đến {_say_day(period.den_ngay)}"
    if latest < period.tu_ngay:
        raise CutoffOutsideWindow(
            f"Kỳ {period.key} ({period.ten}) lấy số liệu từ ngày {window}; đến hết ngày hôm qua "
            f"({_say_day(yesterday)}) kỳ này chưa có ngày nào trọn vẹn nên chưa lập được báo cáo."
        )
    if cutoff is None:
        return latest
    if period.tu_ngay <= cutoff <= latest:
        return cutoff
    reason = (
        f"ngày này chưa kết thúc, ngày chốt muộn nhất hiện nay là {_say_day(latest)}"
        if latest < cutoff <= period.den_ngay
        else f"ngày này nằm ngoài kỳ, hãy chọn từ {_say_day(period.tu_ngay)} đến {_say_day(latest)}"
    )
    raise CutoffOutsideWindow(
        f"Ngày chốt số liệu {_say_day(cutoff)} không dùng được cho kỳ {period.key} ({period.ten}, từ ngày "
        f"{window}): {reason}."
    )


def open_periods(today: date) -> list[Period]:
    """List the periods that the nightly job rebuilds.

    A period is open when its window began before today (so that one day of it is over) and the day for
    sending it (``gui_truoc``, công văn 581/BNV-CCHC) is not past.

    Args:
        today: the current day in Asia/Ho_Chi_Minh.

    Returns:
        Open periods, the one to be sent first in front.
    """
    candidates = periods_for_years(range(today.year, today.year + 2))
    return [p for p in candidates if p.tu_ngay < today <= p.gui_truoc]


def periods_for_years(years: Iterable[int]) -> list[Period]:
    """List every period of the years, in the order of sending (the static partitions).

    Args:
        years: years within 2000..2100; years outside are left out, so that a range around today never fails.

    Returns:
        Four periods per year.
    """
    return [
        parse_period(f"{year:04d}-{kind}") for year in years if FIRST_YEAR <= year <= LAST_YEAR for kind in PERIOD_KINDS
    ]


def _say_day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
