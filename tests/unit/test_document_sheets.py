"""The workbooks: numbers are numbers, texts are texts, print set-up, no clock."""

from __future__ import annotations

import zipfile
from datetime import date

import openpyxl
import pytest

from assets.io import sheets, sheets_declared
from schemas.document import SECTIONS, section_code
from tests.support import document_samples as samples

DAY = date(2026, 6, 9)
DANGEROUS = ("=1+1", "+84", "-5", "@SUM(A1)", '=HYPERLINK("http://x")')


@pytest.fixture(scope="module")
def annex(tmp_path_factory):
    target = tmp_path_factory.mktemp("annex") / "phu-luc-3.xlsx"
    sheets.write_annex(samples.make_reference(), samples.make_rows(), target)
    return openpyxl.load_workbook(target)


def find_row(sheet, stt):
    (found,) = [row for row in sheet.iter_rows() if row[0].value == stt]
    return found


def test_annex_has_one_sheet_per_form_in_the_printed_layout(annex):
    assert annex.sheetnames == [f"Biểu mẫu {number}" for number in range(1, 8)]
    sheet = annex["Biểu mẫu 3"]
    texts = [row[0].value for row in sheet.iter_rows(max_row=6)]
    assert texts == [
        "SỐ LIỆU MẪU",
        "Phụ lục 3",
        "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH HÀNH CHÍNH ĐỊNH KỲ",
        "(Kèm theo Báo cáo số 329/BC-UBND ngày 09/6/2026 của Ủy ban nhân dân phường Nhị Chiểu)",
        "Biểu mẫu 3",
        "Cải cách thủ tục hành chính",
    ]
    assert [sheet.cell(7, column).value for column in (1, 3, 5)] == ["STT", "Kết quả thống kê", "Ghi chú"]
    assert sheet.cell(7, 2).value.startswith("Chỉ tiêu thống kê\n(Sử dụng trong kỳ báo cáo")
    assert [sheet.cell(8, column).value for column in (3, 4)] == ["Đơn vị tính", "Số liệu"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A7:A8", "B7:B8", "C7:D7", "E7:E8"} <= merged


def test_annex_numbers_are_numbers_with_formats(annex):
    count = find_row(annex["Biểu mẫu 3"], "2.1.1.")
    assert (count[3].value, count[3].data_type, count[3].number_format) == (9275, "n", "[$-42A]#,##0")
    ratio = find_row(annex["Biểu mẫu 1"], "2.")
    assert (ratio[3].value, ratio[3].data_type, ratio[3].number_format) == (51.9, "n", "[$-42A]#,##0.0")
    assert (ratio[2].value, ratio[4].value, ratio[4].data_type) == ("%", "27/52", "s")
    assert find_row(annex["Biểu mẫu 3"], "2.1.")[3].number_format == "[$-42A]#,##0"
    nothing = find_row(annex["Biểu mẫu 1"], "3.3.")
    assert (nothing[3].value, nothing[3].data_type, nothing[4].value) == ("-", "s", "không phát sinh")
    empty = find_row(annex["Biểu mẫu 1"], "3.1.")
    assert (empty[3].value, empty[4].value) == (None, "chưa có số liệu")


def test_annex_prints_on_a4_with_its_header_on_every_page(annex):
    for sheet in annex:
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what Excel assumes
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$7:$8"
        assert "SỐ LIỆU MẪU" in (sheet.oddHeader.right.text or "")


def test_annex_equals_the_printed_annex(annex):
    context = samples.make_reference()
    for form in context.bieu_mau:
        sheet = annex[f"Biểu mẫu {form.so}"]
        rows = list(sheet.iter_rows(min_row=9, max_row=8 + len(form.hang), values_only=True))
        for (stt, label, unit, value, note), printed in zip(rows, form.hang, strict=True):
            assert (stt or "", unit or "", note or "") == (printed.stt_in, printed.don_vi_tinh, printed.ghi_chu)
            assert label == printed.chi_tieu + printed.chu_thich
            if isinstance(value, int | float):
                assert value == pytest.approx(float(printed.so_lieu_in.replace(".", "").replace(",", ".")))
            else:
                assert (value or "") == printed.so_lieu_in


def test_annex_refuses_rows_of_another_report(tmp_path):
    rows = samples.make_rows()
    with pytest.raises(ValueError, match="not the printed row"):
        sheets.write_annex(samples.make_reference(), rows[1:2] + rows[:1] + rows[2:], tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def make_table(**changes):
    values = {
        "ten": "Phát hiện: [tháng 6]",
        "tieu_de": ["PHÁT HIỆN", "đến ngày 09/6/2026"],
        "cot": ["Mã", "Số", "Ngày", "Chữ"],
        "dong": [("A", 1234, date(2026, 6, 9), text) for text in DANGEROUS] + [("B", 1.5, None, "")],
        "do_rong": [10, 10, 12, 40],
        "ghi_chu": ["Ghi chú cuối bảng"],
    }
    return sheets.SheetTable(**(values | changes))


def test_table_writes_each_value_as_what_it_is(tmp_path):
    target = tmp_path / "phat-hien.xlsx"
    sheets.write_table(target, [make_table(), make_table()], samples.make_reference().thuoc_tinh)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Phát hiện- -tháng 6-", "Phát hiện- -tháng 6- (2)"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[3]] == ["Mã", "Số", "Ngày", "Chữ"]
    for line, text in enumerate(DANGEROUS, start=4):
        cell = sheet.cell(line, 4)
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
        assert sheet.cell(line, 2).number_format == "[$-42A]#,##0"
        assert sheet.cell(line, 3).value.date() == date(2026, 6, 9)
        assert sheet.cell(line, 3).number_format == "dd/mm/yyyy"
    assert sheet.cell(9, 2).value == 1.5
    assert sheet.auto_filter.ref == "A3:D9"
    assert sheet.freeze_panes == "A4"
    assert sheet.cell(11, 1).value == "Ghi chú cuối bảng"
    assert "<f>" not in zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml").decode()


def test_table_keeps_long_and_strange_text(tmp_path):
    target = tmp_path / "a.xlsx"
    table = make_table(cot=["Chữ"], do_rong=[40], dong=[("x" * 40000,), ("a\x0bb\x00",)], ghi_chu=[])
    sheets.write_table(target, [table], samples.make_reference().thuoc_tinh)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert len(sheet["A4"].value) == 32767
    assert sheet["A4"].value.endswith("…")
    assert sheet["A5"].value == "ab"


def test_table_refuses_a_ragged_row_and_an_empty_workbook(tmp_path):
    properties = samples.make_reference().thuoc_tinh
    with pytest.raises(ValueError, match="2 values for 4 columns"):
        sheets.write_table(tmp_path / "a.xlsx", [make_table(dong=[("A", 1)])], properties)
    with pytest.raises(ValueError, match="at least one"):
        sheets.write_table(tmp_path / "a.xlsx", [], properties)
    assert list(tmp_path.iterdir()) == []


def test_workbooks_hold_no_clock(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        sheets.write_annex(samples.make_reference(), samples.make_rows(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert properties.created.date() == date(2026, 6, 9)
    assert "ky=2026-6T" in properties.keywords


@pytest.fixture(scope="module")
def declared(tmp_path_factory):
    target = tmp_path_factory.mktemp("declared") / "nhap-tay.xlsx"
    row = sheets_declared.DeclaredRow
    figures = [
        row("1", "2.1", "Số nhiệm vụ đề ra trong kế hoạch", "Nhiệm vụ", ky_truoc=50),
        row("1", "4.3", "Hình thức khảo sát", "Mã", "lua_chon", {"0": "Trực tuyến", "1": "Phát phiếu"}),
        row("6", "1.1", "Kế hoạch được giao", "Triệu đồng", "so_thuc", so_lieu=42809.5, can_cu="=Sổ"),
        row("4", "2.4", "Tỷ lệ % đã tinh giản", "%", "phan_tram"),
        row("5", "2.1", "Số công chức được tuyển dụng", "Người", nguoi="Cán bộ Mẫu"),
    ]
    spec = sheets_declared.DeclaredTemplate(
        ky="2026-6T",
        ten_ky="6 tháng đầu năm 2026",
        don_vi="UBND phường Nhị Chiểu",
        dong=figures,
        doan=[sheets_declared.DeclaredParagraph("I.1", 1, "- Bản nháp của kỳ trước")],
        muc={section_code(name): title for name, title in SECTIONS.items()},
        ngay=date(2026, 6, 9),
        han_nop=date(2026, 6, 12),
        nguoi=("Cán bộ Mẫu",),
    )
    sheets_declared.write_declared_template(spec, target)
    return openpyxl.load_workbook(target)


def test_declared_template_layout(declared):
    sheet, prose = declared["Số liệu"], declared["Đoạn văn"]
    assert sheet["A2"].value == "Kỳ báo cáo: 2026-6T"
    assert sheet["A3"].value.startswith("Hướng dẫn")
    assert [cell.value for cell in sheet[4]] == list(sheets_declared.FIGURE_COLUMNS)
    first = [cell.value for cell in sheet[5]][:7]
    assert first == ["2026-6T", "1", "2.1", "Số nhiệm vụ đề ra trong kế hoạch", "Nhiệm vụ", 50, None]
    assert (sheet["G7"].value, sheet["J7"].value, sheet["J7"].data_type) == (42809.5, "=Sổ", "s")
    assert [cell.value for cell in prose[2]] == list(sheets_declared.PARAGRAPH_COLUMNS)
    assert [cell.value for cell in prose[3]][:4] == ["2026-6T", "I.1", 1, "- Bản nháp của kỳ trước"]


def test_declared_template_locks_labels_without_a_password(declared):
    sheet = declared["Số liệu"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    locked = [cell.protection.locked for cell in sheet[5]]
    assert locked == [True] * 6 + [False] * 4
    assert not any(cell.protection.locked for cell in declared["Đoạn văn"][10])


def test_declared_template_checks_each_kind_of_value(declared):
    rules = {str(rule.sqref): rule for rule in declared["Số liệu"].data_validations.dataValidation}
    assert (rules["G5"].type, rules["G5"].formula1) == ("whole", "0")
    assert (rules["G6"].type, rules["G6"].formula1) == ("list", '"0,1"')
    assert rules["G7"].type == "decimal"
    assert (rules["G8"].type, rules["G8"].formula2) == ("decimal", "100")
    assert rules["I5"].type == "date"
    assert "0 = Trực tuyến" in rules["G6"].prompt


def test_declared_template_refuses_an_unknown_kind(tmp_path):
    bad = sheets_declared.DeclaredRow("1", "1", "Số", "Văn bản", "chu")
    spec = sheets_declared.DeclaredTemplate("2026-6T", "6 tháng", "UBND", [bad], [], {"I.1": "x"}, DAY, DAY)
    with pytest.raises(ValueError, match="unknown kind"):
        sheets_declared.write_declared_template(spec, tmp_path / "a.xlsx")


def test_a_person_in_charge_has_a_sheet_of_his_own_without_his_name_on_its_tab(declared):
    assert declared.sheetnames == ["Hướng dẫn", "Số liệu", "Số liệu 1", "Đoạn văn", "Văn bản", "Mục"]
    own = declared["Số liệu 1"]
    assert own["A2"].value == "Kỳ báo cáo: 2026-6T; người phụ trách: Cán bộ Mẫu"
    assert [cell.value for cell in own[4]] == list(sheets_declared.FIGURE_COLUMNS)
    assert [row[2] for row in own.iter_rows(min_row=5, values_only=True)] == ["2.1"]
    assert [row[2] for row in declared["Số liệu"].iter_rows(min_row=5, values_only=True)] == [
        "2.1",
        "4.3",
        "1.1",
        "2.4",
    ]


def test_the_guide_says_the_deadline_and_who_fills_in_what(declared):
    lines = dict(declared["Hướng dẫn"].iter_rows(min_row=3, max_col=2, values_only=True))
    assert lines["Hạn"] == "Báo cáo gửi trước ngày 12/6/2026."
    assert lines["Trang “Số liệu 1”"] == "Người phụ trách: Cán bộ Mẫu"
    assert "{vb:QD128}" in lines["Văn bản viện dẫn"]
