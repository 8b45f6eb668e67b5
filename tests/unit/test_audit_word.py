"""Word files for the auditor: automatic numbers, merged cells, tracked changes, headers, old fonts."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from assets.audit import verify_file
from assets.io.report_blocks import Table, TextLine
from assets.io.report_reader import read_report
from assets.io.word_numbering import write_number
from tests.support.audit_report import build, to_text
from tests.support.ward_word import HEADINGS, W, write_ward_word

# TCVN 5712:1993 (VN3), typed from the standard's table for the letters of one sentence
TCVN3 = dict(zip("áàảãạăắằâấầậẩéèẹêếềệểíìỉịóòọôốồộổơớờợởúùủụưứừựửýđ", bytes.fromhex(
    "b8b5b6b7b9a8bebba9cac7cbc8d0ccd1aad5d2d6d3ddd7d8dee3dfe4abe8e5e9e6aceDeaeeebf3eff1f4adf8f5f9f6fdae"
), strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (4, "upperRoman", "IV"),
        (19, "lowerRoman", "xix"),
        (2, "lowerLetter", "b"),
        (28, "upperLetter", "BB"),
        (7, "decimal", "7"),
        (7, "decimalZero", "07"),
    ],
)
def test_number_formats_of_word(value: int, shown: str, text: str) -> None:
    assert write_number(value, shown) == text


def test_a_correct_report_is_clean(tmp_path: Path) -> None:
    assert verify_file(write_ward_word(tmp_path / "a.docx")) == []


@pytest.mark.parametrize(("number", "ids"), [("96", set()), ("69", {"D01"})])
def test_a_letterhead_cell_keeps_its_lines(tmp_path: Path, number: str, ids: set[str]) -> None:
    document = docx.Document()
    top = document.add_table(rows=1, cols=2)
    top.cell(0, 0).text = f"ỦY BAN NHÂN DÂN\nPHƯỜNG TRÀ LĨNH\nSố: {number}/BC-UBND"
    top.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTrà Lĩnh, ngày 16 tháng 3 năm 2026"
    document.add_paragraph("BÁO CÁO")
    document.add_paragraph("Công tác cải cách hành chính quý I năm 2026")
    document.add_paragraph("Phụ lục 3")
    document.add_paragraph("(Kèm theo Báo cáo số 96/BC-UBND ngày 16/3/2026 của Ủy ban nhân dân phường Trà Lĩnh)")
    document.save(str(tmp_path / "a.docx"))
    assert {found.ma for found in verify_file(tmp_path / "a.docx")} == ids


def test_automatic_numbers_stand_before_the_text(tmp_path: Path) -> None:
    blocks = read_report(write_ward_word(tmp_path / "a.docx"))
    lines = [block.text for block in blocks if isinstance(block, TextLine)]
    numbered = [
        line.split(" ")[0] for line in lines if line.split(" ")[0].rstrip(".)") in "I II III IV 1 2 3 2.1 2.2 a b -"
    ]
    assert " ".join(numbered) == "I. 1. 2. - 3. II. 1. a) b) 2. 2.1. 2.2. 3. III. 1. 2. IV. - -"
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [row.cells[0] for row in tables[1].rows] == ["TT", "", "1", "2", "3", "Tổng cộng"]
    assert [row.cells[6] for row in tables[1].rows] == ["Đang giải quyết", "", "25", "22", "5", "52"]


def test_a_list_that_starts_again_is_a_heading_out_of_order(tmp_path: Path) -> None:
    (found,) = verify_file(write_ward_word(tmp_path / "a.docx", numbers=(1, 0, 1, 1)))
    assert (found.ma, found.ve_trai, found.ve_phai) == ("E01", "I, I, II, III", "I, II, III, IV")


def test_a_wrong_figure_is_found(tmp_path: Path) -> None:
    found = verify_file(write_ward_word(tmp_path / "a.docx", counted="1.272"))
    assert {one.ma for one in found} == {"A02", "A03", "A05"}


def test_numbers_may_come_from_a_style(tmp_path: Path) -> None:
    document = docx.Document(str(write_ward_word(tmp_path / "a.docx")))
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="{HEADINGS}"/></w:numPr>'))
    document.add_paragraph("Phụ chú", style="Heading 1")
    document.save(str(tmp_path / "b.docx"))
    last = read_report(tmp_path / "b.docx")[-1]
    assert isinstance(last, TextLine)
    assert last.text == "V. Phụ chú"


def test_text_boxes_count_once(tmp_path: Path) -> None:
    document = docx.Document()
    box = f"""<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
        xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent>
        <w:p><w:r><w:t>Số: 12/BC-UBND</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:pict><v:textbox>
        <w:txbxContent><w:p><w:r><w:t>Số: 12/BC-UBND</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>
        </mc:Fallback></mc:AlternateContent></w:r>"""
    document.add_paragraph("UBND XÃ MẪU")._p.append(parse_xml(box))
    document.save(str(tmp_path / "a.docx"))
    assert [block.text for block in read_report(tmp_path / "a.docx") if isinstance(block, TextLine)] == [
        "UBND XÃ MẪU",
        "Số: 12/BC-UBND",
    ]


# --- old encodings ----------------------------------------------------------------------------------------------


def _windows_1258(text: str) -> bytes:
    """Encode as the code page does: hats and horns in the letter, tones behind it."""
    parts: list[str] = []
    for char in text:
        spread = unicodedata.normalize("NFD", char)
        tones = [mark for mark in spread if mark in "\u0300\u0301\u0303\u0309\u0323"]
        rest = "".join(mark for mark in spread if mark not in tones)
        parts.append(unicodedata.normalize("NFC", rest) + "".join(tones))
    return "".join(parts).encode("cp1258")


def test_windows_1258(tmp_path: Path) -> None:
    report = build(4)
    report.text["tong"] += 1
    (tmp_path / "a.txt").write_bytes(_windows_1258(to_text(report)))
    assert [found.ma for found in verify_file(tmp_path / "a.txt")] == ["A01"]


SENTENCES = (
    "báo cáo kết quả cải cách hành chính quý I năm 2026",
    "xã tiếp nhận 100 hồ sơ, trong đó trực tuyến 90 hồ sơ, trực tiếp 11 hồ sơ; đã giải quyết 95 hồ sơ.",
    "đang giải quyết 5 hồ sơ của các đơn vị.",
)


def _tcvn3(text: str) -> bytes:
    return b"".join(bytes([TCVN3[char]]) if char in TCVN3 else char.encode("ascii") for char in text)


def test_tcvn3_text_and_word(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_bytes(b"\n".join(_tcvn3(line) for line in SENTENCES))
    word = docx.Document()
    for line in SENTENCES:
        word.add_paragraph(_tcvn3(line).decode("latin-1"))
    word.save(str(tmp_path / "a.docx"))
    for path in (text, tmp_path / "a.docx"):
        (found,) = verify_file(path)
        assert (found.ma, found.ve_trai) == ("A02", "90 + 11 = 101")
        assert "hồ sơ" in found.trich
