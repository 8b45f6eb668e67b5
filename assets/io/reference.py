"""Reading the tracked facts of data/reference.

Belongs here: opening those files and turning each line into its typed row, with errors that name file and
line. Does not belong here: what the facts mean (schemas/rules).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from schemas.rules.calendar import CalendarOverride, OverrideKind
from schemas.rules.procedure_codes import ReplacedCode
from schemas.rules.reference import ReferenceFacts
from schemas.rules.text import procedure_stem

OVERRIDE_COLUMNS = ("ngay", "loai", "ly_do", "nguon")
REPLACEMENT_COLUMNS = ("ma_cu", "ma_moi", "tu_ngay", "can_cu")
_KINDS: dict[str, OverrideKind] = {"nghi": "nghi", "lam_bu": "lam_bu"}


class BadReferenceFile(ValueError):
    """A file of data/reference that cannot be used. The message is Vietnamese and names file and line."""


def load_reference(folder: Path) -> ReferenceFacts:
    """Read the tracked facts that the cleaning needs.

    Args:
        folder: usually data/reference.

    Raises:
        BadReferenceFile: see :func:`load_calendar_overrides` and :func:`load_replaced_codes`.
    """
    return ReferenceFacts(
        lich_nghi=tuple(load_calendar_overrides(folder / "lich_nghi.csv")),
        tthc_thay_the=tuple(load_replaced_codes(folder / "tthc_thay_the.csv")),
    )


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
    rows: dict[date, CalendarOverride] = {}
    for place, line in _read_lines(path, "lịch nghỉ", OVERRIDE_COLUMNS):
        row = _read_override(line, place)
        if row.ngay in rows:
            raise BadReferenceFile(f"{place}: ngày {row.ngay} đã có ở dòng trên, hãy bỏ một dòng.")
        rows[row.ngay] = row
    return list(rows.values())


def load_replaced_codes(path: Path) -> list[ReplacedCode]:
    """Read the replaced procedure codes (UTF-8 CSV with the columns ``ma_cu,ma_moi,tu_ngay,can_cu``).

    Args:
        path: usually data/reference/tthc_thay_the.csv.

    Returns:
        One row per replacement, in the order of the file; a file with only its header gives none.

    Raises:
        BadReferenceFile: the file is missing or not UTF-8, lacks a column, a code or date is wrong, the document is
            missing, or an old code is replaced twice on one day.
    """
    rows: dict[tuple[str, date], ReplacedCode] = {}
    for place, line in _read_lines(path, "mã TTHC thay thế", REPLACEMENT_COLUMNS):
        old, new = procedure_stem(line["ma_cu"]), procedure_stem(line["ma_moi"])
        if old is None or new is None or old == new:
            raise BadReferenceFile(f"{place}: mã cũ, mã mới phải là hai mã khác nhau dạng 1.001193.")
        if not line["can_cu"]:
            raise BadReferenceFile(f"{place}: phải ghi văn bản làm căn cứ (can_cu).")
        row = ReplacedCode(old, new, _read_day(line["tu_ngay"], place), line["can_cu"])
        if (old, row.tu_ngay) in rows:
            raise BadReferenceFile(f"{place}: mã {old} đã được thay từ ngày này ở dòng trên, hãy bỏ một dòng.")
        rows[old, row.tu_ngay] = row
    return list(rows.values())


def _read_lines(path: Path, title: str, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line of a tracked CSV with the place that an error message names."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadReferenceFile(f"Không đọc được tệp {title} {path}: {error}") from error
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in columns if name not in (reader.fieldnames or [])]
    if missing:
        raise BadReferenceFile(f"Tệp {path.name}: thiếu cột {', '.join(missing)} ở dòng tiêu đề.")
    for line in reader:
        yield f"Tệp {path.name}, dòng {reader.line_num}", {name: (line.get(name) or "").strip() for name in columns}


def _read_day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadReferenceFile(f"{place}: ngày “{text}” không đọc được, hãy ghi dạng 2026-01-02.") from error


def _read_override(values: dict[str, str], place: str) -> CalendarOverride:
    day = _read_day(values["ngay"], place)
    if values["loai"] not in _KINDS:
        raise BadReferenceFile(f"{place}: loại “{values['loai']}” không có, hãy ghi nghi hoặc lam_bu.")
    if not values["ly_do"] or not values["nguon"]:
        raise BadReferenceFile(f"{place}: phải ghi lý do (ly_do) và văn bản nguồn (nguon).")
    return CalendarOverride(day, _KINDS[values["loai"]], values["ly_do"], values["nguon"])
