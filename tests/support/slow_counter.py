"""The independent judge: every counted row of forms 3 and 7 and of part II.2, by plain loops over the demo records.

Belongs here: one more reading of the rules (state from dates up to the cut-off, three counting policies), written
without the product, a database or data frames, to be compared with the product. Not here: reading cells
(slow_reader), anything imported from schemas, assets or pipelines.

``ignore`` makes the counter careless in one way each (``TRAPS`` lists them): a test proves that each of the demo's
traps changes a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.support.demo_records import DossierRow, FeedbackRow, Records
from tests.support.slow_reader import (
    TRAPS,
    Case,
    Facts,
    Question,
    clean_text,
    pick_newest,
    read_case,
    read_moment,
    read_procedure,
)

__all__ = ["TRAPS", "Value", "count_all", "count_unknown"]

Value = int | None | tuple[int | None, int]
"""A number, or (numerator, denominator) of a ratio; None where nobody knows."""

SATISFIED = ("hài lòng", "rất hài lòng")
DOSSIER_ROWS = ("2", "2.1", "2.2", "2.3", "2.4", "3", "3.1", "3.2", "3.3", "3.4", "3.5", "4", "4.1", "4.2", "4.3")


# --- classes of the period ---------------------------------------------------------------------------------


def is_received(case: Case, ask: Question) -> bool:
    """Tiếp nhận trong kỳ."""
    after = ask.skips("after_cutoff") or case.received <= ask.last
    return after and (ask.skips("before_window") or case.received >= ask.first)


def end_of(case: Case, ask: Question) -> date | None:
    """Return the day the case ended under the policy: II06A knows no end of a stopped dossier."""
    if case.outcome == "dung" and ask.policy == "II06A" and not ask.skips("stopped"):
        return None
    return case.ended


def is_ended(case: Case, ask: Question) -> bool:
    """Tell whether the case ended in the period."""
    end = end_of(case, ask)
    if end is None:
        return False
    late_enough = ask.skips("before_window") or end >= ask.first
    if ask.skips("after_cutoff") or ask.skips("as_of"):
        return late_enough and (ask.skips("after_cutoff") or case.received <= ask.last)
    return late_enough and end <= ask.last


def is_open(case: Case, ask: Question) -> bool:
    """Tell whether the case is open at the cut-off."""
    if case.received > ask.last and not ask.skips("after_cutoff"):
        return False
    end = end_of(case, ask)
    return end is None or (end > ask.last and not ask.skips("as_of") and not ask.skips("after_cutoff"))


def is_carried(case: Case, ask: Question) -> bool:
    """Kỳ trước chuyển qua."""
    end = end_of(case, ask)
    return case.received < ask.first and (end is None or end >= ask.first) and not ask.skips("carry_over")


def is_resolved(case: Case, ask: Question) -> bool:
    """Of the ended ones: does the policy count this as đã giải quyết?"""
    counted = {
        "II06A": ("ket_qua", "tu_choi", "rut"),
        "QD766": ("ket_qua", "tu_choi", "rut", "dung"),
        "CHAT": ("ket_qua",),
    }[ask.policy]
    return case.outcome in counted or (case.outcome == "dung" and ask.skips("stopped"))


def timing_of(case: Case, ask: Question) -> str:
    """Return truoc, dung or qua for an ended case that the policy counts."""
    assert case.ended is not None
    if ask.policy == "II06A" and case.outcome in ("tu_choi", "rut"):
        return "dung"
    if case.due_unreadable:
        return "qua"
    if case.due is None or case.ended == case.due:
        return "dung"
    return "truoc" if case.ended < case.due else "qua"


def is_overdue_open(case: Case, ask: Question) -> bool:
    """Of the open ones: past its due day, unless it waits for the citizen (or was stopped, under II06A)."""
    stopped = case.outcome == "dung" and case.ended is not None and case.ended <= ask.last
    if case.paused or (stopped and ask.policy == "II06A"):  # a stop after the cut-off has not happened yet
        return False
    return case.due_unreadable or (case.due is not None and case.due < ask.last)


# --- the rows ----------------------------------------------------------------------------------------------


def _count_dossiers(own: list[Case], ask: Question) -> dict[tuple[str, str], Value]:
    rows: dict[tuple[str, str], int] = {("II.2", stt): 0 for stt in DOSSIER_ROWS}
    channels = {"trực tuyến": "2.1", "trực tiếp": "2.2", "bưu chính công ích": "2.3"}
    timing = {"truoc": "3.1", "dung": "3.2", "qua": "3.3"}
    for case in own:
        hits = []
        if is_received(case, ask):
            hits += ["2", "2.1" if ask.skips("other_channels") else channels.get(case.channel, "2.2")]
        if is_carried(case, ask):
            hits.append("2.4")
        if is_ended(case, ask):
            if is_resolved(case, ask):
                hits += ["3", timing[timing_of(case, ask)]]
            hits += {"tu_choi": ["3.4"], "rut": ["3.5"]}.get(case.outcome, [])
        if is_open(case, ask):
            hits += ["4", "4.2" if is_overdue_open(case, ask) else "4.1"]
            hits += ["4.3"] if case.paused else []
        for stt in hits:
            rows["II.2", stt] += 1
    resolved, on_time = rows["II.2", "3"], rows["II.2", "3.1"] + rows["II.2", "3.2"]
    form: dict[tuple[str, str], Value] = {
        ("3", "2.1"): (on_time, resolved),
        ("3", "2.1.1"): resolved,
        ("3", "2.1.2"): on_time,
    }
    return {**rows, **form}


@dataclass
class Tally:
    """Answers to one question about dossiers: how many yes (or what they add up to), how many known, how many not."""

    yes: int = 0
    known: int = 0
    unknown: int = 0

    def add(self, answer: bool | None, amount: int = 1) -> None:
        """Take one dossier's answer; None: nobody says."""
        self.known += answer is not None
        self.unknown += answer is None
        self.yes += amount if answer else 0

    @property
    def number(self) -> int | None:
        """The count over the known ones; None where some are unknown and none is known."""
        return None if self.unknown and not self.known else self.yes

    @property
    def share(self) -> tuple[int | None, int]:
        """The same over the known ones."""
        return self.number, self.known


