"""Forms 06a and 07a beside the lists: refused among them, read cell by cell, compared for their own window only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from assets.core.tong_hop import clean_control_totals
from assets.io.landing import Passport
from assets.out.control_totals import find_other_window, pick_control_totals
from assets.raw.extract import RefusedFile, extract_tables
from assets.raw.ingest import guess_source
from schemas.checks import load_checks
from schemas.checks.kinds import ControlCheck, Figures
from schemas.rules.periods import parse_period
from schemas.sources import load_sources
from tests.support.homes import cchc, query, run_period

SOURCES = load_sources()
HALF_YEAR, CUTOFF = parse_period("2026-6T"), date(2026, 6, 9)
WINDOW = "(Từ ngày 15/12/2025 đến ngày 09/06/2026)"
TOP = [
    "STT", "Lĩnh vực giải quyết", "Số lượng hồ sơ tiếp nhận", None, None, None, "Số lượng hồ sơ đã giải quyết", None,
    None, None, "Số lượng hồ sơ đang giải quyết", None, None,
]  # fmt: skip
MIDDLE = [
    None, None, "Tổng số", "Trong kỳ", None, "Từ kỳ trước", "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng số",
    "Trong hạn", "Quá hạn",
]  # fmt: skip
LOW = [None, None, None, "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", *[None] * 8]
NUMBERS = [
    "(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)", "(11)=(12)+(13)",
    "(12)", "(13)",
]  # fmt: skip
MERGES = [
    (0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 5), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 2, 5), (0, 6, 0, 9), (0, 10, 0, 12),
    *((1, column, 2, column) for column in range(6, 13)),
]  # fmt: skip
# what the demo's lists hold (the signed reference): 9.275 received online, 9.269 early, 6 returned in time, none open
TOTAL = [9275, 9275, 0, 0, 9275, 9269, 6, 0, 0, 0, 0]
MEASURES = [
    "tn_tong", "tn_truc_tuyen", "tn_truc_tiep", "tn_ky_truoc", "gq_tong", "gq_truoc_han", "gq_dung_han", "gq_qua_han",
    "dg_tong", "dg_trong_han", "dg_qua_han",
]  # fmt: skip
Cells = Sequence[object]


def make_report(total: Cells = TOTAL, *, window: str = WINDOW, top: Cells = TOP, lines: Sequence[Cells] = ()) -> bytes:
    """A report as portals print it: titles, a three-level header with merged cells, formulas of columns, the total."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("II.06a")
        sheet.write(0, 0, "Biểu số II.06a/VPCP/KSTT")
        sheet.write(1, 0, "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT")
        sheet.write(2, 0, window)
        for offset, row in enumerate((top, MIDDLE, LOW, NUMBERS, *lines), start=4):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(offset, column, value)
        for top_row, left, bottom, right in MERGES:
            text = [*zip(top, MIDDLE, LOW, strict=True)][left][top_row]
            sheet.merge_range(top_row + 4, left, bottom + 4, right, text)
        last = 8 + len(lines)
        sheet.merge_range(last, 0, last, 1, "Tổng cộng")
        for column, value in enumerate(total, start=2):
            sheet.write(last, column, value)
        sheet.write(last + 2, 1, "Người lập biểu")
    return stream.getvalue()


def read_report(tmp_path: Path, content: bytes, name: str = "06a-2026-06-10.xlsx") -> pl.DataFrame:
    path = tmp_path / name
    path.write_bytes(content)
    extraction = extract_tables(path, SOURCES["tong_hop"])
    when = datetime(2026, 6, 10)  # noqa: DTZ001
    passport = Passport("tong_hop", name, "f" * 64, 1, when, "ten_tep", extraction.data_rows)
    cleaned = clean_control_totals([(passport, extraction.tables["tong_hop"])])
    assert cleaned.accounts["so_dong_core"].sum() == extraction.data_rows["tong_hop"]
    return cleaned.frame


LINES = [
    [1, "Hộ tịch", 120, 100, 15, 5, 110, 90, 15, 5, 10, 8, 2],
    [2, "Chứng thực", "1.200", "1.100", 100, 0, "1.200", "1.150", 50, 0, 0, 0, 0],
]


