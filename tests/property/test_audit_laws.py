"""Laws of the auditor over a model of reports: a correct one is clean, one change gives the matching finding alone.

The model (tests/support/audit_report.py) is right by construction; which ids a change may give follows from the meaning
of the figure (design page "domain" §3, §11), not from a run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assets.audit import AuditFinding, verify_file
from tests.support.audit_report import WINDOWS, Report, build, long, short, to_docx, vn, write_text

SEEDS = st.integers(0, 10_000)
PERIODS = st.sampled_from(sorted(WINDOWS))
WORDINGS = st.sampled_from(["bullets", "prose"])
LIGHT = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def audit(tmp_path: Path):
    def run(report: Report) -> list[AuditFinding]:
        return verify_file(write_text(report, tmp_path / "bao-cao.txt"))

    return run


def _ids(found: list[AuditFinding]) -> set[str]:
    return {item.ma for item in found}


def _errors(found: list[AuditFinding]) -> set[str]:
    return {item.ma for item in found if item.muc_do == "E"}


@given(SEEDS, PERIODS, WORDINGS)
@LIGHT
def test_a_correct_report_is_clean(audit, seed: int, period: str, wording: str) -> None:
    assert audit(build(seed, period, wording)) == []


@given(SEEDS, PERIODS, WORDINGS)
@settings(LIGHT, max_examples=4)
def test_word_and_text_agree(tmp_path: Path, seed: int, period: str, wording: str) -> None:
    report = build(seed, period, wording)
    report.text["tong"] += 1
    report.row("6", "2.1").value = "15"
    in_word = verify_file(to_docx(report, tmp_path / "a.docx"))
    in_text = verify_file(write_text(report, tmp_path / "a.txt"))
    assert [(f.ma, f.ve_trai, f.ve_phai) for f in in_word] == [(f.ma, f.ve_trai, f.ve_phai) for f in in_text]
    assert _errors(in_word) == {"A01", "C08"}
    places = [place for found in in_word if found.ma == "C08" for place in found.vi_tri]
    assert all(place.startswith("bảng 7, dòng ") for place in places)


# figure of the text: (ids of which one at least must come, further ids that its change may give)
TEXT: dict[str, tuple[set[str], set[str]]] = {
    "tong": ({"A01"}, {"A17"}),
    "tinh": ({"A01"}, set()),
    "xa": ({"A01"}, set()),
    "tiep_nhan": ({"A02"}, {"A03", "A05", "A10", "A12", "A16"}),
    "truc_tuyen": ({"A02"}, {"A03", "A10", "A12", "C18"}),
    "truc_tiep": ({"A02"}, set()),
    "ky_truoc": ({"A05"}, set()),
    "giai_quyet": ({"A04"}, {"A05", "A06"}),
    "truoc": ({"A04"}, {"A07"}),
    "dung": ({"A04"}, {"A07"}),
    "qua": ({"A04"}, set()),
    "dang": ({"A09"}, {"A05"}),
    "trong": ({"A09"}, set()),
    "dang_qua": ({"A09"}, set()),
    "giao": ({"B04"}, {"B06"}),
    "dh": ({"B04"}, {"B06"}),
    "qh": ({"B04"}, {"B06"}),
    "dang_nv": ({"B04"}, set()),
    "kh": ({"B01"}, set()),
    "kh_xong": ({"B02"}, {"B11"}),  # more done than planned is B11 as well
    "bc": ({"C01"}, set()),
    "bc_hc": ({"C01"}, {"C03"}),
    "bc_gd": ({"C01"}, {"C03"}),
    "bc_yt": ({"C01"}, {"C03"}),
    "to": ({"C04"}, set()),
    "to_a": ({"C04"}, set()),
    "to_b": ({"C04"}, set()),
    "pakn": ({"A13"}, set()),
}


def _is_another_way_of_counting(report: Report, key: str, delta: int) -> bool:
    """Whether the changed figure still closes: refused or withdrawn dossiers may stand outside the resolved ones.

    And those brought forward may be counted as received. Offices differ in this, and a text that prints them does not
    say which way it counts.
    """
    if key == "tiep_nhan" and delta == report.text["ky_truoc"]:
        return True
    aside = (report.text["tu_choi"], report.text["rut"])
    return report.wording == "bullets" and key == "ky_truoc" and delta in {*aside, sum(aside)}


@given(SEEDS, PERIODS, WORDINGS, st.sampled_from(sorted(TEXT)), st.integers(1, 60))
@example(seed=1, period="6T", wording="bullets", key="ky_truoc", delta=1)
@example(seed=4061, period="6T", wording="bullets", key="tiep_nhan", delta=1)
@settings(LIGHT, max_examples=60)
def test_one_changed_figure_of_the_text(audit, seed: int, period: str, wording: str, key: str, delta: int) -> None:
    report = build(seed, period, wording)
    report.text[key] += delta
    must, may = TEXT[key]
    found = audit(report)
    if _is_another_way_of_counting(report, key, delta):
        assert found == []
        return
    assert must & _ids(found)
    assert _errors(found) <= must | may
    figure = vn(report.text[key])
    assert any(figure in f"{f.ve_trai} {f.ve_phai}" for f in found if f.ma in must)


# row: ids as above
ROWS: dict[tuple[str, str], tuple[set[str], set[str]]] = {
    ("1", "2"): ({"C10"}, {"C18"}),
    ("1", "2.1"): ({"B01"}, {"C10"}),
    ("1", "2.2"): ({"B02"}, {"C10", "C14"}),
    ("1", "4.1"): ({"B06"}, {"B03"}),
    ("1", "4.1.1"): ({"B06"}, {"B07"}),
    ("1", "4.1.2"): ({"B06"}, {"B07"}),
    ("1", "4.1.4"): ({"B07"}, set()),
    ("2", "1"): ({"C12"}, {"B09"}),
    ("3", "2.1"): ({"C10"}, {"C18"}),
    ("3", "2.1.1"): ({"A06"}, {"C10"}),
    ("3", "2.1.2"): ({"A07"}, {"C10", "C14"}),
    ("3", "2.2.1"): ({"A13"}, {"C10"}),
    ("3", "2.2.2"): ({"A13"}, {"C10", "C14"}),
    ("4", "1.1"): ({"C03"}, set()),
    ("4", "1.3"): ({"C06"}, set()),
    ("4", "2.1"): ({"C03"}, set()),
    ("5", "4"): ({"C12"}, set()),
    ("5", "4.2"): ({"C12"}, set()),
    ("6", "1"): ({"C10"}, set()),
    ("6", "1.1"): ({"C10"}, set()),
    ("6", "1.2"): ({"C10"}, set()),
    ("6", "2.1"): ({"C08"}, set()),
    ("6", "2.2"): ({"C08"}, set()),
    ("6", "2.4"): ({"C09"}, {"C08"}),
    ("6", "2.4.2"): ({"C09"}, set()),
    ("6", "2.5"): ({"C08"}, set()),
    ("7", "1.1"): ({"C10"}, {"C18"}),
    ("7", "1.1.1"): ({"C10"}, {"A17"}),
    ("7", "1.1.2"): ({"C10"}, {"C14"}),
    ("7", "1.2.1"): ({"C10"}, set()),
    ("7", "1.3.1"): ({"A10"}, {"C10"}),
    ("7", "1.3.2"): ({"A10"}, {"C10", "C14"}),
    ("7", "1.4.1"): ({"A10"}, {"C10"}),
    ("7", "1.5.2"): ({"C10"}, {"C14"}),
}


@given(SEEDS, PERIODS, st.sampled_from(sorted(ROWS)), st.integers(1, 60))
@settings(LIGHT, max_examples=60)
def test_one_changed_row(audit, seed: int, period: str, at: tuple[str, str], delta: int) -> None:
    report = build(seed, period)
    row = report.row(*at)
    whole, _, decimals = row.value.replace(".", "").partition(",")
    row.value = vn(int(whole) + delta) + (f",{decimals}" if decimals else "")
    must, may = ROWS[at]
    found = audit(report)
    assert must & _ids(found)
    assert _errors(found) <= must | may
    assert any(row.value in f"{f.ve_trai} {f.ve_phai}" for f in found if f.ma in must)


@given(SEEDS, PERIODS, st.integers(1, 400))
@LIGHT
def test_annex_of_another_day_or_number(audit, seed: int, period: str, days: int) -> None:
    report = build(seed, period)
    other = report.signed - timedelta(days=days)
    report.swaps.append((f"/BC-UBND ngày {short(report.signed)}", f"/BC-UBND ngày {short(other)}", 0))
    found = audit(report)
    assert _ids(found) == {"D01"}
    assert short(other) in found[0].ve_trai
    assert short(report.signed) in found[0].ve_phai
    numbered = build(seed, period).swap(f"Báo cáo số: {report.number}/", f"Báo cáo số: {report.number + days}/")
    assert _ids(audit(numbered)) == {"D01"}


@given(SEEDS, PERIODS, st.integers(0, 7), st.integers(1, 700))
@LIGHT
def test_a_cited_document_of_the_future(audit, seed: int, period: str, at: int, days: int) -> None:
    report = build(seed, period)
    kind, sign, _, about = report.documents[at]
    future = report.signed + timedelta(days=days)
    report.documents[at] = (kind, sign, future, about)
    found = audit(report)
    assert _ids(found) == {"D02"}
    assert sign in found[0].ve_trai


@given(SEEDS, PERIODS)
@LIGHT
def test_numbers_against_their_dates(audit, seed: int, period: str) -> None:
    report = build(seed, period)
    first, last = report.documents[0], report.documents[3]
    assert first[1].endswith("QĐ-UBND")
    assert last[1].endswith("QĐ-UBND")
    report.documents[0] = (*first[:2], last[2], first[3])
    report.documents[3] = (*last[:2], first[2], last[3])
    found = audit(report)
    assert _ids(found) == {"D04"}
    assert first[1] in found[0].dien_giai
    assert last[1] in found[0].dien_giai


@given(SEEDS, PERIODS, st.integers(2, 7))
@LIGHT
def test_a_document_listed_twice(audit, seed: int, period: str, at: int) -> None:
    report = build(seed, period)
    report.documents.insert(at, report.documents[at])
    found = audit(report)
    assert _ids(found) == {"D03"}
    assert len(found[0].vi_tri) == 2


MARKS = str.maketrans("òạỹạôâ", "oáýảơă")


@given(SEEDS, PERIODS, st.integers(0, 5))
@LIGHT
def test_a_name_with_other_marks(audit, seed: int, period: str, nth: int) -> None:
    report = build(seed, period)
    wrong = report.name.translate(MARKS)
    if wrong == report.name:
        wrong = {"Mỹ Thuận": "Mỹ Thuân", "Sơn Đoài": "Sơn Đoái"}[report.name]
    found = audit(report.swap(f"{report.kind} {report.name}", f"{report.kind} {wrong}", nth))
    assert _ids(found) == {"E02"}
    assert (found[0].ve_trai, found[0].ve_phai) == (wrong, report.name)
    assert len(found[0].vi_tri) == 1


@given(SEEDS, PERIODS, st.lists(st.sampled_from(["I", "II", "III", "IV", "V", "VI"]), min_size=4, max_size=4))
@LIGHT
def test_headings_out_of_order(audit, seed: int, period: str, numerals: list[str]) -> None:
    report = replace(build(seed, period), headings=numerals)
    found = audit(report)
    assert _ids(found) == (set() if numerals == ["I", "II", "III", "IV"] else {"E01"})


@given(
    SEEDS,
    st.sampled_from(["2. Tiến độ", "2. Cải cách thủ tục", "3. Cải cách tổ chức", "1. Mặt tích cực", "2. Tồn tại"]),
    st.integers(4, 9),
)
@LIGHT
def test_a_numbered_heading_out_of_order(audit, seed: int, heading: str, number: int) -> None:
    found = audit(build(seed).swap(f"\n{heading}", f"\n{number}{heading[1:]}"))
    assert _ids(found) == {"E01"}


UNITS = st.sampled_from(
    [
        ("3", "2.1.1", "Thủ tục"),
        ("7", "1.4.1", "Thủ tục"),
        ("7", "1.1.1", "Hồ sơ"),
        ("1", "2.1", "Văn bản"),
        ("3", "1.2", "Hồ sơ"),
        ("4", "1.1", "Đơn vị"),
        ("6", "2.4", "Người"),
        ("6", "1.1", "Tỷ đồng"),
    ]
)


@given(SEEDS, PERIODS, UNITS)
@LIGHT
def test_a_unit_that_does_not_fit(audit, seed: int, period: str, change: tuple[str, str, str]) -> None:
    form, stt, unit = change
    report = build(seed, period)
    report.row(form, stt).unit = unit
    assert _ids(audit(report)) == {"E09"}


CELLS = st.sampled_from(
    [
        ("1", "1", "a", "E07"),
        ("6", "2.6", "…", "E07"),
        ("1", "4.3", "7", "E11"),
        ("1", "1", "bảy", "E10"),
        ("5", "3", "xx", "E07"),
        ("7", "1.1.1", "b", "E07"),
    ]
)


@given(SEEDS, PERIODS, CELLS)
@LIGHT
def test_a_cell_without_a_value(audit, seed: int, period: str, change: tuple[str, str, str, str]) -> None:
    form, stt, value, ma = change
    report = build(seed, period)
    report.row(form, stt).value = value
    found = audit(report)
    assert ma in _ids(found)
    assert _errors(found) <= {ma}


@given(SEEDS, PERIODS)
@LIGHT
def test_a_comma_between_thousands(audit, seed: int, period: str) -> None:
    report = build(seed, period)
    row = report.row("6", "1.1")
    row.value = row.value.replace(".", ",")
    assert _ids(audit(report)) == {"C11"}


@given(SEEDS, st.sampled_from(["Q1", "6T", "Q3"]), st.integers(1, 30))
@LIGHT
def test_a_window_that_closes_early(audit, seed: int, period: str, days: int) -> None:
    report = build(seed, period)
    early = report.window[1] - timedelta(days=days)
    found = audit(report.swap(f"đến ngày {short(report.window[1])}", f"đến ngày {short(early)}"))
    assert _ids(found) == {"D06"}
    assert (found[0].ve_trai, found[0].ve_phai) == (short(early), short(report.window[1]))


@given(SEEDS, st.sampled_from(["31/02/2026", "30/02/2026", "31/4/2026", "00/01/2026", "12/13/2026"]))
@LIGHT
def test_a_day_that_does_not_exist(audit, seed: int, wrong: str) -> None:
    report = build(seed)
    day = short(report.documents[2][2])
    assert _ids(audit(report.swap(day, wrong))) == {"D10"}


@given(SEEDS, PERIODS, WORDINGS, st.booleans())
@LIGHT
def test_dates_may_be_written_long_and_rows_without_a_dot(
    tmp_path: Path, seed: int, period: str, wording: str, dotted: bool
) -> None:
    from tests.support.audit_report import to_text

    report = build(seed, period, wording)
    day = report.documents[2][2]
    path = tmp_path / "a.txt"
    path.write_text(to_text(report, "." if dotted else "").replace(f"ngày {short(day)}", long(day)), "utf-8")
    assert verify_file(path) == []
