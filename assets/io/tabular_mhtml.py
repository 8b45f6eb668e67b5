"""Reading a web page that was saved with its pictures as one file (MHTML), also under a spreadsheet's name.

Belongs here: finding the pages in such a file. Does not belong here: their tables (tabular_html).
"""

from __future__ import annotations

import email
from dataclasses import replace

from assets.io.tabular_base import Grid, UnreadableFile, refuse
from assets.io.tabular_html import read_html


def read_mhtml(data: bytes, name: str) -> list[Grid]:
    """Read every page in the file that has a table; a frame around the sheets has none of its own.

    Args:
        data: content.
        name: delivered name, for messages.

    Returns:
        The grids of all its pages, in their order, named as those of one page.

    Raises:
        UnreadableFile: no page with a table in it.
    """
    refusal = refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do="trang web lưu thành một tệp, không có bảng")
    grids: list[Grid] = []
    for part in email.message_from_bytes(data).walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if not isinstance(page, bytes):
            continue
        try:
            grids += read_html(page, name)
        except UnreadableFile as unreadable:
            refusal = unreadable
    if not grids:
        raise refusal
    return [replace(grid, sheet=f"html {place}" if place > 1 else "html") for place, grid in enumerate(grids, start=1)]
