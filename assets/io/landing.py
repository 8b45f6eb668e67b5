"""Delivered files: their bytes, hashes and passports; originals in landing/, text tables in raw/.

Belongs here: finding files in the inbox, moving originals, writing and reading passports and what was refused.
Does not belong here: reading a file's tables (workbook, assets/raw/extract) or judging them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from assets.io.home import Home
from schemas.findings import Finding

_HIDDEN = ("~$", ".", "Thumbs.db", "desktop.ini")
_UNFINISHED = (".part", ".crdownload", ".tmp", ".partial")


@dataclass(frozen=True)
class Withdrawal:
    """Why a delivery no longer counts.

    Attributes:
        ly_do: the officer's reason; nothing about a citizen.
        luc: when (local time, ISO).
        nguoi: who: the name typed in, else the login.
    """

    ly_do: str
    luc: str
    nguoi: str


@dataclass(frozen=True)
class Passport:
    """What is known of one delivered file; lies beside its raw tables and outlives the original.

    Attributes:
        nguon: source key.
        ten_tep: name it was delivered under first.
        sha256: content hash, lower-case hex.
        dung_luong: size in bytes.
        ngay_xuat: extract time (local time, Asia/Ho_Chi_Minh).
        can_cu_ngay_xuat: where that was read: trong_tep, ten_tep or ngay_sua.
        so_dong: table → data rows.
        cot: table → fields that the file carries.
        phat_hien: findings of reading it.
        rut: why it was taken out again; None while it counts.
    """

    nguon: str
    ten_tep: str
    sha256: str
    dung_luong: int
    ngay_xuat: datetime
    can_cu_ngay_xuat: str
    so_dong: dict[str, int]
    cot: dict[str, list[str]] = field(default_factory=dict)
    phat_hien: tuple[Finding, ...] = ()
    rut: Withdrawal | None = None


@dataclass(frozen=True)
class Refusal:
    """A file that stays in the inbox: its hash, why, and under which reading rules."""

    ten_tep: str
    sha256: str
    quy_cach: str
    phat_hien: tuple[Finding, ...]


def list_inbox(home: Home, source: str) -> list[Path]:
    """The files that wait in a source's inbox folder, at any depth, in a stable order."""
    folder = home.inbox / source
    found = (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()
    return sorted(path for path in found if not is_passing(path))


def list_strays(home: Home, sources: frozenset[str]) -> list[Path]:
    """Files in the inbox that lie outside every source's folder."""
    if not home.inbox.is_dir():
        return []
    files = (path for path in home.inbox.rglob("*") if path.is_file() and not is_passing(path))
    return sorted(
        path for path in files if path.relative_to(home.inbox).parts[0] not in sources or path.parent == home.inbox
    )


def is_passing(path: Path) -> bool:
    """Whether a file is an editor's lock, hidden, or still being copied: not a delivery."""
    return path.name.startswith(_HIDDEN) or path.name.endswith(_UNFINISHED)


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _passport_path(home: Home, source: str, sha256: str) -> Path:
    return home.layer("raw") / source / f"{sha256}.json"


def raw_table_path(home: Home, passport: Passport, table: str) -> Path:
    """Parquet file of one raw table of one delivery."""
    return home.layer("raw") / passport.nguon / f"{passport.sha256}.{table}.parquet"


def read_passports(home: Home, source: str | None = None) -> list[Passport]:
    """Passports that count, of a source (or of all), oldest extract first, then by hash."""
    return [one for one in read_every_passport(home, source) if one.rut is None]


def read_every_passport(home: Home, source: str | None = None) -> list[Passport]:
    """Passports of a source (or of all), withdrawn ones among them, oldest extract first, then by hash."""
    folder = home.layer("raw")
    pattern = f"{source or '*'}/*.json"
    found = [_load_passport(path) for path in folder.glob(pattern) if not path.name.startswith("_")]
    return sorted(found, key=lambda one: (one.ngay_xuat, one.sha256))


def _load_passport(path: Path) -> Passport:
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    raw["ngay_xuat"] = datetime.fromisoformat(raw["ngay_xuat"])
    raw["phat_hien"] = tuple(Finding(**one) for one in raw["phat_hien"])
    raw["rut"] = Withdrawal(**raw["rut"]) if raw.get("rut") else None
    return Passport(**raw)


def find_passport(home: Home, source: str, sha256: str) -> Passport | None:
    """The passport of that content, if it was ingested before (``source`` ``*``: under any source)."""
    found = sorted(home.layer("raw").glob(f"{source}/{sha256}.json"))
    return _load_passport(found[0]) if found else None


def store_delivery(home: Home, original: Path, passport: Passport, tables: dict[str, pl.DataFrame]) -> None:
    """Keep a delivery: raw tables, original, passport, and only then take it out of the inbox.

    The order makes a kill harmless: without a passport the next run ingests the file again.
    """
    (home.layer("raw") / passport.nguon).mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_parquet(frame, raw_table_path(home, passport, name))
    kept = home.landing / passport.nguon / passport.sha256 / original.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(original, kept)
    kept.chmod(0o600)
    _save_passport(home, passport)
    original.unlink()


def _save_passport(home: Home, passport: Passport) -> None:
    body = asdict(passport) | {"ngay_xuat": passport.ngay_xuat.isoformat()}
    _write_json(_passport_path(home, passport.nguon, passport.sha256), body)


def mark_withdrawn(home: Home, passport: Passport, mark: Withdrawal | None) -> Passport:
    """Take a delivery out of what counts, or (None) back in; its raw tables stay, the next rebuild follows.

    Returns:
        The passport as it now stands.
    """
    marked = replace(passport, rut=mark)
    _save_passport(home, marked)
    return marked


def drop_known(home: Home, path: Path, known: Passport, extract_time: datetime, basis: str) -> None:
    """Take a re-delivery of known content out of the inbox; a later date in its new name counts.

    A copy's modification time says nothing new, so only a date in the name may move the extract time.
    """
    if basis == "ten_tep" and known.can_cu_ngay_xuat != "trong_tep" and extract_time > known.ngay_xuat:
        _save_passport(home, replace(known, ngay_xuat=extract_time, can_cu_ngay_xuat=basis))
    path.unlink()


def read_refusals(home: Home, source: str) -> dict[str, Refusal]:
    """Hash → refusal, of the files that were refused and still wait in the inbox."""
    path = home.layer("raw") / source / "_tu_choi.json"
    if not path.is_file():
        return {}
    return {
        sha: Refusal(one["ten_tep"], sha, one["quy_cach"], tuple(Finding(**f) for f in one["phat_hien"]))
        for sha, one in json.loads(path.read_text("utf-8")).items()
    }


def write_refusals(home: Home, source: str, refusals: dict[str, Refusal]) -> None:
    """Replace the memory of refused files of a source."""
    body = {
        sha: {
            "ten_tep": one.ten_tep,
            "quy_cach": one.quy_cach,
            "phat_hien": [asdict(f) for f in one.phat_hien],
        }
        for sha, one in sorted(refusals.items())
    }
    _write_json(home.layer("raw") / source / "_tu_choi.json", body)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file so that a reader sees the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    frame.write_parquet(beside)
    beside.replace(path)


def list_expired(home: Home, before: datetime) -> list[Path]:
    """Originals that were kept, and refused files that were left in the inbox, since before a moment.

    Args:
        home: the home.
        before: local time; what was stored earlier is past its retention.
    """
    limit = before.timestamp()
    originals = sorted(path for path in home.landing.rglob("*") if path.is_file())
    expired = [path for path in originals if path.parent.stat().st_mtime < limit]
    for refused in sorted(home.layer("raw").glob("*/_tu_choi.json")):
        source = refused.parent.name
        hashes = read_refusals(home, source)
        expired += [
            path for path in list_inbox(home, source) if path.stat().st_mtime < limit and hash_file(path) in hashes
        ]
    return expired


def purge_originals(home: Home, before: datetime) -> list[str]:
    """Remove what ``list_expired`` lists.

    Passports and raw tables stay: every number still leads back to file, sheet and row (Luật 91/2025/QH15: personal
    data are kept no longer than their purpose needs, and originals are the only place that holds them).

    Args:
        home: the home.
        before: local time; what was stored earlier goes.

    Returns:
        Paths that were removed, relative to the home.
    """
    expired = list_expired(home, before)
    for path in expired:
        path.unlink()
    return [str(path.relative_to(home.root)) for path in expired]


def _write_json(path: Path, body: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    beside.replace(path)


def read_raw(home: Home, table: str) -> Iterator[tuple[Passport, pl.DataFrame]]:
    """Every delivery's raw rows of one table, oldest extract first."""
    for passport in read_passports(home):
        if table in passport.so_dong:
            yield passport, pl.read_parquet(raw_table_path(home, passport, table))
