"""Reading text columns: every accepted form of the input contracts, and what must be refused."""

# ruff: noqa: DTZ001 - local time without zone is the contract of the readers
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import polars as pl
import pytest

from assets.core.parsing import (
    DATE_FORMATS,
    clean_text_expr,
    dossier_code_date_expr,
    is_blank_expr,
    matching_key_expr,
    parse_count_expr,
    parse_datetime_expr,
    parse_decimal_expr,
    parse_flag_expr,
    parse_money_expr,
    procedure_stem_expr,
    thousands_separator_expr,
)

Parser = Callable[[str], pl.Expr]


def read(parser: Parser, *values: str | None) -> list[object]:
    frame = pl.DataFrame({"c": values}, schema={"c": pl.String})
    return frame.select(parser("c"))["c"].to_list()


HALF_PAST_EIGHT = datetime(2026, 6, 9, 8, 30)
MIDNIGHT = datetime(2026, 6, 9)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("09/06/2026", MIDNIGHT, id="dd/MM/yyyy"),
        pytest.param("09/06/2026 08:30", HALF_PAST_EIGHT, id="dd/MM/yyyy HH:mm"),
        pytest.param("09/06/2026 08:30:15", datetime(2026, 6, 9, 8, 30, 15), id="dd/MM/yyyy HH:mm:ss"),
        pytest.param("9/6/2026", MIDNIGHT, id="d/M/yyyy"),
        pytest.param("9/6/2026 8:30", HALF_PAST_EIGHT, id="d/M/yyyy H:mm"),
        pytest.param("09-06-2026", MIDNIGHT, id="dd-MM-yyyy"),
        pytest.param("09-06-2026 08:30", HALF_PAST_EIGHT, id="dd-MM-yyyy HH:mm"),
        pytest.param("09.06.2026", MIDNIGHT, id="dd.MM.yyyy"),
        pytest.param("9.6.2026 08:30:00", HALF_PAST_EIGHT, id="d.M.yyyy HH:mm:ss"),
        pytest.param("2026-06-09", MIDNIGHT, id="ISO date"),
        pytest.param("2026-06-09 08:30:00", HALF_PAST_EIGHT, id="ISO, a true date cell"),
        pytest.param("2026-06-09T08:30:00", HALF_PAST_EIGHT, id="ISO with T"),
        pytest.param("2026-06-09T08:30", HALF_PAST_EIGHT, id="ISO without seconds"),
        pytest.param("2026-06-09T08:30:00.250", datetime(2026, 6, 9, 8, 30, 0, 250_000), id="ISO with fraction"),
        pytest.param("2026-06-09T08:30:00.1234567", datetime(2026, 6, 9, 8, 30, 0, 123_456), id="ISO, 7 decimals"),
        pytest.param("2026-06-09T01:30:00Z", HALF_PAST_EIGHT, id="Z to local"),
        pytest.param("2026-06-09T01:30:00.000Z", HALF_PAST_EIGHT, id="fraction and Z to local"),
        pytest.param("2026-06-08T18:00:00Z", datetime(2026, 6, 9, 1, 0), id="Z: the next local day"),
        pytest.param("2026-06-09T08:30:00+07:00", HALF_PAST_EIGHT, id="own offset"),
        pytest.param("2026-06-08T20:30:00-0500", HALF_PAST_EIGHT, id="western offset without colon"),
        pytest.param("2026-06-09T07:00:00+05:30", HALF_PAST_EIGHT, id="half-hour offset"),
        pytest.param("2026-06-09T08:30+07", HALF_PAST_EIGHT, id="hour offset, no seconds"),
        pytest.param("20260609083000", HALF_PAST_EIGHT, id="yyyyMMddHHmmss"),
        pytest.param("08:30 09/06/2026", HALF_PAST_EIGHT, id="time first"),
        pytest.param("8:30:00, 9/6/2026", HALF_PAST_EIGHT, id="time first, seconds"),
        pytest.param("20260609", MIDNIGHT, id="yyyyMMdd"),
        pytest.param("2026/06/09", MIDNIGHT, id="yyyy/MM/dd"),
        pytest.param("2026/6/9 8:30", HALF_PAST_EIGHT, id="yyyy/MM/dd, minutes"),
        pytest.param("2026/06/09 08:30:00", HALF_PAST_EIGHT, id="yyyy/MM/dd, seconds"),
        pytest.param("09/06/2026 - 08:30", HALF_PAST_EIGHT, id="a dash before the clock"),
        pytest.param("08:30 – 09/06/2026", HALF_PAST_EIGHT, id="a dash behind the clock"),
        # 1780968600 s = 2026-06-09 01:30 UTC (20.613 days and 5.400 s after 1970)
        pytest.param("1780968600000", HALF_PAST_EIGHT, id="epoch ms"),
        # 46182 = days from 30/12/1899 to 9/6/2026; .3541666… = 8.5/24
        pytest.param("46182", MIDNIGHT, id="Excel serial, whole day"),
        pytest.param("46182.354166666664", HALF_PAST_EIGHT, id="Excel serial with time"),
        pytest.param("46182.0", MIDNIGHT, id="Excel serial as a float"),
        pytest.param("46085.629", datetime(2026, 3, 4, 15, 5, 46), id="Excel serial, nearest second"),
        pytest.param("46181.9999999", MIDNIGHT, id="Excel serial, rounding to midnight"),
        pytest.param("29/02/2024", datetime(2024, 2, 29), id="leap day"),
        pytest.param("  09/06/2026\u00a0 08:30 ", HALF_PAST_EIGHT, id="stray blanks and NBSP"),
        pytest.param("09/06/2026\u200b", MIDNIGHT, id="zero-width"),
        pytest.param("01/01/1990", datetime(1990, 1, 1), id="first year"),
        pytest.param("31/12/2100 23:59:59", datetime(2100, 12, 31, 23, 59, 59), id="last year"),
        pytest.param("06/12/2026", datetime(2026, 12, 6), id="day first, always"),
        pytest.param("09/06/2026 8:30 SA", HALF_PAST_EIGHT, id="SA"),
        pytest.param("09/06/2026 8:30:00 AM", HALF_PAST_EIGHT, id="AM"),
        pytest.param("9/6/2026 02:15 CH", datetime(2026, 6, 9, 14, 15), id="CH"),
        pytest.param("09/06/2026 12:05 AM", datetime(2026, 6, 9, 0, 5), id="12 AM is midnight"),
        pytest.param("09/06/2026 12:05 PM", datetime(2026, 6, 9, 12, 5), id="12 PM is noon"),
        pytest.param("09/06/2026 14:15 CH", datetime(2026, 6, 9, 14, 15), id="said twice"),
        pytest.param("ngày 09 tháng 6 năm 2026", MIDNIGHT, id="day in words"),
        pytest.param("08 giờ 30 phút, ngày 09 tháng 06 năm 2026", HALF_PAST_EIGHT, id="time and day in words"),
        pytest.param("8h30 ngày 09/06/2026", HALF_PAST_EIGHT, id="8h30 ngày"),
        pytest.param("9 thg 6, 2026", MIDNIGHT, id="thg"),
        pytest.param("Thứ ba, 09/06/2026 08:30", HALF_PAST_EIGHT, id="weekday"),
        pytest.param("Chủ Nhật 09/06/2026", MIDNIGHT, id="chủ nhật"),
        pytest.param("09/06/2026 (trễ 2 ngày)", MIDNIGHT, id="a remark in brackets"),
        pytest.param("/Date(1780968600000)/", HALF_PAST_EIGHT, id="JSON of .NET"),
        pytest.param("09-Jun-2026", MIDNIGHT, id="English month"),
        pytest.param("Jun 9, 2026, 8:30:00 AM", HALF_PAST_EIGHT, id="English month first"),
    ],
)
def test_dates(text: str, moment: datetime) -> None:
    assert read(parse_datetime_expr, text) == [moment]
    assert read(is_blank_expr, text) == [False]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("31/02/2026", id="impossible day"),
        pytest.param("29/02/2025", id="no leap year"),
        pytest.param("12/13/2026", id="month 13: no swap is guessed"),
        pytest.param("00/06/2026", id="day 0"),
        pytest.param("20260231", id="impossible compact day"),
        pytest.param("2026-02-30T08:00:00Z", id="impossible ISO day"),
        pytest.param("09/06/2026 24:00", id="hour 24"),
        pytest.param("09/06/2026 08:60", id="minute 60"),
        pytest.param("09/06/2026 08:30:60", id="second 60"),
        pytest.param("09/06/26", id="two-digit year"),
        pytest.param("09/06-2026", id="mixed separators"),
        pytest.param("31/12/1989", id="before 1990"),
        pytest.param("02/01/1900", id="no calendar's first day"),
        pytest.param("01/01/2101", id="after 2100"),
        pytest.param("2100-12-31T20:00:00Z", id="after 2100 in local time"),
        pytest.param("19999", id="serial below the range"),
        pytest.param("80001", id="serial above the range"),
        pytest.param("09/06/2026 (10/06/2026)", id="another date in brackets"),
        pytest.param("31 tháng 2 năm 2026", id="impossible day in words"),
        pytest.param("09/06/2026 8:30 XM", id="half of no day"),
        pytest.param("June 2026", id="a month in words"),
        pytest.param("2026", id="a year"),
        pytest.param("06/2026", id="a month"),
        pytest.param("9876543210987", id="epoch far away"),
        pytest.param("0912345678", id="a phone number"),
        pytest.param("٠٩/٠٦/2026", id="other digits"),
        pytest.param("09/06/2026 và 10/06/2026", id="two dates"),
        pytest.param("09/06/2026 - 10/06/2026", id="a span of days"),
        pytest.param("2026/13/06", id="year first, month 13: no swap is guessed"),
        pytest.param("2026/02/31", id="year first, impossible day"),
        pytest.param("chưa có", id="words"),
        pytest.param("--", id="two dashes"),
    ],
)
def test_unreadable_dates_are_null_and_not_blank(text: str) -> None:
    assert read(parse_datetime_expr, text) == [None]
    assert read(is_blank_expr, text) == [False]


