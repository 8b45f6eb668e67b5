"""The demo's published values against hand-typed figures of the signed reference, and against the slow counter.

The expectations come from forms.md's ``ref`` column (typed by hand here) and from tests/support/slow_counter.py, plain
loops over the generator's records that share no code with the product.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support import demo_data, slow_counter
from tests.support.homes import copy_home, query, read_values, run_period

# every ref of forms.md; None: the reference's cell is blank, "-" is 0/0
REFERENCE: dict[str, dict[str, float | None]] = {
    "1": {
        "1": 7, "2": 51.9, "2.1": 52, "2.2": 27, "3": None, "3.1": None, "3.2": None, "3.3": None, "3.3.1": 0,
        "3.3.2": 0, "4": None, "4.1": 38, "4.1.1": 28, "4.1.2": 0, "4.1.3": 0, "4.2": 9500, "4.3": 1, "5": 0,
    },
    "2": {"1": 0, "1.1": 0},
    "3": {
        "1": None, "1.1": 100, "1.2": 2060, "2": None, "2.1": 100, "2.1.1": 9275, "2.1.2": 9275, "2.2": 100,
        "2.2.1": 2, "2.2.2": 2,
    },
    "4": {
        "1": None, "1.1": 52, "1.2": 43, "1.3": 1, "1.4": 0, "2": None, "2.1": 586, "2.2": 573, "2.3": 0, "2.4": 0,
    },
    "5": {
        "1": None, "1.1": 4, "1.2": 19, "1.3": 0, "2": None, "2.1": 0, "2.2": 10, "3": 0, "4": 0, "4.1": 0, "4.2": 0,
        "4.3": 0,
    },
    "6": {
        "1": 50.0, "1.1": 42809, "1.2": 21406, "2": None, "2.1": 19, "2.2": 0, "2.3": 0, "2.4": 19, "2.4.1": 0,
        "2.4.2": 0, "2.4.3": 0, "2.5": 19, "2.6": 0,
    },
    "7": {
        "1": None, "1.1": 100, "1.1.1": 219, "1.1.2": 219, "1.2": 100, "1.2.1": 39, "1.2.2": 39, "1.3": 100,
        "1.3.1": 752, "1.3.2": 752, "1.4": 100, "1.4.1": 8523, "1.4.2": 8523, "1.5": 100, "1.5.1": 43, "1.5.2": 43,
    },
    "II.2": {
        "1": 2210, "1.1": 1775, "1.2": 314, "1.3": 0, "1.4": 121, "2": 9275, "2.1": 9275, "2.2": 0, "2.3": 0, "2.4": 0,
        "3": 9275, "3.1": 9269, "3.2": 6, "3.3": 0, "3.4": 1, "3.5": 5, "4": 0, "4.1": 0, "4.2": 0, "4.3": 0,
        "5.1": 100, "5.2": 100, "5.3": 100, "6": 8358, "6.1": 84605000, "6.2": 8358, "7": 100,
    },
}  # fmt: skip

RUNS = [
    pytest.param("2026-6T", date(2026, 6, 9), date(2025, 12, 15), id="6T-0906"),
    pytest.param("2026-6T", date(2026, 5, 31), date(2025, 12, 15), id="6T-3105"),
    pytest.param("2026-6T", date(2026, 6, 14), date(2025, 12, 15), id="6T-1406"),
    pytest.param("2026-Q1", date(2026, 3, 14), date(2025, 12, 15), id="Q1-1403"),
    pytest.param("2026-Q3", date(2026, 6, 20), date(2026, 6, 15), id="Q3-2006"),
    pytest.param("2026-NAM", date(2026, 6, 22), date(2025, 12, 15), id="NAM-2206"),
]


def test_demo_reproduces_every_figure_of_the_signed_reference(demo_home: Path) -> None:
    published = read_values(demo_home, "2026-6T")
    found = {bieu: {} for bieu in REFERENCE}
    for row in published:
        if (row["bieu"], row["stt"]) != ("II.2", "8"):  # the reference counts vertical agencies nowhere
            found[row["bieu"]][row["stt"]] = row["so_lieu"]
    assert found == REFERENCE


def test_ratio_rows_carry_their_arithmetic(demo_home: Path) -> None:
    ratios = {(row["bieu"], row["stt"]): (row["tu_so"], row["mau_so"]) for row in read_values(demo_home, "2026-6T")}
    assert ratios["1", "2"] == (27, 52)
    assert ratios["1", "3.3"] == (0, 0)
    assert ratios["3", "1.1"] == (314, 314)
    assert ratios["3", "2.1"] == (9275, 9275)
    assert ratios["6", "1"] == (21406, 42809)


@pytest.mark.parametrize("policy", ["II06A", "QD766", "CHAT"])
@pytest.mark.parametrize(("period", "cutoff", "start"), RUNS)
def test_values_equal_the_slow_counter(counted_home: Path, period: str, cutoff: date, start: date, policy: str) -> None:
    expected = slow_counter.count_all(demo_data.build_records(), start, cutoff, policy)
    found: dict[tuple[str, str], object] = {}
    for row in read_values(counted_home, period, cutoff=cutoff, policy=policy):
        if row["bieu"] in ("3", "7", "II.2") and row["loai"] != "header":
            ratio = row["loai"] == "ratio"
            found[row["bieu"], row["stt"]] = (row["tu_so"], row["mau_so"]) if ratio else row["so_lieu"]
    assert found == expected


@pytest.fixture(scope="module")
def counted_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo home with every run of RUNS published."""
    home = copy_home(demo_home, tmp_path_factory.mktemp("golden") / "home")
    for run in RUNS:
        period, cutoff, _ = run.values
        run_period(home, period, cutoff)
    return home


def test_the_year_is_compared_with_the_newest_half_year_before_it(counted_home: Path) -> None:
    records = demo_data.build_records()
    year, half = (
        slow_counter.count_all(records, date(2025, 12, 15), cutoff, "II06A")["II.2", "2"]
        for cutoff in (date(2026, 6, 22), date(2026, 6, 14))
    )
    (row,) = query(
        counted_home,
        "select ket_qua, ve_trai, ve_phai, dien_giai from out.doi_chieu"
        " where ky = '2026-NAM' and ma = 'K15_TIEP_NHAN' and chinh_sach = 'II06A'",
    )
    assert row[:3] == ("dat", year, half)
    assert "kỳ 2026-6T, chốt 14/6/2026" in row[3]


def test_cross_checks_find_exactly_the_errors_of_the_declared_figures_and_the_plausibility_marks(
    demo_home: Path,
) -> None:
    """domain.md §11: what the reference's declared figures hold (not A01, our levels close; not those of its text)."""
    failed = query(demo_home, "select ma from out.doi_chieu where chinh_sach = 'II06A' and ket_qua = 'khong_dat'")
    assert {code for (code,) in failed} == {"B03", "B05", "C08", "C09", "A15", "A18", "D06"}
