"""How numbers, dates and percentages are written: cases worked out by hand, and laws for all others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rules import display

COUNTS = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0, "0"), (7, "7"), (999, "999"), (1000, "1.000"), (9275, "9.275"), (84605000, "84.605.000"), (-1234, "-1.234")],
)
def test_integer_has_a_dot_between_thousands(value, printed):
    assert display.format_integer(value) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (42809.0, "42.809"),
        (1234.5, "1.234,5"),
        (0.1 + 0.2, "0,3"),
        (0, "0"),
        (1000, "1.000"),
        (-0.0000001, "0"),
        (Decimal("21406.75"), "21.406,75"),
    ],
)
def test_number_drops_needless_decimals(value, printed):
    assert display.format_number(value) == printed


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (27, 52, "51,9"),
        (21406, 42809, "50,0"),
        (1, 8, "12,5"),
        (1, 16, "6,3"),  # 6,25 is half: up, not to the even neighbour
        (9275, 9275, "100"),
        (9274, 9275, "99,99"),
        (9269, 9275, "99,9"),
        (9999999, 10000000, "99,99999"),
        (10001, 10000, "100,01"),
        (0, 5, "0,0"),
        (3, 2, "150,0"),
        (0, 0, None),
        (5, 0, None),
        (21406.5, 42813, "50,0"),
        (0.1, 0.1, "100"),
    ],
)
def test_percent(numerator, denominator, printed):
    assert display.format_percent(numerator, denominator) == printed


def test_percent_value_is_the_printed_number():
    assert display.percent_value(27, 52) == Decimal("51.9")
    assert display.percent_value(9274, 9275) == Decimal("99.99")
    assert display.percent_value(2, 2) == 100
    assert display.percent_value(0, 0) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, -2)])
def test_percent_refuses_negative_terms(numerator, denominator):
    with pytest.raises(ValueError, match="negative"):
        display.format_percent(numerator, denominator)


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (date(2026, 6, 9), "09/6/2026", "ngày 09 tháng 6 năm 2026"),
        (date(2026, 1, 5), "05/01/2026", "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "28/02/2026", "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 1), "01/3/2026", "ngày 01 tháng 3 năm 2026"),
        (date(2025, 12, 15), "15/12/2025", "ngày 15 tháng 12 năm 2025"),
    ],
    ids=lambda value: str(value) if isinstance(value, date) else "",
)
def test_date_pads_days_and_months_1_and_2(day, short, long):
    assert display.format_date(day) == short
    assert display.format_long_date(day) == long


def test_dong():
    assert display.format_dong(84605000) == "84.605.000đ"


@pytest.mark.parametrize(
    ("terms", "cell"),
    [
        ((27, 52), ("51,9", "27/52")),
        ((9275, 9275), ("100", "9.275/9.275")),
        ((0, 0), ("-", "không phát sinh")),
        ((5, 0), ("-", "5/0")),
        ((None, 52), ("", "chưa có số liệu")),
        ((27, None), ("", "chưa có số liệu")),
    ],
)
def test_ratio_cell_prints_percentage_and_arithmetic(terms, cell):
    assert display.show_ratio(*terms) == cell


def test_number_cell_without_a_value_says_why():
    assert display.show_number(None) == ("", "chưa có số liệu")
    assert display.show_number(0) == ("0", "")


@given(COUNTS, st.integers(min_value=1, max_value=10**9))
def test_100_is_printed_only_for_equal_terms(numerator, denominator):
    printed = display.format_percent(numerator, denominator)
    assert (printed == "100") == (numerator == denominator)
    assert printed == "100" or set(printed.partition(",")[2]) != {"0"} or not printed.startswith("100,")


@given(COUNTS, st.integers(min_value=1, max_value=10**9))
def test_percent_is_within_half_a_unit_of_the_exact_fraction(numerator, denominator):
    value = display.percent_value(numerator, denominator)
    half_unit = Fraction(1, 2) * Fraction(10) ** value.as_tuple().exponent
    assert abs(Fraction(value) - Fraction(numerator, denominator) * 100) <= half_unit


@given(COUNTS)
def test_integer_reads_back(value):
    printed = display.format_integer(value)
    assert int(printed.replace(".", "")) == value
    assert all(len(group) == 3 for group in printed.split(".")[1:])
