"""Dates in running text: "09/6/2026", "ngày 09 tháng 6 năm 2026", "09-06-2026"; and stretches "từ … đến …".

Belongs here: finding and reading dates, possible or not. Does not belong here: which date matters (checks).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

DATE = (
    r"(?:(?P<ngay>\d{1,2})\s?(?P<cach>[/.-])\s?(?P<thang>\d{1,2})\s?(?P=cach)\s?(?P<nam>\d{4})(?!\d)"
    r"|(?:ngày\s+)?(?P<ngay2>\d{1,2})\s+tháng\s+(?P<thang2>\d{1,2})\s+năm\s+(?P<nam2>\d{4}))"
)
"""Regex source of one date; use once per pattern, named groups as below."""

_DATE = re.compile(rf"(?<![\d/.-]){DATE}", re.IGNORECASE)
_RANGE_GAP = re.compile(r"\s*(?:,\s*)?(?:đến|tới|[-–→])\s*(?:hết\s*)?(?:ngày\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text; ``day`` is None when no such day exists (31/02/2026)."""

    text: str
    day: date | None
    start: int
    end: int


def find_dates(text: str) -> Iterator[FoundDate]:
    """Find the dates of a text, left to right."""
    for match in _DATE.finditer(text):
        yield FoundDate(match[0], read_match(match), match.start(), match.end())


def read_match(match: re.Match[str]) -> date | None:
    """Read the named groups of ``DATE``; None for a day that does not exist."""
    parts = [match[name] or match[f"{name}2"] for name in ("nam", "thang", "ngay")]
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def find_ranges(text: str) -> Iterator[tuple[FoundDate, FoundDate]]:
    """Find "từ ngày A đến ngày B": two dates with only "đến" between them."""
    dates = list(find_dates(text))
    for first, second in itertools.pairwise(dates):
        if _RANGE_GAP.fullmatch(text[first.end : second.start]):
            yield first, second
