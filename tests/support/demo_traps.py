"""What the demo's list holds besides the dossiers to be counted: the rows that catch a careless counter.

Belongs here: dossiers received after the cut-off or ended before the window, never-received ones (status 1 and 3),
the vertical agencies' own, rows without a readable receipt date, older versions. Not here: the 9.275 themselves.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tests.support.demo_days import add_working_days, close_of, list_working_days, pick_end, spread_over_days
from tests.support.demo_dossiers import finish
from tests.support.demo_drafts import (
    ACCEPTED,
    COUNTER,
    DONE,
    IN_PROGRESS,
    NEW,
    NEW_WAITING,
    ONLINE,
    PAUSED,
    PAY_FIRST,
    POSTAL,
    REFUSED,
    REJECTED,
    REJECTED_COUNTER,
    RETURNED,
    SENT_BACK,
    STOPPED,
    SUPPLEMENT,
    UNKNOWN_WORD,
    UNTOLD,
    WITHDRAWN,
    WITHDRAWN_SHORT,
    Draft,
    start_draft,
)
from tests.support.demo_names import Person
from tests.support.demo_procedures import (
    AFTER_ONLY,
    BEFORE_ONLY,
    OWN_PROCEDURES,
    VERTICAL_PROCEDURES,
    Procedure,
)
from tests.support.demo_records import CUTOFF, EXPORT_DAY, VERTICAL_UNITS, WINDOW_START

FIRST_DAY = date(2025, 11, 24)
LAST_DAY_BEFORE = date(2025, 12, 12)


def _pick_procedure(rng: Random) -> Procedure:
    return rng.choices(OWN_PROCEDURES, [p.so_luong for p in OWN_PROCEDURES])[0]


def build_before(people: list[Person], seed: str) -> list[Draft]:
    """Own dossiers received and ended before the window: they belong to the year that was closed."""
    rng = Random(f"{seed}:truoc-ky")
    drafts = []
    for day in spread_over_days(list_working_days(FIRST_DAY, date(2025, 12, 10)), 150, rng):
        procedure = BEFORE_ONLY if rng.random() < 0.04 else _pick_procedure(rng)
        draft = start_draft(procedure, rng.choice(people), day, rng, bay="truoc_ky")
        draft.due = close_of(add_working_days(day, procedure.so_ngay))
        finish(draft, rng.randint(0, procedure.so_ngay - 1), rng, latest=LAST_DAY_BEFORE)
        drafts.append(draft)
    return drafts


# --- after the cut-off -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """``count`` dossiers received in 10–19/6 with a plot: days from receipt to due and to end, and the last status."""

    count: int
    status: str
    received: tuple[int, int]
    due_after: int
    ended: int | None = None


# Written so that 2026-Q3 at 20/6 has carry-over of every kind; days are days of June 2026 where not "after".
SCENES = (
    Scene(9, RETURNED, (10, 12), 5, 15),  # carried over, before the due day
    Scene(5, RETURNED, (11, 11), 4, 17),  # exactly on the due day (11/6 + 4 = 17/6)
    Scene(6, RETURNED, (10, 12), 2, 18),  # late
    Scene(2, REFUSED, (11, 12), 2, 17),  # refused after acceptance, late
    Scene(1, SENT_BACK, (15, 15), 2, 18),
    Scene(2, WITHDRAWN, (10, 11), 2, 16),  # withdrawn, late
    Scene(1, WITHDRAWN_SHORT, (16, 16), 5, 18),  # withdrawn in time
    Scene(1, STOPPED, (11, 11), 3, 17),  # stopped with an end date: 16/6 due, 17/6 stopped
    Scene(1, STOPPED, (16, 16), 9, None),  # stopped without an end date: paused
    Scene(4, SUPPLEMENT, (10, 12), 3, None),  # paused beyond their due day
    Scene(2, PAY_FIRST, (12, 12), 4, None),
    Scene(2, PAUSED, (15, 15), 3, None),
    Scene(5, IN_PROGRESS, (10, 12), 12, None),  # open within the time
    Scene(3, IN_PROGRESS, (10, 11), 4, None),  # open and late at 20/6
    Scene(2, ACCEPTED, (12, 12), 5, None),
    Scene(2, RETURNED, (10, 12), 8, 22),  # ends after 20/6: open at 20/6
    Scene(1, UNKNOWN_WORD, (16, 16), 3, 18),  # nobody mapped this word: open in spite of its end date
)


def _play(scene: Scene, people: list[Person], rng: Random) -> list[Draft]:
    drafts = []
    slow = [p for p in OWN_PROCEDURES if p.so_ngay >= 3]
    for _ in range(scene.count):
        day = date(2026, 6, rng.randint(*scene.received))
        draft = start_draft(rng.choice(slow), rng.choice(people), day, rng, bay="sau_ngay_chot")
        draft.due = close_of(add_working_days(day, scene.due_after))
        draft.status, draft.has_result = scene.status, scene.status == RETURNED
        draft.channel = rng.choices((ONLINE, COUNTER), (7, 3))[0]
        draft.paid_online = rng.random() < 0.8
        if scene.ended:
            draft.ended = pick_end(datetime.combine(day, time()), date(2026, 6, scene.ended), rng)
            draft.returned = draft.ended if scene.status == RETURNED else None
        drafts.append(draft)
    return drafts


def _after_at_random(people: list[Person], rng: Random) -> list[Draft]:
    days = list_working_days(CUTOFF + timedelta(days=1), EXPORT_DAY)
    drafts = []
    for day in spread_over_days(days, 640, rng):
        procedure = rng.choice(AFTER_ONLY) if rng.random() < 0.03 else _pick_procedure(rng)
        draft = start_draft(procedure, rng.choice(people), day, rng, bay="sau_ngay_chot")
        draft.due = close_of(add_working_days(day, procedure.so_ngay))
        draft.channel = rng.choices((ONLINE, COUNTER, POSTAL, UNTOLD), (78, 15, 4, 3))[0]
        draft.paid_online = draft.channel == ONLINE or rng.random() < 0.2
        draft.has_components = rng.random() < 0.95
        after = rng.randint(0, procedure.so_ngay) + rng.choices((0, 1, 2), (96, 3, 1))[0]
        if add_working_days(day, after) > EXPORT_DAY or rng.random() < 0.02:
            draft.status, draft.has_result = rng.choice((IN_PROGRESS, IN_PROGRESS, ACCEPTED)), False
        else:
            finish(draft, after, rng)
            draft.has_result = procedure.co_ket_qua and rng.random() < 0.96
        drafts.append(draft)
    return drafts


def build_after(people: list[Person], seed: str) -> list[Draft]:
    """Own dossiers received from 10/6 to the export: finished, late, open, paused, refused, withdrawn, stopped."""
    rng = Random(f"{seed}:sau-ngay-chot")
    drafts = [draft for scene in SCENES for draft in _play(scene, people, rng)]
    return drafts + _after_at_random(people, rng)


# --- never received ----------------------------------------------------------------------------------------


def build_never_received(people: list[Person], seed: str) -> list[Draft]:
    """Status 1 and 3 submitted in the window; many carry a receipt date, some of those an end date too."""
    rng = Random(f"{seed}:chua-tiep-nhan")
    days = list_working_days(WINDOW_START, date(2026, 6, 8))
    drafts = []
    for index in range(64):
        day = rng.choice(days)
        draft = start_draft(_pick_procedure(rng), rng.choice(people), day, rng, bay="trang_thai_1_3")
        draft.status = (NEW, REJECTED, REJECTED_COUNTER, NEW_WAITING, REJECTED)[index % 5]
        draft.has_result = False
        if index % 4 == 0:
            draft.received = None
        else:
            draft.due = close_of(add_working_days(day, draft.procedure.so_ngay))
        if draft.status in (REJECTED, REJECTED_COUNTER) and index % 2 and draft.received:
            draft.ended = pick_end(draft.received, day, rng)
        drafts.append(draft)
    return drafts


# --- vertical agencies -------------------------------------------------------------------------------------

VERTICAL_STATES = (
    ("xong", 66), (IN_PROGRESS, 7), (ACCEPTED, 4), (SUPPLEMENT, 4), (PAY_FIRST, 3), (WITHDRAWN, 4), (STOPPED, 3),
    (REFUSED, 4), (SENT_BACK, 1), (NEW, 2), (REJECTED, 2), (PAUSED, 1),
)  # fmt: skip


def _set_vertical_state(draft: Draft, state: str, rng: Random) -> None:
    assert draft.received is not None
    day, days = draft.received.date(), draft.procedure.so_ngay
    after = rng.randint(0, days) + rng.choices((0, 2, 5), (88, 8, 4))[0]
    ending = add_working_days(day, after)
    if state == "xong" and ending <= EXPORT_DAY:
        finish(draft, after, rng)
        return
    draft.has_result = False
    draft.status = IN_PROGRESS if state == "xong" else state
    ends = state in (WITHDRAWN, REFUSED, SENT_BACK) or (state == STOPPED and rng.random() < 0.6)
    if ends:
        draft.ended = pick_end(draft.received, min(ending, EXPORT_DAY), rng)


def build_vertical(people: list[Person], seed: str) -> list[Draft]:
    """Dossiers of police, tax, social insurance and land registration, received by their own counters."""
    rng = Random(f"{seed}:nganh-doc")
    units = [0] * 38 + [1] * 18 + [2] * 14 + [3] * 30
    drafts = []
    for day in spread_over_days(list_working_days(FIRST_DAY, EXPORT_DAY), 1080, rng):
        number = rng.choice(units)
        draft = start_draft(rng.choice(VERTICAL_PROCEDURES[number]), rng.choice(people), day, rng, bay="nganh_doc")
        draft.unit = VERTICAL_UNITS[number]
        draft.due = close_of(add_working_days(day, draft.procedure.so_ngay))
        draft.channel = rng.choices((ONLINE, COUNTER, POSTAL, UNTOLD), (58, 32, 6, 4))[0]
        draft.paid_online = rng.random() < 0.6
        draft.has_components = rng.random() < 0.8
        _set_vertical_state(
            draft, rng.choices([s for s, _ in VERTICAL_STATES], [w for _, w in VERTICAL_STATES])[0], rng
        )
        draft.has_result = draft.has_result and rng.random() < 0.85
        drafts.append(draft)
    for draft in rng.sample([d for d in drafts if d.unit == VERTICAL_UNITS[0]], 46):
        draft.spelling = "nfd"
    for draft in rng.sample([d for d in drafts if d.unit == VERTICAL_UNITS[3]], 38):
        draft.spelling = "eth"
    return drafts


# --- unreadable receipt dates ------------------------------------------------------------------------------

UNREADABLE = (
    "31/02/2026", "15/13/2026", None, "-", "chưa nhập", "00/00/0000", "29/02/2026 08:15:00", "", "null", "32/05/2026",
    "3/6", "??/04/2026", "không rõ", "31/04/2026 09:40:12",
)  # fmt: skip


def build_unreadable(people: list[Person], seed: str) -> list[Draft]:
    """Finished dossiers of the window whose receipt date cannot be read: rejected, never guessed from another date."""
    rng = Random(f"{seed}:ngay-hong")
    days = list_working_days(date(2026, 1, 5), date(2026, 5, 29))
    drafts = []
    for text in UNREADABLE:
        day = rng.choice(days)
        draft = start_draft(_pick_procedure(rng), rng.choice(people), day, rng, bay="ngay_hong")
        draft.due = close_of(add_working_days(day, draft.procedure.so_ngay))
        finish(draft, 0, rng)
        draft.received_text, draft.overrides_received, draft.plain_dates = text, True, True
        drafts.append(draft)
    return drafts


# --- older versions ----------------------------------------------------------------------------------------


def _older(draft: Draft, rng: Random) -> Draft:
    """An earlier state of the same dossier: fewer dates, another status, nothing after the newer row's dates."""
    old = copy(draft)
    old.bay, old.spelling, old.ended, old.returned, old.has_result = "ban_cu", "", None, None, False
    old.status = rng.choice((IN_PROGRESS, ACCEPTED, SUPPLEMENT, PAY_FIRST, NEW, IN_PROGRESS, PAUSED))
    if old.status == NEW:
        old.received, old.due, old.paid_online = None, None, False
    elif old.status == PAY_FIRST:
        old.paid_online = False
    return old