def _count_files(own: list[Case], catalogue: dict[str, Facts], ask: Question) -> dict[tuple[str, str], Tally]:
    received = [case for case in own if is_received(case, ask)]
    finished = [case for case in own if is_ended(case, ask)]
    if not ask.skips("result_base"):
        finished = [case for case in finished if case.outcome == "ket_qua"]
    components, results, both = Tally(), Tally(), Tally()
    for case in received:
        components.add(case.components)
    for case in finished:
        facts = catalogue.get(case.stem)
        paperless = facts is not None and facts.no_paper and not ask.skips("no_paper_result")
        digitised = True if paperless else case.result
        results.add(digitised)
        if digitised is False or case.components is False:
            both.add(answer=False)
        else:
            both.add(None if digitised is None or case.components is None else True)
    return {("II.2", "5.1"): components, ("II.2", "5.2"): results, ("II.2", "5.3"): both}


def _count_fees(
    own: list[Case], catalogue: dict[str, Facts], rows: Iterable[DossierRow], ask: Question
) -> dict[tuple[str, str], Tally]:
    paying, total, online = Tally(), Tally(), Tally()
    for case in own:
        facts = catalogue.get(case.stem)
        if not is_received(case, ask) or (facts is not None and not facts.fee):
            continue
        pays = None if case.fee is None else case.fee != 0 or ask.skips("zero_fee")
        if facts is None:  # nobody lists the procedure: without money no fee arose, else nobody knows whether one may
            if pays is False:
                continue
            pays = None
        paying.add(pays)
        total.add(pays, case.fee or 0)
        if facts is None and case.paid_online is False:
            continue  # surely none of 6.2, but no ground for a 0 there: the procedure may bear no fee
        if pays is False or case.paid_online is False:
            online.add(answer=False)
        else:
            online.add(None if pays is None or case.paid_online is None else True)
    if ask.skips("total_row"):
        total.yes += sum((row.phi or 0) + (row.le_phi or 0) for row in rows)
    return {("II.2", "6"): paying, ("II.2", "6.1"): total, ("II.2", "6.2"): online}


