"""Report periods: windows, names, order, cut-offs (công văn 581/BNV-CCHC)."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.rules.periods import (
    CutoffOutsideWindow,
    UnknownPeriod,
    open_periods,
    parse_period,
    periods_for_years,
    resolve_cutoff,
)


@pytest.mark.parametrize(
    ("key", "first", "last", "send_by"),
    [
        pytest.param("2026-Q1", date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 20), id="quy-I: 15/12-14/3"),
        pytest.param("2026-6T", date(2025, 12, 15), date(2026, 6, 14), date(2026, 6, 20), id="6-thang: 15/12-14/6"),
        pytest.param("2026-Q3", date(2026, 6, 15), date(2026, 9, 14), date(2026, 9, 20), id="quy-III alone: 15/6-14/9"),
        pytest.param("2026-NAM", date(2025, 12, 15), date(2026, 12, 14), date(2026, 12, 20), id="nam: 15/12-14/12"),
    ],
)
def test_window_of_each_period(key: str, first: date, last: date, send_by: date) -> None:
    period = parse_period(key)
    assert (period.tu_ngay, period.den_ngay, period.gui_truoc) == (first, last, send_by)
    assert period.luy_ke_tu == date(2025, 12, 15), "lũy kế counts from 15/12, in quý III too"


@pytest.mark.parametrize(
    ("key", "name", "next_name", "previous"),
    [
        ("2026-Q1", "quý I năm 2026", "quý II năm 2026", "2025-NAM"),
        ("2026-6T", "6 tháng đầu năm 2026", "quý III năm 2026", "2026-Q1"),
        ("2026-Q3", "quý III năm 2026", "quý IV năm 2026", "2026-6T"),
        ("2026-NAM", "năm 2026", "năm 2027", "2026-Q3"),
    ],
)
def test_names_and_order(key: str, name: str, next_name: str, previous: str) -> None:
    period = parse_period(key)
    assert (period.ten, period.ten_ky_toi, period.previous_key) == (name, next_name, previous)
    assert str(period) == key


@pytest.mark.parametrize(
    "key",
    ["", "2026", "2026-q1", "2026-Q2", "2026-Q4", "1999-Q1", "2101-NAM", "26-Q1", "2026-6T ", "2026-6T\n", "٢٠٢٦-Q1"],
)
def test_any_other_key_is_refused_with_the_valid_forms(key: str) -> None:
    with pytest.raises(UnknownPeriod, match=r"2026-Q1.*2026-6T.*2026-Q3.*2026-NAM"):
        parse_period(key)


def test_quarter_two_says_that_it_has_no_report_of_its_own() -> None:
    with pytest.raises(UnknownPeriod, match=r"Không có báo cáo quý II riêng.*2026-6T"):
        parse_period("2026-Q2")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2026, 6, 10), date(2026, 6, 9), id="inside the window: yesterday"),
        pytest.param(date(2026, 6, 15), date(2026, 6, 14), id="first day after the window: its last day"),
        pytest.param(date(2026, 11, 1), date(2026, 6, 14), id="long after: the window's last day"),
        pytest.param(date(2025, 12, 16), date(2025, 12, 15), id="second day: the first day"),
    ],
)
def test_default_cutoff_is_the_end_or_yesterday(today: date, expected: date) -> None:
    assert resolve_cutoff(parse_period("2026-6T"), None, today) == expected


@pytest.mark.parametrize("asked", [date(2025, 12, 15), date(2026, 5, 31), date(2026, 6, 9), date(2026, 6, 14)])
def test_a_cutoff_inside_the_window_is_taken(asked: date) -> None:
    assert resolve_cutoff(parse_period("2026-6T"), asked, date(2026, 11, 1)) == asked


@pytest.mark.parametrize(
    ("asked", "today"),
    [
        pytest.param(date(2026, 6, 15), date(2026, 11, 1), id="after the window"),
        pytest.param(date(2025, 12, 14), date(2026, 11, 1), id="before the window"),
        pytest.param(date(2026, 6, 9), date(2026, 6, 9), id="today is not over"),
        pytest.param(date(2026, 6, 12), date(2026, 6, 10), id="in the window but in the future"),
        pytest.param(None, date(2025, 12, 15), id="default on the window's first day"),
        pytest.param(None, date(2025, 6, 1), id="default before the window"),
        pytest.param(date(2025, 12, 20), date(2025, 12, 15), id="explicit before the window began"),
    ],
)
def test_a_cutoff_outside_the_window_is_refused(asked: date | None, today: date) -> None:
    with pytest.raises(CutoffOutsideWindow, match="2026-6T"):
        resolve_cutoff(parse_period("2026-6T"), asked, today)


@pytest.mark.parametrize(
    ("today", "keys"),
    [
        pytest.param(date(2026, 6, 10), ["2026-6T", "2026-NAM"], id="10/6: quý I was sent, quý III not begun"),
        pytest.param(date(2026, 6, 15), ["2026-6T", "2026-NAM"], id="15/6: quý III begins today, nothing to count"),
        pytest.param(date(2026, 6, 16), ["2026-6T", "2026-Q3", "2026-NAM"], id="16/6: three at once"),
        pytest.param(date(2026, 6, 20), ["2026-6T", "2026-Q3", "2026-NAM"], id="20/6: the sending day still counts"),
        pytest.param(date(2026, 6, 21), ["2026-Q3", "2026-NAM"], id="21/6: 6 tháng is sent"),
        pytest.param(date(2026, 12, 16), ["2026-NAM", "2027-Q1", "2027-6T", "2027-NAM"], id="16/12: two years overlap"),
        pytest.param(date(2026, 12, 31), ["2027-Q1", "2027-6T", "2027-NAM"], id="31/12: only the next year's"),
        pytest.param(date(2026, 1, 5), ["2026-Q1", "2026-6T", "2026-NAM"], id="05/01"),
    ],
)
def test_open_periods(today: date, keys: list[str]) -> None:
    assert [p.key for p in open_periods(today)] == keys


def test_periods_for_years_lists_the_partitions_in_sending_order() -> None:
    periods = periods_for_years(range(2025, 2027))
    assert [p.key for p in periods] == [f"{y}-{k}" for y in (2025, 2026) for k in ("Q1", "6T", "Q3", "NAM")]
    assert [p.gui_truoc for p in periods] == sorted(p.gui_truoc for p in periods)
    assert [p.previous_key for p in periods[1:]] == [p.key for p in periods[:-1]]
    assert periods_for_years([1999, 2101]) == []
