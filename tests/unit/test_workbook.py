"""Reading files by their content: every format, row numbers as the clerk sees them, every refusal."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import io
import json
import unicodedata
import zipfile
import zlib
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
import xlsxwriter

from assets.io import tabular_base, tabular_csv, workbook
from assets.io.sheet_marks import load_marks
from assets.io.tabular_legacy import convert_legacy, decode_text
from assets.io.workbook import Grid, UnreadableFile, read_grids, sniff_kind
from tests.support.sheet_samples import HEADER, dossier_rows, write_xlsx

# A BIFF8 workbook as LibreOffice saves it: B3 "STT", C3 "Mã hồ sơ"; B4 1, C4 a code, D4 15000, E4 the date 2026-06-09.
XLS = zlib.decompress(
    base64.b85decode(
        "c-"
        "rk(YiJx*6h3!mvzblP>?CcprtP}cN7LrfO{{4|Yqm|REm%_8Rf`1dCfQA6H`!$q!QyLU?H{qA^oJk?3B+HD4+Q<8V)9Q!@kM`B6w"
        "(T!)*q`VQZQM+bLLKV8WYH-Qn1Y#&fGiaKF+!KJm<?Vs;9=@sXIq=;4U(0rVt>%ho*p*`(YCqnl@7?6kKv)8U9x=ty|Wi5Be(uvd"
        "+u3UIV&ahN}|}P#Vt&g=sepq0Q1UDg~~C#d!By%$k`+&RZ-j^ItlDj^7-|P2gPr=UC7FUjbYJtOTwERsn-"
        "f3ZQCW4R953HLzA}g6MkS8sH7UI^bH(cfD>I!|30nzi&o+%W|x_;t;T)MSmH6u<|ojx#<2JEaGk7q}auIU^ivhHag>}-"
        "td)zogzbAu?!P1((ULeIt^+Sy(QES<-J|34-"
        "lnrySC^<MpR@!Den#Pt|DIlzO4CHC@mDC@5IVq6emzrt~x1BDH@<2#K8f~sH0EVzn+m9>>X-{jPR_>84dX=X`FrRzQj-"
        ">8&8FNL3)k-tgmm&;NX^HfGKgOar#r-#D$44(|Jds|FJl_Q6inLIr=#6ZoYeNaOUUd(l;$YZ(M-"
        "Bc>#K0UOK@TL>^y}e#*c{jtbn`IaAu|oL}0SoKM<SxpHY&=gJC)#newAP=6}Blv6AlAL<XcyntO5o=If^iDD-eU7&|KqUR3?Gk=~"
        "VH#2uDd@tTkEAs4fAH#Dj8db;;)`W`U9i`B3wv!_)<O&Np!1@bm;&0j}`9<TwSj-}|kAA=jkI*-vFb&g~LIT;-"
        "y0y9Gj!08$Tcj<rwJ8#bv=rbJ7G-"
        "=+^69l|fkiFV>ek>4<wP?3l1NsG6ZGL^?EBSn8XMa+b*{T`zOAm~5uxXb|1@+fUothSQH)IbHp_|zc|R+2-"
        "3)hJXwS*}HmvVYGW^)F(bKP=-S?-CO`iT3B2oZSk!ZmHw??(5(tmvN@KlG}DtZ7T7Cj}$CiT1()F-"
        "VHo<3R4x!N*pk<7$CPWTH7&6M#XZ5kKJ^PGL0F9TmZ;c48TDPw*;X37|I`UvsW#1o{RU-"
        ";~=d}V<9ue6`X^Lv~d&0E?wSg;_O`G`~qzI?sV19^L%D#V})S;uSmB=;CK^q$`d<wSSO4H2#9{feauLq80w-|}vx+{&k-"
        "<l0H0;xH?m8p^f|$Jv~rd%0%WH_)3+52uqO;oXn-CQ{)$w>8D$J&9B*A(yptAen5xoZ3w}PPSy2DUevvJp0nriC2HW*mcBy{UwVU"
        "Hokk7weqC)3?6US^<7lo-2J-"
        "FJEUv9K3(r+bdC7)G$Cg?{fJ)Y!oT|6nX{u$e6PIyQsiffapv<gr<>Q>r(TBqjThhC#aVO?ty|ZbZgjFevhLS0hav1av!P{lYhOO"
        "|j!fpkM0R)}J#^_=+0I&8n-"
        "Pm5bTz_%`Tr;PKgWmWTf;hu2Auvw;GU(UsJK{;qb18<BXP`$h=mgVtG@QTe$olPgRt=~$nfZr_?w=8u*Ixd2i!aBr(LKA6HC?~$M"
        "I7C|3dm-O{!8lNRQ$CgQ!bc_j_RlNzn;YMo_P&L0K5;HUF{_?*B&M8?*d(fkUszkPr(jO`i58oPUFd|F!=A{|})qAol"
    )
)

ROWS = [["DANH SÁCH HỒ SƠ"], ["Ngày xuất: 09/06/2026 14:05"], HEADER, *dossier_rows(3)]


def rows_of(grid: Grid) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in grid.cells.iter_rows()]


def padded(rows: list[list[str]]) -> list[list[str]]:
    return [row + [""] * (len(HEADER) - len(row)) for row in rows]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def csv_bytes(delimiter: str, encoding: str) -> bytes:
    return "\r\n".join(delimiter.join(row) for row in ROWS).encode(encoding)


def windows_1258(text: str) -> bytes:
    """The code page has no letter with a tone but the common ones: base letter, then the tone as a byte of its own."""
    out = ""
    for letter in unicodedata.normalize("NFC", text):
        try:
            letter.encode("windows-1258")
            out += letter
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + tones
    return out.encode("windows-1258")


# --- workbooks ---


def test_cells_become_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Trang 1")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        values = [15000.0, 2.25, 46085.629, True, " hai  dòng\n"]
        sheet.write_row(0, 0, values)
        sheet.write_datetime(0, 5, dt.date(2026, 6, 9), day)
        sheet.write_datetime(0, 6, dt.datetime.fromisoformat("2026-06-09T13:05:07"), moment)
        sheet.write_formula(0, 7, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 8, "=1+1", None, 2)
        sheet.write_string(0, 9, "0912345678")
    [grid] = read_grids(path)
    assert grid.cells.row(0) == (
        "15000",
        "2.25",
        "46085.629",
        "true",
        " hai  dòng\n",
        "2026-06-09 00:00:00",
        "2026-06-09 13:05:07",
        None,
        "2",
        "0912345678",
    )


def test_rows_keep_the_clerks_numbers(tmp_path: Path) -> None:
    """Leading empty rows and columns, an empty row in between."""
    rows = [[], [], ["STT", "Mã"], [], ["1", "x"]]
    [grid] = read_grids(write_xlsx(tmp_path / "a.xlsx", {"S": rows}, left=3))
    assert grid.first_row == 1
    assert [i + grid.first_row for i, row in enumerate(grid.cells.iter_rows()) if any(row)] == [3, 5]
    assert grid.cells.row(4) == ("1", "x")


def test_hidden_and_empty_sheets_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Thấy"
    book.active["A1"] = "x"
    book.create_sheet("Trống")
    hidden = book.create_sheet("Ẩn")
    hidden["A1"] = "y"
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [grid.sheet for grid in read_grids(tmp_path / "a.xlsx")] == ["Thấy"]


def test_merges_stand_at_the_frames_positions(tmp_path: Path) -> None:
    rows = [["Tiêu đề", "", ""], ["STT", "Ngày", ""], ["", "Nộp", "Trả"], ["1", "a", "b"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": rows}, merges=[(1, 1, 1, 2), (1, 0, 2, 0)], left=2)
    [grid] = read_grids(path)
    assert grid.merges is None
    assert load_marks(path, grid).merges == ((1, 0, 2, 0), (1, 1, 1, 2))


def test_xls(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", XLS)
    assert sniff_kind(path) == "xls"
    [grid] = read_grids(path)
    assert (grid.sheet, grid.first_row) == ("Trang 1", 1)
    assert rows_of(grid)[2] == ["STT", "Mã hồ sơ", "", ""]
    assert rows_of(grid)[3] == ["1", "H24.150-260604-0001", "15000", "2026-06-09 00:00:00"]


def test_ods(tmp_path: Path) -> None:
    content = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="Trang 1">
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Mã hồ sơ</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="15000"><text:p>15.000</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-06-09"><text:p>09/06/2026</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
    manifest = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content.replace("\n", " ").replace("> <", "><"))
    path = write(tmp_path / "a.xlsx", packed.getvalue())
    assert sniff_kind(path) == "ods"
    [grid] = read_grids(path)
    assert rows_of(grid)[2] == ["Mã hồ sơ", "15000", "2026-06-09"]


# --- text formats ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = write(tmp_path / "a.xls", csv_bytes(delimiter, encoding))
    assert sniff_kind(path) == "csv"
    [grid] = read_grids(path)
    assert rows_of(grid) == padded(ROWS)


def test_csv_in_windows_1258(tmp_path: Path) -> None:
    text = "\n".join(";".join(row) for row in ROWS)
    [grid] = read_grids(write(tmp_path / "a.csv", windows_1258(text)))
    assert rows_of(grid) == padded(ROWS)


def test_csv_with_quotes_line_breaks_and_a_hint_line(tmp_path: Path) -> None:
    [grid] = read_grids(write(tmp_path / "a.csv", b'sep=;\na;"b;1\nb2"\n"c ""d""";e\n'))
    assert rows_of(grid) == [["a", "b;1\nb2"], ['c "d"', "e"]]


