"""What ``run``, ``demo`` and ``status`` print: paths, main figures, deliveries, what needs attention, deadlines.

Belongs here: choosing and wording. Does not belong here: how values are read (published).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer

from assets.io.home import Home
from assets.io.publishing import PROVENANCE_FILE, current_version, read_provenance
from pipelines.clock import today
from pipelines.commands.errors import CommandError
from pipelines.commands.published import Chosen, ask, list_blocking, read_sent_reports
from pipelines.commands.show import print_table
from schemas.findings import SEVERITIES, cut_remedy
from schemas.forms import row_id
from schemas.rules.display import say_unknown
from schemas.rules.periods import Period, open_periods
from schemas.sent import TRUE_UP
from schemas.unit import SourceAges, UnitSettings

_MAIN_ROWS = ("BM3.2.1.1", "BM3.2.1.2", "BM3.2.1", "BM7.1.3.1", "BM7.1.4.1", "II.2.2", "II.2.4", "II.2.6.1", "II.2.8")


def print_summary(home: Home, chosen: Chosen, *, official: bool) -> None:
    """Say what a run published, and where its documents are.

    Args:
        home: the home.
        chosen: the run.
        official: its request was to write the period's report.
    """
    _, rows = ask(
        home,
        "select bieu, stt, chi_tieu, don_vi_tinh, hien_thi, coalesce(chua_ro, 0), con_thieu from out.bieu_mau"
        " where ky = $ky and ngay_chot = $ngay_chot and chinh_sach = $chinh_sach and don_vi is null order by thu_tu",
        chosen.parameters,
    )
    by_id = {
        row_id(bieu, stt): (label, unit, _show_value(shown, unknown, lacks))
        for bieu, stt, label, unit, shown, unknown, lacks in rows
    }
    title = f"Kỳ {chosen.ky}, chốt {chosen.ngay_chot:%d/%m/%Y}, cách tính {chosen.chinh_sach}"
    columns = ("Dòng", "Chỉ tiêu", "Đơn vị tính", "Số liệu")
    print_table(title, columns, [(name, *by_id[name]) for name in _MAIN_ROWS])
    _print_attention(home, chosen)
    folder = home.reports / chosen.ky
    sent = next((one for one in read_sent_reports(home) if one.ky == chosen.ky), None)
    if sent is not None and sent.is_followed_by(chosen.chinh_sach, chinh_thuc=official):
        typer.echo(f"Kỳ này đã chốt bản gửi {sent.said}: bản đó giữ nguyên, lần chạy này ghi bản bổ sung bên cạnh.")
        folder /= TRUE_UP
    elif not official:
        typer.echo("Số liệu đã công bố bên cạnh; báo cáo chính thức của kỳ giữ nguyên (thêm --official để thay).")
        return
    typer.echo("Tài liệu:")
    documents = sorted(path for path in folder.iterdir() if path.is_file())
    ours = read_provenance(folder).get("tep", {})
    for path in documents:
        kept = path.name not in ours and path.name != PROVENANCE_FILE
        typer.echo(f"  {path}" + (" (bản có người sửa hoặc thêm, giữ nguyên)" if kept else ""))
    if beside := [name for name in sorted(ours) if Path(name).stem.endswith(")")]:
        typer.echo(f"! Có người đã sửa bản trước; bản mới ghi thành {', '.join(beside)}, bản đã sửa giữ nguyên.")


def _show_value(shown: str, unknown: int, lacks: str | None) -> str:
    """A value as printed, with what it leaves out; of an empty one what it waits for."""
    if lacks:
        return f"(trống: {lacks})"
    return f"{shown} ({say_unknown(unknown)})" if unknown else shown


def _print_attention(home: Home, chosen: Chosen) -> None:
    _, counts = ask(
        home,
        "select muc_do, count(*) from (select muc_do from core.phat_hien union all select muc_do from out.phat_hien_ky"
        " where ky = $ky and ngay_chot = $ngay_chot) group by muc_do",
        chosen.parameters,
    )
    by_severity: dict[str, int] = dict(counts)
    _, failed = ask(
        home,
        "select ma, dien_giai, nguoi_mien_tru, ngay_mien_tru from out.doi_chieu where ky = $ky"
        " and ngay_chot = $ngay_chot and chinh_sach = $chinh_sach and ket_qua = 'khong_dat'"
        " order by nguoi_mien_tru is not null, muc_do, ma",
        chosen.parameters,
    )
    typer.echo(
        f"Phát hiện về dữ liệu: {by_severity.get('E', 0)} lỗi, {by_severity.get('W', 0)} cần giải trình,"
        f" {by_severity.get('I', 0)} thông tin (xem phat-hien.xlsx hoặc cchc findings)."
    )
    for code, text, officer, day in failed:
        if officer is None:
            typer.echo(f"! Đối chiếu {code}: {text}")
        else:
            typer.echo(f"· Đối chiếu {code} đã được chấp nhận bởi {officer} ngày {day:%d/%m/%Y}: {text}")
    if blocking := list_blocking(home, chosen):
        typer.echo(
            f"! Báo cáo là DỰ THẢO vì còn {len(blocking)} lỗi mức E: {', '.join(blocking)}. Hãy sửa nguồn hoặc số khai"
            " rồi chạy lại; số đúng mà không sửa được thì chấp nhận có tên, lý do bằng cchc waive."
        )
    else:
        typer.echo("Kỳ này không còn lỗi mức E; lỗi của bản xuất cũ, của kỳ khác vẫn được kể trong phat-hien.xlsx.")


def print_findings(findings: Sequence[dict[str, Any]]) -> None:
    """Findings for a person: how many of which kind with the remedy, then each at its place, the worst first."""
    worst_first = sorted(findings, key=lambda one: list(SEVERITIES).index(one["muc_do"]))
    kinds: dict[tuple[str, str, str | None], list[dict[str, Any]]] = {}
    for one in worst_first:
        kinds.setdefault((one["muc_do"], one["ma"], one["nguon"]), []).append(one)
    rows = [
        (SEVERITIES[severity], code, source, len(group), group[0]["cach_sua"])
        for (severity, code, source), group in kinds.items()
    ]
    print_table(f"Phát hiện: {len(findings)}", ("Mức độ", "Mã", "Nguồn", "Số lượng", "Cách sửa"), rows, all_rows=True)
    places = [
        (one["muc_do"], one["ten_tep"], one["trang"], one["dong"], cut_remedy(one["dien_giai"], one["cach_sua"]))
        for one in worst_first
    ]
    print_table("Từng chỗ, nặng trước", ("Mức", "Tệp", "Trang", "Dòng", "Sai gì"), places)


def print_status(home: Home, unit: UnitSettings) -> None:
    """Deliveries, ages, last runs, published version, next deadlines; works on a home without a published version."""
    day = today()
    try:
        _print_published(home)
    except CommandError as nothing:
        typer.echo(str(nothing))
    _print_ages(home, unit.tuoi_nguon)
    _print_pulls(home, unit)
    _print_withdrawn(home)
    _print_waiting(home)
    for period in open_periods(day):
        typer.echo(say_deadline(period, unit.bao_cao.deadline(period), day))


def say_deadline(period: Period, send_by: date, day: date) -> str:
    """Say when a period's report is due, and the ministry's day too where the unit's own differs."""
    days = (send_by - day).days
    left = f"còn {days} ngày" if days >= 0 else f"đã quá {-days} ngày"
    general = "" if send_by == period.gui_truoc else f" (hạn chung {period.gui_truoc:%d/%m/%Y})"
    return f"Kỳ {period.key} ({period.ten}): gửi trước {send_by:%d/%m/%Y}{general}, {left}."


