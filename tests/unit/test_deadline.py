"""Recomputed due dates: decision table (receipt day × limit × days off on the way)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.io.reference import load_calendar_overrides
from schemas.rules.calendar import WorkingCalendar, build_calendar
from schemas.rules.deadline import measure_due_date_gap, recompute_due_date

OVERRIDES = Path(__file__).parents[2] / "data" / "reference" / "lich_nghi.csv"


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return build_calendar([2018, 2019, 2025, 2026], load_calendar_overrides(OVERRIDES))


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        pytest.param(date(2026, 6, 8), 0, date(2026, 6, 8), id="within the day, working day: that day"),
        pytest.param(date(2026, 6, 7), 0, date(2026, 6, 8), id="within the day, Sunday: Monday"),
        pytest.param(date(2026, 2, 17), 0, date(2026, 2, 23), id="within the day, Tết: first working day after"),
        pytest.param(date(2026, 6, 8), 1, date(2026, 6, 9), id="receipt day not counted"),
        pytest.param(date(2026, 6, 5), 1, date(2026, 6, 8), id="Friday + 1: Monday"),
        pytest.param(date(2026, 6, 6), 1, date(2026, 6, 8), id="Saturday + 1: Monday is day 1"),
        pytest.param(date(2026, 6, 7), 1, date(2026, 6, 8), id="Sunday + 1: Monday is day 1"),
        pytest.param(date(2026, 6, 8), 5, date(2026, 6, 15), id="five days span a weekend"),
        pytest.param(date(2026, 4, 29), 2, date(2026, 5, 5), id="holidays and weekend on the way"),
        pytest.param(date(2026, 1, 8), 2, date(2026, 1, 10), id="ends on a worked Saturday"),
        pytest.param(date(2025, 4, 30), 1, date(2025, 5, 5), id="received on a holiday, 02/5 swapped off"),
        pytest.param(date(2018, 12, 28), 1, date(2019, 1, 2), id="31/12/2018 swapped off, 01/01 holiday"),
    ],
)
def test_due_date(calendar: WorkingCalendar, received: date, limit: int, due: date) -> None:
    assert recompute_due_date(received, limit, calendar) == due


@pytest.mark.parametrize(
    ("printed", "recomputed", "gap"),
    [
        pytest.param(date(2026, 6, 9), date(2026, 6, 9), 0, id="same day"),
        pytest.param(date(2026, 6, 13), date(2026, 6, 12), 0, id="only days off between"),
        pytest.param(date(2018, 12, 31), date(2019, 1, 2), -1, id="holiday counted as a working day: too early"),
        pytest.param(date(2026, 6, 16), date(2026, 6, 12), 2, id="two working days too late"),
    ],
)
def test_gap_to_the_printed_due_date(calendar: WorkingCalendar, printed: date, recomputed: date, gap: int) -> None:
    assert measure_due_date_gap(printed, recomputed, calendar) == gap


def test_a_negative_limit_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="-2"):
        recompute_due_date(date(2026, 6, 9), -2, calendar)
