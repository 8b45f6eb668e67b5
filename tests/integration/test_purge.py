"""``cchc purge``: what is past its retention goes, on record; numbers and their way back stay."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from assets.io.home import Home
from assets.io.journal import read_journal
from pipelines.clock import now
from tests.support import demo_data, homes


def age(home: Path, source: str, days: int) -> None:
    """Pretend that the originals of a source were stored so many days ago."""
    moment = (now() - timedelta(days=days)).timestamp()
    for folder in (home / "landing" / source).iterdir():
        os.utime(folder, (moment, moment))


def list_originals(home: Path) -> list[str]:
    return sorted(path.parent.parent.name for path in homes.list_files(home / "landing"))


def test_only_what_is_too_old_goes_and_the_journal_says_so(own_home: Path) -> None:
    age(own_home, "mot_cua", 40)
    age(own_home, "pakn", 20)
    values = homes.read_values(own_home)
    assert list_originals(own_home) == ["mot_cua", "nhap_tay", "pakn", "tthc"]

    nothing = homes.cchc("purge", "--home", own_home)  # the shipped retention is two years
    assert (nothing.code, "không xóa gì" in nothing.out) == (0, True)
    shown = homes.cchc("purge", "--home", own_home, "--older-than", "30", "--dry-run")
    assert (shown.code, demo_data.MOT_CUA.name in shown.out, "Sẽ xóa 1 tệp" in shown.out) == (0, True, True), shown.said
    assert list_originals(own_home) == ["mot_cua", "nhap_tay", "pakn", "tthc"]
    assert read_journal(Home(own_home)).entries == ()

    done = homes.cchc("purge", "--home", own_home, "--older-than", "30", "--by", "văn phòng")
    assert (done.code, "Đã xóa 1 tệp" in done.out) == (0, True), done.said
    assert list_originals(own_home) == ["nhap_tay", "pakn", "tthc"]
    (entry,) = read_journal(Home(own_home)).entries
    limit = (now() - timedelta(days=30)).date().isoformat()
    assert (entry.viec, entry.nguoi) == ("don_ban_goc", "văn phòng")
    assert entry.noi_dung == {"luu_truoc": limit, "so_tep": 1, "theo_nguon": {"mot_cua": 1}}

    homes.run_period(own_home)
    assert homes.read_values(own_home) == values


def test_a_home_that_is_busy_is_left_alone(own_home: Path) -> None:
    from assets.io.home import hold_lock

    age(own_home, "mot_cua", 40)
    with hold_lock(Home(own_home), "khác"):
        busy = homes.cchc("purge", "--home", own_home, "--older-than", "30")
    assert busy.code == 4, busy.said
    assert list_originals(own_home) == ["mot_cua", "nhap_tay", "pakn", "tthc"]