@pytest.mark.parametrize(
    ("legacy", "table"),
    [
        ("M· hå s¬; Tr¹ng th¸i; Ngµy tiÕp nhËn; §¬n vÞ", "TCVN3"),
        ("Maõ hoà sô; Traïng thaùi; Ngaøy tieáp nhaän; Ñôn vò", "VNI"),
    ],
)
def test_legacy_code_tables(legacy: str, table: str) -> None:
    readable = "Mã hồ sơ; Trạng thái; Ngày tiếp nhận; Đơn vị"
    assert convert_legacy(legacy, table) == readable  # type: ignore[arg-type]
    assert decode_text(legacy.encode("windows-1252")) == readable


def test_unicode_is_never_taken_for_a_legacy_table() -> None:
    text = "Mã hồ sơ; Trạng thái; Bà Trần Thị Ngà; hoà giải; Đoàn Á Âu"
    assert decode_text(text.encode()) == text


def test_html_spans(tmp_path: Path) -> None:
    page = """<html><head><meta charset="utf-8"></head><body><table><tr><td colspan="4">DANH SÁCH<br>THÁNG 6</td></tr>
    <tr><th rowspan=2>STT</th><th rowspan=2>Mã hồ sơ</th><th colspan=2>Ngày</th></tr>
    <tr><th>Nộp</th><th>Hẹn&nbsp;trả</th></tr>
    <tr><td>1</td><td> H24 </td><td></td><td>05/06/2026</td></tr></table></body></html>"""
    path = write(tmp_path / "a.xls", page.encode())
    assert sniff_kind(path) == "html"
    [grid] = read_grids(path)
    assert rows_of(grid) == [
        ["DANH SÁCH\nTHÁNG 6", "", "", ""],
        ["STT", "Mã hồ sơ", "Ngày", ""],
        ["STT", "Mã hồ sơ", "Nộp", "Hẹn trả"],
        ["1", "H24", "", "05/06/2026"],
    ]
    assert grid.merges == ((0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3))


