"""Sheets with a sound header whose values cannot be trusted, and what only the workbook's XML tells of them."""

from __future__ import annotations

import base64
import gzip
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from assets.raw.extract import Extraction, RefusedFile, extract_tables
from schemas.findings import Finding
from schemas.sources import load_sources

SPEC = load_sources()["mot_cua"]
TITLES = ["STT", "Mã hồ sơ", "Mã TTHC", "Lĩnh vực", "Phí (VNĐ)", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"]
DAYS = [(1, 5), (2, 12), (3, 18), (12, 19), (15, 22), (20, 26)]
"""Receipt and due day, all of June 2026."""
Cell = str | int | float | date | None

# The first four rows of ``lines(day_first)`` under TITLES as LibreOffice saves them as BIFF8, with C2:C4, D2:D5 and
# E2:E3 merged.
XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)Yitx%6h3!mx}7e4ObbOUxUMMB(g(X+s3nRm6tpC~0u_xRky5u0S=y$cDT$9o<d1<w!w>vHVjBCy#Q2Jd#%P58<A+8Q!w-"
        "!n1!5vWlEr8YiS7EGGk2y#*(QAu6Sa48=H7GeIrrST=bU@*nQy--9Uc0p;u1|N50OdZ*#Zg$XbKSa5QoUnwDD{<>yfkb<zH3Cbj>!jV81*7+"
        "dLm&0}8Z#7wCGv{I|+(>cew{qO^s2Q4i2jnn_s<j|q-99hvcI@=dqQ>z}=T-"
        "oJStHvv<{KkxY*|Al}eKrx`iJp!l{PzG2CSOh2+pCGymumo^7paQTIunceyAOg4-5Cz-^SPr-"
        "!@Bm;1U?pG`pb}7}=Uc67hB~y@0AiY!KwUq-Kh3HX*sx+Kk3KK@icK!IzXXr?&>9iHxD41w{p=ep?WvCFKUFr#9NHDn;XIsl16qpCf?7-"
        ";2=xnjZxHW8X{KnS_UI>#W|{jbc`uiDF|quoBJ+b#;_$;C#mirpAW)RATBw~;)I$fb5B7kgf-"
        "Z1;y(}CY9crWWFxOmqBUT{|bBsNf>`e}|r$!}qhUt%NG!UofqfBRUq5nQTx-mmK{qN|*Si4;7T<!8_Cey2?pw~=6Up)oAASd0QPvsQ!=mh<="
        "fjCT4mTM<%N?n=`NnMt<q+XcLmwHh;FS}p-{RCp9I^_CbD}5J<(qS4>ClS*M&xo=CL~W-"
        "OU8ARXXV2^weW48R;2iqiO+N_rv>?N=cMcI`(=mmU!alE>@ouKb4aYqzY@8W3&I0>S92b8f(w6G;0q4!0wl<s8cDjNu?DnUHpxAyT+Sb<Eg3"
        "fJJrFzjBrRV8JqysCcb^*N(LM82`9ptDggtpp2T{McDOB6Sl9y%B4M~mg&i}d2u3UqhVXCOu8qVsknOsWlyA&|O+*p0ofhtIOs#M-"
        "*}x>#+ZA=VI!*T!P8I8MVv9U6`Cb&zWT@6~`D&kpBgEWRezuqF{pG%&Jm0#S}?CzpMYuH#!%G<KV!1S?9gWFjz3+(#z!*E4@T^VbLY8>irp%"
        "lK=VWxdCe#jF?8pyi(K9d<cjA~MQ#ZSWPqJt~}Aj*3FK#xrmk-dsz?O&mBwZOgK2mm4aYo)&tVCPrMr4oo%b7<xvm)gn<X?^lG^yFwfn+N<("
        "j>C6Apv?|c9^xK)Hsz7@PTYdp%MdIEDwAH93g`wjk`$wC+TG8X^vFSzmY*Me;CHhN?-"
        "OXCwJf>|px?SUL<f=qyDhJKTK{IpEtVy&nomRVZa4`i;`IsSV>|rJ_)5k1emXGBD%k!}iu#k`C17p*@1bZsc=k+PkXZx4|D-"
        "`&c2`uc(S#X%;JG?&Dx4`FQeT6>8`iiuiA^O6)&k%jQ)?bPbu|9q*-OHnv_`E!-"
        "<72^5O&PUV_n9(ksf@~)JF2NUd7Zp@o1&r2mtzeJeJrTK5)B@wB^nm_7~6%{Nf{wvyiTr6P?sgT9AAcYmHU{d>t|dTOj&C~R)<G3#S%Q)ue6"
        "IjAk*qbSjN_yFi#J@kcr7GtxToR3o=fQYrjEZkz*P5kVlL%`XuDuoroTmh~W#m>sy`zlrHSxU3PFF<)s?ox#lhkw{|n^<}i+JxaXYP^(dbe+"
        "j}|&`VRMX9*J%l>`11f>mRIbYd?@orIO;in|eAs8|S8<jJe2<XGx5dV_X_N@z!rQcXm7PzF|}Ks*k^CBfY6}E2Wp6-"
        "K$mSS^M;YcI$lWh|amvI`2BEbG55uZVtsVef`Pa{-c8_(s`Ak^P=X!TyAUE4<F0C@RJI*@AUUG#klzO#j|xwozrLV{WUk=-^|<7B-"
        "%cmCwjLEC-9BibY4n2SLFUi-QOI@U3slG_V@2i4jk_3>%Dc2czx^Z;xu1!mpl3YN9;E#hI7e?O^e+26VN_D2a$2{JPyuy{$;XVx^~Xa;J-"
        ">s*o)H^=skoCcPHlX?5y;gfqyX5ky#Dc>hBXfaTQF?+J1Z>&h-"
        "CJjs92TUUc@*bNK#4$V=JwTj2$rViTtDZMqMXsY|8SpErZ`uLWH2^>2oT4w*wzJaA_7X`IFP^KS6Y{Qo~Ge*-UHJiP"
    )
)
OPEN_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:spreadsheet>
<table:table table:name="Hồ sơ">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
OPEN_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def lines(show: Callable[[int], Cell]) -> list[list[Cell]]:
    return [
        [
            number,
            f"H24.150-2606{first:02d}-000{number}",
            "2.000815",
            "Chứng thực",
            5000,
            show(first),
            show(last),
            "Đang xử lý",
        ]
        for number, (first, last) in enumerate(DAYS, start=1)
    ]


