"""The date formats that delivered files use, each with the shape that recognises it and the way to read it.

Belongs here: the table of formats, the loop that reads a column by them, and writing dates in words as one of them.
Does not belong here: what blank or unreadable means (parsing.py), which source uses which format (schemas/sources).

Shapes exclude one another, so their order does not change a value. A value whose shape matches and whose
parts are impossible (31/02) is unreadable and is not tried in another way. Source: domain rule "Input dates".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

LOCAL_ZONE = "Asia/Ho_Chi_Minh"
FIRST_YEAR = 1990
LAST_YEAR = 2100
SERIAL_RANGE = (20_000, 80_000)

_DATETIME = pl.Datetime("us")
_TIME = "[0-2]?[0-9]:[0-5][0-9]"
_SECONDS = ":[0-5][0-9]"
_OFFSET = r"(?:Z|z|[+-][01][0-9](?::?[0-5][0-9])?)"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to write a date: ``pattern`` recognises the whole text, ``read`` reads a column of such."""

    name: str
    pattern: str
    read: Callable[[pl.Series], pl.Series]


def _by(pattern: str) -> Callable[[pl.Series], pl.Series]:
    """Read by a strptime pattern; the default cache would hash every text only to repeat this cheap step."""
    return lambda texts: texts.str.to_datetime(pattern, time_unit="us", strict=False, cache=False)


def _read_iso(texts: pl.Series) -> pl.Series:
    return _by("%Y-%m-%d %H:%M:%S%.f")(texts.str.replace("T", " ", literal=True))


def _read_iso_minutes(texts: pl.Series) -> pl.Series:
    return _read_iso(texts + ":00")


def _read_iso_offset(texts: pl.Series) -> pl.Series:
    """Read local part and offset apart: every written form of the offset then means the same."""
    frame = texts.to_frame("t").with_columns(
        pl.col("t").str.extract(f"^(.*?){_OFFSET}$", 1).alias("local"),
        pl.col("t").str.extract(r"([+-])[0-9]{2}:?(?:[0-9]{2})?$", 1).alias("sign"),
        pl.col("t").str.extract(r"[+-]([0-9]{2}):?(?:[0-9]{2})?$", 1).cast(pl.Int64).alias("hours"),
        pl.col("t").str.extract(r"[+-][0-9]{2}:?([0-9]{2})$", 1).cast(pl.Int64).alias("minutes"),
    )
    minutes = pl.col("hours").fill_null(0) * 60 + pl.col("minutes").fill_null(0)
    local = frame["local"]
    with_seconds = local.str.contains(r":[0-9]{2}:[0-9]{2}")
    local = local.zip_with(with_seconds, local + ":00")
    east = frame.select(pl.when(pl.col("sign") == "-").then(-minutes).otherwise(minutes)).to_series()
    utc = _read_iso(local) - (east * 60_000_000).cast(pl.Duration("us"))
    return _from_utc(utc)


def _read_epoch_ms(texts: pl.Series) -> pl.Series:
    return _from_utc((texts.cast(pl.Int64) * 1000).cast(_DATETIME))


def _read_serial(texts: pl.Series) -> pl.Series:
    """Count days from 30/12/1899 (Excel's 1900 system), to the nearest second: a serial holds no more."""
    days = texts.cast(pl.Float64)
    seconds = (days * 86_400).round().cast(pl.Int64) - 25_569 * 86_400
    low, high = SERIAL_RANGE
    inside = (days >= low) & (days <= high)
    return (seconds * 1_000_000).cast(_DATETIME).set(~inside, None)


def _from_utc(moments: pl.Series) -> pl.Series:
    return moments.dt.replace_time_zone("UTC").dt.convert_time_zone(LOCAL_ZONE).dt.replace_time_zone(None)


