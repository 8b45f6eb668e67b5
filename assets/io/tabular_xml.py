"""Reading spreadsheets that are one XML file: "XML Spreadsheet 2003" of Excel, flat OpenDocument (.fods).

Belongs here: their rows, cells and spans. Does not belong here: HTML pages (tabular_html), zipped packages (workbook).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assets.io.tabular_base import (
    Grid,
    MergedRange,
    SheetMarks,
    frame_from_rows,
    pick_visible,
    refuse,
    refuse_bulk,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL_OPTIONS = "urn:schemas-microsoft-com:office:excel"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_PEEK = 8192
_WHOLE = re.compile(r"(-?\d+)\.0+")

Sheet = tuple[bool, Grid]
"""Whether the clerk sees it, and its cells."""


def is_xml_sheets(text: str) -> bool:
    """Whether a text is one of these files, by the names its root declares."""
    head = text[:_PEEK]
    return f'"{_EXCEL}"' in head or (f'"{_OFFICE}"' in head and "<office:document" in head)


def read_xml_sheets(text: str, name: str) -> list[Grid]:
    """Read every sheet; hidden ones only where nothing else holds a cell, as of any workbook.

    Args:
        text: content.
        name: delivered name, for messages.

    Raises:
        UnreadableFile: the XML is cut off, or too many cells.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    declared = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        book = etree.fromstring(declared, parser)
    except etree.XMLSyntaxError:
        raise refuse("TEP_HONG", name, ly_do="XML không khép, tệp bị cắt ngang") from None
    flat = book.tag == f"{{{_OFFICE}}}document"
    if flat and "spreadsheet" not in str(book.get(f"{{{_OFFICE}}}mimetype", "spreadsheet")):
        raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do="đây là tài liệu OpenDocument không phải bảng tính")
    sheets = _list_flat(book, name) if flat else _list_2003(book, name)
    from_1904 = _counts_from_1904(book)
    return pick_visible([(shown, replace(grid, from_1904=from_1904)) for shown, grid in sheets if grid.cells.width])


def _counts_from_1904(book: _Element) -> bool:
    days = [one.get(f"{{{_TABLE}}}date-value", "") for one in book.iter(f"{{{_TABLE}}}null-date")]
    return any(day.startswith("1904") for day in days) or book.find(f".//{{{_EXCEL_OPTIONS}}}Date1904") is not None


def read_flat_marks(content: bytes, sheet: str) -> SheetMarks | None:
    """What OpenDocument's content says of a sheet besides its values, which the quick reader has read already.

    Args:
        content: ``content.xml`` of a package.
        sheet: the sheet's name.

    Returns:
        Its merged ranges and empty leading columns; None where no such sheet is.
    """
    from lxml import etree

    book = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    found = next((one for one in book.iter(f"{{{_TABLE}}}table") if one.get(f"{{{_TABLE}}}name") == sheet), None)
    if found is None:
        return None
    merges: list[MergedRange] = []
    left: int | None = None
    y = 0
    for line in found.iter(f"{{{_TABLE}}}table-row"):
        x = 0
        for cell in line:
            if cell.get(f"{{{_OFFICE}}}value-type"):
                left = x if left is None else min(left, x)
                merges += _find_span(cell, y, x)
            x += _number(cell.get(f"{{{_TABLE}}}number-columns-repeated"), 1)
        y += _number(line.get(f"{{{_TABLE}}}number-rows-repeated"), 1)
    return SheetMarks(left_out=left or 0, merges=tuple(merges), from_1904=_counts_from_1904(book))


def _find_span(cell: _Element, y: int, x: int) -> list[MergedRange]:
    across = _number(cell.get(f"{{{_TABLE}}}number-columns-spanned"), 1)
    down = _number(cell.get(f"{{{_TABLE}}}number-rows-spanned"), 1)
    return [(y, x, y + down - 1, x + across - 1)] if across > 1 or down > 1 else []


def _make_grid(title: str, rows: list[list[str | None]], merges: list[MergedRange], name: str) -> Grid:
    width = max(map(len, rows), default=0)
    refuse_bulk(len(rows), width, name)
    return Grid(title, frame_from_rows(rows), merges=tuple(merges))


# --- Excel 2003 ---


