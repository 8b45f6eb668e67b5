"""Which rows below a header are data.

Belongs here: telling data from blank, total, numbering, repeated header, remark and signature rows. Does not belong
here: judging a data row's values (assets/core): a row that lacks its code or its dates is data, and becomes a finding.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import polars as pl

from assets.raw.header import Header, is_numbering
from schemas.sources import TableSpec, load_common, normalise_title

RowKind = Literal["data", "blank", "total", "numbering", "header", "footer", "remark"]
Row = tuple[str | None, ...]

_MIN_FIELDS = 2
_SHARE_OF_TITLES = 0.6
# A code has a digit and four letters or digits; all else under the key's title is looked at closely: "(12)" is a number
# of a column.
_PLAIN_KEY = r"^\S*\d\S*$"
_PLAIN_KEY_LENGTH = 4
_GROUP_NUMBER = re.compile(r"(?:[ivxlc]+|[a-zđ])[.)]?", re.IGNORECASE)
_TITLE_ROWS = 8
_SENTENCE = re.compile(r"(?<!\S)[^\W\d_]{2,}:?\s.*(?<!\S)[^\W\d_]{2,}", re.DOTALL)


@dataclass(frozen=True)
class _Judge:
    """Classifies single rows; positions are frame columns."""

    table: TableSpec
    key: int
    fields: tuple[int, ...]
    required: tuple[int, ...]
    dates: tuple[int, ...]
    titles: tuple[Row, ...]
    total: re.Pattern[str]
    footer: re.Pattern[str]

    def judge(self, row: Row) -> RowKind:
        texts = [(i, cell) for i, cell in enumerate(row) if cell is not None and cell.strip()]
        if not texts:
            return "blank"
        if _is_spread(texts):
            texts, row = texts[:1], (None,) * len(row)
        if self._repeats_title(texts):
            return "header"
        if is_numbering(row):
            return "numbering"
        key = row[self.key]
        if self._is_total(texts, key):
            return "total"
        if self._is_footer(texts, key):
            return "footer"
        if self.table.kinds.get(self.table.key) == "ma" and _names_group(texts):
            return "remark"
        filled = sum(1 for i in self.fields if row[i] is not None and (row[i] or "").strip())
        # "Cộng nhóm I: 3 hồ sơ" alone in its row is no code
        has_code = key is not None and any(letter.isdigit() for letter in key) and not _SENTENCE.search(key)
        return "data" if filled >= _MIN_FIELDS or has_code else "remark"

    def _repeats_title(self, texts: list[tuple[int, str]]) -> bool:
        for title in self.titles:
            same = sum(1 for i, cell in texts if title[i] is not None and cell.strip() == (title[i] or "").strip())
            if same >= _MIN_FIELDS and same >= _SHARE_OF_TITLES * len(texts):
                return True
        return False

    def _is_total(self, texts: list[tuple[int, str]], key: str | None) -> bool:
        if not self.table.total:
            return False
        first, cell = texts[0]
        # A total row may hold the number of dossiers where the codes stand.
        has_code = first != self.key and any(letter.isalpha() for letter in key or "")
        return not has_code and bool(self.total.match(_lower(cell)))

    def _is_footer(self, texts: list[tuple[int, str]], key: str | None) -> bool:
        if not self.table.footer or (key and any(letter.isdigit() for letter in key) and "năm" not in _lower(key)):
            return False
        return any(self.footer.search(_lower(cell)) for _, cell in texts)


def select_rows(cells: pl.DataFrame, header: Header, table: TableSpec) -> tuple[pl.Series, dict[RowKind, int]]:
    """Select the data rows below a header.

    Rows with a plain code under the key's title are data without a closer look, which keeps large tables fast. After
    a signature block only rows with all required fields, or those below a repeated header, are data.

    Args:
        cells: a sheet.
        header: its header; the key and all required fields of the table have a column.
        table: the table's specification.

    Returns:
        Frame positions of the data rows, ascending, and how many rows of each kind stand below the header.
    """
    body = cells.slice(header.last + 1)
    judge = _make_judge(cells, header, table)
    key = pl.col(f"c{judge.key}").str.strip_chars()
    signs = key.str.replace_all(r"[\W_]", "").str.len_chars()
    plain = key.str.contains(_PLAIN_KEY) & (signs >= _PLAIN_KEY_LENGTH)
    first = pl.coalesce(pl.all()).str.strip_chars().str.normalize("NFC").str.to_lowercase()
    total = first.str.contains(load_common().rows.total_begins).fill_null(value=False)
    marked = body.select(plain.fill_null(value=False) & ~total).to_series()
    closer = marked.not_().arg_true().to_list()
    kinds: dict[int, RowKind] = {
        position: judge.judge(row) for position, row in zip(closer, body[closer].iter_rows(), strict=True)
    }
    kinds |= dict.fromkeys(_second_titles(body, kinds, judge), "header")
    after = _after_footer(body, kinds, judge)
    kinds |= dict.fromkeys(after, "footer")
    counts: dict[RowKind, int] = {}
    for kind in kinds.values():
        counts[kind] = counts.get(kind, 0) + 1
    not_data = [position for position, kind in kinds.items() if kind != "data"]
    positions = pl.Series("position", range(body.height), dtype=pl.Int64)
    kept = positions.filter(~positions.is_in(pl.Series(not_data, dtype=pl.Int64).implode()))
    counts["data"] = kept.len()
    return kept + header.last + 1, counts


def _make_judge(cells: pl.DataFrame, header: Header, table: TableSpec) -> _Judge:
    words = load_common().rows
    fields = header.fields
    running = {
        column.index
        for column in header.columns
        if normalise_title(column.title) in words.stt_keys and not column.field
    }
    return _Judge(
        table=table,
        key=fields[table.key][0].index,
        fields=tuple(c.index for columns in fields.values() for c in columns if c.index not in running),
        required=tuple(fields[name][0].index for name in table.required if name in fields),
        dates=tuple(c.index for name, cs in fields.items() if table.kinds.get(name) == "ngay" for c in cs),
        titles=tuple(cells.slice(header.first, header.last - header.first + 1).iter_rows()),
        total=re.compile(words.total_pattern),
        footer=re.compile(words.footer_pattern),
    )


def _names_group(texts: list[tuple[int, str]]) -> bool:
    """Whether a row names a group, and maybe counts it, in whatever columns: "II", "Lĩnh vực Hộ tịch", "12"."""
    if len(texts) < _MIN_FIELDS or not _GROUP_NUMBER.fullmatch(texts[0][1].strip()):
        return False
    name, *counts = (cell.strip() for _, cell in texts[1:])
    return not any(letter.isdigit() for letter in name) and all(count.isdigit() for count in counts)


def _is_spread(texts: list[tuple[int, str]]) -> bool:
    """Whether one text fills a row: a group's name or a total whose merged cells were written out one by one."""
    return len(texts) > _MIN_FIELDS and len({cell.strip() for _, cell in texts}) == 1


