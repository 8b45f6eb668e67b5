"""The officer's list of cited documents of one period, judged as a whole with the rules that audit finished reports.

Belongs here: findings about the list (D02 D03 D04 D08 D09 D11, listed but never cited). Does not belong here: the rules
(schemas/rules/citations), rows that cannot be read (assets/core/nhap_tay), printing citations (paragraphs).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.findings import Finding, make_finding
from schemas.rules.citations import (
    NEW_REGISTERS,
    CitedDocument,
    cite_shortly,
    correct_sign,
    find_reversals,
    load_superseded,
    parse_sign,
    register_of,
)
from schemas.rules.display import format_date
from schemas.rules.text import matching_key


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One row of the list: its id, the document, and where it stands."""

    ma: str
    van_ban: CitedDocument
    ten_tep: str | None
    sha256: str
    sheet: str
    row: int

    @property
    def said(self) -> str:
        """The document in a message."""
        day = self.van_ban.ngay
        return cite_shortly(self.van_ban) + (f" ngày {format_date(day)}" if day else "")

    def finding(self, code: str, **values: object) -> Finding:
        """A finding at this row."""
        return make_finding(
            code,
            nguon="nhap_tay",
            ten_tep=self.ten_tep,
            file_sha256=self.sha256,
            sheet=self.sheet,
            row=self.row,
            **values,  # type: ignore[arg-type]
        )


def list_documents(van_ban: pl.DataFrame, ky: str, file_names: Mapping[str, str]) -> list[ListedDocument]:
    """The documents of one period from ``core.van_ban``, in the order of the sheet."""
    mine = van_ban.filter(pl.col("ky") == ky).sort("_file_sha256", "_sheet", "_row")
    return [
        ListedDocument(
            one["ma_van_ban"],
            CitedDocument(
                one["so_ky_hieu"],
                one["ngay_van_ban"],
                one["co_quan"] or "",
                one["trich_yeu"] or "",
                one["loai_van_ban"] or "",
            ),
            file_names.get(one["_file_sha256"]),
            one["_file_sha256"],
            one["_sheet"],
            one["_row"],
        )
        for one in mine.iter_rows(named=True)
    ]


def check_documents(
    listed: list[ListedDocument], cited: frozenset[str], ngay_chot: date, gui_truoc: date
) -> list[Finding]:
    """Judge the list.

    Args:
        listed: the documents of the period.
        cited: ids that the text cites, lower case.
        ngay_chot: cut-off; a later document needs a word of explanation.
        gui_truoc: day by which the report is sent: it cannot cite a document of a later day.

    Returns:
        Findings, each at its row.
    """
    findings = [found for one in listed for found in _check_one(one, ngay_chot, gui_truoc)]
    findings += _find_twice(listed)
    findings += _find_reversed(listed)
    return findings + [
        one.finding("VAN_BAN_KHONG_VIEN_DAN", van_ban=one.said, ma_van_ban=one.ma)
        for one in listed
        if one.ma.lower() not in cited
    ]


def find_later(listed: list[ListedDocument], ngay: date) -> list[ListedDocument]:
    """The documents of a later day than the report's own: whoever signs that day cannot cite them."""
    return [one for one in listed if one.van_ban.ngay is not None and one.van_ban.ngay > ngay]


def _check_one(one: ListedDocument, ngay_chot: date, gui_truoc: date) -> Iterator[Finding]:
    day, sign = one.van_ban.ngay, parse_sign(one.van_ban.so_ky_hieu)
    if day is not None and day > gui_truoc:
        yield one.finding("VAN_BAN_SAU_NGAY_BAO_CAO", van_ban=one.said, ngay=format_date(gui_truoc))
    elif day is not None and day > ngay_chot:
        yield one.finding("VAN_BAN_SAU_NGAY_CHOT", van_ban=one.said, ngay=format_date(ngay_chot))
    right = correct_sign(one.van_ban.so_ky_hieu)
    if right is not None:
        yield one.finding("VAN_BAN_KY_HIEU_SAI", ghi=one.van_ban.so_ky_hieu, dung=right)
    if sign is not None and day is not None and sign.nam is not None and sign.nam != day.year:
        yield one.finding("VAN_BAN_NAM_KHAC_KY_HIEU", van_ban=one.said)
    key = matching_key(one.van_ban.so_ky_hieu)
    for entry in load_superseded():
        if entry.tu_ngay <= ngay_chot and entry.mau.fullmatch(key):
            since = format_date(entry.tu_ngay)
            yield one.finding("VAN_BAN_HET_HIEU_LUC", van_ban=one.said, ngay=since, thay_bang=entry.thay_bang)


def _find_twice(listed: list[ListedDocument]) -> Iterator[Finding]:
    seen: dict[tuple[str, date | None], ListedDocument] = {}
    for one in listed:
        key = (matching_key(one.van_ban.so_ky_hieu).lstrip("0"), one.van_ban.ngay)
        before = seen.setdefault(key, one)
        if before is not one:
            yield one.finding("VAN_BAN_LAP", van_ban=one.said, dong_truoc=before.row)


def _find_reversed(listed: list[ListedDocument]) -> Iterator[Finding]:
    registers: dict[tuple[str, str, int, bool], list[tuple[date, int, ListedDocument]]] = defaultdict(list)
    for one in listed:
        day, sign = one.van_ban.ngay, parse_sign(one.van_ban.so_ky_hieu)
        if day is None or sign is None or sign.nam is not None or sign.so_thu_tu is None or not one.van_ban.co_quan:
            continue
        body = matching_key(one.van_ban.co_quan)
        key = (body, register_of(sign.ky), day.year, day >= NEW_REGISTERS)
        registers[key].append((day, sign.so_thu_tu, one))
    for entries in registers.values():
        for first, second in find_reversals(entries):
            yield first.finding("VAN_BAN_SO_NGUOC_NGAY", van_ban=first.said, sau=second.said)