def _day_first(sign: str) -> list[Shape]:
    name = f"dd{sign}MM{sign}yyyy"
    day = rf"[0-9]{{1,2}}[{sign}][0-9]{{1,2}}[{sign}][0-9]{{4}}"
    strptime = f"%d{sign}%m{sign}%Y"
    return [
        Shape(name, f"^{day} {_TIME}{_SECONDS}$", _by(f"{strptime} %H:%M:%S")),
        Shape(name, f"^{day}$", _by(strptime)),
        Shape(name, f"^{day} {_TIME}$", _by(f"{strptime} %H:%M")),
    ]


def _time_first() -> list[Shape]:
    """Read "08:05[:00] 23/06/2026", as one-stop systems print it."""
    day, name = "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "HH:mm dd/MM/yyyy"

    def read(strptime: str) -> Callable[[pl.Series], pl.Series]:
        return lambda texts: _by(strptime)(texts.str.replace(",", "", literal=True))

    return [
        Shape(name, f"^{_TIME}{_SECONDS},? {day}$", read("%H:%M:%S %d/%m/%Y")),
        Shape(name, f"^{_TIME},? {day}$", read("%H:%M %d/%m/%Y")),
    ]


_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SLASHED_DAY = "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"
_ISO_FRACTION = r"(?:\.[0-9]{1,9})?"

SHAPES: tuple[Shape, ...] = (
    *_day_first("/"),
    Shape("ISO", f"^{_ISO_DAY}[T ]{_TIME}{_SECONDS}{_ISO_FRACTION}$", _read_iso),
    Shape("ISO", f"^{_ISO_DAY}$", _by("%Y-%m-%d")),
    Shape("ISO", f"^{_ISO_DAY}[T ]{_TIME}$", _read_iso_minutes),
    Shape("ISO", f"^{_ISO_DAY}[T ]{_TIME}(?:{_SECONDS}{_ISO_FRACTION})? ?{_OFFSET}$", _read_iso_offset),
    Shape("yyyy/MM/dd", f"^{_SLASHED_DAY}$", _by("%Y/%m/%d")),
    Shape("yyyy/MM/dd", f"^{_SLASHED_DAY} {_TIME}$", _by("%Y/%m/%d %H:%M")),
    Shape("yyyy/MM/dd", f"^{_SLASHED_DAY} {_TIME}{_SECONDS}$", _by("%Y/%m/%d %H:%M:%S")),
    Shape("yyyyMMddHHmmss", "^[0-9]{12}[0-5][0-9]$", _by("%Y%m%d%H%M%S")),
    Shape("yyyyMMdd", "^[0-9]{8}$", _by("%Y%m%d")),
    Shape("epoch_ms", "^[0-9]{13}$", _read_epoch_ms),
    Shape("excel", r"^[0-9]{5}(?:\.[0-9]+)?$", _read_serial),
    *_time_first(),
    *_day_first("-"),
    *_day_first("."),
)

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_WEEKDAY = re.compile(r"^(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7])\b[,.:]?\s+")
_ASPNET = re.compile(r"/Date\((\d{13})(?:[+-]\d{4})?\)/")
# "(trễ 2 ngày)" and "(CN)" are remarks; a second date in brackets would be lost and is none
_REMARK = re.compile(r"(?<=\d)\s*\([^()\d]*(?:\d{1,3}[^()\d]*)?\)$")
_CLOCK_WORDS = re.compile(r"\b(\d{1,2})\s?(?:giờ|h|g)\s?(\d{2})(?:\s?phút|p)?(?!\d)")
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s?(am|pm|a\.m\.|p\.m\.|sa|ch)(?!\w)")
# "23/06/2026 - 08:05": a dash between a day and a clock; between two days it is a span of them and stays one
_CLOCK_DASH = re.compile(r"(?<=\d{4})\s+[-–]\s+(?=\d{1,2}:\d{2})|(?<=:\d{2})\s+[-–]\s+(?=\d{1,2}/)")
_WORDED = (
    re.compile(r"(?:ngày )?\b(?P<day>\d{1,2}) (?:tháng|thg) (?P<month>\d{1,2}),? (?:năm )?(?P<year>\d{4})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})[- /.]{_MONTH}[- /.,]+(?P<year>\d{{4}})\b"),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})\b"),
)