def _list_2003(book: _Element, name: str) -> Iterator[Sheet]:
    tag = f"{{{_EXCEL}}}"
    for number, sheet in enumerate(book.iter(f"{tag}Worksheet"), start=1):
        hidden = sheet.findtext(f".//{{{_EXCEL_OPTIONS}}}Visible") in ("SheetHidden", "SheetVeryHidden")
        rows: list[list[str | None]] = []
        merges: list[MergedRange] = []
        for line in sheet.iter(f"{tag}Row"):
            rows += [[]] * (_number(line.get(f"{tag}Index"), len(rows) + 1) - 1 - len(rows))
            rows.append(_read_2003_row(line, len(rows), merges))
        yield not hidden, _make_grid(str(sheet.get(f"{tag}Name") or f"Sheet{number}"), rows, merges, name)


def _read_2003_row(line: _Element, y: int, merges: list[MergedRange]) -> list[str | None]:
    tag = f"{{{_EXCEL}}}"
    row: list[str | None] = []
    for cell in line.iterchildren(f"{tag}Cell"):
        row += [None] * (_number(cell.get(f"{tag}Index"), len(row) + 1) - 1 - len(row))
        across, down = _number(cell.get(f"{tag}MergeAcross"), 0), _number(cell.get(f"{tag}MergeDown"), 0)
        if across or down:
            merges.append((y, len(row), y + down, len(row) + across))
        # a comment is a child of the cell too, and no value of it
        data = cell.find(f"{tag}Data")
        row += [_read_2003_value(data), *[None] * across]
    return row


def _read_2003_value(data: _Element | None) -> str | None:
    if data is None:
        return None
    text = "".join(str(part) for part in data.itertext()).strip()
    kind = data.get(f"{{{_EXCEL}}}Type")
    if kind == "Boolean":
        return "true" if text == "1" else "false"
    if kind == "Error":
        return None
    return _WHOLE.sub(r"\1", text) if kind == "Number" and _WHOLE.fullmatch(text) else text or None


# --- flat OpenDocument ---


def _list_flat(book: _Element, name: str) -> Iterator[Sheet]:
    hidden = {
        style.get(f"{{{_STYLE}}}name")
        for style in book.iter(f"{{{_STYLE}}}style")
        if any(one.get(f"{{{_TABLE}}}display") == "false" for one in style)
    }
    for sheet in book.iter(f"{{{_TABLE}}}table"):
        rows: list[list[str | None]] = []
        merges: list[MergedRange] = []
        for line in sheet.iter(f"{{{_TABLE}}}table-row"):
            row = _read_flat_row(line, len(rows), merges)
            rows += [row] * _number(line.get(f"{{{_TABLE}}}number-rows-repeated"), 1)
        while rows and not rows[-1]:
            rows.pop()
        shown = sheet.get(f"{{{_TABLE}}}style-name") not in hidden
        yield shown, _make_grid(str(sheet.get(f"{{{_TABLE}}}name")), rows, merges, name)


def _read_flat_row(line: _Element, y: int, merges: list[MergedRange]) -> list[str | None]:
    """The cells of a row up to its last filled one; programs pad rows to the sheet's whole width."""
    row: list[str | None] = []
    blank = 0
    for cell in line.iterchildren(f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell"):
        merges += _find_span(cell, y, len(row) + blank)
        covered = cell.tag == f"{{{_TABLE}}}covered-table-cell"
        value = None if covered else _read_flat_value(cell)
        times = _number(cell.get(f"{{{_TABLE}}}number-columns-repeated"), 1)
        if value is None:
            blank += times
        else:
            row += [*[None] * blank, *[value] * times]
            blank = 0
    return row


def _read_flat_value(cell: _Element) -> str | None:
    kind = cell.get(f"{{{_OFFICE}}}value-type")
    if kind == "date":
        return str(cell.get(f"{{{_OFFICE}}}date-value"))
    if kind in ("float", "percentage", "currency"):
        number = str(cell.get(f"{{{_OFFICE}}}value"))
        return _WHOLE.sub(r"\1", number) if _WHOLE.fullmatch(number) else number
    if kind == "boolean":
        return str(cell.get(f"{{{_OFFICE}}}boolean-value"))
    # paragraphs that are the cell's own: those of a comment lie in an annotation
    return "\n".join(map(_read_paragraph, cell.iterchildren(f"{{{_TEXT}}}p"))).strip() or None


def _read_paragraph(paragraph: _Element) -> str:
    for blank in paragraph.iter(f"{{{_TEXT}}}s", f"{{{_TEXT}}}tab", f"{{{_TEXT}}}line-break"):
        blank.text = "\n" if blank.tag.endswith("line-break") else " "
    return "".join(str(part) for part in paragraph.itertext())


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default
