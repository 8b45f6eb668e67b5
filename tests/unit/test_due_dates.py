"""Printed due dates beside the working calendar: the SELECT against hand-counted days and against the Python rule."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.io.reference import load_reference
from assets.mart.due_dates import recompute_due_dates
from assets.out.due_dates import count_due_dates, find_due_date_patterns
from schemas.export import polars_schema
from schemas.registry import find_table
from schemas.rules.calendar import build_calendar
from schemas.rules.deadline import measure_due_date_gap, recompute_due_date
from schemas.rules.reference import NO_FACTS

FACTS = load_reference(Path(__file__).parents[2] / "data" / "reference")
WORKING, CALENDAR = "thoi_han_giai_quyet", "thoi_han_ngay"
FORGOT = "quen_lich_nghi"
PLAIN = {"nhan_trong_ky": True, "cua_minh": True, "ma_tthc": "1.000001", "don_vi": "Phường Thử"}
Case = tuple[date, int, date]


def frame_rows(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = polars_schema(find_table(table))
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def procedure(code: str, limit: int | None, unit: str = WORKING, **more: object) -> dict[str, object]:
    return {"ma_tthc": code, unit: limit, **more}


def compare(received: date, printed: date | None, limit: int, unit: str = WORKING, **more: object) -> pl.DataFrame:
    """The comparison of one dossier."""
    dossier = {**PLAIN, "ma_ho_so": "HS1", "ngay_tiep_nhan": received, "ngay_hen_tra": printed, **more}
    procedures = frame_rows("core.thu_tuc", [procedure("1.000001", limit, unit)])
    return recompute_due_dates(frame_rows("mart.ho_so_ky", [dossier]), procedures, FACTS)


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        # the vectors of the domain rule "Working calendar"
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2025, 12, 31), 1, date(2026, 1, 5)),
        (date(2026, 1, 9), 1, date(2026, 1, 10)),
        (date(2026, 4, 24), 1, date(2026, 4, 28)),
        (date(2026, 4, 24), 3, date(2026, 5, 4)),
        (date(2026, 4, 29), 1, date(2026, 5, 4)),
        # within the day: that day, or the next working day
        (date(2026, 6, 8), 0, date(2026, 6, 8)),
        (date(2026, 6, 7), 0, date(2026, 6, 8)),
    ],
)
def test_the_vectors_of_the_working_calendar(received: date, limit: int, due: date) -> None:
    row = compare(received, due, limit).row(0, named=True)
    assert (row["ngay_hen_tra_tinh_lai"], row["lech_ngay_lam_viec"], row["ly_do_lech"]) == (due, 0, "khop")


def test_the_select_agrees_with_the_rule_on_every_day_of_a_year() -> None:
    """Received on any day of 2025-12 … 2026-12, limits 0 … 30, printed three days off in either direction."""
    calendar = build_calendar([2025, 2026, 2027], FACTS.lich_nghi)
    cases: list[Case] = []
    for offset in range(0, 380, 3):
        received = date(2025, 12, 1) + timedelta(days=offset)
        for limit in (0, 1, 2, 3, 5, 10, 15, 30):
            due = recompute_due_date(received, limit, calendar)
            cases += [(received, limit, due + timedelta(days=shift)) for shift in (-3, 0, 3)]
    dossiers = [
        {**PLAIN, "ma_ho_so": f"HS{n:05}", "ma_tthc": f"1.{limit:06}", "ngay_tiep_nhan": day, "ngay_hen_tra": printed}
        for n, (day, limit, printed) in enumerate(cases)
    ]
    procedures = [procedure(f"1.{limit:06}", limit) for limit in range(31)]
    made = recompute_due_dates(frame_rows("mart.ho_so_ky", dossiers), frame_rows("core.thu_tuc", procedures), FACTS)
    expected = []
    for day, limit, printed in cases:
        due = recompute_due_date(day, limit, calendar)
        expected.append((due, measure_due_date_gap(printed, due, calendar)))
    assert made.select("ngay_hen_tra_tinh_lai", "lech_ngay_lam_viec").rows() == expected


@pytest.mark.parametrize(
    ("received", "limit", "unit", "printed", "due", "gap", "reason", "days"),
    [
        # Wed 29/4 + 3: 04, 05, 06/5; a system without holidays counts 30/4, 01/5, 04/5
        (date(2026, 4, 29), 3, WORKING, date(2026, 5, 4), date(2026, 5, 6), -2, FORGOT, "30/4/2026, 01/5/2026"),
        # Fri 09/01 + 2: Sat 10/01 is worked, Mon 12/01; a system without the swap: Tue 13/01
        (date(2026, 1, 9), 2, WORKING, date(2026, 1, 13), date(2026, 1, 12), 1, FORGOT, "10/01/2026 (làm bù)"),
        # Mon 08/6 + 5 = Mon 15/6; five calendar days: Sat 13/6, whose working day is Fri 12/6
        (date(2026, 6, 8), 5, WORKING, date(2026, 6, 13), date(2026, 6, 15), -1, "tinh_ngay_lich", None),
        # Mon 08/6 + 3 = Thu 11/6; the receipt day counted as day 1: Wed 10/6
        (date(2026, 6, 8), 3, WORKING, date(2026, 6, 10), date(2026, 6, 11), -1, "tinh_ca_ngay_nhan", None),
        (date(2026, 6, 8), 3, WORKING, date(2026, 6, 19), date(2026, 6, 11), 6, "khac", None),
        # ten calendar days from Wed 03/6 end on Sat 13/6: Monday 15/6
        (date(2026, 6, 3), 12, CALENDAR, date(2026, 6, 15), date(2026, 6, 15), 0, "khop", None),
        (date(2026, 6, 3), 10, CALENDAR, date(2026, 6, 13), date(2026, 6, 15), -1, "roi_vao_ngay_nghi", None),
        # a printed Saturday after a due Friday promises no working day more
        (date(2026, 6, 8), 4, WORKING, date(2026, 6, 13), date(2026, 6, 12), 0, "khop", None),
    ],
)  # fmt: skip
def test_what_explains_a_difference(
    received: date, limit: int, unit: str, printed: date, due: date, gap: int, reason: str, days: str | None
) -> None:
    row = compare(received, printed, limit, unit).row(0, named=True)
    found = (row["ngay_hen_tra_tinh_lai"], row["lech_ngay_lam_viec"], row["ly_do_lech"], row["ngay_nghi_giua"])
    assert found == (due, gap, reason, days)
    assert row["ngay_hen_tra"] == printed, "the printed date stays"


def test_a_dossier_that_waited_explains_a_later_date() -> None:
    row = compare(date(2026, 6, 8), date(2026, 6, 19), 3, so_ngay_cho_bo_sung=6).row(0, named=True)
    assert row["ly_do_lech"] == "bo_sung_hen_lai"


@pytest.mark.parametrize(
    "more",
    [{"nhan_trong_ky": False}, {"cua_minh": False}, {"ma_tthc": "1.999999"}, {"ngay_hen_tra": None}],
    ids=["another period", "vertical agency", "no limit known", "nothing printed"],
)
def test_what_cannot_be_compared_is_left_out(more: dict[str, object]) -> None:
    assert compare(date(2026, 6, 8), date(2026, 6, 11), 3, **more).is_empty()


def test_a_dossier_takes_the_limit_that_held_on_its_receipt_day() -> None:
    change = date(2026, 6, 8)
    versions = [
        procedure("1.000001", 3, hieu_luc_den=change),
        procedure("1.000001", 5, hieu_luc_tu=change),
    ]
    dossiers = [
        {**PLAIN, "ma_ho_so": name, "ngay_tiep_nhan": day, "ngay_hen_tra": date(2026, 6, 15)}
        for name, day in (("HS1", date(2026, 6, 5)), ("HS2", change))
    ]
    made = recompute_due_dates(frame_rows("mart.ho_so_ky", dossiers), frame_rows("core.thu_tuc", versions), FACTS)
    assert made["ngay_hen_tra_tinh_lai"].to_list() == [date(2026, 6, 10), date(2026, 6, 15)]


def test_an_unknown_year_is_said_and_counted_apart() -> None:
    """The library is checked up to 2027: received on its last working day, due in 2028."""
    made = compare(date(2027, 12, 31), date(2028, 1, 4), 1)
    row = made.row(0, named=True)
    assert (row["ngay_hen_tra_tinh_lai"], row["ly_do_lech"]) == (None, "chua_co_lich")
    assert count_due_dates(made) == {"HEN_TRA_TINH_LAI": None, "HEN_TRA_KHOP": None}
    (finding,) = find_due_date_patterns(made, NO_FACTS)
    assert finding.ma == "LICH_NGHI_THIEU_NAM"
    assert "2028" in finding.dien_giai
    assert "1 hồ sơ" in finding.dien_giai


def test_one_finding_per_pattern_with_its_count_and_days() -> None:
    forgot = {"ngay_tiep_nhan": date(2026, 4, 29), "ngay_hen_tra": date(2026, 5, 4)}  # two days early
    one_day = {"ngay_tiep_nhan": date(2026, 4, 24), "ngay_hen_tra": date(2026, 4, 29)}  # 24/4 + 3 is 04/5
    sound = {"ngay_tiep_nhan": date(2026, 6, 8), "ngay_hen_tra": date(2026, 6, 11)}
    late = {"ngay_tiep_nhan": date(2026, 6, 8), "ngay_hen_tra": date(2026, 6, 19)}
    rows = [{**PLAIN, "ma_ho_so": f"HS{n}", **one} for n, one in enumerate((forgot, forgot, one_day, sound, late))]
    procedures = frame_rows("core.thu_tuc", [procedure("1.000001", 3)])
    made = recompute_due_dates(frame_rows("mart.ho_so_ky", rows), procedures, FACTS)
    assert count_due_dates(made) == {"HEN_TRA_TINH_LAI": 5.0, "HEN_TRA_KHOP": 1.0}
    unknown, holidays = (one.dien_giai for one in find_due_date_patterns(made, FACTS))
    assert unknown.startswith("1 hồ sơ nhận trong kỳ có ngày hẹn trả đã in muộn hơn ngày tính lại 6 ngày làm việc")
    # 24/4 + 3: 28/4, 29/4, 04/5; printed 29/4 is one day early; the others two
    assert holidays.startswith(
        "3 hồ sơ nhận trong kỳ có ngày hẹn trả đã in sớm hơn ngày tính lại 1 đến 2 ngày làm việc"
    )
    for day in ("27/4/2026", "30/4/2026", "01/5/2026"):
        assert day in holidays
