"""When a delivered file was extracted: a printed line, a date in its name, its modification time (sources.md §5).

Belongs here: reading those three. Does not belong here: deciding which of two rows is newer (assets/core).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import PurePath
from typing import Literal

from schemas.sources import load_common, normalise_title

TimeBasis = Literal["trong_tep", "ten_tep", "ngay_sua"]

# Vietnam has one zone, without daylight saving since 1975: a fixed offset needs no time zone database.
_LOCAL = timezone(timedelta(hours=7))
_CLOCK = r"(?P<h>\d{1,2})\s*(?::|giờ|h)\s*(?P<mi>\d{2})(?::(?P<s>\d{2}))?"
_DAYS = (
    r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})",
    r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
    r"(?:ngày )?(?P<d>\d{1,2}) tháng (?P<m>\d{1,2}) năm (?P<y>\d{4})",
)
# After the words at most a colon, brackets, a weekday; then "date time" or "time date".
_PRINTED = tuple(
    pattern
    for day in _DAYS
    for pattern in (rf"[\s:(]*{day}(?:[\s,t-]+(?:lúc )?{_CLOCK})?", rf"[\s:(]*(?:lúc )?{_CLOCK}[\s,-]+(?:ngày )?{day}")
)
_IN_NAME = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)",
        r"(?<!\d)(?P<y>20\d\d)([-_.])(?P<m>[01]?\d)\2(?P<d>[0-3]?\d)(?!\d)",
        r"(?<!\d)(?P<d>[0-3]?\d)([-_.])(?P<m>[01]?\d)\2(?P<y>20\d\d)(?!\d)",
        r"(?<!\d)(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>20\d\d)(?!\d)",
    )
)


def extract_time(path_name: str, printed: datetime | None, mtime: float | datetime) -> tuple[datetime, TimeBasis]:
    """Decide the extract time of a file.

    Args:
        path_name: the delivered file's name (of a path, its last part counts).
        printed: the time printed in the file, see :func:`read_printed_time`.
        mtime: modification time: seconds since the epoch, or a datetime (one without a zone is local already).

    Returns:
        Local time in Asia/Ho_Chi_Minh without a zone, and where it was read. A date without a time is its midnight.
        Of several dates in a name (from … to …) the latest counts.
    """
    if printed is not None:
        return printed, "trong_tep"
    named = [
        day for pattern in _IN_NAME for match in pattern.finditer(PurePath(path_name).name) if (day := _moment(match))
    ]
    if named:
        return max(named), "ten_tep"
    if isinstance(mtime, datetime):
        local = mtime.astimezone(_LOCAL) if mtime.tzinfo else mtime
    else:
        local = datetime.fromtimestamp(mtime, _LOCAL)
    return local.replace(tzinfo=None), "ngay_sua"


def read_printed_time(lines: Iterable[str]) -> datetime | None:
    """Find "Ngày xuất: dd/mm/yyyy[ HH:mm]" (or "Thời gian xuất", "Ngày kết xuất" …) above a header.

    Args:
        lines: rows of the title, the cells of a row joined with blanks.

    Returns:
        The latest such time, or None.
    """
    lead = load_common().extract_lead
    patterns = [re.compile(lead + tail) for tail in _PRINTED]
    found = []
    for line in lines:
        key = normalise_title(line)
        found += [moment for pattern in patterns for match in pattern.finditer(key) if (moment := _moment(match))]
    return max(found, default=None)


def _moment(match: re.Match[str]) -> datetime | None:
    """Make a datetime of named groups; None where there is no such day or time."""
    parts = match.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "mi", "s"))
    try:
        # Local wall time: the product knows no other zone.
        return datetime(int(parts["y"]), int(parts["m"]), int(parts["d"]), hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None
