"""A finished report as an auditor sees it: paragraphs (wrapped lines joined), form rows, letterhead, annex title.

Belongs here: joining lines, telling body from annex, the number, date and window of the report.
Does not belong here: opening files (assets/io/report_reader), recognising rows (tables), any judgement (checks).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assets.audit.text_tables import DataTable, read_data_table, word_rows
from assets.io.report_blocks import Block, Table, TableRow, TextLine
from schemas.rules.text import clean_text, matching_key

_ENDS_SENTENCE = re.compile(r"[.;:!?…][\"”')\]]*$")
_MARKER = re.compile(
    r"(?P<dau>(?:[-–—+*•●○▪◦■□➢✓►\uf0b7\uf0a7\uf02d]+\s*)+)|(?P<la_ma>(?!V/v\b)[IVX]{1,5})\s*[.)/:-](?=\s|$|[^\W\d_])\s*"
    r"|(?P<so>\d{1,2}(?:\.\d{1,2})*)(?:[.)](?!\d)\s*|/\s+|\s*[-–]\s+(?=[^\W\d_]))|(?P<chu>[a-zđ])[.)]\s+"
)
_RULE = re.compile(r"[_\-–—=*~ ]{3,}")  # a rule drawn below a title
_LONGEST = 6_000  # characters; a longer "paragraph" is some other data, and is read in pieces
_MIN_WRAPPED = 45  # a shorter line is a heading, an address or the end of a paragraph, not a wrapped line
_NEARLY_FULL = 0.75  # of the longest lines: letters of a page differ in width
_ANNEX = re.compile(r"^(?:phụ lục(?: (?:số )?\w{1,4})?|biểu mẫu(?: số)? \d+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text.

    Attributes:
        text: cleaned text, bullets included.
        marks: (offset, place) of every source line joined into it, in order.
        start: offset after the bullet or number that opens it.
        marker: "dau" for a bullet, "la_ma" (I.), "so" (1.), "chu" (a.), or "" for none.
        label: what stands in the marker: "II", "2.1", "a", "-".
    """

    text: str
    marks: tuple[tuple[int, str], ...]
    start: int
    marker: str
    label: str

    def place_at(self, offset: int = 0) -> str:
        """Return the place of the source line that holds a character."""
        return self.marks[max(bisect_right([begin for begin, _ in self.marks], offset) - 1, 0)][1]

    @property
    def body(self) -> str:
        """The text after its bullet or number."""
        return self.text[self.start :]

    def quote(self, offset: int = 0, width: int = 160) -> str:
        """Return a short excerpt around a character, cut at words."""
        if len(self.text) <= width:
            return self.text
        begin = max(0, min(offset - width // 3, len(self.text) - width))
        begin = self.text.find(" ", begin) + 1 if begin else 0
        end = min(len(self.text), begin + width)
        end = self.text.rfind(" ", begin, end) if end < len(self.text) else end
        return ("… " if begin else "") + self.text[begin:end] + (" …" if end < len(self.text) else "")


def make_paragraph(lines: Sequence[tuple[str, str]]) -> Paragraph:
    """Join source lines (place, text) into one paragraph."""
    marks: list[tuple[int, str]] = []
    text = ""
    for place, part in lines:
        text += " " if text else ""
        marks.append((len(text), place))
        text += part
    match = _MARKER.match(text)
    if match is None or match.end() == len(text):
        return Paragraph(text, tuple(marks), 0, "", "")
    kind = str(match.lastgroup)
    inner = _MARKER.match(text, match.end()) if kind == "dau" else None
    if inner is not None and inner.lastgroup == "dau":
        match = inner
    return Paragraph(text, tuple(marks), match.end(), kind, match[kind].strip())


def join_lines(lines: Iterable[TextLine]) -> list[Paragraph]:
    """Join the lines that a page or column width has broken.

    A line goes on with the one before when that one ends without a sentence's end and this one opens with a small
    letter, a digit inside a sentence, or follows at once a line so long that its first word would not have fitted
    there; a bullet or a heading never does.
    """
    groups: list[list[tuple[str, str]]] = []
    ruled = False
    lines = list(lines)
    full = _full_length([clean_text(line.text) for line in lines])
    for line in lines:
        text = clean_text(line.text)
        if _RULE.fullmatch(text):
            ruled = True
            continue
        pieces = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)]
        broken, ruled = ruled, False
        if (
            len(pieces) == 1
            and groups
            and not broken
            and _goes_on(groups[-1], text, full, after_blank=line.after_blank)
        ):
            groups[-1].append((line.place, text))
        else:
            groups.extend([(line.place, piece)] for piece in pieces)
    return [make_paragraph(group) for group in groups]


