"""The demo data are what they claim to be: reproducible, equal to the reference, and full of working traps.

Expectations: the ``ref`` figures of the signed reference report, typed by hand below; counts that follow by hand
from the scenes of tests/support/demo_traps.py; and comparisons of the slow counter with careless versions of itself.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from random import Random

import fastexcel
import openpyxl
import pytest

from tests.support import demo_days, demo_drafts
from tests.support.demo_data import INBOX, build_records, personal_strings, write_inbox, write_mot_cua
from tests.support.demo_records import DossierRow
from tests.support.slow_counter import TRAPS, Value, count_all
from tests.support.slow_reader import Question, clean_text, read_moment, read_status

T1 = date(2025, 12, 15)
PERIODS = {
    "2026-6T@09/6": (T1, date(2026, 6, 9)),
    "2026-6T@31/5": (T1, date(2026, 5, 31)),
    "2026-6T@14/6": (T1, date(2026, 6, 14)),
    "2026-Q1": (T1, date(2026, 3, 14)),
    "2026-Q3@20/6": (date(2026, 6, 15), date(2026, 6, 20)),
}
POLICIES = ("II06A", "QD766", "CHAT")

# forms.md, column ref, typed by hand; a ratio is (numerator, denominator)
REFERENCE: dict[tuple[str, str], Value] = {
    ("3", "1.1"): (314, 314),
    ("3", "1.2"): 2060,
    ("3", "2.1"): (9275, 9275),
    ("3", "2.1.1"): 9275,
    ("3", "2.1.2"): 9275,
    ("3", "2.2"): (2, 2),
    ("3", "2.2.1"): 2,
    ("3", "2.2.2"): 2,
    ("7", "1.1"): (219, 219),
    ("7", "1.1.1"): 219,
    ("7", "1.1.2"): 219,
    ("7", "1.2"): (39, 39),
    ("7", "1.2.1"): 39,
    ("7", "1.2.2"): 39,
    ("7", "1.3"): (752, 752),
    ("7", "1.3.1"): 752,
    ("7", "1.3.2"): 752,
    ("7", "1.4"): (8523, 8523),
    ("7", "1.4.1"): 8523,
    ("7", "1.4.2"): 8523,
    ("7", "1.5"): (43, 43),
    ("7", "1.5.1"): 43,
    ("7", "1.5.2"): 43,
    ("II.2", "1"): 2210,
    ("II.2", "1.1"): 1775,
    ("II.2", "1.2"): 314,
    ("II.2", "1.3"): 0,
    ("II.2", "1.4"): 121,
    ("II.2", "2"): 9275,
    ("II.2", "2.1"): 9275,
    ("II.2", "2.2"): 0,
    ("II.2", "2.3"): 0,
    ("II.2", "2.4"): 0,
    ("II.2", "3"): 9275,
    ("II.2", "3.1"): 9269,
    ("II.2", "3.2"): 6,
    ("II.2", "3.3"): 0,
    ("II.2", "3.4"): 1,
    ("II.2", "3.5"): 5,
    ("II.2", "4"): 0,
    ("II.2", "4.1"): 0,
    ("II.2", "4.2"): 0,
    ("II.2", "4.3"): 0,
    ("II.2", "5.1"): (9275, 9275),
    ("II.2", "5.2"): (9269, 9269),
    ("II.2", "5.3"): (9269, 9269),
    ("II.2", "6"): 8358,
    ("II.2", "6.1"): 84_605_000,
    ("II.2", "6.2"): 8358,
    ("II.2", "7"): (2, 2),
}

# the period in which a trap must show; those of the issue show at the reference's own cut-off
ELSEWHERE = {
    "as_of": "2026-6T@31/5",
    "pakn_cutoff": "2026-6T@31/5",
    "pakn_unrated": "2026-Q3@20/6",
    "unknown_status": "2026-Q3@20/6",
    "other_channels": "2026-Q3@20/6",
    "stopped": "2026-Q3@20/6",
    "paused": "2026-Q3@20/6",
    "carry_over": "2026-Q3@20/6",
    "paid_online": "2026-Q3@20/6",
    "components": "2026-Q3@20/6",
}


@lru_cache(maxsize=32)
def count(period: str, policy: str = "II06A", trap: str = "") -> dict[tuple[str, str], Value]:
    first, last = PERIODS[period]
    return count_all(build_records(), first, last, policy, {trap} - {""})


# --- the files ---------------------------------------------------------------------------------------------


def test_tracked_workbooks_are_what_the_generator_writes(tmp_path: Path) -> None:
    names = sorted(path.relative_to(tmp_path) for path in write_inbox(tmp_path))
    tracked = sorted(path.relative_to(INBOX) for path in INBOX.rglob("*") if path.is_file())
    assert names == tracked
    for name in names:
        with zipfile.ZipFile(tmp_path / name) as fresh, zipfile.ZipFile(INBOX / name) as kept:
            assert fresh.namelist() == kept.namelist()
            differing = [part for part in fresh.namelist() if fresh.read(part) != kept.read(part)]
        assert differing == [], f"{name}: run python -m tests.support.demo_data"


def test_the_list_of_dossiers_stays_below_one_mebibyte() -> None:
    assert (INBOX / "mot_cua/danh-sach-ho-so-2026-06-23.xlsx").stat().st_size < 1024 * 1024


def test_the_list_has_the_published_layout() -> None:
    rows = build_records().dossiers
    path = INBOX / "mot_cua/danh-sach-ho-so-2026-06-23.xlsx"
    table = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert "Ngày xuất: 23/06/2026" in table.row(1)[0]
    upper, lower = table.row(2), table.row(3)
    assert upper[:12] == (
        "STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Đơn vị tiếp nhận", "Hình thức nộp",
        "Chủ hồ sơ", "Số định danh", "Địa chỉ", "Số điện thoại", "Ngày",
    )  # fmt: skip
    assert lower[11:16] == ("Nộp", "Tiếp nhận", "Hẹn trả", "Kết thúc xử lý", "Trả kết quả")
    assert upper[16:] == (
        "Trạng thái", "Phí (VNĐ)", "Lệ phí (VNĐ)", "Thanh toán trực tuyến", "File thành phần", "File kết quả",
    )  # fmt: skip
    assert table.height == 4 + len(rows) + 1
    total = table.row(-1)
    assert (total[0], int(total[17]), int(total[18])) == (
        "Tổng cộng",
        sum(row.phi for row in rows),
        sum(row.le_phi for row in rows),
    )
    assert table.get_column(table.columns[1]).to_list()[4:-1] == [row.ma_ho_so for row in rows]


def test_merged_headers_and_true_date_cells(tmp_path: Path) -> None:
    rows = build_records().dossiers
    true_date = next(row for row in rows if isinstance(row.ngay_nop, datetime))
    write_mot_cua([rows[0], true_date], tmp_path / "a.xlsx", extract="01/06/2026")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert {"L3:P3", "A3:A4", "V3:V4", "A7:K7"} <= merged
    assert sheet["L6"].value == true_date.ngay_nop
    assert sheet["I6"].value == true_date.so_dinh_danh
    assert "Ngày xuất: 01/06/2026" in sheet["A2"].value


def test_shuffled_list_holds_the_same_rows(tmp_path: Path) -> None:
    rows = build_records().dossiers[:50]
    write_mot_cua(rows, tmp_path / "a.xlsx", shuffle=7)
    table = fastexcel.read_excel(tmp_path / "a.xlsx").load_sheet(0, header_row=None, dtypes="string").to_polars()
    codes = table.get_column(table.columns[1]).to_list()[4:-1]
    assert codes != [row.ma_ho_so for row in rows]
    assert sorted(codes) == sorted(row.ma_ho_so for row in rows)


# --- the numbers -------------------------------------------------------------------------------------------


def test_every_reference_figure_is_reproduced() -> None:
    counted = count("2026-6T@09/6")
    assert {key: counted[key] for key in REFERENCE} == REFERENCE
    assert set(counted) - set(REFERENCE) == {("II.2", "8")}


def test_every_policy_gives_the_reference_100_per_cent() -> None:
    pairs = {policy: count("2026-6T@09/6", policy)["3", "2.1"] for policy in POLICIES}
    assert pairs == {"II06A": (9275, 9275), "QD766": (9275, 9275), "CHAT": (9269, 9269)}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("period", PERIODS)
def test_received_and_carried_are_ended_or_open(period: str, policy: str) -> None:
    """Identity of domain.md §3: trong kỳ + kỳ trước = ended + open; the strict policy leaves returned ones out."""
    rows = {stt: value for (form, stt), value in count(period, policy).items() if form == "II.2"}
    left_out = 0
    if policy == "CHAT":
        stopped = 1 if period == "2026-Q3@20/6" else 0
        left_out = rows["3.4"] + rows["3.5"] + stopped
    assert rows["2"] + rows["2.4"] == rows["3"] + rows["4"] + left_out
    assert rows["3"] == rows["3.1"] + rows["3.2"] + rows["3.3"]
    assert rows["4"] == rows["4.1"] + rows["4.2"]
    assert rows["2"] == rows["2.1"] + rows["2.2"] + rows["2.3"]


def test_policies_differ_in_the_third_quarter_by_what_the_scenes_say() -> None:
    """Scenes: 3 refused (3 late), 3 withdrawn (2 late, 1 early), 1 stopped late, all ended 15–20/6."""
    ii06a, qd766, chat = (count("2026-Q3@20/6", policy) for policy in POLICIES)

    def rows(counted: dict[tuple[str, str], Value]) -> list[Value]:
        return [counted["II.2", stt] for stt in ("3", "3.1", "3.2", "3.3", "4", "4.1")]

    base = rows(chat)[1:4]  # trước, đúng, quá hạn of the dossiers with a result
    assert min(base) > 10
    assert rows(chat)[0] == sum(base)
    assert rows(ii06a)[:4] == [sum(base) + 6, base[0], base[1] + 6, base[2]]
    assert rows(qd766)[:4] == [sum(base) + 7, base[0] + 1, base[1], base[2] + 6]
    # the stopped one: open and trong hạn under II06A although due 16/6, ended under the others
    assert ii06a["II.2", "4"] == qd766["II.2", "4"] + 1 == chat["II.2", "4"] + 1
    assert ii06a["II.2", "4.1"] == qd766["II.2", "4.1"] + 1
    assert ii06a["II.2", "4.3"] == 9  # 4 supplements, 2 payments, 2 tạm dừng, 1 stopped without a date


# --- the traps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trap", sorted(TRAPS))
def test_a_careless_counter_gets_another_number(trap: str) -> None:
    period = ELSEWHERE.get(trap, "2026-6T@09/6")
    assert count(period, "II06A", trap) != count(period)


def test_every_trap_is_there_in_visible_amount() -> None:
    amounts = Counter(row.bay for row in build_records().dossiers)
    at_least = {
        "sau_ngay_chot": 500, "truoc_ky": 100, "trang_thai_1_3": 50, "nganh_doc": 800, "ban_cu": 120, "ngay_hong": 10,
        "nfd": 60, "eth": 60, "chi_ngay_tra": 30, "mien_phi": 20, "tra_lai": 6,
    }  # fmt: skip
    assert {name: amounts[name] >= least for name, least in at_least.items()} == dict.fromkeys(at_least, True)


def test_never_received_rows_carry_dates_inside_the_window() -> None:
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())
    never = [row for row in build_records().dossiers if row.bay == "trang_thai_1_3"]
    received = [read_moment(row.ngay_tiep_nhan, ask)[0] for row in never]
    assert sum(moment is not None and T1 <= moment.date() <= date(2026, 6, 9) for moment in received) > 30
    assert sum(row.ngay_ket_thuc is not None for row in never) > 5
    assert {read_status(row, ask)[0] for row in never} == {1, 3}


def test_vertical_agencies_have_every_status_inside_the_window() -> None:
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())
    numbers = set()
    for row in build_records().dossiers:
        moment, _ = read_moment(row.ngay_tiep_nhan, ask)
        if row.bay == "nganh_doc" and moment and T1 <= moment.date() <= date(2026, 6, 9):
            numbers.add(read_status(row, ask)[0])
    assert numbers == set(range(1, 11))


def test_results_end_before_their_due_day_and_returned_ones_not_after() -> None:
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())
    gaps = Counter()
    for row in build_records().dossiers:
        if row.bay not in ("", "nfd", "eth", "chi_ngay_tra", "mien_phi", "tra_lai"):
            continue
        end = read_moment(row.ngay_ket_thuc, ask)[0] or read_moment(row.ngay_tra, ask)[0]
        due = read_moment(row.ngay_hen_tra, ask)[0]
        assert end is not None
        assert due is not None
        gaps[row.bay == "tra_lai", (end.date() > due.date()) - (end.date() < due.date())] += 1
    assert gaps == {(False, -1): 9269, (True, -1): 4, (True, 0): 2}


def test_one_unknown_status_word_after_the_cutoff() -> None:
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())
    unknown = [row for row in build_records().dossiers if read_status(row, ask)[1] == "unknown"]
    assert [row.trang_thai for row in unknown] == [demo_drafts.UNKNOWN_WORD]
    assert read_moment(unknown[0].ngay_tiep_nhan, ask)[0].date() > date(2026, 6, 9)


def _versions() -> dict[str, list[DossierRow]]:
    by_code = defaultdict(list)
    for row in build_records().dossiers:
        by_code[row.ma_ho_so].append(row)
    return {code: rows for code, rows in by_code.items() if len(rows) > 1}


@pytest.mark.parametrize("with_due", [False, True])
@pytest.mark.parametrize("by_day", [False, True])
def test_the_newest_version_wins_however_latest_known_date_is_read(with_due: bool, by_day: bool) -> None:
    """sources.md §5 leaves open whether hẹn trả is a "known date" and whether hours matter: here it must not."""
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())

    def rank(row: DossierRow) -> tuple[datetime | date, int]:
        cells = [row.ngay_nop, row.ngay_tiep_nhan, row.ngay_ket_thuc, row.ngay_tra]
        cells += [row.ngay_hen_tra] if with_due else []
        moments = [moment for moment, _ in (read_moment(cell, ask) for cell in cells) if moment]
        return (max(moments).date() if by_day else max(moments)), read_status(row, ask)[0]

    for rows in _versions().values():
        ranked = sorted(rows, key=rank)
        assert ranked[-1].bay != "ban_cu"
        assert rank(ranked[-1]) > rank(ranked[-2])


def test_older_versions_stand_before_and_after_the_newest_with_another_status() -> None:
    sides = Counter()
    for rows in _versions().values():
        newest = next(index for index, row in enumerate(rows) if row.bay != "ban_cu")
        sides["before"] += newest
        sides["after"] += len(rows) - 1 - newest
        assert all(row.trang_thai != rows[newest].trang_thai for row in rows if row.bay == "ban_cu")
    assert min(sides["before"], sides["after"]) > 50


def test_the_judge_does_not_depend_on_the_order_of_rows() -> None:
    rows = list(build_records().dossiers)
    Random(11).shuffle(rows)
    shuffled = replace(build_records(), dossiers=tuple(rows))
    assert count_all(shuffled, *PERIODS["2026-Q3@20/6"], "QD766") == count("2026-Q3@20/6", "QD766")


def test_the_judge_refuses_unknown_words() -> None:
    with pytest.raises(ValueError, match="unknown"):
        count_all(build_records(), *PERIODS["2026-Q1"], "II06B")
    with pytest.raises(ValueError, match="unknown"):
        count_all(build_records(), *PERIODS["2026-Q1"], "II06A", {"status_13"})


# --- people, days, declared --------------------------------------------------------------------------------


def test_people_are_recognisably_invented() -> None:
    rows = build_records().dossiers
    assert all(len(row.so_dinh_danh) == 12 and row.so_dinh_danh.startswith("000") for row in rows)
    assert all(len(row.so_dien_thoai) == 10 and row.so_dien_thoai.startswith("0900000") for row in rows)
    assert all("Tổ dân phố Mẫu" in row.dia_chi for row in rows)
    found = personal_strings(build_records())
    assert build_records().other_people <= found
    assert all(row.chu_ho_so in found for row in rows)


def test_names_use_every_letter_of_the_alphabet_with_every_tone() -> None:
    tones = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    names = " ".join(unicodedata.normalize("NFC", row.chu_ho_so.casefold()) for row in build_records().dossiers)
    assert letters - set(names) == set()


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [(T1, date(2026, 6, 14), 121), (T1, date(2026, 6, 9), 118), (T1, date(2026, 3, 14), 59)],
    ids=["6T", "6T@09/6", "Q1"],
)
def test_office_days_follow_the_calendar(first: date, last: date, days: int) -> None:
    """domain.md §5 gives these three counts."""
    assert len(demo_days.list_working_days(first, last)) == days


def test_dossiers_are_received_on_open_days_only() -> None:
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())
    for row in build_records().dossiers:
        moment, _ = read_moment(row.ngay_tiep_nhan, ask)
        assert moment is None or demo_days.is_working_day(moment.date())


def test_codes_carry_the_day_of_receipt() -> None:
    ask = Question(*PERIODS["2026-6T@09/6"], "II06A", frozenset())
    for row in build_records().dossiers:
        moment, _ = read_moment(row.ngay_tiep_nhan, ask)
        if row.bay == "trang_thai_1_3" or read_status(row, ask)[1] == "never" or moment is None:
            continue
        assert row.ma_ho_so.startswith(f"H24.150-{moment:%y%m%d}-")


def test_declared_figures_have_a_role_and_evidence() -> None:
    declared = build_records().declared
    assert len(declared) == 43
    assert [(row.bieu, row.stt) for row in declared if row.so_lieu is None] == [(1, "3.1"), (1, "3.2")]
    assert all(row.nguoi_khai and row.ngay_khai and row.can_cu for row in declared if row.so_lieu is not None)


def test_paragraphs_cover_every_section_and_type_no_counted_number() -> None:
    paragraphs = build_records().paragraphs
    sections = list(dict.fromkeys(row.muc for row in paragraphs))
    assert sections == [
        "MO_DAU", "I.1", "I.2", "I.3", "I.4", "I.5", "II.1", "II.2", "II.3", "II.4", "II.5", "II.6", "III.1", "III.2",
        "IV.1", "IV.2", "IV.3", "IV.4", "IV.5", "IV.6", "IV.7", "KET_LUAN",
    ]  # fmt: skip
    text = " ".join(row.noi_dung for row in paragraphs)
    for figure in ("9.275", "9275", "2.210", "84.605", "42.809", "586", "573"):
        assert figure not in text
    declared = {f"BM{row.bieu}.{row.stt}" for row in build_records().declared}
    used = {part.split("}")[0] for part in text.split("{")[1:]}
    assert used <= declared | {"don_vi", "vb:CV2237"}


def test_clean_text_folds_what_the_portal_mixes() -> None:
    ask = Question(*PERIODS["2026-Q1"], "II06A", frozenset())
    decomposed = unicodedata.normalize("NFD", "Đang  xử\u00a0lý ")
    assert clean_text(decomposed.replace("Đ", "\u00d0"), ask) == "đang xử lý"
