"""The working calendar: vectors checked against the published days off, overrides, uncovered years."""

from __future__ import annotations

import csv
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from assets.io.reference import BadReferenceFile, load_calendar_overrides
from schemas.rules.calendar import (
    LIBRARY_VERSION,
    LIBRARY_YEARS,
    CalendarOverride,
    UncoveredYear,
    WorkingCalendar,
    build_calendar,
)

ROOT = Path(__file__).parents[2]
OVERRIDES = ROOT / "data" / "reference" / "lich_nghi.csv"
CHECKED = ROOT.parent / "shared" / "data" / "holidays" / "vn_2015_2027.csv"


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return build_calendar(LIBRARY_YEARS, load_calendar_overrides(OVERRIDES))


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 23), id="13/02+1 over Tết = 23/02"),
        pytest.param(date(2026, 2, 13), 5, date(2026, 2, 27), id="13/02+5 = 27/02"),
        pytest.param(date(2025, 12, 31), 1, date(2026, 1, 5), id="31/12+1: 02/01 is swapped off"),
        pytest.param(date(2026, 1, 9), 1, date(2026, 1, 10), id="09/01+1: Saturday 10/01 is worked"),
        pytest.param(date(2026, 4, 24), 1, date(2026, 4, 28), id="24/4+1: 27/4 for Sunday 26/4"),
        pytest.param(date(2026, 4, 24), 3, date(2026, 5, 4), id="24/4+3 over 30/4 and 01/5"),
        pytest.param(date(2026, 4, 29), 1, date(2026, 5, 4), id="29/4+1 = 04/5"),
        pytest.param(date(2026, 6, 9), 0, date(2026, 6, 9), id="+0 is the day itself"),
    ],
)
def test_add_working_days(calendar: WorkingCalendar, start: date, n: int, due: date) -> None:
    assert calendar.add_working_days(start, n) == due


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param(date(2025, 12, 15), date(2026, 6, 14), 121, id="6 tháng"),
        pytest.param(date(2025, 12, 15), date(2026, 6, 9), 118, id="to 09/6"),
        pytest.param(date(2025, 12, 15), date(2026, 3, 14), 59, id="quý I"),
        pytest.param(date(2026, 1, 10), date(2026, 1, 11), 1, id="a worked Saturday counts, Sunday does not"),
        pytest.param(date(2026, 1, 3), date(2026, 1, 4), 0, id="a weekend"),
        pytest.param(date(2026, 6, 9), date(2026, 6, 8), 0, id="end before start"),
    ],
)
def test_count_working_days(calendar: WorkingCalendar, start: date, end: date, days: int) -> None:
    assert calendar.count_working_days(start, end) == days


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2025, 4, 7), False),
        (date(2026, 2, 16), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), False),
        (date(2019, 1, 5), True),  # swapped in 2018's list: asked across the year's end
        (date(2018, 12, 31), False),
    ],
    ids=str,
)
def test_known_days(calendar: WorkingCalendar, day: date, working: bool) -> None:
    assert calendar.is_working_day(day) is working


def test_a_year_alone_knows_its_neighbours_swaps() -> None:
    assert build_calendar([2019], []).is_working_day(date(2019, 1, 5))


@pytest.mark.shared
@pytest.mark.skipif(not CHECKED.exists(), reason="the checked calendar beside the checkout is absent")
def test_equals_the_checked_calendar(calendar: WorkingCalendar) -> None:
    with CHECKED.open(encoding="utf-8", newline="") as lines:
        rows = [(date.fromisoformat(r["date"]), r["kind"]) for r in csv.DictReader(lines)]
    worked = {day for day, kind in rows if kind == "makeup_workday" and day.year in LIBRARY_YEARS}
    off = {day for day, kind in rows if kind != "makeup_workday" and day.year in LIBRARY_YEARS}
    assert len(off) > 150
    assert set(calendar.worked) == worked
    assert set(calendar.off) == off


