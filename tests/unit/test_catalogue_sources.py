"""Catalogue sources beside the provincial one: each in its layout, merged fact by fact (sources.md §4)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from assets.core.procedures import attach_procedures, list_replaced
from assets.core.rows import Cleaned
from assets.core.thu_tuc import clean_procedures
from assets.io.reference import BadReferenceFile, load_replaced_codes
from assets.raw.extract import extract_tables
from schemas.rules.procedure_codes import ReplacedCode
from schemas.rules.time_limit import TimeLimit, read_time_limit
from schemas.sources import load_sources
from tests.conftest import SHARED
from tests.unit.test_catalogue_and_declared import deliver

NATIVE = ["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"]
UNITS = {"ngày làm việc": 1, "ngày": 2, "giờ": 3}


def clean_file(path: Path, source: str) -> Cleaned:
    """Read a delivered file as its source's and clean it."""
    passport, _ = deliver("thu_tuc", "2026-01-05", [{"ma_tthc": "1.001193"}])
    extraction = extract_tables(path, load_sources()[source], file_sha256=passport.sha256)
    return clean_procedures([(passport, extraction.tables["thu_tuc"])])


def clean_json(tmp_path: Path, source: str, row: dict[str, object]) -> Cleaned:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": [row]}, ensure_ascii=False), "utf-8")
    return clean_file(path, source)


