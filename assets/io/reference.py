"""Reading the tracked facts of data/reference.

Belongs here: opening those files and turning each line into its typed row, with errors that name file and line; opening
the files of a home's own sources. Does not belong here: what they mean (schemas/rules, schemas/sources).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from schemas.rules.calendar import CalendarOverride, OverrideKind
from schemas.rules.procedure_codes import ReplacedCode
from schemas.rules.reference import ReferenceFacts
from schemas.rules.text import procedure_stem
from schemas.sources.own import OwnSource, WrongSource, parse_own_source, parse_own_words

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
    for place, line in _read_lines(path, OVERRIDE_COLUMNS):
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
    for place, line in _read_lines(path, REPLACEMENT_COLUMNS):
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


def read_own_sources(folders: Iterable[Path]) -> dict[str, OwnSource]:
    """Read the sources that a home brought: ``<ma>.toml``, and beside it ``<ma>.csv`` where it has words of its own.

    Args:
        folders: where they lie; a folder that is not there holds none.

    Returns:
        Source key → source, sorted by key.

    Raises:
        BadReferenceFile: a file cannot be read.
        WrongSource: see :mod:`schemas.sources.own`; also a name that stands twice, or words without a source.
    """
    found: dict[str, OwnSource] = {}
    for folder in dict.fromkeys(one.resolve() for one in folders):
        for path in sorted(folder.glob("*.toml")):
            if path.stem in found:
                raise WrongSource(f"Nguồn “{path.stem}” có hai tệp mô tả. Hãy bỏ bớt {path}.")
            spec = parse_own_source(path.stem, read_text(path))
            words = path.with_suffix(".csv")
            lines = read_text(words).splitlines() if words.is_file() else None
            found[path.stem] = OwnSource(spec, parse_own_words(path.stem, lines) if lines is not None else {})
        for path in sorted(folder.glob("*.csv")):
            if not path.with_suffix(".toml").is_file():
                raise WrongSource(f"Tệp cách gọi {path.name} không có {path.stem}.toml bên cạnh. Hãy thêm tệp đó.")
    return dict(sorted(found.items()))


def read_text(path: Path) -> str:
    """Read a text file that a person wrote; a byte order mark of an editor is no part of it.

    Raises:
        BadReferenceFile: it cannot be opened, or is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadReferenceFile(f"Tệp {path} không ở bảng mã UTF-8. Hãy lưu lại dưới dạng UTF-8.") from None
    except OSError as error:
        raise BadReferenceFile(f"Không mở được tệp {path}. Hãy kiểm tra tệp có ở đó và quyền đọc nó.") from error


def _read_lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line of a tracked CSV with the place that an error message names."""
    reader = csv.DictReader(read_text(path).splitlines())
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
