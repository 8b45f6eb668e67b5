"""Takes what waits in a source's inbox into raw: read, keep with a passport, or refuse with a finding.

Belongs here: the decision per file (new, known, refused before, refused now). Does not belong here: reading tables
(extract), moving bytes (assets/io/landing), judging rows (assets/core).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assets.io.home import Home
from assets.io.landing import (
    Passport,
    Refusal,
    drop_known,
    find_passport,
    hash_file,
    list_inbox,
    list_strays,
    read_refusals,
    store_delivery,
    write_refusals,
)
from assets.io.workbook import UnreadableFile
from assets.raw.extract import Extraction, RefusedFile, extract_tables, extract_time
from assets.raw.recognise import list_titles, measure_fit
from schemas.findings import Finding, make_finding
from schemas.sources import SourceSpec, load_sources

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class IngestResult:
    """What became of the files of one source."""

    moi: list[Passport] = field(default_factory=list)
    da_co: list[str] = field(default_factory=list)
    tu_choi: list[Refusal] = field(default_factory=list)


def describe_rules(spec: SourceSpec) -> str:
    """Hash of a source's reading rules: a refused file is read again once its rules change."""
    return hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:16]


def ingest_source(home: Home, spec: SourceSpec, on_file: Callable[[Path], None] = lambda _: None) -> IngestResult:
    """Ingest every new file of one source.

    Args:
        home: the home.
        spec: the source's layout.
        on_file: told before each file is read (progress).

    Returns:
        New passports, names of re-deliveries, refusals (new and remembered). Refused files stay in the inbox.
    """
    result = IngestResult()
    rules = describe_rules(spec)
    remembered = read_refusals(home, spec.ma)
    still_refused: dict[str, Refusal] = {}
    for path in list_inbox(home, spec.ma):
        sha256 = hash_file(path)
        known = find_passport(home, spec.ma, sha256)
        if known is not None and known.rut is not None:
            still_refused[sha256] = _refuse_withdrawn(spec, path, known, rules)
            result.tu_choi.append(still_refused[sha256])
            continue
        if known is not None:
            when, basis = extract_time(path.name, None, _modified(path))
            drop_known(home, path, known, when, basis)
            result.da_co.append(path.name)
            continue
        before = remembered.get(sha256)
        if before is None or before.quy_cach != rules:
            on_file(path)
            outcome = _ingest_file(home, spec, path, sha256, rules)
        else:
            outcome = before
        if isinstance(outcome, Refusal):
            still_refused[sha256] = outcome
            result.tu_choi.append(outcome)
        else:
            result.moi.append(outcome)
    if still_refused or remembered:
        write_refusals(home, spec.ma, still_refused)
    return result


def _ingest_file(home: Home, spec: SourceSpec, path: Path, sha256: str, rules: str) -> Passport | Refusal:
    elsewhere = find_passport(home, "*", sha256)
    if elsewhere is not None and elsewhere.rut is None:  # withdrawn there, it may be delivered to its right place
        finding = make_finding(
            "TEP_DA_NOP_NGUON_KHAC",
            nguon=spec.ma,
            ten_tep=path.name,
            file_sha256=sha256,
            dung_nguon=elsewhere.nguon,
        )
        return Refusal(path.name, sha256, rules, (finding,))
    try:
        extraction = extract_tables(path, spec, ten_tep=path.name, file_sha256=sha256)
    except UnreadableFile as unreadable:
        return Refusal(path.name, sha256, rules, (unreadable.finding,))
    except RefusedFile as refused:
        aggregate = any(one.ma == "BAO_CAO_TONG_HOP" for one in refused.findings)  # it already names the right folder
        right = None if aggregate else guess_source(path, spec)
        found = tuple(refused.findings) if right is None else (_misplaced(spec, right, path.name, sha256),)
        return Refusal(path.name, sha256, rules, found)
    when, basis = extract_time(path.name, extraction.printed_extract_time, _modified(path))
    better = find_better_source(spec, extraction)
    if better is not None:
        return Refusal(path.name, sha256, rules, (_misplaced(spec, better, path.name, sha256),))
    findings = list(extraction.findings)
    if basis == "ngay_sua" and "nhap_tay" not in extraction.tables:  # our own template carries no extract date
        findings.append(_undated(spec, path.name, sha256, when))
    passport = Passport(
        nguon=spec.ma,
        ten_tep=path.name,
        sha256=sha256,
        dung_luong=path.stat().st_size,
        ngay_xuat=when,
        can_cu_ngay_xuat=basis,
        so_dong=dict(extraction.data_rows),
        cot={name: [one for one in table.columns if one[0] != "_"] for name, table in extraction.tables.items()},
        phat_hien=tuple(findings),
    )
    store_delivery(home, path, passport, extraction.tables)
    return passport


def _refuse_withdrawn(spec: SourceSpec, path: Path, known: Passport, rules: str) -> Refusal:
    assert known.rut is not None
    finding = make_finding(
        "TEP_DA_RUT",
        nguon=spec.ma,
        ten_tep=path.name,
        file_sha256=known.sha256,
        ngay=f"{datetime.fromisoformat(known.rut.luc):%d/%m/%Y}",
        ly_do=known.rut.ly_do,
    )
    return Refusal(path.name, known.sha256, rules, (finding,))


def find_better_source(spec: SourceSpec, extraction: Extraction) -> SourceSpec | None:
    """Another source whose titles fit the file clearly better: its own marks, or more columns, and all required ones.

    A list in the wrong folder could otherwise be read as something else: procedure codes stand in both.
    """
    titles = list_titles(extraction)
    others = [one for one in load_sources().values() if one.ma != spec.ma]
    best = max(others, key=lambda one: measure_fit(one, titles))
    # the last part of the fit only breaks ties of a guess: here the folder says what the sender meant
    return best if measure_fit(best, titles)[:2] > measure_fit(spec, titles)[:2] else None


def guess_source(path: Path, spec: SourceSpec) -> SourceSpec | None:
    """The source that would accept a file that its own folder's source refused, if exactly that is what went wrong."""
    for other in load_sources().values():
        if other.ma == spec.ma:
            continue
        try:
            extraction = extract_tables(path, other, ten_tep=path.name)
        except (RefusedFile, UnreadableFile):
            continue
        if find_better_source(other, extraction) is None:
            return other
    return None


def _misplaced(spec: SourceSpec, right: SourceSpec, name: str, sha256: str) -> Finding:
    return make_finding(
        "TEP_SAI_THU_MUC",
        nguon=spec.ma,
        ten_tep=name,
        file_sha256=sha256,
        dung_nguon=right.ma,
        ten_dung_nguon=right.ten,
    )


def _undated(spec: SourceSpec, name: str, sha256: str, when: datetime) -> Finding:
    return make_finding(
        "KHONG_RO_NGAY_XUAT", nguon=spec.ma, ten_tep=name, file_sha256=sha256, ngay=f"{when:%d/%m/%Y %H:%M}"
    )


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, LOCAL_ZONE).replace(tzinfo=None, microsecond=0)


def find_strays(home: Home, sources: frozenset[str]) -> list[Finding]:
    """Findings for files that lie in the inbox outside every source's folder."""
    folders = ", ".join(f"inbox/{name}" for name in sorted(sources))
    return [
        make_finding("TEP_KHONG_RO_NGUON", ten_tep=path.name, cac_nguon=folders) for path in list_strays(home, sources)
    ]
