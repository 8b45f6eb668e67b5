"""Reading an HTML page that was saved under a spreadsheet's name.

Belongs here: tables, their row and column spans. Does not belong here: which of them is the list (assets/raw).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assets.io.tabular_base import Grid, MergedRange, frame_from_rows, refuse
from assets.io.tabular_legacy import decode_markup
from assets.io.tabular_xml import is_xml_sheets, read_xml_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_MAX_SPAN = 1000
_TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
_PAGE_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dhr]\s*>", re.IGNORECASE)


def read_html(data: bytes, name: str) -> list[Grid]:
    """Read every table of a page, its spans as merged ranges.

    Text of a cell that spans rows stands in each of them; over spanned columns it stands in the first one only, as
    in a workbook: a signature line over the whole width is no row of values.

    Args:
        data: content.
        name: delivered name, for messages.

    Returns:
        One grid per table with more than one row, named ``html``, ``html 2`` …; a page of several tables whose first
        ones are titles keeps their order.

    Raises:
        UnreadableFile: no table in the page (for example a log-in page), or the page breaks off in one.
    """
    from lxml import etree, html

    text = decode_markup(data)
    if is_xml_sheets(text):
        return read_xml_sheets(text, name)
    try:
        page = html.document_fromstring(text)
    except (etree.ParserError, ValueError):
        raise refuse("TEP_HONG", name, ly_do="trang web rỗng hoặc hỏng") from None
    tables = _find_tables(page)
    if not tables:
        raise refuse(
            "TEP_KHONG_PHAI_BANG_TINH", name, ly_do="đây là trang web không có bảng, có thể là trang đăng nhập"
        )
    if _is_cut_off(text):
        raise refuse("TEP_HONG", name, ly_do="trang web bị cắt ngang giữa bảng, có thể còn thiếu dòng")
    # Rows are counted over the whole page, as a spreadsheet program lays the tables one under another.
    grids: list[Grid] = []
    row = 1
    for table in tables:
        cells, merges = _lay_out(table)
        if cells:
            sheet = "html" if not grids else f"html {len(grids) + 1}"
            grids.append(Grid(sheet, frame_from_rows(cells), row, tuple(merges) or None))
        row += len(cells)
    return grids


def _is_cut_off(text: str) -> bool:
    """Whether a page ends inside a table: the parser closes what is open, and the rows after the cut are just missing.

    A program that closes neither the page nor any cell may leave its tables open too: that tells nothing.
    """
    if _PAGE_END.search(text) or not _CELL_END.search(text):
        return False
    return sum(-1 if closing else 1 for closing in _TABLE_TAG.findall(text)) > 0


def _find_tables(page: _Element) -> list[_Element]:
    """List the tables that are not there for the layout only, outermost first.

    A table around others lays out a page, unless it has more rows than each of them: then they are content of its
    cells (a badge, a line of buttons).
    """
    tables = []
    swallowed: set[_Element] = set()
    for table in page.iter("table"):
        if table in swallowed:
            continue
        inner = list(table.iterdescendants("table"))
        rows = len(_own_rows(table))
        if all(rows > len(_own_rows(one)) for one in inner):
            tables.append(table)
            swallowed.update(inner)
    return tables


def _own_rows(table: _Element) -> list[_Element]:
    """Rows of a table without those of tables inside it."""
    return [line for line in table.iter("tr") if next(line.iterancestors("table")) is table]


def _lay_out(table: _Element) -> tuple[list[list[str | None]], list[MergedRange]]:
    """Put a table's cells where their spans leave them.

    Returns:
        The rows, and the ranges that cells span.
    """
    rows: list[list[str | None]] = []
    reserved: dict[tuple[int, int], str | None] = {}
    merges: list[MergedRange] = []
    lines = _own_rows(table)
    for y, line in enumerate(lines):
        row: list[str | None] = []
        for cell in line.iterchildren("td", "th"):
            _take_reserved(row, reserved, y)
            across, down = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(lines) - y)
            if across > 1 or down > 1:
                merges.append((y, len(row), y + down - 1, len(row) + across - 1))
            texts = [_cell_text(cell), *[None] * (across - 1)]
            for offset in range(1, down):
                reserved.update({(y + offset, len(row) + i): text for i, text in enumerate(texts)})
            row += texts
        _take_reserved(row, reserved, y)
        rows.append(row)
    return rows, merges


def _take_reserved(row: list[str | None], reserved: dict[tuple[int, int], str | None], y: int) -> None:
    while (y, len(row)) in reserved:
        row.append(reserved[y, len(row)])


def _span(cell: _Element, attribute: str) -> int:
    value = str(cell.get(attribute) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1


def _list_texts(element: _Element) -> Iterator[str]:
    """The texts in a cell; a row inside it, but in no table inside it, is the next one of a page that closes no tag."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag != "tr":
            yield from child.itertext() if child.tag == "table" else _list_texts(child)
        yield child.tail or ""


def _cell_text(cell: _Element) -> str | None:
    """Text of a cell; Excel keeps the number behind a formatted cell in ``x:num``, the text is what the clerk sees."""
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    lines = "".join(_list_texts(cell)).replace("\xa0", " ").split("\n")
    return "\n".join(text for line in lines if (text := " ".join(line.split()))) or None
