"""Form rows of the annex, recognised by form, STT and label.

Belongs here: finding the columns of a form table, its rows, which form it is, and which declared row
(``schemas.forms``) each printed row stands for. Does not belong here: what is wrong with a row (check_forms).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache

from assets.audit.document import Paragraph
from assets.audit.values import NUMBER, Printed, read_number
from assets.io.report_blocks import Table, TableRow
from schemas.forms import Form, FormLine, load_forms
from schemas.rules.text import matching_key

_STT = re.compile(r"\d{1,2}(?:\.\d{1,2})*")
_TITLE = re.compile(r"biểu(?: mẫu)?(?: số)? ?0?(\d{1,2})\b")
_COLUMNS = (
    ("stt", ("stt", "tt", "số tt")),
    ("nhan", ("chỉ tiêu", "nội dung")),
    ("don_vi", ("đơn vị tính", "đvt", "đơn vị")),
    ("so_lieu", ("số liệu", "kết quả", "giá trị")),
    ("ghi_chu", ("ghi chú",)),
)
_SAME_LABEL = 0.82
_MIN_LABEL = 0.45
_WHOLE_UNITS = re.compile(r"đồng|%|tỷ lệ")
_PERCENT = re.compile(rf"(?<![\d.,])({NUMBER})\s*%")
_FRACTION = re.compile(rf"(?<![\d.,])({NUMBER})\s*/\s*({NUMBER})")


@dataclass(frozen=True, slots=True)
class FormRow:
    """One printed row of a form.

    Attributes:
        place: where it stands.
        bieu: form number as declared ("3"), "" when no form was recognised.
        stt: printed STT without its trailing dot, "" for a row without one.
        nhan: label. don_vi: unit column. so_lieu: value column. ghi_chu: note column.
        line: the declared row it stands for, None for a row we do not know.
        parent: index of the row it belongs under in the same sequence, None for a top row.
    """

    place: str
    bieu: str
    stt: str
    nhan: str
    don_vi: str
    so_lieu: str
    ghi_chu: str
    line: FormLine | None = None
    parent: int | None = None

    @property
    def name(self) -> str:
        """The row in a message: "Biểu mẫu 3, dòng 2.1.1"."""
        number = self.stt or (self.line.stt if self.line else "")
        return f"Biểu mẫu {self.bieu or '?'}, dòng {number or '“' + self.nhan[:40] + '”'}"

    @property
    def quote(self) -> str:
        """The row as printed, cells separated by bars."""
        return f"{self.stt} | {self.nhan} | {self.don_vi} | {self.so_lieu} | {self.ghi_chu}".strip(" |")

    @property
    def whole(self) -> bool:
        """Whether its unit counts things, so that "9,275" cannot be a decimal."""
        return _WHOLE_UNITS.search(matching_key(self.don_vi)) is None

    @property
    def number(self) -> Printed | None:
        """The value as a number: "9.275", "51,9", "51,9%", also with a unit word behind it; None otherwise."""
        bare = re.sub(r"\s*(?:%|đồng|đ|[^\W\d_][^\d=]*)$", "", self.so_lieu).strip()
        return read_number(bare, whole=self.whole) if bare else None

    @property
    def percent(self) -> Printed | None:
        """The percentage of a ratio row, wherever it was printed: the value, or by mistake the unit column."""
        match = _PERCENT.search(self.so_lieu) or _PERCENT.search(self.don_vi)
        if match is not None:
            return read_number(match[1], whole=False)
        return None if "=" in self.so_lieu or "/" in self.so_lieu else read_number(self.so_lieu, whole=False)

    @property
    def fraction(self) -> tuple[Printed, Printed] | None:
        """The arithmetic printed in the value or note: "= 27/52*100" gives (27, 52)."""
        for cell in (self.so_lieu, self.ghi_chu):
            match = _FRACTION.search(cell)
            if match is not None:
                top, bottom = read_number(match[1]), read_number(match[2])
                if top is not None and bottom is not None:
                    return top, bottom
        return None


def read_rows(tables: Iterable[tuple[Sequence[Paragraph], Sequence[TableRow]]]) -> list[FormRow]:
    """Read every form row of the annex.

    Args:
        tables: (paragraphs between this table and the one before, rows) in order.

    Returns:
        Rows in printing order; header rows and column titles are left out.
    """
    found: list[FormRow] = []
    current = ""
    for titles, rows in tables:
        columns = _find_columns(rows)
        plain = [row for row in (_read_row(row, columns) for row in rows) if row is not None]
        inside = [cell for row in rows for cell in row.cells if cell and len([c for c in row.cells if c]) == 1]
        current = _which_form([p.text for p in titles] + inside, plain, current)
        found.extend(replace(row, bieu=current) for row in plain)
    return _link(_name_rows(found))


def has_known_rows(table: Table) -> bool:
    """Tell whether a table without a header holds rows of one of the forms we know."""
    columns = _find_columns(table.rows)
    rows = [row for row in (_read_row(row, columns) for row in table.rows) if row is not None]
    return _which_form((), rows, "") != ""


def _find_columns(rows: Sequence[TableRow]) -> dict[str, int]:
    """Map the five columns to positions, from the lowest header row that names them."""
    columns: dict[str, int] = {}
    for row in rows[:5]:
        if row.cells and _STT.fullmatch(row.cells[0].rstrip(".")) and len(columns) >= 2:
            break
        for position, cell in enumerate(row.cells):
            name = _column_name(matching_key(cell))
            if name is not None:
                columns[name] = position
    # "Kết quả thống kê" spans unit and value: with a second header row below it, those names win.
    if columns.get("so_lieu") is not None and columns.get("so_lieu") == columns.get("don_vi"):
        del columns["so_lieu"]
    start = columns.get("stt", 0)
    fallback = {name: start + offset for offset, (name, _) in enumerate(_COLUMNS)}
    return {name: columns.get(name, fallback[name]) for name, _ in _COLUMNS}


def _column_name(key: str) -> str | None:
    for name, words in _COLUMNS:
        if any(key == word or key.startswith((f"{word} ", f"{word}(")) for word in words):
            return name
    return None


def _read_row(row: TableRow, columns: dict[str, int]) -> FormRow | None:
    cells = {name: row.cells[at].strip() if at < len(row.cells) else "" for name, at in columns.items()}
    number = cells["stt"].rstrip(".").strip()
    if not cells["nhan"] or _column_name(matching_key(cells["nhan"])) == "nhan":
        return None
    if number and _STT.fullmatch(number) is None:
        return None
    if not number and not (cells["don_vi"] or cells["so_lieu"]):
        return None
    if cells["nhan"].isdecimal() or re.fullmatch(r"\(?\d\)?", cells["nhan"]):
        return None  # a row that numbers the columns
    return FormRow(row.place, "", number, cells["nhan"], cells["don_vi"], cells["so_lieu"], cells["ghi_chu"])


# --- which form, which declared row -----------------------------------------------------------------------------


def label_key(label: str) -> str:
    """Fold a label for comparing: abbreviations spelled out the short way, notes in brackets and marks dropped."""
    key = re.sub(r"\([^)]*\)", " ", matching_key(label))
    for long, short in _SHORT:
        key = key.replace(long, short)
    return re.sub(r"[^\w%]+", " ", key).strip()


_SHORT = tuple(
    (matching_key(long), short)
    for long, short in (
        ("ủy ban nhân dân", "ubnd"),
        ("thủ tục hành chính", "tthc"),
        ("văn bản quy phạm pháp luật", "vbqppl"),
        ("đơn vị sự nghiệp", "đvsn"),
        ("ngân sách nhà nước", "nsnn"),
        ("cải cách hành chính", "cchc"),
        ("dịch vụ công", "dvc"),
        ("dvc trực tuyến", "dvctt"),
        ("phản ánh, kiến nghị", "pakn"),
    )
)


@lru_cache(maxsize=4096)
def likeness(first: str, second: str) -> float:
    """Compare two folded labels, 0..1."""
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0


@cache
def _annex_forms() -> dict[str, tuple[Form, dict[str, str]]]:
    forms = load_forms()
    return {
        name: (form, {line.stt: label_key(line.chi_tieu) for line in form.dong})
        for name, form in forms.items()
        if form.in_phu_luc
    }


def _which_form(titles: Sequence[str], rows: Sequence[FormRow], current: str) -> str:
    """Tell which form a table is: by "Biểu mẫu n", by its title, by its labels; else the form goes on."""
    known = _annex_forms()
    for title in reversed(titles):
        match = _TITLE.search(matching_key(title))
        if match is not None and _fits(match[1], rows):
            return match[1]
    by_labels = max(known, key=lambda name: _score(name, rows), default="")
    if by_labels and rows and _score(by_labels, rows) >= _SAME_LABEL * 0.8:
        return by_labels
    for title in reversed(titles):
        match = _TITLE.search(matching_key(title))
        if match is not None:
            return match[1]
    return current


def _fits(name: str, rows: Sequence[FormRow]) -> bool:
    return name in _annex_forms() and (not rows or _score(name, rows) >= _MIN_LABEL)


def _score(name: str, rows: Sequence[FormRow]) -> float:
    _, labels = _annex_forms()[name]
    scores = [likeness(label_key(row.nhan), labels.get(row.stt, "")) for row in rows if row.stt]
    return sum(scores) / len(scores) if scores else 0.0


def _name_rows(rows: Sequence[FormRow]) -> list[FormRow]:
    """Give each printed row its declared row: by STT when the label agrees, else by the label alone."""
    named: list[FormRow] = []
    taken: set[tuple[str, str]] = set()
    above = ""
    for row in rows:
        line = _find_line(row, above, taken)
        if line is not None:
            taken.add((row.bieu, line.stt))
        above = row.stt or above
        named.append(replace(row, line=line))
    return named


def _find_line(row: FormRow, above: str, taken: set[tuple[str, str]]) -> FormLine | None:
    if row.bieu not in _annex_forms():
        return None
    form, labels = _annex_forms()[row.bieu]
    free = [line for line in form.dong if (row.bieu, line.stt) not in taken]
    key = label_key(row.nhan)
    same = next((line for line in free if row.stt and line.stt == row.stt), None)
    hidden = next((line for line in free if not row.stt and line.an_stt and line.stt.startswith(above)), None)
    best = max(free, key=lambda line: likeness(key, labels[line.stt]), default=None)
    for line in (same, hidden):
        if line is not None and likeness(key, labels[line.stt]) >= _SAME_LABEL:
            return line
    if best is not None and likeness(key, labels[best.stt]) >= _SAME_LABEL:
        return best
    for line in (same, hidden):
        if line is not None and likeness(key, labels[line.stt]) >= _MIN_LABEL:
            return line
    return None


def _link(rows: Sequence[FormRow]) -> list[FormRow]:
    """Give each row its parent: 2.1.1 under 2.1 of the same form; a row without STT under the numbered one above."""
    linked: list[FormRow] = []
    latest: dict[tuple[str, str], int] = {}
    above: int | None = None
    for index, row in enumerate(rows):
        if row.stt:
            parent = latest.get((row.bieu, row.stt.rpartition(".")[0])) if "." in row.stt else None
            latest[row.bieu, row.stt] = index
            above = index
        else:
            parent = above if above is not None and linked[above].bieu == row.bieu else None
        linked.append(replace(row, parent=parent))
    return linked