def test_the_national_list_is_read_and_says_nothing_of_levels(tmp_path: Path) -> None:
    path = tmp_path / "danh-sach.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Danh sách TTHC")
        sheet.merge_range(0, 0, 0, 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nDANH SÁCH THỦ TỤC HÀNH CHÍNH\n")
        sheet.write_row(1, 0, NATIVE)
        sheet.write_row(2, 0, ["1.001193", " Đăng ký\nkhai sinh ", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch"])
    row = clean_file(path, "tthc_dvcqg").frame.row(0, named=True)
    assert (row["ten_tthc"], row["linh_vuc"], row["con_hieu_luc"]) == ("Đăng ký khai sinh", "Hộ tịch", True)
    assert [row[name] for name in ("cap_tinh", "cap_xa", "muc_do", "co_phi", "phi_dia_gioi")] == [None] * 5


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("BoCongAn", 339),
        ("BoTaiChinh", 706),
        ("BoTuPhap", 271),
        ("BoXayDung", 525),
        ("NongNghiepvaMoiTruong", 537),
    ],
)
def test_the_real_national_lists_load_whole(name: str, rows: int) -> None:
    cleaned = clean_file(SHARED / "data" / "tthc_xlsx" / f"danh-sach-tthc-{name}.xlsx", "tthc_dvcqg")
    assert cleaned.frame.height == rows
    assert cleaned.findings.is_empty()


def test_a_service_answer_with_several_levels_and_fees_is_one_procedure(tmp_path: Path) -> None:
    limit = {"THOIGIANGIAIQUYET": "3", "DONVITINH": "Ngày làm việc"}
    fees = [{"SOTIEN": "135", "DONVI": "VNĐ"}, {"SOTIEN": "8000", "DONVI": "đồng"}]
    cleaned = clean_json(
        tmp_path,
        "lay_thu_tuc",
        {
            "MATTHC": "1.001193",
            "TENTTHC": "Đăng ký khai sinh",
            "CAPTHUCHIEN": [{"CAPTHUCHIEN": "1"}, {"CAPTHUCHIEN": "3"}],
            "LINHVUCTHUCHIEN": [{"MALINHVUC": "HT", "TENLINHVUC": "Hộ tịch"}],
            "CACHTHUCTHUCHIEN": [
                {"KENH": "1", "THOIGIAN": [limit | {"PHILEPHI": fees}]},
                {"KENH": "2", "THOIGIAN": [limit | {"PHILEPHI": []}]},
            ],
        },
    )
    wanted = ("linh_vuc", "cap_tinh", "cap_xa", "co_phi", "thoi_han_giai_quyet", "thoi_han_ngay")
    assert cleaned.frame.select(wanted).rows() == [("Hộ tịch", True, True, True, 3, None)]
    assert cleaned.findings["ma"].to_list() == ["MUC_PHI_SAI_DON_VI"]


@pytest.mark.parametrize(
    ("full", "offline", "level"),
    [(True, False, 4), (False, False, 3), (False, True, 2)],
)
def test_the_new_portal_says_levels_by_flags(tmp_path: Path, full: bool, offline: bool, level: int) -> None:
    row = {
        "code": "1.001193",
        "name": "Đăng ký khai sinh",
        "isWard": True,
        "isProvince": False,
        "isFullProcess": full,
        "isOfflineOnly": offline,
        "isNonTerritorial": True,
        "executionMethods": [
            {"submissionMethod": "ONLINE", "processingTime": 5, "processingTimeUnit": "DAY", "fees": []},
            {"submissionMethod": "DIRECT", "processingTime": 5, "processingTimeUnit": "DAY", "fees": [{"value": 0}]},
        ],
        "categoriesDetails": [{"name": "Hộ tịch", "code": "HT"}],
        "updatedAt": 1767571200000,
    }
    frame = clean_json(tmp_path, "tthc_cong_moi", row).frame
    wanted = ("cap_tinh", "cap_xa", "muc_do", "phi_dia_gioi", "thoi_han_giai_quyet", "thoi_han_ngay")
    assert frame.select(wanted).rows() == [(False, True, level, True, None, 5)]


def test_a_source_without_a_column_does_not_clear_the_fact_and_a_later_one_adds_its_own() -> None:
    province = {"ma_tthc": "1.001193", "ten_tthc": "Khai sinh", "cap_thuc_hien": "Cấp xã", "muc_do": "4"}
    national = {"ma_tthc": "1.001193", "ten_tthc": "Đăng ký khai sinh", "linh_vuc": "Hộ tịch"}
    limited = {"ma_tthc": "1.001193", "thoi_han": "5 ngày làm việc", "muc_do": ""}
    files = [
        deliver("thu_tuc", "2025-12-01", [province]),
        deliver("thu_tuc", "2026-02-01", [national]),
        deliver("thu_tuc", "2026-03-01", [limited]),
    ]
    rows = clean_procedures(files).frame.select(
        "ten_tthc", "linh_vuc", "cap_xa", "muc_do", "thoi_han_giai_quyet", "hieu_luc_tu"
    )
    # by hand: the name changes on 01/02; muc_do is carried, blank, on 01/03; field and limit hold since always
    assert rows.rows() == [
        ("Khai sinh", "Hộ tịch", True, 4, 5, None),
        ("Đăng ký khai sinh", "Hộ tịch", True, 4, 5, date(2026, 2, 1)),
        ("Đăng ký khai sinh", "Hộ tịch", True, None, 5, date(2026, 3, 1)),
    ]
    assert clean_procedures(reversed(files)).frame.equals(clean_procedures(files).frame)


@pytest.mark.parametrize(
    ("text", "unit", "limit"),
    [
        ("05 ngày làm việc kể từ ngày nhận đủ hồ sơ", None, TimeLimit(5, 1)),
        ("3; 3", "Ngày làm việc", TimeLimit(3, 1)),
        ("30 ngày", None, TimeLimit(30, 2)),
        ("4", "Giờ", TimeLimit(4, 3)),
        ("3 ngày làm việc; 8 ngày làm việc", None, None),
        ("3", "Ngày làm việc; Ngày", None),
        ("0,5 ngày làm việc", None, None),
        ("7", None, None),
        ("Theo quy định", "Ngày", None),
    ],
)
def test_time_limits_keep_their_unit_and_several_are_none(text: str, unit: str | None, limit: TimeLimit | None) -> None:
    assert read_time_limit(text, unit, UNITS) == limit


def test_a_replaced_code_finds_its_procedure() -> None:
    procedures = clean_procedures(
        [
            deliver(
                "thu_tuc",
                "2025-12-01",
                [{"ma_tthc": "1.000002", "muc_do": "4"}, {"ma_tthc": "1.000003", "muc_do": "3"}],
            )
        ]
    ).frame
    replaced = [
        ReplacedCode("1.000001", "1.000002", date(2026, 2, 1), "QĐ mẫu"),
        ReplacedCode("1.000003", "1.000002", date(2026, 2, 1), "QĐ mẫu"),
    ]
    dossiers = pl.DataFrame(
        {
            "ma_tthc": ["1.000001", "1.000003", "1.000003", "9.999999"],
            "ngay_tiep_nhan": [date(2026, 1, 5), date(2026, 1, 5), date(2026, 2, 1), date(2026, 2, 1)],
        }
    ).with_columns(pl.lit(None, pl.Utf8).alias("ten_tthc"), pl.lit(None, pl.Utf8).alias("linh_vuc"))
    attached = attach_procedures(dossiers, procedures, replaced)
    # the catalogue lists 1.000003 itself, which counts until it is replaced; of 1.000001 it knows the successor only
    assert attached["ma_tthc"].to_list() == ["1.000002", "1.000003", "1.000002", "9.999999"]
    assert attached["muc_do"].to_list() == [4, 3, 4, None]
    assert attached["_co_trong_danh_muc"].to_list() == [True, True, True, False]
    assert [one.ma for one in list_replaced(attached)] == ["MA_TTHC_CU", "MA_TTHC_CU"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1.000001,1.000001,2026-01-01,QĐ", "hai mã khác nhau"),
        ("1.000001,khai sinh,2026-01-01,QĐ", "hai mã khác nhau"),
        ("1.000001,1.000002,01/01/2026,QĐ", "không đọc được"),
        ("1.000001,1.000002,2026-01-01,", "can_cu"),
    ],
)
def test_a_bad_line_of_replaced_codes_names_its_place(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "tthc_thay_the.csv"
    path.write_text(f"ma_cu,ma_moi,tu_ngay,can_cu\n{line}\n", "utf-8")
    with pytest.raises(BadReferenceFile, match=f"dòng 2.*{message}"):
        load_replaced_codes(path)
