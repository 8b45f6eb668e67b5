"""A unit of another province works by settings alone: its names, labels, forms, people, deadlines in every document.

The unit, its people and its dossiers are invented; the expected figures were counted by hand from the rows below.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.table import Table

from assets.out.provenance import hash_inputs
from pipelines.commands.summary import say_deadline
from pipelines.commands.template import write_template
from pipelines.settings import Settings, WrongSettings
from schemas.rules.periods import parse_period
from schemas.unit import UnitSettings
from tests.support.homes import query, read_values, run_period
from tests.support.sheet_samples import write_xlsx

SETTINGS = """
[don_vi]
co_quan_chu_quan = "ỦY BAN NHÂN DÂN TỈNH MẪU"
ten_co_quan = "ỦY BAN NHÂN DÂN\\nXÃ THỬ NGHIỆM THƯỢNG"
ten_day_du = "Ủy ban nhân dân xã Thử Nghiệm Thượng"
ten_ngan = "UBND xã Thử Nghiệm Thượng"
dia_danh = "Thử Nghiệm Thượng"
noi_nhan = ["Sở Nội vụ tỉnh Mẫu", "Lưu: VT, VP"]
chuc_vu_ky = "KT. CHỦ TỊCH\\nPHÓ CHỦ TỊCH"

[quy_tac]
nganh_doc = ["Công an xã"]

[bao_cao]
cap_tren = "tỉnh"
bieu_mau = ["1", "3", "4"]

[bao_cao.han_nop]
"6T" = "12/06"

[phan_cong]
"Bộ phận Mẫu A" = ["BM4", "BM1.4"]
"Bộ phận Mẫu B" = ["BM1.4.1"]
"""
TITLES = ["STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả",
          "Ngày kết thúc xử lý", "Trạng thái"]  # fmt: skip
DOSSIERS = [
    (1, "UBND xã Thử Nghiệm Thượng", "04/05/2026", "08/05/2026", "06/05/2026", "Đã trả kết quả"),
    (2, "UBND xã Thử Nghiệm Thượng", "04/05/2026", "08/05/2026", "12/05/2026", "Đã trả kết quả"),  # late
    (3, "UBND xã Thử Nghiệm Thượng", "05/06/2026", "30/06/2026", "", "Đang xử lý"),
    (4, "Công an xã Thử Nghiệm Thượng", "05/05/2026", "08/05/2026", "07/05/2026", "Đã trả kết quả"),  # vertical
]
PERSON_A, PERSON_B, REST = "Số liệu 1", "Số liệu 2", "Số liệu"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unit's home after its officers filled in the workbook, each on his own sheet, and a run."""
    root = tmp_path_factory.mktemp("second-unit") / "home"
    root.mkdir()
    (root / "settings.toml").write_text(SETTINGS, "utf-8")
    settings = Settings(home=root)
    workbook = write_template(settings, "2026-6T", None)
    book = openpyxl.load_workbook(workbook)
    for sheet, row, value in list_figures(book):
        book[sheet].cell(row, 7, value)
    prose = book["Đoạn văn"]
    row = next(line for line in range(3, 60) if prose.cell(line, 2).value == "I.5")
    prose.cell(row, 4, "- {don_vi} đã hoàn thành đúng hạn {BM1.4.1.1}/{BM1.4.1} nhiệm vụ được giao.")
    for folder in ("nhap_tay", "mot_cua"):
        (root / "inbox" / folder).mkdir(parents=True)
    book.save(root / "inbox" / "nhap_tay" / "nhap-tay-2026-06-10.xlsx")
    rows = [[str(number), f"H99.15-260504-{number:04d}", "Đăng ký khai sinh", *rest] for number, *rest in DOSSIERS]
    write_xlsx(root / "inbox" / "mot_cua" / "danh-sach-2026-06-10.xlsx", {"Hồ sơ": [TITLES, *rows]})
    run_period(root)
    return root


def list_figures(book: openpyxl.Workbook) -> Iterator[tuple[str, int, object]]:
    """What the officers type: sheet, row, value; one types words, one declares on two sheets."""
    typed = {(PERSON_A, "4", "1.1"): 12, (PERSON_A, "1", "4.2"): "900 phiếu", (PERSON_B, "1", "4.1"): 38,
             (PERSON_B, "1", "4.1.1"): 28, (REST, "1", "1"): 7}  # fmt: skip
    for (sheet, form, stt), value in typed.items():
        yield sheet, find_row(book, sheet, form, stt), value


