"""core.thu_tuc versions and levels (sources.md §4); core.nhap_tay and core.doan_van, each wrong cell at its address."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from assets.core.nhap_tay import clean_declared, clean_paragraphs
from assets.core.procedures import attach_procedures
from assets.core.thu_tuc import clean_procedures
from assets.io.landing import Passport
from assets.raw.extract import extract_tables
from schemas.sources import load_sources

Rows = list[dict[str, str]]


def deliver(table: str, day: str, rows: Rows) -> tuple[Passport, pl.DataFrame]:
    columns = sorted({name for row in rows for name in row})
    frame = pl.DataFrame(
        [{name: row.get(name) for name in columns} for row in rows], schema=dict.fromkeys(columns, pl.Utf8)
    ).with_columns(
        pl.lit(day).alias("_file_sha256"),
        pl.lit("Trang").alias("_sheet"),
        pl.int_range(5, 5 + pl.len(), dtype=pl.Int64).alias("_row"),
    )
    when = datetime.fromisoformat(day)
    return Passport("nguon", f"{day}.xlsx", day, 1, when, "trong_tep", {table: len(rows)}), frame


def procedure(**changes: str) -> dict[str, str]:
    return {"ma_tthc": "1.001193", "ten_tthc": "Đăng ký khai sinh", "cap_thuc_hien": "Cấp xã", "muc_do": "4"} | changes


@pytest.mark.parametrize(
    ("text", "province", "commune"),
    [
        ("Cấp tỉnh; Cấp xã", True, True),
        ("Cấp xã,Cấp tỉnh", True, True),
        ("Cấp tỉnh\nCấp xã", True, True),
        ("Xã", False, True),
        ("CẤP XÃ", False, True),
        ("Cấp bộ", False, False),
        ("", False, False),
    ],
)
def test_levels_of_one_cell(text: str, province: bool, commune: bool) -> None:
    row = clean_procedures([deliver("thu_tuc", "2025-12-01", [procedure(cap_thuc_hien=text)])]).frame
    assert row.select("cap_tinh", "cap_xa").row(0) == (province, commune)


def test_rows_of_one_procedure_are_united_and_do_not_multiply() -> None:
    rows = [procedure(cap_thuc_hien="Cấp xã"), procedure(ma_tthc="1.001193.000.00.00.H24", cap_thuc_hien="Cấp tỉnh")]
    cleaned = clean_procedures([deliver("thu_tuc", "2025-12-01", rows)])
    assert cleaned.frame.select("ma_tthc", "cap_tinh", "cap_xa").rows() == [("1.001193", True, True)]
    assert cleaned.accounts.select("so_dong_core", "so_dong_thay_the", "so_dong_loai").row(0) == (1, 1, 0)


def test_a_row_in_force_beats_one_that_is_not() -> None:
    rows = [procedure(tinh_trang="Bãi bỏ", muc_do="4"), procedure(tinh_trang="Đang công khai", muc_do="3")]
    frame = clean_procedures([deliver("thu_tuc", "2025-12-01", rows)]).frame
    assert frame.select("con_hieu_luc", "muc_do").rows() == [(True, 3)]


def test_a_later_delivery_starts_a_version_only_where_a_row_changed() -> None:
    first = deliver("thu_tuc", "2025-12-01", [procedure(muc_do="3"), procedure(ma_tthc="1.000002", muc_do="3")])
    later = deliver("thu_tuc", "2026-03-01", [procedure(muc_do="4"), procedure(ma_tthc="1.000002", muc_do="3")])
    versions = clean_procedures([first, later]).frame.select("ma_tthc", "muc_do", "hieu_luc_tu", "hieu_luc_den")
    assert versions.rows() == [
        ("1.000002", 3, None, None),
        ("1.001193", 3, None, date(2026, 3, 1)),
        ("1.001193", 4, date(2026, 3, 1), None),
    ]


def test_a_dossier_uses_the_version_of_its_receipt_day_and_a_name_where_it_has_no_code() -> None:
    versions = clean_procedures(
        [
            deliver("thu_tuc", "2025-12-01", [procedure(muc_do="3")]),
            deliver("thu_tuc", "2026-03-01", [procedure(muc_do="4")]),
        ]
    ).frame
    dossiers = pl.DataFrame(
        {
            "ma_tthc": ["1.001193", "1.001193", None, None, "9.999999"],
            "ten_tthc": [None, None, "ĐĂNG KÝ  khai sinh", "Đăng ký khai sinh (lại)", None],
            "linh_vuc": pl.Series([None] * 5, dtype=pl.Utf8),
            "ngay_tiep_nhan": [
                date(2026, 2, 28),
                date(2026, 3, 1),
                date(2026, 3, 2),
                date(2026, 3, 2),
                date(2026, 3, 2),
            ],
        }
    )
    attached = attach_procedures(dossiers, versions)
    assert attached["muc_do"].to_list() == [3, 4, 4, None, None]
    assert attached["ma_tthc"].to_list() == ["1.001193", "1.001193", "1.001193", None, "9.999999"]


def figure(**changes: str) -> dict[str, str]:
    return {"ky": "2026-6T", "bieu": "1", "stt": "4.1", "so_lieu": "38"} | changes


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({}, 38.0),
        ({"so_lieu": "9.500"}, 9500.0),  # a count: both separators are thousands
        ({"so_lieu": "9,500"}, 9500.0),
        ({"bieu": "Biểu mẫu 1", "stt": "4.1."}, 38.0),
        ({"bieu": "6", "stt": "1.1", "so_lieu": "42.809"}, 42809.0),
        ({"bieu": "6", "stt": "1.1", "so_lieu": "42.809,5"}, 42809.5),
        ({"bieu": "6", "stt": "1.1", "so_lieu": "42,809"}, None),  # thousand or decimal: never guessed
        ({"stt": "4.3", "so_lieu": "2"}, 2.0),
        ({"stt": "4.3", "so_lieu": "3"}, None),  # not in the list
        ({"so_lieu": "ba mươi tám"}, None),
        ({"so_lieu": "-1"}, None),
        ({"bieu": "4", "stt": "2.4", "so_lieu": "12,5%"}, 12.5),
        ({"bieu": "4", "stt": "2.4", "so_lieu": "120"}, None),
    ],
)
def test_declared_values_by_the_contract_of_their_row(change: dict[str, str], value: float | None) -> None:
    cleaned = clean_declared([deliver("nhap_tay", "2026-06-10", [figure(**change)])])
    assert cleaned.frame["gia_tri"].to_list() == [value]
    wrong = cleaned.findings.filter(pl.col("ma") == "SO_KHAI_KHONG_DOC_DUOC")
    assert wrong["_row"].to_list() == ([5] if value is None else [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ky": "2026-Q2"}, "KY_KHAI_LA"),
        ({"stt": "9.9"}, "DONG_KHAI_KHONG_CO_TRONG_BIEU"),
        ({"bieu": "3", "stt": "2.1.1"}, "DONG_KHAI_KHONG_CO_TRONG_BIEU"),  # counted, not declared
    ],
)
def test_a_declared_row_that_fits_no_cell_is_rejected(change: dict[str, str], code: str) -> None:
    cleaned = clean_declared([deliver("nhap_tay", "2026-06-10", [figure(**change)])])
    assert cleaned.frame.is_empty()
    assert cleaned.findings["ma"].to_list() == [code]


def test_the_newest_figure_counts_and_a_blank_cell_overrides_nothing() -> None:
    files = [
        deliver("nhap_tay", "2026-06-10", [figure(so_lieu="38")]),
        deliver("nhap_tay", "2026-06-12", [figure(so_lieu="40")]),
        deliver("nhap_tay", "2026-06-14", [figure(so_lieu="")]),
    ]
    assert clean_declared(files).frame["gia_tri"].to_list() == [40.0]


def test_a_newer_workbook_replaces_a_section_as_a_whole() -> None:
    def paragraph(order: str, text: str, section: str = "I.1") -> dict[str, str]:
        return {"ky": "2026-6T", "muc": section, "thu_tu": order, "noi_dung": text}

    old = deliver(
        "doan_van", "2026-06-10", [paragraph("1", "cũ một"), paragraph("2", "cũ hai"), paragraph("1", "x", "IV.7")]
    )
    new = deliver("doan_van", "2026-06-12", [paragraph("1", "mới"), paragraph("1", "lạ", "V.1")])
    cleaned = clean_paragraphs([old, new])
    assert cleaned.frame.select("muc", "noi_dung").rows() == [("I.1", "mới"), ("IV.7", "x")]
    assert cleaned.findings["ma"].to_list() == ["MUC_BAO_CAO_LA"]


@pytest.mark.parametrize(
    ("change", "fault", "wanted"),
    [
        ({"so_lieu": "ba mươi tám"}, "là chữ, không phải số", "số nguyên không âm"),
        ({"so_lieu": "52 người"}, "ghi kèm chữ hoặc đơn vị tính", "số nguyên không âm"),
        ({"so_lieu": "-3"}, "là số âm", "số nguyên không âm"),
        ({"so_lieu": "12,5"}, "có phần lẻ", "số nguyên không âm"),
        ({"so_lieu": "1.234,567.8"}, "lẫn dấu chấm và dấu phẩy", "số nguyên không âm"),
        ({"so_lieu": "=SUM(G5:G7)"}, "là công thức chưa có kết quả hoặc báo lỗi", "số nguyên không âm"),
        ({"so_lieu": "38/50"}, "không đọc được là số", "số nguyên không âm"),
        ({"stt": "4.3", "so_lieu": "7"}, "không có trong danh sách", "0 = Trực tuyến; 1 = Phát phiếu; 2 = Kết hợp"),
        ({"bieu": "4", "stt": "2.4", "so_lieu": "100,5"}, "lớn hơn 100", "phần trăm từ 0 đến 100"),
        ({"bieu": "4", "stt": "2.4", "so_lieu": "-1"}, "là số âm", "phần trăm từ 0 đến 100"),
        ({"bieu": "6", "stt": "1.1", "so_lieu": "42,809"}, "phần nghìn hay phần lẻ", "ví dụ 42.809"),
    ],
)
def test_a_wrong_cell_says_what_is_wrong_and_what_is_expected(change: dict[str, str], fault: str, wanted: str) -> None:
    row = figure(**change) | {"_cot": ";stt=C;so_lieu=G;"}
    (message,) = clean_declared([deliver("nhap_tay", "2026-06-10", [row])]).findings["dien_giai"]
    assert message.startswith("Trang “Trang”, ô G5: ")
    assert fault in message
    assert wanted in message


def test_an_unreadable_day_is_no_longer_dropped_in_silence() -> None:
    row = figure(ngay_khai="31/02/2026") | {"_cot": ";ngay_khai=I;"}
    cleaned = clean_declared([deliver("nhap_tay", "2026-06-10", [row])])
    assert cleaned.frame["ngay_khai"].to_list() == [None]
    assert cleaned.findings["ma"].to_list() == ["NGAY_KHAI_KHONG_DOC_DUOC"]
    assert "ô I5: không đọc được ngày “31/02/2026”" in cleaned.findings["dien_giai"][0]


@pytest.mark.parametrize(
    ("label", "code", "counted"),
    [
        ("TỔNG SỐ  nhiệm vụ được giao", [], 1),  # case and spaces are no change
        ("Tổng số việc được giao", ["CHI_TIEU_KHAI_BI_SUA"], 1),
        ("Số nhiệm vụ đã hoàn thành đúng hạn", ["DONG_KHAI_LECH_CHI_TIEU"], 0),  # the label of row 4.1.1
    ],
)
def test_a_changed_label_or_number_is_seen(label: str, code: list[str], counted: int) -> None:
    cleaned = clean_declared([deliver("nhap_tay", "2026-06-10", [figure(chi_tieu=label)])])
    assert (cleaned.findings["ma"].to_list(), cleaned.frame.height) == (code, counted)
    assert cleaned.accounts.select("so_dong_core", "so_dong_loai").row(0) == (counted, 1 - counted)


def test_a_figure_declared_twice_in_one_workbook_must_agree() -> None:
    twice = [figure(so_lieu="38"), figure(so_lieu="39"), figure(stt="4.1.1", so_lieu="9"), figure(stt="4.1.1.")]
    twice[3]["so_lieu"] = "9"
    cleaned = clean_declared([deliver("nhap_tay", "2026-06-10", [row | {"_cot": ";so_lieu=G;"} for row in twice])])
    (message,) = cleaned.findings["dien_giai"]
    assert "ô G6: biểu 1, dòng 4.1 ghi “39”, khác số đã khai ở trang “Trang”, ô G5" in message
    assert cleaned.findings["muc_do"].to_list() == ["E"]
    later = [
        deliver("nhap_tay", day, [figure(so_lieu=text)]) for day, text in (("2026-06-10", "38"), ("2026-06-12", "39"))
    ]
    assert clean_declared(later).findings.is_empty()  # a newer workbook corrects an older one


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ({"so_lieu": "52"}, []),
        ({"so_lieu": ""}, ["SO_KHAI_KHONG_DOC_DUOC"]),  # a blank cell overrides nothing
        ({"so_lieu": "51 người"}, ["SO_KHAI_KHONG_DOC_DUOC"]),  # once, in the newer workbook
    ],
)
def test_a_corrected_cell_is_no_longer_reported(later: dict[str, str], left: list[str]) -> None:
    files = [
        deliver("nhap_tay", "2026-06-10", [figure(so_lieu="52 người"), figure(stt="4.1.9")]),
        deliver("nhap_tay", "2026-06-12", [figure(**later), figure(stt="4.1.1")]),
    ]
    assert clean_declared(files).findings["ma"].to_list() == left


def test_a_workbook_read_from_disk_names_its_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Số liệu"
    sheet["B2"] = "SỐ LIỆU KHAI BÁO"
    titles = ("Kỳ báo cáo", "Biểu mẫu", "STT", "Chỉ tiêu thống kê", "Số liệu", "Người khai", "Ngày khai")
    for column, title in enumerate(titles, start=2):  # an empty column before the table
        sheet.cell(4, column, title)
    for row, (stt, value, day) in enumerate(
        [("4.1", "38 việc", "08/06/2026"), ("4.1.1", "=E5*2", "8 tháng 6"), ("4.1.2", 0, "")], start=5
    ):
        for column, cell in enumerate(("2026-6T", "1", stt, None, value, "Văn phòng", day), start=2):
            sheet.cell(row, column, cell)
    path = tmp_path / "nhap-tay.xlsx"
    book.save(path)
    table = extract_tables(path, load_sources()["nhap_tay"]).tables["nhap_tay"]
    when = datetime.fromisoformat("2026-06-10")
    cleaned = clean_declared([(Passport("nhap_tay", path.name, "a", 1, when, "ngay_sua", {"nhap_tay": 3}), table)])
    said = sorted(zip(cleaned.findings["ma"], cleaned.findings["dien_giai"], strict=True))
    assert [(code, text.split(": ")[0]) for code, text in said] == [
        ("NGAY_KHAI_KHONG_DOC_DUOC", "Trang “Số liệu”, ô H6"),
        ("SO_KHAI_KHONG_DOC_DUOC", "Trang “Số liệu”, ô F5"),
        ("SO_KHAI_KHONG_DOC_DUOC", "Trang “Số liệu”, ô F6"),
    ]
    assert "công thức chưa có kết quả" in said[2][1]
    assert cleaned.frame.sort("stt")["gia_tri"].to_list() == [None, None, 0.0]


def test_a_citizens_number_in_an_officers_words_is_told() -> None:
    """Synthetic numbers; amounts, dossier codes and the office's own line are none."""
    texts = {
        "Ông A, số 001234567890, đã được trả": True,
        "liên hệ 0912.345.678 để biết": True,
        "thu 84.605.000.000 đồng, hồ sơ H24.150-260604-0001": False,
        "điện thoại cơ quan 0225 3842 123": False,
    }
    rows = [
        {"ky": "2026-6T", "muc": "I.1", "thu_tu": str(place), "noi_dung": text}
        for place, text in enumerate(texts, start=1)
    ]
    cleaned = clean_paragraphs([deliver("doan_van", "2026-06-10", rows)])
    told = cleaned.findings.filter(pl.col("ma") == "CHU_CO_DU_LIEU_CA_NHAN")
    assert sorted(told["_row"].to_list()) == [5, 6]
    assert not told["dien_giai"].str.contains("001234567890|0912").any()