@pytest.mark.parametrize(
    "top",
    [TOP, ["TT", "Lĩnh vực, công việc giải quyết", "Tiếp nhận", *TOP[3:6], "Đã giải quyết", *TOP[7:10],
           "Đang giải quyết", None, None]],
    ids=["the form's own titles", "short titles"],
)  # fmt: skip
def test_every_cell_is_read_with_its_line_and_window(tmp_path: Path, top: Cells) -> None:
    total = [1320, 1200, 115, 5, 1310, 1240, 65, 5, 10, 8, 2]
    frame = read_report(tmp_path, make_report(total, top=top, lines=LINES))
    found = {
        label: dict(part.select("so_do", "gia_tri").iter_rows())
        for (label,), part in frame.group_by("nhan_dong", maintain_order=True)
    }
    assert found == {
        "Hộ tịch": dict(zip(MEASURES, [120, 100, 15, 5, 110, 90, 15, 5, 10, 8, 2], strict=True)),
        "Chứng thực": dict(zip(MEASURES, [1200, 1100, 100, 0, 1200, 1150, 50, 0, 0, 0, 0], strict=True)),
        "Tổng cộng": dict(zip(MEASURES, total, strict=True)),
    }
    assert set(frame.select("tu_ngay", "den_ngay").iter_rows()) == {(date(2025, 12, 15), CUTOFF)}
    assert set(frame.filter("la_tong")["nhan_dong"]) == {"Tổng cộng"}


def test_a_window_in_words_is_read(tmp_path: Path) -> None:
    window = "Từ ngày 15 tháng 12 năm 2025 đến hết ngày 9 tháng 6 năm 2026"
    frame = read_report(tmp_path, make_report(window=window))
    assert pick_control_totals(frame, HALF_YEAR, CUTOFF) == {"06a": dict(zip(MEASURES, TOTAL, strict=True))}


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("Từ ngày 15/12/2025 đến ngày 31/05/2026", "từ ngày 15/12/2025 đến ngày 31/5/2026"),
        ("Từ ngày 01/01/2026 đến ngày 09/06/2026", "từ ngày 01/01/2026 đến ngày 09/6/2026"),
    ],
)
def test_another_window_is_said_and_compared_with_nothing(tmp_path: Path, window: str, said: str) -> None:
    frame = read_report(tmp_path, make_report(window=window))
    assert pick_control_totals(frame, HALF_YEAR, CUTOFF) == {}
    (finding,) = find_other_window(frame, HALF_YEAR, CUTOFF)
    assert finding.ma == "TONG_HOP_KHAC_KY"
    assert said in finding.dien_giai


def test_a_report_of_another_year_is_nothing_to_speak_of(tmp_path: Path) -> None:
    frame = read_report(tmp_path, make_report(window="Từ ngày 15/12/2024 đến ngày 14/06/2025"))
    assert list(find_other_window(frame, HALF_YEAR, CUTOFF)) == []


def test_a_list_folder_refuses_it_and_names_the_right_one(tmp_path: Path) -> None:
    path = tmp_path / "06a.xlsx"
    path.write_bytes(make_report())
    for source in ("mot_cua", "tthc", "pakn"):
        with pytest.raises(RefusedFile) as refused:
            extract_tables(path, SOURCES[source])
        (finding,) = refused.value.findings
        assert finding.ma == "BAO_CAO_TONG_HOP"
        assert "inbox/tong_hop" in finding.dien_giai
    assert guess_source(path, SOURCES["mot_cua"]) == SOURCES["tong_hop"]


# --- 07a, in the two layouts of public one-stop code ---

EXPORTED_TOP = [
    "STT", "Lĩnh vực, công việc giải quyết theo cấp", "Số hồ sơ nhận giải quyết", None, None, None,
    "Số hồ sơ đã giải quyết", None, None, None, "Số lượng hồ sơ đang giải quyết", None, None,
]  # fmt: skip
EXPORTED_MIDDLE = [None, None, "Tổng số", "Trong đó", None, "Từ kỳ trước", *MIDDLE[6:]]
SCREEN = """<html><body><table>
<tr><td colspan=2>Biểu số {number}</td><td colspan=9>TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC</td></tr>
<tr><td colspan=11>{window}</td></tr></table><table>
<tr><td rowspan=3>STT</td><td rowspan=3>Lĩnh vực</td><td colspan=3>Số hồ sơ nhận giải quyết</td>
<td colspan=6>Kết quả giải quyết</td><td rowspan=3>Bổ sung</td><td rowspan=3>Trả lại</td></tr>
<tr><td rowspan=2>Tổng số</td><td colspan=2>Trong đó</td><td colspan=3>Số hồ sơ đã giải quyết</td>
<td colspan=3>Số hồ sơ đang giải quyết</td></tr>
<tr><td>Số kỳ trước chuyển qua</td><td>Số mới tiếp nhận</td><td>Tổng số</td><td>Trả đúng thời hạn</td>
<td>Trả quá hạn</td><td>Tổng số</td><td>Chưa đến hạn</td><td>Quá hạn</td></tr>
{lines}</table></body></html>"""
SCREEN_MEASURES = [
    "tn_tong", "tn_ky_truoc", "tn_moi", "gq_tong", "gq_truoc_dung_han", "gq_qua_han", "dg_tong", "dg_trong_han",
    "dg_qua_han", "bo_sung", "tra_lai",
]  # fmt: skip
# of the demo's 9.275: one returned, which the portal does not count among those resolved
SCREEN_TOTAL = [9275, 0, 9275, 9274, 9274, 0, 0, 0, 0, 0, 1]


