"""The time limit of a procedure as sources write it: a number and a unit, sometimes several, sometimes in a sentence.

Belongs here: reading such a text. Does not belong here: the words of units (schemas/codes/don_vi_thoi_han.csv and
aliases), due dates (deadline).

Source: sources.md §4 (``THOIGIANGIAIQUYET`` with ``DONVITINH``, ``processingTime`` with ``processingTimeUnit``).
Working days, calendar days, hours and months are four different things: none is turned into another here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.rules.text import matching_key

WORKING_DAY, CALENDAR_DAY = 1, 2
"""Codes of don_vi_thoi_han.csv that a due date can be computed from."""

_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\d;,.()]*)")
_WHOLE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit in whole units.

    Attributes:
        so: how many.
        don_vi: code of don_vi_thoi_han.csv.
    """

    so: int
    don_vi: int


def read_time_limit(text: str, unit: str | None, units: Mapping[str, int]) -> TimeLimit | None:
    """Read a time limit.

    Args:
        text: e.g. ``5``, ``05 ngày làm việc``, ``3 ngày làm việc; 5 ngày làm việc``.
        unit: the unit where it stands in a cell of its own.
        units: matching key of a unit's word → its code.

    Returns:
        The limit; None where the text gives none, gives several different ones (one per case or channel: which of them
        a dossier falls under is not known), a fraction, or no known unit.
    """
    alone = units.get(matching_key(unit)) if unit else None
    found: set[tuple[str, int | None]] = set()
    for number, rest in _PART.findall(matching_key(text)):
        rest = rest.strip()
        words = [word for word in units if rest == word or rest.startswith(f"{word} ")]
        own = units[max(words, key=len)] if words else None
        found.add((number.lstrip("0") or "0", own or alone))
    if len(found) != 1:
        return None
    ((amount, code),) = found
    if code is None or not _WHOLE.fullmatch(amount):
        return None
    return TimeLimit(int(amount), code)
