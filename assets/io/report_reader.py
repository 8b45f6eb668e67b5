"""Reading a finished report (.docx, .txt, .pdf) into paragraphs and tables, each with the place a person can find.

Belongs here: opening the file, refusing what cannot be read with one Vietnamese sentence, and the neutral blocks that
come out. Does not belong here: what a paragraph or a table means (assets/audit), writing documents (assets/io/word).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import docx
from lxml import etree

from assets.io.tabular_legacy import convert_legacy, decode_text, detect_legacy
from assets.io.tabular_sniff import guess_unicode
from assets.io.word_numbering import WordNumbering
from schemas.rules.text import clean_text, looks_legacy

MAX_BYTES = 30_000_000
MAX_UNPACKED = 300_000_000
MAX_LINES = 10_000
MAX_CHARACTERS = 1_000_000
_PDF_SECONDS = 60
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MARKUP = re.compile(r"</?(?:i|b|u|em|strong|sup|sub|br)\s*/?>|\*\*|[¹²³⁴⁵⁶⁷⁸⁹$]")
_WORD = re.compile(r"\S+")
_RULE_ROW = re.compile(r"[|+\-=:\s_]+")


class UnreadableReport(ValueError):
    """A file that is no readable report. The message is one Vietnamese sentence that says what to do."""


class Word(NamedTuple):
    """A word with its left and right edge on the line."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a text file or one paragraph of a Word file.

    Attributes:
        place: where it stands.
        text: cleaned text.
        after_blank: an empty line stands before it.
        words: its words with their positions, where columns may be made of blanks (text and PDF files); else ().
        unit: the width of one blank in those positions (1 for text files, points for PDF).
        new_page: the first line of a page of a PDF file.
    """

    place: str
    text: str
    after_blank: bool = True
    words: tuple[Word, ...] = ()
    unit: float = 1.0
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table, cells cleaned; a merged cell keeps its text once, its other positions are empty."""

    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive rows of one table."""

    rows: tuple[TableRow, ...]


Block = TextLine | Table


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
        blocks = _read_word(path)
    elif head.startswith(b"%PDF"):
        blocks = _read_pdf(path)
    else:
        blocks = _read_plain(_decode(path.name, path.read_bytes()))
    _refuse_bulk(path.name, blocks)
    if not blocks:
        raise UnreadableReport(f"Tệp “{path.name}” không có chữ nào đọc được; nếu là bản chụp, hãy dùng bản Word gốc.")
    return blocks


def _refuse_bulk(name: str, blocks: list[Block]) -> None:
    """Refuse what no ward writes: a report has some hundred lines, and checks look at every pair of some things."""
    rows = [block.rows if isinstance(block, Table) else (block,) for block in blocks]
    size = sum(
        len(row.text) if isinstance(row, TextLine) else sum(map(len, row.cells)) for group in rows for row in group
    )
    if sum(len(group) for group in rows) > MAX_LINES or size > MAX_CHARACTERS:
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


# --- plain text -------------------------------------------------------------------------------------------------


def _decode(name: str, data: bytes) -> str:
    """Decode a text file, of an old Vietnamese encoding (windows-1258, TCVN3, VNI) too."""
    unicode = data.startswith((b"\xff\xfe", b"\xfe\xff")) or guess_unicode(data) is not None
    if b"\x00" in data and not unicode:
        raise UnreadableReport(f"Tệp “{name}” không phải văn bản; hãy dùng tệp .docx, .pdf hoặc .txt.")
    text = _from_legacy(decode_text(data).removeprefix("\ufeff"))
    if "\ufffd" in text or looks_legacy(text[:20_000]):
        raise UnreadableReport(
            f"Tệp “{name}” ghi bằng bảng mã không đọc được; hãy lưu lại dạng UTF-8 hoặc dùng bản Word."
        )
    return text


def _from_legacy(text: str) -> str:
    """Turn text that is Unicode by name, but typed for a .VnTime or VNI font, into Vietnamese."""
    table = detect_legacy(text)
    return text if table is None else convert_legacy(text, table)


def _read_plain(text: str) -> list[Block]:
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
        line = _tidy(raw)
        if not line:
            after_blank = True
            continue
        _close_table(rows, blocks)
        found = _WORD.finditer(_MARKUP.sub("", raw.lstrip("\f")).expandtabs(4))
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
        return tuple(_tidy(cell) for cell in bare.strip("|").split("|"))
    if "\t" in bare or (in_table and raw.count("\t") >= 2 and bare):
        return tuple(_tidy(cell) for cell in raw.split("\t"))
    return None


_HYPHENS = str.maketrans("\u2010\u2011", "--")  # what Word's Ctrl+Shift+hyphen becomes elsewhere


def _tidy(text: str) -> str:
    return clean_text(_MARKUP.sub("", text)).translate(_HYPHENS)


# --- Word -------------------------------------------------------------------------------------------------------


def _read_word(path: Path) -> list[Block]:
    broken = UnreadableReport(f"Tệp “{path.name}” không phải tệp Word .docx lành lặn; hãy mở và lưu lại bằng Word.")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise broken
        document = docx.Document(str(path))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError) as error:
        raise broken from error
    numbering = _read_numbering(document)
    _renew_letters(document.element.body)
    blocks: list[Block] = []
    counts = {"p": 0, "tbl": 0}
    for element in _body_elements(document.element.body):
        if element.tag == f"{_W}p":
            counts["p"] += 1
            blocks.extend(TextLine(f"dòng {counts['p']}", line) for line in _paragraph_lines(element, numbering))
        else:
            counts["tbl"] += 1
            blocks.append(Table(tuple(_word_rows(element, counts["tbl"], numbering))))
    return [block for block in blocks if isinstance(block, TextLine) or block.rows]


def _renew_letters(body: Any) -> None:
    """Turn a document typed for a .VnTime or VNI font into Unicode, in memory."""
    texts = [node for node in body.iter(f"{_W}t") if node.text]
    table = detect_legacy(" ".join(node.text for node in texts))
    if table is not None:
        for node in texts:
            node.text = convert_legacy(node.text, table)


def _read_numbering(document: Any) -> WordNumbering:
    parts = {
        rel.reltype.rpartition("/")[2]: rel.target_part for rel in document.part.rels.values() if not rel.is_external
    }
    lists, styles = (getattr(parts.get(name), "element", None) for name in ("numbering", "styles"))
    return WordNumbering(lists, styles)


def _body_elements(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, also those inside content controls."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"}:
            yield from _body_elements(child)


def _paragraph_lines(paragraph: Any, numbering: WordNumbering) -> list[str]:
    return [line for line in (_tidy(part) for part in _raw_text(paragraph, numbering).split("\n")) if line]


_UNSEEN = {_FALLBACK, f"{_W}moveFrom", f"{_W}del"}
_SIGNS = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}


def _raw_text(element: Any, numbering: WordNumbering) -> str:
    """Gather the text a reader sees, with the numbers Word writes before paragraphs.

    Inserted text counts; deleted, moved away and hidden text, field codes and fallback drawings do not.
    """
    parts: list[str] = []
    for node in element.iter(f"{_W}p", f"{_W}t", *_SIGNS):
        if _is_unseen(node):
            continue
        if node.tag == f"{_W}p":
            parts.append(("\n" if parts else "") + _number(node, numbering))
        elif node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.getparent().tag == f"{_W}r":
            parts.append(_SIGNS[node.tag])
    return "".join(parts)


def _is_unseen(node: Any) -> bool:
    if any(ancestor.tag in _UNSEEN for ancestor in node.iterancestors()):
        return True
    run = node.getparent()
    hidden = run.find(f"{_W}rPr/{_W}vanish") if run is not None and run.tag == f"{_W}r" else None
    return hidden is not None and hidden.get(f"{_W}val", "true") not in {"0", "false", "off"}


def _number(paragraph: Any, numbering: WordNumbering) -> str:
    """Return the number before a paragraph and a blank; a paragraph deleted as a whole has none."""
    deleted = any(paragraph.find(f"{_W}pPr/{_W}rPr/{_W}{mark}") is not None for mark in ("del", "moveFrom"))
    if deleted and not any((text.text or "").strip() for text in paragraph.iter(f"{_W}t") if not _is_unseen(text)):
        return ""
    label = numbering.label(paragraph)
    return f"{label} " if label else ""


def _word_rows(table: Any, number: int, numbering: WordNumbering) -> Iterator[TableRow]:
    for index, row in enumerate(_children(table, f"{_W}tr"), start=1):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells: list[str] = [""] * _size(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _children(row, f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            cells.append("" if continues else _tidy(_raw_text(cell, numbering).replace("\n", " ")))
            cells.extend([""] * (_size(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1) - 1))
        yield TableRow(f"bảng {number}, dòng {index}", tuple(cells))


def _size(node: Any, default: int) -> int:
    value = "" if node is None else node.get(f"{_W}val", "")
    return int(value) if value.isdecimal() else default


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the direct children of one kind, seeing through content controls; nested tables keep to themselves."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _children(child, tag)


# --- PDF --------------------------------------------------------------------------------------------------------


def _read_pdf(path: Path) -> list[Block]:
    program = shutil.which("pdftotext")
    if program is None:
        raise UnreadableReport(
            "Máy này chưa có chương trình pdftotext (gói poppler-utils) để đọc PDF; hãy cài hoặc dùng bản Word."
        )
    try:
        done = subprocess.run(  # noqa: S603 - absolute program, fixed options, the path is one argument
            [program, "-bbox", "-enc", "UTF-8", str(path.resolve()), "-"],
            capture_output=True,
            timeout=_PDF_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise UnreadableReport(f"Tệp “{path.name}” là PDF hỏng hoặc đặt mật khẩu; hãy dùng bản Word gốc.") from error
    source = _from_legacy(done.stdout.decode("utf-8", "replace"))
    root = etree.fromstring(source.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=False))
    pages = [] if root is None else root.iter("page")
    return [line for number, page in enumerate(pages, start=1) for line in _page_lines(page, number)]


def _page_lines(page: Any, number: int) -> Iterator[TextLine]:
    """Put the words of a page into lines by their height on it; a page number alone at the top is no line."""
    line: list[tuple[float, float, Word]] = []
    count, bottom = 0, 0.0
    placed = sorted((_place_word(word) for word in page.iter("word")), key=lambda found: (found[0] + found[1]) / 2)
    for top, low, word in [*placed, (float("inf"), float("inf"), Word(0, 0, ""))]:
        if line and (top + low) / 2 - (line[-1][0] + line[-1][1]) / 2 > (line[0][1] - line[0][0]) / 2:
            words = tuple(sorted(kept for _, _, kept in line))
            height = line[0][1] - line[0][0]
            apart = count == 0 or line[0][0] - bottom > height * 0.45
            bottom = max(low_edge for _, low_edge, _ in line)
            text = _tidy(" ".join(kept.text for kept in words))
            if text and not (count == 0 and text.isdecimal()):
                count += 1
                yield TextLine(f"trang {number}, dòng {count}", text, apart, words, height / 4, count == 1)
            line = []
        line.append((top, low, word))


def _place_word(word: Any) -> tuple[float, float, Word]:
    left, right, top, low = (float(word.get(name, "0")) for name in ("xmin", "xmax", "ymin", "ymax"))
    return top, low, Word(left, right, word.text or "")
