"""PDF files of a report, read through poppler's pdftotext: words with their positions, put into lines.

Belongs here: running the program and forming lines. Does not belong here: columns made of blanks
(assets/audit/blank_columns), pictures of pages.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from assets.io.report_blocks import Block, TextLine, UnreadableReport, Word, from_legacy, tidy

_PDF_SECONDS = 60


def read_pdf(path: Path) -> list[Block]:
    """Read the text of a PDF file.

    Raises:
        UnreadableReport: no pdftotext on this machine, a damaged file, or one with a password.
    """
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
    source = from_legacy(done.stdout.decode("utf-8", "replace"))
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
            text = tidy(" ".join(kept.text for kept in words))
            if text and not (count == 0 and text.isdecimal()):
                count += 1
                yield TextLine(f"trang {number}, dòng {count}", text, apart, words, height / 4, count == 1)
            line = []
        line.append((top, low, word))


def _place_word(word: Any) -> tuple[float, float, Word]:
    left, right, top, low = (float(word.get(name, "0")) for name in ("xmin", "xmax", "ymin", "ymax"))
    return top, low, Word(left, right, word.text or "")