@pytest.mark.parametrize(
    "text", ["01/01/0001", "1/1/0001 12:00:00 SA", "0001-01-01T00:00:00", "01/01/1900 00:00:00", "1900-01-01"]
)
def test_the_first_day_of_a_programs_calendar_is_no_date(text: str) -> None:
    """.NET and SQL Server print it where a date is missing; a dossier's dates begin in 1990."""
    assert read(is_blank_expr, text) == [True]
    assert read(parse_datetime_expr, text) == [None]


@pytest.mark.parametrize("text", [None, "", "  ", "-", " - ", "–", "null", "NULL", "None", "N/A", "\u00a0", "\u200b"])
def test_blanks(text: str | None) -> None:
    assert read(is_blank_expr, text) == [True]
    assert read(parse_datetime_expr, text) == [None]
    assert read(parse_money_expr, text) == [None]
    assert read(parse_count_expr, text) == [None]
    assert read(parse_flag_expr, text) == [False]


def test_up_to_all_formats_in_one_column_keep_their_rows() -> None:
    texts = ["20260609", None, "09/06/2026 08:30", "x", "2026-06-09", "", " 46182 ", "09/06/2026", "1780968600000"]
    expected = [MIDNIGHT, None, HALF_PAST_EIGHT, None, MIDNIGHT, None, MIDNIGHT, MIDNIGHT, HALF_PAST_EIGHT]
    assert read(parse_datetime_expr, *texts) == expected