def find_row(book: openpyxl.Workbook, sheet: str, form: str, stt: str) -> int:
    (row,) = [line[0].row for line in book[sheet].iter_rows(min_row=5) if (line[1].value, line[2].value) == (form, stt)]
    return row


def read_document(home: Path) -> tuple[list[str], list[list[list[str]]]]:
    document = Document(str(home / "reports" / "2026-6T" / "bao-cao.docx"))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    texts = [part.text for part in document.iter_inner_content() if not isinstance(part, Table)]
    return texts, tables


def test_the_report_bears_the_units_names_and_no_others(home: Path) -> None:
    texts, tables = read_document(home)
    letterhead, signature = tables[0], tables[1]
    assert letterhead[0][0].split("\n")[:3] == [
        "ỦY BAN NHÂN DÂN TỈNH MẪU",
        "ỦY BAN NHÂN DÂN",
        "XÃ THỬ NGHIỆM THƯỢNG",
    ]
    assert signature[0][1].split("\n")[:3] == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert signature[0][0].split("\n") == ["Nơi nhận:", "- Sở Nội vụ tỉnh Mẫu;", "- Lưu: VT, VP."]
    everything = "\n".join([*texts, *(cell for table in tables for row in table for cell in row)])
    assert "- UBND xã Thử Nghiệm Thượng đã hoàn thành đúng hạn 28/38 nhiệm vụ được giao." in texts
    for strange in ("Nhị Chiểu", "Hải Phòng", "thành phố", "phường"):
        assert strange.casefold() not in everything.casefold(), strange


def test_labels_and_forms_follow_the_settings_in_word_and_excel_alike(home: Path) -> None:
    texts, tables = read_document(home)
    assert [text for text in texts if text.startswith("Biểu mẫu ")] == ["Biểu mẫu 1", "Biểu mẫu 3", "Biểu mẫu 4"]
    label = "Thực hiện nhiệm vụ UBND tỉnh, Chủ tịch UBND tỉnh giao"
    assert label in [row[1] for row in tables[2]]
    annex = openpyxl.load_workbook(home / "reports" / "2026-6T" / "phu-luc-3.xlsx")
    assert annex.sheetnames == ["Biểu mẫu 1", "Biểu mẫu 3", "Biểu mẫu 4"]
    assert label in [row[1] for row in annex["Biểu mẫu 1"].iter_rows(values_only=True)]
    counted = {(row["bieu"], row["stt"]): row["so_lieu"] for row in read_values(home)}
    assert (counted["3", "2.1.1"], counted["3", "2.1.2"], counted["II.2", "8"]) == (2, 1, 1)


def test_forms_that_do_not_apply_are_neither_asked_for_nor_missed(home: Path) -> None:
    book = openpyxl.load_workbook(home / "mau" / "nhap-tay-2026-6T.xlsx")
    asked = {row[1] for name in (REST, PERSON_A, PERSON_B) for row in book[name].iter_rows(min_row=5, values_only=True)}
    assert asked == {"1", "4"}
    missed = query(home, "select dien_giai from out.phat_hien_ky where ma = 'CHUA_CO_SO_LIEU'")
    assert missed
    assert not [text for (text,) in missed if text.startswith(("BM2", "BM5", "BM6", "BM7"))]
    judged = query(home, "select ma from out.doi_chieu where ma = 'C08' and ket_qua = 'khong_dat'")
    assert judged == []


def test_each_officers_sheet_is_read_and_a_wrong_cell_is_named_by_sheet_and_cell(home: Path) -> None:
    book = openpyxl.load_workbook(home / "mau" / "nhap-tay-2026-6T.xlsx")
    assert book[PERSON_A]["A2"].value.endswith("người phụ trách: Bộ phận Mẫu A")
    assert {row[2] for row in book[PERSON_B].iter_rows(min_row=5, values_only=True)} == {
        "4.1",
        "4.1.1",
        "4.1.2",
        "4.1.3",
    }
    figures = query(home, "select bieu, stt, gia_tri from core.nhap_tay where gia_tri is not null order by all")
    assert figures == [("1", "1", 7), ("1", "4.1", 38), ("1", "4.1.1", 28), ("4", "1.1", 12)]
    (wrong,) = query(home, "select dien_giai from core.phat_hien where ma = 'SO_KHAI_KHONG_DOC_DUOC'")
    place = f"Trang “{PERSON_A}”, ô G{find_row(book, PERSON_A, '1', '4.2')}: "
    assert wrong[0].startswith(place)
    assert "ghi kèm chữ hoặc đơn vị tính" in wrong[0]


