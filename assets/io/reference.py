"""Reading the tracked facts of data/reference.

Belongs here: opening those files and turning each line into its typed row, with errors that name file and
line. Does not belong here: what the facts mean (schemas/rules).
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from schemas.rules.calendar import CalendarOverride, OverrideKind

OVERRIDE_COLUMNS = ("ngay", "loai", "ly_do", "nguon")
_KINDS: dict[str, OverrideKind] = {"nghi": "nghi", "lam_bu": "lam_bu"}


class BadReferenceFile(ValueError):
    """A file of data/reference that cannot be used. The message is Vietnamese and names file and line."""


def load_calendar_overrides(path: Path) -> list[CalendarOverride]:
    """Read the calendar overrides (UTF-8 CSV with the columns ``ngay,loai,ly_do,nguon``; ngay is yyyy-mm-dd).

    Args:
        path: usually data/reference/lich_nghi.csv.

    Returns:
        One row per day, in the order of the file; a file with only its header gives none.

    Raises:
        BadReferenceFile: the file is missing or not UTF-8, lacks a column, a date or kind is wrong, a reason
            or source is missing, or a day stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadReferenceFile(f"Không đọc được tệp lịch nghỉ {path}: {error}") from error
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in OVERRIDE_COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise BadReferenceFile(f"Tệp {path.name}: thiếu cột {', '.join(missing)} ở dòng tiêu đề.")
    rows: dict[date, CalendarOverride] = {}
    for line in reader:
        row = _read_override(line, f"Tệp {path.name}, dòng {reader.line_num}")
        if row.ngay in rows:
            raise BadReferenceFile(
                f"Tệp {path.name}, dòng {reader.line_num}: ngày {row.ngay} đã có ở dòng trên, hãy bỏ một dòng."
            )
        rows[row.ngay] = row
    return list(rows.values())


def _read_override(line: dict[str, str], place: str) -> CalendarOverride:
    values = {name: (line.get(name) or "").strip() for name in OVERRIDE_COLUMNS}
    try:
        day = date.fromisoformat(values["ngay"])
    except ValueError as error:
        raise BadReferenceFile(f"{place}: ngày “{values['ngay']}” không đọc được, hãy ghi dạng 2026-01-02.") from error
    if values["loai"] not in _KINDS:
        raise BadReferenceFile(f"{place}: loại “{values['loai']}” không có, hãy ghi nghi hoặc lam_bu.")
    if not values["ly_do"] or not values["nguon"]:
        raise BadReferenceFile(f"{place}: phải ghi lý do (ly_do) và văn bản nguồn (nguon).")
    return CalendarOverride(day, _KINDS[values["loai"]], values["ly_do"], values["nguon"])