def _count_services(
    own: list[Case], catalogue: dict[str, Facts], ask: Question
) -> tuple[dict[tuple[str, str], Value], dict[tuple[str, str], int]]:
    """The rows of services, and how many dossiers are of a procedure whose level nobody tells."""
    with_any: set[str] = set()
    with_online: set[str] = set()
    dossiers = {4: 0, 3: 0}
    online = {4: 0, 3: 0}
    known = unknown = unknown_online = 0
    for case in own:
        if not is_received(case, ask):
            continue
        facts = catalogue.get(case.stem)
        is_online = case.channel == "trực tuyến" or ask.skips("other_channels")
        if facts is None or facts.service == 0:
            unknown += 1
            unknown_online += is_online
            continue
        known += 1
        if facts.service not in dossiers:
            continue
        with_any.add(case.stem)
        dossiers[facts.service] += 1
        if is_online:
            with_online.add(case.stem)
            online[facts.service] += 1
    open_rows = {("7", stt): unknown for stt in ("1.2", "1.2.1", "1.3", "1.3.1", "1.4", "1.4.1")}
    open_rows |= {("7", stt): unknown_online for stt in ("1.2.2", "1.3.2", "1.4.2")}
    rows = _name_services(with_any, with_online, dossiers, online)
    if known:
        return rows, open_rows
    empty: dict[tuple[str, str], Value] = {
        place: None for place, value in rows.items() if isinstance(value, int) and open_rows[place]
    }
    for stt in ("1.2", "1.3", "1.4"):
        empty["7", stt] = (empty.get(("7", f"{stt}.2"), 0), empty.get(("7", f"{stt}.1"), 0))
    return rows | empty, open_rows


def _name_services(
    with_any: set[str], with_online: set[str], dossiers: dict[int, int], online: dict[int, int]
) -> dict[tuple[str, str], Value]:
    return {
        ("7", "1.2"): (len(with_online), len(with_any)),
        ("7", "1.2.1"): len(with_any),
        ("7", "1.2.2"): len(with_online),
        ("7", "1.3"): (online[4], dossiers[4]),
        ("7", "1.3.1"): dossiers[4],
        ("7", "1.3.2"): online[4],
        ("7", "1.4"): (online[3], dossiers[3]),
        ("7", "1.4.1"): dossiers[3],
        ("7", "1.4.2"): online[3],
    }


def _count_procedures(procedures: list[Facts]) -> dict[tuple[str, str], Value]:
    living = [facts for facts in procedures if facts.in_force]
    province = [facts for facts in living if "cấp tỉnh" in facts.levels]
    commune = [facts for facts in living if "cấp xã" in facts.levels]
    both = [facts for facts in commune if "cấp tỉnh" in facts.levels]
    eligible = [facts for facts in commune if facts.eligible]
    full = [facts for facts in eligible if facts.service == 4]
    fee = [facts for facts in commune if facts.fee]
    fee_online = [facts for facts in fee if facts.pays_online]
    counter = [facts for facts in commune if facts.at_counter]
    return {
        ("3", "1.1"): (len(counter), len(commune)),
        ("3", "1.2"): sum(facts.out_of_area for facts in living),
        ("7", "1.1"): (len(full), len(eligible)),
        ("7", "1.1.1"): len(eligible),
        ("7", "1.1.2"): len(full),
        ("7", "1.5"): (len(fee_online), len(fee)),
        ("7", "1.5.1"): len(fee),
        ("7", "1.5.2"): len(fee_online),
        ("II.2", "1"): len(living),
        ("II.2", "1.1"): len(province),
        ("II.2", "1.2"): len(commune),
        ("II.2", "1.3"): len(both),
        ("II.2", "1.4"): len(living) - len(province) - len(commune) + len(both),
    }


