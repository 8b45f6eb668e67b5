"""Word files of a report: paragraphs and tables in reading order, with the numbers Word writes before paragraphs.

Belongs here: what a reader sees of a .docx file. Does not belong here: counting its lists (word_numbering), writing
documents (assets/io/word).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from lxml import etree

from assets.io.report_blocks import Block, Table, TableRow, TextLine, UnreadableReport, tidy
from assets.io.tabular_legacy import convert_legacy, detect_legacy
from assets.io.word_numbering import WordNumbering

MAX_UNPACKED = 300_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_word(path: Path) -> list[Block]:
    """Read a .docx file.

    Raises:
        UnreadableReport: a damaged file, another kind of zip, or one that unpacks to more than a report can hold.
    """
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
    return [line for line in (tidy(part) for part in _raw_text(paragraph, numbering).split("\n")) if line]


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
        lines: list[tuple[str, ...]] = []
        for cell in _children(row, f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            raw = "" if continues else _raw_text(cell, numbering)
            cells.append(tidy(raw.replace("\n", " ")))
            lines.append(tuple(line for line in map(tidy, raw.split("\n")) if line))
            cells.extend([""] * (_size(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1) - 1))
        yield TableRow(f"bảng {number}, dòng {index}", tuple(cells), tuple(lines))


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
