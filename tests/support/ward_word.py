# ruff: noqa: E501 - a paragraph of a report is one line
"""A ward's report as people make it in Word: automatic numbers, merged cells, a header, tracked changes, hidden text.

Belongs here: building the file, correct by construction. All names are invented. Does not belong here: expectations.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEADINGS, BULLETS, ROWS = 90, 91, 92
_LEVELS = (("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)"))
_FIELDS = (
    ("Tư pháp - Hộ tịch", "812", "14", "801", "0", "25"),
    ("Đất đai", "240", "6", "221", "3", "22"),
    ("Văn hóa - Xã hội", "155", "0", "150", "0", "5"),
)


def write_ward_word(path: Path, *, numbers: tuple[int, ...] = (1, 1, 1, 1), counted: str = "1.227") -> Path:
    """Write the report.

    Args:
        path: where.
        numbers: what each Roman heading advances the list by; 0 starts the list again at I.
        counted: the dossiers received, as the sentence below the table says.
    """
    document = docx.Document()
    _declare_lists(document)
    document.sections[0].header.paragraphs[0].text = "DỰ THẢO - SỐ LIỆU MẪU năm 2031"
    document.sections[0].footer.paragraphs[0].text = "Trang 1/9"
    top = document.add_table(rows=2, cols=2)
    top.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nPHƯỜNG TRÀ LĨNH"
    top.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    top.cell(1, 0).text = "Số: 96/BC-UBND"
    top.cell(1, 1).text = "Trà Lĩnh, ngày 16 tháng 3 năm 2026"
    heads = iter(numbers)
    for text, level, name in _BODY:
        if text == "TABLE":
            _add_table(document)
            continue
        paragraph = document.add_paragraph(text.format(counted=counted))
        if level is not None:
            restart = level == 0 and name == HEADINGS and next(heads) == 0
            _number(paragraph, level, _restart(document) if restart else name)
    _track_changes(document)
    document.save(str(path))
    return path


_BODY: tuple[tuple[str, int | None, int], ...] = (
    ("BÁO CÁO", None, 0),
    ("Kết quả công tác cải cách hành chính quý I, phương hướng nhiệm vụ quý II năm 2026", None, 0),
    (
        "Thực hiện Công văn số 322/SNV\u2011CCHC ngày 24/02/2026 của Sở Nội vụ tỉnh Bình Hải, UBND phường Trà Lĩnh báo cáo như sau:",
        None,
        0,
    ),
    ("Công tác chỉ đạo, điều hành", 0, HEADINGS),
    ("Về kế hoạch", 1, HEADINGS),
    (
        "Ngày 12/01/2026, UBND phường ban hành Kế hoạch số 21/KH-UBND gồm 36 nhiệm vụ; hết quý I hoàn thành 9/36 nhiệm vụ, bằng 25%.",
        None,
        0,
    ),
    ("Về tuyên truyền", 1, HEADINGS),
    ("Đăng 24 tin, bài; tổ chức 02 hội nghị với 180 lượt người dự.", 0, BULLETS),
    ("Nhiệm vụ cấp trên giao", 1, HEADINGS),
    (
        "Thành phố giao 30 nhiệm vụ, đã xong 26 nhiệm vụ đúng hạn, 4 nhiệm vụ đang thực hiện trong hạn.",
        None,
        0,
    ),
    ("Kết quả cải cách hành chính", 0, HEADINGS),
    ("Cải cách thể chế", 1, HEADINGS),
    ("Không ban hành văn bản quy phạm pháp luật.", 3, HEADINGS),
    ("Tự kiểm tra 12 văn bản hành chính, không phát hiện sai sót.", 3, HEADINGS),
    ("Cải cách thủ tục hành chính", 1, HEADINGS),
    ("Tình hình tiếp nhận, giải quyết", 2, HEADINGS),
    ("Tổng hợp kết quả trong kỳ (từ 15/12/2025 đến 14/3/2026):", None, 0),
    ("TABLE", None, 0),
    (
        "Như vậy, toàn phường tiếp nhận {counted} hồ sơ, trong đó trực tuyến 1.207 hồ sơ (98,4%), trực tiếp 20 hồ sơ; giải quyết 1.175 hồ sơ, gồm 1.172 hồ sơ đúng hạn và 3 hồ sơ quá hạn; đang giải quyết 52 hồ sơ.",
        None,
        0,
    ),
    ("Số hóa", 2, HEADINGS),
    ("Số hóa kết quả 1.175/1.175 hồ sơ, đạt 100%.", None, 0),
    ("Cải cách tổ chức bộ máy", 1, HEADINGS),
    ("Phường có 5 phòng, 1 trung tâm; 48 biên chế công chức được giao, có mặt 45.", None, 0),
    ("Đánh giá chung", 0, HEADINGS),
    ("Kết quả đạt được", 1, HEADINGS),
    ("Hạn chế", 1, HEADINGS),
    ("Phương hướng, nhiệm vụ quý II năm 2026", 0, HEADINGS),
    ("Đẩy mạnh tuyên truyền.", 0, BULLETS),
    ("Nâng tỷ lệ hồ sơ toàn trình lên 80%.", 0, BULLETS),
    ("Trên đây là báo cáo công tác CCHC quý I năm 2026 của UBND phường Trà Lĩnh./.", None, 0),
)


def _declare_lists(document: Any) -> None:
    lists = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(_LEVELS)
    )
    bullet = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>'
    row = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    for at, (name, inside) in enumerate(((HEADINGS, levels), (BULLETS, bullet), (ROWS, row))):
        lists.insert(at, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{name}">{inside}</w:abstractNum>'))
        lists.append(parse_xml(f'<w:num {W} w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>'))


def _restart(document: Any) -> int:
    """Declare the headings' list once more, beginning at I again, as Word's "restart at 1" does."""
    lists = document.part.numbering_part.element
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists.append(parse_xml(f'<w:num {W} w:numId="95"><w:abstractNumId w:val="{HEADINGS}"/>{override}</w:num>'))
    return 95


def _number(paragraph: Any, level: int, name: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>'))


def _add_table(document: Any) -> None:
    """Fields by column, a header of two rows with merged cells, numbers of rows by Word, a merged total label."""
    table = document.add_table(rows=2, cols=7)
    for column, text in enumerate(("TT", "Lĩnh vực", "Tiếp nhận", "", "Giải quyết", "", "Đang giải quyết")):
        table.cell(0, column).text = text
    for column, text in enumerate(("", "", "Trực tuyến", "Trực tiếp", "Đúng hạn", "Quá hạn", "")):
        table.cell(1, column).text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(0, 4).merge(table.cell(0, 5))
    for column in (0, 1, 6):
        table.cell(0, column).merge(table.cell(1, column))
    for field in _FIELDS:
        first, *others = table.add_row().cells
        _number(first.paragraphs[0], 0, ROWS)
        for cell, text in zip(others, field, strict=True):
            cell.text = text
    cells = table.add_row().cells
    for cell, text in zip(cells, ("Tổng cộng", "", "1.207", "20", "1.172", "3", "52"), strict=True):
        cell.text = text
    cells[0].merge(cells[1])


def _track_changes(document: Any) -> None:
    """Delete, move away and hide words that would be wrong if they counted; delete a numbered heading."""
    digitised = next(p for p in document.paragraphs if p.text.startswith("Số hóa kết quả"))
    for change in (
        '<w:del {W} w:id="1" w:author="a"><w:r><w:delText> Từ chối 9 hồ sơ.</w:delText></w:r></w:del>',
        '<w:moveFrom {W} w:id="2" w:author="a"><w:r><w:t> Đang giải quyết 99 hồ sơ.</w:t></w:r></w:moveFrom>',
        "<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t> Quá hạn 77 hồ sơ.</w:t></w:r>",
    ):
        digitised._p.append(parse_xml(change.replace("{W}", W)))
    heading = next(p for p in document.paragraphs if p.text == "Hạn chế")
    gone = f"""<w:p {W}><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="{HEADINGS}"/></w:numPr>
        <w:rPr><w:del w:id="3" w:author="a"/></w:rPr></w:pPr>
        <w:del w:id="4" w:author="a"><w:r><w:delText>Bài học</w:delText></w:r></w:del></w:p>"""
    heading._p.addprevious(parse_xml(gone))
