"""Lists in the words of other portals: titles and states beside the usual ones, read as the clerk means them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from assets.core.rows import map_words
from assets.raw.extract import extract_tables
from schemas.sources import load_sources
from tests.support.sheet_samples import write_xlsx

DOSSIER = ["H24.150-260601-0001", "Chứng thực chữ ký", "Chứng thực", "Qua bưu chính"]
DAYS = ["01/06/2026 08:05", "03/06/2026", "02/06/2026"]


def test_a_list_titled_by_another_portal_is_read(tmp_path: Path) -> None:
    titles = ["STT", "Mã hồ sơ TTHC", "Tên TTHC", "Lĩnh vực TTHC", "Phương thức nộp", "Thời gian tiếp nhận"]
    titles += ["Thời gian hẹn trả", "Ngày xử lý xong", "Tình trạng xử lý", "Số tiền phí", "Số tiền lệ phí"]
    rows = [titles, ["1", *DOSSIER, *DAYS, "Có kết quả", "2.000đ", "0đ"]]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": rows}), load_sources()["mot_cua"])
    fields = ["ma_ho_so", "ten_tthc", "linh_vuc", "kenh", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_thuc"]
    assert read.tables["ho_so"].select(*fields, "trang_thai", "phi", "le_phi").rows() == [
        (*DOSSIER, *DAYS, "Có kết quả", "2.000đ", "0đ")
    ]
    assert read.unmapped == []


def test_payments_titled_by_another_program_keep_their_amounts(tmp_path: Path) -> None:
    rows = [["Số hồ sơ", "Biên lai", "Ngày nộp tiền", "Số tiền phí", "Số tiền lệ phí"]]
    rows += [["H24.150-260601-0001", "0000007", "01/06/2026", "2.000đ", "5.000đ"]]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": rows}), load_sources()["thanh_toan"])
    assert read.tables["thanh_toan"].select("so_bien_lai", "phi", "le_phi").rows() == [("0000007", "2.000đ", "5.000đ")]
    assert read.unmapped == []


def test_states_and_ways_in_other_words() -> None:
    """The national list decides: what waits for an approval is in work, what has its result is done."""
    states = {"Đang thẩm định": 4, "Chờ ký duyệt": 4, "Có kết quả": 9, "Đã xử lý quá hạn": 9}
    states["ĐÃ TRẢ KẾT QUẢ QUÁ HẠN"] = 10
    ways = {"Qua bưu chính": 3, "Dịch vụ bưu chính": 3}
    for column, words in (("trang_thai", states), ("kenh", ways)):
        rows = pl.DataFrame({"_nguon": ["mot_cua"] * len(words), column: list(words)})
        assert map_words(rows, column, column)[f"{column}_ma"].to_list() == list(words.values())


def test_a_state_keeps_its_meaning_beside_a_remark_about_its_time() -> None:
    """Lateness follows from the dates; a remark that may change the state makes the word an unknown one."""
    words = {"Đã trả kết quả\n(Đúng hạn)": 10, "Đang xử lý (Quá hạn 2 ngày)": 4, "Chờ bổ sung (còn 3 ngày làm việc)": 5}
    unknown = ["Đang xử lý (chờ bổ sung)", "Đang xử lý (còn thiếu giấy tờ)", "Đang xử lý (quá hạn) lại", "(Đúng hạn)"]
    rows = pl.DataFrame({"_nguon": ["mot_cua"] * 7, "trang_thai": [*words, *unknown]})
    assert map_words(rows, "trang_thai", "trang_thai")["trang_thai_ma"].to_list() == [10, 4, 5, None, None, None, None]


def test_marks_beside_a_title_are_no_part_of_it(tmp_path: Path) -> None:
    rows = [["Mã hồ sơ:", "Tên thủ tục *", "Ngày nhận [2]", "Ngày kết thúc xử lý (nếu có)", "Trạng thái [3]"]]
    rows += [["H24.150-260601-0001", "Chứng thực chữ ký", "01/06/2026", "02/06/2026", "Có kết quả"]]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": rows}), load_sources()["mot_cua"])
    fields = ["ma_ho_so", "ten_tthc", "ngay_tiep_nhan", "ngay_ket_thuc", "trang_thai"]
    assert read.tables["ho_so"].select(fields).rows() == [tuple(rows[1])]


def test_the_number_of_a_column_is_no_dossier_wherever_the_codes_stand(tmp_path: Path) -> None:
    titles = ["STT", *(f"Cột {n}" for n in range(2, 11)), "Ngày nhận", "Tên thủ tục", "Mã hồ sơ", "Trạng thái"]
    numbers = [f"({n})" for n in range(1, 15)]
    dossier = ["1", *[""] * 9, "01/06/2026", "Chứng thực chữ ký", "H24.150-260601-0001", "Có kết quả"]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": [titles, numbers, dossier]}), load_sources()["mot_cua"])
    assert read.tables["ho_so"]["ma_ho_so"].to_list() == ["H24.150-260601-0001"]
    assert read.headers[0].skipped == {"numbering": 1}


def test_a_row_that_names_a_group_is_no_dossier_whatever_columns_it_stands_in(tmp_path: Path) -> None:
    rows = [["Lĩnh vực", "Tên thủ tục", "Mã hồ sơ", "Ngày nhận", "Trạng thái"]]
    rows += [["I", "Lĩnh vực Hộ tịch"], ["Hộ tịch", "Khai sinh", "H24.150-260601-0001", "01/06/2026", "Có kết quả"]]
    rows += [["b)", "Phường Mẫu", "12"], ["Hộ tịch", "Khai tử", "", "02/06/2026", "Có kết quả"], ["I", "Khai tử", "x1"]]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": rows}), load_sources()["mot_cua"])
    # a row with a day or another code is a dossier that lacks something, and is told
    assert read.tables["ho_so"]["_row"].to_list() == [3, 5, 6]
    assert read.headers[0].skipped == {"remark": 2}


def test_a_numbered_line_of_an_aggregate_report_is_data(tmp_path: Path) -> None:
    rows = [["Biểu số II.06a/VPCP"], ["Từ ngày 15/12/2025 đến ngày 09/06/2026"]]
    rows += [
        ["STT", "Lĩnh vực giải quyết", "Tiếp nhận > Tổng số", "Đã giải quyết > Tổng số", "Đang giải quyết > Tổng số"]
    ]
    rows += [["I", "Hộ tịch", "12", "10", "2"], ["", "Tổng cộng", "12", "10", "2"]]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": rows}), load_sources()["tong_hop"])
    assert read.tables["tong_hop"]["nhan_dong"].to_list() == ["Hộ tịch", "Tổng cộng"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("H24.150-260601-0001\nNguyễn Thị Thử", "H24.150-260601-0001"),
        ("H24.150-260601-0001 (Trực tuyến)", "H24.150-260601-0001"),
        ("h24.150-260601-0001 Nguyễn Thị Thử, sinh năm 1980", "h24.150-260601-0001"),
        ("H24.150-260601-0001\nG09.20-20260601-0000001", "H24.150-260601-0001"),
        ("SO/2026/17\nNguyễn Thị Thử", "SO/2026/17"),
        ("H24.150-260601-\n0001", "H24.150-260601-\n0001"),
        ("H24.150-260601-000\n1", "H24.150-260601-000\n1"),
        ("H24.150 - 260601 - 0001", "H24.150 - 260601 - 0001"),
        ("Hồ sơ số 17", "Hồ sơ số 17"),
    ],
)
def test_words_behind_a_code_stop_at_the_gate(tmp_path: Path, cell: str, code: str) -> None:
    """A name on the second line of the cell is personal data (Luật 91/2025/QH15), and no part of the code."""
    rows = [["Mã hồ sơ", "Tên thủ tục", "Ngày nhận", "Trạng thái", "Mã hồ sơ quốc gia"]]
    rows += [[cell, "Khai sinh", "01/06/2026", "Có kết quả", cell]]
    rows += [[f"H24.150-260602-00{n}", "Khai tử", "02/06/2026", "Có kết quả", ""] for n in range(10, 14)]
    read = extract_tables(write_xlsx(tmp_path / "a.xlsx", {"S": rows}), load_sources()["mot_cua"])
    assert read.tables["ho_so"].select("ma_ho_so", "ma_quoc_gia").row(0) == (code, code)
