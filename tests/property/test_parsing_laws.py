"""Laws of text and of reading columns, for any value."""

# ruff: noqa: DTZ001 - local time without zone is the contract of the readers
from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assets.core.parsing import (
    clean_text_expr,
    code_expr,
    dossier_code_date_expr,
    is_blank_expr,
    matching_key_expr,
    parse_count_expr,
    parse_datetime_expr,
    parse_decimal_expr,
    parse_flag_expr,
    parse_money_expr,
    procedure_stem_expr,
)
from schemas.rules.text import (
    clean_text,
    dossier_code_date,
    looks_legacy,
    matching_key,
    normalise_code,
    procedure_stem,
    vietnamese_sort_key,
)

EPOCH = datetime(1970, 1, 1)
EXCEL_DAY_ZERO = datetime(1899, 12, 30)

# Unassigned characters are left out: the two sides may know different Unicode versions.
any_text = st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=20)
vietnamese = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯ"
    "áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323ÐðØ\u00a0\u200b\u00ad \t\n.-/0123456789",
    max_size=30,
)
texts = st.lists(any_text | vietnamese | st.none(), max_size=12)

FORMATS: dict[str, tuple[Callable[[datetime], str], timedelta]] = {
    "dd/MM/yyyy HH:mm:ss": (lambda m: f"{m:%d/%m/%Y %H:%M:%S}", timedelta(seconds=1)),
    "dd/MM/yyyy HH:mm": (lambda m: f"{m:%d/%m/%Y %H:%M}", timedelta(minutes=1)),
    "dd/MM/yyyy": (lambda m: f"{m:%d/%m/%Y}", timedelta(days=1)),
    "d/M/yyyy H:mm": (lambda m: f"{m.day}/{m.month}/{m.year} {m.hour}:{m:%M}", timedelta(minutes=1)),
    "d/M/yyyy": (lambda m: f"{m.day}/{m.month}/{m.year}", timedelta(days=1)),
    "dd-MM-yyyy HH:mm:ss": (lambda m: f"{m:%d-%m-%Y %H:%M:%S}", timedelta(seconds=1)),
    "dd.MM.yyyy": (lambda m: f"{m:%d.%m.%Y}", timedelta(days=1)),
    "ISO": (lambda m: m.isoformat(), timedelta(microseconds=1)),
    "ISO with a blank": (lambda m: m.isoformat(" "), timedelta(microseconds=1)),
    "ISO date": (lambda m: m.date().isoformat(), timedelta(days=1)),
    "Z": (lambda m: f"{(m - timedelta(hours=7)).isoformat()}Z", timedelta(microseconds=1)),
    "+07:00": (lambda m: f"{m.isoformat()}+07:00", timedelta(microseconds=1)),
    "-03:30": (lambda m: f"{(m - timedelta(hours=10, minutes=30)).isoformat()}-03:30", timedelta(microseconds=1)),
    "yyyyMMddHHmmss": (lambda m: f"{m:%Y%m%d%H%M%S}", timedelta(seconds=1)),
    "yyyyMMdd": (lambda m: f"{m:%Y%m%d}", timedelta(days=1)),
    "Excel": (lambda m: repr((m - EXCEL_DAY_ZERO) / timedelta(days=1)), timedelta(seconds=1)),
}
# An epoch of 13 digits begins on 9 September 2001.
EPOCH_MS = (lambda m: str((m - timedelta(hours=7) - EPOCH) // timedelta(milliseconds=1)), timedelta(milliseconds=1))

moments = st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30))


def evaluate(build: Callable[[str], pl.Expr], values: list[str | None]) -> list[object]:
    return pl.DataFrame({"c": values}, schema={"c": pl.String}).select(build("c"))["c"].to_list()


def floor(moment: datetime, unit: timedelta) -> datetime:
    return EPOCH + (moment - EPOCH) // unit * unit


@given(
    st.lists(st.tuples(st.sampled_from(sorted(FORMATS)), moments), min_size=1, max_size=40), st.sampled_from(["", " "])
)
@settings(max_examples=150, deadline=None)
def test_what_any_system_writes_is_read_back(rows: list[tuple[str, datetime]], stray: str) -> None:
    written = [stray + FORMATS[name][0](floor(moment, FORMATS[name][1])) for name, moment in rows]
    expected = [floor(moment, FORMATS[name][1]) for name, moment in rows]
    assert evaluate(parse_datetime_expr, written) == expected


@given(st.lists(st.datetimes(datetime(2001, 9, 10), datetime(2100, 12, 30)), min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_epoch_milliseconds_are_read_back(rows: list[datetime]) -> None:
    write, unit = EPOCH_MS
    assert evaluate(parse_datetime_expr, [write(floor(m, unit)) for m in rows]) == [floor(m, unit) for m in rows]


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1990, 2100), st.sampled_from("/-."))
@settings(max_examples=100, deadline=None)
def test_day_and_month_are_never_swapped(day: int, month: int, year: int, sign: str) -> None:
    [got] = evaluate(parse_datetime_expr, [f"{day:02d}{sign}{month:02d}{sign}{year}"])
    try:
        expected = datetime(year, month, day)
    except ValueError:
        expected = None  # no such day
    assert got == expected


