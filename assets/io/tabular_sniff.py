"""What a file is, by its bytes and never by its extension.

Belongs here: magic numbers, the members of a zip, the first characters of a text. Does not belong here: reading the
table (the other tabular_* modules, workbook.py).
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
import zlib
from typing import Literal

FileKind = Literal["xlsx", "xls", "xlsb", "ods", "html", "csv", "json", "jsonl", "mhtml", "zip", "gz", "khong_ro"]

CFB_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PEEK_BYTES = 65_536
_NOT_TABLES = (
    (b"%PDF", "đây là tệp PDF"),
    (b"\x89PNG", "đây là tệp ảnh"),
    (b"\xff\xd8\xff", "đây là tệp ảnh"),
    (b"GIF8", "đây là tệp ảnh"),
    (b"BM", "đây là tệp ảnh"),
    (b"II*\x00", "đây là tệp ảnh"),
    (b"MM\x00*", "đây là tệp ảnh"),
    (b"RIFF", "đây là tệp ảnh hoặc âm thanh"),
    (b"{\\rtf", "đây là văn bản RTF"),
    (b"Rar!", "đây là tệp nén RAR"),
    (b"7z\xbc\xaf\x27\x1c", "đây là tệp nén 7z"),
    (b"MZ", "đây là tệp chương trình"),
    (b"\x7fELF", "đây là tệp chương trình"),
)
_ZIP_PARTS: tuple[tuple[str, FileKind], ...] = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "ods"),
)
_ZIP_NOT_TABLES = (
    ("word/document.xml", "đây là văn bản Word"),
    ("ppt/presentation.xml", "đây là tệp trình chiếu PowerPoint"),
    ("Index/Document.iwa", "đây là tệp Numbers hoặc Pages của Apple"),
)
_ODS_TYPES = ("application/vnd.oasis.opendocument.spreadsheet", "application/vnd.sun.xml.calc")
_CFB_WORKBOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "EncryptedPackage"))
_CFB_NOT_TABLES = (
    ("WordDocument".encode("utf-16-le"), "đây là văn bản Word"),
    ("PowerPoint Document".encode("utf-16-le"), "đây là tệp trình chiếu PowerPoint"),
    ("__properties_version".encode("utf-16-le"), "đây là thư Outlook"),
)
_MARKUP = re.compile(
    r"<(?:!doctype|!--|\?xml|html|head|body|table|meta|style|div|center|font|tr|td|office:document|workbook)\b|<!--",
    re.I,
)
_MHTML = re.compile(r"(?:[A-Za-z-]+:.*\r?\n(?:[ \t].*\r?\n)*){0,12}MIME-Version:", re.IGNORECASE)
# A service that wraps its JSON into a string.
_QUOTED_JSON = re.compile(r'"\s*(?:\[\s*\{|\{\s*\\")')
# Control characters that no text file holds.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def guess_unicode(data: bytes) -> str | None:
    """Name the Unicode encoding of a text by its byte order mark, or by the NULs that UTF-16 puts into Latin text.

    Args:
        data: the beginning of a file, at least four bytes of it.

    Returns:
        A codec name, or None where neither shows.
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return codec
    head = data[:2048]
    if len(head) >= 8:
        odd, even = head[1::2].count(0) / len(head[1::2]), head[0::2].count(0) / len(head[0::2])
        # Vietnamese letters beyond Latin-1 have a non-zero upper byte: a third of NULs is enough.
        if odd > 0.3 and even < 0.05:
            return "utf-16-le"
        if even > 0.3 and odd < 0.05:
            return "utf-16-be"
    return None


def sniff_bytes(data: bytes) -> tuple[FileKind, str]:
    """Recognise what a file is.

    Args:
        data: its content.

    Returns:
        The kind, and for ``khong_ro`` the reason in Vietnamese for the message.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data)
    if data.startswith(CFB_MAGIC):
        return _sniff_cfb(data)
    if data.startswith(b"\x1f\x8b"):
        return "gz", ""
    for magic, reason in _NOT_TABLES:
        if data.startswith(magic):
            return "khong_ro", reason
    # A bare BIFF stream, as written before compound files (Excel 2 to 4): BOF record.
    if (
        data[:1] == b"\x09"
        and data[1:2] in (b"\x00", b"\x02", b"\x04", b"\x08")
        and data[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00")
    ):
        return "xls", ""
    return _sniff_text(data)


def _sniff_zip(data: bytes) -> tuple[FileKind, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            mimetype = package.read("mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError, struct.error):
        # Cut off or damaged; the reader of workbooks says so.
        return "xlsx", ""
    for part, reason in _ZIP_NOT_TABLES:
        if part in names:
            return "khong_ro", reason
    if mimetype and not mimetype.strip().startswith(_ODS_TYPES):
        return "khong_ro", "đây là tài liệu OpenDocument không phải bảng tính"
    lowered = {name.replace("\\", "/").lower() for name in names}
    for part, kind in _ZIP_PARTS:
        if part in lowered:
            return kind, ""
    return "zip", ""


def _sniff_cfb(data: bytes) -> tuple[FileKind, str]:
    """Tell Office files of the old kind apart; one that shows no stream name is cut off: its reader says so."""
    if any(name in data for name in _CFB_WORKBOOKS):
        return "xls", ""
    for name, reason in _CFB_NOT_TABLES:
        if name in data:
            return "khong_ro", reason
    return "xls", ""


def _sniff_text(data: bytes) -> tuple[FileKind, str]:
    codec = guess_unicode(data)
    head = data[:_PEEK_BYTES]
    if codec is None and _BINARY.search(head):
        return "khong_ro", "không phải tệp văn bản hay bảng tính"
    text = head.decode(codec or "latin-1", "ignore").lstrip("\ufeff \t\r\n")
    if not text:
        return "khong_ro", "không có chữ nào"
    if text[0] in "{[":
        return ("jsonl" if _looks_like_lines(text) else "json"), ""
    if _QUOTED_JSON.match(text):
        return "json", ""
    if _MHTML.match(text):
        return "mhtml", ""
    if text[0] == "<" and _MARKUP.match(text):
        return "html", ""
    return "csv", ""


def _looks_like_lines(text: str) -> bool:
    """Tell JSON lines (an object per line) from one JSON document."""
    lines = text.split("\n", 2)
    first = lines[0].strip()
    return len(lines) > 1 and first.startswith("{") and first.endswith("}") and lines[1].strip().startswith("{")
