"""What the last pulls leave to be said: how old each connector is, that it failed, days that were never fetched.

Belongs here: reading the connectors' memory. Does not belong here: pulling (pulling), so that a home without connectors
never loads a network library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assets.io.connector_log import ConnectorLog, read_log
from assets.io.home import Home
from schemas.connectors import Connector
from schemas.findings import Finding, make_finding
from schemas.rules.coverage import Span, find_gaps
from schemas.unit import SourceAges


@dataclass(frozen=True)
class PullState:
    """What a connector that is switched on last did.

    Attributes:
        ten: its name in the home.
        mo_ta: what it is, in Vietnamese.
        nguon: the source it feeds.
        lan_duoc_cuoi: last attempt that succeeded, local time; None: none did.
        lan_loi_cuoi: last attempt that failed; None: none did.
        loi_cuoi: why that one failed; blank without one.
        dang_loi: whether the last attempt of all failed.
        ngay_thieu: days before the last attempt that were never fetched, of a connector that asks by day.
        so_tep: files it has taken.
    """

    ten: str
    mo_ta: str
    nguon: str
    lan_duoc_cuoi: datetime | None
    lan_loi_cuoi: datetime | None
    loi_cuoi: str
    dang_loi: bool
    ngay_thieu: tuple[Span, ...]
    so_tep: int

    @property
    def last_success(self) -> str:
        """The last success for people."""
        return f"{self.lan_duoc_cuoi:%d/%m/%Y %H:%M}" if self.lan_duoc_cuoi else "chưa lần nào"

    @property
    def last_failure(self) -> str:
        """The last failure with its sentence; blank without one."""
        return f"{self.lan_loi_cuoi:%d/%m/%Y %H:%M}: {self.loi_cuoi}" if self.lan_loi_cuoi else ""

    @property
    def missing_days(self) -> str:
        """The days never fetched, as spans; blank if there are none."""
        return ", ".join(f"{first:%d/%m/%Y}–{last:%d/%m/%Y}" for first, last in self.ngay_thieu)

    def count_days(self, day: date) -> int | None:
        """Days from the last success to a day; None without a success."""
        return max(0, (day - self.lan_duoc_cuoi.date()).days) if self.lan_duoc_cuoi else None

    def judge(self, day: date, ages: SourceAges) -> str:
        """What a reader must know: too long without success, the failure, days that are missing; blank if all is well.

        Args:
            day: to which the age counts.
            ages: from which age a connector is called old.
        """
        words = [ages.judge_pull(self.count_days(day))]
        if self.last_failure:
            words.append(f"{'! lần cuối hỏng' if self.dang_loi else 'lần hỏng gần nhất'} {self.last_failure}")
        if self.missing_days:
            words.append(f"! chưa lần lấy nào phủ {self.missing_days}")
        return "; ".join(filter(None, words))


def list_pulls(home: Home, connectors: Mapping[str, Connector]) -> list[PullState]:
    """The state of each connector that is switched on, in the order of the settings."""
    return [describe_pull(read_log(home, name, one.nguon), one) for name, one in connectors.items() if one.bat]


def describe_pull(log: ConnectorLog, connector: Connector) -> PullState:
    """What a connector's memory says of it."""
    return PullState(
        ten=log.ten,
        mo_ta=connector.ten,
        nguon=connector.nguon,
        lan_duoc_cuoi=log.lan_duoc_cuoi,
        lan_loi_cuoi=log.lan_loi_cuoi or (log.lan_cuoi if log.loi else None),  # an older release kept no such moment
        loi_cuoi=log.loi_cuoi or log.loi,
        dang_loi=bool(log.loi),
        ngay_thieu=_find_missing_days(log, connector),
        so_tep=len(log.tep),
    )


def _find_missing_days(log: ConnectorLog, connector: Connector) -> tuple[Span, ...]:
    if not (connector.http and connector.http.tu_ngay and connector.http.is_dated and log.lan_cuoi):
        return ()
    return tuple(find_gaps((connector.http.tu_ngay, log.lan_cuoi.date() - timedelta(days=1)), log.phu))


def find_failed_pulls(home: Home, connectors: Mapping[str, Connector]) -> list[Finding]:
    """A finding for each running connector whose last attempt failed."""
    return [
        make_finding("KET_NOI_LOI", nguon=one.nguon, ten=one.ten, ly_do=one.loi_cuoi, lan_duoc=one.last_success)
        for one in list_pulls(home, connectors)
        if one.dang_loi
    ]


def find_uncovered_days(home: Home, connectors: Mapping[str, Connector]) -> list[Finding]:
    """A finding for each running connector that asks by day and never fetched some days before its last attempt."""
    return [
        make_finding("KET_NOI_THIEU_NGAY", nguon=one.nguon, ten=one.ten, cac_ngay=one.missing_days)
        for one in list_pulls(home, connectors)
        if one.missing_days
    ]
