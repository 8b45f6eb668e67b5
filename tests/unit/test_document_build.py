"""From rows to the context of the report: what each kind of row prints, and that text and annex agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from schemas.document import SECTIONS, DonVi, find_section, list_fields, section_code
from schemas.document_build import FormRow, ReportMarks, build_context, show_row
from tests.support import document_samples as samples


def build(rows, paragraphs=None, marks=None):
    return build_context(
        rows,
        samples.load_titles(),
        samples.UNIT,
        samples.PERIOD,
        samples.POLICY,
        paragraphs or {},
        marks or ReportMarks(),
    )


def find_printed(context, form, stt_in):
    (found,) = [row for row in context.bieu_mau[int(form) - 1].hang if row.stt_in == stt_in]
    return found


def test_the_reference_prints_its_figures():
    context = samples.make_reference()
    assert [form.so for form in context.bieu_mau] == ["1", "2", "3", "4", "5", "6", "7"]
    ratio = find_printed(context, "1", "2.")
    assert (ratio.so_lieu_in, ratio.don_vi_tinh, ratio.ghi_chu) == ("51,9", "%", "27/52")
    assert find_printed(context, "6", "1.").so_lieu_in == "50,0"
    assert find_printed(context, "6", "1.1.").so_lieu_in == "42.809"
    assert find_printed(context, "3", "1.2.").so_lieu_in == "2.060"
    assert context.tthc.tong_tthc == "2.210"
    assert context.tthc.tien_thu == "84.605.000đ"
    assert context.tthc.ty_le_truc_tuyen == "chiếm tỷ lệ 100%"
    assert context.tthc.thanh_toan_truc_tuyen == "8.358/8.358 hồ sơ, đạt 100%"
    assert context.tthc.so_hoa_ket_qua == "9.269/9.269 hồ sơ, đạt 100%"
    assert context.tthc.pakn_hai_long == "đạt 100%"


def test_form_2_prints_its_sub_row_without_stt():
    assert [row.stt_in for row in samples.make_reference().bieu_mau[1].hang] == ["1.", ""]


def test_a_list_of_codes_prints_one_code_a_line():
    row = find_printed(samples.make_reference(), "1", "4.3.")
    assert row.don_vi_tinh == "Trực tuyến = 0\nPhát phiếu = 1\nKết hợp = 2"


def test_a_year_to_date_row_says_so():
    assert find_printed(samples.make_reference(), "1", "2.").chu_thich == " (lũy kế đến thời điểm báo cáo)"
    assert find_printed(samples.make_reference(), "1", "2.1.").chu_thich == ""


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        (FormRow("1", "3", "Kiểm tra", loai="header"), ("", "")),
        (FormRow("1", "1", "Số", so_lieu=None, loai="declared"), ("", "chưa có số liệu")),
        (FormRow("1", "1", "Số", so_lieu=0, loai="declared"), ("0", "")),
        (FormRow("1", "2", "Tỷ lệ", tu_so=0, mau_so=0, loai="ratio"), ("-", "không phát sinh")),
        (FormRow("1", "2", "Tỷ lệ", so_lieu=99.9, tu_so=9274, mau_so=9275, loai="ratio"), ("99,99", "9.274/9.275")),
        (FormRow("1", "1", "Số", so_lieu=12, hien_thi="12 (ước)"), ("12 (ước)", "")),
    ],
)
def test_what_a_row_prints(row, printed):
    assert show_row(row) == printed


def test_zero_and_nothing_are_different_things():
    zero, empty = samples.make_zero(), samples.make_empty()
    assert (zero.tthc.tiep_nhan, empty.tthc.tiep_nhan) == ("0", "…")
    assert (zero.tthc.ty_le_truc_tuyen, empty.tthc.ty_le_truc_tuyen) == ("không phát sinh", "chiếm tỷ lệ …")
    assert (zero.tthc.tien_thu, empty.tthc.tien_thu) == ("0đ", "…")
    assert find_printed(zero, "1", "2.").so_lieu_in == "-"
    assert find_printed(empty, "1", "2.").so_lieu_in == ""
    assert find_printed(empty, "1", "2.").ghi_chu == "chưa có số liệu"


def test_every_value_of_the_text_comes_from_its_own_row():
    """Change one row of II.2 at a time: exactly the fields that print it change."""
    rows = samples.make_rows()
    base = build(rows).tthc.model_dump()
    moved = {}
    for index, row in enumerate(rows):
        if row.bieu != "II.2":
            continue
        other = replace(row, tu_so=1, mau_so=3) if row.loai == "ratio" else replace(row, so_lieu=777777)
        changed = build([*rows[:index], other, *rows[index + 1 :]]).tthc.model_dump()
        moved[row.stt] = {name for name, text in changed.items() if text != base[name]}
    assert moved["1.3"] == {"tthc_ca_hai_cap"}
    assert moved["2"] == {"tiep_nhan", "ty_le_truc_tuyen"}
    assert moved["2.1"] == {"tiep_nhan_truc_tuyen", "ty_le_truc_tuyen"}
    assert moved["6"] == {"ho_so_phat_sinh_phi", "thanh_toan_truc_tuyen"}
    assert moved["6.2"] == {"thanh_toan_truc_tuyen"}
    assert all(moved.values()), "a row of II.2 that no sentence prints"
    only_in_form_3 = {"pakn_tiep_nhan", "pakn_da_giai_quyet"}
    assert set().union(*moved.values()) == set(base) - only_in_form_3


def test_number_and_date_are_one_record_and_blank_until_given():
    given = build([], marks=ReportMarks("329", date(2026, 6, 9))).van_ban
    assert (given.so, given.ngay_dai, given.ngay_ngan) == ("329", "ngày 09 tháng 6 năm 2026", "09/6/2026")
    blank = build([]).van_ban
    assert blank.so.strip("\u00a0") == ""
    assert " ".join(blank.ngay_dai.split()) == "ngày tháng năm 2026"


def test_paragraphs_split_at_line_breaks_and_empty_sections_show_it():
    context = build([], {"I.1": ["Đoạn một\n\n Đoạn hai ", "Đoạn ba"], "iv 7": ["x"], "II.1": ["  "]})
    assert context.doan.i_1 == ("Đoạn một", "Đoạn hai", "Đoạn ba")
    assert context.doan.iv_7 == ("x",)
    assert context.doan.ii_1 == context.doan.i_2 == ("…",)
    assert context.doan.ii_2 == ()


def test_standard_opening_and_closing_unless_the_officer_wrote_them():
    standard = build([]).doan
    assert standard.mo_dau[-1].startswith("UBND phường Nhị Chiểu báo cáo")
    assert standard.mo_dau[-1].endswith("quý III năm 2026 như sau:")
    assert standard.ket[-1].endswith("./.")
    own = build([], {"MO_DAU": ["Căn cứ", "UBND báo cáo như sau:"], "KET_LUAN": ["Trân trọng./."]}).doan
    assert own.mo_dau == ("Căn cứ", "UBND báo cáo như sau:")
    assert own.ket == ("Trân trọng./.",)
    half = build([], {"MO_DAU": ["Căn cứ Kế hoạch số 1"]}).doan
    assert len(half.mo_dau) == 2
    assert half.mo_dau[-1].endswith(":")


def test_a_section_that_the_report_does_not_have_is_an_error():
    with pytest.raises(ValueError, match=r"II\.9"):
        build([], {"II.9": ["x"]})


def test_two_rows_with_one_number_are_an_error():
    with pytest.raises(ValueError, match="two rows"):
        build([FormRow("3", "1", "a"), FormRow("3", "1", "b")])


@pytest.mark.parametrize(
    ("typed", "section"),
    [("I.1", "i_1"), (" ii.2. ", "ii_2"), ("IV 7", "iv_7"), ("Mở đầu", "mo_dau"), ("Kết luận", "ket"), ("V.1", None)],
)
def test_find_section(typed, section):
    assert find_section(typed) == section


def test_every_section_is_found_by_its_own_code():
    assert [find_section(section_code(section)) for section in SECTIONS] == list(SECTIONS)


def test_text_is_made_safe_to_print():
    unit = samples.UNIT.model_copy()
    values = unit.model_dump() | {"dia_danh": "A\x0bB\tC\u0007", "noi_nhan": ["- Sở Nội vụ;", "Lưu: VT."]}
    cleaned = DonVi(**values)
    assert cleaned.dia_danh == "AB C"
    assert cleaned.noi_nhan == ("Sở Nội vụ", "Lưu: VT")
    assert build([], {"I.1": ["hoa\u0300"]}).doan.i_1 == ("hoà",)


def test_the_context_is_closed_and_frozen():
    with pytest.raises(ValidationError):
        DonVi(**samples.UNIT.model_dump(), la="x")
    with pytest.raises(ValidationError):
        samples.UNIT.dia_danh = "x"


def test_list_fields_gives_dotted_leaves():
    fields = list_fields()
    assert {"ky.ten", "bieu_mau.hang.stt_in", "doan.i_1", "la_du_thao", "don_vi.ten_ngan"} <= fields
    assert "bieu_mau" not in fields
    assert not any(name.startswith("thuoc_tinh") for name in fields)
    assert fields - list_fields(required=True) == {"don_vi.ten_ngan"}
