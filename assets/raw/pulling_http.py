"""Pulls one portal: span by span of days, page by page; each span becomes one whole file in the inbox or none.

Belongs here: which requests make a file, and when a portal goes round in circles. Does not belong here: one request
(assets/io/remote_http), the connector's memory (pulling).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from assets.io.connector_log import ConnectorLog, RemoteFile
from assets.io.landing import hash_file
from assets.io.remote_http import Portal, Values, WrongAnswer
from schemas.connectors import Connector
from schemas.connectors.http import Detail, HttpSpec, Paging, find_path
from schemas.rules.coverage import Span, list_wanted

_DAY = timedelta(days=1)
_MIB = 1024 * 1024


@dataclass
class Pulled:
    """What a pull brought.

    Attributes:
        taken: file name → passport.
        covered: complete days that were fetched.
        troubles: what went wrong, for people.
    """

    taken: dict[str, RemoteFile] = field(default_factory=dict)
    covered: list[Span] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def pull_portal(
    portal: Portal,
    connector: Connector,
    name: str,
    target: Path,
    log: ConnectorLog,
    moment: datetime,
    pulled: Pulled,
    *,
    full: bool,
) -> None:
    """Fetch what is missing. A span whose answer is wrong does not stop the next ones; an unreachable portal does.

    Args:
        portal: the open portal.
        connector: its settings.
        name: the connector's name; file names begin with it.
        target: folder of the inbox.
        log: what was fetched before.
        moment: the present moment, local time; the files' extract time.
        pulled: takes what was brought, also of a pull that breaks off.
        full: fetch every day again.

    Raises:
        UnreachableSource: the portal broke off.
    """
    spec = connector.http
    assert spec is not None, "a portal has its requests"
    target.mkdir(parents=True, exist_ok=True)
    for span in _list_spans(spec, log, moment, full=full):
        try:
            _take_span(portal, connector, spec, name, target, span, moment, pulled)
        except WrongAnswer as wrong:
            days = f"{span[0]:%d/%m/%Y}–{span[1]:%d/%m/%Y}: " if span else ""
            pulled.troubles.append(f"{days}{wrong}")


def _list_spans(spec: HttpSpec, log: ConnectorLog, moment: datetime, *, full: bool) -> list[Span] | list[None]:
    if not spec.is_dated:
        return [None]
    assert spec.tu_ngay is not None, "the settings demand a first day"
    covered = () if full else log.phu
    return list_wanted(spec.tu_ngay, moment.date(), covered, spec.gom_lai, spec.so_ngay)


def _take_span(
    portal: Portal,
    connector: Connector,
    spec: HttpSpec,
    name: str,
    target: Path,
    span: Span | None,
    moment: datetime,
    pulled: Pulled,
) -> None:
    days = {"tu_ngay": span[0].strftime(spec.dang_ngay), "den_ngay": span[1].strftime(spec.dang_ngay)} if span else {}
    between = f"_{span[0]:%Y%m%d}-{span[1]:%Y%m%d}" if span else ""
    suffix = ".jsonl" if spec.phan_trang else spec.duoi_tep
    file_name = f"{name}{between}_{moment:%Y%m%d%H%M%S}{suffix}"
    part = target / f"{file_name}.part"
    try:
        if spec.phan_trang:
            with part.open("w", encoding="utf-8") as file:
                rows = _write_rows(file, list_rows(portal, spec, spec.phan_trang, days), connector.gioi_han_mb)
        else:
            portal.download(days, part)
            rows = 1
        if rows:  # days without a dossier are covered, but an empty list is no delivery
            remote = RemoteFile(file_name, "", part.stat().st_size, hash_file(part), moment.isoformat())
            part.replace(target / file_name)
            pulled.taken[file_name] = remote
    finally:
        part.unlink(missing_ok=True)
    if span:  # today is not over yet
        pulled.covered.append((span[0], min(span[1], moment.date() - _DAY)))


def _write_rows(file: TextIO, rows: Iterator[Mapping[str, Any]], limit_mb: int) -> int:
    count = size = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is the count
        size += file.write(json.dumps(row, ensure_ascii=False) + "\n")
        if size > limit_mb * _MIB:
            raise WrongAnswer(f"danh sách lớn hơn {limit_mb} MB, không lấy")
    return count


def list_rows(portal: Portal, spec: HttpSpec, paging: Paging, days: Values) -> Iterator[Mapping[str, Any]]:
    """Every row of a list that comes in pages, in the portal's order.

    Args:
        portal: the open portal.
        spec: the requests.
        paging: how the list goes on.
        days: ``tu_ngay``, ``den_ngay`` as the portal writes them.

    Raises:
        WrongAnswer: no list of rows, the same page or cursor twice, more pages than allowed.
        UnreachableSource: the portal broke off.
    """
    seen: set[bytes] = set()
    cursors = {""}
    cursor = ""
    for page in range(paging.toi_da):
        counted: dict[str, str | int] = {
            "so_dong": paging.so_dong,
            "con_tro": cursor,
            "trang": paging.bat_dau + page,
            "vi_tri": paging.bat_dau + page * paging.so_dong,
        }
        answer = portal.ask(spec.duong_dan, spec.than, {**days, **counted})
        rows = _read_rows(answer, spec.dong_o)
        digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).digest()
        if rows and digest in seen:
            raise WrongAnswer("cổng trả lại đúng một trang đã trả; hãy xem lại phan_trang (tên tham số, bat_dau)")
        seen.add(digest)
        yield from _with_details(portal, spec.chi_tiet, rows)
        if paging.kieu != "con_tro":
            if len(rows) < paging.so_dong:
                return
            continue
        cursor = str(find_path(answer, paging.con_tro_o) or "")
        if not cursor:
            return
        if cursor in cursors:
            raise WrongAnswer("cổng trả lại con trỏ đã dùng; hãy xem lại phan_trang (con_tro_o)")
        cursors.add(cursor)
    raise WrongAnswer(f"danh sách dài quá {paging.toi_da} trang; hãy xem lại phan_trang (toi_da)")


def _read_rows(answer: Any, path: str) -> list[Mapping[str, Any]]:
    rows = find_path(answer, path)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise WrongAnswer(f"câu trả lời không có danh sách ở “{path or 'gốc'}”; hãy xem lại dong_o")
    return rows


def _with_details(portal: Portal, detail: Detail | None, rows: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    if detail is None:
        yield from rows
        return
    for row in rows:
        code = row.get(detail.khoa)
        if not isinstance(code, str | int):
            raise WrongAnswer(f"một dòng của danh sách không có “{detail.khoa}”; hãy xem lại chi_tiet.khoa")
        found = find_path(portal.ask(detail.duong_dan, detail.than, {"ma": code}), detail.dong_o)
        yield from _read_rows(found if isinstance(found, list) else [found], "")