def day_first(day: int) -> str:
    return f"{day:02d}/06/2026"


def save(path: Path, rows: Sequence[Sequence[Cell]], change: Callable[[Any, Any], None] = lambda *_: None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Hồ sơ"
    for row in rows:
        sheet.append(row)
    change(book, sheet)
    book.save(path)
    return path


def read(path: Path) -> Extraction:
    return extract_tables(path, SPEC)


def refusal(path: Path) -> Finding:
    with pytest.raises(RefusedFile) as caught:
        read(path)
    (finding,) = caught.value.findings
    assert "Hãy" in finding.dien_giai
    return finding


# --- dates that nobody can read ---


@pytest.mark.parametrize("title", ["Ngày tiếp nhận", "Ngày hẹn trả"])
def test_a_column_of_dates_in_an_unknown_form_refuses_the_list(tmp_path: Path, title: str) -> None:
    """All receipts unreadable would publish a report of no dossiers, all due days one of late ones."""
    column = TITLES.index(title)
    rows: list[list[Cell]] = [[*TITLES], *lines(day_first)]
    for row in rows[1:]:
        row[column] = str(row[column]).replace("/2026", "/26")
    finding = refusal(save(tmp_path / "a.xlsx", rows))
    assert (finding.ma, finding.sheet, finding.row) == ("NGAY_CA_COT_KHONG_DOC_DUOC", "Hồ sơ", 1)
    assert f"cả 6 ngày ở cột “{title}”" in finding.dien_giai
    # one that can be read shows that the others are slips of single rows; words are none of a form
    rows[6][column] = "26/06/2026"
    assert read(save(tmp_path / "b.xlsx", rows)).data_rows == {"ho_so": 6}
    for row in rows[1:]:
        row[column] = "chưa có"
    assert read(save(tmp_path / "c.xlsx", rows)).data_rows == {"ho_so": 6}


def test_other_columns_of_dates_do_not_refuse_a_list(tmp_path: Path) -> None:
    """A pending list has no end days, and says so in its own way; a date of no weight is told at its row."""
    rows: list[list[Cell]] = [[*TITLES, "Ngày kết thúc xử lý", "Ngày gia hạn"]]
    rows += [[*row, "01/01/0001 00:00:00", "0"] for row in lines(day_first)]
    assert read(save(tmp_path / "a.xlsx", rows)).data_rows == {"ho_so": 6}
    for row in rows[1:]:
        row[6] = "01/01/0001"
    assert read(save(tmp_path / "b.xlsx", rows)).data_rows == {"ho_so": 6}


def test_a_time_limit_under_the_title_of_a_due_day_is_no_day(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[*TITLES], *lines(day_first)]
    for row in rows[1:]:
        row[6] = "5 ngày làm việc"
    assert refusal(save(tmp_path / "a.xlsx", rows)).ma == "NGAY_CA_COT_KHONG_DOC_DUOC"


def test_no_phone_number_is_quoted_where_no_date_can_be_read(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[*TITLES], *lines(day_first)]
    for row in rows[1:]:
        row[6] = "0912345678"
    assert "0912345678" not in refusal(save(tmp_path / "a.xlsx", rows)).dien_giai


# --- days and months in each other's place ---


def test_dates_written_month_first_refuse_the_file(tmp_path: Path) -> None:
    """6/1/2026 would be read as 6 January: of twelve dates, six can only be month first."""
    found = refusal(save(tmp_path / "a.xlsx", [TITLES, *lines(lambda day: f"6/{day}/2026")]))
    assert found.ma == "NGAY_THANG_DAO"
    assert "6 ngày chỉ đọc được khi tháng đứng trước" in found.dien_giai


def test_dates_turned_round_by_a_spreadsheet_refuse_the_file(tmp_path: Path) -> None:
    """A program of another country takes 01/06 for 6 January, a date cell, and leaves 15/06 as text."""

    def turn(day: int) -> Cell:
        return datetime(2026, day, 6) if day <= 12 else day_first(day)  # noqa: DTZ001

    found = refusal(save(tmp_path / "a.xlsx", [TITLES, *lines(turn)]))
    assert found.ma == "NGAY_THANG_DAO"
    assert "6 ngày là chữ đều sau ngày 12, 6 ô kiểu ngày đều không sau ngày 12" in found.dien_giai


def test_one_slip_or_a_mix_of_kinds_is_no_reason_to_refuse(tmp_path: Path) -> None:
    slip = lines(day_first)
    slip[5][6] = "06/26/2026"
    assert read(save(tmp_path / "slip.xlsx", [TITLES, *slip])).data_rows == {"ho_so": 6}

    def mix(day: int) -> Cell:
        return datetime(2026, 6, day) if day % 2 else day_first(day)  # noqa: DTZ001

    assert read(save(tmp_path / "mix.xlsx", [TITLES, *lines(mix)])).data_rows == {"ho_so": 6}


def test_dates_turned_round_and_saved_as_text_refuse_the_file(tmp_path: Path) -> None:
    """01/06 was taken for 6 January and written back as 6/1 or 1/6; 15/06 is no date there and stays."""

    def turn(day: int) -> str:
        return f"6/{day}/2026" if day <= 12 else day_first(day)

    rows = [[str(cell) for cell in row] for row in (TITLES, *lines(turn))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(";".join(row) for row in rows) + "\n", "utf-8")
    found = refusal(path)
    assert found.ma == "NGAY_THANG_DAO"
    assert "6 ngày sau ngày 12 viết có số 0, 6 ngày còn lại viết không có số 0" in found.dien_giai
    for show in (lambda day: f"{day}/6/2026", lambda day: f"{day}/06/2026", day_first):
        rows = [[str(cell) for cell in row] for row in (TITLES, *lines(show))]
        path.write_text("\n".join(";".join(row) for row in rows) + "\n", "utf-8")
        assert read(path).data_rows == {"ho_so": 6}


def test_codes_in_scientific_notation_refuse_the_file(tmp_path: Path) -> None:
    listed = lines(day_first)
    for row in listed:
        row[1] = "2.60601E+11"
    found = refusal(save(tmp_path / "a.xlsx", [TITLES, *listed]))
    assert found.ma == "MA_BI_DOI_DANG"
    assert "6 ô ở cột “Mã hồ sơ”" in found.dien_giai


# --- formulas without a result ---


def test_formulas_that_nobody_computed_refuse_the_file(tmp_path: Path) -> None:
    def change(_: Any, sheet: Any) -> None:
        for row in range(4, 8):
            sheet.cell(row, 7).value = f"=DATE(2026,6,{row})"

    found = refusal(save(tmp_path / "a.xlsx", [[], TITLES, *lines(day_first)], change))
    assert (found.ma, found.row) == ("CONG_THUC_CHUA_TINH", 4)
    assert "4 ô ở cột “Ngày hẹn trả”" in found.dien_giai


def test_an_uncomputed_running_number_costs_nothing(tmp_path: Path) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet["A2"] = "=ROW()-1"
        sheet["J9"] = "=SUM(E2:E7)"

    assert read(save(tmp_path / "a.xlsx", [TITLES, *lines(day_first)], change)).data_rows == {"ho_so": 6}


def test_a_formula_whose_result_is_an_empty_text_was_computed(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "mau.xlsx")) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate([TITLES, *lines(day_first)]):
            sheet.write_row(row, 0, values)
        sheet.write_formula("G3", '=IF(1=2,"x","")', None, "x")
    with zipfile.ZipFile(tmp_path / "mau.xlsx") as made, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        for info in made.infolist():
            package.writestr(info, made.read(info).replace(b"<v>x</v>", b"<v></v>"))
    assert b't="str"' in zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml")
    assert read(tmp_path / "a.xlsx").tables["ho_so"]["ngay_hen_tra"][1] is None


