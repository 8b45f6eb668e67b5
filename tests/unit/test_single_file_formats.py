"""Spreadsheets that are one XML file, JSON wrapped into a string, archives with something beside the tables."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from assets.io.workbook import Grid, UnreadableFile, read_grids, sniff_kind
from assets.raw.extract import extract_tables
from schemas.sources import load_sources
from tests.support import layouts_json as lj
from tests.support.layouts import build_dossiers
from tests.support.sheet_samples import write_xlsx

SPEC = load_sources()["mot_cua"]
PERSON = "Nguyễn Thị Thử"
TITLES = ["STT", "Mã hồ sơ", "Mã TTHC", "Người nộp", "Ngày nhận", "Trạng thái"]
LINES = [
    ["1", "H24.150-260601-0001", "2.000815", PERSON, "2026-06-01", "Đang xử lý"],
    ["2", "H24.150-260602-0002", "2.000815", PERSON, "2026-06-02", "Đã trả kết quả"],
]
RECORDS = [
    {"MaHoSo": "H24.150-260601-0001", "MaTTHC": "2.000815", "NgayTiepNhan": "20260601080000", "TrangThaiHoSo": "4"},
    {"MaHoSo": "H24.150-260602-0002", "MaTTHC": "2.000815", "NgayTiepNhan": "20260602080000", "TrangThaiHoSo": "10"},
]

FLAT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><style:style style:name="an" style:family="table">
 <style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Nháp" table:style-name="an"><table:table-row>
 <table:table-cell office:value-type="string"><text:p>ẩn</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="Hồ sơ">
 <table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="6">
  <text:p>DANH SÁCH<text:s/>HỒ SƠ</text:p><text:p>tháng 6</text:p></table:table-cell>
  <table:covered-table-cell table:number-columns-repeated="5"/></table:table-row>
 <table:table-row table:number-rows-repeated="2">
  <table:table-cell table:number-columns-repeated="16384"/></table:table-row>
 <table:table-header-rows><table:table-row>{
    "".join(
        f'<table:table-cell office:value-type="string"><text:p>{title}</text:p></table:table-cell>' for title in TITLES
    )
}</table:table-row></table:table-header-rows>
{
    "".join(
        f'''<table:table-row>
 <table:table-cell office:value-type="float" office:value="{one[0]}.0"><text:p>{one[0]}</text:p></table:table-cell>
 <table:table-cell office:value-type="string">
  <office:annotation><text:p>ghi chú của {PERSON}</text:p></office:annotation>
  <text:p>{one[1]}</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>{one[2]}</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>{one[3]}</text:p></table:table-cell>
 <table:table-cell office:value-type="date" office:date-value="{one[4]}"><text:p>hôm đó</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>{one[5]}</text:p></table:table-cell>
 <table:table-cell table:number-columns-repeated="16378"/></table:table-row>'''
        for one in LINES
    )
}
 <table:table-row table:number-rows-repeated="1048570">
  <table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document>
"""


