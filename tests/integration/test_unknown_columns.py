"""Two sources, one of them a book without columns for money and files: what is counted, what is said to be unknown.

Numbers are worked out by hand from the dossiers below (docs/decisions/0007). A dossier "A" stands in the one-stop list,
"B" in the book only; A1 stands in both.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.support import homes
from tests.support import layouts_tables as lt

LIST = """Mã hồ sơ;Mã TTHC;Tên thủ tục hành chính;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Trạng thái"""
SAID = ";Phí;Lệ phí;Thanh toán trực tuyến;File thành phần;File kết quả"
COPY, BIRTH = "2.000815;Sao y bản chính", "1.001193;Đăng ký khai sinh"
DOSSIERS = (
    f"H24.1-260105-A1;{COPY};05/01/2026;08/01/2026;07/01/2026;Đã xử lý xong",
    f"H24.1-260106-A2;{COPY};06/01/2026;09/01/2026;08/01/2026;Đã xử lý xong",
    f"H24.1-260601-A3;{COPY};01/06/2026;15/06/2026;;Đang xử lý",
)
CELLS = (";10000;0;Có;Có;Có", ";;;Không;;Không", ";0;20000;Không;x;")
# a birth certificate bears no fee and its result is no paper
CATALOGUE = """Mã TTHC;Tên TTHC;Lĩnh vực;Cấp thực hiện;Mức độ;Có phí, lệ phí;Không có kết quả;Tình trạng
2.000815;Sao y bản chính;Chứng thực;Cấp xã;Toàn trình;Có;Không;Đang công khai
1.001193;Đăng ký khai sinh;Hộ tịch;Cấp xã;Toàn trình;Không;Có;Đang công khai
"""
BOOK = (
    ("H24.1-260105-A1", "Sao y bản chính", "05/01/2026", "08/01/2026", "07/01/2026"),
    ("H24.1-260110-B1", "Sao y bản chính", "10/01/2026", "13/01/2026", "12/01/2026"),
    ("H24.1-260110-B2", "Đăng ký khai sinh", "10/01/2026", "13/01/2026", "13/01/2026"),
    ("H24.1-260602-B3", "Sao y bản chính", "02/06/2026", "12/06/2026", ""),
)
ROWS = ("5.1", "5.2", "5.3", "6", "6.1", "6.2")


def write_home(home: Path, name: str, lines: list[str] | None) -> Path:
    """A home with the catalogue and a one-stop list of those lines, its header first."""
    for place, text in (("tthc/danh-muc-2025-12-01.csv", CATALOGUE), (name, "\n".join(lines or []) + "\n")):
        path = home / "inbox" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return home


def write_book(home: Path) -> None:
    """Mẫu 07: a two-row merged header, no status, no money, no files."""
    top: list[Any] = ["STT", "Mã hồ sơ", "Nội dung hồ sơ", "Số lượng (bộ)", "Họ tên chủ hồ sơ", "Địa chỉ"]
    top += ["Số điện thoại", "Ngày tháng năm", "", "Trả kết quả", "", "", "Ghi chú"]
    low: list[Any] = [""] * 7 + ["Nhận hồ sơ", "Hẹn trả kết quả", "Ngày nhận kết quả", "Bên giao", "Bên nhận", ""]
    body: list[list[Any]] = [
        [n, code, name, 1, "Nguyễn Thị Thử", "", "", received, due, returned, "", "", ""]
        for n, (code, name, received, due, returned) in enumerate(BOOK, 1)
    ]
    path = home / "inbox" / "so_theo_doi" / "so-theo-doi-2026-06-23.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    lt.write_workbook(path, [["SỔ THEO DÕI HỒ SƠ"], [], top, low, *body], lt.BOOK_MERGES)


def read_rows(home: Path) -> dict[str, tuple[Any, ...]]:
    """Row of II.2 → value (of a ratio its terms), unknown dossiers, Ghi chú."""
    rows = homes.query(
        home,
        "select stt, loai, so_lieu, tu_so, mau_so, chua_ro, ghi_chu from out.bieu_mau"
        " where bieu = 'II.2' and chinh_sach = 'II06A' and don_vi is null",
    )
    return {
        stt: ((above, below) if kind == "ratio" else value, unknown, note)
        for stt, kind, value, above, below, unknown, note in rows
        if stt in ROWS
    }


def read_silent(home: Path) -> list[tuple[Any, ...]]:
    """Source, and the sentence, of every finding about what a source does not tell."""
    return homes.query(
        home, "select nguon, dien_giai from out.phat_hien_ky where ma = 'NGUON_THIEU_COT' order by dien_giai"
    )


KNOWN = {
    "5.1": ((2, 3), 0, "2/3"),
    "5.2": ((1, 2), 0, "1/2"),
    "5.3": ((1, 2), 0, "1/2"),
    "6": (2, 0, ""),  # A2: blank cells of columns that are there: no fee
    "6.1": (30000, 0, ""),
    "6.2": (1, 0, ""),
}
BESIDE = {
    "5.1": ((2, 3), 3, "2/3; 3 hồ sơ chưa rõ"),  # B1 B2 B3
    "5.2": ((2, 3), 1, "2/3; 1 hồ sơ chưa rõ"),  # B2: no paper result, so it is known; B1 is not
    "5.3": ((1, 2), 2, "1/2; 2 hồ sơ chưa rõ"),  # B1 B2
    "6": (2, 2, "2 hồ sơ chưa rõ"),  # B1 B3; B2 is of a procedure without fee
    "6.1": (30000, 2, "2 hồ sơ chưa rõ"),
    "6.2": (1, 2, "2 hồ sơ chưa rõ"),
}


@pytest.fixture(scope="module")
def one_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [LIST + SAID, *(one + cells for one, cells in zip(DOSSIERS, CELLS, strict=True))]
    home = write_home(tmp_path_factory.mktemp("mot"), "mot_cua/danh-sach-2026-06-23.csv", lines)
    homes.run_period(home)
    return home


@pytest.fixture(scope="module")
def two_sources(one_source: Path) -> Path:
    home = homes.copy_home(one_source, one_source.with_name("hai"))
    write_book(home)
    homes.run_period(home)
    return home


def test_a_list_with_the_columns_leaves_nothing_open(one_source: Path) -> None:
    assert read_rows(one_source) == KNOWN
    assert read_silent(one_source) == []


def test_a_book_without_them_adds_to_the_unknown_only(two_sources: Path) -> None:
    assert read_rows(two_sources) == BESIDE
    (received,) = homes.query(
        two_sources, "select so_lieu from out.bieu_mau where bieu = 'II.2' and stt = '2' and chinh_sach = 'II06A'"
        " and don_vi is null",
    )  # fmt: skip
    assert received == (6,)


def test_core_keeps_what_nobody_says_empty(two_sources: Path) -> None:
    rows = homes.query(
        two_sources,
        "select right(ma_ho_so, 2), phi, le_phi, thanh_toan_truc_tuyen, co_file_thanh_phan, co_file_ket_qua"
        " from core.ho_so order by 1",
    )
    assert rows == [
        ("A1", 10000, 0, 1, True, True),
        ("A2", 0, 0, 0, False, False),
        ("A3", 0, 20000, 0, True, False),
        *((name, None, None, None, None, None) for name in ("B1", "B2", "B3")),
    ]


def test_the_findings_count_them_per_source_and_column(two_sources: Path) -> None:
    found = read_silent(two_sources)
    assert {source for source, _ in found} == {"so_theo_doi"}
    told = [text.split("không cho biết ")[1].split(" hồ sơ (")[0] for _, text in found]
    assert told == [
        "“Có tệp kết quả” của 2",
        "“Có tệp thành phần” của 3",
        "“Phí và lệ phí thu trong kỳ” của 2",
        "“Thanh toán trực tuyến” của 2",
    ]
    assert "“Hồ sơ phát sinh phí, lệ phí”, “Số tiền phí, lệ phí thu được”" in found[2][1]


def test_text_and_workbook_say_it_too(two_sources: Path) -> None:
    folder = two_sources / "reports" / "2026-6T"
    text = "\n".join(one.text for one in docx.Document(str(folder / "bao-cao.docx")).paragraphs)
    assert "phát sinh phí, lệ phí: 2 (và 2 chưa rõ) hồ sơ; số tiền thu được: 30.000đ (2 hồ sơ chưa rõ)" in text
    assert "thanh toán trực tuyến: 1 hồ sơ (2 hồ sơ chưa rõ)" in text
    assert "2/3 hồ sơ, đạt 66,7% (3 hồ sơ chưa rõ)" in text
    passport = json.loads((folder / "provenance.json").read_text("utf-8"))["o"]
    assert {name: passport[f"II.2.{name}"]["chua_ro"] for name in ("2", *BESIDE)} == {
        "2": None,
        **{name: unknown for name, (_, unknown, _) in BESIDE.items()},
    }
    book = openpyxl.load_workbook(folder / "phat-hien.xlsx", read_only=True)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("không cho biết “Có tệp thành phần” của 3 hồ sơ" in cell for cell in cells)


def test_our_own_auditor_reads_such_a_report_without_a_new_error(one_source: Path, two_sources: Path) -> None:
    def audit(home: Path) -> set[str]:
        done = homes.cchc("verify", home / "reports" / "2026-6T" / "bao-cao.docx", "--json")
        assert done.code == 0, done.said
        return {one["ma"] for one in json.loads(done.out) if one["muc_do"] == "E"}

    assert audit(two_sources) <= audit(one_source)


def test_a_procedure_that_the_catalogue_does_not_list_leaves_its_dossiers_open(
    one_source: Path, tmp_path: Path
) -> None:
    """D1 paid and D2 did not, both under a code that nobody lists: no fee arose of D2, of D1 nobody knows."""
    home = homes.copy_home(one_source, tmp_path / "home")
    lines = [
        "H24.1-260301-D1;9.999999;Việc lạ;01/03/2026;05/03/2026;04/03/2026;Đã xử lý xong;7000;0;Có;Có;Có",
        "H24.1-260302-D2;9.999999;Việc lạ;02/03/2026;05/03/2026;04/03/2026;Đã xử lý xong;;;Không;Có;Có",
    ]
    path = home / "inbox" / "mot_cua" / "bo-sung-2026-06-23.csv"
    path.write_text("\n".join([LIST + SAID, *lines]) + "\n", "utf-8")
    homes.run_period(home)
    found = read_rows(home)
    assert found["5.1"] == ((4, 5), 0, "4/5")
    assert [found[stt] for stt in ("6", "6.1", "6.2")] == [(n, 1, "1 hồ sơ chưa rõ") for n in (2, 30000, 1)]
    services = homes.query(
        home,
        "select stt, so_lieu, tu_so, mau_so, ghi_chu from out.bieu_mau where bieu = '7' and chinh_sach = 'II06A'"
        " and don_vi is null and stt in ('1.2.1', '1.3', '1.3.1', '1.4.1') order by stt",
    )
    assert services == [  # A1 A2 A3 are of one procedure, toàn trình, none of them online
        ("1.2.1", 1, None, None, "2 hồ sơ chưa rõ"),
        ("1.3", 0, 0, 3, "0/3; 2 hồ sơ chưa rõ"),
        ("1.3.1", 3, None, None, "2 hồ sơ chưa rõ"),
        ("1.4.1", 0, None, None, "2 hồ sơ chưa rõ"),
    ]
    told = homes.query(home, "select dien_giai from out.phat_hien_ky where ma = 'HO_SO_CHUA_RO_THU_TUC' order by 1")
    assert [text.split("không cho biết ")[1].split(" (thủ tục")[0] for (text,) in told] == [
        "“Mức độ DVC” của 2 hồ sơ",
        "“Thủ tục có phí” của 1 hồ sơ",
    ]
    assert read_silent(home) == []
    audit = homes.cchc("verify", home / "reports" / "2026-6T" / "bao-cao.docx", "--json")
    before = homes.cchc("verify", one_source / "reports" / "2026-6T" / "bao-cao.docx", "--json")
    errors, old = ({one["ma"] for one in json.loads(done.out) if one["muc_do"] == "E"} for done in (audit, before))
    assert errors <= old


def test_the_summary_of_a_run_and_a_placeholder_do_not_hide_it(two_sources: Path, tmp_path: Path) -> None:
    home = homes.copy_home(two_sources, tmp_path / "home")
    workbook = tmp_path / "nhap-tay.xlsx"
    made = homes.cchc("template", "--home", home, "--period", "2026-6T", "--out", workbook)
    assert made.code == 0, made.said
    book = openpyxl.load_workbook(workbook)
    sheet = book["Đoạn văn"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Mục" for cell in row))
    columns = {cell.value: cell.column for cell in header}
    row = header[0].row + 1
    sheet.cell(row, columns["Mục"], "II.2")
    sheet.cell(row, columns["Nội dung"], "Thu {tien_le_phi:dong}.")
    book.save(home / "inbox" / "nhap_tay" / "nhap-tay-2026-06-23.xlsx")
    done = homes.cchc("run", "--home", home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert done.code == 0, done.said
    assert "30.000 (2 hồ sơ chưa rõ)" in done.out
    told = homes.query(home, "select dien_giai from out.phat_hien_ky where ma = 'SO_CHEN_CON_CHUA_RO'")
    assert [text.split(": đoạn")[1].split(". Hãy")[0] for (text,) in told] == [
        " văn in {tien_le_phi:dong} như số đủ, trong khi còn 2 hồ sơ chưa rõ"
    ]


def test_the_dossiers_behind_a_ratio_are_the_known_ones(two_sources: Path) -> None:
    done = homes.cchc("trace", "--home", two_sources, "--period", "2026-6T", "II.2.5.1", "--csv")
    assert done.code == 0, done.said
    assert {row["ma_ho_so"][-2:] for row in csv.DictReader(io.StringIO(done.out))} == {"A1", "A2", "A3"}


def test_where_every_dossier_is_unknown_the_row_is_empty(tmp_path: Path) -> None:
    """The only list with the columns speaks of dossiers long done: not one of the period is known."""
    old = "H24.1-240105-A0;2.000815;Sao y bản chính;05/01/2024;08/01/2024;07/01/2024;Đã xử lý xong;5000;0;Có;Có;Có"
    home = write_home(tmp_path / "home", "mot_cua/danh-sach-2026-06-23.csv", [LIST + SAID, old])
    write_book(home)
    homes.run_period(home)
    assert read_rows(home) == {
        "5.1": ((None, 0), 4, "chưa có số liệu; 4 hồ sơ chưa rõ"),
        "5.2": ((1, 1), 2, "1/1; 2 hồ sơ chưa rõ"),
        "5.3": ((None, 0), 3, "chưa có số liệu; 3 hồ sơ chưa rõ"),
        **dict.fromkeys(("6", "6.1", "6.2"), (None, 3, "chưa có số liệu; 3 hồ sơ chưa rõ")),
    }


def test_where_no_source_has_the_column_it_is_one_finding_and_no_count(tmp_path: Path) -> None:
    home = write_home(tmp_path / "home", "mot_cua/danh-sach-2026-06-23.csv", [LIST, *DOSSIERS])
    homes.run_period(home)
    lacking = {
        "5.1": "Có tệp thành phần", "5.2": "Có tệp kết quả", "5.3": "Có tệp thành phần, Có tệp kết quả",
        "6": "Phí", "6.1": "Phí", "6.2": "Phí, Thanh toán trực tuyến",
    }  # fmt: skip
    rows = read_rows(home)
    assert {stt: note for stt, (*_, note) in rows.items()} == {
        stt: f"chưa có số liệu (nguồn thiếu cột {columns})" for stt, columns in lacking.items()
    }
    assert {value for value, *_ in rows.values()} == {None, (None, None)}
    assert read_silent(home) == []
    missing = homes.query(
        home,
        "select regexp_extract(dien_giai, 'có cột “([^”]+)”', 1) from out.phat_hien_ky"
        " where ma = 'THIEU_COT_SO_LIEU' and dien_giai like '%hồ sơ%' order by 1",
    )
    assert missing == [("Có tệp kết quả",), ("Có tệp thành phần",), ("Phí",), ("Thanh toán trực tuyến",)]


def test_without_a_catalogue_the_fees_say_what_they_wait_for(tmp_path: Path) -> None:
    """Which procedures bear fees is the catalogue's to say: annex, text and terminal name it beside the blank."""
    lines = [LIST + SAID, *(one + cells for one, cells in zip(DOSSIERS, CELLS, strict=True))]
    home = write_home(tmp_path / "home", "mot_cua/danh-sach-2026-06-23.csv", lines)
    (home / "inbox" / "tthc" / "danh-muc-2025-12-01.csv").unlink()
    done = homes.cchc("run", "--home", home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert done.code == 0, done.said
    why = "thiếu danh mục thủ tục hành chính"
    found = read_rows(home)
    assert {stt: found[stt] for stt in ("6", "6.1", "6.2")} == dict.fromkeys(
        ("6", "6.1", "6.2"), (None, None, f"chưa có số liệu ({why})")
    )
    assert found["5.1"] == ((2, 3), 0, "2/3")
    assert f"│ (trống: {why})" in done.out
    report = docx.Document(str(home / "reports" / "2026-6T" / "bao-cao.docx"))
    assert any(f"số tiền thu được: … ({why})" in paragraph.text for paragraph in report.paragraphs)
    noted = [row.cells[-1].text for table in report.tables for row in table.rows if row.cells[0].text == "1.5.1."]
    assert noted == [f"chưa có số liệu ({why})"]


def test_a_payment_list_answers_for_the_days_that_it_covers(two_sources: Path, tmp_path: Path) -> None:
    """From 12/5 to 05/6: B3, received on 02/6, paid nothing; nobody knows about B1 of January."""
    home = homes.copy_home(two_sources, tmp_path / "home")
    payments = (
        "Mã hồ sơ;Số biên lai;Ngày thu;Tổng (VNĐ)\nH24.1-260105-A1;BL1;12/05/2026;10000\n"
        "H24.1-260604-C9;BL2;05/06/2026;7000\n"
    )
    path = home / "inbox" / "thanh_toan" / "thu-phi-2026-06-23.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(payments, "utf-8")
    homes.run_period(home)
    found = read_rows(home)
    assert found["6"] == (2, 1, "1 hồ sơ chưa rõ")
    assert found["6.1"] == (30000, 1, "1 hồ sơ chưa rõ")