# --- cells merged downwards ---


@pytest.mark.parametrize("packed", ["", "zip", "gz"])
def test_a_cell_merged_downwards_holds_in_every_row_but_an_amount_in_its_first(tmp_path: Path, packed: str) -> None:
    def change(_: Any, sheet: Any) -> None:
        for area in ("C2:C4", "D2:D5", "E2:E3"):
            sheet.merge_cells(area)

    path = save(tmp_path / "a.xlsx", [TITLES, *lines(day_first)], change)
    if packed == "gz":
        (tmp_path / "a.gz").write_bytes(gzip.compress(path.read_bytes()))
    if packed == "zip":
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
            package.writestr("b.csv", ",".join(TITLES) + "\n")
            package.write(path, "thang 6/a.xlsx")
    table = read(tmp_path / f"a.{packed or 'xlsx'}").tables["ho_so"]
    assert table["ma_tthc"].to_list() == ["2.000815"] * 6
    assert table["linh_vuc"].to_list() == ["Chứng thực"] * 6
    assert table["phi"].to_list() == ["5000", None, *["5000"] * 4]


# --- the calendar of 1904 ---


@pytest.mark.parametrize("styled", [True, False])
def test_a_workbook_that_counts_from_1904(tmp_path: Path, *, styled: bool) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"date_1904": True})
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "dd/mm/yyyy"}) if styled else None
    for row, values in enumerate([TITLES, *lines(lambda day: (date(2026, 6, day) - date(1904, 1, 1)).days)]):
        for column, value in enumerate(values):
            sheet.write(row, column, value, style if row and column in (5, 6) else None)
    book.close()
    from assets.core.parsing import parse_datetime_expr

    table = read(tmp_path / "a.xlsx").tables["ho_so"]
    days = table.select(parse_datetime_expr("ngay_tiep_nhan").dt.date())["ngay_tiep_nhan"].to_list()
    assert days == [date(2026, 6, first) for first, _ in DAYS]