def test_a_source_may_allow_few_formats() -> None:
    frame = pl.DataFrame({"c": ["46182", "09/06/2026"]})
    got = frame.select(parse_datetime_expr("c", ["dd/MM/yyyy"]))["c"].to_list()
    assert got == [None, MIDNIGHT]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="MM/dd/yyyy"):
        parse_datetime_expr("c", ["MM/dd/yyyy"])
    assert "MM/dd/yyyy" not in DATE_FORMATS


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        pytest.param("84605000", 84_605_000, id="digits"),
        pytest.param("1.234.000", 1_234_000, id="points group"),
        pytest.param("84,605,000", 84_605_000, id="commas group"),
        pytest.param("15.000", 15_000, id="one group is thousands, not a fraction"),
        pytest.param("84.605.000đ", 84_605_000, id="đ"),
        pytest.param("84.605.000 VNĐ", 84_605_000, id="VNĐ"),
        pytest.param("15,000 vnd", 15_000, id="vnd"),
        pytest.param("15.000 Đồng", 15_000, id="đồng"),
        pytest.param("15.000 đo\u0302\u0300ng", 15_000, id="đồng in NFD"),
        pytest.param("15.000₫", 15_000, id="₫"),
        pytest.param("15000.0", 15_000, id="float cell"),
        pytest.param("84.605.000,00", 84_605_000, id="grouped with zero decimals"),
        pytest.param("0", 0, id="zero"),
        pytest.param("0.0", 0, id="zero as a float cell"),
        pytest.param("1.234,000", None, id="both separators as thousands"),
        pytest.param("1.234.00", None, id="group of two"),
        pytest.param("15000.5", None, id="half a đồng"),
        pytest.param("0.500", None, id="a fraction is no thousand"),
        pytest.param("-15.000", None, id="negative"),
        pytest.param("1 234 000", None, id="blanks do not group"),
        pytest.param("15k", None, id="letters"),
        pytest.param("VNĐ", None, id="no digits"),
        pytest.param("99999999999999999999", None, id="beyond Int64"),
    ],
)
def test_money(text: str, dong: int | None) -> None:
    assert read(parse_money_expr, text) == [dong]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("42,809", 42_809, id="a count: comma is thousands"),
        pytest.param("21.406", 21_406, id="a count: point is thousands"),
        ("9275", 9_275),
        ("38.0", 38),
        ("0", 0),
        ("38 nhiệm vụ", None),
        ("38,5", None),
        ("-1", None),
        ("15.000đ", None),
    ],
)
def test_count(text: str, count: int | None) -> None:
    assert read(parse_count_expr, text) == [count]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1.234,5", 1234.5, id="Vietnamese"),
        ("51,9", 51.9),
        ("-0,5", -0.5),
        ("1.234", 1234.0),
        ("42.809.000", 42_809_000.0),
        pytest.param("12.5", 12.5, id="number cell"),
        pytest.param("0.519", 0.519, id="a first group of 0 is no thousand"),
        pytest.param("1,234.5", 1234.5, id="commas group before a point"),
        pytest.param("42,809", 42.809, id="comma is decimal by contract"),
        ("1.23.4", None),
        ("1,2,3", None),
        ("5%", None),
        ("", None),
        ("nan", None),
    ],
)
def test_decimal(text: str, value: float | None) -> None:
    assert read(parse_decimal_expr, text) == [value]


