"""Reading files, numbers, dates, citations and columns for the auditor."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from datetime import date
from fractions import Fraction
from pathlib import Path

import docx
import pytest

import assets.audit
from assets.audit import UnreadableReport, to_rows, verify_file
from assets.audit.catalogue import load_checks, load_groups, load_identities
from assets.audit.citations import find_citations, mask
from assets.audit.dates import find_dates, find_ranges
from assets.audit.document import join_lines, make_paragraph
from assets.audit.evidence import gather
from assets.audit.values import is_rounding, read_number, scan_numbers
from assets.io.report_blocks import TextLine
from assets.io.report_reader import read_report
from tests.support.audit_report import Report, build, to_docx, to_text, write_text

# --- numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "whole", "value", "other", "style"),
    [
        ("9.275", True, "9275", None, "cham"),
        ("84.605.000", True, "84605000", None, "cham"),
        ("01", True, "1", None, "tron"),
        ("51,9", False, "51.9", None, "thap_phan_phay"),
        ("1.234,5", False, "1234.5", None, "thap_phan_phay"),
        ("42,809", False, "42.809", "42809", "phay"),
        ("42,809", True, "42809", None, "phay"),
        ("51.9", False, "51.9", None, "thap_phan_cham"),
    ],
)
def test_one_number(text: str, whole: bool, value: str, other: str | None, style: str) -> None:
    number = read_number(text, whole=whole)
    assert number is not None
    assert (number.value, number.other) == (Fraction(value), Fraction(other) if other else None)
    assert number.style == style


@pytest.mark.parametrize("text", ["", "a", "1.23.4", "1,2,3", "= 27/52", "12 34", "²"])
def test_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("percent", "top", "bottom", "right"),
    [
        ("51,9", 27, 52, True),
        ("52", 27, 52, True),
        ("51,8", 27, 52, False),
        ("85", 11_587, 13_632, True),
        ("100", 9_275, 9_275, True),
        ("100", 9_274, 9_275, False),  # "100 %" only when both terms are equal
        ("99,99", 9_274, 9_275, True),
        ("66,7", 2, 3, True),
        ("66,6", 2, 3, False),
    ],
)
def test_percentages_are_rounded_half_up(percent: str, top: int, bottom: int, right: bool) -> None:
    number = read_number(percent, whole=False)
    assert number is not None
    assert is_rounding(number, Fraction(top), Fraction(bottom)) is right


def test_digits_that_count_nothing_are_masked() -> None:
    text = "Quyết định số 128/QĐ-UBND ngày 10/01/2026, quý 3/2026, mức độ 3, 4: 27/52 nhiệm vụ đạt 51,9%, 9.275 hồ sơ"
    tokens = list(scan_numbers(mask(text)))
    assert [(t.number.text, t.below.text if t.below else None, t.percent) for t in tokens] == [
        ("27", "52", False),
        ("51,9", None, True),
        ("9.275", None, False),
    ]


# --- dates, citations -------------------------------------------------------------------------------------------


def test_dates_in_several_forms() -> None:
    text = "09/6/2026; 9-6-2026; 09.06.2026; ngày 09 tháng 6 năm 2026; 31/02/2026"
    assert [found.day for found in find_dates(text)] == [date(2026, 6, 9)] * 4 + [None]


def test_ranges() -> None:
    text = "Từ ngày 15/12/2025 đến hết ngày 14/6/2026, ký ngày 20/6/2026"
    assert [(a.day, b.day) for a, b in find_ranges(text)] == [(date(2025, 12, 15), date(2026, 6, 14))]


def test_citations_know_their_issuer_and_register() -> None:
    text = (
        "Công văn số 2237/UBND-NVKTGS ngày 27/8/2025 của UBND thành phố; Nghị định 107/2021/NĐ-CP ngày 06/12/2021 của "
        "Chính phủ; Quyết định số: 55/QĐ-UBND, ngày 03 tháng 4 năm 2026; Nghị quyết 57-NQ/TW; 27/52 nhiệm vụ"
    )
    found = find_citations([make_paragraph([("dòng 1", text)])])
    assert [(c.text, c.own, c.day, c.register) for c in found] == [
        ("2237/UBND-NVKTGS", False, date(2025, 8, 27), "UBND-*"),
        ("107/2021/NĐ-CP", False, date(2021, 12, 6), "NĐ-CP"),
        ("55/QĐ-UBND", True, date(2026, 4, 3), "QĐ-UBND"),
        ("57-NQ/TW", True, None, "NQ/TW"),
    ]


# --- lines, columns, files --------------------------------------------------------------------------------------


def test_a_page_break_inside_a_sentence_is_joined_and_places_stay() -> None:
    lines = [
        TextLine("dòng 31", "Chủ tịch phân công chuyên viên theo dõi các nhiệm vụ theo lĩnh vực phụ trách. Tính từ"),
        TextLine("dòng 33", "10/01/2026 đến 09/6/2026 đã thực hiện 27/52 nhiệm vụ."),
        TextLine("dòng 35", "3. Về kiểm tra"),
    ]
    first, second = join_lines(lines)
    assert first.place_at(first.text.index("27/52")) == "dòng 33"
    assert first.place_at(0) == "dòng 31"
    assert (second.marker, second.label, second.body) == ("so", "3", "Về kiểm tra")


def _in_columns(report: Report, style: str) -> str:
    lines: list[str] = []
    for line in to_text(report).split("\n"):
        if "\t" not in line:
            lines += textwrap.wrap(line, 80) or [""]
            continue
        stt, label, unit, value, note = (line.split("\t") + [""] * 5)[:5]
        if style == "bars":
            lines.append(f"| {stt} | {label} | {unit} | {value} | {note} |")
            continue
        first, *more = textwrap.wrap(label, 36) or [""]
        lines.append(f"{stt:9}{first:40}{unit:46}{value:12}{note}".rstrip())
        lines += [f"{'':9}{part}" for part in more] + [""] * (style == "open")
    return "\n".join(lines)


@pytest.mark.parametrize("style", ["bars", "tight", "open"])
def test_forms_in_other_columns_are_read_alike(tmp_path: Path, style: str) -> None:
    report = build(5)
    report.row("6", "2.1").value = "15"
    path = tmp_path / "a.txt"
    path.write_text(_in_columns(report, style), "utf-8")
    assert [found.ma for found in verify_file(path)] == ["C08"]
    known = [row for row in gather(read_report(path)).rows if row.line is not None]
    assert len(known) == sum(len(rows) for rows in report.rows.values()) - 1  # 4.1.4 is a row of its own making


@pytest.mark.system("soffice")
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice and pdftotext"
)
def test_a_pdf_out_of_word(tmp_path: Path) -> None:
    report = build(3)
    report.row("6", "2.1").value = "15"
    word = to_docx(report, tmp_path / "a.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/lo"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(word)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = verify_file(tmp_path / "a.pdf")
    assert [item.ma for item in found] == ["C08"]
    assert all(place.startswith("trang ") for place in found[0].vi_tri)


def test_word_places_and_merged_cells(tmp_path: Path) -> None:
    report = build(2)
    report.row("6", "2.1").value = "15"
    (found,) = verify_file(to_docx(report, tmp_path / "a.docx"))
    # tables: letterhead, then forms 1..7; two header rows, then the rows of form 6
    assert found.vi_tri[-1] == "bảng 7, dòng 7"


def test_inserted_text_counts_and_deleted_text_does_not(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Báo cáo cải cách hành chính: tiếp nhận ")
    body = paragraph._p
    for tag, inner, text in (("ins", "t", "100 hồ sơ"), ("del", "delText", "999 hồ sơ")):
        change = docx.oxml.OxmlElement(f"w:{tag}")
        run, node = docx.oxml.OxmlElement("w:r"), docx.oxml.OxmlElement(f"w:{inner}")
        node.text = text
        run.append(node)
        change.append(run)
        body.append(change)
    document.save(str(tmp_path / "a.docx"))
    (line,) = read_report(tmp_path / "a.docx")
    assert isinstance(line, TextLine)
    assert line.text.endswith("tiếp nhận 100 hồ sơ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_and_line_ends(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(to_text(build(4)).replace("\n", "\r\n").encode(encoding))
    assert verify_file(path) == []


ODD = {
    "rong.txt": b"",
    "trang.txt": b" \n\t\n",
    "nhi-phan.docx": bytes(range(256)) * 20,
    "hong.docx": b"PK\x03\x04" + bytes(range(200)),
    "hong.pdf": b"%PDF-1.4\n" + bytes(range(128, 250)),
    "cu.doc": b"\xd0\xcf\x11\xe0" + b"0" * 600,
    "bang-ma.txt": "Báo cáo".encode("cp1258", "replace") + b"\xe9\xe8",
    "truyen.txt": "Ngày xưa có một cô bé.\n".encode() * 40,
    "dai.txt": "Báo cáo cải cách hành chính\n".encode() * 11_000,
    "rong-ngang.txt": "Báo cáo cải cách hành chính\n".encode() + b"\t".join([b"1"] * 120_000),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(ODD[name])
    with pytest.raises(UnreadableReport) as caught:
        verify_file(path)
    message = str(caught.value)
    assert name in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/huong-dan.md"])
def test_a_page_about_reports_is_no_report(name: str) -> None:
    with pytest.raises(UnreadableReport, match="không giống báo cáo"):
        verify_file(Path(__file__).parents[2] / name)


@pytest.mark.parametrize(
    "text",
    [
        "BÁO CÁO\nKết quả cải cách hành chính quý I",
        "Báo cáo nhanh kết quả CCHC tháng 3: đã xong.",
        "UBND XÃ MINH TÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Số: 12/BC-UBND cải cách hành chính",
        "Số: 12/BC-UBND\n1. Về thủ tục hành chính",
        "UBND xã Minh Tân báo cáo kết quả thực hiện như sau:\n1. Thủ tục hành chính: không.",
    ],
)
def test_a_short_or_odd_report_is_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    assert [found for found in verify_file(path) if found.muc_do == "E"] == []


def test_a_code_of_many_digits_is_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    code = "1" * 5_000
    path.write_text(f"BÁO CÁO\nKết quả cải cách hành chính\nMã {code}: 3 hồ sơ (97,3%), {code} hồ sơ (97,1%)", "utf-8")
    assert verify_file(path) == []
    assert read_number(code) is None


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "khong-co.txt", tmp_path):
        with pytest.raises(UnreadableReport, match="Không có tệp"):
            verify_file(path)


# --- data and rows ----------------------------------------------------------------------------------------------


def test_every_relation_names_known_figures_and_ids() -> None:
    names = {kind.ma for group in load_groups() for kind in group.muc}
    for identity in load_identities():
        assert identity.ma in load_checks()
        for side in (*identity.trai, *identity.phai, *identity.chap_nhan, *identity.vang):
            for term in side.replace("+", " ").replace("-", " ").split():
                assert term.startswith("BM") or term.rstrip("?") in names, term
        identity.dien_giai.format(trai="1", phai="2", lech="1", dong="d", thieu="")


MODULES = sorted(Path(assets.audit.__file__).parent.glob("check_*.py"))


def _ids_in_code(source: str) -> set[str]:
    shares = {"A03"} if "make_share_finding" in source else set()
    return set(re.findall(r'"([A-E]\d\d)"', source)) | shares


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_of_checks_names_its_ids(path: Path) -> None:
    source = path.read_text("utf-8")
    assert set(re.findall(r"\b[A-E]\d\d\b", source.split('"""')[1])) == _ids_in_code(source)


def test_every_id_is_one_of_a_module_or_a_relation() -> None:
    in_code = set[str]().union(*(_ids_in_code(path.read_text("utf-8")) for path in MODULES))
    assert in_code | {identity.ma for identity in load_identities()} == set(load_checks())


def test_findings_turn_into_plain_rows(tmp_path: Path) -> None:
    report = build(1)
    report.text["tong"] += 1
    (row,) = to_rows(verify_file(write_text(report, tmp_path / "a.txt")))
    assert list(row) == ["ma", "muc_do", "vi_tri", "ve_trai", "ve_phai", "dien_giai", "trich"]
    assert (row["ma"], row["muc_do"]) == ("A01", "E")
    assert isinstance(row["vi_tri"], list)
