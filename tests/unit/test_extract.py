"""The gate: data rows, allow-list, refusals and the extract time, on files and grids typed by hand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assets.raw.explain import explain
from assets.raw.extract import Extraction, RefusedFile, extract_grids, extract_tables, extract_time
from assets.raw.extract_time import read_printed_time
from schemas.findings import Finding
from schemas.sources import SourceSpec, load_sources, parse_source
from tests.support.sheet_samples import HEADER, dossier_rows, make_grid, write_xlsx

Rows = Sequence[Sequence[str]]
SOURCES = load_sources()


def extract(rows: Rows, source: str | SourceSpec = "mot_cua") -> Extraction:
    spec = SOURCES[source] if isinstance(source, str) else source
    return extract_grids([make_grid(rows)], spec, path=None, ten_tep="tệp thử.xlsx", file_sha256="abc")


def refusal(rows: Rows, source: str = "mot_cua") -> Finding:
    with pytest.raises(RefusedFile) as caught:
        extract(rows, source)
    [finding] = caught.value.findings
    assert "tệp thử.xlsx" in finding.dien_giai
    return finding


def row_numbers(extraction: Extraction, bang: str = "ho_so") -> list[int]:
    return extraction.tables[bang]["_row"].to_list()


# --- mot_cua ---

DEMO = [
    ["DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH"],
    ["Ngày xuất: 23/06/2026"],
    [
        "STT",
        "Mã hồ sơ",
        "Mã TTHC",
        "Tên thủ tục hành chính",
        "Chủ hồ sơ",
        "Số định danh",
        "Ngày",
        "",
        "Trạng thái",
        "Lạ",
    ],
    ["", "", "", "", "", "", "Nộp", "Tiếp nhận", "", ""],
    [
        "1",
        "H24.150-260604-0001",
        "2.000815",
        "Chứng thực",
        "Nguyễn Thị Thử",
        "001",
        "03/06/2026",
        "04/06/2026",
        "Mới",
        "z",
    ],
    ["2", " ", "2.000815", "Chứng thực", "Trần Văn Thử", "002", "", "04/06/2026", "Mới", ""],
    ["3", "", "", "", "Lê Thị Thử", "003", "", "", "", ""],
    ["Tổng cộng", "", "", "", "", "", "", "", "2", ""],
]


def test_a_dossier_list() -> None:
    extraction = extract(DEMO)
    table = extraction.tables["ho_so"]
    assert table.columns == [
        "ma_ho_so",
        "ma_tthc",
        "ten_tthc",
        "ngay_nop",
        "ngay_tiep_nhan",
        "trang_thai",
        "_file_sha256",
        "_sheet",
        "_row",
    ]
    # Row 6 lacks its code and is data all the same; row 7 has only a number and a person.
    assert table.rows() == [
        ("H24.150-260604-0001", "2.000815", "Chứng thực", "03/06/2026", "04/06/2026", "Mới", "abc", "Trang 1", 5),
        (None, "2.000815", "Chứng thực", None, "04/06/2026", "Mới", "abc", "Trang 1", 6),
    ]
    assert extraction.data_rows == {"ho_so": 2}
    assert extraction.printed_extract_time == dt.datetime.fromisoformat("2026-06-23")
    assert extraction.unmapped == ["Lạ"]
    assert [finding.ma for finding in extraction.findings] == ["COT_KHONG_DUNG"]
    [header] = extraction.headers
    assert (header.row, header.personal, header.skipped) == (4, 2, {"remark": 1, "total": 1})


def test_no_person_leaves_the_gate() -> None:
    extraction = extract(DEMO)
    everything = repr(extraction) + "".join(str(table.rows()) for table in extraction.tables.values())
    assert "Thử" not in everything
    assert "Chủ hồ sơ" not in everything


def test_the_td_list_has_no_procedure_code() -> None:
    extraction = extract([["DANH SÁCH"], [], HEADER, *dossier_rows(3)])
    assert row_numbers(extraction) == [4, 5, 6]
    assert "ma_tthc" not in extraction.tables["ho_so"].columns


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        (["Tổng cộng", "3"], "total"),
        (["Tổng cộng", "11449"], "total"),
        (["", "Tổng số: 3 hồ sơ"], "total"),
        (["", "", "Tổng cộng:", "", "", "3"], "total"),
        (["Trong đó: 1 quá hạn", "", "", "", "", "1"], "total"),
        (["Cộng:", "3", "", "", "", "", ""], "total"),
        (["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"], "numbering"),
        (["1", "2", "3", "4", "5=3+4", "6", "7"], "numbering"),
        (HEADER, "header"),
        ([], "blank"),
        (["  ", "\t"], "blank"),
        (["4", "", "", "", "", "", ""], "remark"),
        (["4", "", "", "", "", "", "Nguyễn Thị Thử"], "remark"),
        (["II", "", "Lĩnh vực hộ tịch", "", "", "", ""], "remark"),
    ],
)
@pytest.mark.parametrize("position", [0, 1, 3], ids=["first", "between", "last"])
def test_rows_that_are_no_data(extra: list[str], kind: str, position: int) -> None:
    rows = dossier_rows(3)
    rows.insert(position, extra)
    extraction = extract([HEADER, *rows, ["9", "H24.150-260604-0009", "x", "04/06/2026", "", "Mới"]])
    assert extraction.data_rows == {"ho_so": 4}
    assert row_numbers(extraction) == [number for number in range(2, 7) if number != position + 2]
    assert extraction.headers[0].skipped == {kind: 1}


@pytest.mark.parametrize(
    "extra",
    [
        ["", "H24.150-260604-0009", "", "", "", ""],
        ["", "", "Chứng thực", "04/06/2026", "", "Mới"],
        ["", "", "Tổng hợp hồ sơ", "04/06/2026", "", "Mới"],
        ["", "12", "Chứng thực", "", "", "Mới"],
    ],
    ids=["code alone", "no code", "a name that begins like a total", "odd code"],
)
def test_rows_that_lack_something_are_data(extra: list[str]) -> None:
    assert extract([HEADER, *dossier_rows(2), extra]).data_rows == {"ho_so": 3}


def test_a_signature_block_ends_the_data() -> None:
    footer = [
        [],
        ["", "", "", "", "Nhị Chiểu, ngày 09 tháng 6 năm 2026"],
        ["", "NGƯỜI LẬP BIỂU", "", "", "", "CHỦ TỊCH"],
        ["", "(Ký, ghi rõ họ tên)"],
        ["", "Nguyễn Thị Thử", "", "", "", "Trần Văn Thử"],
    ]
    extraction = extract([HEADER, *dossier_rows(2), *footer])
    assert row_numbers(extraction) == [2, 3]
    assert extraction.headers[0].skipped["footer"] == 4


def test_pages_each_with_header_and_signature() -> None:
    page = [["Người lập"], ["", "Nguyễn Thị Thử", "x"]]
    extraction = extract([HEADER, *dossier_rows(2), *page, HEADER, *dossier_rows(2, first=3), *page])
    assert row_numbers(extraction) == [2, 3, 7, 8]


def test_all_sheets_of_a_workbook(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {
            "Tháng 5": [HEADER, *dossier_rows(2)],
            "Tháng 6": [["DANH SÁCH"], HEADER, *dossier_rows(1, first=3)],
            "Thống kê": [["STT", "Lĩnh vực", "Tên thủ tục", "Số hồ sơ"], ["1", "Hộ tịch", "Khai sinh", "3"]],
        },
    )
    extraction = extract_tables(path, SOURCES["mot_cua"])
    assert extraction.tables["ho_so"].select("_sheet", "_row").rows() == [
        ("Tháng 5", 2),
        ("Tháng 5", 3),
        ("Tháng 6", 3),
    ]
    assert [(finding.ma, finding.sheet) for finding in extraction.findings] == [("TRANG_KHONG_DUNG", "Thống kê")]


def test_a_list_that_lacks_a_column_beside_a_good_one_refuses_the_file(tmp_path: Path) -> None:
    short = [row[:5] for row in (HEADER, *dossier_rows(2))]
    path = write_xlsx(tmp_path / "a.xlsx", {"Tháng 5": [HEADER, *dossier_rows(2)], "Tháng 6": short})
    with pytest.raises(RefusedFile) as caught:
        extract_tables(path, SOURCES["mot_cua"])
    assert [(finding.ma, finding.sheet) for finding in caught.value.findings] == [("THIEU_COT_BAT_BUOC", "Tháng 6")]


def test_merged_cells_of_a_workbook_are_looked_up(tmp_path: Path) -> None:
    """Without them "Ghi chép" would be read as a part of "Ngày"."""
    rows = [
        ["STT", "Mã hồ sơ", "Tên thủ tục", "Trạng thái", "Ngày", "", ""],
        ["", "", "", "", "Nộp", "Tiếp nhận", "Ghi chép"],
        ["1", "H24.150-260604-0001", "x", "Mới", "03/06/2026", "04/06/2026", "y"],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": rows}, merges=[(0, 4, 0, 5)], left=1)
    extraction = extract_tables(path, SOURCES["mot_cua"])
    assert extraction.unmapped == ["Ghi chép"]
    assert extraction.tables["ho_so"]["ngay_tiep_nhan"].to_list() == ["04/06/2026"]


def test_a_sheet_in_a_legacy_font_is_converted_and_reported() -> None:
    extraction = extract(
        [
            ["STT", "M· hå s¬", "Tªn thñ tôc", "Ngµy nhËn", "Tr¹ng th¸i", "Chñ hå s¬"],
            ["1", "H24.150-260604-0001", "Chøng thùc", "04/06/2026", "§· tr¶ kÕt qu¶", "NguyÔn ThÞ Thö"],
        ]
    )
    assert extraction.tables["ho_so"].row(0)[:4] == (
        "H24.150-260604-0001",
        "Chứng thực",
        "04/06/2026",
        "Đã trả kết quả",
    )
    assert [finding.ma for finding in extraction.findings] == ["CHU_MA_CU_DA_CHUYEN"]


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


# --- the other sources ---


def test_catalogue() -> None:
    titles = [
        "Mã TTHC",
        "Tên TTHC",
        "Lĩnh vực",
        "Cấp thực hiện",
        "Mức độ",
        "Đủ điều kiện toàn trình",
        "Thực hiện tại Bộ phận Một cửa",
        "Phi địa giới",
        "Có phí, lệ phí",
        "Thanh toán trực tuyến",
        "Không có kết quả",
        "Tình trạng",
        "Quyết định công bố",
    ]
    row = [
        "1.004873",
        "Xác nhận",
        "Hộ tịch",
        "Cấp tỉnh; Cấp xã",
        "4",
        "Có",
        "x",
        "1",
        "",
        "Có",
        "Không",
        "Công khai",
        "QĐ 1",
    ]
    extraction = extract([["DANH MỤC"], titles, row, ["Tổng số", "1"]], "tthc")
    assert extraction.tables["thu_tuc"].drop("_file_sha256", "_sheet").rows(named=True) == [
        {
            "ma_tthc": "1.004873",
            "ten_tthc": "Xác nhận",
            "linh_vuc": "Hộ tịch",
            "cap_thuc_hien": "Cấp tỉnh; Cấp xã",
            "muc_do": "4",
            "du_dieu_kien_toan_trinh": "Có",
            "tai_mot_cua": "x",
            "phi_dia_gioi": "1",
            "co_phi": None,
            "thanh_toan_truc_tuyen": "Có",
            "khong_co_ket_qua": "Không",
            "tinh_trang": "Công khai",
            "quyet_dinh_cong_bo": "QĐ 1",
            "_row": 3,
        }
    ]


def test_petitions_leave_their_text_behind() -> None:
    titles = [
        "STT",
        "Mã PAKN",
        "Nội dung",
        "Ngày tiếp nhận",
        "Hạn xử lý",
        "Ngày xử lý xong",
        "Trạng thái",
        "Đánh giá hài lòng",
    ]
    row = ["1", "PAKN-1", "Ông Thử phản ánh", "02/01/2026", "23/01/2026", "05/01/2026", "Xong", "Hài lòng"]
    extraction = extract([titles, row], "pakn")
    assert extraction.tables["pakn"].row(0)[:6] == (
        "PAKN-1",
        "02/01/2026",
        "23/01/2026",
        "05/01/2026",
        "Xong",
        "Hài lòng",
    )
    assert extraction.unmapped == []
    assert "Thử" not in repr(extraction)


def test_declared_figures_and_paragraphs(tmp_path: Path) -> None:
    figures = [
        ["SỐ LIỆU KHAI BÁO"],
        [
            "Kỳ báo cáo",
            "Biểu mẫu",
            "STT",
            "Chỉ tiêu thống kê",
            "Đơn vị tính",
            "Kỳ trước",
            "Số liệu",
            "Người khai",
            "Ngày khai",
            "Căn cứ",
        ],
        ["2026-6T", "2", "1", "Tổng số cơ quan", "Cơ quan", "3", 4, "Văn phòng", "08/06/2026", "QĐ 1"],
        ["2026-6T", "2", "1.1", "Trong đó: chuyên môn", "Cơ quan", None, None, None, None, None],
    ]
    paragraphs = [
        ["Kỳ báo cáo", "Mục", "Thứ tự", "Nội dung", "Người viết", "Ngày viết"],
        ["2026-6T", "I.1", 1, "Tổng số: 5 văn bản.\nNgày 09 tháng 6 năm 2026", "Văn phòng", "08/06/2026"],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"Hướng dẫn": [["Điền vào"]], "Số liệu": figures, "Đoạn văn": paragraphs})
    extraction = extract_tables(path, SOURCES["nhap_tay"])
    assert extraction.data_rows == {"nhap_tay": 2, "doan_van": 1}
    figures_read = extraction.tables["nhap_tay"]
    assert figures_read.columns[:10] == [
        "ky",
        "bieu",
        "stt",
        "chi_tieu",
        "don_vi_tinh",
        "ky_truoc",
        "so_lieu",
        "nguoi_khai",
        "ngay_khai",
        "can_cu",
    ]
    assert figures_read.select("stt", "chi_tieu", "so_lieu", "_row").rows() == [
        ("1", "Tổng số cơ quan", "4", 3),
        ("1.1", "Trong đó: chuyên môn", None, 4),
    ]
    assert extraction.tables["doan_van"].select("muc", "thu_tu", "noi_dung").rows() == [
        ("I.1", "1", "Tổng số: 5 văn bản.\nNgày 09 tháng 6 năm 2026")
    ]
    assert extraction.findings == []


def test_declared_sheet_that_lacks_a_column(tmp_path: Path) -> None:
    paragraphs = [
        ["Kỳ báo cáo", "Mục", "Thứ tự", "Nội dung", "Người viết", "Ngày viết"],
        ["2026-6T", "I.1", 1, "x", "y", "z"],
    ]
    figures = [["Kỳ báo cáo", "Biểu mẫu", "STT", "Chỉ tiêu thống kê"], ["2026-6T", "2", "1", "x"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Số liệu": figures, "Đoạn văn": paragraphs})
    with pytest.raises(RefusedFile) as caught:
        extract_tables(path, SOURCES["nhap_tay"])
    assert "“Số liệu”" in str(caught.value)


def test_a_new_source_is_a_toml() -> None:
    spec = parse_source(
        """