def _print_published(home: Home) -> None:
    _, deliveries = ask(
        home,
        "select nguon, ten_tep, ngay_xuat, so_dong_vao, so_dong_core, so_dong_thay_the, so_dong_loai"
        " from core.giao_nop order by nguon, ngay_xuat",
    )
    columns = ("Nguồn", "Tệp", "Ngày xuất", "Dòng vào", "Vào kho", "Thay thế", "Loại")
    print_table("Tệp đã nộp", columns, deliveries, all_rows=True)
    _, runs = ask(
        home,
        "select ky, ngay_chot, chinh_sach, thoi_diem, nguoi_chay, phien_ban, chinh_thuc from out.lan_chay"
        " order by thoi_diem desc limit 5",
    )
    columns = ("Kỳ", "Ngày chốt", "Chính sách", "Thời điểm", "Người chạy", "Phiên bản", "Chính thức")
    print_table("Các lần chạy gần nhất", columns, runs)
    for sent in read_sent_reports(home):
        typer.echo(
            f"Bản gửi kỳ {sent.ky}: {sent.said}, chốt số liệu {sent.ngay_chot:%d/%m/%Y}, cách tính {sent.chinh_sach}, "
            f"phiên bản {sent.phien_ban}; {sent.nguoi} chốt lúc {sent.thoi_diem:%d/%m/%Y %H:%M}."
        )
    typer.echo(f"Phiên bản công bố: {current_version(home)}")


