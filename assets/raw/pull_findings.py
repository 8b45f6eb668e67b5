"""What the last pulls leave to be said in the findings: a connector that failed, days that were never fetched.

Belongs here: reading the connectors' memory. Does not belong here: pulling (pulling), so that a home without connectors
never loads a network library.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from assets.io.connector_log import read_log
from assets.io.home import Home
from schemas.connectors import Connector
from schemas.findings import Finding, make_finding
from schemas.rules.coverage import find_gaps


def find_failed_pulls(home: Home, connectors: Mapping[str, Connector]) -> list[Finding]:
    """A finding for each running connector whose last attempt failed."""
    logs = [read_log(home, name, one.nguon) for name, one in connectors.items() if one.bat]
    return [
        make_finding(
            "KET_NOI_LOI",
            nguon=log.nguon,
            ten=log.ten,
            ly_do=log.loi,
            lan_duoc=f"{log.lan_duoc_cuoi:%d/%m/%Y %H:%M}" if log.lan_duoc_cuoi else "chưa lần nào",
        )
        for log in logs
        if log.loi
    ]


def find_uncovered_days(home: Home, connectors: Mapping[str, Connector]) -> list[Finding]:
    """A finding for each running connector that asks by day and never fetched some days before its last attempt."""
    found = []
    for name, one in connectors.items():
        log = read_log(home, name, one.nguon)
        if one.bat and one.http and one.http.tu_ngay and one.http.is_dated and log.lan_cuoi:
            gaps = find_gaps((one.http.tu_ngay, log.lan_cuoi.date() - timedelta(days=1)), log.phu)
            if gaps:
                days = ", ".join(f"{first:%d/%m/%Y}–{last:%d/%m/%Y}" for first, last in gaps)
                found.append(make_finding("KET_NOI_THIEU_NGAY", nguon=log.nguon, ten=name, cac_ngay=days))
    return found
