"""Replaced procedure codes: which code a dossier's procedure bears today.

Belongs here: following a code through the tracked replacements. Does not belong here: reading their file
(assets/io/reference), joining dossiers with the catalogue (assets/core/procedures).

Source: domain.md §7: codes of the national database of procedures get replaced over time; a decision that announces
procedures (quyết định công bố) names the old and the new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReplacedCode:
    """One replacement: grain of data/reference/tthc_thay_the.csv.

    Attributes:
        ma_cu: the eight-character code that went out of use.
        ma_moi: the code that took its place.
        tu_ngay: first day of the new code.
        can_cu: the document that says so.
    """

    ma_cu: str
    ma_moi: str
    tu_ngay: date
    can_cu: str


def group_replacements(rows: Iterable[ReplacedCode]) -> dict[str, list[ReplacedCode]]:
    """Old code → its replacements, the earliest first."""
    found: dict[str, list[ReplacedCode]] = {}
    for row in sorted(rows, key=lambda one: (one.ma_cu, one.tu_ngay)):
        found.setdefault(row.ma_cu, []).append(row)
    return found


def follow_code(
    code: str, received: date | None, replacements: Mapping[str, list[ReplacedCode]], listed: Collection[str]
) -> str:
    """The code under which a dossier's procedure stands in the catalogue.

    From the day of a replacement on the new code counts, even where the catalogue still lists the old one. Before that
    day the old code counts if the catalogue lists it; a catalogue that knows only the new one is asked for that.

    Args:
        code: the dossier's code.
        received: its receipt day; None counts as today, that is after every replacement.
        replacements: by old code, the earliest first.
        listed: codes of the catalogue.

    Returns:
        The code to look up; ``code`` itself where nothing replaces it. A ring of replacements ends where it closes.
    """
    seen = {code}
    while code in replacements:
        options = replacements[code]
        begun = [one for one in options if received is None or one.tu_ngay <= received]
        if not begun and code in listed:
            return code
        following = (begun[-1] if begun else options[0]).ma_moi
        if following in seen:
            return code
        seen.add(following)
        code = following
    return code
