"""An error keeps the report a draft until a named person accepts exactly the figures he saw."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.out.waivers import PeriodFacts, lay_waivers, pick_of_period
from schemas.export import empty_frame
from schemas.journal import JournalEntry, make_entry
from schemas.registry import find_table
from schemas.waivers import Waiver, WaiverKey, Waivers, describe_waiver, find_fault, list_waivers
from tests.support import homes

OFFICER = "Trần Thị Mẫu, Phó Chủ tịch"
REASON = "Đã đối chiếu với văn bản giao quyền tự chủ, số đúng"
RUN = ("--period", "2026-6T", "--cutoff", "2026-06-09")
ERRORS = ["C08", "C09", "NGAY_TIEP_NHAN_KHONG_DOC_DUOC", "THIEU_NGAY_TIEP_NHAN"]
DAY = date(2026, 6, 9)


def waive(home: Path, code: str, *more: str, by: str = OFFICER, reason: str = REASON) -> homes.Ended:
    return homes.cchc(
        "waive", "--home", home, "--period", "2026-6T", "--check", code, "--by", by, "--reason", reason, *more
    )


def read_marks(home: Path) -> tuple[set[str], str, str]:
    """The marks in the page headers of the Word file, its keywords, and the keywords of the annex workbook."""
    folder = home / "reports" / "2026-6T"
    with zipfile.ZipFile(folder / "bao-cao.docx") as parts:
        headers = [parts.read(name).decode() for name in parts.namelist() if re.match(r"word/header\d*\.xml", name)]
        core = parts.read("docProps/core.xml").decode()
    marks = {mark for mark in ("SỐ LIỆU MẪU", "DỰ THẢO") if any(mark in re.sub("<[^>]*>", "", one) for one in headers)}
    annex = openpyxl.load_workbook(folder / "phu-luc-3.xlsx", read_only=True).properties.keywords
    return marks, re.search(r"<cp:keywords>(.*?)</cp:keywords>", core)[1], annex or ""


def test_a_draft_becomes_final_when_every_error_is_accepted_and_falls_back_when_a_figure_changes(
    own_home: Path,
) -> None:
    rows = homes.query(own_home, "select ma from out.loi_chan where chinh_sach = 'II06A' order by ma")
    assert [code for (code,) in rows] == ERRORS
    marks, word, annex = read_marks(own_home)
    assert marks == {"SỐ LIỆU MẪU", "DỰ THẢO"}
    assert word.endswith("DỰ THẢO")
    assert annex.endswith("DỰ THẢO")

    for code in ERRORS:
        ended = waive(own_home, code)
        assert ended.code == 0, ended.said
    ended = homes.cchc("run", "--home", own_home, *RUN, "--strict")
    assert ended.code == 0, ended.said
    assert f"· Đối chiếu C08 đã được chấp nhận bởi {OFFICER} ngày " in ended.out
    assert "! Đối chiếu C08" not in ended.out
    marks, word, annex = read_marks(own_home)
    assert marks == {"SỐ LIỆU MẪU"}
    assert "DỰ THẢO" not in word + annex
    (row,) = homes.query(
        own_home,
        "select ket_qua, nguoi_mien_tru, ly_do_mien_tru, ngay_mien_tru is not null from out.doi_chieu"
        " where ma = 'C08' and chinh_sach = 'II06A'",
    )
    assert row == ("khong_dat", OFFICER, REASON, True)
    book = openpyxl.load_workbook(own_home / "reports" / "2026-6T" / "doi-chieu.xlsx")
    accepted = {
        (sheet.title, row[0] if sheet.title == "Lỗi dữ liệu" else row[2])
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        if OFFICER in row and REASON in row
    }
    assert accepted == {("Đối chiếu", "C08"), ("Đối chiếu", "C09")} | {("Lỗi dữ liệu", code) for code in ERRORS[2:]}

    assert homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-08").code == 0
    earlier = homes.query(
        own_home,
        "select ma, nguoi_mien_tru from out.loi_chan where ngay_chot = '2026-06-08' and chinh_sach = 'II06A'"
        " order by ma",
    )
    assert earlier[:2] == [("C08", OFFICER), ("C09", OFFICER)], "the same figures at another cut-off"

    assert waive(own_home, "C09", "--undo", reason="Ghi nhầm, đơn vị đang sửa bảng").code == 0
    ended = homes.cchc("run", "--home", own_home, *RUN, "--strict")
    assert ended.code == 1
    assert "DỰ THẢO" in read_marks(own_home)[0]
    ended = homes.cchc("run", "--home", own_home, *RUN, "--policy", "CHAT", "--strict")
    assert ended.code == 1, "a waiver speaks of one policy only"


@pytest.mark.parametrize(
    ("by", "reason", "said"),
    [("", REASON, "đủ tên"), ("   ", REASON, "đủ tên"), ("x y", REASON, "đủ tên"), ("Mẫuu", REASON, "đủ tên"),
     (OFFICER, "", "lý do"), (OFFICER, "ok", "lý do"), (OFFICER, "-" * 40, "lý do"),
     (OFFICER, "đượcđượcđược", "lý do")],
)  # fmt: skip
def test_a_blank_or_short_name_or_reason_will_not_do(by: str, reason: str, said: str) -> None:
    fault = find_fault(by, reason)
    assert fault
    assert said in fault


def test_a_citizens_number_never_gets_into_the_journal(demo_home: Path) -> None:
    """Synthetic numbers: what the journal keeps can never be taken out again."""
    told = "Theo đề nghị của ông A, số 001234567890, điện thoại 0912345678"
    for ended in (waive(demo_home, "C08", reason=told), waive(demo_home, "C08", by="Ông Mẫu 0912345678, Phó Chủ tịch")):
        assert ended.code == 2
        assert "dữ liệu cá nhân" in ended.err
    assert not list((demo_home / "journal").iterdir())


def test_refusals_say_what_stands_open(demo_home: Path) -> None:
    ended = waive(demo_home, "C07")
    assert ended.code == 2
    assert "C08, C09" in ended.err
    assert waive(demo_home, "C08", by="x").code == 2
    assert not list((demo_home / "journal").iterdir())


FIGURES = st.none() | st.floats(0, 1e6).map(round).map(float)


@given(FIGURES, FIGURES, FIGURES, FIGURES)
def test_a_waiver_holds_for_its_own_figures_only(left, right, now_left, now_right) -> None:
    waivers = {WaiverKey("2026-6T", "II06A", "C08"): (Waiver(left, right, OFFICER, REASON, DAY),)}
    schema = {"ky": pl.Utf8, "ngay_chot": pl.Date, "chinh_sach": pl.Utf8, "ma": pl.Utf8, "ket_qua": pl.Utf8}
    rows = pl.DataFrame(
        [("2026-6T", DAY, "II06A", "C08", "khong_dat", now_left, now_right)],
        schema={**schema, "ve_trai": pl.Float64, "ve_phai": pl.Float64},
        orient="row",
    )
    laid = lay_waivers(rows, waivers).row(0, named=True)
    same = (left, right) == (now_left, now_right)
    assert (laid["nguoi_mien_tru"] == OFFICER) is same
    assert (laid["mien_tru_het_hieu_luc"] is None) is same
    assert lay_waivers(lay_waivers(rows, waivers), {}).row(0, named=True)["nguoi_mien_tru"] is None
    passed = rows.with_columns(pl.lit("dat").alias("ket_qua"))
    assert lay_waivers(passed, waivers)["nguoi_mien_tru"].to_list() == [None]


def grant(left: float, right: float, *, chot: date = DAY, viec: str = "mien_tru") -> tuple[str, dict[str, object]]:
    key = WaiverKey("2026-6T", "II06A", "C08")
    return viec, dict(describe_waiver(key, chot, left, right, REASON))


def list_given(*deeds: tuple[str, dict[str, object]]) -> Waivers:
    entries: list[JournalEntry] = []
    for minute, (viec, body) in enumerate(deeds):
        moment = datetime(2026, 6, 9, 8, minute)  # noqa: DTZ001 - local time
        before = entries[-1] if entries else None
        entries.append(make_entry(before, moment, OFFICER, "cchc waive", viec, body))
    return list_waivers(entries)


def lay(waivers: Waivers, left: float, right: float) -> tuple[bool, str | None]:
    rows = pl.DataFrame(
        {"ky": ["2026-6T"], "chinh_sach": ["II06A"], "ma": ["C08"], "ve_trai": [left], "ve_phai": [right]}
    )
    laid = lay_waivers(rows, waivers).row(0, named=True)
    return laid["nguoi_mien_tru"] is not None, laid["mien_tru_het_hieu_luc"]


def test_each_pair_of_figures_is_accepted_by_itself_until_it_is_taken_back() -> None:
    """19 and 38 at one cut-off, 20 and 38 at another: both stand; a third pair does not; taking back ends both."""
    both = list_given(grant(19, 38), grant(20, 38, chot=date(2026, 6, 10)))
    assert lay(both, 19, 38) == lay(both, 20, 38) == (True, None)
    accepted, lapsed = lay(both, 21, 38)
    assert not accepted
    assert "20 và 38" in (lapsed or ""), "the newest acceptance is the one that is told"
    assert lay(list_given(grant(19, 38), grant(20, 38), grant(20, 38, viec="bo_mien_tru")), 19, 38) == (False, None)


def fill(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    empty = empty_frame(find_table(table))
    return pl.DataFrame(rows, schema=empty.schema) if rows else empty


def test_only_errors_that_still_concern_the_period_count() -> None:
    """Hand-worked: window from 15/12/2025, cut-off 09/6/2026; file "cu" of 01/6, file "moi" of 08/6."""
    files = [("cu", datetime(2026, 6, 1)), ("moi", datetime(2026, 6, 8))]  # noqa: DTZ001 - local time
    states = [
        ("trong ky", date(2026, 3, 2), None, "cu"),
        ("da xong truoc ky", date(2025, 11, 3), date(2025, 12, 14), "cu"),
        ("nhan sau ngay chot", date(2026, 6, 10), None, "cu"),
        ("xuat lai da dung", date(2026, 3, 2), None, "moi"),
        ("xuat lai van sai", date(2026, 3, 2), None, "cu"),
    ]
    found = [
        ("trong ky", "cu", 1), ("da xong truoc ky", "cu", 2), ("nhan sau ngay chot", "cu", 3),
        ("xuat lai da dung", "cu", 4), ("xuat lai van sai", "moi", 5), ("chua tung doc duoc", "cu", 6),
        (None, "khai", 7), (None, "khai", 8), (None, None, None),
    ]  # fmt: skip
    findings = fill(
        "core.phat_hien",
        [{"ma": "X", "muc_do": "E", "cap": "o", "ma_ho_so": code, "_file_sha256": file, "_sheet": "s" if row else None,
          "_row": row, "dien_giai": f"{code} {row}"} for code, file, row in found],
    )  # fmt: skip
    facts = PeriodFacts(
        fill(
            "mart.ho_so_ky",
            [{"ma_ho_so": code, "tu_ngay": date(2025, 12, 15), "ngay_chot": DAY, "ngay_tiep_nhan": received,
              "ngay_ket_cuc": ended, "_file_sha256": file} for code, received, ended, file in states],
        ),
        fill("core.giao_nop", [{"_file_sha256": sha, "ngay_xuat": moment} for sha, moment in files]),
        pl.DataFrame({"_file_sha256": ["khai"], "_sheet": ["s"], "_row": [8]}),
    )  # fmt: skip
    counted = pick_of_period(findings, facts)
    assert counted["_row"].to_list() == [1, 5, 6, 7, None]


def test_the_signer_reads_days_as_days_and_failed_checks_first(demo_home: Path) -> None:
    book = openpyxl.load_workbook(demo_home / "reports" / "2026-6T" / "doi-chieu.xlsx")
    rows = {row[2]: row for row in book["Đối chiếu"].iter_rows(min_row=3, values_only=True)}
    assert rows["D06"][3:5] == (datetime(2026, 6, 9), datetime(2026, 6, 14))  # noqa: DTZ001 - a day in a cell
    assert "ngày chốt = 09/6/2026; ngày cuối kỳ = 14/6/2026" in rows["D06"][5]
    outcomes = [row[0] for row in rows.values()]
    assert outcomes == sorted(outcomes, key=["Không đạt", "Đạt", "Không xét"].index)
    assert set(outcomes) == {"Không đạt", "Đạt", "Không xét"}
