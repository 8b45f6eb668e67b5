"""The working calendar of state offices: which days count when a time limit is in working days.

Belongs here: the calendar as a value (days off, worked weekend days), adding and counting working days.
Does not belong here: reading the overrides file (assets/io/reference.py), what a time limit is (deadline.py).

Source: Bộ luật Lao động 45/2019/QH14, điều 111 khoản 3 and điều 112 (holidays; compensatory day after a
weekly day off), and the yearly government announcements of swapped days (a weekday off against a worked
Saturday). The ``holidays`` library knows the statutory days and most swaps; tracked overrides
(data/reference/lich_nghi.csv) add or correct the rest and always win. A year that neither covers raises
instead of guessing, because swaps are only announced late in the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

OverrideKind = Literal["nghi", "lam_bu"]

LIBRARY_VERSION = "0.109"
LIBRARY_YEARS = range(2015, 2028)
"""Years for which the pinned library was compared with the published decisions; extend with the pin."""

_SATURDAY = 5


class UncoveredYear(ValueError):
    """A year for which nobody has stated the days off. The message is Vietnamese and says what to add."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch nghỉ, làm bù của năm {year}. Hãy thêm các ngày của năm {year} (theo thông báo nghỉ lễ, "
            f"Tết) vào data/reference/lich_nghi.csv rồi chạy lại."
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class CalendarOverride:
    """One tracked correction of the calendar: grain of data/reference/lich_nghi.csv.

    Attributes:
        ngay: the day.
        loai: ``nghi`` (off) or ``lam_bu`` (worked, although a weekend day or holiday).
        ly_do: why, in Vietnamese.
        nguon: the document that says so.
    """

    ngay: date
    loai: OverrideKind
    ly_do: str
    nguon: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the calendar, for a lookup table.

    Attributes:
        ngay: the day.
        lam_viec: whether it is a working day.
        so_lam_viec: working days from the calendar's first day up to and including this one; the difference
            of two is the number of working days between them.
        ly_do: why a day is off or worked out of the ordinary; empty for ordinary days and weekends.
    """

    ngay: date
    lam_viec: bool
    so_lam_viec: int
    ly_do: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off and worked weekend days of some years. Build it with ``build_calendar``.

    Attributes:
        years: the years that may be asked about.
        off: day off → reason (holidays, compensatory and swapped days; ordinary weekends are not listed).
        worked: day worked although a weekend day → reason.
    """

    years: frozenset[int]
    off: Mapping[date, str]
    worked: Mapping[date, str]

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on a day.

        Args:
            day: the day.

        Returns:
            True for a working day.

        Raises:
            UncoveredYear: the calendar does not hold the year.
        """
        if day.year not in self.years:
            raise UncoveredYear(day.year)
        if day in self.worked:
            return True
        return day not in self.off and day.weekday() < _SATURDAY

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after a day; the start is not counted, the day after it is day 1.

        Args:
            start: any day, working or not.
            n: working days, 0 or more; 0 gives the start itself.

        Returns:
            A working day (for n ≥ 1).

        Raises:
            ValueError: n is negative.
            UncoveredYear: a day on the way lies in a year that the calendar does not hold.
        """
        if n < 0:
            raise ValueError(f"cannot add {n} working days")
        day = start
        while n > 0:
            day += timedelta(days=1)
            n -= self.is_working_day(day)
        return day

    def count_working_days(self, start: date, end: date) -> int:
        """Count the working days from start to end, both included.

        Args:
            start: first day.
            end: last day; before ``start`` gives 0.

        Returns:
            The number of working days.

        Raises:
            UncoveredYear: a day lies in a year that the calendar does not hold.
        """
        return sum(self.is_working_day(start + timedelta(days=i)) for i in range((end - start).days + 1))

    def list_days(self) -> list[CalendarDay]:
        """List every day of the calendar's years in order, with a running number of working days.

        Returns:
            One entry per day, for a lookup table (adding working days becomes a join on the running number).
        """
        days: list[CalendarDay] = []
        running = 0
        for year in sorted(self.years):
            first = date(year, 1, 1)
            for offset in range((date(year, 12, 31) - first).days + 1):
                day = first + timedelta(days=offset)
                working = self.is_working_day(day)
                running += working
                days.append(CalendarDay(day, working, running, self.worked.get(day) or self.off.get(day, "")))
        return days


def build_calendar(years: Iterable[int], overrides: Iterable[CalendarOverride]) -> WorkingCalendar:
    """Build the calendar of some years from the library and the tracked overrides (which win).

    Args:
        years: the years that will be asked about.
        overrides: rows of data/reference/lich_nghi.csv.

    Returns:
        The calendar.

    Raises:
        UncoveredYear: a year that neither the library (``LIBRARY_YEARS``) nor any override covers.
        ValueError: two overrides about one day contradict each other.
    """
    rows = list(overrides)
    wanted = frozenset(years)
    for year in sorted(wanted - covered_years(rows)):
        raise UncoveredYear(year)
    off, worked = _ask_library(wanted)
    seen: dict[date, CalendarOverride] = {}
    for row in rows:
        if row.ngay in seen and seen[row.ngay].loai != row.loai:
            raise ValueError(f"Lịch nghỉ: ngày {row.ngay:%d/%m/%Y} vừa ghi “nghi” vừa ghi “lam_bu”.")
        seen[row.ngay] = row
        if row.ngay.year not in wanted:
            continue
        chosen, other = (off, worked) if row.loai == "nghi" else (worked, off)
        chosen[row.ngay] = row.ly_do
        other.pop(row.ngay, None)
    return WorkingCalendar(wanted, MappingProxyType(off), MappingProxyType(worked))


def covered_years(overrides: Iterable[CalendarOverride]) -> frozenset[int]:
    """Return the years a calendar can be built for.

    Args:
        overrides: rows of data/reference/lich_nghi.csv; a row about a year says that somebody looked the
            year up.

    Returns:
        The years.
    """
    return frozenset(LIBRARY_YEARS) | {row.ngay.year for row in overrides}


def _ask_library(years: frozenset[int]) -> tuple[dict[date, str], dict[date, str]]:
    """Return the library's days off and worked weekend days of the years.

    The library has one category for Vietnam (``public``); it includes compensatory and swapped days. Days worked
    for a swap across the year's end (05/01/2019 for 31/12/2018) come with either year.
    """
    if not years:
        return {}, {}
    import holidays  # here, because importing it costs more than most commands take

    library = holidays.country_holidays("VN", years=sorted(years), expand=False, language="vi")
    off = dict(library.items())
    worked = {day: "Ngày làm bù" for day in library.weekend_workdays if day.year in years}
    return off, worked
