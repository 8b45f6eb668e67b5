"""The ward's own dossiers of the reference period: 9.275 received and ended from 15/12/2025 to 09/6/2026.

Belongs here: the dossiers that forms 3 and 7 must count at the cut-off. Not here: what must not be counted
(demo_traps). Every dossier with a result ends on a day before its due day; one was refused and five were
withdrawn, none after its due day; nothing is open at the cut-off.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from tests.support.demo_days import add_working_days, close_of, list_working_days, pick_end, spread_over_days
from tests.support.demo_drafts import (
    DONE,
    REFUSED,
    RETURNED,
    WAITING_PICKUP,
    WITHDRAWN,
    WITHDRAWN_SHORT,
    Draft,
    start_draft,
)
from tests.support.demo_names import Person
from tests.support.demo_procedures import COPY, OWN_PROCEDURES, Procedure
from tests.support.demo_records import CUTOFF, EXPORT_DAY, WINDOW_START

TOTAL = 9275
WITH_FEE = 8358
FEES = 84_605_000
COPY_FEE_FLOOR = 2_000


def _place_procedures(days: list[date], rng: Random) -> list[Procedure]:
    """Put the procedures on the days; slow ones are received early enough to be done by the cut-off."""
    slots = [procedure for procedure in OWN_PROCEDURES for _ in range(procedure.so_luong)]
    rng.shuffle(slots)
    for index, procedure in enumerate(slots):
        latest = add_working_days(CUTOFF, -(procedure.so_ngay // 2 + 2))
        if procedure.so_ngay < 4 or days[index] <= latest:
            continue
        other = rng.randrange(len(slots))
        while slots[other].ma != COPY or days[other] > latest:
            other = rng.randrange(len(slots))
        slots[index], slots[other] = slots[other], slots[index]
    return slots


def finish(draft: Draft, after: int, rng: Random, *, latest: date = EXPORT_DAY) -> None:
    """End a dossier ``after`` working days with a result; the citizen collects it at once, later, or not yet."""
    assert draft.received is not None
    day = min(add_working_days(draft.received.date(), after), latest)
    draft.ended = pick_end(draft.received, day, rng)
    chance = rng.random()
    if chance < 0.13:
        draft.status = DONE
        return
    draft.status = RETURNED
    wait = 0 if chance < 0.80 else rng.choice((1, 1, 2, 3, 4, 6))
    if wait == 0:
        draft.returned = draft.ended + timedelta(minutes=rng.choice((0, 0, 1, 2, 5)))
        return
    collected = add_working_days(day, wait)
    if collected > EXPORT_DAY:
        draft.status = DONE
    else:
        draft.returned = pick_end(datetime.combine(day, datetime.min.time()), collected, rng)


def _finish_in_time(draft: Draft, rng: Random) -> None:
    """End before the due day and by the cut-off."""
    assert draft.received is not None
    days = draft.procedure.so_ngay
    draft.due = close_of(add_working_days(draft.received.date(), days))
    quickest = 0 if days <= 2 else days // 3
    finish(draft, rng.randint(quickest, days - 1), rng, latest=CUTOFF)


def _give_back(drafts: list[Draft], rng: Random) -> None:
    """Turn six dossiers into one refused and five withdrawn ones; two of them end on the due day itself."""
    plan = (
        ("1.013225", REFUSED, 6, False),
        ("1.001612", WITHDRAWN, 1, False),
        ("1.001612", WITHDRAWN_SHORT, 3, True),
        ("1.004859", WITHDRAWN, 2, True),
        ("1.010833", WITHDRAWN_SHORT, 5, False),
        ("1.001776", WITHDRAWN, 4, False),
    )
    last = add_working_days(CUTOFF, -16)
    for code, status, after, by_return in plan:
        choice = rng.choice(
            [d for d in drafts if d.procedure.ma == code and d.bay == "" and d.received and d.received.date() < last]
        )
        assert choice.received is not None
        end = pick_end(choice.received, add_working_days(choice.received.date(), after), rng)
        choice.status, choice.has_result, choice.fee, choice.bay = status, False, 0, "tra_lai"
        choice.ended, choice.returned = (None, end) if by_return else (end, None)


def _settle_fees(drafts: list[Draft], rng: Random) -> None:
    """Exempt some, then nudge the copies' pages until the sum is the reference's to the đồng."""
    paying = [d for d in drafts if d.fee]
    exempt = rng.sample([d for d in paying if d.procedure.ma == COPY], len(paying) - WITH_FEE)
    for draft in exempt:
        draft.fee, draft.bay = 0, "mien_phi"
    copies = [d for d in drafts if d.procedure.ma == COPY and d.fee]
    missing = FEES - sum(d.fee for d in drafts)
    step = 1_000 if missing > 0 else -1_000
    while missing:
        draft = rng.choice(copies)
        if draft.fee + step >= COPY_FEE_FLOOR:
            draft.fee += step
            missing -= step


def _vary(drafts: list[Draft], rng: Random) -> None:
    """Details that must not change a number: spelling, a missing end with a return date, waiting for pick-up."""
    plain = [d for d in drafts if d.bay == "" and d.status == RETURNED]
    for draft in rng.sample(plain, 330):
        chance = rng.random()
        if chance < 0.35:
            draft.spelling, draft.bay = "nfd", "nfd"
        elif chance < 0.65:
            draft.spelling, draft.bay = "eth", "eth"
        elif chance < 0.9 and draft.returned and draft.ended and draft.returned.date() == draft.ended.date():
            draft.ended, draft.bay = None, "chi_ngay_tra"
        elif chance >= 0.9:
            draft.status, draft.returned = WAITING_PICKUP, None
    for draft in drafts:
        draft.has_result = draft.has_result and draft.procedure.co_ket_qua
        draft.local_code = draft.procedure.ma in ("2.000635", "1.001193") and rng.random() < 0.3


def build_window(people: list[Person], seed: str) -> list[Draft]:
    """Return the 9.275 drafts of the reference period."""
    rng = Random(f"{seed}:trong-ky")
    days = spread_over_days(list_working_days(WINDOW_START, CUTOFF), TOTAL, rng)
    drafts = []
    for day, procedure in zip(days, _place_procedures(days, rng), strict=True):
        draft = start_draft(procedure, rng.choice(people), day, rng)
        _finish_in_time(draft, rng)
        drafts.append(draft)
    _give_back(drafts, rng)
    _settle_fees(drafts, rng)
    _vary(drafts, rng)
    return drafts
