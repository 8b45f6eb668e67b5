"""What a report file is read into: text lines and tables, each with the place a person can find.

Belongs here: those blocks, the refusal of an unreadable file, and cleaning a piece of text, for all kinds of files.
Does not belong here: reading a kind of file (report_plain, report_word, report_pdf).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from assets.io.tabular_legacy import convert_legacy, detect_legacy
from schemas.rules.text import clean_text

_MARKUP = re.compile(r"</?(?:i|b|u|em|strong|sup|sub|br)\s*/?>|\*\*|[¹²³⁴⁵⁶⁷⁸⁹$]")
_HYPHENS = str.maketrans("\u2010\u2011", "--")  # what Word's Ctrl+Shift+hyphen becomes elsewhere


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
    """One row of a table, cells cleaned; a merged cell keeps its text once, its other positions are empty.

    ``lines``: the cells' own lines in order ("UBND xã", "Số: 12/BC-UBND"), where the reader can tell them.
    """

    place: str
    cells: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive rows of one table."""

    rows: tuple[TableRow, ...]


Block = TextLine | Table


def strip_markup(text: str) -> str:
    """Drop the marks of emphasis and footnotes that a conversion has left."""
    return _MARKUP.sub("", text)


def tidy(text: str) -> str:
    """Clean a piece of text: no marks of emphasis, one kind of hyphen, single blanks."""
    return clean_text(strip_markup(text)).translate(_HYPHENS)


def from_legacy(text: str) -> str:
    """Turn text that is Unicode by name, but typed for a .VnTime or VNI font, into Vietnamese."""
    table = detect_legacy(text)
    return text if table is None else convert_legacy(text, table)
