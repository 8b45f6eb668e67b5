"""``cchc finalize``: freezes the report that is sent under its number and date, or takes that back.

Belongs here: what must hold before, the lock, the journal, what is said. Does not belong here: writing the version
(assets/out/finalize), what the record means (schemas/sent).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from pydantic import JsonValue

from assets.io.home import Home, HomeIsLocked, HomeIsNewer, hold_lock
from assets.io.journal import append_entry, read_journal, say_broken
from assets.out.finalize import NoOfficialReport, OfficialReport, freeze, open_official, unfreeze
from assets.out.sent import find_sent, read_sent
from pipelines.clock import now
from pipelines.commands.deeds import name_doer, need_no_person
from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.running import close_killed, need_libreoffice
from pipelines.requests import DEMO_MARK
from pipelines.settings import Settings
from schemas.rules.display import format_date
from schemas.rules.periods import Period, parse_period
from schemas.sent import SentReport, find_fault
from schemas.waivers import is_reason

_COMMAND = "cchc finalize"


@dataclass(frozen=True, slots=True)
class SendOptions:
    """What ``cchc finalize`` was asked for."""

    ky: str
    so: int
    ngay: date
    nguoi: str | None = None
    pdf: bool = False
    loi_van_o_word: bool = False


def finalize(settings: Settings, options: SendOptions) -> list[str]:
    """Freeze the period's official report.

    Returns:
        What was done, line by line, for the terminal.

    Raises:
        CommandError: open errors, a section that nobody wrote, a cited document of a later day or a broken journal (1);
            a wrong number or date, or a record in force (2); no official report that stands (3); home locked (4).
    """
    period, nguoi = _find_period(options.ky), _name_officer(options.nguoi)
    if options.pdf:
        need_libreoffice()
    with _hold(settings.place) as home:
        there = find_sent(read_sent(home), period.key)
        if there is not None:
            raise CommandError(
                f"Kỳ {period.key} đã chốt bản gửi {there.said}. Muốn chốt lại, hãy hủy trước: {_COMMAND} --undo "
                f'--home {home.root} --period {period.key} --reason "lý do".',
                Exit.USAGE,
            )
        sample = (home.root / DEMO_MARK).is_file()
        try:
            official = open_official(home, period, moment=now(), nguoi=nguoi, la_so_lieu_mau=sample, pdf=options.pdf)
        except NoOfficialReport as missing:
            raise CommandError(str(missing), Exit.NO_INPUT) from missing
        fault = find_fault(options.so, options.ngay, official.request.ngay_chot, now().date())
        if fault:
            raise CommandError(fault, Exit.USAGE)
        if later := official.name_later_documents(options.ngay):
            raise CommandError(
                f"Báo cáo ký ngày {format_date(options.ngay)} không thể viện dẫn văn bản ban hành sau ngày đó: "
                f"{'; '.join(later)}. Hãy xem lại --date, hoặc sửa trang “Văn bản” của bảng nhập tay rồi chạy lại.",
                Exit.BLOCKING,
            )
        blank = official.list_blank_sections()
        if blank and not options.loi_van_o_word:
            raise CommandError(
                f"Báo cáo còn {len(blank)} mục chưa có lời văn, in dấu “…”: {', '.join(blank)}. Hãy điền trang "
                "“Đoạn văn” của bảng nhập tay rồi chạy lại; lời văn viết trong Word thì thêm --text-in-word.",
                Exit.BLOCKING,
            )
        if official.open_errors:
            raise CommandError(_say_open(home, official), Exit.BLOCKING)
        sent, documents = freeze(home, settings.unit, settings.template, official, options.so, options.ngay)
        _write_down(home, sent, nguoi, "chot", {})
    return _say_frozen(home, sent, documents)


def undo(settings: Settings, ky: str, ly_do: str, nguoi: str | None) -> list[str]:
    """Take the period's record back; the next run replaces the report again.

    Returns:
        What was done, for the terminal.

    Raises:
        CommandError: a broken journal (1), no record in force or no reason (2), home locked (4).
    """
    period = _find_period(ky)
    if not is_reason(ly_do):
        raise CommandError(
            'Hãy ghi lý do hủy thành câu, ví dụ --reason "Cơ quan cấp trên yêu cầu sửa số liệu".', Exit.USAGE
        )
    who = _name_officer(nguoi)
    need_no_person(ly_do)
    with _hold(settings.place) as home:
        sent = find_sent(read_sent(home), period.key)
        if sent is None:
            raise CommandError(f"Kỳ {period.key} không có bản gửi nào đang có hiệu lực để hủy.", Exit.USAGE)
        unfreeze(home, period.key, settings.unit.quy_tac.giu_phien_ban)
        _write_down(home, sent, who, "huy_chot", {"ly_do": ly_do.strip()})
    return [
        f"Đã hủy chốt bản gửi {sent.said} của kỳ {period.key} và ghi vào nhật ký. "
        f"Tệp trong {home.reports / period.key} còn ghi số cũ đến lần chạy tới; lần đó thay báo cáo như trước khi chốt."
    ]


def _name_officer(nguoi: str | None) -> str:
    """Who does it: the name typed in, else the login."""
    who = name_doer(nguoi)
    need_no_person(who)
    return who


def _find_period(ky: str) -> Period:
    try:
        return parse_period(ky)
    except ValueError as unknown:  # UnknownPeriod: speaks to the officer
        raise CommandError(str(unknown), Exit.USAGE) from unknown


@contextmanager
def _hold(home: Home) -> Iterator[Home]:
    """The home, locked, with a published version and a whole journal."""
    if not home.current.exists():
        raise CommandError(f"Thư mục {home.root} chưa công bố số liệu nào. Hãy chạy cchc run trước.", Exit.NO_INPUT)
    try:
        home.prepare()
        with hold_lock(home, str(uuid4())) as killed:
            if killed:
                close_killed(home, killed)
            chain = read_journal(home)
            if chain.broken_line is not None:
                raise CommandError(say_broken(home, chain), Exit.BLOCKING)
            yield home
    except HomeIsLocked as busy:
        raise CommandError(str(busy), Exit.LOCKED) from busy
    except HomeIsNewer as newer:
        raise CommandError(str(newer), Exit.USAGE) from newer


def _write_down(home: Home, sent: SentReport, nguoi: str, viec: str, more: dict[str, JsonValue]) -> None:
    """Journal the deed, after the version was switched: a deed that a power cut undid must not stand there."""
    deed: dict[str, JsonValue] = {
        "ky": sent.ky,
        "so": sent.so,
        "ngay": sent.ngay.isoformat(),
        "ngay_chot": sent.ngay_chot.isoformat(),
        "chinh_sach": sent.chinh_sach,
        "phien_ban": sent.phien_ban,
    }
    append_entry(home, now(), nguoi=nguoi, lenh=_COMMAND, viec=viec, noi_dung=deed | more)


def _say_open(home: Home, official: OfficialReport) -> str:
    request, errors = official.request, official.open_errors
    listed = "".join(f"\n- {code}: {text}" for code, text in errors)
    return (
        f"Kỳ {request.ky.key} còn {len(errors)} lỗi mức E chưa ai chấp nhận nên chưa chốt được:{listed}\n"
        "Hãy sửa tại nguồn rồi chạy lại, hoặc người có thẩm quyền chấp nhận từng mã: "
        f"cchc waive --home {home.root} --period {request.ky.key} --cutoff {request.ngay_chot.isoformat()} "
        f'--policy {request.chinh_sach} --check {errors[0][0]} --by "tên đầy đủ, chức vụ" --reason "lý do".'
    )


def _say_frozen(home: Home, sent: SentReport, documents: dict[str, str]) -> list[str]:
    folder: Path = home.reports / sent.ky
    lines = [
        f"Đã chốt bản gửi {sent.said} của kỳ {sent.ky}: chốt số liệu {sent.ngay_chot:%d/%m/%Y}, cách tính "
        f"{sent.chinh_sach}, phiên bản {sent.phien_ban}.",
        *(f"  {folder / name}" for name in sorted(documents.values())),
    ]
    lines += [
        f"! Có người đã sửa {source}; bản đó giữ nguyên, không mang số, ngày. Bản có số, ngày là {name}: hãy chép "
        "phần đã sửa sang bản này rồi gửi."
        for source, name in sorted(documents.items())
        if source != name and (folder / source).exists()
    ]
    return [*lines, "Các lần chạy sau của kỳ ghi tài liệu vào thư mục bo-sung bên cạnh; bản gửi giữ nguyên."]
