"""Checks of dossiers, tasks and rates in the text that are more than a relation of two figures.

Ids: A03, A08 (rates), A11 (result files), A15 (nothing pending), B02 (done and ongoing), C16 (disbursement), C18
(rates above 100 %). Does not belong here: fractions (check_fractions), lists (check_breakdowns), comparisons with an
earlier period (check_growth) or a plan (check_plan).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from assets.audit.catalogue import load_figure_words
from assets.audit.doubt import is_share_of_another
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.quantities import Quantity
from assets.audit.share_finding import say_percent
from assets.audit.values import is_rounding, say
from assets.audit.window import find_window
from schemas.rules.calendar import UncoveredYear, build_calendar
from schemas.rules.display import format_date

BUSY_DAY = 10
"""Dossiers a working day from which an empty desk on the cut-off day is hard to believe."""


def check_dossiers(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [
        *_check_rates(evidence),
        *_check_on_time_rate(evidence),
        *_check_shares(evidence),
        *_check_result_files(evidence),
        *_check_nothing_pending(evidence),
        *_check_plan(evidence),
        *_check_disbursement(evidence),
    ]


# --- rates ------------------------------------------------------------------------------------------------------


def _check_rates(evidence: Evidence) -> Iterator[AuditFinding]:
    """A03: "trực tuyến 9.000 hồ sơ, chiếm 97%" of the received; a printed denominator must be the base's figure."""
    for quantity in evidence.quantities.values():
        base = evidence.quantities.get(quantity.base or "")
        if base is None or base.number is None or base is quantity:
            continue
        bottom = base.number
        possible = _possible_bases(base, evidence)
        if quantity.below is not None and quantity.below.value not in possible:
            message = fill(
                "A03", "mau_so", ten=_cap(quantity.ten), ghi=quantity.below.text, ten_mau=base.ten, dung=bottom.text
            )
            places = [quantity.place, base.place]
            yield make_finding("A03", places, quantity.below.text, bottom.text, message, quantity.quote)
        if quantity.percent is None or quantity.number is None or quantity.below is not None:
            continue
        tops = quantity.number.readings
        fits = any(is_rounding(quantity.percent, value, below) for value in tops for below in possible if below)
        if bottom.value and not fits and not is_share_of_another(quantity, evidence):
            yield _wrong_rate(quantity, base)


def _possible_bases(base: Quantity, evidence: Evidence) -> list[Fraction]:
    """List what a share may be of: "received" is with or without the dossiers brought forward."""
    assert base.number is not None
    value = base.number.value
    before = evidence.figure("ky_truoc")
    if base.ma != "tiep_nhan" or before is None:
        return list(base.number.readings)
    return [value, value - before.printed.value, value + before.printed.value]


def _wrong_rate(quantity: Quantity, base: Quantity) -> AuditFinding:
    assert quantity.number is not None
    assert quantity.percent is not None
    assert base.number is not None
    right = say_percent(quantity.number.value, base.number.value, quantity.percent.decimals)
    said = quantity.percent.text
    message = fill(
        "A03",
        "tren_tong",
        ten=_cap(quantity.ten),
        tren=quantity.number.text,
        duoi=base.number.text,
        dung=right,
        ghi=said,
    )
    left = f"{quantity.number.text}/{base.number.text} = {right}%"
    return make_finding("A03", [quantity.place, base.place], left, f"{said}%", message, quantity.quote)


def _check_on_time_rate(evidence: Evidence) -> Iterator[AuditFinding]:
    """A08: "tỷ lệ đúng hạn đạt 99,9%" against the dossiers the text counts."""
    said = evidence.quantities.get("ty_le_dung_han")
    solved = evidence.figure("giai_quyet")
    if said is None or said.percent is None or solved is None or not solved.printed.value:
        return
    together = evidence.figure("truoc_va_dung_han")
    parts = [together] if together else [evidence.figure("truoc_han"), evidence.figure("dung_han")]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return
    on_time = sum((part.printed.value for part in known), Fraction(0))
    if is_rounding(said.percent, on_time, solved.printed.value):
        return
    right = say_percent(on_time, solved.printed.value, said.percent.decimals)
    tren, duoi = say(on_time), solved.printed.text
    message = fill("A08", "chung", ghi=said.percent.text, tren=tren, duoi=duoi, dung=right)
    places = [said.place, solved.place, *(part.place for part in known)]
    yield make_finding("A08", places, f"{said.percent.text}%", f"{tren}/{duoi} = {right}%", message, said.quote)


def _check_shares(evidence: Evidence) -> Iterator[AuditFinding]:
    """C18: a share ("tỷ lệ …", "đạt …") above 100 %; plans, budgets and increases may exceed."""
    for scan in evidence.scans:
        for token in scan.tokens:
            if not token.percent or token.number.value <= 100:
                continue
            stops = (";", ". ") if scan.in_bracket(0, token.start) else (";", ". ", "(")
            around = scan.key[scan.stretch_begin(token.start, stops) : token.end + 40]
            if load_figure_words().vuot.search(around) is None:
                message = fill("C18", "loi_van", ghi=token.number.text)
                left, quote = f"{token.number.text}%", scan.quote(token)
                yield make_finding("C18", [scan.place(token)], left, "100%", message, quote)


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- results and pending ----------------------------------------------------------------------------------------