def _print_ages(home: Home, ages: SourceAges) -> None:
    """How old each source is: what is delivered by now, also before the next run publishes it."""
    from assets.io.landing import read_every_passport
    from schemas.sources import load_sources

    passports = read_every_passport(home)
    newest = {one.nguon: one.ngay_xuat.date() for one in passports if one.rut is None}  # oldest first: the last stays
    withdrawn = {one.nguon for one in passports if one.rut is not None}
    rows = []
    for source, spec in load_sources().items():
        day = newest.get(source)
        age = max(0, (today() - day).days) if day else None
        rows.append(
            (source, spec.ten, day, age, ages.limit(source), ages.judge(source, age, withdrawn=source in withdrawn))
        )
    columns = ("Nguồn", "Tên", "Bản mới nhất", "Tuổi (ngày)", "Nhắc khi quá", "")
    print_table("Các nguồn", columns, rows, all_rows=True)


def _print_pulls(home: Home, unit: UnitSettings) -> None:
    """When each connector that is switched on last brought something, and why it last failed."""
    from assets.raw.pull_state import list_pulls

    rows = [
        (one.ten, one.nguon, one.last_success, one.count_days(today()), one.judge(today(), unit.tuoi_nguon))
        for one in list_pulls(home, unit.ket_noi)
    ]
    if rows:
        columns = ("Kết nối", "Cho nguồn", "Lần lấy được gần nhất", "Tuổi (ngày)", "")
        print_table("Các kết nối", columns, rows, all_rows=True)


def _print_withdrawn(home: Home) -> None:
    """Deliveries that were taken out again, straight from the passports: also before the next run publishes it."""
    from assets.io.landing import read_every_passport

    for one in read_every_passport(home):
        if one.rut is not None:
            when = datetime.fromisoformat(one.rut.luc)
            typer.echo(f"! Đã rút {one.ten_tep} (nguồn {one.nguon}) ngày {when:%d/%m/%Y}: {one.rut.ly_do}")


def _print_waiting(home: Home) -> None:
    """How many files wait in the inbox, and why refused ones do."""
    from assets.io.landing import list_inbox, read_refusals
    from schemas.sources import load_sources

    waiting = [path for source in load_sources() for path in list_inbox(home, source)]
    typer.echo(f"Đang chờ trong inbox: {len(waiting)} tệp.")
    for source in load_sources():
        for refusal in read_refusals(home, source).values():
            for finding in refusal.phat_hien:
                typer.echo(f"! {finding.dien_giai}")