def test_a_mixed_style_can_be_seen() -> None:
    texts = ["42,809", "21.406", "1.234.000đ", "15000", "0.519", "1.234,5", None]
    assert read(thousands_separator_expr, *texts) == [",", ".", ".", None, None, ".", None]


@pytest.mark.parametrize(
    "text", ["Có", "CÓ", "co\u0301", "x", "X", "✓", "1", "3", "1.0", "true", "TRUE", "Đúng", "Yes"]
)
def test_true_flags(text: str) -> None:
    assert read(parse_flag_expr, text) == [True]


@pytest.mark.parametrize("text", ["Không", " không ", "KHÔNG", "0", "0.0", "false", "Sai", "No"])
def test_false_flags(text: str) -> None:
    assert read(parse_flag_expr, text) == [False]


@pytest.mark.parametrize("text", ["có thể", "-1", "2,5", "?", "khác"])
def test_unknown_flags(text: str) -> None:
    assert read(parse_flag_expr, text) == [None]


def test_text_and_codes() -> None:
    assert read(clean_text_expr, " Ðăng\u00a0 ký ", None) == ["Đăng ký", None]
    assert read(matching_key_expr, "HÒA  Bình", None) == ["hoà bình", None]
    assert read(procedure_stem_expr, "1.004873.000.00.00.H24", "1.00487", None) == ["1.004873", None, None]
    codes = ["H24.150-260604-0031", "G09.20-20260609-0092637", "CNTBD.181121.00334", "H24.150-261304-0031", None]
    dates = [date(2026, 6, 4), date(2026, 6, 9), date(2018, 11, 21), None, None]
    assert read(dossier_code_date_expr, *codes) == dates


@pytest.mark.parametrize(
    ("parser", "dtype"),
    [
        (clean_text_expr, pl.String),
        (matching_key_expr, pl.String),
        (is_blank_expr, pl.Boolean),
        (parse_datetime_expr, pl.Datetime("us")),
        (parse_money_expr, pl.Int64),
        (parse_count_expr, pl.Int64),
        (parse_decimal_expr, pl.Float64),
        (parse_flag_expr, pl.Boolean),
        (procedure_stem_expr, pl.String),
        (dossier_code_date_expr, pl.Date),
        (thousands_separator_expr, pl.String),
    ],
)
@pytest.mark.parametrize("values", [[], [None], [None, None, None], ["1", "1", "1", None], ["a", "b"]], ids=str)
def test_type_name_and_length_hold_for_any_column(parser: Parser, dtype: pl.DataType, values: list[str]) -> None:
    frame = pl.DataFrame({"c": values, "d": values}, schema={"c": pl.String, "d": pl.String})
    for result in (frame.select(parser("c")), frame.lazy().select(parser("c")).collect(engine="streaming")):
        assert result.schema == {"c": dtype}
        assert result.height == len(values)
    assert frame.lazy().select(parser("c")).collect_schema() == {"c": dtype}
    assert frame.with_columns(z=parser("d")).columns == ["c", "d", "z"]