def _full_length(texts: Sequence[str]) -> int:
    """Tell how long a line is that the page's width has broken: nearly as long as the longest ones."""
    lengths = sorted(len(text) for text in texts if len(text) >= _MIN_WRAPPED)
    longest = lengths[int(len(lengths) * 0.95)] if lengths else 0
    return max(_MIN_WRAPPED + 15, int(longest * _NEARLY_FULL))


def _goes_on(group: list[tuple[str, str]], text: str, full: int, *, after_blank: bool) -> bool:
    last = group[-1][1]
    if sum(len(part) for _, part in group) > _LONGEST:
        return False
    is_full = not after_blank and len(last) + len(text.split(" ")[0]) >= full
    if _opens_item(text) or (_ENDS_SENTENCE.search(last) and not (last[-1] in ";:" and text[0].islower() and is_full)):
        return False
    if len(last) < _MIN_WRAPPED or last.isupper() or text.isupper():
        return False
    small = text[0].islower() or (text[0].isdigit() and not last[-1].isdigit())
    if small:
        return True
    heading = len(group) == 1 and last.endswith(")") and _opens_item(last)
    return is_full and not heading


def _opens_item(text: str) -> bool:
    """Tell whether a line opens an item; a date ("10/01/2026 đến …") or a count does not."""
    match = _MARKER.match(text)
    return match is not None or _ANNEX.match(text) is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """The report's parts in order: paragraphs of the body and of the annex, and tables with the text before them.

    ``tables``: (title lines before the table since the last one, the rows). ``data``: tables of figures in the text.
    """

    body: tuple[Paragraph, ...]
    annex: tuple[Paragraph, ...]
    tables: tuple[tuple[tuple[Paragraph, ...], tuple[TableRow, ...]], ...]
    data: tuple[DataTable, ...] = ()


def lay_out(blocks: Sequence[Block], is_known: Callable[[Table], bool]) -> Layout:
    """Sort blocks into body, annex and form tables. A table that is no form is running text, row by row.

    Args:
        blocks: what the reader gave.
        is_known: whether a table without a header of its own holds rows of a form we know.
    """
    body: list[Paragraph] = []
    annex: list[Paragraph] = []
    tables: list[tuple[tuple[Paragraph, ...], tuple[TableRow, ...]]] = []
    data: list[DataTable] = []
    titles: list[Paragraph] = []
    pending: list[TextLine] = []
    in_annex = False

    def flush() -> None:
        nonlocal in_annex
        for paragraph in join_lines(pending):
            in_annex = in_annex or _ANNEX.match(paragraph.text) is not None
            (annex if in_annex else body).append(paragraph)
            titles.append(paragraph)
        pending.clear()

    for block in blocks:
        if isinstance(block, TextLine):
            pending.append(block)
        elif has_form_header(block) or (has_numbered_rows(block) and (is_known(block) or in_annex)):
            flush()
            in_annex = in_annex or is_known(block)
            tables.append((tuple(titles), block.rows))
            titles.clear()
            figures = None if is_known(block) else read_data_table(block)
            data += [figures] if figures is not None else []
        else:
            flush()
            figures = read_data_table(block)
            data += [figures] if figures is not None else []
            pending.extend(word_rows(figures) if figures is not None else _as_text(block))
    flush()
    return Layout(tuple(body), tuple(annex), tuple(tables), tuple(data))


def _as_text(table: Table) -> list[TextLine]:
    """Read a table that is no form (letterhead, signatures) cell by cell; each line of a cell is a line of its own."""
    lines: list[TextLine] = []
    for row in table.rows:
        filled = [cell for cell in row.cells if cell]
        numbered = len(filled) > 1 and _MARKER.fullmatch(f"{filled[0]} ") is not None
        apart = [line for cell in row.lines for line in cell] or filled
        parts = [" ".join(filled)] if numbered else apart
        lines.extend(TextLine(row.place, part) for part in parts)
    return lines


def has_form_header(table: Table) -> bool:
    """Tell whether the top of a table is the header of a statistics form: "Chỉ tiêu", "Đơn vị tính", "Số liệu"."""
    keys = [matching_key(cell) for row in table.rows[:4] for cell in row.cells]
    names = ("chỉ tiêu", "đơn vị tính", "đvt", "số liệu", "kết quả thống kê")
    return sum(any(key.startswith(name) for key in keys) for name in names) >= 2


def has_numbered_rows(table: Table) -> bool:
    """Tell whether half of the rows open with an STT: a form, or a numbered list."""
    numbered = [row for row in table.rows if len(row.cells) >= 4 and _STT.fullmatch(row.cells[0])]
    return len(numbered) >= 2 and 2 * len(numbered) >= len(table.rows)


_STT = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")
