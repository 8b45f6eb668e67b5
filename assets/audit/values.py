"""Numbers as Vietnamese reports print them, read with their style, and the tokens of numbers in running text.

Belongs here: one number's readings ("9.275", "51,9", "42,809"), scanning a text for counts, fractions, percentages.
Does not belong here: which quantity a number is (quantities), dates and citations (citations; they are masked before).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from schemas.rules.display import format_number
from schemas.rules.text import clean_text

Style = Literal["tron", "cham", "phay", "cach", "thap_phan_phay", "thap_phan_cham"]
"""How a number is written: no separator; thousands with dots, commas or blanks; decimals after a comma or a dot."""

NUMBER = r"(?:\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d|[.,]\d)|\d+(?:[.,]\d+)*)"
"""Regex source of one printed number."""

_DOTS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+")
_BLANKS = re.compile(r"\d{1,3}(?: \d{3})+(?:,\d+)?")
_DECIMAL_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+),\d+")
_DECIMAL_DOT = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)\.\d+")
_ABOUT = re.compile(
    r"\b(?:(?<!nêu )(?<!nói )(?<!kể )(?<!cấp )trên|hơn|gần|dưới|quá|khoảng|chừng|xấp xỉ|ước(?: đạt)?|ít nhất|tối thiểu"
    r"|tối đa|không quá|(?:chưa|không) (?:đạt|tới|đến|được))\s+$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\btừ\s+$", re.IGNORECASE)  # "từ 30% đến dưới 70%"
_LONGEST_ABOUT = 16  # characters
_LONGEST_NUMBER = 24  # characters: a national budget in đồng, with its separators, has 21; longer ones are codes
_MONEY = re.compile(r"\s*(?:triệu|tỷ)\b", re.IGNORECASE)
_TOKEN = re.compile(
    rf"(?<![\w.,/])(?P<so>{NUMBER})(?![\dA-ZĐ])"
    rf"(?:(?:(?:\s*(?:(?:triệu|tỷ|nghìn)\s)?đồng)?\s*(?:/|trên(?: tổng(?: số)?)?|trong(?: tổng(?: số)?)?(?=\s))"
    rf"|(?:\s[^\W\d_]+){{1,3}}\s*(?:/|\strên tổng số))\s*(?P<mau>{NUMBER})(?![\d/]))?"
    r"\s*(?P<phan_tram>%)?",
)


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number.

    Attributes:
        text: as printed.
        value: what it says under Vietnamese rules (dot for thousands, comma for decimals).
        other: the second possible reading of "42,809" (42809 beside 42,809), else None.
        style: how it is written.
    """

    text: str
    value: Fraction
    other: Fraction | None
    style: Style

    @property
    def readings(self) -> tuple[Fraction, ...]:
        """All values the print may stand for, the Vietnamese one first."""
        return (self.value,) if self.other is None else (self.value, self.other)

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        if self.style == "thap_phan_phay" or self.other is not None:
            return len(self.text.rsplit(",", 1)[1])
        return len(self.text.rsplit(".", 1)[1]) if self.style == "thap_phan_cham" else 0


def read_number(text: str, *, whole: bool = True) -> Printed | None:
    """Read one printed number.

    Args:
        text: digits with separators, nothing else around them but blanks.
        whole: the unit counts things, so "9,275" can only be 9275; False for money in millions and percentages.

    Returns:
        The number, None when the text is no number (also "1.23.4"), or too long for a figure.
    """
    bare = clean_text(text)
    if len(bare) > _LONGEST_NUMBER:
        return None
    if bare.isdecimal() and bare.isascii():
        return Printed(bare, Fraction(int(bare)), None, "tron")
    if _DOTS.fullmatch(bare):
        return Printed(bare, Fraction(int(bare.replace(".", ""))), None, "cham")
    if _COMMAS.fullmatch(bare):
        thousands = Fraction(int(bare.replace(",", "")))
        decimal = None if bare.count(",") > 1 else Fraction(bare.replace(",", "."))
        value, other = (thousands, None) if whole or decimal is None else (decimal, thousands)
        return Printed(bare, value, other, "phay")
    if _BLANKS.fullmatch(bare):
        return Printed(bare, Fraction(bare.replace(" ", "").replace(",", ".")), None, "cach")
    if _DECIMAL_COMMA.fullmatch(bare):
        return Printed(bare, Fraction(bare.replace(".", "").replace(",", ".")), None, "thap_phan_phay")
    if _DECIMAL_DOT.fullmatch(bare):
        return Printed(bare, Fraction(bare.replace(",", "")), None, "thap_phan_cham")
    return None


