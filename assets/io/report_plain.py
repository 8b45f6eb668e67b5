"""Plain text files of a report: decoding, and sorting lines into running text and tables.

Belongs here: encodings, tabs and bars. Does not belong here: columns made of blanks (assets/audit/blank_columns).
"""

from __future__ import annotations

import re

from assets.io.report_blocks import (
    Block,
    Table,
    TableRow,
    TextLine,
    UnreadableReport,
    Word,
    from_legacy,
    strip_markup,
    tidy,
)
from assets.io.tabular_legacy import decode_text
from assets.io.tabular_sniff import guess_unicode
from schemas.rules.text import looks_legacy

_WORD = re.compile(r"\S+")
_RULE_ROW = re.compile(r"[|+\-=:\s_]+")


def decode_report(name: str, data: bytes) -> str:
    """Decode a text file, of an old Vietnamese encoding (windows-1258, TCVN3, VNI) too."""
    unicode = data.startswith((b"\xff\xfe", b"\xfe\xff")) or guess_unicode(data) is not None
    if b"\x00" in data and not unicode:
        raise UnreadableReport(f"Tệp “{name}” không phải văn bản; hãy dùng tệp .docx, .pdf hoặc .txt.")
    text = from_legacy(decode_text(data).removeprefix("\ufeff"))
    if "\ufffd" in text or looks_legacy(text[:20_000]):
        raise UnreadableReport(
            f"Tệp “{name}” ghi bằng bảng mã không đọc được; hãy lưu lại dạng UTF-8 hoặc dùng bản Word."
        )
    return text


def read_plain(text: str) -> list[Block]:
    """Sort lines into running text and tables of tabs or bars."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks: list[Block] = []
    rows: list[TableRow] = []
    after_blank, new_page = True, False
    for number, raw in enumerate(lines, start=1):
        place = f"dòng {number}"
        new_page = new_page or raw.startswith("\f")
        if raw.startswith("\f") and raw.strip().isdecimal():
            continue  # a page number
        cells = _split_cells(raw, in_table=bool(rows))
        if cells is not None:
            rows.append(TableRow(place, cells))
            continue
        line = tidy(raw)
        if not line:
            after_blank = True
            continue
        _close_table(rows, blocks)
        found = _WORD.finditer(strip_markup(raw.lstrip("\f")).expandtabs(4))
        words = tuple(Word(match.start(), match.end(), match[0]) for match in found)
        blocks.append(TextLine(place, line, after_blank, words, new_page=new_page))
        after_blank = new_page = False
    _close_table(rows, blocks)
    return blocks


def _close_table(rows: list[TableRow], blocks: list[Block]) -> None:
    if rows:
        blocks.append(Table(tuple(rows)))
        rows.clear()


def _split_cells(raw: str, *, in_table: bool) -> tuple[str, ...] | None:
    """Split a line into cells: by tabs, or by bars as in Markdown; None when the line is running text."""
    bare = raw.strip()
    if bare.startswith("|") and bare.count("|") >= 3:
        if _RULE_ROW.fullmatch(bare):
            return ()
        return tuple(tidy(cell) for cell in bare.strip("|").split("|"))
    if "\t" in bare or (in_table and raw.count("\t") >= 2 and bare):
        return tuple(tidy(cell) for cell in raw.split("\t"))
    return None