@given(texts)
@settings(max_examples=150, deadline=None)
def test_every_reader_takes_any_text(values: list[str | None]) -> None:
    for build in (parse_datetime_expr, parse_money_expr, parse_count_expr, parse_decimal_expr, parse_flag_expr):
        assert len(evaluate(build, values)) == len(values)
    blank = evaluate(is_blank_expr, values)
    assert None not in blank
    read = evaluate(parse_datetime_expr, values)
    assert not any(is_blank and moment is not None for is_blank, moment in zip(blank, read, strict=True))
    assert all(m is None or 1990 <= m.year <= 2100 for m in read)  # type: ignore[attr-defined]


@given(st.lists(st.sampled_from(["09/06/2026", "31/02/2026", "", "-", "20260609", "x", " 9/6/2026 "]), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_value_is_read_the_same_alone_and_in_company(values: list[str | None]) -> None:
    together = evaluate(parse_datetime_expr, values)
    assert together == [evaluate(parse_datetime_expr, [value])[0] for value in values]


@given(texts)
@settings(max_examples=200, deadline=None)
def test_columns_and_single_texts_follow_one_law(values: list[str | None]) -> None:
    def each(rule: Callable[[str], object]) -> list[object]:
        return [None if value is None else rule(value) for value in values]

    assert evaluate(clean_text_expr, values) == each(clean_text)
    assert evaluate(matching_key_expr, values) == each(matching_key)
    assert evaluate(clean_text_expr, values * 3) == each(clean_text) * 3, "repeated values take another path"
    assert evaluate(procedure_stem_expr, values) == each(procedure_stem)
    assert evaluate(code_expr, values) == each(normalise_code)
    assert evaluate(dossier_code_date_expr, values) == each(dossier_code_date)


codes = st.from_regex(
    r"(H24\.[0-9]{3}-[0-9]{6}-[0-9]{4}|G09\.20-20[0-9]{6}-[0-9]{7}|[A-Z]{5}\.[0-9]{6}\.[0-9]{5})", fullmatch=True
)


@given(st.lists(codes, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_dossier_codes_follow_one_law(values: list[str]) -> None:
    assert evaluate(dossier_code_date_expr, values) == [dossier_code_date(code) for code in values]


@given(any_text | vietnamese)
@settings(max_examples=400)
def test_cleaning_is_idempotent_and_normal(value: str) -> None:
    cleaned = clean_text(value)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert not set(cleaned) & set("\u00a0\u200b\ufeff\u00ad\t\nÐð")


@given(any_text | vietnamese)
@settings(max_examples=400)
def test_keys_are_idempotent_and_see_only_cleaned_text(value: str) -> None:
    code = normalise_code(value)
    assert normalise_code(code) == code
    key = matching_key(value)
    assert matching_key(key) == key
    assert matching_key(clean_text(value)) == key
    assert matching_key(unicodedata.normalize("NFD", value)) == key


@given(st.lists(vietnamese, max_size=8), st.randoms(use_true_random=False))
def test_vietnamese_order_depends_on_the_texts_alone(values: list[str], random: Random) -> None:
    shuffled = random.sample(values, len(values))
    in_order = [clean_text(v) for v in sorted(values, key=vietnamese_sort_key)]
    assert [clean_text(v) for v in sorted(shuffled, key=vietnamese_sort_key)] == in_order


@given(any_text)
def test_legacy_detection_takes_any_text(value: str) -> None:
    assert isinstance(looks_legacy(value), bool)


WORDS = ("Ủy", "ban", "phường", "đăng ký", "khai sinh", "hộ tịch", "đất đai", "hành chính", "chứng thực", "hồ sơ")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_text_decoded_twice_is_seen_and_good_text_is_not(text: str) -> None:
    assume(not text.isascii())
    assert not looks_legacy(text)
    broken = text.encode().decode("latin-1")
    assert looks_legacy(broken)


@given(st.integers(0, 10**12), st.sampled_from(".,"), st.sampled_from(["", "đ", " VNĐ", " đồng"]))
@settings(max_examples=150, deadline=None)
def test_money_is_read_back_in_either_style(amount: int, sign: str, unit: str) -> None:
    grouped = f"{amount:,}".replace(",", sign) + unit
    assert evaluate(parse_money_expr, [grouped, f"{amount}{unit}"]) == [amount, amount]
    assert evaluate(parse_count_expr, [f"{amount:,}".replace(",", sign), f"{amount}.0"]) == [amount, amount]