# --- rows and sheets that are not read ---


def test_a_hidden_sheet_that_holds_a_list_is_told(tmp_path: Path) -> None:
    def change(book: Any, _: Any) -> None:
        for name, rows in (("Cũ", [TITLES, *lines(day_first)[:2]]), ("Mã", [["1", "Đang xử lý"]])):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            sheet.sheet_state = "hidden"

    extraction = read(save(tmp_path / "a.xlsx", [TITLES, *lines(day_first)], change))
    assert extraction.data_rows == {"ho_so": 6}
    (told,) = [one for one in extraction.findings if one.ma == "TRANG_AN"]
    assert "“Cũ” bị ẩn nhưng có 2 dòng" in told.dien_giai


def test_subtotals_of_groups_are_no_dossiers(tmp_path: Path) -> None:
    listed = lines(day_first)
    rows = [
        *([None, "I. Lĩnh vực Chứng thực"], *listed[:3], [None, "Cộng nhóm I: 3 hồ sơ"]),
        *(["II", "Lĩnh vực Hộ tịch"], *listed[3:], ["Total", "6"], ["Grand Total", "6"]),
    ]
    extraction = read(save(tmp_path / "a.xlsx", [TITLES, *rows]))
    assert extraction.tables["ho_so"]["ma_ho_so"].to_list() == [row[1] for row in listed]


