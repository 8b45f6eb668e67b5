"""Originals leave after the retention period; what proves the numbers stays."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import polars as pl

from assets.io.home import Home
from assets.io.landing import (
    Passport,
    Refusal,
    Withdrawal,
    hash_file,
    is_passing,
    list_inbox,
    mark_withdrawn,
    purge_originals,
    read_every_passport,
    read_passports,
    read_raw,
    store_delivery,
    write_refusals,
)
from assets.raw.ingest import ingest_source
from schemas.sources import load_sources

OLD, NEW = datetime(2024, 1, 5), datetime(2026, 6, 23)  # noqa: DTZ001 - local time


def make_home(root: Path) -> Home:
    home = Home(root)
    home.prepare(("mot_cua",))
    return home


def drop(home: Home, name: str, moment: datetime) -> Path:
    path = home.inbox / "mot_cua" / name
    path.write_bytes(name.encode())
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def store(home: Home, name: str, moment: datetime) -> Path:
    path = drop(home, name, moment)
    sha256 = hash_file(path)
    passport = Passport("mot_cua", name, sha256, path.stat().st_size, moment, "ten_tep", {"ho_so": 1})
    store_delivery(home, path, passport, {"ho_so": pl.DataFrame({"ma_ho_so": ["A"]})})
    kept = home.landing / "mot_cua" / sha256 / name
    os.utime(kept.parent, (moment.timestamp(), moment.timestamp()))
    return kept


def test_originals_past_the_retention_period_go_and_passports_stay(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    old, new = store(home, "cu.xlsx", OLD), store(home, "moi.xlsx", NEW)
    removed = purge_originals(home, datetime(2025, 1, 1))  # noqa: DTZ001
    assert removed == [str(old.relative_to(tmp_path))]
    assert not old.exists()
    assert new.exists()
    assert [one.ten_tep for one in read_passports(home)] == ["cu.xlsx", "moi.xlsx"]


def test_only_refused_files_are_purged_from_the_inbox(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    refused, waiting = drop(home, "tu-choi.xlsx", OLD), drop(home, "dang-cho.xlsx", OLD)
    sha256 = hash_file(refused)
    write_refusals(home, "mot_cua", {sha256: Refusal(refused.name, sha256, "q", ())})
    purge_originals(home, datetime(2025, 1, 1))  # noqa: DTZ001
    assert not refused.exists()
    assert waiting.exists()


def test_an_ingested_original_leaves_the_inbox_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    kept = store(home, "danh-sach.xlsx", NEW)
    assert list_inbox(home, "mot_cua") == []
    assert kept.stat().st_mode & 0o777 == 0o600
    assert home.landing.stat().st_mode & 0o777 == 0o700


def test_files_of_editors_and_unfinished_copies_are_no_deliveries() -> None:
    names = ("~$danh-sach.xlsx", ".an", "a.part", "b.crdownload", "Thumbs.db")
    assert all(is_passing(Path(name)) for name in names)
    assert not is_passing(Path("danh-sach.xlsx"))


def test_a_withdrawn_delivery_does_not_count_and_its_bytes_are_refused_until_it_is_taken_back(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    store(home, "sai.xlsx", OLD)
    store(home, "dung.xlsx", NEW)
    (wrong,) = [one for one in read_passports(home) if one.ten_tep == "sai.xlsx"]
    mark_withdrawn(home, wrong, Withdrawal("xuất nhầm đơn vị", "2026-06-24T08:00:00", "văn phòng"))
    assert [one.ten_tep for one in read_passports(home)] == ["dung.xlsx"]
    assert [passport.ten_tep for passport, _ in read_raw(home, "ho_so")] == ["dung.xlsx"]

    again = home.inbox / "mot_cua" / "gửi lại.xlsx"
    again.write_bytes(b"sai.xlsx")  # the content that store() gave it
    (refusal,) = ingest_source(home, load_sources()["mot_cua"]).tu_choi
    assert again.exists()
    assert [one.ma for one in refusal.phat_hien] == ["TEP_DA_RUT"]
    assert "24/06/2026 (lý do: xuất nhầm đơn vị)" in refusal.phat_hien[0].dien_giai

    (marked,) = [one for one in read_every_passport(home) if one.rut is not None]
    mark_withdrawn(home, marked, None)
    assert [one.ten_tep for one in read_passports(home)] == ["sai.xlsx", "dung.xlsx"]
    assert ingest_source(home, load_sources()["mot_cua"]).da_co == ["gửi lại.xlsx"]
    assert not again.exists()
