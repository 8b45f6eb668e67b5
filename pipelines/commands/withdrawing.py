"""``cchc withdraw``: take a wrong delivery out of what counts, or back in.

Belongs here: finding the delivery that the officer means, wording. Does not belong here: the mark itself
(assets/io/landing) and what follows from it (the next rebuild).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from pathlib import Path

import typer

from assets.io.home import Home
from assets.io.landing import Passport, Withdrawal, hash_file, mark_withdrawn, read_every_passport, read_passports
from pipelines.commands.deeds import do_on_record
from pipelines.commands.errors import CommandError, Exit

_HASH = re.compile(r"[0-9a-f]{8,64}")


def withdraw(home: Home, named: str, reason: str, who: str, moment: datetime) -> None:
    """Mark a delivery as withdrawn; the next rebuild leaves its rows out.

    Args:
        home: the home.
        named: name or path of the delivered file, or at least 8 digits of its sha256.
        reason: why.
        who: name of an office or post, else the login.
        moment: the present moment, local time.

    Raises:
        CommandError: no reason, or one that holds a person's number; not one delivery of that name (2); locked (4); a
            broken journal (1).
    """
    if not any(map(str.isalpha, reason)):  # blanks, dashes: nobody learns why
        raise CommandError('Hãy ghi lý do rút tệp: --reason "xuất nhầm đơn vị".', Exit.USAGE)
    passport = _find(home, named, withdrawn=False)
    _mark(home, passport, Withdrawal(reason.strip(), moment.isoformat(), who), who, moment)
    typer.echo(f"Đã rút {_describe(passport)}.")
    typer.echo(
        "Số liệu đã công bố chưa đổi: lần chạy tới (cchc run) mới bỏ các dòng của tệp này; hồ sơ có trong bản nộp"
    )
    typer.echo("khác trở về dòng mới nhất của bản đó. Dùng lại tệp này: cchc withdraw … --undo.")
    if "ho_so" in passport.so_dong and not any("ho_so" in one.so_dong for one in read_passports(home)):
        typer.echo("! Không còn danh sách hồ sơ nào khác: cchc run sẽ dừng (mã 3) cho đến khi nộp danh sách đúng.")


def take_back(home: Home, named: str, who: str, moment: datetime) -> None:
    """Undo a withdrawal; the arguments are those of ``withdraw``.

    Raises:
        CommandError: not one withdrawn delivery of that name, or its content counts under another source (2);
            locked (4); a broken journal (1).
    """
    passport = _find(home, named, withdrawn=True)
    others = [one.nguon for one in read_passports(home) if one.sha256 == passport.sha256]
    if others:
        raise CommandError(f"Nội dung tệp này đang được dùng ở nguồn {others[0]}; hãy rút bản đó trước.", Exit.USAGE)
    _mark(home, passport, None, who, moment)
    typer.echo(f"Dùng lại {_describe(passport)}. Lần chạy tới (cchc run) sẽ tính các dòng của tệp này.")


def _mark(home: Home, passport: Passport, mark: Withdrawal | None, who: str, moment: datetime) -> None:
    deed = "rut_tep" if mark else "dung_lai_tep"
    what = {"nguon": passport.nguon, "ten_tep": passport.ten_tep, "sha256": passport.sha256}
    why = {"ly_do": mark.ly_do} if mark else {}
    do_on_record(
        home, moment, who, "cchc withdraw", deed, {**what, **why}, lambda: mark_withdrawn(home, passport, mark)
    )


def _find(home: Home, named: str, *, withdrawn: bool) -> Passport:
    passports = read_every_passport(home) if home.root.is_dir() else []
    found = _match(passports, named)
    fitting = [one for one in found if (one.rut is not None) is withdrawn]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        lines = "".join(f"\n- {one.sha256[:12]}: {_describe(one)}" for one in fitting)
        raise CommandError(f"Có {len(fitting)} tệp khớp “{named}”; hãy ghi mã sha256 thay cho tên:{lines}", Exit.USAGE)
    if found and found[0].rut is not None:
        when = datetime.fromisoformat(found[0].rut.luc)
        raise CommandError(
            f"Tệp “{named}” đã rút ngày {when:%d/%m/%Y} (lý do: {found[0].rut.ly_do}). Muốn dùng lại, thêm --undo.",
            Exit.USAGE,
        )
    if found:
        raise CommandError(f"Tệp “{named}” chưa bị rút nên không có gì để dùng lại.", Exit.USAGE)
    raise CommandError(
        f"Không có tệp đã nhận nào khớp “{named}”. Xem tên tệp: cchc status. Tệp còn trong inbox thì chỉ cần xóa đi.",
        Exit.USAGE,
    )


def _match(passports: list[Passport], named: str) -> list[Passport]:
    """Deliveries of that content, else of that name, else whose hash begins so."""
    path = Path(named)
    if path.is_file():
        sha256 = hash_file(path)
        if found := [one for one in passports if one.sha256 == sha256]:
            return found
    name = unicodedata.normalize("NFC", path.name)
    if found := [one for one in passports if unicodedata.normalize("NFC", one.ten_tep) == name]:
        return found
    prefix = named.strip().lower()
    return [one for one in passports if one.sha256.startswith(prefix)] if _HASH.fullmatch(prefix) else []


def _describe(one: Passport) -> str:
    rows = f"{sum(one.so_dong.values()):,}".replace(",", ".")
    return f"tệp “{one.ten_tep}” (nguồn {one.nguon}, xuất {one.ngay_xuat:%d/%m/%Y}, {rows} dòng)"
