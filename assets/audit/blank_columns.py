"""Tables and letterheads whose columns are made of blanks, as in text out of a PDF file.

Belongs here: finding the columns of such a table (a form, or figures in the text) by the gaps that all its lines
share, and rebuilding its rows.
Does not belong here: what the columns mean (tables), reading files (assets/io/report_reader).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from assets.audit.blank_rows import group_tight_lines
from assets.audit.catalogue import load_unit_rules
from assets.io.report_blocks import Block, Table, TableRow, TextLine, Word
from schemas.rules.text import clean_text, matching_key

_STT = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")
_TITLE = re.compile(r"biểu(?: mẫu)?(?: số)? ?\d|phụ lục")
_COLUMN_GAP = 2.0
_WIDE_GAP = 5.0
_PAGE_LINES = 150  # a page of paper has no more; a longer run is no page, and is read line by line
_ROW_LINES = 30  # of a header, or of one row of a table of figures: half a page without a figure ends the table
_HEADER = ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú")


def rebuild_columns(blocks: Sequence[Block]) -> list[Block]:
    """Turn runs of lines with blank-made columns into tables, and side-by-side lines into lines of their own.

    Args:
        blocks: what the reader gave; only lines that carry ``words`` are touched.

    Returns:
        Blocks in the same order.
    """
    rebuilt: list[Block] = []
    run: list[TextLine] = []
    for block in blocks:
        if run and (not isinstance(block, TextLine) or _ends_table(block)):
            rebuilt.extend(_tables_of(run))
            run = []
        if isinstance(block, TextLine) and (run or _is_header(block, rebuilt[-1:])):
            run.append(block)
        else:
            rebuilt.append(block)
    return list(_rest_of([*rebuilt, *_tables_of(run)]))


def _rest_of(blocks: Sequence[Block]) -> Iterator[Block]:
    """Look through what is no form: tables of figures in the text, and lines side by side."""
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if not isinstance(block, TextLine):
            yield block
            at += 1
            continue
        run = _figures_from(blocks, at) if _opens_figures(block) else []
        table = _table_of_figures(run)
        if table is None:
            yield from _side_by_side(block)
            at += 1
        else:
            yield table
            at += len(run)


# --- tables of figures in the text ------------------------------------------------------------------------------

_MIN_COLUMNS = 3
_FIGURE = re.compile(r"[\d.,]*\d%?|-|–")


def _opens_figures(line: TextLine) -> bool:
    key = matching_key(line.text)
    return key.startswith(("stt ", "tt ", "số tt ")) and len(_split(line, _COLUMN_GAP)) >= _MIN_COLUMNS


def _ends_with_figure(line: TextLine) -> bool:
    parts = _split(line, _COLUMN_GAP)
    return len(parts) > 1 and _FIGURE.fullmatch(_say(parts[-1])) is not None


def _figures_from(blocks: Sequence[Block], at: int) -> list[TextLine]:
    """Take the lines of a table: all up to the last one in a row that ends with a figure, or with parts of a cell."""
    run: list[TextLine] = []
    last = 0
    for index in range(at, len(blocks)):
        block = blocks[index]
        if not isinstance(block, TextLine) or len(run) - last > _ROW_LINES:
            break
        wide = len(_split(block, _COLUMN_GAP)) > 1
        if run and not wide and not _is_part_of_cell(block, run[0]):
            break
        run.append(block)
        last = len(run) if _ends_with_figure(block) else last
    return run[:last]


def _is_part_of_cell(line: TextLine, header: TextLine) -> bool:
    """Tell whether a line goes on with a label: it begins in a column of its own, right of the number."""
    columns = _split(header, _COLUMN_GAP)
    return not line.after_blank and line.words[0].start >= columns[1][0].start - line.unit


def _table_of_figures(run: Sequence[TextLine]) -> Table | None:
    """Rebuild a table of figures: the header is what stands above the first line that ends with a figure."""
    first = next((at for at, line in enumerate(run) if _ends_with_figure(line)), None)
    if first is None or len(run) - first < 2:
        return None
    bounds = _columns(run, limit=len(run[0].words))
    rows: list[list[list[str]]] = [[]]
    for at, line in enumerate(run):
        if at >= first and _ends_with_figure(line):
            rows.append([])
        rows[-1].append([line.place, *_cut(line, bounds)])
    return Table(tuple(_join(row) for row in rows))


def _is_header(line: TextLine, above: Sequence[Block] = ()) -> bool:
    """Tell the header of a form; cells set in the middle put "Chỉ tiêu" on the line above "STT"."""
    key = matching_key(line.text)
    if not key.startswith(("stt ", "tt ", "số tt ")) or len(_split(line, _COLUMN_GAP)) < 2:
        return False
    return "chỉ tiêu" in key or any(isinstance(b, TextLine) and "chỉ tiêu" in matching_key(b.text) for b in above)


def _ends_table(line: TextLine) -> bool:
    return _TITLE.match(matching_key(line.text)) is not None


def _split(line: TextLine, gap: float) -> list[list[Word]]:
    """Split the words of a line at gaps of so many blanks."""
    parts: list[list[Word]] = []
    for word in line.words:
        if parts and word.start - parts[-1][-1].end < gap * line.unit:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _side_by_side(line: TextLine) -> Iterator[TextLine]:
    """Split a letterhead or signature line at its wide gaps."""
    parts: list[list[Word]] = []
    for part in _split(line, _WIDE_GAP):
        if parts and (part[0].text[0] == "/" or part[0].text[0].islower()):
            parts[-1].extend(part)  # a blank left to be filled in: "Số:        /BC-UBND"
        else:
            parts.append(part)
    if len(parts) < 2:
        yield line
        return
    for part in parts:
        yield replace(line, text=_say(part), words=tuple(part), after_blank=True)


def _say(words: Sequence[Word]) -> str:
    return clean_text(" ".join(word.text for word in words))


def _numbered(line: TextLine) -> bool:
    return bool(line.words) and _STT.fullmatch(_say(_split(line, _COLUMN_GAP)[0])) is not None


def _tables_of(run: Sequence[TextLine]) -> Iterator[Block]:
    """Rebuild the pages of one table, and give back the text below it; a run without numbered rows stays text."""
    rows: list[TableRow] = []
    below: list[TextLine] = []
    for page in _pages(run):
        lines = _lines_of_page(page)
        kept = _without_prose(lines)
        rows += _rows_of_page(kept)
        below += lines[len(kept) :]
    if rows:
        yield Table((TableRow(run[0].place, _HEADER), *rows))
        yield from below
    else:
        yield from run


def _pages(run: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    page: list[TextLine] = []
    for line in run:
        if line.new_page and page:
            yield page
            page = []
        page.append(line)
    if page:
        yield page


def _lines_of_page(page: Sequence[TextLine]) -> list[TextLine]:
    """Leave out the header; nothing remains of a page without a numbered row."""
    first = next((at for at, line in enumerate(page) if _numbered(line)), None)
    return [] if first is None else [*_before_first(page, first), *page[first:]]


def _rows_of_page(lines: Sequence[TextLine]) -> list[TableRow]:
    if not lines:
        return []
    bounds = _form_columns(lines)
    if len(lines) <= _PAGE_LINES and sum(line.after_blank for line in lines[1:]) * 10 <= len(lines):
        return [_join(group) for group in group_tight_lines([[line.place, *_cut_row(line, bounds)] for line in lines])]
    return [_join(group) for group in _group_lines(lines, bounds)]


def _label_edge(lines: Sequence[TextLine]) -> float:
    """Find where labels begin: the number may stand but one blank before them."""
    return min((line.words[1].start for line in lines if _opens_with_number(line) and len(line.words) > 1), default=0.0)


def _without_prose(lines: Sequence[TextLine]) -> list[TextLine]:
    """Leave out what stands below the table: it begins left of the labels, without a number."""
    edge = _label_edge(lines)
    end = next(
        (
            at
            for at, line in enumerate(lines)
            if at and line.words and line.words[0].start < edge - 2 * line.unit and not _opens_with_number(line)
        ),
        len(lines),
    )
    return list(lines[:end])


def _form_columns(lines: Sequence[TextLine]) -> list[float]:
    """Find the columns of a form: the number's, then those that two blanks part."""
    edge = _label_edge(lines)
    inner = [
        replace(line, words=line.words[1:]) if _opens_with_number(line) and line.words[0].start < edge else line
        for line in lines
    ]
    return [float("-inf"), *_columns([line for line in inner if line.words], limit=len(_HEADER) - 1)]


