"""What the gate refuses whole, on grids typed by hand: each with the one finding that says why."""

from __future__ import annotations

import pytest

from tests.support.extraction import extract, refusal
from tests.support.sheet_samples import HEADER, dossier_rows

# --- refusals ---


def test_no_header() -> None:
    finding = refusal([["Kính gửi"], ["1", "2", "3"]])
    assert finding.ma == "KHONG_THAY_TIEU_DE"
    assert "“Mã TTHC” hoặc “Tên thủ tục hành chính”" in finding.dien_giai


def test_missing_required_columns_are_named() -> None:
    rows = [["DANH SÁCH"], *([row[0], row[1], *row[4:]] for row in (HEADER, *dossier_rows(1)))]
    finding = refusal(rows)
    assert (finding.ma, finding.sheet, finding.row) == ("THIEU_COT_BAT_BUOC", "Trang 1", 2)
    assert "“Ngày tiếp nhận”, “Mã TTHC” hoặc “Tên thủ tục hành chính”" in finding.dien_giai


def test_two_columns_for_one_field() -> None:
    header = [*HEADER, "Trạng thái hồ sơ"]
    same = extract([header, *([*row, row[5]] for row in dossier_rows(2)), [*dossier_rows(1, 3)[0], ""]])
    assert same.tables["ho_so"]["trang_thai"].to_list() == ["Đã trả kết quả"] * 3
    finding = refusal([header, *([*row, "Đang xử lý"] for row in dossier_rows(2))])
    assert (finding.ma, finding.cot) == ("COT_TRUNG", "Trạng thái")
    assert "“Trạng thái”, “Trạng thái hồ sơ”" in finding.dien_giai


def test_two_columns_of_dates_that_name_one_day_do_not_differ() -> None:
    """Some portals write the day of receipt twice, once with its time: only days are ever compared."""
    rows = dossier_rows(2)
    at = HEADER.index("Ngày nhận")
    same = extract([[*HEADER, "Ngày tiếp nhận hồ sơ"], *([*row, f"{row[at][:10]} 16:45"] for row in rows)])
    assert same.tables["ho_so"]["ngay_tiep_nhan"].to_list() == [row[at] for row in rows]
    finding = refusal([[*HEADER, "Ngày tiếp nhận hồ sơ"], *([*row, "30/06/2026 16:45"] for row in rows)])
    assert (finding.ma, finding.cot) == ("COT_TRUNG", "Ngày tiếp nhận")


TD = [
    "STT",
    "Đơn vị tiếp nhận",
    "Tên thủ tục hành chính",
    "Mã hồ sơ",
    "Trạng thái",
    "Địa chỉ",
    "Người nộp",
    "Chủ hồ sơ",
    "Ngày nộp hồ sơ",
    "Ngày nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
]
TD_ROW = [
    "1",
    "UBND phường",
    "Chứng thực",
    "H24.150-260604-0001",
    "Đã trả kết quả",
    "Số 5 Phố Thử",
    "Nguyễn Thử",
    "Trần Thử",
    "03/06/2026 08:00:00",
    "04/06/2026 08:00:00",
    "05/06/2026 17:00:00",
    "04/06/2026 15:00:00",
]


def test_the_td_list_in_its_own_layout() -> None:
    assert extract([["DANH SÁCH HỒ SƠ"], [], TD, TD_ROW, TD_ROW]).data_rows == {"ho_so": 2}


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("position", range(2, len(TD) - 3))
def test_a_title_without_a_cell_below_shifts_the_values(position: int, rows: int) -> None:
    """The damaged build: "Người tiếp nhận" among the titles, no such cell in the rows."""
    titles = [*TD[:position], "Người tiếp nhận", *TD[position:]]
    finding = refusal([["DANH SÁCH HỒ SƠ"], [], titles, *[TD_ROW] * rows])
    assert finding.ma == "LECH_COT"
    assert "lệch cột" in finding.dien_giai
    assert "Thử" not in finding.dien_giai


def test_codes_under_the_next_title_are_a_shift() -> None:
    titles = ["STT", "Mã hồ sơ", "Tên thủ tục", "Ngày nhận", "Trạng thái"]
    finding = refusal([titles, ["1", "Chứng thực", "H24.150-260604-0001", "04/06/2026", "Mới"]])
    assert finding.ma == "LECH_COT"
    assert "mã lại nằm dưới “Tên thủ tục”" in finding.dien_giai


def test_dates_under_the_next_title_are_a_shift() -> None:
    titles = ["STT", "Mã hồ sơ", "Tên thủ tục", "Trạng thái", "Ngày nhận", "Số biên lai"]
    finding = refusal([titles, ["1", "H24.150-260604-0001", "Chứng thực", "Mới", "Quầy 1", "04/06/2026"]])
    assert finding.ma == "LECH_COT"
    assert "ngày tháng lại nằm dưới “Số biên lai”" in finding.dien_giai


def test_words_under_the_code_are_a_shift() -> None:
    titles = ["STT", "Mã hồ sơ", "Tên thủ tục", "Ngày nhận", "Trạng thái"]
    finding = refusal([titles, *[["1", "Chứng thực", "Quầy", "04/06/2026", "Mới"]] * 3])
    assert (finding.ma, "không phải là mã" in finding.dien_giai) == ("LECH_COT", True)


def test_unreadable_dates_alone_are_no_shift() -> None:
    rows = [[*row[:3], "hôm qua", *row[4:]] for row in dossier_rows(3)]
    assert extract([HEADER, *rows]).data_rows == {"ho_so": 3}


def test_an_aggregate_report_is_recognised() -> None:
    finding = refusal(
        [
            ["Biểu số II.06a/VPCP/KSTT"],
            ["TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI CƠ QUAN, ĐƠN VỊ"],
            ["STT", "Lĩnh vực giải quyết", "Số lượng hồ sơ tiếp nhận", "", "", "Số lượng hồ sơ đã giải quyết", ""],
            ["", "", "Tổng số", "Trực tuyến", "Kỳ trước", "Trước hạn", "Quá hạn"],
            ["(1)", "(2)", "(3)=(4)+(5)", "(4)", "(5)", "(6)", "(7)"],
            ["1", "Chứng thực", "100", "90", "10", "95", "5"],
        ]
    )
    assert finding.ma == "BAO_CAO_TONG_HOP"


def test_a_header_without_rows_is_said() -> None:
    extraction = extract([HEADER, [], ["Tổng cộng", "0"]])
    assert extraction.data_rows == {"ho_so": 0}
    assert [finding.ma for finding in extraction.findings] == ["KHONG_CO_DONG_DU_LIEU"]
