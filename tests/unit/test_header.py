"""Header detection by sources.md §2, on grids typed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assets.raw.header import Header, find_header, is_numbering
from schemas.sources import load_sources
from tests.support.sheet_samples import HEADER, dossier_rows, make_grid

TABLE = load_sources()["mot_cua"].tables[0]

DEMO_TOP = ["STT", "Mã hồ sơ", "Mã TTHC", "Chủ hồ sơ", "Ngày", "", "", "", "", "Trạng thái", "Phí (VNĐ)"]
DEMO_LOW = ["", "", "", "", "Nộp", "Tiếp nhận", "Hẹn trả", "Kết thúc xử lý", "Trả kết quả", "", ""]
DEMO_FIELDS = [
    "ma_ho_so",
    "ma_tthc",
    "ngay_nop",
    "ngay_tiep_nhan",
    "ngay_hen_tra",
    "ngay_ket_thuc",
    "ngay_tra",
    "trang_thai",
    "phi",
]


def found(rows: list[list[str]]) -> Header:
    header = find_header(make_grid(rows), TABLE)
    assert header is not None
    return header


def positions(header: Header) -> dict[str, list[int]]:
    return {field: [column.index for column in columns] for field, columns in header.fields.items()}


def test_single_row_below_titles_and_blank_rows() -> None:
    header = found([["DANH SÁCH HỒ SƠ"], [], ["Từ ngày 01/06"], HEADER, *dossier_rows(2)])
    assert (header.first, header.last) == (3, 3)
    assert positions(header) == {
        "ma_ho_so": [1],
        "ten_tthc": [2],
        "ngay_tiep_nhan": [3],
        "ngay_hen_tra": [4],
        "trang_thai": [5],
    }
    assert [c.index for c in header.columns if c.personal] == [6]
    assert header.unmapped == []


def test_merged_two_row_header_without_merge_information() -> None:
    header = found([["DANH SÁCH HỒ SƠ ĐÃ TIẾP NHẬN"], DEMO_TOP, DEMO_LOW, ["1", "H24.150-260604-0001"]])
    assert (header.first, header.last) == (1, 2)
    assert list(positions(header)) == DEMO_FIELDS
    assert header.columns[5].title == "Ngày > Tiếp nhận"


def test_an_upper_header_reaches_right_only_over_cells_with_text_below() -> None:
    header = found([["STT", "Mã hồ sơ", "Trạng thái", "Ngày", "", "Chữ lạ"], ["", "", "", "Nộp", "Tiếp nhận", ""]])
    assert [c.title for c in header.columns][3:] == ["Ngày > Nộp", "Ngày > Tiếp nhận", "Chữ lạ"]


def test_merges_correct_a_wrong_guess() -> None:
    """The upper "Ngày" is merged over two columns; the third has a title of its own in the lower row only."""
    rows = [["STT", "Mã hồ sơ", "Trạng thái", "Ngày", "", ""], ["", "", "", "Nộp", "Tiếp nhận", "Hẹn"]]
    guessed = find_header(make_grid(rows), TABLE)
    told = find_header(replace(make_grid(rows), merges=((0, 3, 0, 4),)), TABLE)
    assert guessed is not None
    assert told is not None
    assert guessed.columns[5].title == "Ngày > Hẹn"
    assert told.columns[5].title == "Hẹn"


def test_three_levels() -> None:
    header = found(
        [
            ["STT", "Mã hồ sơ", "Quá trình", "", "", "Trạng thái"],
            ["", "", "Ngày", "", "Phí (VNĐ)", ""],
            ["", "", "Nộp", "Tiếp nhận", "", ""],
        ]
    )
    assert (header.first, header.last) == (0, 2)
    assert positions(header) == {"ma_ho_so": [1], "ngay_nop": [2], "ngay_tiep_nhan": [3], "phi": [4], "trang_thai": [5]}


def test_a_group_does_not_reach_beyond_its_parent() -> None:
    header = found(
        [
            ["STT", "Mã hồ sơ", "Trạng thái", "Quá trình", "", "Khác"],
            ["", "", "", "Ngày", "", ""],
            ["", "", "", "Nộp", "Tiếp nhận", "Nhãn"],
        ]
    )
    assert [c.title for c in header.columns][3:] == [
        "Quá trình > Ngày > Nộp",
        "Quá trình > Ngày > Tiếp nhận",
        "Khác > Nhãn",
    ]


def test_group_names_above_the_row_with_stt() -> None:
    header = found([["", "", "Ngày", "", ""], ["STT", "Mã hồ sơ", "Nộp", "Tiếp nhận", "Trạng thái"]])
    assert (header.first, header.last) == (0, 1)
    assert positions(header) == {"ma_ho_so": [1], "ngay_nop": [2], "ngay_tiep_nhan": [3], "trang_thai": [4]}


def test_so_theo_doi_layout() -> None:
    """Mẫu 07, TT 03/2025/TT-VPCP: two rows, dates and hand-over merged."""
    header = find_header(
        make_grid(
            [
                [
                    "STT",
                    "Mã hồ sơ",
                    "Nội dung hồ sơ",
                    "Họ tên chủ hồ sơ",
                    "Ngày tháng năm",
                    "",
                    "Trả kết quả",
                    "",
                    "",
                    "Ghi chú",
                ],
                ["", "", "", "", "Nhận hồ sơ", "Hẹn trả kết quả", "Ngày nhận kết quả", "Bên giao", "Bên nhận", ""],
                ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"],
            ]
        ),
        TABLE,
    )
    assert header is not None
    assert (header.first, header.last) == (0, 1)
    assert positions(header) == {
        "ma_ho_so": [1],
        "ten_tthc": [2],
        "ngay_tiep_nhan": [4],
        "ngay_hen_tra": [5],
        "ngay_tra": [6],
    }
    assert sum(c.personal for c in header.columns) == 4


def test_empty_first_columns() -> None:
    header = found([["", "", *HEADER], *(["", "", *row] for row in dossier_rows(1))])
    assert positions(header)["ma_ho_so"] == [3]


def test_header_without_stt_needs_three_known_titles() -> None:
    assert positions(found([["Mã hồ sơ", "Ngày nhận", "Trạng thái"]]))["trang_thai"] == [2]
    assert find_header(make_grid([["Mã hồ sơ", "Ngày nhận", "Màu"]]), TABLE) is None


def test_a_header_below_row_forty_is_not_looked_for() -> None:
    padding = [["x"]] * 39
    assert find_header(make_grid([*padding, HEADER]), TABLE) is not None
    assert find_header(make_grid([*padding, ["x"], HEADER]), TABLE) is None


def test_a_code_below_a_persons_title_is_personal() -> None:
    header = found([[*HEADER, "Giấy tờ tùy thân", ""], ["", "", "", "", "", "", "", "Mã số", "Nơi cấp"]])
    assert "ma_tthc" not in header.fields
    assert header.unmapped == []


def test_a_whole_title_beats_the_same_words_below_another() -> None:
    header = found(
        [
            ["STT", "Mã hồ sơ", "Ngày tiếp nhận", "Trạng thái", "Yêu cầu bổ sung", ""],
            ["", "", "", "", "Ngày tiếp nhận", "Lần"],
        ]
    )
    assert positions(header)["ngay_tiep_nhan"] == [2]
    assert header.unmapped == ["Yêu cầu bổ sung > Ngày tiếp nhận", "Yêu cầu bổ sung > Lần"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("(1)", "(2)", "(3)"), True),
        (("1", "2", None, "3"), True),
        (("A", "B", "1"), True),
        (("(3)", "(4)", "(5)=(6)+(7)", "(8) = (9) / (10)"), True),
        (("1", "H24.150-260604-0001", "3"), False),
        (("1", "2"), False),
        ((None, "", None), False),
    ],
)
def test_numbering_rows(row: tuple[str | None, ...], expected: bool) -> None:
    assert is_numbering(row) is expected
