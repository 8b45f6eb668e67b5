"""How numbers, dates, amounts and percentages are written in Vietnamese reports.

Belongs here: pure formatting of one value, and what one cell of a form prints (value and Ghi chú). Does not belong
here: reading numbers or dates that somebody typed (see the parsing rules), sentences, layout, counting.

Source: the conventions of design page "domain" §8: thousands ``.``, decimals ``,``; percent ROUND_HALF_UP on the
exact fraction with one decimal, and "100" only when numerator equals denominator; a day has two digits, months 1
and 2 are padded and 3–9 are not (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.4: "đối với những số thể hiện ngày nhỏ
hơn 10 và tháng 1, 2 phải ghi thêm số 0 phía trước").
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

Number = int | float | Decimal | Fraction

NO_CASE = "không phát sinh"
NO_DATA = "chưa có số liệu"
NOT_APPLICABLE = "-"

_MAX_DECIMALS = 6  # more digits than any form asks for; hides binary noise such as 0.30000000000000004


class Cell(NamedTuple):
    """What one cell of a form prints.

    Attributes:
        so_lieu_in: text of the column "Số liệu".
        ghi_chu: text of the column "Ghi chú".
    """

    so_lieu_in: str
    ghi_chu: str


def format_integer(value: int) -> str:
    """Write a whole number with ``.`` between thousands: 1234 -> "1.234"."""
    return f"{value:,}".replace(",", ".")


def format_number(value: Number) -> str:
    """Write any number the Vietnamese way, without needless decimals: 42809.0 -> "42.809", 1234.5 -> "1.234,5".

    Args:
        value: the number; at most six decimals are kept.

    Returns:
        Thousands with ``.``, decimals with ``,``.
    """
    text = f"{_round_half_up(_to_fraction(value), _MAX_DECIMALS):,f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else _swap_separators(text)


def format_dong(amount: int) -> str:
    """Write an amount in đồng: 84605000 -> "84.605.000đ"."""
    return f"{format_integer(amount)}đ"


def percent_value(numerator: Number, denominator: Number, *, decimals: int = 1) -> Decimal | None:
    """Give the percentage as it is printed, as a number.

    Args:
        numerator: tử số, not negative.
        denominator: mẫu số, not negative.
        decimals: how many are printed, more where fewer would say 100 for unequal terms.

    Returns:
        ``Decimal("51.9")`` for 27/52, ``Decimal("100")`` only for equal terms, ``Decimal("99.99")`` for 9274/9275;
        None when the denominator is 0.

    Raises:
        ValueError: a term is negative: no count and no amount of the forms can be.
    """
    top, bottom = _to_fraction(numerator), _to_fraction(denominator)
    if top < 0 or bottom < 0:
        raise ValueError(f"a ratio needs terms that are not negative: {numerator}/{denominator}")
    if bottom == 0:
        return None
    if top == bottom:
        return Decimal(100)
    exact = top / bottom * 100
    while (rounded := _round_half_up(exact, decimals)) == 100:
        decimals += 1
    return rounded


def format_percent(numerator: Number, denominator: Number) -> str | None:
    """Write a percentage without its sign: 27/52 -> "51,9"; None when the denominator is 0.

    Raises:
        ValueError: a term is negative.
    """
    value = percent_value(numerator, denominator)
    return None if value is None else _swap_separators(f"{value:,f}")


def format_date(day: date) -> str:
    """Write a date the short way: 2026-06-09 -> "09/6/2026", 2026-01-05 -> "05/01/2026"."""
    return f"{day.day:02d}/{_format_month(day.month)}/{day.year}"


def format_long_date(day: date) -> str:
    """Write a date the long way: 2026-06-09 -> "ngày 09 tháng 6 năm 2026"."""
    return f"ngày {day.day:02d} tháng {_format_month(day.month)} năm {day.year}"


def show_number(value: Number | None) -> Cell:
    """Say what a cell with a plain number prints; an absent number leaves it empty with its reason."""
    return Cell("", NO_DATA) if value is None else Cell(format_number(value), "")


def show_ratio(numerator: Number | None, denominator: Number | None) -> Cell:
    """Say what a ratio cell prints: the percentage, and its arithmetic in Ghi chú.

    Args:
        numerator: tử số, None when it is not known.
        denominator: mẫu số, None when it is not known.

    Returns:
        ("51,9", "27/52"); ("-", "không phát sinh") for 0/0; ("-", "5/0") for another denominator of 0, so that the
        odd figure stays visible; ("", "chưa có số liệu") when a term is absent.

    Raises:
        ValueError: a term is negative.
    """
    if numerator is None or denominator is None:
        return Cell("", NO_DATA)
    percent = format_percent(numerator, denominator)
    if percent is not None:
        return Cell(percent, f"{format_number(numerator)}/{format_number(denominator)}")
    return Cell(NOT_APPLICABLE, f"{format_number(numerator)}/0" if numerator else NO_CASE)


def say_unknown(count: int) -> str:
    """Say how many dossiers are in no number because no source says: "4 hồ sơ chưa rõ"; empty for none."""
    return f"{format_integer(count)} hồ sơ chưa rõ" if count else ""


def _format_month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)


def _to_fraction(value: Number) -> Fraction:
    # A float stands for the decimal number that somebody typed (21406.7), not for its binary neighbour.
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _round_half_up(value: Fraction, decimals: int) -> Decimal:
    scaled = value * 10**decimals
    # Decimal division would round once before rounding: floor on the exact fraction does not.
    whole, rest = divmod(abs(scaled), 1)
    units = whole + 1 if rest >= Fraction(1, 2) else whole
    sign = -1 if value < 0 else 1
    return Decimal(sign * units).scaleb(-decimals)


def _swap_separators(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))
