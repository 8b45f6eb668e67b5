"""The tracked facts that the rules need, in one value: working calendar overrides and replaced procedure codes.

Belongs here: what is handed to the cleaning beside the deliveries. Does not belong here: reading data/reference
(assets/io/reference), what a fact means (calendar, procedure_codes).
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.rules.calendar import CalendarOverride
from schemas.rules.procedure_codes import ReplacedCode


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """Facts of data/reference.

    Attributes:
        lich_nghi: days off and worked days over those of the calendar library.
        tthc_thay_the: replaced procedure codes.
    """

    lich_nghi: tuple[CalendarOverride, ...] = ()
    tthc_thay_the: tuple[ReplacedCode, ...] = ()


NO_FACTS = ReferenceFacts()
"""No correction of the calendar library, no replaced code."""