def make_screen(total: Cells = SCREEN_TOTAL, number: str = "II.07a/VPCP/KSTT", window: str = WINDOW) -> bytes:
    """07a as the portal's page saves it under the name .xls: titles in a table of their own, the total unnumbered."""
    rows = [[1, "Hộ tịch", 20, 5, 15, 10, 9, 1, 6, 4, 2, 3, 1], ["", "Tổng số", *total]]
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return SCREEN.format(number=number, window=window, lines=lines).encode()


def test_07a_as_exported_is_told_by_its_words(tmp_path: Path) -> None:
    """The export prints no number; its columns are those of 06a but for "nhận giải quyết"."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write(0, 0, "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT TTHC")
        sheet.write(1, 0, WINDOW)
        for top, left, bottom, right in MERGES:
            text = [*zip(EXPORTED_TOP, EXPORTED_MIDDLE, LOW, strict=True)][left][top]
            sheet.merge_range(top + 3, left, bottom + 3, right, text)
        for column in (3, 4):
            sheet.write(5, column, LOW[column])
        sheet.write_row(6, 0, [1, "Hộ tịch", *LINES[0][2:]])
        sheet.write_row(7, 0, ["", "Tổng số", *LINES[0][2:]])
    frame = read_report(tmp_path, stream.getvalue(), "bao-cao-2026-06-10.xlsx")
    assert pick_control_totals(frame, HALF_YEAR, CUTOFF) == {"07a": dict(zip(MEASURES, LINES[0][2:], strict=True))}


def test_07a_of_the_screen_is_read_with_its_own_columns(tmp_path: Path) -> None:
    frame = read_report(tmp_path, make_screen(), "07a-2026-06-10.xls")
    first = frame.filter(pl.col("nhan_dong") == "Hộ tịch").select("so_do", "gia_tri")
    assert dict(first.iter_rows()) == dict(zip(SCREEN_MEASURES, [20, 5, 15, 10, 9, 1, 6, 4, 2, 3, 1], strict=True))
    assert pick_control_totals(frame, HALF_YEAR, CUTOFF) == {
        "07a": dict(zip(SCREEN_MEASURES, SCREEN_TOTAL, strict=True))
    }


def test_each_form_is_compared_by_itself(tmp_path: Path) -> None:
    """06a of the run's window, and a newer 07a of another: the one is compared, the other said."""
    other = "Từ ngày 01/01/2026 đến ngày 09/06/2026"
    both = pl.concat(
        [read_report(tmp_path, make_report()), read_report(tmp_path, make_screen(window=other), "07a-2026-06-10.xls")]
    )
    assert pick_control_totals(both, HALF_YEAR, CUTOFF).keys() == {"06a"}
    (finding,) = find_other_window(both, HALF_YEAR, CUTOFF)
    assert finding.dien_giai.startswith("Biểu 07a đã nộp ghi từ ngày 01/01/2026")


def test_what_07a_prints_beside_the_results_is_counted_in() -> None:
    """10 resolved + 1 returned are our 11; 6 open + 3 waiting our 9; an export without such columns stands as it is."""
    ours = {"II.2.3": 11.0, "II.2.3.1": 4.0, "II.2.3.2": 6.0, "II.2.3.4": 1.0, "II.2.4": 9.0, "II.2.4.1": 7.0}
    screen = dict(zip(SCREEN_MEASURES, [20, 5, 15, 10, 9, 1, 6, 4, 2, 3, 1], strict=True))
    checks = load_checks()

    def judge(code: str, report: dict[str, float]) -> tuple[str, float | None]:
        verdict = checks[code].evaluate(Figures(ours, "2026-6T", CUTOFF, tong_hop={"07a": report}))
        return verdict.ket_qua, verdict.ve_phai

    assert judge("G26_DA_GIAI_QUYET", screen) == ("dat", 11)
    assert judge("G27_TRUOC_VA_DUNG_HAN", screen) == ("dat", 10)
    assert judge("G31_DANG_GIAI_QUYET", screen) == ("dat", 9)
    assert judge("G32_TRONG_HAN", screen) == ("dat", 7)
    assert judge("G34_TRA_LAI", screen) == ("dat", 1)
    assert judge("G26_DA_GIAI_QUYET", {"gq_tong": 10}) == ("khong_dat", 10)
    assert judge("G28_TRUOC_HAN", screen) == ("khong_xet", None)


