"""The gate on a list of dossiers: data rows, allow-list and the extract time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from assets.raw.extract import RefusedFile, extract_tables, extract_time
from assets.raw.extract_time import read_printed_time
from tests.support.extraction import SOURCES, extract, row_numbers
from tests.support.sheet_samples import DEMO, HEADER, dossier_rows, write_xlsx

# --- mot_cua ---


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
