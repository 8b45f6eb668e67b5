"""What a home remembers of its connectors: last pulls, and which remote files it has already taken.

Belongs here: reading and writing that memory, and the passport of what was fetched. Does not belong here: fetching.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assets.io.home import Home
from schemas.rules.coverage import Span, unite


@dataclass(frozen=True)
class RemoteFile:
    """What identifies the state of a remote file, and what was taken: its passport.

    Attributes:
        duong_dan: path below the connector's address.
        dau_hieu: etag, or modification time, as the server says.
        dung_luong: bytes.
        sha256: hash of what was fetched; blank before.
        lay_luc: when it was fetched (local time, ISO); blank before.
    """

    duong_dan: str
    dau_hieu: str
    dung_luong: int
    sha256: str = ""
    lay_luc: str = ""

    def is_same_state(self, other: RemoteFile | None) -> bool:
        """Whether the server would give the same bytes again, as far as it says."""
        return other is not None and (self.dau_hieu, self.dung_luong) == (other.dau_hieu, other.dung_luong)


@dataclass(frozen=True)
class ConnectorLog:
    """The memory of one connector.

    Attributes:
        ten: its name in the home.
        nguon: the source it feeds.
        lan_cuoi: last attempt, local time; None: never tried.
        lan_duoc_cuoi: last attempt that succeeded.
        loi: why the last attempt failed, for people; blank: it did not.
        lan_loi_cuoi: last attempt that failed, also where a later one succeeded.
        loi_cuoi: why that one failed.
        tep: remote path → state.
        phu: complete days that were fetched, of a connector that asks by day.
    """

    ten: str
    nguon: str
    lan_cuoi: datetime | None = None
    lan_duoc_cuoi: datetime | None = None
    loi: str = ""
    lan_loi_cuoi: datetime | None = None
    loi_cuoi: str = ""
    tep: dict[str, RemoteFile] = field(default_factory=dict)
    phu: tuple[Span, ...] = ()

    def note(
        self, moment: datetime, taken: dict[str, RemoteFile], trouble: str, covered: Iterable[Span] = ()
    ) -> ConnectorLog:
        """The memory after an attempt that also fetched the ``covered`` days."""
        return replace(
            self,
            lan_cuoi=moment,
            lan_duoc_cuoi=self.lan_duoc_cuoi if trouble else moment,
            loi=trouble,
            lan_loi_cuoi=moment if trouble else self.lan_loi_cuoi,
            loi_cuoi=trouble or self.loi_cuoi,
            tep=self.tep | taken,
            phu=tuple(unite([*self.phu, *covered])),
        )


_MOMENTS = ("lan_cuoi", "lan_duoc_cuoi", "lan_loi_cuoi")


def _path(home: Home, name: str) -> Path:
    return home.root / "ket_noi" / f"{name}.json"


def read_log(home: Home, name: str, source: str) -> ConnectorLog:
    """The memory of a connector; an empty one if it never ran."""
    path = _path(home, name)
    if not path.is_file():
        return ConnectorLog(name, source)
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    moments = {key: datetime.fromisoformat(raw[key]) if raw.get(key) else None for key in _MOMENTS}
    files = {key: RemoteFile(**one) for key, one in raw["tep"].items()}
    covered = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in raw.get("phu", ()))
    return ConnectorLog(
        name, source, **moments, loi=raw["loi"], loi_cuoi=raw.get("loi_cuoi", ""), tep=files, phu=covered
    )


def write_log(home: Home, log: ConnectorLog) -> None:
    """Replace the memory of a connector; a reader sees the old one or the new one, never half."""
    path = _path(home, log.ten)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    moments = {key: moment.isoformat() if (moment := getattr(log, key)) else "" for key in _MOMENTS}
    days = {"phu": [[first.isoformat(), last.isoformat()] for first, last in log.phu]}
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(asdict(log) | moments | days, ensure_ascii=False, indent=1) + "\n", "utf-8")
    beside.replace(path)
