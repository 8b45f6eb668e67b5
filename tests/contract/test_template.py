"""The shipped template: placeholders = fields of the report, format of Nghị định 30/2020, a package Word accepts."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from assets.io import word
from schemas.document import SECTIONS, list_fields
from tests.support.document_samples import TEMPLATE

FONT = "Times New Roman"
# Order of children that Word insists on (ISO/IEC 29500-1, wml.xsd), as far as the template uses them.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd tabs spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs u lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
}


@pytest.fixture(scope="module")
def document():
    return Document(str(TEMPLATE))


def test_every_placeholder_is_a_field_of_the_report():
    assert word.list_placeholders(TEMPLATE) - list_fields() == set()


def test_every_field_of_the_report_is_printed():
    assert list_fields(required=True) - word.list_placeholders(TEMPLATE) == set()


def test_the_check_agrees():
    found = word.check_template(TEMPLATE)
    assert (found.la, found.thieu) == ({}, frozenset())


def test_the_tracked_template_is_what_its_script_builds(tmp_path):
    script = TEMPLATE.with_name("build_template.py")
    subprocess.run([sys.executable, script, tmp_path / "bao-cao.docx"], check=True, timeout=60)
    assert _read_parts(tmp_path / "bao-cao.docx") == _read_parts(TEMPLATE)


def test_the_page_is_the_decrees(document):
    assert len(document.sections) == 2
    for section in document.sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20
        assert section.different_first_page_header_footer


def test_the_page_number_is_centred_at_the_top_and_not_on_page_1(document):
    section = document.sections[0]
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.header.paragraphs[0].alignment == 1
    assert "PAGE" not in section.first_page_header._element.xml
    assert document.sections[1].header.is_linked_to_previous
    assert document.sections[1]._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_one_font_everywhere():
    for root in _read_roots():
        for fonts in root.iter(qn("w:rFonts")):
            assert set(fonts.attrib.values()) == {FONT}


def test_body_is_14_points_justified_indented(document):
    style = document.styles["Nội dung"]
    shape = style.paragraph_format
    assert style.font.size.pt == 14
    assert shape.alignment == 3
    assert shape.first_line_indent.cm == pytest.approx(1.27, abs=0.01)
    assert shape.space_before.pt + shape.space_after.pt >= 6
    assert 1 <= shape.line_spacing <= 1.5


def test_headings_are_strictly_sequential_and_stay_with_their_text(document):
    parts = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert [text.split(". ")[0] for text in parts] == ["I", "II", "III", "IV"]
    items = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert [int(text.split(".")[0]) for text in items] == [*range(1, 6), *range(1, 7), 1, 2, *range(1, 8)]
    assert [text.partition(". ")[2] for text in items] == [title for name, title in SECTIONS.items() if "_" in name][1:]
    for name in ("Heading 1", "Heading 2"):
        assert document.styles[name].paragraph_format.keep_with_next
        assert document.styles[name].font.bold


def test_form_table_repeats_its_merged_header_and_keeps_rows_whole(document):
    table = document.tables[-1]
    rows = [row._tr.trPr for row in table.rows]
    assert [row is not None and row.find(qn("w:tblHeader")) is not None for row in rows[:3]] == [True, True, False]
    for position in (0, 1, 4, 6, 8):
        assert rows[position].find(qn("w:cantSplit")) is not None
    assert table.cell(0, 2)._tc is table.cell(0, 3)._tc
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert table.cell(0, 2).text == "Kết quả thống kê"
    assert [table.cell(1, column).text for column in (2, 3)] == ["Đơn vị tính", "Số liệu"]


def test_elements_stand_in_the_order_that_word_insists_on():
    for name, order in ORDER.items():
        rank = {qn(f"w:{child}"): place for place, child in enumerate(order.split())}
        for root in _read_roots():
            for element in root.iter(qn(f"w:{name}")):
                places = [rank[child.tag] for child in element if child.tag in rank]
                assert places == sorted(places), f"{name}: {[child.tag for child in element]}"
                strange = [child.tag for child in element if child.tag not in rank]
                assert not strange, f"{name}: teach this test the place of {strange}"


def _read_parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _read_roots():
    document = Document(str(TEMPLATE))
    headers = [h._element for s in document.sections for h in (s.header, s.first_page_header)]
    return [document.element, document.styles.element, *headers]