def test_settings_that_change_no_value_are_no_input_of_one(home: Path) -> None:
    unit = Settings(home=home).unit
    plain = unit.model_copy(update={"bao_cao": type(unit.bao_cao)(), "phan_cong": {}})
    assert hash_inputs([], unit) == hash_inputs([], plain)


def test_the_deadline_is_the_units_own_where_it_set_one(home: Path) -> None:
    rules = Settings(home=home).unit.bao_cao
    half, autumn = parse_period("2026-6T"), parse_period("2026-Q3")
    day = half.den_ngay.replace(day=10)
    assert say_deadline(half, rules.deadline(half), day).endswith(
        "gửi trước 12/06/2026 (hạn chung 20/06/2026), còn 2 ngày."
    )
    assert rules.deadline(autumn) == autumn.gui_truoc
    assert "đã quá 3 ngày" in say_deadline(half, rules.deadline(half), day.replace(day=15))


def set_unit(root: Path, settings: str) -> UnitSettings:
    root.mkdir(exist_ok=True)
    (root / "settings.toml").write_text(settings, "utf-8")
    return Settings(home=root).unit


def test_another_units_report_never_goes_to_the_shipped_units_superiors(tmp_path: Path) -> None:
    """Its recipients stay open and it is a draft until the setting that the finding names is written."""
    root = tmp_path / "home"
    without = "\n".join(line for line in SETTINGS.splitlines() if not line.startswith("noi_nhan"))
    assert set_unit(root, without).don_vi_con_thieu == ("noi_nhan",)
    rows = [[str(number), f"H99.15-260504-{number:04d}", "Đăng ký khai sinh", *rest] for number, *rest in DOSSIERS]
    (root / "inbox" / "mot_cua").mkdir(parents=True)
    write_xlsx(root / "inbox" / "mot_cua" / "danh-sach-2026-06-10.xlsx", {"Hồ sơ": [TITLES, *rows]})
    run_period(root)
    _, tables = read_document(root)
    assert tables[1][0][0].split("\n") == ["Nơi nhận:", "- …;", "- Lưu: VT."]
    told = query(root, "select muc_do, dien_giai from out.phat_hien_ky where ma = 'DON_VI_GHI_THIEU'")
    assert told == [
        (
            "E",
            "settings.toml ghi tên của đơn vị mình nhưng mục [don_vi] còn thiếu noi_nhan: báo cáo để trống nơi nhận. "
            "Hãy ghi noi_nhan vào mục [don_vi] của settings.toml rồi chạy lại.",
        )
    ]
    assert query(root, "select ma from out.loi_chan where ma = 'DON_VI_GHI_THIEU' and chinh_sach = 'II06A'")


def test_names_that_the_settings_leave_to_the_shipped_unit_are_listed(tmp_path: Path) -> None:
    half = set_unit(tmp_path, '[don_vi]\nten_ngan = "UBND xã Mẫu"\ndia_danh = "Mẫu"\nnoi_nhan = ["Lưu: VT"]')
    assert half.don_vi_con_thieu == ("ten_co_quan", "ten_day_du")
    assert half.don_vi.noi_nhan == ("Lưu: VT",)
    same = set_unit(tmp_path, '[don_vi]\nten_ngan = "UBND Phường  Nhị Chiểu"\nchuc_vu_ky = "KT. CHỦ TỊCH"')
    assert same.don_vi_con_thieu == ()
    assert "Sở Nội vụ thành phố Hải Phòng" in same.don_vi.noi_nhan


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ('[bao_cao]\nbieu_mau = ["8"]', "bao_cao.bieu_mau"),
        ('[bao_cao.han_nop]\nQ2 = "12/06"', "bao_cao.han_nop"),
        ('[bao_cao.han_nop]\nQ1 = "31/02"', "bao_cao.han_nop"),
        ('[phan_cong]\n"Mẫu" = ["BM9"]', "phan_cong"),
        ('[phan_cong]\n"Mẫu" = ["BM1"]\n"Thử" = ["BM1"]', "phan_cong"),
    ],
)
def test_a_setting_that_would_silently_do_nothing_is_refused(tmp_path: Path, settings: str, place: str) -> None:
    (tmp_path / "settings.toml").write_text(settings, "utf-8")
    with pytest.raises(WrongSettings, match=place):
        _ = Settings(home=tmp_path).unit