ma = "moi"
ten = "nguồn mới"
[[tables]]
bang = "ho_so"
key = "ma_ho_so"
required = ["ma_ho_so", "mau"]
use = ["ma_ho_so"]
[tables.columns]
mau = ["Màu > Chính", "Màu"]
"""
    )
    rows = [["STT", "Số hồ sơ", "Màu", ""], ["", "", "Chính", "Phụ"], ["1", "H-01", "đỏ", "xanh"]]
    assert extract(rows, spec).tables["ho_so"].row(0)[:2] == ("H-01", "đỏ")


# --- extract time ---


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ngày xuất: 09/06/2026", "2026-06-09"),
        ("NGÀY XUẤT : 9/6/2026 14:05", "2026-06-09T14:05"),
        ("Thời gian xuất: 09/06/2026 14:05:30", "2026-06-09T14:05:30"),
        ("Ngày xuất dữ liệu: 14:05 09/06/2026", "2026-06-09T14:05"),
        ("(Ngày kết xuất: 2026-06-09 14:05:00)", "2026-06-09T14:05"),
        ("Ngày xuất: ngày 09 tháng 6 năm 2026", "2026-06-09"),
        ("Từ ngày 01/06/2026 đến ngày 09/06/2026", None),
        ("Ngày xuất: 31/02/2026", None),
    ],
)
def test_printed_extract_time(line: str, expected: str | None) -> None:
    assert read_printed_time([line]) == (dt.datetime.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ho-so-2026-06-23.xlsx", "2026-06-23"),
        ("HS_20260623.xlsx", "2026-06-23"),
        ("HS_20260623140500.xlsx", "2026-06-23"),
        ("ds 23.6.2026.xls", "2026-06-23"),
        ("ds 23-06-2026 (1).xls", "2026-06-23"),
        ("ds 23062026.xls", "2026-06-23"),
        ("tu 01.01.2026-23.06.2026.csv", "2026-06-23"),
        ("01-01-2020/ds_2026_6_23.csv", "2026-06-23"),
        ("H24150202606231.csv", None),
        ("ds-2026-13-45.csv", None),
    ],
)
def test_extract_time_from_the_name(name: str, expected: str | None) -> None:
    modified = dt.datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    when, basis = extract_time(name, None, modified.timestamp())
    if expected is None:
        assert (when.isoformat(), basis) == ("2026-07-02T06:30:00", "ngay_sua")
    else:
        assert (when, basis) == (dt.datetime.fromisoformat(expected), "ten_tep")


def test_a_printed_time_beats_the_name() -> None:
    printed = dt.datetime.fromisoformat("2026-06-09T14:05")
    assert extract_time("2026-06-23.xlsx", printed, 0.0) == (printed, "trong_tep")


# --- explain ---


def test_explain_names_the_source_and_no_value(tmp_path: Path) -> None:
    told = explain(write_xlsx(tmp_path / "la.xlsx", {"S": DEMO}))
    assert told["nguon"] == "mot_cua"
    assert (told["bang"], told["dong_tieu_de"], told["so_dong"]) == ("ho_so", 4, 2)
    assert told["cot"]["Ngày > Tiếp nhận"] == "ngay_tiep_nhan"
    assert told["khong_nhan_ra"] == ["Lạ"]
    assert [finding["ma"] for finding in told["phat_hien"]] == ["COT_KHONG_DUNG", "TU_CHUA_QUY_DOI"]
    text = json.dumps(told, ensure_ascii=False)
    assert "Thử" not in text
    assert "H24.150" not in text


def test_explain_says_where_words_stand_that_no_code_list_knows_without_the_words(tmp_path: Path) -> None:
    """An integrator opens those rows and maps the words; a word may be a person's, in a list gone wrong."""
    words = ["Đang xử lý", "Chờ Nguyễn Thị Thử xem", "Đã trả kết quả", "chờ  nguyễn thị thử xem", "Gác lại", "-"]
    rows = [["Mã hồ sơ", "Mã TTHC", "Ngày nhận", "Trạng thái", "Hình thức nộp"]]
    rows += [[f"H24.150-260604-000{i}", "2.000815", "04/06/2026", word, "Trực tuyến"] for i, word in enumerate(words)]
    told = explain(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
    (finding,) = told["phat_hien"]
    assert (finding["ma"], finding["trang"], finding["dong"]) == ("TU_CHUA_QUY_DOI", "S", 3)
    assert "cột “Trạng thái”: 2 từ chưa có" in finding["dien_giai"]
    assert "ở 3 dòng; mỗi từ gặp lần đầu ở dòng 3, 6." in finding["dien_giai"]
    assert "Thử" not in finding["dien_giai"]


def test_explain_of_a_zip_counts_a_title_once(tmp_path: Path) -> None:
    rows = [["Mã hồ sơ", "Mã TTHC", "Ngày nhận", "Trạng thái"], ["H24.150-260604-0001", "2.000815", "04/06/2026", "9"]]
    told = explain(write_xlsx(tmp_path / "a.xlsx", {"Tháng 5": rows, "Tháng 6": rows}))
    assert told["vi_sao"].startswith("khớp 4 tiêu đề cột")


def test_explain_a_file_that_fits_nothing(tmp_path: Path) -> None:
    told = explain(write_xlsx(tmp_path / "la.xlsx", {"S": [["a", "b"], ["1", "2"]]}))
    assert (told["nguon"], told["so_dong"], told["cot"]) == (None, 0, {})
    (finding,) = told["phat_hien"]
    assert finding["ma"] == "KHONG_GIONG_NGUON_NAO"
    assert "lay_thu_tuc" not in finding["dien_giai"]
    (tmp_path / "b.xlsx").write_bytes(b"%PDF")
    assert explain(tmp_path / "b.xlsx")["phat_hien"][0]["ma"] == "TEP_KHONG_PHAI_BANG_TINH"


# --- real files ---

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "tthc_xlsx"
COUNTS = {"BoCongAn": 339, "BoTaiChinh": 706, "BoTuPhap": 271, "BoXayDung": 525, "NongNghiepvaMoiTruong": 537}


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="the companion files are not here")
@pytest.mark.parametrize("name", COUNTS)
def test_real_catalogues(name: str) -> None:
    """Counts by sources.md §4: native export, title in row 1, header in row 2, data from row 3.

    It has no level, so the catalogue refuses it (0 commune procedures would be wrong); read here by a spec that does
    not ask for levels.
    """
    file = REAL / f"danh-sach-tthc-{name}.xlsx"
    with pytest.raises(RefusedFile, match="Cấp thực hiện"):
        extract_tables(file, SOURCES["tthc"])
    spec = (Path(__file__).parents[2] / "schemas/sources/tthc.toml").read_text("utf-8")
    extraction = extract_tables(file, parse_source(spec.replace(', "cap_thuc_hien"]', "]", 1)))
    table = extraction.tables["thu_tuc"]
    assert (table.height, table["_row"].min(), extraction.headers[0].row) == (COUNTS[name], 3, 2)
    assert table["ma_tthc"].str.contains(r"^\d\.\d{6}").all()


def test_explain_counts_the_titles_nobody_reads_and_shows_a_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelines.commands.inspecting import explain_file

    known = {"Mã hồ sơ": "H24.150-260604-0001", "Mã TTHC": "2.000815", "Ngày nhận": "04/06/2026", "Trạng thái": "x"}
    record = {f"Mở rộng {number}": "x" for number in range(120)} | known
    path = tmp_path / "rong.json"
    path.write_text(json.dumps({"data": [record]}, ensure_ascii=False), "utf-8")
    explain_file(path, as_json=False)
    said = capsys.readouterr().out
    assert said.index("Mã hồ sơ") < said.index("120 tiêu đề không nhận ra")
    assert "Mở rộng 19; … và 100 tiêu đề khác" in " ".join(said.split())
    assert max(len(line) for line in said.splitlines() if "Mở rộng" in line) <= 100
    explain_file(path, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert len(told["khong_nhan_ra"]) == 120
    assert {"nguon", "bang", "dong_tieu_de", "so_dong", "cot", "phat_hien"} <= told.keys()