def _opens_with_number(line: TextLine) -> bool:
    return bool(line.words) and _STT.fullmatch(line.words[0].text) is not None


def _cut_row(line: TextLine, bounds: Sequence[float]) -> list[str]:
    """Cut a line of a form, empty cells for columns the page does not show; a long label may touch its unit."""
    cells = _cut(line, bounds)
    cells += [""] * (len(_HEADER) - len(cells))
    if _FIGURE.fullmatch(cells[2]):  # no column of units was parted from the labels
        cells[2:] = ["", cells[2], cells[3] or cells[4]]
    touching = _units_at_end().search(f"{cells[1]} {cells[2]}".strip())
    if cells[3] and touching is not None and _units_at_end().fullmatch(cells[2]) is None:
        cells[1:3] = f"{cells[1]} {cells[2]}".strip()[: touching.start()].strip(), touching[0].strip()
    return cells


@cache
def _units_at_end() -> re.Pattern[str]:
    units = {unit for rule in load_unit_rules() for unit in rule.don_vi if len(unit) > 2}
    return re.compile(rf"(?:^|\s)(?:{'|'.join(map(re.escape, sorted(units, key=len, reverse=True)))})$")


def _before_first(page: Sequence[TextLine], first: int) -> list[TextLine]:
    """Keep the lines above the first number that belong to its row: none behind a blank line or a header."""
    kept: list[TextLine] = []
    for line in reversed(page[:first]):
        below = kept[0] if kept else page[first]
        key = matching_key(line.text)
        if below.after_blank or _is_header(line) or "đơn vị tính" in key or key.startswith(("stt ", "tt ")):
            break
        kept.insert(0, line)
    return kept


