"""Build bao-cao.docx, the report's Word template, in the format of Nghị định 30/2020/NĐ-CP (Phụ lục I).

Belongs here: layout. Does not belong here: its wording (noi_dung.toml), values (``schemas/document``).
The template is a tracked file and belongs to the office, which may edit it in Word; this script is how the shipped
one came to be: ``python templates/bao_cao_cchc/build_template.py [TARGET]``. It holds no clock: same script, same
bytes.

A placeholder is ``{{ ky.ten }}``; ``{%p … %}`` and ``{%tr … %}`` stand for whole paragraphs and table rows.
"""

from __future__ import annotations

import io
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from word_blocks import CENTER, add_line, add_loop, add_rule, add_run, add_table, add_text, append, write_cell

from assets.io.word import write_package
from schemas.document import DoanVan

FONT = "Times New Roman"
LEFT, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
WORDING = tomllib.loads(Path(__file__).with_name("noi_dung.toml").read_text(encoding="utf-8"))
MIDDLE = WD_CELL_VERTICAL_ALIGNMENT.CENTER
KEPT_STYLES = {
    *("Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid"),
    *("heading 1", "heading 2", "header"),
}

# All lengths in mm. The page is 210 wide, less 30 left and 15 right.
TEXT_WIDTH = 165
LETTERHEAD_WIDTHS = (66, 99)
MOTTO_LENGTH = 56  # "Độc lập - Tự do - Hạnh phúc" at 13 points bold
FORM_WIDTHS = (14, 68, 31, 22, 30)
# Together three lines high: where the header repeats, LibreOffice clips a merged cell that needs more.
FORM_HEADER_HEIGHTS = (8, 9)

MARK_LINES = (
    "{%p if la_so_lieu_mau or la_du_thao %}",
    "{% if la_so_lieu_mau %}SỐ LIỆU MẪU{% endif %}{% if la_so_lieu_mau and la_du_thao %} - {% endif %}"
    "{% if la_du_thao %}DỰ THẢO{% endif %}",
    "{%p endif %}",
)
FORM_CONTROLS = {
    2: "{%tr for hang in bieu.hang %}",
    3: "{%tr if hang.la_tieu_de %}",
    5: "{%tr elif hang.in_nghieng %}",
    7: "{%tr else %}",
    9: "{%tr endif %}",
    10: "{%tr endfor %}",
}


def main(target: Path) -> None:
    """Build the template and write it to ``target``."""
    document = Document()
    _set_defaults(document)
    _set_page(document.sections[0])
    _write_marks(document.sections[0])
    _write_letterhead(document)
    _write_title(document)
    _write_body(document)
    _write_signature(document)
    annex = document.add_section(WD_SECTION.NEW_PAGE)
    _shrink_section_break(document)
    _restart_page_numbers(annex)
    _write_annex(document)
    _set_properties(document)
    buffer = io.BytesIO()
    document.save(buffer)
    write_package(buffer.getvalue(), target)


# --- page and styles ------------------------------------------------------------------------------------------


def _set_defaults(document: WordDocument) -> None:
    styles = document.styles
    for fonts in styles.element.find(qn("w:docDefaults")).iter(qn("w:rFonts")):
        _set_fonts(fonts)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    _drop_unused_styles(document)
    _shape_style(styles["Normal"], size=14)
    plain = styles["Normal"].paragraph_format
    plain.space_before = plain.space_after = Pt(0)
    plain.line_spacing_rule = WD_LINE_SPACING.SINGLE
    body = styles.add_style("Nội dung", WD_STYLE_TYPE.PARAGRAPH)
    body.element.set(qn("w:styleId"), "NoiDung")
    body.base_style, body.quick_style = styles["Normal"], True
    _shape_style(body, size=14)
    shape = body.paragraph_format
    shape.alignment, shape.first_line_indent = JUSTIFY, Mm(12.7)
    shape.space_before, shape.space_after = Pt(6), Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.1
    shape.widow_control = True
    for name, space in (("Heading 1", 10), ("Heading 2", 6)):
        heading = styles[name]
        heading.base_style, heading.next_paragraph_style = body, body
        _shape_style(heading, size=14, bold=True)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = Pt(space)
    _set_compatibility(document)


