"""``cchc verify`` and ``cchc sources --explain``: what is in a file, without any home.

Belongs here: output of the two. Does not belong here: the audit (assets/audit), recognising sources (assets/raw).
"""

from __future__ import annotations

import json
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.show import print_table
from schemas.findings import SEVERITIES

if TYPE_CHECKING:
    from assets.audit import AuditFinding

_SHOWN_FINDINGS = 5
_LINE_WIDTH = 100  # characters of a line that is piped or kept in a log
_SHOWN_UNMAPPED = 20
_KINDS = {
    "xlsx": "bảng tính Excel",
    "xls": "bảng tính Excel đời cũ",
    "xlsb": "bảng tính Excel nhị phân",
    "ods": "bảng tính OpenDocument",
    "html": "trang web có bảng",
    "csv": "văn bản có cột (CSV)",
    "json": "JSON",
    "jsonl": "JSON từng dòng",
    "mhtml": "trang web lưu thành một tệp",
    "zip": "tệp nén zip",
    "gz": "tệp nén gz",
    "khong_ro": "không rõ loại",
}


def audit(file: Path) -> list[AuditFinding]:
    """Audit a finished report.

    Raises:
        CommandError: no such file (2), or it is no readable report (3).
    """
    from assets.audit import UnreadableReport, verify_file

    _need_file(file)
    try:
        return verify_file(file)
    except UnreadableReport as unreadable:
        raise CommandError(str(unreadable), Exit.NO_INPUT) from unreadable


def _need_file(file: Path) -> None:
    if not file.is_file():
        raise CommandError(f"Không có tệp {file}. Hãy kiểm tra đường dẫn.", Exit.USAGE)


def print_audit(file: Path, findings: list[AuditFinding], *, as_json: bool) -> None:
    """The findings as JSON objects or as a table."""
    from assets.audit import to_rows

    rows = to_rows(findings)
    if as_json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    if not findings:
        typer.echo(f"{file.name}: không phát hiện lỗi nào.")
        return
    shown = [(one.ma, _join_places(one.vi_tri), f"{one.ve_trai} ↔ {one.ve_phai}\n{one.dien_giai}") for one in findings]
    for severity, name in SEVERITIES.items():
        mine = [line for one, line in zip(findings, shown, strict=True) if one.muc_do == severity]
        if mine:
            title = f"{file.name}: {name.lower()} ({len(mine)})"
            print_table(title, ("Mã", "Vị trí", "Hai vế và diễn giải"), mine, all_rows=True, width=_LINE_WIDTH)


def _join_places(places: list[str]) -> str:
    """Name what places share once: "dòng 83, 85; bảng 3, dòng 14, 15"."""
    groups: dict[str, list[str]] = {}
    for place in places:
        shared, _, number = place.rpartition(" ")
        groups.setdefault(shared, []).append(number)
    return "; ".join(f"{shared} {', '.join(numbers)}".strip() for shared, numbers in groups.items())


def write_audit_workbook(file: Path, findings: list[AuditFinding], target: Path, day: date) -> None:
    """The findings as a workbook."""
    from assets.io.sheets import SheetTable, write_table
    from schemas.document import ThuocTinh

    table = SheetTable(
        "Kiểm tra báo cáo",
        [f"KẾT QUẢ KIỂM TRA {file.name}"],
        ["Mức độ", "Mã", "Vị trí", "Vế trái", "Vế phải", "Diễn giải", "Trích"],
        [
            (SEVERITIES[one.muc_do], one.ma, "; ".join(one.vi_tri), one.ve_trai, one.ve_phai, one.dien_giai, one.trich)
            for one in findings
        ],
        (14, 8, 30, 22, 22, 80, 60),
    )
    properties = ThuocTinh(
        tieu_de=f"Kiểm tra {file.name}", chu_de="Kiểm tra báo cáo", tu_khoa="cchc verify", tac_gia="cchc", ngay=day
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    write_table(target, [table], properties)


def explain_file(file: Path, *, as_json: bool) -> None:
    """Say which source a file is taken for, why, and how its columns map."""
    from assets.io.workbook import UnreadableFile
    from assets.raw.explain import explain

    _need_file(file)
    try:
        told: dict[str, Any] = explain(file)
    except UnreadableFile as unreadable:
        raise CommandError(unreadable.finding.dien_giai, Exit.NO_INPUT) from unreadable
    if as_json:
        json.dump(told, sys.stdout, ensure_ascii=False, indent=1, default=str)
        sys.stdout.write("\n")
        return
    _tell(file, told)


def _say_unmapped(titles: list[str]) -> str:
    """How many titles nobody reads, the first of them, wrapped to a line that people read."""
    left = len(titles) - _SHOWN_UNMAPPED
    shown = "; ".join(titles[:_SHOWN_UNMAPPED]) + (f"; … và {left} tiêu đề khác (--json nêu đủ)" if left > 0 else "")
    head = f"{len(titles)} tiêu đề không nhận ra, không được đọc:"
    return "\n".join([head, *textwrap.wrap(shown, _LINE_WIDTH, initial_indent="  ", subsequent_indent="  ")])


def _tell(file: Path, told: dict[str, Any]) -> None:
    """The explanation for people: the source and why, each sheet's columns, what nobody reads, first findings."""
    from schemas.sources import load_sources
    from schemas.wording import say_column

    source = load_sources().get(told["nguon"]) if told["nguon"] else None
    typer.echo(f"Tệp: {file.name} ({_KINDS.get(told['loai_tep'], told['loai_tep'])})")
    refused = any(one["muc_do"] == "E" for one in told["phat_hien"])
    advice = "" if refused else f", thả vào inbox/{source.ma}" if source else ""
    typer.echo(f"Nguồn: {source.ma} ({source.ten}){advice}" if source else "Nguồn: không nhận ra")
    typer.echo(f"Vì sao: {told['vi_sao']}")
    for sheet in told["cac_trang"]:
        typer.echo("")
        rows = [
            (
                title,
                ", ".join(map(say_column, fields.split(", "))),
                fields,
            )
            for title, fields in sheet["cot"].items()
        ]
        place = f"tiêu đề ở dòng {sheet['dong_tieu_de']}" if sheet["dong_tieu_de"] else "tiêu đề là các khóa JSON"
        heading = (
            f"Trang “{sheet['trang']}”: {place}, "
            f"{'chưa đọc dòng nào' if refused else str(sheet['so_dong']) + ' dòng dữ liệu'}, "
            f"{sheet['cot_ca_nhan']} cột cá nhân hoặc chữ tự do bỏ lại ở cửa"
        )
        print_table(heading, ("Tiêu đề trong tệp", "Được hiểu là", "Cột trong kho"), rows, all_rows=True)
        if sheet["khong_nhan_ra"]:
            typer.echo(_say_unmapped(sheet["khong_nhan_ra"]))
    if not told["phat_hien"]:
        typer.echo("Không có phát hiện nào.")
        return
    typer.echo("Phát hiện đầu tiên:")
    for one in told["phat_hien"][:_SHOWN_FINDINGS]:
        typer.echo(f"- {SEVERITIES[one['muc_do']]}: {one['dien_giai']}")
    if len(told["phat_hien"]) > _SHOWN_FINDINGS:
        typer.echo(f"… còn {len(told['phat_hien']) - _SHOWN_FINDINGS} phát hiện; thêm --json để xem tất cả.")