DATE_FORMATS: tuple[str, ...] = tuple(dict.fromkeys(shape.name for shape in SHAPES))
"""Names of the formats, as source specifications list them."""


def parse_dates(texts: pl.Series, *, formats: tuple[str, ...], clean: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Read a column of date texts: as they stand, else cleaned, else with their words written as figures.

    Args:
        texts: Utf8.
        formats: the accepted names of ``DATE_FORMATS``.
        clean: the text cleaning, applied only to texts that no shape recognises as they stand (it costs more
            than the reading, and ``spell_date`` more than both).

    Returns:
        Datetime("us"), local time without zone, same length and name; null where nothing readable stands.
    """
    shapes = [shape for shape in SHAPES if shape.name in formats]
    result = pl.Series(texts.name, [None], dtype=_DATETIME).new_from_index(0, len(texts))
    rest = pl.DataFrame({"i": pl.arange(0, len(texts), eager=True), "t": texts.cast(pl.String)}).drop_nulls()
    rest = _read_shapes(rest, shapes, result)
    if rest.height:
        cleaned = rest.with_columns(clean(rest["t"]).alias("c"))
        changed = _read_shapes(cleaned.filter(pl.col("c") != pl.col("t")).select("i", t="c"), shapes, result)
        rest = pl.concat([cleaned.filter(pl.col("c") == pl.col("t")).select("i", t="c"), changed])
    if rest.height:
        words = rest["t"].unique()
        spelt = rest.with_columns(pl.col("t").replace_strict(words, [spell_date(word) for word in words]))
        _read_shapes(spelt, shapes, result)
    outside = (result.dt.year() < FIRST_YEAR) | (result.dt.year() > LAST_YEAR)
    return result.set(outside, None) if outside.any() else result


def spell_date(text: str) -> str:
    """Write a date in figures that was written with words: a month, a weekday, "giờ", SA and CH, AM and PM, a dash.

    A remark in brackets behind it ("(trễ 2 ngày)") and the JSON wrapping of .NET say nothing more. Only what can mean
    one day: 06/01 stays what it is.

    Args:
        text: as delivered, clean.

    Returns:
        Such a text as one of ``SHAPES`` reads it, or something that none of them reads.
    """
    if epoch := _ASPNET.fullmatch(text):
        return epoch[1]
    plain = _WEEKDAY.sub("", _REMARK.sub("", text.lower()))
    for worded in _WORDED:
        plain = worded.sub(_write_day, plain)
    plain = _CLOCK_WORDS.sub(r"\1:\2", plain)
    plain = _CLOCK_DASH.sub(" ", _HALF_DAY.sub(_write_hour, plain))
    return re.sub(r",?\s*\bngày\s+|,\s*", " ", plain).strip()


def _write_day(match: re.Match[str]) -> str:
    month = match["month"]
    return f"{match['day']}/{_MONTHS.get(month, month)}/{match['year']}"


def _write_hour(match: re.Match[str]) -> str:
    hour = int(match[1])
    if not 1 <= hour <= 12:  # "14:30 CH" says the same twice
        return f"{hour}{match[2]}"
    afternoon = match[3][0] in "pc"
    return f"{hour % 12 + 12 * afternoon}{match[2]}"


def _read_shapes(rest: pl.DataFrame, shapes: list[Shape], result: pl.Series) -> pl.DataFrame:
    """Write what the shapes recognise into ``result`` (in place); return the rows that none recognises."""
    for shape in shapes:
        if not rest.height:
            break
        hit = rest["t"].str.contains(shape.pattern)
        if not hit.any():
            continue
        found = rest.filter(hit)
        result.scatter(found["i"], shape.read(found["t"]))
        rest = rest.filter(~hit)
    return rest