def _drop_unused_styles(document: WordDocument) -> None:
    """Keep the styles of the report: the 150 others of python-docx's own template only cost time at each render."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.name_val not in KEPT_STYLES:
            styles.remove(style)
    latent = styles.find(qn("w:latentStyles"))
    if latent is not None:
        styles.remove(latent)
    for link in list(styles.iter(qn("w:link"))):
        link.getparent().remove(link)


def _shape_style(style: Any, size: int, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, RGBColor(0, 0, 0)
    _set_fonts(style.element.get_or_add_rPr().get_or_add_rFonts())


def _set_fonts(fonts: Any) -> None:
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{key}"), FONT)


def _set_compatibility(document: WordDocument) -> None:
    """Say that this is a document of today's Word, or Word opens it in its compatibility mode."""
    compat = document.settings.element.find(qn("w:compat"))
    if compat is None:
        raise LookupError("the settings of python-docx's template have changed: no w:compat")
    for old in compat.findall(qn("w:compatSetting")):
        compat.remove(old)
    append(
        compat,
        "w:compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val="15",
    )


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(9)
    section.different_first_page_header_footer = True


def _write_marks(section: Section) -> None:
    """Page number centred at the top, not on page 1; the mark of a draft or of sample data on every page."""
    for header, numbered in ((section.first_page_header, False), (section.header, True)):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.style = "Normal"
        paragraph.alignment = CENTER
        if numbered:
            _add_page_number(paragraph)
        for line in MARK_LINES:
            mark = header.add_paragraph(style="Normal")
            mark.alignment = RIGHT
            mark.paragraph_format.space_after = Pt(6)  # or the mark sits on the first line of a full page
            add_run(mark, line, size=11, bold=True)


def _add_page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "2"), ("end", "")):
        run = add_run(paragraph, "", size=13)
        if kind:
            append(run._r, "w:fldChar", fldCharType=kind)
        else:
            append(run._r, "w:t" if text == "2" else "w:instrText").text = text


def _shrink_section_break(document: WordDocument) -> None:
    """Make the paragraph that carries the section break a hair high, or it opens an empty page of its own."""
    carrier = next(p for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.find(qn("w:sectPr")) is not None)
    carrier.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    carrier.paragraph_format.line_spacing = Pt(1)


def _restart_page_numbers(section: Section) -> None:
    """Number the pages of an annex on their own (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III.1)."""
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(numbering, "w:cols", "w:formProt", "w:vAlign", "w:titlePg", "w:docGrid")


def _set_properties(document: WordDocument) -> None:
    properties = document.core_properties
    properties.title, properties.author = "Mẫu báo cáo cải cách hành chính định kỳ", "cchc"
    properties.comments = properties.keywords = properties.subject = ""
    properties.last_modified_by, properties.revision = "cchc", 1
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)


# --- the report ------------------------------------------------------------------------------------------------