def _check_result_files(evidence: Evidence) -> Iterator[AuditFinding]:
    """A11: all dossiers have a result file, though refused and withdrawn ones have no result."""
    refused = [q for name in ("tu_choi", "rut") if (q := evidence.quantities.get(name)) and q.number and q.number.value]
    without = sum((q.number.value for q in refused if q.number is not None), Fraction(0))
    claims = [q for name in ("file_ket_qua", "ca_hai_file") if (q := evidence.quantities.get(name)) is not None]
    claims = [q for q in claims if q.percent is not None and q.percent.value == 100 and not _base_is_named(q, evidence)]
    if not without or not claims:
        return
    message = fill("A11", "chung", ghi="100", so=say(without))
    left = " + ".join(f"{q.number.text} ({q.ten})" for q in refused if q.number is not None)
    places = [q.place for q in claims + refused]
    yield make_finding("A11", places, "100% có file kết quả", left, message, claims[0].quote)


def _base_is_named(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether the print says what it is a share of: dossiers with a result, or fewer than were resolved."""
    if any(word in quantity.clause for word in ("có kết quả", "không tính", "trừ", "hồ sơ có kq")):
        return True
    solved = evidence.quantities.get("giai_quyet")
    if quantity.below is None or solved is None or solved.number is None:
        return False
    return quantity.below.value < solved.number.value


def _check_nothing_pending(evidence: Evidence) -> Iterator[AuditFinding]:
    """A15: a busy desk with nothing pending on the cut-off day."""
    names = ("dang_giai_quyet", "dang_trong_han", "dang_qua_han")
    pending = [q for name in names if (q := evidence.quantities.get(name)) is not None and q.number is not None]
    received = evidence.quantities.get("tiep_nhan")
    window = find_window(evidence)
    if not pending or any(q.number.value for q in pending if q.number) or received is None or received.number is None:
        return
    if window is None:
        return
    days = count_working_days(window.start, window.end)
    daily = received.number.value / days if days else Fraction(0)
    if daily < BUSY_DAY:
        return
    rate = say(Fraction(int(daily + Fraction(1, 2))))
    message = fill("A15", "chung", moi_ngay=rate, tong=received.number.text, so_ngay=days, ngay=format_date(window.end))
    places = [q.place for q in pending] + [received.place, window.place]
    yield make_finding(
        "A15", places, "0 hồ sơ đang giải quyết", f"≈ {rate} hồ sơ mỗi ngày làm việc", message, pending[0].quote
    )


def count_working_days(first: date, last: date) -> int:
    """Count working days, both ends included, for an average.

    A year that the holiday library does not cover counts its Mondays to Fridays: the report of a stranger must be
    audited with no data of ours, and the average need not be exact.
    """
    try:
        return build_calendar(range(first.year, last.year + 1), ()).count_working_days(first, last)
    except UncoveredYear:
        return sum((first + timedelta(days=step)).weekday() < 5 for step in range((last - first).days + 1))


# --- tasks, money -----------------------------------------------------------------------------------------------


def _check_plan(evidence: Evidence) -> Iterator[AuditFinding]:
    """B02: tasks "done and ongoing" in the text are "done" in the form."""
    said = evidence.quantities.get("kh_da_va_dang")
    row = evidence.row("BM1.2.2")
    if said is None or said.number is None or row is None or row.number is None:
        return
    if "kh_hoan_thanh" in evidence.quantities or said.number.value > row.number.value:
        return
    name = "chung" if said.number.value == row.number.value else "nguoc"
    message = fill("B02", name, ghi=said.number.text, so=row.number.text, dong=row.name)
    left, right = f"đã và đang thực hiện {said.number.text}", f"đã hoàn thành {row.number.text}"
    yield make_finding("B02", [said.place, row.place], left, right, message, said.quote)


def _check_disbursement(evidence: Evidence) -> Iterator[AuditFinding]:
    """C16: the disbursement rate of the text is that of form 6, rounded to what the text prints."""
    said = evidence.quantities.get("giai_ngan")
    row, plan, done = (evidence.row(name) for name in ("BM6.1", "BM6.1.1", "BM6.1.2"))
    if said is None or said.percent is None or row is None or plan is None or done is None:
        return
    if plan.number is None or done.number is None:
        return
    pairs = [(top, below) for top in done.number.readings for below in plan.number.readings if below]
    if not pairs or any(is_rounding(said.percent, top, below) for top, below in pairs):
        return
    right = say_percent(*pairs[0], said.percent.decimals)
    message = fill("C16", "chung", ghi=said.percent.text, dong=row.name, so=right)
    left, other = f"{said.percent.text}%", f"{done.number.text}/{plan.number.text} = {right}%"
    yield make_finding("C16", [said.place, row.place, done.place, plan.place], left, other, message, said.quote)
