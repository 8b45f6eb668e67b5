"""phat-hien.xlsx, read back: ages, counts and rows worked out by hand; nothing is left out without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from assets.core.findings import frame_findings
from assets.out.feedback import Limits, write_findings
from assets.out.freshness import Delivered
from assets.raw.pull_state import PullState
from assets.request import ReportRequest
from schemas.export import polars_schema
from schemas.findings import Finding, make_finding
from schemas.registry import find_table
from schemas.rules.periods import parse_period
from schemas.sources import load_sources
from schemas.unit import SourceAges
from tests.support import document_samples as samples

AGES = SourceAges(ngay=14, theo_nguon={"tthc": 5})
CUTOFF, RUN_DAY = date(2026, 6, 9), date(2026, 6, 20)
GOOD, LATE, REFUSED = "a" * 64, "b" * 64, "c" * 64
AGES_SHOWN = ("Tuổi lúc chốt", "Tuổi lúc lập", "Số tệp")
LONG = "danh sách hồ sơ: một cửa [tháng 6] của phường.xlsx"


def make_request() -> ReportRequest:
    return ReportRequest(
        ky=parse_period("2026-6T"),
        ngay_chot=CUTOFF,
        chinh_sach="II06A",
        chinh_thuc=True,
        run_id="thu",
        thoi_diem=datetime(2026, 6, 20, 8),  # noqa: DTZ001
        nguoi_chay="thu",
    )


def make_deliveries() -> pl.DataFrame:
    """Two lists of dossiers of 29/5 and 5/6 with 10 + 20 rows, a catalogue of 15/6 with 7."""
    given = [
        ("mot_cua", LONG, GOOD, 29, 5, 10),
        ("mot_cua", "moi.xlsx", LATE, 5, 6, 20),
        ("tthc", "t.xlsx", "d", 15, 6, 7),
    ]
    rows = [
        {
            "nguon": source,
            "ten_tep": name,
            "_file_sha256": sha,
            "dung_luong": 1,
            "ngay_xuat": datetime(2026, month, day),  # noqa: DTZ001
            "can_cu_ngay_xuat": "trong_tep",
            "so_dong_vao": count,
            "so_dong_core": count - 1,
            "so_dong_thay_the": 0,
            "so_dong_loai": 1,
        }
        for source, name, sha, day, month, count in given
    ]
    return pl.DataFrame(rows, schema=polars_schema(find_table("core.giao_nop")), orient="row")


def make_withdrawn() -> pl.DataFrame:
    """One list of 40 rows, taken out on 3/6."""
    row = {
        "nguon": "mot_cua",
        "ten_tep": "rút.xlsx",
        "_file_sha256": "e",
        "ngay_xuat": datetime(2026, 6, 1),  # noqa: DTZ001
        "so_dong_vao": 40,
        "ly_do_rut": "xuất nhầm đơn vị",
        "rut_luc": datetime(2026, 6, 3, 9),  # noqa: DTZ001
        "nguoi_rut": "văn phòng",
    }
    return pl.DataFrame([row], schema=polars_schema(find_table("core.da_rut")), orient="row")


def make_bad_day(row: int, name: str = LONG, sha: str = GOOD) -> Finding:
    return make_finding(
        "NGAY_TIEP_NHAN_KHONG_DOC_DUOC",
        nguon="mot_cua",
        ten_tep=name,
        file_sha256=sha,
        sheet="Sheet1",
        row=row,
        ma_ho_so=f"H24.150-260105-{row:04d}",
        cot="ngày tiếp nhận",
        gia_tri="“31/02/2026”",
    )


def make_findings() -> pl.DataFrame:
    """Three bad days, a question and a hint in one file, a bad day in another, a refused file, two of no file: 9."""
    question = make_finding(
        "CHU_MA_CU_DA_CHUYEN", nguon="mot_cua", ten_tep=LONG, file_sha256=GOOD, sheet="Z", bang_ma="TCVN3"
    )
    undated = make_finding("KHONG_RO_NGAY_XUAT", nguon="mot_cua", ten_tep=LONG, file_sha256=GOOD, ngay="29/05/2026")
    refused = make_finding(
        "TEP_DA_NOP_NGUON_KHAC", nguon="tthc", ten_tep="nhầm.xlsx", file_sha256=GOOD, dung_nguon="mot_cua"
    )
    missing = make_finding("THIEU_NGUON", nguon="pakn", ten_nguon="danh sách phản ánh, kiến nghị")
    whole = make_finding("SO_LIEU_CU", ngay_xuat="05/06/2026", ngay_chot="09/06/2026")
    days = [make_bad_day(row) for row in (12, 7, 30)]
    found = frame_findings([undated, question, *days, make_bad_day(5, "moi.xlsx", LATE), refused, whole, missing])
    unit = pl.when(pl.col("_row").is_in([7, 12])).then(pl.lit("Công an phường")).alias("don_vi")
    return found.with_columns(unit)


def read_sheet(book: Any, name: str, top: int) -> list[dict[str, Any]]:
    """Rows under the header in row ``top``, up to the first empty row."""
    header, *rows = book[name].iter_rows(min_row=top, values_only=True)
    table = []
    for row in rows:
        if all(value is None for value in row):
            break
        table.append(dict(zip(header, row, strict=True)))
    return table


def write(
    tmp_path: Path,
    limits: Limits | None = None,
    findings: pl.DataFrame | None = None,
    pulls: Sequence[PullState] = (),
) -> Any:
    rest = () if limits is None else (limits,)
    found = make_findings() if findings is None else findings
    properties = samples.make_reference().thuoc_tinh
    delivered = Delivered(make_deliveries(), make_withdrawn(), AGES, pulls)
    return openpyxl.load_workbook(write_findings(found, delivered, make_request(), properties, tmp_path, *rest))


def test_the_first_page_says_how_old_every_source_is(tmp_path: Path) -> None:
    book = write(tmp_path)
    assert book.sheetnames[0] == "Nguồn"
    by_source = {row["Nguồn"]: row for row in read_sheet(book, "Nguồn", 3)}
    assert list(by_source) == list(load_sources())
    dossiers = by_source["mot_cua"]
    assert dossiers["Bản mới nhất"].date() == date(2026, 6, 5)
    # newest of 29/5 and 5/6: four days before the cut-off of 9/6, fifteen before the run on 20/6
    ages = [dossiers[name] for name in ("Tuổi lúc chốt", "Tuổi lúc lập", "Số tệp", "Số dòng")]
    assert ages == [4, 15, 2, 30]
    catalogue = by_source["tthc"]  # extracted after the cut-off: it covers it
    assert [catalogue[name] for name in ("Tuổi lúc chốt", "Tuổi lúc lập", "Số tệp")] == [0, 5, 1]
    assert catalogue["Ghi chú"] is None  # five days, not more than five
    assert dossiers["Ghi chú"] == "! cũ quá 14 ngày"
    never = by_source["pakn"]
    assert (never["Bản mới nhất"], never["Số tệp"], never["Ghi chú"]) == (None, 0, "chưa nộp lần nào")


def test_below_its_source_a_connector_says_its_last_success_and_why_it_last_failed(tmp_path: Path) -> None:
    """The run is of 20/6, the cut-off of 9/6: a success of 7/6 is 2 and 13 days old, one of 19/6 is 0 and 1."""
    failing = PullState(
        ten="cong",
        mo_ta="cổng một cửa",
        nguon="mot_cua",
        lan_duoc_cuoi=datetime(2026, 6, 7, 2),  # noqa: DTZ001
        lan_loi_cuoi=datetime(2026, 6, 20, 2, 5),  # noqa: DTZ001
        loi_cuoi="máy chủ không trả lời",
        dang_loi=True,
        ngay_thieu=((date(2026, 5, 3), date(2026, 5, 7)),),
        so_tep=3,
    )
    well = replace(failing, ten="o_mang", lan_duoc_cuoi=datetime(2026, 6, 19, 2), dang_loi=False, ngay_thieu=())  # noqa: DTZ001
    never = replace(well, ten="moi", nguon="pakn", lan_duoc_cuoi=None, lan_loi_cuoi=None, loi_cuoi="", so_tep=0)
    rows = read_sheet(write(tmp_path, pulls=[never, failing, well]), "Nguồn", 4)
    names = [row["Nguồn"] for row in rows]
    assert names[names.index("mot_cua") + 1 :][:2] == ["ket_noi/cong", "ket_noi/o_mang"]
    by_name = {row["Nguồn"]: row for row in rows}
    shown = {
        name: [row["Bản mới nhất"] and row["Bản mới nhất"].date(), *(row[title] for title in AGES_SHOWN)]
        for name, row in by_name.items()
        if name.startswith("ket_noi/")
    }
    assert shown == {
        "ket_noi/cong": [date(2026, 6, 7), 2, 13, 3],
        "ket_noi/o_mang": [date(2026, 6, 19), 0, 1, 3],
        "ket_noi/moi": [None, None, None, 0],
    }
    assert by_name["ket_noi/cong"]["Ghi chú"] == (
        "! quá 2 ngày chưa lấy được; ! lần cuối hỏng 20/06/2026 02:05: máy chủ không trả lời; "
        "! chưa lần lấy nào phủ 03/05/2026–07/05/2026"
    )
    assert by_name["ket_noi/o_mang"]["Ghi chú"] == "lần hỏng gần nhất 20/06/2026 02:05: máy chủ không trả lời"
    assert by_name["ket_noi/moi"]["Ghi chú"] == "! chưa lần nào lấy được"


def test_summary_files_and_sheets_count_the_same_findings(tmp_path: Path) -> None:
    book = write(tmp_path)
    summary = {(row["Mã"], row["Nguồn"], row["Đơn vị"]): row["Số lượng"] for row in read_sheet(book, "Tổng hợp", 3)}
    assert summary == {
        ("NGAY_TIEP_NHAN_KHONG_DOC_DUOC", "mot_cua", "Công an phường"): 2,
        ("NGAY_TIEP_NHAN_KHONG_DOC_DUOC", "mot_cua", None): 2,
        ("KHONG_RO_NGAY_XUAT", "mot_cua", None): 1,
        ("CHU_MA_CU_DA_CHUYEN", "mot_cua", None): 1,
        ("TEP_DA_NOP_NGUON_KHAC", "tthc", None): 1,
        ("SO_LIEU_CU", None, None): 1,
        ("THIEU_NGUON", "pakn", None): 1,
    }
    files = read_sheet(book, "Các tệp", 3)
    counted = {(row["Nguồn"], row["Tệp"], row["Tình trạng"]): row["Phát hiện"] for row in files}
    assert counted == {
        ("mot_cua", LONG, "đã nhận"): 5,
        ("mot_cua", "moi.xlsx", "đã nhận"): 1,
        ("tthc", "nhầm.xlsx", "bị từ chối"): 1,
        (None, None, None): 2,
        ("mot_cua", "rút.xlsx", "đã rút"): 0,
        ("tthc", "t.xlsx", "đã nhận"): 0,
    }
    assert sum(counted.values()) == sum(summary.values()) == 9
    own = [row["Xem trang"] for row in files if row["Phát hiện"]]
    assert book.sheetnames[3:] == own
    assert sum(len(read_sheet(book, name, 3)) for name in own) == 9
    assert [row["Xem trang"] for row in files[-2:]] == [
        "(rút ngày 03/6/2026: xuất nhầm đơn vị)",
        "(không có phát hiện)",
    ]
    assert [files[-2][name] for name in ("Dòng vào", "Vào kho")] == [40, None]


def test_a_files_sheet_says_where_what_and_how_to_fix_it_worst_first(tmp_path: Path) -> None:
    book = write(tmp_path)
    sheet = book.worksheets[3]
    assert sheet.title == "01 danh sách hồ sơ- một cửa -th"
    assert len(sheet.title) == 31
    assert sheet["A1"].value == LONG
    rows = read_sheet(book, sheet.title, 3)
    assert [(row["Mức độ"], row["Trang"], row["Dòng"]) for row in rows] == [
        ("Lỗi", "Sheet1", 7),
        ("Lỗi", "Sheet1", 12),
        ("Lỗi", "Sheet1", 30),
        ("Cần giải trình", "Z", None),
        ("Thông tin", None, None),
    ]
    assert sheet.cell(4, 3).number_format == "0"
    first = rows[0]
    assert (first["Mã hồ sơ"], first["Cột"]) == ("H24.150-260105-0007", "ngày tiếp nhận")
    assert "31/02/2026" in first["Sai gì"]
    assert first["Cách sửa tại nguồn"].startswith("Hãy")
    assert first["Cách sửa tại nguồn"] not in first["Sai gì"]


def test_what_is_not_shown_is_counted_and_said(tmp_path: Path) -> None:
    book = write(tmp_path, Limits(trang=2, dong=3))
    files = read_sheet(book, "Các tệp", 3)
    assert sum(row["Phát hiện"] for row in files) == 9
    assert len(book.sheetnames) == 3 + 2
    without = [row["Tệp"] for row in files if "không có trang riêng" in row["Xem trang"]]
    assert len(without) == 2
    said = "\n".join(str(cell.value) for row in book["Các tệp"].iter_rows() for cell in row if cell.value)
    assert "2 tệp khác có 3 phát hiện" in said
    shown = book.worksheets[3]
    assert [row["Mức độ"] for row in read_sheet(book, shown.title, 3)] == ["Lỗi"] * 3
    assert shown.cell(8, 1).value == "Còn 2 phát hiện nhẹ hơn hoặc ở sau, xem bằng cchc findings --csv."


@pytest.mark.parametrize("count", [60])
def test_many_files_of_one_name_keep_sheets_of_their_own(tmp_path: Path, count: int) -> None:
    findings = frame_findings(make_bad_day(5, LONG, f"{number:064x}") for number in range(count))
    book = write(tmp_path, findings=findings)
    names = book.sheetnames[3:]
    assert len(names) == len({name.casefold() for name in names}) == 50
    assert sum(row["Phát hiện"] for row in read_sheet(book, "Các tệp", 3)) == 60
