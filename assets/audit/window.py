"""The stretch of days whose data a report holds, as its text says it.

Belongs here: finding the window among the "từ … đến …" of a text. Does not belong here: judging it
(check_documents: D06, D07), the official windows (schemas.rules.periods).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from assets.audit.citations import same_length_key
from assets.audit.dates import FoundDate, find_dates, find_ranges
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence

NEAR_END = timedelta(days=60)
"""How far before or after the official end a stated end may lie and still be the window's."""

NEAR_START = timedelta(days=20)
_UNTIL = re.compile(r"số liệu[^.;]{0,40}(?:đến|tới)\s*(?:hết\s*)?(?:ngày\s*)?$|\((?:tính )?đến (?:hết )?(?:ngày )?$")


@dataclass(frozen=True, slots=True)
class Window:
    """The window: ``start`` (stated, or official), ``end`` as stated, the places that state it.

    ``stated_start`` is None where the text names only an end or starts from some other event.
    """

    start: date
    end: date
    stated_start: FoundDate | None
    end_text: str
    start_place: str
    places: tuple[str, ...]
    quote: str

    @property
    def place(self) -> str:
        """The first place that states the end."""
        return self.places[0] if self.places else ""


def find_window(evidence: Evidence) -> Window | None:
    """Find the report's window; None without a period, or when neither text nor letterhead gives an end.

    The end is what most "từ … đến …" near the official end say. Without any, it is the signing day or the official
    end, whichever is earlier, with no place: good for an average, not for a finding.
    """
    period = evidence.period
    if period is None:
        return None
    ends, starts = _collect(evidence)
    if not ends:
        fallback = min(evidence.signed_on or period.den_ngay, period.den_ngay)
        return Window(period.tu_ngay, fallback, None, "", "", (), "") if fallback > period.tu_ngay else None
    end = Counter(found.day for _, found in ends).most_common(1)[0][0]
    assert end is not None
    same = [(p, found) for p, found in ends if found.day == end]
    near = [(p, f) for p, f in starts if f.day is not None and abs(f.day - period.tu_ngay) <= NEAR_START]
    exact = [(p, f) for p, f in near if f.day == period.tu_ngay]
    chosen = next(iter(exact or near), None)
    first = same[0]
    return Window(
        start=chosen[1].day if chosen is not None and chosen[1].day is not None else period.tu_ngay,
        end=end,
        stated_start=chosen[1] if chosen is not None else None,
        end_text=first[1].text,
        start_place=chosen[0].place_at(chosen[1].start) if chosen is not None else "",
        places=tuple(p.place_at(found.start) for p, found in same),
        quote=first[0].quote(first[1].start),
    )


Found = tuple[Paragraph, FoundDate]


def _collect(evidence: Evidence) -> tuple[list[Found], list[Found]]:
    assert evidence.period is not None
    official = evidence.period.den_ngay
    ends: list[Found] = []
    starts: list[Found] = []
    for paragraph in evidence.layout.body:
        for first, last in find_ranges(paragraph.text):
            if last.day is None:
                continue
            opens = first.day == evidence.period.tu_ngay < last.day  # a stretch from the first day is the window
            if opens or abs(last.day - official) <= NEAR_END:
                ends.append((paragraph, last))
                starts.append((paragraph, first))
        key = same_length_key(paragraph.text)
        for found in find_dates(paragraph.text):
            near = found.day is not None and abs(found.day - official) <= NEAR_END
            if near and _UNTIL.search(key[: found.start]) and "số liệu" in key:
                ends.append((paragraph, found))
    return ends, starts