def test_xml_spreadsheet_2003(tmp_path: Path) -> None:
    page = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Trang 1"><Table>
     <Row ss:Index="2"><Cell ss:Index="2"><Data ss:Type="String">Mã</Data></Cell></Row>
     </Table></Worksheet></Workbook>"""
    [grid] = read_grids(write(tmp_path / "a.xls", page.encode()))
    assert (grid.sheet, rows_of(grid)) == ("Trang 1", [["", ""], ["", "Mã"]])


RECORDS = [{"MaHoSo": "a", "n": 1, "x": True, "s": 0.1}, {"MaHoSo": "b", "n": None, "list": [{"k": "á"}]}]


@pytest.mark.parametrize(
    ("data", "kind", "sheet"),
    [
        (json.dumps({"session": "s", "data": RECORDS}), "json", "data"),
        (json.dumps({"result": {"content": RECORDS, "total": 2}}), "json", "content"),
        (json.dumps(RECORDS, indent=1), "json", "json"),
        ("\n".join(json.dumps(record) for record in RECORDS), "jsonl", "jsonl"),
    ],
    ids=["envelope", "nested envelope", "array", "lines"],
)
def test_json(tmp_path: Path, data: str, kind: str, sheet: str) -> None:
    path = write(tmp_path / "a.txt", data.encode())
    assert sniff_kind(path) == kind
    [grid] = read_grids(path)
    assert (grid.sheet, grid.first_row) == (sheet, 0)
    assert rows_of(grid) == [
        ["MaHoSo", "n", "x", "s", "list"],
        ["a", "1", "true", "0.1", ""],
        ["b", "", "", "", ""],
    ]
    assert grid.records[1]["list"] == [{"k": "á"}], "nested lists are no cells"


# --- archives ---


def test_gzip_and_zip_of_one_file(tmp_path: Path) -> None:
    data = csv_bytes(",", "utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("thu muc/a.csv", data)
        package.writestr("__MACOSX/._a.csv", b"\x00\x01")
    for name, content, kind in (("a.gz", gzip.compress(data), "gz"), ("a.zip", packed.getvalue(), "zip")):
        path = write(tmp_path / name, content)
        assert sniff_kind(path) == kind
        [grid] = read_grids(path)
        assert (grid.sheet, rows_of(grid)) == ("csv", padded(ROWS))


def test_zip_of_several_files_names_its_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("t1.csv", csv_bytes(",", "utf-8"))
        package.writestr("t2.json", json.dumps(RECORDS))
    assert [grid.sheet for grid in read_grids(tmp_path / "a.zip")] == ["t1.csv/csv", "t2.json/json"]


def test_an_archive_inside_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("b.csv.gz", gzip.compress(b"a,b\n1,2\n"))
    assert refusal(tmp_path / "a.zip") == "TEP_NEN_TRONG_TEP_NEN"


# --- refusals ---


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_grids(path, ten_tep="tên gốc.xlsx")
    finding = caught.value.finding
    assert "tên gốc.xlsx" in finding.dien_giai
    assert "Hãy" in finding.dien_giai
    return finding.ma


def xlsx_bytes(tmp_path: Path) -> bytes:
    return write_xlsx(tmp_path / "nguon.xlsx", {"S": ROWS}).read_bytes()


def encrypted(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "TEP_RONG"),
        (b"%PDF-1.7\n", "TEP_KHONG_PHAI_BANG_TINH"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "TEP_KHONG_PHAI_BANG_TINH"),
        (b"\xff\xd8\xff\xe0", "TEP_KHONG_PHAI_BANG_TINH"),
        ("Kính gửi Ủy ban nhân dân phường\n".encode(), "TEP_KHONG_PHAI_BANG_TINH"),
        (b"<html><body><form>login</form></body></html>", "TEP_KHONG_PHAI_BANG_TINH"),
        (b'{"message": "unauthorized"}', "TEP_KHONG_PHAI_BANG_TINH"),
        (b'{"data": [{"a": 1},', "TEP_HONG"),
        (gzip.compress(b"a,b\n" * 100)[:-12], "TEP_HONG"),
        (XLS[:700], "TEP_HONG"),
        (bytes(range(256)) * 20, "TEP_KHONG_PHAI_BANG_TINH"),
        (b"  \r\n \r\n", "TEP_KHONG_PHAI_BANG_TINH"),
    ],
    ids=[
        "empty",
        "pdf",
        "png",
        "jpeg",
        "prose",
        "login page",
        "json error",
        "cut json",
        "cut gz",
        "cut xls",
        "binary",
        "blanks",
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, code: str) -> None:
    assert refusal(write(tmp_path / "a.xlsx", data)) == code


def test_truncated_workbook(tmp_path: Path) -> None:
    data = xlsx_bytes(tmp_path)
    assert refusal(write(tmp_path / "a.xlsx", data[: len(data) * 2 // 3])) == "TEP_HONG"


def test_word_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert refusal(tmp_path / "a.xlsx") == "TEP_KHONG_PHAI_BANG_TINH"


def test_workbook_without_a_filled_cell(tmp_path: Path) -> None:
    assert refusal(write_xlsx(tmp_path / "a.xlsx", {"S": []})) == "TEP_RONG"


def test_password(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "a.xlsx", encrypted(xlsx_bytes(tmp_path), "bí mật"))) == "TEP_CO_MAT_KHAU"


def test_protected_structure_needs_no_password(tmp_path: Path) -> None:
    """Excel encrypts it with a password that everyone knows."""
    [grid] = read_grids(write(tmp_path / "a.xls", encrypted(xlsx_bytes(tmp_path), "VelvetSweatshop")))
    assert rows_of(grid) == padded(ROWS)


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.xlsx", xlsx_bytes(tmp_path))
    with monkeypatch.context() as limits:
        limits.setattr(workbook, "MAX_FILE_BYTES", 100)
        assert refusal(path) == "TEP_QUA_LON"
    with monkeypatch.context() as limits:
        limits.setattr(workbook, "MAX_UNPACKED_BYTES", 1000)
        assert refusal(path) == "TEP_QUA_LON"
    for module in (workbook, tabular_base):
        monkeypatch.setattr(module, "MAX_CELLS", 5)
    assert refusal(path) == "TEP_QUA_LON"


def test_too_many_cells_are_told_in_figures_that_people_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular_base, "MAX_CELLS", 2000)
    path = write(tmp_path / "a.csv", b"1;2\n" * 1100)
    with pytest.raises(UnreadableFile, match=r"quá lớn \(1\.100 dòng × 2 cột; giới hạn 2\.000 ô\)"):
        read_grids(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_long_csv_read_in_parts_is_the_one_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newline: str
) -> None:
    """Parts of two records: blank lines that fill one, a line break inside a cell, a row wider than those before."""
    text = 'Mã;Tên\n\n\n\nA1;"một\nhai"\nA2;ba;thừa\n\nA3;tư'.replace("\n", newline)
    path = write(tmp_path / "a.csv", text.encode())
    (whole,) = read_grids(path)
    monkeypatch.setattr(tabular_csv, "_RECORDS", 2)
    (parts,) = read_grids(path)
    assert parts.cells.equals(whole.cells)
    assert rows_of(parts) == [
        ["Mã", "Tên", ""],
        *[["", "", ""]] * 3,
        ["A1", f"một{newline}hai", ""],
        ["A2", "ba", "thừa"],
        ["", "", ""],
        ["A3", "tư", ""],
    ]


def test_one_stray_cell_far_away_would_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["XFD1048576"] = "y"
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "TEP_QUA_LON"


def test_a_dimension_that_boasts_is_not_believed(tmp_path: Path) -> None:
    """Some exporters always write the whole sheet as the used range."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_bytes(tmp_path)))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        for info in source.infolist():
            data = source.read(info)
            package.writestr(info, data.replace(b'<dimension ref="A1:G6"/>', b'<dimension ref="A1:XFD1048576"/>'))
    assert b"XFD1048576" in zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml")
    assert rows_of(read_grids(tmp_path / "a.xlsx")[0]) == padded(ROWS)


def test_sizes_for_people() -> None:
    assert [tabular_base.format_size(size) for size in (10, 512 * 1024**2, 3 * 1024**3 // 2)] == [
        "1 MB",
        "512 MB",
        "1,5 GB",
    ]
