"""The only clock of the product: now and today in Asia/Ho_Chi_Minh."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = "Asia/Ho_Chi_Minh"


def now() -> datetime:
    """The present moment, local time without zone, to the second."""
    return datetime.now(ZoneInfo(ZONE)).replace(tzinfo=None, microsecond=0)


def today() -> date:
    """The present day."""
    return now().date()
