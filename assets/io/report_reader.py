"""Reading a finished report (.docx, .txt, .pdf) into paragraphs and tables, each with the place a person can find.

Belongs here: telling the kinds of files apart, and refusing what cannot be a report with one Vietnamese sentence.
Does not belong here: reading one kind (report_plain, report_word, report_pdf), what a paragraph or a table means
(assets/audit).
"""

from __future__ import annotations

from pathlib import Path

from assets.io.report_blocks import Block, Table, TextLine, UnreadableReport
from assets.io.report_pdf import read_pdf
from assets.io.report_plain import decode_report, read_plain
from assets.io.report_word import read_word

MAX_BYTES = 30_000_000
MAX_LINES = 10_000
MAX_CHARACTERS = 1_000_000
CELLS_OF_LINE = 10
"""Cells of a table that weigh as much as one more line: a row may hold thousands."""


def read_report(path: Path) -> list[Block]:
    """Read a report file.

    Args:
        path: a .docx, .txt or .pdf file; the content decides, not the suffix.

    Returns:
        Paragraphs and tables in reading order. Places read "dòng 12" for lines of a text file and for
        paragraphs of a Word file (blank ones counted), "trang 2, dòng 12" for PDF, "bảng 3, dòng 4" for rows of a Word
        table.

    Raises:
        UnreadableReport: no such file, empty, too large, of another kind, damaged, or without any text.
    """
    head = _read_head(path)
    if head.startswith(b"PK"):
        blocks = read_word(path)
    elif head.startswith(b"%PDF"):
        blocks = read_pdf(path)
    else:
        text = decode_report(path.name, path.read_bytes())
        _refuse_bulk(path.name, sum(map(len, text.split())), lines=0)  # before it is cut into lines and words
        blocks = read_plain(text)
    rows = [row for block in blocks for row in (block.rows if isinstance(block, Table) else (block,))]
    size = sum(len(row.text) if isinstance(row, TextLine) else sum(map(len, row.cells)) for row in rows)
    lines = sum(1 if isinstance(row, TextLine) else 1 + len(row.cells) // CELLS_OF_LINE for row in rows)
    _refuse_bulk(path.name, size, lines)
    if not blocks:
        raise UnreadableReport(f"Tệp “{path.name}” không có chữ nào đọc được; nếu là bản chụp, hãy dùng bản Word gốc.")
    return blocks


def _refuse_bulk(name: str, characters: int, lines: int) -> None:
    """Refuse what no ward writes: a report has some hundred lines, and checks compare every line with some others."""
    if lines > MAX_LINES or characters > MAX_CHARACTERS:
        raise UnreadableReport(
            f"Tệp “{name}” dài quá {MAX_LINES // 1000}.000 dòng hoặc một triệu chữ; đây không phải một báo cáo."
        )


def _read_head(path: Path) -> bytes:
    if not path.is_file():
        raise UnreadableReport(f"Không có tệp “{path}”; hãy kiểm tra lại đường dẫn.")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise UnreadableReport(f"Không mở được tệp “{path.name}”; hãy kiểm tra quyền đọc.") from error
    if size == 0:
        raise UnreadableReport(f"Tệp “{path.name}” rỗng; hãy chọn đúng tệp báo cáo.")
    if size > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise UnreadableReport(f"Tệp “{path.name}” lớn hơn {limit} MB; báo cáo thường chỉ vài trang, hãy bỏ ảnh đi.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableReport(
            f"Tệp “{path.name}” là Word đời cũ hoặc đặt mật khẩu; hãy lưu lại thành .docx rồi thử lại."
        )
    return head
