"""Reads the published database: values, trace, findings, status, query. DuckDB only: these answer within a second.

Belongs here: the SELECTs of the reading commands. Does not belong here: output forms (show), building anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assets.io.home import Home
from assets.io.warehouse import QueryRefused, query_published
from pipelines.commands.errors import CommandError, Exit
from schemas.rules.counting import find_policy
from schemas.rules.periods import parse_period
from schemas.sent import SentReport

Rows = tuple[list[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which run's values a command speaks of."""

    ky: str
    ngay_chot: date
    chinh_sach: str
    don_vi: str | None

    @property
    def parameters(self) -> dict[str, object]:
        """As SQL parameters."""
        return {"ky": self.ky, "ngay_chot": self.ngay_chot, "chinh_sach": self.chinh_sach, "don_vi": self.don_vi}


def ask(home: Home, sql: str, parameters: Mapping[str, object] | None = None) -> Rows:
    """Run one statement of ours on the published database, with only the parameters it names.

    Raises:
        CommandError: nothing is published.
    """
    used = {name: value for name, value in (parameters or {}).items() if f"${name}" in sql}
    try:
        return query_published(home.warehouse, sql, used)
    except FileNotFoundError as missing:
        raise CommandError(_say_nothing_published(home.root), Exit.NO_INPUT) from missing


def need_home(home: Home) -> None:
    """Refuse a folder that is no home: a mistyped one would look like a home where nothing happened yet.

    Raises:
        CommandError: there is no such folder (3, as for every command that finds nothing published).
    """
    if not home.root.is_dir():
        raise CommandError(
            f"Không có thư mục nhà {home.root}. Hãy xem lại --home, hoặc lập nhà mới: "
            f"cchc run --home {home.root} --period <kỳ>.",
            Exit.NO_INPUT,
        )


def _say_nothing_published(root: Path) -> str:
    return f"Thư mục {root} chưa công bố số liệu nào. Hãy chạy: cchc run --home {root} --period <kỳ>."


def run_query(home: Home, sql: str) -> Rows:
    """The analyst's statement.

    Raises:
        CommandError: nothing published (3), or the statement is refused (2).
    """
    try:
        return query_published(home.warehouse, sql)
    except FileNotFoundError as missing:
        raise CommandError(_say_nothing_published(home.root), Exit.NO_INPUT) from missing
    except QueryRefused as refused:
        raise CommandError(str(refused), Exit.USAGE) from refused


def choose(home: Home, ky: str, cutoff: date | None, policy: str | None, unit: str | None) -> Chosen:
    """The newest run of a period, or the values that the options name.

    Raises:
        CommandError: no such period, policy or unit (2), or never computed for that cut-off (3).
    """
    try:
        parse_period(ky)
        if policy is not None:
            find_policy(policy)
    except ValueError as unknown:  # UnknownPeriod, UnknownPolicy: both speak to the officer
        raise CommandError(str(unknown), Exit.USAGE) from unknown
    _, runs = ask(
        home,
        "select ngay_chot, chinh_sach from out.lan_chay where ky = $ky order by thoi_diem desc, phien_ban desc",
        {"ky": ky},
    )
    if not runs:
        raise CommandError(
            f"Kỳ {ky} chưa có lần chạy nào. Hãy chạy: cchc run --home {home.root} --period {ky}.", Exit.NO_INPUT
        )
    newest_cutoff, newest_policy = runs[0]
    chosen = Chosen(ky, cutoff or newest_cutoff, policy or newest_policy, unit)
    _, units = ask(
        home,
        "select distinct don_vi from out.bieu_mau where ky = $ky and ngay_chot = $ngay_chot",
        chosen.parameters,
    )
    if not units:
        known = ", ".join(sorted({f"{day:%Y-%m-%d}" for day, _ in runs}))
        raise CommandError(
            f"Kỳ {ky} chưa tính với ngày chốt {chosen.ngay_chot:%Y-%m-%d}; đã có: {known}. "
            f"Hãy chạy: cchc run --home {home.root} --period {ky} --cutoff {chosen.ngay_chot:%Y-%m-%d}.",
            Exit.NO_INPUT,
        )
    if unit is not None and (unit,) not in units:
        names = "; ".join(sorted(name for (name,) in units if name))
        raise CommandError(f"Không có đơn vị “{unit}”. Các đơn vị: {names}.", Exit.USAGE)
    return chosen


_UNIT = "don_vi is not distinct from $don_vi"
_RUN = f"ky = $ky and ngay_chot = $ngay_chot and chinh_sach = $chinh_sach and {_UNIT}"


def read_values(home: Home, chosen: Chosen) -> Rows:
    """The rows of the forms: ``bieu stt chi_tieu don_vi_tinh so_lieu tu_so mau_so loai``, in printing order."""
    return ask(
        home,
        "select bieu, stt, chi_tieu, don_vi_tinh, so_lieu, tu_so, mau_so, loai"
        f" from out.bieu_mau where {_RUN} order by thu_tu",
        chosen.parameters,
    )


def read_shown_values(home: Home, chosen: Chosen) -> Rows:
    """The rows as printed, for the terminal."""
    return ask(
        home,
        'select bieu as "Biểu", stt as "STT", chi_tieu as "Chỉ tiêu", don_vi_tinh as "Đơn vị tính",'
        ' hien_thi as "Số liệu", ghi_chu as "Ghi chú"'
        f" from out.bieu_mau where {_RUN} order by thu_tu",
        chosen.parameters,
    )


_FINDING_COLUMNS = (
    "ma, muc_do, cap, nguon, ten_tep, _sheet as trang, _row as dong, ma_ho_so, cot, dien_giai, cach_sua, don_vi"
)
_FINDINGS = f"""
select null as ky, {_FINDING_COLUMNS} from core.phat_hien
union all
select ky, {_FINDING_COLUMNS} from out.phat_hien_ky
where (ky, ngay_chot) in (select (ky, arg_max(ngay_chot, thoi_diem)) from out.lan_chay group by ky)
order by muc_do, ma, ten_tep, trang, dong, dien_giai
"""


def read_findings(home: Home) -> Rows:
    """Findings of the delivered data and of the newest run of each period."""
    return ask(home, _FINDINGS)


def list_blocking(home: Home, chosen: Chosen) -> list[str]:
    """Codes of the errors of severity E behind one run that nobody accepted (what blocks: assets/out/waivers)."""
    _, rows = ask(
        home,
        "select ma from out.loi_chan where ky = $ky and ngay_chot = $ngay_chot and chinh_sach = $chinh_sach"
        " and nguoi_mien_tru is null order by ma",
        chosen.parameters,
    )
    return [code for (code,) in rows]


def read_sent_reports(home: Home) -> list[SentReport]:
    """The records of sent reports in force, by period; none in a database of an older release."""
    _, there = ask(home, "select 1 from duckdb_tables() where schema_name = 'out' and table_name = 'ban_gui'")
    if not there:
        return []
    names, rows = ask(home, "select * from out.ban_gui where con_hieu_luc order by ky")
    return [SentReport(**dict(zip(names, row, strict=True))) for row in rows]