def _second_titles(body: pl.DataFrame, kinds: dict[int, RowKind], judge: _Judge) -> list[int]:
    """List rows right below the header that title the columns once more: "dd/mm/yyyy", "(bắt buộc)", other languages.

    They have no digit anywhere, and words where dates should be.
    """
    found: list[int] = []
    for position, row in enumerate(body.head(_TITLE_ROWS).iter_rows()):
        if position not in kinds:
            break
        has_digit = any(letter.isdigit() for cell in row for letter in cell or "")
        if kinds[position] == "data" and not has_digit and any((row[i] or "").strip() for i in judge.dates):
            found.append(position)
    return found


def _after_footer(body: pl.DataFrame, kinds: dict[int, RowKind], judge: _Judge) -> list[int]:
    """List the incomplete rows between a signature block and the next repeated header."""
    starts = [position for position, kind in kinds.items() if kind == "footer"]
    if not starts:
        return []
    ends = [position for position, kind in kinds.items() if kind == "header"]
    found: list[int] = []
    position = starts[0]
    while position < body.height:
        stop = next((end for end in ends if end > position), body.height)
        block = body.slice(position, stop - position)
        found += [
            position + offset
            for offset, row in enumerate(block.iter_rows())
            if kinds.get(position + offset, "data") in ("data", "remark")
            and not all((row[i] or "").strip() for i in judge.required)
        ]
        position = next((start for start in starts if start > stop), body.height)
    return found


def _lower(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