def test_the_library_is_the_one_that_was_checked() -> None:
    """A new version may know other days: compare its years with the decisions before raising the pin."""
    assert version("holidays") == LIBRARY_VERSION


@pytest.mark.parametrize("year", [2014, 2028, 2099])
def test_an_uncovered_year_raises_instead_of_guessing(year: int) -> None:
    with pytest.raises(UncoveredYear, match=f"{year}.*lich_nghi.csv"):
        build_calendar([2026, year], [])


def test_asking_beyond_the_built_years_raises() -> None:
    calendar = build_calendar([2026], [])
    with pytest.raises(UncoveredYear, match="2027"):
        calendar.add_working_days(date(2026, 12, 31), 1)


def test_an_override_covers_its_year_and_wins() -> None:
    rows = [
        CalendarOverride(date(2028, 1, 1), "nghi", "Tết Dương lịch", "thử"),
        CalendarOverride(date(2026, 8, 31), "lam_bu", "không hoán đổi", "thử"),
        CalendarOverride(date(2026, 8, 22), "nghi", "không hoán đổi", "thử"),
    ]
    calendar = build_calendar([2026, 2028], rows)
    assert calendar.is_working_day(date(2026, 8, 31))
    assert not calendar.is_working_day(date(2026, 8, 22))
    assert not calendar.is_working_day(date(2028, 9, 4)), "02/9/2028 is a Saturday: Monday off, from the library"


def test_contradicting_overrides_are_refused() -> None:
    day = date(2026, 1, 2)
    rows = [CalendarOverride(day, "nghi", "a", "b"), CalendarOverride(day, "lam_bu", "a", "b")]
    with pytest.raises(ValueError, match="02/01/2026"):
        build_calendar([2026], rows)


def test_negative_days_are_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="-1"):
        calendar.add_working_days(date(2026, 6, 9), -1)


def test_the_lookup_table_counts_like_the_functions(calendar: WorkingCalendar) -> None:
    days = {d.ngay: d for d in build_calendar([2025, 2026], load_calendar_overrides(OVERRIDES)).list_days()}
    assert len(days) == 730
    assert days[date(2026, 6, 14)].so_lam_viec - days[date(2025, 12, 14)].so_lam_viec == 121
    assert days[date(2026, 1, 10)].lam_viec
    assert days[date(2026, 1, 10)].ly_do == "Làm bù cho thứ Sáu 02/01/2026"
    assert days[date(2026, 2, 17)].ly_do == "Tết Nguyên Đán"
    assert days[date(2026, 6, 13)].ly_do == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("ngay,loai,ly_do\n", "thiếu cột nguon", id="missing column"),
        pytest.param("ngay,loai,ly_do,nguon\n02/01/2026,nghi,a,b\n", "dòng 2.*02/01/2026", id="bad date"),
        pytest.param("ngay,loai,ly_do,nguon\n2026-01-02,off,a,b\n", "dòng 2.*off", id="bad kind"),
        pytest.param("ngay,loai,ly_do,nguon\n2026-01-02,nghi,a,\n", "dòng 2.*nguon", id="no source"),
        pytest.param("ngay,loai,ly_do,nguon\n2026-01-02,nghi,a,b\n2026-01-02,nghi,a,b\n", "dòng 3.*đã có", id="twice"),
    ],
)
def test_a_bad_overrides_file_names_line_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "lich_nghi.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadReferenceFile, match=message):
        load_calendar_overrides(path)


def test_a_missing_overrides_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadReferenceFile, match=r"khong_co\.csv"):
        load_calendar_overrides(tmp_path / "khong_co.csv")


def test_overrides_saved_by_excel_are_read(tmp_path: Path) -> None:
    path = tmp_path / "lich_nghi.csv"
    path.write_bytes("\ufeffngay,loai,ly_do,nguon\r\n2026-01-02,nghi,Hoán đổi,Công văn\r\n".encode())
    assert load_calendar_overrides(path) == [CalendarOverride(date(2026, 1, 2), "nghi", "Hoán đổi", "Công văn")]
