"""Laws of the working calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assets.io.reference import load_calendar_overrides
from schemas.rules.calendar import LIBRARY_YEARS, build_calendar
from schemas.rules.deadline import measure_due_date_gap, recompute_due_date
from schemas.rules.periods import open_periods, parse_period, periods_for_years, resolve_cutoff

CALENDAR = build_calendar(
    LIBRARY_YEARS, load_calendar_overrides(Path(__file__).parents[2] / "data" / "reference" / "lich_nghi.csv")
)
days = st.dates(date(2015, 1, 1), date(2027, 6, 30))
spans = st.integers(0, 60)


@given(days, spans, spans)
def test_adding_in_two_steps_is_adding_at_once(start: date, a: int, b: int) -> None:
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, a), b) == CALENDAR.add_working_days(start, a + b)


@given(days, st.integers(1, 60))
def test_counting_undoes_adding(start: date, n: int) -> None:
    due = CALENDAR.add_working_days(start, n)
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.count_working_days(start + timedelta(days=1), due) == n


@given(days, st.integers(0, 90), st.integers(0, 90))
def test_counts_of_adjacent_spans_add_up(start: date, a: int, b: int) -> None:
    middle, end = start + timedelta(days=a), start + timedelta(days=a + b)
    left = CALENDAR.count_working_days(start, middle)
    right = CALENDAR.count_working_days(middle + timedelta(days=1), end)
    assert left + right == CALENDAR.count_working_days(start, end)


@given(days, spans)
def test_a_due_date_is_a_working_day_and_gaps_are_antisymmetric(received: date, limit: int) -> None:
    due = recompute_due_date(received, limit, CALENDAR)
    assert due >= received
    assert CALENDAR.is_working_day(due)
    assert measure_due_date_gap(received, due, CALENDAR) == -measure_due_date_gap(due, received, CALENDAR)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_each_day_lies_in_the_windows_of_its_reporting_year_only(day: date) -> None:
    year = day.year + (day >= date(day.year, 12, 15))
    holding = {p.key for p in periods_for_years(range(2000, 2101)) if p.tu_ngay <= day <= p.den_ngay}
    assert f"{year}-NAM" in holding
    assert all(parse_period(key).year == year for key in holding)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_every_open_period_has_a_default_cutoff(today: date) -> None:
    periods = open_periods(today)
    assert periods, "some report is always open"
    for period in periods:
        assert period.tu_ngay <= resolve_cutoff(period, None, today) < today