# --- headers ---


def test_a_header_of_eight_rows_with_empty_ones_inside_merged_cells(tmp_path: Path) -> None:
    def change(_: Any, sheet: Any) -> None:
        for area in ("A1:A8", "B1:G4", "H1:H8", "B5:B8", "C5:D6", "E5:E8", "F5:G6", "C7:C8", "D7:D8", "F7:F8", "G7:G8"):
            sheet.merge_cells(area)

    blank: list[Cell] = [None] * 8
    top: list[Cell] = ["STT", "Thông tin hồ sơ", *blank[:5], "Trạng thái"]
    middle: list[Cell] = [None, "Mã hồ sơ", "Thủ tục", None, "Phí (VNĐ)", "Ngày", None, None]
    low: list[Cell] = [None, None, "Mã TTHC", "Lĩnh vực", None, "Tiếp nhận", "Hẹn trả", None]
    rows = [top, blank, blank, blank, middle, blank, low, blank, *lines(day_first)]
    table = read(save(tmp_path / "a.xlsx", rows, change)).tables["ho_so"]
    assert table.select("ma_ho_so", "ngay_tiep_nhan", "ngay_hen_tra", "_row").row(0) == (
        "H24.150-260601-0001",
        "01/06/2026",
        "05/06/2026",
        9,
    )
    assert table.height == 6


@pytest.mark.parametrize("number", ["{title} ({n})", "{n}. {title}", "({n}) {title}", "{title}\n({n})"])
def test_titles_that_carry_the_number_of_their_column(tmp_path: Path, number: str) -> None:
    titles: list[Cell] = [number.format(title=title, n=n) for n, title in enumerate(TITLES, start=1)]
    assert read(save(tmp_path / "a.xlsx", [titles, *lines(day_first)])).data_rows == {"ho_so": 6}


@pytest.mark.parametrize("merged", [True, False])
def test_a_title_that_the_row_below_divides_refuses_the_file(tmp_path: Path, *, merged: bool) -> None:
    """Levels as crosses under "Tỉnh", "Huyện", "Xã": the first of them is not the level."""
    top: list[Cell] = ["STT", "Mã TTHC", "Tên TTHC", "Lĩnh vực", "Cấp thực hiện", None, None, "Mức độ"]
    low: list[Cell] = [None, None, None, None, "Tỉnh", "Huyện", "Xã", None]
    rows: list[list[Cell]] = [[1, "1.001001", "Thủ tục A", "Hộ tịch", None, None, "x", "Toàn trình"]]

    def change(_: Any, sheet: Any) -> None:
        if merged:
            sheet.merge_cells("E1:G1")

    path = save(tmp_path / "a.xlsx", [top, low, *rows], change)
    with pytest.raises(RefusedFile) as caught:
        extract_tables(path, load_sources()["tthc"])
    (found,) = caught.value.findings
    assert found.ma == "TIEU_DE_CHIA_COT"
    assert "“Cấp thực hiện” trải trên nhiều cột có tiêu đề con “Tỉnh”, “Huyện”, “Xã”" in found.dien_giai


