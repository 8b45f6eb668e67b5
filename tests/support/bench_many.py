"""``python -m tests.support.bench_many [COUNT]``: time and memory of one run over many dossiers of two systems.

Belongs here: writing the lists and measuring the run. Not here: the dossiers (layouts), a limit that fails a test, the
demo's speed (bench). The first list holds every dossier, a newer one a twentieth of them again, and the national list a
tenth under codes of its own, joined by a column of the first.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.support.bench import CCHC
from tests.support.layouts import COUNTER, Dossier, build_dossiers
from tests.support.layouts_tables import STATUS_WORDS

DEFAULT = 200_000
_LIST = (
    "Mã hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Đơn vị tiếp nhận", "Ngày tiếp nhận", "Ngày hẹn trả",
    "Ngày kết thúc xử lý", "Trạng thái", "Phí (VNĐ)", "Lệ phí (VNĐ)", "File kết quả", "Mã hồ sơ quốc gia",
)  # fmt: skip
_NATIONAL = (
    "MaHoSo", "MaTTHC", "TenTTHC", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "TrangThaiHoSo", "DonViXuLy"
)  # fmt: skip


def _name_nationally(dossier: Dossier) -> str:
    return dossier.code.replace("H24.150", "G09.20")


def _list_row(one: Dossier) -> list[object]:
    ended = f"{one.ended:%d/%m/%Y}" if one.ended else ""
    return [
        one.code, one.procedure, one.name, one.field, COUNTER, f"{one.received:%d/%m/%Y %H:%M:%S}",
        f"{one.due:%d/%m/%Y}", ended, STATUS_WORDS[one.status], one.fee, one.charge, "x" if one.has_result else "",
        _name_nationally(one),
    ]  # fmt: skip


def _national_row(one: Dossier) -> list[object]:
    ended = f"{one.ended:%Y%m%d%H%M%S}" if one.ended else ""
    received, due = f"{one.received:%Y%m%d%H%M%S}", f"{one.due:%Y%m%d%H%M%S}"
    return [_name_nationally(one), one.procedure, one.name, received, due, ended, one.status, COUNTER]


def _write(path: Path, titles: Iterable[str], rows: Iterable[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(titles)
        writer.writerows(rows)


def write_lists(home: Path, count: int) -> None:
    """Write the three lists of ``count`` dossiers into the inbox of a home."""
    dossiers = build_dossiers(count)
    inbox = home / "inbox"
    _write(inbox / "mot_cua" / "danh-sach-2026-06-23.csv", _LIST, map(_list_row, dossiers))
    _write(inbox / "mot_cua" / "danh-sach-2026-06-24.csv", _LIST, map(_list_row, dossiers[::20]))
    _write(inbox / "dvcqg" / "dong-bo-2026-06-24.csv", _NATIONAL, map(_national_row, dossiers[::10]))


def main() -> None:
    """Measure one run in a process of its own and print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        write_lists(home, count)
        command = [CCHC, "run", "--home", str(home), "--period", "2026-6T", "--cutoff", "2026-06-09"]
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begun
        if status:
            raise SystemExit(f"failed: {command}")
        asked = "select count(*), (select count(*) from core.ho_so_ban) from core.ho_so"
        shown = subprocess.run([CCHC, "query", "--home", str(home), asked, "--csv"], capture_output=True, text=True)
    dossiers, rows = shown.stdout.splitlines()[1].split(",")
    sys.stdout.write(
        f"{dossiers} dossiers of {rows} rows: {took:.1f} s, processor {usage.ru_utime + usage.ru_stime:.1f} s,"
        f" {usage.ru_maxrss / 1024:.0f} MiB\n"
    )


if __name__ == "__main__":
    main()
