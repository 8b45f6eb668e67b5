"""The kinds of cross-checks, on figures small enough to decide by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

import schemas.checks
from assets.audit import catalogue
from assets.io.home import Home
from assets.out.crosschecks import read_earlier
from schemas.checks import parse_check
from schemas.checks.kinds import EarlierRun, Figures
from schemas.rules.periods import Comparable, list_comparable, parse_period

CUTOFF = date(2026, 6, 14)
STEP = {"muc_do": "W", "dong": "BM4.1.2", "so_voi": "lien_truoc", "dien_giai": "biên chế"}
JUMP = STEP | {"loai": "bien_dong", "nguong_phan_tram": 20, "nguong_tuyet_doi": 3}


def step_figures(now: float | None, before: float | None) -> Figures:
    earlier = EarlierRun("2026-Q1", date(2026, 3, 14), {"BM4.1.2": before})
    return Figures({"BM4.1.2": now}, "2026-6T", CUTOFF, {"lien_truoc": earlier})


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        (40, 48, "dat"),  # exactly 20 %
        (40, 49, "khong_dat"),  # 22,5 % and 9 people
        (40, 31, "khong_dat"),  # falls count as well
        (5, 8, "dat"),  # 60 %, but only 3 people
        (5, 9, "khong_dat"),
        (0, 3, "dat"),
        (0, 4, "khong_dat"),  # from nothing: any percentage is exceeded
        (None, 4, "khong_xet"),
        (40, None, "khong_xet"),
    ],
)
def test_a_jump_exceeds_both_thresholds(before: float | None, now: float | None, outcome: str) -> None:
    verdict = parse_check("K", JUMP).evaluate(step_figures(now, before))
    assert (verdict.ket_qua, verdict.ve_trai, verdict.ve_phai) == (outcome, now, before)


def test_a_jump_names_both_figures_and_periods() -> None:
    said = parse_check("K", JUMP).evaluate(step_figures(52, 40)).dien_giai
    assert said == "biên chế (BM4.1.2 kỳ 2026-6T, chốt 14/6/2026 = 52; kỳ 2026-Q1, chốt 14/3/2026 = 40)."


def test_a_step_without_an_earlier_period_is_not_applied() -> None:
    verdict = parse_check("K", JUMP).evaluate(Figures({"BM4.1.2": 52}, "2026-6T", CUTOFF))
    assert verdict.ket_qua == "khong_xet"
    assert "kỳ trước" in verdict.dien_giai


@pytest.mark.parametrize(
    ("received", "pending", "outcome"),
    [(9275, 0, "khong_dat"), (9275, 1, "dat"), (0, 0, "khong_xet"), (None, 0, "khong_xet")],
)
def test_nothing_pending_is_odd_only_where_something_was_received(
    received: int | None, pending: int, outcome: str
) -> None:
    figures = Figures({"II.2.2": received, "II.2.4": pending}, "2026-6T", CUTOFF)
    assert schemas.checks.load_checks()["A15"].evaluate(figures).ket_qua == outcome


@pytest.mark.parametrize(("ratios", "whole", "outcome"), [(7, 7, "khong_dat"), (7, 6, "dat"), (0, 0, "khong_xet")])
def test_that_all_ratios_are_whole_is_odd_only_where_there_are_any(ratios: int, whole: int, outcome: str) -> None:
    figures = Figures({"SO_TY_LE": ratios, "SO_TY_LE_TRON_100": whole}, "2026-6T", CUTOFF)
    assert schemas.checks.load_checks()["A18"].evaluate(figures).ket_qua == outcome


@pytest.mark.parametrize(("before", "now", "outcome"), [(27, 27, "dat"), (27, 28, "dat"), (27, 26, "khong_dat")])
def test_an_accumulated_figure_does_not_fall(before: float, now: float, outcome: str) -> None:
    assert parse_check("K", STEP | {"loai": "khong_giam"}).evaluate(step_figures(now, before)).ket_qua == outcome


@pytest.mark.parametrize(
    ("printed", "above", "below", "outcome"),
    [
        (51.9, 27, 52, "dat"),  # 51,923…
        (51.8, 27, 52, "khong_dat"),
        (12.5, 1, 8, "dat"),
        (6.3, 1, 16, "dat"),  # 6,25 rounds half up: off by exactly the tolerance
        (100, 9274, 9275, "dat"),  # 99,989: that 100 needs equal terms is the printing rule's business
        (50, 0, 0, "khong_xet"),
        (None, 1, 2, "khong_xet"),
    ],
)
def test_a_printed_ratio_is_its_division(printed: float | None, above: float, below: float, outcome: str) -> None:
    check = parse_check("T", {"loai": "ty_le", "muc_do": "E", "dong": "r", "tu": "a", "mau": "b", "dien_giai": "tỷ lệ"})
    assert check.evaluate(Figures({"r": printed, "a": above, "b": below}, "2026-6T", CUTOFF)).ket_qua == outcome


@pytest.mark.parametrize(
    ("relation", "tolerance", "left", "outcome"),
    [("=", 0, 11, "khong_dat"), ("=", 1, 11, "dat"), ("=", 1, 9, "dat"), ("=", 1, 8, "khong_dat"),
     ("<=", 2, 12, "dat"), ("<=", 2, 13, "khong_dat")],
)  # fmt: skip
def test_a_sum_holds_within_its_tolerance(relation: str, tolerance: float, left: float, outcome: str) -> None:
    body = {"muc_do": "E", "trai": "A", "phep": relation, "phai": "10", "dung_sai": tolerance, "dien_giai": "tổng"}
    assert parse_check("S", body).evaluate(Figures({"A": left}, "2026-6T", CUTOFF)).ket_qua == outcome


def test_a_tolerance_on_a_strict_relation_is_refused() -> None:
    with pytest.raises(ValidationError):
        parse_check("S", {"muc_do": "E", "trai": "A", "phep": "<", "phai": "B", "dung_sai": 1, "dien_giai": "x"})


@pytest.mark.parametrize(
    ("period", "way", "keys"),
    [
        ("2026-6T", "lien_truoc", ["2026-Q1", "2025-NAM", "2025-Q3", "2025-6T"]),
        ("2026-NAM", "cung_nam", ["2026-Q3", "2026-6T", "2026-Q1"]),
        ("2026-Q1", "cung_nam", []),
        ("2026-NAM", "cung_tu_ngay", ["2026-6T", "2026-Q1"]),  # quý III has a window of its own
        ("2026-Q3", "cung_tu_ngay", []),
        ("2000-Q1", "lien_truoc", []),  # the first year of all
    ],
)
def test_which_earlier_periods_are_comparable(period: str, way: Comparable, keys: list[str]) -> None:
    assert [one.key for one in list_comparable(parse_period(period), way)] == keys


def test_the_newest_cutoff_of_the_nearest_period_is_compared(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for key, cutoff in (("2026-Q1", "2026-03-10"), ("2026-Q1", "2026-03-14"), ("2025-NAM", "2025-12-14")):
        path = home.partition("out.bieu_mau", f"{key}_{cutoff}")
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame({"ky": [key], "ngay_chot": [date.fromisoformat(cutoff)]}).write_parquet(path)
    found = read_earlier(home, parse_period("2026-NAM"), date(2026, 6, 1))
    assert {way: rows.row(0) for way, rows in found.items()} == dict.fromkeys(
        ("lien_truoc", "cung_nam", "cung_tu_ngay"), ("2026-Q1", date(2026, 3, 14))
    )
    found = read_earlier(home, parse_period("2026-6T"), date(2026, 3, 12))
    assert found["cung_nam"].row(0) == ("2026-Q1", date(2026, 3, 10)), "a later cut-off is not an earlier figure"
    assert read_earlier(home, parse_period("2026-Q1"), date(2026, 3, 14)).keys() == {"lien_truoc"}


# What each shared id says in both places, from the design page "domain" §11 and the two files read side by side.
SAME_MEANING = {
    "A15": "nothing pending on the cut-off day",
    "B03": "form 1 row 4 has no row for tasks in progress",
    "B05": "more survey sheets than dossiers",
    "C07": "more staff present than assigned",
    "C08": "form 6: kinds of service units against their total",
    "C09": "form 6: levels of autonomy against their total",
    "D06": "the window ends before the official end",
}


def test_an_id_means_one_thing_in_the_cross_checks_and_in_the_auditor() -> None:
    crosschecks, auditor = schemas.checks.load_checks(), catalogue.load_checks()
    shared = crosschecks.keys() & auditor.keys()
    assert shared == SAME_MEANING.keys(), "a new id of one registry must not be taken already in the other"
    assert {code for code in shared if crosschecks[code].muc_do != auditor[code].muc_do} == set()
