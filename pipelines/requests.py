"""Turns what a person, schedule or sensor asked for into the frozen request that assets take.

Belongs here: defaults that need the clock, the home's state or the login. Does not belong here: the rules behind them
(schemas/rules/periods, contract.md in words).
"""

from __future__ import annotations

import getpass
from datetime import date, datetime

from assets.io.home import Home
from assets.io.publishing import read_provenance
from assets.request import ReportRequest
from schemas.rules.counting import find_policy
from schemas.rules.periods import parse_period, resolve_cutoff
from schemas.unit import UnitSettings

DEMO_MARK = "so-lieu-mau"
"""Name of the file that ``cchc demo`` leaves in its home: every page of its reports says "SỐ LIỆU MẪU"."""


def make_request(
    home: Home,
    unit: UnitSettings,
    *,
    ky: str,
    run_id: str,
    moment: datetime,
    ngay_chot: date | None = None,
    chinh_sach: str | None = None,
    chinh_thuc: bool | None = None,
    pdf: bool = False,
    lay_tep: bool = True,
    nguoi_chay: str = "",
    tu_dong: bool = False,
) -> ReportRequest:
    """Build the request.

    Args:
        home: the home.
        unit: the unit; gives the default policy.
        ky: period key.
        run_id: the orchestrator's run id.
        moment: the present moment, local time.
        ngay_chot: cut-off asked for, None for the default.
        chinh_sach: policy asked for, None for the unit's.
        chinh_thuc: whether the documents replace the period's report; None: yes if cut-off and policy are both the
            defaults, the period has no report yet (contract.md), or its report has that cut-off and policy.
        pdf: also write a PDF.
        lay_tep: pull through the connectors that are switched on.
        nguoi_chay: who started it; blank: the login.
        tu_dong: a schedule or sensor started it.

    Raises:
        UnknownPeriod, UnknownPolicy, CutoffOutsideWindow: Vietnamese messages for the officer.
    """
    period = parse_period(ky)
    policy = find_policy(chinh_sach or unit.quy_tac.chinh_sach).chinh_sach
    cutoff = resolve_cutoff(period, ngay_chot, moment.date())
    if chinh_thuc is None:
        defaults = cutoff == resolve_cutoff(period, None, moment.date()) and policy == unit.quy_tac.chinh_sach
        chinh_thuc = defaults or _continues_official(home, period.key, cutoff, policy)
    return ReportRequest(
        ky=period,
        ngay_chot=cutoff,
        chinh_sach=policy,
        chinh_thuc=chinh_thuc,
        run_id=run_id,
        thoi_diem=moment,
        nguoi_chay=nguoi_chay or getpass.getuser(),
        tu_dong=tu_dong,
        pdf=pdf,
        lay_tep=lay_tep,
        la_so_lieu_mau=(home.root / DEMO_MARK).is_file(),
    )


def _continues_official(home: Home, ky: str, cutoff: date, policy: str) -> bool:
    """Whether a run renews what the period's report already is: same cut-off, same policy; or there is none yet.

    An officer who fills in the declared workbook and runs the same command again expects the new figures in the report.
    """
    folder = home.reports / ky
    if not folder.is_dir():
        return True
    known = read_provenance(folder)
    return known.get("ngay_chot") == cutoff.isoformat() and known.get("chinh_sach") == policy