def test_both_sides_name_their_days() -> None:
    check, ours = load_checks()["G05_DA_GIAI_QUYET"], {"II.2.3": 11.0}
    compared = check.evaluate(Figures(ours, "2026-6T", CUTOFF, tong_hop={"06a": {"gq_tong": 12.0}})).dien_giai
    assert compared.endswith(
        "(danh sách, từ 15/12/2025 đến 09/6/2026: II.2.3 = 11; "
        "biểu 06a, từ 15/12/2025 đến 09/6/2026: cột đã giải quyết, tổng số = 12)."
    )
    skipped = check.evaluate(Figures(ours, "2026-6T", CUTOFF)).dien_giai
    assert "chưa có biểu 06a của đúng khoảng ngày của kỳ (từ 15/12/2025 đến 09/6/2026)" in skipped


def test_the_columns_of_a_report_are_explained_in_words(tmp_path: Path) -> None:
    path = tmp_path / "06a.xlsx"
    path.write_bytes(make_report())
    said = cchc("sources", "--explain", path).out
    lines = {line.split("│")[1].strip(): line.split("│")[2].strip() for line in said.splitlines() if "│" in line}
    assert lines["Số lượng hồ sơ đã giải quyết > Quá hạn"] == "giải quyết quá hạn"
    assert lines["Số lượng hồ sơ tiếp nhận > Từ kỳ trước"] == "từ kỳ trước"


def test_07b_is_recognised_and_not_taken(tmp_path: Path) -> None:
    """It counts procedures and internal processes."""
    path = tmp_path / "07b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Biểu số II.07b/VPCP/KSTT")
        sheet.write_row(2, 0, ["STT", "Đơn vị", "Tổng số TTHC", "Cấp tỉnh", "Cấp xã", "Tổng số quy trình"])
        sheet.write_row(3, 0, [1, "UBND phường Mẫu", 314, 0, 314, 300])
    with pytest.raises(RefusedFile) as refused:
        extract_tables(path, SOURCES["tong_hop"])
    assert [one.ma for one in refused.value.findings] == ["TONG_HOP_KHONG_PHAI_06A"]


def test_a_run_compares_the_portal_with_the_lists(own_home: Path) -> None:
    """The portal's report counts one dossier more, late: four figures differ, seven agree; ours stay."""
    before = query(own_home, "select bieu, stt, so_lieu from out.bieu_mau where chinh_sach = 'II06A' order by all")
    controls = {code for code, check in load_checks().items() if isinstance(check, ControlCheck)}
    states = dict(query(own_home, "select ma, ket_qua from out.doi_chieu where chinh_sach = 'II06A'"))
    assert {states[code] for code in controls} == {"khong_xet"}
    (own_home / "inbox" / "tong_hop" / "06a-2026-06-10.xlsx").write_bytes(
        make_report([9276, 9276, 0, 0, 9276, 9269, 6, 1, 0, 0, 0])
    )
    (own_home / "inbox" / "tong_hop" / "07a-2026-06-10.xls").write_bytes(make_screen())
    misplaced = own_home / "inbox" / "mot_cua" / "06a-nham.xlsx"
    misplaced.write_bytes(make_report([1] * 11))
    run_period(own_home)
    rows = query(
        own_home,
        "select ma, ket_qua, ve_trai, ve_phai, muc_do from out.doi_chieu"
        " where chinh_sach = 'II06A' and ma similar to 'G[0-9]+_.*'",
    )
    assert {code for code, *_ in rows} == controls
    assert {row for row in rows if row[1] == "khong_dat"} == {
        ("G01_TIEP_NHAN", "khong_dat", 9275, 9276, "W"),
        ("G02_TRUC_TUYEN", "khong_dat", 9275, 9276, "W"),
        ("G05_DA_GIAI_QUYET", "khong_dat", 9275, 9276, "W"),
        ("G08_QUA_HAN", "khong_dat", 0, 1, "W"),
    }
    agreeing = [code for code, outcome, *_ in rows if outcome == "dat"]
    assert [sum(code < "G20" for code in agreeing), sum(code > "G20" for code in agreeing)] == [7, 10]
    assert query(own_home, "select mau_bieu, count(*) from core.tong_hop group by all order by all") == [
        ("06a", 11),
        ("07a", 22),
    ]
    assert query(own_home, "select ten_tep from core.phat_hien where ma = 'BAO_CAO_TONG_HOP'") == [("06a-nham.xlsx",)]
    assert misplaced.is_file()
    after = query(own_home, "select bieu, stt, so_lieu from out.bieu_mau where chinh_sach = 'II06A' order by all")
    assert after == before