def excel_cell(text: str, kind: str = "String", attributes: str = "", beside: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data>{beside}</Cell>'


COMMENT = f'<Comment ss:Author="x"><ss:Data xmlns="http://www.w3.org/TR/REC-html40">{PERSON}</ss:Data></Comment>'
EXCEL_2003 = f"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Nháp"><Table><Row>{excel_cell("ẩn")}</Row></Table>
 <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
</Worksheet>
<Worksheet ss:Name="Hồ sơ"><Table>
 <Row>{excel_cell("DANH SÁCH HỒ SƠ", attributes='ss:MergeAcross="5"')}</Row>
 <Row ss:Index="4">{"".join(excel_cell(title) for title in TITLES)}</Row>
{
    "".join(
        "<Row>"
        + excel_cell(f"{one[0]}.0", "Number")
        + excel_cell(one[1], beside=COMMENT)
        + excel_cell(one[2])
        + excel_cell(one[4] + "T00:00:00.000", "DateTime", 'ss:Index="5"')
        + excel_cell(one[5])
        + "</Row>"
        for one in LINES
    )
}
</Table></Worksheet></Workbook>
"""


def rows_of(grid: Grid) -> list[list[str | None]]:
    return [list(row) for row in grid.cells.iter_rows()]


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def pack(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as caught:
        read_grids(path)
    assert "Hãy" in caught.value.finding.dien_giai
    return caught.value.finding.ma, caught.value.finding.dien_giai


def read_list(path: Path) -> list[tuple[str | None, ...]]:
    table = extract_tables(path, SPEC).tables["ho_so"]
    return table.select("ma_ho_so", "ngay_tiep_nhan", "trang_thai", "_row").rows()


# --- one XML file ---


def test_flat_opendocument(tmp_path: Path) -> None:
    path = write(tmp_path / "a.fods", FLAT)
    [grid] = read_grids(path)
    assert (grid.sheet, grid.merges) == ("Hồ sơ", ((0, 0, 0, 5),))
    blank = [None] * 6
    assert rows_of(grid) == [["DANH SÁCH HỒ SƠ\ntháng 6", *blank[1:]], blank, blank, TITLES, *LINES]
    assert read_list(path) == [(one[1], one[4], one[5], row) for row, one in enumerate(LINES, start=5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_excel_2003_xml(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.xml", EXCEL_2003.encode(encoding))
    [grid] = read_grids(path)
    assert (grid.sheet, grid.merges) == ("Hồ sơ", ((0, 0, 0, 5),))
    assert not [cell for row in rows_of(grid) for cell in row if cell and PERSON in cell], "a comment is no value"
    assert read_list(path) == [
        (one[1], f"{one[4]}T00:00:00.000", one[5], row) for row, one in enumerate(LINES, start=5)
    ]


@pytest.mark.parametrize("text", [FLAT, EXCEL_2003], ids=["fods", "2003"])
def test_xml_that_is_cut_off_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(write(tmp_path / "a.xml", text[: len(text) * 3 // 4]))[0] == "TEP_HONG"


def test_a_flat_text_document_is_no_spreadsheet(tmp_path: Path) -> None:
    text = FLAT.replace("opendocument.spreadsheet", "opendocument.text")
    code, said = refusal(write(tmp_path / "a.fods", text))
    assert code == "TEP_KHONG_PHAI_BANG_TINH"
    assert "không phải bảng tính" in said


# --- JSON ---


@pytest.mark.parametrize(
    "document",
    [
        {"session": "x", "data": json.dumps(RECORDS)},
        {"d": json.dumps({"data": RECORDS})},
        json.dumps(RECORDS),
        {"result": {"items": json.dumps(RECORDS, ensure_ascii=False)}},
    ],
    ids=["list in a string", "object in a string", "all of it a string", "two levels"],
)
def test_rows_that_a_service_wrote_into_a_string(tmp_path: Path, document: object) -> None:
    path = write(tmp_path / "a.json", json.dumps(document, indent=1))
    assert sniff_kind(path) == "json"
    [grid] = [one for one in read_grids(path) if one.records]
    assert rows_of(grid) == [list(RECORDS[0]), *(list(one.values()) for one in RECORDS)]


def test_a_text_inside_a_row_stays_a_text(tmp_path: Path) -> None:
    [grid] = read_grids(write(tmp_path / "a.json", json.dumps([{"a": '[{"b": 1}]', "c": "2"}])))
    assert rows_of(grid)[1] == ['[{"b": 1}]', "2"]


def test_of_several_lists_the_one_with_the_columns_is_read(tmp_path: Path) -> None:
    statuses = [{"id": number, "ten": "x", "mau": "y"} for number in range(5)]
    path = write(tmp_path / "a.json", json.dumps({"trangThai": statuses, "hoSo": RECORDS}))
    assert [grid.sheet for grid in read_grids(path)] == ["trangThai", "hoSo"]
    extraction = extract_tables(path, load_sources()["dvcqg"].model_copy(update={"tables": SPEC.tables}))
    assert extraction.tables["ho_so"]["_sheet"].to_list() == ["hoSo", "hoSo"]


# --- archives ---


def list_bytes(tmp_path: Path) -> bytes:
    return write_xlsx(tmp_path / "nguon.xlsx", {"S": [TITLES, *LINES]}).read_bytes()


LITTER = {
    "readme.txt": "Kính gửi phường\nDanh sách tháng 6\n".encode(),
    "cong-van/ban-ky.pdf": b"%PDF-1.7\n",
    "cong-van/ban-ky-2.PDF": b"%PDF-1.7\n",
    "desktop.ini": b"[.ShellClassInfo]\r\nIconResource=x,1\r\n",
    "__MACOSX/._ds.xlsx": b"\x00\x05\x16\x07",
}


def test_a_zip_with_letters_beside_the_table_is_read_and_says_what_it_passed_over(tmp_path: Path) -> None:
    path = pack(tmp_path / "thang-6.zip", {**LITTER, "ds.xlsx": list_bytes(tmp_path)})
    extraction = extract_tables(path, SPEC)
    assert extraction.tables["ho_so"].select("ma_ho_so", "_sheet").rows() == [(one[1], "S") for one in LINES]
    (found,) = [one for one in extraction.findings if one.ma == "TEP_NEN_CO_TEP_KHAC"]
    assert "3 tệp không phải bảng (2 pdf, 1 txt)" in found.dien_giai
    two = pack(tmp_path / "hai.zip", {**LITTER, "a.xlsx": list_bytes(tmp_path), "b.xlsx": list_bytes(tmp_path)})
    assert [grid.sheet for grid in read_grids(two)] == ["a.xlsx/S", "b.xlsx/S"]


def test_a_zip_without_a_table_says_what_is_inside(tmp_path: Path) -> None:
    code, said = refusal(pack(tmp_path / "a.zip", LITTER))
    assert code == "TEP_KHONG_PHAI_BANG_TINH"
    assert "không có bảng nào: 2 pdf, 1 txt" in said
    assert refusal(pack(tmp_path / "b.zip", {}))[0] == "TEP_KHONG_PHAI_BANG_TINH"


def test_a_table_that_cannot_be_opened_refuses_the_zip(tmp_path: Path) -> None:
    whole = list_bytes(tmp_path)
    code, said = refusal(pack(tmp_path / "a.zip", {"ds.xlsx": whole, "cu.xlsx": whole[: len(whole) // 2]}))
    assert code == "TEP_HONG"
    assert "cu.xlsx" in said


def test_an_archive_in_an_archive_is_refused_with_what_to_do(tmp_path: Path) -> None:
    inner = pack(tmp_path / "trong.zip", {"ds.xlsx": list_bytes(tmp_path)}).read_bytes()
    for path in (
        pack(tmp_path / "a.zip", {"trong.zip": inner, "ds.xlsx": list_bytes(tmp_path)}),
        write(tmp_path / "b.gz", gzip.compress(inner)),
    ):
        code, said = refusal(path)
        assert code == "TEP_NEN_TRONG_TEP_NEN"
        assert "giải nén" in said


# --- other everyday files ---


def test_an_old_word_document_called_xls(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(900)
    code, said = refusal(write(tmp_path / "a.xls", content))
    assert (code, "văn bản Word" in said) == ("TEP_KHONG_PHAI_BANG_TINH", True)


def test_a_csv_of_a_web_spreadsheet_has_a_mark_and_two_line_ends(tmp_path: Path) -> None:
    stream = io.StringIO(newline="")
    stream.write("\r\n".join(",".join(line) for line in (TITLES, *LINES)) + "\r\n")
    path = write(tmp_path / "a.csv", stream.getvalue().encode("utf-8-sig"))
    assert read_list(path) == [(one[1], one[4], one[5], row) for row, one in enumerate(LINES, start=2)]


def test_records_that_are_one_quoted_cell_each_are_split(tmp_path: Path) -> None:
    text = "\r\n".join(f'"{",".join(line)}"' for line in (TITLES, *LINES))
    assert read_list(write(tmp_path / "a.csv", text.encode("utf-8-sig"))) == [
        (one[1], one[4], one[5], row) for row, one in enumerate(LINES, start=2)
    ]


@pytest.mark.parametrize(
    "document", [[TITLES, *LINES], {"values": [TITLES, *LINES]}, {"columns": TITLES, "rows": LINES, "total": 2}]
)
def test_rows_written_as_lists(tmp_path: Path, document: object) -> None:
    path = write(tmp_path / "a.json", json.dumps(document))
    assert [one[:3] for one in read_list(path)] == [(one[1], one[4], one[5]) for one in LINES]


def test_a_page_saved_as_one_file(tmp_path: Path) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in (TITLES, *LINES))
    book = MIMEMultipart("related")
    book.attach(MIMEText("<html><frameset><frame src='sheet001.htm'></frameset></html>", "html", "utf-8"))
    book.attach(MIMEText(f"<html><body><table>{rows}</table></body></html>", "html", "utf-8"))
    head = b"From: <Saved by Excel>\r\nSubject:\r\n"
    for content in (book.as_bytes(), head + book.as_bytes()):
        path = write(tmp_path / "a.xls", content)
        assert sniff_kind(path) == "mhtml"
        assert read_list(path) == [(one[1], one[4], one[5], row) for row, one in enumerate(LINES, start=2)]
    alone = MIMEMultipart("related")
    alone.attach(MIMEText("<html><form>đăng nhập</form></html>", "html", "utf-8"))
    assert refusal(write(tmp_path / "b.xls", alone.as_bytes()))[0] == "TEP_KHONG_PHAI_BANG_TINH"


def test_a_page_that_closes_no_tag_and_prints_no_person_as_a_title(tmp_path: Path) -> None:
    rows = "".join("<TR>" + "".join(f"<TD><B>{cell}" for cell in line) for line in (TITLES, *LINES))
    path = write(tmp_path / "a.xls", f"<TABLE>{rows}</TABLE>")
    assert read_list(path) == [(one[1], one[4], one[5], row) for row, one in enumerate(LINES, start=2)]
    odd = [*TITLES, f"Ý kiến {PERSON} " * 20]
    (title,) = extract_tables(write_xlsx(tmp_path / "b.xlsx", {"S": [odd, *LINES]}), SPEC).unmapped or [""]
    assert len(title) <= 120


def test_a_page_that_breaks_off_in_its_table_is_refused(tmp_path: Path) -> None:
    """The parser closes what is open: without a look at the end the rows behind the cut would just be missing."""
    rows = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in (TITLES, *LINES)]
    head = "<html><body><table><tr><td>DANH SÁCH HỒ SƠ</td></tr></table><table border=1>"
    whole = head + "".join(rows) + "</table></body></html>"
    cuts = {"a": whole.index("02", whole.index("260602")), "b": whole.index(rows[2]), "c": whole.index(rows[2]) + 3}
    for name, end in cuts.items():
        code, said = refusal(write(tmp_path / f"{name}.xls", whole[:end]))
        assert code == "TEP_HONG"
        assert "bị cắt ngang" in said
    # a program that forgets the end of the table, or of the page, has written every row of it
    for name, text in (("d", whole.replace("</table></body>", "</body>")), ("e", whole.removesuffix("</body></html>"))):
        assert len(read_list(write(tmp_path / f"{name}.xls", text))) == 2


def test_a_csv_that_ends_in_the_middle_of_a_row_is_refused(tmp_path: Path) -> None:
    whole = "\n".join(";".join(line) for line in (TITLES, *LINES))
    code, said = refusal(write(tmp_path / "a.csv", whole[: whole.rindex(";")]))
    assert code == "TEP_HONG"
    assert "dòng cuối bị cắt ngang" in said
    for name, text in (("b", whole), ("c", f"{whole}\nTổng cộng;2"), ("d", f"{whole}\nNGƯỜI LẬP")):
        assert len(read_list(write(tmp_path / f"{name}.csv", text))) == 2


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_csv_whose_last_quote_is_missing_is_refused(tmp_path: Path, end: str) -> None:
    """Cut off in a quoted cell, or a lone quote in a cell of a program that quotes nothing: the rest is one cell."""
    quoted = [[*line[:3], f"{line[3]}\nsố 1", *line[4:]] for line in LINES]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([TITLES, *quoted])
    whole = text.getvalue()
    assert len(read_list(write(tmp_path / "a.csv", whole))) == 2
    assert len(read_list(write(tmp_path / "b.csv", whole.removesuffix("\r\n")))) == 2
    lone = "\n".join(";".join(line) for line in (TITLES, *LINES)).replace(
        f"2.000815;{PERSON}", f'2.000815;"{PERSON}', 1
    )
    for name, broken in (("c", whole[: whole.rindex("số 1")]), ("d", lone)):
        code, said = refusal(write(tmp_path / f"{name}.csv", broken + end))
        assert code == "TEP_HONG"
        assert "dấu ngoặc kép" in said


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_texts_written_as_formulas_are_read_as_a_spreadsheet_shows_them(tmp_path: Path, quoting: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=quoting, quotechar=None if quoting == csv.QUOTE_NONE else '"')
    writer.writerows([TITLES, *([line[0], *(f'="{cell}"' for cell in line[1:])] for line in LINES)])
    path = write(tmp_path / "a.csv", text.getvalue())
    assert read_list(path) == [(one[1], one[4], one[5], row) for row, one in enumerate(LINES, start=2)]


@pytest.mark.parametrize("windows", [True, False])
def test_text_that_was_encoded_twice(tmp_path: Path, *, windows: bool) -> None:
    """Bytes taken for letters: five have none in windows-1252, which programs then take from Latin-1."""
    once = "\n".join(";".join(line) for line in (TITLES, *LINES)).encode()
    letters = [bytes([one]).decode("cp1252", "ignore") if windows else "" for one in once]
    twice = "".join(letter or chr(one) for letter, one in zip(letters, once, strict=True))
    assert read_list(write(tmp_path / "a.csv", twice))[0][2] == "Đang xử lý"


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_nested_lists_that_a_service_wrote_as_strings_count_the_same(tmp_path: Path, suffix: str) -> None:
    """Files, fees and supplements of the national sync: as lists, as strings in JSON, as cells of a CSV."""
    document = lj.dvcqg_document(build_dossiers(60))
    plain = lj.write_json(tmp_path / "a.json", document)
    rows = [
        {key: value if isinstance(value, str) else json.dumps(value) for key, value in row.items()}
        for row in document["data"]
    ]
    if suffix == "json":
        path = lj.write_json(tmp_path / "b.json", document | {"data": rows})
    else:
        path = tmp_path / "b.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    spec = load_sources()["dvcqg"]
    made = [name for name in spec.tables[0].nested if name in extract_tables(plain, spec).tables["ho_so"].columns]
    assert {"phi", "co_file_thanh_phan", "so_lan_bo_sung"} <= set(made)
    expected, found = (extract_tables(one, spec).tables["ho_so"].select(made) for one in (plain, path))
    assert found.rows() == expected.rows()
    assert expected["phi"].drop_nulls().len()