def test_a_level_that_is_no_word_for_one_is_told() -> None:
    from assets.core.thu_tuc import clean_procedures
    from assets.io.landing import Passport

    levels = ["Cấp xã", "x", "Cơ quan khác", None]
    frame = pl.DataFrame(
        {
            "ma_tthc": [f"1.00100{number}" for number in range(4)],
            "cap_thuc_hien": levels,
            "_file_sha256": ["f"] * 4,
            "_sheet": ["S"] * 4,
            "_row": [2, 3, 4, 5],
        }
    )
    passport = Passport("tthc", "f.xlsx", "f", 1, datetime(2026, 6, 1), "trong_tep", {"thu_tuc": 4})  # noqa: DTZ001
    found = clean_procedures([(passport, frame)]).findings.filter(pl.col("ma") == "GIA_TRI_LA")
    assert found.select("ma_ho_so", "_row").rows() == [("1.001001", 3)]


def test_merged_cells_of_the_old_format(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(XLS)
    table = read(tmp_path / "a.xls").tables["ho_so"]
    assert table["ma_ho_so"].to_list() == [row[1] for row in lines(day_first)[:4]]
    assert table["ma_tthc"].to_list() == ["2.000815"] * 4
    assert table["linh_vuc"].to_list() == ["Chứng thực"] * 4
    assert table["phi"].to_list() == ["5000", None, "5000", "5000"]


def test_merged_cells_of_opendocument_beside_an_empty_first_column(tmp_path: Path) -> None:
    def show(cell: Cell, spanned: int) -> str:
        span = f' table:number-columns-spanned="1" table:number-rows-spanned="{spanned}"' if spanned > 1 else ""
        return f'<table:table-cell office:value-type="string"{span}><text:p>{cell}</text:p></table:table-cell>'

    covered = "<table:covered-table-cell/>"
    texts = ["<table:table-cell/>" + "".join(show(title, 1) for title in TITLES)]
    for number, row in enumerate(lines(day_first)):
        cells = [show(cell, 1) for cell in row]
        cells[2] = show(row[2], 3) if number == 0 else covered if number < 3 else cells[2]
        texts.append("<table:table-cell/>" + "".join(cells))
    content = OPEN_DOCUMENT.format(rows="".join(f"<table:table-row>{text}</table:table-row>" for text in texts))
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", OPEN_MANIFEST)
    assert read(tmp_path / "a.ods").tables["ho_so"]["ma_tthc"].to_list() == ["2.000815"] * 6


def test_an_amount_that_spans_rows_of_a_page_is_counted_once(tmp_path: Path) -> None:
    titles = ["STT", "Mã hồ sơ", "Số biên lai", "Ngày thu", "Tổng (VNĐ)"]
    rows = [titles, ["1", "H24.150-260601-0001", "0001", "01/06/2026"], ["2", "0002", "02/06/2026"]]
    html = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    html[1] = html[1].replace("<td>H24", '<td rowspan="2">H24') + '<td rowspan="2">15.000</td>'
    path = tmp_path / "a.xls"
    path.write_text(f"<table>{''.join(f'<tr>{row}</tr>' for row in html)}</table>", "utf-8")
    table = extract_tables(path, load_sources()["thanh_toan"]).tables["thanh_toan"]
    assert table.select("ma_ho_so", "so_bien_lai", "tong").rows() == [
        ("H24.150-260601-0001", "0001", "15.000"),
        ("H24.150-260601-0001", "0002", None),
    ]


def test_of_two_columns_of_states_the_one_with_states_is_read(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[*TITLES, "Tình trạng"], *([*row, "Đúng hạn"] for row in lines(day_first))]
    assert read(save(tmp_path / "a.xlsx", rows)).tables["ho_so"]["trang_thai"].to_list() == ["Đang xử lý"] * 6
    rows[3][8] = "Đã trả kết quả"
    assert refusal(save(tmp_path / "b.xlsx", rows)).ma == "COT_TRUNG"