@dataclass(frozen=True, slots=True)
class Token:
    """A number in running text: a count, a fraction (``below`` set) or a percentage, with the words after it.

    ``about``: the words before it say that it is a bound or rounded ("trên 83 ngàn", "gần 27.000"); nothing that must
    be equal to it can be wrong.
    """

    number: Printed
    below: Printed | None
    percent: bool
    start: int
    end: int
    about: bool = False

    @property
    def is_count(self) -> bool:
        """Whether it counts things (neither percentage nor fraction)."""
        return not self.percent and self.below is None


def scan_numbers(text: str) -> Iterator[Token]:
    """Find the numbers of a text whose dates and citations are masked; blanks may part thousands ("12 480").

    Args:
        text: running text.

    Yields:
        Tokens from left to right.
    """
    for match in _TOKEN.finditer(text):
        percent = match["phan_tram"] is not None
        number = read_number(match["so"], whole=not percent and _MONEY.match(text, match.end()) is None)
        below = read_number(match["mau"]) if match["mau"] else None
        if number is not None and (match["mau"] is None or below is not None):
            lead = text[max(0, match.start() - _LONGEST_ABOUT) : match.start()]
            about = _ABOUT.search(lead) is not None or (percent and _RANGE.search(lead) is not None)
            yield Token(number, below, percent and below is None, match.start(), match.end(), about)


def is_rounding(percent: Printed, top: Fraction, bottom: Fraction) -> bool:
    """Tell whether a printed percentage is its fraction, rounded to the decimals it prints.

    "100 %" is the fraction only when both terms are equal (domain rule "Numbers, dates, text").

    Args:
        percent: the printed percentage.
        top: tử số.
        bottom: mẫu số, not 0.

    Returns:
        True within half a unit of the last printed decimal, and never 100 for unequal terms.
    """
    exact = top / bottom * 100
    return any(_is_near(value, percent.decimals, exact) for value in percent.readings)


def _is_near(value: Fraction, decimals: int, exact: Fraction) -> bool:
    if (value == 100) != (exact == 100):
        return False
    return abs(value - exact) <= Fraction(1, 2 * 10**decimals)


def say(value: Fraction) -> str:
    """Write a value the Vietnamese way, at most two decimals."""
    rounded = value if value.denominator == 1 else Fraction(round(Decimal(value.numerator) / value.denominator, 2))
    return format_number(rounded)


def is_slip(first: Fraction, second: Fraction) -> bool:
    """Tell whether two figures differ by one digit, or by two digits swapped."""
    one, two = (f"{float(value):.3f}" for value in (first, second))
    wrong = _differing(one, two)
    return len(wrong) == 1 or _swaps(one, two, wrong)


def list_swaps(text: str) -> list[str]:
    """List the prints in which two digits side by side have changed places: 93,85 and 39,85, 98,35, 93,58."""
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    swaps: list[str] = []
    for one, two in pairwise(digits):
        if text[one] != text[two]:
            swaps.append(text[:one] + text[two] + text[one + 1 : two] + text[one] + text[two + 1 :])
    return swaps


def _differing(one: str, two: str) -> list[int]:
    return [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b] if len(one) == len(two) else []


def _swaps(one: str, two: str, wrong: list[int]) -> bool:
    return len(wrong) == 2 and sorted(one[at] for at in wrong) == sorted(two[at] for at in wrong)


FAR = 2
"""A figure beyond this multiple of another is no slip of it: one of the two is of another scope."""

BY_CHANCE = 20
"""Smaller figures, and smaller differences, are printed beside one another by chance: nothing follows from them."""

MANY = 500
"""Small figures may lie far apart and still be one and its slip."""


def is_far(first: Fraction, second: Fraction) -> bool:
    """Tell whether two figures that should be near are so far apart that one was misread, and lacks no digit."""
    low, high = sorted((first, second))
    return low * FAR < high and high - low >= MANY and not _lacks_digit(low, high)


def _lacks_digit(small: Fraction, large: Fraction) -> bool:
    """Tell whether one figure is the other with a digit left out: 927 for 9.275."""
    short, long = str(small), str(large)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
