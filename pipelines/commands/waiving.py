"""``cchc waive``: a named officer accepts an error of the newest run, or takes that back.

Belongs here: finding the error and its figures, writing the journal. Does not belong here: what a waiver is
(schemas/waivers), what it does to a report (assets/out/waivers).
"""

from __future__ import annotations

from assets.io.home import Home
from assets.io.journal import JournalIsBroken, append_entry
from pipelines.clock import now
from pipelines.commands.deeds import need_no_person
from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.published import Chosen, ask
from schemas.waivers import GRANT, REVOKE, WaiverKey, describe_waiver, find_fault


def waive(home: Home, chosen: Chosen, code: str, *, nguoi: str, ly_do: str, undo: bool) -> str:
    """Write a waiver (or its end) into the journal.

    Args:
        home: the home.
        chosen: the run whose figures are accepted.
        code: a check (C08) or a kind of finding (TRANG_THAI_LA).
        nguoi: name and title of who accepts.
        ly_do: why.
        undo: take the waiver back.

    Returns:
        What was done, for the terminal.

    Raises:
        CommandError: no such open error, or a name or reason that will not do (2); a broken journal (1).
    """
    fault = find_fault(nguoi, ly_do)
    if fault:
        raise CommandError(fault, Exit.USAGE)
    need_no_person(f"{ly_do} {nguoi}")
    left, right = _find_figures(home, chosen, code)
    key = WaiverKey(chosen.ky, chosen.chinh_sach, code)
    deed = describe_waiver(key, chosen.ngay_chot, left, right, ly_do.strip())
    try:
        append_entry(home, now(), nguoi=nguoi.strip(), lenh="cchc waive", viec=REVOKE if undo else GRANT, noi_dung=deed)
    except JournalIsBroken as broken:
        raise CommandError(str(broken), Exit.BLOCKING) from broken
    done = "bỏ mọi chấp nhận" if undo else "chấp nhận"
    until = "" if undo else ", chừng nào hai vế còn đúng như vậy"
    return (
        f"Đã ghi vào nhật ký: {done} {code} của kỳ {chosen.ky}, cách tính {chosen.chinh_sach}{until}. "
        "Lần chạy tới (cchc run) báo cáo và doi-chieu.xlsx ghi theo."
    )


def _find_figures(home: Home, chosen: Chosen, code: str) -> tuple[float | None, float | None]:
    _, errors = ask(
        home,
        "select ma, ve_trai, ve_phai from out.loi_chan where ky = $ky and ngay_chot = $ngay_chot"
        " and chinh_sach = $chinh_sach order by ma",
        chosen.parameters,
    )
    figures = {ma: (left, right) for ma, left, right in errors}
    if code not in figures:
        open_ones = ", ".join(figures) or "không có"
        raise CommandError(
            f"Lần chạy mới nhất của kỳ {chosen.ky} không có lỗi mức E nào mang mã {code}; đang có: {open_ones}.",
            Exit.USAGE,
        )
    return figures[code]
