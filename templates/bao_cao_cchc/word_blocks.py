"""Small pieces of a Word document that python-docx has no call for: rules, fixed tables, runs of one size.

Belongs here: building blocks without a word of the report. Does not belong here: what the report says and how its
pages look (``build_template``, beside this file, the only one that uses them).
"""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

CENTER = WD_ALIGN_PARAGRAPH.CENTER


def add_line(
    document: WordDocument,
    text: str,
    size: int = 14,
    bold: bool = False,
    italic: bool = False,
    before: int = 0,
) -> Paragraph:
    """Add a centred line; ``before`` is the space above it in points."""
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTER
    paragraph.paragraph_format.space_before = Pt(before)
    add_run(paragraph, text, size=size, bold=bold, italic=italic)
    return paragraph


def add_text(document: WordDocument, text: str) -> Paragraph:
    """Add a paragraph of the body."""
    return document.add_paragraph(text, style="Nội dung")


def add_loop(document: WordDocument, section: str) -> Paragraph:
    """Add a loop over the officer's paragraphs of one section; return the paragraph that repeats."""
    add_text(document, f"{{%p for doan_van in doan.{section} %}}")
    paragraph = add_text(document, "{{ doan_van }}")
    add_text(document, "{%p endfor %}")
    return paragraph


def add_run(paragraph: Paragraph, text: str, size: int, bold: bool = False, italic: bool = False) -> Run:
    """Add text of one size; what is not bold or italic follows the paragraph's style."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.bold, run.font.italic = bold or None, italic or None
    return run


def add_table(document: WordDocument, rows: int, widths: tuple[int, ...], grid: bool = False) -> Table:
    """Add a table of fixed column widths (mm), with lines only when ``grid``."""
    table = document.add_table(rows, len(widths), style="Table Grid" if grid else "Normal Table")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    set_cell_margins(table, mm=1.2 if grid else 0)
    return table


def set_cell_margins(table: Table, mm: float) -> None:
    """Set the room left and right of every cell's text."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        append(margins, f"w:{side}", w=str(Mm(mm).twips), type="dxa")
    look = table._tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


def write_cell(
    cell: _Cell, text: str, size: int = 12, bold: bool = False, align: Any = CENTER, first: bool = False
) -> Paragraph:
    """Write a paragraph into a cell: the one that every cell has (``first``), or one more."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = align
    if text:
        add_run(paragraph, text, size=size, bold=bold)
    return paragraph


def add_rule(paragraph: Paragraph, column: float, length: float) -> None:
    """Draw a rule of ``length`` mm in the middle of a ``column`` of that width: a border between two indents."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm((column - length) / 2)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders = OxmlElement("w:pBdr")
    append(borders, "w:bottom", val="single", sz="6", space="1", color="000000")
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def append(parent: Any, tag: str, **attributes: str) -> Any:
    """Append a child element with ``w:`` attributes; the caller knows that its place is last."""
    child = OxmlElement(tag)
    for key, value in attributes.items():
        child.set(qn(f"w:{key}"), value)
    parent.append(child)
    return child
