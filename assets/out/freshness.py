"""The first page of phat-hien.xlsx: how old each source and each connector is.

Belongs here: what that page shows. Does not belong here: from which age something is old (schemas/unit), what a
connector last did (assets/raw/pull_state), the other pages (feedback).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.io.sheets import SheetTable, Value
from assets.raw.pull_state import PullState
from assets.request import ReportRequest
from schemas.rules.display import format_date
from schemas.sources import load_sources
from schemas.unit import SourceAges


@dataclass(frozen=True)
class Delivered:
    """What came into the home.

    Attributes:
        nop: ``core.giao_nop``.
        rut: ``core.da_rut``.
        tuoi: from which age at the run a source or connector is called old.
        ket_noi: the connectors that are switched on.
    """

    nop: pl.DataFrame
    rut: pl.DataFrame
    tuoi: SourceAges
    ket_noi: Sequence[PullState] = ()


def show_freshness(delivered: Delivered, request: ReportRequest) -> SheetTable:
    """One row per source, below it one per connector that feeds it.

    Args:
        delivered: what came in.
        request: the run: gives the two days that ages are counted to.
    """
    lines = [
        "CÁC NGUỒN ĐÃ NỘP VÀ TUỔI CỦA SỐ LIỆU",
        f"Tuổi = số ngày từ bản xuất mới nhất đến ngày chốt {format_date(request.ngay_chot)} và đến ngày lập "
        f"{format_date(request.thoi_diem.date())}; 0 là bản xuất từ ngày đó trở đi.",
    ]
    if delivered.ket_noi:
        lines.append("Dòng ket_noi/… là kết nối tự lấy tệp cho nguồn đứng trên; ngày của nó là lần lấy được gần nhất.")
    return SheetTable(
        "Nguồn",
        lines,
        ["Nguồn", "Tên", "Bản mới nhất", "Tuổi lúc chốt", "Tuổi lúc lập", "Số tệp", "Số dòng", "Ghi chú"],
        list(_list_rows(delivered, request)),
        (14, 44, 14, 12, 12, 10, 12, 40),
    )


def _list_rows(delivered: Delivered, request: ReportRequest) -> Iterator[Sequence[Value]]:
    newest = {
        one["nguon"]: one
        for one in delivered.nop.group_by("nguon")
        .agg(pl.col("ngay_xuat").max(), pl.len().alias("lan"), pl.col("so_dong_vao").sum())
        .iter_rows(named=True)
    }
    withdrawn = set(delivered.rut["nguon"])
    run_day = request.thoi_diem.date()
    for source, spec in load_sources().items():
        one = newest.get(source)
        if one is None:
            note = delivered.tuoi.judge(source, None, withdrawn=source in withdrawn)
            yield (source, spec.ten, None, None, None, 0, 0, note)
        else:
            day = one["ngay_xuat"].date()
            ages = (_count_days(day, request.ngay_chot), _count_days(day, run_day))
            note = delivered.tuoi.judge(source, ages[1])
            yield (source, spec.ten, day, *ages, one["lan"], one["so_dong_vao"], note)
        for pull in delivered.ket_noi:
            if pull.nguon == source:
                yield _show_pull(pull, request, delivered.tuoi)


def _show_pull(pull: PullState, request: ReportRequest, limits: SourceAges) -> Sequence[Value]:
    run_day = request.thoi_diem.date()
    ages = (pull.count_days(request.ngay_chot), pull.count_days(run_day))
    day = pull.lan_duoc_cuoi.date() if pull.lan_duoc_cuoi else None
    return (f"ket_noi/{pull.ten}", pull.mo_ta, day, *ages, pull.so_tep, None, pull.judge(run_day, limits))


def _count_days(start: date, end: date) -> int:
    return max(0, (end - start).days)
