"""Laws of fetched days, against plain sets of days."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.rules.coverage import Span, find_gaps, list_wanted, unite

START = date(2026, 2, 20)
DAYS = st.sampled_from([START + timedelta(days=number) for number in range(40)])
SPANS = st.lists(st.tuples(DAYS, DAYS), max_size=6)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def spread(spans: list[Span]) -> set[date]:
    return {first + timedelta(days=step) for first, last in spans for step in range((last - first).days + 1)}


@calm
@given(SPANS)
def test_uniting_keeps_the_days_and_leaves_a_day_between_spans(spans: list[Span]) -> None:
    united = unite(spans)
    assert spread(united) == spread(spans)
    assert all(one[1] + timedelta(days=1) < other[0] for one, other in itertools.pairwise(united))


@calm
@given(SPANS, DAYS, DAYS)
def test_gaps_are_the_days_that_nothing_covers(spans: list[Span], first: date, last: date) -> None:
    gaps = find_gaps((first, last), spans)
    assert spread(gaps) == spread([(first, last)]) - spread(spans)
    assert unite(gaps) == gaps


@calm
@given(SPANS, DAYS, DAYS, st.integers(0, 12), st.integers(1, 9))
def test_what_is_asked_for(spans: list[Span], first: date, today: date, overlap: int, longest: int) -> None:
    covered = [span for span in spans if span[0] >= first and span[1] < today]
    wanted = list_wanted(first, today, covered, overlap, longest)
    asked = spread(wanted)
    assert sum((last - begin).days + 1 for begin, last in wanted) == len(asked), "no day twice"
    assert asked <= spread([(first, today)])
    assert asked >= spread([(first, today)]) - spread(covered)
    assert all((last - begin).days < longest for begin, last in wanted)
    newest = max(spread(covered), default=None)
    if newest:
        assert asked >= {newest - timedelta(days=back) for back in range(overlap)} & spread([(first, today)])
