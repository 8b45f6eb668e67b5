"""Days and hours of the demo ward: working days, opening hours, how busy each day is.

Belongs here: the demo's own small calendar (typed in by hand, November 2025 to July 2026) and the random clock.
Not here: the product's calendar, which must not be used to judge itself.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

DAYS_OFF = frozenset(
    {date(2026, 1, 1), date(2026, 1, 2), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)}
    | {date(2026, 2, day) for day in range(16, 21)}
)
WORKED_SATURDAYS = frozenset({date(2026, 1, 10)})
BY_WEEKDAY = (1.26, 1.08, 1.0, 0.96, 0.84, 0.55)
SEASONS = (
    (date(2026, 2, 9), date(2026, 2, 13), 1.22),
    (date(2026, 2, 23), date(2026, 2, 27), 0.58),
    (date(2026, 4, 28), date(2026, 4, 29), 1.18),
    (date(2026, 5, 18), date(2026, 6, 9), 1.12),
)
CLOSING = time(17, 10)


def is_working_day(day: date) -> bool:
    """Tell whether the office is open on ``day``."""
    if day in WORKED_SATURDAYS:
        return True
    return day.weekday() < 5 and day not in DAYS_OFF


def list_working_days(first: date, last: date) -> list[date]:
    """Return the office's working days from ``first`` to ``last``, both included."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [day for day in days if is_working_day(day)]


def add_working_days(day: date, count: int) -> date:
    """Return the working day ``count`` working days after (or, if negative, before) ``day``."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def spread_over_days(days: list[date], total: int, rng: Random) -> list[date]:
    """Share ``total`` dossiers among ``days`` by weekday, season and chance; return one day per dossier, in order."""
    weights = []
    for day in days:
        weight = BY_WEEKDAY[day.weekday()] * rng.uniform(0.86, 1.14)
        for first, last, factor in SEASONS:
            if first <= day <= last:
                weight *= factor
        weights.append(weight)
    shares = [total * weight / sum(weights) for weight in weights]
    counts = [int(share) for share in shares]
    by_rest = sorted(range(len(days)), key=lambda i: (counts[i] - shares[i], i))
    for index in by_rest[: total - sum(counts)]:
        counts[index] += 1
    return [day for day, count in zip(days, counts, strict=True) for _ in range(count)]


def pick_hour(day: date, rng: Random) -> datetime:
    """Return a moment in opening hours of ``day`` (busy mornings), early enough to be served the same day."""
    if rng.random() < 0.62:
        start, minutes = time(7, 30), 225
    else:
        start, minutes = time(13, 30), 165
    seconds = int(rng.triangular(0, minutes * 60, minutes * 20))
    return datetime.combine(day, start) + timedelta(seconds=seconds)


def pick_submission(received: datetime, rng: Random) -> datetime:
    """Return when an online dossier was sent: shortly before it was received, or the evening or days off before."""
    if rng.random() < 0.68 and received.hour >= 8:
        return received - timedelta(minutes=rng.randint(3, 55), seconds=rng.randint(0, 59))
    eve = received.date() - timedelta(days=1)
    if not is_working_day(eve) and rng.random() < 0.5:
        eve = add_working_days(received.date(), -1)
    return datetime.combine(eve, time(rng.randint(17, 21), rng.randint(0, 59), rng.randint(0, 59)))


def pick_end(received: datetime, day: date, rng: Random) -> datetime:
    """Return a moment of ``day`` at which the dossier ends, after its receipt and before closing."""
    if day != received.date():
        return pick_hour(day, rng)
    end = received + timedelta(minutes=rng.randint(6, 95), seconds=rng.randint(0, 59))
    closing = datetime.combine(day, CLOSING)
    return end if end < closing else closing - timedelta(seconds=rng.randint(0, 240))


def close_of(day: date) -> datetime:
    """Return the hour printed on receipts as due: 17:00."""
    return datetime.combine(day, time(17, 0))
