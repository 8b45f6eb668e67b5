"""Which days a connector has fetched, which it still lacks, which it asks for next: arithmetic of spans of days.

Belongs here: spans (first day, last day), both included. Does not belong here: the clock, the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Span = tuple[date, date]
_DAY = timedelta(days=1)


def unite(spans: Iterable[Span]) -> list[Span]:
    """The same days as few spans as possible, in order; spans that touch become one, empty ones vanish."""
    united: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if united and first <= united[-1][1] + _DAY:
            united[-1] = (united[-1][0], max(last, united[-1][1]))
        else:
            united.append((first, last))
    return united


def find_gaps(within: Span, covered: Iterable[Span]) -> list[Span]:
    """The days of ``within`` that no span covers, as few spans as possible, in order."""
    gaps = []
    start = within[0]
    for first, last in unite(covered):
        gaps.append((start, min(first - _DAY, within[1])))
        start = max(start, last + _DAY)
    gaps.append((start, within[1]))
    return [gap for gap in gaps if gap[0] <= gap[1]]


def list_wanted(first: date, today: date, covered: Iterable[Span], overlap: int, longest: int) -> list[Span]:
    """The spans to ask for now: what was never fetched, and again the last days before the newest complete one.

    Args:
        first: first day of interest.
        today: still going on, so asked for but never complete.
        covered: complete days that were fetched.
        overlap: so many days up to the newest complete one are asked for again.
        longest: days per request.

    Returns:
        Spans of at most ``longest`` days, oldest first.
    """
    known = unite(covered)
    again = [(max(first, known[-1][1] - timedelta(days=overlap - 1)), today)] if known else []
    wanted = unite([*find_gaps((first, today), known), *again])
    return [
        (start, min(start + timedelta(days=longest - 1), last))
        for begin, last in wanted
        for start in (begin + timedelta(days=step) for step in range(0, (last - begin).days + 1, longest))
    ]