def _columns(lines: Sequence[TextLine], limit: int) -> list[float]:
    """Find where columns begin: behind the gaps that all lines share; at most so many, the number is the first."""
    words = sorted(word for line in lines for word in line.words)
    starts: list[float] = []
    reach = float("-inf")
    for word in words:
        if word.start - reach >= _COLUMN_GAP * lines[0].unit:
            starts.append(word.start)
        reach = max(reach, word.end)
    return starts[:limit]


def _cut(line: TextLine, bounds: Sequence[float]) -> list[str]:
    """Give each column the words that begin in it."""
    cells: list[list[Word]] = [[] for _ in bounds]
    for word in line.words:
        cells[max(bisect_right(bounds, word.start) - 1, 0)].append(word)
    return [_say(cell) for cell in cells]


def _group_lines(lines: Sequence[TextLine], bounds: Sequence[float]) -> Iterator[list[list[str]]]:
    """Gather the lines of each row (place first, then cells): a number opens one, so does a second value."""
    group: list[list[str]] = []
    for line in lines:
        cells = _cut_row(line, bounds)
        numbered = bool(cells[0]) and (line.after_blank or any(kept[1] for kept in group))
        full = len(cells) > 3 and bool(cells[2] and cells[3]) and any(kept[4] for kept in group)
        if group and (numbered or full):
            yield group
            group = []
        group.append([line.place, *cells])
    if group:
        yield group


def _join(group: Sequence[Sequence[str]]) -> TableRow:
    places, *columns = zip(*group, strict=True)
    place = next((at for at, number in zip(places, columns[0], strict=True) if number), places[0])
    return TableRow(place, tuple(_glue([part for part in column if part]) for column in columns))


def _glue(parts: Sequence[str]) -> str:
    """Join the lines of a cell; a number that a narrow column has broken is one number again."""
    text = ""
    for part in parts:
        broken = text[-1:].isdigit() and part[:1].isdigit()
        text += part if broken or not text else f" {part}"
    return text