def _count_feedback(rows: Iterable[FeedbackRow], ask: Question) -> dict[tuple[str, str], Value]:
    received = done = rated = satisfied = 0
    for row in rows:
        came, _ = read_moment(row.ngay_tiep_nhan, ask)
        if came is None or not (ask.skips("pakn_window") or ask.first <= came.date() <= ask.last):
            continue
        received += 1
        finished, _ = read_moment(row.ngay_xu_ly_xong, ask)
        if finished is None or (finished.date() > ask.last and not ask.skips("pakn_cutoff")):
            continue
        done += 1
        rating = clean_text(row.danh_gia, ask)
        rated += bool(rating) or ask.skips("pakn_unrated")
        satisfied += rating in SATISFIED
    return {
        ("3", "2.2"): (done, received),
        ("3", "2.2.1"): received,
        ("3", "2.2.2"): done,
        ("II.2", "7"): (satisfied, rated),
    }


def _read_records(records: Records, ask: Question) -> tuple[list[Facts], list[Case]]:
    """The catalogue, and every dossier in its newest version."""
    read = ((row, read_case(row, ask)) for row in records.dossiers)
    cases = pick_newest([(row, case) for row, case in read if case is not None], ask)
    if not ask.skips("status_1_3"):
        cases = [case for case in cases if case.meaning != "never"]
    return [read_procedure(row, ask) for row in records.procedures], cases


def _tally(own: list[Case], procedures: list[Facts], records: Records, ask: Question) -> dict[tuple[str, str], Tally]:
    catalogue = {facts.stem: facts for facts in procedures}
    return {**_count_files(own, catalogue, ask), **_count_fees(own, catalogue, records.dossiers, ask)}


def count_unknown(
    records: Records, window_start: date, cutoff: date, policy: str = "II06A"
) -> dict[tuple[str, str], int]:
    """Count, per row that may be unknown, the dossiers of which their lists do not say what it asks.

    Args:
        records: as of ``count_all``.
        window_start: first day of the period, T1.
        cutoff: last day of data, T2.
        policy: II06A, QD766 or CHAT.
    """
    ask = Question(window_start, cutoff, policy, frozenset())
    procedures, cases = _read_records(records, ask)
    own = [case for case in cases if not case.vertical]
    _, services = _count_services(own, {facts.stem: facts for facts in procedures}, ask)
    return services | {place: tally.unknown for place, tally in _tally(own, procedures, records, ask).items()}


def count_all(
    records: Records,
    window_start: date,
    cutoff: date,
    policy: str = "II06A",
    ignore: frozenset[str] | set[str] = frozenset(),
) -> dict[tuple[str, str], Value]:
    """Count every counted or ratio row of forms 3 and 7 and every row of II.2.

    Args:
        records: the demo's records (any rows of the same shape will do).
        window_start: first day of the period, T1.
        cutoff: last day of data, T2.
        policy: II06A, QD766 or CHAT.
        ignore: names of ``TRAPS`` about which the counter is careless.

    Returns:
        {(form, stt): number or (numerator, denominator)}.

    Raises:
        ValueError: an unknown policy or trap.
    """
    unknown = set(ignore) - TRAPS
    if unknown or policy not in ("II06A", "QD766", "CHAT"):
        raise ValueError(f"unknown: {sorted(unknown) or policy}")
    ask = Question(window_start, cutoff, policy, frozenset(ignore))
    procedures, cases = _read_records(records, ask)
    own = [case for case in cases if ask.skips("vertical") or not case.vertical]
    tallies = _tally(own, procedures, records, ask)
    beside = sum(is_received(case, ask) for case in cases if case.vertical)
    return {
        **_count_procedures(procedures),
        **_count_dossiers(own, ask),
        **{place: tally.share if place[1].startswith("5.") else tally.number for place, tally in tallies.items()},
        **_count_services(own, {facts.stem: facts for facts in procedures}, ask)[0],
        **_count_feedback(records.feedback, ask),
        ("II.2", "8"): beside,
    }