def _closed_earlier(draft: Draft, rng: Random) -> Draft:
    """An earlier state that looks final: done but not yet collected, or withdrawn before it was taken up again."""
    old = copy(draft)
    old.bay, old.spelling, old.returned = "ban_cu", "", None
    assert draft.received is not None
    if draft.status == RETURNED and draft.returned and draft.ended and draft.returned > draft.ended:
        old.status = DONE
        return old
    assert draft.ended is not None
    old.status, old.has_result = rng.choice((WITHDRAWN, REFUSED)), False
    old.ended = draft.received + (draft.ended - draft.received) / 3
    return old


def build_older(newest: list[Draft], seed: str) -> list[Draft]:
    """Return older versions of some of ``newest`` (which must have their codes already)."""
    rng = Random(f"{seed}:ban-cu")
    wanted = {"": 120, "sau_ngay_chot": 14, "nganh_doc": 18, "truoc_ky": 6}
    older = []
    for bay, count in wanted.items():
        finished = [d for d in newest if d.bay == bay and d.ended and d.status in (RETURNED, DONE)]
        for draft in rng.sample(finished, count):
            draft.plain_dates = True
            older.append(_older(draft, rng) if rng.random() < 0.8 else _closed_earlier(draft, rng))
            if rng.random() < 0.12:
                older.append(_older(draft, rng))
    return older