def _write_letterhead(document: WordDocument) -> None:
    table = add_table(document, rows=2, widths=LETTERHEAD_WIDTHS)
    left, right = table.cell(0, 0), table.cell(0, 1)
    write_cell(left, "{%p if don_vi.co_quan_chu_quan %}", first=True)
    write_cell(left, "{{ don_vi.co_quan_chu_quan }}", size=12)
    write_cell(left, "{%p endif %}")
    write_cell(left, "{{ don_vi.ten_co_quan }}", size=12, bold=True)
    add_rule(left.add_paragraph(), column=LETTERHEAD_WIDTHS[0], length=20)
    write_cell(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, first=True)
    write_cell(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    add_rule(right.add_paragraph(), column=LETTERHEAD_WIDTHS[1], length=MOTTO_LENGTH)
    write_cell(table.cell(1, 0), "Số: {{ van_ban.so }}/{{ don_vi.ky_hieu }}", size=13, first=True)
    place = write_cell(table.cell(1, 1), "", size=13, first=True)
    # A long place takes a line of its own: the date must not break before its year.
    date = "{{ van_ban.ngay_dai|replace(' ', '\u00a0') }}"
    add_run(place, f"{{{{ don_vi.dia_danh }}}}, {date}", size=13, italic=True)
    for cell in table.rows[1].cells:
        cell.paragraphs[0].paragraph_format.space_before = Pt(4)


def _write_title(document: WordDocument) -> None:
    add_line(document, "BÁO CÁO", bold=True, before=18)
    add_line(
        document,
        "Kết quả thực hiện nhiệm vụ cải cách hành chính {{ ky.ten }};\nphương hướng, nhiệm vụ {{ ky.ten_ky_toi }}",
        bold=True,
    )
    add_rule(document.add_paragraph(), column=TEXT_WIDTH, length=50)
    add_line(document, "{%p if so_lieu_den_ngay %}")
    add_line(document, "(Số liệu đến ngày {{ so_lieu_den_ngay }})", italic=True, before=6)
    add_line(document, "{%p endif %}")


def _write_body(document: WordDocument) -> None:
    add_loop(document, "mo_dau")
    for number, part in enumerate(WORDING["phan"]):
        roman = part["so"]
        assert roman == ("I", "II", "III", "IV")[number], "headings are numbered strictly in sequence"
        document.add_paragraph(f"{roman}. {part['tieu_de']}", style="Heading 1")
        for item in range(1, part["so_muc"] + 1):
            section = f"{roman.lower()}_{item}"
            document.add_paragraph(f"{item}. {DoanVan.model_fields[section].title}", style="Heading 2")
            add_loop(document, section)
            if section == "ii_2":
                _write_procedure_numbers(document)
    # The signature must not stand alone on a page: the closing goes with it.
    add_loop(document, "ket").paragraph_format.keep_with_next = True


def _write_procedure_numbers(document: WordDocument) -> None:
    lines = WORDING["ii_2"]["dong"]
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        paragraph = add_text(document, line)
        paragraph.paragraph_format.keep_with_next = line.startswith("- ") and following.startswith("+ ")


def _write_signature(document: WordDocument) -> None:
    table = add_table(document, rows=1, widths=(80, 85))
    append(table.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
    left, right = table.rows[0].cells
    heading = write_cell(left, "", align=LEFT, first=True)
    add_run(heading, "Nơi nhận:", size=12, bold=True, italic=True)
    write_cell(left, "{%p for noi in don_vi.noi_nhan %}", align=LEFT)
    write_cell(left, "- {{ noi }}{% if loop.last %}.{% else %};{% endif %}", size=11, align=LEFT)
    write_cell(left, "{%p endfor %}", align=LEFT)
    write_cell(right, "{{ don_vi.tham_quyen_ky }}", size=14, bold=True, first=True)
    write_cell(right, "{{ don_vi.chuc_vu_ky }}", size=14, bold=True)
    signer = write_cell(right, "{{ don_vi.nguoi_ky }}", size=14, bold=True)
    signer.paragraph_format.space_before = Pt(78)  # room for the signature and the seal
    for paragraph in (left.paragraphs[0], right.paragraphs[0]):
        paragraph.paragraph_format.space_before = Pt(12)


# --- the annex -------------------------------------------------------------------------------------------------


def _write_annex(document: WordDocument) -> None:
    add_line(document, "Phụ lục 3", bold=True)
    add_line(document, "BIỂU MẪU THỐNG KÊ SỐ LIỆU\nBÁO CÁO CẢI CÁCH HÀNH CHÍNH ĐỊNH KỲ", bold=True)
    add_line(
        document,
        "(Kèm theo Báo cáo số {{ van_ban.so }}/{{ don_vi.ky_hieu }} ngày {{ van_ban.ngay_ngan }} "
        "của {{ don_vi.ten_day_du }})",
        size=13,
        italic=True,
    )
    add_line(document, "{%p if so_lieu_den_ngay %}")
    add_line(document, "(Số liệu đến ngày {{ so_lieu_den_ngay }})", size=13, italic=True)
    add_line(document, "{%p endif %}")
    add_line(document, "{%p for bieu in bieu_mau %}")
    # Each form on a page of its own, but a short one (form 2) lets the next one follow.
    add_line(document, "{%p if not loop.first and loop.previtem.hang|length > 3 %}")
    _add_form_title(document, "Biểu mẫu {{ bieu.so }}").paragraph_format.page_break_before = True
    add_line(document, "{%p else %}")
    _add_form_title(document, "Biểu mẫu {{ bieu.so }}").paragraph_format.space_before = Pt(18)
    add_line(document, "{%p endif %}")
    _add_form_title(document, "{{ bieu.ten }}").paragraph_format.space_after = Pt(6)
    _write_form(document)
    add_line(document, "{%p if bieu.cach_tinh %}")
    note = add_line(document, "{{ bieu.cach_tinh }}", size=11, italic=True, before=3)
    note.alignment = JUSTIFY
    add_line(document, "{%p endif %}")
    add_line(document, "{%p endfor %}")
    add_line(document, "", size=2)  # Word wants a paragraph after the last table


def _add_form_title(document: WordDocument, text: str) -> Paragraph:
    paragraph = add_line(document, text, bold=True)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _write_form(document: WordDocument) -> None:
    table = add_table(document, rows=11, widths=FORM_WIDTHS, grid=True)
    _write_form_header(table)
    rows = list(table.rows)
    for position, tag in FORM_CONTROLS.items():
        write_cell(rows[position].cells[0], tag, size=12, first=True)
    _write_form_row(rows[4], bold=True)
    _write_form_row(rows[6], italic=True)
    _write_form_row(rows[8])


def _write_form_header(table: Table) -> None:
    for column, text in ((0, "STT"), (1, "Chỉ tiêu thống kê"), (4, "Ghi chú")):
        cell = table.cell(0, column).merge(table.cell(1, column))
        write_cell(cell, text, size=12, bold=True, first=True)
    add_run(
        table.cell(0, 1).add_paragraph(),
        "(Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)",
        size=12,
        italic=True,
    ).font.bold = False
    table.cell(0, 1).paragraphs[-1].alignment = CENTER
    write_cell(table.cell(0, 2).merge(table.cell(0, 3)), "Kết quả thống kê", size=12, bold=True, first=True)
    write_cell(table.cell(1, 2), "Đơn vị tính", size=12, bold=True, first=True)
    write_cell(table.cell(1, 3), "Số liệu", size=12, bold=True, first=True)
    for row, height in zip(list(table.rows)[:2], FORM_HEADER_HEIGHTS, strict=True):
        row.height = Mm(height)
        append(row._tr.get_or_add_trPr(), "w:cantSplit")
        append(row._tr.get_or_add_trPr(), "w:tblHeader")
        for cell in row.cells:
            cell.vertical_alignment = MIDDLE
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _write_form_row(row: _Row, bold: bool = False, italic: bool = False) -> None:
    append(row._tr.get_or_add_trPr(), "w:cantSplit")
    texts = (
        "{{ hang.stt_in }}",
        "{{ hang.chi_tieu }}",
        "{{ hang.don_vi_tinh }}",
        "{{ hang.so_lieu_in }}",
        "{{ hang.ghi_chu }}",
    )
    for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        align = JUSTIFY if column == 1 else CENTER
        paragraph = write_cell(cell, "", align=align, first=True)
        add_run(paragraph, text, size=11 if column == 4 else 12, bold=bold, italic=italic)
        if column == 1:
            add_run(paragraph, "{{ hang.chu_thich }}", size=12, italic=True)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.keep_with_next = bold or None  # a group's heading stays with its first row
        cell.vertical_alignment = MIDDLE


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "bao-cao.docx")
